//! Cards of an address book (vCard 2.1 to 4.0: RFC 2426, RFC 6350), as rows of a table with titles of ours.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1251};

use crate::app::clients::files::limits::{Take, refused};
use crate::domain::contact::ContactPhone;
use crate::domain::fault::Fault;
use crate::domain::sheet::{self, Column, Tongue, stacked};
use crate::error::Result;

/// So many of our columns are for cards of others.
const COMMON: usize = 6;
const OURS: &str = "X-RINGCARD-";

/// What a number is called here, by its type there.
pub struct Label {
    pub kind: &'static str,
    ru: &'static str,
    en: &'static str,
}

impl Label {
    const fn new(kind: &'static str, ru: &'static str, en: &'static str) -> Self {
        Self { kind, ru, en }
    }

    pub fn of(&self, tongue: Tongue) -> &'static str {
        tongue.of(self.ru, self.en)
    }
}

pub const LABELS: [Label; 8] = [
    Label::new("CELL", "мобильный", "mobile"),
    Label::new("MOBILE", "мобильный", "mobile"),
    Label::new("IPHONE", "мобильный", "mobile"),
    Label::new("WORK", "рабочий", "work"),
    Label::new("HOME", "домашний", "home"),
    Label::new("MAIN", "основной", "main"),
    Label::new("FAX", "факс", "fax"),
    Label::new("PAGER", "пейджер", "pager"),
];

/// Whether a text begins as such cards do.
pub fn is_one(text: &str) -> bool {
    let begin = "BEGIN:VCARD";
    text.trim_start().get(..begin.len()).is_some_and(|first| first.eq_ignore_ascii_case(begin))
}

/// `tongue`: in which language numbers are labelled that the cards name by their type.
///
/// # Errors
/// `Invalid` for a card that does not end; what `take` says.
pub fn read(text: &str, tongue: Tongue, take: Take) -> Result<()> {
    let width = if text.contains(OURS) { Column::ALL.len() } else { COMMON };
    take(Column::ALL[..width].iter().map(|column| column.title(tongue).to_owned()).collect())?;
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
            ("END", "VCARD", card) => {
                let mut cells = card.take().unwrap_or_default().row(tongue);
                cells.truncate(width);
                take(cells)?;
            }
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
    phones: Vec<Number>,
    /// What groups of lines are called, by the group.
    labels: Vec<(String, String)>,
    emails: Vec<String>,
    notes: Vec<String>,
    tags: Vec<String>,
    /// Kind, responsible, important, alert.
    ours: [String; 4],
}

#[derive(Default)]
struct Number {
    group: String,
    number: String,
    /// By its types.
    label: Option<&'static Label>,
}

impl Card {
    /// `names`: the property's, perhaps behind a group's, and its parameters, in capitals.
    fn put(&mut self, names: &str, value: &str) {
        let mut names = names.split(';');
        let named = names.next().unwrap_or_default();
        let (group, property) = named.rsplit_once('.').unwrap_or(("", named));
        let whole = || split(value, '\0').join("").trim().to_owned();
        let said = |parts: Vec<String>| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        match property {
            "FN" => self.name = whole(),
            "N" => self.parts = said(split(value, ';').into_iter().take(3).collect()),
            "ORG" => self.company = said(split(value, ';')).join(", "),
            "TEL" => {
                let number = whole();
                let uri = number.strip_prefix("tel:").map(|uri| uri.split(';').next().unwrap_or_default().to_owned());
                let types: Vec<_> = names.flat_map(|name| name.split(['=', ',', '"'])).collect();
                let label = LABELS.iter().find(|label| types.contains(&label.kind));
                self.phones.push(Number { group: group.to_owned(), number: uri.unwrap_or(number), label });
            }
            "X-ABLABEL" => self.labels.push((group.to_owned(), whole())),
            "X-RINGCARD-KIND" => self.ours[0] = whole(),
            "X-RINGCARD-RESPONSIBLE" => self.ours[1] = whole(),
            "X-RINGCARD-VIP" => self.ours[2] = whole(),
            "X-RINGCARD-ALERT" => self.ours[3] = whole(),
            "EMAIL" => self.emails.push(whole()),
            "NOTE" => self.notes.push(whole()),
            "CATEGORIES" => self.tags.extend(said(split(value, ','))),
            _ => {}
        }
    }

    fn row(self, tongue: Tongue) -> Vec<String> {
        let name = if self.name.is_empty() { self.parts.join(" ") } else { self.name };
        let label = |number: &Number| match self.labels.iter().find(|(group, _)| *group == number.group) {
            Some((_, label)) if !number.group.is_empty() => said_by_apple(label, tongue),
            _ => number.label.map(|label| label.of(tongue).to_owned()).unwrap_or_default(),
        };
        let phone = |number: &Number| ContactPhone { number: number.number.clone(), label: label(number) };
        let phones: Vec<_> = self.phones.iter().map(phone).collect();
        let notes = self.notes.join("\n");
        let mut row =
            vec![name, self.company, sheet::phones(&phones), stacked(&self.emails), notes, stacked(&self.tags)];
        row.extend(self.ours);
        row
    }
}

/// Labels of the system's own stand as `_$!<Mobile>!$_`; others as somebody wrote them.
fn said_by_apple(label: &str, tongue: Tongue) -> String {
    let Some(own) = label.strip_prefix("_$!<").and_then(|label| label.strip_suffix(">!$_")) else {
        return label.to_owned();
    };
    let known = LABELS.iter().find(|label| label.kind.eq_ignore_ascii_case(own));
    known.map_or_else(|| own.to_lowercase(), |label| label.of(tongue).to_owned())
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
        read(text, Tongue::Ru, &mut take).unwrap();
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
    fn a_number_is_called_as_the_card_says_else_by_its_type() {
        let card = "BEGIN:VCARD\nFN:A\nitem1.TEL;type=CELL:1\nitem1.X-ABLabel:дача\nitem2.TEL:2\nitem2.X-ABLabel:_$!<Mobile>!$_\n\
                    TEL;TYPE=work:3\nitem3.TEL:4\nitem3.X-ABLabel:_$!<School>!$_\nEND:VCARD";
        for (tongue, expected) in [
            (Tongue::Ru, "дача: 1\nмобильный: 2\nрабочий: 3\nschool: 4"),
            (Tongue::En, "дача: 1\nmobile: 2\nwork: 3\nschool: 4"),
        ] {
            let mut rows = Vec::new();
            let mut take = |row: Vec<String>| {
                rows.push(row);
                Ok(())
            };
            read(card, tongue, &mut take).unwrap();
            assert_eq!(rows[1][2], expected);
        }
    }

    #[test]
    fn a_card_that_does_not_end_is_damaged_and_other_text_is_none() {
        assert!(read("BEGIN:VCARD\nFN:Иван\n", Tongue::Ru, &mut |_| Ok(())).is_err());
        assert!(is_one("\n begin:vcard\n") && !is_one("Имя;Телефон") && !is_one("BEGIN:VCALЕ"));
    }
}
