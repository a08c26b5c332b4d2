//! What a shop says, taken in: matched, promised, marked where it is nonsense, and never twice.

use std::sync::Arc;

use countertop_app::{ChannelIntake, Clock, SystemClock};
use countertop_domain::channel_order::OrderStatus;
use countertop_store::{ChannelRow, StoreError};
use countertop_sync::channel::{Intake, LineIn, OrderIn, OrderState, ProductIn, VariantIn};

use crate::common::Shop;
use crate::common::goods::{BREAD, variant};
use crate::web_shops::{SHOP, count, here, put_channel, reserved, to_dos, web_orders};

fn product(id: &str, name: &str, sku: &str, price: i64) -> ProductIn {
    ProductIn {
        external_id: id.to_owned(),
        name: name.to_owned(),
        published: true,
        variants: vec![VariantIn {
            external_id: id.to_owned(),
            sku: sku.to_owned(),
            price: Some(price),
            tracks_stock: true,
            ..VariantIn::default()
        }],
        ..ProductIn::default()
    }
}

/// A register with a shop whose words the test says itself.
struct Said {
    shop: Shop,
    row: ChannelRow,
    intake: ChannelIntake,
}

fn said() -> Said {
    let shop = Shop::open();
    let row = put_channel(shop.app(), "https://shop.example", SystemClock.now().utc_ms);
    let intake = ChannelIntake::new(Arc::clone(shop.app()));
    Said { shop, row, intake }
}

impl Said {
    fn products(&self, products: &[ProductIn]) {
        self.intake.products(&self.row, products.to_vec()).unwrap();
    }

    fn price_of(&self, sku: &str) -> Option<Option<i64>> {
        let found = self.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku(sku));
        found.unwrap().first().map(|entry| entry.variant.price)
    }

    fn kinds(&self) -> Vec<String> {
        to_dos(self.shop.app()).into_iter().map(|(kind, _)| kind).collect()
    }
}

#[test]
fn nonsense_of_a_shop_is_a_to_do_and_never_on_the_screen() {
    let said = said();
    let million = vec![VariantIn::default(); 1_000_000];
    let bad = [
        product("1", "Cheap", "BAD", -1),
        product("2", "N\0L", "BAD", 100),
        product("3", "Mug \u{202E}gnp.exe", "BAD", 100),
        product("4", &"long ".repeat(1_000), "BAD", 100),
        product("5", "Dear", "BAD", i64::MAX),
        ProductIn { variants: million, ..product("6", "Many", "BAD", 100) },
    ];
    said.products(&bad);
    said.products(&[product("7", "Good", "GOOD", 100)]);
    assert_eq!(said.price_of("BAD"), None);
    assert_eq!(said.price_of("GOOD"), Some(Some(100)), "the rest is not in its way");
    let to_dos = to_dos(said.shop.app());
    assert_eq!(to_dos.len(), 6, "{to_dos:?}");
    for (kind, words) in to_dos {
        assert_eq!(kind, "bad_product");
        assert!(!words.contains(['\0', '\u{202E}']) && words.chars().count() < 200, "{words}");
    }
    // Put right there, it comes in, and the to-do goes.
    said.products(&[product("1", "Cheap", "CHEAP", 1)]);
    assert_eq!((said.price_of("CHEAP"), said.kinds().len()), (Some(Some(1)), 5));
}

#[test]
fn a_price_that_jumps_is_not_sold_before_somebody_looked() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000)]);
    said.products(&[product("1", "Mug", "MUG", 800)]);
    assert_eq!((said.price_of("MUG"), said.kinds().len()), (Some(Some(800)), 0));
    said.products(&[product("1", "Mug", "MUG", 1)]);
    assert_eq!(said.price_of("MUG"), Some(Some(800)));
    assert_eq!(said.kinds(), ["price_jump"]);
    said.products(&[product("1", "Mug", "MUG", 900)]);
    assert_eq!((said.price_of("MUG"), said.kinds().len()), (Some(Some(900)), 0));
}

#[test]
fn a_number_that_stands_on_two_things_is_never_guessed() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000), product("2", "Cup", "MUG", 1_000)]);
    assert_eq!(said.kinds(), ["ambiguous"]);
    let found = said.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku("MUG"));
    assert_eq!(found.unwrap().len(), 1, "the second is not made");
    // The same page again changes nothing.
    said.products(&[product("1", "Mug", "MUG", 1_000), product("2", "Cup", "MUG", 1_000)]);
    assert_eq!(said.kinds(), ["ambiguous"]);
}

#[test]
fn what_the_catalogue_has_is_known_by_its_barcode_and_stays_as_it_is() {
    let said = said();
    let bread = variant(&said.shop, "Bread");
    let mut there = product("1", "Baguette", "", 999);
    there.variants[0].barcode = BREAD.to_owned();
    said.products(&[there]);
    let names = said.shop.app().store().read::<_, StoreError>(|s| {
        s.channel_names_of(SHOP, countertop_store::MapKind::Variant, bread.uuid())
    });
    assert_eq!(names.unwrap().len(), 1);
    let sold = said.shop.app().store().read::<_, StoreError>(|s| s.by_variant(bread));
    let sold = sold.unwrap().unwrap();
    assert_eq!((sold.name.as_str(), sold.price.map(|p| p.minor())), ("Bread", Some(345)));
}

fn order(id: &str, state: OrderState, lines: Vec<LineIn>) -> OrderIn {
    OrderIn {
        external_id: id.to_owned(),
        number: id.to_owned(),
        our_id: None,
        state,
        hand_over: countertop_domain::channel_order::HandOver::Ship,
        paid: true,
        ordered_ms: SystemClock.now().utc_ms,
        total: 1_000,
        lines,
        customer: String::new(),
        recipient: countertop_domain::channel_order::Recipient::default(),
        note: String::new(),
    }
}

fn of_mug(pieces: i64) -> LineIn {
    LineIn {
        external_id: "l".to_owned(),
        variant: "1".to_owned(),
        name: "Mug".to_owned(),
        quantity: pieces * 1_000,
        unit_price: 1_000,
        ..LineIn::default()
    }
}

#[test]
fn an_order_that_comes_twice_is_promised_once_and_let_go_when_it_is_cancelled() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000)]);
    let found = said.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku("MUG"));
    let mug = found.unwrap()[0].variant.id;
    let app = said.shop.app();
    count(&said.shop, mug, 3);
    let says = |state, pieces| {
        let order = order("9", state, vec![of_mug(pieces)]);
        said.intake.orders(&said.row, vec![order.clone(), order]).unwrap();
    };
    says(OrderState::Unpaid, 2);
    assert_eq!(web_orders(app).len(), 0, "nothing is to be done yet");
    says(OrderState::Open, 2);
    says(OrderState::Open, 2);
    assert_eq!((web_orders(app).len(), reserved(app, mug), here(app, mug)), (1, 2, 3));
    says(OrderState::Cancelled, 2);
    assert_eq!((reserved(app, mug), here(app, mug)), (0, 3));
    assert_eq!(web_orders(app)[0].status, OrderStatus::Cancelled);
    // What the register made itself comes back as an echo.
    let echo =
        OrderIn { our_id: Some("x".to_owned()), ..order("10", OrderState::Open, vec![of_mug(1)]) };
    said.intake.orders(&said.row, vec![echo]).unwrap();
    assert_eq!(web_orders(app).len(), 1);
}

#[test]
fn what_the_shops_own_people_hand_over_leaves_the_shelf_once() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000)]);
    let found = said.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku("MUG"));
    let mug = found.unwrap()[0].variant.id;
    let app = said.shop.app();
    count(&said.shop, mug, 3);
    for _ in 0..2 {
        let done = order("9", OrderState::Fulfilled, vec![of_mug(2)]);
        said.intake.orders(&said.row, vec![done]).unwrap();
    }
    assert_eq!((reserved(app, mug), here(app, mug)), (0, 1));
    // Long before the shop was added: its goods left then.
    let old = OrderIn { ordered_ms: 0, ..order("8", OrderState::Fulfilled, vec![of_mug(1)]) };
    said.intake.orders(&said.row, vec![old]).unwrap();
    assert_eq!((web_orders(app).len(), here(app, mug)), (1, 1));
}

#[test]
fn more_promised_than_there_is_is_said_and_nothing_is_refused() {
    let said = said();
    said.products(&[product("1", "Mug", "MUG", 1_000)]);
    let found = said.shop.app().store().read::<_, StoreError>(|s| s.variants_by_sku("MUG"));
    let mug = found.unwrap()[0].variant.id;
    count(&said.shop, mug, 1);
    let orders = vec![
        order("8", OrderState::Open, vec![of_mug(1)]),
        order("9", OrderState::Open, vec![of_mug(1)]),
    ];
    said.intake.orders(&said.row, orders).unwrap();
    assert_eq!(web_orders(said.shop.app()).len(), 2);
    assert_eq!(said.kinds(), ["oversold"]);
}

#[test]
fn an_order_with_one_bad_line_is_a_to_do_and_the_next_one_comes_in() {
    let said = said();
    let bad = LineIn { unit_price: -5, ..of_mug(1) };
    let strange = LineIn { name: "M\0ug\u{202E}".to_owned(), ..of_mug(1) };
    let orders =
        vec![order("8", OrderState::Open, vec![bad]), order("9", OrderState::Open, vec![strange])];
    said.intake.orders(&said.row, orders).unwrap();
    assert_eq!(said.kinds(), ["bad_order"]);
    let came = web_orders(said.shop.app());
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].body.lines[0].name, "M\u{FFFD}ug\u{FFFD}");
}
