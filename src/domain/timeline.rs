//! What there was with a client, in one line of time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::call::Call;
use crate::domain::contact::ContactPhone;
use crate::domain::promise::Promise;
use crate::domain::time::UtcMs;
use crate::domain::user::UserRef;

/// A thing in the line of time: the member that its kind names is there, the others are null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TimelineItem {
    pub id: String,
    pub kind: TimelineKind,
    pub at: UtcMs,
    pub call: Option<Call>,
    pub change: Option<ContactChange>,
    /// One that was made in no call; others stand inside theirs.
    pub promise: Option<Promise>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TimelineKind {
    Call,
    Change,
    Promise,
}

/// Somebody changed the contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContactChange {
    /// Null: a command on the server did it.
    pub by: Option<UserRef>,
    pub fields: Vec<ChangedField>,
}

/// A field of the contact by its name in the API, with what it was and became: as the contact's member shows it, of a long
/// text the part that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangedField {
    pub field: String,
    pub before: Option<ChangedValue>,
    pub after: Option<ChangedValue>,
}

/// What a field of a contact may hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ChangedValue {
    Flag(bool),
    Text(String),
    Person(UserRef),
    List(Vec<ChangedItem>),
}

/// One of a contact's numbers or tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ChangedItem {
    Phone(ContactPhone),
    Tag(String),
}
