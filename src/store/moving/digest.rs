//! What a table holds, in one number: the same on both engines, in whatever order its rows are read.

use std::fmt::Write;

use sha2::{Digest as _, Sha256};

use crate::store::value::{Row, Value};

/// How many rows, and the sum of their SHA-256, each over its columns with their lengths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    pub rows: u64,
    sum: [u64; 4],
}

impl Digest {
    pub fn add(&mut self, row: &Row) {
        let mut hash = Sha256::new();
        for value in &row.0 {
            match value {
                Value::Null => hash.update([0]),
                Value::Int(int) => {
                    hash.update([1]);
                    hash.update(int.to_be_bytes());
                }
                Value::Text(text) => {
                    hash.update([2]);
                    hash.update((text.len() as u64).to_be_bytes());
                    hash.update(text.as_bytes());
                }
            }
        }
        self.rows += 1;
        let mut carry = false;
        for (part, bytes) in self.sum.iter_mut().zip(hash.finalize().as_chunks::<8>().0) {
            (*part, carry) = part.carrying_add(u64::from_le_bytes(*bytes), carry);
        }
    }

    pub fn in_hex(&self) -> String {
        self.sum.iter().flat_map(|part| part.to_le_bytes()).fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
