//! What a basket takes and what it refuses; refused, it is as it was.

use countertop_app::commands::{
    Add, Clear, ParkBasket, RemoveLine, SetLineNote, SetLinePrice, SetLineQuantity, SetShop,
};
use countertop_app::wire::{
    AddRequest, BasketRequest, BasketView, LineRequest, Park, PayWith, SetNote, SetPrice,
    SetQuantity,
};
use countertop_domain::basket::Basket;
use countertop_domain::ids::LineId;
use countertop_domain::quantity::{Quantity, Unit};
use uuid::Uuid;

use crate::common::goods::{self, BREAD, CHEESE, REPAIR, SAMPLE, WINE, good};
use crate::common::{Shop, code, line};

/// Everything of a basket that a change could touch.
fn shown(basket: &BasketView) -> String {
    serde_json::to_string(basket).unwrap()
}

fn set_quantity(shop: &Shop, line_id: LineId, quantity: i64) -> Result<BasketView, &'static str> {
    let basket_id = shop.basket().id;
    let request = SetQuantity { basket_id, line_id, quantity };
    shop.call::<SetLineQuantity>(request).map_err(|error| error.code())
}

fn set_price(shop: &Shop, line_id: LineId, price: Option<i64>) -> Result<BasketView, &'static str> {
    let basket_id = shop.basket().id;
    let request = SetPrice { basket_id, line_id, price, reason: "Dented".to_owned() };
    shop.call::<SetLinePrice>(request).map_err(|error| error.code())
}

#[test]
fn a_quantity_that_cannot_be_sold_is_refused_and_the_line_stays() {
    let shop = Shop::open();
    shop.scan(CHEESE);
    let basket = shop.scan(BREAD);
    let (bread, cheese) = (line(&basket.lines, "Bread").id, line(&basket.lines, "Cheese").id);
    let before = shown(&shop.basket());
    let most = Quantity::MAX_THOUSANDTHS;
    for quantity in [0, -1, -1_000, 500, 1_001, most + 1_000, i64::MAX, i64::MIN] {
        assert_eq!(set_quantity(&shop, bread, quantity).unwrap_err(), "bad_quantity", "{quantity}");
        assert_eq!(shown(&shop.basket()), before);
    }
    for quantity in [0, -1, most + 1, i64::MAX, i64::MIN] {
        assert_eq!(set_quantity(&shop, cheese, quantity).unwrap_err(), "bad_quantity");
        assert_eq!(shown(&shop.basket()), before);
    }
    // Half a kilogram is fine, half a loaf is not.
    assert_eq!(set_quantity(&shop, cheese, 500).unwrap().total, 975 + 345);
    assert_eq!(set_quantity(&shop, bread, most).unwrap().total, 345_000_000 + 975);
    // One more than the most is refused on the way of a scan, too.
    assert_eq!(code(shop.try_scan(BREAD)), "bad_quantity");
}

#[test]
fn an_amount_that_a_register_cannot_count_is_refused_and_the_basket_stays() {
    let shop = Shop::open();
    let basket = shop.scan(CHEESE);
    let cheese = line(&basket.lines, "Cheese").id;
    let most = 9_007_199_254_740_991;
    assert_eq!(set_price(&shop, cheese, Some(most)).unwrap().total, most);
    let before = shown(&shop.basket());
    assert_eq!(set_quantity(&shop, cheese, 1_001).unwrap_err(), "bad_amount");
    assert_eq!(code(shop.try_scan(BREAD)), "bad_amount");
    for price in [most + 1, i64::MAX, i64::MIN] {
        assert_eq!(set_price(&shop, cheese, Some(price)).unwrap_err(), "bad_amount", "{price}");
    }
    assert_eq!(set_price(&shop, cheese, Some(-1)).unwrap_err(), "bad_price");
    assert_eq!(shown(&shop.basket()), before);
    assert_eq!(set_price(&shop, cheese, None).unwrap().total, 1_950);
}

#[test]
fn another_price_says_why_and_can_be_taken_back() {
    let shop = Shop::open();
    let basket = shop.scan(WINE);
    let wine = basket.lines[0].id;
    let changed = set_price(&shop, wine, Some(1_000)).unwrap();
    let shown = &changed.lines[0];
    assert_eq!((shown.unit_price, shown.list_price, shown.total), (1_000, Some(1_199), 1_000));
    assert_eq!(shown.price_reason.as_deref(), Some("Dented"));
    // Another bottle at the shelf's price is another line.
    let basket = shop.scan(WINE);
    assert_eq!((basket.lines.len(), basket.total), (2, 2_199));
    let sale = shop.pay(PayWith::Cash, 2_199).unwrap().sale.expect("paid in full");
    assert_eq!(sale.lines[0].price_reason.as_deref(), Some("Dented"));
    let journal = &shop.sales()[0].lines[0];
    assert_eq!(journal.list_price.map(|price| price.minor()), Some(1_199));
    assert_eq!(journal.unit_price.minor(), 1_000);
    shop.books_agree();
}

#[test]
fn a_basket_keeps_its_prices_when_the_catalogue_changes() {
    let shop = Shop::open();
    shop.scan(BREAD);
    shop.scan(CHEESE);
    let dearer = good("Bread", Unit::Piece, "standard", Some(999), Some(100), &[(BREAD, 1)]);
    goods::put_on_sale(&shop, vec![dearer]);
    assert_eq!(shop.basket().total, 345 + 1_950);
    let shop = shop.reopen();
    assert_eq!(shop.basket().total, 345 + 1_950);
    let sale = shop.pay(PayWith::Cash, 345 + 1_950).unwrap().sale.expect("paid in full");
    assert_eq!(line(&sale.lines, "Bread").total, 345);
    // The next customer pays the new price.
    assert_eq!(shop.scan(BREAD).total, 999);
    shop.books_agree();
}

#[test]
fn taxes_stand_still_while_a_basket_is_part_paid() {
    let shop = Shop::open();
    shop.scan(goods::TOOL);
    let due = shop.basket().due;
    let basket = shop.pay(PayWith::CardExternal, due - 1).unwrap().basket.expect("a cent is left");
    let mut untaxed = goods::settings();
    untaxed.taxes.iter_mut().for_each(|tax| tax.rate = "0".to_owned());
    assert_eq!(code(shop.call::<SetShop>(untaxed.clone())), "partly_paid");
    assert_eq!(shop.basket().due, 1);
    let tender_id = basket.tenders[0].id;
    let back = countertop_app::wire::TakeBack { basket_id: basket.id, tender_id };
    shop.call::<countertop_app::commands::PayTakeBack>(back).unwrap();
    shop.call::<SetShop>(untaxed).unwrap();
    assert_eq!(shop.basket().due, 2_500);
    shop.pay(PayWith::CardExternal, 2_500).unwrap().sale.expect("paid in full");
    shop.books_agree();
}

#[test]
fn a_basket_holds_a_thousand_lines_and_no_more() {
    let shop = Shop::open();
    let (basket_id, variant_id) = (shop.basket().id, goods::variant(&shop, REPAIR));
    let request = AddRequest { basket_id, variant_id, quantity: None, price: Some(100) };
    for _ in 0..Basket::MAX_LINES {
        shop.call::<Add>(request.clone()).unwrap();
    }
    assert_eq!(code(shop.call::<Add>(request)), "basket_full");
    assert_eq!(code(shop.try_scan(SAMPLE)), "basket_full");
    let basket = shop.basket();
    assert_eq!((basket.lines.len(), basket.total), (1_000, 100_000));
    let sale = shop.pay(PayWith::Cash, 100_000).unwrap().sale.expect("paid in full");
    assert_eq!(sale.lines.len(), 1_000);
    shop.books_agree();
}

#[test]
fn a_note_is_kept_to_what_can_be_printed() {
    let shop = Shop::open();
    let basket = shop.scan(BREAD);
    let (basket_id, line_id) = (basket.id, basket.lines[0].id);
    let set = |note: String| shop.call::<SetLineNote>(SetNote { basket_id, line_id, note });
    assert_eq!(code(set("x".repeat(201))), "bad_text");
    assert_eq!(set("é".repeat(200)).unwrap().lines[0].note.as_deref(), Some(&*"é".repeat(200)));
    assert_eq!(set(" ".to_owned()).unwrap().lines[0].note, None);
}

#[test]
fn a_line_that_is_gone_cannot_be_changed() {
    let shop = Shop::open();
    let basket = shop.scan(BREAD);
    let (basket_id, line_id) = (basket.id, basket.lines[0].id);
    shop.scan(WINE);
    shop.call::<RemoveLine>(LineRequest { basket_id, line_id }).unwrap();
    assert_eq!(set_quantity(&shop, line_id, 2_000).unwrap_err(), "no_such_line");
    assert_eq!(set_price(&shop, line_id, Some(1)).unwrap_err(), "no_such_line");
    let gone = LineRequest { basket_id, line_id };
    assert_eq!(code(shop.call::<RemoveLine>(gone)), "no_such_line");
    let nowhere = BasketRequest { basket_id: countertop_domain::ids::BasketId::new(Uuid::nil()) };
    assert_eq!(code(shop.call::<Clear>(nowhere)), "no_such_basket");
    assert_eq!(shop.basket().total, 1_199);
}

#[test]
fn an_empty_basket_is_not_parked_and_labels_are_short() {
    let shop = Shop::open();
    let basket_id = shop.basket().id;
    let park = |label: &str| shop.call::<ParkBasket>(Park { basket_id, label: label.to_owned() });
    assert_eq!(code(park("")), "basket_empty");
    shop.scan(BREAD);
    assert_eq!(code(park(&"x".repeat(41))), "bad_text");
    assert_eq!(shop.basket().id, basket_id);
    assert!(park("Blue coat").unwrap().lines.is_empty());
}
