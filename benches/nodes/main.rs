//! What nodes on PostgreSQL carry: `cargo bench --bench nodes`. One node beside `pgbench -N` on the same server, in turn, in slices,
//! medians compared; the same node over a way that takes half a millisecond longer; three nodes that hear of the same
//! clients; and a router before cells. `cargo bench --bench nodes -- wire` does its one part.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on shall stop, and it prints")]

#[path = "../webhooks/load.rs"]
#[allow(dead_code, reason = "the bench of pushes measures more")]
mod load;
mod paced;
#[path = "../../tests/store/place.rs"]
#[allow(dead_code, unused_macros, reason = "the store's own tests use the rest")]
mod place;
#[path = "../../tests/store/proxy.rs"]
#[allow(dead_code, reason = "the store's own tests use the rest")]
mod proxy;
mod ringcard;
mod router;

use std::process::Command;
use std::time::Duration;

use load::{Slice, Workload};
use paced::Tenant;
use proxy::Proxy;
use ringcard::{Business, Node, Server};

const SLICE: Duration = Duration::from_secs(4);
const ROUNDS: usize = 4;
const LONG: Duration = Duration::from_secs(20);
const CLIENTS: usize = 64;
/// What a network adds to each way there and back.
const WIRE: Duration = Duration::from_micros(500);
const NODES: usize = 3;
/// The peak of 100,000 tenants with 50 calls a day.
const PEAK_PER_S: u64 = 2_300;
const CELLS: usize = 3;
const TENANTS_OF_A_CELL: usize = 2_000;

fn main() {
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let is_wanted = |name: &str| filter.as_ref().is_none_or(|filter| name.contains(filter.as_str()));
    let server = Server::start();
    let business = Business::opens(&server, "ringcard");
    println!("| what | per s | median, ms | p99, ms |\n|---|---:|---:|---:|");
    if is_wanted("pgbench") {
        beside_pgbench(&server, &business);
    }
    if is_wanted("wire") {
        let proxy = Proxy::before_server(&business.database);
        proxy.delays(WIRE / 2);
        let node = business.node(&format!("postgres://ringcard@{}/ringcard", proxy.address));
        row("one node, 0.5 ms added to each round trip", &pushes(&business, &[&node]));
    }
    if is_wanted("three") {
        let nodes: Vec<_> = (0..NODES).map(|_| business.node(&business.database)).collect();
        row("three nodes, 2,000 numbers", &pushes(&business, &nodes.iter().collect::<Vec<_>>()));
        let counted = server.administer("SELECT SUM(deadlocks) FROM pg_stat_database");
        println!("\ndeadlocks: {} counted, {} logged", counted[0], server.has_logged("deadlock detected"));
    }
    if is_wanted("cell") {
        let node = business.node(&business.database);
        let tenant = Tenant { host: "127.0.0.1".to_owned(), token: business.token.clone() };
        paced::run(node.address, std::slice::from_ref(&tenant), PEAK_PER_S, SLICE);
        row("a cell, 2,300 pushes a second wanted", &paced::run(node.address, &[tenant], PEAK_PER_S, LONG));
    }
    if is_wanted("router") {
        through_a_router(&server);
    }
}

/// Each cell has a database and a node of its own; a tenant's requests find theirs by his host name.
fn through_a_router(server: &Server) {
    let cells: Vec<_> = (0..CELLS).map(|n| Business::opens(server, &format!("cell_{n}"))).collect();
    let nodes: Vec<_> = cells.iter().map(|cell| cell.node(&cell.database)).collect();
    let (mut table, mut tenants) = (router::Table::new(), Vec::new());
    for n in 0..CELLS * TENANTS_OF_A_CELL {
        let (host, cell) = (format!("t{n}.pbx.example"), n % CELLS);
        table.insert(host.clone(), nodes[cell].address);
        tenants.push(Tenant { host, token: cells[cell].token.clone() });
    }
    let address = router::start(table);
    paced::run(address, &tenants, PEAK_PER_S, SLICE);
    row("a router before three cells, 2,300 pushes a second wanted", &paced::run(address, &tenants, PEAK_PER_S, LONG));
}

fn beside_pgbench(server: &Server, business: &Business) {
    server.administer("CREATE DATABASE pgbench");
    pgbench(server, &["-i", "-q", "-s", "10"]);
    let node = business.node(&business.database);
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (clients, seconds) = (CLIENTS.to_string(), SLICE.as_secs().to_string());
        let said = pgbench(server, &["-N", "-c", &clients, "-j", "2", "-T", &seconds]);
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).unwrap();
        theirs.push(tps.split(' ').next().unwrap().parse::<f64>().unwrap());
        ours.push(slice(business, &[&node]));
    }
    theirs.sort_by(f64::total_cmp);
    let (theirs, ours) = (theirs[ROUNDS / 2], median(ours));
    println!("| `pgbench -N`, 64 clients | {theirs:.0} | | |");
    row(&format!("one node, 64 connections: {:.2} of it", ours.per_second / theirs), &ours);
}

fn pgbench(server: &Server, arguments: &[&str]) -> String {
    let port = server.port.to_string();
    let mut command = Command::new("pgbench");
    command.args(["-h", "127.0.0.1", "-U", "ringcard", "-p", &port]).args(arguments).arg("pgbench");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Medians of some slices, after one that does not count.
fn pushes(business: &Business, nodes: &[&Node]) -> Slice {
    slice(business, nodes);
    median((0..ROUNDS).map(|_| slice(business, nodes)).collect())
}

/// All connections at once, spread over the nodes; the median and the p99 are those of the slowest node.
fn slice(business: &Business, nodes: &[&Node]) -> Slice {
    let each = CLIENTS / nodes.len();
    let slices: Vec<Slice> = std::thread::scope(|scope| {
        let run = |node: &Node| {
            let (address, token) = (node.address, business.token.clone());
            scope.spawn(move || load::run(address, &token, Workload::Calls, each, SLICE))
        };
        let running: Vec<_> = nodes.iter().map(|node| run(node)).collect();
        running.into_iter().map(|slice| slice.join().unwrap()).collect()
    });
    Slice {
        per_second: slices.iter().map(|slice| slice.per_second).sum(),
        median_us: slices.iter().map(|slice| slice.median_us).max().unwrap(),
        p99_us: slices.iter().map(|slice| slice.p99_us).max().unwrap(),
    }
}

/// The slice with the median rate.
fn median(mut slices: Vec<Slice>) -> Slice {
    slices.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    slices.swap_remove(slices.len() / 2)
}

fn row(what: &str, slice: &Slice) {
    let ms = |us: u64| us as f64 / 1_000.0;
    println!("| {what} | {:.0} | {:.1} | {:.1} |", slice.per_second, ms(slice.median_us), ms(slice.p99_us));
}
