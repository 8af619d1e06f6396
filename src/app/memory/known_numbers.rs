//! What the PBX was told of numbers, until somebody changes a contact, a person or a line.

use std::collections::HashMap;
use std::sync::RwLock;

use crate::domain::phone::Phone;

/// At about 100 bytes each.
const MOST_KEPT: usize = 150_000;

/// The client's name, and the PBX account of the person responsible. Both empty: nobody knows the number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub contact_name: Option<String>,
    pub responsible: Option<String>,
}

/// As of which changes something was looked up: of any contact, and of what is told of this number alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub contacts: u64,
    pub number: u64,
}

/// Answers given before, as long as nobody has changed a contact, a person or a line, or what is told of that number.
#[derive(Default)]
pub struct KnownNumbers(RwLock<Kept>);

#[derive(Default)]
struct Kept {
    generation: u64,
    count: usize,
    /// By integration, by the digits of the number.
    numbers: HashMap<String, HashMap<u64, Packed>>,
}

struct Packed {
    number_generation: u64,
    /// Name and account with a NUL between; empty: nobody.
    text: Box<str>,
}

impl KnownNumbers {
    pub fn get(&self, seen: Seen, integration_id: &str, phone: &Phone) -> Option<Known> {
        let kept = self.0.read().ok()?;
        if kept.generation != seen.contacts {
            return None;
        }
        let packed = kept.numbers.get(integration_id)?.get(&digits(phone)?)?;
        if packed.number_generation != seen.number {
            return None;
        }
        let Some((name, account)) = packed.text.split_once('\0') else { return Some(Known::default()) };
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Some(Known { contact_name: text(name), responsible: text(account) })
    }

    pub fn put(&self, seen: Seen, integration_id: &str, phone: &Phone, known: &Known) {
        let Some(digits) = digits(phone) else { return };
        let Ok(mut kept) = self.0.write() else { return };
        if kept.generation > seen.contacts {
            return;
        }
        if kept.generation < seen.contacts || kept.count >= MOST_KEPT {
            *kept = Kept { generation: seen.contacts, ..Kept::default() };
        }
        let text = match (&known.contact_name, &known.responsible) {
            (None, None) => String::new(),
            (name, account) => {
                format!("{}\0{}", name.as_deref().unwrap_or_default(), account.as_deref().unwrap_or_default())
            }
        };
        let packed = Packed { number_generation: seen.number, text: text.into() };
        let numbers = kept.numbers.entry(integration_id.to_owned()).or_default();
        // Two that asked at once put it twice.
        if numbers.insert(digits, packed).is_none() {
            kept.count += 1;
        }
    }
}

/// A public number as its digits; the others are few, and are looked up each time.
fn digits(phone: &Phone) -> Option<u64> {
    let digits = phone.as_str().strip_prefix('+')?;
    // `parse` would take a second plus and drop a leading zero: two numbers would be one.
    digits.starts_with(|first: char| first.is_ascii_digit() && first != '0').then(|| digits.parse().ok()).flatten()
}
