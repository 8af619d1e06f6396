//! What other systems are told of calls: planned with the call, delivered later.

pub mod backlog;
pub mod lanes;
pub mod plan;
