//! A real Vendure, as its own dashboard and its storefront use it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Api, Real, Shelf, text};

pub(crate) struct Vendure {
    address: String,
    seed: Value,
    session: RefCell<String>,
}

impl Vendure {
    /// Asks one of its two APIs; `session` is kept and used again.
    fn ask(&self, door: &str, session: &mut String, query: &str, with: &Value) -> Value {
        let bearer = format!("Bearer {session}");
        let headers = [("authorization", &*bearer)];
        let api = Api::new(&self.address, if session.is_empty() { &[] } else { &headers });
        let body = json!({ "query": query, "variables": with });
        let (said, token) = api.ask_for_token("POST", door, Some(&body));
        if let Some(token) = token {
            *session = token;
        }
        assert!(said["errors"].is_null(), "{said}");
        said["data"].clone()
    }

    fn admin(&self, query: &str) -> Value {
        let mut session = self.session.borrow_mut();
        if session.is_empty() {
            let login = "mutation($u: String!, $p: String!) { login(username: $u, password: $p) {
                __typename } }";
            let who = json!({ "u": self.seed["user"], "p": self.seed["password"] });
            self.ask("admin-api", &mut session, login, &who);
        }
        self.ask("admin-api", &mut session, query, &json!({}))
    }
}

impl Real for Vendure {
    const KIND: &'static str = "vendure";
    const CURRENCY: &'static str = "USD";
    const TAX_CLASS: &'static str = "Standard Tax";
    // The order is paid, and nobody hears of it.
    const LOST: &'static str = "addManualPaymentToOrder";

    fn of(seed: &Value) -> Self {
        let session = RefCell::default();
        Self { address: text(&seed["address"]), seed: seed.clone(), session }
    }

    fn options(&self) -> BTreeMap<String, String> {
        let set = |name: &str, is: String| (name.to_owned(), is);
        [
            set("user", text(&self.seed["user"])),
            set("pickup_methods", "express-shipping".to_owned()),
        ]
        .into()
    }

    fn secrets(&self) -> BTreeMap<String, String> {
        [("password".to_owned(), text(&self.seed["password"]))].into()
    }

    fn order_online(&self, variant: &str, pieces: i64) -> String {
        let mut session = String::new();
        let mut ask = |query: &str, with: Value| self.ask("shop-api", &mut session, query, &with);
        let add = "mutation($v: ID!, $n: Int!) {
            addItemToOrder(productVariantId: $v, quantity: $n) { __typename } }";
        ask(add, json!({ "v": variant, "n": pieces }));
        let who = "mutation($e: String!) { setCustomerForOrder(input: { firstName: \"Ada\",
            lastName: \"L\", emailAddress: $e }) { __typename } }";
        ask(who, json!({ "e": format!("{}@example.com", uuid::Uuid::now_v7()) }));
        let lives = "mutation { setOrderShippingAddress(input: { fullName: \"Ada L\",
            streetLine1: \"1 Way\", city: \"Town\", postalCode: \"1\", countryCode: \"GB\" }) {
            __typename } }";
        ask(lives, json!({}));
        let ways = ask("{ eligibleShippingMethods { id code } }", json!({}));
        let ways = ways["eligibleShippingMethods"].as_array().unwrap();
        let express = ways.iter().find(|way| way["code"] == "express-shipping").unwrap();
        let way = "mutation($w: [ID!]!) { setOrderShippingMethod(shippingMethodId: $w) {
            __typename } }";
        ask(way, json!({ "w": [express["id"]] }));
        let begin =
            "mutation { transitionOrderToState(state: \"ArrangingPayment\") { __typename } }";
        ask(begin, json!({}));
        let pay = "mutation { addPaymentToOrder(input: { method: \"standard-payment\",
            metadata: { shouldDecline: false, shouldError: false, shouldErrorOnSettle: false } }) {
                __typename ... on Order { id } ... on ErrorResult { errorCode message } } }";
        let paid = ask(pay, json!({}));
        let order = &paid["addPaymentToOrder"];
        assert_eq!(order["__typename"], "Order", "{order}");
        text(&order["id"])
    }

    fn shelves(&self) -> BTreeMap<String, Shelf> {
        let said = self.admin(
            "{ productVariants(options: { take: 1000 }) { items { id stockLevels { stockOnHand
             stockAllocated } } } }",
        );
        let shelf = |variant: &Value| {
            let of = |name: &str| variant["stockLevels"][0][name].as_i64().unwrap();
            let shelf = Shelf { on_hand: of("stockOnHand"), promised: of("stockAllocated") };
            (text(&variant["id"]), shelf)
        };
        said["productVariants"]["items"].as_array().unwrap().iter().map(shelf).collect()
    }

    fn orders_of_ours(&self) -> Vec<String> {
        let said = self.admin(
            "{ orders(options: { take: 1000 }) { items { state payments { method transactionId } } } }",
        );
        let all = said["orders"]["items"].as_array().unwrap().iter();
        all.filter(|one| one["state"] != "Cancelled" && one["state"] != "Draft")
            .flat_map(|one| one["payments"].as_array().unwrap())
            .filter(|one| one["method"] == "countertop")
            .map(|one| text(&one["transactionId"]))
            .collect()
    }
}
