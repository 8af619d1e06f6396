//! Counting, call by call.

use std::collections::HashSet;

use crate::app::desk::counted::End;
use crate::domain::report::{CallFigures, percentile};
use crate::domain::settings::Settings;
use crate::store::tables::call_figures::Counted;
use crate::store::tables::missed_episodes::EpisodeRow;

/// What was counted so far.
#[derive(Default)]
pub struct Tally {
    figures: CallFigures,
    waits_s: Vec<i64>,
    callbacks_s: Vec<i64>,
    clients: HashSet<String>,
}

impl Tally {
    pub fn call(&mut self, Counted { row, is_new }: &Counted) {
        self.figures.calls += 1;
        self.figures.answered += i64::from(row.state == "answered");
        self.figures.missed += i64::from(row.state == "missed");
        self.figures.talk_s += row.talk_s;
        self.figures.new_clients += i64::from(*is_new);
        if row.state == "answered" {
            self.waits_s.extend(row.wait_s);
        }
        if !self.clients.contains(&row.phone) {
            self.clients.insert(row.phone.clone());
        }
    }

    pub fn episode(&mut self, settings: &Settings, row: &EpisodeRow) {
        match End::of(settings, row) {
            End::CalledBack { is_in_time } => {
                self.figures.called_back += 1;
                self.figures.in_time += i64::from(is_in_time);
                self.callbacks_s.extend(row.end_ms.map(|end_ms| (end_ms - row.first_ms) / 1000));
            }
            End::RangAgain => self.figures.rang_again += 1,
            End::Waiting => self.figures.waiting += 1,
        }
    }

    pub fn figures(mut self) -> CallFigures {
        CallFigures {
            clients: i64::try_from(self.clients.len()).unwrap_or(i64::MAX),
            wait_p50_s: percentile(&mut self.waits_s, 50),
            wait_p90_s: percentile(&mut self.waits_s, 90),
            callback_p50_s: percentile(&mut self.callbacks_s, 50),
            callback_p90_s: percentile(&mut self.callbacks_s, 90),
            ..self.figures
        }
    }
}
