//! R30: what strangers do is counted and said once a minute: they fill no disk through the log.

use std::fs::{self, File};
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::program::{Business, ringcard};
use crate::sighup::{FIRST, puts};

/// A little longer than the log waits for more of the same.
const GATHERED: Duration = Duration::from_secs(2);

/// The program with the log of a true server, and where that goes.
pub fn logging(business: &Business) -> (Command, std::path::PathBuf) {
    let path = business.data.path().join("log");
    let mut program = ringcard(business.data.path());
    program.arg("serve").env("RINGCARD_LOG", "info").stderr(File::create(&path).unwrap());
    (program, path)
}

/// The lines that came after the program was ready.
async fn said(path: &std::path::Path) -> Vec<String> {
    tokio::time::sleep(GATHERED).await;
    let lines = fs::read_to_string(path).unwrap();
    lines.lines().skip_while(|line| !line.contains("listening")).skip(1).map(str::to_owned).collect()
}

async fn sends(address: &str, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let _ = tokio::time::timeout(Duration::from_secs(1), stream.read_to_end(&mut Vec::new())).await;
}

#[tokio::test]
async fn r30_strangers_write_a_line_a_minute_and_no_more() {
    let business = Business::opens();
    let (mut program, log) = logging(&business);
    let server = business.starts(&mut program).await;
    let address = server.url.strip_prefix("http://").unwrap();
    for number in 0..300 {
        let form = [("cmd", "event"), ("crm_token", &format!("guessed-{number}"))];
        business.http.post(format!("{}/pbx", server.url)).form(&form).send().await.unwrap();
    }
    for _ in 0..12 {
        let guess = json!({"login": "admin", "password": "a wrong guess"});
        business.http.post(format!("{}/api/session", server.url)).json(&guess).send().await.unwrap();
    }
    let odd: [&[u8]; 8] = [
        b"\0\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\ncontent-length: x\r\n\r\n",
        b"POST /pbx HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999\r\n\r\n",
        b"POST /pbx HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/session HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\n{",
        b"BREW /pot HTTP/1.1\r\nhost: a\r\n\r\n",
    ];
    for bytes in odd.iter().cycle().take(200) {
        sends(address, bytes).await;
    }
    let lines = said(&log).await;
    // What came after the first second is said in a minute.
    assert!((1..=2).contains(&lines.len()), "{lines:#?}");
    let [first, ..] = lines.as_slice() else { unreachable!() };
    assert!(first.contains("pushes without a valid token address=127.0.0.1 times="), "{lines:#?}");
}

#[tokio::test]
async fn what_is_beyond_somebodys_role_is_said_once_a_minute() {
    let business = Business::opens();
    business.hires("olga", "operator");
    let (mut program, log) = logging(&business);
    let server = business.starts(&mut program).await;
    let cookie = business.signs_in_as(&server, "olga").await;
    for _ in 0..50 {
        let asked = business.http.get(format!("{}/api/audit", server.url)).header("cookie", &cookie);
        assert_eq!(asked.send().await.unwrap().status(), 403);
    }
    let lines = said(&log).await;
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains("requests beyond the role of who asked address=127.0.0.1 times="), "{lines:#?}");
}

#[tokio::test]
async fn r30_odd_handshakes_write_a_line_a_minute_and_no_more() {
    let business = Business::opens();
    puts(&business, FIRST);
    let (mut program, log) = logging(&business);
    let [cert, key] = ["tls.crt", "tls.key"].map(|name| business.data.path().join(name));
    let server = business.starts(program.env("RINGCARD_TLS_CERT", cert).env("RINGCARD_TLS_KEY", key)).await;
    let address = server.url.strip_prefix("https://").unwrap();
    let odd: [&[u8]; 4] = [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\0\x05\x01\0\0\x01\0",
        b"\x15\x03\x01\0\x02\x02\x28",
        b"\x16\x03\x01\xff\xff\0\0",
    ];
    for bytes in odd.iter().cycle().take(200) {
        sends(address, bytes).await;
    }
    let lines = said(&log).await;
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains("connections that agreed on no TLS address=127.0.0.1 times="), "{lines:#?}");
}
