//! Deletes what has had its time. Every node may do it: what one has deleted the other finds gone.

use std::time::Duration;

use crate::app::App;
use crate::app::upkeep::retention::{self, Swept};
use crate::jobs::supervise;

/// A start has other things to do first.
const FIRST: Duration = Duration::from_secs(60);
const EVERY: Duration = Duration::from_secs(3_600);

pub fn start(app: &App) {
    let (swept, mut wait) = (app.clone(), FIRST);
    supervise::keep(app, "retention", async move || {
        tokio::time::sleep(std::mem::take(&mut wait)).await;
        retention::sweep(&swept).await.map(|swept| {
            tell(&swept);
            EVERY
        })
    });
}

fn tell(swept: &Swept) {
    if *swept == Swept::default() {
        return;
    }
    tracing::info!(
        calls = swept.calls,
        webhooks = swept.webhooks,
        deliveries = swept.deliveries,
        recordings = swept.recordings,
        leads = swept.leads,
        dismissals = swept.dismissals,
        dial_slots = swept.dial_slots,
        dial_tokens = swept.dial_tokens,
        sessions = swept.sessions,
        audit = swept.audit,
        "what had had its time was deleted"
    );
}
