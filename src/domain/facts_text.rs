//! A call's facts as they are kept: JSON, with what a newer version of the program has written into them.

use serde::de::value::Error as NoValue;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde_json::{Map, Value};

use crate::domain::facts::{CallFacts, Click, HistoryFacts, LegFacts};
use crate::domain::newer::Newer;

impl CallFacts {
    /// Reads facts as they are kept.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn from_text(text: &str) -> serde_json::Result<Self> {
        // The structs refuse what they do not know: so whatever this version wrote costs nothing more.
        serde_json::from_str(text).or_else(|refused| match serde_json::from_str(text) {
            Ok(Value::Object(members)) => Self::from_newer(members),
            _ => Err(refused),
        })
    }

    fn from_newer(mut members: Map<String, Value>) -> serde_json::Result<Self> {
        let mut newer = take_unknown::<Self>(&mut members);
        if let Some(Value::Object(legs)) = members.get_mut("legs") {
            keep(&mut newer, "legs", take_each::<LegFacts>(legs));
        }
        if let Some(Value::Object(history)) = members.get_mut("history") {
            keep(&mut newer, "history", take_unknown::<HistoryFacts>(history));
        }
        if let Some(Value::Object(click)) = members.get_mut("click") {
            keep(&mut newer, "click", take_unknown::<Click>(click));
        }
        let facts: Self = serde_json::from_value(members.into())?;
        Ok(Self { newer: Newer::of(newer), ..facts })
    }

    /// The facts as they are kept.
    ///
    /// # Errors
    /// None that could be met.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let Some(newer) = self.newer.members() else { return serde_json::to_string(self) };
        let mut whole = serde_json::to_value(self)?;
        if let Value::Object(members) = &mut whole {
            lay_over(members, newer);
        }
        serde_json::to_string(&whole)
    }
}

fn keep(newer: &mut Map<String, Value>, name: &str, unknown: Map<String, Value>) {
    if !unknown.is_empty() {
        newer.insert(name.to_owned(), unknown.into());
    }
}

fn take_each<T: for<'de> Deserialize<'de>>(members: &mut Map<String, Value>) -> Map<String, Value> {
    let mut unknown = Map::new();
    for (name, member) in members {
        if let Value::Object(member) = member {
            keep(&mut unknown, name, take_unknown::<T>(member));
        }
    }
    unknown
}

fn take_unknown<T: for<'de> Deserialize<'de>>(members: &mut Map<String, Value>) -> Map<String, Value> {
    let known = members_of::<T>();
    let (kept, unknown) = std::mem::take(members).into_iter().partition(|(name, _)| known.contains(&name.as_str()));
    *members = kept;
    unknown
}

/// What this version knows stands; the rest is put back where it was.
fn lay_over(members: &mut Map<String, Value>, newer: &Map<String, Value>) {
    for (name, value) in newer {
        match (members.get_mut(name), value) {
            (Some(Value::Object(member)), Value::Object(value)) => lay_over(member, value),
            (Some(_), _) => {}
            (None, value) => {
                members.insert(name.clone(), value.clone());
            }
        }
    }
}

/// The names of a struct's members, asked of its own `Deserialize`: no second list that could differ.
fn members_of<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let _ = T::deserialize(Question(&mut names));
    names
}

struct Question<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Question<'_> {
    type Error = NoValue;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, NoValue> {
        *self.0 = names;
        Err(NoValue::custom("asked for the names alone"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoValue> {
        Err(NoValue::custom("no struct"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn newer() -> Value {
        json!({
            "legs": {"anna": {"ringing_ms": 5, "held_ms": [7]}, "boris": {"ringing_ms": 6}},
            "history": {
                "status": "success", "duration_s": 3, "direction": "in", "account": "anna", "phone": "+7", "mood": 1,
            },
            "click": {"at_ms": 1, "user_id": "u", "account": "anna", "phone": "+7", "device": {"name": "x"}},
            "of_next_year": null,
        })
    }

    fn text(facts: &CallFacts) -> Value {
        serde_json::from_str(&facts.to_text().unwrap()).unwrap()
    }

    #[test]
    fn what_a_newer_version_wrote_outlives_a_merge() {
        let mut facts = CallFacts::from_text(&newer().to_string()).unwrap();
        assert_eq!(text(&facts), newer());
        let heard = json!({"legs": {"anna": {"ringing_ms": 4}, "vera": {"answered_ms": 9}}}).to_string();
        facts.merge(CallFacts::from_text(&heard).unwrap());
        let mut whole = newer();
        whole["legs"]["anna"]["ringing_ms"] = 4.into();
        whole["legs"]["vera"] = json!({"answered_ms": 9});
        assert_eq!(text(&facts), whole);
    }

    #[test]
    fn a_report_that_gives_way_takes_its_own_along() {
        let mut facts = CallFacts::from_text(&newer().to_string()).unwrap();
        let mut longer = newer()["history"].clone();
        longer["duration_s"] = 4.into();
        longer.as_object_mut().unwrap().remove("mood");
        facts.merge(CallFacts::from_text(&json!({"history": longer}).to_string()).unwrap());
        assert_eq!(text(&facts)["history"], longer);
        assert_eq!(text(&facts)["click"], newer()["click"]);
    }

    #[test]
    fn what_is_damaged_is_no_newer_version() {
        for damaged in ["", "{", "7", r#"{"legs": 7}"#, r#"{"x": 1, "history": {}}"#, r#"{"x": 1, "wait_s": ""}"#] {
            assert!(CallFacts::from_text(damaged).is_err(), "{damaged}");
        }
    }
}
