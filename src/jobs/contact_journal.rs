//! Writes the journal of `contact` behind the answers, many rows at once.

use std::time::Duration;

use crate::app::{App, pushes};
use crate::jobs::supervise;

/// At most one write in this time: look-ups must not wait for a journal.
const EVERY: Duration = Duration::from_millis(100);
const ROWS: usize = 256;

pub fn start(app: &App) {
    let Some(mut receiver) = app.contact_journal.take_receiver() else { return };
    let journaled = app.clone();
    supervise::keep(app, "contact_journal", async move || {
        let mut rows = Vec::new();
        receiver.recv_many(&mut rows, ROWS).await;
        pushes::keep_noted(&journaled, rows).await.map(|()| EVERY)
    });
}
