//! What can go wrong: one enum, one stable code each. What HTTP answers then is `http::edge::problem`.

use std::fmt::{self, Display, Formatter};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::fault::Fault;
use crate::domain::reason::{Reason, Why};

pub type Result<T> = std::result::Result<T, Error>;

/// The stable codes that other software may rely on; a page has a sentence for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    BadRequest,
    Unauthorized,
    WrongPassword,
    /// The password is right; a code is wanted beside it.
    SecondFactorNeeded,
    WrongCode,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    TooLarge,
    TooSlow,
    Invalid,
    TooMany,
    PeerRefused,
    PeerUnreachable,
    PeerTimeout,
    Busy,
    /// A read was broken off at its limit.
    TookTooLong,
    Internal,
    /// Long work that has not ended, or has ended otherwise.
    TaskState,
    /// The two are one contact already.
    MergedAlready,
    /// The client is in a call now.
    OnThePhone,
    /// The contact became part of another one since.
    MergedOn,
    /// It was too long ago to be taken back.
    UndoOver,
    /// Something of this kind is there already.
    Exists,
    /// Something else belongs to it, or it to something that is not there.
    InUse,
    LoginTaken,
    LineTaken,
    NameTaken,
    LastAdmin,
    /// No backups are made here.
    BackupsOff,
    /// There is a second factor already.
    SecondFactorOn,
    SetUpAlready,
    /// The person has no line that can call.
    NoLine,
    /// The line is no phone number, and must be one.
    LineNoNumber,
    /// The outside system cannot do that.
    NotAvailable,
    /// The file that opens the secrets.
    SecretKey,
    /// The integration is gone.
    Removed,
    /// A row of the missed board that has been served.
    NotOpen,
    /// The number is a contact's: to block it one must insist.
    HasContact,
    /// Somebody wrote the note meanwhile.
    NoteChanged,
    /// Somebody changed a field of the contact meanwhile.
    ContactChanged,
    /// Somebody changed the row of the missed board meanwhile.
    RowChanged,
}

impl Display for Code {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

/// A refused member of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub fault: Fault,
    /// For programs and logs: the fault's own sentence, or a better one.
    pub message: String,
}

/// A row that cannot be read: it was damaged, or a newer version wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub table: &'static str,
    pub id: String,
    /// What is wrong with it, without what stands in it.
    pub why: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, fault: Fault) -> Self {
        let message = fault.to_string();
        Self { field: field.into(), fault, message }
    }

    /// With a sentence that knows more than the fault does.
    pub fn saying(self, message: impl Into<String>) -> Self {
        Self { message: message.into(), ..self }
    }
}

impl From<FieldError> for Error {
    fn from(refused: FieldError) -> Self {
        Self::Invalid(vec![refused])
    }
}

/// What somebody may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, utoipa::ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Prohibition {
    #[error("your role does not allow this")]
    Role,
    #[error("this call is another person's: ask a manager to change it")]
    AnothersCall,
    #[error("this promise is another person's: ask a manager to change it")]
    AnothersPromise,
    #[error("an admin needs a second factor here: turn it on in the settings")]
    SecondFactor,
    #[error("only a person can do this, signed in with a browser; an API token cannot")]
    ApiToken,
    #[error("only managers and admins see everybody's cards")]
    AllCards,
    #[error("this link is used up or older than 30 minutes: restart ringcard for a new one")]
    SetupLink,
    #[error("this invitation is used up, replaced or older than 7 days: ask an admin for another one")]
    Invite,
    #[error("this request came from another site")]
    AnotherSite,
}

/// Every failure that reaches a boundary. Absence is `Option`, not an error, until a caller asked for one thing by id.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    BadRequest(String),
    #[error("sign in first")]
    Unauthorized,
    #[error("{0}")]
    WrongPassword(&'static str),
    #[error("a code of your authenticator app, or a recovery code, is needed too")]
    SecondFactorNeeded,
    #[error("this code is not the one of now, or was used already")]
    WrongCode,
    #[error("{0}")]
    Forbidden(Prohibition),
    #[error("no such {0}")]
    NotFound(&'static str),
    #[error("{detail}")]
    Conflict { code: Code, params: Map<String, Value>, detail: String },
    /// A constraint of the store: something of that key is there already.
    #[error("it exists already")]
    Exists,
    #[error("it belongs to something that is not there, or something belongs to it")]
    InUse,
    /// Somebody changed it meanwhile; `current` is how it stands now, as members of the answer.
    #[error("{detail}")]
    Changed { code: Code, detail: &'static str, current: Box<Map<String, Value>> },
    #[error("this address does not take that method")]
    MethodNotAllowed,
    #[error("the body is too large")]
    TooLarge,
    #[error("the body took too long to arrive")]
    TooSlow,
    #[error("some fields cannot be accepted")]
    Invalid(Vec<FieldError>),
    #[error("{detail}")]
    TooMany { detail: String, retry_after_s: u64 },
    /// The outside system said no: what it said and what to do.
    #[error("{0}")]
    PeerRefused(Reason),
    #[error("{0}")]
    PeerUnreachable(Reason),
    #[error("{0}")]
    PeerTimeout(Reason),
    /// The store's queue is full, or the store cannot be reached or written: try again.
    #[error("the store cannot take this now: {0}")]
    Busy(String),
    /// One row is damaged; everything else goes on.
    #[error("the row {} of {} cannot be read: {}", .0.id, .0.table, .0.why)]
    Damaged(Damage),
    /// A read was broken off at its limit.
    #[error("this took too long and was broken off; narrow it, by time or by number, and ask again")]
    TookTooLong,
    /// A defect of ours. The text goes to the log, never to the client.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    /// A single refused field.
    pub fn field(field: &str, fault: Fault) -> Self {
        FieldError::new(field, fault).into()
    }

    /// `Invalid` when anything was refused.
    ///
    /// # Errors
    /// All of `refused`.
    pub fn unless_empty(refused: Vec<FieldError>) -> Result<()> {
        if refused.is_empty() { Ok(()) } else { Err(Self::Invalid(refused)) }
    }

    pub fn conflict(code: Code, detail: impl Into<String>) -> Self {
        Self::Conflict { code, params: Map::new(), detail: detail.into() }
    }

    /// With a parameter for whoever says the code in another language.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Self::Conflict { params, .. } = &mut self {
            params.insert(name.to_owned(), value.into());
        }
        self
    }

    pub fn damaged(table: &'static str, id: &str, why: impl Into<String>) -> Self {
        Self::Damaged(Damage { table, id: id.to_owned(), why: why.into() })
    }

    pub fn internal(what: impl Display) -> Self {
        Self::Internal(what.to_string())
    }

    /// The stable code that other software may rely on.
    pub fn code(&self) -> Code {
        match self {
            Self::BadRequest(_) => Code::BadRequest,
            Self::Unauthorized => Code::Unauthorized,
            Self::WrongPassword(_) => Code::WrongPassword,
            Self::SecondFactorNeeded => Code::SecondFactorNeeded,
            Self::WrongCode => Code::WrongCode,
            Self::Forbidden(_) => Code::Forbidden,
            Self::NotFound(_) => Code::NotFound,
            Self::Conflict { code, .. } | Self::Changed { code, .. } => *code,
            Self::Exists => Code::Exists,
            Self::InUse => Code::InUse,
            Self::MethodNotAllowed => Code::MethodNotAllowed,
            Self::TooLarge => Code::TooLarge,
            Self::TooSlow => Code::TooSlow,
            Self::Invalid(_) => Code::Invalid,
            Self::TooMany { .. } => Code::TooMany,
            Self::PeerRefused(_) => Code::PeerRefused,
            Self::PeerUnreachable(_) => Code::PeerUnreachable,
            Self::PeerTimeout(_) => Code::PeerTimeout,
            Self::Busy(_) => Code::Busy,
            Self::TookTooLong => Code::TookTooLong,
            Self::Damaged(_) | Self::Internal(_) => Code::Internal,
        }
    }

    /// For keeping: what the outside system said, else the error's own code.
    pub fn reason(&self) -> Reason {
        match self {
            Self::PeerRefused(reason) | Self::PeerUnreachable(reason) | Self::PeerTimeout(reason) => reason.clone(),
            Self::Damaged(Damage { table, id, .. }) => {
                let params = [("table", *table), ("id", id)].map(|(name, value)| (name.to_owned(), value.into()));
                let why = Why { code: "damaged_row".to_owned(), params: Map::from_iter(params) };
                Reason { why, detail: self.to_string() }
            }
            other => {
                Reason { why: Why { code: other.code().to_string(), ..Why::default() }, detail: other.to_string() }
            }
        }
    }

    /// What the outside system said, when it is one that refused or could not be asked.
    ///
    /// # Errors
    /// Itself, when it is of another kind.
    pub fn of_peer(self) -> std::result::Result<Reason, Self> {
        match self {
            Self::PeerRefused(reason) | Self::PeerUnreachable(reason) | Self::PeerTimeout(reason) => Ok(reason),
            other => Err(other),
        }
    }
}
