//! A server of its own for each test, and helpers named as people act.

use std::net::TcpListener;

use clap::builder::Resettable;
use clap::{Args, Command, FromArgMatches};
pub mod calltracking;
pub mod office;
pub mod pbx;
pub mod person;
pub mod stream;

use ringcard::app::App;
use ringcard::clock::Clock;
use ringcard::config::Config;
use ringcard::server;
use ringcard::store::Store;
use ringcard::store::location::StoreLocation;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Sunday, 2026-03-01 09:00:00 UTC: where every test's clock stands at first.
pub const NOW_MS: i64 = 1_772_355_600_000;

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub text: String,
}

impl Answer {
    pub async fn of(answer: reqwest::Response) -> Self {
        let status = answer.status().as_u16();
        let content_type = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        Self { status, content_type: content_type.unwrap_or_default(), text: answer.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// The server on a store of its own, at a port of its own; gone when dropped.
pub struct TestApp {
    pub app: App,
    pub clock: Clock,
    pub url: String,
    pub http: reqwest::Client,
    _data: TempDir,
    stop: Option<oneshot::Sender<()>>,
}

impl TestApp {
    /// An empty store, as on the first run.
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(NOW_MS);
        let app = open_app(&data, clock.clone());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let served = app.clone();
        std::thread::spawn(move || {
            let serving = server::run(served, listener, async { drop(stopped.await) });
            actix_web::rt::System::new().block_on(serving).unwrap();
        });
        Self { app, clock, url, http: client(), _data: data, stop: Some(stop) }
    }

    /// The server is told to end.
    pub fn stops(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.http.get(format!("{}{path}", self.url)).send().await.unwrap()).await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stops();
    }
}

/// The application on a new store.
pub fn open_app(data: &TempDir, clock: Clock) -> App {
    let store = Store::open_for_serving(&StoreLocation::in_dir(data.path())).unwrap();
    App::new(store, clock, config(data))
}

/// The defaults, whatever the environment of the test run says.
fn config(data: &TempDir) -> Config {
    let line = ["ringcard", "--data-dir", data.path().to_str().unwrap()];
    let command = Config::augment_args(Command::new("ringcard")).mut_args(|arg| arg.env(Resettable::Reset));
    let matches = command.get_matches_from(line);
    Config::from_arg_matches(&matches).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test waits as long as the test runner does")]
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}
