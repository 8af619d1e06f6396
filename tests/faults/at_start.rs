//! What the server says when it starts, and that whoever goes by it finds the server.

use std::io::{BufRead, BufReader, Read};
use std::net::UdpSocket;
use std::process::{Child, ChildStdout, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Business, client, ringcard};
use crate::sighup::{FIRST, puts};

/// The server at every address of this machine, on an empty store.
fn starts(data: &TempDir) -> (Running, BufReader<ChildStdout>) {
    let mut command = ringcard(data.path());
    let mut child = command.env("RINGCARD_LISTEN", "0.0.0.0:0").stdout(Stdio::piped()).spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    (Running(child), stdout)
}

/// Ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The address by which this machine goes out, if it does.
fn address_of_this_machine() -> Option<String> {
    let probe = UdpSocket::bind("0.0.0.0:0").ok()?;
    probe.connect("198.51.100.1:9").ok()?;
    let ip = probe.local_addr().ok()?.ip();
    (!ip.is_loopback()).then(|| ip.to_string())
}

#[tokio::test]
async fn other_computers_are_told_an_address_of_the_network_at_which_the_server_is() {
    let data = tempfile::tempdir().unwrap();
    let (running, mut stdout) = starts(&data);
    let mut said = String::new();
    stdout.read_line(&mut said).unwrap();
    assert_eq!(said, "Make the first admin, within 30 minutes:\n");
    let mut here = String::new();
    stdout.read_line(&mut here).unwrap();
    let (here, token) = here.trim().split_once("/setup#").unwrap();
    let port = here.strip_prefix("http://localhost:").unwrap();
    let elsewhere = address_of_this_machine().map(|ip| format!("http://{ip}:{port}"));
    if let Some(url) = &elsewhere {
        let answer = client().get(format!("{url}/healthz")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    drop(running);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    let expected = elsewhere.map(|url| format!("  {url}/setup#{token} from other computers\n"));
    assert_eq!(rest, expected.unwrap_or_default());
}

/// Neither this machine's address nor anybody it trusts stands in the certificate.
#[tokio::test]
async fn a_trial_call_comes_through_when_the_server_has_a_certificate_of_its_own() {
    let business = Business::opens();
    puts(&business, FIRST);
    let server = business.serves_https().await;
    let cookie = business.signs_in(&server).await;
    let asks = |path: &str| business.http.get(format!("{}{path}", server.url)).header("cookie", &cookie);
    let ring = business.http.post(format!("{}/api/trial", server.url)).header("cookie", &cookie).json(&json!({}));
    assert_eq!(ring.send().await.unwrap().status(), 204);
    let page: Value = asks("/api/calls").send().await.unwrap().json().await.unwrap();
    let call = &page["items"][0];
    assert_eq!((&call["is_trial"], &call["state"]), (&json!(true), &json!("ringing")));
}
