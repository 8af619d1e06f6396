//! The rows that this node found it cannot read. Each is passed over, said once in the log, and shown by the doctor.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Damage, Error};

/// A bound on memory; whoever has more damaged rows knows it by then.
const KEPT: usize = 1_000;

/// By table and id, why it cannot be read.
#[derive(Debug, Default)]
pub struct Damages(Mutex<BTreeMap<(&'static str, String), String>>);

impl Damages {
    fn rows(&self) -> MutexGuard<'_, BTreeMap<(&'static str, String), String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note(&self, damage: &Damage) {
        let mut rows = self.rows();
        let key = (damage.table, damage.id.clone());
        if rows.len() >= KEPT || rows.contains_key(&key) {
            return;
        }
        tracing::error!(
            table = damage.table,
            row = damage.id,
            why = damage.why,
            "a row cannot be read and is set aside"
        );
        rows.insert(key, damage.why.clone());
    }

    /// Notes the damage that a failure speaks of.
    pub fn note_of(&self, error: &Error) {
        if let Error::Damaged(damage) = error {
            self.note(damage);
        }
    }

    pub fn list(&self) -> Vec<Damage> {
        let row =
            |((table, id), why): (&(&'static str, String), &String)| Damage { table, id: id.clone(), why: why.clone() };
        self.rows().iter().map(row).collect()
    }
}
