//! What keeps the program from starting is said so that its owner can mend it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;

use crate::program::{Business, ringcard};
use crate::sighup::{FIRST, puts};

/// Somebody who may do nothing.
const NOBODY: u32 = 65_534;

fn said(command: &mut std::process::Command) -> String {
    let output = command.arg("serve").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_encrypted_private_key_is_named_as_such() {
    let business = Business::opens();
    let locked = FIRST[1].replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let old = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----";
    for key in [locked.as_str(), old] {
        puts(&business, [FIRST[0], key]);
        let [cert, key] = ["tls.crt", "tls.key"].map(|name| business.data.path().join(name));
        let said = said(ringcard(business.data.path()).env("RINGCARD_TLS_CERT", cert).env("RINGCARD_TLS_KEY", key));
        assert!(said.contains("tls.key is encrypted"), "{said}");
    }
}

#[test]
fn a_file_that_may_not_be_written_is_named() {
    let business = Business::opens();
    let data = business.data.path();
    fs::set_permissions(data, Permissions::from_mode(0o777)).unwrap();
    let _ = fs::remove_file(data.join("ringcard.db.lock"));
    for entry in fs::read_dir(data).unwrap() {
        fs::set_permissions(entry.unwrap().path(), Permissions::from_mode(0o444)).unwrap();
    }
    let mut program = ringcard(data);
    if fs::metadata(data).unwrap().uid() == 0 {
        // Root may write what it likes.
        program.uid(NOBODY).gid(NOBODY);
    }
    let said = said(&mut program);
    assert!(said.contains("ringcard.db may not be written"), "{said}");
}
