//! ringcard: the CRM side of a cloud PBX. It hears the PBX, keeps contacts and calls, shows a card in the browser while
//! the phone rings, and calls out.
//!
//! - `domain` the nouns and their rules, pure
//! - `pbx` what the PBX sends: bytes to facts, and the reply bodies
//! - `telephony` what we ask of the outside systems
//! - `store` all SQL, on two engines
//! - `app` what the program does, each rule inside one transaction
//! - `http` the routes: decode, app, encode
//! - `live` who is connected, and what each must see
//! - `jobs` loops in the background
//! - `server` ties them together
//! - `simulator` a PBX to play with
//! - `cli` the commands

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod error;
pub mod http;
pub mod jobs;
pub mod live;
pub mod pbx;
pub mod server;
pub mod simulator;
pub mod store;
pub mod telephony;
