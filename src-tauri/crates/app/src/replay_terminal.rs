//! A file of baskets, paid at a card terminal. It may be killed at any moment: the next run settles
//! what was in doubt, and goes on with the first basket that is not a sale. Basket and payments have
//! ids that follow from the file and the place in it, so that nothing is sold or charged twice.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use countertop_domain::ids::{BasketId, DeviceId, SaleId, TenderId};
use countertop_domain::tender::TenderKind;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::app::{App, Caller};
use crate::checkout::change_basket;
use crate::commands::{
    CardStatus, GetOrder, GetState, PayTender, Scan, ShiftCloseCommand, ShiftOpenCommand,
    StartCardCommand, perform,
};
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::replay::{
    Acknowledge, FLOAT, Replay, ReplayFile, TenderMix, micros, paid_by, percentile,
    stock_the_shelves,
};
use crate::views::basket_view;
use crate::wire::{
    AttemptView, BasketView, CardRequest, CardState, Changed, CloseShift, Nothing, OpenShift,
    PayRequest, PayWith, SaleRequest, SaleView, ScanRequest, StartCard,
};

/// How often a card is tried before its customer pays in cash.
const TRIES: u32 = 3;
/// Before a terminal that is not there is tried again.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a run looks at a payment before it looks again, whoever tells of changes or not.
const LOOK: Duration = Duration::from_millis(50);

/// How a file is taken to a terminal.
#[derive(Clone, Copy, Debug)]
pub struct AtTerminal {
    /// The terminal.
    pub terminal: DeviceId,
    /// How the customers pay; whoever pays by card pays at the terminal.
    pub pay: TenderMix,
    /// Whether each receipt is printed, if there is a printer.
    pub want_receipts: bool,
    /// How long a terminal that is not there, or cannot tell, is waited for.
    pub patience: Duration,
}

/// Rings up what is left of a file, in one shift.
///
/// # Errors
/// What the till's commands refuse, or a payment that stays in doubt; sales before it are kept, and
/// the next run goes on from there.
pub fn replay_at_terminal(
    app: &App,
    caller: &Caller,
    file: &ReplayFile,
    how: AtTerminal,
    acknowledge: Acknowledge<'_>,
) -> Result<Replay, AppError> {
    let codes = stock_the_shelves(app, caller, file)?;
    let seed = seed_of(file);
    let mut run = Run {
        app,
        caller,
        how,
        seed,
        changes: app.listen(),
        scans: Vec::new(),
        commits: Vec::new(),
    };
    // Sales that were in doubt when the run before was killed, and complete by themselves now.
    let unsettled = run.unsettled()?;
    let (mut sales, mut before, mut takings) = (0_u64, 0_u64, 0_i64);
    let began = Instant::now();
    for (number, basket) in file.baskets.iter().enumerate() {
        let place = u64::try_from(number).unwrap_or(u64::MAX);
        let id = run.basket_id(place);
        let sale = match run.sale_of(id)? {
            Some(sale) if unsettled.contains(&id) => sale,
            Some(_) => {
                before += 1;
                continue;
            }
            None => {
                run.have_a_shift()?;
                let codes = basket.iter().filter_map(|name| codes.get(name.as_str()));
                run.ring_up(place, codes)?
            }
        };
        sales += 1;
        takings += sale.total;
        acknowledge(&sale)?;
    }
    run.report(sales, before, takings, began)
}

/// The file itself, so that another file's baskets are others.
fn seed_of(file: &ReplayFile) -> [u8; 32] {
    let mut digest = Sha256::new();
    for basket in &file.baskets {
        digest.update(basket.join(","));
        digest.update("\n");
    }
    digest.finalize().into()
}

struct Run<'a> {
    app: &'a App,
    caller: &'a Caller,
    how: AtTerminal,
    seed: [u8; 32],
    changes: Receiver<Changed>,
    scans: Vec<u64>,
    commits: Vec<u64>,
}

impl Run<'_> {
    fn id(&self, what: &str, place: u64, try_number: u32) -> Uuid {
        let mut digest = Sha256::new();
        digest.update(self.seed);
        digest.update(what);
        digest.update(place.to_be_bytes());
        digest.update(try_number.to_be_bytes());
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(digest.finalize()) {
            *byte = hashed;
        }
        Builder::from_custom_bytes(bytes).into_uuid()
    }

    fn basket_id(&self, place: u64) -> BasketId {
        BasketId::new(self.id("basket", place, 0))
    }

    fn tender_id(&self, place: u64, try_number: u32) -> TenderId {
        TenderId::new(self.id("tender", place, try_number))
    }

    /// Each basket has a client of its own, so that none is mistaken for another.
    fn caller_of(&self, place: u64) -> Caller {
        Caller { client: format!("replay-{place}"), ..self.caller.clone() }
    }

    /// Waits until every payment that was in doubt has an end; the baskets that they are of.
    fn unsettled(&self) -> Result<Vec<BasketId>, AppError> {
        let open = crate::cards::open_now(self.app)?;
        for payment in &open {
            self.wait_for_end(payment.tender)?;
        }
        Ok(open.into_iter().map(|payment| payment.basket).collect())
    }

    fn sale_of(&self, basket: BasketId) -> Result<Option<SaleView>, AppError> {
        let sale_id = SaleId::from(basket);
        match perform::<GetOrder>(self.app, self.caller, SaleRequest { sale_id }) {
            Ok(sale) => Ok(Some(sale)),
            Err(AppError::NoSuch { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn have_a_shift(&self) -> Result<(), AppError> {
        if perform::<GetState>(self.app, self.caller, Nothing {})?.shift.is_none() {
            perform::<ShiftOpenCommand>(self.app, self.caller, OpenShift::with_float(FLOAT))?;
        }
        Ok(())
    }

    fn ring_up<'c>(
        &mut self,
        place: u64,
        codes: impl Iterator<Item = &'c String>,
    ) -> Result<SaleView, AppError> {
        let caller = self.caller_of(place);
        let basket = self.fill(place, &caller, codes)?;
        let by_card = match self.how.pay {
            TenderMix::Cash => false,
            TenderMix::Card => true,
            TenderMix::Mixed => place % 5 >= 3,
        };
        let began = Instant::now();
        let sale = match by_card {
            true => self.pay_at_terminal(place, &caller, &basket)?,
            false => None,
        };
        let sale = match sale {
            Some(sale) => sale,
            None => self.pay_in_cash(place, &caller, &basket)?,
        };
        self.commits.push(micros(began));
        Ok(sale)
    }

    /// The basket with everything in it. One that was killed half filled is filled anew; one that is
    /// being paid is whole.
    fn fill<'c>(
        &mut self,
        place: u64,
        caller: &Caller,
        codes: impl Iterator<Item = &'c String>,
    ) -> Result<BasketView, AppError> {
        let id = self.basket_id(place);
        let shared = self.app.baskets.current(&caller.client, || id);
        let mut view = {
            let open = lock(&shared);
            if open.basket.is_being_paid() {
                return basket_view(self.app, &open.basket);
            }
            basket_view(self.app, &open.basket)?
        };
        if !view.lines.is_empty() {
            let cleared = countertop_domain::basket::Change::Clear;
            view = change_basket(self.app, caller, view.id, cleared)?.0;
        }
        for code in codes {
            let request = ScanRequest { basket_id: view.id, code: code.clone() };
            let began = Instant::now();
            view = perform::<Scan>(self.app, caller, request)?.basket;
            self.scans.push(micros(began));
        }
        Ok(view)
    }

    /// The sale; none if the card is refused time and again.
    fn pay_at_terminal(
        &self,
        place: u64,
        caller: &Caller,
        basket: &BasketView,
    ) -> Result<Option<SaleView>, AppError> {
        let until = Instant::now() + self.how.patience;
        let (mut refused, mut number) = (0, 0);
        while refused < TRIES {
            let tender_id = self.tender_id(place, number);
            number += 1;
            let request = StartCard {
                basket_id: basket.id,
                tender_id,
                terminal_id: Some(self.how.terminal),
                amount: basket.due,
                print: self.how.want_receipts,
            };
            // A try of an earlier run answers with what became of it.
            perform::<StartCardCommand>(self.app, caller, request)?;
            let ended = self.wait_for_end(tender_id)?;
            match ended.state {
                CardState::Approved | CardState::ResolvedApproved => {
                    return self.sale_of(basket.id).and_then(|sale| match sale {
                        Some(sale) => Ok(Some(sale)),
                        None => Err(AppError::BadText { reason: ended.words }),
                    });
                }
                CardState::NotSent if Instant::now() < until => std::thread::sleep(PAUSE),
                CardState::NotSent => return Err(AppError::BadText { reason: ended.words }),
                _ => refused += 1,
            }
        }
        Ok(None)
    }

    /// Waits for the end of a payment, however long its terminal takes with its customer; one in doubt
    /// only as long as is patient.
    fn wait_for_end(&self, tender_id: TenderId) -> Result<AttemptView, AppError> {
        let mut doubted: Option<Instant> = None;
        loop {
            let view = perform::<CardStatus>(self.app, self.caller, CardRequest { tender_id })?;
            if !view.open {
                return Ok(view);
            }
            if matches!(view.state, CardState::InDoubt | CardState::Asking) {
                let since = *doubted.get_or_insert_with(Instant::now);
                let only_a_person = view.state == CardState::InDoubt && !view.may_ask_again;
                if only_a_person || since.elapsed() > self.how.patience {
                    return Err(AppError::BadText {
                        reason: format!(
                            "{} Payment {tender_id}: `countertopd device resolve` decides it.",
                            view.words
                        ),
                    });
                }
            } else {
                doubted = None;
            }
            let _ = self.changes.recv_timeout(LOOK);
            while self.changes.try_recv().is_ok() {}
        }
    }

    fn pay_in_cash(
        &self,
        place: u64,
        caller: &Caller,
        basket: &BasketView,
    ) -> Result<SaleView, AppError> {
        let round = basket.quick_cash.get(1).or_else(|| basket.quick_cash.first());
        let request = PayRequest::plain(
            basket.id,
            TenderId::new(self.id("cash", place, 0)),
            PayWith::Cash,
            round.map_or(basket.due, |cash| cash.amount),
            self.how.want_receipts,
        );
        let paid = perform::<PayTender>(self.app, caller, request)?;
        paid.sale.ok_or_else(|| AppError::BadText {
            reason: "a replayed sale was not paid in full".to_owned(),
        })
    }

    /// Closes the shift, if one is open, and adds up.
    fn report(
        mut self,
        sales: u64,
        before: u64,
        takings: i64,
        began: Instant,
    ) -> Result<Replay, AppError> {
        let elapsed = began.elapsed();
        let (mut cash, mut card, mut drawer) = (0, 0, 0);
        if let Some(shift) = perform::<GetState>(self.app, self.caller, Nothing {})?.shift {
            drawer = shift.expected.unwrap_or_default();
            let counted = CloseShift::counted(self.app.currency().code(), drawer);
            let closed = perform::<ShiftCloseCommand>(self.app, self.caller, counted)?;
            cash = paid_by(&closed, TenderKind::Cash);
            card = paid_by(&closed, TenderKind::Card);
        }
        let per_s = u128::from(sales) * 1_000_000 / elapsed.as_micros().max(1);
        Ok(Replay {
            sales,
            before,
            lines: u64::try_from(self.scans.len()).unwrap_or(u64::MAX),
            takings,
            cash,
            card,
            drawer,
            currency: self.app.currency().code().to_owned(),
            sales_per_s: u64::try_from(per_s).unwrap_or(u64::MAX),
            scan_p50_us: percentile(&mut self.scans, 50),
            scan_p99_us: percentile(&mut self.scans, 99),
            commit_p50_us: percentile(&mut self.commits, 50),
            commit_p99_us: percentile(&mut self.commits, 99),
        })
    }
}
