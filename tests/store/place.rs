//! A store of its own for every test, on either engine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use ringcard::store::Store;
use ringcard::store::location::StoreLocation;

/// Where a test's store is; gone with the test.
pub struct Place {
    pub location: StoreLocation,
    kept: Kept,
}

enum Kept {
    Directory { _gone_with_it: tempfile::TempDir },
    Database(String),
}

impl Place {
    /// A directory of its own, with no store in it yet.
    pub fn sqlite() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { location: StoreLocation::in_dir(directory.path()), kept: Kept::Directory { _gone_with_it: directory } }
    }

    /// An empty database of its own, on the server of `RINGCARD_TEST_POSTGRES` or on one started for these tests.
    pub fn postgres() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("ringcard_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        administer(format!("CREATE DATABASE {name}"));
        Self { location: StoreLocation::Postgres(address_of(&name)), kept: Kept::Database(name) }
    }

    pub fn open(&self) -> Store {
        note_statements();
        Store::open(&self.location).unwrap()
    }

    /// The file of an embedded store.
    pub fn file(&self) -> PathBuf {
        let StoreLocation::Sqlite(path) = &self.location else { panic!("not an embedded store") };
        path.clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Kept::Database(name) = &self.kept {
            administer(format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

/// Writes every statement that is run into the file that this says: how `plans` learns of them.
pub const STATEMENTS: &str = "RINGCARD_TEST_STATEMENTS";

#[expect(clippy::disallowed_methods, reason = "whether statements are wanted, a test is told by its environment")]
fn note_statements() {
    let Ok(path) = std::env::var(STATEMENTS) else { return };
    let open = move || std::fs::File::options().append(true).create(true).open(&path).unwrap();
    let log = tracing_subscriber::fmt().json().with_env_filter("sql=trace").with_writer(open);
    // The first test of the process begins it.
    let _ = log.try_init();
}

/// Runs statements on the server; answers the first column of their rows.
pub fn administer(sql: String) -> Vec<String> {
    ask(address_of("postgres"), vec![sql])
}

/// As [`administer`], one after the other over one connection, at any address. On a thread of its own, with a runtime of
/// its own: some tests have one already.
pub fn ask(address: String, statements: Vec<String>) -> Vec<String> {
    let run = async move || {
        let (client, connection) = tokio_postgres::connect(&address, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let mut texts = Vec::new();
        for sql in statements {
            for message in client.simple_query(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error:?}")) {
                if let tokio_postgres::SimpleQueryMessage::Row(row) = message {
                    texts.extend(row.get(0).map(str::to_owned));
                }
            }
        }
        texts
    };
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run())
    })
    .join()
    .unwrap()
}

#[expect(clippy::disallowed_methods, reason = "where PostgreSQL is, a test is told by its environment")]
pub fn address_of(database: &str) -> String {
    static SERVER: OnceLock<String> = OnceLock::new();
    let server = SERVER.get_or_init(|| std::env::var("RINGCARD_TEST_POSTGRES").unwrap_or_else(|_| start_server()));
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let (scheme, rest) = base.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap();
    format!("{scheme}://{host}/{database}?{query}")
}

/// Starts a server on a socket in a directory of its own.
fn start_server() -> String {
    let directory = tempfile::tempdir().unwrap().keep();
    start_server_in(&directory, "-c listen_addresses=", "-c fsync=off");
    format!("postgres://ringcard@{}/postgres", directory.to_str().unwrap().replace('/', "%2F"))
}

/// Starts a server with its data in this directory, which listens so and has these settings; a shell that outlives this process stops it and takes the directory
/// away afterwards.
pub fn start_server_in(directory: &Path, listens: &str, settings: &str) {
    let path = directory.to_str().unwrap();
    let script = format!(
        "set -e
         bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
         as=''
         if [ \"$(id -u)\" = 0 ]; then chown -R postgres {path}; as='runuser -u postgres --'; fi
         cd {path}
         $as $bin/initdb -D {path}/data -U ringcard --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
         $as $bin/pg_ctl -D {path}/data -w -l {path}/log \
             -o \"-k {path} {listens} -c max_connections=400 {settings}\" start >/dev/null
         (while kill -0 {process} 2>/dev/null; do sleep 1; done
          $as $bin/pg_ctl -D {path}/data -m immediate stop; rm -rf {path}) >/dev/null 2>&1 </dev/null &",
        process = std::process::id()
    );
    let started = Command::new("sh").args(["-c", &script]).status().unwrap();
    assert!(started.success(), "PostgreSQL could not be started; set RINGCARD_TEST_POSTGRES to use another");
}

/// One contract, two tests: `name::sqlite`, and `name::postgres` for who has PostgreSQL.
#[macro_export]
macro_rules! contract {
    ($(#[doc = $doc:literal])* async fn $name:ident($place:ident: Place) $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "not every contract needs all that its file imports")]
            use super::*;

            $(#[doc = $doc])*
            async fn contract($place: $crate::place::Place) $body

            #[actix_web::test]
            async fn sqlite() {
                contract($crate::place::Place::sqlite()).await;
            }

            #[actix_web::test]
            #[ignore = "needs PostgreSQL"]
            async fn postgres() {
                contract($crate::place::Place::postgres()).await;
            }
        }
    };
}
