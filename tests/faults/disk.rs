//! R3, R4: a disk that is full, and one that does not keep what it was given.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::fake_peer::{FakePeer, Reply};
use crate::program::{Business, Server, ringcard};

/// Room for the store, its log and little more.
const DISK: &str = "size=12m";

/// Serves a copy of the business's data on a small file system of its own, which goes with the program.
async fn serves_on_a_small_disk(business: &Business, log: &std::path::Path) -> (Server, PathBuf) {
    let disk = business.data.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let line = format!(
        "mount -t tmpfs -o {DISK} tmpfs \"$1\" && cp -p \"$2\"/ringcard.db* \"$2\"/*.key \"$1\" && exec \"$0\" serve"
    );
    let mut namespace = Command::new("unshare");
    let program = ringcard(&disk);
    namespace.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    namespace.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    namespace.args(["--map-root-user", "--mount", "sh", "-c", &line]).arg(program.get_program());
    namespace.arg(&disk).arg(business.data.path()).stderr(File::create(log).unwrap());
    let server = business.starts(&mut namespace).await;
    // The file system as the program sees it.
    let seen = format!("/proc/{}/root{}", server.process_id(), disk.display());
    (server, seen.into())
}

#[tokio::test]
async fn r3_a_full_disk_is_503_and_one_line_and_over_when_there_is_room() {
    let business = Business::opens();
    let log = business.data.path().join("log");
    let (server, disk) = serves_on_a_small_disk(&business, &log).await;
    let cookie = business.signs_in(&server).await;
    let mut acknowledged = HashSet::new();
    for number in 0..20 {
        let callid = format!("before-{number}");
        assert!(business.push(&server.url, &callid, true).await);
        acknowledged.insert(callid);
    }
    let filler = disk.join("filler");
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    // What the log has room for is kept, and may be said to be.
    let mut refused = 0;
    let mut number = 0;
    while refused < 200 {
        assert!(number < 20_000, "the disk never gets full");
        let callid = format!("full-{number}");
        if business.push(&server.url, &callid, true).await {
            acknowledged.insert(callid);
        } else {
            refused += 1;
        }
        number += 1;
    }
    let form = [
        ("cmd", "event"),
        ("type", "INCOMING"),
        ("user", "anna"),
        ("phone", "79101234567"),
        ("callid", "refused"),
        ("crm_token", &business.crm_token),
    ];
    let answer = business.http.post(format!("{}/pbx", server.url)).form(&form).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers().get("retry-after").is_some()), (503, true));
    for (path, status) in [("/", 200), ("/login", 200), ("/api/calls", 200), ("/api/missed", 200), ("/readyz", 503)] {
        let asked = business.http.get(format!("{}{path}", server.url)).header("cookie", &cookie);
        assert_eq!(asked.send().await.unwrap().status().as_u16(), status, "{path}");
    }
    drop(file);
    fs::remove_file(&filler).unwrap();
    let freed = Instant::now();
    while !business.push(&server.url, "after", true).await {
        assert!(freed.elapsed() < Duration::from_secs(2), "it does not come back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let back = freed.elapsed();
    acknowledged.insert("after".to_owned());
    let kept: HashSet<String> = business.callids(&server).await.into_iter().collect();
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let said = fs::read_to_string(&log).unwrap();
    assert_eq!(said.matches("the store cannot be written").count(), 1, "{said}");
    assert!(said.lines().count() <= 3, "{said}");
    println!("full disk: {} acknowledged, 0 lost, {refused} refused, back after {back:?}", acknowledged.len());
}

#[tokio::test]
async fn r38_below_a_gibibyte_of_room_no_recording_is_fetched_and_pushes_go_on() {
    let pbx = FakePeer::always(Reply::ok("RIFF1234WAVEfmt sound"));
    let business = Business::opens();
    let (server, _) = serves_on_a_small_disk(&business, &business.data.path().join("log")).await;
    assert!(business.reports(&server, "recorded", &pbx.url("/1.mp3")).await);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(business.push(&server.url, "after", true).await);
    assert_eq!(pbx.asked().len(), 0);
    let calls = business.recordings(&server).await;
    let call = calls.iter().find(|call| call["callid"] == "recorded").unwrap();
    assert_eq!(call["recording"]["state"], "waiting");
    let cookie = business.signs_in(&server).await;
    let doctor = business.http.get(format!("{}/api/doctor", server.url)).header("cookie", cookie).send().await;
    let doctor = doctor.unwrap().text().await.unwrap();
    assert!(doctor.contains("\"recordings_paused\""), "{doctor}");
}

#[tokio::test]
#[ignore = "needs strace"]
async fn r4_what_the_disk_did_not_keep_is_not_acknowledged_and_ends_the_program() {
    let business = Business::opens();
    let mut server = business.serves().await;
    let mut acknowledged = HashSet::new();
    for number in 0..50 {
        let callid = format!("before-{number}");
        assert!(business.push(&server.url, &callid, true).await);
        acknowledged.insert(callid);
    }
    let fault = "--inject=fsync,fdatasync:error=EIO";
    let mut strace = Command::new("strace");
    strace.args(["-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", fault, "-p"]);
    let mut strace = strace.arg(server.process_id().to_string()).stderr(Stdio::piped()).spawn().unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!business.push(&server.url, "not-synced", true).await);
    let (_, is_well) = server.is_gone().await;
    assert!(!is_well, "a supervisor must see that it failed");
    strace.wait().unwrap();
    let server = business.serves().await;
    let kept: HashSet<String> = business.callids(&server).await.into_iter().collect();
    let lost: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(business.push(&server.url, "after", true).await);
}
