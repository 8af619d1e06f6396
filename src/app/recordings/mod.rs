//! The recordings: fetched from the PBX, which throws them away after a week, and kept in our own store.

pub mod backlog;
pub mod folder;
pub mod lanes;
pub mod listen;
pub mod plan;
pub mod shown;
pub mod source;
pub mod sweep;
pub mod vault;
