//! Recordings: fetched from the PBX, kept, played, and gone when their time is over.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use ringcard::app::upkeep::retention;
use serde_json::{Value, json};

use crate::fake_peer::{Asked, Reply};
use crate::support::office::{Office, at};
use crate::support::pbx::on;

/// As much as a recording of so many bytes, and text all the same.
fn sound(bytes: usize) -> String {
    format!("RIFF1234WAVEfmt {}", "s".repeat(bytes - 16))
}

/// A PBX that has a recording of 100,000 bytes.
async fn office() -> Office {
    Office::opens_with(|_| Reply::ok(&sound(100_000))).await
}

impl Office {
    /// Anna has talked, and the PBX says where the recording is.
    async fn talked(&self, callid: &str, link: &str) {
        self.pbx.reports("in", "Success", "30", on(callid, "anna"), &[("link", link)]).await;
    }

    /// As [`Office::talked`], with the recording at the PBX itself.
    async fn talked_at_its(&self, callid: &str, path: &str) {
        self.talked(callid, &self.peer.url(path)).await;
    }

    async fn recording(&self, callid: &str) -> Value {
        self.call(callid).await["recording"].clone()
    }

    /// Once the server's own lane has come so far.
    pub async fn recording_is(&self, callid: &str, state: &str) -> Value {
        self.recording_so(callid, |recording| recording["state"] == state).await
    }

    async fn recording_so(&self, callid: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let recording = self.recording(callid).await;
            if is_so(&recording) {
                return recording;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{recording}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// It was tried and is to be tried again: why, and when.
    async fn waits_for(&self, callid: &str) -> (Value, Value) {
        let is_tried = |recording: &Value| recording["state"] == "waiting" && !recording["why"].is_null();
        let recording = self.recording_so(callid, is_tried).await;
        (recording["why"]["code"].clone(), recording["next_try_at"].clone())
    }

    /// The files that are kept, without what is being fetched.
    fn files(&self) -> Vec<Vec<u8>> {
        fn walk(folder: &Path, found: &mut Vec<Vec<u8>>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.ends_with("parts") {
                    continue;
                }
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(std::fs::read(path).unwrap());
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.app.config.data_dir.join("recordings"), &mut found);
        found
    }
}

/// R38.
#[actix_web::test]
async fn a_recording_is_fetched_and_played_from_here() {
    let office = office().await;
    office.talked_at_its("a", "/r/1.mp3").await;
    let recording = office.recording_is("a", "ready").await;
    let call = office.call("a").await["id"].as_str().unwrap().to_owned();
    let url = format!("/api/calls/{call}/recording");
    let ready = json!({"state": "ready", "url": url, "duration_s": 30, "size_bytes": 100_000, "next_try_at": null,
        "why": null, "heard_by": []});
    assert_eq!(recording, ready);
    assert_eq!(office.files(), [sound(100_000).into_bytes()]);
    let whole = office.anna.get(&url).await;
    assert_eq!((whole.status, whole.content_type.as_str()), (200, "audio/wav"));
    assert_eq!(whole.text, sound(100_000));
    assert_eq!(office.recording("a").await["heard_by"], json!([office.anna.appears]));
    assert_eq!(office.get(&url).await.status, 401);
}

/// R41: once for each person, however often he listens.
#[actix_web::test]
async fn r41_who_listened_first_stands_in_the_audit() {
    let office = office().await;
    office.talked_at_its("a", "/r/1.mp3").await;
    office.recording_is("a", "ready").await;
    let call = office.call("a").await["id"].clone();
    let url = format!("/api/calls/{}/recording", call.as_str().unwrap());
    for person in [&office.anna, &office.anna, &office.boris] {
        office.clock.advance(1000);
        assert_eq!(person.get(&url).await.status, 200);
    }
    let page = office.admin.reads("/api/audit?limit=2").await;
    let told = |entry: &Value| json!([entry["action"], entry["by"]["login"], entry["about"]["id"]]);
    let told: Vec<_> = page["items"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(told, [json!(["recording_played", "boris", call]), json!(["recording_played", "anna", call])]);
}

#[actix_web::test]
async fn any_part_of_it_can_be_asked_for() {
    let office = office().await;
    office.talked_at_its("a", "/r/1.mp3").await;
    let url = office.recording_is("a", "ready").await["url"].as_str().unwrap().to_owned();
    let part = async |range: &str, version: Option<&str>| {
        let mut asked = office.anna.asks(reqwest::Method::GET, &url).header("range", range);
        if let Some(version) = version {
            asked = asked.header("if-range", version);
        }
        let answer = asked.send().await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (range, etag) = (header("content-range").unwrap_or_default(), header("etag").unwrap_or_default());
        (answer.status().as_u16(), range, etag, answer.text().await.unwrap())
    };
    let (status, range, etag, text) = part("bytes=0-15", None).await;
    assert_eq!((status, range.as_str(), text.as_str()), (206, "bytes 0-15/100000", "RIFF1234WAVEfmt "));
    let (status, range, _, text) = part("bytes=99990-", Some(&etag)).await;
    assert_eq!((status, range.as_str(), text.as_str()), (206, "bytes 99990-99999/100000", "ssssssssss"));
    assert_eq!(part("bytes=5-9", Some("\"another\"")).await.0, 200);
    let (status, range, ..) = part("bytes=100000-", None).await;
    assert_eq!((status, range.as_str()), (416, "bytes */100000"));
    let head = office.anna.asks(reqwest::Method::HEAD, &url).send().await.unwrap();
    assert_eq!(head.headers()["content-length"], "100000");
    assert_eq!(office.recording("a").await["heard_by"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn x08_what_is_not_there_yet_is_tried_again_at_a_time_that_people_can_read() {
    let tries = std::sync::atomic::AtomicUsize::new(0);
    let office = Office::opens_with(move |_| match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => Reply::status(404, "not found"),
        1 => Reply::html("<!DOCTYPE html><title>Запись готовится</title>"),
        2 => Reply::HangUpInMidBody,
        _ => Reply::ok(&sound(1_000)),
    })
    .await;
    office.talked_at_its("a", "/r/1.mp3").await;
    assert_eq!(office.waits_for("a").await, (json!("recording.not_there"), json!(at(30))));
    office.clock.advance(30_000);
    office.recording_so("a", |recording| recording["next_try_at"] == at(90)).await;
    assert_eq!(office.waits_for("a").await.0, "recording.no_sound");
    assert!(office.files().is_empty());
    office.clock.advance(60_000);
    office.recording_so("a", |recording| recording["next_try_at"] == at(210)).await;
    office.clock.advance(120_000);
    assert_eq!(office.recording_is("a", "ready").await["size_bytes"], 1_000);
    assert_eq!(office.files().len(), 1);
}

#[actix_web::test]
async fn what_stays_away_is_given_up_and_fetched_when_a_person_asks() {
    let is_there = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let there = std::sync::Arc::clone(&is_there);
    let office = Office::opens_with(move |_| {
        if there.load(std::sync::atomic::Ordering::SeqCst) { Reply::ok(&sound(50)) } else { Reply::status(403, "") }
    })
    .await;
    office.talked_at_its("a", "/r/1.mp3").await;
    office.waits_for("a").await;
    office.clock.advance(6 * 24 * 3_600_000);
    let anna = office.signs_in_again("anna").await;
    let began = Instant::now();
    let failed = loop {
        let recording = anna.reads("/api/calls?callid=a").await["items"][0]["recording"].clone();
        if recording["state"] == "failed" {
            break recording;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{recording}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((&failed["why"]["code"], &failed["next_try_at"]), (&json!("recording.not_there"), &Value::Null));
    is_there.store(true, std::sync::atomic::Ordering::SeqCst);
    let call = anna.reads("/api/calls?callid=a").await["items"][0]["id"].as_str().unwrap().to_owned();
    let again = anna.post(&format!("/api/calls/{call}/recording/retry"), json!({})).await;
    assert_eq!((again.status, &again.json()["recording"]["state"]), (200, &json!("waiting")));
    let began = Instant::now();
    while anna.reads(&format!("/api/calls/{call}")).await["recording"]["state"] != "ready" {
        assert!(began.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// R38.
#[actix_web::test]
async fn r38_it_is_fetched_from_allowed_hosts_and_looked_at_addresses_only() {
    let office = Office::opens_with(|asked: &Asked| match asked.line.as_str() {
        line if line.contains("/away") => Reply::Redirect { location: "http://elsewhere.example/1.mp3".to_owned() },
        line if line.contains("/near") => Reply::Redirect { location: "/r/1.mp3".to_owned() },
        line if line.contains("/round") => Reply::Redirect { location: "/round".to_owned() },
        line if line.contains("/large") => Reply::Promise { length: 300 << 20 },
        _ => Reply::ok(&sound(40)),
    })
    .await;
    let port = office.peer.address.port();
    let refused = async |callid: &str, link: &str| {
        office.talked(callid, link).await;
        office.recording_is(callid, "failed").await["why"].clone()
    };
    let host = refused("a", "http://elsewhere.example/1.mp3").await;
    assert_eq!((&host["code"], &host["params"]), (&json!("recording.host"), &json!({"host": "elsewhere.example"})));
    assert_eq!(refused("b", &office.peer.url("/away")).await["code"], "recording.host");
    assert_eq!(refused("c", &office.peer.url("/round")).await["code"], "recording.redirects");
    assert_eq!(refused("d", &office.peer.url("/large")).await["code"], "recording.too_large");
    office.talked_at_its("e", "/near").await;
    office.recording_is("e", "ready").await;
    // By its name, this machine is not what anybody listed.
    let by_name = format!("http://localhost:{port}/r/1.mp3");
    assert_eq!(refused("f", &by_name).await["code"], "recording.host");
    office.lists_hosts(json!(["LOCALHOST."])).await;
    let address = office.recording_so("f", |one| one["why"]["code"] == "recording.address").await;
    assert_eq!(address["why"]["params"]["host"], "localhost");
    // What an admin changes is tried at once.
    office.lists_hosts(json!(["localhost", "127.0.0.1", "::1"])).await;
    office.recording_is("f", "ready").await;
    assert_eq!(office.files().len(), 2);
}

#[actix_web::test]
async fn what_is_no_host_is_refused() {
    let office = office().await;
    let path = format!("/api/integrations/{}", office.integration);
    for hosts in [json!(["http://pbx.example.org/"]), json!(["*"]), json!("pbx.example.org"), json!([1])] {
        let answer = office.admin.patch(&path, json!({"settings": {"recording_hosts": hosts}})).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("settings.recording_hosts")));
    }
    office.lists_hosts(json!(["*.Example.org", "10.1.2.3"])).await;
    let kept = office.admin.reads(&path).await["settings"]["recording_hosts"].clone();
    assert_eq!(kept, json!(["*.example.org", "10.1.2.3"]));
}

#[actix_web::test]
async fn a_later_address_is_fetched_in_place_of_the_first() {
    let office =
        Office::opens_with(|asked: &Asked| Reply::ok(&sound(if asked.line.contains("/2.mp3") { 200 } else { 100 })))
            .await;
    office.talked_at_its("a", "/r/1.mp3").await;
    office.recording_is("a", "ready").await;
    office.talked_at_its("a", "/r/2.mp3").await;
    office.recording_so("a", |recording| recording["size_bytes"] == 200).await;
    // Said again it is fetched no more.
    let asked = office.peer.asked().len();
    office.talked_at_its("a", "/r/1.mp3").await;
    office.talked_at_its("a", "/r/2.mp3").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!((office.peer.asked().len(), office.files().len()), (asked, 1));
}

#[actix_web::test]
async fn recordings_go_in_their_time_and_with_their_calls() {
    let office = office().await;
    office.talked_at_its("a", "/r/1.mp3").await;
    office.recording_is("a", "ready").await;
    office.sets(json!({"retention": {"recordings_d": 1}})).await;
    office.clock.advance(2 * 24 * 3_600_000);
    let admin = office.signs_in_again("admin").await;
    assert_eq!(retention::sweep(&office.app).await.unwrap().recordings, 1);
    assert!(office.files().is_empty());
    let call = admin.reads("/api/calls?callid=a").await["items"][0].clone();
    assert_eq!(
        (&call["recording"]["state"], &call["recording"]["why"]["code"]),
        (&json!("none"), &json!("recording.erased"))
    );
    // Said again, it is not fetched again.
    office.talked_at_its("a", "/r/1.mp3").await;
    office.talked_at_its("b", "/r/2.mp3").await;
    let began = Instant::now();
    while office.files().is_empty() {
        assert!(began.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let patched = admin.patch("/api/settings", json!({"retention": {"recordings_d": null, "calls_d": 1}})).await;
    assert_eq!(patched.status, 200);
    office.clock.advance(2 * 24 * 3_600_000);
    let swept = retention::sweep(&office.app).await.unwrap();
    assert_eq!((swept.calls, swept.recordings), (2, 2));
    assert!(office.files().is_empty());
}

#[actix_web::test]
async fn what_is_erased_while_it_is_fetched_leaves_no_file() {
    let (release, held) = mpsc::channel::<()>();
    let (held, is_first) = (Mutex::new(held), AtomicBool::new(true));
    let office = Office::opens_with(move |_| {
        if is_first.swap(false, Ordering::SeqCst) {
            return Reply::status(404, "");
        }
        let _ = held.lock().unwrap().recv();
        Reply::ok(&sound(1_000))
    })
    .await;
    office.sets(json!({"retention": {"recordings_d": 1}})).await;
    office.talked_at_its("a", "/r/1.mp3").await;
    office.waits_for("a").await;
    office.clock.advance(2 * 24 * 3_600_000);
    until("it is fetched again", || office.peer.asked().len() == 2).await;
    assert_eq!(retention::sweep(&office.app).await.unwrap().recordings, 1);
    release.send(()).unwrap();
    let parts = office.app.config.recordings_folder().join("parts");
    until("the file is whole", || std::fs::read_dir(&parts).unwrap().next().is_none()).await;
    until("it is gone", || office.files().is_empty()).await;
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(10), "{what}: not within ten seconds");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Office {
    async fn lists_hosts(&self, hosts: Value) {
        let path = format!("/api/integrations/{}", self.integration);
        let answer = self.admin.patch(&path, json!({"settings": {"recording_hosts": hosts}})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}
