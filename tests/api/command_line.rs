//! The commands as an owner types them: what they print, and how they end.

use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const SETTINGS: &str = r#"{"url": "http://127.0.0.1:9/sys/crm_api.wcgp", "token": "planted-secret-of-the-pbx"}"#;

struct Owner {
    _kept: TempDir,
    /// Not there yet.
    data: PathBuf,
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Owner {
    fn new() -> Self {
        let kept = tempfile::tempdir().unwrap();
        Self { data: kept.path().join("data"), _kept: kept }
    }

    fn dir(&self) -> &Path {
        &self.data
    }

    fn types(&self, line: &[&str]) -> Said {
        self.types_with(line, "")
    }

    fn types_with(&self, line: &[&str], stdin: &str) -> Said {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ringcard"))
            .env_clear()
            .env("RINGCARD_DATA_DIR", self.dir())
            .args(line)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that refuses its arguments does not read.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Said { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
    }

    fn connects(&self) -> Said {
        self.types_with(&["integration", "add", "cloud-pbx", "main", "--settings", "-"], SETTINGS)
    }
}

#[test]
fn people_are_added_listed_and_disabled() {
    let owner = Owner::new();
    assert_eq!(owner.connects().code, 0);
    let add =
        ["user", "add", "anna", "--role", "operator", "--name", "Анна", "--line", "main=andy", "--password-stdin"];
    let added = owner.types_with(&add, "correct horse\n");
    assert_eq!((added.code, added.err.as_str()), (0, ""));
    let user: Value = serde_json::from_str(&added.out).unwrap();
    assert_eq!((&user["login"], &user["lines"][0]["account"]), (&Value::from("anna"), &Value::from("andy")));
    assert_eq!(owner.types(&["user", "list"]).out, "anna\toperator\tАнна\tmain=andy\n");
    assert_eq!(owner.types_with(&["user", "passwd", "ANNA", "--password-stdin"], "another horse\n").code, 0);
    assert_eq!(owner.types(&["user", "disable", "anna"]).code, 0);
    assert_eq!(owner.types(&["user", "list"]).out, "");
}

#[test]
fn a_failure_is_one_clear_line_and_code_1() {
    let owner = Owner::new();
    let add = ["user", "add", "anna", "--role", "operator", "--password-stdin"];
    for (line, stdin, sentence) in [
        (add.as_slice(), "short\n", "ringcard: password: use at least 8 characters\n"),
        (add.as_slice(), "", "ringcard: no password on standard input\n"),
        (&["user", "disable", "nobody"], "", "ringcard: no such user\n"),
        (&["--log", "[", "user", "list"], "", "ringcard: RINGCARD_LOG is no tracing filter: "),
        (&["--database-url", "mysql://x", "check"], "", "ringcard: RINGCARD_DATABASE_URL: "),
        (&["--tls-cert", "c.pem", "check"], "", "ringcard: RINGCARD_TLS_CERT and RINGCARD_TLS_KEY go together"),
        (&["healthcheck", "--listen", "127.0.0.1:9"], "", "ringcard: http://127.0.0.1:9/readyz does not answer"),
    ] {
        let said = owner.types_with(line, stdin);
        assert_eq!(said.code, 1, "{line:?}: {}", said.err);
        assert!(said.err.starts_with(sentence) && said.err.lines().count() == 1, "{line:?}: {}", said.err);
    }
}

#[test]
fn bad_usage_is_code_2() {
    let owner = Owner::new();
    for line in [
        &["user", "add", "anna"][..],
        &["dance"],
        &["--listen", "nowhere", "check"],
        &["--base-url", "crm.example", "check"],
        &["--base-url", "https://crm.example/ringcard", "check"],
        &["--trusted-proxies", "10.0.0.0/64", "check"],
        &["--default-region", "Russia", "check"],
    ] {
        assert_eq!(owner.types(line).code, 2, "{line:?}");
    }
    assert_eq!(owner.types(&["--help"]).code, 0);
    assert!(!owner.dir().exists(), "nothing was made");
}

#[test]
fn check_masks_secrets_and_tries_every_integration() {
    let owner = Owner::new();
    let fresh = owner.types(&["check"]);
    assert_eq!(fresh.code, 0, "{}", fresh.err);
    assert!(fresh.out.contains("integrations              none"), "{}", fresh.out);
    assert_eq!(owner.connects().code, 0);
    let tried = owner.types(&["check"]);
    assert_eq!((tried.code, tried.err.as_str()), (1, "ringcard: 1 of the checks failed\n"));
    assert!(tried.out.contains("\nmain                      FAILED: the PBX cannot be reached"), "{}", tried.out);
    let masked = owner.types(&["--database-url", "postgres://crm:planted@127.0.0.1:9/db?password=planted", "check"]);
    assert_eq!(masked.code, 1);
    assert!(masked.out.contains("postgres://***@127.0.0.1:9/db\n"), "{}", masked.out);
    assert!(!format!("{}{}", masked.out, masked.err).contains("planted"), "{}{}", masked.out, masked.err);
}

#[test]
fn r39_secrets_are_useless_without_their_key_file() {
    let owner = Owner::new();
    assert_eq!(owner.connects().code, 0);
    let key_file = owner.dir().join("secret.key");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&key_file), mode(owner.dir())), (0o600, 0o700));
    for file in std::fs::read_dir(owner.dir()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(14).any(|part| part == b"planted-secret"), "in the clear on the disk");
    }

    let key = std::fs::read_to_string(&key_file).unwrap();
    let other_key = format!("{}{}", if key.starts_with('A') { 'B' } else { 'A' }, &key[1..]);
    for (content, what) in [
        (None, "is missing, and the store holds secrets encrypted with it"),
        (Some(other_key.as_str()), "is not the one that the store's secrets are encrypted with"),
        (Some("nonsense"), "is no key file: 32 bytes in base64 are needed"),
    ] {
        let _ = std::fs::remove_file(&key_file);
        if let Some(content) = content {
            std::fs::write(&key_file, content).unwrap();
            std::fs::set_permissions(&key_file, Permissions::from_mode(0o600)).unwrap();
        }
        for line in [&["serve", "--listen", "127.0.0.1:0"][..], &["integration", "check", "main"]] {
            let said = owner.types(line);
            assert_eq!(said.code, 1, "{what}");
            assert!(said.err.contains(what) && said.err.lines().count() == 1, "{what}: {}", said.err);
        }
        assert_eq!(std::fs::read_to_string(&key_file).ok().as_deref(), content, "never a new key");
    }

    // The key is lost for good: what it encrypted goes, and a new one may be made.
    let _ = std::fs::remove_file(&key_file);
    assert_eq!(owner.types(&["integration", "remove", "main"]).code, 0);
    assert_eq!(owner.connects().code, 0);
    assert_ne!(std::fs::read_to_string(&key_file).unwrap(), key);
}

#[test]
fn every_flag_has_an_environment_twin() {
    let commands: [&[&str]; 8] = [
        &[],
        &["serve"],
        &["demo"],
        &["simulate"],
        &["user", "add"],
        &["user", "passwd"],
        &["integration", "add"],
        &["check"],
    ];
    let mut without = Vec::new();
    for command in commands {
        let help = Owner::new().types(&[command, &["--help"]].concat()).out;
        let mut flags: Vec<(String, bool)> = Vec::new();
        for line in help.lines() {
            if let Some(at) = line.find("--").filter(|at| line[..*at].chars().all(|c| " -,h".contains(c))) {
                let name = line[at..].split([' ', '=']).next().unwrap_or_default();
                flags.push((format!("{command:?} {name}"), false));
            }
            if let (Some(last), true) = (flags.last_mut(), line.contains("[env: RINGCARD_")) {
                last.1 = true;
            }
        }
        assert!(flags.len() > 3, "the help of {command:?} lists its flags:\n{help}");
        without.extend(flags.into_iter().filter(|(name, has)| !has && !name.ends_with("--help")).map(|(name, _)| name));
    }
    assert_eq!(without, Vec::<String>::new());
}
