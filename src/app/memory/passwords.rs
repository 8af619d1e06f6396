//! Password hashes: argon2id, at most as many at once as there are cores, never on an async thread. Guessers fill no
//! queue: strangers wait among themselves, and whoever signed in from an address before, or is signed in, waits behind
//! one of them at most.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, oneshot};

use crate::domain::address::neighbourhood;
use crate::error::{Error, Result};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// How many who are known may wait for a core; more are told to come back.
const KNOWN_WAITING: usize = 64;
/// The same of one strange address, and of how many such addresses: all together wait some seconds.
const WAITING_OF_ADDRESS: usize = 2;
const ADDRESSES_WAITING: usize = 256;
/// A bound on memory; past it all are strangers again.
const ADDRESSES_KNOWN: usize = 10_000;

/// What an unknown user's password is compared with, so that it takes the same time.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cmluZ2NhcmRub2JvZHkhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The cores that may hash, and who waits for them.
#[derive(Clone)]
pub struct Passwords {
    cores: Arc<Semaphore>,
    /// Which of the strangers is the next to wait for a core.
    next_stranger: Arc<Semaphore>,
    queue: Arc<Mutex<Queue>>,
}

#[derive(Default)]
struct Queue {
    known: HashSet<IpAddr>,
    known_waiting: usize,
    strangers_waiting: HashMap<IpAddr, usize>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            cores: Arc::new(Semaphore::new(cores)),
            next_stranger: Arc::new(Semaphore::new(1)),
            queue: Arc::default(),
        }
    }
}

impl Passwords {
    /// Somebody proved himself at this address: whoever comes from it is no stranger.
    pub fn welcome(&self, address: IpAddr) {
        let mut queue = lock(&self.queue);
        if queue.known.len() >= ADDRESSES_KNOWN {
            queue.known.clear();
        }
        queue.known.insert(neighbourhood(address));
    }

    /// The PHC string to keep, for somebody who is signed in.
    ///
    /// # Errors
    /// `TooMany` when too many passwords are being hashed already.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        self.work(None, move || hash(password.expose_secret().as_bytes())).await
    }

    /// Whether `password`, which came from `address`, is the one that `kept` was made of; `None`, nobody's, takes as long
    /// and is false.
    ///
    /// # Errors
    /// As [`Passwords::hash`].
    pub async fn verify(&self, password: SecretString, kept: Option<String>, address: Option<IpAddr>) -> Result<bool> {
        self.work(address, move || {
            let is_same = verify(password.expose_secret().as_bytes(), kept.as_deref().unwrap_or(NOBODY))?;
            Ok(is_same && kept.is_some())
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        address: Option<IpAddr>,
        job: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = Place::take(&self.queue, address)?;
        let is_next = match place.stranger {
            Some(_) => Some(self.next_stranger.acquire().await.map_err(Error::internal)?),
            None => None,
        };
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(Error::internal)?;
        drop(is_next);
        let (answer, done) = oneshot::channel();
        let job = move || {
            let _core = core;
            // Whoever waited may have gone.
            let _ = answer.send(job());
        };
        std::thread::Builder::new().name("password".to_owned()).spawn(job).map_err(Error::internal)?;
        done.await.map_err(Error::internal)?
    }
}

/// A place in the queue, given back when dropped: a client who hangs up while he waits leaves it too.
struct Place {
    queue: Arc<Mutex<Queue>>,
    stranger: Option<IpAddr>,
}

impl Place {
    fn take(queue: &Arc<Mutex<Queue>>, address: Option<IpAddr>) -> Result<Self> {
        let mut waiting = lock(queue);
        let stranger = address.map(neighbourhood).filter(|address| !waiting.known.contains(address));
        let is_full = match stranger {
            None => waiting.known_waiting >= KNOWN_WAITING,
            Some(address) => match waiting.strangers_waiting.get(&address) {
                None => waiting.strangers_waiting.len() >= ADDRESSES_WAITING,
                Some(count) => *count >= WAITING_OF_ADDRESS,
            },
        };
        if is_full {
            return Err(Error::TooMany { detail: "too many people sign in at once".to_owned(), retry_after_s: 2 });
        }
        match stranger {
            None => waiting.known_waiting += 1,
            Some(address) => *waiting.strangers_waiting.entry(address).or_default() += 1,
        }
        drop(waiting);
        Ok(Self { queue: Arc::clone(queue), stranger })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = lock(&self.queue);
        let Some(address) = self.stranger else {
            waiting.known_waiting -= 1;
            return;
        };
        if let Entry::Occupied(mut count) = waiting.strangers_waiting.entry(address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As [`Passwords::hash`], on this thread: for the command line.
///
/// # Errors
/// `Internal` when the system has no randomness.
pub fn hash(password: &[u8]) -> Result<String> {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).map_err(Error::internal)?;
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(HASH_BYTES)).map_err(Error::internal)?;
    let mut output = [0; HASH_BYTES];
    digest(password, &salt, &params, &mut output)?;
    let whole = PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(Error::internal)?,
        salt: Some(Salt::new(&salt).map_err(Error::internal)?),
        hash: Some(Output::new(&output).map_err(Error::internal)?),
    };
    Ok(whole.to_string())
}

fn verify(password: &[u8], kept: &str) -> Result<bool> {
    let kept = PasswordHash::new(kept).map_err(Error::internal)?;
    let (Some(salt), Some(hash)) = (&kept.salt, &kept.hash) else {
        return Err(Error::internal("a password hash without salt or hash"));
    };
    let params = Params::try_from(&kept).map_err(Error::internal)?;
    let mut output = vec![0; hash.len()];
    digest(password, salt, &params, &mut output)?;
    // Output compares in constant time.
    Ok(Output::new(&output).map_err(Error::internal)? == *hash)
}

fn digest(password: &[u8], salt: &[u8], params: &Params, output: &mut [u8]) -> Result<()> {
    let mut blocks = vec![Block::default(); params.block_count()];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password_into_with_memory(password, salt, output, &mut blocks)
        .map_err(Error::internal)
}
