//! People: whose phones rang, who took, who let it ring, who called out and back.

use std::collections::BTreeMap;

use crate::app::App;
use crate::app::desk::counted::End;
use crate::app::reports::ask::{Ask, Asked};
use crate::app::reports::days;
use crate::app::reports::sieve::Sieve;
use crate::domain::report::{PeopleReport, Period, PersonFigures, PersonReportRow, percentile};
use crate::error::Result;
use crate::store::tx::Tx;

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

impl Tally {
    fn add(&mut self, day: Self) {
        self.figures.rang += day.figures.rang;
        self.figures.took += day.figures.took;
        self.figures.ignored += day.figures.ignored;
        self.figures.out += day.figures.out;
        self.figures.talk_s += day.figures.talk_s;
        self.figures.callbacks += day.figures.callbacks;
        self.figures.in_time += day.figures.in_time;
        self.figures.without_outcome += day.figures.without_outcome;
        self.pickups_s.extend(day.pickups_s);
    }
}

fn count(tx: &mut Tx, asked: &Asked, period: Period) -> Result<BTreeMap<String, PersonFigures>> {
    let mut people: BTreeMap<String, Tally> = BTreeMap::new();
    let mut sieve = Sieve::new(asked, period);
    days::each(tx, period, |starts_ms, day| {
        let sieve = sieve.of_day(starts_ms, day);
        let mut of_day: Vec<Tally> = day.names.iter().map(|_| Tally::default()).collect();
        let is_asked: Vec<bool> = day.calls.iter().map(|call| sieve.call(call).is_some()).collect();
        for leg in day.legs.iter().filter(|leg| is_asked[leg.call as usize]) {
            let one = &mut of_day[leg.user as usize];
            one.figures.rang += 1;
            one.figures.took += i64::from(leg.took_s.is_some());
            one.figures.ignored += i64::from(leg.is_ignored);
            one.pickups_s.extend(leg.took_s.map(i64::from));
        }
        for call in day.calls.iter().zip(&is_asked).filter(|(_, is_asked)| **is_asked).map(|(call, _)| call) {
            let Some(user) = call.user else { continue };
            let one = &mut of_day[user as usize];
            one.figures.out += i64::from(!call.is_in);
            one.figures.talk_s += i64::from(call.talk_s);
            one.figures.without_outcome += i64::from(call.is_answered && call.outcome.is_none());
        }
        for wait in &day.waits {
            let (Some(user), Some(at_ms)) = (wait.end.as_ref().and_then(|end| end.user), sieve.wait(wait)) else {
                continue;
            };
            if let End::CalledBack { is_in_time } = sieve.end(wait, at_ms) {
                let one = &mut of_day[user as usize];
                one.figures.callbacks += 1;
                one.figures.in_time += i64::from(is_in_time);
            }
        }
        for (name, one) in day.names.iter().zip(of_day).filter(|(_, one)| one.figures != PersonFigures::default()) {
            people.entry(name.clone()).or_default().add(one);
        }
    })?;
    people.retain(|id, _| asked.users.is_empty() || asked.users.contains(id));
    let told = |mut one: Tally| PersonFigures { pickup_p50_s: percentile(&mut one.pickups_s, 50), ..one.figures };
    Ok(people.into_iter().map(|(id, one)| (id, told(one))).collect())
}
