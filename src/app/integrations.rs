//! The outside systems: connected, changed, tried, and let go.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::app::directory::{Directory, Integration};
use crate::app::integration_draft::{SettingsDraft, checked_name, not_available};
use crate::app::secrets::SecretKey;
use crate::app::{App, secrets, token};
use crate::domain::integration::Kind;
use crate::domain::user::UserRef;
use crate::error::{Error, Result};
use crate::store::{Topic, Tx, crm_tokens, integrations};
use crate::telephony::Dialer;
use crate::telephony::address::Address;
use crate::telephony::cloud_pbx::CloudPbx;

/// How long the token that was replaced is still valid.
pub const OLD_TOKEN_MS: i64 = 24 * 3_600_000;

/// The crm_token of an integration, in clear, for this one time.
#[derive(Debug)]
pub struct Issued {
    pub id: String,
    pub crm_token: SecretString,
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
/// `Invalid`, naming every refused member; `Conflict` `name_taken`, `not_available`.
pub async fn add(app: &App, kind: Kind, name: &str, settings: Map<String, Value>) -> Result<Issued> {
    let name = checked_name(name)?;
    let draft = SettingsDraft::parse(kind, settings)?;
    draft.required()?;
    let (id, now_ms) = (app.clock.new_id(), app.clock.now_ms());
    let kept = Value::Object(sealed(&secrets::key(app).await?, &id, &draft)?).to_string();
    let crm_token = match draft.crm_token {
        Some(brought) => brought,
        None => token::new()?.into(),
    };
    let issued = Issued { id: id.clone(), crm_token };
    let hash = token::hash(issued.crm_token.expose_secret());
    app.store
        .write(move |tx| {
            if !integrations::insert(tx, &id, kind.as_str(), &name, &kept, now_ms)? {
                return Err(name_taken(&name));
            }
            put_token(tx, &id, &hash, now_ms)
        })
        .await?;
    Ok(issued)
}

/// Changes the name and the settings named; a new crm_token leaves the old one valid for 24 h.
///
/// # Errors
/// `NotFound`; `Invalid`, naming every refused member; `Conflict` `name_taken`.
pub async fn update(app: &App, id: &str, name: Option<&str>, settings: Map<String, Value>) -> Result<()> {
    let directory = app.directory().await?;
    let integration = find(&directory, id)?;
    let draft = SettingsDraft::parse(integration.kind, settings)?;
    let name = name.map(checked_name).transpose()?;
    let changes = sealed(&secrets::key(app).await?, &integration.id, &draft)?;
    let hash = draft.crm_token.map(|brought| token::hash(brought.expose_secret()));
    let (id, now_ms) = (integration.id.clone(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            let before = integrations::find_settings(tx, &id)?.ok_or(Error::NotFound("integration"))?;
            let mut kept: Map<String, Value> = serde_json::from_str(&before).map_err(Error::internal)?;
            kept.extend(changes.clone());
            integrations::update_settings(tx, &id, &Value::Object(kept).to_string())?;
            if let Some(name) = &name {
                rename(tx, &id, name)?;
            }
            if let Some(hash) = &hash {
                put_token(tx, &id, hash, now_ms)?;
            }
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await
}

/// A new crm_token; the old one stays valid for 24 h, so that the PBX can be told in peace.
///
/// # Errors
/// `NotFound`.
pub async fn rotate_token(app: &App, id: &str) -> Result<Issued> {
    let directory = app.directory().await?;
    let id = find(&directory, id)?.id.clone();
    let issued = Issued { id: id.clone(), crm_token: token::new()?.into() };
    let (hash, now_ms) = (token::hash(issued.crm_token.expose_secret()), app.clock.now_ms());
    app.store.write(move |tx| put_token(tx, &id, &hash, now_ms)).await?;
    Ok(issued)
}

/// Lets an integration go: its tokens and secrets are gone at once, its calls stay, its name is free.
///
/// # Errors
/// `NotFound`.
pub async fn remove(app: &App, id: &str) -> Result<()> {
    let directory = app.directory().await?;
    let (id, now_ms) = (find(&directory, id)?.id.clone(), app.clock.now_ms());
    app.store
        .write(move |tx| {
            if !integrations::remove(tx, &id, "{}", now_ms)? {
                return Err(Error::NotFound("integration"));
            }
            crm_tokens::delete_of(tx, &id)?;
            tx.notify(Topic::Directory, &id);
            Ok(())
        })
        .await
}

/// The people whom the other side knows, with those here whose lines they are.
///
/// # Errors
/// `NotFound`; what the other side says.
pub async fn accounts(app: &App, id: &str) -> Result<Vec<KnownAccount>> {
    let directory = app.directory().await?;
    let integration = find(&directory, id)?;
    let accounts = dialer(app, integration).await?.accounts().await?;
    Ok(accounts
        .into_iter()
        .map(|known| KnownAccount {
            user: directory.user_of_line(&integration.id, &known.account).cloned(),
            account: known.account,
            name: known.name,
        })
        .collect())
}

/// Tries address and key without calling anybody: whether it works, and a sentence.
///
/// # Errors
/// `NotFound`; a fault of ours.
pub async fn check(app: &App, id: &str) -> Result<(bool, String)> {
    let directory = app.directory().await?;
    let dialer = dialer(app, find(&directory, id)?).await?;
    match dialer.check().await {
        Ok(sentence) => Ok((true, sentence)),
        Err(Error::PeerRefused(why) | Error::PeerUnreachable(why) | Error::PeerTimeout(why)) => Ok((false, why)),
        Err(error) => Err(error),
    }
}

/// What places calls through this integration.
///
/// # Errors
/// `Conflict` `not_available` for a kind that cannot dial, `secret_key` without the right key file.
pub async fn dialer(app: &App, integration: &Integration) -> Result<Dialer> {
    if integration.kind != Kind::CloudPbx {
        return Err(not_available());
    }
    let settings: Map<String, Value> = serde_json::from_str(&integration.settings).map_err(Error::internal)?;
    let text = |name: &str| settings.get(name).and_then(Value::as_str).unwrap_or_default();
    let token = secrets::key(app).await?.open(&integration.id, "token", text("token"))?;
    let address = Address::parse(text("url")).ok_or_else(|| Error::internal("a kept address is none"))?;
    Ok(Dialer::CloudPbx(CloudPbx { address, token, client: app.client()? }))
}

/// Why an integration's settings deserve a second look.
pub fn warning(settings: &Map<String, Value>) -> Option<&'static str> {
    Address::parse(settings.get("url")?.as_str()?)?.warning()
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
    let mut kept = Map::new();
    if let Some(url) = &draft.url {
        kept.insert("url".to_owned(), url.as_str().into());
    }
    if let Some(token) = &draft.token {
        kept.insert("token".to_owned(), key.seal(id, "token", token.expose_secret())?.into());
    }
    Ok(kept)
}

fn rename(tx: &mut Tx, id: &str, name: &str) -> Result<()> {
    match integrations::find_id(tx, name)? {
        Some(other) if other != id => Err(name_taken(name)),
        Some(_) => Ok(()),
        None => integrations::update_name(tx, id, name).map_err(|error| match error {
            // Somebody else took it between the look and the change.
            Error::Conflict { .. } => name_taken(name),
            other => other,
        }),
    }
}

/// Makes `hash` the current token, and lets those before it end.
fn put_token(tx: &mut Tx, id: &str, hash: &str, now_ms: i64) -> Result<()> {
    crm_tokens::delete_expired(tx, now_ms)?;
    if !crm_tokens::insert(tx, hash, id, now_ms)? {
        return Err(Error::field("settings.crm_token", "is in use already; bring another, or none to have one made"));
    }
    crm_tokens::expire_others(tx, id, hash, now_ms + OLD_TOKEN_MS)?;
    tx.notify(Topic::Directory, id);
    Ok(())
}

fn name_taken(name: &str) -> Error {
    Error::conflict("name_taken", format!("there is an integration named {name} already; names are unique"))
}
