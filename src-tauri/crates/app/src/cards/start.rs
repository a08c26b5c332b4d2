//! Beginning a payment at a terminal: checked, written down, then told to the terminal's thread.

use countertop_domain::basket::Basket;
use countertop_domain::card::CardPaymentKind;
use countertop_domain::ids::{BasketId, DeviceId, TenderId};
use countertop_domain::money::Money;
use countertop_domain::pricing;
use countertop_domain::sale::SaleError;
use countertop_domain::tender::{Offer, PayOut, Tender, TenderKind, pay_out, take};
use countertop_store::{DeviceKind, DeviceRow, PaymentPurpose, PaymentRow, PaymentState};

use super::terminal::Ask;
use super::view::status_of;
use super::{Stage, TerminalLine, must_be_free};
use crate::app::{App, Caller};
use crate::customers;
use crate::error::AppError;
use crate::open_baskets::{Open, lock};
use crate::payment_requests;
use crate::tendering::originals;
use crate::wire::{AttemptView, RefundCard, ReverseCard, StartCard};

/// Charges a card.
pub(crate) fn start(
    app: &App,
    caller: &Caller,
    request: StartCard,
) -> Result<AttemptView, AppError> {
    let amount = app.money(request.amount)?;
    let asked = Asked {
        tender: request.tender_id,
        basket: request.basket_id,
        kind: CardPaymentKind::Charge,
        purpose: PaymentPurpose::Pay,
        receipt: None,
        refunds: None,
        amount,
        print: request.print,
    };
    if let Some(known) = known(app, &asked, caller)? {
        return Ok(known);
    }
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    let open = lock(&shared);
    let due = payable(app, &open)?;
    payment_requests::allows(app, request.basket_id, TenderKind::Card)?;
    take(Offer::new(request.tender_id, TenderKind::Card, amount), due, None)?;
    let (terminal, line) = terminal(app, request.terminal_id)?;
    begin(app, caller, &open, asked, &terminal, &line)?;
    drop(open);
    begun(app, caller, request.tender_id)
}

/// Gives money back to a card: to the terminal that took it, as a reversal where all of it goes back
/// on the same day, else as a refund.
pub(crate) fn refund(
    app: &App,
    caller: &Caller,
    request: RefundCard,
) -> Result<AttemptView, AppError> {
    let amount = app.money(request.amount)?;
    let mut asked = Asked {
        tender: request.tender_id,
        basket: request.basket_id,
        kind: CardPaymentKind::Refund,
        purpose: PaymentPurpose::PayBack,
        receipt: None,
        refunds: Some(request.refunds),
        amount,
        print: request.print,
    };
    if let Some(known) = known(app, &asked, caller)? {
        return Ok(known);
    }
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    let open = lock(&shared);
    let due = payable(app, &open)?;
    let left = originals(app, &open.basket)?;
    let left = left
        .iter()
        .find(|left| left.tender.id == request.refunds && left.tender.kind == TenderKind::Card)
        .ok_or(AppError::no_tender())?;
    let wish = PayOut::new(request.tender_id, TenderKind::Card, amount).back_to(left);
    pay_out(wish, due, None)?;
    let first = app.store.read::<_, AppError>(|s| Ok(s.payment(request.refunds)?))?;
    let at_terminal = request.terminal_id.or(first.as_ref().map(|row| row.device));
    let (terminal, line) = terminal(app, at_terminal)?;
    (asked.kind, asked.receipt) =
        way_back(app, &left.tender, first.as_ref(), amount, &terminal, &line)?;
    begin(app, caller, &open, asked, &terminal, &line)?;
    drop(open);
    begun(app, caller, request.tender_id)
}

/// Takes a card payment of an open basket back, at its terminal. It stays in the basket until the
/// terminal has given it back.
pub(crate) fn take_back(
    app: &App,
    caller: &Caller,
    open: &Open,
    tender: &Tender,
) -> Result<(), AppError> {
    if tender.amount.is_negative() {
        return Err(AppError::BadText {
            reason: "the card has that money already: charge it again if the goods stay".to_owned(),
        });
    }
    let first = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment(tender.id)?))?;
    let (terminal, line) = terminal(app, first.as_ref().map(|row| row.device))?;
    let amount = tender.amount;
    let (kind, receipt) = way_back(app, tender, first.as_ref(), amount, &terminal, &line)?;
    let id = TenderId::new(app.ids.next());
    let asked = Asked {
        tender: id,
        basket: open.basket.id(),
        kind,
        purpose: PaymentPurpose::Undo,
        receipt,
        refunds: Some(tender.id),
        amount,
        print: false,
    };
    begin(app, caller, open, asked, &terminal, &line)?;
    app.changed(&caller.client, &["card"]);
    Ok(())
}

/// Gives a payment that has no sale back, at its terminal.
pub(crate) fn reverse(
    app: &App,
    caller: &Caller,
    request: ReverseCard,
) -> Result<AttemptView, AppError> {
    let first = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.payment(request.tender_id)?))?
        .ok_or(AppError::no_tender())?;
    if let Some(begun) =
        app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment(request.reversal_id)?))?
    {
        return status_of(app, caller, &begun);
    }
    if !first.orphaned || first.settled || first.purpose != PaymentPurpose::Pay {
        return Err(AppError::BadText {
            reason: "only a payment that has no sale is given back this way".to_owned(),
        });
    }
    must_be_free(app, first.basket)?;
    let (terminal, line) = terminal(app, Some(first.device))?;
    let (kind, receipt) = back_at(app, &first, first.amount, &terminal, &line)?;
    let asked = Asked {
        tender: request.reversal_id,
        basket: first.basket,
        kind,
        purpose: PaymentPurpose::Undo,
        receipt,
        refunds: Some(first.tender),
        amount: first.amount,
        print: false,
    };
    write_and_tell(app, caller, "", None, asked, &terminal, &line)?;
    begun(app, caller, request.reversal_id)
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Asked {
    tender: TenderId,
    basket: BasketId,
    kind: CardPaymentKind,
    purpose: PaymentPurpose,
    receipt: Option<u32>,
    refunds: Option<TenderId>,
    amount: Money,
    print: bool,
}

/// The same payment asked for again: a lost answer costs nothing, and a card is charged once.
fn known(app: &App, asked: &Asked, caller: &Caller) -> Result<Option<AttemptView>, AppError> {
    let row = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.payment(asked.tender)?))?;
    let Some(row) = row else { return Ok(None) };
    let same = row.basket == asked.basket
        && row.purpose == asked.purpose
        && row.amount == asked.amount
        && row.refunds == asked.refunds;
    if !same {
        return Err(AppError::BadRequest {
            command: "card.start",
            reason: "its tender id paid for something else: make a new one".to_owned(),
        });
    }
    status_of(app, caller, &row).map(Some)
}

/// What is left to pay of a basket, if it can be paid now.
fn payable(app: &App, open: &Open) -> Result<Money, AppError> {
    if open.gone {
        return Err(AppError::no_basket());
    }
    must_be_free(app, open.basket.id())?;
    if open.basket.lines().is_empty() && open.basket.returns().is_empty() {
        return Err(SaleError::Empty.into());
    }
    if app.store.read::<_, AppError>(|snapshot| Ok(snapshot.open_shift()?))?.is_none() {
        return Err(AppError::NoShift);
    }
    let settled = app.settle_at(&open.basket, app.now())?;
    Ok(pricing::due(&open.basket, &settled)?)
}

/// The terminal that is meant, or the only one.
fn terminal(app: &App, wanted: Option<DeviceId>) -> Result<(DeviceRow, TerminalLine), AppError> {
    let mut terminals = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.devices()?))?;
    terminals.retain(|row| row.kind == DeviceKind::Terminal);
    let row = match wanted {
        Some(id) => terminals.into_iter().find(|row| row.id == id),
        None if terminals.len() > 1 => {
            return Err(AppError::BadText { reason: "say at which terminal".to_owned() });
        }
        None => terminals.pop(),
    };
    let row = row.ok_or(AppError::NoTerminal)?;
    let line = app.cards.line(row.id).ok_or_else(|| AppError::TerminalNotReady {
        terminal: row.name.clone(),
        words: app.machines.words(row.id),
    })?;
    if line.closing_day.load(std::sync::atomic::Ordering::Acquire) {
        return Err(AppError::TerminalBusy { terminal: row.name });
    }
    Ok((row, line))
}

/// How money goes back to a card at a terminal.
fn way_back(
    app: &App,
    tender: &Tender,
    first: Option<&PaymentRow>,
    amount: Money,
    terminal: &DeviceRow,
    line: &TerminalLine,
) -> Result<(CardPaymentKind, Option<u32>), AppError> {
    match first {
        Some(first) if amount == tender.amount => back_at(app, first, amount, terminal, line),
        _ if line.abilities.refunds => Ok((CardPaymentKind::Refund, None)),
        _ => Err(AppError::CannotRefund { terminal: terminal.name.clone() }),
    }
}

/// The whole of a payment goes back: as a reversal on the day of the payment, at the terminal that
/// took it, by the number of its receipt, unless that was refused before; else as a refund.
fn back_at(
    app: &App,
    first: &PaymentRow,
    amount: Money,
    terminal: &DeviceRow,
    line: &TerminalLine,
) -> Result<(CardPaymentKind, Option<u32>), AppError> {
    let before = app.store.read::<_, AppError>(|s| Ok(s.payments_back_of(first.tender)?))?;
    let refused = before
        .iter()
        .any(|b| b.kind == CardPaymentKind::Reversal && b.state == PaymentState::Declined);
    let receipt = first.facts().and_then(|facts| facts.receipt);
    let same_day = first.at.local_day() == app.now().local_day()
        && !app.store.read::<_, AppError>(|s| Ok(s.day_ended_since(terminal.id, first.at)?))?;
    let whole = amount == first.amount && first.device == terminal.id;
    if line.abilities.reverses
        && whole
        && same_day
        && !(refused && line.abilities.refunds)
        && let Some(receipt) = receipt
    {
        return Ok((CardPaymentKind::Reversal, Some(receipt)));
    }
    if line.abilities.refunds {
        return Ok((CardPaymentKind::Refund, None));
    }
    Err(AppError::CannotRefund { terminal: terminal.name.clone() })
}

/// Writes the payment with its basket, holds the basket, and tells the terminal's thread.
fn begin(
    app: &App,
    caller: &Caller,
    open: &Open,
    asked: Asked,
    terminal: &DeviceRow,
    line: &TerminalLine,
) -> Result<(), AppError> {
    must_be_free(app, asked.basket)?;
    app.store.read(|snapshot| customers::is_new(snapshot, "card.start", asked.tender))?;
    let basket = std::sync::Arc::clone(&open.basket);
    write_and_tell(app, caller, &open.client, Some(basket), asked, terminal, line)
}

fn write_and_tell(
    app: &App,
    caller: &Caller,
    client: &str,
    basket: Option<std::sync::Arc<Basket>>,
    asked: Asked,
    terminal: &DeviceRow,
    line: &TerminalLine,
) -> Result<(), AppError> {
    let (device, name, at) = (terminal.id, terminal.name.clone(), app.now());
    let (actor, client) = (caller.actor.clone(), client.to_owned());
    app.store.write::<_, AppError>(move |tx| {
        let open = tx.unsettled_payments()?;
        let mut open = open.iter().filter(|row| row.state.is_open());
        if let Some(row) = open.find(|row| row.device == device || row.basket == asked.basket) {
            return Err(AppError::CardOpen {
                terminal: row.terminal.clone(),
                in_doubt: row.state == PaymentState::InDoubt,
            });
        }
        tx.add_payment(&PaymentRow {
            tender: asked.tender,
            basket: asked.basket,
            device,
            terminal: name,
            kind: asked.kind,
            purpose: asked.purpose,
            receipt: asked.receipt,
            refunds: asked.refunds,
            amount: asked.amount,
            at,
            last_known: tx.terminal_mark(device)?,
            state: PaymentState::Sent,
            told: None,
            words: String::new(),
            may_ask: true,
            seen: None,
            reason: String::new(),
            actor,
            client: client.clone(),
            print: asked.print,
            orphaned: false,
            settled: false,
        })?;
        if let Some(basket) = basket {
            tx.put_basket(&client, &basket)?;
        }
        Ok(())
    })?;
    app.cards.hold(asked.basket, asked.tender);
    app.cards.set_stage(asked.tender, Stage::Sending);
    // A thread that is gone is found at the next start, which asks the terminal.
    if line.tell.send(Ask::Run(asked.tender)).is_err() {
        tracing::error!(terminal = %terminal.name, "the terminal's thread is gone");
    }
    Ok(())
}

fn begun(app: &App, caller: &Caller, id: TenderId) -> Result<AttemptView, AppError> {
    app.changed(&caller.client, &["card", "basket", "register"]);
    let row = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.payment(id)?))?
        .ok_or(AppError::no_tender())?;
    status_of(app, caller, &row)
}
