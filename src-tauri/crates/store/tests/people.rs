//! Customers and what they hold: the tables say what the journal says, and are made from it again.

use std::path::Path;

use countertop_domain::basket::{Basket, Change, Coupon};
use countertop_domain::credit::{AccountPayment, CreditIssued, CreditKind};
use countertop_domain::customer::{Customer, CustomerRef};
use countertop_domain::ids::{
    BasketId, CustomerId, HeldOrderId, ItemId, LineId, TenderId, VariantId,
};
use countertop_domain::item::Sellable;
use countertop_domain::journal::Entry;
use countertop_domain::money::{Currency, Money};
use countertop_domain::order::{DepositTaken, HeldOrder, HeldOrderKind, OrderCancelled};
use countertop_domain::price_book::Selector;
use countertop_domain::pricing::{PricingContext, settle};
use countertop_domain::promotion::{PriceRules, Promotion, PromotionRule, Stacking};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::rounding::TaxRounding;
use countertop_domain::sale::{Sale, SaleFacts};
use countertop_domain::tax::{Percent, TaxClass, TaxTable};
use countertop_domain::tender::{Offer, PayOut, Tender, TenderKind, pay_out, take};
use countertop_store::{HeldState, Store, StoreError, Tx};
use rusqlite::Connection;
use uuid::Uuid;

use crate::common::{NOW, actor, append, eur, opening, shift, try_open};
use crate::tamper::{changes_found, refuses_changes};

/// What never changes.
const HISTORY: [&str; 4] = ["credit_move", "account_payment", "coupon_use", "held_deposit"];
/// What is kept beside it, and changes as it goes on.
const SUMS: [&str; 3] = ["credit_balance", "coupon_count", "held_order"];

fn anna() -> CustomerId {
    CustomerId::new(Uuid::from_u128(70))
}

fn order_id(number: u128) -> HeldOrderId {
    HeldOrderId::new(Uuid::from_u128(80 + number))
}

fn held(store: &Store, number: u128, kind: HeldOrderKind, total: Money) {
    store
        .write::<_, StoreError>(move |tx| {
            let number_text = match tx.held_order(order_id(number))? {
                Some(row) => row.order.number,
                None => tx.next_held_number()?,
            };
            let order = HeldOrder {
                order: order_id(number),
                number: number_text,
                kind,
                basket: BasketId::new(Uuid::from_u128(90 + number)),
                customer: Some(CustomerRef::from(&customer())),
                due: None,
                note: String::new(),
                total,
                at: NOW,
                actor: actor(),
            };
            tx.append(NOW.utc_ms, &Entry::OrderHeld(order))
        })
        .unwrap();
}

fn customer() -> Customer {
    Customer {
        id: anna(),
        name: "Anna".to_owned(),
        email: String::new(),
        phone: String::new(),
        groups: vec!["member".to_owned()],
        tax_exempt: false,
        tax_id: None,
        position: None,
        account_limit: Some(eur(10_000)),
    }
}

fn offer(id: u128, kind: TenderKind, amount: i64, reference: Option<&str>) -> Offer {
    let id = TenderId::new(Uuid::from_u128(id));
    Offer { reference: reference.map(str::to_owned), ..Offer::new(id, kind, eur(amount)) }
}

fn deposit(store: &Store, number: u128, tender: Tender) {
    let (order, shift) = (order_id(number), shift(0));
    let taken = DepositTaken { order, shift, tender, at: NOW, actor: actor() };
    append(store, Entry::DepositTaken(taken)).unwrap();
}

/// A tenth off everything, by coupon.
fn tenth_off() -> PriceRules {
    let percent = Percent::new(10.into()).unwrap();
    let tenth = Promotion {
        id: "tenth".to_owned(),
        name: "A tenth off".to_owned(),
        priority: 0,
        stacks: false,
        groups: Vec::new(),
        channels: Vec::new(),
        from: None,
        until: None,
        weekdays: Vec::new(),
        hours: None,
        needs_coupon: true,
        rule: PromotionRule::PercentOff { of: Selector::All, percent },
        except: None,
    };
    PriceRules::new(Vec::new(), vec![tenth], Stacking::default()).unwrap()
}

/// The order's goods for 20.00, a tenth off by coupon: 5.00 are a deposit, 3.00 come off a card, the
/// rest is owed.
fn complete(tx: &Tx<'_>) -> Result<i64, StoreError> {
    let mut basket = Basket::new(BasketId::new(Uuid::from_u128(91)));
    basket.order = Some(order_id(1));
    let sellable = Sellable {
        item: ItemId::new(Uuid::from_u128(1)),
        variant: VariantId::new(Uuid::from_u128(2)),
        name: "Lamp".to_owned(),
        sku: None,
        category: None,
        unit: Unit::Piece,
        price: Some(eur(2_000)),
        tax_class: TaxClass::exempt(),
        tracks_stock: false,
        unit_cost: None,
    };
    let line = LineId::new(Uuid::from_u128(3));
    let coupon = Coupon { code: "TENTH".to_owned(), promotion: "tenth".to_owned() };
    for change in [
        Change::Add { line, sellable, quantity: Quantity::ONE, price: None },
        Change::SetCustomer(Some(CustomerRef::from(&customer()))),
        Change::AddCoupon(coupon),
    ] {
        basket.apply(change).unwrap();
    }
    let rules = tenth_off();
    let context = PricingContext {
        currency: Currency::EUR,
        taxes: &TaxTable::default(),
        rounding: TaxRounding::default(),
        rules: &rules,
        channel: "counter",
        at: NOW,
    };
    let settled = settle(&basket, &context).unwrap();
    assert_eq!(settled.total, eur(1_800));
    let deposits = tx.held_deposits(order_id(1))?.into_iter().map(|taken| {
        let reference = Some("T1-H1".to_owned());
        Tender { kind: TenderKind::Deposit, reference, ..taken.tender }
    });
    basket.take_deposits(deposits.collect());
    let mut due = eur(1_300);
    let account = anna().to_string();
    for offer in [
        offer(200, TenderKind::GiftCard, 300, Some("CARD1")),
        offer(201, TenderKind::OnAccount, 1_000, Some(&account)),
    ] {
        let tender = take(offer, due, None).unwrap();
        due = due.minus(tender.amount).unwrap();
        basket.add_tender(tender, NOW);
    }
    let facts = SaleFacts {
        register: tx.identity().register,
        receipt: tx.next_receipt()?,
        shift: shift(0),
        business_day: NOW.local_day(),
        at: NOW,
        actor: actor(),
        rounding: TaxRounding::default(),
    };
    let sale = Sale::close(&basket, settled, facts).unwrap();
    tx.append(NOW.utc_ms, &Entry::SaleCompleted(Box::new(sale)))
}

/// A card, an order that was completed and one that was cancelled, a debt that was paid in part.
fn some_people(folder: &Path) -> Store {
    let store = try_open(folder).unwrap();
    append(&store, Entry::ShiftOpened(opening(shift(0)))).unwrap();
    let issued = CreditIssued {
        id: None,
        kind: CreditKind::GiftCard,
        code: "CARD1".to_owned(),
        amount: eur(1_000),
        reason: "Goodwill".to_owned(),
        at: NOW,
        actor: actor(),
    };
    append(&store, Entry::CreditIssued(issued)).unwrap();
    held(&store, 1, HeldOrderKind::Quote, eur(1_800));
    held(&store, 2, HeldOrderKind::Layaway, eur(5_000));
    // Taken up, and set aside again as something else.
    held(&store, 1, HeldOrderKind::Collect, eur(1_800));
    let cash = take(offer(100, TenderKind::Cash, 500, None), eur(1_800), None).unwrap();
    deposit(&store, 1, cash);
    let card = offer(101, TenderKind::GiftCard, 400, Some("CARD1"));
    let card = take(card, eur(5_000), None).unwrap();
    deposit(&store, 2, card.clone());
    let back = PayOut {
        reference: Some("CARD1".to_owned()),
        ..PayOut::new(TenderId::new(Uuid::from_u128(102)), TenderKind::GiftCard, eur(400))
    };
    let cancelled = OrderCancelled {
        order: order_id(2),
        shift: shift(0),
        reason: "Moved away".to_owned(),
        refunds: vec![pay_out(back, eur(-400), None).unwrap()],
        kept: eur(0),
        fee: None,
        at: NOW,
        actor: actor(),
    };
    append(&store, Entry::OrderCancelled(cancelled)).unwrap();
    store.write::<_, StoreError>(complete).unwrap();
    let tender = take(offer(300, TenderKind::Cash, 250, None), eur(1_000), None).unwrap();
    let paid = AccountPayment {
        customer: anna(),
        name: "Anna".to_owned(),
        tender,
        shift: shift(0),
        at: NOW,
        actor: actor(),
    };
    append(&store, Entry::AccountPaid(paid)).unwrap();
    held(&store, 3, HeldOrderKind::Deliver, eur(700));
    store
}

/// What every ledger, coupon and order comes to.
fn says_the_truth(store: &Store) {
    store
        .read::<_, StoreError>(|snapshot| {
            let account = anna().to_string();
            assert_eq!(snapshot.credit_balance(CreditKind::GiftCard, "CARD1")?, Some(eur(700)));
            assert_eq!(snapshot.credit_balance(CreditKind::Account, &account)?, Some(eur(750)));
            assert_eq!(snapshot.credit_balance(CreditKind::GiftCard, "CARD2")?, None);
            let moves = snapshot.credit_moves(CreditKind::GiftCard, "CARD1", 50)?;
            let moves: Vec<i64> = moves.iter().map(|one| one.amount).collect();
            assert_eq!(moves, [-300, 400, -400, 1_000]);
            let orders = snapshot.held_orders(false, 50)?;
            let orders: Vec<_> = orders
                .iter()
                .map(|row| (row.order.number.as_str(), row.order.kind, row.state, row.deposit))
                .collect();
            assert_eq!(
                orders,
                [
                    ("T1-H3", HeldOrderKind::Deliver, HeldState::Open, 0),
                    ("T1-H2", HeldOrderKind::Layaway, HeldState::Cancelled, 400),
                    ("T1-H1", HeldOrderKind::Collect, HeldState::Completed, 500),
                ]
            );
            assert_eq!(snapshot.held_orders(true, 50)?.len(), 1);
            Ok(())
        })
        .unwrap();
}

fn used(folder: &Path) -> i64 {
    let connection = Connection::open(folder.join("register.db")).unwrap();
    let sql = "SELECT uses FROM coupon_count WHERE code = 'TENTH'";
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn what_people_hold_is_what_the_journal_says() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_people(folder.path());
    says_the_truth(&store);
    assert_eq!(used(folder.path()), 1);
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn what_people_hold_is_made_anew_from_the_journal_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_people(folder.path());
    let entries = store.verify().unwrap().entries;
    drop(store);
    let connection = Connection::open(folder.path().join("register.db")).unwrap();
    connection
        .execute_batch(
            "DELETE FROM credit_balance; DELETE FROM held_order; DELETE FROM coupon_count;",
        )
        .unwrap();
    drop(connection);
    let store = try_open(folder.path()).unwrap();
    assert!(store.verify().unwrap().problems.len() >= 3);
    assert_eq!(store.rebuild().unwrap(), entries);
    says_the_truth(&store);
    assert_eq!(used(folder.path()), 1);
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn nobody_changes_what_people_hold_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    drop(some_people(folder.path()));
    refuses_changes(folder.path(), HISTORY.into_iter());
    let tried = changes_found(folder.path(), HISTORY.into_iter().chain(SUMS));
    assert!(tried > 25, "only {tried} columns could be tried");
}

#[test]
fn a_ledger_that_would_go_below_nothing_takes_the_whole_entry_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_people(folder.path());
    let card = offer(400, TenderKind::GiftCard, 701, Some("CARD1"));
    let tender = take(card, eur(5_000), None).unwrap();
    let (order, shift) = (order_id(3), shift(0));
    let taken = DepositTaken { order, shift, tender, at: NOW, actor: actor() };
    let refused = append(&store, Entry::DepositTaken(taken)).unwrap_err();
    assert!(matches!(refused, StoreError::Sqlite(_)), "{refused}");
    says_the_truth(&store);
    assert_eq!(store.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_basket_that_waits_as_an_order_is_not_given_back_as_an_open_one_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_people(folder.path());
    let basket = |number: u128, order: Option<u128>| {
        let mut basket = Basket::new(BasketId::new(Uuid::from_u128(90 + number)));
        basket.order = order.map(order_id);
        basket
    };
    // As it was before it was set aside; as taken up again; of a cancelled order; of a sale.
    for (number, order, given_back) in
        [(3, None, false), (3, Some(3), true), (2, Some(2), false), (1, Some(1), false)]
    {
        let saved = basket(number, order);
        store.write::<_, StoreError>(move |tx| tx.put_basket("till", &saved)).unwrap();
        let open = store.read::<_, StoreError>(|snapshot| snapshot.baskets()).unwrap();
        let id = BasketId::new(Uuid::from_u128(90 + number));
        let found = open.iter().any(|saved| saved.basket.id() == id);
        assert_eq!(found, given_back, "{number} {order:?}");
    }
}
