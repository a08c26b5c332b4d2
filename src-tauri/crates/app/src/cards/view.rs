//! What the cashier sees of a payment at a terminal, and what to do about it.

use std::time::{Duration, Instant};

use countertop_domain::card::{CardFacts, CardPaymentKind};
use countertop_domain::ids::{BasketId, SaleId};
use countertop_domain::staff::Right;
use countertop_store::{PaymentPurpose, PaymentRow, PaymentState};

use super::Stage;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::papers::{self, PaperKind};
use crate::wire::{
    AttemptView, CardKind, CardRequest, CardState, CardView, CardsBrief, Nothing, OpenCards,
    PrintJobView,
};

/// Names of a basket's lines in its label.
const NAMES: usize = 3;

pub(crate) fn status(
    app: &App,
    caller: &Caller,
    request: CardRequest,
) -> Result<AttemptView, AppError> {
    let row = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.payment(request.tender_id)?))?
        .ok_or(AppError::no_tender())?;
    status_of(app, caller, &row)
}

/// Everything that runs, is in doubt, or has no sale.
pub(crate) fn open(app: &App, caller: &Caller, _: Nothing) -> Result<OpenCards, AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.unsettled_payments()?))?;
    let wanted = rows.iter().filter(|row| row.state.is_open() || row.orphaned);
    let attempts = wanted.map(|row| status_of(app, caller, row)).collect::<Result<_, _>>()?;
    Ok(OpenCards { attempts })
}

/// The payments that may still go either way.
pub(crate) fn open_now(app: &App) -> Result<Vec<PaymentRow>, AppError> {
    let mut rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.unsettled_payments()?))?;
    rows.retain(|row| row.state.is_open());
    Ok(rows)
}

/// Waits until every terminal with a payment in doubt has been asked about it, at most so long; what
/// is open then.
///
/// # Errors
/// The store's.
pub fn settle_doubts(app: &App, caller: &Caller, limit: Duration) -> Result<OpenCards, AppError> {
    let until = Instant::now() + limit;
    let changes = app.listen();
    let to_ask = |row: &PaymentRow| {
        app.cards.line(row.device).is_some() && row.may_ask && !app.cards.was_asked(row.tender)
    };
    while open_now(app)?.iter().any(to_ask) && Instant::now() < until {
        let _ = changes.recv_timeout(Duration::from_millis(50));
    }
    open(app, caller, Nothing {})
}

/// How many of them there are.
pub(crate) fn brief(app: &App) -> Result<CardsBrief, AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.unsettled_payments()?))?;
    let mut brief = CardsBrief::default();
    for row in rows {
        match row.state {
            PaymentState::InDoubt => brief.in_doubt += 1,
            state if state.is_open() => brief.running += 1,
            _ if row.orphaned => brief.orphaned += 1,
            _ => {}
        }
    }
    Ok(brief)
}

/// The payment that holds a basket, for its view. Whoever looks at a basket may sell; whether they may
/// decide as well is told by `card.status`.
pub(crate) fn of_basket(app: &App, basket: BasketId) -> Result<Option<AttemptView>, AppError> {
    let Some(id) = app.cards.holds(basket) else { return Ok(None) };
    let row = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment(id)?))?;
    // The label would lock the basket, which its view has locked.
    Ok(row.map(|row| view(app, &row, true, false, String::new(), None)))
}

/// The terminal's slips of a payment once more.
pub(crate) fn print_slip(
    app: &App,
    caller: &Caller,
    request: CardRequest,
) -> Result<PrintJobView, AppError> {
    let about = request.tender_id.to_string();
    match papers::print_again(app, caller, PaperKind::CardSlipCustomer, about.clone()) {
        Err(AppError::NoSuch { code: "no_such_paper", .. }) => {
            papers::print_again(app, caller, PaperKind::CardSlipShop, about)
        }
        answer => answer,
    }
}

pub(super) fn status_of(
    app: &App,
    caller: &Caller,
    row: &PaymentRow,
) -> Result<AttemptView, AppError> {
    let may_resolve = caller.may(Right::ResolvePayment);
    // Before the sale is looked for: once the basket is let go, its sale is there.
    let held = app.cards.holds(row.basket) == Some(row.tender);
    let sale = app.store.read::<_, AppError>(|snapshot| {
        let sale = snapshot.sale(SaleId::from(row.basket))?;
        Ok(sale.filter(|sale| sale.tenders.iter().any(|t| t.id == row.tender)))
    })?;
    let label = label(app, row.basket);
    Ok(view(app, row, held, may_resolve, label, sale.map(|sale| sale.id)))
}

fn label(app: &App, basket: BasketId) -> String {
    let Some(shared) = app.baskets.get(basket) else { return String::new() };
    let open = lock(&shared);
    match &open.basket.parked {
        Some(parked) if !parked.label.is_empty() => parked.label.clone(),
        _ => {
            let names = open.basket.lines().iter().map(|line| line.sellable.name.as_str());
            let names = names.chain(open.basket.returns().iter().map(|line| line.name.as_str()));
            names.take(NAMES).collect::<Vec<_>>().join(", ")
        }
    }
}

fn view(
    app: &App,
    row: &PaymentRow,
    held: bool,
    may_resolve: bool,
    basket_label: String,
    sale_id: Option<SaleId>,
) -> AttemptView {
    let live = app.cards.live(row.tender);
    // Done, but not yet in its basket: that is a matter of moments.
    let arriving = held && !row.state.is_open();
    let state = if arriving { CardState::Present } else { state(row, live.stage) };
    let stopping = live.stop.load(std::sync::atomic::Ordering::Relaxed);
    let line = app.cards.line(row.device);
    let can_stop = line.as_ref().is_some_and(|line| line.abilities.stops);
    let can_undo = line.is_some_and(|line| line.abilities.reverses || line.abilities.refunds);
    let orphaned = row.orphaned && !row.settled && !arriving;
    AttemptView {
        tender_id: row.tender,
        basket_id: row.basket,
        terminal_id: row.device,
        terminal: row.terminal.clone(),
        kind: match row.kind {
            CardPaymentKind::Charge => CardKind::Charge,
            CardPaymentKind::Refund => CardKind::Refund,
            CardPaymentKind::Reversal => CardKind::Reversal,
        },
        amount: row.amount.minor(),
        state,
        open: row.state.is_open() || arriving,
        words: if arriving { "One moment.".to_owned() } else { words(row, state) },
        says: if row.state.is_open() { live.says } else { String::new() },
        stopping: stopping && row.state.is_open(),
        may_stop: row.state.is_open()
            && matches!(state, CardState::Sending | CardState::Present)
            && can_stop
            && !stopping,
        may_ask_again: state == CardState::InDoubt && row.may_ask,
        may_resolve: may_resolve && (row.state == PaymentState::InDoubt || orphaned),
        orphaned,
        may_reverse: orphaned && row.purpose == PaymentPurpose::Pay && can_undo,
        card: row.facts().filter(|_| row.state.is_done() && !arriving).map(card_view),
        seen: row.seen.as_ref().filter(|_| row.state.is_open()).map(card_view),
        reason: row.reason.clone(),
        local_time: row.at.local_text(),
        basket_label,
        sale_id,
    }
}

pub(crate) fn card_view(facts: &CardFacts) -> CardView {
    CardView {
        brand: facts.brand.clone(),
        last_four: facts.last_four.clone(),
        authorisation: facts.authorisation.clone(),
        terminal: facts.terminal.clone(),
        at: facts.at.clone(),
        trace: facts.trace,
        receipt: facts.receipt,
    }
}

const fn state(row: &PaymentRow, stage: Stage) -> CardState {
    match (row.state, stage) {
        (PaymentState::Sent | PaymentState::Accepted, Stage::Asking | Stage::Waiting)
        | (PaymentState::InDoubt, Stage::Asking) => CardState::Asking,
        (PaymentState::Sent, Stage::Sending) => CardState::Sending,
        (PaymentState::Sent | PaymentState::Accepted, _) => CardState::Present,
        (PaymentState::InDoubt, _) => CardState::InDoubt,
        (PaymentState::Approved, _) => CardState::Approved,
        (PaymentState::Declined, _) => CardState::Declined,
        (PaymentState::NotSent, _) => CardState::NotSent,
        (PaymentState::ResolvedApproved, _) => CardState::ResolvedApproved,
        (PaymentState::ResolvedDeclined, _) => CardState::ResolvedDeclined,
    }
}

/// What happened, and what to do now. Never that nothing was charged while that may be wrong.
fn words(row: &PaymentRow, state: CardState) -> String {
    let (terminal, amount) = (&row.terminal, row.amount);
    let gives = row.kind != CardPaymentKind::Charge;
    match state {
        CardState::Sending => format!("{amount} is on its way to {terminal}."),
        CardState::Present if gives => format!("{amount} goes back to the card at {terminal}."),
        CardState::Present => format!("Ask the customer for the card: {amount} at {terminal}."),
        CardState::Asking => format!(
            "{terminal} did not answer in time and is being asked what became of {amount}. Do not \
             take the money another way yet."
        ),
        CardState::InDoubt => {
            // Where the terminal cannot be asked, its language has said all that there is to do.
            if !row.may_ask && !row.words.is_empty() {
                return format!(
                    "{} Then have a manager decide. Park this sale to serve the next customer.",
                    row.words
                );
            }
            let cause =
                if row.words.is_empty() { String::new() } else { format!("{} ", row.words) };
            let next = if row.may_ask {
                "It is asked again by itself."
            } else {
                "Look at the terminal's display or its slip, then have a manager decide."
            };
            let doubt = if gives {
                format!("It is not known whether {amount} went back to the card.")
            } else {
                format!("It is not known whether {amount} was charged. Do not charge it again.")
            };
            format!("{cause}{doubt} {next} Park this sale to serve the next customer.")
        }
        CardState::Approved | CardState::ResolvedApproved if row.orphaned && !row.settled => {
            format!(
                "{amount} was paid at {terminal}, but there is no sale for it. Give it back at the \
                 terminal, or have a manager book it."
            )
        }
        CardState::Approved | CardState::ResolvedApproved if gives => {
            format!("{amount} went back to the card.")
        }
        CardState::Approved | CardState::ResolvedApproved => format!("{amount} is paid."),
        CardState::Declined if gives => {
            format!("Nothing went back to the card. {}", row.words)
        }
        CardState::Declined => {
            format!("Nothing was charged. {} Try again, or pay another way.", row.words)
        }
        CardState::NotSent => {
            format!("{} Nothing was charged: try again, or pay another way.", row.words)
        }
        CardState::ResolvedDeclined => {
            "It was decided by hand that nothing was charged. Pay another way.".to_owned()
        }
    }
}
