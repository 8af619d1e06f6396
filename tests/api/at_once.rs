//! What comes several times and all at once makes what it makes once and in order.

use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::office::Office;
use crate::support::pbx::Pbx;

const CALLS: usize = 6;
const TIMES: usize = 5;

type Push = Vec<(&'static str, String)>;

/// Of each call: two phones ring, one is taken; of every third nobody takes any.
fn pushes() -> Vec<Push> {
    let of_call = |call: usize| {
        let (callid, phone) = (format!("call-{call}"), format!("7910123450{}", call % 4));
        let push = move |members: &[(&'static str, &str)]| {
            let more = [("callid", callid.as_str()), ("phone", phone.as_str())];
            members.iter().chain(&more).map(|(name, value)| (*name, (*value).to_owned())).collect::<Push>()
        };
        let event = |kind, user| push(&[("cmd", "event"), ("type", kind), ("user", user)]);
        let history = |status, duration, user| {
            let report =
                [("cmd", "history"), ("type", "in"), ("status", status), ("duration", duration), ("user", user)];
            push(&report)
        };
        let rings = [event("INCOMING", "anna"), event("INCOMING", "boris"), event("CANCELLED", "anna")];
        let rest = match call % 3 {
            0 => vec![event("CANCELLED", "boris"), history("missed", "0", "boris")],
            _ => vec![event("ACCEPTED", "boris"), event("COMPLETED", "boris"), history("Success", "5", "boris")],
        };
        rings.into_iter().chain(rest).collect::<Vec<_>>()
    };
    (0..CALLS).flat_map(of_call).collect()
}

async fn says(pbx: &Pbx, push: &Push) {
    let members: Vec<_> = push.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(pbx.says(&members).await.status, 200, "{push:?}");
}

/// What people see of it, without the ids.
async fn seen(office: &Office) -> Value {
    let mut calls: Vec<Value> = office.calls().await;
    calls.sort_by_key(|call| call["callid"].to_string());
    let legs = |call: &Value| {
        let mut legs: Vec<_> =
            call["legs"].as_array().unwrap().iter().map(|leg| (leg["account"].clone(), leg["state"].clone())).collect();
        legs.sort_by_key(|(account, _)| account.to_string());
        json!(legs)
    };
    let calls: Vec<_> = calls
        .iter()
        .map(|call| {
            json!([
                call["callid"],
                call["state"],
                call["duration_s"],
                call["user"]["login"],
                call["contact"]["name"],
                legs(call)
            ])
        })
        .collect();
    let mut board: Vec<_> =
        office.board().await.iter().map(|row| json!([row["number"], row["count"], row["state"]])).collect();
    board.sort_by_key(Value::to_string);
    json!({"calls": calls, "board": board, "contacts": office.contacts().await.len()})
}

#[actix_web::test]
async fn r6_every_push_five_times_in_parallel_and_shuffled_makes_the_same_calls() {
    let (once, often) = (Office::opens().await, Office::opens().await);
    for push in pushes() {
        says(&once.pbx, &push).await;
    }
    let mut all: Vec<Push> = (0..TIMES).flat_map(|_| pushes()).collect();
    all.sort_by_cached_key(|_| Uuid::new_v4());
    stream::iter(&all).for_each_concurrent(16, |push| says(&often.pbx, push)).await;
    let expected = seen(&once).await;
    assert_eq!(expected["calls"].as_array().unwrap().len(), CALLS);
    assert_eq!(seen(&often).await, expected);
}
