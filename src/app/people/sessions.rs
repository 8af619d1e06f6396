//! Signed-in browsers. A token is 256 random bits, known to the browser alone: we keep its hash.

use std::net::IpAddr;

use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::audit::Note;
use crate::app::people::second_factor;
use crate::app::{App, token};
use crate::domain::audit::Action;
use crate::domain::fold::fold;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::domain::user::{Role, User};
use crate::error::{Error, Prohibition, Result};
use crate::store::tables::sessions::{self, SessionRow};
use crate::store::tables::users;
use crate::store::tx::{Topic, Tx};

/// Unused for this long, a session ends.
const IDLE_MS: i64 = 12 * 60 * 60 * 1000;
/// The longest a session lasts, however busy.
pub const LONGEST_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// `seen_ms` is written at most this often.
const TOUCH_MS: i64 = 5 * 60 * 1000;
/// No login is longer; what is only tried to be one is not kept whole.
const LOGIN_CHARS: usize = 64;
/// So much is kept of what a browser calls itself.
const BROWSER_CHARS: usize = 300;

/// A signed-in browser as its person sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenSession {
    pub id: String,
    /// What it calls itself: its `User-Agent`; empty: it said nothing.
    pub browser: String,
    /// From where it was used last; null: not known.
    #[schema(required)]
    pub address: Option<String>,
    pub made_at: UtcMs,
    /// At most five minutes old.
    pub seen_at: UtcMs,
    /// The one that asks.
    pub is_this: bool,
}

/// A session that stands, or an API token, and whose it is.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub token_hash: String,
    /// The name of an API token that stands for it; none: a browser's own.
    pub api_token: Option<String>,
    pub user: User,
}

/// Signs in with a password, and a code where the person has a second factor; the answer is the browser's token.
/// `address` is the client's, for the limits.
///
/// # Errors
/// `WrongPassword`, the same for an unknown login; `SecondFactorNeeded`, `WrongCode`; `TooMany` with the time to wait.
pub async fn sign_in(
    app: &App,
    login: &str,
    password: SecretString,
    code: Option<&str>,
    address: Option<IpAddr>,
) -> Result<(String, User)> {
    let login_key: String = fold(login).chars().take(LOGIN_CHARS).collect();
    app.attempts.begin(&login_key, address, app.clock.running_ms())?;
    let key = login_key.clone();
    let known = app.store.show(move |tx| users::find_credentials(tx, &key)).await?;
    // Whoever was invited has no password yet, and is as nobody.
    let kept = known.as_ref().map(|(_, hash)| hash.clone()).filter(|hash| !hash.is_empty());
    let verified = app.passwords.verify(password, kept, address).await;
    if !verified.inspect_err(|_| app.attempts.take_back(&login_key, address))? {
        return Err(wrong_password());
    }
    let Some((known_id, _)) = &known else { return Err(wrong_password()) };
    let proof = second_factor::prove(app, known_id, code).await;
    // The password was right: whoever is asked for a code has not guessed.
    let proof = proof.inspect_err(|refusal| {
        if !matches!(refusal, Error::WrongCode) {
            app.attempts.take_back(&login_key, address);
        }
    })?;
    address.inspect(|address| app.passwords.welcome(*address));
    let (token, attempted) = (token::new()?, login_key.clone());
    let note = Note::new(app, Action::SignedIn);
    let row = fresh(app, &token, known_id);
    let user_id = app
        .store
        .write(move |tx| {
            // Whoever was disabled, or whose password was changed while it was compared, is not signed in.
            if users::find_credentials(tx, &login_key)? != known {
                return Err(wrong_password());
            }
            let Some((user_id, _)) = &known else { return Err(wrong_password()) };
            // Run again, it finds the code used up by itself.
            if sessions::find(tx, &row.token_hash)?.is_none() {
                proof.take(tx, user_id)?;
            }
            sessions::insert(tx, &row)?;
            note.clone().by(user_id).keep(tx)?;
            Ok(user_id.clone())
        })
        .await?;
    app.attempts.succeed(&attempted, address);
    app.code_attempts.succeed(&user_id, None);
    let user = app.directory().await?.acting_user(&user_id).ok_or_else(wrong_password)?;
    Ok((token, user))
}

/// Begins a session for somebody who proved himself otherwise; the answer is the browser's token.
///
/// # Errors
/// What the store says.
pub async fn begin(app: &App, user_id: &str) -> Result<String> {
    let token = token::new()?;
    let row = fresh(app, &token, user_id);
    app.store.write(move |tx| sessions::insert(tx, &row)).await?;
    Ok(token)
}

/// Of whoever `app` acts for, at his browser.
fn fresh(app: &App, token: &str, user_id: &str) -> SessionRow {
    let now_ms = app.clock.now_ms();
    let browser = clean_line(app.by.browser.as_deref().unwrap_or_default());
    SessionRow {
        token_hash: token::hash(token),
        id: app.clock.new_id_at(now_ms),
        user_id: user_id.to_owned(),
        browser: browser.chars().take(BROWSER_CHARS).collect(),
        address: written(app.by.address),
        created_ms: now_ms,
        seen_ms: now_ms,
    }
}

fn written(address: Option<IpAddr>) -> String {
    address.map(|address| address.to_string()).unwrap_or_default()
}

/// Sweeps out the sessions that ended by themselves; answers how many.
///
/// # Errors
/// What the store says.
pub fn sweep(tx: &mut Tx, now_ms: i64) -> Result<u64> {
    sessions::delete_expired(tx, now_ms - IDLE_MS, now_ms - LONGEST_MS)
}

fn wrong_password() -> Error {
    Error::WrongPassword("wrong login or password")
}

/// The session of this token, if it stands; `address` is the client's, who is no stranger then.
///
/// # Errors
/// What the store says.
pub async fn find(app: &App, token: &str, address: Option<IpAddr>) -> Result<Option<SignedIn>> {
    if !token::is_one(token) {
        return Ok(None);
    }
    find_hashed(app, token::hash(token), address).await
}

/// As [`find`], by the token's hash.
///
/// # Errors
/// What the store says.
pub async fn find_hashed(app: &App, token_hash: String, address: Option<IpAddr>) -> Result<Option<SignedIn>> {
    let generation = app.store.generations().sessions();
    let now_ms = app.clock.now_ms();
    let cached = app.sessions.get(generation, &token_hash).filter(|row| stands_at(row, now_ms));
    let row = match cached {
        Some(row) => row,
        None => {
            let hash = token_hash.clone();
            let Some(row) = app.store.show(move |tx| sessions::find(tx, &hash)).await? else { return Ok(None) };
            if !stands_at(&row, now_ms) {
                return Ok(None);
            }
            app.sessions.put(generation, &token_hash, row.clone());
            address.inspect(|address| app.passwords.welcome(*address));
            row
        }
    };
    let Some(user) = app.directory().await?.acting_user(&row.user_id) else { return Ok(None) };
    if now_ms - row.seen_ms >= TOUCH_MS {
        touch(app, generation, row, address, now_ms).await;
    }
    Ok(Some(SignedIn { token_hash, api_token: None, user }))
}

fn stands_at(row: &SessionRow, now_ms: i64) -> bool {
    now_ms - row.seen_ms < IDLE_MS && now_ms - row.created_ms < LONGEST_MS
}

/// Best effort: a store that cannot write just now is no reason to sign anybody out.
async fn touch(app: &App, generation: u64, row: SessionRow, address: Option<IpAddr>, now_ms: i64) {
    let (hash, address) = (row.token_hash.clone(), written(address));
    app.sessions.put(generation, &hash, SessionRow { seen_ms: now_ms, ..row });
    if let Err(error) = app.store.write(move |tx| sessions::touch(tx, &hash, &address, now_ms)).await {
        tracing::warn!(%error, "a session's last use could not be noted");
    }
}

/// Ends all sessions of a user.
///
/// # Errors
/// What the store says.
pub fn end_all(tx: &mut Tx, user_id: &str) -> Result<()> {
    sessions::delete_of_user(tx, user_id)?;
    tx.notify(Topic::Session, user_id);
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// What the store says.
pub async fn end(app: &App, session: &SignedIn) -> Result<()> {
    let hash = session.token_hash.clone();
    let note = Note::new(app, Action::SignedOut).by(&session.user.id);
    app.store
        .write(move |tx| {
            sessions::delete(tx, &hash)?;
            note.keep(tx)?;
            tx.notify(Topic::Session, &hash);
            Ok(())
        })
        .await
}

/// Those of a person that stand, the one used last first; `None`: the asker's own. Another's are an admin's to see.
///
/// # Errors
/// `Forbidden`; `NotFound` for nobody's id.
pub async fn list(app: &App, asker: &SignedIn, user_id: Option<String>) -> Result<Vec<OpenSession>> {
    let user_id = user_id.unwrap_or_else(|| asker.user.id.clone());
    if user_id != asker.user.id && asker.user.role < Role::Admin {
        return Err(Error::Forbidden(Prohibition::Role));
    }
    if app.directory().await?.user(&user_id).is_none() {
        return Err(Error::NotFound("user"));
    }
    let now_ms = app.clock.now_ms();
    let rows = app.store.show(move |tx| sessions::list_of_user(tx, &user_id)).await?;
    let shown = |row: SessionRow| OpenSession {
        is_this: row.token_hash == asker.token_hash,
        id: row.id,
        browser: row.browser,
        address: Some(row.address).filter(|address| !address.is_empty()),
        made_at: UtcMs(row.created_ms),
        seen_at: UtcMs(row.seen_ms),
    };
    Ok(rows.into_iter().filter(|row| stands_at(row, now_ms)).map(shown).collect())
}

/// Ends a session by its id: one's own, or for an admin anybody's.
///
/// # Errors
/// `NotFound`, for another's too.
pub async fn end_by_id(app: &App, asker: &User, id: &str) -> Result<()> {
    let (id, asker, directory) = (id.to_owned(), asker.clone(), app.directory().await?);
    let note = Note::new(app, Action::SessionEnded);
    app.store
        .write(move |tx| {
            let found = sessions::find_by_id(tx, &id)?;
            let is_his = |row: &SessionRow| row.user_id == asker.id || asker.role == Role::Admin;
            let row = found.filter(is_his).ok_or(Error::NotFound("session"))?;
            sessions::delete(tx, &row.token_hash)?;
            let login = directory.user_ref(&row.user_id).map(|user| user.login.as_str()).unwrap_or_default();
            note.clone().about(&row.user_id, login).keep(tx)?;
            tx.notify(Topic::Session, &row.token_hash);
            Ok(())
        })
        .await
}
