//! The threads that read, in lanes: nobody who waits for a card stands behind a search.

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
/// A read that found no connection for this long is refused.
const WAIT_LIMIT: Duration = Duration::from_secs(2);
const QUEUE_LENGTH: usize = 1024;

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

/// How reads that wait alike are answered: each kind has threads, connections and a queue of its own, so that none ever
/// waits behind another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The look-up of contacts, while a caller waits.
    LookUp,
    /// What the PBX, a card or every request waits for: read by key.
    Show,
    /// Pages of lists and searches: work in bounds, and still much of it.
    List,
}

impl Lane {
    const ALL: [Self; 3] = [Self::LookUp, Self::Show, Self::List];

    /// A read is given up when so much time has passed since it was queued.
    pub fn limit(self) -> Duration {
        match self {
            Self::LookUp => LOOK_UP_LIMIT,
            Self::Show => Duration::from_secs(2),
            Self::List => Duration::from_secs(10),
        }
    }

    fn threads(self) -> u32 {
        match self {
            Self::LookUp => 1,
            Self::Show => 3,
            // More would only take the processors from the writer.
            Self::List => 2,
        }
    }

    /// So many reads are answered under one snapshot.
    fn at_once(self) -> usize {
        match self {
            Self::LookUp => 128,
            Self::Show | Self::List => 1,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::LookUp => "store-look-up",
            Self::Show => "store-show",
            Self::List => "store-list",
        }
    }
}

pub struct Readers {
    /// One a lane, in the order of [`Lane::ALL`].
    queues: Vec<SyncSender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts the threads; each connects when it has something to read.
    pub fn start(connect: &Arc<dyn Connect>) -> Self {
        let mut readers = Self { queues: Vec::new(), threads: Vec::new() };
        for lane in Lane::ALL {
            let pool = r2d2::Pool::builder()
                .max_size(lane.threads())
                .min_idle(Some(0))
                .connection_timeout(WAIT_LIMIT)
                .test_on_check_out(false)
                .idle_timeout(None)
                .max_lifetime(None)
                .error_handler(Box::new(Quiet))
                .build_unchecked(ReadConnections(Arc::clone(connect)));
            let (sender, queue) = sync_channel(QUEUE_LENGTH);
            let queue = Arc::new(Mutex::new(queue));
            readers.queues.push(sender);
            for _ in 0..lane.threads() {
                let (queue, pool) = (Arc::clone(&queue), pool.clone());
                readers.threads.push(spawn(lane.name(), move || answer_all(lane, &queue, &pool)));
            }
        }
        readers
    }

    /// Queues a read.
    ///
    /// # Errors
    /// `Busy` when the lane's queue is full.
    pub fn read(&self, lane: Lane, job: Box<dyn Job>) -> Result<()> {
        enqueue(self.queues.get(lane as usize), job)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queues.clear();
        self.threads.drain(..).for_each(join);
    }
}

fn answer_all(lane: Lane, queue: &Mutex<Receiver<Box<dyn Job>>>, pool: &Pool) {
    loop {
        let jobs: Vec<_> = match queue.lock() {
            Ok(queue) => queue.recv().into_iter().chain(queue.try_iter().take(lane.at_once() - 1)).collect(),
            Err(_) => return,
        };
        if jobs.is_empty() {
            return;
        }
        run_reads(pool, jobs, lane.limit());
    }
}

/// Answers the jobs under one snapshot, begun after all of them were queued; a second one after an error that ended the
/// first. Each is given up when so much time has passed since it was queued.
fn run_reads(pool: &Pool, mut jobs: Vec<Box<dyn Job>>, limit: Duration) {
    while !jobs.is_empty() {
        jobs = match begin(pool, limit) {
            Ok(connection) => run_snapshot(connection, jobs, limit),
            Err(error) => return refuse_all(jobs, &error),
        };
    }
}

/// A connection with a snapshot begun. One that broke while it lay idle is dropped, and the next one tried.
fn begin(pool: &Pool, limit: Duration) -> Result<r2d2::PooledConnection<ReadConnections>> {
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
    limit: Duration,
) -> Vec<Box<dyn Job>> {
    let mut answered = Vec::with_capacity(jobs.len());
    let mut jobs = jobs.into_iter();
    for mut job in jobs.by_ref() {
        let deadline = job.queued_at() + limit;
        if job.is_abandoned() || deadline <= Instant::now() {
            job.refuse(Error::Busy("all readers are busy".to_owned()));
            continue;
        }
        connection.set_deadline(Some(deadline));
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
