//! Click-to-call: written down first, then asked of the other side, then written down again. Never asked twice.

use std::sync::Arc;

use crate::app::calls::{FreshIds, blank, derive, read_facts};
use crate::app::directory::{Directory, Integration};
use crate::app::{App, call_view, clicks, integrations};
use crate::domain::call::Call;
use crate::domain::facts::{CallFacts, Click};
use crate::domain::phone::Phone;
use crate::domain::text::clean_line;
use crate::domain::user::{Line, User};
use crate::error::{Error, Result};
use crate::store::{Topic, Tx, calls, client_numbers};
use crate::telephony::DialError;

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
/// `Invalid` for what is no number, `Conflict` (`no_line`) without a line, and what the other side said or did not say:
/// `PeerRefused`, `PeerUnreachable`, `PeerTimeout`.
pub async fn dial(app: &App, user: &User, request: DialRequest) -> Result<Call> {
    let directory = app.directory().await?;
    let phone = Phone::parse(&clean_line(&request.phone), &directory.settings.region);
    if !phone.is_dialable() {
        return Err(Error::field("phone", "this is not a phone number"));
    }
    if request.group.is_some() {
        return Err(Error::field("group", "this line calls no groups"));
    }
    let (integration, line) = choose_line(&directory, user, request.integration.as_deref())?;
    let dialer = integrations::dialer(app, integration).await?;
    let (click, is_new) = write_down(app, &directory, user, line, &phone).await?;
    if !is_new {
        return Ok(click);
    }
    let answer = dialer.dial(&phone, &line.account).await;
    match &answer {
        Ok(name) => {
            tracing::info!(call.id = click.id, named = name.is_some(), phone = phone.masked(), "a call was asked for")
        }
        Err(DialError::NotPlaced(error) | DialError::Unknown(error)) => {
            tracing::warn!(call.id = click.id, phone = phone.masked(), %error, "a call could not be asked for");
        }
    }
    write_answer(app, directory, &click.id, answer).await
}

fn choose_line<'a>(
    directory: &'a Directory,
    user: &'a User,
    wanted: Option<&str>,
) -> Result<(&'a Integration, &'a Line)> {
    let no_line = |detail: &str| Error::conflict("no_line", detail);
    // The session may be older than a change of lines: the directory is right.
    let lines = directory.user(&user.id).map_or(&[][..], |user| &user.lines);
    let Some(wanted) = wanted else {
        let line = lines.iter().find_map(|line| Some((directory.find_integration(&line.integration)?, line)));
        return line.ok_or_else(|| no_line("you have no line to call from: an admin enters it under Users"));
    };
    let Some(integration) = directory.find_integration(wanted) else {
        return Err(Error::field("integration", "there is no such integration"));
    };
    let line = lines.iter().find(|line| line.integration == integration.id);
    let line = line.ok_or_else(|| no_line("you have no line on this system: an admin enters it under Users"))?;
    Ok((integration, line))
}

/// Writes the click down as a requested call; of a click repeated at once, answers the first (and false).
async fn write_down(
    app: &App,
    directory: &Arc<Directory>,
    user: &User,
    line: &Line,
    phone: &Phone,
) -> Result<(Call, bool)> {
    let (directory, ids, now_ms) = (Arc::clone(directory), FreshIds::new(app), app.clock.now_ms());
    let click = Click {
        at_ms: now_ms,
        user_id: user.id.clone(),
        account: line.account.clone(),
        phone: phone.as_str().to_owned(),
        refused: None,
    };
    let integration_id = line.integration.clone();
    app.store
        .write(move |tx| {
            // Two clicks at once, on two nodes, take turns here.
            client_numbers::lock(tx, &click.phone, &ids.number, now_ms)?;
            if let Some(row) = find_same_click(tx, &click)? {
                return Ok((call_view::of_row(tx, &directory, &row)?, false));
            }
            let facts = CallFacts::of_click(click.clone());
            let row = derive(blank(&ids.call, &integration_id), &facts, &directory)?;
            let row = calls::insert_or_lock(tx, &row)?;
            tx.notify(Topic::Call, &row.id);
            Ok((call_view::of_row(tx, &directory, &row)?, true))
        })
        .await
}

fn find_same_click(tx: &mut Tx, click: &Click) -> Result<Option<calls::CallRow>> {
    let since_ms = click.at_ms - SAME_CLICK_MS;
    for row in calls::list_recent_of_user(tx, &click.user_id, &click.phone, since_ms)? {
        let earlier = read_facts(&row)?.click;
        if earlier.is_some_and(|earlier| earlier.refused.is_none() && earlier.at_ms >= since_ms) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// What the other side answered is part of the call; a refusal is also the caller's answer.
async fn write_answer(
    app: &App,
    directory: Arc<Directory>,
    click_id: &str,
    answer: std::result::Result<Option<String>, DialError>,
) -> Result<Call> {
    let (click_id, ids, now_ms) = (click_id.to_owned(), FreshIds::new(app), app.clock.now_ms());
    let (name, refusal, may_ring) = match answer {
        Ok(name) => (name, None, true),
        Err(DialError::NotPlaced(error)) => (None, Some(error), false),
        Err(DialError::Unknown(error)) => (None, Some(error), true),
    };
    let said = refusal.as_ref().map(ToString::to_string);
    let call = app
        .store
        .write(move |tx| {
            let mut click = calls::lock(tx, &click_id)?.ok_or(Error::NotFound("call"))?;
            if let Some(said) = &said {
                let mut facts = read_facts(&click)?;
                if let Some(click) = &mut facts.click {
                    click.refused = Some(said.clone());
                }
                click = derive(click, &facts, &directory)?;
                calls::save(tx, &click)?;
                tx.notify(Topic::Call, &click.id);
            }
            let id = match &name {
                Some(name) => clicks::tie(tx, &directory, click, name, &ids, now_ms)?,
                None if may_ring => clicks::wait(tx, &directory, click, &ids, now_ms)?,
                None => click.id,
            };
            let row = calls::find(tx, &id)?.ok_or(Error::NotFound("call"))?;
            call_view::of_row(tx, &directory, &row)
        })
        .await?;
    refusal.map_or(Ok(call), Err)
}
