//! Carries what the store says to the people who must see it: cards at once, everything else at most
//! once a second a topic, so that no storm of changes becomes one of readings.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep, sleep_until};

use crate::app::App;
use crate::app::desk::cards::{self, CardFor};
use crate::app::desk::{missed, promises};
use crate::app::upkeep::tasks;
use crate::error::{Error, Result};
use crate::jobs::supervise;
use crate::live::{Hub, event};
use crate::store::tx::{Notice, Topic};

/// A topic is told no more often.
const EVERY: Duration = Duration::from_secs(1);
/// So many rows are named; of more a list is read anew.
const NAMED: usize = 50;
/// What cannot be read now is tried again, this far apart, for so long; then every screen is read anew.
const TRY_AGAIN: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(6);

/// Keeps it going on this thread's runtime.
pub fn start(app: &App, hub: &Hub) {
    let (of_app, of_hub) = (app.clone(), hub.clone());
    supervise::keep(app, "relay", async move || {
        run(of_app.clone(), of_hub.clone()).await;
        Err::<Duration, _>("the store tells nothing any more")
    });
}

async fn run(app: App, hub: Hub) {
    let mut notices = app.store.subscribe();
    // What was said while it was down is lost: everybody comes back for a fresh snapshot.
    hub.send_away();
    let mut news = News::default();
    loop {
        let first = tokio::select! {
            first = notices.recv() => match first {
                Some(first) => Some(first),
                None => return,
            },
            () = news.due() => None,
        };
        first.iter().for_each(|batch| news.take(batch));
        while let Some(more) = notices.try_recv() {
            news.take(&more);
        }
        if hub.count() == 0 {
            news = News::default();
        } else if news.is_everything || tell(&app, &hub, &mut news).await.is_err() {
            hub.send_away();
            news = News::default();
        }
    }
}

/// What has changed and was not told yet.
#[derive(Default)]
struct News {
    is_everything: bool,
    /// Calls whose cards are to be shown, in the order of their changes.
    cards: Vec<String>,
    calls: Paced,
    rows: Paced,
    promises: Paced,
    /// Promises whose time has come.
    due: Vec<String>,
    contacts: Paced,
    /// That were blocked, or are no longer.
    numbers: Paced,
    tasks: Paced,
}

/// Ids of one topic, each with its `rev` where that is known, until it is time to tell.
#[derive(Default)]
struct Paced {
    waiting: BTreeMap<String, Option<i64>>,
    told_at: Option<Instant>,
}

impl Paced {
    fn note(&mut self, id: &str, rev: Option<i64>) {
        self.waiting.insert(id.to_owned(), rev);
    }

    /// When to tell; `None` while there is nothing.
    fn due(&self) -> Option<Instant> {
        let told_at = (!self.waiting.is_empty()).then_some(self.told_at)?;
        Some(told_at.map_or_else(Instant::now, |told_at| told_at + EVERY))
    }

    /// What waits, once it is time.
    fn take(&mut self) -> Option<BTreeMap<String, Option<i64>>> {
        if self.due()? > Instant::now() {
            return None;
        }
        self.told_at = Some(Instant::now());
        Some(std::mem::take(&mut self.waiting))
    }
}

/// One event a row; of too many a single one that names none.
fn named(topic: &str, rows: &BTreeMap<String, Option<i64>>) -> String {
    if rows.len() > NAMED {
        return event(topic, &json!({ "id": null }));
    }
    let one = |(id, rev): (&String, &Option<i64>)| {
        let mut row = json!({ "id": id });
        if let Some(rev) = rev {
            row["rev"] = Value::from(*rev);
        }
        event(topic, &row)
    };
    rows.iter().map(one).collect()
}

impl News {
    fn take(&mut self, notices: &[Notice]) {
        for Notice { topic, id } in notices {
            match topic {
                Topic::Call if !self.cards.contains(id) => self.cards.push(id.clone()),
                // A stream asks by itself whether its session stands.
                Topic::Call | Topic::Directory | Topic::Session | Topic::Number => {}
                Topic::Missed => self.rows.note(id, None),
                Topic::Promise => self.promises.note(id, None),
                Topic::Due => self.due.push(id.clone()),
                Topic::Contact => self.contacts.note(id, None),
                Topic::Block => self.numbers.note(id, None),
                Topic::Task => self.tasks.note(id, None),
                Topic::Everything => self.is_everything = true,
            }
        }
    }

    async fn due(&self) {
        let topics = [&self.calls, &self.rows, &self.promises, &self.contacts, &self.numbers, &self.tasks];
        match topics.into_iter().filter_map(Paced::due).min() {
            Some(due) => sleep_until(due).await,
            None => std::future::pending().await,
        }
    }
}

/// # Errors
/// When something cannot be read, however often it is tried: whatever is shown must be read anew then.
async fn tell(app: &App, hub: &Hub, news: &mut News) -> Result<()> {
    for id in std::mem::take(&mut news.cards) {
        let rev = patiently(async || show(app, hub, &id).await).await?;
        news.calls.note(&id, rev);
    }
    if let Some(contacts) = news.contacts.take() {
        let shown = patiently(async || cards::on_screen(app).await).await?;
        shown.iter().for_each(|shown| put(hub, shown));
        hub.tell(&named("contact", &contacts));
    }
    if let Some(numbers) = news.numbers.take() {
        let shown = patiently(async || cards::on_screen(app).await).await?;
        shown.iter().for_each(|shown| put(hub, shown));
        hub.tell(&named("number", &numbers));
    }
    if let Some(rows) = news.rows.take() {
        let ids: Vec<_> = rows.keys().take(NAMED + 1).cloned().collect();
        let revs = patiently(async || missed::revs(app, ids.clone()).await).await?;
        let open = patiently(async || missed::count_open(app).await).await?;
        let revs = revs.into_iter().map(|(id, rev)| (id, Some(rev))).collect();
        hub.tell(&(event("missed", &json!({ "open": open })) + &named("row", &revs)));
    }
    for id in std::mem::take(&mut news.due) {
        let found = patiently(async || promises::find(app, &id).await).await?;
        if let Some((user, promise)) = found.as_ref().and_then(|promise| Some((promise.user.as_ref()?, promise))) {
            hub.tell_one(&user.id, &event("due", promise));
        }
    }
    for id in news.tasks.take().unwrap_or_default().into_keys() {
        match patiently(async || tasks::get(app, &id).await).await {
            Ok(task) => task.by.iter().for_each(|by| hub.tell_one(&by.id, &event("task", &task))),
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    if let Some(promises) = news.promises.take() {
        hub.tell(&named("promise", &promises));
    }
    if let Some(calls) = news.calls.take() {
        hub.tell(&named("call", &calls));
    }
    Ok(())
}

/// No acknowledged ring may stay unseen because the readers were busy for a moment.
async fn patiently<T>(attempt: impl AsyncFn() -> Result<T>) -> Result<T> {
    let until = Instant::now() + PATIENCE;
    loop {
        match attempt().await {
            Err(error) if Instant::now() < until => {
                tracing::debug!(%error, "a change cannot be shown now; trying again");
                sleep(TRY_AGAIN).await;
            }
            Err(error) => {
                tracing::warn!(%error, "a change could not be shown: every screen is read anew");
                return Err(error);
            }
            done => return done,
        }
    }
}

/// Shows the card of a call, and answers its `rev`.
async fn show(app: &App, hub: &Hub, id: &str) -> Result<Option<i64>> {
    let Some(shown) = cards::load(app, id).await? else { return Ok(None) };
    let card = &shown.card;
    if card.call.id != id {
        // It has the id of a click that folded into it: the card of its former id goes.
        let mut former = card.clone();
        id.clone_into(&mut former.call.id);
        hub.show_card(&former, &BTreeSet::new());
    }
    put(hub, &shown);
    Ok(Some(card.rev))
}

fn put(hub: &Hub, CardFor { card, audience, is_blocked }: &CardFor) {
    if *is_blocked { hub.take_card(card) } else { hub.show_card(card, audience) }
}
