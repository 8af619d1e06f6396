//! Makes what reports count anew from the calls, where it is not there yet: in an older store, after a change of what is
//! counted. Every node may do it, as often as it likes.

use std::collections::BTreeSet;

use crate::app::App;
use crate::app::calls::row::facts_to_show;
use crate::app::calls::waiting::take_turns_beside;
use crate::app::calls::{episodes, figures};
use crate::error::Result;
use crate::store::tables::{call_figures, call_walks, calls};
use crate::store::tx::Tx;
use crate::store::walk::PAST_EVERY_ID;

/// So many calls a write: pushes go between.
const AT_ONCE: usize = 50;

/// Whether there are calls that it has not come to yet.
pub fn goes_on(tx: &mut Tx) -> Result<bool> {
    Ok(call_figures::find_mark(tx)?.as_deref() != Some(PAST_EVERY_ID))
}

/// Counts the next calls. Answers how many there were; none: all is counted.
///
/// # Errors
/// What the store says.
pub async fn count(app: &App) -> Result<usize> {
    let next = app
        .store
        .show(|tx| {
            let mark = call_figures::find_mark(tx)?.unwrap_or_default();
            if mark == PAST_EVERY_ID { Ok(None) } else { call_walks::list_numbers(tx, &mark, PAST_EVERY_ID).map(Some) }
        })
        .await?;
    let Some(mut next) = next else { return Ok(0) };
    next.truncate(AT_ONCE);
    let directory = app.directory().await?;
    let numbers: BTreeSet<_> = next.iter().map(|(_, number)| number.clone()).collect();
    let count = next.len();
    app.store
        .write_in_turn(numbers.iter().cloned().collect(), move |tx| {
            for (id, _) in &next {
                let Some(row) = calls::find(tx, id)? else { continue };
                let facts = facts_to_show(&directory, &row);
                if figures::is_counted(facts.state()) {
                    call_figures::put(tx, &figures::of(&row, &facts, &directory))?;
                }
            }
            let mut beside = BTreeSet::new();
            for number in &numbers {
                // A talk with one number ends the waiting of the others.
                beside.extend(take_turns_beside(tx, number)?);
            }
            beside.iter().try_for_each(|number| episodes::recount_all(tx, number, &directory))?;
            call_figures::set_mark(tx, next.last().map_or(PAST_EVERY_ID, |(id, _)| id))
        })
        .await?;
    Ok(count)
}
