//! What the program does, a room a concern, a file a capability; each rule inside one transaction.

pub mod audit;
pub mod calls;
pub mod change;
pub mod clients;
pub mod desk;
pub mod dialling;
pub mod directory;
pub mod integrations;
pub mod memory;
pub mod outbox;
pub mod people;
pub mod pushes;
pub mod reasons;
pub mod recordings;
pub mod reports;
pub mod secrets;
pub mod settings;
pub mod token;
pub mod upkeep;

use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use crate::app::directory::Directory;
use crate::app::memory::answer_times::AnswerTimes;
use crate::app::memory::attempts::Attempts;
use crate::app::memory::contact_journal::ContactJournal;
use crate::app::memory::damages::Damages;
use crate::app::memory::jobs::Jobs;
use crate::app::memory::key::KeptKey;
use crate::app::memory::known_numbers::KnownNumbers;
use crate::app::memory::meters::Meters;
use crate::app::memory::passwords::Passwords;
use crate::app::memory::sessions::SessionCache;
use crate::app::memory::token_uses::TokenUses;
use crate::app::memory::trial_player::TrialPlayer;
use crate::app::memory::uis_sessions::UisSessions;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::audit::Actor;
use crate::error::{Error, Result};
use crate::store::Store;
use crate::store::engine::notices::Said;
use crate::store::tables::directory as tables;
use crate::telephony::http::{Client, Limits};

/// Whoever asks whether a node is ready asks again soon.
const READY_LIMIT: Duration = Duration::from_millis(900);

/// What every use case needs. Clones share it.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub config: Arc<Config>,
    /// For whom it acts: what is kept of an act says so.
    pub by: Actor,
    directory: Arc<RwLock<Option<Arc<Directory>>>>,
    sessions: Arc<SessionCache>,
    passwords: Passwords,
    attempts: Arc<Attempts>,
    code_attempts: Arc<Attempts>,
    secret_key: KeptKey,
    client: Arc<OnceLock<Client>>,
    uis_sessions: Arc<UisSessions>,
    known: Arc<KnownNumbers>,
    pub contact_journal: Arc<ContactJournal>,
    pub token_uses: Arc<TokenUses>,
    api_token_uses: Arc<TokenUses>,
    pub jobs: Arc<Jobs>,
    pub answer_times: Arc<AnswerTimes>,
    pub trial_player: Arc<TrialPlayer>,
    pub meters: Arc<Meters>,
    damages: Arc<Damages>,
}

/// All nodes go by the store's clock: what one of them writes down of time is true on the others.
fn follow(clock: &Clock, said: Said) {
    let before = clock.apart_ms();
    clock.follow(said.at_ms, said.between);
    match (before, clock.apart_ms()) {
        (None, Some(apart_ms)) => tracing::warn!(
            apart_ms,
            "this machine's clock and the database's are apart: the database's counts; let both keep their time by NTP"
        ),
        (Some(_), None) => tracing::info!("this machine's clock and the database's agree again"),
        _ => {}
    }
}

impl App {
    pub fn new(store: Store, clock: Clock, config: Config) -> Self {
        let followed = clock.clone();
        store.tell_time(move |said| follow(&followed, said));
        Self {
            store,
            clock,
            config: Arc::new(config),
            by: Actor::default(),
            directory: Arc::default(),
            sessions: Arc::default(),
            passwords: Passwords::default(),
            attempts: Arc::default(),
            code_attempts: Arc::default(),
            secret_key: KeptKey::default(),
            client: Arc::default(),
            uis_sessions: Arc::default(),
            known: Arc::default(),
            contact_journal: Arc::default(),
            token_uses: Arc::default(),
            api_token_uses: Arc::default(),
            jobs: Arc::default(),
            answer_times: Arc::default(),
            trial_player: Arc::default(),
            meters: Arc::default(),
            damages: Arc::default(),
        }
    }

    /// The same, acting for somebody.
    pub fn acting_for(&self, by: Actor) -> Self {
        Self { by, ..self.clone() }
    }

    /// People, lines, integrations, tokens and settings as of the last commit that changed them.
    ///
    /// # Errors
    /// What the store says when it must be read again.
    pub async fn directory(&self) -> Result<Arc<Directory>> {
        let generation = self.store.generations().directory();
        {
            let kept = self.directory.read().map_err(Error::internal)?;
            if let Some(directory) = kept.as_ref().filter(|kept| kept.generation == generation) {
                return Ok(Arc::clone(directory));
            }
        }
        let region = self.config.default_region.clone();
        let mut fresh = self.store.show(move |tx| Directory::load(tx, generation, &region)).await?;
        std::mem::take(&mut fresh.damaged).iter().for_each(|damage| self.damages.note(damage));
        fresh.damages = Arc::clone(&self.damages);
        let fresh = Arc::new(fresh);
        *self.directory.write().map_err(Error::internal)? = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// The way to the outside systems, made when it is first needed.
    ///
    /// # Errors
    /// `Internal` when the file of extra trusted roots cannot be read.
    pub fn client(&self) -> Result<Client> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = Client::new(Limits::default(), self.config.extra_ca_file.as_deref())?;
        Ok(self.client.get_or_init(|| client).clone())
    }

    /// How many rows this node found that it cannot read.
    pub fn count_damages(&self) -> usize {
        self.damages.list().len()
    }

    /// Whether this node can do all its work: the store answers and keeps, and no job is down.
    ///
    /// # Errors
    /// What the store says; `Busy` while a job is down.
    pub async fn check_ready(&self) -> Result<()> {
        if let Some(name) = self.jobs.find_down() {
            return Err(Error::Busy(format!("the job {name} has failed and starts again")));
        }
        self.check_store().await
    }

    /// Whether the store answers, and would keep what it is given. Known within a second.
    ///
    /// # Errors
    /// What the store says.
    pub async fn check_store(&self) -> Result<()> {
        if !self.store.is_ready() {
            return Err(Error::Busy("a write would fail now".to_owned()));
        }
        let answer = tokio::time::timeout(READY_LIMIT, self.store.show(tables::list_settings)).await;
        answer.map_err(|_| Error::Busy("the store does not answer".to_owned()))?.map(|_| ())
    }
}
