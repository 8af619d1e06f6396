//! Files of clients that come in: taken apart, their columns guessed, kept by rows until somebody says what becomes of them.

use tokio::sync::{mpsc, oneshot};

use crate::app::App;
use crate::app::clients::files::limits::refused;
use crate::app::clients::files::workbook::Sheets;
use crate::app::clients::files::{self, Meant, Read};
use crate::domain::fault::Fault;
use crate::domain::fold::fold;
use crate::domain::import::{Import, ImportColumn, ImportField, ImportFormat};
use crate::domain::phone::Phone;
use crate::domain::sheet::Tongue;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::domain::titles;
use crate::error::{Error, Result};
use crate::store::tables::imports::{self, ImportRow, PartRow};

/// So many rows are dealt with in one transaction: a push waits for no more.
const PART: usize = 25;
/// So many parts are written in one, as long as nothing is made of them.
const AT_ONCE: usize = 20;
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 80;
const NAME_CHARS: usize = 200;
/// So many rows tell what the columns hold.
const LOOKED_AT: usize = 50;

/// A file as it is handed in.
pub struct Handed<'a> {
    /// The user who does.
    pub by: Option<&'a str>,
    pub name: &'a str,
    /// Which sheet of a workbook is meant; else the first with anything in it.
    pub sheet: Option<String>,
    /// The language of whoever hands it in; else that of the office's country.
    pub tongue: Option<Tongue>,
    pub bytes: Vec<u8>,
}

/// Reads a file and keeps its rows.
///
/// # Errors
/// `Invalid` with what is wrong with the `file`.
pub async fn take_in(app: &App, Handed { by, name, sheet, tongue, bytes }: Handed<'_>) -> Result<Import> {
    let directory = app.directory().await?;
    let region = directory.settings.region.clone();
    let meant = Meant { sheet, tongue: tongue.unwrap_or_else(|| Tongue::of_region(&region)) };
    let (id, made_ms) = (app.clock.new_id(), app.clock.now_ms());
    let row = ImportRow {
        id: id.clone(),
        user_id: by.map(str::to_owned),
        name: clean_line(name).chars().take(NAME_CHARS).collect(),
        format: ImportFormat::Csv,
        encoding: String::new(),
        sheets: Vec::new(),
        sheet: String::new(),
        rows: 0,
        columns: Vec::new(),
        plan: String::new(),
        made_ms,
    };
    let begun = row.clone();
    app.store.write(move |tx| imports::insert(tx, &begun)).await?;
    let kept = keep(app, row, (region, meant), bytes).await;
    if kept.is_err() {
        app.store.write(move |tx| imports::delete(tx, &id)).await?;
    }
    kept.map(shown)
}

/// The file of this id.
///
/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<Import> {
    find(app, id).await.map(shown)
}

/// # Errors
/// `NotFound`.
pub async fn find(app: &App, id: &str) -> Result<ImportRow> {
    let id = id.to_owned();
    app.store.show(move |tx| imports::find(tx, &id)).await?.ok_or(Error::NotFound("file"))
}

fn shown(row: ImportRow) -> Import {
    Import {
        id: row.id,
        name: row.name,
        format: row.format,
        encoding: row.encoding,
        sheets: row.sheets,
        sheet: row.sheet,
        rows: row.rows,
        columns: row.columns,
        made_at: UtcMs(row.made_ms),
    }
}

/// What the reading thread hands over: parts as they come, then what the file was.
async fn keep(app: &App, row: ImportRow, (region, meant): (String, Meant), bytes: Vec<u8>) -> Result<ImportRow> {
    let (sender, mut parts) = mpsc::channel::<Vec<PartRow>>(2);
    let (answer, ended) = oneshot::channel();
    let work = move || {
        let _ = answer.send(cut(bytes, &meant, &region, &sender));
    };
    std::thread::Builder::new().name("import".to_owned()).spawn(work).map_err(Error::internal)?;
    while let Some(some) = parts.recv().await {
        let id = row.id.clone();
        app.store.write(move |tx| some.iter().try_for_each(|part| imports::insert_part(tx, &id, part))).await?;
    }
    let (read, columns, rows) = ended.await.map_err(|_| refused(Fault::DamagedFile { row: 1 }))??;
    let Read { format, encoding, sheets: Sheets { names, read } } = read;
    let row = ImportRow { format, encoding, sheets: names, sheet: read, rows, columns, ..row };
    let written = row.clone();
    app.store.write(move |tx| imports::save_read(tx, &written)).await?;
    Ok(row)
}

type Cut = (Read, Vec<ImportColumn>, i64);

fn cut(bytes: Vec<u8>, meant: &Meant, region: &str, sender: &mpsc::Sender<Vec<PartRow>>) -> Result<Cut> {
    let mut cutter =
        Cutter { sender, region, head: Vec::new(), columns: Vec::new(), rows: Vec::new(), parts: Vec::new(), count: 0 };
    let read = files::read(bytes, meant, &mut |row| cutter.take(row))?;
    cutter.end()?;
    if cutter.count == 0 {
        return Err(refused(Fault::EmptyFile));
    }
    Ok((read, cutter.columns, cutter.count))
}

/// Makes parts of rows, once the first of them have told what the columns are.
struct Cutter<'a> {
    sender: &'a mpsc::Sender<Vec<PartRow>>,
    region: &'a str,
    head: Vec<Vec<String>>,
    columns: Vec<ImportColumn>,
    rows: Vec<Vec<String>>,
    parts: Vec<PartRow>,
    count: i64,
}

impl Cutter<'_> {
    fn take(&mut self, row: Vec<String>) -> Result<()> {
        if !self.columns.is_empty() {
            return self.keep(row);
        }
        self.head.push(row);
        if self.head.len() > LOOKED_AT { self.begin() } else { Ok(()) }
    }

    fn begin(&mut self) -> Result<()> {
        let mut head = std::mem::take(&mut self.head);
        if head.is_empty() {
            return Ok(());
        }
        let has_titles = has_titles(&head, self.region);
        let titles = if has_titles { head.remove(0) } else { Vec::new() };
        self.columns = columns(&titles, &head, self.region);
        head.into_iter().try_for_each(|row| self.keep(row))
    }

    fn keep(&mut self, row: Vec<String>) -> Result<()> {
        self.rows.push(row);
        self.count += 1;
        if self.rows.len() >= PART {
            self.close()?;
        }
        if self.parts.len() >= AT_ONCE { self.send() } else { Ok(()) }
    }

    fn close(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let position = self.count - i64::try_from(rows.len()).unwrap_or_default();
        let cells = serde_json::to_string(&rows).map_err(Error::internal)?;
        self.parts.push(PartRow { position, cells, outcomes: String::new() });
        Ok(())
    }

    fn send(&mut self) -> Result<()> {
        let parts = std::mem::take(&mut self.parts);
        self.sender.blocking_send(parts).map_err(|_| Error::internal("nobody takes the rows"))
    }

    fn end(&mut self) -> Result<()> {
        if self.columns.is_empty() {
            self.begin()?;
        }
        self.close()?;
        self.send()
    }
}

/// Whether the first row names the columns: a word in it is known, or it holds no number and no address while others do.
fn has_titles(rows: &[Vec<String>], region: &str) -> bool {
    let is_known = rows[0].iter().any(|cell| titles::guess(cell).is_some());
    let is_data = |row: &[String]| row.iter().any(|cell| is_number(cell, region) || is_address(cell));
    is_known && !is_data(&rows[0]) || !is_data(&rows[0]) && rows[1..].iter().any(|row| is_data(row))
}

fn is_number(cell: &str, region: &str) -> bool {
    let is_plain = cell.chars().all(|c| c.is_ascii_digit() || "+-() ./\u{a0}".contains(c));
    is_plain && Phone::parse(cell, region).is_e164()
}

fn is_address(cell: &str) -> bool {
    cell.contains('@') && cell.contains('.') && !cell.trim().contains(' ')
}

/// What each column is taken for: by its title, else by what stands in it. No field but numbers and notes has two.
fn columns(titles: &[String], rows: &[Vec<String>], region: &str) -> Vec<ImportColumn> {
    let width = rows.iter().map(Vec::len).chain([titles.len()]).max().unwrap_or_default();
    let mut columns: Vec<ImportColumn> = Vec::new();
    for at in 0..width {
        let cells = || rows.iter().filter_map(move |row| row.get(at)).filter(|cell| !cell.trim().is_empty());
        let cut = |text: &String, most| clean_line(text).chars().take(most).collect::<String>();
        let name = titles.get(at).map(|title| cut(title, NAME_CHARS)).unwrap_or_default();
        let samples = cells().take(SAMPLES).map(|cell| cut(cell, SAMPLE_CHARS)).collect();
        let guessed = if titles.is_empty() { by_cells(cells(), region) } else { titles::guess(&name) };
        columns.push(ImportColumn { name, samples, field: guessed });
    }
    // `Имя` beside `Фамилия` is the first name alone.
    let has = |columns: &[ImportColumn], field| columns.iter().any(|column| column.field == Some(field));
    if has(&columns, ImportField::LastName) && !has(&columns, ImportField::FirstName) {
        let first = columns.iter_mut().find(|column| fold(&column.name) == "имя" || fold(&column.name) == "name");
        first.into_iter().for_each(|column| column.field = Some(ImportField::FirstName));
    }
    let mut seen = Vec::new();
    for column in &mut columns {
        let is_many = |field: &ImportField| {
            matches!(
                field,
                ImportField::Phones
                    | ImportField::PhoneLabel
                    | ImportField::Note
                    | ImportField::Email
                    | ImportField::Tags
            )
        };
        if let Some(field) = column.field.filter(|field| !is_many(field)) {
            if seen.contains(&field) {
                column.field = None;
            }
            seen.push(field);
        }
    }
    columns
}

fn by_cells<'a>(cells: impl Iterator<Item = &'a String>, region: &str) -> Option<ImportField> {
    let cells: Vec<_> = cells.collect();
    let most =
        |is: &dyn Fn(&str) -> bool| !cells.is_empty() && cells.iter().filter(|cell| is(cell)).count() * 2 > cells.len();
    if most(&|cell| is_number(cell, region)) {
        return Some(ImportField::Phones);
    }
    if most(&is_address) {
        return Some(ImportField::Email);
    }
    most(&|cell| cell.chars().any(char::is_alphabetic) && cell.chars().count() < 60).then_some(ImportField::Name)
}
