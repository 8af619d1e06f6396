//! Many changes at once, and a store that is busy for a moment: nobody's screen is flooded, and no ring stays unseen.

use std::time::Duration;

use ringcard::store::tx::{Topic, Tx};
use serde_json::json;

use crate::support::office::{CRM_TOKEN, Office};
use crate::support::pbx::{CLIENT, on};

/// An import changes thousands of contacts: lists are told of it in one word, and cards are not built anew for each.
#[tokio::test]
async fn a_storm_of_changes_is_told_once_a_second_a_topic() {
    let office = Office::opens().await;
    let mut anna = office.anna.watches("").await;
    office.pbx.rings(on("c", "anna")).await;
    anna.card().await;
    for batch in 0..10 {
        let change = move |tx: &mut Tx<'_>| {
            (0..30).for_each(|n| tx.notify(Topic::Contact, &format!("contact {batch} {n}")));
            Ok(())
        };
        office.app.store.write(change).await.unwrap();
    }
    let heard = anna.hears_for(Duration::from_millis(2_500)).await;
    let count = |name: &str| heard.iter().filter(|(event, _)| event == name).count();
    let last = heard.iter().rfind(|(event, _)| event == "contact").map(|(_, data)| data.clone());
    assert_eq!(last, Some(json!({"id": null})), "of so many none is named");
    assert!(count("contact") <= 32, "{} of 300 were told one by one", count("contact"));
    assert!(count("card") <= 3, "the card was built anew {} times", count("card"));
}

#[tokio::test]
async fn a_changed_row_and_a_changed_call_are_named_with_their_revision() {
    let office = Office::opens().await;
    let mut anna = office.anna.watches("").await;
    office.pbx.reports("in", "missed", "0", on("c", "pbx"), &[]).await;
    let (row, call) = (anna.next("row").await, anna.next("call").await);
    let board = office.board().await;
    assert_eq!(row, json!({"id": board[0]["id"], "rev": board[0]["rev"]}));
    assert_eq!((&call["id"], call["rev"].is_i64()), (&office.call("c").await["id"], true));
}

/// Found from outside: four slow reads kept a card from its screen for good.
#[tokio::test]
async fn a_ring_is_shown_though_every_reader_was_busy_when_it_came() {
    let office = Office::opens().await;
    let mut anna = office.anna.watches("").await;
    anna.next("snapshot").await;
    for _ in 0..8 {
        let store = office.app.store.clone();
        let slow = |_: &mut Tx<'_>| {
            std::thread::sleep(Duration::from_millis(1_700));
            Ok(())
        };
        tokio::spawn(async move { store.show(slow).await });
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    office.pbx.rings(on("c", "anna")).await;
    assert_eq!(anna.card().await["callid"], "c");
}

/// R7: what cannot be kept now is not acknowledged, and who asks for a name does not wait for it.
#[tokio::test]
async fn r7_a_push_for_which_the_queue_has_no_room_is_503_and_kept_when_it_comes_again() {
    let office = Office::opens().await;
    if !office.is_embedded() {
        return;
    }
    let (release, held) = std::sync::mpsc::channel::<()>();
    let store = office.app.store.clone();
    let hold = move |_: &mut Tx| {
        let _ = held.recv();
        Ok(())
    };
    let holder = tokio::spawn(async move { store.write(hold).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let waiting: Vec<_> = (0..3_000)
        .map(|_| {
            let store = office.app.store.clone();
            tokio::spawn(async move { store.write(|_: &mut Tx| Ok(())).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let push = [
        ("cmd", "event"),
        ("type", "INCOMING"),
        ("callid", "a"),
        ("user", "anna"),
        ("phone", CLIENT),
        ("crm_token", CRM_TOKEN),
    ];
    let posts = || office.http.post(format!("{}/pbx", office.url)).form(&push).send();
    let refused = posts().await.unwrap();
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (503, "1"));
    assert_eq!(office.pbx.asks_who(CLIENT).await.status, 200);
    release.send(()).unwrap();
    holder.await.unwrap().unwrap();
    for one in waiting {
        let _ = one.await.unwrap();
    }
    assert_eq!(office.calls().await.len(), 0);
    assert_eq!(posts().await.unwrap().status(), 200);
    assert_eq!(office.calls().await.len(), 1);
}
