//! `/metrics`, on an address of its own: this node in the text format of Prometheus.
//!
//! Source: "Exposition formats" of the Prometheus documentation, text-based format 0.0.4.

use std::fmt::{Display, Write};

use actix_web::{HttpResponse, web};

use crate::app::App;
use crate::app::memory::meters::Histogram;
use crate::app::outbox::backlog;
use crate::app::recordings::backlog as recordings;
use crate::app::upkeep::backups;
use crate::http::edge::token_guard::TokenGuard;
use crate::live::Hub;

const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Nothing of it names a client, a number or an address.
pub async fn get(app: web::Data<App>, hub: web::Data<Hub>, guard: web::Data<TokenGuard>) -> HttpResponse {
    let mut page = Page::default();
    pushes(&mut page, &app);
    store(&mut page, &app).await;
    jobs(&mut page, &app);
    page.gauge("ringcard_streams", "Live streams open.", hub.count());
    let waiting = guard.count_waiting(app.clock.running_ms());
    page.gauge("ringcard_addresses_waiting", "Addresses told to wait for their wrong tokens.", waiting);
    page.gauge("ringcard_damaged_rows", "Rows that cannot be read.", app.count_damages());
    backup(&mut page, &app);
    HttpResponse::Ok().content_type(CONTENT_TYPE).body(page.text)
}

fn pushes(page: &mut Page, app: &App) {
    page.head("ringcard_pushes_total", "Pushes since this node started, by what became of them.", "counter");
    for (verdict, count) in app.meters.pushes() {
        page.line(&format!("ringcard_pushes_total{{verdict=\"{}\"}}", verdict.as_str()), count);
    }
    page.histogram("ringcard_commit_seconds", "From a push to its being on the disk.", &app.meters.commit);
    page.histogram("ringcard_contact_seconds", "From a PBX's question to its answer.", &app.meters.contact);
}

async fn store(page: &mut Page, app: &App) {
    let is_ready = app.check_ready().await.is_ok();
    page.gauge("ringcard_ready", "Whether this node can do all its work, as /readyz says.", u8::from(is_ready));
    let wait = app.store.longest_wait().as_secs_f64();
    page.gauge("ringcard_write_wait_seconds", "How long the oldest write has waited.", wait);
    page.head("ringcard_reads_waiting", "Reads that wait for a thread, by lane.", "gauge");
    for (lane, count) in app.store.reads_waiting() {
        page.line(&format!("ringcard_reads_waiting{{lane=\"{lane}\"}}"), count);
    }
    let log = app.store.long_log().unwrap_or_default();
    page.gauge("ringcard_long_log_bytes", "The embedded store's log, while it is too long.", log);
    let is_damaged = u8::from(app.store.damage().is_some());
    page.gauge("ringcard_store_damaged", "Whether a look through the store has found damage.", is_damaged);
    // Whoever asks sees by what is missing that the store does not answer.
    let Ok(counted) = backlog::count(app).await else { return };
    page.head(
        "ringcard_deliveries",
        "Deliveries to other systems that wait, or have failed; counted to 10,000.",
        "gauge",
    );
    for (state, count) in counted {
        page.line(&format!("ringcard_deliveries{{state=\"{state}\"}}"), count);
    }
    let Ok(counted) = recordings::count(app).await else { return };
    page.head("ringcard_recordings", "Recordings of the last days that wait to be fetched, or could not be.", "gauge");
    for (state, count) in counted {
        page.line(&format!("ringcard_recordings{{state=\"{state}\"}}"), count);
    }
}

fn jobs(page: &mut Page, app: &App) {
    let jobs = app.jobs.list();
    page.head("ringcard_job_failures_total", "Failures of each loop since this node started.", "counter");
    for (name, state) in &jobs {
        page.line(&format!("ringcard_job_failures_total{{job=\"{name}\"}}"), state.failures);
    }
    page.head("ringcard_job_down", "Whether a loop has failed and does not go on yet.", "gauge");
    for (name, state) in &jobs {
        page.line(&format!("ringcard_job_down{{job=\"{name}\"}}"), u8::from(state.is_down));
    }
}

fn backup(page: &mut Page, app: &App) {
    let Some(folder) = &app.config.backup_dir else { return };
    let last_ms = backups::list(folder).ok().and_then(|kept| kept.last().map(|last| last.began_ms));
    let last_s = last_ms.unwrap_or_default() / 1_000;
    page.gauge("ringcard_backup_timestamp_seconds", "When the last backup began; 0 when there is none.", last_s);
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn head(&mut self, name: &str, help: &str, kind: &str) {
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn line(&mut self, name: &str, value: impl Display) {
        let _ = writeln!(self.text, "{name} {value}");
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl Display) {
        self.head(name, help, "gauge");
        self.line(name, value);
    }

    fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) {
        self.head(name, help, "histogram");
        let (up_to, sum_us) = histogram.read();
        let bounds = Histogram::BOUNDS_MS.iter().map(|ms| format!("{}.{:03}", ms / 1_000, ms % 1_000));
        for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(&up_to) {
            self.line(&format!("{name}_bucket{{le=\"{bound}\"}}"), count);
        }
        self.line(&format!("{name}_sum"), format!("{}.{:06}", sum_us / 1_000_000, sum_us % 1_000_000));
        self.line(&format!("{name}_count"), up_to.last().copied().unwrap_or_default());
    }
}
