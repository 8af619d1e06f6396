//! The small tables, read whole: what the directory is made of.

use crate::domain::integration::TRIAL;
use crate::error::Result;
use crate::params;
use crate::store::tx::Tx;
use crate::store::value::Row;

pub struct UserRow {
    pub id: String,
    pub login: String,
    pub name: String,
    pub role: String,
    pub disabled_ms: Option<i64>,
}

/// Every user, the disabled too, oldest first.
pub fn list_users(tx: &mut Tx) -> Result<Vec<UserRow>> {
    let read = |mut row: Row| {
        Ok(UserRow {
            id: row.take(0)?,
            login: row.take(1)?,
            name: row.take(2)?,
            role: row.take(3)?,
            disabled_ms: row.take(4)?,
        })
    };
    tx.query("SELECT id, login, name, role, disabled_ms FROM user_account ORDER BY created_ms, id", &[])?
        .into_iter()
        .map(read)
        .collect()
}

pub struct LineRow {
    pub integration_id: String,
    pub account: String,
    pub user_id: String,
}

/// Every line, in each user's order.
pub fn list_lines(tx: &mut Tx) -> Result<Vec<LineRow>> {
    let read =
        |mut row: Row| Ok(LineRow { integration_id: row.take(0)?, account: row.take(1)?, user_id: row.take(2)? });
    tx.query("SELECT integration_id, account, user_id FROM user_line ORDER BY position, integration_id, account", &[])?
        .into_iter()
        .map(read)
        .collect()
}

#[derive(Clone, Debug)]
pub struct IntegrationRow {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub settings: String,
    pub created_ms: i64,
    pub removed_ms: Option<i64>,
}

/// Every integration, the removed too, oldest first; secrets in `settings` stand encrypted.
pub fn list_integrations(tx: &mut Tx) -> Result<Vec<IntegrationRow>> {
    let read = |mut row: Row| {
        Ok(IntegrationRow {
            id: row.take(0)?,
            kind: row.take(1)?,
            name: row.take(2)?,
            settings: row.take(3)?,
            created_ms: row.take(4)?,
            removed_ms: row.take(5)?,
        })
    };
    tx.query("SELECT id, kind, name, settings, created_ms, removed_ms FROM integration ORDER BY created_ms, id", &[])?
        .into_iter()
        .map(read)
        .collect()
}

pub struct TokenRow {
    pub token_hash: String,
    pub integration_id: String,
    pub expires_ms: Option<i64>,
}

/// Every crm_token of an integration that still stands, and of trials.
pub fn list_tokens(tx: &mut Tx) -> Result<Vec<TokenRow>> {
    let read = |mut row: Row| {
        Ok(TokenRow { token_hash: row.take(0)?, integration_id: row.take(1)?, expires_ms: row.take(2)? })
    };
    tx.query(
        "SELECT t.token_hash, t.integration_id, t.expires_ms
         FROM crm_token t
         JOIN integration i ON i.id = t.integration_id
         WHERE i.removed_ms IS NULL OR i.id = $1
         ORDER BY t.token_hash",
        params![TRIAL],
    )?
    .into_iter()
    .map(read)
    .collect()
}

/// Every setting that was changed: name and JSON.
pub fn list_settings(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    tx.query("SELECT name, value FROM setting ORDER BY name", &[])?
        .into_iter()
        .map(|mut row| Ok((row.take(0)?, row.take(1)?)))
        .collect()
}
