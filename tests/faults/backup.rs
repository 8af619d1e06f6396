//! R8: a backup that is made under load holds everything acknowledged before it began, and can be put back.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::program::{Business, Server, ringcard};

const CONNECTIONS: usize = 8;
const ACTS: &str = "SELECT group_concat(action || ' ' || about_name, ', ') FROM (SELECT * FROM audit WHERE action IN ('restored', 'backup_made') ORDER BY id DESC)";

fn runs(data: &Path, args: &[&str]) -> Output {
    ringcard(data).args(args).output().unwrap()
}

/// What it printed, when it did what it was told.
fn does(data: &Path, args: &[&str]) -> String {
    let output = runs(data, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The one line that says why it was not done.
fn refuses(data: &Path, args: &[&str]) -> String {
    let output = runs(data, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Pushes until told to stop; each caller's acknowledged calls, in their order.
struct Load {
    is_over: Arc<AtomicBool>,
    callers: Vec<tokio::task::JoinHandle<Vec<String>>>,
    acknowledged: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Load {
    fn begins(business: &Arc<Business>, server: &Server) -> Self {
        let (is_over, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let callers = (0..CONNECTIONS)
            .map(|caller| {
                let (business, is_over, url) = (Arc::clone(business), Arc::clone(&is_over), server.url.clone());
                let acknowledged: Arc<std::sync::Mutex<Vec<String>>> = Arc::clone(&acknowledged);
                tokio::spawn(async move {
                    let mut sent = Vec::new();
                    while !is_over.load(Ordering::SeqCst) {
                        let callid = format!("{caller}-{}", sent.len());
                        assert!(business.push(&url, &callid, caller % 2 == 0).await, "{callid} was not kept");
                        acknowledged.lock().unwrap().push(callid.clone());
                        sent.push(callid);
                    }
                    sent
                })
            })
            .collect();
        Self { is_over, callers, acknowledged }
    }

    fn acknowledged(&self) -> HashSet<String> {
        self.acknowledged.lock().unwrap().iter().cloned().collect()
    }

    async fn ends(self) -> HashSet<String> {
        self.is_over.store(true, Ordering::SeqCst);
        let mut sent = HashSet::new();
        for caller in self.callers {
            sent.extend(caller.await.unwrap());
        }
        sent
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r8_a_backup_under_load_holds_all_that_was_acknowledged_before_it() {
    let business = Arc::new(Business::opens());
    let mut server = business.serves().await;
    let recordings = business.data.path().join("recordings/2026");
    fs::create_dir_all(&recordings).unwrap();
    fs::write(recordings.join("one.mp3"), b"ID3 of one").unwrap();
    fs::create_dir(business.data.path().join("recordings/parts")).unwrap();
    fs::write(business.data.path().join("recordings/parts/two"), b"not finished").unwrap();
    let load = Load::begins(&business, &server);
    let away = tempfile::tempdir().unwrap();
    let file = away.path().join("kept.tar");
    let name = file.to_str().unwrap();
    for round in 0..3 {
        while load.acknowledged().len() < (round + 1) * 100 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let before = load.acknowledged();
        let (data, file) = (business.data.path().to_owned(), name.to_owned());
        let told = tokio::task::spawn_blocking(move || does(&data, &["backup", &file])).await.unwrap();
        let during = load.acknowledged().len() - before.len();
        assert!(told.contains("1 people, 1 recordings"), "{told}");
        is_restored(&business, name, &before, during).await;
    }
    assert!(load.ends().await.len() > 300);
    assert!(server.ends().await.1);
    assert_eq!(fs::read_dir(away.path()).unwrap().count(), 1, "a draft was left behind");
}

/// Elsewhere, from nothing, and without the key file.
async fn is_restored(business: &Business, file: &str, before: &HashSet<String>, during: usize) {
    let elsewhere = tempfile::tempdir().unwrap();
    let told = does(elsewhere.path(), &["restore", file]);
    assert!(told.contains("Put the key file back"), "{told}");
    assert!(!elsewhere.path().join("secret.key").exists());
    assert_eq!(fs::read(elsewhere.path().join("recordings/2026/one.mp3")).unwrap(), b"ID3 of one");
    assert_eq!(names(&elsewhere.path().join("recordings")), ["2026"]);
    fs::copy(business.data.path().join("secret.key"), elsewhere.path().join("secret.key")).unwrap();
    let restored = Business { data: elsewhere, crm_token: business.crm_token.clone(), http: business.http.clone() };
    assert_eq!(restored.integrity(), "ok");
    let server = restored.serves().await;
    let listed = restored.callids(&server).await;
    let kept: HashSet<String> = listed.iter().cloned().collect();
    assert_eq!(kept.len(), listed.len(), "a call is there twice");
    let lost: Vec<_> = before.difference(&kept).collect();
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), before.len());
    println!("{} acknowledged before, {during} during the backup, {} in it", before.len(), kept.len());
    assert!(restored.push(&server.url, "after", true).await, "it takes pushes again");
}

#[tokio::test]
async fn r8_a_restore_puts_nothing_in_the_place_of_what_is_newer_or_serves() {
    let business = Business::opens();
    let mut server = business.serves().await;
    assert!(business.push(&server.url, "old", true).await);
    let file = business.data.path().join("kept.tar");
    let name = file.to_str().unwrap();
    let data = business.data.path();
    does(data, &["backup", name]);
    let cookie = business.signs_in(&server).await;
    assert!(business.push(&server.url, "new", true).await);
    assert!(refuses(data, &["restore", name, "--force"]).contains("already serves"));
    assert!(server.ends().await.1);
    let refused = refuses(data, &["restore", name]);
    assert!(refused.contains("--force puts it aside"), "{refused}");
    let server = business.serves().await;
    assert_eq!(business.callids(&server).await, ["new", "old"]);
    drop(server);
    let told = does(data, &["restore", name, "--force"]);
    let aside = told.lines().find_map(|line| line.strip_prefix("The store that stood there is now ")).unwrap();
    assert!(fs::metadata(aside).unwrap().len() > 0, "{aside}");
    let server = business.serves().await;
    let asked = business.http.get(format!("{}/api/session", server.url)).header("cookie", cookie);
    assert_eq!(asked.send().await.unwrap().status(), 401, "nobody is signed in");
    assert_eq!(business.callids(&server).await, ["old"]);
    drop(server);
    let old = rusqlite::Connection::open(aside).unwrap();
    assert_eq!(old.query_row("SELECT count(*) FROM call", [], |row| row.get::<_, i64>(0)), Ok(2));
    let restored = rusqlite::Connection::open(data.join("ringcard.db")).unwrap();
    let acts = restored.query_row(ACTS, [], |row| row.get::<_, String>(0));
    assert_eq!(acts.as_deref(), Ok("restored kept.tar, backup_made kept.tar"), "R41");
}

#[test]
fn r8_what_is_no_whole_backup_is_refused_and_nothing_is_touched() {
    let business = Business::opens();
    let data = business.data.path();
    fs::create_dir(data.join("recordings")).unwrap();
    fs::write(data.join("recordings/a.mp3"), vec![7; 4_096]).unwrap();
    let file = data.join("kept.tar");
    let name = file.to_str().unwrap();
    does(data, &["backup", name]);
    let whole = fs::read(&file).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut changed = whole.clone();
    changed[100_000] ^= 1;
    let recording = whole.windows(512).rposition(|window| window.iter().all(|byte| *byte == 7)).unwrap();
    let mut other = whole.clone();
    other[recording] = 8;
    for damaged in [b"".as_slice(), b"no backup", &whole[..whole.len() / 2], &changed, &other] {
        fs::write(&file, damaged).unwrap();
        let refused = refuses(elsewhere.path(), &["restore", name]);
        assert!(refused.contains("is no whole backup") || refused.contains("is not what was kept"), "{refused}");
        let left: Vec<_> = fs::read_dir(elsewhere.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name == "ringcard.db"), "{left:?}");
    }
    let newer = tempfile::tempdir().unwrap();
    fs::write(&file, &whole).unwrap();
    does(newer.path(), &["restore", name]);
    let store = rusqlite::Connection::open(newer.path().join("ringcard.db")).unwrap();
    store.execute("UPDATE schema_version SET version = 999", []).unwrap();
    drop(store);
    let other = newer.path().join("other.tar");
    let refused = refuses(newer.path(), &["backup", other.to_str().unwrap()]);
    assert!(refused.contains("run the newer ringcard"), "{refused}");
    does(newer.path(), &["restore", name, "--force"]);
    let refused = refuses(data, &["backup", "--database-url", "postgres://nobody@localhost/x", name]);
    assert!(refused.contains("pg_dump"), "{refused}");
    let nowhere = tempfile::tempdir().unwrap();
    assert!(refuses(nowhere.path(), &["backup", name]).contains("there is no store"));
    assert_eq!(fs::read(&file).unwrap(), whole, "a backup that fails leaves the old one");
}

impl Business {
    /// Starts a server that makes backups in this folder and keeps two of them.
    async fn serves_with_backups(&self, folder: &Path) -> Server {
        let mut program = ringcard(self.data.path());
        program.arg("serve").env("RINGCARD_BACKUP_DIR", folder).env("RINGCARD_BACKUP_KEEP", "2");
        self.starts(&mut program).await
    }

    /// The codes of what the doctor finds of backups.
    async fn backups_found(&self, server: &Server) -> Vec<String> {
        let cookie = self.signs_in(server).await;
        let asked = self.http.get(format!("{}/api/doctor", server.url)).header("cookie", cookie);
        let found: serde_json::Value = asked.send().await.unwrap().json().await.unwrap();
        let items = found["items"].as_array().unwrap().iter();
        let of_backups = items.filter(|item| item["code"] == "backup" || item["about"] == "backup");
        of_backups.map(|item| item["why"]["code"].as_str().unwrap().to_owned()).collect()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn waits_for(what: impl AsyncFn() -> bool) {
    let began = std::time::Instant::now();
    while !what().await {
        assert!(began.elapsed().as_secs() < 20, "it never comes");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn r8_the_days_backup_is_made_by_itself_and_the_oldest_go() {
    let business = Business::opens();
    let data = business.data.path();
    fs::create_dir(data.join("recordings")).unwrap();
    fs::write(data.join("recordings/gone.mp3"), b"gone").unwrap();
    let away = tempfile::tempdir().unwrap();
    let folder = away.path().join("made");
    let server = business.serves_with_backups(&folder).await;
    waits_for(async || folder.exists() && names(&folder).iter().any(|name| name.ends_with(".tar"))).await;
    waits_for(async || names(&folder).len() == 2).await;
    assert_eq!(business.backups_found(&server).await, ["backup_last", "job_well"]);
    drop(server);
    let first = names(&folder)[1].clone();
    assert_eq!(names(&folder)[0], "recordings");
    assert_eq!(names(&folder.join("recordings")), ["gone.mp3"]);
    // Three days later.
    for old in ["20200101", "20200102", "20200103"] {
        fs::copy(folder.join(&first), folder.join(format!("ringcard-{old}T033000Z.tar"))).unwrap();
    }
    fs::remove_file(folder.join(&first)).unwrap();
    fs::remove_file(data.join("recordings/gone.mp3")).unwrap();
    fs::write(data.join("recordings/new.mp3"), b"new").unwrap();
    let server = business.serves_with_backups(&folder).await;
    waits_for(async || !names(&folder).contains(&"ringcard-20200102T033000Z.tar".to_owned())).await;
    waits_for(async || business.backups_found(&server).await == ["backup_last", "job_well"]).await;
    let kept = names(&folder);
    assert_eq!((kept.len(), kept[1].as_str()), (3, "ringcard-20200103T033000Z.tar"), "{kept:?}");
    assert_eq!(names(&folder.join("recordings")), ["gone.mp3", "new.mp3"], "the older one lists what has gone");
    let elsewhere = tempfile::tempdir().unwrap();
    let told = does(elsewhere.path(), &["restore", folder.join(&kept[2]).to_str().unwrap()]);
    assert!(told.contains("1 recordings") && !told.contains("stand neither"), "{told}");
    assert_eq!(fs::read(elsewhere.path().join("recordings/new.mp3")).unwrap(), b"new");
}

#[tokio::test]
async fn r8_a_backup_that_cannot_be_made_is_said() {
    let business = Business::opens();
    let data = business.data.path();
    fs::create_dir(data.join("recordings")).unwrap();
    fs::write(data.join("recordings/a.mp3"), b"a").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("ringcard-20200101T033000Z.tar");
    does(data, &["backup", old.to_str().unwrap()]);
    fs::write(folder.path().join("recordings"), b"no folder").unwrap();
    let mut program = ringcard(data);
    program.arg("serve").env("RINGCARD_BACKUP_DIR", folder.path()).stdout(std::process::Stdio::piped());
    let mut server = program.spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(server.stdout.as_mut().unwrap()), &mut line).unwrap();
    let url = line.trim().strip_prefix("ringcard is at ").unwrap().trim_end_matches('/').to_owned();
    let (credentials, http) =
        (serde_json::json!({"login": "admin", "password": crate::program::PASSWORD}), &business.http);
    let signed = http.post(format!("{url}/api/session")).json(&credentials).send().await.unwrap();
    let cookie = signed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    waits_for(async || {
        let asked = http.get(format!("{url}/api/doctor")).header("cookie", &cookie).send().await.unwrap();
        let found: serde_json::Value = asked.json().await.unwrap();
        let says = |code: &str| found["items"].as_array().unwrap().iter().any(|item| item["why"]["code"] == code);
        says("backup_old") && says("job_down")
    })
    .await;
    server.kill().unwrap();
    server.wait().unwrap();
    let mut program = ringcard(data);
    program.args(["serve", "--database-url", "postgres://nobody@localhost/x", "--backup-dir", "/nowhere"]);
    let refused = String::from_utf8(program.output().unwrap().stderr).unwrap();
    assert!(refused.contains("RINGCARD_BACKUP_DIR: a store in PostgreSQL"), "{refused}");
}
