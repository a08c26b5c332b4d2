//! What follows from a payment whose end is known: its tender is in its basket, and the sale is
//! complete if all is paid. Everything here can be done again: a tender's id counts once.

use countertop_domain::basket::Basket;
use countertop_domain::card::{CardPaymentOrphaned, CardPaymentReversed};
use countertop_domain::ids::{BasketId, SaleId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::sale::Sale;
use countertop_domain::tender::{Tender, TenderKind, TenderState};
use countertop_domain::voids::TenderUndone;
use countertop_store::{PaymentPurpose, PaymentRow, PaymentState, StoreError, Told, Tx};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::open_baskets::{Open, lock};
use crate::pay;

/// What the register was at when it stopped: payments that were decided are put where they belong,
/// and what was in the middle is in doubt until its terminal has been asked.
pub(crate) fn pick_up(app: &App) -> Result<(), AppError> {
    let now = app.now().utc_ms;
    let unsettled = app.store.write::<_, AppError>(move |tx| {
        let mut rows = tx.unsettled_payments()?;
        for row in &mut rows {
            if !matches!(row.state, PaymentState::Sent | PaymentState::Accepted) {
                continue;
            }
            if let Some(Told::Declined(words)) = &row.told {
                // A terminal that said no has charged nothing, heard or not.
                row.words.clone_from(words);
                row.state = PaymentState::Declined;
                row.settled = true;
            } else {
                row.seen = row.facts().cloned();
                row.state = PaymentState::InDoubt;
                row.words = "The register stopped while the terminal was at it.".to_owned();
                row.may_ask = true;
                tell(tx, "in_doubt", row, now)?;
            }
            tx.set_payment(row)?;
        }
        tx.fail_running_reports("The register stopped meanwhile: look at the terminal.")?;
        Ok(rows)
    })?;
    for row in unsettled {
        if !row.state.is_open() {
            settle(app, row.tender)?;
        }
    }
    Ok(())
}

/// Has other programs told of a payment: it is `in_doubt` from now on, or was until now and is `settled`.
pub(super) fn tell(
    tx: &Tx<'_>,
    verb: &str,
    row: &PaymentRow,
    now_ms: i64,
) -> Result<(), StoreError> {
    tx.note_change("card", &row.tender.to_string(), verb, now_ms)
}

/// Puts a payment whose end is known where it belongs.
pub(crate) fn settle(app: &App, id: TenderId) -> Result<(), AppError> {
    let row = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment(id)?))?;
    let Some(row) = row else { return Ok(()) };
    if row.state.is_open() {
        return Ok(());
    }
    if row.state.is_done() && !row.settled && !row.orphaned {
        match row.purpose {
            PaymentPurpose::Pay | PaymentPurpose::PayBack => into_basket(app, &row)?,
            PaymentPurpose::Undo => undo(app, &row)?,
        }
    }
    app.cards.free(row.basket, id);
    app.changed("", &["card", "basket", "register"]);
    Ok(())
}

/// The same for every payment of a basket that somebody takes up again.
pub(crate) fn settle_basket(app: &App, basket: BasketId) -> Result<(), AppError> {
    let rows = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.unsettled_payments()?))?;
    for row in rows.into_iter().filter(|row| row.basket == basket && row.state.is_done()) {
        settle(app, row.tender)?;
    }
    Ok(())
}

/// In the transaction of a sale: its card payments are settled with it.
pub(crate) fn in_sale(tx: &Tx<'_>, sale: &Sale) -> Result<(), AppError> {
    for tender in sale.tenders.iter().filter(|tender| tender.kind == TenderKind::Card) {
        if let Some(mut row) = tx.payment(tender.id)? {
            row.settled = true;
            tx.set_payment(&row)?;
        }
    }
    Ok(())
}

/// The tender that a payment has become.
fn tender_of(row: &PaymentRow) -> Tender {
    let amount = match row.purpose {
        PaymentPurpose::PayBack => row.amount.negated(),
        _ => row.amount,
    };
    Tender {
        id: row.tender,
        kind: TenderKind::Card,
        amount,
        received: amount,
        rounding: Money::zero(amount.currency()),
        state: TenderState::Taken,
        reference: None,
        name: Some(row.terminal.clone()),
        foreign: None,
        refunds: row.refunds.filter(|_| row.purpose == PaymentPurpose::PayBack),
        card: row.facts().cloned().map(Box::new),
    }
}

fn into_basket(app: &App, row: &PaymentRow) -> Result<(), AppError> {
    let Some(shared) = app.baskets.get(row.basket) else { return without_basket(app, row) };
    let mut open = lock(&shared);
    if open.gone {
        drop(open);
        return without_basket(app, row);
    }
    let caller = Caller::at_till(row.actor.clone(), "");
    let mut after: Basket = (*open.basket).clone();
    if !after.tenders().iter().any(|tender| tender.id == row.tender) {
        after.add_tender(tender_of(row), row.at);
    }
    let paid = pay::settle_with(app, &caller, &mut open, after.clone(), row.print);
    let paid = match paid {
        Err(AppError::Store(StoreError::Money(_))) | Ok(None) => None,
        Err(AppError::Store(error)) => return Err(error.into()),
        Ok(Some(sale)) => Some(sale),
        // What stands in the way of the sale (no shift, a coupon that was used up meanwhile) is the
        // cashier's to put right: the money is in the basket.
        Err(reason) => {
            tracing::warn!(%reason, "a paid basket waits");
            None
        }
    };
    if paid.is_none() && *open.basket != after {
        pay::save(app, &mut open, after, None)?;
    }
    app.cards.free(row.basket, row.tender);
    drop(open);
    if paid.is_some() {
        app.changed("", &["basket", "orders", "register", "prints", "customers", "held"]);
        app.wake_printer();
    }
    Ok(())
}

/// The basket is no more: it became a sale with this payment in it, or the payment has no sale.
fn without_basket(app: &App, row: &PaymentRow) -> Result<(), AppError> {
    let (id, basket, at) = (row.tender, row.basket, app.now());
    app.store.write::<_, AppError>(move |tx| {
        let Some(mut row) = tx.payment(id)? else { return Ok(()) };
        if row.settled || row.orphaned {
            return Ok(());
        }
        let sale = tx.sale(SaleId::from(basket))?;
        if sale.is_some_and(|sale| sale.tenders.iter().any(|tender| tender.id == id)) {
            row.settled = true;
        } else {
            row.orphaned = true;
            let found = CardPaymentOrphaned { payment: row.for_journal(), at };
            tx.append(at.utc_ms, &Entry::CardPaymentOrphaned(found))?;
        }
        Ok(tx.set_payment(&row)?)
    })
}

/// A payment was given back at its terminal: it goes out of its basket, or out of the list of those
/// without a sale.
fn undo(app: &App, row: &PaymentRow) -> Result<(), AppError> {
    let Some(original) = row.refunds else { return settled_only(app, row.tender) };
    if let Some(shared) = app.baskets.get(row.basket) {
        let mut open = lock(&shared);
        if !open.gone && open.basket.tenders().iter().any(|tender| tender.id == original) {
            take_out(app, &mut open, row, original)?;
            app.cards.free(row.basket, row.tender);
            return Ok(());
        }
    }
    given_back(app, row.tender, original)
}

fn take_out(
    app: &App,
    open: &mut Open,
    row: &PaymentRow,
    original: TenderId,
) -> Result<(), AppError> {
    let mut after = (*open.basket).clone();
    let Some(tender) = after.remove_tender(original) else { return Ok(()) };
    let at = app.now();
    let undone = TenderUndone { basket: after.id(), at, actor: row.actor.clone(), tender };
    pay::save(app, open, after, Some((undone, vec![row.tender, original])))
}

/// A payment without a sale was given back.
fn given_back(app: &App, reversal: TenderId, original: TenderId) -> Result<(), AppError> {
    let at = app.now();
    app.store.write::<_, AppError>(move |tx| {
        let Some(mut back) = tx.payment(reversal)? else { return Ok(()) };
        if let Some(mut first) = tx.payment(original)?.filter(|row| row.orphaned && !row.settled) {
            let payment = first.for_journal();
            let actor = back.actor.clone();
            let entry = CardPaymentReversed { payment, actor, at };
            tx.append(at.utc_ms, &Entry::CardPaymentReversed(entry))?;
            first.settled = true;
            tx.set_payment(&first)?;
        }
        back.settled = true;
        Ok(tx.set_payment(&back)?)
    })
}

fn settled_only(app: &App, id: TenderId) -> Result<(), AppError> {
    app.store.write::<_, AppError>(move |tx| {
        if let Some(mut row) = tx.payment(id)? {
            row.settled = true;
            tx.set_payment(&row)?;
        }
        Ok(())
    })
}
