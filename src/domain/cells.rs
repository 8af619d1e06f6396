//! What people write into one cell of a table, read back: several numbers or tags, yes, a formula that was made harmless.

use crate::domain::contact::{ContactKind, ContactPhone};
use crate::domain::fold::fold;
use crate::domain::sheet::is_guarded;

/// Without the apostrophe that keeps a spreadsheet from running it.
pub fn unguarded(cell: &str) -> &str {
    if is_guarded(cell) { &cell[1..] } else { cell }
}

/// The numbers of a cell, each with its label: one a line, else parted by commas, semicolons, slashes. `label` is what
/// those are called that say nothing themselves.
pub fn phones(cell: &str, label: &str) -> Vec<ContactPhone> {
    parts(cell, &[',', ';', '/', '|']).into_iter().map(|part| phone(&part, label)).collect()
}

/// The values of a cell: one a line, else parted by commas or semicolons.
pub fn several(cell: &str) -> Vec<String> {
    parts(cell, &[',', ';'])
}

/// The tags of a cell, as [`several`]; Google writes a star before its own groups.
pub fn groups(cell: &str) -> Vec<String> {
    let plain = |tag: String| tag.strip_prefix("* ").map(str::to_owned).unwrap_or(tag);
    let is_google = cell.contains(":::") && !cell.contains('\n');
    several(cell).into_iter().map(|tag| if is_google { plain(tag) } else { tag }).collect()
}

/// Where there is a line break, nothing else parts the cell. Google writes ` ::: `.
fn parts(cell: &str, marks: &[char]) -> Vec<String> {
    let kept = |part: &str| Some(part.trim().to_owned()).filter(|part| !part.is_empty());
    if cell.contains('\n') {
        return cell.lines().filter_map(kept).collect();
    }
    cell.split(":::").flat_map(|some| some.split(marks)).filter_map(kept).collect()
}

/// `мобильный: +7910…`, `+7910… (мама)` or the number alone.
fn phone(part: &str, label: &str) -> ContactPhone {
    let of = |number: &str, label: &str| ContactPhone { number: whole(number.trim()), label: label.trim().to_owned() };
    if let Some((label, number)) = part.rsplit_once(": ") {
        return of(number, label);
    }
    let is_word = |text: &str| text.chars().any(char::is_alphabetic);
    if let Some((number, rest)) = part.split_once('(')
        && let Some(said) = rest.trim_end().strip_suffix(')')
        && is_word(said)
        && !is_word(number)
    {
        return of(number, said);
    }
    of(part, label)
}

/// A spreadsheet that took a number for a quantity: `7.9101234567E+10`, `79101234567.0`. What it has rounded away cannot be
/// had back, and stays as it is.
fn whole(number: &str) -> String {
    let upper = number.replace(',', ".").to_uppercase();
    let (mantissa, power) = upper.split_once("E+").unwrap_or((&upper, "0"));
    let Some((head, tail)) = mantissa.split_once('.') else { return number.to_owned() };
    let Ok(power) = power.parse::<usize>() else { return number.to_owned() };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (kept, rest) = tail.split_at(power.min(tail.len()));
    let is_quantity = is_digits(head) && is_digits(tail) && tail.is_ascii() && rest.bytes().all(|byte| byte == b'0');
    if is_quantity && kept.len() == power && head.len() + power >= 7 {
        format!("{head}{kept}")
    } else {
        number.to_owned()
    }
}

/// Whether the cell says yes; `None` for a word that says neither.
pub fn yes(cell: &str) -> Option<bool> {
    match fold(cell.trim()).as_str() {
        "" | "нет" | "no" | "false" | "0" | "-" => Some(false),
        "да" | "yes" | "true" | "1" | "+" | "vip" | "вип" | "y" | "x" => Some(true),
        _ => None,
    }
}

/// Which kind of contact the cell names; `None` for a word that names neither.
pub fn kind(cell: &str) -> Option<ContactKind> {
    match fold(cell.trim()).as_str() {
        "клиент" | "client" | "клиенты" | "customer" => Some(ContactKind::Client),
        "новый" | "лид" | "lead" => Some(ContactKind::Lead),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sheet;

    fn read(cell: &str) -> Vec<(String, String)> {
        phones(cell, "рабочий").into_iter().map(|phone| (phone.number, phone.label)).collect()
    }

    #[test]
    fn several_numbers_in_a_cell_are_told_apart() {
        for (cell, numbers) in [
            (
                "8 910 123-45-67, 8 (495) 123-45-67",
                vec![("8 910 123-45-67", "рабочий"), ("8 (495) 123-45-67", "рабочий")],
            ),
            ("мобильный: +79101234567\n101", vec![("+79101234567", "мобильный"), ("101", "рабочий")]),
            ("дом, вечером: 101\n", vec![("101", "дом, вечером")]),
            ("+79101234567 (мама) / 84951234567", vec![("+79101234567", "мама"), ("84951234567", "рабочий")]),
            ("+7 910 1234567 ::: +7 495 1234567", vec![("+7 910 1234567", "рабочий"), ("+7 495 1234567", "рабочий")]),
            ("7.9101234567E+10", vec![("79101234567", "рабочий")]),
            ("79101234567.0", vec![("79101234567", "рабочий")]),
            ("7.91E+10", vec![("7.91E+10", "рабочий")]),
            ("910.123.45.67", vec![("910.123.45.67", "рабочий")]),
            (" ; ", vec![]),
        ] {
            let numbers: Vec<_> = numbers.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
            assert_eq!(read(cell), numbers, "{cell}");
        }
    }

    #[test]
    fn what_was_made_harmless_comes_back() {
        for cell in ["=1+1", "'=1", "''@", "Иван", "'Иван'", "'", "+7910", "-1+cmd"] {
            assert_eq!(unguarded(&sheet::guarded(cell.to_owned())), cell);
        }
    }

    proptest::proptest! {
        #[test]
        fn our_own_cells_come_back(
            kept in proptest::collection::vec(("[+]7[0-9]{10}", "([a-zа-я](([ ,;:/|'(]|: |:::)?[a-zа-я])*)?"), 0..4),
            named in proptest::collection::vec("[a-zа-я](([ ,;:/=]|:::)?[a-zа-я])*", 0..4),
        ) {
            let kept: Vec<_> = kept.into_iter().map(|(number, label)| ContactPhone { number, label }).collect();
            let cell = sheet::guarded(sheet::phones(&kept));
            proptest::prop_assert_eq!(phones(unguarded(&cell), ""), kept);
            proptest::prop_assert_eq!(several(unguarded(&sheet::guarded(sheet::tags(&named)))), named);
        }
    }
}
