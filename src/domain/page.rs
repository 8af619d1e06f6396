//! A page of a list.

/// What was found of a list, in its order; `K` is a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<R, K> {
    pub rows: Vec<R>,
    /// Where the next page begins; `None`: this is the last one.
    pub next: Option<K>,
    /// How far it was looked when the page ended before it was full.
    pub reached: Option<K>,
}

impl<R, K> Found<R, K> {
    /// The same page with something else in place of each row.
    ///
    /// # Errors
    /// The first that `make` answers.
    pub fn try_map<T, E>(self, make: impl FnMut(R) -> Result<T, E>) -> Result<Found<T, K>, E> {
        let rows: Result<Vec<T>, E> = self.rows.into_iter().map(make).collect();
        Ok(Found { rows: rows?, next: self.next, reached: self.reached })
    }

    /// The same page with its places told in another way.
    pub fn map_places<L>(self, make: impl Fn(K) -> L) -> Found<R, L> {
        Found { rows: self.rows, next: self.next.map(&make), reached: self.reached.map(&make) }
    }
}
