//! Clients as a CSV file: as many as the list's filter leaves, a page at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::App;
use crate::app::audit::{self, Note};
use crate::app::clients::search::{ContactPlace, ContactQuery, find_or_heal};
use crate::app::directory::Directory;
use crate::domain::audit::Action;
use crate::domain::contact::ContactPhone;
use crate::domain::page::Found;
use crate::domain::sheet::{self, Column, Tongue};
use crate::error::{Error, Result};
use crate::store::tables::contact_walks::{self, ContactHead};
use crate::store::tables::contacts::{self, ContactRow};
use crate::store::tx::Tx;
use crate::store::walk::{PAST_EVERY_ID, walk};

/// So many clients are read at once.
const AT_ONCE: usize = 200;

/// A file while it is written. What is asked for by nothing goes by id, so that a call that moves a client in the list
/// neither loses nor doubles him.
pub struct Export {
    app: App,
    directory: Arc<Directory>,
    query: ContactQuery,
    tongue: Tongue,
    at: At,
}

#[derive(Clone)]
enum At {
    Beginning,
    Found(ContactPlace),
    Made(String),
    End,
}

impl Export {
    /// # Errors
    /// `Invalid` for a text that is too long.
    pub async fn begin(app: &App, query: ContactQuery, tongue: Tongue) -> Result<Self> {
        let directory = app.directory().await?;
        let query = query.normal(&directory.settings.region)?;
        audit::keep(app, Note::new(app, Action::ContactsExported)).await?;
        Ok(Self { app: app.clone(), directory, query, tongue, at: At::Beginning })
    }

    /// The next part of the file; `None` behind its end.
    ///
    /// # Errors
    /// What the store says: the file ends there, unfinished.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let (query, at) = (self.query.clone(), self.at.clone());
        if matches!(at, At::End) {
            return Ok(None);
        }
        let is_first = matches!(self.at, At::Beginning);
        let mut part = if is_first { sheet::first_part(self.tongue) } else { sheet::next_part(self.tongue) };
        if matches!(at, At::Beginning) {
            part.write_record(Column::ALL.map(|column| column.title(self.tongue))).map_err(Error::internal)?;
        }
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
        for (row, phones) in rows {
            let cells = Column::ALL.map(|column| sheet::guarded(self.cell(column, &row, &phones)));
            part.write_record(cells).map_err(Error::internal)?;
        }
        self.at = next.unwrap_or(At::End);
        part.into_inner().map(Some).map_err(|error| Error::internal(error.into_error()))
    }

    fn cell(&self, column: Column, row: &ContactRow, phones: &[ContactPhone]) -> String {
        match column {
            Column::Name => row.name.clone(),
            Column::Company => row.company.clone(),
            Column::Phones => sheet::phones(phones),
            Column::Email => row.email.clone(),
            Column::Note => row.note.clone(),
            Column::Tags => sheet::tags(&row.tags),
            Column::Kind => self.tongue.kind(row.kind).to_owned(),
            Column::Responsible => row.responsible_id.as_deref().map(|id| self.person(id)).unwrap_or_default(),
            Column::Vip => if row.vip { self.tongue.yes() } else { "" }.to_owned(),
            Column::Alert => row.alert.clone(),
        }
    }

    /// By name, where no other has it; else by login.
    fn person(&self, id: &str) -> String {
        let Some(person) = self.directory.user_ref(id) else { return String::new() };
        let is_of_several = self.directory.users.iter().filter(|user| user.name == person.name).count() > 1;
        if person.name.is_empty() || is_of_several { person.login.clone() } else { person.name.clone() }
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
