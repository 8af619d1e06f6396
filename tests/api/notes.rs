//! Notes of two people on one call: nothing that was written is overwritten unseen.

use serde_json::{Value, json};

use crate::support::office::Office;
use crate::support::pbx::on;

fn path(call: &Value) -> String {
    format!("/api/calls/{}", call["id"].as_str().unwrap())
}

#[tokio::test]
async fn the_later_of_two_notes_is_told_of_the_earlier_and_overwrites_nothing() {
    let office = Office::opens().await;
    office.pbx.rings(on("c", "anna")).await;
    office.pbx.rings(on("c", "boris")).await;
    let call = office.call("c").await;
    let written = office.anna.patch(&path(&call), json!({"note": "Ждёт счёт"})).await.json();
    assert_eq!((&written["note_rev"], &written["note_by"]), (&json!(1), &office.anna.appears));
    // Boris saw the empty one.
    let answer = office
        .boris
        .patch(&path(&call), json!({"note": "Просил скидку", "outcome": "019aa000-0000-7000-8000-000000000001"}))
        .await;
    let problem = answer.json();
    assert_eq!((answer.status, &problem["code"]), (409, &json!("note_changed")));
    let newer = json!({"note": "Ждёт счёт", "note_rev": 1, "note_by": office.anna.appears});
    for member in ["note", "note_rev", "note_by"] {
        assert_eq!(problem[member], newer[member], "{member}");
    }
    let kept = office.call("c").await;
    assert_eq!((&kept["note"], &kept["outcome"]), (&json!("Ждёт счёт"), &json!("")), "none of it was kept");
    let both = json!({"note": "Ждёт счёт\nПросил скидку", "note_rev": 1});
    let joined = office.boris.patch(&path(&call), both.clone()).await;
    assert_eq!((joined.status, &joined.json()["note_rev"]), (200, &json!(2)));
    // The same text once more, because its answer was lost.
    let again = office.boris.patch(&path(&call), both).await;
    assert_eq!((again.status, &again.json()["note_rev"]), (200, &json!(2)));
}

#[tokio::test]
async fn a_transferred_call_has_one_note_and_one_revision_of_it() {
    let office = Office::opens().await;
    office.pbx.rings(on("first", "anna")).await;
    office.pbx.event("TRANSFERRED", on("first", "anna"), &[("second_callid", "second")]).await;
    office.pbx.rings(on("second", "boris")).await;
    let (first, second) = (office.call("first").await, office.call("second").await);
    assert_eq!(office.anna.patch(&path(&first), json!({"note": "Ждёт счёт"})).await.status, 200);
    assert_eq!(office.call("second").await["note_rev"], 1);
    let answer = office.boris.patch(&path(&second), json!({"note": "Скидка", "note_rev": 0})).await;
    assert_eq!((answer.status, &answer.json()["note"]), (409, &json!("Ждёт счёт")));
    let answer = office.boris.patch(&path(&second), json!({"note": "Скидка", "note_rev": 1})).await;
    assert_eq!((answer.status, &answer.json()["note_by"]), (200, &office.boris.appears));
    assert_eq!(office.call("first").await["note"], "Скидка");
}
