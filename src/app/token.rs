//! Secrets that we make: 256 random bits as base64url, kept as their SHA-256 only.

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
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digest = Sha256::digest(token);
    digest.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}

/// Whether it could be one of ours at all.
pub fn is_one(token: &str) -> bool {
    token.len() == BYTES.div_ceil(3) * 4 - 1
        && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
