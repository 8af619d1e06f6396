//! The house's rules, read off the source. Each is a function from files to faults, shown beside it to find a planted one.

#![expect(clippy::unwrap_used, reason = "a test may stop at once")]

mod circles;
mod code;
mod contracts;
mod dependencies;
mod imports;
mod layers;
mod map;
mod requirements;
mod scripts;
mod sizes;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the tree, or one that a test made up.
pub struct Source {
    pub path: String,
    pub text: String,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder whose name ends so, with its path from that folder.
pub fn tree(folder: &str, ending: &str) -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let folder = root().join(folder);
    let mut found = Vec::new();
    walk(&folder, &mut found);
    found.sort();
    found.retain(|path| path.to_str().unwrap().ends_with(ending) && !path.iter().any(|part| part == "node_modules"));
    let read = |path: &PathBuf| Source {
        path: path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned(),
        text: fs::read_to_string(path).unwrap(),
    };
    found.iter().map(read).collect()
}

/// The program's own files, by their paths under `src/`.
pub fn program() -> Vec<Source> {
    let found = tree("src", ".rs");
    assert!(found.len() > 100, "the walk found the program's files");
    found
}

/// Files that a test makes up: each begins with a line `path: text`, and goes on in lines without a path.
pub fn planted(text: &str) -> Vec<Source> {
    let mut files: Vec<Source> = Vec::new();
    for line in lines(text) {
        match line.split_once(':').filter(|(path, _)| path.ends_with(".rs") || path.ends_with("js")) {
            Some((path, text)) => files.push(Source { path: path.to_owned(), text: text.trim_start().to_owned() }),
            None => files.last_mut().unwrap().text += &format!("\n{line}"),
        }
    }
    files
}

pub fn lines(text: &str) -> Vec<&str> {
    text.trim().lines().map(str::trim).collect()
}

#[track_caller]
pub fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} against the rule:\n{}", faults.len(), faults.join("\n"));
}
