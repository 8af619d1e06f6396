//! Gives up the calls of which nothing more is heard.

use crate::app::App;
use crate::app::calls::row::read_facts;
use crate::app::calls::{answer, hear};
use crate::app::change::{FreshIds, Hearing};
use crate::domain::call::CallState;
use crate::error::Result;
use crate::store::tables::call_lists;
use crate::store::tables::calls::{self, Extent};

const SETTLE_BATCH: i64 = 100;

/// Gives up the calls of which nothing more is heard. Answers how many were due.
pub async fn settle_due(app: &App) -> Result<usize> {
    let now_ms = app.clock.now_ms();
    let due = app.store.read(move |tx| call_lists::list_due(tx, now_ms, SETTLE_BATCH)).await?;
    for id in &due {
        let directory = app.directory().await?;
        let (id, ids) = (id.clone(), FreshIds::new(app, &directory, now_ms));
        app.store
            .write(move |tx| {
                let Some(mut row) = calls::lock(tx, &id)? else { return Ok(()) };
                let facts = read_facts(&row)?;
                let hearing = Hearing { directory: &directory, ids: &ids, now_ms };
                if facts.state() == CallState::Requested {
                    let kind = directory.integration(&row.integration_id).map(|integration| integration.kind);
                    return answer::lost(tx, row, kind, &hearing);
                }
                let Some(given_up) = facts.giving_up(now_ms) else {
                    row.due_ms = facts.settle_due_ms();
                    return calls::save(tx, &row, Extent::End);
                };
                hear::change(tx, row, given_up, &hearing).map(drop)
            })
            .await?;
    }
    Ok(due.len())
}
