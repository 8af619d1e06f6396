//! Rings for promises at their time. Every node may do it: each promise is locked and looked at again.

use std::time::Duration;

use crate::app::App;
use crate::app::desk::promises;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_secs(1);
/// While there may be more.
const AT_ONCE: Duration = Duration::from_millis(10);

pub fn start(app: &App) {
    let rung = app.clone();
    supervise::keep(app, "promises", async move || {
        promises::ring_due(&rung).await.map(|count| if count == 0 { EVERY } else { AT_ONCE })
    });
}
