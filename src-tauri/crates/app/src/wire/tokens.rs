//! Tokens of programs and paired devices.

use countertop_domain::ids::TokenId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Makes a token for a program.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What people call the program.
    pub name: String,
    /// What it is good for: names such as `catalog:read`.
    pub scopes: Vec<String>,
    /// The most that it is trusted with: `owner`, `manager` (the default) or `cashier`.
    #[serde(default)]
    #[ts(optional)]
    pub role: Option<String>,
}

/// A token that was just made.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct NewToken {
    /// The token.
    pub token: TokenView,
    /// Its secret: shown once, kept nowhere.
    pub secret: String,
}

/// A token, without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TokenView {
    /// Its id.
    #[ts(type = "string")]
    pub id: TokenId,
    /// True for a paired tablet or phone.
    pub device: bool,
    /// What people call its holder.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<String>,
    /// The most that it is trusted with.
    pub role: String,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// About when it was last used.
    pub used_ms: Option<i64>,
    /// Since when it is no good any more.
    pub revoked_ms: Option<i64>,
}

/// Every token.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TokenList {
    /// The newest first.
    pub tokens: Vec<TokenView>,
}

/// One token.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// Which.
    #[ts(type = "string")]
    pub token_id: TokenId,
}
