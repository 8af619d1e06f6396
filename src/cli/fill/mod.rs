//! `ringcard fill`: a made-up past of any size in an empty store, to try a size before one has it.

pub mod args;
pub mod batch;
pub mod board;
pub mod chance;
pub mod clients;
pub mod course;
pub mod furnish;
pub mod moments;
pub mod past;
pub mod remarks;
pub mod words;

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use crate::app::App;
use crate::cli::command::{block_on, in_one_line, open_app};
use crate::cli::fill::args::FillArgs;
use crate::cli::fill::batch::{Batch, FEW};
use crate::cli::fill::past::Past;
use crate::config::Config;
use crate::error::{Error, Result};

const SAY_EVERY: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(60);
/// Batches that wait for the store while the next one is made up.
const WAITING_BATCHES: usize = 1;

/// # Errors
/// When the store is not empty, or cannot be written.
pub fn run(config: &Config, args: &FillArgs) -> anyhow::Result<()> {
    let app = open_app(config)?;
    let (total, began) = (args.calls + args.contacts as u64, Instant::now());
    let mut said = began;
    fill(&app, args, |progress| {
        if said.elapsed() >= SAY_EVERY {
            said = Instant::now();
            say_progress(&progress, total, began.elapsed());
        }
    })?;
    say_done(args, began.elapsed());
    Ok(())
}

/// How far a filling is.
pub enum Progress {
    /// So many calls, contacts and rows of the board are on the disk.
    Rows(u64),
    /// All are, and an index is made.
    Index { nth: usize, parts: usize },
}

/// Writes the past; `heed` hears how far it is.
///
/// # Errors
/// As [`run`].
pub fn fill(app: &App, args: &FillArgs, mut heed: impl FnMut(Progress)) -> anyhow::Result<()> {
    let scene = block_on(async { furnish::furnish(app, args.seed).await.map_err(in_one_line) })?;
    let past = Past::new(&scene, args, app.clock.now_ms());
    let put_off = app.store.put_off_indexes()?;
    write(app, past, if put_off.is_some() { usize::MAX } else { FEW }, |done| heed(Progress::Rows(done)))?;
    put_off.map_or(Ok(()), |put_off| put_off.make_up(|nth, parts| heed(Progress::Index { nth, parts })))?;
    Ok(())
}

/// One thread makes up what the store's thread writes, so many rows at most in a transaction.
fn write(app: &App, past: Past, most: usize, mut heed: impl FnMut(u64)) -> Result<()> {
    let (sender, batches) = sync_channel::<Batch>(WAITING_BATCHES);
    std::thread::scope(|scope| {
        // Where nobody takes the batches any more, the writer says why.
        let told = scope.spawn(move || past.tell(|batch| sender.send(batch).map_err(Error::internal)));
        let mut done = 0;
        let written = batches.into_iter().try_for_each(|batch| {
            let batch = Arc::new(batch);
            for begin in (0..batch.rows()).step_by(most) {
                let (shared, end) = (Arc::clone(&batch), batch.rows().min(begin.saturating_add(most)));
                patiently(|| {
                    let batch = Arc::clone(&shared);
                    app.store.write_blocking(move |tx| batch.write(tx, begin..end))
                })?;
                done += (end - begin) as u64;
                heed(done);
            }
            Ok(())
        });
        let told = told.join().unwrap_or_else(|_| Err(Error::internal("the past could not be made up")));
        written.and(told)
    })
}

/// A store that cannot take a write now is asked again for a while: nobody waits for this one.
fn patiently(mut write: impl FnMut() -> Result<()>) -> Result<()> {
    let began = Instant::now();
    loop {
        match write() {
            Err(Error::Busy(_)) if began.elapsed() < PATIENCE => std::thread::sleep(SAY_EVERY),
            other => return other,
        }
    }
}

#[expect(clippy::print_stderr, reason = "progress is no answer")]
fn say_progress(progress: &Progress, total: u64, took: Duration) {
    match progress {
        Progress::Rows(done) => {
            let a_second = *done as f64 / took.as_secs_f64();
            let left_s = total.saturating_sub(*done) as f64 / a_second;
            eprintln!("{done} of {total} rows, {a_second:.0} a second, about {left_s:.0} s left, then the indexes");
        }
        Progress::Index { nth, parts } => eprintln!("all rows are written; index {nth} of {parts}"),
    }
}

#[expect(clippy::print_stdout, reason = "the answer of the command")]
fn say_done(args: &FillArgs, took: Duration) {
    let (calls, contacts, took_s) = (args.calls, args.contacts, took.as_secs_f64());
    let a_second = calls as f64 / took_s;
    println!("{calls} calls and {contacts} contacts in {took_s:.1} s, {a_second:.0} calls a second");
    println!("to sign in, set a password: ringcard user passwd LOGIN --password-stdin (ringcard user list has them)");
}
