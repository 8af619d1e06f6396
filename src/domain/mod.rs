//! The nouns of the trade and their rules, pure: no I/O, no clock, no wire format of any vendor.

pub mod call;
pub mod card;
pub mod contact;
pub mod course;
pub mod delivery;
pub mod doubts;
pub mod facts;
pub mod facts_text;
pub mod fault;
pub mod fold;
pub mod heard;
pub mod integration;
pub mod missed;
pub mod newer;
pub mod outcome;
pub mod page;
pub mod password;
pub mod phone;
pub mod push;
pub mod reason;
pub mod search;
pub mod settings;
pub mod text;
pub mod time;
pub mod times;
pub mod user;
