//! What people see and do with calls.

pub mod cards;
pub mod contacts;
pub mod counted;
pub mod erasing;
pub mod export;
pub mod merging;
pub mod missed;
mod missed_view;
pub mod moving_in;
pub mod numbers;
pub mod parting;
pub mod past;
pub mod person;
pub mod person_file;
pub mod problems;
pub mod promise_draft;
pub mod promises;
pub mod remarks;
pub mod taking;
pub mod timeline;
pub mod view;
