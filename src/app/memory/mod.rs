//! What this process keeps in memory and could get back from the store.

pub mod answer_times;
pub mod attempts;
pub mod contact_journal;
pub mod damages;
pub mod jobs;
pub mod key;
pub mod known_numbers;
pub mod meters;
pub mod passwords;
pub mod sessions;
pub mod token_uses;
pub mod trial_player;
pub mod uis_sessions;
