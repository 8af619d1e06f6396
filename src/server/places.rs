//! How many connections each client holds: no one takes them all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::http::edge::origin::neighbourhood;

/// The connections of every address. Clones share it.
#[derive(Clone)]
pub struct Places {
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
    most: usize,
}

impl Places {
    /// At most so many connections for one address.
    pub fn new(most: usize) -> Self {
        Self { held: Arc::default(), most }
    }

    /// A place for one more connection, if there is one.
    pub fn take(&self, address: IpAddr) -> Option<Place> {
        let address = neighbourhood(address);
        let mut held = self.held();
        let count = held.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place { places: self.clone(), address })
    }

    fn held(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's place; given back when dropped.
pub struct Place {
    places: Places,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.places.held();
        let Some(count) = held.get_mut(&self.address) else { return };
        *count -= 1;
        if *count == 0 {
            held.remove(&self.address);
        }
    }
}
