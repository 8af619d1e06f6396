//! A user as an admin typed him, made fit to keep.

use secrecy::{ExposeSecret, SecretString};

use crate::domain::fault::Fault;
use crate::domain::password;
use crate::domain::text::clean_line;
use crate::domain::user::{Line, Role};
use crate::error::{Error, FieldError, Result};

const LOGIN_CHARS: usize = 64;
const NAME_CHARS: usize = 200;
const ACCOUNT_BYTES: usize = 256;
const LINES: usize = 50;

/// A new user.
pub struct UserDraft {
    pub login: String,
    /// Empty: the login stands for it.
    pub name: String,
    pub role: Role,
    /// `None`: set by an invitation.
    pub password: Option<SecretString>,
    /// Each names its integration by id or by name; the first is the default line.
    pub lines: Vec<Line>,
}

/// What a request changes; absent members stay as they are.
#[derive(Default)]
pub struct UserPatch {
    pub login: Option<String>,
    pub name: Option<String>,
    pub role: Option<Role>,
    pub password: Option<SecretString>,
    pub lines: Option<Vec<Line>>,
}

impl UserDraft {
    /// # Errors
    /// `Invalid`, naming every refused member.
    pub fn checked(self) -> Result<Self> {
        let mut errors = Vec::new();
        let login = login(&self.login, &mut errors);
        let name = name(&self.name, &mut errors);
        if let Some(password) = &self.password {
            check_password(password, &login, &mut errors);
        }
        let lines = lines(self.lines, &mut errors);
        let name = if name.is_empty() { login.clone() } else { name };
        let checked = Self { login, name, role: self.role, password: self.password, lines };
        Error::unless_empty(errors).map(|()| checked)
    }
}

impl UserPatch {
    /// The members that it names.
    pub fn named(&self) -> impl Iterator<Item = &'static str> {
        let members = [
            ("login", self.login.is_some()),
            ("name", self.name.is_some()),
            ("role", self.role.is_some()),
            ("password", self.password.is_some()),
            ("lines", self.lines.is_some()),
        ];
        members.into_iter().filter(|(_, is_named)| *is_named).map(|(name, _)| name)
    }

    /// `known_as` is the user's login before the change.
    ///
    /// # Errors
    /// `Invalid`, naming every refused member.
    pub fn checked(self, known_as: &str) -> Result<Self> {
        let mut errors = Vec::new();
        let login = self.login.map(|text| login(&text, &mut errors));
        let name = self.name.map(|text| name(&text, &mut errors));
        if name.as_ref().is_some_and(String::is_empty) {
            refuse(&mut errors, "name", Fault::Required);
        }
        if let Some(password) = &self.password {
            check_password(password, login.as_deref().unwrap_or(known_as), &mut errors);
        }
        let lines = self.lines.map(|list| lines(list, &mut errors));
        let checked = Self { login, name, role: self.role, password: self.password, lines };
        Error::unless_empty(errors).map(|()| checked)
    }
}

/// A password alone.
///
/// # Errors
/// `Invalid`, naming `password`.
pub fn check(password: &SecretString, login: &str) -> Result<()> {
    let mut errors = Vec::new();
    check_password(password, login, &mut errors);
    Error::unless_empty(errors)
}

fn refuse(errors: &mut Vec<FieldError>, field: impl Into<String>, fault: Fault) {
    errors.push(FieldError::new(field, fault));
}

fn login(text: &str, errors: &mut Vec<FieldError>) -> String {
    let login = clean_line(text);
    if login.is_empty() {
        refuse(errors, "login", Fault::Required);
    } else if login.chars().count() > LOGIN_CHARS {
        refuse(errors, "login", Fault::TooLong { most: LOGIN_CHARS });
    } else if login.contains(char::is_whitespace) {
        refuse(errors, "login", Fault::BadCharacters);
    }
    login
}

fn name(text: &str, errors: &mut Vec<FieldError>) -> String {
    let name = clean_line(text);
    if name.chars().count() > NAME_CHARS {
        refuse(errors, "name", Fault::TooLong { most: NAME_CHARS });
    }
    name
}

fn check_password(password: &SecretString, login: &str, errors: &mut Vec<FieldError>) {
    if let Some(fault) = password::refuse(password.expose_secret(), login) {
        refuse(errors, "password", fault);
    }
}

fn lines(list: Vec<Line>, errors: &mut Vec<FieldError>) -> Vec<Line> {
    if list.len() > LINES {
        refuse(errors, "lines", Fault::TooMany { most: LINES });
        return Vec::new();
    }
    let mut kept: Vec<Line> = Vec::new();
    for (index, line) in list.into_iter().enumerate() {
        let line = Line { integration: clean_line(&line.integration), account: clean_line(&line.account) };
        if line.account.is_empty() {
            let refused = FieldError::new(format!("lines[{index}].account"), Fault::Required);
            errors.push(refused.saying("the user's login or number at this integration"));
        } else if line.account.len() > ACCOUNT_BYTES {
            refuse(errors, format!("lines[{index}].account"), Fault::TooLong { most: ACCOUNT_BYTES });
        }
        if !kept.contains(&line) {
            kept.push(line);
        }
    }
    kept
}
