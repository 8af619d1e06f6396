//! The table, in Markdown.

use std::fs;

use crate::load::{Slice, Workload};
use crate::ringcard::{PROGRAM, Ringcard};

pub const HEAD: &str = "
| work | connections | limit, per s | floor, per s | ringcard, per s | of the limit | of the floor | limit, median (p99) | \
floor | ringcard |
|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|";

pub fn row(workload: Workload, connections: usize, bare: &Slice, floor: Option<&Slice>, durable: &Slice) -> String {
    let name = match workload {
        Workload::Calls => "calls: INCOMING, ACCEPTED, COMPLETED, history",
        Workload::History => "history alone",
        Workload::Contact => "contact, 100,000 contacts",
    };
    let times = |slice: &Slice| format!("{} µs ({} µs)", slice.median_us, slice.p99_us);
    let of_floor = |say: &dyn Fn(&Slice) -> String| floor.map_or_else(|| "–".to_owned(), say);
    format!(
        "| {name} | {connections} | {:.0} | {} | {:.0} | {:.2} | {} | {} | {} | {} |",
        bare.per_second,
        of_floor(&|floor| format!("{:.0}", floor.per_second)),
        durable.per_second,
        durable.per_second / bare.per_second,
        of_floor(&|floor| format!("{:.2}", durable.per_second / floor.per_second)),
        times(bare),
        of_floor(&times),
        times(durable)
    )
}

pub fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("\t: unknown");
    let cores = std::thread::available_parallelism().unwrap();
    format!("{cores} cores{model}, client and server on the same ones.").replace("\t:", ",")
}

pub fn footprint(ours: &Ringcard) -> String {
    let mib = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
    format!(
        "Idle memory {:.1} MiB, with 100,000 contacts {:.1} MiB; the binary {:.1} MiB.",
        mib(ours.idle_kib * 1024),
        mib(ours.idle_with_contacts_kib * 1024),
        mib(fs::metadata(PROGRAM).unwrap().len())
    )
}

pub fn median_us(all: &mut [u64]) -> u64 {
    all.sort_unstable();
    all[all.len() / 2]
}
