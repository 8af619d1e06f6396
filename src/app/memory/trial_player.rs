//! Who plays trial calls: set by whoever serves, since this program's rules know of no simulator.

use std::sync::OnceLock;

use tokio::sync::oneshot;

/// One call to play.
pub struct TrialCall {
    pub crm_token: String,
    /// How the trial knows the person who is rung.
    pub account: String,
    pub client: String,
    /// Our number that is dialled, if there is one.
    pub line: Option<String>,
    /// Hears once whether the first ring was kept.
    pub rang: oneshot::Sender<bool>,
}

/// Begins to play, and returns at once.
pub type Play = Box<dyn Fn(TrialCall) + Send + Sync>;

#[derive(Default)]
pub struct TrialPlayer(OnceLock<Play>);

impl TrialPlayer {
    /// The first one stays.
    pub fn set(&self, play: Play) {
        let _ = self.0.set(play);
    }

    /// False when nobody plays.
    pub fn play(&self, call: TrialCall) -> bool {
        self.0.get().map(|play| play(call)).is_some()
    }
}
