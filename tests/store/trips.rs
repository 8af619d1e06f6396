//! How often a push waits for the server: over a network that is what it takes.

use std::time::Duration;

use futures_util::future::join_all;
use ringcard::app::App;
use ringcard::app::pushes::{self, Push};
use ringcard::pbx;
use ringcard::pbx::fields::Fields;
use ringcard::store::Store;

use crate::pair::node;
use crate::place::Place;
use crate::proxy::Proxy;
use crate::two_nodes::prepare;

/// A call from its beginning to its report, and the most ways to the server and back that each push may take when nothing
/// else is written: begin and look the call up, write it and see what follows, commit.
const CALL: [(&str, u64); 4] = [
    ("cmd=event&type=INCOMING&user=anna", 3),
    ("cmd=event&type=ACCEPTED&user=anna", 3),
    ("cmd=event&type=COMPLETED&user=anna", 5),
    ("cmd=history&type=in&user=anna&duration=7&status=Success&link=https%3A%2F%2Fpbx.example.com%2F1.mp3", 8),
];
/// As many calls at once, over all writers.
const TOGETHER: u32 = 32;
/// How many ways a call of those takes, with its four pushes.
const SHARED: u64 = 17;

async fn hear(app: &App, form: &str, of: u32) {
    let form = format!("{form}&phone=7910{of:07}&callid={of}");
    let fields = Fields::decode("", form.as_bytes());
    let event = pbx::parse(&fields, "RU").unwrap();
    let push = Push {
        integration_id: "i".to_owned(),
        cmd: "event".to_owned(),
        content_type: "application/x-www-form-urlencoded".to_owned(),
        body: fields.journal(),
    };
    pushes::keep(app, push, event).await.unwrap();
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn a_push_waits_for_the_server_a_few_times() {
    let (place, data) = (Place::postgres(), tempfile::tempdir().unwrap());
    drop(prepare(&place).await);
    let proxy = Proxy::before(&place);
    let app = node(Store::open(&Proxy::location(&place, &[&proxy])).unwrap(), data.path());
    // Every statement is known to every writer afterwards.
    for of in 0..64 {
        for (form, _) in CALL {
            hear(&app, form, of).await;
        }
    }
    // What is sent together arrives together.
    proxy.delays(Duration::from_millis(2));
    for (form, most) in CALL {
        proxy.take_trips();
        hear(&app, form, 100).await;
        let trips = proxy.take_trips();
        println!("{form}: {trips}");
        assert!(trips <= most, "{trips} ways to the server, {most} at most: {form}");
    }
    let all = async |form| {
        join_all((1_000..1_000 + TOGETHER).map(|of| hear(&app, form, of))).await;
    };
    proxy.take_trips();
    for (form, _) in CALL {
        all(form).await;
    }
    let trips = proxy.take_trips() / u64::from(TOGETHER);
    println!("a call of {TOGETHER} at once: {trips}");
    assert!(trips <= SHARED, "{trips} ways to the server for a call, {SHARED} at most");
}
