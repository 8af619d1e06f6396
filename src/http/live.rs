//! The live stream: a snapshot, then what changes, as server-sent events.

use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use futures_util::stream;
use serde::Deserialize;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::app::desk::cards;
use crate::app::people::sessions::SignedIn;
use crate::domain::user::Role;
use crate::error::{Error, Prohibition, Result};
use crate::http::edge::auth::{self, Session};
use crate::live::{Hub, NoSeat, Seat, event};

/// So often proxies do not cut the line, and the page knows that it stands: a page cannot hear a comment.
const BEAT_EVERY: Duration = Duration::from_secs(15);
/// A session that ended ends its streams within five seconds.
const SESSION_EVERY: Duration = Duration::from_secs(4);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LiveQuery {
    /// Every card, for managers and admins.
    #[param(inline)]
    watch: Option<Watch>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Watch {
    All,
}

/// What a connection holds while it stands.
struct Stream {
    app: web::Data<App>,
    signed_in: SignedIn,
    seat: Seat,
    first: Option<String>,
    beats: tokio::time::Interval,
    checks: tokio::time::Interval,
}

/// One snapshot, then `card`, `call`, `missed`, `row`, `promise`, `due` for whose promise it is, `contact`, a `beat` every 15 s, and `bye` before a shutdown.
#[utoipa::path(get, path = "/api/live", tag = "live", params(LiveQuery), responses((status = 200, content_type = "text/event-stream"), (status = 429)))]
pub async fn stream(
    session: Session,
    app: web::Data<App>,
    hub: web::Data<Hub>,
    query: web::Query<LiveQuery>,
) -> Result<HttpResponse> {
    let signed_in = session.0;
    let is_watching = matches!(query.watch, Some(Watch::All));
    if is_watching && signed_in.user.role < Role::Manager {
        return Err(Error::Forbidden(Prohibition::AllCards));
    }
    // First the seat, then the snapshot: so nothing falls between.
    let seat = hub.join(&signed_in.user.id, is_watching).map_err(|none| match none {
        NoSeat::Closed => Error::Busy("the server is stopping".to_owned()),
        NoSeat::TooMany => Error::TooMany { detail: "you have too many streams open".to_owned(), retry_after_s: 60 },
    })?;
    // After the seat too: whoever has one when the node goes deaf is sent away.
    if app.store.is_deaf() {
        return Err(Error::Busy("what other nodes change is not heard now".to_owned()));
    }
    let snapshot = cards::snapshot(&app, &signed_in.user, is_watching).await?;
    seat.note_shown(snapshot.cards.iter().map(|card| card.call.id.clone()));
    let state = Stream {
        app,
        signed_in,
        seat,
        first: Some(event("snapshot", &snapshot)),
        beats: every(BEAT_EVERY),
        checks: every(SESSION_EVERY),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(state, |mut state| async move {
            let text = state.next().await?;
            Some((Ok::<_, Error>(web::Bytes::from(text)), state))
        })))
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

impl Stream {
    /// What goes out next; `None` ends the stream.
    async fn next(&mut self) -> Option<String> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            tokio::select! {
                event = self.seat.events.recv() => return event,
                _ = self.beats.tick() => return Some(event("beat", &serde_json::json!({}))),
                _ = self.checks.tick() => {
                    // A store that cannot be asked ends no session.
                    if let Ok(false) = auth::stands(&self.app, &self.signed_in).await {
                        return None;
                    }
                }
            }
        }
    }
}
