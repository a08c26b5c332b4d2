//! Apps that the owner registered: who may hand the register an amount, and where they hear of it.

use countertop_domain::ids::TokenId;
use countertop_domain::scope::Scope;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::StoreError;
use crate::lookup::list;
use crate::snapshot::{Snapshot, Tx};
use crate::table::uuid_at;

/// A registered app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientAppRow {
    /// What it calls itself in its requests.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// Where results may be told, as registered.
    pub callbacks: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<Scope>,
    /// True where the register itself sends results to https callbacks.
    pub post: bool,
    /// The token that it comes with over HTTP.
    pub token: Option<TokenId>,
    /// When it was registered, milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// Since when it may not ask any more.
    pub revoked_ms: Option<i64>,
}

const SELECT: &str = "SELECT client_id, name, callbacks, scopes, post, token_id, created_ms,
  revoked_ms FROM client_app";

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// Every app, by name.
    pub fn client_apps(&self) -> Result<Vec<ClientAppRow>, StoreError> {
        let mut statement =
            self.connection().prepare_cached(&format!("{SELECT} ORDER BY name, client_id"))?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// An app, revoked or not.
    pub fn client_app(&self, client_id: &str) -> Result<Option<ClientAppRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE client_id = ?1"))?
            .query_row([client_id], from_row)
            .optional()?)
    }
}

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds an app, or puts it in the place of the one with its client id; when it was registered
    /// first stays.
    pub fn put_client_app(&self, app: &ClientAppRow) -> Result<(), StoreError> {
        let scopes: Vec<&str> = app.scopes.iter().map(|scope| scope.name()).collect();
        let callbacks = serde_json::to_string(&app.callbacks)
            .map_err(|error| StoreError::damaged("app", error))?;
        self.connection()
            .prepare_cached(
                "INSERT INTO client_app(client_id, name, callbacks, scopes, post, token_id,
                   created_ms, revoked_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT(client_id) DO UPDATE SET name = excluded.name,
                   callbacks = excluded.callbacks, scopes = excluded.scopes, post = excluded.post,
                   token_id = excluded.token_id, revoked_ms = excluded.revoked_ms",
            )?
            .execute(params![
                app.client_id,
                app.name,
                callbacks,
                scopes.join(" "),
                app.post,
                app.token.map(|id| id.uuid().as_bytes().to_vec()),
                app.created_ms,
                app.revoked_ms,
            ])?;
        Ok(())
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ClientAppRow> {
    let scopes: String = row.get(3)?;
    let token =
        if row.get_ref(5)?.as_blob_or_null()?.is_some() { Some(uuid_at(row, 5)?) } else { None };
    Ok(ClientAppRow {
        client_id: row.get(0)?,
        name: row.get(1)?,
        callbacks: list(row, 2)?,
        // A scope that a newer program gave is none that this one knows.
        scopes: scopes.split(' ').filter_map(Scope::parse).collect(),
        post: row.get(4)?,
        token: token.map(TokenId::new),
        created_ms: row.get(6)?,
        revoked_ms: row.get(7)?,
    })
}
