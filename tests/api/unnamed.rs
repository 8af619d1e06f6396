//! What the PBX names and nobody here has a name for: the owner is asked who or what it is.

use serde_json::{Value, json};

use crate::support::office::Office;
use crate::support::pbx::on;

async fn asked(office: &Office) -> Vec<(Value, Value)> {
    let items = office.admin.reads("/api/unnamed").await["items"].clone();
    items.as_array().unwrap().iter().map(|one| (one["kind"].clone(), one["name"].clone())).collect()
}

#[tokio::test]
async fn a_login_of_nobody_and_a_number_without_a_label_are_asked_for_until_they_are_named() {
    let office = Office::opens().await;
    assert_eq!(office.anna.get("/api/unnamed").await.status, 403);
    let push =
        |user| [("cmd", "event"), ("type", "INCOMING"), ("user", user), ("phone", "79101234567"), ("callid", "c")];
    for user in ["anna", "pbx", "g_sales", "petr", "petr"] {
        let members = [push(user).as_slice(), &[("diversion", "74951112233")]].concat();
        assert_eq!(office.pbx.says(&members).await.status, 200);
    }
    let number = (json!("number"), json!("+74951112233"));
    let mut found = asked(&office).await;
    found.sort_by_key(|one| one.0.to_string());
    assert_eq!(found, [(json!("account"), json!("petr")), number]);
    let label = json!({"numbers": [{"number": "74951112233", "label": "Сайт"}]});
    assert_eq!(office.admin.patch("/api/settings", label).await.status, 200);
    let lines = json!([{"integration": office.integration, "account": "petr"}]);
    let person = json!({"login": "petr", "name": "Пётр", "role": "operator", "lines": lines});
    assert_eq!(office.admin.post("/api/users", person).await.status, 201);
    assert!(asked(&office).await.is_empty());
    office.pbx.rings(on("d", "petr")).await;
    assert!(asked(&office).await.is_empty());
}

#[tokio::test]
async fn a_login_that_is_nobody_is_not_asked_for_again_until_that_is_taken_back() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "fax")).await;
    let says = |is_nobody: bool| json!({"integration": office.integration, "account": "fax", "is_nobody": is_nobody});
    assert_eq!(office.anna.patch("/api/unnamed", says(true)).await.status, 403);
    office.clock.advance(1_000);
    for is_nobody in [true, false] {
        assert_eq!(office.admin.patch("/api/unnamed", says(is_nobody)).await.status, 204);
        office.pbx.rings(on("d", "fax")).await;
        let items = office.admin.reads("/api/unnamed").await["items"].clone();
        assert_eq!((&items[0]["name"], &items[0]["is_nobody"]), (&json!("fax"), &json!(is_nobody)));
    }
    let act = office.admin.reads("/api/audit?limit=1").await["items"][0].clone();
    assert_eq!((&act["action"], &act["about"]["name"]), (&json!("unnamed_changed"), &json!("fax")));
    let never = json!({"integration": office.integration, "account": "anna", "is_nobody": true});
    assert_eq!(office.admin.patch("/api/unnamed", never).await.status, 404);
}
