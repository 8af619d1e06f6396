//! Numbers apart from whose they are: what is known of one, and which are blocked.

use crate::app::App;
use crate::app::calls::{automation, board};
use crate::app::change::{FreshIds, Hearing};
use crate::app::clients::contacts;
use crate::app::directory::Directory;
use crate::domain::contact::ContactRef;
use crate::domain::fault::Fault;
use crate::domain::number::{Blocked, PhoneNumber};
use crate::domain::phone::Phone;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::domain::user::User;
use crate::error::{Code, Error, Result};
use crate::store::tables::call_lists;
use crate::store::tables::client_numbers::{self, ClientNumberRow};
use crate::store::tx::{Topic, Tx};

const WHY_CHARS: usize = 200;

/// What is known of this number.
///
/// # Errors
/// `Invalid` when it is none.
pub async fn get(app: &App, number: &str) -> Result<PhoneNumber> {
    let directory = app.directory().await?;
    let number = normal(&directory, number)?;
    app.store.show(move |tx| shown(tx, &directory, &number)).await
}

/// A page of the blocked numbers, newest first, each with its place.
pub async fn list_blocked(
    app: &App,
    after: Option<(i64, String)>,
    limit: usize,
) -> Result<Vec<((i64, String), PhoneNumber)>> {
    let directory = app.directory().await?;
    app.store
        .list(move |tx| {
            let most = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut items = Vec::new();
            for row in client_numbers::list_blocked(tx, after.as_ref(), most)? {
                let number = shown(tx, &directory, &row.number)?;
                items.push(((row.blocked_ms.unwrap_or_default(), row.number), number));
            }
            Ok(items)
        })
        .await
}

/// Blocks a number: its calls make no card, no lead and no row of the board from now on; what waits there goes, and so
/// does what automation made of it.
///
/// # Errors
/// `Invalid`; `Conflict` `has_contact` when it is a client's and nobody insists.
pub async fn block(app: &App, user: &User, number: &str, why: &str, is_forced: bool) -> Result<PhoneNumber> {
    let why = clean_line(why);
    if why.chars().count() > WHY_CHARS {
        return Err(Error::field("why", Fault::TooLong { most: WHY_CHARS }));
    }
    let now_ms = app.clock.now_ms();
    let blocked_by = user.id.clone();
    change(app, number, move |tx, mut row| {
        let known = contacts::of_number(tx, &row.number)?;
        if !is_forced && let Some(client) = known.iter().find(|contact| contact.made_by.is_none()) {
            let detail = "this is a client's number: say force to block it";
            return Err(Error::conflict(Code::HasContact, detail).with("name", client.name.as_str()));
        }
        row.blocked_ms = row.blocked_ms.or(Some(now_ms));
        row.blocked_by = Some(blocked_by.clone());
        row.blocked_why.clone_from(&why);
        Ok(row)
    })
    .await
}

/// The number's calls are heard of again; what is still missed stands on the board again.
///
/// # Errors
/// `Invalid`.
pub async fn unblock(app: &App, number: &str) -> Result<PhoneNumber> {
    change(app, number, |_, row| {
        Ok(ClientNumberRow { blocked_ms: None, blocked_by: None, blocked_why: String::new(), ..row })
    })
    .await
}

async fn change(
    app: &App,
    number: &str,
    mut changed: impl FnMut(&mut Tx, ClientNumberRow) -> Result<ClientNumberRow> + Send + 'static,
) -> Result<PhoneNumber> {
    let (directory, now_ms) = (app.directory().await?, app.clock.now_ms());
    let number = normal(&directory, number)?;
    let ids = FreshIds::new(app, &directory, now_ms);
    app.store
        .write(move |tx| {
            let hearing = Hearing { directory: &directory, ids: &ids, now_ms };
            let before = client_numbers::lock(tx, &number, &ids.number)?;
            let after = changed(tx, before.clone())?;
            let after = board::counted(tx, after, &directory)?;
            if after != before {
                board::save(tx, &after)?;
                automation::make_known(tx, &number, &hearing)?;
                tx.notify(Topic::Block, &number);
            }
            shown(tx, &directory, &number)
        })
        .await
}

pub fn normal(directory: &Directory, number: &str) -> Result<String> {
    let phone = Phone::parse(&clean_line(number), &directory.settings.region);
    if phone.is_dialable() { Ok(phone.as_str().to_owned()) } else { Err(Error::field("number", Fault::NotANumber)) }
}

fn shown(tx: &mut Tx, directory: &Directory, number: &str) -> Result<PhoneNumber> {
    let row = client_numbers::find(tx, number)?.unwrap_or_default();
    let known = contacts::of_number(tx, number)?.into_iter();
    let first_call_ms = call_lists::find_first_of_phone(tx, number)?;
    let by = row.blocked_by.as_deref().and_then(|id| directory.user_ref(id)).cloned();
    Ok(PhoneNumber {
        number: number.to_owned(),
        number_formatted: Phone::from_stored(number).formatted(),
        contacts: known.map(|one| ContactRef { id: one.id, name: one.name, company: one.company }).collect(),
        blocked: row.blocked_ms.map(|at_ms| Blocked { at: UtcMs(at_ms), by, why: row.blocked_why }),
        first_call_at: first_call_ms.map(UtcMs),
        calls_count: call_lists::count_of_phone(tx, number)?,
    })
}
