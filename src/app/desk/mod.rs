//! What people see and do with calls.

pub mod cards;
pub mod history;
pub mod missed;
pub mod remarks;
pub mod view;
