//! Deletes what has had its time. Every node may do it: what one has deleted the other finds gone.

use std::time::Duration;

use crate::app::App;
use crate::app::upkeep::retention::{self, Swept};

/// A start has other things to do first.
const FIRST: Duration = Duration::from_secs(60);
const EVERY: Duration = Duration::from_secs(3_600);

pub async fn run(app: App) {
    tokio::time::sleep(FIRST).await;
    loop {
        match retention::sweep(&app).await {
            Ok(swept) => tell(&swept),
            Err(error) => tracing::warn!(%error, "what is old cannot be deleted now; trying again in an hour"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn tell(swept: &Swept) {
    if *swept == Swept::default() {
        return;
    }
    tracing::info!(
        calls = swept.calls,
        webhooks = swept.webhooks,
        deliveries = swept.deliveries,
        dismissals = swept.dismissals,
        dial_slots = swept.dial_slots,
        dial_tokens = swept.dial_tokens,
        sessions = swept.sessions,
        "what had had its time was deleted"
    );
}
