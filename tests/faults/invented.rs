//! Requests invented from the API's own document, then spoiled: as a stranger would who has read it.

use serde_json::{Map, Value, json};

/// Numbers in an order that a seed gives again.
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(most.max(1)).unwrap()).unwrap()
    }

    /// True so many times of a hundred.
    pub fn falls(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// So many, or as many as `RINGCARD_TRIES` says: a million are tried by hand.
#[expect(clippy::disallowed_methods, reason = "how many is the choice of who runs the tests")]
pub fn times(usual: u64) -> u64 {
    std::env::var("RINGCARD_TRIES").map_or(usual, |said| said.parse().expect("RINGCARD_TRIES is no number"))
}

/// Texts that break programs.
const ODD: &[&str] = &[
    "",
    " ",
    "\0",
    "null",
    "-1",
    "0",
    "1e999",
    "99999999999999999999",
    "9223372036854775807",
    "-0",
    "NaN",
    "true",
    "[]",
    "{}",
    "\u{feff}",
    "\u{202e}abc",
    "\u{d7ff}",
    "é\u{301}",
    "𝕬",
    "%00",
    "%ff",
    "%2e%2e%2f",
    "../../etc/passwd",
    "';--",
    "\" OR 1=1",
    "<svg onload=x>",
    "{{7*7}}",
    "${x}",
    "\r\nset-cookie: a=b",
    "+79101234567",
    "89101234567",
    "2026-02-30T25:61:61Z",
    "2026-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "01900000-0000-7000-8000-000000000000",
    "Europe/Moscow",
    "23:59",
    "24:00",
];

/// The operations of the document: method, path, and the operation.
pub struct Document {
    pub whole: Value,
    pub operations: Vec<(String, String, Value)>,
}

impl Document {
    pub fn of(whole: Value) -> Self {
        let mut operations = Vec::new();
        for (path, item) in whole["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                operations.push((method.to_uppercase(), path.clone(), operation.clone()));
            }
        }
        Self { whole, operations }
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.whole.pointer(&reference[1..]).unwrap(),
            None => schema,
        }
    }

    /// A value that mostly fits.
    pub fn invent(&self, dice: &mut Dice, schema: &Value, depth: usize) -> Value {
        let schema = self.resolved(schema);
        if dice.falls(8) || depth > 6 {
            return odd(dice);
        }
        if let Some(all) = schema["allOf"].as_array() {
            let parts = all.iter().filter_map(|part| self.invent(dice, part, depth + 1).as_object().cloned());
            return Value::Object(parts.flatten().collect());
        }
        if let Some(some) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let chosen = dice.one(some).clone();
            return self.invent(dice, &chosen, depth + 1);
        }
        if let Some(values) = schema["enum"].as_array() {
            return dice.one(values).clone();
        }
        let kind = schema["type"].as_array().map_or(&schema["type"], |kinds| dice.one(kinds));
        match kind.as_str() {
            Some("object") => self.object(dice, schema, depth),
            Some("array") => {
                let count = dice.below(4);
                Value::Array((0..count).map(|_| self.invent(dice, &schema["items"], depth + 1)).collect())
            }
            Some("integer" | "number") => json!(i64::try_from(dice.below(400)).unwrap() - 20),
            Some("boolean") => json!(dice.falls(50)),
            Some("null") => Value::Null,
            _ => json!(*dice.one(ODD)),
        }
    }

    fn object(&self, dice: &mut Dice, schema: &Value, depth: usize) -> Value {
        let none = Map::new();
        let members = schema["properties"].as_object().unwrap_or(&none);
        let is_required =
            |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        let mut made = Map::new();
        for (name, member) in members {
            if dice.falls(if is_required(name) { 95 } else { 40 }) {
                made.insert(name.clone(), self.invent(dice, member, depth + 1));
            }
        }
        if dice.falls(5) {
            made.insert((*dice.one(ODD)).to_owned(), odd(dice));
        }
        Value::Object(made)
    }
}

fn odd(dice: &mut Dice) -> Value {
    match dice.below(6) {
        0 => Value::Null,
        1 => json!(-1.5e300),
        2 => json!([[[[[[[[]]]]]]]]),
        3 => json!("x".repeat(dice.below(70_000))),
        4 => json!({"": {"": []}}),
        _ => json!(*dice.one(ODD)),
    }
}

/// Percent-encoded, mostly.
pub fn in_address(dice: &mut Dice, text: &str) -> String {
    if dice.falls(3) {
        return text.replace([' ', '\r', '\n', '\0'], "%20");
    }
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02x}") })
        .collect()
}

/// Flips, cuts, doubles and plants bytes, up to three times.
pub fn spoil(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len() + 1);
        let to = at + dice.below(bytes.len() + 1 - at);
        match dice.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => bytes.truncate(at),
            2 => drop(bytes.drain(at..to)),
            3 => {
                let part = bytes[at..to].to_vec();
                bytes.splice(at..at, part);
            }
            4 => drop(bytes.splice(at..at, [u8::try_from(dice.below(256)).unwrap()])),
            _ => drop(bytes.splice(at..at, dice.one(ODD).bytes())),
        }
    }
}
