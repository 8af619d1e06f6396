//! The schema, and the steps that bring an older store up to it. How to add one: `migrations/README.md`.

/// The whole schema, for both engines.
pub const SCHEMA: &str = include_str!("../../schema.sql");

/// Every step, in order. Number 1 is the first schema ever released; until there is a second, that is `schema.sql`.
pub const STEPS: &[(i64, &str)] = &[(1, SCHEMA)];

/// The version that [`SCHEMA`] is.
pub const LATEST: i64 = STEPS[STEPS.len() - 1].0;

/// The steps that a store of this version still needs.
pub fn after(version: i64) -> impl Iterator<Item = (i64, &'static str)> {
    STEPS.iter().copied().filter(move |(number, _)| *number > version)
}
