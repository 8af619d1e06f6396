//! People: whose phones rang, who took, who let it ring, who called out and back.

use std::collections::BTreeMap;

use crate::app::App;
use crate::app::desk::counted::End;
use crate::app::reports::ask::{Ask, Asked};
use crate::domain::report::{PeopleReport, Period, PersonFigures, PersonReportRow, percentile};
use crate::domain::rung;
use crate::error::Result;
use crate::store::tables::{call_figures, missed_episodes};
use crate::store::tx::Tx;

const STRETCH_MS: i64 = 24 * 3_600_000;

/// # Errors
/// `Invalid`.
pub async fn report(app: &App, ask: Ask) -> Result<PeopleReport> {
    let asked = ask.decide(&app.directory().await?, app.clock.now_ms())?;
    app.store.list(move |tx| make(tx, &asked)).await
}

fn make(tx: &mut Tx, asked: &Asked) -> Result<PeopleReport> {
    let compared = asked.compared();
    let mut now = count(tx, asked, asked.period)?;
    let mut before = match compared {
        Some(period) => Some(count(tx, asked, period)?),
        None => None,
    };
    let mut ids: Vec<String> = now.keys().chain(before.iter().flat_map(|before| before.keys())).cloned().collect();
    ids.sort_unstable();
    ids.dedup();
    let row = |id: String| {
        let query = ["rang", "out"].map(|figure| ("figure", figure.to_owned()));
        Some(PersonReportRow {
            user: asked.directory.user_ref(&id)?.clone(),
            query: asked.query(&[&[("person", id.clone())], &query[..]].concat()),
            figures: now.remove(&id).unwrap_or_default(),
            before: before.as_mut().map(|before| before.remove(&id).unwrap_or_default()),
            key: id,
        })
    };
    let mut rows: Vec<_> = ids.into_iter().filter_map(row).collect();
    // Nobody is ranked.
    rows.sort_by_cached_key(|row| (row.user.name.to_lowercase(), row.key.clone()));
    let Period { from, to } = asked.period;
    Ok(PeopleReport { from, to, zone: asked.zone_name.clone(), compared, rows })
}

#[derive(Default)]
struct Tally {
    figures: PersonFigures,
    pickups_s: Vec<i64>,
}

fn count(tx: &mut Tx, asked: &Asked, Period { from, to }: Period) -> Result<BTreeMap<String, PersonFigures>> {
    let mut people: BTreeMap<String, Tally> = BTreeMap::new();
    let is_asked = |line: Option<&str>, at_ms| asked.is_asked(line, asked.users.first().map(String::as_str), at_ms);
    let mut from_ms = from.0;
    while from_ms < to.0 {
        let to_ms = to.0.min(from_ms + STRETCH_MS);
        for call in call_figures::list(tx, from_ms, to_ms)? {
            let row = call.row;
            if !is_asked(row.line.as_deref(), row.started_ms) {
                continue;
            }
            for leg in rung::from_text(&row.legs) {
                let is_ignored = leg.is_ignored(&row.state);
                let one = people.entry(leg.user_id).or_default();
                one.figures.rang += 1;
                one.figures.took += i64::from(leg.took_s.is_some());
                one.figures.ignored += i64::from(is_ignored);
                one.pickups_s.extend(leg.took_s);
            }
            let Some(user_id) = row.user_id else { continue };
            let one = people.entry(user_id).or_default();
            one.figures.out += i64::from(row.direction == "out");
            one.figures.talk_s += row.talk_s;
            one.figures.without_outcome += i64::from(row.state == "answered" && row.outcome.is_empty());
        }
        from_ms = to_ms;
    }
    for episode in missed_episodes::list(tx, from.0, to.0)? {
        let End::CalledBack { is_in_time } = End::of(&asked.directory.settings, &episode) else { continue };
        if let Some(user_id) = &episode.end_user
            && is_asked(episode.line.as_deref(), episode.first_ms)
        {
            let one = people.entry(user_id.clone()).or_default();
            one.figures.callbacks += 1;
            one.figures.in_time += i64::from(is_in_time);
        }
    }
    people.retain(|id, _| asked.users.is_empty() || asked.users.contains(id));
    let told = |mut one: Tally| PersonFigures { pickup_p50_s: percentile(&mut one.pickups_s, 50), ..one.figures };
    Ok(people.into_iter().map(|(id, one)| (id, told(one))).collect())
}
