//! The list of contacts, and the search in it.

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::app::clients::contacts::shown_all;
use crate::domain::client::Contact;
use crate::domain::contact::ContactKind;
use crate::domain::fault::Fault;
use crate::domain::layout;
use crate::domain::page::Found;
use crate::domain::phone::Phone;
use crate::domain::search::Search;
use crate::domain::text::clean_line;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::contact_phones;
use crate::store::tables::contact_walks::{self, ContactHead};
use crate::store::tables::search_texts::{self, Kind};
use crate::store::tx::Tx;
use crate::store::walk::{Stretch, walk};

/// The longest text to search for.
const QUERY_CHARS: usize = 200;

/// What a list is asked for; an absent member does not restrict.
#[derive(Clone, Debug, Default)]
pub struct ContactQuery {
    /// Any part of name, company, number or e-mail.
    pub q: Option<String>,
    pub phone: Option<String>,
    /// A user's id.
    pub responsible: Option<String>,
    pub kind: Option<ContactKind>,
    pub tag: Option<String>,
}

impl ContactQuery {
    /// With the number and the tag in the form that the store keeps.
    ///
    /// # Errors
    /// `Invalid` for a text that is too long.
    pub fn normal(mut self, region: &str) -> Result<Self> {
        let texts = [("q", &self.q), ("phone", &self.phone), ("responsible", &self.responsible), ("tag", &self.tag)];
        for (field, text) in texts {
            if text.as_ref().is_some_and(|text| text.chars().count() > QUERY_CHARS) {
                return Err(Error::field(field, Fault::TooLong { most: QUERY_CHARS }));
            }
        }
        self.phone = self.phone.map(|phone| Phone::parse(&phone, region).as_str().to_owned());
        self.tag = self.tag.map(|tag| clean_line(&tag));
        Ok(self)
    }

    /// Whether a text or a number is looked for.
    pub fn is_search(&self) -> bool {
        self.phone.is_some() || self.q.as_deref().and_then(Search::parse).is_some()
    }

    /// Whether responsible, kind and tag are those that are wanted.
    pub fn picks(&self, head: &ContactHead) -> bool {
        self.responsible.as_ref().is_none_or(|id| head.responsible_id.as_ref() == Some(id))
            && self.kind.is_none_or(|kind| head.kind == kind)
            && self.tag.as_ref().is_none_or(|tag| head.tags.contains(tag))
    }
}

/// A place in the list of contacts: by the last talk and id, or in what a search found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ContactPlace {
    Listed(i64, String),
    Searched(i64),
    /// In what the healed search found.
    Healed {
        healed: i64,
    },
}

impl ContactPlace {
    /// When the contact there was last talked to; of a search, when it was made.
    pub fn at(&self) -> UtcMs {
        match self {
            Self::Listed(talked_ms, _) => UtcMs(*talked_ms),
            Self::Searched(id) | Self::Healed { healed: id } => UtcMs(Kind::at_ms(*id)),
        }
    }
}

/// At most `limit` contacts after `after`: whom one talked to last first, of a search the newest first; and what was
/// searched for instead of `q`, when that was typed on the wrong keyboard layout.
///
/// # Errors
/// `Invalid` for a text that is too long, and for a place that is none of this list.
pub async fn list(
    app: &App,
    query: ContactQuery,
    after: Option<ContactPlace>,
    limit: usize,
) -> Result<(Found<Contact, ContactPlace>, Option<String>)> {
    let directory = app.directory().await?;
    let query = query.normal(&directory.settings.region)?;
    app.store
        .list(move |tx| {
            let (found, shown_for) = find_or_heal(tx, &query, after.clone(), limit)?;
            let ids: Vec<_> = found.rows.iter().map(|head| head.id.as_str()).collect();
            let mut shown = shown_all(tx, &ids, &directory)?;
            let found = found
                .try_map(|head| shown.remove(&head.id).ok_or_else(|| Error::internal("a listed contact is gone")))?;
            Ok((found, shown_for))
        })
        .await
}

/// What was asked for; when that finds nobody, what the same keys say on the other layout.
///
/// # Errors
/// `Invalid` for a place that is none of this list.
pub fn find_or_heal(
    tx: &mut Tx,
    query: &ContactQuery,
    after: Option<ContactPlace>,
    limit: usize,
) -> Result<(Found<ContactHead, ContactPlace>, Option<String>)> {
    // Signs alone are no search, and would show everybody.
    let healed = || query.q.as_deref().and_then(layout::other).filter(|q| Search::parse(q).is_some());
    let (is_first, after) = match after {
        Some(ContactPlace::Healed { healed: id }) => (false, Some(ContactPlace::Searched(id))),
        Some(after) => return Ok((find(tx, query, Some(after), limit)?, None)),
        None => (true, None),
    };
    if is_first {
        let found = find(tx, query, None, limit)?;
        if !found.rows.is_empty() || found.next.is_some() || query.phone.is_some() || healed().is_none() {
            return Ok((found, None));
        }
    }
    let q = healed();
    let found = find(tx, &ContactQuery { q: q.clone(), ..query.clone() }, after, limit)?;
    let shown_for = q.filter(|_| !is_first || !found.rows.is_empty() || found.next.is_some());
    let found = found.map_places(|place| match place {
        ContactPlace::Searched(healed) => ContactPlace::Healed { healed },
        place => place,
    });
    Ok((found, shown_for))
}

fn find(
    tx: &mut Tx,
    query: &ContactQuery,
    after: Option<ContactPlace>,
    limit: usize,
) -> Result<Found<ContactHead, ContactPlace>> {
    let search = query.q.as_deref().and_then(Search::parse);
    let picks = |head: &ContactHead| query.picks(head);
    if let (Some(search), None) = (&search, &query.phone) {
        let below = match after {
            None => i64::MAX,
            Some(ContactPlace::Searched(id)) => id,
            Some(ContactPlace::Listed(..) | ContactPlace::Healed { .. }) => return Err(foreign_cursor()),
        };
        let stretch = |below: &i64| contact_walks::walk_found(tx, search, *below);
        let found = walk(limit, below, |(id, _)| *id, |(_, head)| picks(head), stretch)?;
        return found.map_places(ContactPlace::Searched).try_map(|(_, head)| Ok(head));
    }
    let from = match after {
        None => (i64::MAX, String::new()),
        Some(ContactPlace::Listed(talked_ms, id)) => (talked_ms, id),
        Some(ContactPlace::Searched(_) | ContactPlace::Healed { .. }) => return Err(foreign_cursor()),
    };
    let stretch = |at: &(i64, String)| match &query.phone {
        None => contact_walks::walk_all(tx, at),
        Some(number) => of_number_after(tx, number, search.as_ref(), at),
    };
    let found = walk(limit, from, ContactHead::key, picks, stretch)?;
    Ok(found.map_places(|(talked_ms, id)| ContactPlace::Listed(talked_ms, id)))
}

fn foreign_cursor() -> Error {
    Error::field("cursor", Fault::NotACursor)
}

/// A number is nobody's or few people's: all of them at once.
fn of_number_after(
    tx: &mut Tx,
    number: &str,
    search: Option<&Search>,
    after: &(i64, String),
) -> Result<Stretch<ContactHead, (i64, String)>> {
    let mut ids = contact_phones::list_contacts(tx, number)?;
    if let Some(search) = search {
        let mut found = Vec::new();
        for id in ids {
            let text = search_texts::find(tx, &id)?.unwrap_or_default();
            found.extend(search.is_in(&text).then_some(id));
        }
        ids = found;
    }
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let mut rows = contact_walks::list_heads(tx, &ids)?;
    rows.retain(|head| head.key() < *after);
    Ok(Stretch::merge(vec![Stretch { rows, reached: None }], ContactHead::key))
}
