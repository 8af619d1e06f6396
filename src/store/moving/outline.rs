//! The tables as the schema's own text has them: whoever reads all of a store needs no other list.

use std::fmt::Write;

use crate::store::migrations::SCHEMA;

/// One table; both engines have it under these names.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The columns of its key, as places in `columns`.
    pub key: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    Int,
}

/// What of a table is read, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// All of it, in any order.
    Whole,
    /// All of it, by its key.
    Ordered,
    /// What comes behind a key, by its key.
    Behind,
}

/// Every table, none before one that it refers to.
pub fn tables() -> Vec<Table> {
    let text: String =
        SCHEMA.lines().map(|line| line.split("--").next().unwrap_or_default()).fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "{}", line.trim_end());
            text
        });
    text.split(';').filter_map(|statement| read(statement.trim())).collect()
}

fn read(statement: &str) -> Option<Table> {
    let (head, body) = statement.strip_prefix("CREATE TABLE ")?.split_once('(')?;
    let mut table = Table { name: head.trim().to_owned(), columns: Vec::new(), key: Vec::new() };
    for line in body.rsplit_once(')')?.0.lines().map(|line| line.trim().trim_end_matches(',')) {
        let mut words = line.split_whitespace();
        let (Some(first), second) = (words.next(), words.next()) else { continue };
        match second {
            Some("KEY") if first == "PRIMARY" => {
                let names = line.split_once('(')?.1.trim_end_matches(')').split(',').map(str::trim);
                table.key = names.filter_map(|name| table.columns.iter().position(|one| one.name == name)).collect();
            }
            Some(kind @ ("TEXT" | "BIGINT")) => {
                if line.contains("PRIMARY KEY") {
                    table.key = vec![table.columns.len()];
                }
                let kind = if kind == "TEXT" { ColumnKind::Text } else { ColumnKind::Int };
                table.columns.push(Column { name: first.to_owned(), kind });
            }
            _ => {}
        }
    }
    Some(table)
}

impl Table {
    /// The statement that reads it; parameters begin with `mark`.
    pub fn select(&self, stretch: Stretch, mark: char) -> String {
        let (columns, key) = (self.names(), self.key_names());
        let places: Vec<_> = (1..=self.key.len()).map(|n| format!("{mark}{n}")).collect();
        let mut sql = format!("SELECT {columns} FROM {}", self.name);
        if stretch == Stretch::Behind {
            let _ = write!(sql, " WHERE ({key}) > ({})", places.join(", "));
        }
        if stretch != Stretch::Whole {
            let _ = write!(sql, " ORDER BY {key}");
        }
        sql
    }

    /// The columns as a list.
    pub fn names(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn key_names(&self) -> String {
        self.key.iter().map(|&at| self.columns[at].name.as_str()).collect::<Vec<_>>().join(", ")
    }
}
