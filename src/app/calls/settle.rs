//! Gives up the calls of which nothing more is heard.

use std::sync::Arc;

use crate::app::App;
use crate::app::calls::row::read_facts;
use crate::app::calls::{answer, hear};
use crate::app::change::{FreshIds, Hearing};
use crate::app::directory::Directory;
use crate::domain::call::CallState;
use crate::error::{Damage, Error, Result};
use crate::store::tables::call_lists;
use crate::store::tables::calls::{self, Extent};

const SETTLE_BATCH: i64 = 100;
/// How long a call that cannot be settled is left alone.
const SET_ASIDE_MS: i64 = 3_600_000;

/// Gives up the calls of which nothing more is heard. Answers how many were due. One that cannot be settled stops no
/// other: it is looked at again in an hour.
///
/// # Errors
/// `Busy` when the store cannot answer now.
pub async fn settle_due(app: &App) -> Result<usize> {
    let now_ms = app.clock.now_ms();
    let due = app.store.show(move |tx| call_lists::list_due(tx, now_ms, SETTLE_BATCH)).await?;
    for (id, phone) in &due {
        let directory = app.directory().await?;
        match settle(app, &directory, id, phone, now_ms).await {
            Ok(()) => {}
            Err(Error::Busy(why)) => return Err(Error::Busy(why)),
            Err(error) => set_aside(app, &directory, id, error, now_ms).await?,
        }
    }
    Ok(due.len())
}

/// In turn with the pushes of its client, so that neither waits for the other while it holds the call.
async fn settle(app: &App, directory: &Arc<Directory>, id: &str, phone: &str, now_ms: i64) -> Result<()> {
    let (directory, id, ids) = (Arc::clone(directory), id.to_owned(), FreshIds::new(app, directory, now_ms));
    app.store
        .write_in_turn(vec![phone.to_owned()], move |tx| {
            let Some(mut row) = call_lists::lock_due(tx, &id, now_ms)? else { return Ok(()) };
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
        .await
}

async fn set_aside(app: &App, directory: &Directory, id: &str, error: Error, now_ms: i64) -> Result<()> {
    directory.damages.note(&match error {
        Error::Damaged(damage) => damage,
        other => Damage { table: "call", id: id.to_owned(), why: format!("it cannot be settled: {other}") },
    });
    let id = id.to_owned();
    app.store.write(move |tx| calls::put_off(tx, &id, now_ms + SET_ASIDE_MS)).await
}
