//! Taking goods back, and giving baskets up.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{LineId, SaleId};
use countertop_domain::item::Sellable;
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::pricing::Settled;
use countertop_domain::quantity::Quantity;
use countertop_domain::returns::{self, ReturnLine, TenderLeft};
use countertop_domain::sale::{Sale, SaleError};
use countertop_domain::tax::Tax;
use countertop_domain::tender::{Tender, TenderError};
use countertop_domain::voids::{Voided, VoidedLine};
use countertop_store::Snapshot;

use crate::app::{App, Caller};
use crate::cards;
use crate::checkout::{change_basket, current, forget};
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::payment_requests;
use crate::views::pay_with;
use crate::wire::{
    AddReturn, AddReturnUnseen, BasketView, Nothing, Returnable, ReturnableLine, ReturnableTender,
    SaleRequest, VoidBasket,
};

/// Characters of a reason.
const MAX_REASON: usize = 200;

/// A sale with everything that came back of it so far.
pub(crate) struct Sold {
    pub(crate) sale: Sale,
    pub(crate) refunds: Vec<Sale>,
}

impl Sold {
    pub(crate) fn read(snapshot: &Snapshot<'_>, id: SaleId) -> Result<Self, AppError> {
        let sale = snapshot.sale(id)?.ok_or(AppError::no_sale())?;
        let refunds = snapshot.refunds_of(id)?;
        Ok(Self { sale, refunds })
    }

    /// What is left of each payment, after what a basket pays back already.
    pub(crate) fn tenders_left(&self, open: &[Tender]) -> Result<Vec<TenderLeft>, AppError> {
        Ok(returns::tender_shares(&self.sale, &self.refunds, open)?)
    }

    /// Refuses a refund that pays back more of a payment than is left of it.
    pub(crate) fn pays_back(&self, refund: &Sale) -> Result<(), AppError> {
        let left = self.tenders_left(&refund.tenders)?;
        match left.iter().find(|left| left.left.is_negative()) {
            None => Ok(()),
            Some(over) => {
                let before = self.tenders_left(&[])?;
                let left = before.iter().find(|b| b.tender.id == over.tender.id);
                let left = left.map_or(over.left, |before| before.left);
                Err(TenderError::MoreThanPaid { wished: left.minus(over.left)?, left }.into())
            }
        }
    }
}

pub(crate) fn returnable(
    app: &App,
    _: &Caller,
    request: SaleRequest,
) -> Result<Returnable, AppError> {
    let sold = app.store.read(|snapshot| Sold::read(snapshot, request.sale_id))?;
    let left = returns::returnable(&sold.sale, &sold.refunds, &[])?;
    let mut lines = Vec::new();
    for line in sold.sale.lines.iter().filter(|line| line.origin.is_none()) {
        let left = left.iter().find(|left| left.line == line.id);
        lines.push(ReturnableLine {
            line_id: line.id,
            name: line.name.clone(),
            unit: line.unit.name().to_owned(),
            sold: line.quantity.thousandths(),
            left: left.map_or(0, |left| left.quantity.thousandths()),
            amount_left: left.map_or(0, |left| left.total.minor()),
        });
    }
    let tenders = sold.tenders_left(&[])?.into_iter().map(|left| ReturnableTender {
        tender_id: left.tender.id,
        kind: pay_with(left.tender.kind),
        name: left.tender.name,
        reference: left.tender.reference,
        left: left.left_handed.minor(),
    });
    Ok(Returnable {
        sale_id: request.sale_id,
        receipt: sold.sale.receipt.to_string(),
        lines,
        tenders: tenders.collect(),
    })
}

pub(crate) fn add(app: &App, caller: &Caller, request: AddReturn) -> Result<BasketView, AppError> {
    let sold = app.store.read(|snapshot| Sold::read(snapshot, request.sale_id))?;
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    let here = lock(&shared).basket.returns().to_vec();
    let line = returns::give_back(
        &sold.sale,
        &sold.refunds,
        &here,
        request.line_id,
        Quantity::from_thousandths(request.quantity),
        LineId::new(app.ids.next()),
        &reason(&request.reason)?,
    )?;
    let change = Change::AddReturn(Box::new(line));
    change_basket(app, caller, request.basket_id, change).map(|(view, _)| view)
}

/// Goods without a receipt are priced like a sale of today, then turned round: never above today's
/// price, so that nobody is paid more than the goods cost.
pub(crate) fn add_unseen(
    app: &App,
    caller: &Caller,
    request: AddReturnUnseen,
) -> Result<BasketView, AppError> {
    let reason = needed(&request.reason)?;
    let sellable = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.by_variant(request.variant_id)?))?
        .ok_or(AppError::no_item())?;
    let price = request.price.map(|minor| app.money(minor)).transpose()?;
    if let (Some(price), Some(today)) = (price, sellable.price)
        && today.minus(price)?.is_negative()
    {
        return Err(AppError::BadText {
            reason: format!("\"{}\" costs {today} today: give back that or less", sellable.name),
        });
    }
    let quantity = Quantity::from_thousandths(request.quantity);
    let line = unseen(app, sellable, quantity, price, &reason)?;
    let change = Change::AddReturn(Box::new(line));
    change_basket(app, caller, request.basket_id, change).map(|(view, _)| view)
}

fn unseen(
    app: &App,
    sellable: Sellable,
    quantity: Quantity,
    price: Option<Money>,
    reason: &str,
) -> Result<ReturnLine, AppError> {
    let id = LineId::new(app.ids.next());
    let mut basket = Basket::new(countertop_domain::ids::BasketId::new(app.ids.next()));
    basket.apply(Change::Add { line: id, sellable, quantity, price })?;
    let settled = app.settle(&basket)?;
    let (Some(line), Some(priced)) = (basket.lines().first(), settled.lines.first()) else {
        return Err(AppError::no_item());
    };
    let taxes: Vec<Tax> = settled.taxes.iter().map(|sum| sum.tax.clone()).collect();
    Ok(returns::without_receipt(line, priced, &taxes, id, reason))
}

pub(crate) fn void(
    app: &App,
    caller: &Caller,
    request: VoidBasket,
) -> Result<BasketView, AppError> {
    let reason = needed(&request.reason)?;
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    let mut open = lock(&shared);
    if open.gone {
        return Err(AppError::no_basket());
    }
    cards::must_be_free(app, request.basket_id)?;
    payment_requests::must_not_be_asked(app, request.basket_id)?;
    if !open.basket.tenders().is_empty() {
        return Err(countertop_domain::basket::BasketError::PartlyPaid.into());
    }
    if open.basket.is_empty() {
        return Err(SaleError::Empty.into());
    }
    let settled = app.settle(&open.basket)?;
    let mut voided = voided(app, caller, &open.basket, &settled, None)?;
    voided.reason = reason;
    let id = request.basket_id;
    let at = voided.at;
    app.store.write::<_, AppError>(move |tx| {
        voided.shift = tx.open_shift()?.map(|shift| shift.id);
        tx.append(at.utc_ms, &Entry::BasketVoided(voided))?;
        tx.remove_basket(id)?;
        Ok(())
    })?;
    forget(app, &mut open);
    drop(open);
    app.changed(&caller.client, &["basket", "register"]);
    current(app, caller, Nothing {})
}

/// What goes out of a basket, for the journal: all of it, or one line.
pub(crate) fn voided(
    app: &App,
    caller: &Caller,
    basket: &Basket,
    settled: &Settled,
    only: Option<LineId>,
) -> Result<Voided, AppError> {
    let wanted = |id: LineId| only.is_none_or(|only| only == id);
    let sold = basket.lines().iter().zip(&settled.lines).map(|(line, settled)| {
        let name = line.sellable.name.clone();
        (line.id, VoidedLine { name, quantity: line.quantity, total: settled.total })
    });
    let returned = basket.returns().iter().map(|line| {
        let quantity = line.quantity.negated();
        (line.id, VoidedLine { name: line.name.clone(), quantity, total: line.total })
    });
    let lines: Vec<VoidedLine> =
        sold.chain(returned).filter(|(id, _)| wanted(*id)).map(|(_, line)| line).collect();
    let total = Money::sum(app.currency(), lines.iter().map(|line| line.total))?;
    Ok(Voided {
        basket: basket.id(),
        shift: None,
        at: app.now(),
        actor: caller.actor.clone(),
        reason: String::new(),
        lines,
        total,
        after_tender: basket.was_tendered(),
    })
}

fn reason(text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > MAX_REASON || text.chars().any(char::is_control) {
        return Err(AppError::BadText {
            reason: format!("a reason holds up to {MAX_REASON} characters"),
        });
    }
    Ok(text.to_owned())
}

/// A reason that must be given.
pub(crate) fn needed(text: &str) -> Result<String, AppError> {
    let text = reason(text)?;
    if text.is_empty() {
        return Err(AppError::BadText {
            reason: "give a reason: the owner will want to know".to_owned(),
        });
    }
    Ok(text)
}
