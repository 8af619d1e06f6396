//! Who may know whom: the layers of `src/`, and the rooms of `app/` among themselves.

use crate::imports::{Modules, Named, named};
use crate::{Source, assert_none, lines, planted, program};

/// What each layer may use beside itself. `error`, `clock` and `config` are leaves.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("error", &["domain"]),
    ("clock", &[]),
    ("config", &[]),
    ("pbx", &["domain"]),
    ("telephony", &["domain", "error", "config", "clock"]),
    ("store", &["domain", "error"]),
    ("live", &["domain"]),
    ("app", &["store", "telephony", "domain", "error", "clock", "config"]),
    ("http", &["app", "pbx", "live", "domain", "error", "config"]),
    ("jobs", &["app"]),
    ("server", &["app", "http", "jobs", "live", "store", "error", "clock", "config"]),
    ("simulator", &["clock", "domain"]),
    ("cli", &["server", "simulator", "app", "store", "domain", "error", "clock", "config"]),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// The rooms of `app/`, from the highest to the lowest: imports go down only, and never along a line.
/// What plans the outbox stands below the calls, what delivers it above them.
const ROOMS: &[&[&str]] = &[
    &["dialling", "reports", "upkeep"],
    &["desk", "pushes", "outbox"],
    &["calls"],
    &["outbox::plan", "clients"],
    &["reasons"],
    &["integrations", "people", "recordings", "settings"],
    &["secrets"],
    &["change", "directory", "token", "audit"],
    &["memory"],
];

/// What all rooms may use; `App` itself uses little, and the test of circles holds apart what it does use.
const FOR_ALL: &[&str] = &["mod", "directory"];
const OF_APP: &[&str] = &["memory", "directory"];

/// The outside systems, of which none knows another.
const SYSTEMS: &[&str] = &["cloud_pbx", "sipsim", "uis", "mango"];

/// What makes an error with a code or a field of the API's.
const COINED: &[&str] = &["Error::conflict", "Error::Conflict", "Error::field", "Error::Invalid"];

/// The path's part at this depth, be it a folder or a file.
fn part(path: &str, depth: usize) -> &str {
    path.split('/').nth(depth).unwrap_or_default().trim_end_matches(".rs")
}

fn room(path: &str) -> &str {
    match (part(path, 1), part(path, 2)) {
        ("outbox", "plan") => "outbox::plan",
        (room, _) => room,
    }
}

fn is_layer_allowed(from: &str, to: &str) -> bool {
    let (above, below) = (part(from, 0), part(to, 0));
    above == below || ARROWS.iter().any(|(layer, allowed)| *layer == above && allowed.contains(&below))
}

fn is_room_allowed(from: &str, to: &str) -> bool {
    let (above, below) = (room(from), room(to));
    let height = |name: &str| ROOMS.iter().position(|line| line.contains(&name));
    match (above, below) {
        // A room's own `mod.rs` says what is in it; `outbox` is a room in two parts.
        (same, other) if same == other => true,
        (_, shared) if FOR_ALL.contains(&shared) => true,
        ("mod", used) => OF_APP.contains(&used),
        _ => height(above).zip(height(below)).is_some_and(|(above, below)| above < below),
    }
}

fn forbidden(named: &[Named]) -> Vec<String> {
    let mut wrong = Vec::new();
    for Named { from, to, path } in named {
        let Some(to) = to else { continue };
        let are_both = |layer: &str| part(from, 0) == layer && part(to, 0) == layer;
        let is_system = |file: &str| SYSTEMS.contains(&part(file, 1));
        let is_wrong = !is_layer_allowed(from, to)
            || are_both("app") && !is_room_allowed(from, to)
            || are_both("telephony") && is_system(from) && is_system(to) && part(from, 1) != part(to, 1)
            || part(from, 0) == "simulator" && part(to, 0) == "domain" && to != "domain/phone.rs"
            // A code that other software reads is coined above: the store says what was in the way.
            || part(from, 0) == "store" && COINED.iter().any(|coined| path.ends_with(coined));
        if is_wrong {
            wrong.push(format!("{from} uses {path} of {to}"));
        }
    }
    // One import of a file says it all.
    wrong.dedup_by_key(|fault| {
        (fault.split(" uses ").next().map(str::to_owned), fault.rsplit(' ').next().map(str::to_owned))
    });
    wrong
}

fn forbidden_in(sources: &[Source]) -> Vec<String> {
    let mut wrong = forbidden(&named(sources, &Modules::of(sources)));
    for source in sources {
        let is_room_known = ROOMS.iter().flat_map(|line| line.iter()).any(|name| *name == part(&source.path, 1));
        if !ARROWS.iter().any(|(layer, _)| *layer == part(&source.path, 0)) {
            wrong.push(format!("{} stands in no layer", source.path));
        } else if part(&source.path, 0) == "app" && part(&source.path, 1) != "mod" && !is_room_known {
            wrong.push(format!("{} stands in no room", source.path));
        }
    }
    wrong
}

#[test]
fn layers_and_rooms_know_only_what_stands_below_them() {
    assert_none(&forbidden_in(&program()));
}

#[test]
fn what_looks_for_forbidden_arrows_finds_them() {
    let sources = planted(
        "lib.rs:
         error.rs:
         new/mod.rs:
         domain/mod.rs: use crate::{error, domain::phone};
         domain/phone.rs:
         domain/call.rs:
         store/mod.rs: fn a() { crate::app::calls::hear::b() }
         store/value.rs: use crate::error::Error; fn a() { Error::conflict(\"exists\"); Error::internal(1) }
         telephony/uis/mod.rs: use super::sipsim; use super::uis::other; use crate::store;
         telephony/sipsim.rs: mod inner { use super::super::http; }
         telephony/http.rs:
         simulator/mod.rs: use crate::domain::{call, phone};
         app/mod.rs: use crate::app::{calls::hear as first, directory, memory};
         app/attic.rs:
         app/calls/mod.rs:
         app/calls/hear.rs: use super::super::desk; use crate::app::{App, clients, directory, outbox::plan};
         app/clients/mod.rs: use crate::app::outbox::plan;
         app/desk/mod.rs: pub use crate::app::calls::hear; use crate::app::pushes;
         app/dialling.rs: use crate::app::{desk, outbox::lanes};
         app/directory.rs:
         app/memory.rs:
         app/outbox/mod.rs:
         app/outbox/plan.rs: use super::lanes;
         app/outbox/lanes.rs: use super::plan; use crate::app::calls;
         app/pushes.rs:",
    );
    let faults = "
        domain/mod.rs uses error of error.rs
        store/mod.rs uses app::calls::hear::b of app/calls/hear.rs
        store/value.rs uses error::Error::conflict of error.rs
        telephony/uis/mod.rs uses telephony::sipsim of telephony/sipsim.rs
        telephony/uis/mod.rs uses store of store/mod.rs
        simulator/mod.rs uses domain::call of domain/call.rs
        app/mod.rs uses app::calls::hear of app/calls/hear.rs
        app/calls/hear.rs uses app::desk of app/desk/mod.rs
        app/clients/mod.rs uses app::outbox::plan of app/outbox/plan.rs
        app/desk/mod.rs uses app::pushes of app/pushes.rs
        app/outbox/plan.rs uses app::outbox::lanes of app/outbox/lanes.rs
        new/mod.rs stands in no layer
        app/attic.rs stands in no room";
    assert_eq!(forbidden_in(&sources), lines(faults));
}
