//! What clients see of a basket or a sale.

use countertop_domain::basket::{Basket, Line};
use countertop_domain::pricing::{self, Settled, SettledLine, TaxSum};
use countertop_domain::sale::{Sale, SaleLine};
use countertop_domain::tax::TaxMode;
use countertop_domain::tender::{Tender, TenderKind, quick_cash};
use countertop_store::{JobContent, JobStatus, PrintJob};

use crate::app::App;
use crate::error::AppError;
use crate::wire::{
    BasketView, LineView, PayWith, PrintStatus, QuickCash, SaleView, TaxView, TenderView, UndoView,
};

pub(crate) fn basket_view(app: &App, basket: &Basket) -> Result<BasketView, AppError> {
    let shop = app.shop();
    let settled = pricing::settle(basket, &app.pricing(&shop.taxes))?;
    settled_view(app, basket, &settled)
}

fn settled_view(app: &App, basket: &Basket, settled: &Settled) -> Result<BasketView, AppError> {
    let due = pricing::due(basket, settled)?;
    let mut cash = Vec::new();
    for amount in quick_cash(due) {
        cash.push(QuickCash { amount: amount.minor(), change: amount.minus(due)?.minor() });
    }
    Ok(BasketView {
        id: basket.id(),
        lines: basket.lines().iter().zip(&settled.lines).map(line_view).collect(),
        taxes: settled.taxes.iter().map(tax_view).collect(),
        total: settled.total.minor(),
        tenders: tender_views(basket.tenders())?,
        due: due.minor(),
        quick_cash: cash,
        undo: basket.last_step().map(|step| UndoView { kind: step.kind, name: step.name.clone() }),
        parked: u32::try_from(app.baskets.parked_count()).unwrap_or(u32::MAX),
    })
}

fn line_view((line, settled): (&Line, &SettledLine)) -> LineView {
    let over = line.price_override.as_ref();
    LineView {
        id: line.id,
        variant_id: line.sellable.variant,
        item_id: line.sellable.item,
        name: line.sellable.name.clone(),
        quantity: line.quantity.thousandths(),
        unit: line.sellable.unit.name().to_owned(),
        unit_price: settled.unit_price.minor(),
        list_price: over.and(line.sellable.price).map(|price| price.minor()),
        price_reason: over.map(|o| o.reason.clone()).filter(|reason| !reason.is_empty()),
        note: line.note.clone(),
        total: settled.total.minor(),
    }
}

fn tax_view(sum: &TaxSum) -> TaxView {
    TaxView {
        name: sum.tax.name.clone(),
        rate: sum.tax.rate.value().to_string(),
        inclusive: sum.tax.mode == TaxMode::Inclusive,
        base: sum.base.minor(),
        amount: sum.amount.minor(),
    }
}

fn tender_views(tenders: &[Tender]) -> Result<Vec<TenderView>, AppError> {
    tenders
        .iter()
        .map(|tender| {
            Ok(TenderView {
                id: tender.id,
                kind: pay_with(tender.kind),
                amount: tender.amount.minor(),
                received: tender.received.minor(),
                change: tender.change()?.minor(),
            })
        })
        .collect()
}

pub(crate) const fn pay_with(kind: TenderKind) -> PayWith {
    match kind {
        TenderKind::Cash => PayWith::Cash,
        TenderKind::CardExternal => PayWith::CardExternal,
    }
}

pub(crate) const fn tender_kind(pay: PayWith) -> TenderKind {
    match pay {
        PayWith::Cash => TenderKind::Cash,
        PayWith::CardExternal => TenderKind::CardExternal,
    }
}

pub(crate) fn sale_view(sale: &Sale, jobs: &[PrintJob]) -> Result<SaleView, AppError> {
    Ok(SaleView {
        id: sale.id,
        receipt: sale.receipt.to_string(),
        at: sale.at.utc_ms,
        local_time: sale.at.local_text(),
        business_day: sale.business_day.to_string(),
        cashier: sale.actor.name.clone(),
        lines: sale.lines.iter().map(sale_line_view).collect(),
        taxes: sale.taxes.iter().map(tax_view).collect(),
        tenders: tender_views(&sale.tenders)?,
        net: sale.net.minor(),
        total: sale.total.minor(),
        change: sale.change.minor(),
        print: jobs
            .iter()
            .rev()
            .find(|job| job.content != JobContent::Drawer)
            .map_or(PrintStatus::None, |job| print_status(job.status)),
    })
}

fn sale_line_view(line: &SaleLine) -> LineView {
    let overridden = line.price_reason.is_some();
    LineView {
        id: line.id,
        variant_id: line.variant,
        item_id: line.item,
        name: line.name.clone(),
        quantity: line.quantity.thousandths(),
        unit: line.unit.name().to_owned(),
        unit_price: line.unit_price.minor(),
        list_price: line.list_price.filter(|_| overridden).map(|price| price.minor()),
        price_reason: line.price_reason.clone().filter(|reason| !reason.is_empty()),
        note: line.note.clone(),
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
