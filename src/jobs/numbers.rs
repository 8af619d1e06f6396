//! Makes the numbers that called searchable. Every node may do it: nothing is taken in twice.

use std::time::Duration;

use crate::app::App;
use crate::app::clients::numbers;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_secs(1);
/// While there are more.
const AT_ONCE: Duration = Duration::from_millis(10);

pub fn start(app: &App) {
    let indexed = app.clone();
    supervise::keep(app, "numbers", async move || {
        numbers::index(&indexed).await.map(|calls| if calls == 0 { EVERY } else { AT_ONCE })
    });
}
