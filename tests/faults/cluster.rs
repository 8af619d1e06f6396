//! Three PostgreSQL under Patroni with etcd, and HAProxy before them, by the files of `deploy/patroni`: each machine is an
//! address of the loopback and a folder, in which all its processes work.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::place::ask;
use crate::program::client;

const MACHINES: [&str; 3] = ["pg1", "pg2", "pg3"];
/// For a cluster to be whole: a primary, a synchronous standby, and another standby.
const PATIENCE: Duration = Duration::from_secs(90);
/// A cluster shall outlive no test, however that ends: whatever works in its folder is killed after this process.
const UNDERTAKER: &str = "
    while kill -0 $1 2>/dev/null; do sleep 1; done
    for again in 1 2 3; do
        for process in /proc/[0-9]*; do
            case \"$(readlink $process/cwd)\" in $2/*) kill -9 ${process#/proc/};; esac
        done
    done
    rm -rf $2";

pub struct Cluster {
    folder: TempDir,
    /// The first three bytes of its addresses; the machines have .1 to .3, etcd and HAProxy .9.
    net: [u8; 3],
    http: reqwest::Client,
    started: Mutex<Vec<Child>>,
}

impl Cluster {
    /// Starts all of it, with a database for ringcard.
    pub async fn starts() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cluster = Self { net: free_net(), folder, http: client(), started: Mutex::default() };
        let [process, path] = [std::process::id().to_string(), cluster.path("").display().to_string()];
        let mut undertaker = Command::new("sh");
        undertaker.args(["-c", UNDERTAKER, "sh", &process, path.trim_end_matches('/')]);
        cluster.starts_program(undertaker.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()));
        let [clients, peers] = [2379, 2380].map(|port| format!("http://{}:{port}", cluster.address(9)));
        let mut etcd = cluster.program("etcd", "etcd");
        etcd.args(["--data-dir", "data", "--initial-cluster", &format!("default={peers}")]);
        etcd.args(["--listen-client-urls", &clients, "--advertise-client-urls", &clients]);
        etcd.args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers]);
        cluster.starts_program(&mut etcd);
        MACHINES.iter().for_each(|machine| cluster.boots(machine));
        let mut haproxy = cluster.program("haproxy", "/usr/sbin/haproxy");
        haproxy.env("RINGCARD_PG_LISTEN", format!("{}:5432", cluster.address(9)));
        haproxy.envs(["PG1", "PG2", "PG3"].into_iter().zip((1..).map(|last| cluster.address(last).to_string())));
        cluster.starts_program(haproxy.arg("-f").arg(deployed("haproxy.cfg")));
        let primary = cluster.is_whole().await;
        let administer = format!("postgres://postgres:secret@{}/postgres", cluster.address_of(&primary));
        let sql = ["CREATE ROLE ringcard LOGIN PASSWORD 'secret'", "CREATE DATABASE ringcard OWNER ringcard"];
        ask(administer, sql.map(str::to_owned).to_vec());
        cluster
    }

    fn path(&self, machine: &str) -> PathBuf {
        self.folder.path().join(machine)
    }

    fn address(&self, last: u8) -> Ipv4Addr {
        Ipv4Addr::new(self.net[0], self.net[1], self.net[2], last)
    }

    fn address_of(&self, machine: &str) -> Ipv4Addr {
        self.address(machine.as_bytes()[2] - b'0')
    }

    /// A program that works in this machine's folder, never as root.
    fn program(&self, machine: &str, name: &str) -> Command {
        let path = self.path(machine);
        std::fs::create_dir_all(&path).unwrap();
        let log = std::fs::File::options().create(true).append(true).open(path.join("log")).unwrap();
        let is_root = rustix::process::getuid().is_root();
        let mut command = Command::new(if is_root { "setpriv" } else { "env" });
        if is_root {
            let given = Command::new("chown").arg("postgres").arg(self.folder.path()).arg(&path).status().unwrap();
            assert!(given.success());
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
        }
        command.arg(name).env_clear().env("PATH", "/usr/bin:/bin").env("HOME", &path).current_dir(&path);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        command
    }

    fn starts_program(&self, command: &mut Command) {
        self.started.lock().unwrap().push(command.spawn().unwrap());
    }

    /// The machine starts, for the first time or again.
    pub fn boots(&self, machine: &str) {
        let [api, sql] = [8008, 5432].map(|port| format!("{}:{port}", self.address_of(machine)));
        let mut patroni = self.program(machine, "patroni");
        patroni.env("PATRONI_NAME", machine).env("PATRONI_ETCD3_HOSTS", format!("{}:2379", self.address(9)));
        patroni.env("PATRONI_RESTAPI_LISTEN", &api).env("PATRONI_RESTAPI_CONNECT_ADDRESS", &api);
        patroni.env("PATRONI_POSTGRESQL_LISTEN", &sql).env("PATRONI_POSTGRESQL_CONNECT_ADDRESS", &sql);
        patroni.env("PATRONI_POSTGRESQL_DATA_DIR", self.path(machine).join("data"));
        patroni.env("PATRONI_POSTGRESQL_PGPASS", self.path(machine).join("pgpass"));
        patroni.env("PATRONI_SUPERUSER_USERNAME", "postgres").env("PATRONI_SUPERUSER_PASSWORD", "secret");
        patroni.env("PATRONI_REPLICATION_USERNAME", "replicator").env("PATRONI_REPLICATION_PASSWORD", "secret");
        self.starts_program(patroni.arg(deployed("patroni.yml")));
    }

    /// The servers, one by one.
    pub fn servers(&self) -> [String; 3] {
        MACHINES.map(|machine| format!("{}:5432", self.address_of(machine)))
    }

    /// The one address of HAProxy.
    pub fn haproxy(&self) -> String {
        format!("{}:5432", self.address(9))
    }

    /// All members as one of them knows them: name and role.
    async fn members(&self) -> Vec<(String, String)> {
        for machine in MACHINES {
            let url = format!("http://{}:8008/cluster", self.address_of(machine));
            let Ok(answer) = self.http.get(url).timeout(Duration::from_secs(1)).send().await else { continue };
            let Ok(known) = answer.json::<Value>().await else { continue };
            let running = known["members"].as_array().into_iter().flatten().filter(|one| one["state"] == "running");
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            return running.map(|one| (text(&one["name"]), text(&one["role"]))).collect();
        }
        Vec::new()
    }

    /// Waits until nothing is missing; answers who is primary.
    pub async fn is_whole(&self) -> String {
        let began = Instant::now();
        loop {
            let members = self.members().await;
            let find = |wanted: &str| members.iter().find(|(_, role)| role == wanted).map(|(name, _)| name.clone());
            if let (Some(primary), Some(_), 3) = (find("leader"), find("sync_standby"), members.len()) {
                return primary;
            }
            assert!(began.elapsed() < PATIENCE, "the cluster is not whole: {members:?}; {}", self.logs());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    pub async fn synchronous_standby(&self) -> String {
        self.is_whole().await;
        self.members().await.into_iter().find(|(_, role)| role == "sync_standby").unwrap().0
    }

    /// Another becomes primary, as somebody wants it who looks after the machine.
    pub async fn switches_over(&self) {
        let (primary, standby) = (self.is_whole().await, self.synchronous_standby().await);
        let url = format!("http://{}:8008/switchover", self.address_of(&primary));
        let wanted = json!({"leader": primary, "candidate": standby});
        let answer = self.http.post(url).timeout(PATIENCE).json(&wanted).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{:?}", answer.text().await);
    }

    /// All processes of the machine hear this signal.
    pub fn hears(&self, machine: &str, signal: &str) {
        // Whoever was born meanwhile hears it the next time.
        for _ in 0..3 {
            let all = processes_in(&self.path(machine));
            if !all.is_empty() {
                let _ = Command::new("kill").arg(signal).args(all).stderr(Stdio::null()).status().unwrap();
            }
        }
    }

    /// PostgreSQL alone dies of the machine; Patroni finds it so.
    pub fn kills_server(&self, machine: &str) {
        let all = processes_in(&self.path(machine).join("data"));
        let _ = Command::new("kill").arg("-KILL").args(all).stderr(Stdio::null()).status().unwrap();
    }

    fn logs(&self) -> String {
        let log = |name: &str| std::fs::read_to_string(self.path(name).join("log")).unwrap_or_default();
        let end = |name| log(name).lines().rev().take(12).collect::<Vec<_>>().join("\n");
        ["etcd", "pg1", "pg2", "pg3"].map(|name| format!("{name}:\n{}", end(name))).join("\n")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.hears("", "-KILL");
        for child in self.started.get_mut().unwrap().iter_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn deployed(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/patroni").join(name)
}

/// A part of the loopback where nobody serves.
fn free_net() -> [u8; 3] {
    loop {
        let random = uuid::Uuid::new_v4();
        let [.., second, third] = *random.as_bytes();
        if TcpListener::bind((Ipv4Addr::new(127, second, third, 9), 2379)).is_ok() {
            return [127, second, third];
        }
    }
}

fn processes_in(folder: &Path) -> Vec<String> {
    let all = std::fs::read_dir("/proc").unwrap().map_while(Result::ok);
    let works_there = all.filter(|process| {
        std::fs::read_link(process.path().join("cwd")).is_ok_and(|works_in| works_in.starts_with(folder))
    });
    works_there.map(|process| process.file_name().into_string().unwrap()).collect()
}
