//! Lists in pages: `{"items": […], "next": CURSOR|null}`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::fault::Fault;
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
        let Some(last) = items.last() else { return Ok(Self::whole(items)) };
        let json = serde_json::to_vec(&key(last)).map_err(Error::internal)?;
        Ok(Self { items, next: Some(URL_SAFE_NO_PAD.encode(json)) })
    }

    /// A list that always fits one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}
