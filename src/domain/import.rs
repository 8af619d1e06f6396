//! A file of clients that comes in: what its columns hold, what is asked for, and what comes of it, field by field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::time::UtcMs;

/// What of a client a column of a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportField {
    Name,
    LastName,
    FirstName,
    MiddleName,
    Company,
    /// Any number of them, each perhaps behind its label.
    Phones,
    /// What the numbers of the next column are called.
    PhoneLabel,
    Email,
    Note,
    Tags,
    Kind,
    Responsible,
    Vip,
    Alert,
}

/// A file's column: its title, the first of what stands in it, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportColumn {
    /// Empty when the file has no titles.
    pub name: String,
    pub samples: Vec<String>,
    #[schema(required)]
    pub field: Option<ImportField>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportFormat {
    Csv,
    Vcf,
    Xlsx,
}

impl ImportFormat {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Vcf => "vcf",
            Self::Xlsx => "xlsx",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Csv, Self::Vcf, Self::Xlsx].into_iter().find(|format| format.as_str() == text)
    }
}

/// A file that has come in, before anything is made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Import {
    pub id: String,
    /// The file's name.
    pub name: String,
    pub format: ImportFormat,
    /// How its text was read: `utf-8`, `windows-1251`, …; empty for a workbook.
    pub encoding: String,
    /// What a workbook's sheets are called; empty for other files.
    pub sheets: Vec<String>,
    /// The one that was read; empty for other files.
    pub sheet: String,
    pub rows: i64,
    pub columns: Vec<ImportColumn>,
    pub made_at: UtcMs,
}

/// By what a client is known that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MatchBy {
    /// By any number; by the e-mail address where a row has no number.
    #[default]
    Number,
    Email,
    None,
}

/// What is done with a row whose client is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OnMatch {
    /// What he has stays; what he lacks comes from the row.
    #[default]
    Add,
    /// What the row says takes the place of what he has; an empty cell says nothing.
    Replace,
    Skip,
    /// Another client is made.
    New,
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPlan {
    /// What each column holds, in the file's order; null: it is left out.
    pub columns: Vec<Option<ImportField>>,
    #[serde(default, rename = "match")]
    pub match_by: MatchBy,
    #[serde(default)]
    pub on_match: OnMatch,
    /// Who of ours is meant by a name in the file, by user id.
    #[serde(default)]
    pub people: BTreeMap<String, String>,
}

/// How much of one field was taken, and how much could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldTally {
    pub taken: i64,
    pub refused: i64,
}

/// What comes of a file, by row and by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tally {
    pub made: i64,
    pub changed: i64,
    /// Known already, with all that the row says.
    pub same: i64,
    pub skipped: i64,
    /// These rows can be had back as a file.
    pub refused: i64,
    pub fields: BTreeMap<String, FieldTally>,
    /// Names of people whom nobody here is known by, with how many rows name each.
    pub people: BTreeMap<String, i64>,
    pub undone: UndoTally,
}

/// What was taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UndoTally {
    pub removed: i64,
    pub restored: i64,
    /// Somebody has changed them since: they stay, or keep what was changed.
    pub kept: i64,
}

/// So many different names are told.
const NAMES: usize = 200;

impl Tally {
    pub fn note_taken(&mut self, field: &str, count: usize) {
        if count > 0 {
            self.fields.entry(field.to_owned()).or_default().taken += i64::try_from(count).unwrap_or_default();
        }
    }

    pub fn note_refused(&mut self, field: &str) {
        self.fields.entry(field.to_owned()).or_default().refused += 1;
    }

    pub fn note_stranger(&mut self, name: &str) {
        if self.people.contains_key(name) || self.people.len() < NAMES {
            *self.people.entry(name.to_owned()).or_default() += 1;
        }
    }

    pub fn add(&mut self, more: &Self) {
        self.made += more.made;
        self.changed += more.changed;
        self.same += more.same;
        self.skipped += more.skipped;
        self.refused += more.refused;
        for (field, counts) in &more.fields {
            let of = self.fields.entry(field.clone()).or_default();
            of.taken += counts.taken;
            of.refused += counts.refused;
        }
        for (name, count) in &more.people {
            if self.people.contains_key(name) || self.people.len() < NAMES {
                *self.people.entry(name.clone()).or_default() += count;
            }
        }
        self.undone.removed += more.undone.removed;
        self.undone.restored += more.undone.restored;
        self.undone.kept += more.undone.kept;
    }
}
