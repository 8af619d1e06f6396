//! A job that fails or panics starts again, and the node is not ready meanwhile.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use ringcard::jobs::supervise;
use serde_json::json;

use crate::support::office::Office;

const FOR_EVER: Duration = Duration::from_secs(3_600);

async fn waits_until(done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(10), "it never comes");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[actix_web::test]
async fn a_job_that_panics_or_fails_starts_again_and_is_shown_meanwhile() {
    let office = Office::opens().await;
    let rounds = Rc::new(Cell::new(0));
    let (counted, began) = (Rc::clone(&rounds), Instant::now());
    supervise::keep(&office.app, "broken", async move || {
        counted.set(counted.get() + 1);
        match counted.get() {
            1 => Ok(Duration::ZERO),
            2 => panic!("on purpose"),
            3 => Err("the moon is full"),
            _ => Ok(FOR_EVER),
        }
    });
    waits_until(|| rounds.get() == 2).await;
    assert_eq!(office.get("/readyz").await.status, 503);
    assert_eq!(office.get("/healthz").await.status, 200);
    let found = office.findings().await[0].clone();
    let ill = json!({
        "code": "job", "about": "broken", "works": false, "why": {"code": "job_down", "params": {"failures": 1}},
        "proof": "it has failed 1 times since this node started",
        "advice": "it starts again by itself, within a minute; the log says why it fails",
    });
    assert_eq!(found, ill);
    waits_until(|| rounds.get() == 3).await;
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(office.get("/readyz").await.status, 503);
    waits_until(|| rounds.get() == 4).await;
    assert!(began.elapsed() >= Duration::from_secs(3), "each time later");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(office.get("/readyz").await.status, 200);
    assert_eq!(office.app.jobs.find_down(), None);
}

/// An endless round is well once it has gone on for a while.
#[actix_web::test]
async fn a_listener_that_goes_on_again_is_well() {
    let office = Office::opens().await;
    let mut has_failed = false;
    supervise::keep(&office.app, "listener", async move || {
        if std::mem::replace(&mut has_failed, true) {
            std::future::pending::<()>().await;
        }
        Err::<Duration, _>("once")
    });
    waits_until(|| office.app.jobs.find_down() == Some("listener")).await;
    waits_until(|| office.app.jobs.find_down().is_none()).await;
}
