//! Secrets that we make: 256 random bits as base64url, kept as their SHA-256 only.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

const BYTES: usize = 32;

/// # Errors
/// `Internal` when the system has no randomness.
pub fn new() -> Result<String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The SHA-256 in hex, by which a token is found: the unique index is the constant-time comparison.
pub fn hash(token: &str) -> String {
    Sha256::digest(token).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Whether it could be one of ours at all.
pub fn is_one(token: &str) -> bool {
    token.len() == BYTES.div_ceil(3) * 4 - 1
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
