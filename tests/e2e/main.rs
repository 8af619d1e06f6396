//! The pages in a real Chromium, before the real server: `cargo test --test e2e -- --ignored`.
//!
//! Node drives the browser (`*.test.mjs`); this file gives it the binary and turns its answer into a test's.
//! `CHROMIUM` names another browser than `/usr/bin/chromium`.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e");

/// One browser at a time: the tests measure seconds.
static TURN: Mutex<()> = Mutex::new(());

#[test]
#[ignore = "needs Chromium and Node"]
fn the_pages_work_at_a_loopback_address() {
    drive_browser("test", "127.0.0.1");
}

/// Here browsers have no secure context: no clipboard, notifications, service worker. The pages that would use them.
#[test]
#[ignore = "needs Chromium and Node"]
fn the_pages_work_over_plain_http_at_a_host_name() {
    drive_browser("plain", "crm.lan");
}

#[test]
#[ignore = "needs Chromium and Node"]
fn the_front_end_has_no_type_errors() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    install();
    run(Command::new("npm").args(["run", "--silent", "check"]));
}

/// Runs a script of `package.json`.
fn drive_browser(script: &str, host: &str) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    install();
    let binary = env!("CARGO_BIN_EXE_ringcard");
    run(Command::new("npm")
        .args(["run", "--silent", script])
        .env("RINGCARD_BINARY", binary)
        .env("RINGCARD_E2E_HOST", host));
}

/// What `package-lock.json` names, once.
fn install() {
    if !Path::new(FOLDER).join("node_modules").exists() {
        run(Command::new("npm").args(["ci", "--silent"]));
    }
}

fn run(command: &mut Command) {
    match command.current_dir(FOLDER).status() {
        Ok(status) => assert!(status.success(), "{command:?} ended with {status}"),
        Err(error) => panic!("{command:?} cannot be run: {error}"),
    }
}
