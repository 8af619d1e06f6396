//! A client as a card of an address book (vCard 3.0: RFC 2426), as phones read it and as `vcard` reads it back.

use crate::app::clients::files::vcard::LABELS;
use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::sheet::Tongue;
use crate::store::tables::contacts::ContactRow;

/// A line has so many bytes at most; what is left goes on in the next one, behind a space.
const LINE_BYTES: usize = 75;

/// Writes the card behind what is there. What cards have no word for stands under names of ours, as the standard has it.
pub fn write(into: &mut String, row: &ContactRow, phones: &[ContactPhone], responsible: &str) {
    let mut line = |name: &str, value: &str| fold(into, &format!("{name}:{value}"));
    let own = |text: &str| escaped(text);
    line("BEGIN", "VCARD");
    line("VERSION", "3.0");
    line("N", &format!(";{};;;", own(&row.name)));
    line("FN", &own(&row.name));
    for (at, phone) in (1..).zip(phones) {
        let known =
            LABELS.iter().find(|label| [Tongue::Ru, Tongue::En].iter().any(|tongue| label.of(*tongue) == phone.label));
        let kind = known.map(|label| format!(";TYPE={}", label.kind)).unwrap_or_default();
        line(&format!("item{at}.TEL{kind}"), &own(&phone.number));
        if !phone.label.is_empty() {
            line(&format!("item{at}.X-ABLabel"), &own(&phone.label));
        }
    }
    let tags = row.tags.iter().map(|tag| own(tag)).collect::<Vec<_>>().join(",");
    for (name, value) in [
        ("ORG", own(&row.company)),
        ("EMAIL", own(&row.email)),
        ("NOTE", own(&row.note)),
        ("CATEGORIES", tags),
        ("X-RINGCARD-KIND", if row.kind == ContactKind::Lead { row.kind.as_str().to_owned() } else { String::new() }),
        ("X-RINGCARD-RESPONSIBLE", own(responsible)),
        ("X-RINGCARD-VIP", if row.vip { Tongue::En.yes().to_owned() } else { String::new() }),
        ("X-RINGCARD-ALERT", own(&row.alert)),
    ] {
        if !value.is_empty() {
            line(name, &value);
        }
    }
    line("END", "VCARD");
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace(',', "\\,").replace(';', "\\;")
}

fn fold(into: &mut String, line: &str) {
    let mut bytes = 0;
    for letter in line.chars() {
        if bytes + letter.len_utf8() > LINE_BYTES {
            into.push_str("\r\n ");
            bytes = 1;
        }
        bytes += letter.len_utf8();
        into.push(letter);
    }
    into.push_str("\r\n");
}
