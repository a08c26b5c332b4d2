//! Refunds that a program asks for: the same as at the till, without a screen.

use std::sync::{Arc, PoisonError};

use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{BasketId, LineId, SaleId, TenderId};
use countertop_domain::money::Money;
use countertop_domain::pricing;
use countertop_domain::quantity::Quantity;
use countertop_domain::returns::{self, TenderLeft};
use countertop_domain::sale::{Sale, SaleError};
use countertop_domain::staff::Right;
use countertop_domain::tender::{PayOut, Tender, TenderKind, most_to_pay_out, pay_out};

use crate::app::require;
use crate::app::{App, Caller};
use crate::credit::new_code;
use crate::error::AppError;
use crate::open_baskets::Open;
use crate::pay::settle_with;
use crate::returns::{Sold, needed};
use crate::sales::{self, Ticket};

/// How the money goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundTo {
    /// As it came.
    Original,
    /// As store credit: the customer's own, or that of a new code.
    StoreCredit,
}

/// What is to go back.
#[derive(Clone, Debug)]
pub struct RefundRequest {
    /// Of which sale.
    pub sale: SaleId,
    /// Its lines, and how much of each; none for all that has not come back yet.
    pub lines: Vec<(LineId, Quantity)>,
    /// Why; needed.
    pub reason: String,
    /// How the money goes back.
    pub to: RefundTo,
}

/// Takes goods of a sale back and pays for them. The refund's id is its client's: the same request sent
/// twice is answered with the refund that it became.
///
/// # Errors
/// No such sale or line, more than is left, a payment that goes back only at its terminal, no open
/// shift, an id that became something else, or a right.
pub fn refund(
    app: &App,
    caller: &Caller,
    id: SaleId,
    request: &RefundRequest,
) -> Result<Ticket, AppError> {
    require(caller, Right::Refund)?;
    if request.to == RefundTo::StoreCredit {
        require(caller, Right::RefundToCredit)?;
    }
    let reason = needed(&request.reason)?;
    let turn = app.refund_turn.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = app.store.read::<_, AppError>(|snapshot| Ok(snapshot.sale(id)?))? {
        is_the_same(&made, request)?;
        drop(turn);
        return sales::get(app, caller, id);
    }
    let sold = app.store.read(|snapshot| Sold::read(snapshot, request.sale))?;
    let mut basket = Basket::new(BasketId::new(id.uuid()));
    basket.apply(Change::SetCustomer(sold.sale.customer.clone()))?;
    for (line, quantity) in wanted(&sold, &request.lines)? {
        let new = LineId::new(app.ids.next());
        let back = returns::give_back(
            &sold.sale,
            &sold.refunds,
            basket.returns(),
            line,
            quantity,
            new,
            &reason,
        )?;
        basket.apply(Change::AddReturn(Box::new(back)))?;
    }
    if basket.returns().is_empty() {
        return Err(SaleError::Empty.into());
    }
    pay_back(app, &sold, &mut basket, request.to)?;
    let before = Arc::new(Basket::new(basket.id()));
    let mut open = Open { client: caller.client.clone(), basket: before, gone: false };
    if settle_with(app, caller, &mut open, basket, false)?.is_none() {
        return Err(needs_terminal(&sold.sale));
    }
    drop(turn);
    app.changed(&caller.client, &["orders", "register", "prints", "customers"]);
    app.wake_printer();
    sales::get(app, caller, id)
}

/// The lines that are to come back, with how much of each.
fn wanted(sold: &Sold, lines: &[(LineId, Quantity)]) -> Result<Vec<(LineId, Quantity)>, AppError> {
    if !lines.is_empty() {
        return Ok(lines.to_vec());
    }
    let left = returns::returnable(&sold.sale, &sold.refunds, &[])?.into_iter();
    Ok(left.filter(|l| l.quantity.thousandths() > 0).map(|l| (l.line, l.quantity)).collect())
}

/// Adds the payments that bring what is due to nothing.
fn pay_back(app: &App, sold: &Sold, basket: &mut Basket, to: RefundTo) -> Result<(), AppError> {
    let at = app.now();
    let rounding = app.shop().money.cash_rounding;
    let settled = app.settle_at(basket, at)?;
    let mut due = pricing::due(basket, &settled)?;
    if to == RefundTo::StoreCredit && due.is_negative() {
        let customer = basket.customer().map(|customer| customer.id.to_string());
        let mut wish =
            PayOut::new(TenderId::new(app.ids.next()), TenderKind::StoreCredit, due.negated());
        wish.reference = Some(customer.unwrap_or_else(|| new_code(app)));
        basket.add_tender(pay_out(wish, due, rounding)?, at);
        return Ok(());
    }
    for original in sold.tenders_left(&[])? {
        if !due.is_negative() {
            break;
        }
        if original.left.is_zero() || original.goes_back_as() == TenderKind::Card {
            continue;
        }
        let tender = back_to(app, &original, due, rounding)?;
        due = due.minus(tender.amount)?;
        basket.add_tender(tender, at);
    }
    if due.is_negative() {
        return Err(needs_terminal(&sold.sale));
    }
    Ok(())
}

fn back_to(
    app: &App,
    original: &TenderLeft,
    due: Money,
    rounding: Option<countertop_domain::cash_rounding::CashRounding>,
) -> Result<Tender, AppError> {
    let kind = original.goes_back_as();
    let wished = most_to_pay_out(kind, due, Some(original), rounding)?;
    let wish = PayOut {
        reference: original.tender.reference.clone(),
        name: original.tender.name.clone(),
        ..PayOut::new(TenderId::new(app.ids.next()), kind, wished).back_to(original)
    };
    Ok(pay_out(wish, due, rounding)?)
}

fn needs_terminal(sale: &Sale) -> AppError {
    AppError::Conflict {
        code: "needs_terminal",
        reason: format!(
            "receipt {} was paid by card at a terminal, and money goes back to a card only there: \
             refund it at the till, or to store credit",
            sale.receipt
        ),
    }
}

/// Refuses an id that became another refund, or a sale.
fn is_the_same(made: &Sale, request: &RefundRequest) -> Result<(), AppError> {
    let of_sale = made
        .lines
        .iter()
        .all(|line| line.origin.as_ref().is_some_and(|origin| origin.sale == request.sale));
    let lines = request.lines.iter().all(|(asked, quantity)| {
        made.lines.iter().any(|line| {
            line.quantity == quantity.negated()
                && line.origin.as_ref().is_some_and(|origin| origin.line == *asked)
        })
    });
    if of_sale && lines {
        return Ok(());
    }
    Err(AppError::Conflict {
        code: "id_taken",
        reason: "this request's id became another sale: send it with a new Idempotency-Key"
            .to_owned(),
    })
}
