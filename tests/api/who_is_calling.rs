//! The `contact` command: who rings, and whose client he is, while the caller waits (P11, P14).

use serde_json::{Value, json};

use crate::support::office::{CLIENT_NUMBER, Office};
use crate::support::pbx::CLIENT;

async fn told(office: &Office, phone: &str) -> Value {
    let answer = office.pbx.asks_who(phone).await;
    assert_eq!((answer.status, answer.content_type.as_str()), (200, "application/json"));
    answer.json()
}

#[actix_web::test]
async fn a_stranger_is_an_empty_object() {
    let office = Office::opens().await;
    for phone in [CLIENT, "anonymous", "101", "375291111111"] {
        assert_eq!(office.pbx.asks_who(phone).await.text, "{}", "{phone}");
    }
}

#[actix_web::test]
async fn name_and_company_are_told_else_the_number() {
    let office = Office::opens().await;
    for (phone, name, company, said) in [
        ("79100000001", "Пётр", "Ромашка", "Пётр (Ромашка)"),
        ("79100000002", "Пётр", "", "Пётр"),
        ("79100000003", "", "Ромашка", "Ромашка"),
        ("79100000004", "", "", "+7 910 000-00-04"),
        ("101", "Склад", "", "Склад"),
    ] {
        let contact = json!({"name": name, "company": company, "phones": [{"number": phone}]});
        office.anna.makes("/api/contacts", contact).await;
        for _ in 0..2 {
            assert_eq!(told(&office, phone).await, json!({"contact_name": said}), "{phone}");
        }
    }
}

#[actix_web::test]
async fn the_responsible_is_named_by_his_own_account_there() {
    let office = Office::opens().await;
    let contact = json!({"name": "Пётр", "phones": [{"number": CLIENT}], "responsible": office.boris.id()});
    let made = office.anna.makes("/api/contacts", contact).await;
    let path = format!("/api/contacts/{}", made["id"].as_str().unwrap());
    assert_eq!(told(&office, CLIENT).await, json!({"contact_name": "Пётр", "responsible": "boris"}));

    // The admin has no line at this PBX.
    office.anna.patch(&path, json!({"responsible": office.admin.id()})).await;
    assert_eq!(told(&office, CLIENT).await, json!({"contact_name": "Пётр"}));

    office.anna.patch(&path, json!({"responsible": office.boris.id()})).await;
    let lines =
        json!({"lines": [{"integration": "main", "account": "boris2"}, {"integration": "main", "account": "b3"}]});
    let user = format!("/api/users/{}", office.boris.id());
    assert_eq!(office.admin.patch(&user, lines).await.status, 200);
    assert_eq!(told(&office, CLIENT).await, json!({"contact_name": "Пётр", "responsible": "boris2"}));
    assert_eq!(office.admin.delete(&user).await.status, 204);
    assert_eq!(told(&office, CLIENT).await, json!({"contact_name": "Пётр"}));
}

#[actix_web::test]
async fn what_is_kept_in_memory_is_never_older_than_the_last_change() {
    let office = Office::opens().await;
    assert_eq!(told(&office, CLIENT).await, json!({}));
    let made = office.anna.keeps_contact("Пётр", CLIENT_NUMBER).await;
    let path = format!("/api/contacts/{}", made["id"].as_str().unwrap());
    assert_eq!(told(&office, CLIENT).await, json!({"contact_name": "Пётр"}));
    for name in ["Пётр Ильич", "П. И.", "Пётр"] {
        assert_eq!(office.anna.patch(&path, json!({"name": name})).await.status, 200);
        assert_eq!(told(&office, CLIENT).await, json!({"contact_name": name}));
    }
    assert_eq!(office.anna.patch(&path, json!({"phones": [{"number": "101"}]})).await.status, 200);
    assert_eq!(told(&office, CLIENT).await, json!({}));
    assert_eq!(told(&office, "101").await, json!({"contact_name": "Пётр"}));
    assert_eq!(office.admin.delete(&path).await.status, 204);
    assert_eq!(told(&office, "101").await, json!({}));
}

#[actix_web::test]
async fn a_store_that_fails_lets_the_call_go_on() {
    let office = Office::opens().await;
    office.anna.keeps_contact("Пётр", CLIENT_NUMBER).await;
    let broken = |sql: &'static str| office.app.store.write(move |tx| tx.execute(sql, &[]).map(|_| ()));
    broken("ALTER TABLE contact_phone RENAME TO elsewhere").await.unwrap();
    assert_eq!(told(&office, CLIENT).await, json!({}));
    broken("ALTER TABLE elsewhere RENAME TO contact_phone").await.unwrap();
    assert_eq!(told(&office, CLIENT).await, json!({"contact_name": "Пётр"}), "a failure is not remembered");
}
