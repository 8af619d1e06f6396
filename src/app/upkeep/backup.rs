//! One backup: made beside a running server, looked through before it has its name, and put back.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::app::audit;
use crate::app::upkeep::archive::{self, BackupError, Draft, Listed, Part, Recording, of_file};
use crate::clock::Clock;
use crate::domain::audit::Action;
use crate::domain::time::UtcMs;
use crate::store::copy;
use crate::store::engine::threads::stand_back;
use crate::store::location::StoreLocation;

/// How the name of a file goes on that is being made.
pub const DRAFT: &str = ".new-";
/// Where they stand beside kept backups.
const RECORDINGS: &str = "recordings";
/// What is being fetched, in the folder of the recordings.
const PARTS: &str = "parts/";

/// What a backup is made of.
pub struct Source<'a> {
    pub store: &'a StoreLocation,
    /// The folder of the recordings.
    pub recordings: &'a Path,
}

/// Where the recordings go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recordings {
    /// Into the file.
    Within,
    /// Into a folder beside it, each once for all backups that stand there.
    Beside,
}

/// Files that go when this does.
struct Drafts([PathBuf; 2]);

impl Drop for Drafts {
    fn drop(&mut self) {
        self.0.iter().for_each(|draft| drop(fs::remove_file(draft)));
    }
}

/// Makes a backup named `file`, in place of one that has this name. Takes the least of a busy processor.
///
/// # Errors
/// `Store` for a store in PostgreSQL, with what to do instead; else what stood in the way. No file of this name appears.
pub fn make(source: &Source, file: &Path, recordings: Recordings, began_ms: i64) -> Result<Listed, BackupError> {
    stand_back();
    copy::file(source.store)?;
    let draft_of = |ending: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(format!("{DRAFT}{}{ending}", uuid::Uuid::new_v4()));
        PathBuf::from(name)
    };
    let drafts = Drafts([draft_of(""), draft_of(".db")]);
    let [draft, database] = &drafts.0;
    let contents = copy::take(source.store, database)?;
    let mut written = Draft::begin(draft)?;
    let mut listed = archive::new_list(began_ms, contents, written.put_database(database)?);
    // After the database: what it names was there before it. What went since, nobody misses.
    let folder = source.recordings;
    for (name, size_bytes) in list_recordings(folder)? {
        let kept = match recordings {
            Recordings::Within => written.put_recording(folder, &name)?,
            Recordings::Beside => keep_beside(folder, &beside(file), &name, size_bytes)?,
        };
        listed.recordings.extend(kept.map(|kept| (name, kept)));
    }
    written.finish(&listed)?;
    archive::read(draft, &archive::list(draft)?, |_| Ok(io::sink()))?;
    fs::rename(draft, file).map_err(of_file(file))?;
    sync_directory(file)?;
    Ok(listed)
}

/// The folder of the recordings that stand beside a backup.
pub fn beside(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(RECORDINGS)
}

/// The finished recordings under a folder, by their names in it, with their sizes.
pub fn list_recordings(folder: &Path) -> Result<BTreeMap<String, u64>, BackupError> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, u64>) -> io::Result<()> {
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let kind = entry.file_type()?;
            if kind.is_dir() && format!("{prefix}{name}/") != PARTS {
                walk(&entry.path(), &format!("{prefix}{name}/"), found)?;
            } else if kind.is_file() && !is_unfinished(&name) {
                found.insert(format!("{prefix}{name}"), entry.metadata()?.len());
            }
        }
        Ok(())
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found).map_err(of_file(folder))?;
    Ok(found)
}

fn is_unfinished(name: &str) -> bool {
    name.starts_with('.') || name.contains(DRAFT) || [".part", ".tmp"].iter().any(|end| name.ends_with(end))
}

/// Copies a recording that does not stand there yet: they never change.
fn keep_beside(from: &Path, to: &Path, name: &str, size_bytes: u64) -> Result<Option<Recording>, BackupError> {
    let kept = to.join(name);
    if !fs::metadata(&kept).is_ok_and(|found| found.len() == size_bytes) {
        match File::open(from.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => put_file(&kept, &mut file.map_err(of_file(&from.join(name)))?)?,
        }
    }
    Ok(Some(Recording { size_bytes, sha256: None }))
}

/// Writes a file whole, or not at all.
fn put_file(path: &Path, content: &mut File) -> Result<(), BackupError> {
    make_directory_of(path)?;
    let draft = path.with_added_extension(format!("{}{}", &DRAFT[1..], uuid::Uuid::new_v4()));
    let mut put = || {
        let mut file = archive::private(&draft)?;
        io::copy(content, &mut file)?;
        file.sync_all()?;
        fs::rename(&draft, path)
    };
    let put = put().map_err(of_file(path));
    if put.is_err() {
        let _ = fs::remove_file(&draft);
    }
    put
}

fn make_directory_of(path: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::DirBuilderExt;
    let Some(directory) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) else { return Ok(()) };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(of_file(directory))
}

fn sync_directory(file: &Path) -> Result<(), BackupError> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(of_file(directory))
}

/// What a restore found and did.
pub struct Restored {
    pub listed: Listed,
    /// Where the store that stood there is now.
    pub aside: Option<PathBuf>,
    /// Recordings that the backup lists and that are nowhere.
    pub missing: usize,
}

/// What stands in the store's place already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Only one that was not written to since the backup.
    Older,
    /// Whatever it is; it is put aside.
    Any,
}

/// Puts a backup in the store's place, and the recordings that are not there.
///
/// # Errors
/// `Refused` for what is newer, no backup, or damaged; `Store` while a server runs. The store stands as it was.
pub fn restore(source: &Source, file: &Path, over: Over, clock: &Clock) -> Result<Restored, BackupError> {
    copy::file(source.store)?;
    let listed = archive::list(file)?;
    let place = copy::keep_free(source.store)?;
    if let Some(written_ms) = place.written_ms().filter(|at_ms| over == Over::Older && *at_ms > listed.began_ms) {
        return Err(BackupError::Refused(format!(
            "the store that stands there was written to at {}, after this backup ({}): what came since would be missing. \
             --force puts it aside and restores all the same",
            UtcMs(written_ms).to_rfc3339(),
            UtcMs(listed.began_ms).to_rfc3339()
        )));
    }
    let draft = place.draft();
    let drafts = Drafts([draft.clone(), PathBuf::new()]);
    let folder = source.recordings;
    let read = archive::read(file, &listed, |part| match part {
        Part::Database => archive::private(&draft).map_err(of_file(&draft)),
        Part::Recording(name) => unpacked(folder, name),
    });
    if read.is_err() {
        let unpacked = listed.recordings.keys().filter_map(|name| draft_recording(folder, name).ok());
        unpacked.for_each(|draft| drop(fs::remove_file(draft)));
    }
    read?;
    if copy::look_through(&draft)? != listed.contents {
        return Err(BackupError::Refused(format!("{}: its database is not what was kept", file.display())));
    }
    let missing = settle_recordings(&listed, folder, &beside(file))?;
    let act = audit::of_a_command(clock, Action::Restored, &name_of(file));
    let mark = UtcMs(act.at_ms).to_rfc3339().replace([':', '-', '.'], "");
    let aside = place.fill(&draft, &mark, &act)?;
    drop(drafts);
    Ok(Restored { listed, aside, missing })
}

/// The file's own name, for the audit.
pub fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Where a recording is unpacked, until all of the backup was read.
fn unpacked(folder: &Path, name: &str) -> Result<File, BackupError> {
    let path = draft_recording(folder, name)?;
    make_directory_of(&path)?;
    let _ = fs::remove_file(&path);
    archive::private(&path).map_err(of_file(&path))
}

fn draft_recording(folder: &Path, name: &str) -> Result<PathBuf, BackupError> {
    if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(BackupError::Refused(format!("{name} is no name of a recording")));
    }
    Ok(folder.join(format!("{name}{DRAFT}restored")))
}

/// Gives each recording its name, from the backup or from beside it; what stands there stays. Answers how many are nowhere.
fn settle_recordings(listed: &Listed, folder: &Path, beside: &Path) -> Result<usize, BackupError> {
    let mut missing = 0;
    for (name, recording) in &listed.recordings {
        let (path, draft) = (folder.join(name), draft_recording(folder, name)?);
        let is_there = fs::metadata(&path).is_ok_and(|found| found.len() == recording.size_bytes);
        if draft.exists() {
            let settle = || if is_there { fs::remove_file(&draft) } else { fs::rename(&draft, &path) };
            settle().map_err(of_file(&path))?;
        } else if !is_there {
            match File::open(beside.join(name)) {
                Ok(mut kept) => put_file(&path, &mut kept)?,
                Err(_) => missing += 1,
            }
        }
    }
    Ok(missing)
}
