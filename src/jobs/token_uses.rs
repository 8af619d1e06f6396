//! Writes down when each token was last used.

use std::time::Duration;

use crate::app::App;
use crate::app::integrations::token_uses;
use crate::app::people::api_tokens;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_secs(60);

pub fn start(app: &App) {
    let used = app.clone();
    supervise::keep(app, "token_uses", async move || {
        token_uses::keep(&used).await?;
        api_tokens::keep_uses(&used).await.map(|()| EVERY)
    });
}
