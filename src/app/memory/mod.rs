//! What this process keeps in memory and could get back from the store.

pub mod attempts;
