//! What people see and do with calls.

pub mod cards;
pub mod missed;
pub mod past;
pub mod remarks;
pub mod view;
