//! The X and the Z report of a shift.
//!
//! `report::of_shift(&ShiftFacts, Stage, &Letterhead, Kind) -> Result<ReceiptDoc, MoneyError>`
//!
//! The document goes through the same media as a receipt. Its columns add up: net and tax to the
//! takings; takings, tips, deposits and payments on accounts to the payments by kind; float,
//! customers' cash and movements to the cash that is expected.

use countertop_domain::ids::ShiftId;
use countertop_domain::money::{Currency, Money, MoneyError};
use countertop_domain::shift::{CashMoveKind, Count, DrawerCash, ShiftClose, ShiftTotals};
use countertop_domain::tender::TenderKind;
use countertop_domain::time::Timestamp;

use crate::amount::{NumberFormat, format_amount, format_code, format_total, localised};
use crate::clean::clean;
use crate::doc::{Block, Kind, ReceiptDoc, TaxRow, TaxTable};
use crate::letterhead::Letterhead;
use crate::of_sale::{head, kind_name, rate};
use crate::words::Words;

/// What a report says of its shift besides the totals.
#[derive(Clone, Copy, Debug)]
pub struct ShiftFacts<'a> {
    /// The shift.
    pub shift: ShiftId,
    /// The register's short name, such as `T1`.
    pub register: &'a str,
    /// The day in the books, such as `2026-11-23`.
    pub business_day: &'a str,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// By whom.
    pub opened_by: &'a str,
    /// The change that was put into the drawer, in the shop's currency.
    pub float: Money,
    /// The same in other currencies.
    pub foreign_float: &'a [DrawerCash],
}

/// How far the shift has come.
#[derive(Clone, Copy, Debug)]
pub enum Stage<'a> {
    /// It goes on: an X report.
    Open {
        /// What it came to so far.
        totals: &'a ShiftTotals,
        /// Now.
        at: Timestamp,
        /// Who asks.
        by: &'a str,
        /// Leaves payments and drawer out, for who is to count without knowing what should be
        /// there.
        blind: bool,
    },
    /// It is closed: a Z report, made of the close alone, so that it is the same in ten years.
    Closed(&'a ShiftClose),
}

impl<'a> Stage<'a> {
    const fn totals(self) -> &'a ShiftTotals {
        match self {
            Stage::Open { totals, .. } => totals,
            Stage::Closed(close) => &close.totals,
        }
    }
}

/// The report of a shift on the shop's letterhead.
///
/// # Errors
/// Totals in two currencies, or too large; a shift that was stored has neither.
pub fn of_shift(
    facts: &ShiftFacts<'_>,
    stage: Stage<'_>,
    letterhead: &Letterhead,
    kind: Kind,
) -> Result<ReceiptDoc, MoneyError> {
    let words = &letterhead.words;
    let (title, issued) = match stage {
        Stage::Open { at, .. } => (words.x_report.clone(), at),
        Stage::Closed(close) => (format!("{} {}", words.z_report, close.z_name()), close.at),
    };
    let totals = stage.totals();
    let mut page = Page { facts, totals, words, numbers: &letterhead.numbers, blocks: Vec::new() };
    let banner = (kind == Kind::Copy).then(|| Block::Banner(words.copy.clone()));
    page.blocks.extend(banner.clone());
    page.blocks.extend(head(letterhead));
    page.blocks.push(Block::Title(title.clone()));
    page.blocks.push(Block::Rule);
    page.about(stage);
    page.blocks.push(Block::Rule);
    page.takings()?;
    page.taxes();
    match stage {
        Stage::Open { blind: true, .. } => {}
        Stage::Open { .. } => {
            page.payments()?;
            for cash in &totals.drawer {
                page.drawer(cash.amount, None, Some(cash.value))?;
            }
        }
        Stage::Closed(close) => {
            page.payments()?;
            for count in &close.counts {
                page.drawer(count.expected, Some(count), count.value)?;
            }
        }
    }
    page.incidents();
    if let Stage::Closed(close) = stage {
        page.blocks.push(Block::Rule);
        page.blocks.push(Block::Total {
            label: words.grand_total.clone(),
            amount: format_total(close.grand_total, &letterhead.numbers),
        });
    }
    page.blocks.extend(banner);
    let doc = ReceiptDoc {
        id: facts.shift.to_string(),
        number: title.clone(),
        title,
        shop: letterhead.shop.clone(),
        language: words.language.clone(),
        issued,
        kind,
        blocks: page.blocks,
    };
    Ok(doc.map_text(clean))
}

struct Page<'a> {
    facts: &'a ShiftFacts<'a>,
    totals: &'a ShiftTotals,
    words: &'a Words,
    numbers: &'a NumberFormat,
    blocks: Vec<Block>,
}

impl Page<'_> {
    fn fact(&mut self, label: &str, value: String) {
        self.blocks.push(Block::Fact { label: label.to_owned(), value });
    }

    /// A row that is in no sum.
    fn beside(&mut self, label: &str, amount: String) {
        self.blocks.push(Block::Tender { label: label.to_owned(), amount });
    }

    fn section(&mut self, text: &str) {
        self.blocks.push(Block::Section(text.to_owned()));
    }

    fn amount(&mut self, label: String, amount: Money) {
        let amount = format_amount(amount, self.numbers);
        self.blocks.push(Block::Amount { label, amount });
    }

    /// The same, unless there was nothing of it.
    fn if_any(&mut self, label: &str, amount: Money) {
        if !amount.is_zero() {
            self.amount(label.to_owned(), amount);
        }
    }

    fn subtotal(&mut self, label: &str, amount: Money) {
        let amount = format_amount(amount, self.numbers);
        self.blocks.push(Block::Subtotal { label: label.to_owned(), amount });
    }

    fn about(&mut self, stage: Stage<'_>) {
        let (facts, words) = (self.facts, self.words);
        let moment = |at: Timestamp, by: &str| format!("{}, {by}", at.local_text());
        self.fact(&words.register, facts.register.to_owned());
        self.fact(&words.business_day, facts.business_day.to_owned());
        self.fact(&words.opened, moment(facts.opened_at, facts.opened_by));
        match stage {
            Stage::Open { at, by, .. } => self.fact(&words.as_of, moment(at, by)),
            Stage::Closed(close) => self.fact(&words.closed, moment(close.at, &close.actor.name)),
        }
        if let (Some(first), Some(last)) = (&self.totals.first_receipt, &self.totals.last_receipt) {
            let value =
                if first == last { first.to_string() } else { format!("{first} \u{2013} {last}") };
            self.fact(&words.receipts, value);
        }
        self.fact(&words.sales, self.totals.sales.to_string());
        self.fact(&words.refunds, self.totals.refunds.to_string());
    }

    /// Net and tax make the takings; what else came in makes what there is to account for.
    fn takings(&mut self) -> Result<(), MoneyError> {
        let (totals, words) = (self.totals, self.words);
        self.section(&words.takings);
        self.amount(words.net.clone(), totals.net);
        self.amount(words.tax.clone(), totals.tax);
        self.subtotal(&words.takings, totals.takings);
        let besides = [
            (&words.tips, totals.tip),
            (&words.deposits, totals.deposits),
            (&words.account_payments, totals.account_payments),
        ];
        for (label, amount) in besides {
            self.if_any(label, amount);
        }
        if besides.iter().any(|(_, amount)| !amount.is_zero()) {
            let amounts = besides.into_iter().map(|(_, amount)| amount);
            let all = Money::sum(totals.home(), amounts)?.plus(totals.takings)?;
            self.subtotal(&words.to_account_for, all);
        }
        Ok(())
    }

    fn taxes(&mut self) {
        let (totals, words, numbers) = (self.totals, self.words, self.numbers);
        if totals.taxes.is_empty() {
            return;
        }
        let row = |name: String, base: Money, tax: Money| TaxRow {
            name,
            base: format_amount(base, numbers),
            tax: format_amount(tax, numbers),
        };
        let mut rows: Vec<TaxRow> = totals
            .taxes
            .iter()
            .map(|tax| {
                let percent = !tax.rate.contains(' ');
                let rate = rate(&tax.rate, percent, words, numbers);
                row(format!("{} {rate}", tax.name), tax.base, tax.amount)
            })
            .collect();
        rows.push(row(words.net_and_tax.clone(), totals.net, totals.tax));
        let headings = [words.taxes.clone(), words.base.clone(), words.tax.clone()];
        self.blocks.push(Block::Taxes(TaxTable { headings, rows }));
    }

    fn payments(&mut self) -> Result<(), MoneyError> {
        let (totals, words) = (self.totals, self.words);
        if totals.tenders.is_empty() {
            return Ok(());
        }
        self.section(&words.payments);
        for tender in &totals.tenders {
            let kind = kind_name(tender.kind, words);
            let name = match (&tender.name, tender.kind) {
                (Some(currency), TenderKind::ForeignCash) => format!("{kind} {currency}"),
                (Some(name), _) => name.clone(),
                (None, _) => kind.to_owned(),
            };
            self.amount(format!("{name} ({})", tender.count), tender.amount);
        }
        let amounts = totals.tenders.iter().map(|tender| tender.amount);
        let all = Money::sum(totals.home(), amounts)?;
        self.subtotal(&words.payments, all);
        Ok(())
    }

    /// One currency of the drawer: float, cash from customers and movements make what is expected.
    fn drawer(
        &mut self,
        expected: Money,
        count: Option<&Count>,
        value: Option<Money>,
    ) -> Result<(), MoneyError> {
        let (words, numbers) = (self.words, self.numbers);
        let currency = expected.currency();
        let float = self.float(currency);
        let moves =
            self.totals.cash_moves.iter().filter(|row| {
                row.amount.currency() == currency && row.kind != CashMoveKind::NoSale
            });
        let mut from_customers = expected.minus(float)?;
        let mut rows = Vec::new();
        for row in moves {
            let (label, amount) = match row.kind {
                CashMoveKind::PayIn => (&words.pay_in, row.amount),
                CashMoveKind::PayOut => (&words.pay_out, row.amount.negated()),
                CashMoveKind::SafeDrop => (&words.safe_drop, row.amount.negated()),
                CashMoveKind::NoSale => continue,
            };
            from_customers = from_customers.minus(amount)?;
            rows.push((format!("{label} ({})", row.count), amount));
        }
        self.section(&format!("{} {}", words.drawer, currency.code()));
        self.amount(words.float.clone(), float);
        self.customers_cash(from_customers)?;
        for (label, amount) in rows {
            self.amount(label, amount);
        }
        self.subtotal(&words.expected, expected);
        if let Some(value) = value.filter(|value| value.currency() != currency) {
            self.beside(&words.worth, format_code(value, numbers));
        }
        if let Some(count) = count {
            self.counted(count)?;
        }
        Ok(())
    }

    /// In the shop's currency: cash as the payments have it, what rounding changed, and the change
    /// for other currencies.
    fn customers_cash(&mut self, amount: Money) -> Result<(), MoneyError> {
        let (totals, words) = (self.totals, self.words);
        if amount.currency() != totals.home() {
            self.amount(words.cash_from_customers.clone(), amount);
            return Ok(());
        }
        let cash = totals.tenders.iter().find(|tender| tender.kind == TenderKind::Cash);
        let cash = cash.map_or(Money::zero(totals.home()), |tender| tender.amount);
        self.amount(words.coins_and_notes.clone(), cash);
        self.if_any(&words.cash_rounding, totals.cash_rounding);
        let change = amount.minus(cash)?.minus(totals.cash_rounding)?;
        self.if_any(&words.change_for_foreign_cash, change);
        Ok(())
    }

    fn counted(&mut self, count: &Count) -> Result<(), MoneyError> {
        let (words, numbers) = (self.words, self.numbers);
        for pieces in count.pieces.iter().filter(|pieces| pieces.count > 0) {
            let value = format_amount(pieces.value, numbers);
            let minor = i128::from(pieces.value.minor()) * i128::from(pieces.count);
            let amount = Money::new(minor, pieces.value.currency())?;
            let label = format!("{} {} {value}", pieces.count, words.times);
            self.beside(&label, format_amount(amount, numbers));
        }
        self.subtotal(&words.counted, count.counted);
        let difference = count.counted.minus(count.expected)?;
        let label = match difference.minor() {
            0 => &words.exact,
            1.. => &words.over,
            _ => &words.short,
        };
        self.subtotal(label, difference);
        Ok(())
    }

    fn float(&self, currency: Currency) -> Money {
        let foreign = self.facts.foreign_float.iter().map(|cash| cash.amount);
        std::iter::once(self.facts.float)
            .chain(foreign)
            .find(|amount| amount.currency() == currency)
            .unwrap_or(Money::zero(currency))
    }

    /// What is in no sum, but what an owner looks for.
    fn incidents(&mut self) {
        let (totals, words, numbers) = (self.totals, self.words, self.numbers);
        self.blocks.push(Block::Rule);
        self.beside(&words.discounts, format_amount(totals.discount, numbers));
        self.beside(&words.cash_rounding, format_amount(totals.cash_rounding, numbers));
        self.beside(&words.voids, localised(&totals.voids.to_string(), numbers));
        self.beside(&words.no_sales, localised(&totals.no_sales.to_string(), numbers));
    }
}
