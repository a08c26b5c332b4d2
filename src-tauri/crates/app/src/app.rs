//! The open register: its memory, its open baskets, and who listens.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use countertop_domain::basket::Basket;
use countertop_domain::ids::RegisterId;
use countertop_domain::money::{Currency, Money, MoneyError};
use countertop_domain::pricing::{self, PricingContext, Settled};
use countertop_domain::promotion::PriceRules;
use countertop_domain::scope::Scope;
use countertop_domain::staff::{Actor, Right, Role};
use countertop_domain::time::Timestamp;
use countertop_store::{Founding, Identity, Store, StoreError};

use countertop_sync::WebhookSender;

use crate::cards::CardDesk;
use crate::channels::ChannelDesk;
use crate::clock::{Clock, Ids};
use crate::devices::MachineDesk;
use crate::error::AppError;
use crate::lan::LanDesk;
use crate::open_baskets::OpenBaskets;
use crate::pairing::PairingDesk;
use crate::payment_requests::RequestDesk;
use crate::rules::read_rules;
use crate::shop::{Shop, read_shop};
use crate::wire::{Changed, ScanNotice};

/// The channel of what is sold here, for price books and promotions.
const COUNTER: &str = "counter";

/// Who gives a command, and from where.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person.
    pub actor: Actor,
    /// The window, browser or program: each has a basket of its own.
    pub client: String,
    /// What their token is good for; none for a person at the till, who may what their role may.
    pub scopes: Option<Arc<[Scope]>>,
}

impl Caller {
    /// A person at the till.
    pub fn at_till(actor: Actor, client: impl Into<String>) -> Self {
        Self { actor, client: client.into(), scopes: None }
    }

    /// Whether they stand at the till: over the network one comes with a token.
    pub const fn is_at_till(&self) -> bool {
        self.scopes.is_none()
    }

    /// Whether they may: by their role and, if they came with a token, by one of its scopes.
    pub fn may(&self, right: Right) -> bool {
        self.actor.role.may(right)
            && self.scopes.as_ref().is_none_or(|all| all.iter().any(|one| one.grants(right)))
    }
}

/// A register.
#[derive(Debug)]
pub struct App {
    pub(crate) store: Arc<Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) baskets: OpenBaskets,
    pub(crate) shop: RwLock<Arc<Shop>>,
    pub(crate) rules: RwLock<Arc<PriceRules>>,
    /// Whoever replaces the shop's settings.
    pub(crate) shop_turn: Mutex<()>,
    /// Whoever replaces the rules.
    pub(crate) rules_turn: Mutex<()>,
    /// Whoever refunds without a screen.
    pub(crate) refund_turn: Mutex<()>,
    listeners: Mutex<Vec<Sender<Changed>>>,
    pub(crate) print_wake: Mutex<Option<Sender<()>>>,
    pub(crate) webhook_sender: Mutex<Option<WebhookSender>>,
    pub(crate) channels: ChannelDesk,
    pub(crate) cards: CardDesk,
    pub(crate) requests: RequestDesk,
    pub(crate) machines: MachineDesk,
    pub(crate) lan: LanDesk,
    pub(crate) pairing: PairingDesk,
}

impl App {
    /// Opens the register in a data folder; founds one there if there is none.
    ///
    /// # Errors
    /// See [`StoreError`]: held, newer, not ours, read-only, damaged.
    pub fn open(
        folder: &Path,
        currency: Currency,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, AppError> {
        let store = Store::open(folder, || Founding {
            identity: Identity {
                register: RegisterId::new(ids.next()),
                series: "T1".to_owned(),
                currency,
            },
            at: clock.now(),
        })?;
        let shop = store.read(read_shop)?;
        let rules = store.read(read_rules)?;
        let baskets = store.read(OpenBaskets::given_back)?;
        let cards = store.read::<_, AppError>(|snapshot| {
            Ok(CardDesk::given_back(&snapshot.unsettled_payments()?))
        })?;
        let requests = store.read(RequestDesk::given_back)?;
        let app = Self {
            store: Arc::new(store),
            clock,
            ids,
            baskets,
            shop: RwLock::new(Arc::new(shop)),
            rules: RwLock::new(Arc::new(rules)),
            shop_turn: Mutex::default(),
            rules_turn: Mutex::default(),
            refund_turn: Mutex::default(),
            listeners: Mutex::default(),
            print_wake: Mutex::default(),
            webhook_sender: Mutex::default(),
            channels: ChannelDesk::of(folder),
            cards,
            requests,
            machines: MachineDesk::default(),
            lan: LanDesk::default(),
            pairing: PairingDesk::default(),
        };
        app.have_an_owner()?;
        Ok(app)
    }

    /// Someone must be able to give the first command: until staff is set up, that is the owner.
    fn have_an_owner(&self) -> Result<(), AppError> {
        if !self.staff()?.is_empty() {
            return Ok(());
        }
        let owner = Actor {
            staff: countertop_domain::ids::StaffId::new(self.ids.next()),
            name: "Owner".to_owned(),
            role: Role::Owner,
        };
        self.store.write::<_, AppError>(move |tx| Ok(tx.add_staff(&owner)?))
    }

    /// The staff, in the order in which they came.
    ///
    /// # Errors
    /// The store's.
    pub fn staff(&self) -> Result<Vec<Actor>, AppError> {
        self.store.read(|snapshot| Ok(snapshot.staff()?))
    }

    /// The store, for maintenance: verify, rebuild, backup, export.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// Who this register is.
    pub fn identity(&self) -> &Identity {
        self.store.identity()
    }

    /// What is set for the shop.
    pub fn shop(&self) -> Arc<Shop> {
        Arc::clone(&self.shop.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Hears of every change from now on.
    pub fn listen(&self) -> Receiver<Changed> {
        let (tell, hear) = channel();
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).push(tell);
        hear
    }

    /// Tells everyone what changed; those who are gone are forgotten.
    pub(crate) fn changed(&self, origin: &str, tags: &[&str]) {
        self.tell(|| Changed {
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            origin: origin.to_owned(),
            scan: None,
        });
    }

    /// Tells everyone what a scanner on a wire of the register's own read.
    pub(crate) fn scanned(&self, scan: ScanNotice) {
        self.tell(|| Changed {
            tags: vec!["basket".to_owned()],
            origin: String::new(),
            scan: Some(scan),
        });
    }

    fn tell(&self, changed: impl FnOnce() -> Changed) {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        if listeners.is_empty() {
            return;
        }
        let changed = changed();
        listeners.retain(|listener| listener.send(changed.clone()).is_ok());
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn currency(&self) -> Currency {
        self.identity().currency
    }

    /// An amount that a client sent.
    pub(crate) fn money(&self, minor: i64) -> Result<Money, MoneyError> {
        Money::new(minor, self.currency())
    }

    /// The rules that prices follow now.
    pub(crate) fn rules(&self) -> Arc<PriceRules> {
        Arc::clone(&self.rules.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Prices a basket by the shop's taxes and rules as they are now.
    pub(crate) fn settle(&self, basket: &Basket) -> Result<Settled, AppError> {
        self.settle_at(basket, self.now())
    }

    /// The same, for a basket whose first payment comes at this moment.
    pub(crate) fn settle_at(&self, basket: &Basket, at: Timestamp) -> Result<Settled, AppError> {
        let (shop, rules) = (self.shop(), self.rules());
        let context = PricingContext {
            currency: self.currency(),
            taxes: &shop.taxes,
            rounding: shop.rounding,
            rules: &rules,
            channel: COUNTER,
            at,
        };
        Ok(pricing::settle(basket, &context)?)
    }

    /// Lets the print worker look at its queue now.
    pub(crate) fn wake_printer(&self) {
        if let Some(wake) = &*self.print_wake.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = wake.send(());
        }
    }
}

impl From<StoreError> for crate::wire::Refusal {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

/// Refuses a caller without a right. Asked for every command, and by the few things that only
/// the command line does.
pub(crate) fn require(caller: &Caller, right: Right) -> Result<(), AppError> {
    if caller.may(right) {
        return Ok(());
    }
    Err(AppError::NotAllowed { actor: caller.actor.name.clone(), right })
}
