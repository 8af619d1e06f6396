//! What a column of somebody else's table holds, by the words over it.

use crate::domain::fold::fold;
use crate::domain::import::ImportField;
use crate::domain::sheet::{Column, Tongue};

/// Whole titles, folded: ours, those of Bitrix24, amoCRM, Google and phones among them. In this order.
const TITLES: &[(ImportField, &[&str])] = &[
    (
        ImportField::Name,
        &[
            "имя",
            "name",
            "фио",
            "ф.и.о.",
            "full name",
            "display name",
            "полное имя",
            "имя контакта",
            "наименование",
            "контакт",
            "клиент",
            "contact",
            "contact name",
            "client",
            "полное имя контакта",
            "fn",
            "file as",
            "название",
        ],
    ),
    (ImportField::LastName, &["фамилия", "last name", "family name", "surname", "lastname"]),
    (ImportField::FirstName, &["first name", "given name", "firstname", "имя без фамилии"]),
    (ImportField::MiddleName, &["отчество", "middle name", "additional name", "second name"]),
    (
        ImportField::Company,
        &[
            "компания",
            "company",
            "организация",
            "organization",
            "organization name",
            "organization 1 - name",
            "название компании",
            "компания контакта",
            "company name",
            "org",
            "фирма",
            "место работы",
        ],
    ),
    (
        ImportField::Phones,
        &[
            "телефоны",
            "phones",
            "тел",
            "тел.",
            "номер",
            "номера",
            "номер телефона",
            "phone number",
            "mobile",
            "моб.",
            "tel",
            "сотовый",
        ],
    ),
    (
        ImportField::Email,
        &["email", "e-mail", "mail", "почта", "электронная почта", "эл. почта", "e-mail address", "адрес эл. почты"],
    ),
    (
        ImportField::Note,
        &[
            "заметка",
            "заметки",
            "note",
            "notes",
            "комментарий",
            "комментарии",
            "примечание",
            "примечания",
            "comment",
            "comments",
            "примечание к контакту",
            "описание",
            "description",
        ],
    ),
    (
        ImportField::Tags,
        &[
            "метки",
            "tags",
            "теги",
            "тег",
            "labels",
            "group membership",
            "categories",
            "категории",
            "группы",
            "теги контакта",
        ],
    ),
    (ImportField::Kind, &["вид", "kind", "тип контакта", "contact type"]),
    (
        ImportField::Responsible,
        &["ответственный", "responsible", "менеджер", "manager", "owner", "assigned to", "ответственный за контакт"],
    ),
    (ImportField::Vip, &["vip", "вип"]),
    (ImportField::Alert, &["важно перед ответом", "before answering", "alert"]),
];

/// The field that a title names; `None` for one that says nothing to us.
pub fn guess(title: &str) -> Option<ImportField> {
    let folded = fold(title);
    let title = folded.trim().trim_end_matches('*').trim();
    if let Some((field, _)) = TITLES.iter().find(|(_, titles)| titles.contains(&title)) {
        return Some(*field);
    }
    let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
    let is_number = has(&["телефон", "phone", "мобильный", "mobile", "факс", "fax"]);
    if is_number && has(&[" - type", " - label", "тип телефона"]) {
        return Some(ImportField::PhoneLabel);
    }
    if has(&[" - type", " - label"]) {
        return None;
    }
    if has(&["e-mail", "email"]) {
        return Some(ImportField::Email);
    }
    is_number.then_some(ImportField::Phones)
}

/// A title that [`guess`] knows this field by.
pub fn title(field: ImportField, tongue: Tongue) -> &'static str {
    match field {
        ImportField::Name => Column::Name.title(tongue),
        ImportField::LastName => tongue.of("Фамилия", "Last name"),
        ImportField::FirstName => tongue.of("Имя без фамилии", "First name"),
        ImportField::MiddleName => tongue.of("Отчество", "Middle name"),
        ImportField::Company => Column::Company.title(tongue),
        ImportField::Phones => Column::Phones.title(tongue),
        ImportField::PhoneLabel => tongue.of("Тип телефона", "Phone - Type"),
        ImportField::Email => Column::Email.title(tongue),
        ImportField::Note => Column::Note.title(tongue),
        ImportField::Tags => Column::Tags.title(tongue),
        ImportField::Kind => Column::Kind.title(tongue),
        ImportField::Responsible => Column::Responsible.title(tongue),
        ImportField::Vip => Column::Vip.title(tongue),
        ImportField::Alert => Column::Alert.title(tongue),
    }
}

/// What the numbers under this title are called, in its language: `Рабочий телефон` → `рабочий`; empty when it says no more
/// than that they are numbers.
pub fn label(title: &str) -> String {
    let folded = fold(title);
    let known = [
        ("мобильный", &["мобильн", "сотов"][..]),
        ("рабочий", &["рабоч", "служебн"]),
        ("домашний", &["домашн"]),
        ("факс", &["факс"]),
        ("другой", &["другой"]),
        ("mobile", &["mobile", "cell"]),
        ("work", &["work", "business"]),
        ("home", &["home"]),
        ("fax", &["fax"]),
        ("other", &["other"]),
    ];
    let found = known.into_iter().find(|(_, parts)| parts.iter().any(|part| folded.contains(part)));
    found.map(|(label, _)| label.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_titles_are_known() {
        use ImportField::{
            Alert, Company, Email, FirstName, Kind, LastName, MiddleName, Name, Note, PhoneLabel, Phones, Responsible,
            Tags, Vip,
        };
        for field in [
            Name,
            LastName,
            FirstName,
            MiddleName,
            Company,
            Phones,
            PhoneLabel,
            Email,
            Note,
            Tags,
            Kind,
            Responsible,
            Vip,
            Alert,
        ] {
            assert_eq!(
                [Tongue::Ru, Tongue::En].map(|tongue| guess(title(field, tongue))),
                [Some(field); 2],
                "{field:?}"
            );
        }
    }

    #[test]
    fn titles_of_others_are_known() {
        use ImportField::{Company, Email, FirstName, LastName, Name, Note, PhoneLabel, Phones, Responsible, Tags};
        for (title, field) in [
            ("ФИО", Some(Name)),
            ("Имя", Some(Name)),
            ("Фамилия", Some(LastName)),
            ("First Name", Some(FirstName)),
            ("Организация ", Some(Company)),
            ("Рабочий телефон", Some(Phones)),
            ("Мобильный телефон (контакт)", Some(Phones)),
            ("Phone 1 - Value", Some(Phones)),
            ("Phone 1 - Type", Some(PhoneLabel)),
            ("E-mail 1 - Value", Some(Email)),
            ("E-mail 1 - Type", None),
            ("Рабочий e-mail", Some(Email)),
            ("Примечание 1", None),
            ("Комментарий", Some(Note)),
            ("Ответственный", Some(Responsible)),
            ("Теги", Some(Tags)),
            ("Бюджет", None),
            ("", None),
        ] {
            assert_eq!(guess(title), field, "{title}");
        }
        assert_eq!(["Рабочий телефон", "Work Phone", "Phone 1 - Value"].map(label), ["рабочий", "work", ""]);
    }
}
