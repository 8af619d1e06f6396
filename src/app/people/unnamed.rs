//! What a PBX named and nobody here has a name for: an account that is nobody's line, a number of ours without a label.
//! The owner is asked who or what it is until he has said so.

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::app::audit::Note;
use crate::app::directory::Directory;
use crate::domain::audit::Action;
use crate::domain::course::is_person;
use crate::domain::integration::TRIAL;
use crate::domain::phone::Phone;
use crate::domain::push::{CallDetails, PbxEvent};
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::unnamed::{self, UnnamedRow};
use crate::store::tx::Tx;

/// How long it is asked for since it was heard; whoever is heard again then is asked for again.
pub const ASKED_FOR_MS: i64 = 30 * 24 * 3_600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnnamedKind {
    /// A login at the PBX.
    Account,
    /// One of our numbers.
    Number,
}

impl UnnamedKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Number => "number",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unnamed {
    pub kind: UnnamedKind,
    /// The id of the integration that named it.
    pub integration: String,
    pub name: String,
    pub heard_at: UtcMs,
    /// A person said that nobody is behind it: nobody is asked any more.
    pub is_nobody: bool,
}

/// Notes what a push names and nobody knows.
///
/// # Errors
/// What the store says.
pub fn note(tx: &mut Tx, integration_id: &str, event: &PbxEvent, directory: &Directory, now_ms: i64) -> Result<()> {
    let (account, details) = match event {
        PbxEvent::Call(event) => (&event.account, &event.details),
        PbxEvent::History(report) => (&report.account, &report.details),
        PbxEvent::Rating(_) | PbxEvent::Contact(_) => return Ok(()),
    };
    let number = our_number(details);
    let named = [(UnnamedKind::Account, Some(account.as_str())), (UnnamedKind::Number, number)];
    for (kind, name) in named {
        let Some(name) = name.filter(|name| is_asked_for(directory, kind, integration_id, name)) else { continue };
        let (kind, integration_id, name) = (kind.as_str().to_owned(), integration_id.to_owned(), name.to_owned());
        unnamed::insert(tx, &UnnamedRow { kind, integration_id, name, heard_ms: now_ms, nobody_ms: None })?;
    }
    Ok(())
}

/// The number that the client dialled, or whose line it is; not when the PBX says its name too.
fn our_number(details: &CallDetails) -> Option<&str> {
    let dialled = details.diversion.as_ref().map(Phone::as_str);
    dialled.or_else(|| details.telnum.as_deref().filter(|_| details.telnum_name.is_none()))
}

fn is_asked_for(directory: &Directory, kind: UnnamedKind, integration_id: &str, name: &str) -> bool {
    if integration_id == TRIAL {
        return false;
    }
    match kind {
        UnnamedKind::Account => is_person(name) && directory.user_of_line(integration_id, name).is_none(),
        UnnamedKind::Number => Phone::from_stored(name).is_e164() && directory.line_ref(name).label.is_empty(),
    }
}

/// What is still to be named, what was heard last first; and who was said to be nobody.
///
/// # Errors
/// What the store says.
pub async fn list(app: &App) -> Result<Vec<Unnamed>> {
    let directory = app.directory().await?;
    let rows = app.store.show(unnamed::list).await?;
    let mut found: Vec<Unnamed> = Vec::new();
    for UnnamedRow { kind, integration_id, name, heard_ms, nobody_ms } in rows {
        let kind = if kind == UnnamedKind::Account.as_str() { UnnamedKind::Account } else { UnnamedKind::Number };
        let is_used = directory.integration(&integration_id).is_some_and(|one| !one.is_removed);
        // Two PBXs may lead to one number.
        let is_told = kind == UnnamedKind::Number && found.iter().any(|one| one.kind == kind && one.name == name);
        if is_used && !is_told && is_asked_for(&directory, kind, &integration_id, &name) {
            let (heard_at, is_nobody) = (UtcMs(heard_ms), nobody_ms.is_some());
            found.push(Unnamed { kind, integration: integration_id, name, heard_at, is_nobody });
        }
    }
    Ok(found)
}

/// Says that nobody is behind a login at the PBX (a fax, a door), or that it is to be asked for again.
///
/// # Errors
/// `NotFound` when no call was at this login.
pub async fn put_away(app: &App, integration: String, account: String, is_nobody: bool) -> Result<()> {
    let nobody_ms = is_nobody.then(|| app.clock.now_ms());
    let kind = UnnamedKind::Account.as_str();
    let note = Note::new(app, Action::UnnamedChanged).about(&integration, &account);
    app.store
        .write(move |tx| {
            if !unnamed::set_nobody(tx, kind, &integration, &account, nobody_ms)? {
                return Err(Error::NotFound("login"));
            }
            note.keep(tx)
        })
        .await
}
