//! The commands as an owner types them: what they print, and how they end.

use std::fs::Permissions;
use std::io::Write;
use std::net::TcpListener;
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
        self.types_where(&[], line, stdin)
    }

    /// With these variables exported.
    fn types_where(&self, exported: &[(&str, &str)], line: &[&str], stdin: &str) -> Said {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ringcard"))
            .env_clear()
            .env("RINGCARD_DATA_DIR", self.dir())
            .envs(exported.iter().copied())
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
    let reset = owner.types(&["user", "reset-second-factor", "anna"]);
    assert_eq!((reset.code, reset.err.trim()), (1, "ringcard: no such second factor"));
    assert_eq!(owner.types(&["user", "disable", "anna"]).code, 0);
    assert_eq!(owner.types(&["user", "list"]).out, "");
}

#[test]
fn contacts_leave_as_a_file_that_is_never_written_over() {
    let owner = Owner::new();
    assert_eq!(owner.types(&["fill", "--calls", "10", "--contacts", "3"]).code, 0);
    let printed = owner.types(&["contacts", "export", "-", "--lang", "ru"]);
    assert_eq!((printed.code, printed.err.as_str()), (0, ""));
    assert!(printed.out.starts_with("\u{feff}Имя;Компания;Телефоны;"), "{}", printed.out);
    let file = owner.dir().join("clients.csv");
    let line = ["contacts", "export", file.to_str().unwrap(), "--lang", "ru"];
    assert_eq!(owner.types(&line).code, 0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), printed.out);
    let again = owner.types(&line);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("clients.csv cannot be made"), "{}", again.err);
}

#[test]
fn contacts_come_in_as_a_file_once() {
    let owner = Owner::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("clients.csv");
    std::fs::write(&file, "ФИО;Телефон\nИванов;89101234567\nПетров;нет\n").unwrap();
    let line = ["contacts", "import", file.to_str().unwrap()];
    let said = owner.types(&line);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert_eq!(said.out, "1 made, 0 changed, 0 known already, 0 skipped, 1 refused\n");
    assert_eq!(owner.types(&line).out, "0 made, 0 changed, 1 known already, 0 skipped, 1 refused\n");
    let said = owner.types(&["contacts", "import", "nowhere.csv"]);
    assert_eq!((said.code, said.err.lines().count()), (1, 1), "{}", said.err);
    assert!(owner.types(&["contacts", "export", "-"]).out.contains("+79101234567"));
    // Our own files of every kind come in again: by their names, or by the flag.
    for (name, flags) in [
        ("a.vcf", vec![]),
        ("a.xlsx", vec![]),
        ("a.txt", vec!["--format", "vcard"]),
        ("b.txt", vec!["--format", "xlsx"]),
    ] {
        let file = folder.path().join(name);
        let path = file.to_str().unwrap();
        let said = owner.types(&[vec!["contacts", "export", path], flags].concat());
        assert_eq!((said.code, said.err.as_str()), (0, ""));
        let said = owner.types(&["contacts", "import", path]);
        assert_eq!(said.out, "0 made, 0 changed, 1 known already, 0 skipped, 0 refused\n", "{name}");
    }
    let said =
        owner.types(&["contacts", "import", folder.path().join("a.xlsx").to_str().unwrap(), "--sheet", "Nowhere"]);
    assert_eq!(said.err.trim(), "ringcard: file: this workbook has no such sheet; it has: Contacts");
}

#[test]
fn the_setup_link_is_printed_while_there_is_no_admin() {
    let owner = Owner::new();
    let said = owner.types_where(&[("RINGCARD_LISTEN", "127.0.0.1:8123")], &["setup-link"], "");
    assert_eq!(said.code, 0, "{}", said.err);
    let token = said.out.trim_end().strip_prefix("http://127.0.0.1:8123/setup#").unwrap();
    assert_eq!(token.len(), 43);
    let add = ["user", "add", "boss", "--role", "admin", "--password-stdin"];
    assert_eq!(owner.types_with(&add, "correct horse\n").code, 0);
    let said = owner.types(&["setup-link"]);
    assert_eq!((said.code, said.out.as_str()), (1, ""));
    assert!(said.err.contains("there is an admin already"), "{}", said.err);
}

#[test]
fn a_failure_is_one_clear_line_and_code_1() {
    let owner = Owner::new();
    let add = ["user", "add", "anna", "--role", "operator", "--password-stdin"];
    for (line, stdin, sentence) in [
        (add.as_slice(), "short\n", "ringcard: password: must be 8 to 1024 characters\n"),
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
        &["simulate", "--crm", "http://127.0.0.1:9/pbx", "--crm-token", "t", "--data-dir", "x"],
        &["--listen", "127.0.0.1:0", "simulate", "--crm", "http://127.0.0.1:9/pbx", "--crm-token", "t"],
        &["demo", "--data-dir", "x"],
        &["--data-dir", "x", "demo"],
        &["user", "list", "--tls-cert", "c.pem"],
        &["--tls-cert", "c.pem", "user", "list"],
        &["healthcheck", "--data-dir", "x"],
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

/// The flags that the help of a command lists, in its order, each with the text that belongs to it.
fn offered(command: &[&str]) -> Vec<(String, String)> {
    let help = Owner::new().types(&[command, &["--help"]].concat()).out;
    let mut flags: Vec<(String, String)> = Vec::new();
    for line in help.lines() {
        if let Some(at) = line.find("--").filter(|at| line[..*at].chars().all(|c| " -,hV".contains(c))) {
            let name = line[at + 2..].split([' ', '=']).next().unwrap_or_default();
            flags.push((name.to_owned(), String::new()));
        }
        if let Some((_, text)) = flags.last_mut() {
            text.push_str(line);
        }
    }
    flags.retain(|(name, _)| name != "help" && name != "version");
    flags
}

#[test]
fn a_command_offers_the_flags_that_change_what_it_does() {
    let all = "listen data-dir database-url recordings-url base-url tls-cert tls-key trusted-proxies \
               secret-key-file log log-format extra-ca-file metrics-listen backup-dir backup-at backup-keep default-region offline-page";
    let people = "data-dir database-url log log-format";
    let systems = "data-dir database-url secret-key-file log log-format extra-ca-file default-region";
    for (command, flags) in [
        (&[][..], all),
        (&["serve"], all),
        (&["check"], all),
        (
            &["demo"],
            "password every pbx-listen listen base-url trusted-proxies log log-format extra-ca-file default-region \
             offline-page",
        ),
        (&["simulate"], "crm crm-token listen stay token users clients lines speed"),
        (&["user"], people),
        (&["user", "list"], people),
        (&["user", "passwd"], &format!("password-stdin {people}")),
        (&["integration", "check"], systems),
        (&["integration", "add"], &format!("settings {systems}")),
        (&["healthcheck"], "listen tls-cert"),
        (&["backup"], "data-dir database-url recordings-url log log-format"),
        (&["restore"], "force data-dir database-url recordings-url secret-key-file log log-format"),
        (&["fill"], "calls contacts days seed data-dir database-url secret-key-file log log-format default-region"),
        (&["move"], "to data-dir database-url secret-key-file log log-format"),
    ] {
        let names: Vec<_> = offered(command).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names.join(" "), flags, "{command:?}");
    }
}

#[test]
fn the_servers_address_is_nothing_to_simulate() {
    let owner = Owner::new();
    let line = ["simulate", "--crm", "http://127.0.0.1:9/pbx", "--crm-token", "t", "--speed", "1000"];
    // An address that no machine has, and no address at all.
    for exported in ["192.0.2.1:8080", "nowhere"] {
        let said = owner.types_where(&[("RINGCARD_LISTEN", exported)], &line, "");
        assert!(said.out.starts_with("— plain\n"), "{exported}: {}", said.err);
        assert_eq!((said.code, said.err.lines().count()), (1, 1), "there is no CRM: {}", said.err);
    }
}

#[test]
fn a_flag_goes_before_the_command_or_after_it_and_before_the_environment() {
    let owner = Owner::new();
    let exported = [("RINGCARD_LISTEN", "127.0.0.1:9")];
    for (line, port) in [
        (&["healthcheck"][..], 9),
        (&["healthcheck", "--listen", "127.0.0.1:7"], 7),
        (&["--listen", "127.0.0.1:7", "healthcheck"], 7),
    ] {
        let said = owner.types_where(&exported, line, "");
        let sentence = format!("ringcard: http://127.0.0.1:{port}/readyz does not answer");
        assert!(said.code == 1 && said.err.starts_with(&sentence), "{line:?}: {}", said.err);
    }
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = held.local_addr().unwrap().to_string();
    for line in [&[][..], &["serve"]] {
        let said = owner.types_where(&[("RINGCARD_LISTEN", &taken)], line, "");
        let sentence = format!("ringcard: cannot listen on {taken}: ");
        assert!(said.code == 1 && said.err.starts_with(&sentence), "{line:?}: {}", said.err);
        assert_eq!(owner.types_where(&[("RINGCARD_LISTEN", "nowhere")], line, "").code, 2, "{line:?}");
    }
}

#[test]
fn every_flag_has_an_environment_twin() {
    for command in [
        &[][..],
        &["serve"],
        &["demo"],
        &["simulate"],
        &["user", "add"],
        &["user", "passwd"],
        &["contacts", "export"],
        &["contacts", "import"],
        &["integration", "add"],
        &["check"],
        &["healthcheck"],
        &["fill"],
        &["move"],
    ] {
        let flags = offered(command);
        assert!(flags.len() > 1, "the help of {command:?} lists its flags");
        for (name, text) in flags {
            assert!(text.contains("[env: RINGCARD_"), "{command:?} --{name}: {text}");
        }
    }
}
