//! The floor: the bare server of the limit, which hands each push to one thread; that runs the statements which ringcard
//! would run, in batches, through rusqlite alone, and answers after the commit.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use ringcard::clock::Clock;
use ringcard::domain::push::{EventType, PbxEvent};
use ringcard::pbx;
use ringcard::pbx::fields::Fields;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::oneshot;

use crate::ringcard::{add_contacts, free_address, furnish};
use crate::script::{About, Kind, Scripts};

pub const ARGUMENT: &str = "--floor";
/// As in `store::engine::writer` and `store::sqlite::writer`.
const QUEUE_LENGTH: usize = 2048;
const BATCH_LIMIT: usize = 256;
const LOADED_LOG_PAGES: i32 = 4_000;

pub struct Floor {
    pub address: SocketAddr,
    process: Child,
    _data: tempfile::TempDir,
}

impl Floor {
    /// Starts this very program once more, as the floor, on a store like ringcard's.
    pub fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        furnish(data.path());
        add_contacts(data.path());
        let address = free_address();
        let program = std::env::current_exe().unwrap();
        let arguments = [ARGUMENT, &address.port().to_string(), data.path().to_str().unwrap()];
        let process = Command::new(program).args(arguments).spawn().unwrap();
        crate::ringcard::wait_for(address);
        Self { address, process, _data: data }
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A push, with all that differs from the next one prepared.
struct Push {
    kind: Kind,
    call: String,
    client: String,
    new_id: String,
    journal_id: String,
    now_ms: i64,
    done: oneshot::Sender<()>,
}

pub fn serve(port: u16, data: &str) {
    let (queue, pushes) = sync_channel(QUEUE_LENGTH);
    let file = Path::new(data).join("ringcard.db");
    std::thread::spawn(move || write(open(&file), &pushes));
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let workers = std::thread::available_parallelism().unwrap().get();
    let server = HttpServer::new(move || {
        let queue = web::Data::new(queue.clone());
        App::new().app_data(queue).route("/pbx", web::post().to(receive))
    });
    actix_web::rt::System::new().block_on(server.workers(workers).listen(listener).unwrap().run()).unwrap();
}

async fn receive(request: HttpRequest, body: web::Bytes, queue: web::Data<SyncSender<Push>>) -> HttpResponse {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (kind, callid, phone) = match pbx::parse(&Fields::decode(content_type, &body), "RU") {
        Ok(PbxEvent::Call(event)) => {
            let kind = match event.kind {
                EventType::Incoming => Kind::Incoming,
                EventType::Accepted => Kind::Accepted,
                _ => Kind::Completed,
            };
            (kind, event.callid, event.phone)
        }
        Ok(PbxEvent::History(report)) => (Kind::History, report.callid, report.phone),
        _ => return HttpResponse::BadRequest().finish(),
    };
    let clock = Clock::system();
    let (done, committed) = oneshot::channel();
    let call = callid.trim_start_matches("BENCH-").to_owned();
    let (new_id, journal_id) = (clock.new_id(), clock.new_id());
    let push = Push { kind, call, client: phone.digits(), new_id, journal_id, now_ms: clock.now_ms(), done };
    if queue.try_send(push).is_err() || committed.await.is_err() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    HttpResponse::Ok().finish()
}

/// As `store::sqlite` opens its writer.
fn open(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).unwrap();
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
             PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA trusted_schema = OFF;
             PRAGMA cache_size = -8000",
        )
        .unwrap();
    connection
}

fn write(mut connection: Connection, pushes: &Receiver<Push>) {
    let mut scripts = Scripts::record(&connection, "the-token-is-masked-in-the-journal");
    let log_pages = Arc::new(AtomicI32::new(0));
    let counted = Arc::clone(&log_pages);
    let count = move |_: &mut rusqlite::hooks::Wal, pages| {
        counted.store(pages, Ordering::Relaxed);
        Ok(())
    };
    connection.wal_hook(Some(count)).unwrap();
    let mut statements: Vec<_> = scripts.sql.iter().map(|sql| connection.prepare(sql).unwrap()).collect();
    let mut begin = connection.prepare("BEGIN IMMEDIATE").unwrap();
    let mut commit = connection.prepare("COMMIT").unwrap();
    while let Ok(first) = pushes.recv() {
        let mut batch = vec![first];
        batch.extend(pushes.try_iter().take(BATCH_LIMIT - 1));
        begin.execute([]).unwrap();
        for push in &batch {
            let mut about = About {
                call: push.call.as_bytes(),
                client: push.client.as_bytes(),
                call_id: push.new_id.as_bytes(),
                journal_id: push.journal_id.as_bytes(),
                contact_id: Vec::new(),
                now_ms: push.now_ms,
            };
            let known = scripts.look_up.run(&mut statements, &about);
            let of = if known.is_some() { &mut scripts.of_known } else { &mut scripts.of_new };
            if let Some(id) = &known {
                about.call_id = id;
            }
            let steps = of.get_mut(&(push.kind as usize)).unwrap();
            for step in steps {
                let found = step.run(&mut statements, &about);
                if step.finds_contact {
                    about.contact_id = found.unwrap();
                }
            }
        }
        commit.execute([]).unwrap();
        for push in batch {
            let _ = push.done.send(());
        }
        if log_pages.load(Ordering::Relaxed) >= LOADED_LOG_PAGES {
            log_pages.store(0, Ordering::Relaxed);
            connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
        }
    }
}
