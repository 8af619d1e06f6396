//! Cards of an address book (vCard 2.1 to 4.0: RFC 2426, RFC 6350), as rows of a table with titles of ours.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};

use crate::app::clients::files::limits::{Take, refused};
use crate::domain::fault::Fault;
use crate::domain::sheet::stacked;
use crate::error::Result;

/// As `domain::titles` knows them.
const TITLES: [&str; 6] = ["Имя", "Компания", "Телефоны", "E-mail", "Заметка", "Метки"];
/// What a number is called here, by its type there.
const LABELS: [(&str, &str); 6] = [
    ("CELL", "мобильный"),
    ("IPHONE", "мобильный"),
    ("WORK", "рабочий"),
    ("HOME", "домашний"),
    ("FAX", "факс"),
    ("PAGER", "пейджер"),
];

/// Whether a text begins as such cards do.
pub fn is_one(text: &str) -> bool {
    let begin = "BEGIN:VCARD";
    text.trim_start().get(..begin.len()).is_some_and(|first| first.eq_ignore_ascii_case(begin))
}

/// # Errors
/// `Invalid` for a card that does not end; what `take` says.
pub fn read(text: &str, take: Take) -> Result<()> {
    take(TITLES.map(str::to_owned).to_vec())?;
    let (mut card, mut row) = (None::<Card>, 0);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let mut line = line.to_owned();
        while lines.peek().is_some_and(|next| next.starts_with([' ', '\t'])) {
            line.extend(lines.next().and_then(|next| next.get(1..)));
        }
        let Some((names, mut value)) = line.split_once(':').map(|(names, value)| (names.to_owned(), value.to_owned()))
        else {
            continue;
        };
        let names = names.to_uppercase();
        if names.contains("QUOTED-PRINTABLE") {
            while value.ends_with('=') {
                value.pop();
                value.push_str(lines.next().unwrap_or_default());
            }
            value = unquoted(&value, &names);
        }
        match (names.as_str(), value.trim().to_uppercase().as_str(), &mut card) {
            ("BEGIN", "VCARD", _) => {
                row += 1;
                card = Some(Card::default());
            }
            ("END", "VCARD", card) => take(card.take().unwrap_or_default().row())?,
            (_, _, Some(card)) => card.put(&names, &value),
            _ => {}
        }
    }
    if card.is_some() { Err(refused(Fault::DamagedFile { row })) } else { Ok(()) }
}

#[derive(Default)]
struct Card {
    name: String,
    /// Family, given and further names, for a card that says no name.
    parts: Vec<String>,
    company: String,
    phones: Vec<String>,
    emails: Vec<String>,
    notes: Vec<String>,
    tags: Vec<String>,
}

impl Card {
    /// `names`: the property's, perhaps behind a group's, and its parameters, in capitals.
    fn put(&mut self, names: &str, value: &str) {
        let mut names = names.split(';');
        let property = names.next().and_then(|name| name.rsplit('.').next()).unwrap_or_default();
        let whole = || split(value, '\0').join("").trim().to_owned();
        let said = |parts: Vec<String>| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        match property {
            "FN" => self.name = whole(),
            "N" => self.parts = said(split(value, ';').into_iter().take(3).collect()),
            "ORG" => self.company = said(split(value, ';')).join(", "),
            "TEL" => {
                let number = whole();
                let number = number.strip_prefix("tel:").unwrap_or(&number).split(';').next().unwrap_or_default();
                let types: Vec<_> = names.flat_map(|name| name.split(['=', ',', '"'])).collect();
                let label = LABELS.iter().find(|(kind, _)| types.contains(kind)).map(|(_, label)| *label);
                self.phones.push(label.map_or_else(|| number.to_owned(), |label| format!("{label}: {number}")));
            }
            "EMAIL" => self.emails.push(whole()),
            "NOTE" => self.notes.push(whole()),
            "CATEGORIES" => self.tags.extend(said(split(value, ','))),
            _ => {}
        }
    }

    fn row(self) -> Vec<String> {
        let name = if self.name.is_empty() { self.parts.join(" ") } else { self.name };
        let notes = self.notes.join("\n");
        vec![name, self.company, stacked(&self.phones), stacked(&self.emails), notes, stacked(&self.tags)]
    }
}

/// The parts of a value, without the marks that kept them whole.
fn split(value: &str, mark: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        let last = parts.len() - 1;
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => parts[last].push('\n'),
                Some(kept) => parts[last].push(kept),
                None => parts[last].push('\\'),
            },
            letter if letter == mark => parts.push(String::new()),
            letter => parts[last].push(letter),
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// Bytes written as `=D0=98`, in the character set that the parameters name; without one UTF-8 if they are that.
fn unquoted(value: &str, names: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(value.len()), value.as_bytes());
    while let Some((first, after)) = rest.split_first() {
        let coded = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let coded = coded.filter(|_| *first == b'=').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(coded.unwrap_or(*first));
        rest = if coded.is_some() { &after[2..] } else { after };
    }
    let named = names.split(';').find_map(|name| name.strip_prefix("CHARSET="));
    let usual = if std::str::from_utf8(&bytes).is_ok() { UTF_8 } else { WINDOWS_1251 };
    let encoding = named.and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(usual);
    encoding.decode_without_bom_handling(&bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut take = |row| {
            rows.push(row);
            Ok(())
        };
        read(text, &mut take).unwrap();
        rows.split_off(1)
    }

    #[test]
    fn cards_of_every_version_are_rows() {
        let old = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=\r\n=D0=B0=D0=BD;\r\n\
                   TEL;CELL;PREF:8 910 123-45-67\r\nTEL;WORK:84951234567\r\nEND:VCARD\r\n";
        assert_eq!(rows(old), [["Иван", "", "мобильный: 8 910 123-45-67\nрабочий: 84951234567", "", "", ""]]);
        let cyrillic = "BEGIN:VCARD\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=windows-1251:=C8=E2=E0=ED\nEND:VCARD\n";
        assert_eq!(rows(cyrillic)[0][0], "Иван");
        let new = "begin:vcard\nVERSION:4.0\nFN:Пётр \\, сын\nORG:Ромашка;Склад\nitem1.TEL;VALUE=uri;TYPE=\"voice,home\":tel:+7-910-1;ext=5\n\
                   EMAIL:a@example.org\nEMAIL:b@example.org\nNOTE:одна\\nдва длинн\n ая\nCATEGORIES:опт\\, юг,зима\nPHOTO:AA\n AA\nEND:VCARD\n\
                   BEGIN:VCARD\nN:Смирнова;Анна;Олеговна;;\nEND:VCARD";
        assert_eq!(
            rows(new),
            [
                [
                    "Пётр , сын",
                    "Ромашка, Склад",
                    "домашний: +7-910-1",
                    "a@example.org\nb@example.org",
                    "одна\nдва длинная",
                    "опт, юг\nзима"
                ],
                ["Смирнова Анна Олеговна", "", "", "", "", ""]
            ]
        );
    }

    #[test]
    fn a_card_that_does_not_end_is_damaged_and_other_text_is_none() {
        assert!(read("BEGIN:VCARD\nFN:Иван\n", &mut |_| Ok(())).is_err());
        assert!(is_one("\n begin:vcard\n") && !is_one("Имя;Телефон") && !is_one("BEGIN:VCALЕ"));
    }
}
