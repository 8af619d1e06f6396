//! One's own password, changed.

use secrecy::SecretString;

use crate::app::App;
use crate::app::people::draft::{self, UserPatch};
use crate::app::people::{second_factor, sessions, users};
use crate::domain::user::User;
use crate::error::Result;

/// Changes it. All sessions end, and a new one begins for the browser that asks: the answer is its token.
///
/// # Errors
/// `Invalid` for either; `TooMany`.
pub async fn change(app: &App, user: &User, current: SecretString, new: SecretString) -> Result<String> {
    draft::check(&new, &user.login)?;
    second_factor::prove_password(app, user, current, "current").await?;
    let patch = UserPatch { password: Some(new), ..UserPatch::default() };
    users::update(app, &user.id, patch).await?;
    sessions::begin(app, &user.id).await
}
