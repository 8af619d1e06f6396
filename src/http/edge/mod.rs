//! What stands around every handler: who asks, what may come in, and how a refusal goes out.

pub mod auth;
pub mod body;
pub mod decode;
pub mod filter;
pub mod origin;
pub mod page;
pub mod patch;
pub mod problem;
pub mod security;
pub mod strangers;
pub mod token_guard;
pub mod turn;
