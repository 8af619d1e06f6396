//! What the program is given to run with.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// systemd counts what a service might still do, from 0 to 10 (here in tenths).
#[test]
fn the_unit_of_systemd_leaves_the_program_little() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/ringcard.service");
    let judge = ["security", "--offline=true", "--threshold=20", "--no-pager"];
    let judged = Command::new("systemd-analyze").args(judge).arg(unit).output().unwrap();
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
}

#[test]
#[ignore = "needs podman"]
fn the_container_is_built_and_keeps_its_data() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/container.sh");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let done = Command::new(script).args([env!("CARGO_BIN_EXE_ringcard"), &port.to_string()]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
