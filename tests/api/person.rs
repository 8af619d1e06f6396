//! A person's data: taken away whole, and erased so that nothing of it is left anywhere.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use reqwest::Method;
use ringcard::store::location::StoreLocation;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::fake_peer::Reply;
use crate::support::office::{CLIENT_NUMBER, Office, at};
use crate::support::pbx::on;
use crate::support::place::ask;

const OTHER: &str = "+79207654321";
const STRANGER: &str = "+79337654321";
const PERSON: &str = "/api/numbers/%2B79101234567/person";

/// What is planted, as it stands somewhere: each must be found before, and nothing of it after.
const PLANTED: [&str; 16] = [
    "79101234567",
    "79207654321",
    "Планкин",
    "Прежний-Планкин",
    "ООО Плантация",
    "planted@example.org",
    "планта-заметка",
    "планта-важное",
    "планта-метка",
    "планта-подпись",
    "планта-о-звонке",
    "планта-обещание",
    "planted-callid",
    "planted-link",
    "planted-sound",
    "планта-соединён",
];

fn sound() -> String {
    format!("RIFF1234WAVEfmt {}", "planted-sound ".repeat(2_000))
}

async fn office() -> Office {
    Office::opens_with(|_| Reply::ok(&sound())).await
}

/// He is everywhere.
async fn plant(office: &Office) {
    let ivan = json!({
        "name": "Прежний-Планкин", "company": "ООО Плантация", "email": "planted@example.org", "note": "планта-заметка ".repeat(300),
        "alert": "планта-важное", "tags": ["планта-метка"],
        "phones": [{"number": CLIENT_NUMBER, "label": "планта-подпись"}, {"number": OTHER}],
    });
    let ivan = office.anna.makes("/api/contacts", ivan).await;
    let path = format!("/api/contacts/{}", ivan["id"].as_str().unwrap());
    assert_eq!(office.anna.patch(&path, json!({"name": "Планкин", "note": "планта-заметка"})).await.status, 200);
    office.clock.advance(1_000);
    let link = office.peer.url("/planted-link-79101234567.mp3");
    office.pbx.reports("in", "Success", "30", on("planted-callid", "anna"), &[("link", &link)]).await;
    office.recording_is("planted-callid", "ready").await;
    office.waits(60).await;
    let said = json!({"note": "планта-о-звонке", "contact": ivan["id"], "outcome": "", "promise": {"due_at": at(90_000), "text": "планта-обещание"}});
    let call = office.call("planted-callid").await;
    assert_eq!(office.admin.patch(&format!("/api/calls/{}", call["id"].as_str().unwrap()), said).await.status, 200);
    office.pbx.reports("in", "missed", "0", on("planted-callid-2", "anna").of("79207654321"), &[("wait", "20")]).await;
    office.pbx.asks_who("79101234567").await;
    office.pbx.says(&[("cmd", "event"), ("type", "NONSENSE"), ("phone", "8 910 123-45-67"), ("callid", "x")]).await;
    office.pbx.says(&[("cmd", "rating"), ("rating", "5"), ("callid", "planted-callid"), ("user", "anna")]).await;
    // One more of him came as a file, one became part of him, and one had his number once.
    let import = office.takes_in("ФИО;Телефон;Почта;Заметка\nПланкин;89101234567;planted@example.org;планта-заметка\nЧужой;89337654321;;его\n").await;
    office.moves_in(&import, json!({"match": "none"})).await;
    let other = json!({"name": "Планкин", "note": "планта-соединён", "phones": [{"number": OTHER}]});
    let other = office.anna.makes("/api/contacts", other).await;
    let merged = office.admin.post(&format!("{path}/merge"), json!({"from": other["id"]})).await;
    assert_eq!(merged.status, 200, "{}", merged.text);
    let former = json!({"name": "Чужой", "phones": [{"number": STRANGER}, {"number": CLIENT_NUMBER, "label": "планта-подпись"}]});
    let former = office.anna.makes("/api/contacts", former).await;
    let former = format!("/api/contacts/{}", former["id"].as_str().unwrap());
    assert_eq!(office.anna.patch(&former, json!({"phones": [{"number": STRANGER}]})).await.status, 200);
    office.pbx.reports("in", "Success", "10", on("strange", "boris").of("79337654321"), &[]).await;
    office.waits(600).await;
    // What was pushed is journaled behind the answer.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
}

/// Everything that is kept: of an embedded store the files, else every row of every table and the files beside.
async fn kept(office: &Office) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, found) } else { found.push(path) }
        }
    }
    let mut files = Vec::new();
    walk(&office.app.config.data_dir, &mut files);
    // What is no text breaks off no text that stands in it.
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path).unwrap();
        (path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned())
    };
    let mut all: Vec<_> = files.into_iter().map(read).collect();
    if let StoreLocation::Postgres(address) = office.location() {
        let tables = ask(address.clone(), vec!["SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'".to_owned()]);
        assert!(tables.len() > 30, "{tables:?}");
        for table in tables {
            let rows = ask(address.clone(), vec![format!("SELECT t::text FROM {table} t")]);
            all.push((table, rows.join("\n")));
        }
    }
    all
}

fn find(kept: &[(String, String)], planted: &str) -> Vec<String> {
    let forms = [planted.to_owned(), planted.to_lowercase()];
    kept.iter().filter(|(_, text)| forms.iter().any(|form| text.contains(form))).map(|(name, _)| name.clone()).collect()
}

/// R42: nothing of him is left in any file and any table; his calls stay as figures; whoever else there is stays whole.
#[actix_web::test]
async fn r42_whoever_is_erased_is_nowhere() {
    let office = office().await;
    plant(&office).await;
    let before = kept(&office).await;
    for planted in PLANTED {
        assert!(!find(&before, planted).is_empty(), "{planted} was not planted");
    }
    let period = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";
    let report = async || office.admin.reads(&format!("/api/reports/calls?by=day&{period}")).await["total"].clone();
    let figures = report().await;
    let of_stranger = office.admin.reads("/api/contacts?phone=%2B79337654321").await;
    let asked = office.admin.reads(PERSON).await;
    assert_eq!(asked["numbers"], json!([CLIENT_NUMBER, OTHER]));
    assert_eq!(
        (&asked["calls"], &asked["notes"], &asked["promises"], &asked["recordings"]),
        (&json!(2), &json!(1), &json!(1), &json!(1))
    );
    let answer = office.admin.delete(PERSON).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let erased = answer.json();
    assert_eq!((&erased["calls"], &erased["promises"], &erased["rows"]), (&json!(2), &json!(1), &json!(1)), "{erased}");

    let after = kept(&office).await;
    let left: Vec<_> = PLANTED
        .iter()
        .map(|planted| (planted, find(&after, planted)))
        .filter(|(_, places)| !places.is_empty())
        .collect();
    assert_eq!(left, []);
    assert_eq!(report().await, figures);
    assert_eq!(office.admin.reads("/api/contacts?phone=%2B79337654321").await, of_stranger);
    assert_eq!(office.contacts().await.len(), 2, "two strangers are left");
    let calls = office.calls().await;
    assert_eq!(calls.len(), 3);
    let his: Vec<_> = calls.iter().filter(|call| call["phone"].as_str().unwrap().starts_with("erased-")).collect();
    assert_eq!(his.len(), 2);
    assert_ne!(his[0]["phone"], his[1]["phone"], "they were two numbers");
    assert!(
        his.iter().all(|call| call["contact"].is_null() && call["note"] == "" && call["recording"]["state"] == "none")
    );
    let audit = office.admin.reads("/api/audit").await;
    assert_eq!((&audit["items"][0]["action"], &audit["items"][0]["about"]), (&json!("person_erased"), &Value::Null));
    // Once more: there is nobody.
    let again = office.admin.delete(PERSON).await.json();
    assert_eq!(again, json!({"contacts": 0, "calls": 0, "promises": 0, "webhooks": 0, "rows": 0}));
    assert_eq!(office.admin.reads(PERSON).await["calls"], 0);
}

async fn takes_out(office: &Office) -> ZipArchive<Cursor<Vec<u8>>> {
    let answer = office.admin.asks(Method::GET, &format!("{PERSON}/data")).send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "application/zip")
    );
    ZipArchive::new(Cursor::new(answer.bytes().await.unwrap().to_vec())).unwrap()
}

fn read(file: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    let mut text = String::new();
    file.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// R42: all that was planted is in the file, and nothing of anybody else.
#[actix_web::test]
async fn r42_all_that_is_kept_of_a_person_leaves_as_a_file() {
    let office = office().await;
    plant(&office).await;
    let mut file = takes_out(&office).await;
    let mut names: Vec<_> = file.file_names().map(|name| name.unwrap().into_owned()).collect();
    names.sort();
    let call = office.call("planted-callid").await["id"].as_str().unwrap().to_owned();
    let recording = format!("recordings/{call}.wav");
    assert_eq!(
        names,
        ["calls.json", "contacts.json", "files.json", "journal.json", "numbers.json", "promises.json", &recording]
    );
    assert_eq!(read(&mut file, &recording), sound());
    let mut whole = String::new();
    for name in &names {
        let text = read(&mut file, name);
        if name.ends_with(".json") {
            assert!(serde_json::from_str::<Value>(&text).unwrap().is_array(), "{name}");
        }
        whole += &text;
    }
    for planted in PLANTED {
        assert!(whole.contains(planted), "{planted}");
    }
    assert!(!whole.contains("9337654321") && !whole.contains("Чужой"), "{whole}");
    let calls: Value = serde_json::from_str(&read(&mut file, "calls.json")).unwrap();
    assert_eq!(calls.as_array().unwrap().len(), 2);
    let journal: Value = serde_json::from_str(&read(&mut file, "journal.json")).unwrap();
    assert_eq!(journal.as_array().unwrap().len(), 5, "{journal:#}");
    let audit = office.admin.reads("/api/audit").await;
    assert_eq!((&audit["items"][0]["action"], &audit["items"][0]["about"]), (&json!("person_exported"), &Value::Null));
}

#[actix_web::test]
async fn only_admins_and_not_while_he_talks() {
    let office = office().await;
    for (method, path) in
        [(Method::GET, PERSON.to_owned()), (Method::GET, format!("{PERSON}/data")), (Method::DELETE, PERSON.to_owned())]
    {
        assert_eq!(office.anna.asks(method, &path).send().await.unwrap().status(), 403, "{path}");
    }
    office.pbx.rings(on("a", "anna")).await;
    let refused = office.admin.delete(PERSON).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("on_the_phone")));
    assert_eq!(office.call("a").await["phone"], CLIENT_NUMBER);
    assert_eq!(office.admin.asks(Method::DELETE, "/api/numbers/anonymous/person").send().await.unwrap().status(), 422);
}

#[actix_web::test]
async fn what_is_kept_is_told_with_its_time() {
    let office = office().await;
    plant(&office).await;
    let items = office.admin.reads("/api/kept").await["items"].clone();
    let of = |kind: &str| items.as_array().unwrap().iter().find(|item| item["kind"] == kind).unwrap().clone();
    assert_eq!(
        (&of("contacts")["count"], &of("calls")["count"], &of("promises")["count"]),
        (&json!(4), &json!(3), &json!(1))
    );
    assert_eq!((&of("recordings")["count"], &of("recordings")["size_bytes"]), (&json!(1), &json!(sound().len())));
    assert_eq!((&of("webhooks")["days"], &of("webhooks")["oldest_at"]), (&json!(30), &json!(at(1))));
    assert_eq!(
        (&of("files")["count"], &of("files")["days"], &of("merges")["count"]),
        (&json!(1), &json!(30), &json!(1))
    );
    assert_eq!(office.anna.get("/api/kept").await.status, 403);
}
