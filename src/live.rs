//! The hub: who is connected, and what each must see.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use crate::domain::card::Card;

/// How many events may wait for a reader before he is dropped; he comes back and gets a fresh snapshot.
const WAITING_EVENTS: usize = 64;

/// How many streams one person may have open: a tab has one at most.
const STREAMS_OF_ONE: usize = 128;

/// How many calls are remembered as shown, for each reader.
const REMEMBERED_CARDS: usize = 256;

/// Everybody who listens. Clones share it.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    next_id: u64,
    listeners: BTreeMap<u64, Listener>,
    is_closed: bool,
}

struct Listener {
    user_id: String,
    is_watching: bool,
    sender: mpsc::Sender<String>,
    /// The calls on his screen: he must hear when they leave it.
    shown: BTreeSet<String>,
}

impl Listener {
    fn note_shown(&mut self, call_id: String) {
        self.shown.insert(call_id);
        if self.shown.len() > REMEMBERED_CARDS {
            // Ids grow with time: the oldest has long left the screen.
            self.shown.pop_first();
        }
    }
}

/// Why somebody gets no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSeat {
    /// The server is stopping.
    Closed,
    /// The person has taken enough of them.
    TooMany,
}

/// One connection; dropped, it leaves.
pub struct Seat {
    id: u64,
    hub: Hub,
    pub events: mpsc::Receiver<String>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.hub.state().listeners.remove(&self.id);
    }
}

impl Seat {
    /// The calls that a snapshot put on the screen.
    pub fn note_shown(&self, call_ids: impl IntoIterator<Item = String>) {
        if let Some(listener) = self.hub.state().listeners.get_mut(&self.id) {
            call_ids.into_iter().for_each(|id| listener.note_shown(id));
        }
    }
}

impl Hub {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a seat. Take it first, read the snapshot then: so nothing falls between.
    ///
    /// # Errors
    /// When the hub has been closed, or this person has too many streams open.
    pub fn join(&self, user_id: &str, is_watching: bool) -> Result<Seat, NoSeat> {
        let mut state = self.state();
        if state.is_closed {
            return Err(NoSeat::Closed);
        }
        let own = state.listeners.values().filter(|listener| listener.user_id == user_id).count();
        if own >= STREAMS_OF_ONE {
            return Err(NoSeat::TooMany);
        }
        let (sender, events) = mpsc::channel(WAITING_EVENTS);
        let id = state.next_id;
        state.next_id += 1;
        let listener = Listener { user_id: user_id.to_owned(), is_watching, sender, shown: BTreeSet::new() };
        state.listeners.insert(id, listener);
        Ok(Seat { id, hub: self.clone(), events })
    }

    pub fn count(&self) -> usize {
        self.state().listeners.len()
    }

    /// Shows a card to its audience and to who watches all; whose screen it must leave hears `for_me: false`.
    pub fn show_card(&self, card: &Card, audience: &BTreeSet<String>) {
        let as_mine = event("card", &Card { for_me: true, ..card.clone() });
        let as_others = event("card", &Card { for_me: false, ..card.clone() });
        self.send(|listener| {
            if audience.contains(&listener.user_id) {
                listener.note_shown(card.call.id.clone());
                return Some(as_mine.clone());
            }
            let was_shown = listener.shown.remove(&card.call.id);
            (was_shown || listener.is_watching).then(|| as_others.clone())
        });
    }

    /// Takes a card from the screens where it stands; nobody else hears of it.
    pub fn take_card(&self, card: &Card) {
        let gone = event("card", &Card { for_me: false, ..card.clone() });
        self.send(|listener| listener.shown.remove(&card.call.id).then(|| gone.clone()));
    }

    /// Tells everybody, in one piece, so that it takes one place of those that may wait.
    pub fn tell(&self, events: &str) {
        self.send(|_| Some(events.to_owned()));
    }

    /// Tells one person, on all his screens.
    pub fn tell_one(&self, user_id: &str, events: &str) {
        self.send(|listener| (listener.user_id == user_id).then(|| events.to_owned()));
    }

    /// Ends every stream, so that each browser comes back within a second and gets a fresh snapshot: for when something
    /// changed and nobody can say what.
    pub fn send_away(&self) {
        self.state().listeners.clear();
    }

    /// Says goodbye to everybody; nobody can join any more.
    pub fn close(&self) {
        let bye = event("bye", &serde_json::json!({}));
        self.send(|_| Some(bye.clone()));
        let mut state = self.state();
        state.is_closed = true;
        state.listeners.clear();
    }

    /// Sends each listener what `choose` says; who cannot keep up is dropped and delays nobody.
    fn send(&self, mut choose: impl FnMut(&mut Listener) -> Option<String>) {
        self.state().listeners.retain(|_, listener| match choose(listener) {
            Some(event) => listener.sender.try_send(event).is_ok(),
            None => true,
        });
    }
}

/// One server-sent event.
pub fn event(name: &str, data: &impl serde::Serialize) -> String {
    let data = serde_json::to_string(data).unwrap_or_default();
    format!("event: {name}\ndata: {data}\n\n")
}
