//! A small shop to try the rules in: its taxes, its people, and sales at random.

use std::collections::BTreeMap;
use std::error::Error;

use countertop_domain::basket::{Basket, Change};
use countertop_domain::cash_rounding::CashRounding;
use countertop_domain::discount::{Discount, Reduction};
use countertop_domain::ids::{BasketId, ItemId, LineId, RegisterId, ShiftId, StaffId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::pricing::{PricingContext, due, settle};
use countertop_domain::promotion::PriceRules;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::returns::TenderLeft;
use countertop_domain::rounding::{RoundingMode, RoundingScope, TaxRounding};
use countertop_domain::sale::{ReceiptNumber, Sale, SaleFacts};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::tax::{Percent, Rate, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::tender::{Offer, PayOut, TenderKind, most_to_pay_out, pay_out, take};
use countertop_domain::time::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::Config;
use rust_decimal::Decimal;
use uuid::Uuid;

pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// 100,000 cases in the long run, else 5,000.
pub(crate) fn cases() -> Config {
    let cases = if std::env::var_os("COUNTERTOP_LONG").is_some() { 100_000 } else { 5_000 };
    Config { cases, failure_persistence: None, ..Config::default() }
}

pub(crate) fn money(minor: i64, currency: Currency) -> Money {
    Money::new(minor, currency).unwrap()
}

pub(crate) fn eur(minor: i64) -> Money {
    money(minor, Currency::EUR)
}

pub(crate) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub(crate) fn steps(minor: i64) -> Option<CashRounding> {
    Some(CashRounding::new(eur(minor)).unwrap())
}

/// An id that is the same in every run.
pub(crate) fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) const SHIFT: u128 = 7;

pub(crate) fn actor() -> Actor {
    Actor { staff: StaffId::new(uuid(1)), name: "Ada".to_owned(), role: Role::Manager }
}

pub(crate) const fn at() -> Timestamp {
    Timestamp { utc_ms: 1_795_476_600_000, offset_min: 60 }
}

pub(crate) fn day() -> countertop_domain::time::BusinessDay {
    "2026-11-23".to_owned().try_into().unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::new(text.parse::<Decimal>().unwrap()).unwrap()
}

/// Inside, on top, several at once, compound, and by the unit.
pub(crate) fn taxes(currency: Currency) -> TaxTable {
    use TaxMode::{Exclusive, Inclusive};
    let percent = |code: &str, value, mode| Tax::percent(code, code, rate(value), mode);
    let compound =
        |code: &str, value, mode| Tax { affects_base: true, ..percent(code, value, mode) };
    let rows = [
        ("standard", vec![percent("vat-20", "20", Inclusive)]),
        ("reduced", vec![percent("vat-5.5", "5.5", Inclusive)]),
        ("top", vec![percent("state", "8.25", Exclusive)]),
        ("two", vec![percent("gst", "5", Exclusive), percent("qst", "9.975", Exclusive)]),
        ("inside", vec![compound("eco", "3", Inclusive), percent("vat-19", "19", Inclusive)]),
        (
            "bottle",
            vec![
                Tax::fixed("deposit", "deposit", money(25, currency), Inclusive),
                percent("vat-20", "20", Inclusive),
            ],
        ),
        ("exempt", Vec::new()),
    ];
    let classes: BTreeMap<_, _> =
        rows.into_iter().map(|(class, taxes)| (TaxClass::new(class), taxes)).collect();
    TaxTable::new(classes)
}

pub(crate) const CLASSES: [&str; 7] =
    ["standard", "reduced", "top", "two", "inside", "bottle", "exempt"];

/// One thing to buy.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) class: usize,
    pub(crate) price: i64,
    pub(crate) unit: Unit,
    pub(crate) thousandths: i64,
    pub(crate) percent_off: Option<i64>,
}

impl Wanted {
    pub(crate) const fn pieces(class: usize, price: i64, count: i64) -> Self {
        let thousandths = count * 1000;
        Self { class, price, unit: Unit::Piece, thousandths, percent_off: None }
    }
}

/// A shop's settings.
#[derive(Clone, Debug)]
pub(crate) struct Shop {
    pub(crate) currency: Currency,
    pub(crate) taxes: TaxTable,
    pub(crate) rounding: TaxRounding,
    pub(crate) cash: Option<CashRounding>,
}

impl Shop {
    pub(crate) fn new(currency: Currency) -> Self {
        Self { currency, taxes: taxes(currency), rounding: TaxRounding::default(), cash: None }
    }

    pub(crate) fn rounding_cash(self, step: i64) -> Self {
        Self { cash: Some(CashRounding::new(money(step, self.currency)).unwrap()), ..self }
    }

    pub(crate) fn money(&self, minor: i64) -> Money {
        money(minor, self.currency)
    }

    pub(crate) fn due(&self, basket: &Basket) -> Money {
        let settled = settle(basket, &self.context()).unwrap();
        due(basket, &settled).unwrap()
    }

    pub(crate) fn context(&self) -> PricingContext<'_> {
        PricingContext {
            currency: self.currency,
            taxes: &self.taxes,
            rounding: self.rounding,
            rules: PriceRules::none(),
            channel: "till",
            at: at(),
        }
    }

    pub(crate) fn basket(&self, number: u128, wanted: &[Wanted], off: Option<i64>) -> Basket {
        let mut basket = Basket::new(BasketId::new(uuid(number << 64)));
        for (want, index) in wanted.iter().zip(0_u128..) {
            let line = LineId::new(uuid((number << 64) + index));
            let sellable = Sellable {
                item: ItemId::new(uuid(index)),
                // One variant a line, else lines of one thing would be put together.
                variant: VariantId::new(uuid(index)),
                name: format!("Thing {index}"),
                sku: None,
                category: None,
                unit: want.unit,
                price: Some(self.money(want.price)),
                tax_class: TaxClass::new(CLASSES[want.class]),
                tracks_stock: true,
                unit_cost: None,
            };
            let quantity = Quantity::from_thousandths(want.thousandths);
            basket.apply(Change::Add { line, sellable, quantity, price: None }).unwrap();
            basket.apply(Change::SetDiscount(line, want.percent_off.map(percent_off))).unwrap();
        }
        basket.apply(Change::SetBasketDiscount(off.map(percent_off))).unwrap();
        basket
    }

    pub(crate) fn pay(&self, basket: &mut Basket, offer: Offer) {
        let tender = take(offer, self.due(basket), self.cash).unwrap();
        basket.add_tender(tender, at());
    }

    /// Pays the rest in cash, to the coin.
    pub(crate) fn pay_cash(&self, basket: &mut Basket, tender: u128) {
        let due = self.due(basket);
        if due.is_zero() {
            return;
        }
        let asked = countertop_domain::cash_rounding::asked(due, self.cash).unwrap();
        self.pay(basket, Offer::new(id(tender), TenderKind::Cash, asked));
    }

    /// Pays as much as may be back to an original payment; what it was.
    pub(crate) fn pay_back(
        &self,
        basket: &mut Basket,
        tender: u128,
        kind: TenderKind,
        original: &TenderLeft,
    ) -> Result<Money, Box<dyn Error>> {
        let due = self.due(basket);
        let most = most_to_pay_out(kind, due, Some(original), self.cash)?;
        let wish = PayOut::new(id(tender), kind, most).back_to(original);
        let tender = pay_out(wish, due, self.cash)?;
        basket.add_tender(tender, at());
        Ok(most)
    }

    pub(crate) fn close(&self, basket: &Basket, sequence: i64) -> Sale {
        let settled = settle(basket, &self.context()).unwrap();
        Sale::close(basket, settled, self.facts(sequence)).unwrap()
    }

    fn facts(&self, sequence: i64) -> SaleFacts {
        SaleFacts {
            register: RegisterId::new(uuid(1)),
            receipt: ReceiptNumber { series: "T1".to_owned(), sequence },
            shift: ShiftId::new(uuid(SHIFT)),
            business_day: day(),
            at: at(),
            actor: actor(),
            rounding: self.rounding,
        }
    }
}

pub(crate) fn id(number: u128) -> countertop_domain::ids::TenderId {
    countertop_domain::ids::TenderId::new(uuid(number))
}

fn percent_off(percent: i64) -> Discount {
    let percent = Percent::new(Decimal::from(percent)).unwrap();
    Discount { reduction: Reduction::percent(percent).unwrap(), reason: "Friends".to_owned() }
}

pub(crate) fn any_shop() -> impl Strategy<Value = Shop> {
    let currency = prop::sample::select(vec!["EUR", "JPY", "KWD"]);
    let scope = prop::sample::select(vec![RoundingScope::Line, RoundingScope::Document]);
    let mode = prop::sample::select(vec![RoundingMode::HalfUp, RoundingMode::HalfEven]);
    let step = prop::option::of(prop::sample::select(vec![5_i64, 10, 50, 100, 500]));
    (currency, scope, mode, step).prop_map(|(code, scope, mode, step)| {
        let shop = Shop { rounding: TaxRounding { scope, mode }, ..Shop::new(currency_of(code)) };
        match step {
            Some(step) => shop.rounding_cash(step),
            None => shop,
        }
    })
}

fn currency_of(code: &str) -> Currency {
    currency(code)
}

pub(crate) fn any_wanted() -> impl Strategy<Value = Vec<Wanted>> {
    let price = prop_oneof![0_i64..30, 0_i64..5_000, 0_i64..2_000_000];
    let quantity = prop_oneof![
        (1_i64..12).prop_map(|count| (Unit::Piece, count * 1000)),
        (1_i64..5_000).prop_map(|thousandths| (Unit::Kilogram, thousandths)),
    ];
    let off = prop::option::of(0_i64..=100);
    let one = (0..CLASSES.len(), price, quantity, off).prop_map(
        |(class, price, (unit, thousandths), percent_off)| {
            // A bottle costs more than the tax that is inside its price.
            let price = if CLASSES[class] == "bottle" { price + 100 } else { price };
            let percent_off = percent_off.filter(|_| CLASSES[class] != "bottle");
            Wanted { class, price, unit, thousandths, percent_off }
        },
    );
    prop::collection::vec(one, 1..6)
}
