//! Keeps a lane going for every integration for which something is due. Every node may do it: each takes by lease.

use std::collections::HashMap;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::app::App;
use crate::app::outbox::lanes;

const EVERY: Duration = Duration::from_millis(500);
const AFTER_FAILURE: Duration = Duration::from_secs(5);

pub async fn run(app: App) {
    let mut busy: HashMap<String, JoinHandle<()>> = HashMap::new();
    loop {
        busy.retain(|_, lane| !lane.is_finished());
        match lanes::due(&app).await {
            Ok(due) => {
                for id in due {
                    busy.entry(id.clone()).or_insert_with(|| actix_web::rt::spawn(deliver(app.clone(), id)));
                }
                tokio::time::sleep(EVERY).await;
            }
            Err(error) => {
                tracing::warn!(%error, "the outbox cannot be read now; trying again");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}

async fn deliver(app: App, integration_id: String) {
    if let Err(error) = lanes::deliver(&app, &integration_id).await {
        tracing::warn!(%error, integration = integration_id, "the outbox of an integration stands still; trying again");
        tokio::time::sleep(AFTER_FAILURE).await;
    }
}
