//! The board where the store's threads pin what everybody must know: what changed, and how the store is.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use tokio::sync::watch;

use crate::store::engine::subscription::{self, Listener, Subscription};
use crate::store::tx::{Notice, Topic};

/// A write-ahead log that is longer cannot be moved into the file: somebody's snapshot stands in the way.
const LONG_LOG_BYTES: u64 = 256 << 20;

/// Counters for all numbers together: 8 bytes each.
const NUMBERS: usize = 4096;

/// How often each kind of thing was changed, by anybody: whoever keeps a copy compares before he believes it.
#[derive(Debug, Default)]
pub struct Generations {
    directory: AtomicU64,
    contacts: AtomicU64,
    sessions: AtomicU64,
    numbers: Numbers,
    /// What other nodes change is not heard: no copy may be believed, so every look is a generation of its own.
    is_deaf: AtomicBool,
}

impl Generations {
    fn look(&self, generation: &AtomicU64) -> u64 {
        if self.is_deaf.load(Ordering::SeqCst) {
            return generation.fetch_add(1, Ordering::SeqCst) + 1;
        }
        generation.load(Ordering::SeqCst)
    }

    /// Grows before the write that changed users, lines, integrations, tokens or settings is answered.
    pub fn directory(&self) -> u64 {
        self.look(&self.directory)
    }

    /// Grows before the write that changed a contact, or anything of the directory, is answered.
    pub fn contacts(&self) -> u64 {
        self.look(&self.contacts)
    }

    /// Grows before the write that ended a session is answered; a new one is in nobody's copy.
    pub fn sessions(&self) -> u64 {
        self.look(&self.sessions)
    }

    /// Grows before the write that changed what is told of this number alone is answered: beside [`Self::contacts`].
    pub fn number(&self, number: &str) -> u64 {
        self.numbers.of(number).load(Ordering::SeqCst)
    }

    pub fn note(&self, Notice { topic, id }: &Notice) {
        let grown: &[&AtomicU64] = match topic {
            Topic::Everything => &[&self.directory, &self.contacts, &self.sessions],
            Topic::Directory => &[&self.directory, &self.contacts],
            Topic::Contact => &[&self.contacts],
            Topic::Session => &[&self.sessions],
            Topic::Number => return self.numbers.note(id),
            Topic::Call | Topic::Missed | Topic::Promise | Topic::Due | Topic::Block | Topic::Task => &[],
        };
        for generation in grown {
            generation.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn everything() -> Notice {
    Notice { topic: Topic::Everything, id: String::new() }
}

/// How often what is told of a number was changed. Several numbers share a counter: what is void too often is only read
/// once more.
#[derive(Debug)]
struct Numbers(Vec<AtomicU64>);

impl Default for Numbers {
    fn default() -> Self {
        Self((0..NUMBERS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Numbers {
    fn of(&self, number: &str) -> &AtomicU64 {
        let mut hasher = DefaultHasher::new();
        number.hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % NUMBERS as u64).unwrap_or_default();
        &self.0[place]
    }

    fn note(&self, number: &str) {
        self.of(number).fetch_add(1, Ordering::SeqCst);
    }
}

/// What time the store's clock said it is, and between which instants of this process it did.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub at_ms: i64,
    pub between: [Instant; 2],
}

/// Who is told what time it is.
pub type Told = Box<dyn Fn(Said) + Send + Sync>;

/// What a store's threads and its handles share.
pub struct NoticeBoard {
    generations: Generations,
    listeners: Mutex<Vec<Listener>>,
    /// How many writers could not write the last time.
    troubled: AtomicUsize,
    death: watch::Sender<Option<String>>,
    damage: OnceLock<String>,
    log_bytes: AtomicU64,
    told_time: OnceLock<Told>,
    last_said: Mutex<Option<Said>>,
}

impl Default for NoticeBoard {
    fn default() -> Self {
        Self {
            generations: Generations::default(),
            listeners: Mutex::default(),
            troubled: AtomicUsize::new(0),
            death: watch::Sender::new(None),
            damage: OnceLock::new(),
            log_bytes: AtomicU64::new(0),
            told_time: OnceLock::new(),
            last_said: Mutex::default(),
        }
    }
}

impl NoticeBoard {
    pub fn generations(&self) -> &Generations {
        &self.generations
    }

    pub fn subscribe(&self) -> Subscription {
        let (listener, subscription) = subscription::open();
        if let Ok(mut listeners) = self.listeners.lock() {
            listeners.push(listener);
        }
        subscription
    }

    /// Voids the copies that a committed write made stale. Before its caller is answered.
    pub fn note(&self, notices: &[Notice]) {
        for notice in notices {
            self.generations.note(notice);
        }
    }

    /// Hands the notices of one commit to everybody who listens. Called after it, in the order of its writer.
    pub fn publish(&self, notices: Vec<Notice>) {
        if notices.is_empty() {
            return;
        }
        let notices: Arc<[Notice]> = notices.into();
        if let Ok(mut listeners) = self.listeners.lock() {
            listeners.retain(|listener| listener.tell(&notices));
        }
    }

    /// Somebody else wrote, or notices were lost: every copy is void, and whatever is shown must be read again.
    pub fn everything_changed(&self) {
        let notice = everything();
        self.note(std::slice::from_ref(&notice));
        self.publish(vec![notice]);
    }

    /// Other nodes are not heard any more: whatever they change from now on, this one does not learn of.
    pub fn go_deaf(&self, why: &str) {
        tracing::warn!(reason = why, "notices of other nodes cannot be heard: nothing kept in memory is believed");
        self.generations.is_deaf.store(true, Ordering::SeqCst);
        self.everything_changed();
    }

    /// Other nodes are heard from now on; what they said meanwhile is lost, and so is what it was about.
    pub fn hear_again(&self) {
        tracing::info!("notices of other nodes are heard again");
        self.generations.note(&everything());
        self.generations.is_deaf.store(false, Ordering::SeqCst);
        self.everything_changed();
    }

    pub fn is_deaf(&self) -> bool {
        self.generations.is_deaf.load(Ordering::SeqCst)
    }

    pub fn is_ready(&self) -> bool {
        self.troubled.load(Ordering::SeqCst) == 0 && !self.is_dead()
    }

    /// A writer that could not write can; true when all of them can again.
    pub fn note_recovery(&self) -> bool {
        self.troubled.fetch_sub(1, Ordering::SeqCst) == 1
    }

    /// A writer that could write cannot; true when it is the first.
    pub fn note_trouble(&self) -> bool {
        self.troubled.fetch_add(1, Ordering::SeqCst) == 0
    }

    /// The store is past saving: not ready any more, and whoever waits in [`NoticeBoard::died`] hears why. Said once.
    pub fn die(&self, why: &str) {
        let is_news = self.death.send_if_modified(|death| {
            let is_news = death.is_none();
            death.get_or_insert_with(|| why.to_owned());
            is_news
        });
        if is_news {
            tracing::error!(reason = why, "the store can be trusted no more: the program ends");
        }
    }

    pub fn is_dead(&self) -> bool {
        self.death.borrow().is_some()
    }

    /// What a look through the whole store has found wrong.
    pub fn note_damage(&self, what: String) {
        tracing::error!(found = what, "the database file is damaged, though it can be read: restore a backup soon");
        self.damage.get_or_init(|| what);
    }

    pub fn damage(&self) -> Option<&str> {
        self.damage.get().map(String::as_str)
    }

    /// So long is the embedded store's write-ahead log; said once when it is too long, and when it no longer is.
    pub fn note_log(&self, bytes: u64) {
        let was_long = self.log_bytes.swap(bytes, Ordering::SeqCst) >= LONG_LOG_BYTES;
        if !was_long && bytes >= LONG_LOG_BYTES {
            tracing::error!(
                bytes,
                "the store's write-ahead log grows: its file is read for long, by another program or, after a start, by \
                 our own look through it"
            );
        }
        if was_long && bytes < LONG_LOG_BYTES {
            tracing::info!("the store's write-ahead log is short again");
        }
    }

    /// How many bytes the write-ahead log has, while that is too many.
    pub fn long_log(&self) -> Option<u64> {
        Some(self.log_bytes.load(Ordering::SeqCst)).filter(|bytes| *bytes >= LONG_LOG_BYTES)
    }

    /// From now on this is told what time the store's clock says it is.
    pub fn tell_time(&self, told: Told) {
        let _ = self.told_time.set(told);
        let said = self.last_said.lock().map_or(None, |mut said| said.take());
        said.into_iter().for_each(|said| self.note_time(said));
    }

    /// The store's clock has said what time it is.
    pub fn note_time(&self, said: Said) {
        match self.told_time.get() {
            Some(tell) => tell(said),
            None => self.last_said.lock().into_iter().for_each(|mut last| *last = Some(said)),
        }
    }

    pub async fn died(&self) -> String {
        let mut death = self.death.subscribe();
        match death.wait_for(Option::is_some).await {
            Ok(why) => why.clone().unwrap_or_default(),
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_writers_must_be_well_and_trouble_is_news_once() {
        let board = NoticeBoard::default();
        assert!(board.is_ready());
        assert_eq!([board.note_trouble(), board.note_trouble()], [true, false]);
        assert!(!board.note_recovery());
        assert!(!board.is_ready());
        assert!(board.note_recovery());
        assert!(board.is_ready());
        board.die("the disk did not keep it");
        assert!(!board.is_ready());
    }
}
