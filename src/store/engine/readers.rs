//! The threads that read: a few for everything, and one that only looks contacts up while a caller waits.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::store::engine::task::Job;
use crate::store::engine::threads::{enqueue, join, refuse_all, spawn};
use crate::store::engine::{Connect, ReadConnection};

/// A look-up is given up after this long: the caller on the line waits for it.
pub const LOOK_UP_LIMIT: Duration = Duration::from_secs(1);
/// A read that found no thread or connection free for this long is refused.
const WAIT_LIMIT: Duration = Duration::from_secs(2);
const READER_THREADS: u32 = 4;
const QUEUE_LENGTH: usize = 1024;
/// So many look-ups are answered under one snapshot.
const LOOK_UPS_AT_ONCE: usize = 128;

/// r2d2's view of an engine: it makes read-only connections.
struct ReadConnections(Arc<dyn Connect>);

impl r2d2::ManageConnection for ReadConnections {
    type Connection = Box<dyn ReadConnection>;
    type Error = Error;

    fn connect(&self) -> Result<Self::Connection> {
        self.0.connect_reader()
    }
    fn is_valid(&self, _connection: &mut Self::Connection) -> Result<()> {
        Ok(())
    }
    fn has_broken(&self, connection: &mut Self::Connection) -> bool {
        connection.is_broken()
    }
}

/// What r2d2 says of a connection that it cannot make: the callers hear it as `Busy`, so it is no news for the log.
#[derive(Debug)]
struct Quiet;
impl r2d2::HandleError<Error> for Quiet {
    fn handle_error(&self, error: Error) {
        tracing::debug!(%error, "a reader of the store cannot connect");
    }
}

type Pool = r2d2::Pool<ReadConnections>;

pub struct Readers {
    reads: Option<SyncSender<Box<dyn Job>>>,
    look_ups: Option<SyncSender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts the threads; each connects when it has something to read.
    pub fn start(connect: Arc<dyn Connect>) -> Self {
        let pool = r2d2::Pool::builder()
            .max_size(READER_THREADS + 1)
            .min_idle(Some(0))
            .connection_timeout(WAIT_LIMIT)
            .test_on_check_out(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .error_handler(Box::new(Quiet))
            .build_unchecked(ReadConnections(connect));
        let (reads, queue) = sync_channel(QUEUE_LENGTH);
        let queue = Arc::new(Mutex::new(queue));
        let mut threads = Vec::new();
        for _ in 0..READER_THREADS {
            let (queue, pool) = (Arc::clone(&queue), pool.clone());
            threads.push(spawn("store-reader", move || read_all(&queue, &pool)));
        }
        let (look_ups, queue) = sync_channel(QUEUE_LENGTH);
        threads.push(spawn("store-lookup", move || look_up_all(&queue, &pool)));
        Self { reads: Some(reads), look_ups: Some(look_ups), threads }
    }

    /// Queues a read.
    ///
    /// # Errors
    /// `Busy` when the queue is full.
    pub fn read(&self, job: Box<dyn Job>) -> Result<()> {
        enqueue(self.reads.as_ref(), job)
    }

    /// Queues a look-up.
    ///
    /// # Errors
    /// `Busy` when the queue is full.
    pub fn look_up(&self, job: Box<dyn Job>) -> Result<()> {
        enqueue(self.look_ups.as_ref(), job)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.reads = None;
        self.look_ups = None;
        self.threads.drain(..).for_each(join);
    }
}

fn read_all(queue: &Mutex<Receiver<Box<dyn Job>>>, pool: &Pool) {
    loop {
        let next = match queue.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        let Ok(job) = next else { return };
        if job.queued_at().elapsed() > WAIT_LIMIT {
            job.refuse(Error::Busy("all readers are busy".to_owned()));
            continue;
        }
        run_reads(pool, vec![job], None);
    }
}

fn look_up_all(queue: &Receiver<Box<dyn Job>>, pool: &Pool) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        jobs.extend(queue.try_iter().take(LOOK_UPS_AT_ONCE - 1));
        run_reads(pool, jobs, Some(LOOK_UP_LIMIT));
    }
}

/// Answers the jobs under one snapshot, begun after all of them were queued; a second one after an error that ended the
/// first. With a limit, each is given up when so much time has passed since it was queued.
fn run_reads(pool: &Pool, mut jobs: Vec<Box<dyn Job>>, limit: Option<Duration>) {
    while !jobs.is_empty() {
        jobs = match begin(pool, limit) {
            Ok(connection) => run_snapshot(connection, jobs, limit),
            Err(error) => return refuse_all(jobs, &error),
        };
    }
}

/// A connection with a snapshot begun. One that broke while it lay idle is dropped, and the next one tried.
fn begin(pool: &Pool, limit: Option<Duration>) -> Result<r2d2::PooledConnection<ReadConnections>> {
    let mut error = Error::Busy("no reader of the store can connect".to_owned());
    for _ in 0..=pool.max_size() {
        let mut connection = pool.get().map_err(|_| Error::Busy("no reader of the store can connect".to_owned()))?;
        match connection.begin(limit) {
            Ok(()) => return Ok(connection),
            Err(refused) => error = refused,
        }
        if !connection.is_broken() {
            break;
        }
    }
    Err(error)
}

/// Returns the jobs that were not run.
fn run_snapshot(
    mut connection: r2d2::PooledConnection<ReadConnections>,
    jobs: Vec<Box<dyn Job>>,
    limit: Option<Duration>,
) -> Vec<Box<dyn Job>> {
    let mut answered = Vec::with_capacity(jobs.len());
    let mut jobs = jobs.into_iter();
    for mut job in jobs.by_ref() {
        let deadline = limit.map(|limit| job.queued_at() + limit);
        if job.is_abandoned() || deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            job.refuse(Error::Busy("a look-up took too long".to_owned()));
            continue;
        }
        connection.set_deadline(deadline);
        job.run(&mut **connection);
        answered.push(job);
        if !connection.is_in_transaction() {
            break;
        }
    }
    connection.set_deadline(None);
    connection.end();
    for job in answered {
        job.answer();
    }
    jobs.collect()
}
