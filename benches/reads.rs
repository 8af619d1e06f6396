//! How long reads take in a large store, through the program as it is shipped, over HTTP:
//!
//! ```text
//! ringcard fill --data-dir DIR --calls 10000000 --contacts 1000000
//! cargo bench --bench reads -- DIR [postgres://…]
//! ```
//!
//! prints the tables of `docs/benchmarks.md`. It adds a person, a Cloud PBX and some calls to the store.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on shall stop, and it prints")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

const PASSWORD: &str = "correct horse battery staple";
const ROUNDS: usize = 41;

/// A running ringcard on one store.
struct Program {
    address: SocketAddr,
    process: Child,
    token: String,
    cookie: String,
    started_in: Duration,
    /// After a second of nothing, before anybody has signed in: a password's hash takes 19 MiB for a while.
    idle_mib: f64,
}

impl Program {
    fn start(data: &str, database: Option<&str>) -> Self {
        let base = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ringcard"));
            command.env_remove("RINGCARD_DATABASE_URL").env("RINGCARD_DATA_DIR", data).env("RINGCARD_LOG", "warn");
            if let Some(database) = database {
                command.env("RINGCARD_DATABASE_URL", database);
            }
            command
        };
        let run = |arguments: &[&str], stdin: &str| {
            let mut process = base().args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            process.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
            let output = process.wait_with_output().unwrap();
            assert!(output.status.success(), "{arguments:?}");
            String::from_utf8(output.stdout).unwrap()
        };
        let name = format!("bench-{}", std::process::id());
        run(&["user", "add", &name, "--role", "admin", "--password-stdin"], PASSWORD);
        let settings = r#"{"url":"http://127.0.0.1:9/sys/crm_api.wcgp","token":"never-used-by-the-bench"}"#;
        let issued = run(&["integration", "add", "cloud-pbx", &name, "--settings", "-"], settings);
        let issued: Value = serde_json::from_str(&issued).unwrap();
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        let began = Instant::now();
        let process =
            base().env("RINGCARD_LISTEN", address.to_string()).arg("serve").stdout(Stdio::null()).spawn().unwrap();
        while !is_ready(address) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let started_in = began.elapsed();
        std::thread::sleep(Duration::from_secs(1));
        let token = issued["crm_token"].as_str().unwrap().to_owned();
        let mut program = Self { address, process, token, cookie: String::new(), started_in, idle_mib: 0.0 };
        program.idle_mib = program.resident_mib();
        let body = format!(r#"{{"login":"{name}","password":"{PASSWORD}"}}"#);
        let answer = program.connect().ask("POST", "/api/session", "application/json", &body);
        program.cookie = answer.head.split("ringcard=").nth(1).unwrap().split(';').next().unwrap().to_owned();
        program
    }

    fn connect(&self) -> Client {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream: BufReader::new(stream), cookie: self.cookie.clone() }
    }

    fn resident_mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }
}

fn is_ready(address: SocketAddr) -> bool {
    let Ok(stream) = TcpStream::connect(address) else { return false };
    let mut client = Client { stream: BufReader::new(stream), cookie: String::new() };
    client.ask("GET", "/readyz", "text/plain", "").head.starts_with("HTTP/1.1 200")
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Client {
    stream: BufReader<TcpStream>,
    cookie: String,
}

struct Answer {
    head: String,
    body: String,
    took: Duration,
}

impl Client {
    fn send(&mut self, method: &str, path: &str, kind: &str, body: &str) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\ncookie: ringcard={}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
    }

    fn ask(&mut self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        let began = Instant::now();
        self.send(method, path, kind, body);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(self.stream.read_line(&mut head).unwrap() > 0, "{path}: the line was cut");
        }
        let length = head
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        Answer { head, body: String::from_utf8(body).unwrap(), took: began.elapsed() }
    }

    fn get(&mut self, path: &str) -> Answer {
        let answer = self.ask("GET", path, "text/plain", "");
        assert!(answer.head.starts_with("HTTP/1.1 200"), "{path}: {} {}", answer.head, answer.body);
        answer
    }

    fn json(&mut self, path: &str) -> Value {
        serde_json::from_str(&self.get(path).body).unwrap()
    }
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// One row of the table: the query, its median and worst time, what came.
fn row(client: &mut Client, name: &str, path: &str) {
    let mut took: Vec<_> = (0..ROUNDS).map(|_| client.get(path).took).collect();
    let first = took[0];
    took.sort();
    let page = client.json(path);
    let (count, to) = (page["items"].as_array().unwrap().len(), page["searched_to"].as_str().unwrap_or("–"));
    println!(
        "| {name} | {:.1} | {:.1} | {:.1} | {count} | {to} |",
        ms(took[ROUNDS / 2]),
        ms(took[ROUNDS - 1]),
        ms(first)
    );
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn lists(client: &mut Client) {
    println!("| read | median, ms | worst, ms | first, ms | items | searched_to |\n|---|---:|---:|---:|---:|---|");
    // What the bench itself has pushed before is no sample: all are taken from the time before last midnight.
    let midnight =
        format!("{}T00:00:00Z", &client.json("/api/calls?limit=1")["items"][0]["started_at"].as_str().unwrap()[..10]);
    let year: i64 = midnight[..4].parse().unwrap();
    let past = format!("{}-12-31T00:00:00Z", year - 1);
    let window = format!("from={}-12-01T00:00:00Z&to={past}", year - 1);
    let deep = client.json(&format!("/api/calls?limit=1&to={past}"));
    let (old, cursor) = (deep["items"][0].clone(), deep["next"].as_str().unwrap().to_owned());
    let text = |value: &Value| encode(value.as_str().unwrap_or_default());
    let mut sample = |query: &str| client.json(&format!("/api/calls?to={midnight}&limit=200&{query}"))["items"].clone();
    let talk = sample("state=answered")[0].clone();
    let calls = sample("");
    let contact = calls.as_array().unwrap().iter().find(|call| !call["contact"].is_null()).unwrap()["contact"].clone();
    let noted = sample("has=note")[0].clone();
    let word =
        noted["note"].as_str().unwrap().split_whitespace().max_by_key(|word| word.chars().count()).unwrap().to_owned();
    let line = sample("direction=in")[0]["line"]["number"].clone();
    for (name, query) in [
        ("newest page", String::new()),
        ("by number", format!("phone={}", text(&old["phone"]))),
        ("by contact", format!("contact={}", text(&contact["id"]))),
        ("by callid", format!("callid={}", text(&old["callid"]))),
        ("by user", format!("user={}", text(&talk["user"]["id"]))),
        ("by state, missed", "state=missed".to_owned()),
        ("by state, busy", "state=busy".to_owned()),
        ("by state, requested", "state=requested".to_owned()),
        ("by line", format!("line={}", text(&line))),
        ("a window in the past", window.clone()),
        ("deep cursor", format!("cursor={cursor}")),
        ("by user and state", format!("user={}&state=missed", text(&talk["user"]["id"]))),
        ("with a note", "has=note".to_owned()),
        ("with a recording", "has=recording".to_owned()),
        ("outcome that nobody wrote", "outcome=zzzz".to_owned()),
        ("line that nobody dialled", "line=70000000000".to_owned()),
        ("calls: name, common", format!("q={}", encode("иван"))),
        ("calls: one client", format!("q={}", encode(contact["name"].as_str().unwrap_or("клиент 5")))),
        ("calls: digits", format!("q={}", &old["phone"].as_str().unwrap()[3..])),
        ("calls: last four", format!("q={}", &old["phone"].as_str().unwrap()[8..])),
        ("calls: a note's word", format!("q={}", encode(&word))),
        ("calls: none", "q=zzzz".to_owned()),
        ("calls: two letters", format!("q={}", encode("ив"))),
    ] {
        row(client, name, &format!("/api/calls?{query}"));
    }
    for (name, query) in [
        ("contacts, newest", String::new()),
        ("contacts: common", format!("q={}", encode("иван"))),
        ("contacts: rare", "q=client12345%40".to_owned()),
        ("contacts: two words", format!("q={}", encode("иван ооо"))),
        ("contacts: digits", format!("q={}", &old["phone"].as_str().unwrap()[3..])),
        ("contacts: last four", format!("q={}", &old["phone"].as_str().unwrap()[8..])),
        ("contacts: none", "q=zzzz".to_owned()),
        ("contacts: two letters", format!("q={}", encode("ив"))),
        ("contacts: a tag that nobody has", "tag=zzzz".to_owned()),
        ("contacts: leads", "kind=lead".to_owned()),
    ] {
        row(client, name, &format!("/api/contacts?{query}"));
    }
}

fn push(client: &mut Client, token: &str, kind: &str, callid: &str) -> Duration {
    let phone = 79_000_000_000_u64 + callid.bytes().fold(7_u64, |sum, byte| sum * 31 % 99_999_989 + u64::from(byte));
    let body = format!("cmd=event&type={kind}&phone={phone}&user=nobody&callid={callid}&crm_token={token}");
    let answer = client.ask("POST", "/pbx", "application/x-www-form-urlencoded", &body);
    assert!(answer.head.starts_with("HTTP/1.1 200"), "{}", answer.head);
    answer.took
}

/// From the push to the stream, while sixteen people search for what takes longest.
fn cards(program: &Program) {
    let over = AtomicBool::new(false);
    let searches = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for n in 0..16 {
            let (over, searches) = (&over, &searches);
            scope.spawn(move || {
                let mut client = program.connect();
                let query = [
                    "/api/calls?q=zzzz",
                    "/api/calls?outcome=zzzz",
                    "/api/contacts?tag=zzzz",
                    "/api/calls?q=%D0%B8%D0%B2%D0%B0%D0%BD",
                ][n % 4];
                while !over.load(Ordering::Relaxed) {
                    client.get(query);
                    searches.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let mut stream = program.connect();
        stream.send("GET", "/api/live?watch=all", "text/plain", "");
        let mut took = Vec::new();
        let mut pusher = program.connect();
        std::thread::sleep(Duration::from_millis(500));
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until {
            let callid = format!("card{}x{}", program.process.id(), took.len());
            let began = Instant::now();
            push(&mut pusher, &program.token, "INCOMING", &callid);
            let mut line = String::new();
            while !line.contains(&format!("\"callid\":\"{callid}\"")) {
                line.clear();
                stream.stream.read_line(&mut line).unwrap();
            }
            took.push(began.elapsed());
            push(&mut pusher, &program.token, "CANCELLED", &callid);
            std::thread::sleep(Duration::from_millis(100));
        }
        over.store(true, Ordering::Relaxed);
        took.sort();
        let (count, many) = (took.len(), searches.load(Ordering::Relaxed));
        println!(
            "push to card while 16 search ({many} searches in 30 s): median {:.1} ms, 99 % {:.1} ms, worst {:.1} ms of {count}",
            ms(took[count / 2]),
            ms(took[count * 99 / 100]),
            ms(took[count - 1])
        );
    });
}

/// A database of our own on the server of the filled one; it goes with this.
struct EmptyDatabase {
    server: postgres::Client,
    name: String,
    address: String,
}

impl EmptyDatabase {
    fn beside(filled: &str) -> Self {
        let mut server = postgres::Client::connect(filled, postgres::NoTls).unwrap();
        let name = format!("ringcard_bench_{}", std::process::id());
        server.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let (before, options) = filled.split_once('?').map_or((filled, String::new()), |(a, b)| (a, format!("?{b}")));
        let (server_address, _) = before.rsplit_once('/').unwrap();
        let address = format!("{server_address}/{name}{options}");
        Self { server, name, address }
    }
}

impl Drop for EmptyDatabase {
    fn drop(&mut self) {
        let _ = self.server.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// Pushes a second over 32 connections, in slices by turns.
fn pushes(programs: [&Program; 2]) {
    let mut rates = [Vec::new(), Vec::new()];
    for slice in 0..8_usize {
        let program = programs[slice % 2];
        let until = Instant::now() + Duration::from_millis(1_500);
        let count = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for thread in 0..32 {
                let count = &count;
                scope.spawn(move || {
                    let (mut client, mut n) = (program.connect(), 0);
                    while Instant::now() < until {
                        let callid = format!("load{}x{slice}x{thread}x{n}", program.process.id());
                        for kind in ["INCOMING", "ACCEPTED", "COMPLETED"] {
                            push(&mut client, &program.token, kind, &callid);
                        }
                        count.fetch_add(3, Ordering::Relaxed);
                        n += 1;
                    }
                });
            }
        });
        rates[slice % 2].push(count.load(Ordering::Relaxed) as f64 / 1.5);
    }
    let [large, empty] = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    println!("pushes a second: {large:.0} in the large store, {empty:.0} in an empty one: {:.2}", large / empty);
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [data, database @ ..] = &arguments[..] else {
        println!("reads: needs a filled store: cargo bench --bench reads -- DIR [postgres://…]");
        return;
    };
    let large = Program::start(data, database.first().map(String::as_str));
    println!("ready in {:.2} s, idle memory {:.1} MiB", large.started_in.as_secs_f64(), large.idle_mib);
    lists(&mut large.connect());
    cards(&large);
    let fresh = tempfile::tempdir().unwrap();
    let database = database.first().map(|filled| EmptyDatabase::beside(filled));
    let empty = Program::start(fresh.path().to_str().unwrap(), database.as_ref().map(|empty| empty.address.as_str()));
    pushes([&large, &empty]);
    drop(empty);
    println!("memory after all this {:.1} MiB", large.resident_mib());
}
