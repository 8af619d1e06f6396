//! What is heard of calls: it joins what is known, and what follows from it follows in the same transaction.

pub mod automation;
pub mod clicks;
pub mod hear;
