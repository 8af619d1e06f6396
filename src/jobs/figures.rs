//! Counts the calls that no report knows yet, then puts days together that are over and are not, or not any more.

use std::time::Duration;

use crate::app::App;
use crate::app::reports::days;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_secs(300);
/// While there are more.
const AT_ONCE: Duration = Duration::from_millis(10);

pub fn start(app: &App) {
    let counted = app.clone();
    supervise::keep(app, "figures", async move || {
        days::catch_up(&counted).await.map(|is_more| if is_more { AT_ONCE } else { EVERY })
    });
}
