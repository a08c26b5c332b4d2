//! What other programs hear of the register as it happens.

use countertop_domain::ids::TokenId;
use countertop_domain::scope::Scope;
use countertop_store::Listening;
use countertop_sync::{Batch, EventId, Filter, ReadError, events_after, newest_id};

use crate::app::{App, Caller};
use crate::error::AppError;

/// Why somebody hears nothing more.
#[derive(Debug, thiserror::Error)]
pub enum HearError {
    /// See [`ReadError::Gone`].
    #[error(transparent)]
    Gone(ReadError),
    /// Their token is no good any more.
    #[error("this token was revoked")]
    Revoked,
    /// The store's.
    #[error(transparent)]
    App(#[from] AppError),
}

impl App {
    /// The place after everything that has happened so far.
    ///
    /// # Errors
    /// The store's.
    pub fn newest_event(&self) -> Result<EventId, AppError> {
        Ok(self.store.read(newest_id)?)
    }

    /// What happened after a place, the events of `limit` happenings at most, as far as the caller may
    /// hear of it and wants to. Nothing left: the batch ends where it began.
    ///
    /// # Errors
    /// See [`HearError`].
    pub fn events_after(
        &self,
        caller: &Caller,
        filter: &Filter,
        after: EventId,
        limit: u32,
    ) -> Result<Batch, HearError> {
        let scopes = caller.scopes.as_deref().unwrap_or(&Scope::ALL);
        let token = caller.scopes.as_ref().map(|_| TokenId::new(caller.actor.staff.uuid()));
        self.store.read(|snapshot| {
            if let Some(token) = token
                && !snapshot.token_is_good(token).map_err(AppError::from)?
            {
                return Err(HearError::Revoked);
            }
            let Batch { events, end } = events_after(snapshot, after, limit)?;
            let events = events.into_iter().filter(|event| filter.wants(event));
            let events = events.filter_map(|event| event.for_holder(scopes)).collect();
            Ok(Batch { events, end })
        })
    }

    /// Calls `wake` whenever there may be something new to hear, until what it returns is dropped. See
    /// [`countertop_store::Store::on_commit`].
    pub fn on_news(&self, wake: impl Fn() + Send + Sync + 'static) -> Listening {
        self.store.on_commit(wake)
    }
}

impl From<ReadError> for HearError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Gone => Self::Gone(error),
            ReadError::Store(error) => Self::App(error.into()),
        }
    }
}

impl From<countertop_store::StoreError> for HearError {
    fn from(error: countertop_store::StoreError) -> Self {
        Self::App(error.into())
    }
}
