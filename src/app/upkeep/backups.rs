//! The backups that are made by themselves: one a day in a folder, the newest of them kept.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use tokio::sync::{Mutex, oneshot};

use crate::app::App;
use crate::app::upkeep::archive::{self, BackupError, of_file};
use crate::app::upkeep::backup::{self, DRAFT, Recordings, Source};
use crate::domain::calendar::zone;
use crate::error::{Error, Result};

/// Their names tell when each began, in UTC.
const NAME: &str = "ringcard-%Y%m%dT%H%M%SZ.tar";
const DAY_MS: i64 = 24 * 3_600_000;
/// One is made at a time: each deletes what is too old.
static ALONE: Mutex<()> = Mutex::const_new(());
/// Nobody takes so long to make one.
const DRAFT_MAKING: Duration = Duration::from_secs(24 * 3_600);

/// A backup that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub path: PathBuf,
    pub began_ms: i64,
}

/// What stands in the folder, the oldest first.
///
/// # Errors
/// When it cannot be read; one that is not there yet is empty.
pub fn list(folder: &Path) -> io::Result<Vec<Kept>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let began = path.file_name().and_then(|name| DateTime::strptime(NAME, name.to_str()?).ok());
        let began = began.and_then(|began| began.to_zoned(TimeZone::UTC).ok());
        found.extend(began.map(|began| Kept { path, began_ms: began.timestamp().as_millisecond() }));
    }
    found.sort_by_key(|kept| kept.began_ms);
    Ok(found)
}

/// Makes the one that is due, if one is.
///
/// # Errors
/// `Internal`, with what stood in the way.
pub async fn make_due(app: &App) -> Result<Option<PathBuf>> {
    let Some(folder) = &app.config.backup_dir else { return Ok(None) };
    let now_ms = app.clock.now_ms();
    let last_ms = list(folder).map_err(Error::internal)?.last().map(|kept| kept.began_ms);
    if last_ms >= due_ms(now_ms, app.config.backup_at, &office(app).await?) {
        return Ok(None);
    }
    make_now(app).await
}

/// When the next will be due; `None` where the calendar ends.
///
/// # Errors
/// What the store says.
pub async fn next_ms(app: &App) -> Result<Option<i64>> {
    Ok(due_ms(app.clock.now_ms() + DAY_MS, app.config.backup_at, &office(app).await?))
}

async fn office(app: &App) -> Result<TimeZone> {
    let directory = app.directory().await?;
    let hours = directory.settings.working_hours.as_ref();
    Ok(hours.and_then(|hours| zone(&hours.zone)).unwrap_or_else(TimeZone::system))
}

/// Makes one, where a folder for it was named; then the oldest go, and the recordings that only those named.
///
/// # Errors
/// `Internal`, with what stood in the way.
pub async fn make_now(app: &App) -> Result<Option<PathBuf>> {
    let Some(folder) = app.config.backup_dir.clone() else { return Ok(None) };
    let _alone = ALONE.lock().await;
    let now_ms = app.clock.now_ms();
    let (store, recordings) = (app.store.location().clone(), app.config.recordings_folder());
    let keep = usize::from(app.config.backup_keep);
    let (answer, made) = oneshot::channel();
    let make = move || {
        let source = Source { store: &store, recordings: &recordings };
        let _ = answer.send(make(&source, &folder, keep, now_ms));
    };
    std::thread::Builder::new().name("backup".to_owned()).spawn(make).map_err(Error::internal)?;
    let made = made.await.map_err(|_| Error::internal("it broke off"))?;
    made.map(Some).map_err(Error::internal)
}

/// The last instant at which one was due; `None` where the calendar ends.
fn due_ms(now_ms: i64, at: Time, zone: &TimeZone) -> Option<i64> {
    let today = Timestamp::from_millisecond(now_ms).ok()?.to_zoned(zone.clone()).date();
    let of =
        |day: jiff::civil::Date| Some(day.to_datetime(at).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond());
    of(today).filter(|due_ms| *due_ms <= now_ms).or_else(|| of(today.yesterday().ok()?))
}

fn make(source: &Source, folder: &Path, keep: usize, now_ms: i64) -> std::result::Result<PathBuf, BackupError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(of_file(folder))?;
    remove_old_drafts(folder);
    let name = Timestamp::from_millisecond(now_ms).map(|at| at.strftime(NAME).to_string()).unwrap_or_default();
    let file = folder.join(name);
    backup::make(source, &file, Recordings::Beside, now_ms)?;
    let kept = list(folder).map_err(of_file(folder))?;
    for old in &kept[..kept.len().saturating_sub(keep)] {
        fs::remove_file(&old.path).map_err(of_file(&old.path))?;
    }
    sweep_recordings(folder, &file)?;
    Ok(file)
}

/// A recording goes with the last backup that lists it. One whose list cannot be read may list any.
fn sweep_recordings(folder: &Path, file: &Path) -> std::result::Result<(), BackupError> {
    let recordings = backup::beside(file);
    let mut listed = BTreeSet::new();
    for kept in list(folder).map_err(of_file(folder))? {
        listed.extend(archive::list(&kept.path)?.recordings.into_keys());
    }
    for name in backup::list_recordings(&recordings)?.into_keys().filter(|name| !listed.contains(name)) {
        let path = recordings.join(name);
        fs::remove_file(&path).map_err(of_file(&path))?;
    }
    Ok(())
}

/// What was left when the program was killed while making one.
fn remove_old_drafts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|found| found.modified()).ok().and_then(|made| made.elapsed().ok());
        if entry.file_name().to_string_lossy().contains(DRAFT) && age.is_some_and(|age| age > DRAFT_MAKING) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn one_is_due_each_day_at_its_hour_of_the_office() {
        let (at, moscow) = (jiff::civil::time(3, 30, 0, 0), zone("Europe/Moscow").unwrap());
        let due = |now: &str| due_ms(ms(now), at, &moscow).unwrap();
        assert_eq!(due("2026-03-01T00:29:59Z"), ms("2026-02-28T00:30:00Z"));
        assert_eq!(due("2026-03-01T00:30:00Z"), ms("2026-03-01T00:30:00Z"));
        assert_eq!(due("2026-03-01T23:00:00Z"), ms("2026-03-01T00:30:00Z"));
    }
}
