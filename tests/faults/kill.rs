//! R1: `kill -9` in the middle of load loses nothing that was acknowledged, and makes nothing twice.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::program::{Business, Server};

const CONNECTIONS: usize = 16;
/// R1 asks for a second; a debug build on a machine busy with other tests gets more.
const READY_WITHIN: Duration = Duration::from_secs(5);

#[tokio::test]
async fn r1_nothing_acknowledged_is_lost_when_the_program_is_killed() {
    kill_again_and_again(5).await;
}

#[tokio::test]
#[ignore = "needs minutes"]
async fn r1_nothing_acknowledged_is_lost_in_fifty_kills() {
    kill_again_and_again(50).await;
}

/// What was sent, and what of it was acknowledged.
#[derive(Default)]
struct Sent {
    all: HashSet<String>,
    acknowledged: HashSet<String>,
}

async fn kill_again_and_again(rounds: usize) {
    let business = Arc::new(Business::opens());
    let mut sent = Sent::default();
    for round in 0..rounds {
        let mut server = business.serves().await;
        assert!(server.ready_after < READY_WITHIN, "ready after {:?}", server.ready_after);
        if round % 4 == 1 {
            check(&business, &server, &sent, round).await;
        }
        // 50 to 561 ms into the load, at random.
        let moment = Duration::from_millis(50 + u64::from(uuid::Uuid::new_v4().as_u128() as u16 % 512));
        load_and_kill(&business, &mut server, &mut sent, round, moment).await;
        assert_eq!(business.integrity(), "ok", "round {round}, killed after {moment:?}");
    }
    let server = business.serves().await;
    check(&business, &server, &sent, rounds).await;
    let (all, acknowledged) = (sent.all.len(), sent.acknowledged.len());
    println!("{rounds} kills: {acknowledged} acknowledged of {all} sent, ready after {:?}", server.ready_after);
    assert!(acknowledged > rounds * 10, "{acknowledged} of {all} is no load");
}

async fn load_and_kill(business: &Arc<Business>, server: &mut Server, sent: &mut Sent, round: usize, moment: Duration) {
    let is_over = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..CONNECTIONS)
        .map(|caller| {
            let (business, is_over, url) = (Arc::clone(business), Arc::clone(&is_over), server.url.clone());
            tokio::spawn(async move {
                let mut pushes = Vec::new();
                while !is_over.load(Ordering::SeqCst) {
                    let callid = format!("{round}-{caller}-{}", pushes.len());
                    let is_kept = business.push(&url, &callid, caller % 2 == 0).await;
                    pushes.push((callid, is_kept));
                    if !is_kept {
                        break;
                    }
                }
                pushes
            })
        })
        .collect();
    tokio::time::sleep(moment).await;
    server.dies();
    is_over.store(true, Ordering::SeqCst);
    for caller in callers {
        for (callid, is_kept) in caller.await.unwrap() {
            sent.all.insert(callid.clone());
            if is_kept {
                sent.acknowledged.insert(callid);
            }
        }
    }
}

/// Everything acknowledged is there, nothing twice, and nothing that nobody sent.
async fn check(business: &Business, server: &Server, sent: &Sent, round: usize) {
    let listed = business.callids(server).await;
    let kept: HashSet<String> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), kept.len(), "round {round}: a call is there twice");
    let lost: Vec<_> = sent.acknowledged.difference(&kept).collect();
    assert!(lost.is_empty(), "round {round}: {} of {} lost: {lost:?}", lost.len(), sent.acknowledged.len());
    let made_up: Vec<_> = kept.difference(&sent.all).collect();
    assert!(made_up.is_empty(), "round {round}: nobody sent {made_up:?}");
}
