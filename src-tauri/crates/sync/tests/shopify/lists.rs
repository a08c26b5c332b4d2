//! What comes in: all of it, page by page, and later what changed.

use countertop_domain::channel_order::HandOver;
use countertop_shop_twins::shopify::{Customer, Level, Part, Product, ShopifyBooks, Variant, gid};
use countertop_shop_twins::{Fault, FaultKind, Strike};
use countertop_sync::channel::{Ask, OrderIn, OrderState, Page, ProductIn, StockIn, Trouble};

use crate::bench::{Bench, THEN, TOKEN, bench, bench_of, settings};

fn now() -> i64 {
    i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap()
}

fn products(bench: &Bench, ask: &Ask) -> Page<ProductIn> {
    bench.wait(bench.connector.products(ask)).unwrap()
}

/// Reads a list to its end.
fn all<T>(mut page: impl FnMut(&Ask) -> Page<T>, since_ms: Option<i64>) -> (Vec<T>, usize) {
    let mut ask = Ask { since_ms, next: None };
    let (mut items, mut pages) = (Vec::new(), 0);
    loop {
        let page = page(&ask);
        pages += 1;
        items.extend(page.items);
        match page.next {
            Some(next) => ask.next = Some(next),
            None => return (items, pages),
        }
    }
}

fn ids(products: &[ProductIn]) -> Vec<&str> {
    products.iter().map(|one| one.external_id.as_str()).collect()
}

#[test]
fn a_first_reading_goes_on_after_a_stop_and_what_is_added_meanwhile_shifts_no_page() {
    let mut books = ShopifyBooks::new(TOKEN);
    for number in 0..44 {
        books.add_product(&format!("B-{number}"), "2.50", 1);
    }
    let bench = bench_of(books);
    let first = products(&bench, &Ask::default());
    assert_eq!((first.items.len(), first.total), (20, Some(45)));
    let deleted = first.items[3].external_id.clone();
    bench.shop.books(|books| {
        books.add_product("C-1", "2.50", 1);
        books.products.retain(|id, _| gid("Product", *id) != deleted);
    });
    // As after a start of the register: another connector, the place as it was kept.
    let again = settings(&bench.shop.url(), &[("token", TOKEN)], &[]).unwrap();
    let mut ask = Ask { since_ms: None, next: first.next };
    let mut seen = first.items;
    while ask.next.is_some() {
        let page = bench.wait(again.products(&ask)).unwrap();
        seen.extend(page.items);
        ask.next = page.next;
    }
    let mut unique = ids(&seen);
    unique.sort_unstable();
    unique.dedup();
    assert_eq!((seen.len(), unique.len()), (46, 46));
}

#[test]
fn a_product_comes_with_everything_that_a_counter_needs() {
    let bench = bench();
    bench.shop.books(|books| {
        let product = books.products.get_mut(&bench.mug).unwrap();
        product.category = "Home > Mugs".to_owned();
        product.image = "https://cdn.example.com/mug.jpg".to_owned();
        product.variants[0].compare_at = "1.50".to_owned();
    });
    let page = products(&bench, &Ask::default());
    let product = &page.items[0];
    assert_eq!((product.name.as_str(), product.published), ("Product A-1", true));
    assert_eq!(product.categories, ["Home > Mugs"]);
    assert_eq!(product.images, ["https://cdn.example.com/mug.jpg"]);
    let variant = &product.variants[0];
    assert_eq!((variant.price, variant.compare_at), (Some(100), Some(150)));
    assert_eq!((variant.sku.as_str(), variant.barcode.len()), ("A-1", 13));
    assert_eq!((variant.tracks_stock, variant.stock), (true, Some(10_000)));
    assert_eq!(variant.stock_ref, gid("InventoryItem", bench.mug));
    assert_eq!(variant.options, [], "one form has no options");
}

#[test]
fn a_product_with_many_variants_loses_none_and_no_option() {
    let bench = bench();
    bench.shop.books(|books| {
        let variants = (0..223_u64)
            .map(|number| {
                let option = |name: &str, value: u64| (name.to_owned(), value.to_string());
                Variant {
                    id: 10_000 + number,
                    price: "3.00".to_owned(),
                    options: vec![
                        option("Size", number % 3),
                        option("Colour", number % 5),
                        option("Cut", number % 7),
                        option("Length", number),
                    ],
                    tracked: true,
                    ..Variant::default()
                }
            })
            .collect();
        let (title, status) = ("Shirt".to_owned(), "ACTIVE".to_owned());
        books
            .products
            .insert(900, Product { id: 900, title, status, variants, ..Product::default() });
    });
    let page = products(&bench, &Ask::default());
    let shirt = &page.items[1];
    assert_eq!(shirt.variants.len(), 223);
    assert!(shirt.variants.iter().all(|one| one.options.len() == 4 && one.stock.is_none()));
}

#[test]
fn whatever_of_a_product_changed_is_read_next_time_and_nothing_else() {
    let mut books = ShopifyBooks::new(TOKEN);
    let (title, price) = (books.add_product("T", "2.00", 1), books.add_product("P", "2.00", 1));
    let bench = bench_of(books);
    let since = Some(now() - 60_000);
    let read = || all(|ask| products(&bench, ask), since);
    assert_eq!(read().0.len(), 0);
    let later = now();
    bench.shop.books(|books| {
        let product = books.products.get_mut(&title).unwrap();
        (product.title, product.updated_ms) = ("New name".to_owned(), later);
        // The trap: this moves the variant's clock, and not the product's.
        let variant = books.variant_mut(price).unwrap();
        (variant.price, variant.updated_ms) = ("2.20".to_owned(), later);
    });
    let (changed, _) = read();
    assert_eq!(ids(&changed), [gid("Product", title), gid("Product", price)]);
    assert_eq!((changed[0].name.as_str(), changed[1].variants[0].price), ("New name", Some(220)));
}

#[test]
fn stock_that_moved_is_read_although_no_products_clock_moved() {
    let bench = bench();
    let stock = |ask: &Ask| bench.wait(bench.connector.stock(ask)).unwrap();
    let external_id = gid("ProductVariant", bench.mug);
    let said = |units: i64| vec![StockIn { external_id: external_id.clone(), quantity: units }];
    assert_eq!(all(stock, None).0, said(10_000));
    let since = Some(now() - 60_000);
    assert_eq!(all(stock, since).0, []);
    bench.send(&bench.sale()).unwrap();
    assert_eq!(all(stock, since).0, said(7_000));
    assert_eq!(all(|ask| products(&bench, ask), since).0.len(), 0);
    let asked = bench.goods().unwrap();
    assert_eq!(bench.wait(bench.connector.stock_of(&[asked])).unwrap(), said(7_000));
    // Many levels are more than one page.
    bench.shop.books(|books| {
        for number in 0..120 {
            let id = books.add_product(&format!("S-{number}"), "1.00", 4);
            let level = Level { available: 4, committed: 0, updated_ms: now() };
            books.variant_mut(id).unwrap().levels.insert(1, level);
        }
    });
    let (moved, pages) = all(stock, since);
    assert_eq!((moved.len(), pages), (121, 3));
    assert_eq!(all(stock, None).0.len(), 121);
}

#[test]
fn what_the_shop_has_no_more_is_not_in_the_sweep() {
    let mut books = ShopifyBooks::new(TOKEN);
    let gone = books.add_product("G", "1.00", 1);
    for number in 0..300 {
        books.add_product(&format!("B-{number}"), "1.00", 1);
    }
    let bench = bench_of(books);
    bench.shop.books(|books| books.products.remove(&gone));
    let sweep = |ask: &Ask| bench.wait(bench.connector.sweep(ask)).unwrap();
    let (ids, pages) = all(sweep, None);
    assert_eq!((ids.len(), pages), (602, 2), "a product and its variant");
    assert!(!ids.contains(&gid("Product", gone)));
}

#[test]
fn a_bad_product_is_named_and_the_others_come() {
    let bench = bench();
    let bad = bench.shop.books(|books| {
        let bad = books.add_product("N", "-1.00", 1);
        books.add_product("H", "twelve", 1);
        let odd = books.add_product("O", "4.00", 1);
        books.products.get_mut(&odd).unwrap().title = "Mu\u{0}g \u{202e}gnp.exe\u{2066}".to_owned();
        bad
    });
    let page = products(&bench, &Ask::default());
    let names: Vec<_> = page.items.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Product A-1", "Mug gnp.exe"]);
    assert_eq!(page.bad.len(), 2);
    assert_eq!(page.bad[0].0, gid("Product", bad));
    assert!(page.bad[0].1.contains("below nothing"), "{:?}", page.bad);
    assert!(page.bad[1].1.contains("twelve"));
}

#[test]
fn a_page_that_is_no_answer_is_the_shops_trouble_and_nothing_of_it_is_kept() {
    let bench = bench();
    for kind in [
        FaultKind::Html,
        FaultKind::HalfJson,
        FaultKind::WrongType,
        FaultKind::Truncate,
        FaultKind::Huge(100 * 1024 * 1024),
    ] {
        bench
            .shop
            .strike(Fault { strike: Strike::first("POST", "query Products"), kind: kind.clone() });
        let page = bench.wait(bench.connector.products(&Ask::default()));
        assert!(matches!(page, Err(Trouble::Unknown { .. })), "{kind:?}");
    }
}

#[test]
fn the_shops_own_clock_counts_however_wrong_it_is() {
    let bench = bench();
    for skew in [-3_600_000, 3_600_000] {
        bench.shop.set_skew_ms(skew);
        let said = products(&bench, &Ask::default()).server_ms.unwrap();
        assert!((said - skew - now()).abs() < 600_000, "{said}");
    }
}

/// The order of a buyer after something happened to it.
fn order(collect: bool, paid: bool, change: impl FnOnce(&mut ShopifyBooks, u64)) -> OrderIn {
    let bench = bench();
    let id = bench.shop.books(|books| {
        let id = books.order_online(bench.mug, 2, collect, paid, THEN);
        change(books, id);
        id
    });
    let orders = |ask: &Ask| bench.wait(bench.connector.orders(ask)).unwrap();
    let (found, _) = all(orders, Some(THEN - 1_000));
    assert_eq!(found[0].external_id, gid("Order", id));
    found.into_iter().next().unwrap()
}

fn state(order: &OrderIn) -> (OrderState, HandOver, bool) {
    (order.state, order.hand_over, order.paid)
}

#[test]
fn an_order_is_to_be_picked_when_it_is_paid_or_paid_at_the_counter() {
    use HandOver::{Collect, Ship};
    use OrderState::{Cancelled, Fulfilled, Open, Unpaid};
    let plain = |_: &mut ShopifyBooks, _: u64| {};
    let status = |status: &'static str| {
        move |books: &mut ShopifyBooks, id: u64| {
            books.orders.get_mut(&id).unwrap().parts[0].status = status.to_owned();
        }
    };
    assert_eq!(state(&order(true, true, plain)), (Open, Collect, true));
    assert_eq!(state(&order(true, false, plain)), (Open, Collect, false));
    assert_eq!(state(&order(false, true, plain)), (Open, Ship, true));
    assert_eq!(state(&order(false, false, plain)), (Unpaid, Ship, false));
    assert_eq!(state(&order(true, true, status("ON_HOLD"))).0, Unpaid);
    assert_eq!(state(&order(true, true, status("CLOSED"))).0, Fulfilled);
    let cancelled = |books: &mut ShopifyBooks, id: u64| {
        books.orders.get_mut(&id).unwrap().cancelled_ms = Some(THEN);
    };
    assert_eq!(state(&order(true, true, cancelled)).0, Cancelled);
    let elsewhere = |books: &mut ShopifyBooks, id: u64| {
        books.orders.get_mut(&id).unwrap().parts[0].location = 2;
    };
    assert_eq!(state(&order(true, true, elsewhere)).0, Cancelled);
}

#[test]
fn an_order_comes_with_its_lines_its_total_and_who_gets_it() {
    let order = order(true, true, |books, id| {
        let order = books.orders.get_mut(&id).unwrap();
        order.note = "Ring the bell\u{202e}".to_owned();
    });
    assert_eq!((order.total, order.ordered_ms, order.our_id), (200, THEN, None));
    let line = &order.lines[0];
    assert_eq!((line.quantity, line.unit_price), (2_000, 100));
    assert_eq!(
        (order.recipient.name.as_str(), order.note.as_str()),
        ("Ann Other", "Ring the bell")
    );
    assert_eq!(order.recipient.address.country, "BE");
}

#[test]
fn of_an_order_in_parts_only_what_this_counter_hands_over_is_to_be_picked() {
    let order = order(true, true, |books, id| {
        let order = books.orders.get_mut(&id).unwrap();
        let line = order.lines[0].id;
        order.parts[0].lines = vec![(line, 1)];
        let elsewhere = Part { id: 9_000, location: 2, ..order.parts[0].clone() };
        order.parts.push(elsewhere);
    });
    assert_eq!((order.lines.len(), order.lines[0].quantity), (1, 1_000));
}

#[test]
fn a_sale_of_the_counter_comes_back_as_its_own_echo() {
    let bench = bench();
    let sale = bench.sale();
    let made = bench.send(&sale).unwrap().external_id;
    let orders = |ask: &Ask| bench.wait(bench.connector.orders(ask)).unwrap();
    let (found, _) = all(orders, Some(THEN));
    assert_eq!((found.len(), found[0].external_id.clone()), (1, made));
    assert_eq!(found[0].our_id, Some(sale.our_id));
    assert_eq!((found[0].state, found[0].paid), (OrderState::Fulfilled, true));
}

#[test]
fn a_new_shop_is_asked_for_its_open_orders_only() {
    let bench = bench();
    let (open, handed) = bench.shop.books(|books| {
        let handed = books.order_online(bench.mug, 1, true, true, THEN);
        books.orders.get_mut(&handed).unwrap().parts[0].status = "CLOSED".to_owned();
        (books.order_online(bench.mug, 1, true, true, THEN), handed)
    });
    let orders = |ask: &Ask| bench.wait(bench.connector.orders(ask)).unwrap();
    let (found, _) = all(orders, None);
    let found: Vec<_> = found.iter().map(|one| one.external_id.clone()).collect();
    assert_eq!(found, [gid("Order", open)]);
    assert!(!found.contains(&gid("Order", handed)));
}

#[test]
fn a_customer_comes_with_what_they_said_about_mail_and_when() {
    let bench = bench();
    bench.shop.books(|books| {
        for (id, consent) in [(1, "SUBSCRIBED"), (2, "UNSUBSCRIBED"), (3, "NOT_SUBSCRIBED")] {
            let (email, consent) = (format!("{id}@example.com"), consent.to_owned());
            let name = "Ann Other".to_owned();
            let one =
                Customer { id, name, email, consent, updated_ms: THEN, ..Customer::default() };
            books.customers.insert(id, one);
        }
    });
    let customers = |ask: &Ask| bench.wait(bench.connector.customers(ask)).unwrap();
    let (found, _) = all(customers, None);
    let said: Vec<_> = found.iter().map(|one| one.email_consent).collect();
    assert_eq!(said, [Some((true, THEN)), Some((false, THEN)), None]);
    assert_eq!(all(customers, Some(THEN + 1_000)).0.len(), 0);
}
