//! Invitations: one-time links with which people set their passwords.

use secrecy::SecretString;

use crate::app::audit::Note;
use crate::app::people::{draft, sessions};
use crate::app::{App, token};
use crate::domain::audit::Action;
use crate::domain::fold::fold;
use crate::domain::time::UtcMs;
use crate::domain::user::User;
use crate::error::{Error, Prohibition, Result};
use crate::store::tables::{invites, users};
use crate::store::tx::Tx;

/// How long a link is good for.
const LINK_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// What the link holds, known to whoever was given it alone: we keep its hash.
#[derive(Clone)]
pub struct Invitation {
    pub token: String,
    pub expires_at: UtcMs,
}

impl Invitation {
    /// # Errors
    /// `Internal` when the system has no randomness.
    pub fn new(app: &App) -> Result<Self> {
        Ok(Self { token: token::new()?, expires_at: UtcMs(app.clock.now_ms() + LINK_MS) })
    }

    /// Voids the user's link before it.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep(&self, tx: &mut Tx, user_id: &str) -> Result<()> {
        invites::put(tx, user_id, &token::hash(&self.token), self.expires_at.0)
    }
}

/// Another link for a person, and who it is; a password that there is stays until the link is used.
///
/// # Errors
/// `NotFound`.
pub async fn renew(app: &App, user_id: &str) -> Result<(User, Invitation)> {
    let user = app.directory().await?.user(user_id).cloned().ok_or(Error::NotFound("user"))?;
    let invitation = Invitation::new(app)?;
    let (hash, expires_ms, id) = (token::hash(&invitation.token), invitation.expires_at.0, user.id.clone());
    let note = Note::new(app, Action::UserInvited).about(&user.id, &user.login);
    app.store
        .write(move |tx| {
            users::lock(tx, &id)?.filter(|user| user.disabled_ms.is_none()).ok_or(Error::NotFound("user"))?;
            note.keep(tx)?;
            invites::put(tx, &id, &hash, expires_ms)
        })
        .await?;
    Ok((user, invitation))
}

/// Uses the link up: the password is the person's from now on, and whoever was signed in with another one is not.
///
/// # Errors
/// `Forbidden` when the link is used up, replaced, too old or wrong; `Invalid` for the password.
pub async fn accept(app: &App, token: &str, password: SecretString) -> Result<User> {
    let (token_hash, now_ms) = (token::hash(token), app.clock.now_ms());
    let hash = token_hash.clone();
    let found = app.store.show(move |tx| invites::find_user(tx, &hash, now_ms)).await?;
    let directory = app.directory().await?;
    let user = found.and_then(|id| directory.user(&id).cloned()).ok_or_else(bad_link)?;
    draft::check(&password, &user.login)?;
    let password_hash = app.passwords.hash(password).await?;
    let (id, login_key) = (user.id.clone(), fold(&user.login));
    let note = Note::new(app, Action::InviteAccepted).by(&user.id);
    app.store
        .write(move |tx| {
            if !invites::take(tx, &token_hash, now_ms)? {
                // Run again, it finds the link used up by itself.
                let kept = users::find_credentials(tx, &login_key)?;
                return if kept.is_some_and(|(_, kept)| kept == password_hash) { Ok(()) } else { Err(bad_link()) };
            }
            users::set_password(tx, &id, &password_hash)?;
            note.keep(tx)?;
            sessions::end_all(tx, &id)
        })
        .await?;
    Ok(user)
}

fn bad_link() -> Error {
    Error::Forbidden(Prohibition::Invite)
}
