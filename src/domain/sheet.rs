//! Clients as a table: its columns, several values in one cell, and cells that a spreadsheet could take for formulas.

use crate::domain::contact::{ContactKind, ContactPhone};

/// In which language the words of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    Ru,
    En,
}

impl Tongue {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// What is spoken in most offices of a country.
    pub fn of_region(region: &str) -> Self {
        if matches!(region, "RU" | "BY" | "KZ" | "KG") { Self::Ru } else { Self::En }
    }

    /// What stands between cells: spreadsheets open a file at once when it is the one that they expect.
    pub fn delimiter(self) -> u8 {
        match self {
            Self::Ru => b';',
            Self::En => b',',
        }
    }

    /// The one of two words that is of this language.
    pub fn of(self, ru: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Ru => ru,
            Self::En => en,
        }
    }

    pub fn yes(self) -> &'static str {
        match self {
            Self::Ru => "да",
            Self::En => "yes",
        }
    }

    pub fn kind(self, kind: ContactKind) -> &'static str {
        match (self, kind) {
            (Self::Ru, ContactKind::Client) => "клиент",
            (Self::Ru, ContactKind::Lead) => "новый",
            (Self::En, kind) => kind.as_str(),
        }
    }
}

/// What of a client a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Name,
    Company,
    Phones,
    Email,
    Note,
    Tags,
    Kind,
    Responsible,
    Vip,
    Alert,
}

impl Column {
    /// Every column of our own tables, in their order.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Company,
        Self::Phones,
        Self::Email,
        Self::Note,
        Self::Tags,
        Self::Kind,
        Self::Responsible,
        Self::Vip,
        Self::Alert,
    ];

    /// What stands over it.
    pub fn title(self, tongue: Tongue) -> &'static str {
        let (ru, en) = match self {
            Self::Name => ("Имя", "Name"),
            Self::Company => ("Компания", "Company"),
            Self::Phones => ("Телефоны", "Phones"),
            Self::Email => ("E-mail", "Email"),
            Self::Note => ("Заметка", "Note"),
            Self::Tags => ("Метки", "Tags"),
            Self::Kind => ("Вид", "Kind"),
            Self::Responsible => ("Ответственный", "Responsible"),
            Self::Vip => ("VIP", "VIP"),
            Self::Alert => ("Важно перед ответом", "Before answering"),
        };
        tongue.of(ru, en)
    }
}

/// A cell of a table that leaves as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// Something that can be reckoned with.
    Number(i64),
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

/// By which spreadsheets know UTF-8: a file begins with it.
const MARK: &str = "\u{feff}";

/// The first part of a file.
pub fn first_part(tongue: Tongue) -> csv::Writer<Vec<u8>> {
    part(tongue, MARK.as_bytes().to_vec())
}

/// A further one.
pub fn next_part(tongue: Tongue) -> csv::Writer<Vec<u8>> {
    part(tongue, Vec::new())
}

fn part(tongue: Tongue, bytes: Vec<u8>) -> csv::Writer<Vec<u8>> {
    let mut settings = csv::WriterBuilder::new();
    settings.delimiter(tongue.delimiter()).terminator(csv::Terminator::CRLF);
    settings.from_writer(bytes)
}

/// Numbers in one cell, one a line, each behind its label: `мобильный: +79101234567`. A bracket would be taken for one.
pub fn phones(phones: &[ContactPhone]) -> String {
    let line = |phone: &ContactPhone| match phone.label.as_str() {
        "" if !phone.number.contains('(') => phone.number.clone(),
        label => format!("{label}: {}", phone.number),
    };
    stacked(&phones.iter().map(line).collect::<Vec<_>>())
}

/// Tags in one cell, one a line.
pub fn tags(tags: &[String]) -> String {
    stacked(tags)
}

/// One a line. A single one that could be taken for several ends with a line break: where there is one, nothing else
/// parts the cell.
pub fn stacked(lines: &[String]) -> String {
    match lines {
        [one] if one.contains([',', ';', '/', '|']) || one.contains(":::") => format!("{one}\n"),
        lines => lines.join("\n"),
    }
}

/// The cell with an apostrophe before it where a spreadsheet would run it as a formula. Numbers stay as they are:
/// digits and signs compute nothing that could harm.
pub fn guarded(cell: String) -> String {
    if is_formula(cell.trim_start_matches('\'')) { format!("'{cell}") } else { cell }
}

/// Whether its first apostrophe is one of [`guarded`].
pub fn is_guarded(cell: &str) -> bool {
    cell.starts_with('\'') && is_formula(cell.trim_start_matches('\''))
}

fn is_formula(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
        && !cell.chars().all(|c| c.is_ascii_digit() || "+-() .\n".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R37.
    #[test]
    fn a_formula_is_guarded_and_a_number_is_not() {
        for formula in ["=1+1", "@SUM(A1)", "+7|cmd", "-2+3|x", "＝1+A1", "\t=1", "=", "'=1", "''@"] {
            assert_eq!(guarded(formula.to_owned()), format!("'{formula}"));
        }
        for plain in
            ["+79101234567", "+7 (910) 123-45-67", "+79101234567\n+74951234567", "-5", "Иван", "'Иван'", "'", ""]
        {
            assert_eq!(guarded(plain.to_owned()), plain);
        }
    }

    #[test]
    fn several_stand_one_a_line() {
        let phone = |number: &str, label: &str| ContactPhone { number: number.to_owned(), label: label.to_owned() };
        assert_eq!(phones(&[phone("+79101234567", "мобильный"), phone("101", "")]), "мобильный: +79101234567\n101");
        assert_eq!(phones(&[phone("101", "дом, вечером")]), "дом, вечером: 101\n");
        assert_eq!(tags(&["опт".to_owned(), "юг, север".to_owned()]), "опт\nюг, север");
        assert_eq!(tags(&["юг, север".to_owned()]), "юг, север\n");
        assert_eq!(tags(&[]), "");
    }
}
