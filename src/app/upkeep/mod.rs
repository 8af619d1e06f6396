//! What keeps the store in order by itself.

pub mod retention;
