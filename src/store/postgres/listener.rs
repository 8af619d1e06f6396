//! Hears what all nodes, this one too, have committed.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::store::engine::notices::{NoticeBoard, Said};
use crate::store::engine::threads::join;
use crate::store::location::OpenError;
use crate::store::postgres::address::Address;
use crate::store::postgres::wire::{Failure, Wire, describe};
use crate::store::tx::{Notice, Topic};

/// How often a silent listener looks whether it shall end.
const WAIT: Duration = Duration::from_millis(200);
/// How often it asks whether it is still heard, and what time it is there, and how long the answer may take.
const PING_EVERY: Duration = Duration::from_secs(1);
const PING_LIMIT: Duration = Duration::from_secs(1);
/// All hosts together, when it connects.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
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
            std::thread::spawn(move || match listen(&address, &board) {
                Ok(wire) => {
                    let _ = report.send(Ok(()));
                    run(wire, &address, &board, &is_over);
                }
                Err(failure) => {
                    let _ = report.send(Err(OpenError::Unreachable(describe(&failure))));
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

fn listen(address: &Address, board: &NoticeBoard) -> Result<Wire, Failure> {
    let mut wire = address.connect(Instant::now() + CONNECT_LIMIT)?;
    wire.ask(async |client| client.batch_execute("LISTEN ringcard").await)?;
    ask_time(&mut wire, board)?;
    Ok(wire)
}

fn ask_time(wire: &mut Wire, board: &NoticeBoard) -> Result<(), Failure> {
    let asked = Instant::now();
    let sql = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
    let rows = wire.ask(async |client| client.query_typed(sql, &[]).await)?;
    for row in rows {
        board.note_time(Said { at_ms: row.try_get(0)?, between: [asked, Instant::now()] });
    }
    Ok(())
}

fn run(first: Wire, address: &Address, board: &NoticeBoard, is_over: &AtomicBool) {
    let mut wire = Some(first);
    let mut pause = FIRST_PAUSE;
    while !is_over.load(Ordering::SeqCst) {
        let Some(listening) = &mut wire else {
            std::thread::sleep(pause);
            wire = listen(address, board).ok();
            pause = (pause * 2).min(LONGEST_PAUSE);
            if wire.is_some() {
                pause = FIRST_PAUSE;
                board.hear_again();
            }
            continue;
        };
        if let Err(failure) = hear(listening, board, is_over) {
            if let Failure::Silent = failure {
                address.pass_over(listening.host);
            }
            board.go_deaf(&describe(&failure));
            wire = None;
        }
    }
}

/// Hands on what is heard until told to end.
///
/// # Errors
/// Why the connection is listened to no more.
fn hear(wire: &mut Wire, board: &NoticeBoard, is_over: &AtomicBool) -> Result<(), Failure> {
    let mut asked = Instant::now();
    while !is_over.load(Ordering::SeqCst) {
        let heard = wire.hear(WAIT);
        let heard: Vec<_> = heard.iter().filter_map(|notification| read(notification.payload())).collect();
        board.note(&heard);
        board.publish(heard);
        if asked.elapsed() >= PING_EVERY || wire.is_lost() {
            asked = Instant::now();
            wire.deadline = asked + PING_LIMIT;
            ask_time(wire, board)?;
        }
    }
    Ok(())
}

const NAMES: [(Topic, &str); 10] = [
    (Topic::Call, "call"),
    (Topic::Missed, "missed"),
    (Topic::Promise, "promise"),
    (Topic::Due, "due"),
    (Topic::Contact, "contact"),
    (Topic::Number, "number"),
    (Topic::Block, "block"),
    (Topic::Task, "task"),
    (Topic::Directory, "directory"),
    (Topic::Session, "session"),
];

/// A notice as it travels: `call:ID`. Another's are passed over.
fn read(payload: &str) -> Option<Notice> {
    let (name, id) = payload.split_once(':')?;
    let (topic, _) = NAMES.iter().find(|(_, known)| *known == name)?;
    Some(Notice { topic: *topic, id: id.to_owned() })
}

/// The end of a transaction, then what it has to say, in one round trip. Not inside of it: from a notification to the end
/// of its commit the server lets no other transaction notify, and the sync of one disk, or of two, would be waited for by
/// one writer after the other. The server does all of it whether or not the node lives on; should the server die
/// between, every node turns deaf and reads anew.
pub fn commit_with(notices: &[Notice]) -> String {
    let mut sql = "COMMIT".to_owned();
    for notice in notices {
        let Some((_, name)) = NAMES.iter().find(|(topic, _)| *topic == notice.topic) else { continue };
        sql.push_str(if sql == "COMMIT" { AFTER_COMMIT } else { ", " });
        let _ = write!(sql, "pg_notify('ringcard', '{name}:{}')", notice.id.replace('\'', "''"));
    }
    sql
}

/// Nothing of a notification is on a disk, so none is waited for.
const AFTER_COMMIT: &str =
    "; SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '0', true), ";
