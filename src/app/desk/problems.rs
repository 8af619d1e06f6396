//! The rows of a file of clients that were not taken, as a file of the same columns with a reason: mended, it can come in
//! again.

use crate::app::App;
use crate::app::clients::import;
use crate::app::desk::taking::Outcome;
use crate::domain::import::ImportPlan;
use crate::domain::sheet::{Cell, Tongue};
use crate::domain::table_file::{TableFile, TableFormat};
use crate::domain::{row_problem, titles};
use crate::error::{Error, Result};
use crate::store::tables::imports::{self, PartRow};

/// So many parts are read at once.
const AT_ONCE: i64 = 20;

/// The file while it is written.
pub struct Problems {
    app: App,
    /// The import's.
    id: String,
    width: usize,
    tongue: Tongue,
    /// `None` behind its end.
    file: Option<TableFile>,
    /// The row to go on from.
    from: i64,
}

impl Problems {
    /// # Errors
    /// `NotFound`.
    pub async fn begin(app: &App, id: &str, format: TableFormat, tongue: Tongue) -> Result<Self> {
        let import = import::find(app, id).await?;
        let plan: ImportPlan = serde_json::from_str(&import.plan).unwrap_or_default();
        // A file without titles gets them, so that what was said of its columns is known when it comes in again.
        let said = |at: usize| plan.columns.get(at).copied().flatten().map(|field| titles::title(field, tongue));
        let title =
            |at: usize, name: &str| if name.is_empty() { said(at).unwrap_or_default() } else { name }.to_owned();
        let columns = import.columns.iter().enumerate();
        let mut titles: Vec<String> = columns.map(|(at, column)| title(at, &column.name)).collect();
        let width = titles.len();
        titles.push(tongue.of("Причина", "Reason").to_owned());
        let file = TableFile::begin(format, tongue, tongue.of("Не загружено", "Not imported"), &titles);
        let file = Some(file.map_err(Error::internal)?);
        Ok(Self { app: app.clone(), id: id.to_owned(), width, tongue, file, from: 0 })
    }

    /// The next part of the file; `None` behind its end.
    ///
    /// # Errors
    /// What the store says: the file ends there, unfinished.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(mut file) = self.file.take() else { return Ok(None) };
        loop {
            let (id, from) = (self.id.clone(), self.from);
            let parts = self.app.store.list(move |tx| imports::list_parts(tx, &id, from, AT_ONCE)).await?;
            let Some(last) = parts.last() else { return file.end().map(Some).map_err(Error::internal) };
            self.from = last.position + 1;
            for row in parts.iter().map(|part| self.refused(part)).collect::<Result<Vec<_>>>()?.concat() {
                file.row(&row).map_err(Error::internal)?;
            }
            let part = file.part().map_err(Error::internal)?;
            if !part.is_empty() {
                self.file = Some(file);
                return Ok(Some(part));
            }
        }
    }

    fn refused(&self, part: &PartRow) -> Result<Vec<Vec<Cell>>> {
        if part.outcomes.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<Vec<String>> = serde_json::from_str(&part.cells).map_err(Error::internal)?;
        let outcomes: Vec<Outcome> = serde_json::from_str(&part.outcomes).map_err(Error::internal)?;
        let refused = rows.into_iter().zip(outcomes).filter_map(|(mut row, outcome)| {
            let Outcome::Refused { problems } = outcome else { return None };
            let said = problems.iter().map(|problem| row_problem::said(&problem.field, &problem.why, self.tongue));
            let reason = said.collect::<Vec<_>>().join("; ");
            row.resize(self.width, String::new());
            Some(row.into_iter().chain([reason]).map(Cell::from).collect())
        });
        Ok(refused.collect())
    }
}
