//! What comes in as a file: counted first, then made by batches, met where it is there already, and taken back whole.

use std::time::{Duration, Instant};

use reqwest::Method;
use ringcard::app::clients::import::{Handed, take_in};
use ringcard::app::desk::moving_in;
use ringcard::app::upkeep::tasks;
use ringcard::domain::import::{ImportColumn, ImportField, ImportFormat, ImportPlan};
use ringcard::store::tables::imports::{self, ImportRow, PartRow};
use ringcard::store::tx::Tx;
use serde_json::{Value, json};

use crate::support::Answer;
use crate::support::office::Office;

impl Office {
    /// A manager hands a file in.
    pub async fn hands_in(&self, name: &str, file: impl Into<reqwest::Body>) -> Answer {
        let asked = self.admin.asks(Method::POST, &format!("/api/contacts/import?name={name}"));
        Answer::of(asked.body(file).send().await.unwrap()).await
    }

    /// As [`Office::hands_in`]; must be taken.
    pub async fn takes_in(&self, file: impl Into<reqwest::Body>) -> Value {
        let answer = self.hands_in("clients.csv", file).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }

    /// The file is taken in as it was guessed, but for these members of the plan; what came of it.
    pub async fn moves_in(&self, import: &Value, but: Value) -> Value {
        let id = import["id"].as_str().unwrap();
        let answer = self.admin.post(&format!("/api/contacts/import/{id}/run"), plan(import, but)).await;
        assert_eq!(answer.status, 202, "{}", answer.text);
        self.ends(id).await
    }

    /// The task, when it has ended: the office's own server works at it too.
    pub async fn ends(&self, id: &str) -> Value {
        let began = Instant::now();
        loop {
            tasks::work(&self.app, id).await.unwrap();
            let task = self.admin.reads(&format!("/api/tasks/{id}")).await;
            if !["waiting", "running"].contains(&task["state"].as_str().unwrap()) {
                return task;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "it does not end: {task}");
        }
    }

    /// Name, numbers, e-mail of everybody, by name.
    async fn people(&self) -> Vec<Value> {
        let mut all: Vec<_> = self.contacts().await.iter().map(in_short).collect();
        all.sort_by_key(Value::to_string);
        all
    }
}

fn in_short(contact: &Value) -> Value {
    let numbers = contact["phones"].as_array().unwrap().iter().map(|phone| phone["number"].clone());
    json!([contact["name"], numbers.collect::<Vec<_>>(), contact["email"]])
}

/// What was guessed, but for these members.
pub fn plan(import: &Value, but: Value) -> Value {
    let columns: Vec<_> = import["columns"].as_array().unwrap().iter().map(|column| column["field"].clone()).collect();
    let mut plan = json!({ "columns": columns });
    plan.as_object_mut().unwrap().extend(but.as_object().unwrap().clone());
    plan
}

const FILE: &str = "ФИО;Компания;Рабочий телефон;E-mail;Бюджет\n\
    Иванов Семён;Ромашка;8 910 123-45-67, +7 495 123-45-67;ivan@example.org;100\n\
    Петров;;нет номера;;200\n\
    ;;84957654321;;\n";

#[actix_web::test]
async fn a_file_is_guessed_counted_and_becomes_clients() {
    let office = Office::opens().await;
    let import = office.takes_in(FILE).await;
    let fields: Vec<_> = import["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
    assert_eq!(json!(fields), json!(["name", "company", "phones", "email", null]));
    assert_eq!((&import["rows"], &import["encoding"], &import["format"]), (&json!(3), &json!("utf-8"), &json!("csv")));
    assert_eq!(import["columns"][4], json!({"name": "Бюджет", "samples": ["100", "200"], "field": null}));
    let id = import["id"].as_str().unwrap();
    let counted = office.admin.post(&format!("/api/contacts/import/{id}/check"), plan(&import, json!({}))).await.json();
    let fields = json!({
        "name": {"taken": 1, "refused": 0}, "company": {"taken": 1, "refused": 0},
        "phones": {"taken": 3, "refused": 1}, "email": {"taken": 1, "refused": 0},
    });
    assert_eq!((&counted["made"], &counted["refused"], &counted["fields"]), (&json!(2), &json!(1), &fields));
    assert_eq!(office.contacts().await, Vec::<Value>::new(), "nothing is written yet");
    let task = office.moves_in(&import, json!({})).await;
    assert_eq!((&task["state"], &task["done"], &task["total"]), (&json!("done"), &json!(3), &json!(3)));
    assert_eq!(task["result"], counted, "what was promised has come");
    let ivan = json!(["Иванов Семён", ["+79101234567", "+74951234567"], "ivan@example.org"]);
    assert_eq!(office.people().await, [json!(["", ["+74957654321"], ""]), ivan]);
    let labels: Vec<_> = office.contacts().await.iter().map(|one| one["phones"][0]["label"].clone()).collect();
    assert_eq!(labels, ["рабочий", "рабочий"]);
    // The same file once more changes nothing.
    let again = office.takes_in(FILE).await;
    let task = office.moves_in(&again, json!({})).await;
    assert_eq!((&task["result"]["made"], &task["result"]["same"]), (&json!(0), &json!(2)));
    assert_eq!(office.people().await.len(), 2);
    let twice = office.admin.post(&format!("/api/contacts/import/{id}/run"), plan(&import, json!({}))).await;
    assert_eq!((twice.status, &twice.json()["code"]), (409, &json!("exists")));
}

#[actix_web::test]
async fn a_client_who_is_there_is_added_to_replaced_left_or_doubled() {
    for (on_match, expected) in [
        ("add", vec![json!(["Иван", ["+79101234567", "+74951234567"], "old@example.org"])]),
        ("replace", vec![json!(["Иванов", ["+74951234567", "+79101234567"], "new@example.org"])]),
        ("skip", vec![json!(["Иван", ["+79101234567"], "old@example.org"])]),
        (
            "new",
            vec![
                json!(["Иван", ["+79101234567"], "old@example.org"]),
                json!(["Иванов", ["+74951234567", "+79101234567"], "new@example.org"]),
            ],
        ),
    ] {
        let office = Office::opens().await;
        let known = json!({"name": "Иван", "phones": [{"number": "+79101234567"}], "email": "old@example.org", "note": "Давний"});
        office.anna.makes("/api/contacts", known).await;
        office.clock.advance(1_000);
        let import =
            office.takes_in("Имя,Телефон,E-mail,Заметка\nИванов,\"84951234567; 89101234567\",new@example.org,\n").await;
        let check = format!("/api/contacts/import/{}/check", import["id"].as_str().unwrap());
        let counted = office.admin.post(&check, plan(&import, json!({"on_match": on_match}))).await.json();
        let task = office.moves_in(&import, json!({"on_match": on_match})).await;
        assert_eq!(task["result"], counted, "{on_match}");
        assert_eq!(office.people().await, expected, "{on_match}");
        assert!(office.contacts().await.iter().any(|one| one["note"] == "Давний"), "an empty cell says nothing");
    }
}

#[actix_web::test]
async fn only_managers_move_clients_in_and_what_is_no_table_is_refused() {
    let office = Office::opens().await;
    let asked = office.anna.asks(Method::POST, "/api/contacts/import").body("x");
    assert_eq!(asked.send().await.unwrap().status(), 403);
    assert_eq!(office.anna.get("/api/tasks").await.status, 403);
    for (file, fault) in [
        (Vec::new(), "empty_file"),
        (vec![0; 100], "unknown_file"),
        (b"PK\x03\x04".to_vec(), "damaged_file"),
        (vec![b';'; 1_000_000], "empty_file"),
    ] {
        let answer = office.hands_in("x", file).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["code"]), (422, &json!(fault)));
    }
    let wide = format!("{}a\n", "a;".repeat(1_000_000));
    assert_eq!(office.hands_in("x", wide).await.json()["errors"][0]["code"], "too_many_columns");
    let import = office.takes_in(FILE).await;
    let id = import["id"].as_str().unwrap();
    for wrong in [json!({"columns": []}), json!({"columns": [null, null, null, null, null]})] {
        let answer = office.admin.post(&format!("/api/contacts/import/{id}/run"), wrong).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("columns")));
    }
    assert_eq!(office.admin.get("/api/contacts/import/x").await.status, 404);
}

/// As a phone gives its contacts away.
#[actix_web::test]
async fn cards_of_a_phone_become_clients() {
    let office = Office::opens().await;
    let cards = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD;;;;\r\n\
        TEL;CELL:8 910 123-45-67\r\nTEL;WORK:+7 495 123-45-67\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Анна\r\nEMAIL:anna@example.org\r\nTEL;VALUE=uri:tel:+79107654321\r\nEND:VCARD\r\n";
    let import = office.takes_in(cards).await;
    assert_eq!((&import["rows"], &import["format"]), (&json!(2), &json!("vcf")));
    assert_eq!(office.moves_in(&import, json!({})).await["state"], "done");
    let people = office.people().await;
    assert_eq!(
        people,
        [json!(["Анна", ["+79107654321"], "anna@example.org"]), json!(["Иван", ["+79101234567", "+74951234567"], ""]),]
    );
    let labels = async || {
        let ivan = office.contacts().await.into_iter().find(|one| one["name"] == "Иван").unwrap();
        ivan["phones"].as_array().unwrap().iter().map(|phone| phone["label"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(labels().await, ["мобильный", "рабочий"]);
    // Whoever reads English gets English words.
    let asked = office.admin.asks(Method::POST, "/api/contacts/import?lang=en").body(cards).send().await.unwrap();
    let import = Answer::of(asked).await.json();
    assert_eq!(import["columns"][2]["samples"][0], "mobile: 8 910 123-45-67 work: +7 495 123-45-67");
    office.moves_in(&import, json!({"on_match": "replace"})).await;
    assert_eq!(labels().await, ["mobile", "work"]);
}

#[actix_web::test]
async fn our_own_file_comes_back_without_a_loss() {
    let office = Office::opens().await;
    for contact in [
        json!({
            "name": "Пётр \"Первый\"; Ёжиков", "company": "=HYPERLINK(1)", "email": "petr@example.org", "note": "первая\nвторая; третья",
            "phones": [{"number": "89101234567", "label": "дом, вечером"}, {"number": "101", "label": ""}],
            "tags": ["опт", "юг, север"], "kind": "lead", "responsible": office.boris.id(), "vip": true, "alert": "-1+cmd",
        }),
        json!({"name": "'Иван'", "phones": [{"number": "+79107654321", "label": "раб/моб: 2"}], "tags": ["a/b"]}),
        json!({"name": "@x", "company": "+7 (910)"}),
    ] {
        office.anna.makes("/api/contacts", contact).await;
        office.clock.advance(1_000);
    }
    let short = |mut contact: Value| {
        ["id", "created_at", "updated_at"].iter().for_each(|own| drop(contact.as_object_mut().unwrap().remove(*own)));
        contact
    };
    let all = async || {
        let mut all: Vec<_> = office.contacts().await.into_iter().map(short).collect();
        all.sort_by_key(Value::to_string);
        all
    };
    let before = all().await;
    for language in ["ru", "en"] {
        let answer =
            office.admin.asks(Method::GET, &format!("/api/contacts/export?lang={language}")).send().await.unwrap();
        let file = answer.bytes().await.unwrap().to_vec();
        for contact in office.contacts().await {
            let id = contact["id"].as_str().unwrap();
            assert_eq!(office.admin.delete(&format!("/api/contacts/{id}")).await.status, 204);
        }
        let import = office.takes_in(file).await;
        let task = office.moves_in(&import, json!({})).await;
        assert_eq!((&task["result"]["made"], &task["result"]["refused"]), (&json!(3), &json!(0)), "{task}");
        assert_eq!(all().await, before, "{language}");
    }
}

#[actix_web::test]
async fn it_is_broken_off_gone_on_with_and_taken_back_as_a_whole() {
    let office = Office::opens().await;
    let known = json!({"name": "Иван", "phones": [{"number": "+79101234567"}], "note": "Давний"});
    let ivan = office.anna.makes("/api/contacts", known).await;
    let path = format!("/api/contacts/{}", ivan["id"].as_str().unwrap());
    office.clock.advance(1_000);
    let mut file = "Имя;Телефон;Заметка\n".to_owned();
    (0..60).for_each(|n| file += &format!("Клиент {n};+7933000{n:04};\n"));
    file += "Иван;89101234567;Из файла\nЕщё раз;+79330000007;Дважды\n";
    let import = office.takes_in(file).await;
    let id = import["id"].as_str().unwrap();
    let task = office.moves_in(&import, json!({})).await;
    assert_eq!((&task["result"]["made"], &task["result"]["changed"]), (&json!(60), &json!(2)));
    assert_eq!(office.anna.reads(&path).await["note"], "Давний\nИз файла");
    let timeline = office.anna.reads(&format!("{path}/timeline")).await;
    assert_eq!(timeline["items"][0]["change"]["by"]["login"], "admin", "{timeline}");
    for (what, code) in [("retry", 409), ("x", 404)] {
        assert_eq!(office.admin.post(&format!("/api/tasks/{id}/{what}"), json!({})).await.status, code, "{what}");
    }
    assert_eq!(office.admin.delete(&format!("/api/tasks/{id}")).await.status, 409, "it has ended");
    // Somebody is changed by hand meanwhile: what he did stays.
    office.clock.advance(1_000);
    let mut third = office.admin.reads("/api/contacts?phone=%2B79330000003").await["items"][0].clone();
    let third_path = format!("/api/contacts/{}", third["id"].as_str().unwrap());
    assert_eq!(office.anna.patch(&third_path, json!({"company": "Ромашка"})).await.status, 200);
    assert_eq!(office.anna.patch(&path, json!({"company": "Лютик"})).await.status, 200);
    office.clock.advance(1_000);
    let undo = office.admin.post(&format!("/api/tasks/{id}/undo"), json!({})).await;
    assert_eq!((undo.status, &undo.json()["is_undoing"]), (202, &json!(true)));
    let task = office.ends(id).await;
    assert_eq!((&task["state"], &task["done"], &task["undo_until"]), (&json!("undone"), &json!(0), &Value::Null));
    assert_eq!(task["result"]["undone"], json!({"removed": 59, "restored": 1, "kept": 2}));
    let left = office.anna.reads(&path).await;
    assert_eq!((&left["note"], &left["company"]), (&json!("Давний"), &json!("Лютик")));
    third["company"] = json!("Ромашка");
    assert_eq!(office.anna.reads(&third_path).await["company"], third["company"]);
    assert_eq!(office.contacts().await.len(), 2);
    assert_eq!(office.admin.post(&format!("/api/tasks/{id}/undo"), json!({})).await.status, 409, "once is enough");
}

#[actix_web::test]
async fn after_thirty_days_it_stays() {
    let office = Office::opens().await;
    let import = office.takes_in(FILE).await;
    let task = office.moves_in(&import, json!({})).await;
    assert_eq!(task["undo_until"], "2026-03-31T09:00:00.000Z");
    office.clock.advance(30 * 24 * 3_600_000);
    let admin = office.signs_in_again("admin").await;
    let path = format!("/api/tasks/{}", import["id"].as_str().unwrap());
    assert_eq!(admin.reads(&path).await["undo_until"], Value::Null);
    let late = admin.post(&format!("{path}/undo"), json!({})).await;
    assert_eq!((late.status, &late.json()["code"]), (409, &json!("undo_over")));
    office.clock.advance(1);
    ringcard::app::upkeep::retention::sweep(&office.app).await.unwrap();
    assert_eq!(admin.get(&path).await.status, 404);
    assert_eq!(admin.get(&format!("/api/contacts/import/{}", import["id"].as_str().unwrap())).await.status, 404);
    assert_eq!(admin.reads("/api/contacts").await["items"].as_array().unwrap().len(), 2, "clients stay");
}

#[actix_web::test]
async fn what_was_not_taken_comes_back_in_its_own_columns_with_a_reason() {
    let office = Office::opens().await;
    let problems = async |import: &Value, query: &str| {
        let path = format!("/api/contacts/import/{}/problems?{query}", import["id"].as_str().unwrap());
        String::from_utf8(office.takes_away(&path).await).unwrap()
    };
    let import = office
        .takes_in("ФИО;Телефон;Бюджет;VIP\nИванов;89101234567;1;да\n=Петров;нет номера;2;может быть\n;;3;\n")
        .await;
    assert_eq!(
        problems(&import, "lang=ru").await,
        "\u{feff}ФИО;Телефон;Бюджет;VIP;Причина\r\n",
        "nothing was made of it yet"
    );
    assert_eq!(office.moves_in(&import, json!({})).await["result"]["refused"], 2);
    let rows = "'=Петров;нет номера;2;может быть;\"VIP: нужно «да» или «нет»; Телефоны: это не номер телефона\"\r\n\
                ;;3;;Имя: укажите имя, компанию, номер или почту\r\n";
    let file = problems(&import, "lang=ru").await;
    assert_eq!(file, format!("\u{feff}ФИО;Телефон;Бюджет;VIP;Причина\r\n{rows}"));
    let english = problems(&import, "lang=en").await;
    assert!(
        english
            .contains("'=Петров,нет номера,2,может быть,VIP: neither yes nor no; Phones: this is no phone number\r\n"),
        "{english}"
    );
    // Mended, they come in again.
    let mended = file.replace("нет номера;2;может быть", "89107654321;2;нет").replace(";;3;;", "Сидоров;;3;;");
    let again = office.takes_in(mended).await;
    assert_eq!(again["columns"][4]["field"], Value::Null);
    assert_eq!(office.moves_in(&again, json!({})).await["result"]["made"], 2);
    // A file without titles gets them.
    let bare = office.takes_in("Сидоренко;89331112233;y\nСидорова;нет;x\nСидоркин;89331112234;z\n").await;
    office.moves_in(&bare, json!({"columns": ["name", "phones", "note"]})).await;
    assert_eq!(
        problems(&bare, "lang=ru").await,
        "\u{feff}Имя;Телефоны;Заметка;Причина\r\nСидорова;нет;x;Телефоны: это не номер телефона\r\n"
    );
    let book = format!("/api/contacts/import/{}/problems?format=xlsx", bare["id"].as_str().unwrap());
    assert_eq!(office.takes_in(office.takes_away(&book).await).await["columns"][3]["name"], "Reason");
    assert_eq!(office.admin.get("/api/contacts/import/x/problems").await.status, 404);
    assert_eq!(office.anna.get(&book).await.status, 403);
}

#[actix_web::test]
async fn what_a_command_changes_stands_in_the_line_of_time() {
    let office = Office::opens().await;
    let known = json!({"name": "Иван", "phones": [{"number": "+79101234567"}]});
    let ivan = office.anna.makes("/api/contacts", known).await;
    office.clock.advance(1_000);
    let bytes = "Имя;Телефон;Заметка\nИван;89101234567;Из файла\n".as_bytes().to_vec();
    let import =
        take_in(&office.app, Handed { by: None, name: "a.csv", sheet: None, tongue: None, bytes }).await.unwrap();
    let columns = import.columns.iter().map(|column| column.field).collect();
    moving_in::begin(&office.app, None, &import.id, ImportPlan { columns, ..ImportPlan::default() }).await.unwrap();
    assert_eq!(office.ends(&import.id).await["by"], Value::Null);
    let timeline = office.anna.reads(&format!("/api/contacts/{}/timeline", ivan["id"].as_str().unwrap())).await;
    let fields = json!([{"field": "note", "before": "", "after": "Из файла"}]);
    assert_eq!(timeline["items"][0]["change"], json!({"by": null, "fields": fields}), "{timeline}");
}

#[actix_web::test]
async fn what_has_failed_says_why() {
    let office = Office::opens().await;
    let row = ImportRow {
        id: office.app.clock.new_id(),
        user_id: None,
        name: "a.csv".to_owned(),
        format: ImportFormat::Csv,
        encoding: "utf-8".to_owned(),
        sheets: Vec::new(),
        sheet: String::new(),
        rows: 1,
        columns: vec![ImportColumn { name: "Имя".to_owned(), samples: Vec::new(), field: Some(ImportField::Name) }],
        plan: String::new(),
        made_ms: office.app.clock.now_ms(),
    };
    let id = row.id.clone();
    let broken = PartRow { position: 0, cells: "[[\"Ив".to_owned(), outcomes: String::new() };
    let keep = move |tx: &mut Tx| imports::insert(tx, &row).and_then(|()| imports::insert_part(tx, &row.id, &broken));
    office.app.store.write(keep).await.unwrap();
    let run = office.admin.post(&format!("/api/contacts/import/{id}/run"), json!({"columns": ["name"]})).await;
    assert_eq!(run.status, 202, "{}", run.text);
    let task = office.ends(&id).await;
    let (error, params) = (&task["error"], json!({"table": "import_part", "id": id}));
    assert_eq!((&task["state"], &error["code"], &error["params"]), (&json!("failed"), &json!("damaged_row"), &params));
}
