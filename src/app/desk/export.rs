//! Calls as a table: those that the history's filter leaves, newest first, a page at a time.

use std::sync::Arc;

use crate::app::App;
use crate::app::audit::{self, Note};
use crate::app::desk::counted;
use crate::app::desk::past::{self, CallQuery};
use crate::app::directory::Directory;
use crate::domain::audit::Action;
use crate::domain::call::Call;
use crate::domain::call_sheet::{self, Column};
use crate::domain::local_time::LocalTime;
use crate::domain::sheet::{Cell, Tongue};
use crate::domain::table_file::{TableFile, TableFormat};
use crate::domain::user::UserRef;
use crate::error::{Error, Result};
use crate::store::tables::call_walks::Place;

/// So many calls are read at once.
const AT_ONCE: usize = 200;

/// A file while it is written.
pub struct Export {
    app: App,
    directory: Arc<Directory>,
    query: CallQuery,
    zone: Option<LocalTime>,
    tongue: Tongue,
    /// `None` behind its end.
    file: Option<TableFile>,
    at: At,
}

enum At {
    Beginning,
    After(Place),
    End,
}

impl Export {
    /// Who took them away is kept.
    ///
    /// # Errors
    /// What the store says.
    pub async fn begin(app: &App, query: CallQuery, format: TableFormat, tongue: Tongue) -> Result<Self> {
        let directory = app.directory().await?;
        audit::keep(app, Note::new(app, Action::CallsExported)).await?;
        let zone = query.counted.zone.clone().or_else(|| counted::home(&directory.settings));
        let titles = Column::ALL.map(|column| column.title(tongue).to_owned());
        let file = TableFile::begin(format, tongue, tongue.of("Звонки", "Calls"), &titles).map_err(Error::internal)?;
        Ok(Self { app: app.clone(), directory, query, zone, tongue, file: Some(file), at: At::Beginning })
    }

    /// The next part of the file; `None` behind its end.
    ///
    /// # Errors
    /// What the store says: the file ends there, unfinished.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        loop {
            let Some(mut file) = self.file.take() else { return Ok(None) };
            let after = match std::mem::replace(&mut self.at, At::End) {
                At::End => return file.end().map(Some).map_err(Error::internal),
                At::Beginning => None,
                At::After(place) => Some(place),
            };
            let found = past::list(&self.app, self.query.clone(), after, AT_ONCE).await?;
            for call in &found.rows {
                file.row(&Column::ALL.map(|column| self.cell(column, call))).map_err(Error::internal)?;
            }
            self.at = found.next.map_or(At::End, At::After);
            let part = file.part().map_err(Error::internal)?;
            self.file = Some(file);
            // A workbook gathers some rows before it has anything to give.
            if !part.is_empty() {
                return Ok(Some(part));
            }
        }
    }

    fn cell(&self, column: Column, call: &Call) -> Cell {
        match column {
            Column::Wait => call.wait_s.map_or_else(|| Cell::from(""), Cell::Number),
            Column::Talk => call.duration_s.map_or_else(|| Cell::from(""), Cell::Number),
            column => Cell::from(self.text(column, call)),
        }
    }

    fn text(&self, column: Column, call: &Call) -> String {
        let person = |user: &UserRef| if user.name.is_empty() { user.login.clone() } else { user.name.clone() };
        match column {
            Column::Began => self.zone.as_ref().map(|zone| zone.shown(call.started_at.0)).unwrap_or_default(),
            Column::Direction => call_sheet::direction(self.tongue, call.direction).to_owned(),
            Column::State => call_sheet::state(self.tongue, call.state).to_owned(),
            Column::Phone => call.phone.clone(),
            Column::Client => call.contact.as_ref().map(|contact| contact.name.clone()).unwrap_or_default(),
            Column::Company => call.contact.as_ref().map(|contact| contact.company.clone()).unwrap_or_default(),
            Column::Line => call.diversion.clone().unwrap_or_default(),
            Column::Source => call.line.as_ref().map(|line| line.label.clone()).unwrap_or_default(),
            Column::Group => call.group.clone().unwrap_or_default(),
            Column::Person => call.user.as_ref().map(person).unwrap_or_default(),
            Column::Rang => {
                let rang = call.legs.iter().map(|leg| leg.user.as_ref().map_or_else(|| leg.account.clone(), person));
                rang.collect::<Vec<_>>().join("\n")
            }
            // These are numbers.
            Column::Wait | Column::Talk => String::new(),
            Column::Outcome => {
                let outcome = self.directory.settings.outcomes.iter().find(|outcome| outcome.id == call.outcome);
                outcome.map(|outcome| outcome.name.clone()).unwrap_or_default()
            }
            Column::Note => call.note.clone(),
            Column::Callid => call.callid.clone().unwrap_or_default(),
        }
    }
}
