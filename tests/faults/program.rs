//! The built program as a process of its own, on a data directory that outlives it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

pub const PASSWORD: &str = "correct horse battery";

/// A store with an admin and one Cloud PBX, and the token that proves it.
pub struct Business {
    pub data: TempDir,
    pub crm_token: String,
    pub http: reqwest::Client,
}

/// The server while it runs; killed when dropped.
pub struct Server {
    child: Child,
    /// Kept open: the program may write to it.
    _stdout: BufReader<ChildStdout>,
    pub url: String,
    pub ready_after: Duration,
}

pub fn ringcard(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringcard"));
    command
        .env_clear()
        .env("RINGCARD_DATA_DIR", data)
        .env("RINGCARD_LISTEN", "127.0.0.1:0")
        .env("RINGCARD_LOG", "warn");
    command
}

/// Runs a command to its end, feeding it `input`; answers what it printed.
fn run(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

impl Business {
    pub fn opens() -> Self {
        Self::opens_on(None)
    }

    /// With its store in a database, if any; whoever serves it says how it is reached.
    pub fn opens_on(database: Option<&str>) -> Self {
        let data = tempfile::tempdir().unwrap();
        let program = || {
            let mut program = ringcard(data.path());
            program.envs(database.iter().map(|url| ("RINGCARD_DATABASE_URL", url)));
            program
        };
        let settings = json!({"url": "http://127.0.0.1:9/sys/crm_api.wcgp", "token": "of-the-pbx"}).to_string();
        let add = ["integration", "add", "cloud-pbx", "main", "--settings", "-"];
        let printed = run(program().args(add), &settings);
        let issued: Value = serde_json::from_str(&printed).unwrap();
        let admin = ["user", "add", "admin", "--role", "admin", "--line", "main=anna", "--password-stdin"];
        run(program().args(admin), PASSWORD);
        Self { data, crm_token: issued["crm_token"].as_str().unwrap().to_owned(), http: client() }
    }

    /// Connects another system, while nobody serves.
    pub fn connects(&self, kind: &str, name: &str, settings: &Value) {
        let add = ["integration", "add", kind, name, "--settings", "-"];
        run(ringcard(self.data.path()).args(add), &settings.to_string());
    }

    /// Starts the server and waits until it is ready.
    pub async fn serves(&self) -> Server {
        self.starts(ringcard(self.data.path()).arg("serve")).await
    }

    /// As [`Business::serves`], one node of several, which says nothing of what its database does.
    pub async fn serves_from(&self, database: &str) -> Server {
        let mut program = ringcard(self.data.path());
        self.starts(program.arg("serve").env("RINGCARD_DATABASE_URL", database).env("RINGCARD_LOG", "off")).await
    }

    /// As [`Business::serves`], with the certificate that stands in the data directory.
    pub async fn serves_https(&self) -> Server {
        let mut program = ringcard(self.data.path());
        let [cert, key] = ["tls.crt", "tls.key"].map(|name| self.data.path().join(name));
        self.starts(program.arg("serve").env("RINGCARD_TLS_CERT", cert).env("RINGCARD_TLS_KEY", key)).await
    }

    /// As [`Business::serves`], with at most so many open files.
    pub async fn serves_with_files(&self, most: u32) -> Server {
        let line = format!("ulimit -n {most} && exec \"$0\" serve");
        let mut shell = Command::new("sh");
        let program = ringcard(self.data.path());
        shell.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        self.starts(shell.args(["-c", &line]).arg(program.get_program())).await
    }

    /// Starts this server and waits until it is ready.
    pub async fn starts(&self, command: &mut Command) -> Server {
        let began = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("ringcard is at ").unwrap().trim_end_matches('/').to_owned();
        loop {
            let asked = self.http.get(format!("{url}/readyz")).send().await;
            if asked.is_ok_and(|answer| answer.status() == 200) {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "it never gets ready");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Server { child, _stdout: stdout, url, ready_after: began.elapsed() }
    }

    /// Whether the server said that it has kept an event of this call.
    pub async fn push(&self, url: &str, callid: &str, is_history: bool) -> bool {
        let mut form =
            vec![("phone", "79101234567"), ("user", "anna"), ("callid", callid), ("crm_token", &self.crm_token)];
        if is_history {
            form.extend([("cmd", "history"), ("type", "in"), ("status", "Success"), ("duration", "5")]);
        } else {
            form.extend([("cmd", "event"), ("type", "INCOMING")]);
        }
        self.sends(url, &form).await
    }

    /// Whether the server said that it has kept this.
    pub async fn sends(&self, url: &str, form: &[(&str, &str)]) -> bool {
        let answer = self.http.post(format!("{url}/pbx")).form(form).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// Starts the server, which must refuse: its exit code, and what it said.
    pub fn is_refused(&self) -> (Option<i32>, String) {
        let output = ringcard(self.data.path()).arg("serve").output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    /// Somebody more who works here, with the password that all have.
    pub fn hires(&self, login: &str, role: &str) {
        let add = ["user", "add", login, "--role", role, "--password-stdin"];
        run(ringcard(self.data.path()).args(add), PASSWORD);
    }

    /// The admin's session cookie.
    pub async fn signs_in(&self, server: &Server) -> String {
        self.signs_in_as(server, "admin").await
    }

    pub async fn signs_in_as(&self, server: &Server, login: &str) -> String {
        let credentials = json!({"login": login, "password": PASSWORD});
        let answer = self.http.post(format!("{}/api/session", server.url)).json(&credentials).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// The callids of the whole history, page by page.
    pub async fn callids(&self, server: &Server) -> Vec<String> {
        let cookie = self.signs_in(server).await;
        self.callids_as(server, &cookie).await
    }

    /// As [`Business::callids`], by whoever has this cookie.
    pub async fn callids_as(&self, server: &Server, cookie: &str) -> Vec<String> {
        let mut callids = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("{}/api/calls?limit=200{cursor}", server.url);
            let answer = self.http.get(path).header("cookie", cookie).send().await.unwrap();
            let page: Value = answer.json().await.unwrap();
            let calls = page["items"].as_array().unwrap().iter();
            callids.extend(calls.map(|call| call["callid"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { return callids };
            cursor = format!("&cursor={next}");
        }
    }

    /// What SQLite says of its own file; nobody may be serving it.
    pub fn integrity(&self) -> String {
        let file = rusqlite::Connection::open(self.data.path().join("ringcard.db")).unwrap();
        file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
    }
}

impl Server {
    /// `kill -9`: nothing of the program runs after it.
    pub fn dies(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// How much memory it holds now.
    pub fn resident_bytes(&self) -> usize {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }

    /// Sends a signal.
    pub fn hears(&self, signal: &str) {
        let told = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// SIGTERM; answers how long it took to end, and whether it ended well.
    pub async fn ends(&mut self) -> (Duration, bool) {
        self.hears("-TERM");
        self.is_gone().await
    }

    /// Waits for its end; answers how long it took, and whether it ended well.
    pub async fn is_gone(&mut self) -> (Duration, bool) {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (began.elapsed(), status.success());
            }
            assert!(began.elapsed() < Duration::from_secs(20), "it does not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "the load has the limits that it wants")]
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10));
    // The certificates of the tests are nobody's.
    builder.tls_danger_accept_invalid_certs(true).tls_info(true).build().unwrap()
}
