//! Lists come in pages: `limit`, and a `cursor` that the page before gave.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::text;

/// Entries of a page, if the request does not say.
pub(super) const LIMIT: u32 = 50;
/// Entries of a page at most.
pub(super) const MAX_LIMIT: u32 = 200;

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// `next_cursor` of the page before; none for the first page.
    #[param(min_length = 1, max_length = 200)]
    #[serde(default, deserialize_with = "text::<_, 200>")]
    pub(super) cursor: Option<String>,
    /// Entries of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    #[serde(default, deserialize_with = "limit")]
    pub(super) limit: Option<u32>,
}

impl PageQuery {
    /// How many entries.
    pub(super) fn limit(&self) -> u32 {
        self.limit.unwrap_or(LIMIT)
    }
}

fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let limit = u32::deserialize(deserializer)?;
    if (1..=MAX_LIMIT).contains(&limit) {
        return Ok(Some(limit));
    }
    Err(D::Error::custom(format!("limit is 1 to {MAX_LIMIT}")))
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// Its entries.
    pub(super) data: Vec<T>,
    /// Asks for the next page; not there on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_cursor: Option<String>,
}
