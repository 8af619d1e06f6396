//! What leaves as a file: whom the list's filter leaves, whole, and harmless in a spreadsheet.

use std::collections::BTreeSet;

use reqwest::Method;
use ringcard::app::clients::contacts;
use ringcard::app::clients::draft::ContactDraft;
use ringcard::app::clients::export::{ContactFormat, Export};
use ringcard::app::clients::search::ContactQuery;
use ringcard::domain::sheet::Tongue;
use ringcard::domain::table_file::TableFormat;
use ringcard::store::tables::contact_talks;
use serde_json::json;

use crate::support::NOW_MS;
use crate::support::TestApp;
use crate::support::office::Office;
use crate::support::person::Person;

const RU: &str = "Имя;Компания;Телефоны;E-mail;Заметка;Метки;Вид;Ответственный;VIP;Важно перед ответом";

/// The file as it comes, to the last byte.
async fn file(person: &Person, query: &str) -> String {
    let answer = person.asks(Method::GET, &format!("/api/contacts/export?{query}")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"contacts.csv\"");
    let text = String::from_utf8(answer.bytes().await.unwrap().to_vec()).unwrap();
    text.strip_prefix('\u{feff}').expect("spreadsheets know UTF-8 by its mark").to_owned()
}

/// The first cell of every row but the titles.
fn names(file: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(file.as_bytes());
    reader.records().map(|row| row.unwrap()[0].to_owned()).collect()
}

#[actix_web::test]
async fn a_client_is_one_row_in_the_language_asked_for() {
    let office = Office::opens().await;
    office
        .anna
        .makes(
            "/api/contacts",
            json!({
                "name": "Пётр \"Первый\"; Ёжиков",
                "company": "=HYPERLINK(\"http://bad.example\")",
                "phones": [{"number": "89101234567", "label": "мобильный"}, {"number": "+74951234567"}],
                "email": "petr@example.org",
                "note": "первая\nвторая",
                "tags": ["опт", "юг"],
                "kind": "lead",
                "responsible": office.boris.id(),
                "vip": true,
                "alert": "-1+cmd",
            }),
        )
        .await;
    office.clock.advance(1_000);
    office.anna.makes("/api/contacts", json!({"phones": [{"number": "+79107654321"}]})).await;
    let boris = office.boris.appears["name"].as_str().unwrap();
    let plain = "\r\n;;+79107654321;;;;клиент;;;\r\n";
    let whole = format!(
        "\"Пётр \"\"Первый\"\"; Ёжиков\";\"'=HYPERLINK(\"\"http://bad.example\"\")\";\
         \"мобильный: +79101234567\n+74951234567\";petr@example.org;\"первая\nвторая\";\"опт\nюг\";новый;{boris};да;'-1+cmd\r\n"
    );
    assert_eq!(file(&office.admin, "format=csv&lang=ru").await, format!("{RU}{plain}{whole}"));
    let english = file(&office.admin, "kind=lead").await;
    assert!(english.starts_with("Name,Company,Phones,Email,Note,Tags,Kind,Responsible,VIP,Before answering\r\n"));
    assert!(english.contains(&format!(",lead,{boris},yes,'-1+cmd\r\n")), "{english}");
}

#[actix_web::test]
async fn whom_the_list_shows_stands_in_the_file() {
    let office = Office::opens().await;
    for (name, kind, tags) in
        [("Иванов", "client", vec!["опт"]), ("Петров", "lead", vec![]), ("Иванова", "lead", vec!["опт"])]
    {
        office.anna.makes("/api/contacts", json!({"name": name, "kind": kind, "tags": tags})).await;
        office.clock.advance(1_000);
    }
    for (filter, expected) in [
        ("", &["Иванова", "Петров", "Иванов"][..]),
        ("tag=опт", &["Иванова", "Иванов"]),
        ("kind=lead", &["Иванова", "Петров"]),
        ("q=иванов", &["Иванова", "Иванов"]),
        ("q=bdfyjd&kind=client", &["Иванов"]),
        ("q=Сидоров", &[]),
        ("phone=89109999999", &[]),
    ] {
        assert_eq!(names(&file(&office.admin, &format!("lang=ru&{filter}")).await), expected, "{filter}");
    }
}

#[actix_web::test]
async fn only_managers_take_clients_away_and_what_cannot_be_asked_is_refused_whole() {
    let office = Office::opens().await;
    assert_eq!(office.anna.get("/api/contacts/export").await.status, 403);
    let long = "a".repeat(201);
    assert_eq!(office.admin.get(&format!("/api/contacts/export?q={long}")).await.status, 422);
    assert_eq!(office.admin.get("/api/contacts/export?format=doc").await.status, 422);
}

#[actix_web::test]
async fn clients_leave_as_cards_and_as_a_workbook_too() {
    let office = Office::opens().await;
    let client = json!({
        "name": "Пётр, \"Первый\"; Ёжиков", "company": "=HYPERLINK(1)", "email": "petr@example.org", "note": "первая\nвторая",
        "phones": [{"number": "89101234567", "label": "мобильный"}, {"number": "+74951234567", "label": "дача"}, {"number": "101"}],
        "tags": ["опт", "юг"], "kind": "lead", "responsible": office.boris.id(), "vip": true, "alert": "Звонить до шести, потом спит: лучше совсем не звонить",
    });
    office.anna.makes("/api/contacts", client).await;
    let asked = office.admin.asks(Method::GET, "/api/contacts/export?format=vcf").send().await.unwrap();
    assert_eq!(asked.headers()["content-type"], "text/vcard; charset=utf-8");
    assert_eq!(asked.headers()["content-disposition"], "attachment; filename=\"contacts.vcf\"");
    let boris = office.boris.appears["name"].as_str().unwrap();
    let card = format!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;Пётр\\, \"Первый\"\\; Ёжиков;;;\r\nFN:Пётр\\, \"Первый\"\\; Ёжиков\r\n\
         item1.TEL;TYPE=CELL:+79101234567\r\nitem1.X-ABLabel:мобильный\r\nitem2.TEL:+74951234567\r\nitem2.X-ABLabel:дача\r\nitem3.TEL:101\r\n\
         ORG:=HYPERLINK(1)\r\nEMAIL:petr@example.org\r\nNOTE:первая\\nвторая\r\nCATEGORIES:опт,юг\r\nX-RINGCARD-KIND:lead\r\n\
         X-RINGCARD-RESPONSIBLE:{boris}\r\nX-RINGCARD-VIP:yes\r\n\
         X-RINGCARD-ALERT:Звонить до шести\\, потом спит: лу\r\n чше совсем не звонить\r\nEND:VCARD\r\n"
    );
    assert_eq!(asked.text().await.unwrap(), card);
    let asked = office.admin.asks(Method::GET, "/api/contacts/export?format=xlsx&lang=ru").send().await.unwrap();
    assert_eq!(asked.headers()["content-type"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    let import = office.takes_in(asked.bytes().await.unwrap()).await;
    let column = |at: usize| {
        (import["columns"][at]["name"].as_str().unwrap(), import["columns"][at]["samples"][0].as_str().unwrap())
    };
    assert_eq!((&import["sheet"], column(1)), (&json!("Контакты"), ("Компания", "=HYPERLINK(1)")));
    assert_eq!(column(2), ("Телефоны", "мобильный: +79101234567 дача: +74951234567 101"));
    assert_eq!(office.admin.get("/api/contacts/export?format=doc").await.status, 422);
}

/// So many clients, by names that count.
async fn has_clients(crm: &TestApp, count: i64) {
    let clock = crm.clock.clone();
    crm.app
        .store
        .write(move |tx| {
            for n in 0..count {
                let draft = ContactDraft { name: format!("Клиент {n}"), ..ContactDraft::default() };
                contacts::make(tx, &clock.new_id_at(NOW_MS + n), draft, None, NOW_MS + n)?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

#[actix_web::test]
async fn everybody_is_in_it_once_whoever_is_talked_to_meanwhile() {
    let crm = TestApp::start().await;
    has_clients(&crm, 701).await;
    let mut export =
        Export::begin(&crm.app, ContactQuery::default(), ContactFormat::Table(TableFormat::Csv), Tongue::Ru)
            .await
            .unwrap();
    let first = export.next().await.unwrap().unwrap();
    assert!(first.len() < 20_000, "a part is a page and not the whole");
    // Whoever comes last is talked to now: in the list he would move to the front.
    let oldest =
        crm.app.store.list(|tx| Ok(ringcard::store::tables::contact_walks::walk_made(tx, "z")?.rows)).await.unwrap();
    let id = oldest.last().unwrap().id.clone();
    crm.app.store.write(move |tx| contact_talks::set(tx, &id, Some((NOW_MS * 2, "a-call")))).await.unwrap();
    let mut whole = first;
    while let Some(part) = export.next().await.unwrap() {
        whole.extend(part);
    }
    let names = names(&String::from_utf8(whole).unwrap());
    assert_eq!(names.len(), 701);
    assert_eq!(names.into_iter().collect::<BTreeSet<_>>().len(), 701);
}
