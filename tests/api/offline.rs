//! No test here reaches beyond this machine.

use std::process::Command;

/// All of these tests again, in a world that has nothing but loopback.
#[test]
#[ignore = "needs unshare and ip (Linux)"]
fn the_tests_need_no_network_but_loopback() {
    let alone = "ip link set lo up && exec \"$0\" --skip offline";
    let this = std::env::current_exe().unwrap();
    let output = Command::new("unshare").args(["--map-root-user", "--net", "sh", "-c", alone]).arg(this).output();
    let output = output.expect("unshare");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("test result: ok."), "{said}");
}
