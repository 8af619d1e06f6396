//! What durability costs: ringcard as it is shipped, side by side with a bare server of the same kind that parses the
//! same form and keeps nothing (the limit), and with that server and ringcard's statements alone (the floor). `cargo bench`
//! prints the table of `docs/benchmarks.md`; `cargo bench -- Calls/64` its one row.
//!
//! All are processes of their own on the loopback, asked in turn by the same cheap client in short slices, so that a
//! slow minute of the machine hits each; medians of the slices are compared.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on shall stop, and it prints")]

mod floor;
mod limit;
mod live;
mod load;
mod report;
mod ringcard;
mod script;

use std::time::Duration;

use load::{Slice, Workload};

const SLICE: Duration = Duration::from_millis(1_200);
const ROUNDS: usize = 4;
/// What is measured: the work, and over how many connections.
const CASES: [(Workload, usize); 6] = [
    (Workload::Calls, 1),
    (Workload::Calls, 64),
    (Workload::Calls, 256),
    (Workload::History, 64),
    (Workload::Contact, 1),
    (Workload::Contact, 64),
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, mode, port] = &arguments[..]
        && mode == limit::ARGUMENT
    {
        return limit::serve(port.parse().unwrap());
    }
    if let [_, mode, port, data] = &arguments[..]
        && mode == floor::ARGUMENT
    {
        return floor::serve(port.parse().unwrap(), data);
    }
    let filter = arguments[1..].iter().find(|argument| !argument.starts_with('-'));
    let is_wanted = |name: &str| filter.is_none_or(|filter| name.contains(filter.as_str()));
    let limit = limit::Limit::start();
    let floor = floor::Floor::start();
    let ours = ringcard::Ringcard::start();
    println!("{}", report::machine());
    println!("{}", report::footprint(&ours));
    println!("{}", report::HEAD);
    for (workload, connections) in CASES {
        if !is_wanted(&format!("{workload:?}/{connections}")) {
            continue;
        }
        // The floor keeps; who is calling is only looked up.
        let has_floor = !matches!(workload, Workload::Contact);
        let (mut bare, mut kept, mut durable) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            bare.push(load::run(limit.address, &ours.token, workload, connections, SLICE));
            if has_floor {
                kept.push(load::run(floor.address, &ours.token, workload, connections, SLICE));
            }
            durable.push(load::run(ours.address, &ours.token, workload, connections, SLICE));
        }
        let kept = has_floor.then(|| median(kept));
        println!("{}", report::row(workload, connections, &median(bare), kept.as_ref(), &median(durable)));
    }
    if is_wanted("Live") {
        println!("{}", live::measure(&ours));
    }
}

/// The slice with the median rate.
fn median(mut slices: Vec<Slice>) -> Slice {
    slices.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    slices.swap_remove(slices.len() / 2)
}
