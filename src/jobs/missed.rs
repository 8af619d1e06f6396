//! What lapses on the missed board by itself.

use std::time::Duration;

use crate::app::App;
use crate::app::desk::missed;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_secs(2);

pub fn start(app: &App) {
    let kept = app.clone();
    supervise::keep(app, "missed", async move || missed::lapse(&kept).await.map(|()| EVERY));
}
