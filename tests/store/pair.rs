//! Two nodes of the whole program, but for HTTP, on one PostgreSQL.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use clap::builder::Resettable;
use clap::{Args, Command, FromArgMatches};
use ringcard::app::App;
use ringcard::clock::Clock;
use ringcard::config::Config;
use ringcard::error::Result;
use ringcard::store::Store;
use ringcard::store::tx::Tx;

use crate::place::Place;

/// Two nodes with one store and one key file.
pub struct Pair {
    pub here: App,
    pub there: App,
    place: Place,
    _data: tempfile::TempDir,
}

/// A node with this store and the key file of this directory.
pub fn node(store: Store, data: &Path) -> App {
    let line = ["ringcard", "--data-dir", data.to_str().unwrap()];
    let command = Config::augment_args(Command::new("ringcard")).mut_args(|arg| arg.env(Resettable::Reset));
    let config = Config::from_arg_matches(&command.get_matches_from(line)).unwrap();
    App::new(store, Clock::fixed(1_000), config)
}

impl Pair {
    pub fn start() -> Self {
        let (place, data) = (Place::postgres(), tempfile::tempdir().unwrap());
        let [here, there] = [place.open(), place.open()].map(|store| node(store, data.path()));
        Self { here, there, place, _data: data }
    }

    /// `first` has done its work here and not committed yet when `second` begins there.
    pub async fn overlap(
        &self,
        first: impl Future<Output = Result<()>> + 'static,
        second: impl Future<Output = Result<()>>,
    ) {
        let (go, wait) = mpsc::channel::<()>();
        let (done, is_done) = mpsc::channel();
        let mut wait = Some(wait);
        let hold = async |store: Store, work: Box<dyn FnMut() + Send>| {
            let mut work = work;
            let run = move |_: &mut Tx| {
                work();
                Ok(())
            };
            actix_web::rt::spawn(async move { store.write(run).await });
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        // What waits behind this makes one transaction: the work, and the pause after it.
        hold(
            self.here.store.clone(),
            Box::new(move || {
                let _ = wait.take().map(|wait| wait.recv());
            }),
        )
        .await;
        let first = actix_web::rt::spawn(first);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let pause = move || {
            let _ = done.send(());
            std::thread::sleep(Duration::from_millis(300));
        };
        hold(self.here.store.clone(), Box::new(pause)).await;
        go.send(()).unwrap();
        actix_web::rt::task::spawn_blocking(move || is_done.recv().unwrap()).await.unwrap();
        second.await.unwrap();
        first.await.unwrap().unwrap();
    }

    /// How the store stands now, for one who kept no copy.
    pub fn fresh(&self) -> App {
        App::new(self.place.open(), Clock::fixed(1_000), (*self.here.config).clone())
    }
}
