//! How much waits to go out, and how much could not.

use crate::app::App;
use crate::domain::delivery::DeliveryState;
use crate::error::Result;
use crate::store::tables::outbox;

/// Past so many, more is no news.
const COUNTED: i64 = 10_000;

/// By state.
///
/// # Errors
/// What the store says.
pub async fn count(app: &App) -> Result<Vec<(&'static str, i64)>> {
    let states = [DeliveryState::Pending, DeliveryState::Failed].map(DeliveryState::as_str);
    app.store
        .show(move |tx| states.iter().map(|state| Ok((*state, outbox::count(tx, state, COUNTED)?))).collect())
        .await
}
