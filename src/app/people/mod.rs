//! Who may use this, and who is signed in.

pub mod api_tokens;
pub mod draft;
pub mod invites;
pub mod own_password;
pub mod second_factor;
pub mod sessions;
pub mod setup;
pub mod unnamed;
pub mod users;
