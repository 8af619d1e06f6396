//! API tokens: what programs prove themselves with. Each is a person's, who made it, and may do what its role lets it and
//! no more than he may. Kept as hashes; shown once.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::audit::Note;
use crate::app::directory::Directory;
use crate::app::people::sessions::SignedIn;
use crate::app::{App, token};
use crate::domain::audit::Action;
use crate::domain::fault::Fault;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::domain::user::{Role, User, UserRef};
use crate::error::{Error, FieldError, Result};
use crate::store::tables::api_tokens::{self, ApiTokenRow};
use crate::store::tx::Topic;

const NAME_CHARS: usize = 100;
/// All are read with the directory.
const MOST: usize = 200;

/// A token as people see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApiToken {
    pub id: String,
    pub name: String,
    /// What it may do, as long as its person may too.
    pub role: Role,
    /// Whose it is: what is done with it stands under his name.
    pub user: UserRef,
    pub made_at: UtcMs,
    /// Null: never yet.
    #[schema(required)]
    pub last_used_at: Option<UtcMs>,
    /// Null: valid until somebody ends it.
    #[schema(required)]
    pub expires_at: Option<UtcMs>,
}

/// A token to be made.
pub struct TokenDraft {
    pub name: String,
    pub role: Role,
    pub expires_at: Option<UtcMs>,
}

/// Makes a token of this person's; the answer has it in clear, for this one time.
///
/// # Errors
/// `Invalid`, naming every refused member.
pub async fn make(app: &App, owner: &User, draft: TokenDraft) -> Result<(ApiToken, SecretString)> {
    let (name, now_ms) = (checked(app, &draft).await?, app.clock.now_ms());
    let secret = SecretString::from(token::new()?);
    let row = ApiTokenRow {
        id: app.clock.new_id_at(now_ms),
        token_hash: token::hash(secret.expose_secret()),
        user_id: owner.id.clone(),
        name,
        role: draft.role.as_str().to_owned(),
        created_ms: now_ms,
        expires_ms: draft.expires_at.map(|at| at.0),
        last_used_ms: None,
    };
    let note = Note::new(app, Action::ApiTokenMade).about(&row.id, &row.name).giving(draft.role);
    let kept = row.clone();
    app.store
        .write(move |tx| {
            api_tokens::insert(tx, &kept)?;
            note.keep(tx)?;
            tx.notify(Topic::Directory, &kept.id);
            Ok(())
        })
        .await?;
    let made = shown(app, &*app.directory().await?, &row).ok_or_else(|| Error::internal("its person is gone"))?;
    Ok((made, secret))
}

/// The name, cleaned.
async fn checked(app: &App, draft: &TokenDraft) -> Result<String> {
    let mut errors = Vec::new();
    let name = clean_line(&draft.name);
    if name.is_empty() {
        errors.push(FieldError::new("name", Fault::Required));
    } else if name.chars().count() > NAME_CHARS {
        errors.push(FieldError::new("name", Fault::TooLong { most: NAME_CHARS }));
    }
    if draft.expires_at.is_some_and(|at| at.0 <= app.clock.now_ms()) {
        errors.push(FieldError::new("expires_at", Fault::Past));
    }
    if app.directory().await?.api_tokens().len() >= MOST {
        errors.push(FieldError::new("name", Fault::TooMany { most: MOST }));
    }
    Error::unless_empty(errors).map(|()| name)
}

/// All tokens, newest first; those whose time is over too, until they are ended.
///
/// # Errors
/// What the store says.
pub async fn list(app: &App) -> Result<Vec<ApiToken>> {
    let directory = app.directory().await?;
    let rows = app.store.show(api_tokens::list).await?;
    Ok(rows.iter().filter_map(|row| shown(app, &directory, row)).collect())
}

/// Ends a token, at once.
///
/// # Errors
/// `NotFound`.
pub async fn end(app: &App, id: &str) -> Result<()> {
    let (id, note) = (id.to_owned(), Note::new(app, Action::ApiTokenEnded));
    app.store
        .write(move |tx| {
            let name = api_tokens::delete(tx, &id)?.ok_or(Error::NotFound("token"))?;
            note.clone().about(&id, &name).keep(tx)?;
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await
}

/// Whom this token proves, if it is valid: its person, with the token's role or less.
///
/// # Errors
/// What the store says.
pub async fn find(app: &App, token: &str) -> Result<Option<SignedIn>> {
    if !token::is_one(token) {
        return Ok(None);
    }
    find_hashed(app, &token::hash(token)).await
}

/// As [`find`], by the token's hash.
///
/// # Errors
/// What the store says.
pub async fn find_hashed(app: &App, token_hash: &str) -> Result<Option<SignedIn>> {
    let (directory, now_ms) = (app.directory().await?, app.clock.now_ms());
    let row = directory.api_tokens().iter().find(|row| row.token_hash == token_hash);
    let Some(row) = row.filter(|row| row.expires_ms.is_none_or(|expires| expires > now_ms)) else { return Ok(None) };
    let (Some(user), Some(role)) = (directory.acting_user(&row.user_id), Role::parse(&row.role)) else {
        return Ok(None);
    };
    app.api_token_uses.note(token_hash, now_ms);
    let user = User { role: user.role.min(role), ..user };
    Ok(Some(SignedIn { token_hash: token_hash.to_owned(), api_token: Some(row.name.clone()), user }))
}

/// Writes down when each was last used, as it was noted since the last time.
///
/// # Errors
/// What the store says; nothing is lost then.
pub async fn keep_uses(app: &App) -> Result<()> {
    let uses = app.api_token_uses.unwritten()?;
    if uses.is_empty() {
        return Ok(());
    }
    let written = uses.clone();
    app.store
        .write(move |tx| uses.iter().try_for_each(|(hash, at_ms)| api_tokens::update_last_used(tx, hash, *at_ms)))
        .await?;
    app.api_token_uses.mark_written(&written);
    Ok(())
}

/// What other nodes heard of its use is at most a minute old.
fn shown(app: &App, directory: &Directory, row: &ApiTokenRow) -> Option<ApiToken> {
    Some(ApiToken {
        id: row.id.clone(),
        name: row.name.clone(),
        role: Role::parse(&row.role)?,
        user: directory.user_ref(&row.user_id)?.clone(),
        made_at: UtcMs(row.created_ms),
        last_used_at: row.last_used_ms.max(app.api_token_uses.last_ms(&row.token_hash)).map(UtcMs),
        expires_at: row.expires_ms.map(UtcMs),
    })
}
