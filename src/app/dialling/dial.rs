//! Click-to-call: written down first, then asked of the other side, then written down again. Never asked twice.

use std::sync::Arc;

use crate::app::App;
use crate::app::calls::answer;
use crate::app::calls::row::{blank, derive, facts_to_show, read_facts};
use crate::app::change::{FreshIds, Hearing};
use crate::app::desk::past;
use crate::app::dialling::limit::Slot;
use crate::app::directory::{Directory, Integration};
use crate::app::integrations::dialers;
use crate::domain::call::Call;
use crate::domain::facts::{CallFacts, Click};
use crate::domain::fault::Fault;
use crate::domain::phone::Phone;
use crate::domain::text::clean_line;
use crate::domain::user::{Line, User};
use crate::error::{Code, Error, Result};
use crate::store::tables::call_lists;
use crate::store::tables::calls::{self, Extent};
use crate::store::tx::{Topic, Tx};
use crate::telephony::order::{DialError, DialOrder};

/// The same person clicking the same number again within this time means the same call.
const SAME_CLICK_MS: i64 = 3_000;

#[derive(Clone, Debug)]
pub struct DialRequest {
    pub phone: String,
    /// An integration's id or name; the default line's when absent.
    pub integration: Option<String>,
    pub group: Option<String>,
}

/// Calls `phone` from this person's line. The call is in the history before the other side is asked.
///
/// # Errors
/// `Invalid` for what is no number or no group, `Conflict` (`no_line`) without a line, `TooMany` past what the other
/// side allows, and what the other side said or did not say: `PeerRefused`, `PeerUnreachable`, `PeerTimeout`.
pub async fn dial(app: &App, user: &User, request: DialRequest) -> Result<Call> {
    let directory = app.directory().await?;
    let region = &directory.settings.region;
    let phone = Phone::parse(&clean_line(&request.phone), region);
    if !phone.is_dialable() {
        return Err(Error::field("phone", Fault::NotANumber));
    }
    let (integration, line) = choose_line(&directory, user, request.integration.as_deref())?;
    let dialer = dialers::of(app, integration).await?;
    let now_ms = app.clock.now_ms();
    let ids = FreshIds::new(app, &directory, now_ms);
    let order = DialOrder {
        call_id: &ids.call,
        phone: &phone,
        account: &line.account,
        caller: &Phone::parse(&line.account, region),
        person: &user.name,
        group: request.group.as_deref(),
    };
    dialer.examine(&order)?;
    let new = NewClick {
        click: Click {
            at_ms: now_ms,
            user_id: user.id.clone(),
            account: line.account.clone(),
            phone: phone.as_str().to_owned(),
            group: request.group.clone(),
            refused: None,
        },
        integration_id: integration.id.clone(),
        slot: dialer.limit().map(|limit| Slot::of(&limit, &ids.call)),
        ids: ids.clone(),
    };
    let first = write_down(app, &directory, new.clone()).await?;
    if first != new.ids.call {
        return past::get(app, &first).await;
    }
    let answer = dialer.dial(&order).await;
    match &answer {
        Ok(name) => {
            tracing::info!(call.id = ids.call, named = name.is_some(), phone = phone.masked(), "a call was asked for");
        }
        // The sentence may repeat a number.
        Err(refusal) => {
            let code = refusal.error().code();
            tracing::warn!(call.id = ids.call, phone = phone.masked(), %code, "a call could not be asked for");
        }
    }
    let reports = integration.kind.reports();
    write_answer(app, Arc::clone(&directory), new, reports, answer).await
}

/// A click that is to be written down.
#[derive(Clone)]
struct NewClick {
    click: Click,
    integration_id: String,
    /// Its place among the requests that the other side allows.
    slot: Option<Slot>,
    ids: FreshIds,
}

fn choose_line<'a>(
    directory: &'a Directory,
    user: &'a User,
    wanted: Option<&str>,
) -> Result<(&'a Integration, &'a Line)> {
    let no_line = |detail: &str| Error::conflict(Code::NoLine, detail);
    // The session may be older than a change of lines: the directory is right.
    let lines = directory.user(&user.id).map_or(&[][..], |user| &user.lines);
    let Some(wanted) = wanted else {
        let mut usable = lines.iter().filter_map(|line| Some((directory.find_integration(&line.integration)?, line)));
        let line = usable.find(|(integration, _)| integration.kind.can_dial());
        return line.ok_or_else(|| no_line("you have no line to call from: an admin enters it under Users"));
    };
    let Some(integration) = directory.find_integration(wanted) else {
        return Err(Error::field("integration", Fault::UnknownIntegration));
    };
    let line = lines.iter().find(|line| line.integration == integration.id);
    let line = line.ok_or_else(|| no_line("you have no line on this system: an admin enters it under Users"))?;
    Ok((integration, line))
}

/// Writes the click down as a requested call, and answers its id; of a click repeated at once, that of the first.
async fn write_down(app: &App, directory: &Arc<Directory>, new: NewClick) -> Result<String> {
    let (directory, now_ms) = (Arc::clone(directory), new.click.at_ms);
    app.store
        .write(move |tx| {
            let NewClick { click, integration_id, slot, ids } = &new;
            // Two clicks at once, on two nodes, take turns here.
            tx.take_turns(&click.phone)?;
            if let Some(row) = find_same_click(tx, &directory, click)? {
                // It may be its own row: the batch was written, and is run again because nobody heard so.
                return Ok(row.id);
            }
            if let Some(slot) = slot {
                slot.take(tx, now_ms)?;
            }
            let facts = CallFacts::of_click(click.clone());
            let mut row = derive(blank(&ids.call, integration_id), &facts, &directory)?;
            row.due_ms = Some(now_ms + answer::LOST_AFTER_MS);
            // Nothing is there already: the PBX has not named it yet.
            calls::insert(tx, &row)?;
            tx.notify(Topic::Call, &row.id);
            Ok(row.id)
        })
        .await
}

fn find_same_click(tx: &mut Tx, directory: &Directory, click: &Click) -> Result<Option<calls::CallRow>> {
    let since_ms = click.at_ms - SAME_CLICK_MS;
    for row in call_lists::list_recent_of_user(tx, &click.user_id, &click.phone, since_ms)? {
        let earlier = facts_to_show(directory, &row).click;
        if earlier.is_some_and(|earlier| earlier.refused.is_none() && earlier.at_ms >= since_ms) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// What the other side answered is part of the call; a refusal is also the caller's answer. `reports`: whether the other
/// side will tell more of the call.
async fn write_answer(
    app: &App,
    directory: Arc<Directory>,
    new: NewClick,
    reports: bool,
    answer: std::result::Result<Option<String>, DialError>,
) -> Result<Call> {
    let now_ms = app.clock.now_ms();
    let ids = FreshIds::new(app, &directory, now_ms);
    let was_sent = answer.as_ref().err().is_none_or(|refusal| !refusal.is_unsent());
    let (name, refusal, may_ring) = match answer {
        Ok(name) => (name, None, true),
        Err(DialError::NotPlaced(error)) => (None, Some(error), false),
        Err(DialError::Unknown(error)) => (None, Some(error), true),
    };
    let said = refusal.as_ref().map(Error::reason);
    let id = new.ids.call.clone();
    app.store
        .write(move |tx| {
            match &new.slot {
                Some(slot) if was_sent => slot.count_from(tx, now_ms)?,
                Some(slot) => slot.give_back(tx)?,
                None => {}
            }
            let hearing = Hearing { directory: &directory, ids: &ids, now_ms };
            let mut click = calls::lock(tx, &new.ids.call)?.ok_or(Error::NotFound("call"))?;
            if let Some(said) = &said {
                let mut facts = read_facts(&click)?;
                if let Some(click) = &mut facts.click {
                    click.refused = Some(said.clone());
                }
                click = derive(click, &facts, &directory)?;
                calls::save(tx, &click, Extent::All)?;
                tx.notify(Topic::Call, &click.id);
            }
            match &name {
                Some(name) => answer::tie(tx, click, name, &hearing),
                None if may_ring && reports => answer::wait(tx, click, &hearing),
                None => Ok(()),
            }
        })
        .await?;
    match refusal {
        Some(refusal) => Err(refusal),
        None => past::get(app, &id).await,
    }
}
