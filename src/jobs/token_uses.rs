//! Writes down when each crm_token was last used.

use std::time::Duration;

use crate::app::App;
use crate::app::integrations::token_uses;

const EVERY: Duration = Duration::from_secs(60);

pub async fn run(app: App) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = token_uses::keep(&app).await {
            tracing::warn!(%error, "the last use of tokens cannot be written down now; trying again");
        }
    }
}
