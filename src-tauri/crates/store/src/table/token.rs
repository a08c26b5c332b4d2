//! Tokens of programs and paired devices.

use countertop_domain::ids::TokenId;
use countertop_domain::scope::Scope;
use countertop_domain::staff::Role;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};
use crate::table::{named, uuid_at};

/// What holds a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Another program.
    Program,
    /// A tablet or phone that was paired.
    Device,
}

impl TokenKind {
    /// The name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Device => "device",
        }
    }

    /// Reads what [`TokenKind::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Program, Self::Device].into_iter().find(|kind| kind.name() == name)
    }
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// What holds it.
    pub kind: TokenKind,
    /// What people call its holder.
    pub name: String,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// The most that it is trusted with.
    pub role: Role,
    /// When it was made, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// About when it was last used.
    pub used_ms: Option<i64>,
    /// Since when it is no good any more.
    pub revoked_ms: Option<i64>,
}

const SELECT: &str = "SELECT token_id, kind, name, hash, scopes, role, created_ms, used_ms,
   revoked_ms FROM token";

#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// Every token, the newest first.
    pub fn tokens(&self) -> Result<Vec<TokenRow>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached(&format!("{SELECT} ORDER BY created_ms DESC, token_id"))?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a token is still good.
    pub fn token_is_good(&self, id: TokenId) -> Result<bool, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM token WHERE token_id = ?1 AND revoked_ms IS NULL)",
            )?
            .query_row([id.uuid().as_bytes().as_slice()], |row| row.get(0))?)
    }

    /// The token of a secret's hash, revoked or not.
    pub fn token_by_hash(&self, hash: &[u8; 32]) -> Result<Option<TokenRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE hash = ?1"))?
            .query_row([hash.as_slice()], from_row)
            .optional()?)
    }
}

#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds a token.
    pub fn add_token(&self, token: &TokenRow) -> Result<(), StoreError> {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.name()).collect();
        self.connection()
            .prepare_cached(
                "INSERT INTO token(token_id, kind, name, hash, scopes, role, created_ms)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                token.id.uuid().as_bytes().as_slice(),
                token.kind.name(),
                token.name,
                token.hash.as_slice(),
                scopes.join(" "),
                token.role.name(),
                token.created_ms,
            ])?;
        Ok(())
    }

    /// Makes a token no good from now on; false if there is none, or it was revoked before.
    pub fn revoke_token(&self, id: TokenId, at_ms: i64) -> Result<bool, StoreError> {
        let changed = self
            .connection()
            .prepare_cached(
                "UPDATE token SET revoked_ms = ?2 WHERE token_id = ?1 AND revoked_ms IS NULL",
            )?
            .execute(params![id.uuid().as_bytes().as_slice(), at_ms])?;
        // Streams and webhooks that it opened end with it.
        self.worth_telling();
        Ok(changed == 1)
    }

    /// Notes that a token was used.
    pub fn touch_token(&self, id: TokenId, at_ms: i64) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE token SET used_ms = ?2 WHERE token_id = ?1")?
            .execute(params![id.uuid().as_bytes().as_slice(), at_ms])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<TokenRow> {
    let scopes: String = row.get(4)?;
    Ok(TokenRow {
        id: TokenId::new(uuid_at(row, 0)?),
        kind: named(row, 1, TokenKind::parse)?,
        name: row.get(2)?,
        hash: row.get(3)?,
        // A scope that this program does not know any more lets nobody in.
        scopes: scopes.split(' ').filter_map(Scope::parse).collect(),
        role: named(row, 5, Role::parse)?,
        created_ms: row.get(6)?,
        used_ms: row.get(7)?,
        revoked_ms: row.get(8)?,
    })
}
