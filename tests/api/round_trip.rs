//! What leaves as our own file comes back without a loss: whoever the clients are, in every format and language.

use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::office::Office;

/// Texts that are hard on a format: its own marks, a formula, what could be an escape, other scripts.
const TEXTS: &str = "([a-zа-яё0-9]|[ ,;:/|'\"<>&=+@\\\\(){}\\[\\]_*#-]|::: |=1\\+|\\\\n|\\\\, |_x0041_|&amp;|BEGIN:|<\\?|]]>|😀|日|é|،){1,12}";
const LINES: &str = "([a-zа-яё][a-z ,;:|=\"\\\\_<>&-]{0,50}[a-zа-яё][\n\t]{0,3}){1,8}[a-z]";
/// A label ends where its number begins: `: ` and nothing else.
const LABELS: &str = "(мобильный|mobile|рабочий|факс|[a-zа-я][a-zа-я ,;:/|'(=\\\\\"_]{0,10}[a-zа-я])?";
const NUMBERS: &str =
    "[+]7(49[5-9]|9[0-9]{2})[0-9]{7}|[1-9][0-9]{2,5}|sip:[a-z]{1,8}@example\\.org|[1-9][0-9]{2} \\(доб\\)|[*][0-9]{2}#";

fn contacts(boris: &str) -> impl Strategy<Value = Value> + use<> {
    let boris = boris.to_owned();
    let texts = (TEXTS, "|[a-z]([a-z,;'+=]|:::){0,8}@[a-z]{1,8}\\.org", LINES, proptest::bool::ANY, TEXTS, TEXTS);
    let lists = (vec((NUMBERS, LABELS), 0..4), vec(TEXTS, 0..4));
    (texts, lists, proptest::bool::ANY, proptest::bool::ANY, proptest::bool::ANY).prop_map(
        move |((name, email, note, has_note, company, alert), (phones, tags), lead, responsible, vip)| {
            let phones: Vec<_> = phones.into_iter().map(|(number, label)| json!({"number": number, "label": label})).collect();
            json!({
                "name": name, "company": company, "email": email, "note": if has_note { note } else { String::new() },
                "phones": phones, "tags": tags, "kind": if lead { "lead" } else { "client" },
                "responsible": if responsible { Value::from(boris.as_str()) } else { Value::Null }, "vip": vip, "alert": alert,
            })
        },
    )
}

impl Office {
    /// Everybody, but for what each life of a client has of its own.
    pub async fn everybody(&self) -> Vec<Value> {
        let mut all = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.admin.reads(&format!("/api/contacts?limit=200{cursor}")).await;
            all.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        for contact in &mut all {
            let contact = contact.as_object_mut().unwrap();
            ["id", "created_at", "updated_at"].iter().for_each(|own| drop(contact.remove(*own)));
        }
        all.sort_by_key(Value::to_string);
        all
    }

    /// A file as it leaves.
    pub async fn takes_away(&self, what: &str) -> Vec<u8> {
        let answer = self.admin.asks(Method::GET, what).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{what}");
        answer.bytes().await.unwrap().to_vec()
    }

    async fn forgets_everybody(&self) {
        loop {
            let page = self.admin.reads("/api/contacts?limit=200").await;
            let items = page["items"].as_array().unwrap().clone();
            for contact in &items {
                let id = contact["id"].as_str().unwrap();
                assert_eq!(self.admin.delete(&format!("/api/contacts/{id}")).await.status, 204);
            }
            if items.is_empty() {
                return;
            }
        }
    }
}

#[actix_web::test]
async fn whoever_leaves_as_our_own_file_comes_back_as_he_was() {
    let office = Office::opens().await;
    let mut runner = TestRunner::new(proptest::test_runner::Config::default());
    let strategy = contacts(office.boris.id());
    let mut made = 0;
    while made < 80 {
        let contact = strategy.new_tree(&mut runner).unwrap().current();
        office.clock.advance(1_000);
        let answer = office.admin.post("/api/contacts", contact.clone()).await;
        // A name of nothing but marks may leave nothing to know the client by.
        assert!(answer.status == 201 || answer.status == 422, "{contact} {}", answer.text);
        made += usize::from(answer.status == 201);
    }
    let before = office.everybody().await;
    for (format, language) in
        [("csv", "ru"), ("csv", "en"), ("xlsx", "ru"), ("xlsx", "en"), ("vcf", "ru"), ("vcf", "en")]
    {
        let file = office.takes_away(&format!("/api/contacts/export?format={format}&lang={language}")).await;
        office.forgets_everybody().await;
        let import = office.takes_in(file).await;
        assert_eq!(import["format"], format);
        let task = office.moves_in(&import, json!({"match": "none"})).await;
        assert_eq!(
            (&task["result"]["made"], &task["result"]["refused"]),
            (&json!(80), &json!(0)),
            "{format} {language} {task}"
        );
        for (now, was) in office.everybody().await.iter().zip(&before) {
            assert_eq!(now, was, "{format} {language}");
        }
    }
}
