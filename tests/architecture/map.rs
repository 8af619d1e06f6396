//! `ARCHITECTURE.md` is the map: one that can be read at once, and on which every place exists.

use std::fs;

use crate::imports::Modules;
use crate::{Source, assert_none, planted, program, root};

const MOST_LINES: usize = 120;

fn faults(map: &str, sources: &[Source], is_there: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    if map.lines().count() > MOST_LINES {
        wrong.push(format!("{} lines", map.lines().count()));
    }
    let modules = Modules::of(sources);
    // Between fences stands a drawing; a route begins with a slash.
    let prose: String = map.split("```").step_by(2).collect();
    for place in prose.split('`').skip(1).step_by(2).filter(|place| !place.starts_with('/') && !place.contains(' ')) {
        let (path, item) = place.split_once("::").map_or((place, ""), |(path, item)| (path, item));
        let is_file = path.contains('/') || [".rs", ".md", ".sql", ".toml"].iter().any(|end| path.ends_with(end));
        let module: Vec<String> = place.split("::").map(str::to_owned).collect();
        let says =
            |file: &str, name: &str| sources.iter().any(|source| source.path == file && source.text.contains(name));
        let exists = if is_file {
            is_there(path) && (item.is_empty() || says(path, item))
        } else {
            let is_ours = !item.is_empty() && modules.file(&module[..1]) != modules.file(&[]);
            !is_ours
                || modules.file(&module).is_some_and(|file| {
                    let name = module.last().unwrap();
                    file.trim_end_matches("/mod.rs").trim_end_matches(".rs").ends_with(name.as_str())
                        || says(file, name)
                })
        };
        if !exists {
            wrong.push(format!("`{place}` is not there"));
        }
    }
    wrong
}

#[test]
fn the_map_is_short_and_every_place_on_it_exists() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let is_there = |path: &str| ["", "src", "static"].iter().any(|base| root().join(base).join(path).exists());
    assert_none(&faults(&map, &program(), &is_there));
}

#[test]
fn what_reads_the_map_finds_what_is_not_there() {
    let sources = planted("lib.rs:\napp/mod.rs: struct App\napp/calls.rs: fn hear() {}");
    let is_there = |path: &str| ["app/", "app/calls.rs"].contains(&path);
    let map =
        "`app/` `app/calls.rs::hear` `app::calls` `app::calls::hear` `Tx::turns` `/api/x` `a b/c`\n```\n`x/y`\n```\n";
    assert_eq!(faults(map, &sources, &is_there), Vec::<String>::new());
    let wrong =
        "`app/desk/` `config.rs` `app/calls.rs::row` `app::desk` `app::calls::row`".to_owned() + &"\n".repeat(121);
    assert_eq!(faults(&wrong, &sources, &is_there).len(), 6);
}
