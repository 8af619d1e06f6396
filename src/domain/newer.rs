//! What a newer version of the program has written into a call's facts: kept, though nobody here understands it, so that
//! an upgrade node by node loses nothing.

use serde_json::{Map, Value};

/// The members that this version does not know, each where it stood; nearly always none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newer(Option<Box<Map<String, Value>>>);

impl Newer {
    pub fn of(members: Map<String, Value>) -> Self {
        Self(Some(members).filter(|members| !members.is_empty()).map(Box::new))
    }

    pub fn members(&self) -> Option<&Map<String, Value>> {
        self.0.as_deref()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Drops what stands in this member.
    pub fn forget(&mut self, name: &str) {
        if let Some(members) = &mut self.0 {
            members.remove(name);
        }
        self.0 = self.0.take().filter(|members| !members.is_empty());
    }

    /// Drops what stands in this leg.
    pub fn forget_leg(&mut self, account: &str) {
        let Some(Value::Object(legs)) = self.0.as_mut().and_then(|members| members.get_mut("legs")) else { return };
        legs.remove(account);
        if legs.is_empty() {
            self.forget("legs");
        }
    }

    /// Joins what another set has. Commutative, associative, idempotent: of two values the greater by text stands.
    pub fn merge(&mut self, other: Self) {
        match (&mut self.0, other.0) {
            (Some(mine), Some(theirs)) => join(mine, *theirs),
            (mine @ None, theirs) => *mine = theirs,
            (Some(_), None) => {}
        }
    }
}

fn join(mine: &mut Map<String, Value>, theirs: Map<String, Value>) {
    for (name, value) in theirs {
        match (mine.get_mut(&name), value) {
            (Some(Value::Object(mine)), Value::Object(theirs)) => join(mine, theirs),
            (Some(mine), value) if rank(mine) >= rank(&value) => {}
            (_, value) => {
                mine.insert(name, value);
            }
        }
    }
}

/// Objects over all else, or joining in groups would not be the same as joining one by one.
fn rank(value: &Value) -> (bool, String) {
    (value.is_object(), value.to_string())
}
