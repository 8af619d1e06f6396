//! The contract of the store: every test runs on SQLite, and as its twin on PostgreSQL (`cargo test -- --ignored`).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]

mod calls;
mod client_numbers;
mod contacts;
mod crm_tokens;
mod dial_slots;
mod encrypted;
mod engine;
mod files;
mod frozen;
mod history;
mod integrations;
mod journal;
mod lanes;
mod log;
mod lost_updates;
mod migrations;
mod moving;
mod nodes;
mod outbox;
mod pair;
mod people;
mod place;
mod plans;
mod power;
mod promises;
mod proxy;
mod recordings;
mod search;
mod settings;
mod settled_once;
mod signed_out;
mod trials;
mod two_nodes;
mod unnamed;
mod writers;
