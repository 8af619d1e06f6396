//! Hears what all nodes, this one too, have committed.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use postgres::Client;
use postgres::fallible_iterator::FallibleIterator;

use crate::store::engine::notices::NoticeBoard;
use crate::store::engine::threads::join;
use crate::store::location::OpenError;
use crate::store::postgres::address::Address;
use crate::store::postgres::connection::describe;
use crate::store::tx::{Notice, Topic};

/// How often a silent listener looks whether it shall end.
const WAIT: Duration = Duration::from_millis(200);
/// After so many silent waits it asks whether the server is still there.
const WAITS_BETWEEN_CALLS: u32 = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// The thread that listens; ends with this.
pub struct Listener {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// Returns when it listens: no notice from then on is lost.
    ///
    /// # Errors
    /// `Unreachable`.
    pub fn start(address: Arc<Address>, board: Arc<NoticeBoard>) -> Result<Self, OpenError> {
        let is_over = Arc::new(AtomicBool::new(false));
        let (report, first) = std::sync::mpsc::sync_channel(1);
        let thread = {
            let is_over = Arc::clone(&is_over);
            std::thread::spawn(move || match listen(&address) {
                Ok(client) => {
                    let _ = report.send(Ok(()));
                    run(client, &address, &board, &is_over);
                }
                Err(error) => {
                    let _ = report.send(Err(OpenError::Unreachable(describe(&error))));
                }
            })
        };
        first.recv().unwrap_or_else(|_| Err(OpenError::Unreachable("PostgreSQL cannot be listened to".to_owned())))?;
        Ok(Self { is_over, thread: Some(thread) })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        self.thread.take().into_iter().for_each(join);
    }
}

fn listen(address: &Address) -> Result<Client, postgres::Error> {
    let mut client = address.connect()?;
    client.batch_execute("LISTEN ringcard")?;
    Ok(client)
}

fn run(first: Client, address: &Address, board: &NoticeBoard, is_over: &AtomicBool) {
    let mut client = Some(first);
    let mut pause = FIRST_PAUSE;
    while !is_over.load(Ordering::SeqCst) {
        let Some(connected) = &mut client else {
            std::thread::sleep(pause);
            client = listen(address).ok();
            pause = (pause * 2).min(LONGEST_PAUSE);
            if client.is_some() {
                pause = FIRST_PAUSE;
                tracing::info!("notices of other nodes are heard again");
                // What was said meanwhile is lost, and so is what it was about.
                board.everything_changed();
            }
            continue;
        };
        if let Err(reason) = hear(connected, board, is_over) {
            tracing::warn!(reason, "notices of other nodes cannot be heard");
            client = None;
        }
    }
}

/// Hands on what is heard until told to end.
///
/// # Errors
/// Why the connection was lost.
fn hear(client: &mut Client, board: &NoticeBoard, is_over: &AtomicBool) -> Result<(), String> {
    let mut waits = 0;
    while !is_over.load(Ordering::SeqCst) {
        let heard = next_notices(client).map_err(|error| describe(&error))?;
        if client.is_closed() {
            return Err("PostgreSQL: the connection was closed".to_owned());
        }
        waits = if heard.is_empty() { waits + 1 } else { 0 };
        board.note(&heard);
        board.publish(heard);
        if waits >= WAITS_BETWEEN_CALLS {
            waits = 0;
            client.batch_execute("SELECT 1").map_err(|error| describe(&error))?;
        }
    }
    Ok(())
}

/// What has come, and nothing when nothing came for a while.
fn next_notices(client: &mut Client) -> Result<Vec<Notice>, postgres::Error> {
    let mut notifications = client.notifications();
    let first = notifications.timeout_iter(WAIT).next()?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let mut heard = Vec::from_iter(read(first.payload()));
    let mut more = notifications.iter();
    while let Some(next) = more.next()? {
        heard.extend(read(next.payload()));
    }
    Ok(heard)
}

const NAMES: [(Topic, &str); 7] = [
    (Topic::Call, "call"),
    (Topic::Missed, "missed"),
    (Topic::Promise, "promise"),
    (Topic::Due, "due"),
    (Topic::Contact, "contact"),
    (Topic::Directory, "directory"),
    (Topic::Session, "session"),
];

/// A notice as it travels: `call:ID`. Another's are passed over.
fn read(payload: &str) -> Option<Notice> {
    let (name, id) = payload.split_once(':')?;
    let (topic, _) = NAMES.iter().find(|(_, known)| *known == name)?;
    Some(Notice { topic: *topic, id: id.to_owned() })
}

/// The end of a transaction, with what it has to say, in one round trip.
pub fn commit_with(notices: &[Notice]) -> String {
    let mut sql = String::new();
    for notice in notices {
        let Some((_, name)) = NAMES.iter().find(|(topic, _)| *topic == notice.topic) else { continue };
        let _ = write!(sql, "SELECT pg_notify('ringcard', '{name}:{}'); ", notice.id.replace('\'', "''"));
    }
    sql.push_str("COMMIT");
    sql
}
