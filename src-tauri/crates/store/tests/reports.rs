//! The sums of reports are what the tables of sales add up to, whenever they were written.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::cash_rounding::CashRounding;
use countertop_domain::ids::{BasketId, ItemId, LineId, ShiftId, StaffId, TenderId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::journal::Entry;
use countertop_domain::money::{Currency, Money};
use countertop_domain::pricing::{PricingContext, settle};
use countertop_domain::promotion::PriceRules;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::report::{About, cover};
use countertop_domain::returns::give_back;
use countertop_domain::rounding::TaxRounding;
use countertop_domain::sale::{Sale, SaleFacts};
use countertop_domain::shift::{ShiftClose, ShiftOpen};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::tax::{Rate, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::tender::{Offer, PayOut, TenderKind, pay_out, take};
use countertop_domain::time::{BusinessDay, Timestamp};
use countertop_domain::voids::Voided;
use countertop_store::{Store, StoreError};
use rusqlite::Connection;
use uuid::Uuid;

use crate::common::{actor, append, closing, eur, opening, try_open, usd};

const HOUR: i64 = 60 * 60 * 1_000;
/// 2026-10-28 08:00 UTC: a few days before the end of a month.
const BEGIN: i64 = 1_793_174_400_000;

/// The same numbers in the same order on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn minor(&mut self, limit: u64) -> i64 {
        i64::try_from(self.below(limit)).unwrap()
    }

    fn id(&mut self) -> Uuid {
        let (high, low) = (self.below(u64::from(u32::MAX)), self.below(u64::from(u32::MAX)));
        Uuid::from_u128(u128::from(high) << 64 | u128::from(self.0) << 32 | u128::from(low))
    }
}

struct Day {
    dice: Dice,
    shift: ShiftId,
    day: BusinessDay,
    at: Timestamp,
    sold: Vec<Sale>,
}

fn taxes() -> TaxTable {
    let percent = |code: &str, rate: u32, mode| {
        Tax::percent(code, code.to_uppercase(), Rate::new(rate.into()).unwrap(), mode)
    };
    TaxTable::new(
        [
            (TaxClass::standard(), vec![percent("vat", 20, TaxMode::Inclusive)]),
            (
                TaxClass::new("town"),
                vec![
                    percent("state", 7, TaxMode::Exclusive),
                    percent("town", 2, TaxMode::Exclusive),
                ],
            ),
        ]
        .into(),
    )
}

impl Day {
    fn sellable(&mut self) -> Sellable {
        let number = self.dice.below(12);
        let price = 5 + i64::try_from(number * number).unwrap() * 37;
        Sellable {
            item: ItemId::new(Uuid::from_u128(100 + u128::from(number))),
            variant: VariantId::new(Uuid::from_u128(200 + u128::from(number))),
            name: format!("Thing {number}, seen on {}", self.day),
            sku: None,
            category: (number > 2).then(|| format!("Shelf {}", number / 4)),
            unit: if number == 5 { Unit::Kilogram } else { Unit::Piece },
            price: Some(eur(price)),
            tax_class: if number.is_multiple_of(3) {
                TaxClass::new("town")
            } else {
                TaxClass::standard()
            },
            tracks_stock: number.is_multiple_of(2),
            unit_cost: (number % 4 != 1).then(|| eur(price / 2)),
        }
    }

    fn basket(&mut self) -> Basket {
        let mut basket = Basket::new(BasketId::new(self.dice.id()));
        let come_back = !self.sold.is_empty() && self.dice.below(5) == 0;
        if come_back {
            let pick = self.dice.below(u64::try_from(self.sold.len()).unwrap());
            let sale = self.sold.swap_remove(usize::try_from(pick).unwrap());
            let line = sale.lines.first().unwrap();
            let id = LineId::new(self.dice.id());
            let back = give_back(&sale, &[], &[], line.id, line.quantity, id, "Broken").unwrap();
            basket.apply(Change::AddReturn(Box::new(back))).unwrap();
        }
        let lines = if come_back { self.dice.below(2) } else { 1 + self.dice.below(4) };
        for _ in 0..lines {
            let sellable = self.sellable();
            let quantity = match sellable.unit {
                Unit::Kilogram => Quantity::from_thousandths(1 + self.dice.minor(3_000)),
                _ => Quantity::pieces(1 + i32::try_from(self.dice.below(3)).unwrap()),
            };
            let line = LineId::new(self.dice.id());
            basket.apply(Change::Add { line, sellable, quantity, price: None }).unwrap();
        }
        basket
    }

    /// Some ticket, paid or paid out in some way.
    fn ticket(&mut self, store: &Store) {
        let mut basket = self.basket();
        let taxes = taxes();
        let context = PricingContext {
            currency: Currency::EUR,
            taxes: &taxes,
            rounding: TaxRounding::default(),
            rules: PriceRules::none(),
            channel: "counter",
            at: self.at,
        };
        let settled = settle(&basket, &context).unwrap();
        if self.dice.below(6) == 0 && !settled.total.is_negative() {
            basket.set_tip(Some(eur(self.dice.minor(300)))).unwrap();
        }
        let due = settled.total.plus(basket.tip().unwrap_or(eur(0))).unwrap();
        self.pay(&mut basket, due);
        let cashier = self.dice.below(3);
        let actor = Actor {
            staff: StaffId::new(Uuid::from_u128(9 + u128::from(cashier))),
            name: format!("Cashier {cashier}"),
            role: Role::Cashier,
        };
        let (shift, business_day, at) = (self.shift, self.day, self.at);
        let sale = store
            .write::<_, StoreError>(move |tx| {
                let facts = SaleFacts {
                    register: tx.identity().register,
                    receipt: tx.next_receipt()?,
                    shift,
                    business_day,
                    at,
                    actor,
                    rounding: TaxRounding::default(),
                };
                let sale = Sale::close(&basket, settled, facts).unwrap();
                let entry = Entry::SaleCompleted(Box::new(sale));
                tx.append(at.utc_ms, &entry)?;
                let Entry::SaleCompleted(sale) = entry else { unreachable!() };
                Ok(*sale)
            })
            .unwrap();
        if sale.lines.iter().all(|line| line.origin.is_none()) {
            self.sold.push(sale);
        }
    }

    fn pay(&mut self, basket: &mut Basket, mut due: Money) {
        let coins = CashRounding::new(eur(5)).unwrap();
        while !due.is_zero() {
            let id = TenderId::new(self.dice.id());
            let all = eur(due.minor().abs());
            let tender = if due.is_negative() {
                let kind = TenderKind::CardExternal;
                let wish =
                    PayOut { id, kind, wished: all, reference: None, name: None, original: None };
                pay_out(wish, due, None).unwrap()
            } else {
                match self.dice.below(5) {
                    0 => take(Offer::new(id, TenderKind::Cash, eur(100_000)), due, Some(coins)),
                    1 => {
                        let dollars = Offer::new(id, TenderKind::ForeignCash, usd(500));
                        take(Offer { rate: Some("0.92".parse().unwrap()), ..dollars }, due, None)
                    }
                    2 => {
                        let lunch = Offer::new(id, TenderKind::Custom, all);
                        take(Offer { name: Some("Lunch card".to_owned()), ..lunch }, due, None)
                    }
                    _ => take(Offer::new(id, TenderKind::CardExternal, all), due, None),
                }
                .unwrap()
            };
            due = due.minus(tender.amount).unwrap();
            basket.add_tender(tender, self.at);
        }
    }

    fn void(&mut self, store: &Store) {
        let voided = Voided {
            basket: BasketId::new(self.dice.id()),
            shift: Some(self.shift),
            at: self.at,
            actor: actor(),
            reason: "Left".to_owned(),
            after_tender: false,
            lines: Vec::new(),
            total: eur(0),
        };
        append(store, Entry::BasketVoided(voided)).unwrap();
    }
}

/// Nine days over the end of a month, some tickets each, and the last shift still open.
fn some_weeks(store: &Store, seed: u64, tickets: u64, each_day: bool) -> Vec<BusinessDay> {
    let mut dice = Dice(seed);
    let mut sold = Vec::new();
    let mut days = Vec::new();
    for number in 0..9_i64 {
        let shift = ShiftId::new(Uuid::from_u128(700 + u128::try_from(number).unwrap()));
        let at = Timestamp { utc_ms: BEGIN + number * 24 * HOUR, offset_min: 60 };
        let day = at.local_day();
        days.push(day);
        let open = ShiftOpen { business_day: day, at, ..opening(shift) };
        append(store, Entry::ShiftOpened(open)).unwrap();
        let mut today = Day { dice, shift, day, at, sold };
        for _ in 0..tickets {
            // Past midnight the business day stays that of the shift.
            today.at.utc_ms = at.utc_ms + today.dice.minor(18 * 3_600) * 1_000;
            if today.dice.below(20) == 0 {
                today.void(store);
            }
            today.ticket(store);
        }
        (dice, sold) = (today.dice, today.sold);
        if each_day {
            store.sum_up().unwrap();
        }
        if number < 8 {
            let close = ShiftClose { at, ..closing(store, 0) };
            append(store, Entry::ShiftClosed(close)).unwrap();
        }
    }
    days
}

/// A report of a range as rows of text, so that both sides can be laid side by side.
fn kept(store: &Store, about: About, from: BusinessDay, to: BusinessDay) -> Vec<String> {
    store.sum_up().unwrap();
    let rows = store
        .read::<_, StoreError>(|snapshot| {
            let known = snapshot.report_days()?.unwrap();
            snapshot.report(about, &cover(from, to, known))
        })
        .unwrap();
    let mut rows: Vec<String> = rows
        .into_iter()
        .map(|row| {
            let sums = row.figures;
            match about {
                About::All => format!(
                    "{} {} {} {} {} {}",
                    sums.count, sums.back, sums.total, sums.net, sums.tax, sums.rounding
                ),
                About::Item => format!(
                    "{} {} {} {} {} {}",
                    row.code, sums.count, sums.back, sums.quantity, sums.total, sums.net
                ),
                About::Category => format!(
                    "{} {} {} {} {} {}",
                    row.code, sums.count, sums.back, sums.quantity, sums.total, sums.net
                ),
                About::Staff => format!("{} {} {} {}", row.name, sums.count, sums.back, sums.total),
                About::Hour => {
                    format!(
                        "{} {} {} {} {}",
                        row.detail, row.code, sums.count, sums.back, sums.total
                    )
                }
                About::Tender => format!(
                    "{} {} {} {} {}",
                    row.code, sums.count, sums.back, sums.total, sums.rounding
                ),
                About::Tax => format!("{} {} {} {}", row.code, row.detail, sums.net, sums.tax),
            }
        })
        // Voids are no tickets: the tables of sales know nothing of them.
        .filter(|row| !(matches!(about, About::Hour | About::Staff) && row.ends_with(" 0 0 0")))
        .collect();
    rows.sort();
    rows
}

/// The same by plain SQL over the tables of sales.
fn recomputed(folder: &std::path::Path, about: About, from: &str, to: &str) -> Vec<String> {
    let database = Connection::open(folder.join("register.db")).unwrap();
    let sql = match about {
        About::All => {
            "SELECT sum(total_minor >= 0) || ' ' || sum(total_minor < 0) || ' ' || sum(total_minor)
               || ' ' || sum(net_minor) || ' ' || sum(tax_minor) || ' ' || (
                 SELECT coalesce(sum(rounding_minor), 0) FROM tender JOIN sale ON id = sale
                 WHERE business_day BETWEEN ?1 AND ?2)
             FROM sale WHERE business_day BETWEEN ?1 AND ?2"
        }
        About::Item => {
            "SELECT lower(substr(hex(variant_id), 1, 8) || '-' || substr(hex(variant_id), 9, 4) || '-'
               || substr(hex(variant_id), 13, 4) || '-' || substr(hex(variant_id), 17, 4) || '-'
               || substr(hex(variant_id), 21)) || ' ' || sum(quantity >= 0) || ' '
               || sum(quantity < 0) || ' ' || sum(quantity) || ' ' || sum(sale_line.total_minor)
               || ' ' || sum(sale_line.net_minor)
             FROM sale_line JOIN sale ON id = sale WHERE business_day BETWEEN ?1 AND ?2
             GROUP BY variant_id"
        }
        About::Category => {
            "SELECT coalesce(category, '') || ' ' || sum(quantity >= 0) || ' ' || sum(quantity < 0)
               || ' ' || sum(quantity) || ' ' || sum(sale_line.total_minor) || ' '
               || sum(sale_line.net_minor)
             FROM sale_line JOIN sale ON id = sale WHERE business_day BETWEEN ?1 AND ?2
             GROUP BY coalesce(category, '')"
        }
        About::Staff => {
            "SELECT cashier || ' ' || sum(total_minor >= 0) || ' ' || sum(total_minor < 0) || ' '
               || sum(total_minor)
             FROM sale WHERE business_day BETWEEN ?1 AND ?2 GROUP BY cashier"
        }
        About::Hour => {
            "SELECT ((CAST(strftime('%w', business_day) AS INTEGER) + 6) % 7 + 1) || ' '
               || strftime('%H', at_ms / 1000 + offset_min * 60, 'unixepoch') || ' '
               || sum(total_minor >= 0) || ' ' || sum(total_minor < 0) || ' ' || sum(total_minor)
             FROM sale WHERE business_day BETWEEN ?1 AND ?2
             GROUP BY strftime('%w', business_day),
               strftime('%H', at_ms / 1000 + offset_min * 60, 'unixepoch')"
        }
        About::Tender => {
            "SELECT kind || ' ' || sum(amount_minor >= 0) || ' ' || sum(amount_minor < 0) || ' '
               || sum(amount_minor) || ' ' || sum(rounding_minor)
             FROM tender JOIN sale ON id = sale WHERE business_day BETWEEN ?1 AND ?2 GROUP BY kind"
        }
        About::Tax => {
            "SELECT code || ' ' || rate || iif(inclusive, ' inclusive ', ' exclusive ')
               || sum(base_minor) || ' ' || sum(amount_minor)
             FROM sale_tax JOIN sale ON id = sale WHERE business_day BETWEEN ?1 AND ?2
             GROUP BY code, rate, inclusive"
        }
    };
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([from, to], |row| row.get(0)).unwrap();
    let mut rows: Vec<String> = rows.map(Result::unwrap).collect();
    rows.sort();
    rows
}

#[test]
fn every_report_over_any_days_is_what_the_sales_add_up_to() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    let days = some_weeks(&store, 7, 120, false);
    let ranges = [(0, 8), (0, 3), (4, 8), (2, 5), (6, 6)];
    for (from, to) in ranges {
        let (from, to) = (days[from], days[to]);
        for about in About::ALL {
            let sold = recomputed(folder.path(), about, &from.to_string(), &to.to_string());
            assert!(!sold.is_empty());
            assert_eq!(kept(&store, about, from, to), sold, "{about:?} from {from} to {to}");
        }
    }
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn sums_are_the_same_whenever_they_were_added_up_and_after_a_rebuild() {
    let sums = |folder: &std::path::Path| -> Vec<String> {
        let database = Connection::open(folder.join("register.db")).unwrap();
        let sql =
            "SELECT concat_ws('|', about, level, span, code, detail, name, count, back, voids,
                     quantity, total_minor, net_minor, tax_minor, discount_minor, tip_minor,
                     rounding_minor, cost_minor, costed_net_minor) FROM report_sum
                   ORDER BY about, level, span, code, detail";
        let mut statement = database.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let stores = folders.each_ref().map(|folder| try_open(folder.path()).unwrap());
    for (store, each_day) in stores.iter().zip([true, false]) {
        some_weeks(store, 11, 20, each_day);
        store.sum_up().unwrap();
    }
    assert_eq!(sums(folders[0].path()), sums(folders[1].path()));
    let before = sums(folders[1].path());
    assert!(before.iter().any(|row| row.starts_with("item|3|2026|")));
    stores[1].rebuild().unwrap();
    assert_eq!(sums(folders[1].path()), before);
    assert_eq!(stores[1].verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_sum_that_was_changed_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    some_weeks(&store, 5, 3, false);
    store.sum_up().unwrap();
    drop(store);
    let database = Connection::open(folder.path().join("register.db")).unwrap();
    let changed = database.execute(
        "UPDATE report_sum SET total_minor = total_minor + 1 WHERE about = 'all' AND level = 3",
        [],
    );
    assert_eq!(changed.unwrap(), 1);
    drop(database);
    let store = try_open(folder.path()).unwrap();
    let problems = store.verify().unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("report_sum")), "{problems:?}");
}
