//! What is kept of who did what.

use std::fmt::{self, Display, Formatter};
use std::net::IpAddr;

use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde::{Deserialize, Serialize};

/// Who acts, and from where. Nobody: a command on the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    pub user_id: Option<String>,
    /// The name of the API token that he does it with.
    pub token: Option<String>,
    pub address: Option<IpAddr>,
    /// What his browser calls itself.
    pub browser: Option<String>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The first admin was made by the setup link.
    SetUp,
    SignedIn,
    SignedOut,
    /// A session was ended from another one.
    SessionEnded,
    UserMade,
    UserChanged,
    UserDisabled,
    UserInvited,
    /// A password was set by an invitation.
    InviteAccepted,
    IntegrationMade,
    IntegrationChanged,
    IntegrationRemoved,
    /// A new crm_token was made.
    CrmTokenMade,
    SecondFactorOn,
    SecondFactorOff,
    ApiTokenMade,
    ApiTokenEnded,
    SettingsChanged,
    ContactDeleted,
    ContactsExported,
    CallsExported,
    /// A file of them was taken in.
    ContactsImported,
    /// That was taken back.
    ImportUndone,
    /// Two became one.
    ContactsMerged,
    /// They are two again.
    MergeUndone,
    /// All that is kept of a client was taken away as a file.
    PersonExported,
    /// A client was erased: nobody is named.
    PersonErased,
    /// A recording was played by this person for the first time.
    RecordingPlayed,
    BackupAsked,
    /// By a command.
    BackupMade,
    /// By a command: what stands here is as of then.
    Restored,
    /// Somebody said whether a login at the PBX is anybody.
    UnnamedChanged,
}

impl Action {
    /// `None`: a newer version wrote it.
    pub fn parse(text: &str) -> Option<Self> {
        Self::deserialize(IntoDeserializer::<Error>::into_deserializer(text)).ok()
    }
}

impl Display for Action {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}
