//! Clients and leads: kept, found, recognised by their numbers.

pub mod changes;
pub mod contacts;
pub mod draft;
pub mod export;
pub mod identify;
pub mod numbers;
pub mod search;
