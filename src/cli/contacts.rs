//! `ringcard contacts`: clients out of the store, beside a running server.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};

use crate::app::App;
use crate::app::clients::export::Export;
use crate::app::clients::search::ContactQuery;
use crate::cli::command::{block_on, open_app};
use crate::config::Config;
use crate::domain::sheet::Tongue;

#[derive(Subcommand)]
pub enum ContactsCommand {
    /// Every contact into a CSV file, which opens in a spreadsheet
    Export(ExportArgs),
}

#[derive(Args)]
pub struct ExportArgs {
    /// Where to write it; `-` is standard output
    file: PathBuf,
    /// The language of its words; cells are parted by `;` in Russian, else by `,`
    #[arg(long, env = "RINGCARD_CONTACTS_LANG", value_enum, default_value = "en")]
    lang: LangArg,
}

#[derive(Clone, Copy, ValueEnum)]
enum LangArg {
    Ru,
    En,
}

/// # Errors
/// A sentence that says what stands in the way.
pub fn run(config: &Config, command: ContactsCommand) -> anyhow::Result<()> {
    let ContactsCommand::Export(ExportArgs { file, lang }) = command;
    let tongue = match lang {
        LangArg::Ru => Tongue::Ru,
        LangArg::En => Tongue::En,
    };
    let app = open_app(config)?;
    let name = file.display().to_string();
    let out: Box<dyn Write> = match name.as_str() {
        "-" => Box::new(io::stdout().lock()),
        _ => Box::new(File::create_new(&file).with_context(|| format!("{name} cannot be made"))?),
    };
    block_on(write(&app, tongue, BufWriter::new(out), &name))
}

async fn write(app: &App, tongue: Tongue, mut out: impl Write, name: &str) -> anyhow::Result<()> {
    let mut export = Export::begin(app, ContactQuery::default(), tongue).await?;
    while let Some(part) = export.next().await? {
        out.write_all(&part).with_context(|| format!("{name} cannot be written"))?;
    }
    out.flush().with_context(|| format!("{name} cannot be written"))
}
