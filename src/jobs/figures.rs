//! Counts the calls that no report knows yet; once it has come to the newest it has nothing more to do.

use std::time::Duration;

use crate::app::App;
use crate::app::calls::figures_anew;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_secs(3600);
/// While there are more.
const AT_ONCE: Duration = Duration::from_millis(10);

pub fn start(app: &App) {
    let counted = app.clone();
    supervise::keep(app, "figures", async move || {
        figures_anew::count(&counted).await.map(|calls| if calls == 0 { EVERY } else { AT_ONCE })
    });
}
