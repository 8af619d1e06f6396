//! Lists in pages: `{"items": […], "next": CURSOR|null}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::fault::Fault;
use crate::domain::page::Found;
use crate::domain::time::UtcMs;
use crate::error::{Error, Result};

const DEFAULT_LIMIT: usize = 50;
const GREATEST_LIMIT: usize = 200;

/// Which page of a list is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// 1 to 200, 50 when absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl PageQuery {
    /// How many items the page holds at most. Fetch one more: it tells [`Page::cut`] that there is a next page.
    ///
    /// # Errors
    /// `Invalid` outside 1 to 200.
    pub fn limit(&self) -> Result<usize> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=GREATEST_LIMIT => Ok(limit),
            _ => Err(Error::field("limit", Fault::OutOfRange { least: 1, most: 200 })),
        }
    }

    /// The sort key of the last item of the page before: this page begins after it.
    ///
    /// # Errors
    /// `Invalid` when the cursor is none of ours.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let bad = || Error::field("cursor", Fault::NotACursor);
        let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
        serde_json::from_slice(&json).map(Some).map_err(|_| bad())
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// `cursor` of the next page; null: this is the last one.
    pub next: Option<String>,
}

/// A page of a list that looks through a bounded number of rows a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Searched<T> {
    pub items: Vec<T>,
    /// `cursor` of the next page, which there may be after a page that is not full; null: this is the last one.
    pub next: Option<String>,
    /// How far back it has looked when it stopped before the page was full; else null.
    #[schema(required)]
    pub searched_to: Option<UtcMs>,
}

impl<T> Page<T> {
    /// A page of at most `limit` items, out of one more when there are more; `key` is an item's sort key.
    ///
    /// # Errors
    /// `Internal` when the key cannot be written as JSON.
    pub fn cut<K: Serialize>(mut items: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Result<Self> {
        if items.len() <= limit {
            return Ok(Self::whole(items));
        }
        items.truncate(limit);
        let next = items.last().map(|last| cursor(&key(last))).transpose()?;
        Ok(Self { items, next })
    }

    /// # Errors
    /// As `cut`.
    pub fn found<K: Serialize>(found: Found<T, K>) -> Result<Self> {
        let next = found.next.as_ref().map(cursor).transpose()?;
        Ok(Self { items: found.rows, next })
    }

    /// A list that always fits one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

impl<T> Searched<T> {
    /// `at` is the instant of a place in the list.
    ///
    /// # Errors
    /// `Internal` when the place cannot be written as JSON.
    pub fn found<K: Serialize>(found: Found<T, K>, at: impl Fn(&K) -> UtcMs) -> Result<Self> {
        let searched_to = found.reached.as_ref().map(at);
        let Page { items, next } = Page::found(found)?;
        Ok(Self { items, next, searched_to })
    }
}

fn cursor<K: Serialize>(key: &K) -> Result<String> {
    serde_json::to_vec(key).map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(Error::internal)
}
