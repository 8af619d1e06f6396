//! The key that the outside systems' secrets are encrypted with, once it was needed, and what it does.

use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretSlice, SecretString};

use crate::error::{Error, Result};

const NONCE_BYTES: usize = 24;
/// Stands before every sealed secret, so that another way to seal can be told apart.
const VERSION: &str = "v1:";

/// The key, once it was needed.
pub type KeptKey = Arc<OnceLock<SecretKey>>;

#[derive(Clone)]
pub struct SecretKey(Arc<SecretSlice<u8>>);

impl SecretKey {
    pub fn of(bytes: Vec<u8>) -> Self {
        Self(Arc::new(SecretSlice::from(bytes)))
    }

    /// `plain` encrypted, bound to its owner (an integration's or a person's id) and field: it opens for no other.
    ///
    /// # Errors
    /// `Internal` when the system has no randomness.
    pub fn seal(&self, owner_id: &str, field: &str, plain: &str) -> Result<String> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(Error::internal)?;
        let place = place(owner_id, field);
        let payload = Payload { msg: plain.as_bytes(), aad: place.as_bytes() };
        let sealed = self.cipher()?.encrypt(XNonce::from_slice(&nonce), payload).map_err(Error::internal)?;
        Ok(format!("{VERSION}{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// What [`SecretKey::seal`] was given.
    ///
    /// # Errors
    /// `Internal` when it was sealed for another place or with another key, or was tampered with.
    pub fn open(&self, owner_id: &str, field: &str, sealed: &str) -> Result<SecretString> {
        let damaged = || Error::internal(format!("the secret {field} of {owner_id} is damaged"));
        let text = sealed.strip_prefix(VERSION).ok_or_else(damaged)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| damaged())?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or_else(damaged)?;
        let place = place(owner_id, field);
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let plain = self.cipher()?.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| damaged())?;
        String::from_utf8(plain).map(SecretString::from).map_err(|_| damaged())
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305> {
        XChaCha20Poly1305::new_from_slice(self.0.expose_secret()).map_err(Error::internal)
    }

    /// As the key file holds it.
    pub fn encoded(&self) -> SecretString {
        STANDARD.encode(self.0.expose_secret()).into()
    }
}

fn place(owner_id: &str, field: &str) -> String {
    format!("{owner_id}\0{field}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R39: neither moved to another place nor changed in a letter.
    #[test]
    fn a_secret_opens_for_its_own_place_and_key_alone() {
        let key = SecretKey::of(vec![7; 32]);
        let sealed = key.seal("of-this-one", "token", "planted").unwrap();
        assert_eq!(key.open("of-this-one", "token", &sealed).unwrap().expose_secret(), "planted");
        assert_ne!(sealed, key.seal("of-this-one", "token", "planted").unwrap(), "each has a nonce of its own");
        assert!(key.open("of-another", "token", &sealed).is_err());
        assert!(key.open("of-this-one", "password", &sealed).is_err());
        assert!(SecretKey::of(vec![8; 32]).open("of-this-one", "token", &sealed).is_err());
        for at in VERSION.len()..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(key.open("of-this-one", "token", &changed).is_err(), "{at}");
        }
    }
}
