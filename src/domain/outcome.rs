//! How calls end for the business: what a person may say of one, as the owner named it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Calls that an outcome may be said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Applies {
    /// Incoming ones that somebody took.
    In,
    Out,
    Missed,
}

impl Applies {
    pub const ALL: [Self; 3] = [Self::In, Self::Out, Self::Missed];
}

/// What the card asks for once the outcome is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Asks {
    #[default]
    None,
    Promise,
    Note,
}

/// An outcome; calls keep its id, so that a new name is theirs too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(from = "Written")]
pub struct Outcome {
    pub id: String,
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// What is said twice counts once.
    #[schema(value_type = Vec<Applies>, min_items = 1)]
    pub applies: BTreeSet<Applies>,
    pub asks: Asks,
    /// No longer to be chosen; calls that have it keep it.
    pub is_archived: bool,
}

/// As it may be written: a name alone will do.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Name(String),
    Whole(Whole),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    /// Empty: a new one, or the known one of this name.
    #[serde(default)]
    id: String,
    name: String,
    #[serde(default = "everywhere")]
    applies: BTreeSet<Applies>,
    #[serde(default)]
    asks: Asks,
    #[serde(default)]
    is_archived: bool,
}

fn everywhere() -> BTreeSet<Applies> {
    Applies::ALL.into()
}

impl From<Written> for Outcome {
    fn from(written: Written) -> Self {
        match written {
            Written::Name(name) => {
                Self { id: String::new(), name, applies: everywhere(), asks: Asks::None, is_archived: false }
            }
            Written::Whole(Whole { id, name, applies, asks, is_archived }) => {
                Self { id, name, applies, asks, is_archived }
            }
        }
    }
}

/// Those that a new installation begins with.
pub fn first_ones() -> Vec<Outcome> {
    let one = |last: u8, name: &str, applies: &[Applies], asks| Outcome {
        id: format!("019aa000-0000-7000-8000-00000000000{last}"),
        name: name.to_owned(),
        applies: applies.iter().copied().collect(),
        asks,
        is_archived: false,
    };
    let talk = [Applies::In, Applies::Out];
    vec![
        one(1, "Заказ", &talk, Asks::None),
        one(2, "Вопрос", &talk, Asks::None),
        one(3, "Перезвонить", &Applies::ALL, Asks::Promise),
        one(4, "Не наш клиент", &Applies::ALL, Asks::None),
    ]
}

/// The outcomes as they are kept after `written` was written over `before`, each of them named and known: one without an
/// id is the known one of that name, else takes a fresh id; one left out is archived, for the calls that have it.
pub fn kept(before: &[Outcome], written: Vec<Outcome>, mut fresh: impl Iterator<Item = String>) -> Vec<Outcome> {
    let named: BTreeSet<_> = written.iter().map(|outcome| outcome.id.clone()).collect();
    let mut kept: Vec<Outcome> = Vec::new();
    for mut outcome in written {
        if outcome.id.is_empty() {
            let known = before.iter().find(|known| known.name == outcome.name && !named.contains(&known.id));
            outcome.id = known.map_or_else(|| fresh.next().unwrap_or_default(), |known| known.id.clone());
        }
        kept.push(outcome);
    }
    let left_out = before.iter().filter(|known| kept.iter().all(|one| one.id != known.id));
    let archived: Vec<_> = left_out.map(|known| Outcome { is_archived: true, ..known.clone() }).collect();
    kept.extend(archived);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Outcome> {
        serde_json::from_str(text).unwrap_or_default()
    }

    #[test]
    fn a_name_alone_is_an_outcome_of_every_call() {
        let whole = r#"[{"id": "", "name": "Заказ", "applies": ["in", "out", "missed"], "asks": "none", "is_archived": false}]"#;
        assert_eq!(read(r#"["Заказ"]"#), read(whole));
        assert_eq!(read(r#"[{"name": "Заказ"}]"#), read(whole));
        assert_eq!(read(r#"[{"name": "Заказ", "colour": "red"}]"#), []);
    }

    #[test]
    fn one_that_is_written_by_its_id_lends_it_to_no_other_of_its_name() {
        let before = read(r#"[{"id": "a", "name": "Отказ", "is_archived": true}]"#);
        let written = read(r#"["Отказ", {"id": "a", "name": "Отказ", "is_archived": true}]"#);
        let ids: Vec<_> = kept(&before, written, ["x".to_owned()].into_iter()).into_iter().map(|one| one.id).collect();
        assert_eq!(ids, ["x", "a"]);
    }

    #[test]
    fn ids_stay_whatever_is_renamed_and_what_is_left_out_is_archived() {
        let before = read(r#"[{"id": "a", "name": "Заказ"}, {"id": "b", "name": "Вопрос", "asks": "note"}]"#);
        let written = read(r#"["Заказ", {"name": "Отказ", "applies": ["missed"]}]"#);
        let fresh = || ["x", "y"].map(str::to_owned).into_iter();
        let expected = r#"[{"id": "a", "name": "Заказ"}, {"id": "x", "name": "Отказ", "applies": ["missed"]},
            {"id": "b", "name": "Вопрос", "asks": "note", "is_archived": true}]"#;
        assert_eq!(kept(&before, written, fresh()), read(expected));
        let renamed = read(r#"[{"id": "a", "name": "Продажа"}, {"id": "b", "name": "Вопрос", "asks": "note"}]"#);
        assert_eq!(kept(&before, renamed.clone(), fresh()), renamed);
    }
}
