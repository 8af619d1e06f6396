//! `ringcard integration`: the outside systems on the command line, beside a running server too.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fake_peer::{FakePeer, Reply};
use crate::support::office::Office;
use crate::support::pbx::{CLIENT, Pbx};

/// What a command said and how it ended.
#[derive(Debug, PartialEq)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

fn run(data: &Path, arguments: &[&str], stdin: &str) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ringcard"))
        .arg("integration")
        .args(arguments)
        .arg("--data-dir")
        .arg(data)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that has refused already reads no more.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn settings(peer: &FakePeer) -> String {
    json!({"url": peer.url("/sys/crm_api.wcgp"), "token": "planted-pbx-key"}).to_string()
}

fn refused(sentence: &str) -> Said {
    Said { code: 1, out: String::new(), err: format!("ringcard: {sentence}\n") }
}

fn said(out: &str) -> Said {
    Said { code: 0, out: out.to_owned(), err: String::new() }
}

#[test]
fn an_integration_lives_its_life_on_an_empty_store() {
    let data = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], stdin: &str| run(data.path(), arguments, stdin);
    let peer = FakePeer::always(Reply::ok("[]"));

    let added = run(&["add", "cloud-pbx", "main", "--settings", "-"], &settings(&peer));
    let issued: Value = serde_json::from_str(&added.out).unwrap();
    let (id, token) = (issued["id"].as_str().unwrap(), issued["crm_token"].as_str().unwrap());
    assert_eq!(added, said(&format!("{{\"id\":\"{id}\",\"crm_token\":\"{token}\"}}\n")));
    assert_eq!(token.len(), 43);
    assert_eq!(peer.asked(), [], "adding never calls outside");

    let file = data.path().join("settings.json");
    std::fs::write(&file, settings(&peer)).unwrap();
    let again = run(&["add", "cloud-pbx", "main", "--settings", file.to_str().unwrap()], "");
    assert_eq!(again, refused("there is an integration named main already; names are unique"));

    assert_eq!(
        run(&["list"], ""),
        said(&format!("main\tcloud-pbx\t{id}\t{}\tcrm_token never used\n", peer.url("/sys/crm_api.wcgp")))
    );
    assert_eq!(run(&["check", "main"], ""), said("the PBX answers and accepts the key; it names 0 employees\n"));
    assert_eq!(peer.asked()[0].body, "cmd=accounts&token=planted-pbx-key");

    let rotated: Value = serde_json::from_str(&run(&["rotate-token", "main"], "").out).unwrap();
    assert_eq!(rotated["id"], issued["id"]);
    assert_ne!(rotated["crm_token"], issued["crm_token"]);

    std::fs::remove_file(&file).unwrap();
    for kept in std::fs::read_dir(data.path()).unwrap() {
        let bytes = std::fs::read(kept.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("planted-pbx-key") && !text.contains(token), "secrets stay out of the store");
    }

    assert_eq!(run(&["remove", "main"], ""), said(""));
    assert_eq!(run(&["list"], ""), said(""));
    assert_eq!(run(&["remove", "main"], ""), refused("no such integration"));
}

#[test]
fn what_is_refused_is_one_line_and_an_exit_code() {
    let data = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], stdin: &str| run(data.path(), arguments, stdin);
    let add = ["add", "cloud-pbx", "main", "--settings", "-"];
    assert_eq!(run(&add, "{\"token\": \"planted"), refused("the settings are no JSON object"));
    assert_eq!(
        run(&add, "{}"),
        refused(
            "settings.url: is needed: the address from the PBX cabinet; \
             settings.token: is needed: the key from the PBX cabinet"
        )
    );
    assert_eq!(run(&["check", "main"], ""), refused("no such integration"));
    assert_eq!(run(&["add", "pbx", "main", "--settings", "-"], "{}").code, 2);
    assert_eq!(run(&["add", "cloud-pbx", "main"], "").code, 2);

    let plain = r#"{"url": "http://pbx.example.org/", "token": "key"}"#;
    let added = run(&add, plain);
    let warning = "the address is plain http: the key and the clients' numbers can be read on the way; use https";
    assert_eq!((added.code, added.err), (0, format!("ringcard: warning: {warning}\n")));

    let peer = FakePeer::always(Reply::status(401, ""));
    assert_eq!(run(&["add", "cloud-pbx", "wrong", "--settings", "-"], &settings(&peer)).code, 0);
    let key = "the PBX does not accept the key; copy it again from the PBX cabinet into the integration's token";
    assert_eq!(run(&["check", "wrong"], ""), refused(key));
}

#[actix_web::test]
async fn a_running_server_sees_what_the_command_did() {
    let office = Office::opens().await;
    if !office.is_embedded() {
        return;
    }
    let data = office.app.config.data_dir.clone();
    let added = run(&data, &["add", "cloud-pbx", "second", "--settings", "-"], &settings(&office.peer));
    assert_eq!(added.code, 0, "{added:?}");
    let issued: Value = serde_json::from_str(&added.out).unwrap();
    let second = Pbx::new(&office.crm, issued["crm_token"].as_str().unwrap());
    assert!(within_seconds(async || second.asks_who(CLIENT).await.status == 200).await);
    assert_eq!(office.admin.reads("/api/integrations").await["items"].as_array().unwrap().len(), 2);
    assert_eq!(run(&data, &["remove", "second"], "").code, 0);
    assert!(within_seconds(async || second.asks_who(CLIENT).await.status == 401).await);
}

/// Another process's change is noticed within moments, not at once.
async fn within_seconds(is_so: impl AsyncFn() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(5) {
        if is_so().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}
