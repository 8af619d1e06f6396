//! SIGHUP reads the certificate again, and ends nothing.

use std::time::Duration;

use reqwest::tls::TlsInfo;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::json;

use crate::program::{Business, PASSWORD};

pub const FIRST: [&str; 2] =
    [include_str!("../data/certificate-first.crt"), include_str!("../data/certificate-first.key")];
const SECOND: [&str; 2] =
    [include_str!("../data/certificate-second.crt"), include_str!("../data/certificate-second.key")];

pub fn puts(business: &Business, [cert, key]: [&str; 2]) {
    std::fs::write(business.data.path().join("tls.crt"), cert).unwrap();
    std::fs::write(business.data.path().join("tls.key"), key).unwrap();
}

/// The certificate that a new connection is shown.
async fn shown(url: &str) -> Vec<u8> {
    let answer = crate::program::client().get(format!("{url}/healthz")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.extensions().get::<TlsInfo>().unwrap().peer_certificate().unwrap().to_vec()
}

fn certificate([pem, _]: [&str; 2]) -> Vec<u8> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap().to_vec()
}

#[tokio::test]
async fn the_certificate_is_read_again_on_sighup_and_a_wrong_one_changes_nothing() {
    let business = Business::opens();
    puts(&business, FIRST);
    let mut server = business.serves_https().await;
    assert_eq!(shown(&server.url).await, certificate(FIRST));
    for (files, expected) in [([FIRST[0], SECOND[1]], FIRST), (["", ""], FIRST), (SECOND, SECOND)] {
        puts(&business, files);
        server.hears("-HUP");
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(shown(&server.url).await, certificate(expected));
    }
    let credentials = json!({"login": "admin", "password": PASSWORD});
    let signed_in = business.http.post(format!("{}/api/session", server.url)).json(&credentials).send().await.unwrap();
    assert!(signed_in.headers()["set-cookie"].to_str().unwrap().starts_with("__Host-ringcard="));
    assert!(signed_in.headers().contains_key("strict-transport-security"));
    assert!(business.push(&server.url, "c", false).await);
    assert!(server.ends().await.1);
}

#[tokio::test]
async fn without_a_certificate_sighup_ends_nothing_either() {
    let business = Business::opens();
    let mut server = business.serves().await;
    server.hears("-HUP");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(business.push(&server.url, "c", false).await);
    assert!(server.ends().await.1);
}
