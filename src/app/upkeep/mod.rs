//! What keeps the store in order by itself, and says what is not.

pub mod doctor;
pub mod findings;
pub mod retention;
