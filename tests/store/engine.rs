//! What both engines promise to every closure.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use ringcard::error::{Error, Result};
use ringcard::params;
use ringcard::store::Store;
use ringcard::store::tx::{Notice, Topic, Tx};
use ringcard::store::value::Row;

use crate::contract;

fn put(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO setting (name, value)
         VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        params![name, value],
    )
    .map(|_| ())
}

fn get(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    let row = tx.query_opt("SELECT value FROM setting WHERE name = $1", params![name])?;
    row.map(|mut row| row.take(0)).transpose()
}

async fn value(store: &Store, name: &'static str) -> Option<String> {
    store.show(move |tx| get(tx, name)).await.unwrap()
}

fn texts(rows: Vec<Row>) -> Vec<String> {
    rows.into_iter().map(|mut row| row.take(0).unwrap()).collect()
}

contract! {
    /// `$n` means the n-th parameter, in whatever order and however often it stands in the text.
    async fn parameters_are_numbered(place: Place) {
        let store = place.open();
        let found: (String, String, i64) = store
            .show(|tx| {
                let row = tx.query_opt(
                    "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT) || CAST($2 AS TEXT), CAST($3 AS BIGINT) + CAST($3 AS BIGINT)",
                    params!["one", "two", 3],
                )?;
                let mut row = row.unwrap();
                Ok((row.take(0)?, row.take(1)?, row.take(2)?))
            })
            .await
            .unwrap();
        assert_eq!(found, ("two".to_owned(), "onetwo".to_owned(), 6));
    }
}

contract! {
    /// A nullable filter works with a value and without.
    async fn null_switches_a_filter_off(place: Place) {
        let store = place.open();
        store.write(|tx| { put(tx, "a", "1")?; put(tx, "b", "2") }).await.unwrap();
        let list = |value: Option<&'static str>| {
            store.show(move |tx| {
                tx.query(
                    "SELECT name FROM setting WHERE (CAST($1 AS TEXT) IS NULL OR value = $1) ORDER BY name",
                    params![value],
                )
                .map(texts)
            })
        };
        assert_eq!(list(None).await.unwrap(), ["a", "b"]);
        assert_eq!(list(Some("2")).await.unwrap(), ["b"]);
    }
}

contract! {
    /// An upsert answers with the row as it now stands, through `query`.
    async fn upsert_returns_the_row(place: Place) {
        let store = place.open();
        let upsert = |value: &'static str| {
            store.write(move |tx| {
                tx.query(
                    "INSERT INTO setting (name, value)
                     VALUES ($1, $2)
                     ON CONFLICT (name) DO UPDATE SET value = setting.value || excluded.value
                     RETURNING value",
                    params!["n", value],
                )
                .map(texts)
            })
        };
        assert_eq!(upsert("x").await.unwrap(), ["x"]);
        assert_eq!(upsert("y").await.unwrap(), ["xy"]);
        assert_eq!(value(&store, "n").await.as_deref(), Some("xy"));
    }
}

contract! {
    /// `%`, `_` and the backslash are found as themselves.
    async fn like_escapes(place: Place) {
        let store = place.open();
        store
            .write(|tx| ["50%", "500", "a_b", "axb", "c\\d"].into_iter().try_for_each(|name| put(tx, name, "")))
            .await
            .unwrap();
        let like = |pattern: &'static str| {
            store.show(move |tx| {
                tx.query("SELECT name FROM setting WHERE name LIKE $1 ESCAPE '\\' ORDER BY name", params![pattern]).map(texts)
            })
        };
        assert_eq!(like("50\\%").await.unwrap(), ["50%"]);
        assert_eq!(like("a\\_b").await.unwrap(), ["a_b"]);
        assert_eq!(like("c\\\\d").await.unwrap(), ["c\\d"]);
        assert_eq!(like("50%").await.unwrap(), ["50%", "500"]);
    }
}

contract! {
    /// Text of any language, and whole numbers of 64 bits, come back as they went in.
    async fn values_come_back(place: Place) {
        let store = place.open();
        let text = "Ёлка 🎄 'quoted' \"twice\" \r\n";
        let found: (String, i64, i64, Option<String>) = store
            .show(move |tx| {
                let row = tx.query_opt(
                    "SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT)",
                    params![text, i64::MAX, i64::MIN, None::<String>],
                )?;
                let mut row = row.unwrap();
                Ok((row.take(0)?, row.take(1)?, row.take(2)?, row.take(3)?))
            })
            .await
            .unwrap();
        assert_eq!(found, (text.to_owned(), i64::MAX, i64::MIN, None));
    }
}

contract! {
    /// What one engine cannot keep, the other is not asked for either.
    async fn a_nul_is_refused(place: Place) {
        let store = place.open();
        let read = store.show(|tx| get(tx, "a\0b")).await;
        assert!(matches!(read, Err(Error::BadRequest(_))), "{read:?}");
        let written = store.write(|tx| put(tx, "name", "\0")).await;
        assert!(matches!(written, Err(Error::BadRequest(_))), "{written:?}");
        assert_eq!(value(&store, "name").await, None);
    }
}

contract! {
    /// A closure that fails after a write leaves nothing, and its neighbours in the batch lose nothing.
    async fn a_bad_closure_rolls_back_alone(place: Place) {
        let store = place.open();
        let held = hold(&store);
        let good = spawn_write(&store, |tx| put(tx, "good", "1"));
        let bad = spawn_write(&store, |tx| {
            put(tx, "bad", "1")?;
            Err::<(), _>(Error::NotFound("thing"))
        });
        let late = spawn_write(&store, |tx| put(tx, "late", "1"));
        settle().await;
        held.send(()).unwrap();
        good.await.unwrap().unwrap();
        assert!(matches!(bad.await.unwrap(), Err(Error::NotFound("thing"))));
        late.await.unwrap().unwrap();
        assert_eq!(value(&store, "good").await.as_deref(), Some("1"));
        assert_eq!(value(&store, "late").await.as_deref(), Some("1"));
        assert_eq!(value(&store, "bad").await, None);
    }
}

contract! {
    /// A panic is a failure of one closure; the writer lives.
    async fn a_panic_rolls_back_alone(place: Place) {
        let store = place.open();
        let held = hold(&store);
        let good = spawn_write(&store, |tx| put(tx, "good", "1"));
        let bad = spawn_write(&store, |tx| -> Result<()> {
            put(tx, "bad", "1")?;
            panic!("on purpose")
        });
        settle().await;
        held.send(()).unwrap();
        good.await.unwrap().unwrap();
        assert!(matches!(bad.await.unwrap(), Err(Error::Internal(_))));
        assert_eq!(value(&store, "good").await.as_deref(), Some("1"));
        assert_eq!(value(&store, "bad").await, None);
        store.write(|tx| put(tx, "after", "1")).await.unwrap();
    }
}

contract! {
    /// A violated constraint is a conflict, with what the closure had done taken back.
    async fn a_constraint_is_a_conflict(place: Place) {
        let store = place.open();
        store.write(|tx| put(tx, "n", "1")).await.unwrap();
        let refused = store
            .write(|tx| {
                put(tx, "n", "2")?;
                tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", params!["n", "3"]).map(|_| ())
            })
            .await;
        assert!(matches!(refused, Err(Error::Exists)), "{refused:?}");
        assert_eq!(value(&store, "n").await.as_deref(), Some("1"));
        let orphan = store
            .write(|tx| {
                tx.execute(
                    "INSERT INTO session (token_hash, id, user_id, browser, address, created_ms, seen_ms)
                     VALUES ($1, $1, $2, '', '', $3, $3)",
                    params!["h", "nobody", 1],
                )
            })
            .await;
        assert!(matches!(orphan, Err(Error::InUse)), "{orphan:?}");
    }
}

contract! {
    /// Whoever swallows a statement's error is not believed: PostgreSQL would have dropped the transaction.
    async fn a_swallowed_error_fails_the_closure(place: Place) {
        let store = place.open();
        store.write(|tx| put(tx, "n", "1")).await.unwrap();
        let refused = store
            .write(|tx| {
                put(tx, "m", "1")?;
                let _ = tx.execute("INSERT INTO setting (name, value) VALUES ($1, $2)", params!["n", "3"]);
                Ok(())
            })
            .await;
        assert!(matches!(refused, Err(Error::Internal(_))), "{refused:?}");
        assert_eq!(value(&store, "m").await, None);
    }
}

/// As [`put`], but nobody waits for it.
fn send(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    tx.send("INSERT INTO setting (name, value) VALUES ($1, $2)", params![name, value])
}

contract! {
    /// What is sent along and fails, fails the closure that sent it, whatever that said of itself, and no other.
    async fn what_fails_on_its_way_fails_its_own_closure(place: Place) {
        let store = place.open();
        store.write(|tx| send(tx, "n", "1")).await.unwrap();
        let alone = store.write(|tx| send(tx, "n", "2")).await;
        assert!(matches!(alone, Err(Error::Exists)), "{alone:?}");
        let held = hold(&store);
        let good = spawn_write(&store, |tx| send(tx, "good", "1"));
        let bad = spawn_write(&store, |tx| { send(tx, "bad", "1")?; send(tx, "n", "3") });
        let late = spawn_write(&store, |tx| { get(tx, "good")?; send(tx, "late", "1") });
        let refused = spawn_write(&store, |tx| { send(tx, "refused", "1")?; Err::<(), _>(Error::NotFound("thing")) });
        settle().await;
        held.send(()).unwrap();
        good.await.unwrap().unwrap();
        let bad = bad.await.unwrap();
        assert!(matches!(bad, Err(Error::Exists)), "{bad:?}");
        late.await.unwrap().unwrap();
        assert!(matches!(refused.await.unwrap(), Err(Error::NotFound("thing"))));
        let mut kept = Vec::new();
        for name in ["n", "good", "bad", "late", "refused"] {
            kept.push(value(&store, name).await);
        }
        let one = Some("1".to_owned());
        assert_eq!(kept, [one.clone(), one.clone(), None, one, None]);
        assert!(store.is_ready(), "a bad closure is no trouble of the store");
    }
}

contract! {
    /// Whoever asks sees what he sent before.
    async fn what_was_sent_is_there_for_who_asks(place: Place) {
        let store = place.open();
        let seen = store
            .write(|tx| {
                send(tx, "n", "1")?;
                tx.send("UPDATE setting SET value = value || $2 WHERE name = $1", params!["n", "2"])?;
                get(tx, "n")
            })
            .await;
        assert_eq!(seen.unwrap().as_deref(), Some("12"));
    }
}

contract! {
    /// More than the queue holds is refused at once; what was queued is kept (R7).
    async fn a_full_queue_is_busy(place: Place) {
        let store = place.open();
        let held = hold(&store);
        settle().await;
        let many: Vec<_> = (0..3_000).map(|n| spawn_write(&store, move |tx| put(tx, &n.to_string(), "1"))).collect();
        settle().await;
        held.send(()).unwrap();
        let mut kept = 0;
        let mut refused = 0;
        for one in many {
            match one.await.unwrap() {
                Ok(()) => kept += 1,
                Err(Error::Busy(_)) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((kept, refused), (2_048, 952));
        let count: i64 = store
            .show(|tx| tx.query_opt("SELECT COUNT(*) FROM setting WHERE value = $1", params!["1"])?.unwrap().take(0))
            .await
            .unwrap();
        assert_eq!(count, kept);
    }
}

contract! {
    /// Notices come after the commit, in commit order, and only of what was committed.
    async fn notices_come_in_commit_order(place: Place) {
        let store = place.open();
        let mut notices = store.subscribe();
        for n in 0..50_u32 {
            let id = n.to_string();
            let _ = store
                .write(move |tx| {
                    put(tx, "n", &id)?;
                    tx.notify(Topic::Call, &id);
                    if n % 5 == 0 { Err(Error::NotFound("fifth")) } else { Ok(()) }
                })
                .await;
        }
        let expected: Vec<String> = (0..50_u32).filter(|n| n % 5 != 0).map(|n| n.to_string()).collect();
        let mut heard = Vec::new();
        while heard.len() < expected.len() {
            let batch = tokio::time::timeout(Duration::from_secs(5), notices.recv()).await.unwrap().unwrap();
            heard.extend(batch.iter().map(|Notice { topic, id }| {
                assert_eq!(*topic, Topic::Call);
                id.clone()
            }));
        }
        assert_eq!(heard, expected);
    }
}

/// Who is far behind is told to read everything anew, once, and hears what comes after it. (PostgreSQL brings many
/// commits as one.)
#[tokio::test]
async fn a_listener_who_is_far_behind_reads_everything_anew() {
    let store = crate::place::Place::sqlite().open();
    let mut notices = store.subscribe();
    let tell = |what: String| {
        store.write(move |tx| {
            tx.notify(Topic::Call, &what);
            Ok(())
        })
    };
    for n in 0..1_100_u32 {
        tell(n.to_string()).await.unwrap();
    }
    let first = notices.recv().await.unwrap();
    assert_eq!(first.iter().map(|notice| notice.topic).collect::<Vec<_>>(), [Topic::Everything]);
    tell("after".to_owned()).await.unwrap();
    loop {
        let next = tokio::time::timeout(Duration::from_secs(5), notices.recv()).await.unwrap().unwrap();
        assert!(next.iter().all(|notice| notice.topic == Topic::Call), "once is enough");
        if next.iter().any(|notice| notice.id == "after") {
            return;
        }
    }
}

contract! {
    /// Copies kept in memory are void by the time the writer hears that his write is done.
    async fn generations_grow_before_the_answer(place: Place) {
        let store = place.open();
        let before = (store.generations().directory(), store.generations().contacts());
        store.write(|tx| { put(tx, "n", "1")?; tx.notify(Topic::Contact, "c"); Ok(()) }).await.unwrap();
        assert!(store.generations().contacts() > before.1);
        store.write(|tx| { put(tx, "n", "2")?; tx.notify(Topic::Directory, "d"); Ok(()) }).await.unwrap();
        assert!(store.generations().directory() > before.0);
    }
}

contract! {
    /// What another program writes is noticed: copies are void, and listeners are told to read again.
    async fn another_programs_change_is_seen(place: Place) {
        let store = place.open();
        let mut notices = store.subscribe();
        let before = store.generations().directory();
        let other = place.open();
        other.write(|tx| { put(tx, "n", "1")?; tx.notify(Topic::Directory, "d"); Ok(()) }).await.unwrap();
        let heard = tokio::time::timeout(Duration::from_secs(2), notices.recv()).await.unwrap().unwrap();
        assert!(heard.iter().all(|notice| matches!(notice.topic, Topic::Everything | Topic::Directory)), "{heard:?}");
        assert!(store.generations().directory() > before);
        assert_eq!(value(&store, "n").await.as_deref(), Some("1"));
    }
}

contract! {
    /// A read cannot write.
    async fn a_read_cannot_write(place: Place) {
        let store = place.open();
        assert!(store.show(|tx| put(tx, "n", "1")).await.is_err());
        assert!(store.look_up(|tx| put(tx, "n", "1")).await.is_err());
        assert_eq!(value(&store, "n").await, None);
    }
}

contract! {
    /// One read sees one state, whatever is committed meanwhile.
    async fn a_read_is_one_snapshot(place: Place) {
        let store = place.open();
        store.write(|tx| put(tx, "n", "old")).await.unwrap();
        let (go, wait) = mpsc::channel::<()>();
        let (began, has_begun) = tokio::sync::oneshot::channel();
        let mut began = Some(began);
        let read = {
            let store = store.clone();
            actix_web::rt::spawn(async move {
                store
                    .show(move |tx| {
                        let first = get(tx, "n")?;
                        if let Some(began) = began.take() {
                            began.send(()).unwrap();
                        }
                        wait.recv().unwrap();
                        Ok((first, get(tx, "n")?))
                    })
                    .await
            })
        };
        has_begun.await.unwrap();
        store.write(|tx| put(tx, "n", "new")).await.unwrap();
        go.send(()).unwrap();
        let old = Some("old".to_owned());
        assert_eq!(read.await.unwrap().unwrap(), (old.clone(), old));
        assert_eq!(value(&store, "n").await.as_deref(), Some("new"));
    }
}

contract! {
    /// A look-up is given up after a second, and its thread is free again soon after.
    async fn a_look_up_is_given_up(place: Place) {
        let store = place.open();
        let began = Instant::now();
        let endless = store
            .look_up(|tx| {
                tx.query(
                    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 900000000)
                     SELECT COUNT(*) FROM counted",
                    &[],
                )
            })
            .await;
        assert!(matches!(endless, Err(Error::Busy(_) | Error::TookTooLong)), "{endless:?}");
        assert!(began.elapsed() < Duration::from_millis(1_500), "{:?}", began.elapsed());
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(store.look_up(|tx| get(tx, "n")).await.unwrap(), None);
    }
}

contract! {
    /// The ways for programs without a runtime, also from inside one; and the last handle may go there too.
    async fn blocking_ways_work_anywhere(place: Place) {
        let store = place.open();
        store.write_blocking(|tx| put(tx, "n", "1")).unwrap();
        assert_eq!(store.read_blocking(|tx| get(tx, "n")).unwrap().as_deref(), Some("1"));
        drop(store);
        let store = place.open();
        assert_eq!(store.read_blocking(|tx| get(tx, "n")).unwrap().as_deref(), Some("1"));
    }
}

contract! {
    /// Many at once: each is answered, and each is there.
    async fn many_writers_at_once(place: Place) {
        let store = place.open();
        let ran = Arc::new(AtomicU32::new(0));
        let many: Vec<_> = (0..500_u32)
            .map(|n| {
                let ran = Arc::clone(&ran);
                spawn_write(&store, move |tx| {
                    ran.fetch_add(1, Ordering::Relaxed);
                    put(tx, &format!("k{n}"), "1")
                })
            })
            .collect();
        for one in many {
            one.await.unwrap().unwrap();
        }
        assert!(ran.load(Ordering::Relaxed) >= 500);
        let count: i64 = store
            .show(|tx| tx.query_opt("SELECT COUNT(*) FROM setting WHERE name LIKE $1 ESCAPE '\\'", params!["k%"])?.unwrap().take(0))
            .await
            .unwrap();
        assert_eq!(count, 500);
    }
}

/// Keeps the writer busy until told, so that what follows makes one batch.
fn hold(store: &Store) -> mpsc::Sender<()> {
    let (go, wait) = mpsc::channel::<()>();
    // Taken by the first run: a closure may be run again.
    let mut wait = Some(wait);
    spawn_write(store, move |_| {
        if let Some(wait) = wait.take() {
            let _ = wait.recv();
        }
        Ok(())
    });
    go
}

/// Lets what was spawned reach the queue.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

fn spawn_write<F>(store: &Store, f: F) -> actix_web::rt::task::JoinHandle<Result<()>>
where
    F: FnMut(&mut Tx) -> Result<()> + Send + 'static,
{
    let store = store.clone();
    actix_web::rt::spawn(async move { store.write(f).await })
}
