//! R38: `kill -9` in the middle of fetching loses no recording and keeps none twice.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::fake_peer::{FakePeer, Reply};
use crate::program::{Business, Server, client, ringcard};

/// The leases of what was on its way run out within it.
const PATIENCE: Duration = Duration::from_secs(90);

/// As many calls as `RINGCARD_TEST_RECORDINGS` says: 10,000 need five minutes.
#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how many, a test is told by its environment")]
async fn r38_no_recording_is_lost_or_kept_twice_when_the_program_is_killed() {
    let calls = std::env::var("RINGCARD_TEST_RECORDINGS").map_or(300, |calls| calls.parse().unwrap());
    fetch_and_kill(calls, if calls > 300 { 10 } else { 2 }).await;
}

/// What the PBX has at this path: another thing for each call.
fn sound(path: &str) -> String {
    format!("RIFF1234WAVEfmt {path} {}", "s".repeat(2_000))
}

async fn fetch_and_kill(calls: usize, kills: usize) {
    let pbx = FakePeer::answering(|asked| Reply::ok(&sound(asked.line.split(' ').nth(1).unwrap())));
    let business = Business::opens();
    let mut server = business.serves().await;
    for nth in 0..calls {
        let callid = format!("c{nth}");
        assert!(business.reports(&server, &callid, &pbx.url(&format!("/{callid}.mp3"))).await);
    }
    for kill in 1..=kills {
        until("nothing is fetched", || pbx.asked().len() > calls * kill / (kills + 1)).await;
        server.dies();
        server = business.serves().await;
    }
    let began = Instant::now();
    let found = loop {
        let found = business.recordings(&server).await;
        if found.iter().filter(|call| call["recording"]["state"] == "ready").count() == calls {
            break found;
        }
        assert!(began.elapsed() < PATIENCE, "not all were fetched");
        tokio::time::sleep(Duration::from_millis(250)).await;
    };
    let cookie = business.signs_in(&server).await;
    for call in &found {
        let url = format!("{}{}", server.url, call["recording"]["url"].as_str().unwrap());
        let answer = business.http.get(url).header("cookie", &cookie).send().await.unwrap();
        let callid = call["callid"].as_str().unwrap();
        assert_eq!(answer.text().await.unwrap(), sound(&format!("/{callid}.mp3")), "{callid}");
    }
    let (kept, left) = files(&business.data.path().join("recordings"));
    assert_eq!(kept, calls);
    // Three are on their way at a time; what was left of them goes within a day.
    assert!(left <= 3 * kills, "{left} half files were left by {kills} kills");
    let asked = pbx.asked().len();
    assert!(asked <= calls + 3 * kills, "{asked} were fetched");
    println!(
        "{calls} recordings over {kills} kills: all kept once, {} fetched again, {left} halves left",
        asked - calls
    );
}

/// A bucket on a server that speaks S3 (moto, which `.ci/run` installs), gone with the test.
struct S3 {
    server: Child,
    url: String,
}

impl S3 {
    async fn starts() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/moto/bin/moto_server");
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let s3 = Self { server: command.spawn().expect("moto, see .ci/run"), url: format!("http://127.0.0.1:{port}") };
        let began = Instant::now();
        while client().put(format!("{}/calls", s3.url)).send().await.is_err() {
            assert!(began.elapsed() < PATIENCE, "moto never answers");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        s3
    }

    /// The names of what is in the bucket, as its server lists them.
    async fn lists(&self) -> String {
        client().get(format!("{}/calls?list-type=2", self.url)).send().await.unwrap().text().await.unwrap()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[tokio::test]
#[ignore = "needs moto"]
async fn recordings_stand_in_a_bucket_and_nowhere_else() {
    let pbx = FakePeer::answering(|_| Reply::ok(&sound("/1.mp3")));
    let (s3, business) = (S3::starts().await, Business::opens());
    let place = format!("s3://key:se%2Fcret@calls/of/us?endpoint={}&region=ru-1", s3.url);
    let server =
        business.starts(ringcard(business.data.path()).arg("serve").env("RINGCARD_RECORDINGS_URL", place)).await;
    assert!(business.reports(&server, "c1", &pbx.url("/1.mp3")).await);
    let began = Instant::now();
    let call = loop {
        let call = business.recordings(&server).await[0].clone();
        if call["recording"]["state"] == "ready" {
            break call;
        }
        assert!(began.elapsed() < PATIENCE, "{call}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(s3.lists().await.matches("<Key>of/us/0").count(), 1);
    assert_eq!(files(&business.data.path().join("recordings")), (0, 0));
    let url = format!("{}{}", server.url, call["recording"]["url"].as_str().unwrap());
    let cookie = business.signs_in(&server).await;
    let whole = business.http.get(&url).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(whole.text().await.unwrap(), sound("/1.mp3"));
    let part = business.http.get(&url).header("cookie", &cookie).header("range", "bytes=4-7").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.text().await.unwrap().as_str()), (206, "1234"));
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// How many files are kept, and how many are half fetched.
fn files(root: &Path) -> (usize, usize) {
    let (mut kept, mut left) = (0, 0);
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap();
        let count = std::fs::read_dir(folder.path()).unwrap().count();
        if folder.file_name() == "parts" { left += count } else { kept += count }
    }
    (kept, left)
}

impl Business {
    /// The report of a talk whose recording is at `link`.
    pub async fn reports(&self, server: &Server, callid: &str, link: &str) -> bool {
        let form = [
            ("cmd", "history"),
            ("type", "in"),
            ("status", "Success"),
            ("duration", "5"),
            ("phone", "79101234567"),
            ("user", "anna"),
            ("callid", callid),
            ("link", link),
            ("crm_token", &self.crm_token),
        ];
        let answer = self.http.post(format!("{}/pbx", server.url)).form(&form).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// Every call, page by page.
    pub async fn recordings(&self, server: &Server) -> Vec<Value> {
        let cookie = self.signs_in(server).await;
        let (mut calls, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("{}/api/calls?limit=200{cursor}", server.url);
            let page: Value = self.http.get(path).header("cookie", &cookie).send().await.unwrap().json().await.unwrap();
            calls.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { return calls };
            cursor = format!("&cursor={next}");
        }
    }
}
