//! A PBX of the Cloud PBX family to play with, and beside it SipSim, UIS and Mango, in a world of their own: they speak
//! only HTTP, to any CRM that speaks the contract, and use nothing of ours but the clock and the form of a number.
//!
//! - `cast` who works there, who rings, how fast
//! - `scenario` what happens in a call, as a script
//! - `player` plays a script: pushes to the CRM, in time
//! - `crm` the CRM's entry, and what the contract lets it answer
//! - `entry` what the CRM may ask of the PBX: accounts, makeCall, the recordings
//! - `recording` the sound of a call
//! - `neighbours` the other three systems at the same address: `sipsim`, `uis`, `mango`

pub mod cast;
pub mod crm;
pub mod entry;
pub mod mango;
pub mod neighbours;
pub mod player;
pub mod recording;
pub mod scenario;
pub mod sipsim;
pub mod uis;
