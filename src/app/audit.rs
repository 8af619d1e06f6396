//! The audit: whatever a person does to people, keys, connections, settings and clients' data is kept in the transaction
//! that does it.

use serde::Serialize;

use crate::app::App;
use crate::clock::Clock;
use crate::domain::audit::Action;
use crate::domain::time::UtcMs;
use crate::domain::user::{Role, UserRef};
use crate::error::{Error, Result};
use crate::store::tables::audit::{self, AuditRow};
use crate::store::tx::Tx;
use crate::store::walk::PAST_EVERY_ID;

/// What will be kept of an act, begun before its transaction: a write that runs again keeps it once.
#[derive(Clone)]
pub struct Note(AuditRow);

impl Note {
    /// By whom `app` acts for.
    pub fn new(app: &App, action: Action) -> Self {
        let of_nobody = of_a_command(&app.clock, action, "");
        Self(AuditRow {
            user_id: app.by.user_id.clone(),
            token: app.by.token.clone().unwrap_or_default(),
            address: app.by.address.map(|address| address.to_string()).unwrap_or_default(),
            ..of_nobody
        })
    }

    /// By somebody who proves who he is by this very act.
    pub fn by(mut self, user_id: &str) -> Self {
        self.0.user_id = Some(user_id.to_owned());
        self
    }

    /// To whom or what it is done.
    pub fn about(mut self, id: &str, name: &str) -> Self {
        (self.0.about_id, self.0.about_name) = (id.to_owned(), name.to_owned());
        self
    }

    /// The role that is given.
    pub fn giving(mut self, role: Role) -> Self {
        role.as_str().clone_into(&mut self.0.role);
        self
    }

    /// Which members are changed.
    pub fn changing<'a>(mut self, fields: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.fields = serde_json::Value::from_iter(fields).to_string();
        self
    }

    /// # Errors
    /// What the store says.
    pub fn keep(&self, tx: &mut Tx) -> Result<()> {
        audit::insert(tx, &self.0)
    }
}

/// An act of a command that has the store's files alone.
pub fn of_a_command(clock: &Clock, action: Action, about_name: &str) -> AuditRow {
    let at_ms = clock.now_ms();
    AuditRow {
        id: clock.new_id_at(at_ms),
        at_ms,
        action: action.to_string(),
        user_id: None,
        token: String::new(),
        address: String::new(),
        about_id: String::new(),
        about_name: about_name.to_owned(),
        role: String::new(),
        fields: "[]".to_owned(),
    }
}

/// An act as people see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AuditEntry {
    pub id: String,
    pub at: UtcMs,
    /// Null: a newer version of the program wrote it.
    #[schema(required)]
    pub action: Option<Action>,
    /// Who; null: a command on the server.
    #[schema(required)]
    pub by: Option<UserRef>,
    /// The name of the API token that it was done with; null: in person.
    #[schema(required)]
    pub token: Option<String>,
    /// From where; null: from the server itself.
    #[schema(required)]
    pub address: Option<String>,
    /// To whom or what, by the name it had then.
    #[schema(required)]
    pub about: Option<About>,
    /// The role that was given.
    #[schema(required)]
    pub role: Option<Role>,
    /// Which members were changed.
    pub fields: Vec<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct About {
    pub id: String,
    /// Empty for a client: whoever is erased leaves no name here.
    pub name: String,
}

/// A page, newest first, after the entry with this id.
///
/// # Errors
/// What the store says.
pub async fn list(app: &App, after_id: Option<String>, limit: usize) -> Result<Vec<AuditEntry>> {
    let directory = app.directory().await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let before = after_id.unwrap_or_else(|| PAST_EVERY_ID.to_owned());
    let rows = app.store.list(move |tx| audit::list(tx, &before, limit)).await?;
    rows.into_iter().map(|row| shown(row, |id| directory.user_ref(id).cloned())).collect()
}

/// Keeps an act that changes nothing in the store.
///
/// # Errors
/// What the store says.
pub async fn keep(app: &App, note: Note) -> Result<()> {
    app.store.write(move |tx| note.keep(tx)).await
}

fn shown(row: AuditRow, person: impl Fn(&str) -> Option<UserRef>) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.id,
        at: UtcMs(row.at_ms),
        action: Action::parse(&row.action),
        by: row.user_id.as_deref().and_then(person),
        token: Some(row.token).filter(|token| !token.is_empty()),
        address: Some(row.address).filter(|address| !address.is_empty()),
        about: (!row.about_id.is_empty() || !row.about_name.is_empty())
            .then_some(About { id: row.about_id, name: row.about_name }),
        role: Role::parse(&row.role),
        fields: serde_json::from_str(&row.fields).map_err(Error::internal)?,
    })
}
