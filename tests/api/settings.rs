//! `/api/settings`: changed a member at a time, each refusal by name.

use serde_json::{Value, json};

use crate::support::office::Office;

/// One that a new installation begins with.
pub fn outcome(nth: u8, name: &str, applies: &[&str], asks: &str) -> Value {
    let id = format!("019aa000-0000-7000-8000-00000000000{nth}");
    json!({"id": id, "name": name, "applies": applies, "asks": asks, "is_archived": false})
}

fn defaults() -> Value {
    json!({
        "lead_on_missed": true,
        "contact_on_outgoing": true,
        "keep_unknown_users": true,
        "default_user": null,
        "senior_manager": null,
        "numbers": [],
        "outcomes": [
            outcome(1, "Заказ", &["in", "out"], "none"),
            outcome(2, "Вопрос", &["in", "out"], "none"),
            outcome(3, "Перезвонить", &["in", "out", "missed"], "promise"),
            outcome(4, "Не наш клиент", &["in", "out", "missed"], "none"),
        ],
        "region": "RU",
        "retention": {"calls_d": null, "webhooks_d": 30, "recordings_d": null, "leads_d": null, "audit_d": 730},
        "working_hours": null,
        "sites": [],
        "callback_min": 15,
        "vip_callback_min": 5,
        "short_miss_s": 5,
        "return_to": "caller",
        "return_h": 24,
        "display_name": "{vip}{name}{company}{missed}",
        "transliterate": false,
        "second_factor_for_admins": false,
    })
}

#[actix_web::test]
async fn everybody_reads_and_only_an_admin_changes() {
    let office = Office::opens().await;
    assert_eq!(office.anna.reads("/api/settings").await, defaults());
    assert_eq!(office.anna.patch("/api/settings", json!({"region": "KZ"})).await.status, 403);
    assert_eq!(office.get("/api/settings").await.status, 401);
    assert_eq!(office.admin.reads("/api/settings").await, defaults());
}

#[actix_web::test]
async fn a_change_leaves_what_it_does_not_name() {
    let office = Office::opens().await;
    let mut whole = defaults();
    let hours = json!({
        "zone": "Europe/Moscow",
        "days": {"mon": [{"from": "09:00", "to": "13:00"}, {"from": "14:00", "to": "18:00"}], "fri": [{"from": "22:00", "to": "06:00"}]},
        "exceptions": [{"from": "2026-12-31", "to": "2027-01-08", "name": "Новый год", "intervals": []}],
    });
    let site = |number: &str| json!([{"id": "shop", "name": "Магазин", "working_hours": hours, "numbers": [number]}]);
    let changes = [
        ("lead_on_missed", json!(false), json!(false)),
        ("senior_manager", json!(office.boris.id()), office.boris.appears.clone()),
        ("senior_manager", Value::Null, Value::Null),
        ("default_user", json!(office.anna.id()), office.anna.appears.clone()),
        (
            "numbers",
            json!([{"number": "8 495 123-45-67", "label": " Avito "}, {"number": "101", "label": ""}]),
            json!([{"number": "+74951234567", "label": "Avito"}, {"number": "101", "label": ""}]),
        ),
        ("region", json!("kz"), json!("KZ")),
        (
            "retention",
            json!({"calls_d": 365}),
            json!({"calls_d": 365, "webhooks_d": 30, "recordings_d": null, "leads_d": null, "audit_d": 730}),
        ),
        ("working_hours", hours.clone(), hours.clone()),
        ("working_hours", Value::Null, Value::Null),
        ("sites", site("8 (495) 123-45-67"), site("+74951234567")),
        ("callback_min", json!(30), json!(30)),
        ("short_miss_s", json!(0), json!(0)),
        (
            "retention",
            json!({"webhooks_d": null}),
            json!({"calls_d": 365, "webhooks_d": null, "recordings_d": null, "leads_d": null, "audit_d": 730}),
        ),
    ];
    for (member, value, kept) in changes {
        whole[member] = kept;
        let answer = office.admin.patch("/api/settings", json!({ member: value })).await;
        assert_eq!((answer.status, answer.json()), (200, whole.clone()), "{member}");
    }
    assert_eq!(office.anna.reads("/api/settings").await, whole);
}

#[actix_web::test]
async fn a_refusal_names_its_member_and_changes_nothing() {
    let office = Office::opens().await;
    let refusals = [
        (json!({"lead_on_misssed": true}), vec!["lead_on_misssed"]),
        (json!({"lead_on_missed": "yes", "region": 7}), vec!["lead_on_missed", "region"]),
        (json!({"default_user": "nobody", "senior_manager": "nobody"}), vec!["default_user", "senior_manager"]),
        (json!({"region": "XX"}), vec!["region"]),
        (json!({"region": "Russia"}), vec!["region"]),
        (json!({"numbers": [{"number": "x", "label": ""}]}), vec!["numbers[0].number"]),
        (
            json!({"numbers": [{"number": "84951234567", "label": ""}, {"number": "+7 495 1234567", "label": ""}]}),
            vec!["numbers[1].number"],
        ),
        (json!({"numbers": [{"number": "101", "label": "", "more": 1}]}), vec!["numbers"]),
        (
            json!({"outcomes": ["", "a", "a", "x".repeat(51), {"name": "b", "applies": []}, {"id": "x", "name": "c"}]}),
            vec!["outcomes[0].name", "outcomes[2].name", "outcomes[3].name", "outcomes[4].applies", "outcomes[5].id"],
        ),
        (
            json!({"outcomes": [outcome(1, "a", &["in"], "none"), outcome(1, "b", &["in"], "none")]}),
            vec!["outcomes[1].id"],
        ),
        (json!({"outcomes": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]}), vec!["outcomes"]),
        (json!({"outcomes": [{"name": "a", "asks": "money"}]}), vec!["outcomes"]),
        (json!({"return_to": "nobody"}), vec!["return_to"]),
        // A setting that nothing heeds does not exist.
        (json!({"greeting": "hello"}), vec!["greeting"]),
        (json!({"working_hours": {"zone": "Mars/Base"}}), vec!["working_hours.zone"]),
        (
            json!({"working_hours": {"zone": "UTC", "days": {"mon": [{"from": "9:00", "to": "18:00"}]}}}),
            vec!["working_hours"],
        ),
        (
            json!({"working_hours": {"zone": "UTC", "exceptions": [{"from": "2027-01-08", "to": "2027-01-01"}]}}),
            vec!["working_hours.exceptions[0].to"],
        ),
        (
            json!({"sites": [
                {"id": "a", "name": "A", "numbers": ["84951234567", "x"]},
                {"id": "a", "name": "", "numbers": ["+74951234567"]},
            ]}),
            vec!["sites[0].numbers[1]", "sites[1].name", "sites[1].id", "sites[1].numbers[0]"],
        ),
        (json!({"callback_min": 0, "short_miss_s": -1}), vec!["callback_min", "short_miss_s"]),
        (json!({"retention": {"recordings_d": 0}}), vec!["retention.recordings_d"]),
        (json!({"retention": {"leads_d": 36_501}}), vec!["retention.leads_d"]),
        (json!({"retention": {"calls_d": 0, "webhooks_d": -1}}), vec!["retention.calls_d", "retention.webhooks_d"]),
        (json!({"retention": {"contacts_d": 1}}), vec!["retention"]),
        (json!({"retention": [null, null]}), vec!["retention"]),
        (json!({"working_hours": ["UTC"], "numbers": [["+74951234567", ""]]}), vec!["numbers", "working_hours"]),
        (json!({"lead_on_missed": false, "region": "XX"}), vec!["region"]),
    ];
    for (patch, fields) in refusals {
        let answer = office.admin.patch("/api/settings", patch.clone()).await;
        let problem = answer.json();
        let named: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!((answer.status, named), (422, fields), "{patch}");
    }
    assert_eq!(office.admin.reads("/api/settings").await, defaults());
}

#[actix_web::test]
async fn the_region_reads_numbers_from_then_on() {
    let office = Office::opens().await;
    office.sets(json!({"region": "BY"})).await;
    let made = office.anna.keeps_contact("Минск", "8 029 111-11-11").await;
    assert_eq!(made["phones"], json!([{"number": "+375291111111", "label": ""}]));
}
