//! Shopify's rules, one by one: keys, comparing, points, rights, tokens, places.

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_shop_twins::shopify::{Customer, Level, ShopifyBooks, gid};
use countertop_shop_twins::{Fault, FaultKind, Strike};
use countertop_store::ChannelStream;
use countertop_sync::channel::{Ask, CustomerOut, Errand, Found, Task, Trouble};

use crate::bench::{Bench, TOKEN, bench, bench_of, customer, errand, fulfil, settings};

fn refused(trouble: Result<impl std::fmt::Debug, Trouble>) -> String {
    match trouble {
        Err(Trouble::Refused(words)) => words,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_figure_is_not_set_over_one_that_nobody_here_knows() {
    let bench = bench();
    bench.shop.books(|books| {
        books.variant_mut(bench.mug).unwrap().levels.get_mut(&1).unwrap().available = 8
    });
    let sent = bench.send(&bench.count(12_000, Some(10_000)));
    assert!(matches!(sent, Err(Trouble::Stale(_))), "{sent:?}");
    assert_eq!(bench.there(), 8);
    bench.send(&bench.count(12_000, Some(8_000))).unwrap();
    assert_eq!(bench.there(), 12);
}

#[test]
fn a_figure_that_changed_between_two_tries_is_not_taken_for_the_old_one() {
    let bench = bench();
    let strike = Strike::first("POST", "mutation SetStock");
    bench.shop.strike(Fault { strike, kind: FaultKind::StatusAfter(502) });
    bench.send(&bench.count(12_000, None)).unwrap_err();
    // Somebody sold one meanwhile; the operation is the same, its figure is not.
    bench.send(&bench.count(11_000, None)).unwrap();
    assert_eq!(bench.there(), 11);
}

#[test]
fn what_failed_under_a_key_is_sent_under_the_next_one_and_then_done_once() {
    let bench = bench();
    let level = bench.shop.books(|books| {
        let variant = books.variant_mut(bench.mug).unwrap();
        std::mem::take(&mut variant.levels)
    });
    // The item is not kept here: its figure is to be set instead.
    let done = bench.send(&bench.moved(5_000)).unwrap();
    assert_eq!(done.unset.len(), 1);
    bench.shop.books(|books| books.variant_mut(bench.mug).unwrap().levels = level);
    for _ in 0..3 {
        bench.send(&bench.moved(5_000)).unwrap();
    }
    assert_eq!(bench.there(), 15);
}

#[test]
fn goods_that_the_shop_does_not_keep_here_yet_are_kept_here_from_their_first_figure_on() {
    let bench = bench();
    bench.shop.books(|books| books.variant_mut(bench.mug).unwrap().levels.clear());
    bench.send(&bench.count(6_000, None)).unwrap();
    assert_eq!(bench.there(), 6);
}

#[test]
fn of_what_is_sold_by_weight_the_shop_is_told_whole_units() {
    let bench = bench();
    let done = bench.send(&bench.moved(1_500)).unwrap();
    assert_eq!((done.unset.len(), bench.there()), (1, 10));
    bench.send(&bench.count(11_500, None)).unwrap();
    assert_eq!(bench.there(), 11);
}

#[test]
fn nobody_says_that_something_was_not_done_when_the_shop_may_have_forgotten_its_key() {
    let bench = bench();
    let moved = bench.moved(5_000);
    assert_eq!(bench.look_up(&moved), Ok(Found::Missing));
    bench.shop.set_skew_ms(21 * 3_600_000);
    assert_eq!(bench.look_up(&moved), Ok(Found::CannotTell));
    // Tried a moment ago, but made (its id says so) in 2023: an older try may be forgotten.
    bench.shop.set_skew_ms(0);
    let made = uuid::Uuid::from_u128((1_700_000_000_000 << 80) | (7 << 76) | (2 << 62));
    let old = Errand { op_id: made.to_string(), ..moved };
    assert_eq!(bench.look_up(&old), Ok(Found::CannotTell));
}

#[test]
fn of_two_sales_with_ids_that_begin_alike_each_is_found_by_its_own() {
    let bench = bench();
    let one = bench.sale();
    let two = Errand { our_id: uuid::Uuid::from_u128(9).to_string(), ..one.clone() };
    bench.send(&one).unwrap();
    // The search finds what is alike, too.
    assert_eq!(bench.look_up(&two), Ok(Found::Missing));
    let made = bench.send(&two).unwrap();
    assert_eq!(bench.look_up(&two), Ok(Found::Done(made)));
}

#[test]
fn a_shop_that_is_short_of_points_is_asked_no_faster_than_they_come_back() {
    let mut books = ShopifyBooks::new(TOKEN);
    for number in 0..70 {
        books.add_product(&format!("B-{number}"), "1.00", 1);
    }
    // A page asks for more than 900 points, and 5,000 come back each second.
    books.set_points(1_000, 5_000);
    let bench = bench_of(books);
    let mut ask = Ask::default();
    let mut read = 0;
    loop {
        let page = bench.wait(bench.connector.products(&ask)).unwrap();
        read += page.items.len();
        ask.next = page.next;
        if ask.next.is_none() {
            break;
        }
    }
    assert_eq!((read, bench.shop.books(|books| books.throttled)), (71, 0));
}

#[test]
fn a_shop_without_points_is_busy_and_nothing_was_done() {
    let bench = bench();
    bench.wait(bench.connector.products(&Ask::default())).unwrap();
    bench.shop.books(|books| books.set_points(5, 1));
    let sent = bench.send(&bench.sale());
    assert!(
        matches!(sent, Err(Trouble::Busy { wait_ms: Some(wait), .. }) if wait > 3_000),
        "{sent:?}"
    );
    assert_eq!(bench.shop.books(|books| books.orders.len()), 0);
}

#[test]
fn a_development_shop_takes_five_sales_a_minute_and_the_sixth_waits() {
    let bench = bench();
    bench.shop.books(|books| books.development = true);
    for _ in 0..5 {
        bench.send(&bench.sale()).unwrap();
    }
    let sixth = bench.send(&bench.sale());
    assert!(matches!(sixth, Err(Trouble::Busy { wait_ms: Some(60_000), .. })), "{sixth:?}");
    let info = bench.wait(bench.connector.test()).unwrap();
    assert!(info.warnings.iter().any(|words| words.contains("five sales a minute")));
}

#[test]
fn the_test_of_a_shop_names_every_right_that_is_missing() {
    let bench = bench();
    let info = bench.wait(bench.connector.test()).unwrap();
    assert_eq!((info.missing, info.warnings), (Vec::<String>::new(), Vec::<String>::new()));
    assert_eq!((info.name.as_str(), info.currency.as_str()), ("Shop of Shopify", "EUR"));
    assert_eq!(info.version, "2026-10");
    bench.shop.books(|books| {
        for right in ["write_orders", "read_locations", "read_all_orders"] {
            books.scopes.remove(right);
        }
    });
    let info = bench.wait(bench.connector.test()).unwrap();
    let names: Vec<_> = info.missing.iter().map(|one| one.split(' ').next().unwrap()).collect();
    assert_eq!(names, ["read_locations", "read_orders", "write_orders"]);
    assert!(info.warnings[0].starts_with("read_all_orders"));
    let sent = bench.send(&bench.sale());
    assert!(matches!(sent, Err(Trouble::Denied(_))), "{sent:?}");
}

#[test]
fn a_token_that_is_good_for_a_day_is_renewed_without_anybody() {
    let bench = bench();
    let with = |secret| {
        settings(&bench.shop.url(), &[("secret", secret)], &[("client_id", "client")]).unwrap()
    };
    let connector = with(TOKEN);
    let renewed = || bench.shop.calls().iter().filter(|call| call.path.contains("oauth")).count();
    for _ in 0..3 {
        bench.wait(connector.test()).unwrap();
    }
    assert_eq!(renewed(), 1);
    bench
        .shop
        .strike(Fault { strike: Strike::first("POST", "query Shop"), kind: FaultKind::Expired });
    bench.wait(connector.test()).unwrap();
    assert_eq!(renewed(), 2);
    let wrong = bench.wait(with("wrong").test());
    assert!(matches!(wrong, Err(Trouble::Denied(_))), "{wrong:?}");
    // A token of an app that was made in the shop's admin ends for good.
    bench
        .shop
        .strike(Fault { strike: Strike::first("POST", "query Shop"), kind: FaultKind::Expired });
    let ended = bench.wait(bench.connector.test());
    assert!(matches!(ended, Err(Trouble::Denied(_))), "{ended:?}");
}

#[test]
fn without_a_key_a_shop_is_not_set_up() {
    let words =
        |secrets: &[(&str, &str)]| settings("https://a.myshopify.com", secrets, &[]).err().unwrap();
    assert!(words(&[]).contains("client ID"));
    assert!(words(&[("secret", "x")]).contains("client ID"));
}

#[test]
fn an_address_without_a_shop_is_said_to_be_one() {
    let bench = bench();
    let wrong = format!("{}/elsewhere", bench.shop.url());
    let connector = settings(&wrong, &[("token", TOKEN)], &[]).unwrap();
    let said = bench.wait(connector.test());
    assert!(
        matches!(&said, Err(Trouble::Denied(words)) if words.contains("myshopify.com")),
        "{said:?}"
    );
}

#[test]
fn of_two_locations_one_is_chosen_and_only_its_stock_counts() {
    let bench = bench();
    bench.shop.books(|books| {
        books.locations.insert(2, "Store room".to_owned());
        let level = Level { available: 90, ..Level::default() };
        books.variant_mut(bench.mug).unwrap().levels.insert(2, level);
    });
    let connect =
        |place| settings(&bench.shop.url(), &[("token", TOKEN)], &[("location", place)]).unwrap();
    let info = bench.wait(connect("").test()).unwrap();
    assert!(info.missing.iter().any(|words| words.contains("Shop, Store room")), "{info:?}");
    let nothing = bench.wait(connect("").products(&Ask::default()));
    assert!(matches!(nothing, Err(Trouble::Denied(_))));
    for (place, units) in [("store room", 90_000), ("1", 10_000)] {
        let page = bench.wait(connect(place).products(&Ask::default())).unwrap();
        assert_eq!(page.items[0].variants[0].stock, Some(units), "{place}");
    }
    bench.wait(connect("Store room").send(&bench.sale())).unwrap();
    let (here, there) = bench.shop.books(|books| {
        let levels = &books.variant(bench.mug).unwrap().levels;
        (levels[&1].available, levels[&2].available)
    });
    assert_eq!((here, there), (10, 87));
}

#[test]
fn money_goes_back_by_what_it_was_paid_with_and_never_more_than_that_but_for_the_last() {
    let bench = bench();
    let order = bench.send(&bench.sale()).unwrap().external_id;
    bench.send(&bench.refund(&order)).unwrap();
    let back: Vec<_> = bench.shop.books(|books| {
        let order = books.orders.values().next().unwrap();
        let back = order.payments.iter().filter(|one| one.kind == "REFUND");
        back.map(|one| (one.gateway.clone(), one.amount)).collect()
    });
    assert_eq!(back, [("cash".to_owned(), 500), ("card_external".to_owned(), 167)]);
}

#[test]
fn what_is_not_for_the_shelf_does_not_go_back_to_it() {
    let bench = bench();
    let order = bench.send(&bench.sale()).unwrap().external_id;
    let mut refund = bench.refund(&order);
    if let Task::Refund(refund) = &mut refund.task {
        refund.lines[0].restock = false;
    }
    let done = bench.send(&refund).unwrap();
    assert_eq!((done.unset.len(), bench.there()), (0, 7));
}

#[test]
fn what_came_back_of_a_web_order_is_known_by_its_goods() {
    let bench = bench();
    let order = bench.shop.books(|books| books.order_online(bench.mug, 3, true, true, 1_000));
    bench.send(&fulfil(order, OrderStatus::Collected, HandOver::Collect, false)).unwrap();
    let mut refund = bench.refund(&gid("Order", order));
    if let Task::Refund(refund) = &mut refund.task {
        refund.total = 200;
    }
    bench.send(&refund).unwrap();
    assert_eq!(bench.there(), 9);
}

#[test]
fn an_order_that_was_given_up_there_is_not_handed_over_unnoticed() {
    let bench = bench();
    let order = bench.shop.books(|books| books.order_online(bench.mug, 1, true, true, 1_000));
    let given_up = fulfil(order, OrderStatus::Cancelled, HandOver::Collect, false);
    bench.send(&given_up).unwrap();
    assert_eq!(bench.there(), 10);
    assert!(matches!(bench.look_up(&given_up), Ok(Found::Done(_))));
    let words =
        refused(bench.send(&fulfil(order, OrderStatus::Collected, HandOver::Collect, true)));
    assert!(words.contains("given up in the shop"), "{words}");
}

#[test]
fn a_parcel_is_told_with_its_number_and_once_it_was_brought() {
    let bench = bench();
    let order = bench.shop.books(|books| books.order_online(bench.mug, 1, false, true, 1_000));
    for status in [OrderStatus::Ready, OrderStatus::Shipped, OrderStatus::Delivered] {
        bench.send(&fulfil(order, status, HandOver::Ship, false)).unwrap();
    }
    bench.shop.books(|books| {
        let order = &books.orders[&order];
        assert_eq!(order.tracking, ["TRACK-1"]);
        assert_eq!(order.parcels[0].1, "DELIVERED");
        assert_eq!(order.parts[0].told_ready, 0);
    });
}

fn there_already(bench: &Bench, consent: &str) {
    bench.shop.books(|books| {
        let (email, street) = ("ann@example.com".to_owned(), "9 Their Street".to_owned());
        let consent = consent.to_owned();
        books
            .customers
            .insert(5, Customer { id: 5, email, street, consent, ..Customer::default() });
    });
}

fn send(bench: &Bench, customer: CustomerOut) -> (usize, Customer) {
    bench.send(&errand(Task::Customer(customer))).unwrap();
    bench
        .shop
        .books(|books| (books.customers.len(), books.customers.values().next().unwrap().clone()))
}

#[test]
fn a_customer_whom_the_shop_knows_keeps_their_addresses_and_is_not_there_twice() {
    let bench = bench();
    there_already(&bench, "SUBSCRIBED");
    let (count, there) = send(&bench, customer("", None));
    let is = (count, &*there.street, &*there.consent, &*there.name);
    assert_eq!(is, (1, "9 Their Street", "SUBSCRIBED", "Ann Van Other"));
}

#[test]
fn a_no_is_told_to_a_shop_that_has_a_yes_and_to_no_other() {
    for (was, said, is) in [
        ("SUBSCRIBED", false, "UNSUBSCRIBED"),
        ("NOT_SUBSCRIBED", false, "NOT_SUBSCRIBED"),
        ("UNSUBSCRIBED", true, "SUBSCRIBED"),
    ] {
        let bench = bench();
        there_already(&bench, was);
        let (_, there) = send(&bench, customer("", Some(said)));
        assert_eq!(there.consent, is, "{was} {said}");
    }
}

#[test]
fn a_number_that_nobody_can_dial_does_not_keep_a_customer_out() {
    let bench = bench();
    let (count, there) = send(&bench, customer("call me", None));
    assert_eq!((count, &*there.phone, &*there.name), (1, "", "Ann Van Other"));
}

#[test]
fn a_webhook_that_the_shop_signed_wakes_the_list_that_it_speaks_of() {
    let bench = bench();
    let body = r#"{"id":1}"#;
    let headers = bench.shop.books(|books| books.sign("orders/create", "w-9", body));
    let hint = bench.connector.webhook(&headers, body.as_bytes()).unwrap();
    assert_eq!((hint.id.as_str(), hint.stream), ("w-9", ChannelStream::Orders));
    assert!(bench.connector.webhook(&headers, br#"{"id":2}"#).is_none());
}
