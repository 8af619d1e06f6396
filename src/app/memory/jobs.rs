//! How the loops of the background are doing on this node.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Default)]
pub struct Jobs(Mutex<BTreeMap<&'static str, JobState>>);

/// One loop, since this node started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobState {
    /// It has failed and does not go on yet.
    pub is_down: bool,
    pub failures: u64,
    /// Why it failed last; empty: it never did.
    pub why: String,
}

impl Jobs {
    fn states(&self) -> MutexGuard<'_, BTreeMap<&'static str, JobState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note_well(&self, name: &'static str) {
        self.states().entry(name).or_default().is_down = false;
    }

    pub fn note_failure(&self, name: &'static str, why: &str) {
        let mut states = self.states();
        let state = states.entry(name).or_default();
        state.is_down = true;
        state.failures += 1;
        why.clone_into(&mut state.why);
    }

    /// Every loop by its name.
    pub fn list(&self) -> Vec<(&'static str, JobState)> {
        self.states().iter().map(|(name, state)| (*name, state.clone())).collect()
    }

    /// The first that is down.
    pub fn find_down(&self) -> Option<&'static str> {
        self.states().iter().find(|(_, state)| state.is_down).map(|(name, _)| *name)
    }
}
