//! Clients and leads: kept, found, recognised by their numbers.

pub mod changes;
pub mod contacts;
pub mod draft;
pub mod duplicates;
pub mod export;
pub mod files;
pub mod identify;
pub mod import;
pub mod incoming;
pub mod joining;
pub mod numbers;
pub mod search;
