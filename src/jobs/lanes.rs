//! Keeps a lane going for every integration for which something is due. Every node may do it: each takes by lease.

use std::collections::HashMap;
use std::fmt::Display;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::jobs::supervise;

const EVERY: Duration = Duration::from_millis(500);
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// `due` answers for which integrations there is something to do, `run` does it until there is nothing more.
pub fn keep<E: Display + 'static>(
    app: &App,
    name: &'static str,
    due: impl AsyncFn(&App) -> Result<Vec<String>, E> + 'static,
    run: impl AsyncFn(&App, &str) -> Result<(), E> + Copy + 'static,
) {
    let driven = app.clone();
    let mut busy: HashMap<String, JoinHandle<()>> = HashMap::new();
    supervise::keep(app, name, async move || {
        let is_done = |lane: &mut JoinHandle<()>| lane.is_finished();
        for (integration, lane) in busy.extract_if(|_, lane| is_done(lane)) {
            if let Some(Err(_)) = lane.now_or_never() {
                return Err(format!("the lane of the integration {integration} panicked"));
            }
        }
        for id in due(&driven).await.map_err(|error| error.to_string())? {
            let app = driven.clone();
            busy.entry(id.clone()).or_insert_with(|| actix_web::rt::spawn(drive(app, name, id, run)));
        }
        Ok(EVERY)
    });
}

async fn drive<E: Display>(
    app: App,
    name: &'static str,
    integration: String,
    run: impl AsyncFn(&App, &str) -> Result<(), E>,
) {
    if let Err(error) = run(&app, &integration).await {
        tracing::warn!(job = name, integration, %error, "the lane of an integration stands still; trying again");
        tokio::time::sleep(AFTER_FAILURE).await;
    }
}
