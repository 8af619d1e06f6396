//! Takes away what is left of trial calls.

use std::time::Duration;

use crate::app::App;
use crate::app::integrations::trial;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_secs(20);

pub fn start(app: &App) {
    let swept = app.clone();
    supervise::keep(app, "trials", async move || trial::sweep(&swept).await.map(|()| EVERY));
}
