//! A store with a few days in it.

use std::path::Path;

use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{
    BasketId, ItemId, LineId, RegisterId, ShiftId, StaffId, TenderId, VariantId,
};
use countertop_domain::item::Sellable;
use countertop_domain::journal::{Entry, StockImported};
use countertop_domain::money::{Currency, Money};
use countertop_domain::pricing::{PricingContext, settle};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::sale::{Sale, SaleFacts};
use countertop_domain::shift::{ShiftClose, ShiftOpen};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::stock::Movement;
use countertop_domain::tax::{Percent, Tax, TaxClass, TaxMode, TaxTable};
use countertop_domain::tender::{TenderKind, take};
use countertop_domain::time::Timestamp;
use countertop_store::{Founding, Identity, Store, StoreError};
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

fn actor() -> Actor {
    Actor { staff: StaffId::new(Uuid::from_u128(9)), name: "Mara".to_owned(), role: Role::Owner }
}

/// Stock, a closed shift and an open one, with three sales each.
pub(crate) fn some_days(folder: &Path) -> Store {
    let store = try_open(folder).unwrap();
    let movements =
        (0..4).map(|n| Movement { variant: variant(n), quantity: Quantity::pieces(100) }).collect();
    let stock = StockImported { at: NOW, file: "goods.csv".to_owned(), movements };
    append(&store, Entry::StockImported(stock));
    for day in 0..2_u128 {
        let shift = ShiftId::new(Uuid::from_u128(50 + day));
        let open = ShiftOpen {
            shift,
            business_day: NOW.local_day(),
            at: NOW,
            actor: actor(),
            float: eur(10_000),
        };
        append(&store, Entry::ShiftOpened(open));
        for number in 0..3 {
            sell(&store, shift, day * 10 + number);
        }
        if day == 0 {
            let cash = store.read::<_, StoreError>(|s| s.open_shift()).unwrap().unwrap().cash;
            let expected = eur(10_000 + cash);
            let counted = eur(10_000 + cash - 20);
            let close = ShiftClose { shift, at: NOW, actor: actor(), expected, counted };
            append(&store, Entry::ShiftClosed(close));
        }
    }
    store
}

fn variant(number: u128) -> VariantId {
    VariantId::new(Uuid::from_u128(1_000 + number))
}

fn append(store: &Store, entry: Entry) {
    store.write::<_, StoreError>(move |tx| tx.append(NOW.utc_ms, &entry)).unwrap();
}

fn sell(store: &Store, shift: ShiftId, number: u128) {
    let mut basket = Basket::new(BasketId::new(Uuid::from_u128(5_000 + number)));
    for line in 0..3 {
        let sellable = Sellable {
            item: ItemId::new(Uuid::from_u128(2_000 + line)),
            variant: variant(line),
            name: format!("Item {line}"),
            sku: None,
            category: Some("Goods".to_owned()),
            unit: Unit::Piece,
            price: Some(eur(135 + i64::try_from(line).unwrap() * 110)),
            tax_class: TaxClass::standard(),
            tracks_stock: true,
        };
        let line = LineId::new(Uuid::from_u128(7_000 + number * 10 + line));
        let add = Change::Add { line, sellable, quantity: Quantity::pieces(2), price: None };
        basket.apply(add).unwrap();
    }
    let tax = Tax {
        code: "vat-20".to_owned(),
        name: "VAT".to_owned(),
        rate: Percent::new(20.into()).unwrap(),
        mode: TaxMode::Inclusive,
    };
    let taxes = TaxTable::new([(TaxClass::standard(), vec![tax])].into());
    let settled = settle(&basket, &PricingContext { currency: Currency::EUR, taxes: &taxes });
    let settled = settled.unwrap();
    let (half, rest) = (eur(500), settled.total.minus(eur(500)).unwrap());
    let tender = |n: u128| TenderId::new(Uuid::from_u128(9_000 + number * 10 + n));
    basket.add_tender(take(tender(1), TenderKind::Cash, half, settled.total).unwrap());
    basket.add_tender(take(tender(2), TenderKind::CardExternal, rest, rest).unwrap());
    store
        .write::<_, StoreError>(move |tx| {
            let facts = SaleFacts {
                register: tx.identity().register,
                receipt: tx.next_receipt()?,
                shift,
                business_day: NOW.local_day(),
                at: NOW,
                actor: actor(),
            };
            let sale = Sale::close(&basket, settled, facts).unwrap();
            tx.append(NOW.utc_ms, &Entry::SaleCompleted(Box::new(sale)))
        })
        .unwrap();
}
