//! A sign-out on one node is heard by the other.

use std::time::{Duration, Instant};

use ringcard::app::App;
use ringcard::app::people::draft::UserPatch;
use ringcard::app::people::{sessions, users};
use ringcard::domain::user::Role;

use crate::pair::Pair;
use crate::people;

/// How long a notice may take from one node to the other.
const AT_ONCE: Duration = Duration::from_secs(1);

async fn signs_in(nodes: &Pair) -> String {
    let token = sessions::begin(&nodes.here, "a").await.unwrap();
    for node in [&nodes.here, &nodes.there] {
        assert!(sessions::find(node, &token, None).await.unwrap().is_some(), "a new session stands everywhere");
    }
    token
}

async fn is_refused_at_once(node: &App, token: &str) {
    let began = Instant::now();
    while sessions::find(node, token, None).await.unwrap().is_some() {
        assert!(began.elapsed() < AT_ONCE, "the other node still lets it in");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn an_ended_session_is_refused_by_both_nodes_and_voids_nothing_else() {
    let nodes = Pair::start();
    nodes.here.store.write(|tx| people::put(tx, "a", "anna", "operator")).await.unwrap();
    let (token, other) = (signs_in(&nodes).await, signs_in(&nodes).await);
    let known = || {
        let generations = nodes.there.store.generations();
        (generations.directory(), generations.contacts())
    };
    let before = known();
    let session = sessions::find(&nodes.here, &token, None).await.unwrap().unwrap();
    sessions::end(&nodes.here, &session).await.unwrap();
    assert!(sessions::find(&nodes.here, &token, None).await.unwrap().is_none());
    is_refused_at_once(&nodes.there, &token).await;
    assert!(sessions::find(&nodes.there, &other, None).await.unwrap().is_some(), "the other browser stays signed in");
    assert_eq!(known(), before);
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn a_new_role_ends_all_sessions_on_both_nodes() {
    let nodes = Pair::start();
    nodes.here.store.write(|tx| people::put(tx, "a", "anna", "operator")).await.unwrap();
    let tokens = [signs_in(&nodes).await, signs_in(&nodes).await];
    let manager = UserPatch { role: Some(Role::Manager), ..UserPatch::default() };
    users::update(&nodes.here, "a", manager).await.unwrap();
    for token in &tokens {
        assert!(sessions::find(&nodes.here, token, None).await.unwrap().is_none());
        is_refused_at_once(&nodes.there, token).await;
    }
}
