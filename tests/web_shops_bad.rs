//! A shop that says nonsense: nothing of it reaches the till's screen unmarked, and only that shop stops.

use std::sync::Arc;

use countertop_app::commands::{ListChannels, SearchCatalog};
use countertop_app::wire::{ChannelState, Nothing, PayWith, Search};
use countertop_app::{App, Caller, perform};
use countertop_domain::ids::ChannelId;
use countertop_shop_twins::{
    Call, Fault, FaultKind, Platform, Reply, Shop as Twin, Strike, WooBooks,
};
use countertop_store::{ChannelOrderFilter, StoreError};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::Shop;
use crate::common::goods::BREAD;
use crate::common::web::{GoingClock, Hand, KEY, put, row, to_dos, woo};

const GOOD: ChannelId = ChannelId::new(Uuid::from_u128(60));
const BAD: ChannelId = ChannelId::new(Uuid::from_u128(61));

/// A shop that says what it is told to.
struct Liar {
    books: WooBooks,
    products: Vec<Value>,
    orders: Vec<Value>,
}

impl Platform for Liar {
    fn answer(&mut self, call: &Call, now: i64) -> Reply {
        let page =
            |said: Value| Reply::json(200, &said).with("X-WP-Total", 1).with("X-WP-TotalPages", 1);
        match (call.method.as_str(), call.parts().get(3..).unwrap_or_default()) {
            ("GET", ["products"]) => page(Value::Array(self.products.clone())),
            // A million of them, a hundred at a time.
            ("GET", ["products", _, "variations"]) => {
                let number = call.asked("page").and_then(|page| page.parse().ok()).unwrap_or(1);
                let ids = (0..100).map(|nth| item(1_000_000 + number * 100 + nth, "Many", "1.00"));
                Reply::json(200, &Value::Array(ids.collect()))
                    .with("X-WP-Total", 1_000_000)
                    .with("X-WP-TotalPages", 10_000)
            }
            ("GET", ["orders"]) => page(Value::Array(self.orders.clone())),
            _ => self.books.answer(call, now),
        }
    }

    fn expire(&mut self, expired: bool) {
        self.books.expire(expired);
    }
}

fn item(id: i64, name: &str, price: &str) -> Value {
    json!({
        "id": id, "name": name, "type": "simple", "status": "publish", "sku": format!("S{id}"),
        "price": price, "regular_price": price, "manage_stock": true, "stock_quantity": 3,
        "categories": [], "images": [], "attributes": [],
    })
}

fn nonsense() -> Vec<Value> {
    let mut many = item(6, "Zz many", "1.00");
    many["type"] = json!("variable");
    let mut code = item(7, "Zz code", "1.00");
    code["global_unique_id"] = json!("12\u{0}34\u{202E}");
    let mut shelf = item(8, "Zz shelf", "1.00");
    shelf["categories"] = json!([{ "name": "Cheap\u{202E}\u{0}" }]);
    vec![
        item(1, "Zz below\u{202E}nothing", "-5.00"),
        item(2, "Zz nul\u{0}", "1.00"),
        item(3, "Zz \u{202E}gnp.exe", "1.00"),
        item(4, "Zz dear", "99999999999999999999"),
        item(5, "Zz words\u{202E}", "cheap\u{0}"),
        many,
        code,
        shelf,
        item(9, "Zz good", "1.00"),
    ]
}

fn bad_orders() -> Vec<Value> {
    let order = |id: i64, name: &str, total: &str| {
        json!({
            "id": id, "number": format!("{id}\u{202E}"), "status": "processing",
            "created_via": "checkout", "date_paid": "2026-11-23T10:00:00",
            "date_created_gmt": "2026-11-23T10:00:00", "total": "1.00",
            "billing": { "first_name": "Eve\u{202E}\u{0}", "email": "e@x.org" },
            "customer_note": "leave it\u{202E} here",
            "line_items": [{ "id": 1, "product_id": 9, "quantity": 1, "name": name, "total": total }],
        })
    };
    vec![order(70, "Zz \u{202E}line\u{0}", "1.00"), order(71, "Zz less", "-1.00")]
}

fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c))
}

struct Town {
    shop: Shop,
    bad: Twin<Liar>,
    hands: [Hand; 2],
    good: Twin<WooBooks>,
    product: i64,
    clock: Arc<GoingClock>,
}

fn town(products: Vec<Value>, orders: Vec<Value>) -> Town {
    let shop = Shop::open();
    let mut books = WooBooks::new(KEY);
    let product = books.add_product("BREAD", 0);
    books.label(product, BREAD, "1.00", 0);
    let good = Twin::open(books).unwrap();
    let liar = Liar { books: WooBooks::new(KEY), products, orders };
    let bad = Twin::open(liar).unwrap();
    let (app, clock) = (shop.app(), Arc::new(GoingClock::default()));
    let hands = [(GOOD, "good", good.url()), (BAD, "bad", bad.url())].map(|(id, name, url)| {
        put(app, &row(app, id, name, &url));
        Hand::at(app, &clock, id, woo(&url))
    });
    Town { shop, bad, hands, good, product, clock }
}

impl Town {
    /// The till sells, and the other shop is told.
    fn goes_on(&self) {
        let there = || self.good.books(|books| books.product(self.product).unwrap().stock);
        self.hands[0].in_step();
        let before = there();
        self.shop.sell(&[BREAD], PayWith::Cash);
        self.hands[0].in_step();
        assert_eq!(there(), before - 1);
        self.shop.books_agree();
    }

    /// All that a screen shows of shops, goods and orders, as it is sent to it.
    fn screens(&self) -> String {
        let (app, caller): (&App, &Caller) = (self.shop.app(), &self.shop.caller);
        let mut all = String::new();
        for text in ["Zz", "Many", "S"] {
            let tiles = perform::<SearchCatalog>(app, caller, Search { text: text.to_owned() });
            all += &serde_json::to_string(&tiles.unwrap()).unwrap();
        }
        all += &serde_json::to_string(&perform::<ListChannels>(app, caller, Nothing {}).unwrap())
            .unwrap();
        for (command, request) in [
            ("channels.problems", json!({ "channel_id": BAD })),
            ("channels.names", json!({ "channel_id": BAD, "unmatched": false })),
            ("channels.ops", json!({ "channel_id": BAD })),
        ] {
            all += &self.shop.json(command, request).unwrap().to_string();
        }
        let filter = ChannelOrderFilter::default();
        let orders = app.store().read::<_, StoreError>(|s| s.channel_orders(&filter, 100)).unwrap();
        for order in orders {
            all +=
                &format!("{} {}", order.body.number, serde_json::to_string(&order.body).unwrap());
        }
        all
    }

    /// Of the shop that is no good.
    fn state(&self) -> (ChannelState, String) {
        let list = perform::<ListChannels>(self.shop.app(), &self.shop.caller, Nothing {}).unwrap();
        let bad = list.channels.into_iter().find(|one| one.id == BAD).unwrap();
        (bad.state, bad.trouble)
    }
}

#[test]
fn nonsense_in_a_shop_is_marked_wherever_it_is_shown_and_the_rest_of_it_is_sold() {
    let town = town(nonsense(), bad_orders());
    town.hands[1].once().unwrap();
    let screens = town.screens();
    // JSON writes what cannot be seen with its number.
    for hidden in ["\\u0000", "\u{0}", "\u{202E}", "\\u202e", "-500"] {
        assert!(!screens.contains(hidden), "{hidden:?} in {screens}");
    }
    let said = to_dos(town.shop.app(), BAD);
    assert!(said.iter().all(|(_, about, words)| is_clean(about) && is_clean(words)), "{said:?}");
    let about: Vec<&str> = said.iter().map(|(_, about, _)| about.as_str()).collect();
    for id in ["1", "3", "4", "5", "6", "7", "71"] {
        let is_said = about.iter().any(|about| about.ends_with(&format!(":{id}")));
        assert!(is_said, "nobody is told of {id}: {said:?}");
    }
    let sold = town.shop.json("catalog.search", json!({ "text": "Zz" })).unwrap();
    let names: Vec<&str> = sold["tiles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tile| tile["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Zz nul", "Zz good", "Zz shelf"], "what is right, or was made so, is sold");
    town.goes_on();
}

#[test]
fn a_shop_that_answers_no_list_at_all_stops_alone_and_says_why() {
    let always = |path: &str, kind: FaultKind| Fault {
        strike: Strike { times: u32::MAX, ..Strike::first("GET", path) },
        kind,
    };
    for (kind, word) in [
        (FaultKind::Huge(100 * 1024 * 1024), "longer than 16 MB"),
        (FaultKind::Html, "no JSON"),
        (FaultKind::WrongType, "no JSON"),
        (FaultKind::HalfJson, "no JSON"),
    ] {
        let town = town(vec![item(9, "Zz good", "1.00")], Vec::new());
        town.bad.strike(always("/products", kind.clone()));
        assert!(town.hands[1].once().is_err(), "{kind:?}");
        let (state, trouble) = town.state();
        assert_eq!(state, ChannelState::Trouble);
        assert!(trouble.contains(word), "{kind:?}: {trouble}");
        town.goes_on();
        // It is put right, and goes on by itself.
        town.bad.clear_script();
        town.hands[1].in_step();
        assert_eq!(town.state(), (ChannelState::InStep, String::new()));
    }
}

#[test]
fn what_a_shop_says_of_its_trouble_is_marked_before_it_is_shown() {
    let town = town(Vec::new(), Vec::new());
    town.hands[1].once().unwrap();
    let words = json!({ "code": "x", "message": "Try \u{202E}again\u{0} later" });
    town.bad.books(|liar| liar.products = vec![words]);
    let _ = town.hands[1].once();
    let (_, trouble) = town.state();
    assert!(is_clean(&trouble) && is_clean(&town.screens()), "{trouble}");
}

#[test]
fn what_a_shop_has_no_more_is_hidden_after_a_day_unless_some_of_it_lies_here() {
    let mut none_left = item(1, "Zz one", "1.00");
    none_left["stock_quantity"] = json!(0);
    let town =
        town(vec![none_left, item(2, "Zz two", "1.00"), item(3, "Zz three", "1.00")], vec![]);
    town.hands[1].in_step();
    let asked = |town: &Town| {
        let found = town.shop.json("catalog.search", json!({ "text": "Zz" })).unwrap();
        found["tiles"].as_array().unwrap().len()
    };
    assert_eq!(asked(&town), 3);
    town.bad.books(|liar| liar.products.truncate(0));
    town.bad.books(|liar| liar.products.push(item(3, "Zz three", "1.00")));
    town.clock.set_by(12 * 60 * 60 * 1_000);
    town.hands[1].in_step();
    assert_eq!(asked(&town), 3, "once a day all of it is read");
    town.clock.set_by(13 * 60 * 60 * 1_000);
    town.hands[1].in_step();
    assert_eq!(asked(&town), 2);
    let said = to_dos(town.shop.app(), BAD);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!((said[0].0.as_str(), said[0].1.as_str()), ("gone", "product:2"));
}
