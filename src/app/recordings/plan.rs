//! Plans the fetching: in the call's own transaction, a row for a call of which the PBX has named a recording.

use crate::app::change::{Change, Hearing};
use crate::domain::recording::Progress;
use crate::error::Result;
use crate::store::tables::recordings::{self, RecordingRow};
use crate::store::tx::Tx;

/// After a call's row was written: where the PBX has its recording, or has it now, it is fetched from there.
pub fn fetch(tx: &mut Tx, change: &Change, hearing: &Hearing) -> Result<()> {
    let Change { before, row, facts } = change;
    let Some(link) = &facts.link else { return Ok(()) };
    if before.as_ref().is_some_and(|before| before.link == facts.link) {
        return Ok(());
    }
    let Hearing { ids, now_ms, .. } = *hearing;
    let planned = recordings::insert_or_lock(tx, &ids.recording, &row.id, &row.integration_id, link, now_ms)?;
    if planned.link != *link {
        recordings::save(tx, &again(RecordingRow { link: link.clone(), ..planned }, now_ms))?;
    }
    Ok(())
}

/// As if it had never been tried. A file that is there stays until another takes its place.
pub fn again(row: RecordingRow, now_ms: i64) -> RecordingRow {
    RecordingRow {
        state: Progress::Waiting.as_str().to_owned(),
        tries: 0,
        tried_since_ms: None,
        due_ms: Some(now_ms),
        error: String::new(),
        changed_ms: now_ms,
        ..row
    }
}
