//! `ringcard backup` and `ringcard restore`.

use std::path::PathBuf;

use clap::Args;

use crate::app::audit;
use crate::app::upkeep::archive::Listed;
use crate::app::upkeep::backup::{self, Over, Recordings, Source};
use crate::cli::command::{make_data_dir, store_location};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::audit::Action;
use crate::domain::time::UtcMs;
use crate::store::copy;

#[derive(Args)]
pub struct BackupArgs {
    /// The backup to make; one of this name is replaced
    file: PathBuf,
}

#[derive(Args)]
pub struct RestoreArgs {
    /// The backup to restore
    file: PathBuf,
    /// Also over a store that was written to after the backup; it is put aside, not deleted
    #[arg(long)]
    force: bool,
}

/// # Errors
/// What stood in the way; then there is no such file.
pub fn back_up(config: &Config, args: &BackupArgs) -> anyhow::Result<()> {
    let store = store_location(config)?;
    let recordings = config.recordings_folder();
    let source = Source { store: &store, recordings: &recordings };
    let clock = Clock::system();
    // Before the copy, which has it too. A store that takes no entry can be copied all the same.
    let act = audit::of_a_command(&clock, Action::BackupMade, &backup::name_of(&args.file));
    if copy::file(&store).is_ok()
        && let Err(error) = copy::note(&store, &act)
    {
        say(&format!("This backup does not stand in the audit: {error}"));
    }
    let listed = backup::make(&source, &args.file, Recordings::Within, clock.now_ms())?;
    say(&format!("{}: {}, looked through", args.file.display(), told(&listed)));
    say("Keep the key file apart from it: without it the secrets of outside systems cannot be read again");
    Ok(())
}

/// # Errors
/// What stood in the way; then the store stands as it was.
pub fn restore(config: &Config, args: &RestoreArgs) -> anyhow::Result<()> {
    make_data_dir(config)?;
    let store = store_location(config)?;
    let recordings = config.recordings_folder();
    let source = Source { store: &store, recordings: &recordings };
    let over = if args.force { Over::Any } else { Over::Older };
    let restored = backup::restore(&source, &args.file, over, &Clock::system())?;
    say(&format!("restored as of {}: {}", UtcMs(restored.listed.began_ms).to_rfc3339(), told(&restored.listed)));
    if let Some(aside) = restored.aside {
        say(&format!("The store that stood there is now {}", aside.display()));
    }
    if restored.missing > 0 {
        say(&format!("{} recordings stand neither in the backup nor beside it", restored.missing));
    }
    if !config.secret_key_file().exists() {
        say(&format!("Put the key file back at {} before the server starts", config.secret_key_file().display()));
    }
    Ok(())
}

fn told(listed: &Listed) -> String {
    let (contents, recordings) = (listed.contents, listed.recordings.len());
    let [calls, contacts, users] = [contents.calls, contents.contacts, contents.users];
    format!("{calls} calls, {contacts} contacts, {users} people, {recordings} recordings")
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
fn say(line: &str) {
    println!("{line}");
}
