//! Customers of the register and of a web shop: known on both sides, each once, as far as they agreed; and
//! whoever is forgotten here does not come back from there.

use countertop_domain::ids::CustomerId;
use countertop_shop_twins::bigcommerce::BigCommerce;
use countertop_store::{MapKind, StoreError};
use serde_json::{Value, json};

use crate::common::Shop;
use crate::customers_api::{Program, add};
use crate::web_shops::{LOAF, SHOP, Web, to_dos};

const ALL: &[&str] = &["customers:read", "customers:write"];

struct Both {
    shop: Shop,
    program: Program,
    web: Web<BigCommerce>,
}

impl Both {
    fn open() -> Self {
        let shop = Shop::open();
        let web = Web::of(shop.app(), LOAF, 10);
        web.in_step(shop.app());
        let program = Program::of_owner(&shop, ALL);
        Self { shop, program, web }
    }

    /// In step, and what was asked of the shop's customers that changes something.
    fn told(&self) -> usize {
        self.web.twin.forget_calls();
        self.web.in_step(self.shop.app());
        let calls = self.web.twin.calls();
        let told = calls.iter().filter(|call| call.method != "GET");
        told.filter(|call| call.path.ends_with("/v3/customers")).count()
    }

    fn emails_there(&self) -> Vec<String> {
        self.web.twin.books(|books| {
            let all = books.customers().values();
            all.map(|row| row["email"].as_str().unwrap().to_owned()).collect()
        })
    }

    fn signs_up(&self, email: &str) -> i64 {
        let now = self.web.now();
        self.web.twin.books(|books| books.sign_up(email, "Mira", "Berg", now))
    }

    fn here(&self) -> Vec<Value> {
        self.program.done("GET", "/v1/customers", None)["data"].as_array().unwrap().clone()
    }

    fn erase(&self, id: CustomerId) {
        self.program.done("DELETE", &format!("/v1/customers/{id}"), None);
    }
}

fn agreed(given: bool) -> Value {
    json!([{ "channel": "email", "given": given, "at": "2026-01-01T00:00:00Z" }])
}

#[test]
fn only_who_agreed_or_is_known_there_goes_to_the_shop_and_is_told_once() {
    let both = Both::open();
    let mira = json!({ "name": "Mira Berg", "email": "mira@example.com", "phone": "1",
                       "consents": agreed(true) });
    let mira = add(&both.program, mira);
    for other in [
        json!({ "name": "Ned Berg", "email": "ned@example.com", "consents": agreed(false) }),
        json!({ "name": "Ola Berg", "email": "ola@example.com" }),
        json!({ "name": "Pia Berg", "consents": agreed(true) }),
    ] {
        add(&both.program, other);
    }
    assert_eq!(both.told(), 1);
    assert_eq!(both.emails_there(), ["mira@example.com"]);
    let news = both.web.twin.books(|books| books.subscribers().len());
    assert_eq!(news, 1, "what she said about mail goes with her");
    // What comes back is no news on either side.
    assert_eq!(both.told(), 0);
    assert_eq!(both.here().len(), 4);
    let path = format!("/v1/customers/{mira}");
    let moved = json!({ "name": "Mira Berg", "email": "mira@example.com", "phone": "2",
                        "consents": agreed(true) });
    both.program.done("PUT", &path, Some(moved));
    assert_eq!(both.told(), 1);
    let phones = both.web.twin.books(|books| {
        books.customers().values().map(|row| row["phone"].clone()).collect::<Vec<_>>()
    });
    assert_eq!(phones, [json!("2")]);
    // What waits for a shop, and what was sent, keeps nobody's address.
    let ops =
        both.shop.app().store().read::<_, StoreError>(|s| s.channel_ops(SHOP, None, i64::MAX, 100));
    assert!(ops.unwrap().iter().all(|op| !op.payload.contains("mira")));
    assert!(to_dos(both.shop.app()).is_empty());
}

#[test]
fn one_address_is_one_customer_whoever_wrote_it_down_first() {
    let both = Both::open();
    both.signs_up("mira@example.com");
    let mira = json!({ "name": "Mira Berg", "email": "mira@example.com", "phone": "7",
                       "consents": agreed(true) });
    add(&both.program, mira);
    both.told();
    assert_eq!(both.emails_there(), ["mira@example.com"]);
    assert_eq!(both.here().len(), 1);
    let phone = both.web.twin.books(|books| {
        books.customers().values().next().unwrap()["phone"].as_str().unwrap().to_owned()
    });
    assert_eq!(phone, "7", "what only the register knows is told");
    assert_eq!(both.told(), 0);
}

#[test]
fn who_is_forgotten_here_is_a_to_do_there_and_does_not_come_back() {
    let both = Both::open();
    let there = both.signs_up("mira@example.com");
    both.told();
    let mira: CustomerId = both.here()[0]["id"].as_str().unwrap().parse().unwrap();
    both.erase(mira);
    let said = to_dos(both.shop.app());
    let [(kind, words)] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!(kind, "erased");
    assert!(words.contains(&there.to_string()) && !words.contains("mira"), "{words}");
    let now = both.web.now();
    both.web.twin.books(|books| books.subscribe("mira@example.com", now));
    assert_eq!(both.told(), 0);
    assert!(both.here().is_empty(), "the shop's list brings nobody back");
    let known =
        both.shop.app().store().read::<_, StoreError>(|s| {
            s.channel_mapped(SHOP, MapKind::Customer, &there.to_string())
        });
    let known = known.unwrap().unwrap();
    assert_eq!((known.title.as_str(), known.digest.len()), ("", 0));
}
