//! X and Z reports: a shift's totals as screens show them, and as a column to print.

use countertop_domain::money::{Currency, MoneyError};
use countertop_domain::shift::{
    CashMoveKind, Count, DrawerCash, Pieces, ShiftClose, ShiftOpen, ShiftTotals, TenderTotal,
};
use countertop_domain::time::Timestamp;
use countertop_receipt::report::{ShiftFacts, Stage, of_shift};
use countertop_receipt::{Kind, Letterhead, ReceiptDoc, text};
use countertop_store::SoFar;

use crate::error::AppError;
use crate::wire::{CountView, PiecesView, ShiftReport, TaxRowView, TotalRow};

/// Characters of a line: an 80 mm roll.
const COLUMNS: usize = 48;

/// How a report is printed, besides its figures.
pub(crate) struct Paper<'a> {
    pub(crate) letterhead: &'a Letterhead,
    /// The register's short name.
    pub(crate) register: &'a str,
}

/// Who asks for an X report, and when.
pub(crate) struct Asked<'a> {
    pub(crate) at: Timestamp,
    pub(crate) by: &'a str,
    /// Whoever counts blind is not told what there should be.
    pub(crate) blind: bool,
}

/// The shift so far.
pub(crate) fn x(
    open: &ShiftOpen,
    so_far: &SoFar,
    asked: &Asked<'_>,
    paper: &Paper<'_>,
) -> Result<ShiftReport, AppError> {
    let totals = &so_far.totals;
    let Asked { at, by, blind } = *asked;
    let stage = Stage::Open { totals, at, by, blind };
    let view = ShiftReport {
        grand_total: totals.grand_total_after(so_far.before)?.minor(),
        counts: totals.drawer.iter().map(expected_view).collect(),
        text: text_of(&document(open, stage, paper)?),
        ..figures(open, totals)
    };
    Ok(if blind { ShiftReport { counts: Vec::new(), tenders: Vec::new(), ..view } } else { view })
}

/// The shift as it was closed, from the close alone. The text is made anew unless it is at hand.
pub(crate) fn z(
    open: &ShiftOpen,
    close: &ShiftClose,
    text: Option<String>,
    paper: &Paper<'_>,
) -> Result<ShiftReport, AppError> {
    let made = || document(open, Stage::Closed(close), paper).map(|doc| text_of(&doc));
    let text = text.map_or_else(made, Ok)?;
    Ok(ShiftReport {
        z_number: Some(count(close.z_number)),
        z_name: Some(close.z_name()),
        closed_local: Some(close.at.local_text()),
        closed_by: Some(close.actor.name.clone()),
        counts: close.counts.iter().map(counted_view).collect::<Result<_, _>>()?,
        grand_total: close.grand_total.minor(),
        text,
        ..figures(open, &close.totals)
    })
}

/// An X report as a document.
pub(crate) fn x_document(
    open: &ShiftOpen,
    so_far: &SoFar,
    asked: &Asked<'_>,
    paper: &Paper<'_>,
) -> Result<ReceiptDoc, MoneyError> {
    let Asked { at, by, blind } = *asked;
    document(open, Stage::Open { totals: &so_far.totals, at, by, blind }, paper)
}

/// The report as a document, of which text and paper are made.
pub(crate) fn document(
    open: &ShiftOpen,
    stage: Stage<'_>,
    paper: &Paper<'_>,
) -> Result<ReceiptDoc, MoneyError> {
    let business_day = open.business_day.to_string();
    let facts = ShiftFacts {
        shift: open.shift,
        register: paper.register,
        business_day: &business_day,
        opened_at: open.at,
        opened_by: &open.actor.name,
        float: open.float,
        foreign_float: &open.foreign,
    };
    of_shift(&facts, stage, paper.letterhead, Kind::Original)
}

/// As a column of an 80 mm roll.
pub(crate) fn text_of(document: &ReceiptDoc) -> String {
    text::render(document, COLUMNS)
}

/// What X and Z have in common.
fn figures(open: &ShiftOpen, totals: &ShiftTotals) -> ShiftReport {
    let moves = totals.cash_moves.iter().filter(|row| row.kind != CashMoveKind::NoSale);
    let moves = moves.map(|row| TotalRow {
        kind: row.kind.name().to_owned(),
        name: foreign_code(row.amount.currency(), totals),
        count: count(row.count),
        amount: row.amount.minor(),
    });
    let taxes = totals.taxes.iter().map(|row| TaxRowView {
        name: row.name.clone(),
        rate: row.rate.clone(),
        base: row.base.minor(),
        amount: row.amount.minor(),
    });
    ShiftReport {
        shift_id: open.shift,
        z_number: None,
        z_name: None,
        business_day: open.business_day.to_string(),
        opened_local: open.at.local_text(),
        opened_by: open.actor.name.clone(),
        closed_local: None,
        closed_by: None,
        float: open.float.minor(),
        sales: count(totals.sales),
        refunds: count(totals.refunds),
        takings: totals.takings.minor(),
        net: totals.net.minor(),
        tax: totals.tax.minor(),
        discount: totals.discount.minor(),
        tip: totals.tip.minor(),
        cash_rounding: totals.cash_rounding.minor(),
        voids: count(totals.voids),
        no_sales: count(totals.no_sales),
        tenders: totals.tenders.iter().map(tender_row).collect(),
        taxes: taxes.collect(),
        cash_moves: moves.collect(),
        counts: Vec::new(),
        first_receipt: totals.first_receipt.as_ref().map(ToString::to_string),
        last_receipt: totals.last_receipt.as_ref().map(ToString::to_string),
        grand_total: 0,
        text: String::new(),
    }
}

/// The code of another currency than the register's own.
fn foreign_code(currency: Currency, totals: &ShiftTotals) -> String {
    if currency == totals.home() { String::new() } else { currency.code().to_owned() }
}

fn tender_row(row: &TenderTotal) -> TotalRow {
    TotalRow {
        kind: row.kind.name().to_owned(),
        name: row.name.clone().unwrap_or_default(),
        count: count(row.count),
        amount: row.amount.minor(),
    }
}

fn expected_view(cash: &DrawerCash) -> CountView {
    let currency = cash.amount.currency();
    CountView {
        currency: currency.code().to_owned(),
        exponent: currency.exponent(),
        expected: cash.amount.minor(),
        counted: None,
        over_short: None,
        pieces: Vec::new(),
    }
}

fn counted_view(count: &Count) -> Result<CountView, MoneyError> {
    Ok(CountView {
        currency: count.currency.code().to_owned(),
        exponent: count.currency.exponent(),
        expected: count.expected.minor(),
        counted: Some(count.counted.minor()),
        over_short: Some(count.over_short()?.minor()),
        pieces: count.pieces.iter().map(pieces_view).collect(),
    })
}

fn pieces_view(pieces: &Pieces) -> PiecesView {
    PiecesView { value: pieces.value.minor(), count: pieces.count }
}

/// A number of things; never below nothing.
fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
