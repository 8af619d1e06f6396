//! How many recordings wait to be fetched, and how many could not be.

use crate::app::App;
use crate::clock::first_id_of;
use crate::domain::recording::{GIVEN_UP_AFTER_MS, Progress};
use crate::error::Result;
use crate::store::tables::recordings;

/// By state, of those that the PBX has named as lately as it may have them still.
///
/// # Errors
/// What the store says.
pub async fn count(app: &App) -> Result<Vec<(&'static str, i64)>> {
    let since = first_id_of(app.clock.now_ms() - GIVEN_UP_AFTER_MS);
    let states = [Progress::Waiting, Progress::Failed].map(Progress::as_str);
    app.store
        .show(move |tx| {
            let of = |state| Ok((state, recordings::count(tx, state, &since)?.iter().map(|one| one.count).sum()));
            states.into_iter().map(of).collect()
        })
        .await
}
