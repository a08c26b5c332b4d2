//! What happens is told to the programs that listen: all of it, once, in order, and to nobody else.

use countertop_app::wire::PayWith;
use countertop_app::{AppError, Caller, EventId, Filter};
use countertop_store::StoreError;
use serde_json::{Value, json};

use crate::common::door::{Heard, OpenDoor, Stream, token};
use crate::common::goods::{BREAD, WINE};
use crate::common::terminal::{Does, Says};
use crate::common::{Dice, Shop, wait_for};
use crate::customers::{named, save};

const START: &str = "0-0-0-00000000";

/// Notes a change, as a use case that edits something does.
fn note(shop: &Shop, kind: &'static str, id: u64) {
    let noted = shop.app().store().write::<_, StoreError>(move |tx| {
        tx.note_change(kind, &id.to_string(), "updated", 1_795_439_280_000)
    });
    noted.unwrap();
}

fn move_cash(shop: &Shop) {
    let request = json!({
        "id": uuid::Uuid::now_v7(), "kind": "pay_in", "amount": 100, "reason": "change",
    });
    shop.json("shift.move_cash", request).unwrap();
}

/// Everything that a person at the till could hear of, by its id.
fn all(shop: &Shop) -> Vec<(String, String)> {
    let caller: &Caller = &shop.caller;
    let mut after: EventId = START.parse().unwrap();
    let mut found = Vec::new();
    loop {
        let batch = shop.app().events_after(caller, &Filter::default(), after, 50).unwrap();
        if batch.end == after {
            return found;
        }
        found.extend(batch.events.iter().map(|event| (event.id.to_string(), event.kind.clone())));
        after = batch.end;
    }
}

fn kinds(heard: &[Heard]) -> Vec<&str> {
    heard.iter().map(|one| one.event["type"].as_str().unwrap()).collect()
}

#[test]
fn a_listener_that_loses_the_line_again_and_again_hears_everything_once_and_in_order() {
    let shop = Shop::open();
    let every = [
        "events",
        "sales:read",
        "shifts",
        "inventory:read",
        "customers:read",
        "catalog:read",
        "credit",
        "orders:read",
        "payments",
    ];
    let (_, secret) = token(&shop, &every);
    let door = OpenDoor::of(shop.app());
    let address = door.address;
    let (tell, told) = std::sync::mpsc::channel::<usize>();
    let listener = std::thread::spawn(move || {
        let mut dice = Dice(7);
        let mut heard: Vec<Heard> = Vec::new();
        let mut expected = usize::MAX;
        while heard.len() < expected {
            let after = heard.last().map_or(START, |one| one.id.as_str());
            let mut stream = Stream::open(address, &secret, "", Some(after)).unwrap();
            for _ in 0..dice.below(90) {
                if heard.len() >= expected {
                    break;
                }
                heard.extend(stream.next());
                if let Ok(count) = told.try_recv() {
                    expected = count;
                }
            }
        }
        heard
    });
    let mut dice = Dice(3);
    for number in 0..1_000 {
        match dice.below(10) {
            0 => drop(shop.sell(&[BREAD, WINE], PayWith::Cash)),
            1 | 2 => move_cash(&shop),
            3..=6 => note(&shop, "product", number),
            _ => note(&shop, "customer", number),
        }
    }
    let all = all(&shop);
    assert!(all.len() > 1_000);
    tell.send(all.len()).unwrap();
    // Wakes a listener that waits for an event that is past already.
    while !listener.is_finished() {
        note(&shop, "tax", 1);
        std::thread::yield_now();
    }
    let heard = listener.join().unwrap();
    let ids: Vec<(String, String)> = heard
        .iter()
        .map(|one| (one.id.clone(), one.event["type"].as_str().unwrap().to_owned()))
        .collect();
    // The last may be one that only woke the listener.
    assert!(ids.starts_with(&all), "another order, or other events");
    assert!(ids.len() <= all.len() + 1, "{} more came", ids.len() - all.len());
}

#[test]
fn a_sale_is_told_as_it_happens_with_its_amounts_and_the_stock_that_it_took() {
    let shop = Shop::open();
    let (_, secret) = token(&shop, &["events", "sales:read", "inventory:read"]);
    let door = OpenDoor::of(shop.app());
    let mut stream = Stream::open(door.address, &secret, "", None).unwrap().greeted();
    let sale = shop.sell(&[BREAD], PayWith::Cash);
    let sold = stream.next().unwrap();
    assert_eq!(sold.event["type"], "sale.completed");
    assert_eq!(sold.event["timestamp"], "2026-11-23T13:08:00.000Z");
    assert_eq!(sold.event["data"]["id"], json!(sale.id));
    assert_eq!(sold.event["data"]["total"], json!({ "amount": 345, "currency": "EUR" }));
    let moved = stream.next().unwrap();
    assert_eq!(moved.event["type"], "inventory.changed");
    assert_eq!(moved.event["data"]["movements"][0]["quantity"], "-1");
    // Between two events of one sale the line is lost: the second one still comes.
    let mut again = Stream::open(door.address, &secret, "", Some(&sold.id)).unwrap();
    assert_eq!(again.next().unwrap().id, moved.id);
}

#[test]
fn a_program_hears_only_of_what_it_may_read_and_asked_for() {
    let shop = Shop::open();
    let (_, narrow) = token(&shop, &["events", "shifts"]);
    let (_, wide) = token(&shop, &["events", "shifts", "sales:read", "customers:read"]);
    let (_, deaf) = token(&shop, &["sales:read"]);
    let door = OpenDoor::of(shop.app());
    let anna = save(&shop, named("Anna"));
    let basket = shop.basket().id;
    shop.json("basket.set_customer", json!({ "basket_id": basket, "customer_id": anna.id }))
        .unwrap();
    shop.sell(&[BREAD], PayWith::Cash);
    move_cash(&shop);
    let hear = |secret: &str, query: &str, count: usize| -> Vec<Heard> {
        let mut stream = Stream::open(door.address, secret, query, Some(START)).unwrap();
        (0..count).map(|_| stream.next().unwrap()).collect()
    };
    assert_eq!(kinds(&hear(&narrow, "", 2)), ["shift.opened", "cash.moved"]);
    assert_eq!(kinds(&hear(&narrow, "?types=cash.*,sale.*", 1)), ["cash.moved"]);
    let sale = hear(&wide, "?types=sale.completed", 1);
    assert_eq!(sale[0].event["data"]["customer_id"], json!(anna.id));
    let (_, sales) = token(&shop, &["events", "sales:read"]);
    let sale = hear(&sales, "?types=sale.completed", 1);
    assert_eq!(sale[0].event["data"].get("customer_id"), None);
    assert_eq!(Stream::open(door.address, &deaf, "", None).err(), Some(403));
    assert_eq!(Stream::open(door.address, "ctp_wrong", "", None).err(), Some(401));
    assert_eq!(Stream::open(door.address, &wide, "?types=money.*", None).err(), Some(400));
    assert_eq!(Stream::open(door.address, &wide, "", Some("yesterday")).err(), Some(400));
}

#[test]
fn a_stream_ends_when_its_token_is_revoked_or_the_register_stops() {
    let shop = Shop::open();
    let (id, secret) = token(&shop, &["events", "shifts"]);
    let (_, other) = token(&shop, &["events", "shifts"]);
    let door = OpenDoor::of(shop.app());
    let mut revoked = Stream::open(door.address, &secret, "", None).unwrap().greeted();
    let mut stopped = Stream::open(door.address, &other, "", None).unwrap().greeted();
    shop.json("tokens.revoke", json!({ "token_id": id })).unwrap();
    assert!(revoked.next().is_none());
    move_cash(&shop);
    assert_eq!(stopped.next().unwrap().event["type"], "cash.moved");
    drop(door);
    assert!(stopped.next().is_none());
}

#[test]
fn a_place_in_another_journal_or_before_what_is_kept_is_gone() {
    let shop = Shop::open();
    let (_, secret) = token(&shop, &["events", "shifts", "catalog:read"]);
    let door = OpenDoor::of(shop.app());
    let stream = Stream::open(door.address, &secret, "", None).unwrap().greeted();
    let here: EventId = stream.place.parse().unwrap();
    let mut foreign = here;
    foreign.mark = [1, 2, 3, 4];
    let mut ahead = here;
    ahead.position.seq += 1_000;
    let mut unknown = here;
    unknown.position.change += 1_000;
    for place in [foreign, ahead, unknown] {
        let answer = Stream::open(door.address, &secret, "", Some(&place.to_string()));
        assert_eq!(answer.err(), Some(410), "{place}");
    }
    let noted = shop.app().store().write::<_, AppError>(|tx| {
        let (then, now) = (1_795_439_280_000, 1_795_439_280_000 + 31 * 24 * 60 * 60 * 1000);
        for number in 0..600 {
            let at = if number < 300 { then } else { now };
            tx.note_change("product", &number.to_string(), "updated", at)?;
        }
        Ok(())
    });
    noted.unwrap();
    assert_eq!(Stream::open(door.address, &secret, "", Some(&here.to_string())).err(), Some(410));
    assert!(Stream::open(door.address, &secret, "", None).is_ok());
}

#[test]
fn more_listeners_than_there_is_room_for_are_told_so_and_one_that_leaves_makes_room() {
    let shop = Shop::open();
    let (_, secret) = token(&shop, &["events", "shifts"]);
    let door = OpenDoor::of(shop.app());
    let open = || Stream::open(door.address, &secret, "", None);
    let mut streams: Vec<Stream> = (0..32).map(|_| open().unwrap().greeted()).collect();
    assert_eq!(open().err(), Some(503));
    streams.pop();
    wait_for("room for a listener", || open().ok());
}

#[test]
fn what_was_edited_is_fetched_by_the_id_that_its_event_tells() {
    let shop = Shop::open();
    let scopes = [
        "events",
        "catalog:read",
        "catalog:write",
        "settings",
        "customers:read",
        "customers:write",
        "orders:read",
        "orders:write",
    ];
    let made = shop
        .json("tokens.create", json!({ "name": "Program", "scopes": scopes, "role": "owner" }))
        .unwrap();
    let secret = made["secret"].as_str().unwrap();
    let door = OpenDoor::of(shop.app());
    let mut stream = Stream::open(door.address, secret, "", None).unwrap().greeted();
    let eur = |minor: i64| json!({ "amount": minor, "currency": "EUR" });
    for (kind, path, body) in [
        (
            "product",
            "products",
            json!({ "name": "Beans", "variants": [{ "sku": "B-1", "price": eur(899) }] }),
        ),
        ("category", "categories", json!({ "name": "Coffee" })),
        ("customer", "customers", json!({ "name": "Ada" })),
        (
            "price_book",
            "price-books",
            json!({ "id": "trade", "name": "Trade", "prices": [
                { "of": { "by": "all" }, "price": { "by": "fixed", "value": eur(99) } } ] }),
        ),
        (
            "promotion",
            "promotions",
            json!({ "id": "menu", "name": "Menu", "rule": { "by": "bundle", "price": eur(500),
                "parts": [{ "of": { "by": "all" }, "count": 2 }] } }),
        ),
        (
            "tax",
            "taxes",
            json!({ "class": "Books", "taxes": [{ "name": "VAT", "rate": "5.5", "included": true }] }),
        ),
        (
            "order",
            "orders",
            json!({ "channel": "webshop", "external_id": "7", "number": "#7", "hand_over": "collect",
                "paid": false, "lines": [{ "barcode": BREAD, "quantity": "1" }] }),
        ),
    ] {
        let made = door.ask(secret, "POST", &format!("/v1/{path}"), Some(&body));
        assert_eq!(made.status, 201, "{path}: {made:?}");
        let created = format!("{kind}.created");
        let event = loop {
            let heard = stream.next().unwrap().event;
            if heard["type"] == created.as_str() {
                break heard;
            }
        };
        let id = event["data"]["id"].as_str().unwrap();
        let read = door.ask(secret, "GET", &format!("/v1/{path}/{id}"), None);
        assert_eq!((read.status, read.json()), (200, made.json()), "{path}");
    }
}

#[test]
fn a_card_payment_that_comes_into_doubt_is_told_and_so_is_its_end() {
    for end in [End::TheTerminalCharged, End::TheTerminalDidNot, End::APersonDecides, End::ARestart]
    {
        let does = match end {
            End::TheTerminalDidNot => Does::BreaksOff,
            _ => Does::ChargesUnheard,
        };
        let (shop, id) = crate::card_doubt::in_doubt(does);
        let sale = shop.basket().id;
        let shop = match end {
            End::TheTerminalCharged | End::TheTerminalDidNot => {
                // Asked in vain: in doubt as before, which is no news.
                crate::card_doubt::ask(&shop, id);
                shop.tills[0].says(Says::TheTruth);
                crate::card_doubt::ask(&shop, id);
                shop
            }
            End::APersonDecides => {
                crate::card_doubt::decide(&shop, id, true).unwrap();
                shop
            }
            End::ARestart => {
                shop.tills[0].says(Says::TheTruth);
                shop.reopen()
            }
        };
        let told = wait_for("the end of the doubt", || {
            let told = cards(&shop);
            Some(told).filter(|told| told.iter().any(|(kind, _)| kind == "card.settled"))
        });
        let kinds: Vec<&str> = told
            .iter()
            .map(|(kind, _)| kind.as_str())
            .filter(|kind| *kind != "card.resolved")
            .collect();
        assert_eq!(kinds, ["card.in_doubt", "card.settled"], "{end:?}");
        let (begun, ended) = (&told[0].1, &told.last().unwrap().1);
        assert_eq!(begun["id"], json!(id));
        assert_eq!(begun["amount"], json!({ "amount": 1_199, "currency": "EUR" }));
        assert_eq!(
            (begun["sale_id"].as_str(), begun.get("charged")),
            (Some(&*sale.to_string()), None)
        );
        assert_eq!(ended["charged"], json!(!matches!(end, End::TheTerminalDidNot)), "{end:?}");
        assert_eq!(ended["sale_id"], begun["sale_id"]);
    }
}

/// How a doubt ends.
#[derive(Clone, Copy, Debug)]
enum End {
    TheTerminalCharged,
    TheTerminalDidNot,
    APersonDecides,
    ARestart,
}

/// What is told of card payments: type and data.
fn cards(shop: &Shop) -> Vec<(String, Value)> {
    let after: EventId = START.parse().unwrap();
    let filter = Filter::parse(["card.*"]).unwrap();
    let batch = shop.app().events_after(&shop.caller, &filter, after, 1_000).unwrap();
    batch.events.into_iter().map(|event| (event.kind, event.data)).collect()
}
