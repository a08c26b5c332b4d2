//! A small shop to ask prices in.

use std::collections::BTreeMap;

use countertop_domain::basket::{Basket, Change, Coupon};
use countertop_domain::customer::CustomerRef;
use countertop_domain::discount::{Discount, Reduction};
use countertop_domain::ids::{
    BasketId, CustomerId, ItemId, LineId, RegisterId, ShiftId, StaffId, TenderId, VariantId,
};
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::price_book::Selector;
use countertop_domain::pricing::{PricingContext, PricingError, Settled, due, settle};
use countertop_domain::promotion::{PriceRules, Promotion, PromotionRule, Stacking};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::rounding::TaxRounding;
use countertop_domain::sale::{ReceiptNumber, Sale, SaleFacts};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::tax::{Percent, Rate, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::tender::{Offer, TenderKind, take};
use countertop_domain::time::Timestamp;
use proptest::test_runner::Config;
use rust_decimal::Decimal;
use uuid::Uuid;

/// 5,000 cases, or 100,000 in the long run.
pub(crate) fn cases() -> Config {
    let cases = if std::env::var_os("COUNTERTOP_LONG").is_some() { 100_000 } else { 5_000 };
    Config { cases, failure_persistence: None, ..Config::default() }
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR).unwrap()
}

pub(crate) fn percent(text: &str) -> Percent {
    Percent::new(text.parse::<Decimal>().unwrap()).unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    Rate::new(text.parse::<Decimal>().unwrap()).unwrap()
}

pub(crate) fn line_id(number: u128) -> LineId {
    LineId::new(Uuid::from_u128(number))
}

pub(crate) fn variant(number: u128) -> VariantId {
    VariantId::new(Uuid::from_u128(number))
}

/// Monday 2026-11-23, 14:08 in Paris.
pub(crate) const AT: Timestamp = Timestamp { utc_ms: 1_795_439_280_000, offset_min: 60 };

/// Something to sell: variant and item have its number.
pub(crate) fn thing(number: u128, price: i64) -> Sellable {
    Sellable {
        item: ItemId::new(Uuid::from_u128(number)),
        variant: variant(number),
        name: format!("Thing {number}"),
        sku: None,
        category: Some("Things".to_owned()),
        unit: Unit::Piece,
        price: Some(eur(price)),
        tax_class: TaxClass::standard(),
        tracks_stock: true,
        unit_cost: None,
    }
}

pub(crate) fn in_category(sellable: Sellable, category: &str) -> Sellable {
    Sellable { category: Some(category.to_owned()), ..sellable }
}

pub(crate) fn by_weight(sellable: Sellable) -> Sellable {
    Sellable { unit: Unit::Kilogram, ..sellable }
}

/// Lines with their ids, in this order; each a line of its own.
pub(crate) fn basket(lines: &[(u128, Sellable, i64)]) -> Basket {
    let mut basket = Basket::new(BasketId::new(Uuid::from_u128(1)));
    for (id, sellable, thousandths) in lines {
        add(&mut basket, *id, sellable.clone(), *thousandths);
    }
    basket
}

pub(crate) fn add(basket: &mut Basket, id: u128, sellable: Sellable, thousandths: i64) {
    let quantity = Quantity::from_thousandths(thousandths);
    let line = line_id(id);
    // A note while it comes in keeps it a line of its own.
    basket.apply(Change::Add { line, sellable, quantity, price: None }).unwrap();
    if basket.lines().iter().any(|l| l.id == line) {
        basket.apply(Change::SetNote(line, Some("its own line".to_owned()))).unwrap();
    }
}

pub(crate) fn discount(reduction: Reduction) -> Discount {
    Discount { reduction, reason: "Friends".to_owned() }
}

pub(crate) fn percent_off(text: &str) -> Discount {
    discount(Reduction::percent(percent(text)).unwrap())
}

pub(crate) fn amount_off(minor: i64) -> Discount {
    discount(Reduction::amount(eur(minor)).unwrap())
}

pub(crate) fn customer(groups: &[&str], tax_exempt: bool) -> CustomerRef {
    CustomerRef {
        id: CustomerId::new(Uuid::from_u128(5)),
        name: "Grace".to_owned(),
        groups: groups.iter().map(|g| (*g).to_owned()).collect(),
        tax_exempt,
        tax_id: None,
        position: None,
    }
}

pub(crate) fn coupon(code: &str, promotion: &str) -> Coupon {
    Coupon { code: code.to_owned(), promotion: promotion.to_owned() }
}

/// A promotion for everyone at any time that stacks with nothing.
pub(crate) fn promotion(id: &str, rule: PromotionRule) -> Promotion {
    Promotion {
        id: id.to_owned(),
        name: format!("Promotion {id}"),
        priority: 0,
        stacks: false,
        groups: Vec::new(),
        channels: Vec::new(),
        from: None,
        until: None,
        weekdays: Vec::new(),
        hours: None,
        needs_coupon: false,
        rule,
        except: None,
    }
}

pub(crate) fn only(numbers: &[u128]) -> Selector {
    Selector::Variants(numbers.iter().map(|number| variant(*number)).collect())
}

pub(crate) fn rules(promotions: Vec<Promotion>) -> PriceRules {
    PriceRules::new(Vec::new(), promotions, Stacking::BestForCustomer).unwrap()
}

pub(crate) fn vat(mode: TaxMode) -> TaxTable {
    table(&[("standard", vec![Tax::percent("vat-20", "VAT", rate("20"), mode)])])
}

pub(crate) fn table(classes: &[(&str, Vec<Tax>)]) -> TaxTable {
    let class = |(name, taxes): &(&str, Vec<Tax>)| (TaxClass::new(name), taxes.clone());
    TaxTable::new(classes.iter().map(class).collect::<BTreeMap<_, _>>())
}

pub(crate) fn context<'a>(taxes: &'a TaxTable, rules: &'a PriceRules) -> PricingContext<'a> {
    PricingContext {
        currency: Currency::EUR,
        taxes,
        rounding: TaxRounding::default(),
        rules,
        channel: "counter",
        at: AT,
    }
}

/// Prices without taxes.
pub(crate) fn priced(basket: &Basket, rules: &PriceRules) -> Result<Settled, PricingError> {
    settle(basket, &context(&TaxTable::default(), rules))
}

pub(crate) fn total(basket: &Basket, rules: &PriceRules) -> i64 {
    priced(basket, rules).unwrap().total.minor()
}

/// The label amounts of a settled basket, by line.
pub(crate) fn labels(settled: &Settled) -> Vec<i64> {
    let label = |line: &countertop_domain::pricing::SettledLine| {
        let adjusted = line.adjustments.iter().filter(|a| !a.kind.is_in_gross());
        line.gross.minor() + adjusted.map(|a| a.amount.minor()).sum::<i64>()
    };
    settled.lines.iter().map(label).collect()
}

/// Pays by card and closes.
pub(crate) fn sell(mut basket: Basket, context: &PricingContext<'_>) -> Sale {
    let settled = settle(&basket, context).unwrap();
    let owed = due(&basket, &settled).unwrap();
    if !owed.is_zero() {
        let id = TenderId::new(Uuid::from_u128(9));
        let tender = take(Offer::new(id, TenderKind::CardExternal, owed), owed, None).unwrap();
        basket.add_tender(tender, AT);
    }
    let facts = SaleFacts {
        register: RegisterId::new(Uuid::from_u128(1)),
        receipt: ReceiptNumber { series: "T1".to_owned(), sequence: 1 },
        shift: ShiftId::new(Uuid::from_u128(1)),
        business_day: AT.local_day(),
        at: AT,
        actor: Actor {
            staff: StaffId::new(Uuid::from_u128(1)),
            name: "Ada".to_owned(),
            role: Role::Manager,
        },
        rounding: context.rounding,
    };
    Sale::close(&basket, settled, facts).unwrap()
}
