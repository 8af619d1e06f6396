//! The outside systems: connected, changed, tried, and let go.

pub mod dialers;
pub mod draft;
pub mod mango;
pub mod members;
pub mod token_uses;
pub mod trial;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::app::audit::Note;
use crate::app::directory::{Directory, Integration};
use crate::app::integrations::draft::{SET, SettingsDraft, checked_name};
use crate::app::integrations::mango::Unsendable;
use crate::app::memory::key::SecretKey;
use crate::app::{App, secrets, token};
use crate::clock::first_id_of;
use crate::domain::audit::Action;
use crate::domain::fault::Fault;
use crate::domain::integration::Kind;
use crate::domain::reason::Reason;
use crate::domain::recording::GIVEN_UP_AFTER_MS;
use crate::domain::user::UserRef;
use crate::error::{Code, Error, FieldError, Result};
use crate::store::tables::{crm_tokens, integrations, outbox, recordings};
use crate::store::tx::{Topic, Tx};
use crate::telephony::address::{Address, Warning};
use crate::telephony::order::Proof;

/// How long the token that was replaced is still valid.
pub const OLD_TOKEN_MS: i64 = 24 * 3_600_000;

/// A new integration, and its crm_token in clear, for this one time; a system that reports no calls has none.
#[derive(Debug)]
pub struct Added {
    pub id: String,
    pub crm_token: Option<SecretString>,
}

/// The new crm_token of an integration, in clear, for this one time.
#[derive(Debug)]
pub struct Issued {
    pub id: String,
    pub crm_token: SecretString,
}

/// Why an integration's settings deserve a second look: a sentence for programs, and a code for pages.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Warned {
    pub detail: String,
    pub why: Warning,
}

/// A person whom the PBX knows, and who he is here.
#[derive(Debug)]
pub struct KnownAccount {
    pub account: String,
    pub name: String,
    pub user: Option<UserRef>,
}

/// Connects an outside system, without calling it.
///
/// # Errors
/// `Invalid`, naming every refused member; `Conflict` `name_taken`.
pub async fn add(app: &App, kind: Kind, name: &str, settings: Map<String, Value>) -> Result<Added> {
    add_as(app, app.clock.new_id(), kind, name, settings).await
}

/// As [`add`], under this id.
///
/// # Errors
/// As [`add`].
pub async fn add_as(app: &App, id: String, kind: Kind, name: &str, settings: Map<String, Value>) -> Result<Added> {
    let name = checked_name(name)?;
    let draft = SettingsDraft::parse(kind, settings, &app.directory().await?.settings.region)?;
    draft.required(kind)?;
    let now_ms = app.clock.now_ms();
    let mut kept = Map::new();
    keep(&mut kept, sealed(&secrets::key(app).await?, &id, &draft)?);
    let kept = Value::Object(kept).to_string();
    let crm_token = match draft.crm_token {
        None if kind.reports() => Some(token::new()?.into()),
        brought => brought,
    };
    let added = Added { id: id.clone(), crm_token };
    let note = Note::new(app, Action::IntegrationMade).about(&id, &name);
    let hash = added.crm_token.as_ref().map(|crm_token| token::hash(crm_token.expose_secret()));
    app.store
        .write(move |tx| {
            if !integrations::insert(tx, &id, kind.as_str(), &name, &kept, now_ms)? {
                return Err(name_taken(&name));
            }
            if let Some(hash) = &hash {
                put_token(tx, &id, hash, now_ms)?;
            }
            note.keep(tx)?;
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await?;
    Ok(added)
}

/// Changes the name and the settings named; a new crm_token leaves the old one valid for 24 h.
///
/// # Errors
/// `NotFound`; `Invalid`, naming every refused member; `Conflict` `name_taken`.
pub async fn update(app: &App, id: &str, name: Option<&str>, settings: Map<String, Value>) -> Result<()> {
    let directory = app.directory().await?;
    let integration = find(&directory, id)?;
    let draft = SettingsDraft::parse(integration.kind, settings, &directory.settings.region)?;
    let name = name.map(checked_name).transpose()?;
    let changes = sealed(&secrets::key(app).await?, &integration.id, &draft)?;
    let named = name.iter().map(|_| "name").chain(changes.keys().map(String::as_str));
    let named = named.chain(draft.crm_token.iter().map(|_| "crm_token"));
    let note = Note::new(app, Action::IntegrationChanged).changing(named).about(&integration.id, &integration.name);
    let hash = draft.crm_token.map(|brought| token::hash(brought.expose_secret()));
    let (id, now_ms) = (integration.id.clone(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            let before = integrations::lock_settings(tx, &id)?.ok_or(Error::NotFound("integration"))?;
            let mut kept: Map<String, Value> = serde_json::from_str(&before).map_err(Error::internal)?;
            keep(&mut kept, changes.clone());
            integrations::update_settings(tx, &id, &Value::Object(kept).to_string())?;
            if let Some(name) = &name {
                rename(tx, &id, name)?;
            }
            // What failed with the old settings is tried again now.
            outbox::hurry(tx, &id, now_ms)?;
            recordings::hurry(tx, &id, &first_id_of(now_ms - GIVEN_UP_AFTER_MS), now_ms)?;
            if let Some(hash) = &hash {
                put_token(tx, &id, hash, now_ms)?;
            }
            note.keep(tx)?;
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await
}

/// A new crm_token; the old one stays valid for 24 h, so that the PBX can be told in peace.
///
/// # Errors
/// `NotFound`; `Conflict` `not_available` for a system that sends us nothing.
pub async fn rotate_token(app: &App, id: &str) -> Result<Issued> {
    let directory = app.directory().await?;
    let integration = find(&directory, id)?;
    if !integration.kind.reports() {
        return Err(Error::conflict(
            Code::NotAvailable,
            "only a Cloud PBX sends calls here and needs a crm_token for it; the tokens that this system gave you are \
             changed in its settings",
        ));
    }
    let id = integration.id.clone();
    let issued = Issued { id: id.clone(), crm_token: token::new()?.into() };
    let (hash, now_ms) = (token::hash(issued.crm_token.expose_secret()), app.clock.now_ms());
    let note = Note::new(app, Action::CrmTokenMade).about(&integration.id, &integration.name);
    app.store
        .write(move |tx| {
            // Whoever removes it meanwhile leaves no token behind.
            integrations::lock_settings(tx, &id)?.ok_or(Error::NotFound("integration"))?;
            note.keep(tx)?;
            put_token(tx, &id, &hash, now_ms)
        })
        .await?;
    Ok(issued)
}

/// Lets an integration go: its tokens and secrets are gone at once, its calls stay, its name is free.
///
/// # Errors
/// `NotFound`.
pub async fn remove(app: &App, id: &str) -> Result<()> {
    let directory = app.directory().await?;
    let integration = find(&directory, id)?;
    let (id, now_ms) = (integration.id.clone(), app.clock.now_ms());
    let note = Note::new(app, Action::IntegrationRemoved).about(&id, &integration.name);
    app.store
        .write(move |tx| {
            if !integrations::remove(tx, &id, "{}", now_ms)? {
                return Err(Error::NotFound("integration"));
            }
            crm_tokens::delete_of(tx, &id)?;
            note.keep(tx)?;
            // What it still had to get is not wanted any more.
            let why = Reason::of(&Unsendable::IntegrationRemoved).kept();
            for call_id in outbox::cancel_pending(tx, &id, &why, now_ms)? {
                tx.notify(Topic::Call, &call_id);
            }
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await
}

/// The people whom the other side knows, with those here whose lines they are.
///
/// # Errors
/// `NotFound`; `Conflict` `not_available` for a system that does not name them; what the other side says.
pub async fn accounts(app: &App, id: &str) -> Result<Vec<KnownAccount>> {
    let directory = app.directory().await?;
    let integration = find(&directory, id)?;
    let accounts = dialers::of(app, integration).await?.accounts().await?;
    Ok(accounts
        .into_iter()
        .map(|known| KnownAccount {
            user: directory.user_of_line(&integration.id, &known.account).cloned(),
            account: known.account,
            name: known.name,
        })
        .collect())
}

/// Tries what can be tried without calling anybody: whether it works, and what was found.
///
/// # Errors
/// `NotFound`; a fault of ours.
pub async fn check(app: &App, id: &str) -> Result<(bool, Reason)> {
    let directory = app.directory().await?;
    let integration = find(&directory, id)?;
    let said = if integration.kind.can_dial() {
        dialers::of(app, integration).await?.check().await
    } else {
        check_address(app, integration).await
    };
    match said {
        Ok(proof) => Ok((true, Reason::of(&proof))),
        Err(error) => error.of_peer().map(|reason| (false, reason)),
    }
}

/// What can be told of Mango without making a call up.
async fn check_address(app: &App, integration: &Integration) -> Result<Proof> {
    let settings = integration.members()?;
    let address = settings.get("url").and_then(Value::as_str).and_then(Address::parse);
    let address = address.ok_or_else(|| Error::internal("a kept address is none"))?;
    app.client()?.reach(Kind::Mango, &address).await?;
    Ok(Proof::Mango)
}

/// The settings as people may see them: `set` in place of every secret.
pub fn shown(integration: &Integration) -> Map<String, Value> {
    let mut settings = integration.members().unwrap_or_default();
    let crm_token = integration.kind.reports().then_some("crm_token");
    for secret in integration.kind.secrets().iter().copied().chain(crm_token) {
        settings.insert(secret.to_owned(), SET.into());
    }
    settings
}

/// Why an integration's settings deserve a second look.
pub fn warning(settings: &Map<String, Value>) -> Option<Warned> {
    let why = Address::parse(settings.get("url")?.as_str()?)?.warning()?;
    Some(Warned { detail: why.to_string(), why })
}

/// An integration in use, by id or by name.
///
/// # Errors
/// `NotFound`.
pub fn find<'a>(directory: &'a Directory, id_or_name: &str) -> Result<&'a Integration> {
    directory.find_integration(id_or_name).ok_or(Error::NotFound("integration"))
}

/// The members that the draft names, as they are kept.
fn sealed(key: &SecretKey, id: &str, draft: &SettingsDraft) -> Result<Map<String, Value>> {
    let mut members = draft.plain.clone();
    for (name, secret) in &draft.secrets {
        members.insert((*name).to_owned(), key.seal(id, name, secret.expose_secret())?.into());
    }
    Ok(members)
}

/// Takes the changes in; null takes a member out.
fn keep(kept: &mut Map<String, Value>, changes: Map<String, Value>) {
    kept.extend(changes);
    kept.retain(|_, value| !value.is_null());
}

fn rename(tx: &mut Tx, id: &str, name: &str) -> Result<()> {
    match integrations::find_id(tx, name)? {
        Some(other) if other != id => Err(name_taken(name)),
        Some(_) => Ok(()),
        None => integrations::update_name(tx, id, name).map_err(|error| match error {
            // Somebody else took it between the look and the change.
            Error::Exists => name_taken(name),
            other => other,
        }),
    }
}

/// Makes `hash` the current token, and lets those before it end.
fn put_token(tx: &mut Tx, id: &str, hash: &str, now_ms: i64) -> Result<()> {
    crm_tokens::delete_expired(tx, now_ms)?;
    if !crm_tokens::insert(tx, hash, id, now_ms)? {
        let refused = FieldError::new("settings.crm_token", Fault::Taken);
        return Err(refused.saying("is in use already; bring another, or none to have one made").into());
    }
    crm_tokens::expire_others(tx, id, hash, now_ms + OLD_TOKEN_MS)?;
    tx.notify(Topic::Directory, id);
    Ok(())
}

fn name_taken(name: &str) -> Error {
    let detail = format!("there is an integration named {name} already; names are unique");
    Error::conflict(Code::NameTaken, detail).with("name", name)
}
