//! Reports: what came of the calls of a time, counted from the rows that followers keep.

pub mod ask;
pub mod calls;
pub mod days;
pub mod people;
pub mod rows;
pub mod sheet;
pub mod sieve;
pub mod tally;
