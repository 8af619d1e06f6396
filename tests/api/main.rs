//! The running server as other programs meet it: over a real port, with a fixed clock and fake peers.
#![recursion_limit = "256"]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so by panicking")]

mod addresses;
mod any_order;
mod automations;
mod clicks;
mod cloud_pbx;
mod command_line;
mod contacts;
mod damage;
mod delivery;
mod dialling;
mod fake_peer;
mod fill;
mod health;
mod history;
mod integration_command;
mod integration_kinds;
mod integrations;
mod jobs;
mod journal;
mod late_reports;
mod live_stream;
mod mango;
mod missed_board;
mod neighbours;
mod notes;
mod offline;
mod outbox;
mod outbox_shown;
mod outcomes;
mod pbx_beyond;
mod pbx_entry;
mod people;
mod promises;
mod retention;
mod routes;
mod schemas;
mod security;
mod settings;
mod settling;
mod sipsim;
mod storms;
mod support;
mod uis;
mod who_is_calling;
