//! The numbers that called become searchable: behind the pushes, which are not to wait for it.

use std::collections::BTreeSet;

use crate::app::App;
use crate::error::Result;
use crate::store::tables::call_walks;
use crate::store::tables::search_texts::{self, Kind};

/// A call's id is made before its row is written: after so long it is there, or never will be.
const WRITTEN_MS: i64 = 10_000;

/// Takes in the numbers of the next calls. Answers how many calls it has looked at.
pub async fn index(app: &App) -> Result<usize> {
    let until_ms = app.clock.now_ms() - WRITTEN_MS;
    let before = format!("{:08x}-{:04x}", until_ms >> 16, until_ms & 0xffff);
    let (calls, numbers) = app
        .store
        .show(move |tx| {
            let mark = search_texts::find_mark(tx)?.unwrap_or_default();
            let calls = call_walks::list_numbers(tx, &mark, &before)?;
            let mut numbers: BTreeSet<_> = calls.iter().map(|(_, number)| number.clone()).collect();
            for (_, number) in &calls {
                if search_texts::find(tx, number)?.is_some() {
                    numbers.remove(number);
                }
            }
            Ok((calls, numbers))
        })
        .await?;
    let Some((last, _)) = calls.last().cloned() else { return Ok(0) };
    app.store
        .write(move |tx| {
            for number in &numbers {
                search_texts::put(tx, Kind::Number, number, until_ms, number)?;
            }
            search_texts::set_mark(tx, &last)
        })
        .await?;
    Ok(calls.len())
}
