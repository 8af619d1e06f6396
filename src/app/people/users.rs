//! People: added, changed, disabled.

use crate::app::App;
use crate::app::audit::Note;
use crate::app::people::draft::{UserDraft, UserPatch};
use crate::app::people::invites::Invitation;
use crate::app::people::sessions;
use crate::domain::audit::Action;
use crate::domain::fault::Fault;
use crate::domain::fold::fold;
use crate::domain::user::{Line, Role, User};
use crate::error::{Code, Error, Result};
use crate::store::tables::directory::{self, IntegrationRow};
use crate::store::tables::users::{self, UserRow};
use crate::store::tables::{api_tokens, invites, lines, second_factors};
use crate::store::tx::{Topic, Tx};

/// In place of the hash: nobody can sign in with any.
const NO_PASSWORD: &str = "";

/// Everybody who may sign in, newest first, after the user with the id `after`.
///
/// # Errors
/// What the store says.
pub async fn list(app: &App, after: Option<String>, limit: usize) -> Result<Vec<User>> {
    let directory = app.directory().await?;
    let mut list: Vec<&User> = directory.users.iter().collect();
    // Ids are made in the order of time.
    list.sort_by(|a, b| b.id.cmp(&a.id));
    let wanted = list.into_iter().filter(|user| after.as_ref().is_none_or(|after| user.id < *after));
    Ok(wanted.take(limit).cloned().collect())
}

/// # Errors
/// `NotFound`, for a disabled user too.
pub async fn get(app: &App, id: &str) -> Result<User> {
    app.directory().await?.user(id).cloned().ok_or(Error::NotFound("user"))
}

/// # Errors
/// `NotFound`.
pub async fn get_by_login(app: &App, login: &str) -> Result<User> {
    let key = fold(login);
    let directory = app.directory().await?;
    directory.users.iter().find(|user| fold(&user.login) == key).cloned().ok_or(Error::NotFound("user"))
}

/// Adds a user; one without a password is invited to set it.
///
/// # Errors
/// `Invalid` with the refused members; `Conflict` `login_taken` or `line_taken`.
pub async fn create(app: &App, draft: UserDraft) -> Result<(User, Option<Invitation>)> {
    let draft = draft.checked()?;
    let (password_hash, invitation) = match draft.password {
        Some(password) => (app.passwords.hash(password).await?, None),
        None => (NO_PASSWORD.to_owned(), Some(Invitation::new(app)?)),
    };
    let row = row(app.clock.new_id(), &draft.login, &draft.name, draft.role);
    let (id, now_ms) = (row.id.clone(), app.clock.now_ms());
    let kept = invitation.clone();
    let note = Note::new(app, Action::UserMade).about(&row.id, &row.login).giving(draft.role);
    app.store
        .write(move |tx| {
            insert(tx, &row, &password_hash, &draft.lines, now_ms)?;
            note.keep(tx)?;
            kept.as_ref().map_or(Ok(()), |invitation| invitation.keep(tx, &row.id))
        })
        .await?;
    Ok((get(app, &id).await?, invitation))
}

/// Adds people with their lines, whom nobody can be until their passwords are set.
///
/// # Errors
/// As [`create`].
pub async fn create_locked(app: &App, people: Vec<(UserRow, Vec<Line>)>) -> Result<()> {
    let now_ms = app.clock.now_ms();
    let insert_all =
        move |tx: &mut Tx| people.iter().try_for_each(|(row, lines)| insert(tx, row, NO_PASSWORD, lines, now_ms));
    app.store.write(insert_all).await
}

/// Adds a user with his lines.
///
/// # Errors
/// As [`create`].
pub fn insert(tx: &mut Tx, row: &UserRow, password_hash: &str, lines: &[Line], now_ms: i64) -> Result<()> {
    users::insert(tx, row, password_hash, now_ms)?;
    if !is_added(tx, row)? {
        return Err(login_taken());
    }
    put_lines(tx, &row.id, lines)?;
    tx.notify(Topic::Directory, &row.id);
    Ok(())
}

/// Whether this very user is there: the same insert, run again, is no other's.
///
/// # Errors
/// What the store says.
pub fn is_added(tx: &mut Tx, row: &UserRow) -> Result<bool> {
    Ok(users::find_credentials(tx, &row.login_key)?.is_some_and(|(id, _)| id == row.id))
}

/// Changes what `patch` names. A new password or role ends the user's sessions; a line moves here from whoever had it.
///
/// # Errors
/// `NotFound`; `Invalid` with the refused members; `Conflict` `login_taken` or `last_admin`.
pub async fn update(app: &App, id: &str, patch: UserPatch) -> Result<User> {
    let patch = patch.checked(&get(app, id).await?.login)?;
    let note = Note::new(app, Action::UserChanged).changing(patch.named());
    let password_hash = match patch.password {
        Some(password) => Some(app.passwords.hash(password).await?),
        None => None,
    };
    let UserPatch { login, name, role, lines, .. } = patch;
    let change = Change { login, name, role, password_hash, lines, note };
    let user_id = id.to_owned();
    app.store.write(move |tx| change.make(tx, &user_id)).await?;
    get(app, id).await
}

struct Change {
    login: Option<String>,
    name: Option<String>,
    role: Option<Role>,
    password_hash: Option<String>,
    lines: Option<Vec<Line>>,
    note: Note,
}

impl Change {
    fn make(&self, tx: &mut Tx, id: &str) -> Result<()> {
        let admins = users::lock_admins(tx)?;
        let before = users::lock(tx, id)?.filter(|user| user.disabled_ms.is_none()).ok_or(Error::NotFound("user"))?;
        let role_before = Role::parse(&before.role).ok_or_else(|| Error::internal("a role that nobody knows"))?;
        let role = self.role.unwrap_or(role_before);
        if role != Role::Admin {
            keep_an_admin(&admins, id)?;
        }
        let login = self.login.as_ref().unwrap_or(&before.login);
        let name = self.name.as_ref().unwrap_or(&before.name);
        users::update(tx, &row(id.to_owned(), login, name, role)).map_err(|error| match error {
            Error::Exists => login_taken(),
            other => other,
        })?;
        if let Some(hash) = &self.password_hash {
            users::set_password(tx, id, hash)?;
            invites::delete_of_user(tx, id)?;
        }
        if self.password_hash.is_some() || role != role_before {
            sessions::end_all(tx, id)?;
        }
        if let Some(list) = &self.lines {
            move_lines(tx, id, list)?;
        }
        let note = self.note.clone().about(id, login);
        if role == role_before { note } else { note.giving(role) }.keep(tx)?;
        tx.notify(Topic::Directory, id);
        Ok(())
    }
}

/// Disables and hides the user: no more sign-in, sessions and lines gone, calls and the name on them stay.
///
/// # Errors
/// `NotFound`; `Conflict` `last_admin`.
pub async fn disable(app: &App, id: &str) -> Result<()> {
    let (id, now_ms, note) = (id.to_owned(), app.clock.now_ms(), Note::new(app, Action::UserDisabled));
    app.store
        .write(move |tx| {
            let admins = users::lock_admins(tx)?;
            let before = users::lock(tx, &id)?.ok_or(Error::NotFound("user"))?;
            match before.disabled_ms {
                None => {}
                // The same write, run again.
                Some(disabled_ms) if disabled_ms == now_ms => return Ok(()),
                Some(_) => return Err(Error::NotFound("user")),
            }
            keep_an_admin(&admins, &id)?;
            users::disable(tx, &id, now_ms)?;
            sessions::end_all(tx, &id)?;
            lines::delete_of_user(tx, &id)?;
            api_tokens::delete_of_user(tx, &id)?;
            second_factors::delete(tx, &id)?;
            invites::delete_of_user(tx, &id)?;
            note.clone().about(&id, &before.login).keep(tx)?;
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await
}

/// A row with the login's key for sign-in: letter case does not matter.
pub fn row(id: String, login: &str, name: &str, role: Role) -> UserRow {
    UserRow { id, login: login.to_owned(), login_key: fold(login), name: name.to_owned(), role: role.as_str() }
}

fn keep_an_admin(admins: &[String], leaving: &str) -> Result<()> {
    if admins == [leaving] {
        return Err(Error::conflict(Code::LastAdmin, "the last admin cannot go: make another one first"));
    }
    Ok(())
}

/// A new user's lines.
fn put_lines(tx: &mut Tx, user_id: &str, list: &[Line]) -> Result<()> {
    for (position, integration, line) in resolved(tx, list)? {
        lines::insert(tx, user_id, &integration.id, &line.account, position)?;
        if lines::find_user(tx, &integration.id, &line.account)?.as_deref() != Some(user_id) {
            let detail = format!("{} at {} is somebody's line already", line.account, integration.name);
            let refusal = Error::conflict(Code::LineTaken, detail);
            return Err(refusal.with("account", &*line.account).with("integration", &*integration.name));
        }
    }
    Ok(())
}

/// These and no others are the user's lines from now on. Whoever had one has it no more: so a line moves, and two
/// people change theirs, in whatever order their changes come.
fn move_lines(tx: &mut Tx, user_id: &str, list: &[Line]) -> Result<()> {
    lines::delete_of_user(tx, user_id)?;
    for (position, integration, line) in resolved(tx, list)? {
        lines::give(tx, user_id, &integration.id, &line.account, position)?;
    }
    Ok(())
}

/// Each line with its place among the user's, and the integration that it names by id or by name.
fn resolved<'a>(tx: &mut Tx, list: &'a [Line]) -> Result<Vec<(i64, IntegrationRow, &'a Line)>> {
    let integrations = directory::list_integrations(tx)?;
    let find = |(position, line): (i64, &'a Line)| {
        let wanted = &line.integration;
        let found = integrations
            .iter()
            .filter(|one| one.removed_ms.is_none())
            .find(|one| one.id == *wanted || one.name == *wanted)
            .ok_or_else(|| Error::field(&format!("lines[{position}].integration"), Fault::UnknownIntegration))?;
        Ok((position, found.clone(), line))
    };
    (0_i64..).zip(list).map(find).collect()
}

fn login_taken() -> Error {
    Error::conflict(Code::LoginTaken, "this login is somebody else's")
}
