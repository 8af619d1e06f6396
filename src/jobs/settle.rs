//! Gives up the calls of which nothing more is heard. Every node may do it: each call is locked and looked at again.

use std::time::Duration;

use crate::app::App;
use crate::app::calls::settle;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_millis(500);

pub fn start(app: &App) {
    let settled = app.clone();
    supervise::keep(app, "settle", async move || settle::settle_due(&settled).await.map(|_| EVERY));
}
