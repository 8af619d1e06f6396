//! What is heard of calls: it joins what is known, and what follows from it follows in the same transaction.

pub mod answer;
pub mod automation;
pub mod board;
pub mod clicks;
pub mod episodes;
pub mod figures;
pub mod figures_anew;
pub mod hear;
pub mod promises;
pub mod returning;
pub mod row;
pub mod settle;
pub mod talks;
pub mod waiting;
