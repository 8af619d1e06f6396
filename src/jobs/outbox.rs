//! Keeps a lane going for every integration for which something is due. Every node may do it: each takes by lease.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::app::outbox::lanes;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_millis(500);
const AFTER_FAILURE: Duration = Duration::from_secs(5);

pub fn start(app: &App) {
    let sent = app.clone();
    let mut busy: HashMap<String, JoinHandle<()>> = HashMap::new();
    supervise::keep(app, "outbox", async move || {
        let is_done = |lane: &mut JoinHandle<()>| lane.is_finished();
        for (integration, lane) in busy.extract_if(|_, lane| is_done(lane)) {
            if let Some(Err(_)) = lane.now_or_never() {
                return Err(format!("the lane of the integration {integration} panicked"));
            }
        }
        for id in lanes::due(&sent).await.map_err(|error| error.to_string())? {
            busy.entry(id.clone()).or_insert_with(|| actix_web::rt::spawn(deliver(sent.clone(), id)));
        }
        Ok(EVERY)
    });
}

async fn deliver(app: App, integration_id: String) {
    if let Err(error) = lanes::deliver(&app, &integration_id).await {
        tracing::warn!(%error, integration = integration_id, "the outbox of an integration stands still; trying again");
        tokio::time::sleep(AFTER_FAILURE).await;
    }
}
