//! The calls of the past, as they are looked through.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::slice;
use std::time::{Duration, Instant};

use crate::app::App;
use crate::app::calls::row::facts_to_show;
use crate::app::clients::contacts::current_id;
use crate::app::desk::counted::Counted;
use crate::app::desk::view::Around;
use crate::app::directory::Directory;
use crate::domain::call::{Call, CallState, Direction};
use crate::domain::facts::CallFacts;
use crate::domain::page::Found;
use crate::domain::phone::Phone;
use crate::domain::search::Search;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};
use crate::store::tables::call_walks::{self, CallHead, Look, Path, Place, Told};
use crate::store::tables::search_texts::{self, Kind};
use crate::store::tables::{calls, contact_phones};
use crate::store::tx::Tx;
use crate::store::walk::{STRETCH, Stretch, walk};

/// In place of a line: calls to none of our numbers.
pub const NO_LINE: &str = "none";

/// A search that so many clients, notes and numbers answer to goes by them; one that more do, through all calls.
const MOST_OWNERS: usize = 400;
/// One that is common among so many stretches of the newest texts has many owners, too.
const MOST_STRETCHES: usize = 4;
/// The texts are asked newest part first, each part so many times the last one: what all of them would take is known soon…
const PARTS: [i64; 4] = [64, 16, 4, 1];
/// …and given up when it takes so long.
const ASKING: Duration = Duration::from_millis(15);

/// What a call may have beside its course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    Note,
    Promise,
    /// The address of one is known.
    Recording,
}

/// What the history is narrowed to: of each member any of its values, an empty one does not restrict. People, contacts
/// and integrations by id.
#[derive(Clone, Debug, Default)]
pub struct CallQuery {
    pub from: Option<UtcMs>,
    pub to: Option<UtcMs>,
    pub states: Vec<CallState>,
    pub directions: Vec<Direction>,
    pub users: Vec<String>,
    pub phones: Vec<String>,
    pub contacts: Vec<String>,
    /// An integration's name will do as well.
    pub integrations: Vec<String>,
    /// Our numbers, the dialled ones.
    pub lines: Vec<String>,
    /// Ids of outcomes; `none` is none.
    pub outcomes: Vec<String>,
    /// Names of groups, as the PBX says them.
    pub groups: Vec<String>,
    pub has: Vec<Has>,
    pub callids: Vec<String>,
    pub counted: Counted,
    /// Any part of the client's number or name, the note.
    pub q: Option<String>,
}

impl CallQuery {
    /// With every name in the form that the store keeps.
    fn normal(mut self, directory: &Directory) -> Self {
        let phones = self.phones.iter_mut().chain(self.lines.iter_mut().filter(|line| *line != NO_LINE));
        phones.for_each(|phone| *phone = Phone::parse(phone, &directory.settings.region).as_str().to_owned());
        for name in &mut self.integrations {
            if let Some(integration) = directory.find_integration(name) {
                name.clone_from(&integration.id);
            }
        }
        self.counted.heed(&directory.settings);
        self
    }

    fn search(&self) -> Option<Search> {
        self.q.as_deref().and_then(Search::parse)
    }
}

/// At most `limit` calls after `after`, newest first.
pub async fn list(app: &App, query: CallQuery, after: Option<Place>, limit: usize) -> Result<Found<Call, Place>> {
    let directory = app.directory().await?;
    let query = query.normal(&directory);
    app.store
        .list(move |tx| {
            let found = find(tx, &query, after.clone(), limit)?;
            let ids: Vec<_> = found.rows.iter().map(|head| head.id.as_str()).collect();
            let rows = calls::list(tx, &ids)?;
            let around = Around::find(tx, &directory, &rows)?;
            let rows: BTreeMap<_, _> = rows.iter().map(|row| (&row.id, row)).collect();
            found.try_map(|head| {
                let row = rows.get(&head.id).ok_or_else(|| Error::internal("a call of the list is gone"))?;
                Ok(around.show(row, &facts_to_show(&directory, row)).0)
            })
        })
        .await
}

/// As [`list`], the calls' heads alone.
pub fn find(tx: &mut Tx, query: &CallQuery, after: Option<Place>, limit: usize) -> Result<Found<CallHead, Place>> {
    let mut numbers = BTreeSet::new();
    let mut query = query.clone();
    for id in &mut query.contacts {
        *id = current_id(tx, id)?;
        numbers.extend(contact_phones::list_numbers(tx, id)?);
    }
    let query = &query;
    let told = |is_asked| if is_asked { Told::Yes } else { Told::No };
    let mut look = Look {
        from_ms: query.from.map_or(i64::MIN, |at| at.0),
        recording: told(query.has.contains(&Has::Recording)),
        promise: told(query.has.contains(&Has::Promise)),
        facts: told(!query.groups.is_empty()),
        search: query.search(),
    };
    let newest = (query.to.map_or(i64::MAX, |at| at.0), String::new());
    let from = after.map_or_else(|| newest.clone(), |after| after.min(newest.clone()));
    let mut paths = paths(query, &numbers);
    let mut is_first = true;
    let stretch = |at: &Place| {
        if let (None, Some(search)) = (&paths, &look.search)
            && !std::mem::take(&mut is_first)
        {
            // The newest calls did not suffice: now it pays to ask who is meant.
            match paths_of_search(tx, search)? {
                None => paths = Some(vec![Path::All]),
                Some(owners) => (paths, look.search) = (Some(owners), None),
            }
        }
        let mut stretch = follow(tx, paths.as_deref().unwrap_or(&[Path::All]), at, &look)?;
        query.counted.keep(tx, &mut stretch.rows)?;
        Ok(stretch)
    };
    walk(limit, from, CallHead::place, |head| is_picked(head, query, &numbers), stretch)
}

/// The most selective filter chooses the way; `None` leaves it to the search.
fn paths(query: &CallQuery, numbers: &BTreeSet<String>) -> Option<Vec<Path>> {
    let of = |values: &[String], path: fn(String) -> Path| values.iter().cloned().map(path).collect();
    Some(if !query.callids.is_empty() {
        of(&query.callids, Path::Callid)
    } else if !query.phones.is_empty() {
        of(&query.phones, Path::Phone)
    } else if !query.contacts.is_empty() {
        let chosen = query.contacts.iter().cloned().map(Path::Contact);
        chosen.chain(numbers.iter().cloned().map(Path::Phone)).collect()
    } else if query.search().is_some() {
        return None;
    } else if !query.users.is_empty() {
        of(&query.users, Path::User)
    } else if query.states[..] == [CallState::Requested] {
        vec![Path::Requested]
    } else {
        vec![Path::All]
    })
}

/// The ways to the calls of whoever is searched for; `None` when they are many: a look at all calls finds some soon.
fn paths_of_search(tx: &mut Tx, search: &Search) -> Result<Option<Vec<Path>>> {
    let (began, mut owners) = (Instant::now(), Vec::new());
    for kind in [Kind::Note, Kind::Number, Kind::Contact] {
        let Range { start, end } = search_texts::ids(tx, kind)?;
        let mut stretches = 0;
        let mut part_end = end;
        for part_start in PARTS.map(|part| end - (end - start) / part) {
            let mut below = Some(part_end);
            while let Some(from) = below {
                if began.elapsed() >= ASKING {
                    return Ok(None);
                }
                let found = search_texts::walk(tx, kind, search, part_start..from)?;
                stretches += 1;
                let is_endless = found.rows.len() >= STRETCH || stretches > MOST_STRETCHES + PARTS.len();
                if is_endless || owners.len() + found.rows.len() > MOST_OWNERS {
                    return Ok(None);
                }
                owners.extend(found.rows.into_iter().map(|(_, owner)| (kind, owner)));
                below = found.reached;
            }
            part_end = part_start;
        }
    }
    let (mut paths, mut numbers) = (Vec::new(), BTreeSet::new());
    for (kind, owner) in owners {
        match kind {
            Kind::Note => paths.push(Path::Id(owner)),
            Kind::Number => {
                numbers.insert(owner);
            }
            Kind::Contact => {
                numbers.extend(contact_phones::list_numbers(tx, &owner)?);
                paths.push(Path::Contact(owner));
            }
        }
    }
    paths.extend(numbers.into_iter().map(Path::Phone));
    Ok(Some(paths))
}

fn follow(tx: &mut Tx, paths: &[Path], after: &Place, look: &Look) -> Result<Stretch<CallHead, Place>> {
    let stretches: Result<Vec<_>> = paths.iter().map(|path| call_walks::walk(tx, path, after, look)).collect();
    Ok(Stretch::merge(stretches?, CallHead::place))
}

fn is_picked(head: &CallHead, query: &CallQuery, numbers: &BTreeSet<String>) -> bool {
    let among = |values: &[String], value: Option<&String>| {
        values.is_empty() || value.is_some_and(|value| values.contains(value))
    };
    let has = |has: &Has| match has {
        Has::Note => head.has_note,
        Has::Promise => head.has_promise,
        Has::Recording => head.has_recording,
    };
    let outcome = if head.outcome.is_empty() { "none" } else { &head.outcome };
    let contact = match &head.contact_id {
        Some(id) => query.contacts.contains(id),
        None => numbers.contains(&head.phone),
    };
    head.is_found
        && (query.states.is_empty() || query.states.iter().any(|state| state.as_str() == head.state))
        && (query.directions.is_empty() || query.directions.iter().any(|way| way.as_str() == head.direction))
        && among(&query.users, head.user_id.as_ref())
        && among(&query.phones, Some(&head.phone))
        && (query.contacts.is_empty() || contact)
        && among(&query.integrations, Some(&head.integration_id))
        && (among(&query.lines, head.diversion.as_ref())
            || head.diversion.is_none() && query.lines.iter().any(|line| line == NO_LINE))
        && (query.outcomes.is_empty() || query.outcomes.iter().any(|wanted| wanted == outcome))
        && (query.has.is_empty() || query.has.iter().any(has))
        && among(&query.callids, head.callid.as_ref())
        && (query.groups.is_empty() || is_of_group(head, &query.groups))
}

/// A call that cannot be read is of no group.
fn is_of_group(head: &CallHead, groups: &[String]) -> bool {
    let facts = head.facts.as_deref().and_then(|text| CallFacts::from_text(text).ok());
    facts.and_then(|facts| facts.group).is_some_and(|group| groups.contains(&group))
}

/// # Errors
/// `NotFound`.
pub async fn get(app: &App, id: &str) -> Result<Call> {
    let (directory, id) = (app.directory().await?, id.to_owned());
    app.store
        .show(move |tx| {
            let row = calls::find(tx, &id)?.ok_or(Error::NotFound("call"))?;
            let around = Around::find(tx, &directory, slice::from_ref(&row))?;
            Ok(around.show(&row, &facts_to_show(&directory, &row)).0)
        })
        .await
}
