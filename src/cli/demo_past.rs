//! What happened at the made-up business before the demo began: so that the cards have something to remember.

use crate::app::App;
use crate::app::calls::hear;
use crate::app::change::{FreshIds, Hearing};
use crate::app::desk::remarks::{self, CallPatch};
use crate::app::people::users;
use crate::domain::call::Direction;
use crate::domain::facts::HistoryStatus;
use crate::domain::phone::Phone;
use crate::domain::push::{CallDetails, HistoryReport, PbxEvent};
use crate::error::Result;
use crate::store::tx::Tx;

struct PastCall {
    minutes_ago: i64,
    direction: Direction,
    status: HistoryStatus,
    login: &'static str,
    phone: &'static str,
    line: &'static str,
    duration_s: i64,
    note: &'static str,
}

const PAST: [PastCall; 5] = [
    PastCall {
        minutes_ago: 26 * 60,
        direction: Direction::In,
        status: HistoryStatus::Success,
        login: "anna",
        phone: "+79161234567",
        line: "+74951234567",
        duration_s: 187,
        note: "Ждёт счёт на 40 коробок, обещала выслать до пятницы.",
    },
    PastCall {
        minutes_ago: 23 * 60,
        direction: Direction::Out,
        status: HistoryStatus::Success,
        login: "boris",
        phone: "+79857771020",
        line: "+74951234568",
        duration_s: 64,
        note: "Мука: 20 мешков в четверг, звонить Сергею за час.",
    },
    PastCall {
        minutes_ago: 5 * 60,
        direction: Direction::In,
        status: HistoryStatus::Success,
        login: "boris",
        phone: "+79035550111",
        line: "+74951234568",
        duration_s: 312,
        note: "",
    },
    PastCall {
        minutes_ago: 3 * 60,
        direction: Direction::Out,
        status: HistoryStatus::Busy,
        login: "anna",
        phone: "+79263002010",
        line: "+74951234567",
        duration_s: 0,
        note: "",
    },
    PastCall {
        minutes_ago: 95,
        direction: Direction::In,
        status: HistoryStatus::Missed,
        login: "pbx",
        phone: "+77012223344",
        line: "+74951234567",
        duration_s: 0,
        note: "",
    },
];

/// Keeps the past calls as if the PBX had reported each in its time.
pub async fn write(app: &App, integration_id: &str) -> Result<()> {
    for past in &PAST {
        let at_ms = app.clock.now_ms() - past.minutes_ago * 60_000;
        let event = past.report(app.clock.new_id(), at_ms);
        let directory = app.directory().await?;
        let ids = FreshIds::new(app, &directory, app.clock.now_ms());
        let (integration_id, received_ms) = (integration_id.to_owned(), at_ms + past.duration_s * 1000);
        let keep = move |tx: &mut Tx| {
            let hearing = Hearing { directory: &directory, ids: &ids, now_ms: received_ms };
            hear::push(tx, &integration_id, &event, &hearing)
        };
        let call_id = app.store.write(keep).await?.call_id;
        if let (Some(id), false) = (call_id, past.note.is_empty()) {
            let author = users::get_by_login(app, past.login).await?;
            let note = Some(past.note.to_owned());
            remarks::patch(app, &author, &id, CallPatch { note, ..CallPatch::default() }).await?;
        }
    }
    Ok(())
}

impl PastCall {
    fn report(&self, callid: String, started_ms: i64) -> PbxEvent {
        let details = CallDetails { diversion: Some(Phone::from_stored(self.line)), ..CallDetails::default() };
        PbxEvent::History(HistoryReport {
            callid,
            direction: self.direction,
            status: self.status,
            account: self.login.to_owned(),
            phone: Phone::from_stored(self.phone),
            duration_s: self.duration_s,
            link: None,
            started_ms: Some(started_ms),
            wait_s: Some(6),
            rating: None,
            details,
        })
    }
}
