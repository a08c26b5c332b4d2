//! The open baskets: in memory for speed, on disk as they change.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_domain::basket::{Basket, Coupon};
use countertop_domain::ids::BasketId;
use countertop_store::Snapshot;

use crate::app::Caller;
use crate::error::AppError;

/// An open basket. Locked while a command works on it, so that two screens take turns.
pub(crate) type Shared = Arc<Mutex<Open>>;

/// A basket and the client that has it.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) client: String,
    /// Shared with the writer, which saves it: a change makes a copy only if it is still busy.
    pub(crate) basket: Arc<Basket>,
    /// Paid or emptied away: whoever waited for the lock must not go on with it.
    pub(crate) gone: bool,
}

#[derive(Debug, Default)]
struct Index {
    baskets: HashMap<BasketId, Shared>,
    current: HashMap<String, BasketId>,
    parked: BTreeSet<BasketId>,
}

/// Every open basket of the register.
#[derive(Debug, Default)]
pub(crate) struct OpenBaskets {
    index: Mutex<Index>,
    /// Whoever takes a held order up or sets one aside; always taken before a basket's own lock.
    held: Mutex<()>,
    /// Who changed a basket last: a scanner on a wire of the register's own belongs to that screen.
    last: Mutex<Option<Caller>>,
}

/// More parked baskets than a shop ever has.
pub(crate) const MAX_PARKED: usize = 200;

impl OpenBaskets {
    /// What was open when the register stopped.
    pub(crate) fn given_back(snapshot: &Snapshot<'_>) -> Result<Self, AppError> {
        let mut index = Index::default();
        for saved in snapshot.baskets()? {
            let id = saved.basket.id();
            if saved.basket.parked.is_some() {
                index.parked.insert(id);
            } else {
                index.current.insert(saved.client.clone(), id);
            }
            let open = Open { client: saved.client, basket: Arc::new(saved.basket), gone: false };
            index.baskets.insert(id, Arc::new(Mutex::new(open)));
        }
        Ok(Self { index: Mutex::new(index), ..Self::default() })
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get(&self, id: BasketId) -> Option<Shared> {
        self.index().baskets.get(&id).map(Arc::clone)
    }

    /// Who changed a basket last; until somebody does, who looked at theirs first.
    pub(crate) fn last_used_by(&self) -> Option<Caller> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes who changes a basket. What hangs on the till's wires belongs to the till's own screens: a
    /// tablet is noted only where nobody has used one.
    pub(crate) fn used_by(&self, caller: &Caller) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if caller.is_at_till() || last.as_ref().is_none_or(|last| !last.is_at_till()) {
            *last = Some(caller.clone());
        }
    }

    /// Notes who looks at a basket, if nobody has changed one yet.
    pub(crate) fn looked_at_by(&self, caller: &Caller) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_none_or(|last| caller.is_at_till() && !last.is_at_till()) {
            *last = Some(caller.clone());
        }
    }

    /// Forgets a client that will not come back.
    pub(crate) fn left_by(&self, client: &str) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_some_and(|last| last.client == client) {
            *last = None;
        }
    }

    /// The client's open basket, if it has one.
    pub(crate) fn of(&self, client: &str) -> Option<Shared> {
        let index = self.index();
        index.current.get(client).and_then(|id| index.baskets.get(id)).map(Arc::clone)
    }

    /// The client's open basket; a new one if it has none.
    pub(crate) fn current(&self, client: &str, new_id: impl FnOnce() -> BasketId) -> Shared {
        let mut index = self.index();
        if let Some(open) =
            index.current.get(client).and_then(|id| index.baskets.get(id)).map(Arc::clone)
        {
            return open;
        }
        let id = new_id();
        let basket = Arc::new(Basket::new(id));
        let open = Arc::new(Mutex::new(Open { client: client.to_owned(), basket, gone: false }));
        index.baskets.insert(id, Arc::clone(&open));
        index.current.insert(client.to_owned(), id);
        open
    }

    /// The basket is parked: its client has none at the moment.
    pub(crate) fn park(&self, id: BasketId, client: &str) {
        let mut index = self.index();
        if index.current.get(client) == Some(&id) {
            index.current.remove(client);
        }
        index.parked.insert(id);
    }

    /// The basket is the client's again.
    pub(crate) fn recall(&self, id: BasketId, client: &str) {
        let mut index = self.index();
        index.parked.remove(&id);
        index.current.insert(client.to_owned(), id);
    }

    /// The basket is this client's now, wherever it was.
    pub(crate) fn move_to(&self, id: BasketId, client: &str) {
        let mut index = self.index();
        index.parked.remove(&id);
        index.current.retain(|_, current| *current != id);
        index.current.insert(client.to_owned(), id);
    }

    /// Held orders are taken up, set aside and paid on one after the other, so that nothing is paid
    /// on an order while its basket is on the way to a screen.
    pub(crate) fn turn_of_held(&self) -> MutexGuard<'_, ()> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A basket that waited as a held order is the client's again.
    pub(crate) fn take_in(&self, client: &str, basket: Arc<Basket>) {
        let id = basket.id();
        let open = Open { client: client.to_owned(), basket, gone: false };
        let mut index = self.index();
        index.baskets.insert(id, Arc::new(Mutex::new(open)));
        index.current.insert(client.to_owned(), id);
    }

    /// The basket is no more: paid, or empty and set aside.
    pub(crate) fn remove(&self, id: BasketId) {
        let mut index = self.index();
        index.baskets.remove(&id);
        index.parked.remove(&id);
        index.current.retain(|_, current| *current != id);
    }

    pub(crate) fn parked(&self) -> Vec<Shared> {
        let index = self.index();
        index.parked.iter().filter_map(|id| index.baskets.get(id)).map(Arc::clone).collect()
    }

    /// Whether money was taken for a basket that is not a sale yet; what was paid on a held order is
    /// in the books already.
    pub(crate) fn any_paid(&self) -> bool {
        let open: Vec<Shared> = self.index().baskets.values().map(Arc::clone).collect();
        open.iter().any(|open| lock(open).basket.is_being_paid())
    }

    /// Every open basket, as it is now.
    pub(crate) fn all(&self) -> Vec<Arc<Basket>> {
        let open: Vec<Shared> = self.index().baskets.values().map(Arc::clone).collect();
        open.iter().map(|open| Arc::clone(&lock(open).basket)).collect()
    }

    /// Every coupon that is shown in an open basket.
    pub(crate) fn coupons(&self) -> Vec<Coupon> {
        let open: Vec<Shared> = self.index().baskets.values().map(Arc::clone).collect();
        open.iter().flat_map(|open| lock(open).basket.coupons().to_vec()).collect()
    }

    pub(crate) fn parked_count(&self) -> usize {
        self.index().parked.len()
    }
}

/// Locks an open basket.
pub(crate) fn lock(open: &Shared) -> MutexGuard<'_, Open> {
    open.lock().unwrap_or_else(PoisonError::into_inner)
}
