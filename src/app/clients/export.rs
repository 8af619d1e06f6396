//! Clients as a file, a table or cards: as many as the list's filter leaves, a page at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::App;
use crate::app::audit::{self, Note};
use crate::app::clients::files::card;
use crate::app::clients::search::{ContactPlace, ContactQuery, find_or_heal};
use crate::app::directory::Directory;
use crate::domain::audit::Action;
use crate::domain::contact::ContactPhone;
use crate::domain::page::Found;
use crate::domain::sheet::{self, Cell, Column, Tongue};
use crate::domain::table_file::{TableFile, TableFormat};
use crate::error::{Error, Result};
use crate::store::tables::contact_walks::{self, ContactHead};
use crate::store::tables::contacts::{self, ContactRow};
use crate::store::tx::Tx;
use crate::store::walk::{PAST_EVERY_ID, walk};

/// So many clients are read at once.
const AT_ONCE: usize = 200;

/// What the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactFormat {
    Table(TableFormat),
    Cards,
}

/// A file while it is written. What is asked for by nothing goes by id, so that a call that moves a client in the list
/// neither loses nor doubles him.
pub struct Export {
    app: App,
    directory: Arc<Directory>,
    query: ContactQuery,
    tongue: Tongue,
    /// `None` behind its end.
    shape: Option<Shape>,
    at: At,
}

enum Shape {
    Table(TableFile),
    Cards(String),
}

#[derive(Clone)]
enum At {
    Beginning,
    Found(ContactPlace),
    Made(String),
    End,
}

impl Export {
    /// Who took them away is kept.
    ///
    /// # Errors
    /// `Invalid` for a text that is too long.
    pub async fn begin(app: &App, query: ContactQuery, format: ContactFormat, tongue: Tongue) -> Result<Self> {
        let directory = app.directory().await?;
        let query = query.normal(&directory.settings.region)?;
        audit::keep(app, Note::new(app, Action::ContactsExported)).await?;
        let shape = match format {
            ContactFormat::Cards => Shape::Cards(String::new()),
            ContactFormat::Table(format) => {
                let titles = Column::ALL.map(|column| column.title(tongue).to_owned());
                let name = tongue.of("Контакты", "Contacts");
                Shape::Table(TableFile::begin(format, tongue, name, &titles).map_err(Error::internal)?)
            }
        };
        Ok(Self { app: app.clone(), directory, query, tongue, shape: Some(shape), at: At::Beginning })
    }

    /// The next part of the file; `None` behind its end.
    ///
    /// # Errors
    /// What the store says: the file ends there, unfinished.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            let Some(mut shape) = self.shape.take() else { return Ok(None) };
            if matches!(self.at, At::End) {
                return shape.end().map(Some);
            }
            for (row, phones) in self.page().await? {
                match &mut shape {
                    Shape::Cards(cards) => card::write(cards, &row, &phones, &self.responsible(&row)),
                    Shape::Table(table) => {
                        let cells = Column::ALL.map(|column| Cell::from(self.cell(column, &row, &phones)));
                        table.row(&cells).map_err(Error::internal)?;
                    }
                }
            }
            let part = shape.part()?;
            self.shape = Some(shape);
            // A workbook gathers some rows before it has anything to give.
            if !part.is_empty() {
                return Ok(Some(part));
            }
        }
    }

    async fn page(&mut self) -> Result<Vec<(ContactRow, Vec<ContactPhone>)>> {
        let (query, at) = (self.query.clone(), self.at.clone());
        let (rows, next) = self
            .app
            .store
            .list(move |tx| {
                let Found { rows, next, .. } = page(tx, &query, &at)?;
                let ids: Vec<_> = rows.iter().map(|head| head.id.as_str()).collect();
                let known = contacts::list(tx, &ids)?.into_iter();
                let mut known: BTreeMap<_, _> = known.map(|known| (known.0.id.clone(), known)).collect();
                let rows: Vec<_> = ids.iter().filter_map(|id| known.remove(*id)).collect();
                Ok((rows, next))
            })
            .await?;
        self.at = next.unwrap_or(At::End);
        Ok(rows)
    }

    fn cell(&self, column: Column, row: &ContactRow, phones: &[ContactPhone]) -> String {
        match column {
            Column::Name => row.name.clone(),
            Column::Company => row.company.clone(),
            Column::Phones => sheet::phones(phones),
            Column::Email => sheet::stacked(std::slice::from_ref(&row.email)),
            Column::Note => row.note.clone(),
            Column::Tags => sheet::tags(&row.tags),
            Column::Kind => self.tongue.kind(row.kind).to_owned(),
            Column::Responsible => self.responsible(row),
            Column::Vip => if row.vip { self.tongue.yes() } else { "" }.to_owned(),
            Column::Alert => row.alert.clone(),
        }
    }

    /// By name, where no other has it; else by login.
    fn responsible(&self, row: &ContactRow) -> String {
        let person = row.responsible_id.as_deref().and_then(|id| self.directory.user_ref(id));
        let Some(person) = person else { return String::new() };
        let is_of_several = self.directory.users.iter().filter(|user| user.name == person.name).count() > 1;
        if person.name.is_empty() || is_of_several { person.login.clone() } else { person.name.clone() }
    }
}

impl Shape {
    /// What is finished since the last part; perhaps nothing.
    fn part(&mut self) -> Result<Vec<u8>> {
        match self {
            Self::Cards(cards) => Ok(std::mem::take(cards).into_bytes()),
            Self::Table(table) => table.part().map_err(Error::internal),
        }
    }

    fn end(self) -> Result<Vec<u8>> {
        match self {
            Self::Cards(_) => Ok(Vec::new()),
            Self::Table(table) => table.end().map_err(Error::internal),
        }
    }
}

fn page(tx: &mut Tx, query: &ContactQuery, at: &At) -> Result<Found<ContactHead, At>> {
    if query.is_search() {
        let after = if let At::Found(place) = at { Some(place.clone()) } else { None };
        return Ok(find_or_heal(tx, query, after, AT_ONCE)?.0.map_places(At::Found));
    }
    let from = if let At::Made(id) = at { id.clone() } else { PAST_EVERY_ID.to_owned() };
    let id = |head: &ContactHead| head.id.clone();
    let found = walk(AT_ONCE, from, id, |head| query.picks(head), |from| contact_walks::walk_made(tx, from))?;
    Ok(found.map_places(At::Made))
}
