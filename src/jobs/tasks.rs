//! Works at what takes long. Every node may do it: each batch locks its task and looks at it again.

use std::time::Duration;

use crate::app::App;
use crate::app::upkeep::tasks;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_millis(500);

pub fn start(app: &App) {
    let worked = app.clone();
    supervise::keep(app, "tasks", async move || {
        tasks::work_at_next(&worked).await.map(|has_worked| if has_worked { Duration::ZERO } else { EVERY })
    });
}
