//! What can be wrong with a member of a request.

use serde::Serialize;
use utoipa::ToSchema;

/// Its name is the stable code, its members are the parameters, its text is the sentence for programs and logs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, ToSchema)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Fault {
    #[error("is needed")]
    Required,
    #[error("at most {most} characters")]
    TooLong { most: usize },
    #[error("must be {least} to {most} characters")]
    Length { least: usize, most: usize },
    #[error("at most {most} of them")]
    TooMany { most: usize },
    #[error("must be {least} to {most}")]
    OutOfRange { least: i64, most: i64 },
    #[error("must end after it begins, and last {most} days at most")]
    Period { most: i64 },
    /// Text where a number should stand, and the like.
    #[error("is of the wrong form")]
    WrongForm,
    #[error("must be one of: {}", .allowed.join(", "))]
    OneOf { allowed: Vec<String> },
    #[error("there is no such thing")]
    Unknown,
    #[error("no such user")]
    UnknownUser,
    #[error("there is no such integration")]
    UnknownIntegration,
    #[error("there is no such contact")]
    UnknownContact,
    #[error("is in use already")]
    Taken,
    #[error("stands twice")]
    Twice,
    #[error("this is no phone number")]
    NotANumber,
    /// An extension where only public numbers can be reached.
    #[error("this line reaches public numbers only, no extensions")]
    NotPublic,
    #[error("must be a web address")]
    NotAnAddress,
    /// Neither a name nor an address of a computer.
    #[error("must be hosts: pbx.example.org, *.example.org or an address")]
    NotAHost,
    #[error("must be addresses or networks: 203.0.113.7, 203.0.113.0/24")]
    NotANetwork,
    #[error("this is no e-mail address")]
    NotAnEmail,
    #[error("must be RFC 3339")]
    NotATime,
    #[error("is past already")]
    Past,
    #[error("must be a country's two letters, such as RU")]
    NotACountry,
    #[error("is not one that this list gave out")]
    NotACursor,
    /// A space in a login, a slash in a name.
    #[error("has characters that may not stand there")]
    BadCharacters,
    #[error("this file is empty")]
    EmptyFile,
    #[error("this file is no CSV, no vCard and no XLSX workbook without a password")]
    UnknownFile,
    /// A small file may hold more than the memory does.
    #[error("this workbook is too large when it is unpacked: leave one sheet in it, or part it")]
    WorkbookTooLarge,
    #[error("this workbook has no such sheet; it has: {}", .known.join(", "))]
    UnknownSheet { known: Vec<String> },
    /// A program broke it, or it is only half there.
    #[error("this file is damaged at row {row}: save it anew in the program that it is from")]
    DamagedFile { row: u64 },
    #[error("at most {most} columns")]
    TooManyColumns { most: usize },
    #[error("at most {most} rows: part the file")]
    TooManyRows { most: u64 },
    #[error("a cell of row {row} is too long: perhaps a quotation mark is not closed there")]
    CellTooLong { row: u64 },
    #[error("neither yes nor no")]
    NotYesOrNo,
    #[error("give a name, a company, a number or an e-mail address")]
    Nameless,
    #[error("this one is among the first that anybody would guess")]
    Guessable,
    #[error("it is not the right one")]
    WrongPassword,
    #[error("it is not the app's code of now, or was used already")]
    WrongCode,
    #[error("it must not be the login")]
    IsLogin,
    #[error("this line calls no groups: only UIS does")]
    NoGroups,
    #[error("this integration has no groups: an admin enters them in its settings")]
    GroupsNotSet,
    #[error("there is no such group; there are: {}", .known.join(", "))]
    UnknownGroup { known: Vec<String> },
}
