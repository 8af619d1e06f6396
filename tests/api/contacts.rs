//! Contacts: kept whole, found by any part, recognised by their numbers.

use serde_json::{Value, json};

use crate::support::office::{Office, with};
use crate::support::pbx::on;
use crate::support::person::Person;

const NOW: &str = "2026-03-01T09:00:00.000Z";

/// Which contacts a search answers, by name.
async fn found(person: &Person, query: &str) -> Vec<String> {
    let page = person.reads(&format!("/api/contacts?{query}")).await;
    assert_eq!(page["next"], Value::Null);
    page["items"].as_array().unwrap().iter().map(|contact| contact["name"].as_str().unwrap().to_owned()).collect()
}

async fn search(person: &Person, q: &str) -> Vec<String> {
    let query = serde_urlencoded::to_string([("q", q)]).unwrap();
    found(person, &query).await
}

/// R37: control and bidi characters are stripped.
#[actix_web::test]
async fn a_contact_is_kept_whole_and_clean() {
    let office = Office::opens().await;
    let made = office
        .anna
        .makes(
            "/api/contacts",
            json!({
                "name": "  Пётр \u{202e} Ёжиков\u{0}",
                "company": "ООО «Ромашка»",
                "phones": [
                    {"number": "8 (910) 123-45-67", "label": "мобильный"},
                    {"number": "+7 910 123 45 67", "label": "тот же"},
                    {"number": "101"},
                    {"number": "sip:petr@example.org", "label": "SIP"},
                ],
                "email": " petr@example.org ",
                "note": "первая\nвторая\u{7}",
                "tags": ["vip", " vip ", "", "опт"],
                "kind": "lead",
                "responsible": office.boris.id(),
                "vip": true,
                "alert": " Только\nпо имени ",
            }),
        )
        .await;
    let whole = json!({
        "id": made["id"],
        "name": "Пётр Ёжиков",
        "company": "ООО «Ромашка»",
        "phones": [
            {"number": "+79101234567", "label": "мобильный"},
            {"number": "101", "label": ""},
            {"number": "sip:petr@example.org", "label": "SIP"},
        ],
        "email": "petr@example.org",
        "note": "первая\nвторая",
        "tags": ["vip", "опт"],
        "kind": "lead",
        "responsible": office.boris.appears,
        "vip": true,
        "alert": "Только по имени",
        "created_at": NOW,
        "updated_at": NOW,
        "last_talk": null,
        "missed_open": 0,
    });
    assert_eq!(made, whole);
    assert_eq!(office.boris.reads(&format!("/api/contacts/{}", made["id"].as_str().unwrap())).await, whole);
    assert_eq!(
        office.boris.reads("/api/contacts").await,
        json!({"items": [whole], "next": null, "searched_to": null, "shown_for": null})
    );
}

#[actix_web::test]
async fn a_number_alone_is_a_contact() {
    let office = Office::opens().await;
    let made = office.anna.makes("/api/contacts", json!({"phones": [{"number": "89101234567"}]})).await;
    let whole = json!({
        "id": made["id"], "name": "", "company": "", "phones": [{"number": "+79101234567", "label": ""}], "email": "",
        "note": "", "tags": [], "kind": "client", "responsible": null, "vip": false, "alert": "",
        "created_at": NOW, "updated_at": NOW, "last_talk": null,
        "missed_open": 0,
    });
    assert_eq!(made, whole);
}

#[actix_web::test]
async fn a_change_leaves_what_it_does_not_name() {
    let office = Office::opens().await;
    let contact = json!({
        "name": "Пётр", "company": "Ромашка", "phones": [{"number": "9101234567", "label": "моб"}], "email": "p@x.org",
        "note": "n", "tags": ["a"], "kind": "lead", "responsible": office.anna.id(),
        "vip": true, "alert": "a",
    });
    let made = office.anna.makes("/api/contacts", contact).await;
    let path = format!("/api/contacts/{}", made["id"].as_str().unwrap());
    office.clock.advance(1_000);
    let mut whole = made.clone();
    whole["updated_at"] = json!("2026-03-01T09:00:01.000Z");
    assert_eq!(office.anna.patch(&path, json!({})).await.json(), whole);
    let changes = [
        ("name", json!("Пётр Ильич"), json!("Пётр Ильич")),
        ("responsible", Value::Null, Value::Null),
        ("responsible", json!(office.boris.id()), office.boris.appears.clone()),
        ("tags", json!([]), json!([])),
        ("kind", json!("client"), json!("client")),
        ("vip", json!(false), json!(false)),
        ("alert", json!(" Ждёт договор "), json!("Ждёт договор")),
        ("alert", json!(""), json!("")),
        ("phones", json!([{"number": "84951234567"}]), json!([{"number": "+74951234567", "label": ""}])),
        ("phones", json!([]), json!([])),
        ("company", json!(""), json!("")),
    ];
    for (member, value, kept) in changes {
        whole[member] = kept;
        let answer = office.boris.patch(&path, json!({ member: value })).await;
        assert_eq!((answer.status, answer.json()), (200, whole.clone()), "{member}");
    }
    assert_eq!(office.anna.reads(&path).await, whole);
    assert_eq!(search(&office.anna, "ромашка").await, [""; 0]);
}

#[actix_web::test]
async fn what_cannot_be_kept_is_named() {
    let office = Office::opens().await;
    let long = |count: usize| "я".repeat(count);
    let refusals = [
        (json!({}), json!([["name", "nameless", null]])),
        (json!({"name": " \u{200e} "}), json!([["name", "nameless", null]])),
        (
            json!({"name": long(201), "company": long(201), "note": long(10_001), "email": "nobody",
                "alert": long(141)}),
            json!([
                ["name", "too_long", {"most": 200}],
                ["company", "too_long", {"most": 200}],
                ["email", "not_an_email", null],
                ["note", "too_long", {"most": 10000}],
                ["alert", "too_long", {"most": 140}],
            ]),
        ),
        (
            json!({"name": "x", "phones": [{"number": "89101234567"}, {"number": "anonymous", "label": long(51)}]}),
            json!([["phones[1].number", "not_a_number", null], ["phones[1].label", "too_long", {"most": 50}]]),
        ),
        (json!({"name": "x", "phones": [{"number": ""}]}), json!([["phones[0].number", "not_a_number", null]])),
        (json!({"name": "x", "tags": ["ok", long(51)]}), json!([["tags[1]", "too_long", {"most": 50}]])),
        (json!({"name": "x", "tags": vec!["t"; 21]}), json!([["tags", "too_many", {"most": 20}]])),
        (
            json!({"name": "x", "phones": vec![json!({"number": "101"}); 21]}),
            json!([["phones", "too_many", {"most": 20}]]),
        ),
        (json!({"name": "x", "responsible": "nobody"}), json!([["responsible", "unknown_user", null]])),
    ];
    for (body, refused) in refusals {
        let answer = office.anna.post("/api/contacts", body.clone()).await;
        let problem = answer.json();
        let errors: Vec<_> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| json!([error["field"], error["code"], error["params"]]))
            .collect();
        assert_eq!((answer.status, json!(errors)), (422, refused), "{body}");
    }
    for body in [json!({"name": "x", "id": "y"}), json!({"name": "x", "kind": "friend"}), json!({"name": 1})] {
        assert_eq!(office.anna.post("/api/contacts", body.clone()).await.status, 422, "{body}");
    }
    assert_eq!(office.contacts().await, Vec::<Value>::new());
}

#[actix_web::test]
async fn every_spelling_of_a_number_finds_its_contact() {
    let office = Office::opens().await;
    office.anna.keeps_contact("Пётр", "8 910 123-45-67").await;
    office.anna.keeps_contact("Минск", "+375 29 111-11-11").await;
    office.anna.keeps_contact("Отдел", "101").await;
    for spelling in ["89101234567", "+79101234567", "79101234567", "9101234567", "8 (910) 123-45-67"] {
        let query = serde_urlencoded::to_string([("phone", spelling)]).unwrap();
        assert_eq!(found(&office.anna, &query).await, ["Пётр"], "{spelling}");
        assert_eq!(search(&office.anna, spelling).await, ["Пётр"], "{spelling}");
    }
    for part in ["8910", "8 910 12", "+7910", "7910", "910", "123-45", "4567", "8 (910"] {
        assert_eq!(search(&office.anna, part).await, ["Пётр"], "{part}");
    }
    assert_eq!(search(&office.anna, "8029").await, [""; 0]);
    assert_eq!(search(&office.anna, "375 29").await, ["Минск"]);
    assert_eq!(found(&office.anna, "phone=101").await, ["Отдел"]);
    assert_eq!(found(&office.anna, "phone=10").await, [""; 0]);
}

#[actix_web::test]
async fn words_are_found_in_any_order_and_under_three_characters_only_how_they_begin_or_a_number_ends() {
    let office = Office::opens().await;
    let body = json!({"name": "Пётр Ёжиков", "company": "ООО «Ромашка»", "phones": [{"number": "8 910 123-45-67"}]});
    office.anna.makes("/api/contacts", body).await;
    office.clock.advance(1);
    office.anna.keeps_contact("Роза", "8 910 123-45-76").await;
    for (query, names) in [
        ("ромашка петр", vec!["Пётр Ёжиков"]),
        ("ежик ро", vec!["Пётр Ёжиков"]),
        ("ромашка роза", vec![]),
        ("ро", vec!["Роза", "Пётр Ёжиков"]),
        ("р", vec!["Роза", "Пётр Ёжиков"]),
        ("ё", vec!["Пётр Ёжиков"]),
        ("ом", vec![]),
        ("67", vec!["Пётр Ёжиков"]),
        ("6", vec!["Роза"]),
        ("12", vec![]),
    ] {
        assert_eq!(search(&office.anna, query).await, names, "{query}");
    }
}

#[actix_web::test]
async fn a_change_of_a_contact_is_searched_at_once() {
    let office = Office::opens().await;
    let contact = office.anna.keeps_contact("Пётр", "8 910 123-45-67").await;
    let path = format!("/api/contacts/{}", contact["id"].as_str().unwrap());
    office.anna.patch(&path, json!({"name": "Иван", "phones": [{"number": "8 916 000-00-00"}]})).await;
    for (query, count) in [("петр", 0), ("4567", 0), ("иван", 1), ("8916", 1)] {
        assert_eq!(search(&office.anna, query).await.len(), count, "{query}");
    }
    office.admin.delete(&path).await;
    assert_eq!(search(&office.anna, "иван").await, [""; 0]);
}

#[actix_web::test]
async fn a_search_goes_on_page_by_page_while_contacts_come() {
    let office = Office::opens().await;
    for n in 0..5 {
        office.clock.advance(1);
        office.anna.keeps_contact(&format!("Пётр {n}"), "101").await;
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    for page in 0..3 {
        let answer = office.anna.reads(&format!("/api/contacts?q=петр&limit=2{cursor}")).await;
        names.extend(answer["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()));
        assert_eq!((answer["searched_to"].clone(), answer["next"].is_null()), (Value::Null, page == 2));
        cursor = format!("&cursor={}", answer["next"].as_str().unwrap_or_default());
        office.clock.advance(1);
        office.anna.keeps_contact("Пётр новый", "101").await;
    }
    assert_eq!(names, ["Пётр 4", "Пётр 3", "Пётр 2", "Пётр 1", "Пётр 0"]);
    let other = office.anna.reads("/api/contacts?limit=1").await["next"].as_str().unwrap().to_owned();
    for query in [format!("q=петр&cursor={other}"), "cursor=MQ".to_owned()] {
        assert_eq!(office.anna.get(&format!("/api/contacts?{query}")).await.status, 422, "{query}");
    }
}

#[actix_web::test]
async fn search_minds_neither_case_nor_yo_and_takes_wildcards_for_themselves() {
    let office = Office::opens().await;
    for (name, company, email) in [
        ("Пётр Ёжиков", "ООО «Ромашка»", "petr@example.org"),
        ("100% скидка", "", ""),
        ("a_b", "", ""),
        ("c\\d", "", ""),
        ("<b>Бобби</b>'; DROP TABLE contact; --", "", ""),
    ] {
        office.anna.makes("/api/contacts", json!({"name": name, "company": company, "email": email})).await;
    }
    for part in ["пётр", "ПЕТР", "петр  ежик", "ёжиков ООО", "ромаш", "PETR@", "example.ORG", "Ёж"]
    {
        assert_eq!(search(&office.anna, part).await, ["Пётр Ёжиков"], "{part}");
    }
    for (part, name) in [("00% с", "100% скидка"), ("a_b", "a_b"), ("c\\d", "c\\d")] {
        assert_eq!(search(&office.anna, part).await, [name], "{part}");
    }
    for part in ["axb", "1%a", "a%b", "%", "_", "\\"] {
        assert_eq!(search(&office.anna, part).await, [""; 0], "{part}");
    }
    assert_eq!(search(&office.anna, "'; drop").await.len(), 1);
    assert_eq!(search(&office.anna, " ").await.len(), 5);
    let long = format!("/api/contacts?q={}", "x".repeat(201));
    assert_eq!(office.anna.get(&long).await.status, 422);
}

#[actix_web::test]
async fn filters_narrow_and_go_together() {
    let office = Office::opens().await;
    let (anna, boris) = (office.anna.id(), office.boris.id());
    for (name, kind, tags, responsible) in [
        ("один", "client", json!(["vip"]), json!(anna)),
        ("два", "lead", json!(["vip", "o\"p%t"]), json!(anna)),
        ("три", "lead", json!(["vipер"]), json!(boris)),
        ("четыре", "client", json!([]), Value::Null),
    ] {
        office.clock.advance(1);
        let body = json!({"name": name, "kind": kind, "tags": tags, "responsible": responsible});
        office.anna.makes("/api/contacts", body).await;
    }
    let person = &office.boris;
    assert_eq!(found(person, &format!("responsible={anna}")).await, ["два", "один"]);
    assert_eq!(found(person, "kind=lead").await, ["три", "два"]);
    assert_eq!(found(person, "tag=vip").await, ["два", "один"]);
    assert_eq!(found(person, "tag=o%22p%25t").await, ["два"]);
    assert_eq!(found(person, "tag=%25").await, [""; 0]);
    assert_eq!(found(person, &format!("kind=lead&tag=vip&responsible={anna}&q=ДВ")).await, ["два"]);
    assert_eq!(person.get("/api/contacts?kind=friend").await.status, 422);
}

#[actix_web::test]
async fn pages_hold_every_contact_once_newest_first() {
    let office = Office::opens().await;
    for name in ["1", "2", "3", "4", "5"] {
        office.anna.keeps_contact(name, "101").await;
    }
    office.clock.advance(1);
    office.anna.keeps_contact("6", "101").await;
    let all: Vec<_> = office.contacts().await;
    assert_eq!(all.len(), 6);
    assert_eq!(all[0]["name"], "6");
    for limit in [1, 2, 4, 5, 6] {
        let (mut gathered, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = office.anna.reads(&format!("/api/contacts?limit={limit}{cursor}")).await;
            gathered.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            assert_eq!(page["items"].as_array().unwrap().len(), limit);
            cursor = format!("&cursor={next}");
        }
        assert_eq!(gathered, all, "{limit} a page");
    }
    for query in ["limit=0", "limit=201", "cursor=rubbish", "cursor=e30"] {
        assert_eq!(office.anna.get(&format!("/api/contacts?{query}")).await.status, 422, "{query}");
    }
}

#[actix_web::test]
async fn only_a_manager_deletes_and_the_calls_stay() {
    let office = Office::opens().await;
    let made = office.anna.keeps_contact("Пётр", "89101234567").await;
    let path = format!("/api/contacts/{}", made["id"].as_str().unwrap());
    office.pbx.rings(on("c1", "anna")).await;
    assert_eq!(office.call("c1").await["contact"]["name"], "Пётр");
    assert_eq!(office.anna.delete(&path).await.status, 403);
    let answer = office.admin.delete(&path).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    assert_eq!(office.call("c1").await["contact"], Value::Null);
    for answer in
        [office.admin.delete(&path).await, office.anna.get(&path).await, office.anna.patch(&path, json!({})).await]
    {
        assert_eq!((answer.status, answer.json()["code"].clone()), (404, json!("not_found")));
    }
    assert_eq!(office.get("/api/contacts").await.status, 401);
}

#[actix_web::test]
async fn of_several_contacts_the_chosen_one_counts_then_the_one_talked_to_last_then_the_oldest() {
    let office = Office::opens().await;
    let oldest = office.anna.keeps_contact("Старый", "89101234567").await;
    office.clock.advance(1);
    let phones = json!([{"number": "89101234567"}, {"number": "89160000000"}]);
    let talked = office.anna.makes("/api/contacts", json!({"name": "Говоривший", "phones": phones})).await;
    office.clock.advance(1);
    let chosen = office.anna.keeps_contact("Выбранный", "89101234567").await;
    let told = async || office.pbx.asks_who("79101234567").await.json()["contact_name"].clone();

    assert_eq!(told().await, oldest["name"]);
    let own = on("own", "anna").of("79160000000");
    office.pbx.rings(own).await;
    assert_eq!(told().await, oldest["name"], "ringing is no talk");
    office.pbx.picks_up(own).await;
    office.pbx.hangs_up(own).await;
    assert_eq!(told().await, talked["name"]);

    office.pbx.rings(on("shared", "anna")).await;
    let call = office.call("shared").await;
    let names: Vec<_> = call["matches"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, [talked["name"].clone(), oldest["name"].clone(), chosen["name"].clone()]);
    assert_eq!(call["contact"]["id"], talked["id"]);
    let path = format!("/api/calls/{}", call["id"].as_str().unwrap());
    assert_eq!(office.anna.patch(&path, json!({"contact": chosen["id"]})).await.status, 200);
    assert_eq!(told().await, chosen["name"]);

    let gone = format!("/api/contacts/{}", chosen["id"].as_str().unwrap());
    assert_eq!(office.admin.delete(&gone).await.status, 204);
    assert_eq!(told().await, talked["name"]);
    assert_eq!(office.calls().await.len(), 2, "a call is one row, whatever the number of matches");
}

/// The client is talked to on this call.
async fn talks(office: &Office, callid: &str, number: &str) {
    let call = on(callid, "anna").of(number);
    office.pbx.rings(call).await;
    office.pbx.picks_up(call).await;
    office.pbx.hangs_up(call).await;
}

#[actix_web::test]
async fn whom_one_talked_to_last_comes_first_and_misses_are_told() {
    let office = Office::opens().await;
    let phones = json!([{"number": "89101234567"}, {"number": "89160000000"}]);
    let ivan = office.anna.makes("/api/contacts", json!({"name": "Иван", "phones": phones})).await;
    office.clock.advance(60_000);
    office.anna.keeps_contact("Пётр", "89200000000").await;
    let first = async || office.contacts().await[0]["name"].clone();
    assert_eq!(first().await, "Пётр");

    office.clock.advance(60_000);
    talks(&office, "talk", "79160000000").await;
    assert_eq!(first().await, "Иван");
    let path = format!("/api/contacts/{}", ivan["id"].as_str().unwrap());
    let call = office.call("talk").await;
    let talk = json!({"call": call["id"], "at": call["started_at"], "direction": "in", "user": office.anna.appears});
    assert_eq!(office.anna.reads(&path).await["last_talk"], talk);

    office.clock.advance(60_000);
    office.pbx.rings(on("miss", "anna").of("79101234567")).await;
    office.pbx.stops_ringing(on("miss", "anna").of("79101234567")).await;
    office.waits(5).await;
    let known = office.contacts().await[0].clone();
    assert_eq!((&known["last_talk"], &known["missed_open"]), (&talk, &json!(1)));

    // Of a call with another number, the contact is chosen by hand, and taken back.
    office.clock.advance(60_000);
    talks(&office, "other", "79200000000").await;
    assert_eq!(first().await, "Пётр");
    let other = office.call("other").await;
    let chosen = format!("/api/calls/{}", other["id"].as_str().unwrap());
    office.anna.patch(&chosen, json!({"contact": ivan["id"]})).await;
    assert_eq!(office.anna.reads(&path).await["last_talk"]["call"], other["id"]);
    assert_eq!(first().await, "Иван");
    office.anna.patch(&chosen, json!({"contact": null})).await;
    assert_eq!(office.anna.reads(&path).await["last_talk"], talk);
    assert_eq!(first().await, "Пётр");

    // Another number, another past.
    office.anna.patch(&path, json!({"phones": [{"number": "89200000000"}]})).await;
    assert_eq!(office.anna.reads(&path).await["last_talk"]["call"], other["id"]);
}

#[actix_web::test]
async fn what_was_typed_on_the_wrong_layout_is_healed_when_nothing_else_is_found() {
    let office = Office::opens().await;
    for name in ["Иванов Пётр", "Иванова Ольга", "Smith", "bdfy"] {
        office.clock.advance(1);
        office.anna.keeps_contact(name, "101").await;
    }
    for (typed, shown_for, names) in [
        ("bdfyjd", json!("иванов"), vec!["Иванова Ольга", "Иванов Пётр"]),
        ("Gtnh", json!("петр"), vec!["Иванов Пётр"]),
        ("ыьшер", json!("smith"), vec!["Smith"]),
        ("bdfy", Value::Null, vec!["bdfy"]),
        ("иванов", Value::Null, vec!["Иванова Ольга", "Иванов Пётр"]),
        ("ytn nfrjuj", Value::Null, vec![]),
        ("ъъъ", Value::Null, vec![]),
    ] {
        let query = serde_urlencoded::to_string([("q", typed)]).unwrap();
        let page = office.anna.reads(&format!("/api/contacts?{query}")).await;
        let found: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!((found, &page["shown_for"]), (names, &shown_for), "{typed}");
    }
    let first = office.anna.reads("/api/contacts?q=bdfyjd&limit=1").await;
    let second = format!("/api/contacts?q=bdfyjd&limit=1&cursor={}", first["next"].as_str().unwrap());
    let second = office.anna.reads(&second).await;
    assert_eq!((&second["items"][0]["name"], &second["shown_for"]), (&json!("Иванов Пётр"), &json!("иванов")));
    assert_eq!(second["next"], Value::Null);
}

/// The timeline of a contact, without the ids of its changes.
async fn timeline(person: &Person, path: &str, query: &str) -> Vec<Value> {
    let page = person.reads(&format!("{path}/timeline?{query}")).await;
    page["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn the_timeline_holds_calls_and_changes_newest_first() {
    let office = Office::opens().await;
    let made = office.anna.keeps_contact("Пётр", "89101234567").await;
    let path = format!("/api/contacts/{}", made["id"].as_str().unwrap());
    assert_eq!(timeline(&office.anna, &path, "").await, Vec::<Value>::new());
    office.clock.advance(1_000);
    talks(&office, "talk", "79101234567").await;
    office.clock.advance(1_000);
    let change = json!({"name": "Пётр Ильич", "responsible": office.boris.id(), "vip": true, "note": "я".repeat(400)});
    office.anna.patch(&path, change).await;
    office.clock.advance(1_000);
    office.boris.patch(&path, json!({"tags": ["опт"], "name": "Пётр Ильич"})).await;
    office.boris.patch(&path, json!({"tags": ["опт"]})).await;

    let items = timeline(&office.anna, &path, "").await;
    let changed = |at: i64, by: &Value, fields: Value, id: &Value| {
        json!({"id": id, "kind": "change", "at": crate::support::office::at(at), "call": null,
            "change": {"by": by, "fields": fields}, "promise": null})
    };
    let call = office.call("talk").await;
    let cut = format!("{}…", "я".repeat(300));
    let fields = json!([
        {"field": "name", "before": "Пётр", "after": "Пётр Ильич"},
        {"field": "note", "before": "", "after": cut},
        {"field": "responsible", "before": null, "after": office.boris.appears},
        {"field": "vip", "before": false, "after": true},
    ]);
    let whole = [
        changed(3, &office.boris.appears, json!([{"field": "tags", "before": [], "after": ["опт"]}]), &items[0]["id"]),
        changed(2, &office.anna.appears, fields, &items[1]["id"]),
        json!({"id": call["id"], "kind": "call", "at": call["started_at"], "call": call, "change": null, "promise": null}),
    ];
    assert_eq!(items, whole);

    let (mut gathered, mut cursor) = (Vec::new(), String::new());
    for page in 0..3 {
        let answer = office.anna.reads(&format!("{path}/timeline?limit=1{cursor}")).await;
        gathered.extend(answer["items"].as_array().unwrap().clone());
        assert_eq!(answer["next"].is_null(), page == 2);
        cursor = format!("&cursor={}", answer["next"].as_str().unwrap_or_default());
    }
    assert_eq!(gathered, whole);
    assert_eq!(office.anna.get("/api/contacts/nobody/timeline").await.status, 404);
    office.admin.delete(&path).await;
    assert_eq!(office.anna.get(&format!("{path}/timeline")).await.status, 404);
}

#[actix_web::test]
async fn what_was_promised_in_no_call_stands_in_the_timeline_and_what_was_in_one_inside_it() {
    let office = Office::opens().await;
    let made = office.anna.keeps_contact("Пётр", "89101234567").await;
    let path = format!("/api/contacts/{}", made["id"].as_str().unwrap());
    office.clock.advance(1_000);
    talks(&office, "talk", "79101234567").await;
    let call = office.call("talk").await;
    let promised = |whom: Value| with(json!({"due_at": "2026-03-02T09:00:00Z", "text": "Счёт"}), whom);
    let inside = office.anna.makes("/api/promises", promised(json!({"call": call["id"]}))).await;
    office.clock.advance(1_000);
    let his = office.anna.makes("/api/promises", promised(json!({"contact": made["id"]}))).await;
    office.anna.makes("/api/promises", promised(json!({"number": "79205550199"}))).await;
    let items = timeline(&office.anna, &path, "").await;
    let item =
        json!({"id": his["id"], "kind": "promise", "at": his["made_at"], "call": null, "change": null, "promise": his});
    assert_eq!((items.len(), &items[0]), (2, &item));
    assert_eq!(items[1]["call"]["promise"]["id"], inside["id"]);
    let page = office.anna.reads(&format!("{path}/timeline?limit=1")).await;
    let rest = timeline(&office.anna, &path, &format!("cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!([page["items"].as_array().unwrap().clone(), rest].concat(), items);
    // Promised to a number of nobody, who is somebody now.
    let stranger = office.anna.keeps_contact("Олег", "79205550199").await;
    let items = timeline(&office.anna, &format!("/api/contacts/{}", stranger["id"].as_str().unwrap()), "").await;
    assert_eq!((items.len(), &items[0]["kind"]), (1, &json!("promise")));
}

#[actix_web::test]
async fn a_field_that_somebody_changed_meanwhile_is_not_overwritten() {
    let office = Office::opens().await;
    let made = office.anna.keeps_contact("Пётр", "89101234567").await;
    let path = format!("/api/contacts/{}", made["id"].as_str().unwrap());
    let company = office.boris.patch(&path, json!({"company": "Ромашка", "seen": {"company": ""}})).await;
    assert_eq!(company.status, 200);
    // Another field, seen as it is.
    let name = office.anna.patch(&path, json!({"name": "Пётр Ильич", "seen": {"name": "Пётр"}})).await;
    assert_eq!(name.status, 200);
    let late = office.anna.patch(&path, json!({"company": "Лютик", "seen": {"company": ""}})).await;
    let problem = late.json();
    assert_eq!((late.status, &problem["code"]), (409, &json!("contact_changed")));
    assert_eq!(problem["contact"], name.json());
    // The same words are no conflict.
    let same = office.anna.patch(&path, json!({"company": "Ромашка", "seen": {"company": ""}})).await;
    assert_eq!((same.status, same.json()), (200, name.json()));
    assert_eq!(timeline(&office.anna, &path, "").await.len(), 2);
}
