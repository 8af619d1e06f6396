//! A server of its own for each test, and helpers named as people act.

use std::net::TcpListener;

use clap::builder::Resettable;
use clap::{Args, Command, FromArgMatches};
pub mod calltracking;
pub mod office;
pub mod pbx;
pub mod person;
#[path = "../../store/place.rs"]
#[allow(dead_code, reason = "the store's own tests use the rest")]
pub mod place;
#[path = "../../store/proxy.rs"]
#[allow(dead_code, reason = "the store's own tests use the rest")]
pub mod proxy;
pub mod stream;

use crate::support::place::Place;
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
    pub cache_control: String,
    pub text: String,
}

impl Answer {
    pub async fn of(answer: reqwest::Response) -> Self {
        let status = answer.status().as_u16();
        let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (content_type, cache_control) = (header("content-type"), header("cache-control"));
        Self {
            status,
            content_type: content_type.unwrap_or_default(),
            cache_control: cache_control.unwrap_or_default(),
            text: answer.text().await.unwrap(),
        }
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
    home: Home,
    stop: Option<oneshot::Sender<()>>,
}

impl TestApp {
    /// An empty store, as on the first run.
    pub async fn start() -> Self {
        Self::start_in(Home::new())
    }

    /// As [`TestApp::start`], with these words on its command line.
    pub async fn start_where(words: &[&str]) -> Self {
        let (home, clock) = (Home::new(), Clock::fixed(NOW_MS));
        let app =
            App::new(Store::open_for_serving(&home.location()).unwrap(), clock.clone(), config(&home.data, words));
        Self::serve(home, clock, app)
    }

    /// One of several nodes of a store that the test keeps.
    pub fn start_at(location: StoreLocation) -> Self {
        Self::start_in(Home { data: tempfile::tempdir().unwrap(), location, postgres: None })
    }

    /// As [`TestApp::start_at`], with a clock of its own.
    pub fn start_at_by(location: StoreLocation, clock: Clock) -> Self {
        Self::start_in_by(Home { data: tempfile::tempdir().unwrap(), location, postgres: None }, clock)
    }

    /// Another node of this one's store, with the same key file.
    pub fn start_beside(&self, clock: Clock) -> Self {
        let data = tempfile::tempdir().unwrap();
        std::fs::copy(self.app.config.secret_key_file(), data.path().join("secret.key")).unwrap();
        Self::start_in_by(Home { data, location: self.location(), postgres: None }, clock)
    }

    fn start_in(home: Home) -> Self {
        Self::start_in_by(home, Clock::fixed(NOW_MS))
    }

    fn start_in_by(home: Home, clock: Clock) -> Self {
        let app = home.open_app(clock.clone());
        Self::serve(home, clock, app)
    }

    fn serve(home: Home, clock: Clock, app: App) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let served = app.clone();
        std::thread::spawn(move || {
            let serving = server::run(served, listener, async { drop(stopped.await) });
            actix_web::rt::System::new().block_on(serving).unwrap();
        });
        Self { app, clock, url, http: client(), home, stop: Some(stop) }
    }

    pub fn location(&self) -> StoreLocation {
        self.home.location()
    }

    /// Whether the store is a file in the data directory: some tests look into it.
    pub fn is_embedded(&self) -> bool {
        matches!(self.location(), StoreLocation::Sqlite(_))
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

/// Where a test's application lives; gone with the test.
pub struct Home {
    data: TempDir,
    location: StoreLocation,
    #[expect(dead_code, reason = "gone with the test")]
    postgres: Option<Place>,
}

impl Home {
    /// With an embedded store; on PostgreSQL where `RINGCARD_TEST_ENGINE=postgres` says so.
    #[expect(clippy::disallowed_methods, reason = "the engine is the choice of who runs the tests")]
    pub fn new() -> Self {
        let is_postgres = std::env::var("RINGCARD_TEST_ENGINE").is_ok_and(|engine| engine == "postgres");
        let (data, postgres) = (tempfile::tempdir().unwrap(), is_postgres.then(Place::postgres));
        let embedded = || StoreLocation::in_dir(data.path());
        let location = postgres.as_ref().map_or_else(embedded, |place| place.location.clone());
        Self { data, location, postgres }
    }

    pub fn location(&self) -> StoreLocation {
        self.location.clone()
    }

    /// The application on its new store.
    pub fn open_app(&self, clock: Clock) -> App {
        App::new(Store::open_for_serving(&self.location()).unwrap(), clock, config(&self.data, &[]))
    }
}

/// The defaults, whatever the environment of the test run says.
fn config(data: &TempDir, words: &[&str]) -> Config {
    let line = [&["ringcard", "--data-dir", data.path().to_str().unwrap()], words].concat();
    let command = Config::augment_args(Command::new("ringcard")).mut_args(|arg| arg.env(Resettable::Reset));
    let matches = command.get_matches_from(line);
    Config::from_arg_matches(&matches).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test waits as long as the test runner does")]
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}
