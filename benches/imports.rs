//! What an import of clients takes, and what it costs those who wait meanwhile: `cargo bench --bench imports`. The same client
//! asks the same server in short slices, in turn while an import goes on and while it stands still; medians of the slices
//! are compared.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot go on shall stop, and it prints")]

#[path = "webhooks/load.rs"]
#[allow(dead_code, reason = "the bench of pushes measures more")]
mod load;
#[path = "webhooks/ringcard.rs"]
#[allow(dead_code, reason = "the bench of pushes measures more")]
mod ringcard;

use std::time::{Duration, Instant};

use load::{Slice, Workload};
use reqwest::Method;
use serde_json::{Value, json};

const SLICE: Duration = Duration::from_millis(1_500);
const ROUNDS: usize = 5;
const CONNECTIONS: usize = 8;
const ROWS: u32 = 100_000;

/// The owner, who moves in.
struct Owner {
    runtime: tokio::runtime::Runtime,
    http: reqwest::Client,
    url: String,
    cookie: String,
}

impl Owner {
    fn signs_in(ours: &ringcard::Ringcard) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        #[expect(clippy::disallowed_methods, reason = "a bench waits as long as it takes")]
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("http://{}", ours.address);
        let credentials = json!({"login": "owner", "password": ringcard::PASSWORD});
        let cookie = runtime.block_on(async {
            let answer = http.post(format!("{url}/api/session")).json(&credentials).send().await.unwrap();
            assert!(answer.status().is_success());
            answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
        });
        Self { runtime, http, url, cookie }
    }

    fn asks(&self, method: Method, path: &str, body: impl Into<reqwest::Body>) -> Value {
        let asked = self.http.request(method, format!("{}/api/{path}", self.url)).header("cookie", &self.cookie);
        let asked = asked.header("content-type", "application/json").body(body);
        self.runtime.block_on(async {
            let answer = asked.send().await.unwrap();
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.json().await.unwrap()
        })
    }

    /// Hands in a table of clients whom nobody knows, and begins with it.
    fn begins(&self, first: u32) -> String {
        let mut file = "ФИО;Компания;Мобильный телефон;Рабочий телефон;E-mail;Комментарий\n".to_owned();
        for n in first..first + ROWS {
            file += &format!(
                "Клиентов Семён {n};ООО «Василёк {}»;+7922{n:07};+7933{n:07};c{n}@example.org;Из прежней программы\n",
                n % 5_000
            );
        }
        let import = self.asks(Method::POST, "contacts/import?name=clients.csv", file);
        let fields: Vec<_> =
            import["columns"].as_array().unwrap().iter().map(|column| column["field"].clone()).collect();
        let id = import["id"].as_str().unwrap().to_owned();
        self.asks(Method::POST, &format!("contacts/import/{id}/run"), json!({"columns": fields}).to_string());
        id
    }

    fn task(&self, id: &str) -> Value {
        self.asks(Method::GET, &format!("tasks/{id}"), "")
    }

    /// Waits for its end; answers how often it said something new.
    fn waits(&self, id: &str) -> usize {
        let mut seen = Vec::new();
        loop {
            let task = self.task(id);
            seen.push(task["done"].as_u64());
            if task["state"] == "done" {
                seen.dedup();
                return seen.len();
            }
            std::thread::sleep(Duration::from_millis(250));
        }
    }
}

fn main() {
    let ours = ringcard::Ringcard::start_with_owner("owner");
    let owner = Owner::signs_in(&ours);
    let began = Instant::now();
    let id = owner.begins(0);
    let read = began.elapsed();
    let told = owner.waits(&id);
    let took = began.elapsed();
    println!(
        "{ROWS} rows: read in {:.1} s, all in {:.1} s, {told} times told how far",
        read.as_secs_f64(),
        took.as_secs_f64()
    );
    println!(
        "\n| work, {CONNECTIONS} connections | per s without | per s with | p99 without | p99 with | ratio of p99 |\n|---|---:|---:|---:|---:|---:|"
    );
    for (workload, first) in
        [(Workload::Contact, 1_000_000), (Workload::Calls, 2_000_000), (Workload::History, 3_000_000)]
    {
        let id = owner.begins(first);
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            with.push(load::run(ours.address, &ours.token, workload, CONNECTIONS, SLICE));
            assert_eq!(owner.task(&id)["state"], "running", "the import was over before the slice");
            owner.asks(Method::DELETE, &format!("tasks/{id}"), "");
            without.push(load::run(ours.address, &ours.token, workload, CONNECTIONS, SLICE));
            owner.asks(Method::POST, &format!("tasks/{id}/retry"), "{}");
        }
        let (with, without) = (median(with), median(without));
        let ratio = with.p99_us as f64 / without.p99_us as f64;
        let work = format!("{workload:?}").to_lowercase();
        println!(
            "| {work} | {:.0} | {:.0} | {} µs | {} µs | {ratio:.2} |",
            without.per_second, with.per_second, without.p99_us, with.p99_us
        );
        owner.waits(&id);
    }
}

/// The slice with the median p99.
fn median(mut slices: Vec<Slice>) -> Slice {
    slices.sort_by_key(|slice| slice.p99_us);
    slices.swap_remove(slices.len() / 2)
}
