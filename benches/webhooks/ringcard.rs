//! ringcard as a process of its own: a store on the disk, one integration, an operator with a line, 100,000 contacts.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ringcard::clock::Clock;
use ringcard::domain::contact::{ContactKind, ContactPhone};
use ringcard::store::Store;
use ringcard::store::location::StoreLocation;
use ringcard::store::tables::contacts::{self, ContactRow};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_ringcard");
pub const PASSWORD: &str = "correct horse battery staple";
pub const CONTACTS: u32 = 100_000;

pub struct Ringcard {
    pub address: SocketAddr,
    pub token: String,
    pub idle_kib: u64,
    pub idle_with_contacts_kib: u64,
    process: Child,
    _data: tempfile::TempDir,
}

impl Ringcard {
    pub fn start() -> Self {
        Self::start_where(|_| {})
    }

    /// With an admin of this login.
    #[allow(dead_code, reason = "who imports signs in, who pushes does not")]
    pub fn start_with_owner(login: &str) -> Self {
        let add = ["user", "add", login, "--role", "admin", "--password-stdin"];
        Self::start_where(|data| drop(command(data, &add, PASSWORD)))
    }

    fn start_where(prepare: impl FnOnce(&Path)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let token = furnish(data.path());
        prepare(data.path());
        let idle_kib = idle_memory(data.path());
        add_contacts(data.path());
        let (process, address) = serve(data.path());
        std::thread::sleep(Duration::from_secs(1));
        wait_for_inspection(&process);
        let idle_with_contacts_kib = resident_kib(&process);
        Self { address, token, idle_kib, idle_with_contacts_kib, process, _data: data }
    }
}

impl Drop for Ringcard {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Makes the store, with one integration and an operator with a line; answers the crm_token.
pub fn furnish(data: &Path) -> String {
    let settings = r#"{"url":"http://127.0.0.1:9/sys/crm_api.wcgp","token":"never-used-by-the-bench"}"#;
    let issued = command(data, &["integration", "add", "cloud-pbx", "main", "--settings", "-"], settings);
    let issued: serde_json::Value = serde_json::from_str(&issued).unwrap();
    let user = ["user", "add", "andy", "--role", "operator", "--line", "main=andy", "--password-stdin"];
    command(data, &user, PASSWORD);
    issued["crm_token"].as_str().unwrap().to_owned()
}

/// What a fresh server takes, after a second of nothing.
fn idle_memory(data: &Path) -> u64 {
    let (mut process, _) = serve(data);
    std::thread::sleep(Duration::from_secs(1));
    let kib = resident_kib(&process);
    process.kill().unwrap();
    process.wait().unwrap();
    kib
}

fn serve(data: &Path) -> (Child, SocketAddr) {
    let address = free_address();
    let process = base(data).env("RINGCARD_LISTEN", address.to_string()).arg("serve").spawn().unwrap();
    wait_for(address);
    (process, address)
}

fn base(data: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .env_remove("RINGCARD_DATABASE_URL")
        .env("RINGCARD_DATA_DIR", data)
        // The limit writes no line a push either.
        .env("RINGCARD_LOG", "warn")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Runs one of ringcard's commands and returns what it prints.
fn command(data: &Path, arguments: &[&str], stdin: &str) -> String {
    let mut command = base(data);
    let command = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut process = command.spawn().unwrap();
    process.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The number of the n-th contact, without the plus, as the PBX sends it.
pub fn number(n: u32) -> String {
    format!("7910{n:07}")
}

pub fn add_contacts(data: &Path) {
    let store = Store::open(&StoreLocation::in_dir(data)).unwrap();
    let clock = Clock::system();
    for thousand in 0..CONTACTS / 1_000 {
        let rows: Vec<_> = (0..1_000)
            .map(|n| thousand * 1_000 + n)
            .map(|n| contact(clock.new_id(), clock.now_ms(), n, format!("+{}", number(n))))
            .collect();
        store
            .write_blocking(move |tx| {
                rows.iter().try_for_each(|(row, phone)| contacts::insert(tx, row, std::slice::from_ref(phone)))
            })
            .unwrap();
    }
}

pub fn contact(id: String, now_ms: i64, n: u32, number: String) -> (ContactRow, ContactPhone) {
    let row = ContactRow {
        id,
        name: format!("Клиент {n}"),
        company: format!("ООО «Ромашка {}»", n % 5_000),
        email: format!("client{n}@example.com"),
        note: String::new(),
        tags: Vec::new(),
        kind: ContactKind::Client,
        responsible_id: None,
        vip: false,
        alert: String::new(),
        made_by: None,
        created_ms: now_ms,
        updated_ms: now_ms,
    };
    (row, ContactPhone { number, label: String::new() })
}

fn resident_kib(process: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or("0 0");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The look through the file, once after each start, takes what the cores have to spare.
fn wait_for_inspection(process: &Child) {
    let names = || {
        let threads = std::fs::read_dir(format!("/proc/{}/task", process.id())).unwrap();
        threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("comm")).ok())
    };
    while names().any(|name| name.starts_with("store-inspectio")) {
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

pub fn wait_for(address: SocketAddr) {
    let began = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(began.elapsed() < Duration::from_secs(10), "nothing listens on {address}");
        std::thread::sleep(Duration::from_millis(10));
    }
}
