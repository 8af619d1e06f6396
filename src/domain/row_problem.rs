//! What is wrong with a row of a file of clients, in the words of whoever mends it.

use serde_json::Value;

use crate::domain::reason::Reason;
use crate::domain::sheet::{Column, Tongue};

/// `Телефоны: это не номер`. A cause that has no words here is said as programs read it.
pub fn said(field: &str, why: &Reason, tongue: Tongue) -> String {
    let column = match field.split(['[', '.']).next().unwrap_or_default() {
        "name" => Some(Column::Name),
        "company" => Some(Column::Company),
        "phones" => Some(Column::Phones),
        "email" => Some(Column::Email),
        "note" => Some(Column::Note),
        "tags" => Some(Column::Tags),
        "kind" => Some(Column::Kind),
        "responsible" => Some(Column::Responsible),
        "vip" => Some(Column::Vip),
        "alert" => Some(Column::Alert),
        _ => None,
    };
    let fault = match tongue {
        Tongue::Ru => in_russian(why).unwrap_or_else(|| why.detail.clone()),
        Tongue::En => why.detail.clone(),
    };
    column.map_or_else(|| fault.clone(), |column| format!("{}: {fault}", column.title(tongue)))
}

fn in_russian(why: &Reason) -> Option<String> {
    let most = why.why.params.get("most").map(Value::to_string).unwrap_or_default();
    Some(match why.why.code.as_str() {
        "too_long" => format!("слишком длинно, не больше {most} знаков"),
        "too_many" => format!("слишком много, не больше {most}"),
        "not_a_number" => "это не номер телефона".to_owned(),
        "not_an_email" => "это не адрес почты".to_owned(),
        "one_of" => "нужно «клиент» или «новый»".to_owned(),
        "not_yes_or_no" => "нужно «да» или «нет»".to_owned(),
        "nameless" => "укажите имя, компанию, номер или почту".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::Fault;

    #[test]
    fn a_fault_of_a_row_is_said_in_both_languages() {
        for (field, fault, ru, en) in [
            (
                "name",
                Fault::TooLong { most: 200 },
                "Имя: слишком длинно, не больше 200 знаков",
                "Name: at most 200 characters",
            ),
            (
                "phones",
                Fault::TooMany { most: 20 },
                "Телефоны: слишком много, не больше 20",
                "Phones: at most 20 of them",
            ),
            (
                "phones[2].number",
                Fault::NotANumber,
                "Телефоны: это не номер телефона",
                "Phones: this is no phone number",
            ),
            ("email", Fault::NotAnEmail, "E-mail: это не адрес почты", "Email: this is no e-mail address"),
            ("vip", Fault::NotYesOrNo, "VIP: нужно «да» или «нет»", "VIP: neither yes nor no"),
        ] {
            let why = Reason::of(&fault);
            assert_eq!((said(field, &why, Tongue::Ru).as_str(), said(field, &why, Tongue::En).as_str()), (ru, en));
        }
        for fault in [Fault::Nameless, Fault::OneOf { allowed: Vec::new() }] {
            assert!(in_russian(&Reason::of(&fault)).is_some());
        }
    }
}
