//! Gives up the calls of which nothing more is heard. Every node may do it: each call is locked and looked at again.

use std::time::Duration;

use crate::app::App;
use crate::app::calls::settle;

const EVERY: Duration = Duration::from_millis(500);
const AFTER_FAILURE: Duration = Duration::from_secs(5);

pub async fn run(app: App) {
    loop {
        match settle::settle_due(&app).await {
            Ok(_) => tokio::time::sleep(EVERY).await,
            Err(error) => {
                tracing::warn!(%error, "calls cannot be settled now; trying again");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}
