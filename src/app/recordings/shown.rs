//! A call's recording as people see it.

use std::collections::BTreeMap;

use crate::app::directory::Directory;
use crate::domain::call::{Recording, RecordingState};
use crate::domain::reason::{Reason, Told};
use crate::domain::recording::Progress;
use crate::domain::time::UtcMs;
use crate::error::Result;
use crate::store::tables::calls::CallRow;
use crate::store::tables::recording_listeners;
use crate::store::tables::recordings::{self, RecordingRow};
use crate::store::tx::Tx;
use crate::telephony::download::Refusal;

/// The recordings of these calls, by the call's id; none of a call that has none.
pub fn of_calls(tx: &mut Tx, directory: &Directory, rows: &[CallRow]) -> Result<BTreeMap<String, Recording>> {
    let has_link = |row: &&CallRow| row.facts.contains("\"link\":\"");
    let ids: Vec<_> = rows.iter().filter(has_link).map(|row| row.id.as_str()).collect();
    let mut shown = BTreeMap::new();
    if ids.is_empty() {
        return Ok(shown);
    }
    for row in recordings::list_of_calls(tx, &ids)? {
        if let Some(call_id) = row.call_id.clone() {
            shown.insert(call_id, show(row));
        }
    }
    for (call_id, user_id) in recording_listeners::list_of_calls(tx, &ids)? {
        if let (Some(recording), Some(user)) = (shown.get_mut(&call_id), directory.user_ref(&user_id)) {
            recording.heard_by.push(user.clone());
        }
    }
    Ok(shown)
}

fn show(row: RecordingRow) -> Recording {
    // A state that a newer version wrote is shown as none.
    let progress = Progress::parse(&row.state);
    let is_ready = progress == Some(Progress::Ready);
    let why =
        if progress == Some(Progress::Erased) { Some(Reason::of(&Refusal::Erased)) } else { Reason::read(&row.error) };
    Recording {
        state: match progress {
            Some(Progress::Waiting) => RecordingState::Waiting,
            Some(Progress::Ready) => RecordingState::Ready,
            Some(Progress::Failed) => RecordingState::Failed,
            Some(Progress::Erased) | None => RecordingState::None,
        },
        url: is_ready.then(|| format!("/api/calls/{}/recording", row.call_id.unwrap_or_default())),
        size_bytes: row.size_bytes.filter(|_| is_ready),
        next_try_at: row.due_ms.map(UtcMs),
        why: why.map(Told::from),
        ..Recording::none()
    }
}
