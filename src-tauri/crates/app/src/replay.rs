//! Real baskets through the very commands that the till gives: scan each item, pay, commit. A
//! rehearsal of a shop's days, and the measure of this register's speed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;

use countertop_domain::barcode::in_store_ean13;
use countertop_domain::ids::{BasketId, TenderId};
use countertop_domain::item::Barcode;
use countertop_domain::money::Money;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::{Rate, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::tender::TenderKind;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::app::{App, Caller};
use crate::catalog_file::{ItemDraft, VariantDraft};
use crate::commands::{
    CurrentBasket, GetState, PayTender, Scan, ShiftCloseCommand, ShiftOpenCommand, perform,
};
use crate::error::AppError;
use crate::import::import_drafts;
use crate::shop::{Shop, set_shop};
use crate::wire::{
    CloseShift, Nothing, OpenShift, PayRequest, PayWith, SaleView, ScanRequest, ShiftReport,
};

/// How the replayed customers pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenderMix {
    /// Everyone in cash, with the next round amount.
    Cash,
    /// Everyone by card.
    Card,
    /// Two in five by card.
    Mixed,
}

/// What the replayed customers are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customers {
    /// How they pay.
    pub pay: TenderMix,
    /// Whether each receipt is printed, if there is a printer.
    pub want_receipts: bool,
}

/// A file of baskets, read: one basket a line, item names by comma.
#[derive(Clone, Debug)]
pub struct ReplayFile {
    pub(crate) baskets: Vec<Vec<String>>,
}

/// What a replay did. Times are microseconds, money minor units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replay {
    /// Sales rung up.
    pub sales: u64,
    /// Baskets that an earlier run had rung up; only where a run goes on with the one before.
    pub before: u64,
    /// Items scanned.
    pub lines: u64,
    /// What they came to.
    pub takings: i64,
    /// Of it, cash.
    pub cash: i64,
    /// Of it, card.
    pub card: i64,
    /// What the drawer should hold at the end: float and cash.
    pub drawer: i64,
    /// ISO 4217.
    pub currency: String,
    /// Whole sales a second, scans and all.
    pub sales_per_s: u64,
    /// Scan to priced basket, half of them within.
    pub scan_p50_us: u64,
    /// Scan to priced basket, 99 in 100 within.
    pub scan_p99_us: u64,
    /// Pay to durable, half of them within.
    pub commit_p50_us: u64,
    /// Pay to durable, 99 in 100 within.
    pub commit_p99_us: u64,
}

/// Told of each sale when it is durable, before the next one begins.
pub type Acknowledge<'a> = &'a mut dyn FnMut(&SaleView) -> Result<(), AppError>;

pub(crate) const FLOAT: i64 = 10_000;
const TAX_CLASS: &str = "groceries";

impl ReplayFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Not to be read, not text, or without any basket.
    pub fn read(path: &Path) -> Result<Self, AppError> {
        let file = File::open(path).map_err(|error| AppError::io(path, &error))?;
        let mut baskets = Vec::new();
        for (number, line) in (1..).zip(BufReader::new(file).lines()) {
            let line = line.map_err(|error| AppError::Io {
                path: format!("{}, line {number}", path.display()),
                reason: error.to_string(),
            })?;
            let basket: Vec<String> = line
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect();
            if !basket.is_empty() {
                baskets.push(basket);
            }
        }
        if baskets.is_empty() {
            return Err(AppError::BadText {
                reason: format!(
                    "{} has no baskets: write one a line, item names separated by commas",
                    path.display()
                ),
            });
        }
        Ok(Self { baskets })
    }

    /// Keeps the first so many baskets.
    #[must_use]
    pub fn limit(mut self, limit: Option<usize>) -> Self {
        self.baskets.truncate(limit.unwrap_or(usize::MAX));
        self
    }
}

/// Makes the items of a file's baskets and rings all of them up in one shift.
///
/// # Errors
/// What the till's commands refuse; sales before it are kept, as at a till.
pub fn replay(
    app: &App,
    caller: &Caller,
    file: &ReplayFile,
    how: Customers,
    acknowledge: Acknowledge<'_>,
) -> Result<Replay, AppError> {
    let codes = stock_the_shelves(app, caller, file)?;
    if perform::<GetState>(app, caller, Nothing {})?.shift.is_none() {
        perform::<ShiftOpenCommand>(app, caller, OpenShift::with_float(FLOAT))?;
    }
    let mut run = Run { app, caller, scans: Vec::new(), commits: Vec::new() };
    let (mut sales, mut takings) = (0_u64, 0_i64);
    let began = Instant::now();
    for (number, basket) in file.baskets.iter().enumerate() {
        let by_card = match how.pay {
            TenderMix::Cash => false,
            TenderMix::Card => true,
            TenderMix::Mixed => number % 5 >= 3,
        };
        let codes = basket.iter().filter_map(|name| codes.get(name.as_str()));
        let sale = run.ring_up(codes, by_card, how.want_receipts)?;
        sales += 1;
        takings += sale.total;
        acknowledge(&sale)?;
    }
    let elapsed = began.elapsed();
    let state = perform::<GetState>(app, caller, Nothing {})?;
    let shift = state.shift.ok_or(AppError::NoShift)?;
    let expected = shift.expected.unwrap_or_default();
    let counted = CloseShift::counted(app.currency().code(), expected);
    let closed = perform::<ShiftCloseCommand>(app, caller, counted)?;
    let per_s = u128::from(sales) * 1_000_000 / elapsed.as_micros().max(1);
    Ok(Replay {
        sales,
        before: 0,
        lines: u64::try_from(run.scans.len()).unwrap_or(u64::MAX),
        takings,
        cash: paid_by(&closed, TenderKind::Cash),
        card: paid_by(&closed, TenderKind::CardExternal),
        drawer: expected,
        currency: app.currency().code().to_owned(),
        sales_per_s: u64::try_from(per_s).unwrap_or(u64::MAX),
        scan_p50_us: percentile(&mut run.scans, 50),
        scan_p99_us: percentile(&mut run.scans, 99),
        commit_p50_us: percentile(&mut run.commits, 50),
        commit_p99_us: percentile(&mut run.commits, 99),
    })
}

struct Run<'a> {
    app: &'a App,
    caller: &'a Caller,
    scans: Vec<u64>,
    commits: Vec<u64>,
}

impl Run<'_> {
    fn ring_up<'c>(
        &mut self,
        codes: impl Iterator<Item = &'c String>,
        by_card: bool,
        print: bool,
    ) -> Result<SaleView, AppError> {
        let mut basket = perform::<CurrentBasket>(self.app, self.caller, Nothing {})?;
        for code in codes {
            let request = ScanRequest { basket_id: basket.id, code: code.clone() };
            let began = Instant::now();
            basket = perform::<Scan>(self.app, self.caller, request)?.basket;
            self.scans.push(micros(began));
        }
        let round = basket.quick_cash.get(1).or_else(|| basket.quick_cash.first());
        let (kind, offered) = if by_card {
            (PayWith::CardExternal, basket.due)
        } else {
            (PayWith::Cash, round.map_or(basket.due, |cash| cash.amount))
        };
        self.pay(basket.id, kind, offered, print)
    }

    fn pay(
        &mut self,
        basket_id: BasketId,
        kind: PayWith,
        offered: i64,
        print: bool,
    ) -> Result<SaleView, AppError> {
        let tender_id = TenderId::new(self.app.ids.next());
        let request = PayRequest::plain(basket_id, tender_id, kind, offered, print);
        let began = Instant::now();
        let paid = perform::<PayTender>(self.app, self.caller, request)?;
        self.commits.push(micros(began));
        paid.sale.ok_or_else(|| AppError::BadText {
            reason: "a replayed sale was not paid in full".to_owned(),
        })
    }
}

pub(crate) fn paid_by(report: &ShiftReport, kind: TenderKind) -> i64 {
    report.tenders.iter().filter(|row| row.kind == kind.name()).map(|row| row.amount).sum()
}

pub(crate) fn micros(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}

pub(crate) fn percentile(values: &mut [u64], percent: usize) -> u64 {
    values.sort_unstable();
    let last = values.len().saturating_sub(1);
    values.get((last * percent + 50) / 100).copied().unwrap_or(0)
}

/// Makes every item that the baskets name; price and code follow from the name alone.
pub(crate) fn stock_the_shelves<'f>(
    app: &App,
    caller: &Caller,
    file: &'f ReplayFile,
) -> Result<BTreeMap<&'f str, String>, AppError> {
    have_a_tax(app)?;
    let mut codes = BTreeMap::new();
    let mut drafts = Vec::new();
    for name in file.baskets.iter().flatten() {
        if codes.contains_key(name.as_str()) {
            continue;
        }
        let digest = Sha256::digest(name.as_bytes());
        let number = digest.iter().take(8).fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
        let code = in_store_ean13(number);
        // 0.49 to 12.98, and most prices end in a nine.
        let price = i64::try_from(number % 125).unwrap_or(0) * 10 + 49;
        drafts.push(draft(name, &code, Money::new(price, app.currency())?));
        codes.insert(name.as_str(), code);
    }
    import_drafts(app, caller, "replay", drafts)?;
    Ok(codes)
}

fn draft(name: &str, code: &str, price: Money) -> ItemDraft {
    ItemDraft {
        source_key: name.to_owned(),
        name: name.to_owned(),
        category: Some("Groceries".to_owned()),
        tax_class: TaxClass::new(TAX_CLASS),
        unit: Unit::Piece,
        images: Vec::new(),
        favourite: false,
        line: 0,
        variants: vec![VariantDraft {
            source_key: String::new(),
            options: Vec::new(),
            sku: None,
            barcodes: vec![Barcode { code: code.to_owned(), quantity: Quantity::ONE }],
            price: Some(price),
            compare_at: None,
            stock: Some(Quantity::pieces(10_000)),
            line: 0,
        }],
    }
}

/// The replayed groceries are taxed by a class of their own, so that a shop's real taxes stay as they
/// are.
fn have_a_tax(app: &App) -> Result<(), AppError> {
    let shop = app.shop();
    let class = TaxClass::new(TAX_CLASS);
    if !shop.taxes.of(&class).is_empty() {
        return Ok(());
    }
    let mut classes: BTreeMap<TaxClass, Vec<Tax>> =
        shop.taxes.classes().map(|(class, taxes)| (class.clone(), taxes.to_vec())).collect();
    let rate = Rate::new(7.into()).map_err(|reason| AppError::BadText { reason })?;
    let tax = Tax::percent("groceries-7", "VAT", rate, TaxMode::Inclusive);
    classes.insert(class, vec![tax]);
    let taxes = TaxTable::new(classes).with_positions(shop.taxes.positions().to_vec());
    set_shop(app, Shop { taxes, ..(*shop).clone() })
}
