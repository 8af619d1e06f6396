//! Makes the day's backup, where a folder for it was named.

use std::time::Duration;

use crate::app::App;
use crate::app::upkeep::backups;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_secs(60);

pub fn start(app: &App) {
    if app.config.backup_dir.is_none() {
        return;
    }
    let kept = app.clone();
    supervise::keep(app, "backup", async move || {
        backups::make_due(&kept).await.map(|made| {
            if let Some(file) = made {
                tracing::info!(file = %file.display(), "a backup was made");
            }
            EVERY
        })
    });
}
