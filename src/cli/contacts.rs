//! `ringcard contacts`: clients out of the store and into it, beside a running server.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};

use crate::app::App;
use crate::app::clients::export::{ContactFormat, Export};
use crate::app::clients::import::{self, Handed};
use crate::app::clients::search::ContactQuery;
use crate::app::desk::moving_in;
use crate::app::upkeep::tasks;
use crate::cli::command::{block_on, in_one_line, open_app};
use crate::config::Config;
use crate::domain::import::{ImportPlan, MatchBy, OnMatch, Tally};
use crate::domain::sheet::Tongue;
use crate::domain::table_file::TableFormat;
use crate::domain::task::TaskState;

const SAY_EVERY: Duration = Duration::from_secs(1);

#[derive(Subcommand)]
pub enum ContactsCommand {
    /// Every contact into a file: a table for a spreadsheet, or cards for an address book
    Export(ExportArgs),
    /// Clients of a file into the store: what its columns hold is told by their titles
    Import(ImportArgs),
}

#[derive(Args)]
pub struct ImportArgs {
    /// CSV, vCard or XLSX
    file: PathBuf,
    /// Which sheet of a workbook; else the first with anything in it
    #[arg(long, env = "RINGCARD_CONTACTS_SHEET")]
    sheet: Option<String>,
    /// By what a client is known that is there already
    #[arg(long = "match", env = "RINGCARD_CONTACTS_MATCH", value_enum, default_value = "number")]
    match_by: MatchArg,
    /// What is done with a row whose client is there already
    #[arg(long, env = "RINGCARD_CONTACTS_ON_MATCH", value_enum, default_value = "add")]
    on_match: OnMatchArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum MatchArg {
    Number,
    Email,
    None,
}

#[derive(Clone, Copy, ValueEnum)]
enum OnMatchArg {
    Add,
    Replace,
    Skip,
    New,
}

#[derive(Args)]
pub struct ExportArgs {
    /// Where to write it; `-` is standard output
    file: PathBuf,
    /// What it is; else its name tells
    #[arg(long, env = "RINGCARD_CONTACTS_FORMAT", value_enum)]
    format: Option<FormatArg>,
    /// The language of its words; cells are parted by `;` in Russian, else by `,`
    #[arg(long, env = "RINGCARD_CONTACTS_LANG", value_enum, default_value = "en")]
    lang: LangArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    Ru,
    En,
}

#[derive(Clone, Copy, ValueEnum)]
enum FormatArg {
    Csv,
    #[value(alias = "vcf")]
    Vcard,
    Xlsx,
}

/// # Errors
/// A sentence that says what stands in the way.
pub fn run(config: &Config, command: ContactsCommand) -> anyhow::Result<()> {
    match command {
        ContactsCommand::Export(args) => export(config, args),
        ContactsCommand::Import(args) => block_on(take_in(&open_app(config)?, args)),
    }
}

fn export(config: &Config, ExportArgs { file, format, lang }: ExportArgs) -> anyhow::Result<()> {
    let tongue = match lang {
        LangArg::Ru => Tongue::Ru,
        LangArg::En => Tongue::En,
    };
    let named = match file.extension().and_then(|ending| ending.to_str()) {
        Some("vcf") => FormatArg::Vcard,
        Some("xlsx") => FormatArg::Xlsx,
        _ => FormatArg::Csv,
    };
    let format = match format.unwrap_or(named) {
        FormatArg::Csv => ContactFormat::Table(TableFormat::Csv),
        FormatArg::Vcard => ContactFormat::Cards,
        FormatArg::Xlsx => ContactFormat::Table(TableFormat::Xlsx),
    };
    let app = open_app(config)?;
    let name = file.display().to_string();
    let out: Box<dyn Write> = match name.as_str() {
        "-" => Box::new(io::stdout().lock()),
        _ => Box::new(File::create_new(&file).with_context(|| format!("{name} cannot be made"))?),
    };
    block_on(async {
        let export = Export::begin(&app, ContactQuery::default(), format, tongue).await?;
        write(export, BufWriter::new(out), &name).await
    })
}

async fn write(mut export: Export, mut out: impl Write, name: &str) -> anyhow::Result<()> {
    while let Some(part) = export.next().await? {
        out.write_all(&part).with_context(|| format!("{name} cannot be written"))?;
    }
    out.flush().with_context(|| format!("{name} cannot be written"))
}

async fn take_in(app: &App, ImportArgs { file, sheet, match_by, on_match }: ImportArgs) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let bytes = std::fs::read(&file).with_context(|| format!("{name} cannot be read"))?;
    let title = file.file_name().unwrap_or_default().to_string_lossy();
    let handed = Handed { by: None, name: &title, sheet, tongue: None, bytes };
    let import = import::take_in(app, handed).await.map_err(in_one_line)?;
    let plan = ImportPlan {
        columns: import.columns.iter().map(|column| column.field).collect(),
        match_by: match match_by {
            MatchArg::Number => MatchBy::Number,
            MatchArg::Email => MatchBy::Email,
            MatchArg::None => MatchBy::None,
        },
        on_match: match on_match {
            OnMatchArg::Add => OnMatch::Add,
            OnMatchArg::Replace => OnMatch::Replace,
            OnMatchArg::Skip => OnMatch::Skip,
            OnMatchArg::New => OnMatch::New,
        },
        ..ImportPlan::default()
    };
    moving_in::begin(app, None, &import.id, plan).await.map_err(in_one_line)?;
    work(app, &import.id).await?;
    let task = tasks::get(app, &import.id).await.map_err(in_one_line)?;
    if task.state != TaskState::Done {
        let why = task.error.map(|error| error.detail).unwrap_or_default();
        anyhow::bail!("{} of {} rows were dealt with; {why}", task.done, task.total);
    }
    let Tally { made, changed, same, skipped, refused, .. } = task.result;
    let said = format!("{made} made, {changed} changed, {same} known already, {skipped} skipped, {refused} refused");
    writeln!(io::stdout(), "{said}").context("standard output")
}

/// Works at it until it has ended, and says how far it is.
async fn work(app: &App, id: &str) -> anyhow::Result<()> {
    let mut work = std::pin::pin!(tasks::work(app, id));
    let mut said = tokio::time::interval(SAY_EVERY);
    said.tick().await;
    loop {
        tokio::select! {
            ended = &mut work => return ended.map_err(in_one_line),
            _ = said.tick() => {
                let task = tasks::get(app, id).await.map_err(in_one_line)?;
                tell(&format!("{} of {} rows", task.done, task.total));
            }
        }
    }
}

#[expect(clippy::print_stderr, reason = "progress is no answer")]
fn tell(line: &str) {
    eprintln!("{line}");
}
