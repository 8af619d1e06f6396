//! The threads that read, in lanes: nobody who waits for a card stands behind a search.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use scheduled_thread_pool::ScheduledThreadPool;

use crate::error::{Error, Result};
use crate::store::engine::task::Job;
use crate::store::engine::threads::{enqueue, join, refuse_all, spawn};
use crate::store::engine::{Connect, ReadConnection};

/// A look-up is given up after this long: the caller on the line waits for it.
pub const LOOK_UP_LIMIT: Duration = Duration::from_secs(1);
/// A thread that cannot answer in time says so itself; this much later nobody waits for it any more.
const ALLOWANCE: Duration = Duration::from_millis(250);
/// A connection that took longer to make is none.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const QUEUE_LENGTH: usize = 1024;

/// r2d2's view of an engine: it makes read-only connections.
struct ReadConnections(Arc<dyn Connect>);

impl r2d2::ManageConnection for ReadConnections {
    type Connection = Box<dyn ReadConnection>;
    type Error = Error;

    fn connect(&self) -> Result<Self::Connection> {
        self.0.connect_reader(Instant::now() + CONNECT_LIMIT)
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
type Pooled = r2d2::PooledConnection<ReadConnections>;

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
    pub const ALL: [Self; 3] = [Self::LookUp, Self::Show, Self::List];

    /// A read is given up when so much time has passed since it was queued.
    pub fn limit(self) -> Duration {
        match self {
            Self::LookUp => LOOK_UP_LIMIT,
            Self::Show => Duration::from_secs(2),
            Self::List => Duration::from_secs(10),
        }
    }

    /// How long its caller waits, whatever holds the thread.
    pub fn patience(self) -> Duration {
        match self {
            Self::LookUp => LOOK_UP_LIMIT,
            Self::Show | Self::List => self.limit() + ALLOWANCE,
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

    pub fn as_str(self) -> &'static str {
        match self {
            Self::LookUp => "look-up",
            Self::Show => "show",
            Self::List => "list",
        }
    }
}

pub struct Readers {
    /// One a lane, in the order of [`Lane::ALL`].
    queues: Vec<SyncSender<Box<dyn Job>>>,
    /// How many wait in each.
    waiting: [Arc<AtomicUsize>; Lane::ALL.len()],
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts the threads; each connects when it has something to read.
    pub fn start(connector: &Arc<dyn Connect>) -> Self {
        let mut readers = Self { queues: Vec::new(), waiting: Default::default(), threads: Vec::new() };
        for (lane, waiting) in Lane::ALL.into_iter().zip(readers.waiting.clone()) {
            // Each lane connects by itself too.
            let connecting = ScheduledThreadPool::builder().num_threads(1).thread_name_pattern("store-connect").build();
            let pool = r2d2::Pool::builder()
                .thread_pool(Arc::new(connecting))
                .max_size(lane.threads())
                .min_idle(Some(0))
                .test_on_check_out(false)
                .idle_timeout(None)
                .max_lifetime(None)
                .error_handler(Box::new(Quiet))
                .build_unchecked(ReadConnections(Arc::clone(connector)));
            let (sender, queue) = sync_channel(QUEUE_LENGTH);
            let queue = Arc::new(Mutex::new(queue));
            readers.queues.push(sender);
            for _ in 0..lane.threads() {
                let (queue, pool, waiting) = (Arc::clone(&queue), pool.clone(), Arc::clone(&waiting));
                let run = move || Reader { lane, pool, waiting }.answer_all(&queue);
                readers.threads.push(spawn(&format!("store-{}", lane.as_str()), run));
            }
        }
        readers
    }

    /// Queues a read.
    ///
    /// # Errors
    /// `Busy` when the lane's queue is full.
    pub fn read(&self, lane: Lane, job: Box<dyn Job>) -> Result<()> {
        let waiting = self.waiting.get(lane as usize);
        waiting.inspect(|waiting| _ = waiting.fetch_add(1, Ordering::Relaxed));
        let queued = enqueue(self.queues.get(lane as usize), job);
        queued.inspect_err(|_| _ = waiting.inspect(|waiting| _ = waiting.fetch_sub(1, Ordering::Relaxed)))
    }

    /// How many reads wait for a thread of this lane.
    pub fn count_waiting(&self, lane: Lane) -> usize {
        self.waiting.get(lane as usize).map_or(0, |waiting| waiting.load(Ordering::Relaxed))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queues.clear();
        self.threads.drain(..).for_each(join);
    }
}

/// One thread of a lane.
struct Reader {
    lane: Lane,
    pool: Pool,
    waiting: Arc<AtomicUsize>,
}

impl Reader {
    fn answer_all(&self, queue: &Mutex<Receiver<Box<dyn Job>>>) {
        loop {
            let jobs: Vec<_> = match queue.lock() {
                Ok(queue) => queue.recv().into_iter().chain(queue.try_iter().take(self.lane.at_once() - 1)).collect(),
                Err(_) => return,
            };
            if jobs.is_empty() {
                return;
            }
            self.waiting.fetch_sub(jobs.len(), Ordering::Relaxed);
            self.run(jobs);
        }
    }

    /// Answers the jobs under one snapshot, begun after all of them were queued; a second one after an error that ended
    /// the first. Each is given up when so much time has passed since it was queued.
    fn run(&self, mut jobs: Vec<Box<dyn Job>>) {
        loop {
            let is_late = |job: &mut Box<dyn Job>| job.is_abandoned() || self.deadline(&**job) <= Instant::now();
            refuse_all(jobs.extract_if(.., is_late).collect(), &Error::Busy("all readers are busy".to_owned()));
            let Some(last) = jobs.last() else { return };
            match self.begin(self.deadline(&**last)) {
                Ok(connection) => jobs = self.run_snapshot(connection, jobs),
                Err(error) => return refuse_all(jobs, &error),
            }
        }
    }

    fn deadline(&self, job: &dyn Job) -> Instant {
        job.queued_at() + self.lane.limit()
    }

    /// A connection with a snapshot begun. One that broke while it lay idle is dropped, and the next one tried.
    fn begin(&self, deadline: Instant) -> Result<Pooled> {
        let none = || Error::Busy("no reader of the store can connect".to_owned());
        let mut refused = none();
        for _ in 0..=self.pool.max_size() {
            let left = deadline.saturating_duration_since(Instant::now());
            let mut connection = self.pool.get_timeout(left).map_err(|_| none())?;
            match connection.begin(deadline) {
                Ok(()) => return Ok(connection),
                Err(error) => refused = error,
            }
            if !connection.is_broken() {
                break;
            }
        }
        Err(refused)
    }

    /// Returns the jobs that were not run.
    fn run_snapshot(&self, mut connection: Pooled, jobs: Vec<Box<dyn Job>>) -> Vec<Box<dyn Job>> {
        let mut answered = Vec::with_capacity(jobs.len());
        let mut jobs = jobs.into_iter();
        for mut job in jobs.by_ref() {
            connection.set_deadline(Some(self.deadline(&*job)));
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
}
