//! The filters of a list, as its query names them: each may be given several times.

use crate::domain::fault::Fault;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};

/// The longest text to ask for.
pub const CHARS: usize = 200;
/// How many values one filter takes.
pub const VALUES: usize = 20;

/// Take it as `web::Query<Vec<(String, String)>>`.
pub struct Filters(Vec<(String, String)>);

impl Filters {
    /// # Errors
    /// `Invalid`, naming the filter whose text is too long; a cursor is none.
    pub fn of(given: Vec<(String, String)>) -> Result<Self> {
        match given.iter().find(|(name, text)| name != "cursor" && text.chars().count() > CHARS) {
            Some((name, _)) => Err(Error::field(name, Fault::TooLong { most: CHARS })),
            None => Ok(Self(given)),
        }
    }

    /// Every value of a filter.
    ///
    /// # Errors
    /// `Invalid` when there are too many.
    pub fn texts(&self, name: &str) -> Result<Vec<String>> {
        let texts: Vec<_> = self.0.iter().filter(|(other, _)| other == name).map(|(_, text)| text.clone()).collect();
        if texts.len() > VALUES {
            return Err(Error::field(name, Fault::TooMany { most: VALUES }));
        }
        Ok(texts)
    }

    /// Every value of a filter that takes words of ours.
    ///
    /// # Errors
    /// `Invalid` for another word, or too many.
    pub fn words<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>> {
        let word = |text: &String| parse(text).ok_or_else(|| Error::field(name, Fault::Unknown));
        self.texts(name)?.iter().map(word).collect()
    }

    /// A text that may be given once.
    ///
    /// # Errors
    /// `Invalid` when it is given again.
    pub fn text(&self, name: &str) -> Result<Option<String>> {
        let mut texts = self.texts(name)?;
        if texts.len() > 1 {
            return Err(Error::field(name, Fault::TooMany { most: 1 }));
        }
        Ok(texts.pop())
    }

    /// # Errors
    /// As `text`, and when it is no instant.
    pub fn instant(&self, name: &str) -> Result<Option<UtcMs>> {
        let parse = |text: String| UtcMs::parse(&text).ok_or_else(|| Error::field(name, Fault::NotATime));
        self.text(name)?.map(parse).transpose()
    }
}
