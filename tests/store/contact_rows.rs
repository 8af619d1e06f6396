//! Two nodes hear at the same moment of talks with the same contacts, each in its order: nobody waits for one who waits for
//! him, and the latest talk is the latest.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use ringcard::app::calls::hear;
use ringcard::app::change::Hearing;
use ringcard::app::clients::contacts;
use ringcard::app::clients::draft::ContactDraft;
use ringcard::app::directory::Directory;
use ringcard::domain::contact::ContactPhone;
use ringcard::error::Result;
use ringcard::pbx;
use ringcard::pbx::fields::Fields;
use ringcard::store::Store;
use ringcard::store::tables::contact_talks;
use ringcard::store::tx::Tx;

use crate::place::Place;
use crate::two_nodes::{ids, prepare};

type Closure = Box<dyn FnMut(&mut Tx) -> Result<()> + Send>;

/// A talk on this number; `ran` counts how often the closure did.
fn talk(number: &'static str, at_ms: i64, ran: &Arc<AtomicUsize>) -> Closure {
    let ran = Arc::clone(ran);
    Box::new(move |tx| {
        ran.fetch_add(1, Ordering::SeqCst);
        let form = format!("cmd=event&type=ACCEPTED&callid={number}&phone={number}&user=anna");
        let event = pbx::parse(&Fields::decode("", form.as_bytes()), "RU").unwrap();
        let (directory, ids) = (Directory::load(tx, 0, "RU")?, ids(&form));
        hear::push(tx, "i", &event, &Hearing { directory: &directory, ids: &ids, now_ms: at_ms }).map(drop)
    })
}

/// These make one transaction: what they wait behind is done when something is sent.
async fn queue(store: &Store, turn: &str, closures: Vec<Closure>) -> (mpsc::Sender<()>, Vec<JoinHandle<Result<()>>>) {
    let (go, wait) = mpsc::channel::<()>();
    let mut wait = Some(wait);
    let hold: Closure = Box::new(move |_| {
        let _ = wait.take().map(|wait| wait.recv());
        Ok(())
    });
    let mut queued = Vec::new();
    for closure in std::iter::once(hold).chain(closures) {
        let (store, turn) = (store.clone(), turn.to_owned());
        queued.push(actix_web::rt::spawn(async move { store.write_in_turn(vec![turn], closure).await }));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (go, queued)
}

fn pause() -> Closure {
    Box::new(|_| {
        std::thread::sleep(Duration::from_millis(200));
        Ok(())
    })
}

#[actix_web::test]
#[ignore = "needs PostgreSQL"]
async fn two_nodes_that_hear_of_the_same_contacts_crosswise_do_not_collide() {
    let place = Place::postgres();
    let (here, there) = prepare(&place).await;
    let make = |tx: &mut Tx| {
        [("a", ["+79101234501", "+79101234502"]), ("b", ["+79101234503", "+79101234504"])].into_iter().try_for_each(
            |(id, numbers)| {
                let phones = numbers.map(|number| ContactPhone { number: number.to_owned(), label: String::new() });
                contacts::make(tx, id, ContactDraft { phones: phones.to_vec(), ..ContactDraft::default() }, None, 1)
            },
        )
    };
    here.write(make).await.unwrap();
    let ran = Arc::new(AtomicUsize::new(0));
    let of_here = vec![talk("79101234501", 30_000, &ran), pause(), talk("79101234503", 40_000, &ran), pause()];
    let of_there = vec![talk("79101234504", 30_000, &ran), pause(), talk("79101234502", 40_000, &ran), pause()];
    let (go_here, here_queued) = queue(&here, "here", of_here).await;
    let (go_there, there_queued) = queue(&there, "there", of_there).await;
    go_here.send(()).unwrap();
    go_there.send(()).unwrap();
    for written in here_queued.into_iter().chain(there_queued) {
        written.await.unwrap().unwrap();
    }
    let talks = here
        .show(|tx| {
            let mut standings = contact_talks::list_standings(tx, &["a", "b"])?;
            standings.sort_by(|one, other| one.contact_id.cmp(&other.contact_id));
            Ok(standings.into_iter().map(|one| one.talk_id.unwrap_or_default()).collect::<Vec<_>>())
        })
        .await
        .unwrap();
    assert_eq!(ran.load(Ordering::SeqCst), 4, "none ran again");
    let latest = ["79101234502", "79101234503"]
        .map(|number| format!("call of cmd=event&type=ACCEPTED&callid={number}&phone={number}&user=anna"));
    assert_eq!(talks, latest);
}
