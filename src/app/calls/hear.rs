//! Calls: what is heard of them is joined to what is known, and what follows from it follows in the same transaction.

use crate::app::calls::row::{blank, derive, read_facts};
use crate::app::calls::{automation, board, clicks, episodes, figures, promises, returning, talks};
use crate::app::change::{Before, Change, Hearing};
use crate::app::outbox::plan;
use crate::app::recordings;
use crate::domain::doubts::{self, Doubt, Standing};
use crate::domain::facts::CallFacts;
use crate::domain::push::PbxEvent;
use crate::error::Result;
use crate::store::tables::calls::{self, CallRow, Extent};
use crate::store::tx::{Topic, Tx};

/// What was made of a push.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// `None` for `contact`, which says nothing of a call.
    pub call_id: Option<String>,
    /// What of it is not believed; for the journal.
    pub doubts: Vec<Doubt>,
}

/// Joins one push to its call.
///
/// Order-free and repeatable: see `domain::facts`.
pub fn push(tx: &mut Tx, integration_id: &str, event: &PbxEvent, hearing: &Hearing) -> Result<Heard> {
    let now_ms = hearing.now_ms;
    let (callid, facts) = match event {
        PbxEvent::Call(event) => (&event.callid, CallFacts::of_event(event, now_ms)),
        PbxEvent::History(report) => (&report.callid, CallFacts::of_history(report, now_ms)),
        PbxEvent::Rating(report) => (&report.callid, CallFacts::of_rating(report, now_ms)),
        PbxEvent::Contact(_) => return Ok(Heard::default()),
    };
    // Of what is not there then, no other node can be the first to hear.
    take_turns_at_name(tx, integration_id, callid)?;
    let Some(known) = calls::lock_by_callid(tx, integration_id, callid)? else {
        let mut blank = blank(&hearing.ids.call, integration_id);
        blank.callid = Some(callid.clone());
        let fresh = derive(blank, &facts, hearing.directory)?;
        calls::insert(tx, &fresh)?;
        let doubts = doubts::of_push(event, now_ms, Standing::default(), &facts);
        let call_id = follow(tx, Change { before: None, row: fresh, facts }, hearing)?;
        return Ok(Heard { call_id: Some(call_id), doubts });
    };
    let news = facts;
    let mut facts = read_facts(&known)?;
    let (before, standing) = (Before::of(&known, &facts), Standing::before(event, &facts));
    facts.merge(news);
    let doubts = doubts::of_push(event, now_ms, standing, &facts);
    let call_id = write(tx, known, before, facts, hearing)?;
    Ok(Heard { call_id: Some(call_id), doubts })
}

/// At what a push takes turns, as far as it shows: at its call's name, and at the client's number.
pub fn turns(integration_id: &str, event: &PbxEvent) -> Vec<String> {
    let (callid, phone) = match event {
        PbxEvent::Call(event) => (&event.callid, &event.phone),
        PbxEvent::History(report) => (&report.callid, &report.phone),
        PbxEvent::Rating(report) => (&report.callid, &report.phone),
        PbxEvent::Contact(_) => return Vec::new(),
    };
    vec![phone.as_str().to_owned(), name(integration_id, callid)]
}

/// A locked row takes in new facts; what follows from it follows. Answers the call's id.
pub fn change(tx: &mut Tx, row: CallRow, news: CallFacts, hearing: &Hearing) -> Result<String> {
    let mut facts = read_facts(&row)?;
    let before = Before::of(&row, &facts);
    facts.merge(news);
    write(tx, row, before, facts, hearing)
}

fn write(tx: &mut Tx, row: CallRow, before: Before, facts: CallFacts, hearing: &Hearing) -> Result<String> {
    let (second_callid, user_id, due_ms) = (row.second_callid.clone(), row.user_id.clone(), row.due_ms);
    let row = derive(row, &facts, hearing.directory)?;
    let extent = if (&before.phone, &second_callid) != (&row.phone, &row.second_callid) {
        Extent::All
    } else if before.started_ms != row.started_ms {
        Extent::Times
    } else if (&user_id, before.ended_ms, due_ms) != (&row.user_id, row.ended_ms, row.due_ms) {
        Extent::End
    } else {
        Extent::Course
    };
    calls::save(tx, &row, extent)?;
    follow(tx, Change { before: Some(before), row, facts }, hearing)
}

/// After a row was written: what follows from it, one follower a line. Each is given the change alone and knows no other;
/// the same set of facts gives the same rows, in any order, with any repetition.
pub fn follow(tx: &mut Tx, change: Change, hearing: &Hearing) -> Result<String> {
    let (change, others) = clicks::claim(tx, change, hearing)?;
    follow_claimed(tx, &change, hearing)?;
    for other in &others {
        follow_claimed(tx, other, hearing)?;
    }
    Ok(change.row.id)
}

/// Of a call whose click is settled already.
pub fn follow_claimed(tx: &mut Tx, change: &Change, hearing: &Hearing) -> Result<()> {
    figures::write(tx, change, hearing)?;
    board::refresh(tx, change, hearing)?;
    episodes::recount(tx, change, hearing)?;
    automation::run(tx, change, hearing)?;
    promises::keep(tx, change, hearing)?;
    talks::refresh(tx, change)?;
    returning::note(tx, change);
    plan::deliveries(tx, change, hearing)?;
    recordings::plan::fetch(tx, change, hearing)?;
    let row = &change.row;
    if let Some(second) = &row.second_callid
        && let Some(second) = calls::find_by_callid(tx, &row.integration_id, second)?
    {
        tx.notify(Topic::Call, &second.id);
    }
    tx.notify(Topic::Call, &row.id);
    Ok(())
}

/// A call's first push and the answer that names it for a click may be heard by two nodes at once.
pub fn take_turns_at_name(tx: &mut Tx, integration_id: &str, callid: &str) -> Result<()> {
    tx.take_turns(&name(integration_id, callid))
}

fn name(integration_id: &str, callid: &str) -> String {
    format!("{integration_id}/{callid}")
}
