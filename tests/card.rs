//! Paying by card at a terminal: what a payment does to its basket, its terminal and its sale.

use countertop_app::AppError;
use countertop_app::commands::{
    AddDeviceCommand, AskCardAgain, CardStatus, ChangeDeviceCommand, CurrentBasket, EndTerminalDay,
    GetState, ListDevices, ListTerminalReports, ParkBasket, PayTakeBack, RemoveDevice,
    ResolveCardCommand, Scan, SetShop, StartCardCommand, StopCard, SwitchTwin, TestDevice, Void,
    WaitingPrints,
};
use countertop_app::wire::{
    AddDevice, AttemptView, BasketView, CardRequest, CardState, ChangeDevice, DeviceRequest,
    ListReports, Nothing, Park, PayWith, ResolveCard, ScanRequest, StartCard, SwitchDevice,
    TakeBack, TerminalReportState, TerminalRequest, VoidBasket,
};
use countertop_domain::ids::{DeviceId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::posting::Account;
use countertop_domain::staff::Role;
use countertop_domain::tender::TenderKind;

use crate::common::goods::{BREAD, WINE};
use crate::common::terminal::{Does, Says};
use crate::common::{Shop, code, for_each_entry, goods, wait_for};

/// A shop with a card terminal and an open shift.
pub(crate) fn shop() -> Shop {
    let shop = Shop::open();
    add_terminal(&shop, 1);
    shop
}

pub(crate) fn add_terminal(shop: &Shop, number: usize) -> DeviceId {
    let name = format!("Terminal {number}");
    let list = shop
        .call::<AddDeviceCommand>(AddDevice {
            kind: Some("terminal".to_owned()),
            driver: Some("zvt".to_owned()),
            name: name.clone(),
            address: format!("tcp:scripted-{number}:20007"),
            ..AddDevice::default()
        })
        .unwrap();
    list.devices.into_iter().find(|device| device.name == name).unwrap().id
}

pub(crate) fn try_start(shop: &Shop, amount: i64) -> Result<AttemptView, AppError> {
    shop.call::<StartCardCommand>(StartCard {
        basket_id: shop.basket().id,
        tender_id: shop.tender_id(),
        terminal_id: None,
        amount,
        print: false,
    })
}

/// Begins a payment of all that is due.
pub(crate) fn start(shop: &Shop) -> AttemptView {
    try_start(shop, shop.basket().due).unwrap()
}

pub(crate) fn status(shop: &Shop, id: TenderId) -> AttemptView {
    shop.call::<CardStatus>(CardRequest { tender_id: id }).unwrap()
}

/// Waits until a payment is somewhere.
pub(crate) fn wait_until(shop: &Shop, id: TenderId, state: CardState) -> AttemptView {
    wait_for(&format!("{state:?}"), || {
        let view = status(shop, id);
        let ended = !view.open && !matches!(view.state, CardState::InDoubt);
        assert!(!ended || view.state == state, "{view:?}");
        (view.state == state).then_some(view)
    })
}

/// Waits until a basket is no longer held.
pub(crate) fn wait_free(shop: &Shop, id: TenderId) -> AttemptView {
    wait_for("the end of a payment", || {
        let view = status(shop, id);
        (!view.open && shop.basket().card.is_none()).then_some(view)
    })
}

/// Approvals at the terminals are the card tenders in the journal, and everything adds up.
pub(crate) fn terminals_agree(shop: &Shop) {
    let at_terminals: i64 = shop.tills.iter().map(|till| till.sum()).sum();
    let sold: i64 = shop
        .sales()
        .iter()
        .flat_map(|sale| &sale.tenders)
        .filter(|tender| tender.kind == TenderKind::Card)
        .map(|tender| tender.amount.minor())
        .sum();
    assert_eq!(at_terminals, sold, "terminals and journal");
    assert_eq!(shop.balance(Account::Card), sold, "the card account");
    shop.books_agree();
    let before = shop.app().store().verify().unwrap();
    shop.app().store().rebuild().unwrap();
    assert_eq!(shop.app().store().verify().unwrap(), before);
}

#[test]
fn an_approved_payment_completes_its_sale_by_itself() {
    let shop = shop();
    shop.scan(WINE);
    let begun = start(&shop);
    assert!(begun.open);
    let ended = wait_until(&shop, begun.tender_id, CardState::Approved);
    let sale = &shop.sales()[0];
    assert_eq!(ended.sale_id, Some(sale.id));
    assert_eq!(ended.card.unwrap().last_four, "4242");
    let tender = &sale.tenders[0];
    assert_eq!((tender.kind, tender.id), (TenderKind::Card, begun.tender_id));
    assert_eq!(tender.card.as_ref().unwrap().receipt, Some(1));
    assert!(shop.basket().lines.is_empty(), "the next customer");
    terminals_agree(&shop);
}

#[test]
fn the_pay_keys_name_each_terminal() {
    let shop = shop();
    add_terminal(&shop, 2);
    let keys = shop.call::<GetState>(Nothing {}).unwrap().tenders;
    let names: Vec<_> =
        keys.iter().filter(|key| key.kind == PayWith::Card).map(|key| key.name.as_str()).collect();
    assert_eq!(names, ["Terminal 1", "Terminal 2"]);
    assert!(keys.iter().all(|key| (key.kind == PayWith::Card) == key.terminal_id.is_some()));
}

#[test]
fn the_same_payment_sent_twice_charges_once() {
    let shop = shop();
    shop.scan(WINE);
    let request = StartCard {
        basket_id: shop.basket().id,
        tender_id: shop.tender_id(),
        terminal_id: None,
        amount: 1_199,
        print: false,
    };
    shop.call::<StartCardCommand>(request.clone()).unwrap();
    shop.call::<StartCardCommand>(request.clone()).unwrap();
    wait_until(&shop, request.tender_id, CardState::Approved);
    let again = shop.call::<StartCardCommand>(request.clone()).unwrap();
    assert_eq!(again.state, CardState::Approved);
    assert_eq!(shop.tills[0].orders().len(), 1);
    let other = StartCard { amount: 500, ..request };
    assert_eq!(code(shop.call::<StartCardCommand>(other)), "bad_request");
    terminals_agree(&shop);
}

#[test]
fn a_payment_under_way_holds_its_basket() {
    let shop = shop();
    shop.tills[0].next(Does::WaitsForTest);
    shop.scan(WINE);
    let begun = start(&shop);
    wait_until(&shop, begun.tender_id, CardState::Present);
    let id = begun.basket_id;
    assert!(shop.basket().card.is_some());
    assert_eq!(code(shop.try_scan(BREAD)), "card_open");
    assert_eq!(code(shop.pay(PayWith::Cash, 1_199)), "card_open");
    assert_eq!(code(try_start(&shop, 1_199)), "card_open");
    let void = VoidBasket { basket_id: id, reason: "gone".to_owned() };
    assert_eq!(code(shop.call::<Void>(void)), "card_open");
    let hold = serde_json::json!({ "basket_id": id, "kind": "layaway", "due": null, "note": "" });
    assert_eq!(shop.json("held.hold", hold).unwrap_err().code, "card_open");
    let tip = serde_json::json!({ "basket_id": id, "amount": 100 });
    assert_eq!(shop.json("pay.set_tip", tip).unwrap_err().code, "card_open");
    assert_eq!(
        shop.json("basket.undo", serde_json::json!({ "basket_id": id })).unwrap_err().code,
        "card_open"
    );
    assert_eq!(code(shop.call::<SetShop>(goods::settings())), "partly_paid");
    let close = serde_json::json!({ "counts": [] });
    assert!(shop.json("shift.close", close).is_err());
    shop.tills[0].let_go();
    wait_until(&shop, begun.tender_id, CardState::Approved);
    terminals_agree(&shop);
}

#[test]
fn a_declined_card_frees_the_basket_and_cash_pays() {
    let shop = shop();
    shop.tills[0].next(Does::Declines);
    shop.scan(WINE);
    let begun = start(&shop);
    let ended = wait_free(&shop, begun.tender_id);
    assert_eq!(ended.state, CardState::Declined);
    assert!(ended.words.contains("Nothing was charged"), "{}", ended.words);
    assert!(shop.pay(PayWith::Cash, 2_000).unwrap().sale.is_some());
    terminals_agree(&shop);
}

#[test]
fn a_terminal_that_is_not_there_charges_nothing() {
    let shop = shop();
    shop.tills[0].next(Does::IsNotThere);
    shop.scan(WINE);
    let begun = start(&shop);
    assert_eq!(wait_free(&shop, begun.tender_id).state, CardState::NotSent);
    let second = start(&shop);
    wait_until(&shop, second.tender_id, CardState::Approved);
    terminals_agree(&shop);
}

#[test]
fn the_cashier_stops_a_payment_and_the_terminal_says_what_came_of_it() {
    let shop = shop();
    shop.tills[0].next(Does::WaitsForStop);
    shop.scan(WINE);
    let begun = start(&shop);
    assert!(wait_until(&shop, begun.tender_id, CardState::Present).may_stop);
    let stopping = shop.call::<StopCard>(CardRequest { tender_id: begun.tender_id }).unwrap();
    assert!(stopping.stopping || !stopping.open);
    assert_eq!(wait_free(&shop, begun.tender_id).state, CardState::Declined);
    assert!(shop.sales().is_empty());
    terminals_agree(&shop);
}

#[test]
fn a_part_by_card_and_the_rest_in_cash_make_one_sale() {
    let shop = shop();
    shop.scan(WINE);
    let begun = try_start(&shop, 700).unwrap();
    wait_free(&shop, begun.tender_id);
    assert_eq!(status(&shop, begun.tender_id).state, CardState::Approved);
    let basket = shop.basket();
    assert_eq!(basket.due, 499);
    assert_eq!(basket.tenders[0].card.as_ref().unwrap().brand, "Visa");
    assert_eq!(code(shop.try_scan(BREAD)), "partly_paid");
    shop.pay(PayWith::Cash, 499).unwrap().sale.expect("paid in full");
    terminals_agree(&shop);
}

#[test]
fn a_part_by_card_outlives_the_register() {
    let shop = shop();
    shop.scan(WINE);
    let begun = try_start(&shop, 700).unwrap();
    wait_free(&shop, begun.tender_id);
    let shop = shop.reopen();
    assert_eq!(shop.basket().due, 499);
    shop.pay(PayWith::Cash, 499).unwrap().sale.expect("paid in full");
    terminals_agree(&shop);
}

#[test]
fn more_than_is_due_is_never_charged() {
    let shop = shop();
    shop.scan(WINE);
    assert_eq!(code(try_start(&shop, 1_200)), "more_than_due");
    assert_eq!(code(try_start(&shop, 0)), "bad_amount");
    assert!(shop.tills[0].orders().is_empty());
}

#[test]
fn without_a_shift_no_card_is_charged() {
    let shop = Shop::closed();
    add_terminal(&shop, 1);
    shop.scan(WINE);
    assert_eq!(code(try_start(&shop, 1_199)), "no_shift");
    assert!(shop.tills[0].orders().is_empty());
}

#[test]
fn a_card_tender_comes_from_its_terminal_alone() {
    let shop = shop();
    shop.scan(WINE);
    assert_eq!(code(shop.pay(PayWith::Card, 1_199)), "bad_text");
}

#[test]
fn two_terminals_take_two_payments_at_once() {
    let shop = shop();
    let second = add_terminal(&shop, 2);
    shop.tills[0].next(Does::WaitsForTest);
    shop.scan(WINE);
    let terminals = shop.call::<ListDevices>(Nothing {}).unwrap().devices;
    let first = terminals.iter().find(|device| device.id != second).unwrap().id;
    let request = |basket: &BasketView, terminal| StartCard {
        basket_id: basket.id,
        tender_id: shop.tender_id(),
        terminal_id: Some(terminal),
        amount: basket.due,
        print: false,
    };
    let basket = shop.basket();
    let begun = shop.call::<StartCardCommand>(request(&basket, first)).unwrap();
    wait_until(&shop, begun.tender_id, CardState::Present);
    let park = Park { basket_id: basket.id, label: String::new() };
    let next = shop.call::<ParkBasket>(park).unwrap();
    let scan = ScanRequest { basket_id: next.id, code: BREAD.to_owned() };
    let next = shop.call::<Scan>(scan).unwrap().basket;
    assert_eq!(code(shop.call::<StartCardCommand>(request(&next, first))), "card_open");
    let other = shop.call::<StartCardCommand>(request(&next, second)).unwrap();
    wait_until(&shop, other.tender_id, CardState::Approved);
    assert_eq!(shop.sales().len(), 1, "the queue goes on");
    shop.tills[0].let_go();
    wait_until(&shop, begun.tender_id, CardState::Approved);
    assert_eq!(shop.sales().len(), 2, "a parked basket that is paid completes by itself");
    terminals_agree(&shop);
}

#[test]
fn a_payment_taken_back_is_reversed_at_the_terminal_first() {
    let shop = shop();
    shop.scan(WINE);
    let begun = try_start(&shop, 700).unwrap();
    wait_free(&shop, begun.tender_id);
    shop.tills[0].next(Does::WaitsForTest);
    let back = TakeBack { basket_id: begun.basket_id, tender_id: begun.tender_id };
    let view = shop.call::<PayTakeBack>(back.clone()).unwrap();
    assert_eq!(view.tenders.len(), 1, "it stays until the terminal has given it back");
    let reversal = view.card.expect("a payment holds the basket").tender_id;
    let again = shop.call::<PayTakeBack>(back).unwrap();
    assert_eq!(again.card.unwrap().tender_id, reversal, "asked again, it is the same one");
    wait_until(&shop, reversal, CardState::Present);
    shop.tills[0].let_go();
    wait_free(&shop, reversal);
    let basket = shop.basket();
    assert_eq!((basket.tenders.len(), basket.due), (0, 1_199));
    let mut undone = 0;
    for_each_entry(shop.app(), |entry| {
        undone += u32::from(matches!(entry, Entry::TenderUndone(_)))
    });
    assert_eq!((undone, shop.tills[0].sum()), (1, 0));
    shop.pay(PayWith::Cash, 1_199).unwrap();
    terminals_agree(&shop);
}

#[test]
fn a_reversal_that_is_refused_leaves_the_payment_where_it_is() {
    let shop = shop();
    shop.scan(WINE);
    let begun = try_start(&shop, 700).unwrap();
    wait_free(&shop, begun.tender_id);
    shop.tills[0].next(Does::Declines);
    let back = TakeBack { basket_id: begun.basket_id, tender_id: begun.tender_id };
    let reversal = shop.call::<PayTakeBack>(back).unwrap().card.unwrap().tender_id;
    assert_eq!(wait_free(&shop, reversal).state, CardState::Declined);
    assert_eq!(shop.basket().due, 499);
    shop.pay(PayWith::Cash, 499).unwrap();
    terminals_agree(&shop);
}

#[test]
fn terminal_slips_wait_for_the_printer_like_receipts() {
    let shop = shop();
    shop.call::<AddDeviceCommand>(AddDevice {
        name: "Printer".to_owned(),
        address: "tcp:127.0.0.1:1".to_owned(),
        ..AddDevice::default()
    })
    .unwrap();
    shop.tills[0].next(Does::ApprovesWithSlips);
    shop.scan(WINE);
    let begun = start(&shop);
    wait_until(&shop, begun.tender_id, CardState::Approved);
    let titles: Vec<_> = shop
        .call::<WaitingPrints>(Nothing {})
        .unwrap()
        .jobs
        .into_iter()
        .filter_map(|job| job.title)
        .collect();
    assert_eq!(titles, ["Card slip, customer", "Card slip, shop"]);
}

#[test]
fn a_terminals_day_ends_only_while_nothing_is_open() {
    let shop = shop();
    shop.tills[0].next(Does::BreaksOff);
    shop.tills[0].says(Says::Nothing);
    shop.scan(WINE);
    let begun = start(&shop);
    wait_until(&shop, begun.tender_id, CardState::InDoubt);
    let terminal_id = begun.terminal_id;
    let end = || shop.call::<EndTerminalDay>(TerminalRequest { terminal_id });
    assert_eq!(code(end()), "card_open");
    assert_eq!(shop.tills[0].days(), 0);
    shop.tills[0].says(Says::TheTruth);
    shop.call::<AskCardAgain>(CardRequest { tender_id: begun.tender_id }).unwrap();
    wait_free(&shop, begun.tender_id);
    assert_eq!(end().unwrap().state, TerminalReportState::Running);
    let report = wait_for("the report", || {
        let list = ListReports { terminal_id: Some(terminal_id) };
        let reports = shop.call::<ListTerminalReports>(list).unwrap().reports;
        reports.into_iter().find(|report| report.state == TerminalReportState::Done)
    });
    assert_eq!(report.words, "The day is closed.");
    assert_eq!(shop.tills[0].days(), 1);
}

#[test]
fn a_terminal_with_an_open_payment_stays_set_up() {
    let shop = shop();
    shop.tills[0].next(Does::BreaksOff);
    shop.tills[0].says(Says::CannotTell);
    shop.scan(WINE);
    let begun = start(&shop);
    wait_for("a person to decide", || {
        let view = status(&shop, begun.tender_id);
        (view.state == CardState::InDoubt).then_some(())
    });
    let device_id = begun.terminal_id;
    assert_eq!(code(shop.call::<RemoveDevice>(DeviceRequest { device_id })), "card_open");
    assert_eq!(code(shop.call::<SwitchTwin>(SwitchDevice { device_id, on: true })), "card_open");
    // Its name, or the port that it is on now, may change.
    let change = ChangeDevice {
        device_id,
        name: Some("Front".to_owned()),
        address: Some("tcp:scripted-1:20008".to_owned()),
        options: None,
    };
    shop.call::<ChangeDeviceCommand>(change).unwrap();
    let decide = ResolveCard {
        tender_id: begun.tender_id,
        charged: false,
        reason: "nothing on its slip".to_owned(),
    };
    shop.call::<ResolveCardCommand>(decide).unwrap();
    shop.call::<RemoveDevice>(DeviceRequest { device_id }).unwrap();
}

#[test]
fn a_terminal_says_how_it_is() {
    let shop = shop();
    let device_id = shop.call::<ListDevices>(Nothing {}).unwrap().devices[0].id;
    let tested = shop.call::<TestDevice>(DeviceRequest { device_id }).unwrap();
    assert_eq!(tested.words, "The terminal is ready.");
}

#[test]
fn only_a_manager_or_the_owner_decides_by_hand() {
    let shop = shop();
    let mut cashier = shop.caller.clone();
    cashier.actor.role = Role::Cashier;
    let decide = ResolveCard {
        tender_id: shop.tender_id(),
        charged: true,
        reason: "seen on the slip".to_owned(),
    };
    let refused = countertop_app::perform::<ResolveCardCommand>(shop.app(), &cashier, decide);
    assert_eq!(code(refused), "not_allowed");
}

#[test]
fn settings_that_a_driver_does_not_have_are_refused_in_words() {
    let shop = Shop::closed();
    let add = |driver: &str, options: &[(&str, &str)]| {
        shop.call::<AddDeviceCommand>(AddDevice {
            kind: Some("terminal".to_owned()),
            driver: Some(driver.to_owned()),
            name: "Terminal".to_owned(),
            address: "tcp:scripted-1:20007".to_owned(),
            options: Some(
                options.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
            ),
            ..AddDevice::default()
        })
    };
    let words = |refused: Result<_, AppError>| match refused {
        Ok::<countertop_app::wire::DeviceList, _>(_) => panic!("was not refused"),
        Err(error) => error.to_string(),
    };
    assert!(words(add("zvt", &[("pasword", "000000")])).contains("it has password"));
    assert!(words(add("zvt", &[("password", "1234")])).contains("it has 6 digits"));
    assert!(words(add("zvt", &[("print", "me")])).contains("choose terminal, register"));
    assert!(words(add("morse", &[])).contains("choose zvt, concert, caisse-ap"));
    assert!(shop.call::<ListDevices>(Nothing {}).unwrap().devices.is_empty());
    let kind = AddDevice { kind: Some("toaster".to_owned()), ..AddDevice::default() };
    assert_eq!(code(shop.call::<AddDeviceCommand>(kind)), "bad_text");
    assert!(shop.call::<CurrentBasket>(Nothing {}).is_ok());
}
