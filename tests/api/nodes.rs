//! Several nodes of the whole program on one PostgreSQL: what one does is true on the others.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::fake_peer::Reply;
use crate::support::TestApp;
use crate::support::office::{CRM_TOKEN, Office};
use crate::support::pbx::{Pbx, on};
use crate::support::person::Person;
use crate::support::place::Place;
use crate::support::proxy::Proxy;

/// A node whose listening connection is cut knows it after this long: a ping every second, a second for its answer, and
/// a moment on a busy machine.
const DEAF_WITHIN: Duration = Duration::from_secs(3);
/// How long news may take from one node to another while all is well.
const NEWS_WITHIN: Duration = Duration::from_millis(500);

async fn until(limit: Duration, what: &str, is_so: impl AsyncFn() -> bool) -> Duration {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < limit, "{what}: not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    began.elapsed()
}

/// Where the one node is reached by way of a proxy, the other one is not.
struct Nodes {
    proxy: Proxy,
    office: Office,
    there: TestApp,
    _place: Place,
}

impl Nodes {
    async fn start() -> Self {
        let place = Place::postgres();
        let proxy = Proxy::before(&place);
        let here = TestApp::start_at(Proxy::location(&place, &[&proxy]));
        let office = Office::opens_in(here, |_| Reply::ok("")).await;
        let there = TestApp::start_at(place.location.clone());
        Self { proxy, office, there, _place: place }
    }

    async fn status(&self, path: &str) -> u16 {
        self.office.crm.get(path).await.status
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_node_that_hears_no_other_trusts_nothing() {
    let nodes = Nodes::start().await;
    let (anna, boris) = (&nodes.office.anna, &nodes.office.boris);
    for node in [&nodes.office.crm, &nodes.there] {
        assert_eq!(anna.at(node).get("/api/session").await.status, 200);
        assert_eq!(
            Pbx::new(node, CRM_TOKEN).asks_who("79101234567").await.text,
            "{}",
            "nobody knows him, and that is kept"
        );
    }
    let mut stream = boris.watches("").await;
    stream.next("snapshot").await;
    nodes.proxy.goes_deaf();
    anna.at(&nodes.there).keeps_contact("Иван", "+79101234567").await;
    let is_known = async || nodes.office.pbx.asks_who("79101234567").await.text.contains("Иван");
    let took = until(DEAF_WITHIN, "the new contact is known", is_known).await;
    println!("a deaf node knew a new contact after {took:?}");
    stream.ends().await;
    assert_eq!(boris.get("/api/live").await.status, 503);
    assert_eq!(nodes.status("/readyz").await, 503);
    nodes.office.pbx.rings(on("c", "boris")).await;
    // What is changed elsewhere from now on is true at once.
    assert_eq!(anna.at(&nodes.there).delete("/api/session").await.status, 204);
    assert_eq!(anna.get("/api/session").await.status, 401);
    nodes.proxy.hears_again();
    until(Duration::from_secs(5), "it hears again", async || nodes.status("/readyz").await == 200).await;
    boris.watches("").await.next("snapshot").await;
}

/// The bound on how old a look-up's answer may be.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_new_contact_is_known_to_every_node_at_once() {
    let nodes = Nodes::start().await;
    let mut longest = Duration::ZERO;
    for n in 0..60 {
        let number = format!("791012345{n:02}");
        assert_eq!(nodes.office.pbx.asks_who(&number).await.text, "{}");
        nodes.office.anna.at(&nodes.there).keeps_contact("Иван", &format!("+{number}")).await;
        let is_known = async || nodes.office.pbx.asks_who(&number).await.text.contains("Иван");
        longest = longest.max(until(NEWS_WITHIN, "the new contact is known", is_known).await);
    }
    println!("a new contact was known after {longest:?} at most");
}

/// Two people merge the same clients at the same moment, each on his node and the other way round, while they call: one
/// of them is done, the other is told, and nothing of either is lost.
#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn two_nodes_that_merge_the_same_contacts_make_one_of_them() {
    let nodes = Nodes::start().await;
    let (here, there) = (&nodes.office.admin, nodes.office.admin.at(&nodes.there));
    let far = Pbx::new(&nodes.there, CRM_TOKEN);
    for n in 10..30 {
        let numbers = [0, 1, 2].map(|of| format!("7910{of}2345{n}"));
        let mut made = Vec::new();
        for number in &numbers {
            made.push(nodes.office.anna.keeps_contact(number, &format!("+{number}")).await["id"].clone());
        }
        let merge = async |by: &Person, into: usize, from: usize| {
            let path = format!("/api/contacts/{}/merge", made[into].as_str().unwrap());
            by.post(&path, json!({"from": made[from]})).await.status
        };
        let callids = [0, 1].map(|of| format!("c{n}-{of}"));
        let miss = async |pbx: &Pbx, at: usize| {
            pbx.reports("in", "missed", "0", on(&callids[at], "anna").of(&numbers[at]), &[("wait", "20")]).await;
        };
        let (one, other, third, (), ()) = tokio::join!(
            merge(here, 0, 1),
            merge(&there, 1, 0),
            merge(&there, 2, 0),
            miss(&nodes.office.pbx, 0),
            miss(&far, 1),
        );
        let done = [one, other, third].iter().filter(|status| **status == 200).count();
        assert!(
            [one, other, third].iter().all(|status| matches!(status, 200 | 404 | 409 | 422)),
            "{one} {other} {third}"
        );
        let mut left = std::collections::BTreeSet::new();
        for id in &made {
            left.insert(here.reads(&format!("/api/contacts/{}", id.as_str().unwrap())).await.to_string());
        }
        assert_eq!(left.len(), made.len() - done, "{one} {other} {third}");
        for number in &numbers {
            let found = here.reads(&format!("/api/contacts?phone=%2B{number}")).await;
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{number}: {found}");
        }
        assert!(done >= 1, "{one} {other} {third}");
    }
}
