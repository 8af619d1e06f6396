//! Writes the journal of `contact` behind the answers, many rows at once.

use std::time::Duration;

use crate::app::{App, pushes};

/// At most one write in this time: look-ups must not wait for a journal.
const EVERY: Duration = Duration::from_millis(100);
const ROWS: usize = 256;

pub async fn run(app: App) {
    let Some(mut receiver) = app.contact_journal.take_receiver() else { return };
    let mut rows = Vec::new();
    while receiver.recv_many(&mut rows, ROWS).await > 0 {
        if let Err(error) = pushes::keep_noted(&app, std::mem::take(&mut rows)).await {
            tracing::warn!(%error, "look-ups could not be journaled");
        }
        tokio::time::sleep(EVERY).await;
    }
}
