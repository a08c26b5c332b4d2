//! Payments at card terminals. A payment is on disk before its terminal hears of it, it is never
//! sent twice, and what became of it is told by the terminal or by a person, never guessed. While
//! that is open, its basket can only be parked, and its terminal takes no other.

mod course;
mod day;
mod decide;
mod settle;
mod start;
mod terminal;
mod view;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countertop_devices::TerminalAbilities;
use countertop_domain::ids::{BasketId, DeviceId, TenderId};
use countertop_store::{PaymentRow, PaymentState};

use crate::app::App;
use crate::error::AppError;

pub(crate) use self::day::{end as end_of_day, reports};
pub(crate) use self::decide::{ask_again, resolve, stop};
pub(crate) use self::settle::{in_sale, pick_up, settle_basket};
pub(crate) use self::start::{refund, reverse, start, take_back};
pub(crate) use self::terminal::{Ask, TerminalThread};
pub use self::view::settle_doubts;
pub(crate) use self::view::{brief, card_view, of_basket, open, open_now, print_slip, status};

/// What is under way at terminals.
#[derive(Debug, Default)]
pub(crate) struct CardDesk {
    inner: Mutex<Desk>,
}

#[derive(Debug, Default)]
struct Desk {
    /// Baskets with a payment that may still go either way.
    busy: HashMap<BasketId, TenderId>,
    /// What the terminals are doing.
    live: HashMap<TenderId, Live>,
    /// How to reach each terminal.
    lines: HashMap<DeviceId, TerminalLine>,
}

/// The way to a terminal's own thread.
#[derive(Clone, Debug)]
pub(crate) struct TerminalLine {
    pub(crate) tell: Sender<Ask>,
    pub(crate) abilities: TerminalAbilities,
    /// At the end of its day: no payment meanwhile.
    pub(crate) closing_day: Arc<AtomicBool>,
}

/// What a payment at a terminal is doing, for the screens.
#[derive(Clone, Debug, Default)]
struct Live {
    stage: Stage,
    says: String,
    stop: Arc<AtomicBool>,
    /// The terminal has been asked about it, and did not know.
    asked: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Sending,
    Present,
    Asking,
    /// Between two askings.
    Waiting,
}

impl CardDesk {
    /// What was open when the register stopped.
    pub(crate) fn given_back(unsettled: &[PaymentRow]) -> Self {
        let open = unsettled.iter().filter(|payment| payment.state.is_open());
        let busy = open.map(|payment| (payment.basket, payment.tender)).collect();
        Self { inner: Mutex::new(Desk { busy, ..Desk::default() }) }
    }

    fn inner(&self) -> MutexGuard<'_, Desk> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The payment that holds a basket.
    pub(crate) fn holds(&self, basket: BasketId) -> Option<TenderId> {
        self.inner().busy.get(&basket).copied()
    }

    /// True while any payment may still go either way.
    pub(crate) fn any_open(&self) -> bool {
        !self.inner().busy.is_empty()
    }

    fn hold(&self, basket: BasketId, payment: TenderId) {
        self.inner().busy.insert(basket, payment);
    }

    fn free(&self, basket: BasketId, payment: TenderId) {
        let mut desk = self.inner();
        if desk.busy.get(&basket) == Some(&payment) {
            desk.busy.remove(&basket);
        }
        desk.live.remove(&payment);
    }

    fn live(&self, payment: TenderId) -> Live {
        self.inner()
            .live
            .get(&payment)
            .cloned()
            .unwrap_or(Live { stage: Stage::Waiting, ..Live::default() })
    }

    /// Whether the terminal has been asked about a payment since the register was started.
    fn was_asked(&self, payment: TenderId) -> bool {
        self.inner().live.get(&payment).is_some_and(|live| live.asked)
    }

    fn set_asked(&self, payment: TenderId) {
        self.inner().live.entry(payment).or_default().asked = true;
    }

    fn set_stage(&self, payment: TenderId, stage: Stage) {
        self.inner().live.entry(payment).or_default().stage = stage;
    }

    fn set_says(&self, payment: TenderId, says: String) {
        self.inner().live.entry(payment).or_default().says = says;
    }

    fn wish_to_stop(&self, payment: TenderId) {
        self.inner().live.entry(payment).or_default().stop.store(true, Ordering::Relaxed);
    }

    /// The flag that says that the cashier wants to stop.
    fn stop_flag(&self, payment: TenderId) -> Arc<AtomicBool> {
        Arc::clone(&self.inner().live.entry(payment).or_default().stop)
    }

    /// A terminal is there.
    pub(crate) fn connect(&self, device: DeviceId, line: TerminalLine) {
        self.inner().lines.insert(device, line);
    }

    /// A terminal is not there any more.
    pub(crate) fn disconnect(&self, device: DeviceId) {
        self.inner().lines.remove(&device);
    }

    pub(crate) fn line(&self, device: DeviceId) -> Option<TerminalLine> {
        self.inner().lines.get(&device).cloned()
    }
}

/// Refuses to touch a basket while a payment for it may still go either way. Asked under the basket's
/// lock.
pub(crate) fn must_be_free(app: &App, basket: BasketId) -> Result<(), AppError> {
    match app.cards.holds(basket) {
        None => Ok(()),
        Some(payment) => {
            let row = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment(payment)?))?;
            let (terminal, in_doubt) = row.map_or_else(Default::default, |row| {
                (row.terminal, row.state == PaymentState::InDoubt)
            });
            Err(AppError::CardOpen { terminal, in_doubt })
        }
    }
}
