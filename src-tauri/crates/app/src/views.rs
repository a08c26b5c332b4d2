//! What clients see of a basket or a sale.

use std::collections::BTreeMap;

use countertop_domain::basket::{Basket, Line, Renewed};
use countertop_domain::cash_rounding::asked;
use countertop_domain::customer::CustomerRef;
use countertop_domain::discount::{Discount, Reduction};
use countertop_domain::pricing::{self, Adjustment, AdjustmentKind, Settled, SettledLine, TaxSum};
use countertop_domain::returns::{Origin, ReturnLine};
use countertop_domain::sale::{Sale, SaleLine};
use countertop_domain::tax::TaxMode;
use countertop_domain::tender::{Tender, TenderKind, quick_cash};
use countertop_store::{JobContent, JobStatus, PrintJob};

use crate::app::App;
use crate::cards;
use crate::error::AppError;
use crate::wire::{
    AdjustmentView, BasketView, BuyerView, CouponView, DiscountView, ForeignView, HeldOrderBrief,
    LineView, OriginView, PayWith, PrintStatus, QuickCash, ReceiptRef, ReductionView, RenewedLine,
    RenewedView, ReturnView, SaleView, TaxView, TenderView, UndoView,
};

pub(crate) fn basket_view(app: &App, basket: &Basket) -> Result<BasketView, AppError> {
    let settled = app.settle(basket)?;
    settled_view(app, basket, &settled)
}

pub(crate) fn settled_view(
    app: &App,
    basket: &Basket,
    settled: &Settled,
) -> Result<BasketView, AppError> {
    let due = pricing::due(basket, settled)?;
    let rounding = app.shop().money.cash_rounding;
    let cash_due = asked(due, rounding)?;
    let mut cash = Vec::new();
    if !due.is_negative() {
        for amount in quick_cash(due, rounding) {
            let change = amount.minus(cash_due)?.minor();
            cash.push(QuickCash { amount: amount.minor(), change });
        }
    }
    Ok(BasketView {
        id: basket.id(),
        lines: basket.lines().iter().zip(&settled.lines).map(line_view).collect(),
        returns: basket.returns().iter().map(return_view).collect(),
        taxes: settled.taxes.iter().map(tax_view).collect(),
        reductions: reductions(settled.lines.iter().flat_map(|line| &line.adjustments)),
        customer: basket.customer().map(buyer_view),
        position: basket.position().map(str::to_owned),
        discount: basket.discount().map(discount_view),
        coupons: coupons(app, basket, settled),
        order: held_order(app, basket)?,
        renewed: basket.renewed().map(|renewed| renewed_view(renewed, settled)),
        total: settled.total.minor(),
        tip: basket.tip().map_or(0, |tip| tip.minor()),
        tenders: tender_views(basket.tenders())?,
        due: due.minor(),
        cash_due: cash_due.minor(),
        quick_cash: cash,
        undo: basket.last_step().map(|step| UndoView { kind: step.kind, name: step.name.clone() }),
        parked: u32::try_from(app.baskets.parked_count()).unwrap_or(u32::MAX),
        card: cards::of_basket(app, basket.id())?,
    })
}

fn held_order(app: &App, basket: &Basket) -> Result<Option<HeldOrderBrief>, AppError> {
    let Some(id) = basket.order else { return Ok(None) };
    let number = crate::held::number_of(app, id)?;
    Ok(Some(HeldOrderBrief { id, number }))
}

fn renewed_view(renewed: &Renewed, settled: &Settled) -> RenewedView {
    let then = |line: &SettledLine| renewed.lines.iter().find(|(id, _)| *id == line.line);
    let lines = settled.lines.iter().filter_map(|line| {
        let (line_id, agreed) = then(line)?;
        Some(RenewedLine { line_id: *line_id, agreed: agreed.minor(), now: line.total.minor() })
    });
    RenewedView { agreed: renewed.agreed.minor(), lines: lines.collect() }
}

fn line_view((line, settled): (&Line, &SettledLine)) -> LineView {
    let over = line.price_override.as_ref();
    let changed = settled.list_price.is_some_and(|list| list != settled.unit_price);
    LineView {
        id: line.id,
        variant_id: line.sellable.variant,
        item_id: line.sellable.item,
        name: line.sellable.name.clone(),
        quantity: line.quantity.thousandths(),
        unit: line.sellable.unit.name().to_owned(),
        unit_price: settled.unit_price.minor(),
        list_price: settled.list_price.filter(|_| changed).map(|price| price.minor()),
        price_reason: over.map(|o| o.reason.clone()).filter(|reason| !reason.is_empty()),
        note: line.note.clone(),
        gross: settled.gross.minor(),
        adjustments: settled.adjustments.iter().map(adjustment_view).collect(),
        discount: line.discount.as_ref().map(discount_view),
        gift_card: line.gift_card.clone(),
        lot: line.label.lot.clone(),
        serial: line.label.serial.clone(),
        best_before: line.label.best_before.map(|day| day.to_string()),
        origin: None,
        return_reason: String::new(),
        total: settled.total.minor(),
    }
}

fn return_view(line: &ReturnLine) -> ReturnView {
    ReturnView {
        id: line.id,
        origin: line.origin.as_ref().map(origin_view),
        name: line.name.clone(),
        quantity: line.quantity.thousandths(),
        unit: line.unit.name().to_owned(),
        total: line.total.minor(),
        reason: line.reason.clone(),
    }
}

fn origin_view(origin: &Origin) -> OriginView {
    OriginView { sale_id: origin.sale, receipt: origin.receipt.clone(), line_id: origin.line }
}

fn buyer_view(customer: &CustomerRef) -> BuyerView {
    BuyerView {
        id: customer.id,
        name: customer.name.clone(),
        groups: customer.groups.clone(),
        tax_exempt: customer.tax_exempt,
    }
}

fn discount_view(discount: &Discount) -> DiscountView {
    let (percent, amount) = match discount.reduction {
        Reduction::Percent(percent) => (Some(percent.value().to_string()), None),
        Reduction::Amount(amount) => (None, Some(amount.minor())),
    };
    DiscountView { percent, amount, reason: discount.reason.clone() }
}

/// The kind of a rule, as the wire names it.
pub(crate) const fn adjustment_name(kind: AdjustmentKind) -> &'static str {
    match kind {
        AdjustmentKind::PriceBook => "price_book",
        AdjustmentKind::Override => "override",
        AdjustmentKind::Promotion => "promotion",
        AdjustmentKind::Coupon => "coupon",
        AdjustmentKind::LineDiscount => "line_discount",
        AdjustmentKind::BasketDiscount => "basket_discount",
        AdjustmentKind::Position => "position",
    }
}

pub(crate) fn adjustment_view(adjustment: &Adjustment) -> AdjustmentView {
    AdjustmentView {
        kind: adjustment_name(adjustment.kind).to_owned(),
        name: adjustment.name.clone(),
        percent: adjustment.percent.map(|percent| percent.value().to_string()),
        amount: adjustment.amount.minor(),
    }
}

/// What each rule took off over all lines. Other prices are no reduction: the line shows them.
fn reductions<'a>(adjustments: impl Iterator<Item = &'a Adjustment>) -> Vec<ReductionView> {
    let mut order: Vec<(AdjustmentKind, &str)> = Vec::new();
    let mut sums: BTreeMap<usize, i64> = BTreeMap::new();
    for adjustment in adjustments {
        if matches!(adjustment.kind, AdjustmentKind::PriceBook | AdjustmentKind::Override) {
            continue;
        }
        let key = (adjustment.kind, adjustment.name.as_str());
        let index = order.iter().position(|known| *known == key).unwrap_or_else(|| {
            order.push(key);
            order.len() - 1
        });
        let sum = sums.entry(index).or_default();
        *sum = sum.saturating_add(adjustment.amount.minor());
    }
    order
        .into_iter()
        .zip(sums.into_values())
        .map(|((kind, name), amount)| ReductionView {
            kind: adjustment_name(kind).to_owned(),
            name: name.to_owned(),
            amount,
        })
        .collect()
}

fn coupons(app: &App, basket: &Basket, settled: &Settled) -> Vec<CouponView> {
    if basket.coupons().is_empty() {
        return Vec::new();
    }
    let rules = app.rules();
    let view = |coupon: &countertop_domain::basket::Coupon| {
        let promotion = rules.promotions().iter().find(|p| p.id == coupon.promotion);
        let effects = settled
            .lines
            .iter()
            .flat_map(|line| &line.adjustments)
            .filter(|a| a.kind == AdjustmentKind::Coupon && a.id == coupon.code);
        CouponView {
            code: coupon.code.clone(),
            name: promotion.map(|p| p.name.clone()).unwrap_or_default(),
            amount: effects.fold(0, |sum, effect| sum.saturating_add(effect.amount.minor())),
        }
    };
    basket.coupons().iter().map(view).collect()
}

fn tax_view(sum: &TaxSum) -> TaxView {
    TaxView {
        name: sum.tax.name.clone(),
        rate: sum.tax.rate_text(),
        inclusive: sum.tax.mode == TaxMode::Inclusive,
        base: sum.base.minor(),
        amount: sum.amount.minor(),
    }
}

pub(crate) fn tender_views(tenders: &[Tender]) -> Result<Vec<TenderView>, AppError> {
    tenders.iter().map(tender_view).collect()
}

fn tender_view(tender: &Tender) -> Result<TenderView, AppError> {
    Ok(TenderView {
        id: tender.id,
        kind: pay_with(tender.kind),
        amount: tender.amount.minor(),
        received: tender.received.minor(),
        change: tender.change()?.minor(),
        rounding: tender.rounding.minor(),
        refunded: 0,
        pending: tender.is_pending(),
        reference: tender.reference.clone(),
        name: tender.name.clone(),
        foreign: tender.foreign.as_ref().map(|foreign| ForeignView {
            currency: foreign.received.currency().code().to_owned(),
            exponent: foreign.received.currency().exponent(),
            received: foreign.received.minor(),
            rate: foreign.rate.to_string(),
        }),
        card: tender.card.as_deref().map(cards::card_view),
    })
}

pub(crate) const fn pay_with(kind: TenderKind) -> PayWith {
    match kind {
        TenderKind::Cash => PayWith::Cash,
        TenderKind::CardExternal => PayWith::CardExternal,
        TenderKind::Card => PayWith::Card,
        TenderKind::ForeignCash => PayWith::ForeignCash,
        TenderKind::GiftCard => PayWith::GiftCard,
        TenderKind::StoreCredit => PayWith::StoreCredit,
        TenderKind::OnAccount => PayWith::OnAccount,
        TenderKind::Voucher => PayWith::Voucher,
        TenderKind::BankTransfer => PayWith::BankTransfer,
        TenderKind::Wallet => PayWith::Wallet,
        TenderKind::Deposit => PayWith::Deposit,
        TenderKind::Custom => PayWith::Custom,
    }
}

pub(crate) const fn tender_kind(pay: PayWith) -> TenderKind {
    match pay {
        PayWith::Cash => TenderKind::Cash,
        PayWith::CardExternal => TenderKind::CardExternal,
        PayWith::Card => TenderKind::Card,
        PayWith::ForeignCash => TenderKind::ForeignCash,
        PayWith::GiftCard => TenderKind::GiftCard,
        PayWith::StoreCredit => TenderKind::StoreCredit,
        PayWith::OnAccount => TenderKind::OnAccount,
        PayWith::Voucher => TenderKind::Voucher,
        PayWith::BankTransfer => TenderKind::BankTransfer,
        PayWith::Wallet => TenderKind::Wallet,
        PayWith::Deposit => TenderKind::Deposit,
        PayWith::Custom => TenderKind::Custom,
    }
}

/// A sale, with its print jobs and the receipts that refunded it.
pub(crate) fn sale_view(
    sale: &Sale,
    jobs: &[PrintJob],
    refunded_by: Vec<ReceiptRef>,
) -> Result<SaleView, AppError> {
    Ok(SaleView {
        id: sale.id,
        receipt: sale.receipt.to_string(),
        at: sale.at.utc_ms,
        local_time: sale.at.local_text(),
        business_day: sale.business_day.to_string(),
        cashier: sale.actor.name.clone(),
        customer: sale.customer.as_ref().map(buyer_view),
        lines: sale.lines.iter().map(sale_line_view).collect(),
        taxes: sale.taxes.iter().map(tax_view).collect(),
        tenders: tender_views(&sale.tenders)?,
        net: sale.net.minor(),
        total: sale.total.minor(),
        discount: sale.discount.minor(),
        tip: sale.tip.map_or(0, |tip| tip.minor()),
        cash_rounding: sale.cash_rounding()?.minor(),
        change: sale.change.minor(),
        refunded_by,
        print: jobs
            .iter()
            .rev()
            .find(|job| job.content != JobContent::Drawer)
            .map_or(PrintStatus::None, |job| print_status(job.status)),
    })
}

fn sale_line_view(line: &SaleLine) -> LineView {
    let changed = line.list_price.is_some_and(|list| list != line.unit_price);
    LineView {
        id: line.id,
        variant_id: line.variant,
        item_id: line.item,
        name: line.name.clone(),
        quantity: line.quantity.thousandths(),
        unit: line.unit.name().to_owned(),
        unit_price: line.unit_price.minor(),
        list_price: line.list_price.filter(|_| changed).map(|price| price.minor()),
        price_reason: line.price_reason.clone().filter(|reason| !reason.is_empty()),
        note: line.note.clone(),
        gross: line.gross.minor(),
        adjustments: line.adjustments.iter().map(adjustment_view).collect(),
        discount: None,
        gift_card: line.gift_card.clone(),
        lot: line.label.lot.clone(),
        serial: line.label.serial.clone(),
        best_before: line.label.best_before.map(|day| day.to_string()),
        origin: line.origin.as_ref().map(origin_view),
        return_reason: line.return_reason.clone(),
        total: line.total.minor(),
    }
}

pub(crate) const fn print_status(status: JobStatus) -> PrintStatus {
    match status {
        JobStatus::Waiting => PrintStatus::Waiting,
        JobStatus::Printing => PrintStatus::Printing,
        JobStatus::Printed => PrintStatus::Printed,
        JobStatus::Parked => PrintStatus::Parked,
        JobStatus::SetAside => PrintStatus::None,
    }
}
