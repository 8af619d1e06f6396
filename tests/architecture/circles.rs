//! No circle of files: what a file knows never leads back to it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::imports::{Modules, named};
use crate::{Source, assert_none, planted, program, scripts, tree};

type Arrows = BTreeMap<String, BTreeSet<String>>;

pub fn arrows(pairs: impl IntoIterator<Item = (String, String)>) -> Arrows {
    let mut arrows = Arrows::new();
    for (from, to) in pairs {
        arrows.entry(from).or_default().insert(to);
    }
    arrows
}

/// The shortest way along the arrows, at least one long.
fn way(arrows: &Arrows, from: &str, to: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        for next in arrows.get(at).into_iter().flatten().map(String::as_str) {
            if !before.contains_key(next) {
                before.insert(next, at);
                queue.push_back(next);
            }
        }
    }
    let mut way = vec![to.to_owned()];
    loop {
        let last = *before.get(way.last()?.as_str())?;
        way.push(last.to_owned());
        if last == from {
            way.reverse();
            return Some(way);
        }
    }
}

/// Of each knot of files that all lead to each other, its size and its shortest circle.
fn circles(arrows: &Arrows) -> Vec<String> {
    let mut knots: BTreeMap<BTreeSet<&String>, Vec<String>> = BTreeMap::new();
    for file in arrows.keys() {
        let Some(circle) = way(arrows, file, file) else { continue };
        let returns = |other: &&String| way(arrows, file, other).is_some() && way(arrows, other, file).is_some();
        let knot = arrows.keys().filter(returns).collect();
        let shortest = knots.entry(knot).or_insert_with(|| circle.clone());
        if circle.len() < shortest.len() {
            *shortest = circle;
        }
    }
    knots.iter().map(|(knot, circle)| format!("{} files: {}", knot.len(), circle.join(" -> "))).collect()
}

fn rust_circles(sources: &[Source]) -> Vec<String> {
    let named = named(sources, &Modules::of(sources));
    circles(&arrows(named.into_iter().filter_map(|named| Some((named.from, named.to?)))))
}

#[test]
fn no_files_of_the_program_lead_to_each_other_in_a_circle() {
    assert_none(&rust_circles(&program()));
}

#[test]
fn no_files_of_the_pages_lead_to_each_other_in_a_circle() {
    assert_none(&circles(&arrows(scripts::imports(&scripts::ours(tree("static", ".js"))))));
}

#[test]
fn what_looks_for_circles_finds_the_shortest_of_each_knot() {
    let rust = planted(
        "lib.rs: pub mod a; pub mod b; pub mod c; pub mod d;
         a/mod.rs: mod deep; use crate::b;
         a/deep.rs: use super::A;
         b.rs: fn f() { crate::c::g() } // use crate::a;
         c.rs: use crate::{a, b as other};
         d.rs: use crate::a; #[cfg(test)] mod tests { use super::*; }",
    );
    assert_eq!(rust_circles(&rust), ["3 files: b.rs -> c.rs -> b.rs"]);
    let scripts = planted(
        "core/a.js: import { b } from '../ui/b.js'
         ui/b.js: const later = () => import('./c.js')
         ui/c.js: export { a } from '../core/a.js'
         ui/d.js: import './b.js'",
    );
    let found = circles(&arrows(scripts::imports(&scripts)));
    assert_eq!(found, ["3 files: core/a.js -> ui/b.js -> ui/c.js -> core/a.js"]);
}
