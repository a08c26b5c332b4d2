//! Which open baskets pay what an app asked for: their lines stand, and only the ways to pay that the
//! app allows are taken.

use std::collections::HashMap;
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countertop_domain::ids::BasketId;
use countertop_domain::tender::TenderKind;
use countertop_store::Snapshot;

use super::course::request_of;
use super::tenders::kinds;
use crate::app::App;
use crate::error::AppError;

/// What an app asked of a basket.
#[derive(Clone, Debug)]
struct Terms {
    app: String,
    /// None for every way that the shop takes.
    kinds: Option<Vec<TenderKind>>,
    /// None for the shop's own rule.
    tips: Option<bool>,
}

/// What is known of requests while the register is open.
#[derive(Debug, Default)]
pub(crate) struct RequestDesk {
    baskets: Mutex<HashMap<BasketId, Terms>>,
    /// Whoever moves a request on; always taken before a basket's own lock.
    turn: Mutex<()>,
    /// Who looks at them when their time is over.
    watch: Mutex<Option<SyncSender<()>>>,
}

impl RequestDesk {
    /// What was accepted when the register stopped.
    pub(crate) fn given_back(snapshot: &Snapshot<'_>) -> Result<Self, AppError> {
        let desk = Self::default();
        for row in snapshot.open_payment_requests()? {
            if let Some(basket) = row.basket {
                let app = snapshot.client_app(&row.client_id)?;
                let name = app.map_or_else(|| row.client_id.clone(), |app| app.name);
                let asked = request_of(&row)?;
                desk.hold(basket, name, kinds(asked.tenders.as_deref()), asked.tips);
            }
        }
        Ok(desk)
    }

    /// One request moves on at a time.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn hold(
        &self,
        basket: BasketId,
        app: String,
        kinds: Option<Vec<TenderKind>>,
        tips: Option<bool>,
    ) {
        self.baskets().insert(basket, Terms { app, kinds, tips });
    }

    /// Names whoever looks at requests when their time is over.
    pub(super) fn watched_by(&self, watch: Option<SyncSender<()>>) {
        *self.watch.lock().unwrap_or_else(PoisonError::into_inner) = watch;
    }

    /// There is a request whose time may be over sooner.
    pub(super) fn wake(&self) {
        if let Some(watch) = &*self.watch.lock().unwrap_or_else(PoisonError::into_inner) {
            // Full: it looks anyway.
            let _ = watch.try_send(());
        }
    }

    pub(super) fn free(&self, basket: BasketId) {
        self.baskets().remove(&basket);
    }

    fn baskets(&self) -> MutexGuard<'_, HashMap<BasketId, Terms>> {
        self.baskets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether any open basket pays what an app asked for, or has just paid it.
pub(crate) fn are_asked(app: &App) -> bool {
    !app.requests.baskets().is_empty()
}

/// Refuses a change of a basket whose amount an app asked for. Asked under the basket's lock.
pub(crate) fn must_not_be_asked(app: &App, basket: BasketId) -> Result<(), AppError> {
    match app.requests.baskets().get(&basket) {
        None => Ok(()),
        Some(terms) => Err(AppError::AskedAmount { app: terms.app.clone() }),
    }
}

/// Refuses a way to pay that the app does not allow.
pub(crate) fn allows(app: &App, basket: BasketId, kind: TenderKind) -> Result<(), AppError> {
    match app.requests.baskets().get(&basket) {
        Some(Terms { app, kinds: Some(kinds), .. }) if !kinds.contains(&kind) => {
            Err(AppError::BadText {
                reason: format!("{app} does not take {}: choose another way", kind.in_words()),
            })
        }
        _ => Ok(()),
    }
}

/// Refuses a tip where the app wants none.
pub(crate) fn allows_tip(app: &App, basket: BasketId) -> Result<(), AppError> {
    match app.requests.baskets().get(&basket) {
        Some(Terms { app: name, tips, .. }) if !tips_allowed(app, *tips) => {
            Err(AppError::BadText { reason: format!("{name} takes no tip on this payment") })
        }
        _ => Ok(()),
    }
}

/// Whether a tip may be given: as the app says, else where the shop offers tips.
pub(super) fn tips_allowed(app: &App, said: Option<bool>) -> bool {
    said.unwrap_or_else(|| !app.shop().money.tip_percents.is_empty())
}
