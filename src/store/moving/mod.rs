//! A whole store moved from one engine to the other: every row, then both sides read and compared.

pub mod digest;
pub mod end;
pub mod outline;

use std::sync::mpsc::sync_channel;
use std::thread;

use crate::store::location::{OpenError, StoreLocation};
use crate::store::moving::digest::Digest;
use crate::store::moving::end::{End, Moving, Side};
use crate::store::moving::outline::{Stretch, Table};
use crate::store::value::{Row, Value};
use crate::store::{postgres, sqlite};

/// So many rows are kept in one transaction.
const CHUNK: usize = 5_000;
/// Chunks that are read ahead.
const WAITING_CHUNKS: usize = 2;
/// Its row says which schema it is: every store has its own, and is open to others once it stands.
const VERSION: &str = "schema_version";

/// What is being done.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// So many rows of the table have arrived, of so many; and of all tables.
    Rows {
        table: &'a str,
        done: u64,
        of: u64,
        all_done: u64,
        all: u64,
    },
    Comparing,
    /// A table is the same on both sides.
    Same {
        table: &'a str,
        digest: &'a Digest,
    },
    Finishing,
}

/// Moves everything; answers under which name the old store is kept. What broke off goes on when it is begun again.
///
/// # Errors
/// A sentence for the person who started the program; the old store is then as it was.
pub fn move_all(
    from: &StoreLocation,
    to: &StoreLocation,
    stamp: &str,
    heed: &mut dyn FnMut(Step) -> Moving<()>,
) -> Moving<String> {
    let tables: Vec<Table> = outline::tables().into_iter().filter(|table| table.name != VERSION).collect();
    let mut source = open(from, Side::From)?;
    let mut target = open(to, Side::To)?;
    target.begin(&tables, &source.name()?)?;
    copy(&mut *source, &mut *target, &tables, heed)?;
    heed(Step::Comparing)?;
    compare(&mut *source, &mut *target, &tables, heed)?;
    heed(Step::Finishing)?;
    target.finish(&tables)?;
    drop(target);
    source.keep_away(&tables, stamp)
}

fn open(location: &StoreLocation, side: Side) -> Moving<Box<dyn End>> {
    Ok(match location {
        StoreLocation::Sqlite(path) => Box::new(sqlite::whole::Whole::open(path, side)?),
        StoreLocation::Postgres(url) => Box::new(postgres::whole::Whole::open(url, side)?),
    })
}

fn copy(
    source: &mut dyn End,
    target: &mut dyn End,
    tables: &[Table],
    heed: &mut dyn FnMut(Step) -> Moving<()>,
) -> Moving<()> {
    let counts: Vec<u64> = tables.iter().map(|table| source.count(table)).collect::<Moving<_>>()?;
    let (all, mut all_done) = (counts.iter().sum(), 0);
    for (table, of) in tables.iter().zip(counts) {
        let key = target.reached(table)?;
        let mut done = if key.is_empty() { 0 } else { target.count(table)? };
        all_done += done;
        let (sender, chunks) = sync_channel::<Vec<Row>>(WAITING_CHUNKS);
        thread::scope(|scope| {
            let reading = scope.spawn(|| read(source, table, &key, move |rows| sender.send(rows).is_ok()));
            let kept = chunks.into_iter().try_for_each(|rows| {
                target.put(table, &rows)?;
                done += rows.len() as u64;
                all_done += rows.len() as u64;
                heed(Step::Rows { table: &table.name, done, of, all_done, all })
            });
            let read = reading.join().unwrap_or_else(|_| Err(broke_off()));
            kept.and(read)
        })?;
    }
    Ok(())
}

/// Hands on what stands behind the key, until nobody takes it any more.
fn read(source: &mut dyn End, table: &Table, key: &[Value<'static>], hand_on: impl Fn(Vec<Row>) -> bool) -> Moving<()> {
    let stretch = if key.is_empty() { Stretch::Ordered } else { Stretch::Behind };
    let mut rows = Vec::new();
    source.walk(table, stretch, key, &mut |row| {
        rows.push(row);
        let is_taken = rows.len() < CHUNK || hand_on(std::mem::take(&mut rows));
        if is_taken { Ok(()) } else { Err(broke_off()) }
    })?;
    if rows.is_empty() || hand_on(rows) { Ok(()) } else { Err(broke_off()) }
}

/// Reads both sides from beginning to end.
fn compare(
    source: &mut dyn End,
    target: &mut dyn End,
    tables: &[Table],
    heed: &mut dyn FnMut(Step) -> Moving<()>,
) -> Moving<()> {
    for table in tables {
        let (here, there) = thread::scope(|scope| {
            let there = scope.spawn(|| digest(target, table));
            (digest(source, table), there.join().unwrap_or_else(|_| Err(broke_off())))
        });
        let (here, there) = (here?, there?);
        if here != there {
            return Err(OpenError::Refused(format!(
                "{} differs: {} rows, SHA-256 {} here; {} rows, {} there. The old store was used since the move began, \
                 or a disk lies: empty the new one and move again. The old one is as it was",
                table.name,
                here.rows,
                here.in_hex(),
                there.rows,
                there.in_hex()
            )));
        }
        heed(Step::Same { table: &table.name, digest: &here })?;
    }
    Ok(())
}

fn digest(end: &mut dyn End, table: &Table) -> Moving<Digest> {
    let mut digest = Digest::default();
    end.walk(table, Stretch::Whole, &[], &mut |row| {
        digest.add(&row);
        Ok(())
    })?;
    Ok(digest)
}

fn broke_off() -> OpenError {
    OpenError::Refused("the move broke off".to_owned())
}
