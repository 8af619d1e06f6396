//! The outside systems' secrets and people's second factors, encrypted at rest with a key file that stands outside the store and its backup.
//!
//! The file is made only while the store holds no secret; from then on a missing or different file is an error, never
//! a new key. Nodes of one store share the file.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::app::memory::key::SecretKey;
use crate::app::{App, token};
use crate::error::{Code, Error, Result};
use crate::store::tables::{directory, second_factors, secret_key};
use crate::store::tx::Tx;

const KEY_BYTES: usize = 32;

/// The key that this store's secrets are encrypted with; made now, while there are none.
///
/// # Errors
/// `Conflict` `secret_key` when the file is missing, unreadable or another one.
pub async fn key(app: &App) -> Result<SecretKey> {
    if let Some(key) = app.secret_key.get() {
        return Ok(key.clone());
    }
    let path = app.config.secret_key_file();
    let expected = app.store.show(expected_fingerprint).await?;
    let key = match (read(&path)?, &expected) {
        (Some(key), _) => key,
        (None, None) => make(&path)?,
        (None, Some(_)) => return Err(refuse("is missing, and the store holds secrets encrypted with it")),
    };
    let (ours, noted) = (fingerprint(&key), fingerprint(&key));
    let kept = app.store.write(move |tx| remember(tx, &noted)).await?;
    if kept != ours {
        return Err(refuse("is not the one that the store's secrets are encrypted with"));
    }
    Ok(app.secret_key.get_or_init(|| key).clone())
}

fn fingerprint(key: &SecretKey) -> String {
    token::hash(&format!("ringcard key file {}", key.encoded().expose_secret()))
}

/// The fingerprint of the key in use; `None` while no integration and no person could have a secret.
fn expected_fingerprint(tx: &mut Tx) -> Result<Option<String>> {
    let is_connected = directory::list_integrations(tx)?.iter().any(|integration| integration.removed_ms.is_none());
    if !is_connected && !second_factors::is_any(tx)? {
        return Ok(None);
    }
    secret_key::find_fingerprint(tx)
}

/// Notes the key's fingerprint unless another key is in use; the answer is the one that counts.
fn remember(tx: &mut Tx, fingerprint: &str) -> Result<String> {
    if expected_fingerprint(tx)?.is_none() {
        secret_key::delete(tx)?;
    }
    secret_key::insert(tx, fingerprint)?;
    secret_key::find_fingerprint(tx)?.ok_or_else(|| Error::internal("the fingerprint was not kept"))
}

fn read(path: &Path) -> Result<Option<SecretKey>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => SecretString::from(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refuse(&format!("cannot be read: {error}"))),
    };
    let is_open = std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0);
    if is_open {
        tracing::warn!(path = %path.display(), "the key file can be read by others: chmod 600 it");
    }
    let bytes = STANDARD.decode(text.expose_secret().trim()).ok().filter(|bytes| bytes.len() == KEY_BYTES);
    let bytes = bytes.ok_or_else(|| refuse("is no key file: 32 bytes in base64 are needed"))?;
    Ok(Some(SecretKey::of(bytes)))
}

/// Makes the file whole or not at all: a key that is only half on the disk would lose what it encrypted.
fn make(path: &Path) -> Result<SecretKey> {
    let mut bytes = vec![0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    let written = path.with_extension(format!("{}.new", std::process::id()));
    let write = || {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&written)?;
        writeln!(file, "{}", STANDARD.encode(&bytes))?;
        file.sync_all()?;
        // A link, unlike a rename, does not replace the file that another process has just made.
        let linked = std::fs::hard_link(&written, path);
        std::fs::remove_file(&written)?;
        linked?;
        path.parent().filter(|dir| !dir.as_os_str().is_empty()).map_or(Ok(()), |dir| File::open(dir)?.sync_all())
    };
    match write() {
        Ok(()) => Ok(SecretKey::of(bytes)),
        Err(error) => read(path)?.ok_or_else(|| refuse(&format!("cannot be made: {error}"))),
    }
}

/// Without the path, which is not the browser's business: `ringcard check` shows it.
fn refuse(what: &str) -> Error {
    Error::conflict(Code::SecretKey, format!("the key file (RINGCARD_SECRET_KEY_FILE) {what}"))
}
