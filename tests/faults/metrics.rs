//! What a node tells whoever watches it.

use std::collections::BTreeMap;
use std::net::TcpListener;

use crate::program::{Business, ringcard};

#[tokio::test]
async fn metrics_count_pushes_by_verdict_and_stand_at_an_address_of_their_own() {
    let business = Business::opens();
    // A port that was free just now.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut program = ringcard(business.data.path());
    let server = business.starts(program.arg("serve").env("RINGCARD_METRICS_LISTEN", &address)).await;
    for callid in ["a", "b", "c"] {
        assert!(business.push(&server.url, callid, true).await);
    }
    let asks = [("cmd", "contact"), ("phone", "79101234567"), ("callid", "a"), ("crm_token", &business.crm_token)];
    let broken = [("cmd", "event"), ("crm_token", &business.crm_token)];
    let wrong = [("cmd", "event"), ("crm_token", "of-somebody-else-entirely")];
    for (form, status) in [(asks.as_slice(), 200), (&broken, 400), (&wrong, 401)] {
        let answer = business.http.post(format!("{}/pbx", server.url)).form(form).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
    let answer = business.http.get(format!("http://{address}/metrics")).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let page = answer.text().await.unwrap();
    let told: BTreeMap<&str, f64> = page
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit_once(' ').map(|(name, value)| (name, value.parse().unwrap())).unwrap())
        .collect();
    let expected = [
        ("ringcard_pushes_total{verdict=\"kept\"}", 3.0),
        ("ringcard_pushes_total{verdict=\"answered\"}", 1.0),
        ("ringcard_pushes_total{verdict=\"malformed\"}", 1.0),
        ("ringcard_pushes_total{verdict=\"wrong_token\"}", 1.0),
        ("ringcard_pushes_total{verdict=\"not_kept\"}", 0.0),
        ("ringcard_commit_seconds_count", 3.0),
        ("ringcard_commit_seconds_bucket{le=\"+Inf\"}", 3.0),
        ("ringcard_contact_seconds_count", 1.0),
        ("ringcard_ready", 1.0),
        ("ringcard_streams", 0.0),
        ("ringcard_deliveries{state=\"pending\"}", 0.0),
        ("ringcard_recordings{state=\"waiting\"}", 0.0),
        ("ringcard_recordings{state=\"failed\"}", 0.0),
        ("ringcard_reads_waiting{lane=\"look-up\"}", 0.0),
        ("ringcard_reads_waiting{lane=\"list\"}", 0.0),
        ("ringcard_job_down{job=\"outbox\"}", 0.0),
    ];
    for (name, value) in expected {
        assert_eq!(told.get(name), Some(&value), "{name} in {page}");
    }
    assert!(told["ringcard_commit_seconds_sum"] > 0.0);
    assert!(!page.contains("7910") && !page.contains("127.0.0.1"), "{page}");
    let refused = business.http.get(format!("{}/metrics", server.url)).send().await.unwrap();
    assert_eq!(refused.status(), 404, "not where everybody comes");
}
