//! Calling out by a click.

pub mod dial;
pub mod limit;
