//! Members of a PATCH: absent, null and a value are three things.

use serde::{Deserialize, Deserializer};

/// `Some(None)` for null, `Some(Some(value))` for a value; with `#[serde(default)]`, `None` when absent.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
