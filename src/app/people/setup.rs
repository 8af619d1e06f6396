//! The first admin, by the one-time link that the server prints.

use secrecy::SecretString;

use crate::app::audit::Note;
use crate::app::people::draft::UserDraft;
use crate::app::people::users;
use crate::app::{App, token};
use crate::domain::audit::Action;
use crate::domain::user::{Role, User};
use crate::error::{Code, Error, Prohibition, Result};
use crate::store::tables::setup;

/// How long a link is good for.
const LINK_MS: i64 = 30 * 60 * 1000;

/// Whether there is an admin.
///
/// # Errors
/// What the store says.
pub async fn is_done(app: &App) -> Result<bool> {
    Ok(app.directory().await?.users.iter().any(|user| user.role == Role::Admin))
}

/// A new link's token, while there is no admin. Every node has one of its own: the first that is used voids the others.
///
/// # Errors
/// What the store says.
pub async fn renew_link(app: &App) -> Result<Option<String>> {
    if is_done(app).await? {
        return Ok(None);
    }
    let token = token::new()?;
    let (token_hash, now_ms) = (token::hash(&token), app.clock.now_ms());
    app.store
        .write(move |tx| {
            setup::delete_expired(tx, now_ms)?;
            setup::insert(tx, &token_hash, now_ms + LINK_MS)
        })
        .await?;
    Ok(Some(token))
}

/// The first admin, as he introduces himself.
pub struct FirstAdmin {
    pub token: String,
    pub login: String,
    pub name: String,
    pub password: SecretString,
}

/// Makes the first admin and uses the link up.
///
/// # Errors
/// `Conflict` `set_up_already`; `Forbidden` when the link is used up, too old or wrong; `Invalid`.
pub async fn make_first_admin(app: &App, first: FirstAdmin) -> Result<User> {
    if is_done(app).await? {
        return Err(Error::conflict(Code::SetUpAlready, "there is an admin already: sign in"));
    }
    let (token_hash, now_ms) = (token::hash(&first.token), app.clock.now_ms());
    let hash = token_hash.clone();
    if !app.store.show(move |tx| setup::is_valid(tx, &hash, now_ms)).await? {
        return Err(bad_link());
    }
    let draft = UserDraft {
        login: first.login,
        name: first.name,
        role: Role::Admin,
        password: Some(first.password.clone()),
        lines: Vec::new(),
    };
    let draft = draft.checked()?;
    let password_hash = app.passwords.hash(first.password).await?;
    let row = users::row(app.clock.new_id(), &draft.login, &draft.name, Role::Admin);
    let id = row.id.clone();
    let note = Note::new(app, Action::SetUp).by(&row.id);
    app.store
        .write(move |tx| {
            // Run again, it finds the link used up by itself.
            if !setup::take(tx, &token_hash, now_ms)? && !users::is_added(tx, &row)? {
                return Err(bad_link());
            }
            note.keep(tx)?;
            users::insert(tx, &row, &password_hash, &[], now_ms)
        })
        .await?;
    users::get(app, &id).await
}

fn bad_link() -> Error {
    Error::Forbidden(Prohibition::SetupLink)
}
