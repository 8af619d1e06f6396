//! R2: the power goes, and with it all that the disk was not made to keep.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::disk_log::{Deed, Disk, Done, read, watched};
use crate::program::{Business, ringcard};

const CONNECTIONS: usize = 8;
/// After each the log is moved into the file, which happens when nobody asks.
const BURSTS: usize = 4;
const PUSHES: usize = 30;
const CUTS: usize = 20;

/// A push that was acknowledged, and when its sender knew.
type Acknowledged = (String, u64);

/// What a business went through under load: the folder before it, the deeds, the acknowledgements.
struct Watched {
    business: Business,
    cookie: String,
    before: Disk,
    deeds: Vec<Done>,
    acknowledged: Vec<Acknowledged>,
}

#[expect(clippy::disallowed_methods, reason = "strace goes by the clock of the machine")]
fn now_us() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64
}

async fn watch() -> Watched {
    let business = Arc::new(Business::opens());
    let mut server = business.serves().await;
    let cookie = business.signs_in(&server).await;
    assert!(server.ends().await.1);
    let before = Disk::of(business.data.path());
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut server = business.starts(&mut watched(ringcard(business.data.path()).arg("serve"), &log)).await;
    let callers = (0..CONNECTIONS).map(|caller| {
        let (business, url) = (Arc::clone(&business), server.url.clone());
        tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            for number in 0..BURSTS * PUSHES {
                if number % PUSHES == 0 {
                    tokio::time::sleep(Duration::from_millis(500)).await;
                }
                let callid = format!("{caller}-{number}");
                assert!(business.push(&url, &callid, number % 2 == 0).await, "{callid}");
                acknowledged.push((callid, now_us()));
            }
            acknowledged
        })
    });
    let mut acknowledged = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        acknowledged.extend(caller.await.unwrap());
    }
    server.dies();
    let is_whole = || fs::read(&log).unwrap().ends_with(b"+++\n");
    for _ in 0..200 {
        if is_whole() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(is_whole(), "strace has not seen the end: {:?}", fs::read_to_string(&log).unwrap().lines().last());
    let deeds = read(&fs::read_to_string(&log).unwrap());
    let business = Arc::into_inner(business).unwrap();
    Watched { business, cookie, before, deeds, acknowledged }
}

impl Watched {
    /// What is left in this folder when the power goes before the deed of this place; answers who had been told by then
    /// that his push is kept.
    fn is_cut(&self, place: usize, to: &Path, is_heard: impl Fn(&Path) -> bool) -> HashSet<&str> {
        let mut disk = self.before.clone();
        self.deeds[..place].iter().for_each(|done| disk.goes_on(&done.deed, &is_heard));
        // Of what was written since, a share that differs from cut to cut: nothing, some, all.
        let share = random() % 5;
        disk.after_a_cut(to, || random() % 4 < share);
        let told = self.acknowledged.iter().filter(|(_, at_us)| *at_us < self.deeds[place].at_us);
        told.map(|(callid, _)| callid.as_str()).collect()
    }

    /// Anywhere in the load.
    fn a_place(&self) -> usize {
        let first = self.acknowledged.iter().map(|(_, at_us)| *at_us).min().unwrap();
        let from = self.deeds.iter().position(|done| done.at_us > first).unwrap();
        from + random() % (self.deeds.len() - from)
    }
}

fn random() -> usize {
    uuid::Uuid::new_v4().as_u128() as u16 as usize
}

#[tokio::test]
#[ignore = "needs strace"]
async fn r2_nothing_acknowledged_is_lost_in_twenty_power_cuts() {
    let watched = watch().await;
    let moved =
        watched.deeds.iter().filter(|done| matches!(&done.deed, Deed::Sync(file) if file.ends_with("ringcard.db")));
    let (moved, mut all) = (moved.count(), 0);
    assert!(moved > 1, "the log was never moved into the file");
    for cut in 0..CUTS {
        let (data, place) = (tempfile::tempdir().unwrap(), watched.a_place());
        let told = watched.is_cut(place, data.path(), |_| true);
        let after =
            Business { data, crm_token: watched.business.crm_token.clone(), http: watched.business.http.clone() };
        let mut server = after.serves().await;
        let kept: HashSet<String> = after.callids_as(&server, &watched.cookie).await.into_iter().collect();
        let lost: Vec<_> = told.iter().filter(|callid| !kept.contains(**callid)).collect();
        assert!(
            lost.is_empty(),
            "cut {cut} before {:?}: {} of {} lost",
            watched.deeds[place].deed,
            lost.len(),
            told.len()
        );
        server.dies();
        assert_eq!(after.integrity(), "ok", "cut {cut}");
        all += told.len();
    }
    println!(
        "{CUTS} power cuts among {} deeds, {moved} syncs of the file: {all} acknowledged before them, 0 lost",
        watched.deeds.len()
    );
    loses_without_syncs_of_the_log(&watched);
}

/// As `synchronous = NORMAL` would have it: the log is not made to stay at each commit. So the test bites.
fn loses_without_syncs_of_the_log(watched: &Watched) {
    let is_lost = |_: &usize| {
        let data = tempfile::tempdir().unwrap();
        let told = watched.is_cut(watched.a_place(), data.path(), |file| !file.ends_with("ringcard.db-wal"));
        let Ok(store) = rusqlite::Connection::open(data.path().join("ringcard.db")) else { return true };
        let read = store
            .prepare("SELECT callid FROM call")
            .and_then(|mut all| all.query_map([], |row| row.get(0))?.collect::<Result<HashSet<String>, _>>());
        read.map_or(true, |kept| told.iter().any(|callid| !kept.contains(*callid)))
    };
    let lost = (0..CUTS).filter(is_lost).count();
    println!("without syncs of the log, {lost} of {CUTS} cuts lose something");
    assert!(lost > 0);
}
