//! What a PBX sends to several nodes and people watch on them, while something happens to their database; and what
//! came of it.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ringcard::clock::Clock;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use crate::program::{Business, Server};

/// How many connections of the PBX lead to a node, and how long each waits before it sends the next report.
const CALLERS: usize = 2;
const PAUSE: Duration = Duration::from_millis(150);
/// A push that was not acknowledged is sent again after so long.
const AGAIN: Duration = Duration::from_millis(200);
/// How often a phone rings at each node; a screen has 50 cards at most.
const RINGS_EVERY: Duration = Duration::from_secs(6);
/// How long the cards of what was acknowledged may take to the browser after all is well again.
const CARDS_WITHIN: Duration = Duration::from_secs(8);

/// One acknowledged push.
#[derive(Clone, Copy)]
struct Kept {
    node: usize,
    sent: Instant,
    at: Instant,
}

/// The callids that one connection has sent, and what was acknowledged of them.
type Pushes = Vec<(String, Option<Kept>)>;

/// Runs until told to end.
pub struct Traffic {
    business: Arc<Business>,
    is_over: Arc<AtomicBool>,
    pushing: Vec<JoinHandle<Pushes>>,
    watching: Vec<JoinHandle<()>>,
    /// The callids that have rung on each node's screens.
    shown: Vec<Arc<Mutex<HashSet<String>>>>,
}

/// What came of it.
pub struct Outcome {
    pub sent: HashSet<String>,
    pub acknowledged: HashSet<String>,
    kept: Vec<Kept>,
    pub cards_missed: usize,
    ended: Instant,
}

impl Traffic {
    pub async fn begins(business: &Arc<Business>, servers: &[Server]) -> Self {
        let mut traffic = Self {
            business: Arc::clone(business),
            is_over: Arc::default(),
            pushing: Vec::new(),
            watching: Vec::new(),
            shown: Vec::new(),
        };
        let cookie = business.signs_in(&servers[0]).await;
        for (node, server) in servers.iter().enumerate() {
            let shown = Arc::default();
            traffic.watching.push(tokio::spawn(watch(
                Arc::clone(business),
                server.url.clone(),
                cookie.clone(),
                Arc::clone(&shown),
            )));
            traffic.shown.push(shown);
            for _ in 0..CALLERS {
                traffic.pushes(node, server, "history", PAUSE);
            }
            traffic.pushes(node, server, "event", RINGS_EVERY);
        }
        traffic
    }

    /// One connection of the PBX to this node, which sends this again and again, each time of another call.
    fn pushes(&mut self, node: usize, server: &Server, cmd: &'static str, pause: Duration) {
        let (business, is_over, url) = (Arc::clone(&self.business), Arc::clone(&self.is_over), server.url.clone());
        self.pushing.push(tokio::spawn(async move {
            let mut pushes = Vec::new();
            while !is_over.load(Ordering::SeqCst) {
                let callid = next_callid(cmd);
                let mut kept = None;
                while kept.is_none() && !is_over.load(Ordering::SeqCst) {
                    let sent = Instant::now();
                    if push(&business, &url, &callid, cmd).await {
                        kept = Some(Kept { node, sent, at: Instant::now() });
                    } else {
                        tokio::time::sleep(AGAIN).await;
                    }
                }
                pushes.push((callid, kept));
                let until = Instant::now() + pause;
                while Instant::now() < until && !is_over.load(Ordering::SeqCst) {
                    tokio::time::sleep(PAUSE).await;
                }
            }
            pushes
        }));
    }

    /// Nothing more is sent; whoever watches goes on until the last card could have come.
    pub async fn ends(mut self) -> Outcome {
        let ended = Instant::now();
        self.is_over.store(true, Ordering::SeqCst);
        let (mut sent, mut acknowledged, mut kept) = (HashSet::new(), HashSet::new(), Vec::new());
        for caller in std::mem::take(&mut self.pushing) {
            for (callid, was_kept) in caller.await.unwrap() {
                sent.insert(callid.clone());
                if let Some(was_kept) = was_kept {
                    kept.push(was_kept);
                    acknowledged.insert(callid);
                }
            }
        }
        let rung: HashSet<String> = acknowledged.iter().filter(|callid| callid.starts_with("event")).cloned().collect();
        let cards_missed = self.cards_missed(&rung).await;
        for watcher in &self.watching {
            watcher.abort();
        }
        Outcome { sent, acknowledged, kept, cards_missed, ended }
    }

    /// How many cards, over all nodes, have not come.
    async fn cards_missed(&self, rung: &HashSet<String>) -> usize {
        let began = Instant::now();
        loop {
            let mut missed = 0;
            for shown in &self.shown {
                missed += rung.difference(&*shown.lock().await).count();
            }
            if missed == 0 || began.elapsed() > CARDS_WITHIN {
                return missed;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}

impl Outcome {
    /// The longest time from the event on in which this node acknowledged nothing.
    fn gap_of(&self, node: usize, event: Instant) -> (Instant, Instant) {
        let later = self.kept.iter().filter(|kept| kept.node == node && kept.at > event);
        let mut moments: Vec<_> = later.map(|kept| kept.at).chain([event, self.ended]).collect();
        moments.sort();
        let gaps = moments.windows(2).map(|pair| (pair[0], pair[1]));
        gaps.max_by_key(|(from, to)| *to - *from).unwrap()
    }

    /// The longest time that one of these nodes acknowledged nothing.
    pub fn longest_gap(&self, nodes: &[usize], event: Instant) -> Duration {
        let gaps = nodes.iter().map(|node| self.gap_of(*node, event));
        gaps.map(|(from, to)| to - from).max().unwrap()
    }

    /// What 99 of 100 pushes took to these nodes, of those that were on their way in no such gap.
    pub fn p99_beside(&self, nodes: &[usize], event: Instant) -> Duration {
        let mut took = Vec::new();
        for node in nodes {
            let (from, to) = self.gap_of(*node, event);
            let beside = |kept: &&Kept| kept.node == *node && (kept.at <= from || kept.sent >= to);
            took.extend(self.kept.iter().filter(beside).map(|kept| kept.at - kept.sent));
        }
        took.sort();
        took[took.len() * 99 / 100]
    }

    pub fn acknowledged_by(&self, nodes: &[usize]) -> usize {
        self.kept.iter().filter(|kept| nodes.contains(&kept.node)).count()
    }
}

fn next_callid(cmd: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{cmd}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A call that rings, or the report of one an hour ago, which stands on no screen.
async fn push(business: &Business, url: &str, callid: &str, cmd: &str) -> bool {
    let number = callid.bytes().fold(0_u64, |hash, byte| hash.wrapping_mul(31) + u64::from(byte)) % 2_000;
    let (phone, an_hour_ago) =
        (format!("7910{number:07}"), jiff::Timestamp::from_millisecond(Clock::system().now_ms() - 3_600_000).unwrap());
    let start = an_hour_ago.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut form = vec![("cmd", cmd), ("phone", &phone), ("user", "anna"), ("callid", callid)];
    form.push(("crm_token", &business.crm_token));
    match cmd {
        "event" => form.push(("type", "INCOMING")),
        _ => form.extend([("type", "in"), ("status", "Success"), ("duration", "5"), ("start", &start)]),
    }
    business.sends(url, &form).await
}

/// Reads the live stream of this node, begins it anew when it ends, and notes whose calls it shows.
async fn watch(business: Arc<Business>, url: String, cookie: String, shown: Arc<Mutex<HashSet<String>>>) {
    loop {
        let asked = business.http.get(format!("{url}/api/live?watch=all")).header("cookie", &cookie);
        let Ok(mut answer) = asked.timeout(Duration::from_secs(3_600)).send().await else { continue };
        let mut read = Vec::new();
        while let Ok(Some(bytes)) = answer.chunk().await {
            read.extend_from_slice(&bytes);
            while let Some(end) = read.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = read.drain(..end + 2).collect();
                let event = String::from_utf8_lossy(&event);
                let callids = event.split("\"callid\":\"").skip(1).filter_map(|rest| rest.split('"').next());
                shown.lock().await.extend(callids.map(str::to_owned));
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}
