//! Rows of the journal that are written behind the answer.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc;

use crate::store::tables::webhooks::WebhookRow;

/// How many rows may wait; what comes on top is dropped.
const WAITING_ROWS: usize = 256;

/// The journal of `contact`: written behind the answer, never waited for.
pub struct ContactJournal {
    sender: mpsc::Sender<WebhookRow>,
    receiver: Mutex<Option<mpsc::Receiver<WebhookRow>>>,
}

impl Default for ContactJournal {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_ROWS);
        Self { sender, receiver: Mutex::new(Some(receiver)) }
    }
}

impl ContactJournal {
    /// The other end, for the job that writes; `None` the second time.
    pub fn take_receiver(&self) -> Option<mpsc::Receiver<WebhookRow>> {
        self.receiver.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps a row for the job; dropped, and never made, when the job cannot keep up.
    pub fn note(&self, row: impl FnOnce() -> WebhookRow) {
        if let Ok(place) = self.sender.try_reserve() {
            place.send(row());
        }
    }
}
