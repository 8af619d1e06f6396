//! The tables, a file each: one function a statement.

pub mod call_lists;
pub mod call_reaches;
pub mod call_walks;
pub mod calls;
pub mod client_numbers;
pub mod contact_changes;
pub mod contact_phones;
pub mod contact_talks;
pub mod contacts;
pub mod crm_tokens;
pub mod dial_slots;
pub mod directory;
pub mod dismissals;
pub mod integrations;
pub mod invites;
pub mod lines;
pub mod outbox;
pub mod promises;
pub mod search_texts;
pub mod secret_key;
pub mod sessions;
pub mod settings;
pub mod setup;
pub mod trials;
pub mod users;
pub mod webhooks;
