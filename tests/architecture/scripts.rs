//! The pages' modules: what of a script is code, what it imports, and which of them may know which.

use crate::{Source, assert_none, lines, planted, tree};

/// What each folder of `static/` may use beside itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("pages", &["card", "live", "ui", "core", "vendor"]),
    ("card", &["live", "ui", "core", "vendor"]),
    ("live", &["core", "vendor"]),
    ("ui", &["core", "vendor"]),
    ("core", &["i18n", "vendor"]),
    ("i18n", &[]),
];

pub fn ours(mut sources: Vec<Source>) -> Vec<Source> {
    sources.retain(|source| !source.path.starts_with("vendor/"));
    sources
}

/// The lines that hold code, without comments: those that begin a line, or stand after a space.
pub fn code(text: &str) -> Vec<String> {
    let mut is_comment = false;
    let mut code = Vec::new();
    for line in lines(text) {
        let mut kept = String::new();
        let mut before = " ";
        for word in line.split_inclusive([' ', '(']) {
            if !is_comment && before.ends_with([' ', '(']) && word.starts_with("//") {
                break;
            }
            is_comment |= before.ends_with([' ', '(']) && word.starts_with("/*");
            if !is_comment {
                kept.push_str(word);
            }
            is_comment &= !word.contains("*/");
            before = word;
        }
        code.extend(Some(kept).filter(|kept| !kept.trim().is_empty()));
    }
    code
}

/// Each import as (file, file), of whatever form: what stands between quotes after one of these, and begins with a dot.
pub fn imports(sources: &[Source]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for source in sources {
        let code = code(&source.text).join("\n").replace('"', "'");
        for opening in ["from '", "import '", "import('", "URL('"] {
            let texts = code.split(opening).skip(1).filter_map(|rest| rest.split('\'').next());
            for text in texts.filter(|text| text.starts_with('.') && text.ends_with("js")) {
                let mut parts: Vec<&str> = source.path.split('/').collect();
                parts.pop();
                for part in text.split('/').filter(|part| *part != ".") {
                    match part {
                        ".." => parts.truncate(parts.len().saturating_sub(1)),
                        _ => parts.push(part),
                    }
                }
                all.push((source.path.clone(), parts.join("/")));
            }
        }
    }
    all
}

fn wrong_arrows(sources: &[Source]) -> Vec<String> {
    let layer = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    let allowed =
        |path: &str| LAYERS.iter().find(|(name, _)| path.starts_with(&format!("{name}/"))).map(|(_, used)| used);
    let strays = sources.iter().filter(|source| allowed(&source.path).is_none());
    let mut wrong: Vec<String> = strays.map(|source| format!("{} stands in no layer", source.path)).collect();
    for (from, to) in imports(sources) {
        let [from_folder, to_folder] = [&from, &to].map(|path| &path[..=path.rfind('/').unwrap_or_default()]);
        // A page loads its views, and a view may use what its page shares; views do not know each other.
        let is_family = from_folder.starts_with(to_folder) || to_folder.starts_with(from_folder);
        let is_same = layer(&from) == layer(&to) && (layer(&from) != "pages" || is_family);
        if !is_same && !allowed(&from).is_some_and(|used| used.contains(&layer(&to).as_str())) {
            wrong.push(format!("{from} uses {to}"));
        }
    }
    wrong
}

#[test]
fn scripts_know_only_what_stands_below_them() {
    assert_none(&wrong_arrows(&ours(tree("static", ".js"))));
}

#[test]
fn what_looks_for_forbidden_imports_finds_them() {
    let sources = planted(
        "boot.js:
         core/api.js: import '../i18n/ru.js'
         new Worker(new URL('../live/w.js', import.meta.url))
         /** @type {import('../live/types.js').A} */
         x = 'image/*' /* import('../live/a.js') */ // from '../live/b.js'
         ui/menu.js: import { html } from '../core/html.js'
         export * from \"../live/live.js\"
         pages/desk/calls/list.js: import '../frame.js'
         import x from '../../card/page.js'
         import {
         y } from '../missed/a.js'
         pages/desk/main.js: import('./calls/list.js'); html`it's ${() => import('../../card/head.js')}`",
    );
    let faults = "
        boot.js stands in no layer
        core/api.js uses live/w.js
        ui/menu.js uses live/live.js
        pages/desk/calls/list.js uses pages/card/page.js
        pages/desk/calls/list.js uses pages/desk/missed/a.js";
    assert_eq!(wrong_arrows(&sources), lines(faults));
    let text = "a() // b\n\n/* c\n d */\n/** e */ f(/* g */ 1)\n// h\nconst i = 'http://j/*'";
    assert_eq!(code(text), ["a() ", "f(1)", "const i = 'http://j/*'"].map(|line| line.to_owned()));
}
