//! Alive, and ready.

use crate::support::TestApp;

#[tokio::test]
async fn the_server_says_that_it_is_alive_and_ready() {
    let crm = TestApp::start().await;
    let alive = crm.get("/healthz").await;
    assert_eq!(alive.status, 200, "{}", alive.text);
    assert_eq!(crm.get("/readyz").await.status, 200);
}
