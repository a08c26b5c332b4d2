//! A store with a few days in it.

use std::path::Path;

use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{
    BasketId, CashMoveId, ItemId, LineId, RegisterId, ShiftId, StaffId, TenderId, VariantId,
};
use countertop_domain::item::Sellable;
use countertop_domain::journal::{Entry, StockImported};
use countertop_domain::money::{Currency, Money};
use countertop_domain::pricing::{PricingContext, Settled, settle};
use countertop_domain::promotion::PriceRules;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::rounding::TaxRounding;
use countertop_domain::sale::{Sale, SaleFacts};
use countertop_domain::shift::{
    CashMove, CashMoveKind, Counted, DrawerCash, ShiftClose, ShiftOpen, count,
};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::stock::Movement;
use countertop_domain::tax::{Rate, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::tender::{Offer, TenderKind, take};
use countertop_domain::time::Timestamp;
use countertop_store::{Founding, Identity, Store, StoreError, Tx};
use uuid::Uuid;

pub(crate) const NOW: Timestamp = Timestamp { utc_ms: 1_795_439_280_000, offset_min: 60 };

pub(crate) fn try_open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(folder, || Founding {
        identity: Identity {
            register: RegisterId::new(Uuid::from_u128(1)),
            series: "T1".to_owned(),
            currency: Currency::EUR,
        },
        at: NOW,
    })
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR).unwrap()
}

pub(crate) fn actor() -> Actor {
    Actor { staff: StaffId::new(Uuid::from_u128(9)), name: "Mara".to_owned(), role: Role::Owner }
}

/// Stock, a closed shift and an open one, with three sales and a cash movement each.
pub(crate) fn some_days(folder: &Path) -> Store {
    let store = try_open(folder).unwrap();
    let movements =
        (0..4).map(|n| Movement { variant: variant(n), quantity: Quantity::pieces(100) }).collect();
    let stock = StockImported { at: NOW, file: "goods.csv".to_owned(), movements };
    append(&store, Entry::StockImported(stock)).unwrap();
    for day in 0..2_u128 {
        let shift = shift(day);
        append(&store, Entry::ShiftOpened(opening(shift))).unwrap();
        for number in 0..3 {
            sell(&store, shift, day * 10 + number).unwrap();
        }
        append(&store, Entry::CashMoved(dropped(shift, 300 + day))).unwrap();
        if day == 0 {
            append(&store, Entry::ShiftClosed(closing(&store, 20))).unwrap();
        }
    }
    store
}

pub(crate) fn shift(number: u128) -> ShiftId {
    ShiftId::new(Uuid::from_u128(50 + number))
}

/// A float of 100 euros and 50 dollars.
pub(crate) fn opening(shift: ShiftId) -> ShiftOpen {
    ShiftOpen {
        shift,
        business_day: NOW.local_day(),
        at: NOW,
        actor: actor(),
        float: eur(10_000),
        pieces: Vec::new(),
        foreign: vec![DrawerCash { amount: usd(5_000), value: eur(4_600) }],
    }
}

/// 25 euros go to the safe.
pub(crate) fn dropped(shift: ShiftId, id: u128) -> CashMove {
    CashMove {
        id: CashMoveId::new(Uuid::from_u128(id)),
        shift,
        at: NOW,
        actor: actor(),
        kind: CashMoveKind::SafeDrop,
        amount: eur(2_500),
        value: None,
        reason: "too much in the drawer".to_owned(),
    }
}

/// The close of the open shift, with so much of each currency missing.
pub(crate) fn closing(store: &Store, short: i64) -> ShiftClose {
    let (so_far, z_number) = store
        .read::<_, StoreError>(|s| Ok((s.shift_so_far()?.unwrap(), s.next_z_number()?)))
        .unwrap();
    let totals = so_far.totals;
    let found = totals.drawer.iter().map(|cash| {
        let counted = cash.amount.minor() - short;
        let amount = Money::new(counted, cash.amount.currency()).unwrap();
        Counted { amount, pieces: Vec::new() }
    });
    ShiftClose {
        shift: so_far.shift.id,
        z_number,
        series: "T1".to_owned(),
        at: NOW,
        actor: actor(),
        counts: count(&totals.drawer, found.collect()).unwrap(),
        grand_total: totals.grand_total_after(so_far.before).unwrap(),
        totals,
    }
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::parse("USD").unwrap()).unwrap()
}

fn variant(number: u128) -> VariantId {
    VariantId::new(Uuid::from_u128(1_000 + number))
}

pub(crate) fn append(store: &Store, entry: Entry) -> Result<i64, StoreError> {
    store.write(move |tx| tx.append(NOW.utc_ms, &entry))
}

/// Six pieces, paid with five euros in cash, ten dollars and the rest by card.
pub(crate) fn sell(store: &Store, shift: ShiftId, number: u128) -> Result<i64, StoreError> {
    store.write(move |tx| sell_in(tx, shift, number))
}

/// The same within a transaction.
pub(crate) fn sell_in(tx: &Tx<'_>, shift: ShiftId, number: u128) -> Result<i64, StoreError> {
    let mut basket = Basket::new(BasketId::new(Uuid::from_u128(5_000 + number)));
    for line in 0..3 {
        let sellable = Sellable {
            item: ItemId::new(Uuid::from_u128(2_000 + line)),
            variant: variant(line),
            name: format!("Item {line}"),
            sku: None,
            category: Some("Goods".to_owned()),
            unit: Unit::Piece,
            price: Some(eur(315 + i64::try_from(line).unwrap() * 110)),
            tax_class: TaxClass::standard(),
            tracks_stock: true,
            unit_cost: None,
        };
        let line = LineId::new(Uuid::from_u128(7_000 + number * 10 + line));
        let add = Change::Add { line, sellable, quantity: Quantity::pieces(2), price: None };
        basket.apply(add).unwrap();
    }
    let settled = priced(&basket);
    let mut due = settled.total;
    let tender = |n: u128| TenderId::new(Uuid::from_u128(9_000 + number * 10 + n));
    for offer in [
        Offer::new(tender(1), TenderKind::Cash, eur(500)),
        Offer {
            rate: Some("0.92".parse().unwrap()),
            ..Offer::new(tender(2), TenderKind::ForeignCash, usd(1_000))
        },
        Offer::new(tender(3), TenderKind::CardExternal, eur(1_130)),
    ] {
        let tender = take(offer, due, None).unwrap();
        due = due.minus(tender.amount).unwrap();
        basket.add_tender(tender, NOW);
    }
    let sale = Sale::close(&basket, settled, facts(tx, shift)?).unwrap();
    tx.append(NOW.utc_ms, &Entry::SaleCompleted(Box::new(sale)))
}

/// What a basket costs where everything has a tax of 20 percent inside.
pub(crate) fn priced(basket: &Basket) -> Settled {
    let rate = Rate::new(20.into()).unwrap();
    let tax = Tax::percent("vat-20", "VAT", rate, TaxMode::Inclusive);
    let taxes = TaxTable::new([(TaxClass::standard(), vec![tax])].into());
    let context = PricingContext {
        currency: Currency::EUR,
        taxes: &taxes,
        rounding: TaxRounding::default(),
        rules: PriceRules::none(),
        channel: "counter",
        at: NOW,
    };
    settle(basket, &context).unwrap()
}

/// What a sale has besides its basket.
pub(crate) fn facts(tx: &Tx<'_>, shift: ShiftId) -> Result<SaleFacts, StoreError> {
    Ok(SaleFacts {
        register: tx.identity().register,
        receipt: tx.next_receipt()?,
        shift,
        business_day: NOW.local_day(),
        at: NOW,
        actor: actor(),
        rounding: TaxRounding::default(),
    })
}
