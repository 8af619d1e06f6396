//! Counting, call by call.

use crate::app::desk::counted::End;
use crate::domain::counted_day::{Client, CountedCall, CountedWait};
use crate::domain::report::{CallFigures, percentile};

/// What was counted so far.
#[derive(Default)]
pub struct Tally {
    pub figures: CallFigures,
    waits_s: Vec<i64>,
    callbacks_s: Vec<i64>,
    clients: Vec<Client>,
}

impl Tally {
    pub fn call(&mut self, call: &CountedCall) {
        self.figures.calls += 1;
        self.figures.answered += i64::from(call.is_answered);
        self.figures.missed += i64::from(call.is_missed);
        self.figures.talk_s += i64::from(call.talk_s);
        self.figures.new_clients += i64::from(call.is_new);
        if call.is_answered {
            self.waits_s.extend(call.wait_s.map(i64::from));
        }
        self.clients.push(call.client);
    }

    pub fn wait(&mut self, end: End, wait: &CountedWait) {
        match end {
            End::CalledBack { is_in_time } => {
                self.figures.called_back += 1;
                self.figures.in_time += i64::from(is_in_time);
                let after_s = wait.end.as_ref().map(|end| i64::try_from(end.after_ms / 1000).unwrap_or(i64::MAX));
                self.callbacks_s.extend(after_s);
            }
            End::RangAgain => self.figures.rang_again += 1,
            End::Waiting => self.figures.waiting += 1,
        }
    }

    pub fn figures(mut self) -> CallFigures {
        self.clients.sort_unstable();
        self.clients.dedup();
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
