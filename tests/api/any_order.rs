//! The same set of pushes, settlings, transfers and clicks makes the same calls, whatever the order, however often each
//! is said: through `app::calls` on a real store.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::subsequence;
use proptest::test_runner::Config as Cases;
use ringcard::app::App;
use ringcard::app::calls::{answer, hear, row};
use ringcard::app::change::{FreshIds, Hearing};
use ringcard::app::clients::draft::ContactPatch;
use ringcard::app::clients::search::{self as contacts, ContactQuery};
use ringcard::app::desk::contacts as desk;
use ringcard::app::desk::missed;
use ringcard::app::desk::past::{self, CallQuery};
use ringcard::app::desk::promises;
use ringcard::app::directory::Directory;
use ringcard::app::people::users;
use ringcard::clock::Clock;
use ringcard::domain::call::Direction;
use ringcard::domain::contact::ContactPhone;
use ringcard::domain::facts::{CallFacts, Click, HistoryStatus, LegFacts};
use ringcard::domain::phone::Phone;
use ringcard::domain::push::{CallDetails, CallEvent, EventType, HistoryReport, PbxEvent, RatingReport};
use ringcard::domain::user::{Line, Role};
use ringcard::params;
use ringcard::store::tables::promises::{self as promise_table, PromiseRow};
use ringcard::store::tables::{call_figures, calls as table, dismissals, missed_episodes};
use ringcard::store::tx::Tx;
use serde_json::{Value, json};

use crate::support::{Home, NOW_MS};

const PBX: &str = "pbx-of-this-test";
const CALLIDS: [&str; 2] = ["first", "second"];
const PHONES: [&str; 2] = ["+79101234567", "+79207654321"];
const ACCOUNTS: [&str; 4] = ["anna", "boris", "unknown", "g_sales"];

/// One thing that happens, at its own instant.
#[derive(Clone, Debug)]
struct Happening {
    at_ms: i64,
    call: usize,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Event(EventType, &'static str),
    /// He rings in on one of our numbers.
    DialledRing(&'static str),
    TransferredToSecond,
    History(Report),
    Rating(i64),
    /// The settling job gives this leg up, as one that rang or as one that talked; it must have been heard of.
    GivenUp {
        account: &'static str,
        is_talking: bool,
    },
    /// Anna clicks on the client's number, and may put the card away at once.
    Click {
        click: usize,
        is_put_away: bool,
    },
    /// The PBX answers her click with the call's id, or with nothing.
    ClickAnswered {
        click: usize,
        is_named: bool,
    },
}

#[derive(Clone, Copy, Debug)]
struct Report {
    direction: Direction,
    status: HistoryStatus,
    account: &'static str,
    duration_s: i64,
    link: Option<&'static str>,
    /// Seconds after the test's beginning.
    start: Option<i64>,
    wait_s: Option<i64>,
    /// The report may name another client than the events did.
    phone: usize,
}

/// A call with everything that may happen to it, each in its time. What the history says of direction and client may be
/// another thing than what the events said. Anna clicks on its client's number several times, before it and after.
fn happenings(call: usize, direction: Direction, answerer: &'static str, put_away: Option<usize>) -> Vec<Happening> {
    let at = |second: i64, what| Happening { at_ms: NOW_MS + second * 1000, call, what };
    let plain = |status, account, duration_s, link| Report {
        direction,
        status,
        account,
        duration_s,
        link,
        start: None,
        wait_s: None,
        phone: call,
    };
    let report = |status, account, duration_s, link| What::History(plain(status, account, duration_s, link));
    let mut all = match direction {
        Direction::In => ring_of_a_group(&at),
        Direction::Out => ["anna", "anna@office"].map(|of| at(1, What::Event(EventType::Outgoing, of))).into(),
    };
    for (click, second) in [0, -8, 2].into_iter().enumerate() {
        all.push(at(second, What::Click { click, is_put_away: put_away == Some(click) }));
        all.push(at(second + 1, What::ClickAnswered { click, is_named: call == 1 && click == 0 }));
    }
    let (person, unanswered) = match direction {
        Direction::In => (answerer, HistoryStatus::Missed),
        Direction::Out => ("anna", HistoryStatus::Busy),
    };
    all.extend([
        at(4, What::Event(EventType::Accepted, person)),
        at(9, What::GivenUp { account: person, is_talking: true }),
        at(12, What::Event(EventType::Completed, person)),
        at(13, report(HistoryStatus::Success, person, 4, Some("https://pbx.example/a.mp3"))),
        at(14, report(HistoryStatus::Success, person, 3, Some("https://pbx.example/b.mp3"))),
        at(14, report(unanswered, "pbx", 0, None)),
        at(20, What::Rating(4)),
        at(21, What::Rating(2)),
    ]);
    let timed = Report { start: Some(0), wait_s: Some(2), ..plain(HistoryStatus::Success, person, 4, None) };
    // Local time written as UTC, behind and ahead.
    let behind = Report { start: Some(-3 * 3600), ..plain(unanswered, "pbx", 0, None) };
    let ahead = Report { start: Some(3 * 3600), wait_s: Some(3), ..plain(unanswered, "pbx", 0, None) };
    all.extend([timed, ahead].map(|report| at(15, What::History(report))));
    all.push(at(15, What::History(behind)));
    let other = Report { phone: 1 - call, ..plain(unanswered, "pbx", 0, None) };
    let called_out = Report { direction: Direction::Out, ..plain(HistoryStatus::Success, person, 4, None) };
    let rang_in = Report { direction: Direction::In, ..plain(HistoryStatus::Success, person, 5, None) };
    let called_another = Report { phone: 1 - call, ..called_out };
    all.extend([other, called_out, rang_in, called_another].map(|report| at(16, What::History(report))));
    all.extend(ACCOUNTS.map(|account| at(9, What::GivenUp { account, is_talking: false })));
    if call == 0 {
        all.push(at(6, What::TransferredToSecond));
    }
    all
}

fn ring_of_a_group(at: &impl Fn(i64, What) -> Happening) -> Vec<Happening> {
    let rings = ACCOUNTS.map(|account| at(1, What::Event(EventType::Incoming, account)));
    let dialled = ["anna", "boris"].map(|account| at(1, What::DialledRing(account)));
    let stops = ACCOUNTS.map(|account| at(3, What::Event(EventType::Cancelled, account)));
    rings.into_iter().chain(dialled).chain(stops).collect()
}

/// What was heard of two calls: any part of what may happen.
fn heard() -> impl Strategy<Value = Vec<Happening>> {
    let of_call = |call| {
        let directions = prop::sample::select(vec![Direction::In, Direction::Out]);
        let answerers = prop::sample::select(vec!["anna", "boris", "unknown"]);
        let put_away = prop::sample::select(vec![None, Some(0), Some(1), Some(2)]);
        (directions, answerers, put_away).prop_flat_map(move |(direction, answerer, put_away)| {
            let all = happenings(call, direction, answerer, put_away);
            let most = all.len();
            subsequence(all, 0..=most)
        })
    };
    (of_call(0), of_call(1)).prop_map(|(first, second)| first.into_iter().chain(second).collect())
}

/// The same set in an order of its own, some of it said again.
fn shuffled() -> impl Strategy<Value = (Vec<Happening>, Vec<Happening>)> {
    heard().prop_flat_map(|set| {
        let again = subsequence(set.clone(), 0..=set.len());
        (Just(set), again).prop_flat_map(|(set, again)| {
            let all: Vec<_> = set.iter().cloned().chain(again).collect();
            (Just(set), Just(all).prop_shuffle())
        })
    })
}

proptest! {
    #![proptest_config(Cases { cases: 24, max_shrink_iters: 500, failure_persistence: None, ..Cases::default() })]
    /// R6, in whatever order and however often.
    #[test]
    fn the_same_set_makes_the_same_calls((in_time, in_any_order) in shuffled(), is_one_client: bool) {
        compare(&in_time, &in_any_order, is_one_client)?;
    }

    #[test]
    fn heard_at_other_times_it_differs_in_instants_alone((in_time, in_any_order) in shuffled()) {
        compare_but_for_instants(&in_time, &in_any_order)?;
    }
}

proptest! {
    #![proptest_config(Cases { cases: 150, max_shrink_iters: 500, failure_persistence: None, ..Cases::default() })]
    #[test]
    #[ignore = "needs minutes"]
    fn the_same_set_makes_the_same_calls_many_times_over((in_time, in_any_order) in shuffled(), is_one_client: bool) {
        compare(&in_time, &in_any_order, is_one_client)?;
        compare_but_for_instants(&in_time, &in_any_order)?;
    }
}

/// Each thing is heard of at its own instant, in whatever order: nothing may differ, on the board neither.
fn compare(in_time: &[Happening], in_any_order: &[Happening], is_one_client: bool) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (one, other) =
        runtime.block_on(async { (play(in_time, is_one_client).await, play(in_any_order, is_one_client).await) });
    prop_assert_eq!(one.everything(), other.everything());
    Ok(())
}

/// Each thing is heard of when its turn comes: instants may differ, and which rating was the latest.
fn compare_but_for_instants(in_time: &[Happening], in_any_order: &[Happening]) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // All within a second: no click is later than five seconds after the call it claims seems to have begun.
    let in_turn = |happenings: &[Happening]| {
        // Which of two calls of one client is the click's goes by their instants.
        let is_of_one = |one: &&Happening| !matches!(&one.what, What::History(report) if report.phone != one.call);
        let turns = happenings.iter().filter(is_of_one).cloned().zip(0_i64..);
        turns.map(|(one, turn)| Happening { at_ms: NOW_MS + turn * 5, ..one }).collect::<Vec<_>>()
    };
    let (in_time, in_any_order) = (in_turn(in_time), in_turn(in_any_order));
    let (one, other) = runtime.block_on(async { (play(&in_time, false).await, play(&in_any_order, false).await) });
    prop_assert_eq!(one.but_for_instants(), other.but_for_instants());
    Ok(())
}

/// What people see afterwards; ids are replaced by names.
struct Seen {
    calls: Vec<Value>,
    contacts: Vec<Value>,
    board: Vec<Value>,
    promises: Vec<Value>,
    figures: Vec<Value>,
}

impl Seen {
    fn everything(&self) -> String {
        listed([&self.calls, &self.contacts, &self.board, &self.promises, &self.figures])
    }

    fn but_for_instants(&self) -> String {
        let calls: Vec<_> = self.calls.iter().cloned().map(without_instants).collect();
        // Of two calls of one stranger the first one decides what he becomes.
        let contacts: Vec<_> = self.contacts.iter().map(|contact| contact["phones"].clone()).collect();
        listed([&calls, &contacts, &Vec::new(), &Vec::new(), &Vec::new()])
    }
}

fn listed(kinds: [&Vec<Value>; 5]) -> String {
    let lists = kinds.map(|items| {
        let mut texts: Vec<String> = items.iter().map(|item| serde_json::to_string_pretty(item).unwrap()).collect();
        texts.sort();
        texts.join("\n")
    });
    lists.join("\n")
}

fn without_instants(mut call: Value) -> Value {
    let is_instant = |name: &str| name.ends_with("_at") || ["wait_s", "rating"].contains(&name);
    call.as_object_mut().unwrap().retain(|name, _| !is_instant(name));
    call["recording"]["next_try_at"].take();
    for leg in call["legs"].as_array_mut().unwrap() {
        leg.as_object_mut().unwrap().retain(|name, _| !is_instant(name));
    }
    call
}

/// `is_one_client`: a contact has both numbers, so that they are one row of the board.
async fn play(happenings: &[Happening], is_one_client: bool) -> Seen {
    let home = Home::new();
    let app = home.open_app(Clock::fixed(NOW_MS));
    app.store.write(furnish).await.unwrap();
    if is_one_client {
        let phones = PHONES.map(|number| ContactPhone { number: number.to_owned(), label: String::new() });
        let patch = ContactPatch { phones: Some(phones.into()), ..ContactPatch::default() };
        desk::create(&app, patch).await.unwrap();
    }
    let directory = app.directory().await.unwrap();
    // A leg can be given up, and a click answered, only after it was heard of: what comes too early waits.
    let mut late = Vec::new();
    for happening in happenings {
        if !happen(&app, &directory, happening).await {
            late.push(happening);
        }
    }
    for happening in late {
        happen(&app, &directory, happening).await;
    }
    seen(&app).await
}

fn furnish(tx: &mut Tx) -> ringcard::error::Result<()> {
    let line = |account: &str| Line { integration: PBX.to_owned(), account: account.to_owned() };
    tx.execute(
        "INSERT INTO integration (id, kind, name, settings, created_ms) VALUES ($1, 'cloud-pbx', 'main', '{}', 0)",
        params![PBX],
    )?;
    let admin = users::row("admin-id".to_owned(), "admin", "Admin", Role::Admin);
    users::insert(tx, &admin, "-", &[], NOW_MS)?;
    for login in ["anna", "boris"] {
        let row = users::row(format!("{login}-id"), login, login, Role::Operator);
        users::insert(tx, &row, "-", &[line(login)], NOW_MS)?;
    }
    // Made between the talks' possible ends, and one that a person called done.
    for (nth, number) in PHONES.into_iter().enumerate() {
        for (id, second, said) in [("early", 0, None), ("late", 8, None), ("said", 0, Some(9))] {
            promise_table::insert(tx, &promised(&format!("{id} {nth}"), number, second, said))?;
        }
    }
    Ok(())
}

fn promised(id: &str, number: &str, second: i64, said: Option<i64>) -> PromiseRow {
    PromiseRow {
        id: id.to_owned(),
        call_id: None,
        number: number.to_owned(),
        contact_id: None,
        user_id: "anna-id".to_owned(),
        due_ms: NOW_MS + 3_600_000,
        text: String::new(),
        made_ms: NOW_MS + second * 1000,
        said_ms: said.map(|second| NOW_MS + second * 1000),
        done_ms: said.map(|second| NOW_MS + second * 1000),
        done_by_call: None,
        rung_ms: None,
    }
}

/// Whether it could happen now.
async fn happen(app: &App, directory: &Arc<Directory>, happening: &Happening) -> bool {
    let (directory, happening) = (Arc::clone(directory), happening.clone());
    let ids = FreshIds::new(app, &directory, NOW_MS);
    app.store
        .write(move |tx| {
            let Happening { at_ms, call, what } = &happening;
            let hearing = Hearing { directory: &directory, ids: &ids, now_ms: *at_ms };
            match what {
                What::GivenUp { account, is_talking } => give_up(tx, *call, account, *is_talking, &hearing),
                What::Click { click: id, is_put_away } => {
                    click(tx, &directory, (*call, *id), *is_put_away, *at_ms).map(|()| true)
                }
                What::ClickAnswered { click, is_named } => answer_click(tx, (*call, *click), *is_named, &hearing),
                what => hear::push(tx, PBX, &push(*call, what), &hearing).map(|_| true),
            }
        })
        .await
        .unwrap()
}

fn push(call: usize, what: &What) -> PbxEvent {
    let (callid, phone, details) = (CALLIDS[call].to_owned(), Phone::from_stored(PHONES[call]), CallDetails::default());
    match what {
        What::Event(kind, account) => {
            let (kind, account) = (*kind, (*account).to_owned());
            PbxEvent::Call(CallEvent { callid, kind, account, phone, details, second_callid: None })
        }
        What::DialledRing(account) => {
            let (kind, account) = (EventType::Incoming, (*account).to_owned());
            let details = CallDetails { diversion: Some(Phone::from_stored("+74951112233")), ..details };
            PbxEvent::Call(CallEvent { callid, kind, account, phone, details, second_callid: None })
        }
        What::TransferredToSecond => {
            let (kind, account) = (EventType::Transferred, "anna".to_owned());
            let second_callid = Some(CALLIDS[1].to_owned());
            PbxEvent::Call(CallEvent { callid, kind, account, phone, details, second_callid })
        }
        What::Rating(rating) => {
            PbxEvent::Rating(RatingReport { callid, account: "anna".to_owned(), phone, rating: *rating })
        }
        What::History(report) => PbxEvent::History(HistoryReport {
            callid,
            direction: report.direction,
            status: report.status,
            account: report.account.to_owned(),
            phone: Phone::from_stored(PHONES[report.phone]),
            duration_s: report.duration_s,
            link: report.link.map(str::to_owned),
            started_ms: report.start.map(|second| NOW_MS + second * 1000),
            wait_s: report.wait_s,
            rating: None,
            details,
        }),
        What::GivenUp { .. } | What::Click { .. } | What::ClickAnswered { .. } => {
            unreachable!("the PBX does not say this")
        }
    }
}

fn give_up(
    tx: &mut Tx,
    call: usize,
    account: &str,
    is_talking: bool,
    hearing: &Hearing,
) -> ringcard::error::Result<bool> {
    let Some(known) = table::find_by_callid(tx, PBX, CALLIDS[call])? else { return Ok(false) };
    if !row::read_facts(&known)?.legs.contains_key(account) {
        return Ok(false);
    }
    let row = table::lock(tx, &known.id)?.unwrap();
    let mut leg = LegFacts::default();
    if is_talking {
        leg.talking_given_up_ms = Some(hearing.now_ms);
    } else {
        leg.unanswered_given_up_ms = Some(hearing.now_ms);
    }
    let fact = CallFacts { legs: [(account.to_owned(), leg)].into(), ..CallFacts::default() };
    hear::change(tx, row, fact, hearing)?;
    Ok(true)
}

/// A click on the number of a call, and which of them.
type Which = (usize, usize);

fn click_id((call, click): Which) -> String {
    format!("click-{call}-{click}")
}

fn click(
    tx: &mut Tx,
    directory: &Directory,
    which: Which,
    is_put_away: bool,
    at_ms: i64,
) -> ringcard::error::Result<()> {
    if table::find(tx, &click_id(which))?.is_some() {
        return Ok(());
    }
    let (user_id, account) = ("anna-id".to_owned(), "anna".to_owned());
    let phone = PHONES[which.0].to_owned();
    let facts = CallFacts::of_click(Click { at_ms, user_id, account, phone, group: None, refused: None });
    let row = row::derive(row::blank(&click_id(which), PBX), &facts, directory)?;
    table::insert(tx, &row)?;
    if is_put_away { dismissals::insert(tx, &row.id, "anna-id") } else { Ok(()) }
}

fn answer_click(tx: &mut Tx, which: Which, is_named: bool, hearing: &Hearing) -> ringcard::error::Result<bool> {
    let Some(row) = table::lock(tx, &click_id(which))? else { return Ok(false) };
    if row.callid.is_some() || row.click_account.is_some() {
        return Ok(true);
    }
    if is_named {
        answer::tie(tx, row, CALLIDS[which.0], hearing)?;
    } else {
        answer::wait(tx, row, hearing)?;
    }
    Ok(true)
}

async fn seen(app: &App) -> Seen {
    let calls = past::list(app, CallQuery::default(), None, 100).await.unwrap().rows;
    let contacts = contacts::list(app, ContactQuery::default(), None, 100).await.unwrap().0.rows;
    let board = missed::list(app, Some(missed::Order::Due), None, 100)
        .await
        .unwrap()
        .into_iter()
        .map(|(_, row)| row)
        .collect::<Vec<_>>();
    let kept = promises::list(app, None, None, None, 100).await.unwrap();
    let names = calls.iter().map(|call| (&call.id, format!("the call {} {:?}", call.phone, call.callid)));
    let names = names.chain(contacts.iter().map(|one| (&one.id, format!("the contact of {}", one.phones[0].number))));
    let names: Vec<_> = names.chain(board.iter().map(|row| (&row.id, format!("the row of {}", row.number)))).collect();
    // Who is responsible for a contact, and since when, is from the moment when it was made.
    let contacts: Vec<_> = contacts
        .iter()
        .map(|one| json!({"phones": one.phones, "kind": one.kind, "talked_at": one.last_talk.as_ref().map(|talk| talk.at)}))
        .collect();
    let mut board = named(&board, &names);
    // Of calls that began in the same millisecond none is the earlier one.
    board.iter_mut().for_each(|row| row["calls"].as_array_mut().unwrap().sort_by_key(Value::to_string));
    // How often a row was written differs, not what stands in it.
    board.iter_mut().for_each(|row| drop(row.as_object_mut().unwrap().remove("rev")));
    let figures = named(&figures(app).await, &names);
    Seen {
        calls: named(&calls, &names),
        contacts: named(&contacts, &names),
        board,
        promises: named(&kept, &names),
        figures,
    }
}

/// What reports count.
async fn figures(app: &App) -> Vec<String> {
    app.store
        .show(|tx| {
            let calls = call_figures::list(tx, 0, i64::MAX)?.into_iter().map(|call| format!("{:?}", call.row));
            let episodes = missed_episodes::list(tx, 0, i64::MAX)?.into_iter().map(|episode| format!("{episode:?}"));
            Ok(calls.chain(episodes).collect())
        })
        .await
        .unwrap()
}

fn named(items: &[impl serde::Serialize], names: &[(&String, String)]) -> Vec<Value> {
    let name = |item| {
        let text = serde_json::to_string(item).unwrap();
        let text = names.iter().fold(text, |text, (id, name)| text.replace(*id, &name.replace('"', "'")));
        serde_json::from_str(&text).unwrap()
    };
    items.iter().map(name).collect()
}
