//! R22: whatever reads bytes from outside is given spoiled ones.

use std::panic::catch_unwind;
use std::time::{Duration, Instant};

use crate::invented::{Dice, spoil, times};
use crate::parsers::PARSERS;

/// So long nothing of 64 KiB is read.
const SLOW: Duration = Duration::from_secs(2);

#[test]
fn r22_each_parser_takes_5000_spoiled_texts() {
    spoil_all(times(5_000));
}

fn spoil_all(times: u64) {
    for parser in PARSERS {
        for number in 0..times {
            let mut dice = Dice::of(number + 1);
            let mut bytes = dice.one(parser.seeds).to_vec();
            for _ in 0..=dice.below(4) {
                spoil(&mut dice, &mut bytes);
                // As a stranger does who joins what he has seen.
                if dice.falls(10) {
                    let more: &[u8] = dice.one::<&[u8]>(parser.seeds);
                    bytes.extend_from_slice(more);
                }
            }
            bytes.truncate(64 * 1024);
            let began = Instant::now();
            let read = catch_unwind(|| (parser.reads)(&bytes));
            assert!(read.is_ok(), "{} panics at {number}: {:?}", parser.name, String::from_utf8_lossy(&bytes));
            assert!(began.elapsed() < SLOW, "{} takes {:?} at {number}", parser.name, began.elapsed());
        }
    }
    println!("{} parsers, {times} spoiled texts each", PARSERS.len());
}
