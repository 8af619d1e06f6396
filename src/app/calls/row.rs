//! A call's row: its facts read, and every other column computed from them.

use crate::app::directory::Directory;
use crate::domain::facts::CallFacts;
use crate::error::{Error, Result};
use crate::store::tables::calls::CallRow;

/// A row of which nothing is known yet.
pub fn blank(id: &str, integration_id: &str) -> CallRow {
    CallRow {
        id: id.to_owned(),
        former_id: None,
        integration_id: integration_id.to_owned(),
        callid: None,
        facts: String::new(),
        rev: 1,
        direction: String::new(),
        state: String::new(),
        phone: String::new(),
        diversion: None,
        user_id: None,
        contact_id: None,
        started_ms: 0,
        ended_ms: None,
        second_callid: None,
        click_account: None,
        due_ms: None,
        note: String::new(),
        note_rev: 0,
        note_by: None,
        outcome: String::new(),
    }
}

/// What was heard of the call.
///
/// # Errors
/// `Damaged`.
pub fn read_facts(row: &CallRow) -> Result<CallFacts> {
    // The error names the place, and may quote what stands there: a number or a name.
    let why = |error: serde_json::Error| format!("its facts cannot be read at character {}", error.column());
    CallFacts::from_text(&row.facts).map_err(|error| Error::damaged("call", &row.id, why(error)))
}

/// As [`read_facts`], for showing: of a damaged call nothing was heard, and the damage is noted.
pub fn facts_to_show(directory: &Directory, row: &CallRow) -> CallFacts {
    read_facts(row).unwrap_or_else(|error| {
        directory.damages.note_of(&error);
        CallFacts::default()
    })
}

/// Computes every column that follows from the facts.
pub fn derive(mut row: CallRow, facts: &CallFacts, directory: &Directory) -> Result<CallRow> {
    row.facts = facts.to_text().map_err(Error::internal)?;
    row.direction = facts.direction().as_str().to_owned();
    row.state = facts.state().as_str().to_owned();
    row.phone = facts.client_phone().to_owned();
    row.diversion.clone_from(&facts.diversion);
    row.user_id = person(facts, &row.integration_id, directory);
    row.started_ms = facts.started_ms();
    row.ended_ms = facts.ended_ms();
    row.second_callid.clone_from(&facts.second_callid);
    row.due_ms = match (row.due_ms, facts.settle_due_ms()) {
        // Looked at too early it is put off then; to move it with every push would cost more.
        (Some(kept), Some(due)) if kept <= due => Some(kept),
        (_, due) => due,
    };
    Ok(row)
}

/// Whose call it is: the line's user; of a line that nobody has, the default user (section 4.3), if so set.
fn person(facts: &CallFacts, integration_id: &str, directory: &Directory) -> Option<String> {
    let of_click = facts.click.as_ref().map(|click| click.user_id.clone());
    let Some(account) = facts.person() else { return of_click };
    let known = directory.user_of_line(integration_id, account).map(|user| user.id.clone());
    let default = || {
        let user = directory.settings.keep_unknown_users.then(|| directory.default_user()).flatten();
        user.map(|user| user.id.clone())
    };
    known.or(of_click).or_else(default)
}
