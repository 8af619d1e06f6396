//! Two contacts become one: which value stays of each field, and back.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::clients::draft::{ContactDraft, LIST_LENGTH, NOTE_CHARS};
use crate::domain::contact::ContactKind;
use crate::domain::fault::Fault;
use crate::error::{Error, Result};

/// Whose value stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// That of the contact who stays.
    Mine,
    /// That of the other one.
    Theirs,
}

/// What was chosen; what was not: whatever is not empty, mine before theirs. Notes are joined unless one is chosen;
/// numbers and tags always are.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    name: Option<Side>,
    company: Option<Side>,
    email: Option<Side>,
    note: Option<Side>,
    kind: Option<Side>,
    responsible: Option<Side>,
    vip: Option<Side>,
    alert: Option<Side>,
}

fn pick<T: Clone>(chosen: Option<Side>, mine: &T, theirs: &T, else_is: impl FnOnce() -> T) -> T {
    match chosen {
        Some(Side::Mine) => mine.clone(),
        Some(Side::Theirs) => theirs.clone(),
        None => else_is(),
    }
}

fn text(chosen: Option<Side>, mine: &str, theirs: &str) -> String {
    let stays = match chosen {
        Some(Side::Mine) => mine,
        Some(Side::Theirs) => theirs,
        None if mine.is_empty() => theirs,
        None => mine,
    };
    stays.to_owned()
}

/// The one contact of the two.
///
/// # Errors
/// `Invalid` when more comes together than a contact may have.
pub fn join(mine: &ContactDraft, theirs: &ContactDraft, chosen: &Choices) -> Result<ContactDraft> {
    let joined = ContactDraft {
        name: text(chosen.name, &mine.name, &theirs.name),
        company: text(chosen.company, &mine.company, &theirs.company),
        phones: added(&mine.phones, &theirs.phones, |one, other| one.number == other.number),
        email: text(chosen.email, &mine.email, &theirs.email),
        note: pick(chosen.note, &mine.note, &theirs.note, || both(&mine.note, &theirs.note)),
        tags: added(&mine.tags, &theirs.tags, |one, other| one == other),
        kind: pick(chosen.kind, &mine.kind, &theirs.kind, || {
            if theirs.kind == ContactKind::Client { theirs.kind } else { mine.kind }
        }),
        responsible_id: pick(chosen.responsible, &mine.responsible_id, &theirs.responsible_id, || {
            mine.responsible_id.clone().or_else(|| theirs.responsible_id.clone())
        }),
        vip: pick(chosen.vip, &mine.vip, &theirs.vip, || mine.vip || theirs.vip),
        alert: text(chosen.alert, &mine.alert, &theirs.alert),
    };
    if joined.note.chars().count() > NOTE_CHARS {
        return Err(Error::field("choose.note", Fault::TooLong { most: NOTE_CHARS }));
    }
    for (field, length) in [("phones", joined.phones.len()), ("tags", joined.tags.len())] {
        if length > LIST_LENGTH {
            return Err(Error::field(field, Fault::TooMany { most: LIST_LENGTH }));
        }
    }
    Ok(joined)
}

fn added<T: Clone>(mine: &[T], theirs: &[T], is_same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut all = mine.to_vec();
    all.extend(theirs.iter().filter(|other| !mine.iter().any(|one| is_same(one, other))).cloned());
    all
}

fn both(mine: &str, theirs: &str) -> String {
    match (mine, theirs) {
        (note, "") | ("", note) => note.to_owned(),
        (mine, theirs) if mine.contains(theirs) => mine.to_owned(),
        (mine, theirs) => format!("{mine}\n\n{theirs}"),
    }
}

/// The contact without what the merge brought, where that is still as it was left.
pub fn part(now: ContactDraft, before: &ContactDraft, after: &ContactDraft) -> ContactDraft {
    let phones = without(&now.phones, &before.phones, &after.phones, |one, other| one.number == other.number);
    let tags = without(&now.tags, &before.tags, &after.tags, |one, other| one == other);
    ContactDraft { phones, tags, ..now.back_to(before, after) }
}

fn without<T: Clone>(now: &[T], before: &[T], after: &[T], is_same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let is_brought = |one: &T| {
        let is_in = |list: &[T]| list.iter().any(|other| is_same(one, other));
        is_in(after) && !is_in(before)
    };
    now.iter().filter(|one| !is_brought(one)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::ContactPhone;

    fn draft(name: &str, numbers: &[&str], note: &str) -> ContactDraft {
        let phone = |number: &&str| ContactPhone { number: (*number).to_owned(), label: name.to_owned() };
        let phones = numbers.iter().map(phone).collect();
        ContactDraft { name: name.to_owned(), phones, note: note.to_owned(), ..ContactDraft::default() }
    }

    #[test]
    fn of_each_field_one_value_stays_and_lists_are_joined() {
        let (mine, theirs) = (draft("", &["1", "2"], "а"), draft("Иван", &["2", "3"], "б"));
        let joined = join(&mine, &theirs, &Choices::default()).unwrap();
        let labels: Vec<_> = joined.phones.iter().map(|phone| (phone.number.as_str(), phone.label.as_str())).collect();
        assert_eq!(labels, [("1", ""), ("2", ""), ("3", "Иван")]);
        assert_eq!((joined.name.as_str(), joined.note.as_str()), ("Иван", "а\n\nб"));
        let chosen = Choices { name: Some(Side::Mine), note: Some(Side::Theirs), ..Choices::default() };
        let joined = join(&mine, &theirs, &chosen).unwrap();
        assert_eq!((joined.name.as_str(), joined.note.as_str()), ("", "б"));
        let many: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        let many = draft("", &many.iter().map(String::as_str).collect::<Vec<_>>(), &"я".repeat(NOTE_CHARS));
        assert!(join(&many, &draft("", &["x"], ""), &Choices::default()).is_err());
        assert!(join(&many, &draft("", &[], "б"), &Choices::default()).is_err());
    }

    #[test]
    fn what_was_brought_goes_and_what_was_done_since_stays() {
        let (before, theirs) = (draft("Иван", &["1"], "а"), draft("Пётр", &["2"], "б"));
        let after = join(&before, &theirs, &Choices::default()).unwrap();
        assert_eq!(part(after.clone(), &before, &after), before);
        let mut now = ContactDraft { note: "своё".to_owned(), ..after.clone() };
        now.phones.insert(0, ContactPhone { number: "9".to_owned(), label: String::new() });
        let parted = part(now, &before, &after);
        let numbers: Vec<_> = parted.phones.iter().map(|phone| phone.number.as_str()).collect();
        assert_eq!((numbers, parted.note.as_str()), (vec!["9", "1"], "своё"));
    }
}
