//! What a program did to the files of its folder, as strace saw it, and what of it a disk may hold after a power cut.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A disk keeps a sector whole or not at all.
const SECTOR: usize = 512;

/// One thing that was done, and when it began.
pub struct Done {
    /// Microseconds since 1970.
    pub at_us: u64,
    pub deed: Deed,
}

#[derive(Debug, PartialEq)]
pub enum Deed {
    Write { file: PathBuf, from: usize, bytes: Vec<u8> },
    Resize { file: PathBuf, length: usize },
    Sync(PathBuf),
    Create(PathBuf),
    Remove(PathBuf),
    Rename { from: PathBuf, to: PathBuf },
}

/// The same program, watched, and a child of whoever starts it: `log` gets what it does to its files.
pub fn watched(program: &Command, log: &Path) -> Command {
    let mut strace = Command::new("strace");
    let calls = "trace=openat,pwrite64,write,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat";
    strace.args(["-D", "-f", "-ttt", "-y", "-xx", "-s", "1000000", "--seccomp-bpf", "-e", calls, "-o"]);
    strace.arg(log).arg(program.get_program()).args(program.get_args());
    strace.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    strace.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    strace
}

/// What a log says, each deed where it was over.
pub fn read(log: &str) -> Vec<Done> {
    let mut open: HashMap<&str, (u64, &str)> = HashMap::new();
    let mut all = Vec::new();
    for line in log.lines() {
        let mut words = line.splitn(2, ' ');
        let (Some(thread), Some(rest)) = (words.next(), words.next()) else { continue };
        let Some((at, call)) = rest.trim_start().split_once(' ') else { continue };
        let at_us = microseconds(at);
        if let Some(begun) = call.strip_suffix(" <unfinished ...>") {
            open.insert(thread, (at_us, begun));
        } else if let Some((_, end)) = call.strip_prefix("<... ").and_then(|call| call.split_once("resumed>")) {
            let Some((at_us, begun)) = open.remove(thread) else { continue };
            all.extend(deed(&format!("{begun}{end}")).map(|deed| Done { at_us, deed }));
        } else {
            all.extend(deed(call).map(|deed| Done { at_us, deed }));
        }
    }
    all
}

fn microseconds(at: &str) -> u64 {
    at.replace('.', "").parse().unwrap()
}

/// `None`: it failed, or does nothing to a file.
fn deed(call: &str) -> Option<Deed> {
    let (name, rest) = call.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(") = ")?;
    if result.starts_with('-') {
        return None;
    }
    // Texts and names are in hexadecimal, so that a comma parts arguments.
    let arguments: Vec<&str> = arguments.split(", ").collect();
    let file = || {
        let (_, name) = arguments[0].split_once('<')?;
        Some(path(name.trim_end_matches('>')))
    };
    let texts = || arguments.iter().filter(|text| text.starts_with('"')).map(|text| path(text.trim_matches('"')));
    Some(match name {
        "pwrite64" => Deed::Write {
            file: file()?,
            from: arguments[3].parse().ok()?,
            bytes: bytes(arguments[1].trim_matches('"')),
        },
        "fsync" | "fdatasync" => Deed::Sync(file()?),
        "ftruncate" => Deed::Resize { file: file()?, length: arguments[1].parse().ok()? },
        "openat" if call.contains("O_CREAT") => Deed::Create(texts().next()?),
        "unlink" | "unlinkat" => Deed::Remove(texts().next()?),
        "rename" | "renameat" | "renameat2" => Deed::Rename { from: texts().next()?, to: texts().nth(1)? },
        _ => return None,
    })
}

fn path(hex: &str) -> PathBuf {
    String::from_utf8(bytes(hex)).unwrap().into()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.split("\\x").skip(1);
    digits.map(|two| u8::from_str_radix(two, 16).unwrap()).collect()
}

/// The files of a folder: what is certain of each, and what was done since.
#[derive(Clone, Default)]
pub struct Disk {
    folder: PathBuf,
    /// Under which name a file can be found.
    names: BTreeMap<PathBuf, usize>,
    /// The same as the folder was last synced.
    safe_names: BTreeMap<PathBuf, usize>,
    files: Vec<Kept>,
}

#[derive(Clone, Default)]
struct Kept {
    safe: Vec<u8>,
    since: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Resize(usize),
}

impl Change {
    fn lay_over(&self, content: &mut Vec<u8>, mut is_kept: impl FnMut() -> bool) {
        match self {
            Self::Resize(length) => {
                if is_kept() {
                    content.resize(*length, 0);
                }
            }
            Self::Write(from, bytes) => {
                for (index, sector) in bytes.chunks(SECTOR).enumerate() {
                    if !is_kept() {
                        continue;
                    }
                    let at = from + index * SECTOR;
                    if content.len() < at + sector.len() {
                        content.resize(at + sector.len(), 0);
                    }
                    content[at..at + sector.len()].copy_from_slice(sector);
                }
            }
        }
    }
}

impl Disk {
    /// As the folder is now, all of it certain.
    pub fn of(folder: &Path) -> Self {
        let mut disk = Self { folder: folder.to_owned(), ..Self::default() };
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|one| one.path().is_file()) {
            disk.names.insert(entry.path(), disk.files.len());
            disk.files.push(Kept { safe: fs::read(entry.path()).unwrap(), since: Vec::new() });
        }
        disk.safe_names = disk.names.clone();
        disk
    }

    /// `is_heard`: whether the disk does what a sync of this file asks for.
    pub fn goes_on(&mut self, deed: &Deed, is_heard: impl Fn(&Path) -> bool) {
        match deed {
            Deed::Create(file) if file.parent() == Some(&self.folder) && !self.names.contains_key(file) => {
                self.names.insert(file.clone(), self.files.len());
                self.files.push(Kept::default());
            }
            Deed::Create(_) => {}
            Deed::Write { file, from, bytes } => self.change(file, Change::Write(*from, bytes.clone())),
            Deed::Resize { file, length } => self.change(file, Change::Resize(*length)),
            Deed::Sync(file) if *file == self.folder => self.safe_names = self.names.clone(),
            Deed::Sync(file) => {
                if let Some(index) = self.names.get(file).filter(|_| is_heard(file)) {
                    let Kept { safe, since } = &mut self.files[*index];
                    since.drain(..).for_each(|change| change.lay_over(safe, || true));
                }
            }
            Deed::Remove(file) => drop(self.names.remove(file)),
            Deed::Rename { from, to } => {
                if let Some(index) = self.names.remove(from) {
                    self.names.insert(to.clone(), index);
                }
            }
        }
    }

    fn change(&mut self, file: &Path, change: Change) {
        if let Some(index) = self.names.get(file) {
            self.files[*index].since.push(change);
        }
    }

    /// Writes what is left of it: all that is certain, and of the rest each sector as `is_kept` says.
    pub fn after_a_cut(&self, to: &Path, mut is_kept: impl FnMut() -> bool) {
        let names = if is_kept() { &self.names } else { &self.safe_names };
        for (name, index) in names {
            let Kept { safe, since } = &self.files[*index];
            let mut content = safe.clone();
            since.iter().for_each(|change| change.lay_over(&mut content, &mut is_kept));
            let file = to.join(name.file_name().unwrap());
            fs::write(&file, content).unwrap();
            fs::set_permissions(file, Permissions::from_mode(0o600)).unwrap();
        }
    }
}

#[test]
fn a_log_is_read_as_strace_writes_it() {
    let hex = |text: &str| text.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let (db, log) = (hex("/d/db"), hex("/d/db-wal"));
    let written = [
        format!("7  1700000000.000001 openat(AT_FDCWD<{db}>, \"{log}\", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = 9<{log}>"),
        format!("7  1700000000.000002 pwrite64(9<{log}>, \"{}\", 3, 32 <unfinished ...>", hex("a, ")),
        format!("8  1700000000.000003 fdatasync(5<{db}>) = -1 EIO (Input/output error)"),
        "7  1700000000.000004 <... pwrite64 resumed>) = 3".to_owned(),
        format!("7  1700000000.000005 fdatasync(9<{log}>) = 0"),
        format!("7  1700000000.000006 rename(\"{log}\", \"{db}\") = 0"),
        "7  1700000000.000007 +++ exited with 0 +++".to_owned(),
    ];
    let read = read(&written.join("\n"));
    let file = PathBuf::from("/d/db-wal");
    let expected = [
        (1, Deed::Create(file.clone())),
        (2, Deed::Write { file: file.clone(), from: 32, bytes: b"a, ".to_vec() }),
        (5, Deed::Sync(file.clone())),
        (6, Deed::Rename { from: file, to: "/d/db".into() }),
    ];
    let read: Vec<_> = read.into_iter().map(|done| (done.at_us - 1_700_000_000_000_000, done.deed)).collect();
    assert_eq!(read, expected);
}

#[test]
fn a_disk_keeps_what_was_synced_and_some_of_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("db");
    fs::write(&file, [b'0'; 1024]).unwrap();
    let mut disk = Disk::of(folder.path());
    let write = |letter, from| Deed::Write { file: file.clone(), from, bytes: vec![letter; 1024] };
    disk.goes_on(&write(b'1', 0), |_| true);
    disk.goes_on(&Deed::Sync(file.clone()), |_| true);
    disk.goes_on(&write(b'2', 512), |_| true);
    disk.goes_on(&Deed::Create(folder.path().join("new")), |_| true);
    let left = |is_kept: fn(usize) -> bool| {
        let (to, mut asked) = (tempfile::tempdir().unwrap(), 0);
        disk.after_a_cut(to.path(), || {
            asked += 1;
            is_kept(asked)
        });
        (fs::read(to.path().join("db")).unwrap(), to.path().join("new").exists())
    };
    assert_eq!(left(|_| false), (vec![b'1'; 1024], false));
    assert_eq!(left(|_| true), ([vec![b'1'; 512], vec![b'2'; 1024]].concat(), true));
    assert_eq!(left(|asked| asked == 3), ([vec![b'1'; 1024], vec![b'2'; 512]].concat(), false));
}
