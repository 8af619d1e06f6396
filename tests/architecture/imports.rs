//! Which file knows which: every form of import, and every path that code names without one.

use std::collections::BTreeMap;

use crate::Source;
use crate::code::Code;

type Path = Vec<String>;

/// A path that a file names, its aliases undone: from the root of our own crate, or from another's name.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub from: String,
    /// The file of ours that it leads to.
    pub to: Option<String>,
    pub path: String,
}

/// Where modules and exported macros stand.
pub struct Modules {
    files: BTreeMap<Path, String>,
    macros: BTreeMap<String, String>,
}

impl Modules {
    pub fn of(sources: &[Source]) -> Self {
        let mut modules = Self { files: BTreeMap::new(), macros: BTreeMap::new() };
        for source in sources {
            if source.path != "main.rs" {
                modules.files.insert(module_of(&source.path), source.path.clone());
            }
            let mut words =
                source.text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
            while words.any(|word| word == "macro_export") {
                let name = words.by_ref().skip_while(|word| *word != "macro_rules").nth(1);
                modules.macros.extend(name.map(|name| (name.to_owned(), source.path.clone())));
            }
        }
        modules
    }

    /// The file in which a path from the crate's root ends.
    pub fn file(&self, path: &[String]) -> Option<&String> {
        let known = (1..=path.len()).rev().find_map(|length| self.files.get(&path[..length]));
        known.or_else(|| self.macros.get(path.first()?)).or_else(|| self.files.get(&[][..]))
    }
}

fn module_of(path: &str) -> Path {
    let parts = path.trim_end_matches(".rs").split('/').map(str::to_owned);
    let mut parts: Path = parts.collect();
    if parts.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        parts.pop();
    }
    parts
}

/// What the files name; `modules` are those of `src/`, where tests of other folders may look too.
pub fn named(sources: &[Source], modules: &Modules) -> Vec<Named> {
    let mut all = Vec::new();
    for source in sources {
        let tokens = Code::read(&source.text).tokens;
        let mut reader = Reader { tokens: &tokens, modules, known: BTreeMap::new(), found: Vec::new() };
        // An alias may be used above its import, and an import may begin with an alias.
        for _ in 0..2 {
            reader.found.clear();
            reader.read(&module_of(&source.path));
        }
        for path in std::mem::take(&mut reader.found) {
            let (to, path) = match path.split_first() {
                Some((head, rest)) if head == "crate" => (modules.file(rest).cloned(), rest),
                _ => (None, &path[..]),
            };
            if to.as_ref() != Some(&source.path) {
                let named = Named { from: source.path.clone(), to, path: path.join("::") };
                if !all.contains(&named) {
                    all.push(named);
                }
            }
        }
    }
    all
}

struct Reader<'a> {
    tokens: &'a [String],
    modules: &'a Modules,
    /// What a name stands for in this file.
    known: BTreeMap<String, Path>,
    found: Vec<Path>,
}

impl Reader<'_> {
    fn token(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", String::as_str)
    }

    fn read(&mut self, module: &Path) {
        // Inside `mod name { … }` another `super` holds; each with the depth of brackets at which it ends.
        let mut inner: Vec<(String, usize)> = Vec::new();
        let (mut depth, mut at) = (0, 0);
        while at < self.tokens.len() {
            let here: Path = module.iter().cloned().chain(inner.iter().map(|(name, _)| name.clone())).collect();
            match self.token(at) {
                "{" => depth += 1,
                "}" => {
                    depth -= 1;
                    inner.pop_if(|(_, end)| *end == depth);
                }
                "mod" if self.token(at + 2) == "{" => {
                    inner.push((self.token(at + 1).to_owned(), depth));
                    at += 1;
                }
                "use" if self.token(at + 1) != "<" => {
                    at = self.read_tree(at + 1, &here, Vec::new());
                    continue;
                }
                word if is_name(word) && self.token(at + 1) == "::" && self.begins_path(at) => {
                    let mut path = vec![word.to_owned()];
                    while self.token(at + 1) == "::" && is_name(self.token(at + 2)) {
                        at += 2;
                        path.push(self.token(at).to_owned());
                    }
                    self.found.extend(self.whole(&path, &here));
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn begins_path(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or("", |before| self.token(before));
        // `pub(in crate::app)` says who may look in.
        let is_visibility = before == "in" && self.token(at - 2) == "(";
        !is_visibility && before != "::"
    }

    /// Reads what follows `use`, or a part of it between braces; gives the place of the token after it.
    fn read_tree(&mut self, mut at: usize, here: &Path, mut path: Path) -> usize {
        loop {
            match self.token(at) {
                "::" => {}
                "{" => {
                    while self.token(at) != "}" {
                        at = self.read_tree(at + 1, here, path.clone());
                    }
                    return at + 1;
                }
                "," | ";" | "}" => return at,
                "*" => self.found.extend(self.whole(&path, here)),
                word => {
                    if word != "self" || path.is_empty() {
                        path.push(word.to_owned());
                    }
                    let is_renamed = self.token(at + 1) == "as";
                    if is_renamed || [",", ";", "}"].contains(&self.token(at + 1)) {
                        let name = if is_renamed { self.token(at + 2) } else { path.last().unwrap() }.to_owned();
                        if let Some(whole) = self.whole(&path, here) {
                            self.found.push(whole.clone());
                            self.known.insert(name, whole);
                        }
                        at += if is_renamed { 2 } else { 0 };
                    }
                }
            }
            at += 1;
        }
    }

    /// The path from the crate's root (then it begins with `crate`), or as it is: another crate's, or a type's here.
    fn whole(&self, path: &[String], here: &Path) -> Option<Path> {
        let (head, mut rest) = path.split_first()?;
        let mut base = vec!["crate".to_owned()];
        match head.as_str() {
            "crate" | "ringcard" => {}
            "self" | "super" => {
                base.extend(here.iter().cloned());
                base.truncate(base.len() - usize::from(head == "super"));
                while let Some(("super", after)) = rest.split_first().map(|(first, after)| (first.as_str(), after)) {
                    base.pop();
                    rest = after;
                }
            }
            name if self.modules.files.contains_key(&[here, &[name.to_owned()][..]].concat()) => {
                base.extend(here.iter().cloned());
                base.push(name.to_owned());
            }
            name => match self.known.get(name) {
                Some(known) => base = known.clone(),
                None => base = vec![name.to_owned()],
            },
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Code of `app/calls/mod.rs`, and the files that it leads to; another's crate stands in brackets.
#[cfg(test)]
const FORMS: &str = r#"
    use crate::store::value::{self, Value}; => store/value.rs
    use crate::{app::{desk, calls::{row::{Row, other}}}, store as kept}; => app/calls/row.rs app/desk.rs store/mod.rs
    use super::desk::View; => app/desk.rs
    use super::super::store::Tx; => store/mod.rs
    use super::*; => app/mod.rs
    pub(super) use self::row::Row as R; => app/calls/row.rs
    pub(in crate::store) fn a() -> super::App {} => app/mod.rs
    mod row; =>
    mod row; fn a() { row::read() } => app/calls/row.rs
    fn a() { let x: <A as crate::app::desk::B>::C = crate::params![1]; } => app/desk.rs store/value.rs
    use crate::store; fn a() { store::value::b() } => store/mod.rs store/value.rs
    fn a() { s::value::b() } use crate::store as s; => store/mod.rs store/value.rs
    mod inner { use super::row; use super::super::desk; } => app/calls/row.rs app/desk.rs
    mod inner { mod more { } fn a() {} } use super::desk; => app/desk.rs
    use ringcard::app::desk; use ::actix_web::{web, App as A}; => (actix_web::App) (actix_web::web) app/desk.rs
    use actix_web::web; fn a() { web::block() } => (actix_web::web) (actix_web::web::block)
    #[cfg(test)] mod tests { use crate::store; } fn after() { crate::app::desk::b() } => app/desk.rs
    fn a() -> impl B + use<'_> { "crate::store" } /* crate::store */ =>
"#;

#[test]
fn every_form_of_import_leads_to_its_file() {
    for (code, expected) in crate::lines(FORMS).into_iter().map(|line| line.split_once("=>").unwrap()) {
        let sources = crate::planted(&format!(
            "lib.rs:\napp/mod.rs:\napp/calls/row.rs:\napp/desk.rs:\nstore/mod.rs:\nmain.rs: fn m() {{ ringcard::app::run() }}
             store/value.rs: #[macro_export] macro_rules! params {{ () => {{ $crate::app::a() }} }}
             app/calls/mod.rs: {code}"
        ));
        let all = named(&sources, &Modules::of(&sources));
        let leads = |from: &str| {
            let mine = all.iter().filter(|named| named.from == from);
            let mut to: Vec<_> = mine.map(|one| one.to.clone().unwrap_or(format!("({})", one.path))).collect();
            to.sort();
            to.dedup();
            to
        };
        assert_eq!(leads("app/calls/mod.rs"), expected.split_whitespace().collect::<Vec<_>>(), "{code}");
        assert_eq!((leads("store/value.rs"), leads("main.rs")), (vec!["app/mod.rs".into()], vec!["app/mod.rs".into()]));
    }
}
