//! Scanners, scales and customer displays at the till, played by their twins.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use countertop_app::commands::{
    AddDeviceCommand, CurrentBasket, PressTwinCommand, RemoveDevice, ScaleTare, ScaleWeigh,
    ScaleZero, Scan, TwinState, Void,
};
use countertop_app::wire::{
    AddDevice, Changed, DeviceRequest, Nothing, PayWith, PressTwin, ScaleRequest, ScanNotice,
    ScanRequest, TwinView, VoidBasket, Weigh,
};
use countertop_app::{AppError, Caller, perform};
use countertop_domain::ids::DeviceId;
use countertop_domain::scope::Scope;

use crate::common::goods::{BREAD, CHEESE, WINE, variant};
use crate::common::{Shop, code, wait_for};

/// A device whose twin is plugged in under a name that no other test has: the twins of a program share
/// their sockets, and the tests their ids.
fn add(shop: &Shop, kind: &str, driver: &str) -> DeviceId {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let list = shop
        .call::<AddDeviceCommand>(AddDevice {
            kind: Some(kind.to_owned()),
            driver: Some(driver.to_owned()),
            name: format!("The {kind}"),
            address: format!("twin:counter-{number}"),
            ..AddDevice::default()
        })
        .unwrap();
    list.devices.last().unwrap().id
}

fn try_press(
    shop: &Shop,
    device_id: DeviceId,
    button: &str,
    value: Option<&str>,
) -> Result<(), AppError> {
    let value = value.map(str::to_owned);
    let press = PressTwin { device_id, button: button.to_owned(), value };
    shop.call::<PressTwinCommand>(press).map(|_| ())
}

fn press(shop: &Shop, device_id: DeviceId, button: &str, value: Option<&str>) {
    try_press(shop, device_id, button, value).unwrap();
}

fn twin(shop: &Shop, device: DeviceId) -> TwinView {
    let twins = shop.call::<TwinState>(Nothing {}).unwrap().twins;
    twins.into_iter().find(|twin| twin.device_id == device.to_string()).unwrap()
}

/// What becomes of the next scan.
fn next_scan(news: &Receiver<Changed>) -> ScanNotice {
    wait_for("a scan", || news.recv_timeout(Duration::from_secs(60)).unwrap().scan)
}

/// A scanner that is being listened to.
fn scanner(shop: &Shop) -> DeviceId {
    let scanner = add(shop, "scanner", "serial");
    wait_for("the scanner", || {
        let list = shop.call::<countertop_app::commands::ListDevices>(Nothing {}).unwrap();
        let status = list.devices.iter().find(|device| device.id == scanner).unwrap().status;
        (status == countertop_app::wire::DeviceState::Ready).then_some(())
    });
    scanner
}

#[test]
fn a_scan_on_the_registers_own_wire_goes_into_the_basket_and_every_screen_hears_of_it() {
    let shop = Shop::open();
    let scanner = scanner(&shop);
    let news = shop.app().listen();
    shop.basket();
    press(&shop, scanner, "scan", Some(BREAD));
    let scan = next_scan(&news);
    let basket = shop.basket();
    assert_eq!((scan.client.as_str(), scan.code.as_str(), scan.refusal), ("till", BREAD, None));
    assert_eq!(scan.line_id, Some(basket.lines[0].id));
    // A code that nobody knows is told in the words of any other scan.
    press(&shop, scanner, "scan", Some("12345670"));
    let scan = next_scan(&news);
    let refusal = scan.refusal.unwrap();
    assert_eq!((refusal.code.as_str(), refusal.about.as_str()), ("unknown_barcode", "12345670"));
    assert_eq!(shop.basket().lines.len(), 1);
}

#[test]
fn a_scan_on_the_tills_wire_is_the_tills_though_a_tablet_sold_last() {
    let shop = Shop::open();
    let scanner = scanner(&shop);
    let tablet = Caller { scopes: Some([Scope::Till].into()), ..shop.at("tablet") };
    let on_tablet = || perform::<CurrentBasket>(shop.app(), &tablet, Nothing {}).unwrap();
    let scan_on_tablet = || {
        let scan = ScanRequest { basket_id: on_tablet().id, code: WINE.to_owned() };
        perform::<Scan>(shop.app(), &tablet, scan).unwrap();
    };
    let news = shop.app().listen();
    // Nobody is at the till yet: then it is the tablet's.
    scan_on_tablet();
    press(&shop, scanner, "scan", Some(BREAD));
    assert_eq!(next_scan(&news).client, "tablet");
    assert_eq!(on_tablet().lines.len(), 2);
    // From the till's first sale on it is the till's, whatever the tablet does.
    shop.scan(WINE);
    scan_on_tablet();
    press(&shop, scanner, "scan", Some(BREAD));
    assert_eq!(next_scan(&news).client, "till");
    assert_eq!(shop.basket().lines.len(), 2);
    assert_eq!(on_tablet().lines.len(), 2);
}

#[test]
fn what_is_scanned_while_a_sale_is_paid_is_the_next_customers_and_never_lost() {
    const SCANS: usize = 60;
    let shop = Shop::open();
    let scanner = scanner(&shop);
    shop.basket();
    std::thread::scope(|scope| {
        let scans = scope.spawn(|| {
            let news = shop.app().listen();
            for _ in 0..SCANS {
                press(&shop, scanner, "scan", Some(BREAD));
                let scan = next_scan(&news);
                assert!(scan.line_id.is_some(), "{:?}", scan.refusal);
            }
        });
        while !scans.is_finished() {
            let due = shop.basket().due;
            if due > 0 {
                shop.pay(PayWith::Cash, due).unwrap();
            }
        }
    });
    let due = shop.basket().due;
    if due > 0 {
        shop.pay(PayWith::Cash, due).unwrap();
    }
    let sold: i64 = shop.sales().iter().map(|sale| sale.total.minor()).sum();
    assert_eq!(sold, 345 * i64::try_from(SCANS).unwrap());
    shop.books_agree();
}

#[test]
fn a_scan_goes_to_the_screen_that_sold_last() {
    let shop = Shop::open();
    let scanner = scanner(&shop);
    let news = shop.app().listen();
    let other = shop.at("tablet");
    let theirs = perform::<CurrentBasket>(shop.app(), &other, Nothing {}).unwrap().id;
    shop.scan(BREAD);
    perform::<Scan>(shop.app(), &other, ScanRequest { basket_id: theirs, code: WINE.to_owned() })
        .unwrap();
    press(&shop, scanner, "scan", Some(WINE));
    assert_eq!(next_scan(&news).client, "tablet");
    shop.scan(BREAD);
    // Who only looks, as the second window does, takes no scans.
    perform::<CurrentBasket>(shop.app(), &other, Nothing {}).unwrap();
    press(&shop, scanner, "scan", Some(WINE));
    assert_eq!(next_scan(&news).client, "till");
    assert_eq!(shop.basket().lines.len(), 2);
    let basket = perform::<CurrentBasket>(shop.app(), &other, Nothing {}).unwrap();
    assert_eq!(basket.lines[0].quantity, 2_000);
}

#[test]
fn a_scanner_that_is_removed_is_no_longer_listened_to() {
    let shop = Shop::open();
    let scanner = scanner(&shop);
    shop.basket();
    shop.call::<RemoveDevice>(DeviceRequest { device_id: scanner }).unwrap();
    assert_eq!(code(try_press(&shop, scanner, "scan", Some(BREAD))), "no_such_device");
    assert!(shop.basket().lines.is_empty());
}

#[test]
fn a_weight_that_stands_still_becomes_a_line() {
    for driver in ["toledo8217", "cas", "sma"] {
        let shop = Shop::open();
        let scale = add(&shop, "scale", driver);
        let basket_id = Some(shop.basket().id);
        press(&shop, scale, "weight", Some("0.642"));
        let cheese = Some(variant(&shop, "Cheese"));
        let new = Weigh { basket_id, variant_id: cheese, ..Weigh::default() };
        let weighed = shop.call::<ScaleWeigh>(new.clone()).unwrap();
        let basket = weighed.basket.unwrap();
        // 0.642 kg at 19.50.
        assert_eq!((weighed.weight, basket.total), (642, 1_252), "{driver}");
        assert_eq!(weighed.line_id, Some(basket.lines[0].id));
        // The same line again, with a box of 42 g taken off.
        press(&shop, scale, "weight", Some("1.042"));
        let line_id = weighed.line_id;
        let again = Weigh { basket_id, line_id, tare: Some(42), ..Weigh::default() };
        let weighed = shop.call::<ScaleWeigh>(again).unwrap();
        assert_eq!((weighed.weight, weighed.net), (1_000, true));
        assert_eq!(weighed.basket.unwrap().lines[0].quantity, 1_000);
        // Just to look.
        assert_eq!(shop.call::<ScaleWeigh>(Weigh::default()).unwrap().weight, 1_042);
        shop.pay(PayWith::Cash, 1_950).unwrap();
        shop.books_agree();
    }
}

#[test]
fn a_scale_that_moves_is_overloaded_empty_or_below_zero_sells_nothing() {
    let shop = Shop::open();
    assert_eq!(code(shop.call::<ScaleWeigh>(Weigh::default())), "no_scale");
    let scale = add(&shop, "scale", "sma");
    shop.scan(CHEESE);
    let basket = shop.basket();
    let (basket_id, line_id) = (Some(basket.id), Some(basket.lines[0].id));
    let weigh = || shop.call::<ScaleWeigh>(Weigh { basket_id, line_id, ..Weigh::default() });
    assert_eq!(code(weigh()), "scale_empty");
    for (button, refusal) in
        [("over", "scale_too_heavy"), ("under", "scale_below_zero"), ("motion", "scale_moving")]
    {
        press(&shop, scale, "weight", Some("0.500"));
        press(&shop, scale, button, None);
        assert_eq!(code(weigh()), refusal);
    }
    press(&shop, scale, "still", None);
    assert_eq!(shop.basket().lines[0].quantity, 1_000, "nothing has changed");
    // No more than its packing.
    let tare = Weigh { basket_id, line_id, tare: Some(500), ..Weigh::default() };
    assert_eq!(code(shop.call::<ScaleWeigh>(tare)), "bad_text");
    assert_eq!(weigh().unwrap().weight, 500);
    // Bread is not sold by weight.
    let bread = Weigh { basket_id, variant_id: Some(variant(&shop, "Bread")), ..Weigh::default() };
    assert_eq!(code(shop.call::<ScaleWeigh>(bread)), "bad_text");
}

#[test]
fn a_scale_is_zeroed_and_tared_from_the_screen_where_it_can() {
    let shop = Shop::open();
    let scale = add(&shop, "scale", "sma");
    press(&shop, scale, "weight", Some("0.040"));
    shop.call::<ScaleTare>(ScaleRequest::default()).unwrap();
    press(&shop, scale, "weight", Some("0.540"));
    let weighed = shop.call::<ScaleWeigh>(Weigh::default()).unwrap();
    assert_eq!((weighed.weight, weighed.net), (500, true));
    assert_eq!(code(shop.call::<ScaleZero>(ScaleRequest::default())), "scale_trouble");
    press(&shop, scale, "weight", Some("0.010"));
    shop.call::<ScaleZero>(ScaleRequest::default()).unwrap();
    assert_eq!(code(shop.call::<ScaleWeigh>(Weigh::default())), "scale_empty");
}

/// Waits until the display shows this.
fn shows(shop: &Shop, display: DeviceId, upper: &str, lower: &str) {
    wait_for(&format!("\"{upper}\" and \"{lower}\" on the display"), || {
        let lines = twin(shop, display).display;
        (lines.len() == 2 && lines[0].trim_end() == upper && lines[1].trim_end() == lower)
            .then_some(())
    });
}

#[test]
fn the_customer_sees_each_line_the_total_and_the_change() {
    for driver in ["escpos", "cd5220"] {
        let shop = Shop::open();
        let display = add(&shop, "display", driver);
        shows(&shop, display, "Corner", "");
        shop.scan(BREAD);
        shows(&shop, display, "Bread           3.45", "Total           3.45");
        shop.scan(WINE);
        shows(&shop, display, "Wine           11.99", "Total          15.44");
        shop.pay(PayWith::CardExternal, 1_000).unwrap();
        shows(&shop, display, "Total      EUR 15.44", "Left to pay     5.44");
        shop.pay(PayWith::Cash, 1_000).unwrap();
        shows(&shop, display, "Total      EUR 15.44", "Change          4.56");
        // The next customer does not wait for the text to go.
        shop.scan(BREAD);
        shows(&shop, display, "Bread           3.45", "Total           3.45");
        let basket_id = shop.basket().id;
        let void = VoidBasket { basket_id, reason: "left".to_owned() };
        shop.call::<Void>(void).unwrap();
        shows(&shop, display, "Corner", "");
    }
}

#[test]
fn a_display_that_is_not_there_holds_no_sale_up() {
    let shop = Shop::open();
    shop.call::<AddDeviceCommand>(AddDevice {
        kind: Some("display".to_owned()),
        driver: Some("cd5220".to_owned()),
        name: "Pole".to_owned(),
        address: "serial:/dev/ttyNOSUCH".to_owned(),
        ..AddDevice::default()
    })
    .unwrap();
    assert_eq!(shop.sell(&[BREAD], PayWith::Cash).total, 345);
    wait_for("its status", || {
        let list = shop.call::<countertop_app::commands::ListDevices>(Nothing {}).unwrap();
        let pole = &list.devices[0];
        (pole.status == countertop_app::wire::DeviceState::NotThere
            && pole.words.starts_with("The display at /dev/ttyNOSUCH is not there"))
        .then_some(())
    });
}

#[test]
fn a_scale_and_a_scanner_are_tested_without_taking_their_line_away() {
    let shop = Shop::open();
    let test = |device_id| {
        shop.call::<countertop_app::commands::TestDevice>(DeviceRequest { device_id })
            .map(|t| t.words)
    };
    let scale = add(&shop, "scale", "toledo8217");
    assert!(test(scale).unwrap().contains("the scale is empty"));
    press(&shop, scale, "weight", Some("1.255"));
    assert_eq!(test(scale).unwrap(), "The scale shows 1.255 kg.");
    let scanner = scanner(&shop);
    assert!(test(scanner).unwrap().contains("listened to"));
    let news = shop.app().listen();
    shop.basket();
    press(&shop, scanner, "scan", Some(BREAD));
    assert_eq!(next_scan(&news).code, BREAD);
}
