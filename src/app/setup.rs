//! The first admin, by the one-time link that the server prints.

use crate::app::App;
use crate::domain::user::Role;
use crate::error::Result;

/// Whether there is an admin.
///
/// # Errors
/// What the store says.
pub async fn is_done(app: &App) -> Result<bool> {
    Ok(app.directory().await?.users.iter().any(|user| user.role == Role::Admin))
}
