//! The backups that are kept: shown, and one asked for at once.

use serde_json::{Value, json};

use crate::fake_peer::Reply;
use crate::support::TestApp;
use crate::support::office::{Office, at};

/// An office whose server keeps two backups, made at half past three in UTC, in this folder.
async fn office(folder: &str) -> Office {
    let words = ["--backup-dir", folder, "--backup-at", "03:30", "--backup-keep", "2"];
    let office = Office::opens_in(TestApp::start_where(&words).await, |_| Reply::ok("")).await;
    let hours = json!({"working_hours": {"zone": "UTC", "days": {}, "exceptions": []}});
    office.sets(hours).await;
    office
}

async fn ended(office: &Office, task: &Value) -> Value {
    let path = format!("/api/tasks/{}", task["id"].as_str().unwrap());
    loop {
        let task = office.admin.reads(&path).await;
        if !["waiting", "running"].contains(&task["state"].as_str().unwrap()) {
            return task;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn r8_an_admin_sees_the_backups_and_makes_one() {
    let folder = tempfile::tempdir().unwrap();
    let office = office(folder.path().to_str().unwrap()).await;
    if !office.is_embedded() {
        let found = office.admin.reads("/api/backups").await;
        assert_eq!((&found["is_possible"], &found["next_at"]), (&json!(false), &Value::Null));
        return;
    }
    assert_eq!(office.anna.get("/api/backups").await.status, 403);
    let mut found = office.admin.reads("/api/backups").await;
    // The day's own may be there already.
    found["items"] = json!([]);
    let next = found["next_at"].as_str().unwrap().to_owned();
    assert!(next.contains("T03:30:00") && *next > *at(0), "{next}");
    let shown = json!({"folder": folder.path(), "is_possible": true, "keep": 2, "next_at": next, "items": []});
    assert_eq!(found, shown);

    for _ in 0..2 {
        office.clock.advance(2_000);
        let asked = office.admin.post("/api/backups", json!({})).await;
        assert_eq!(asked.status, 202, "{}", asked.text);
        let task = asked.json();
        assert_eq!((&task["kind"], &task["by"]["login"]), (&json!("backup"), &json!("admin")));
        let task = ended(&office, &task).await;
        assert_eq!((&task["state"], &task["done"], &task["undo_until"]), (&json!("done"), &json!(1), &Value::Null));
        let undone = office.admin.post(&format!("/api/tasks/{}/undo", task["id"].as_str().unwrap()), json!({})).await;
        assert_eq!(undone.status, 409);
    }
    let items = office.admin.reads("/api/backups").await["items"].clone();
    let items = items.as_array().unwrap();
    assert_eq!(items.len(), 2, "the oldest goes: {items:?}");
    assert_eq!((&items[0]["made_at"], &items[1]["made_at"]), (&json!(at(4)), &json!(at(2))));
    let file = std::fs::metadata(folder.path().join(items[0]["name"].as_str().unwrap())).unwrap();
    assert_eq!(items[0]["size_bytes"], file.len());
    let act = office.admin.reads("/api/audit?limit=1").await["items"][0].clone();
    assert_eq!((&act["action"], &act["by"]["login"]), (&json!("backup_asked"), &json!("admin")));
}

/// What cannot be made fails, is said, and can be tried again.
#[actix_web::test]
async fn a_backup_that_cannot_be_made_fails_its_task() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no-folder");
    std::fs::write(&file, "").unwrap();
    let office = office(file.to_str().unwrap()).await;
    if !office.is_embedded() {
        return;
    }
    let asked = office.admin.post("/api/backups", json!({})).await.json();
    assert_eq!(ended(&office, &asked).await["state"], "failed");
    std::fs::remove_file(&file).unwrap();
    let path = format!("/api/tasks/{}/retry", asked["id"].as_str().unwrap());
    assert_eq!(office.admin.post(&path, json!({})).await.status, 202);
    assert_eq!(ended(&office, &asked).await["state"], "done");
}

#[actix_web::test]
async fn without_a_folder_none_is_made() {
    let office = Office::opens().await;
    let found = office.admin.reads("/api/backups").await;
    assert_eq!((&found["folder"], &found["next_at"], &found["items"]), (&Value::Null, &Value::Null, &json!([])));
    let refused = office.admin.post("/api/backups", json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("backups_off")));
}
