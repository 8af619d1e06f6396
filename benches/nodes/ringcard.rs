//! A PostgreSQL of the bench's own, with every sync, and nodes of ringcard on it.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::place::{ask, start_server_in};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_ringcard");
/// How many numbers call.
pub const CONTACTS: u32 = 2_000;

/// The number of the n-th client, without the plus, as the PBX sends it.
pub fn number(n: u32) -> String {
    format!("7910{n:07}")
}

pub struct Server {
    pub port: u16,
    directory: tempfile::TempDir,
}

impl Server {
    pub fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let port = free_address().port();
        let listens = format!("-c listen_addresses=127.0.0.1 -c port={port}");
        start_server_in(directory.path(), &listens, "-c shared_buffers=512MB -c max_wal_size=4GB");
        Self { port, directory }
    }

    pub fn address(&self, database: &str) -> String {
        format!("postgres://ringcard@127.0.0.1:{}/{database}", self.port)
    }

    pub fn administer(&self, sql: &str) -> Vec<String> {
        ask(self.address("postgres"), vec![sql.to_owned()])
    }

    /// How often its log has this.
    pub fn has_logged(&self, what: &str) -> usize {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap().matches(what).count()
    }
}

/// A store in a database of its own, with one integration and an operator with a line.
pub struct Business {
    pub database: String,
    pub token: String,
    data: tempfile::TempDir,
}

impl Business {
    pub fn opens(server: &Server, name: &str) -> Self {
        server.administer(&format!("CREATE DATABASE {name}"));
        let (data, database) = (tempfile::tempdir().unwrap(), server.address(name));
        let settings = r#"{"url":"http://127.0.0.1:9/sys/crm_api.wcgp","token":"never-used-by-the-bench"}"#;
        let add = ["integration", "add", "cloud-pbx", "main", "--settings", "-"];
        let issued: serde_json::Value = serde_json::from_str(&run(data.path(), &database, &add, settings)).unwrap();
        let user = ["user", "add", "andy", "--role", "operator", "--line", "main=andy", "--password-stdin"];
        run(data.path(), &database, &user, "correct horse battery staple");
        Self { database, token: issued["crm_token"].as_str().unwrap().to_owned(), data }
    }

    /// One more node, which reaches the database so.
    pub fn node(&self, database: &str) -> Node {
        let address = free_address();
        let mut program = base(self.data.path(), database);
        let process = program.env("RINGCARD_LISTEN", address.to_string()).arg("serve").spawn().unwrap();
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "nothing listens on {address}");
            std::thread::sleep(Duration::from_millis(10));
        }
        Node { address, process }
    }
}

pub struct Node {
    pub address: SocketAddr,
    process: Child,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn base(data: &Path, database: &str) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env("RINGCARD_DATABASE_URL", database).env("RINGCARD_DATA_DIR", data).env("RINGCARD_LOG", "warn");
    command.stdout(Stdio::null()).stderr(Stdio::inherit());
    command
}

/// Runs one of ringcard's commands and returns what it prints.
fn run(data: &Path, database: &str, arguments: &[&str], stdin: &str) -> String {
    let mut command = base(data, database);
    let mut process = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}
