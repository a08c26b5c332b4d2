//! A day with a real Vendure: its catalogue, sales while orders come in, a refund, a count, and at the end
//! the figures are equal on both sides. Left out unless asked for, beside a fresh
//! `npx @vendure/create shop --ci --use-npm`: `COUNTERTOP_VENDURE=http://127.0.0.1:3000 cargo test -p
//! countertop-sync --test vendure_real`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countertop_domain::channel_order::{HandOver, OrderStatus};
use countertop_domain::ids::{LineId, VariantId};
use countertop_domain::money::Currency;
use countertop_sync::SystemNames;
use countertop_sync::channel::{
    Ask, Connector, Done, Errand, Found, FulfilOut, Goods, LineOut, LineSettings, OrderIn,
    OrderState, PaidWith, ProductIn, RefundLineOut, RefundOut, SaleOut, Secret, Setup, StockIn,
    StockOut, Task, platform,
};
use serde_json::{Value, json};
use uuid::Uuid;

/// Counter sales of the day.
const SALES: i64 = 12;

struct Day {
    connector: Arc<dyn Connector>,
    runtime: tokio::runtime::Runtime,
    url: String,
}

impl Day {
    fn begin(url: &str) -> Self {
        let set = |name: &str, is: &str| (name.to_owned(), is.to_owned());
        let setup = Setup {
            line: LineSettings {
                url: url.to_owned(),
                allow_host: true,
                certificate: String::new(),
                names: Arc::new(SystemNames),
                patience: None,
            },
            options: BTreeMap::from([
                set("user", "superadmin"),
                set("pickup_methods", "express-shipping"),
            ]),
            secrets: BTreeMap::from([("password".to_owned(), Secret::new("superadmin"))]),
            currency: Currency::parse("USD").unwrap(),
        };
        let connector = (platform("vendure").unwrap().make)(&setup).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { connector, runtime, url: url.to_owned() }
    }

    fn catalogue(&self) -> Vec<ProductIn> {
        let (mut all, mut ask) = (Vec::new(), Ask::default());
        loop {
            let page = self.runtime.block_on(self.connector.products(&ask)).unwrap();
            assert_eq!(page.bad, []);
            all.extend(page.items);
            match page.next {
                Some(next) => ask.next = Some(next),
                None => return all,
            }
        }
    }

    fn figure(&self, variant: &str) -> i64 {
        let goods = Goods { external_id: variant.to_owned(), ..Goods::default() };
        let said: Vec<StockIn> = self.runtime.block_on(self.connector.stock_of(&[goods])).unwrap();
        said[0].quantity
    }

    fn orders(&self) -> Vec<OrderIn> {
        let (mut all, mut ask) = (Vec::new(), Ask { since_ms: Some(0), next: None });
        loop {
            let page = self.runtime.block_on(self.connector.orders(&ask)).unwrap();
            all.extend(page.items);
            match page.next {
                Some(next) => ask.next = Some(next),
                None => return all,
            }
        }
    }

    fn send(&self, errand: &Errand) -> Done {
        self.runtime.block_on(self.connector.send(errand)).unwrap()
    }

    /// Asks the shop's own API, as a customer's browser does.
    fn shop(&self, session: &mut String, query: &str, variables: &Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        self.runtime.block_on(async {
            let client = reqwest::Client::new();
            let mut request = client.post(format!("{}/shop-api", self.url)).json(&body);
            if !session.is_empty() {
                request = request.bearer_auth(&*session);
            }
            let answer = request.send().await.unwrap();
            if let Some(token) = answer.headers().get("vendure-auth-token") {
                *session = token.to_str().unwrap().to_owned();
            }
            let said: Value = answer.json().await.unwrap();
            assert!(said["errors"].is_null(), "{said}");
            said["data"].clone()
        })
    }

    /// A customer orders so many pieces in the shop, and pays.
    fn order_online(&self, variant: &str, pieces: i64) -> String {
        let mut session = String::new();
        let mut ask = |query: &str, variables: Value| self.shop(&mut session, query, &variables);
        let add =
            "mutation($v: ID!, $n: Int!) { addItemToOrder(productVariantId: $v, quantity: $n) {
            __typename } }";
        ask(add, json!({ "v": variant, "n": pieces }));
        let email = format!("{}@example.com", Uuid::now_v7());
        ask(
            "mutation($e: String!) { setCustomerForOrder(input: { firstName: \"Ada\", lastName: \"L\",
                emailAddress: $e }) { __typename } }",
            json!({ "e": email }),
        );
        ask(
            "mutation { setOrderShippingAddress(input: { fullName: \"Ada L\", streetLine1: \"1 Way\",
                city: \"Town\", postalCode: \"1\", countryCode: \"GB\" }) { __typename } }",
            json!({}),
        );
        let ways = ask("{ eligibleShippingMethods { id code } }", json!({}));
        let express = ways["eligibleShippingMethods"]
            .as_array()
            .unwrap()
            .iter()
            .find(|way| way["code"] == "express-shipping")
            .unwrap();
        ask(
            "mutation($w: [ID!]!) { setOrderShippingMethod(shippingMethodId: $w) { __typename } }",
            json!({ "w": [express["id"]] }),
        );
        ask(
            "mutation { transitionOrderToState(state: \"ArrangingPayment\") { __typename } }",
            json!({}),
        );
        let pay = "mutation { addPaymentToOrder(input: { method: \"standard-payment\",
            metadata: { shouldDecline: false, shouldError: false, shouldErrorOnSettle: false } }) {
                __typename ... on Order { id state } ... on ErrorResult { errorCode message } } }";
        let paid = ask(pay, json!({}));
        let order = &paid["addPaymentToOrder"];
        assert_eq!(order["__typename"], "Order", "{order}");
        order["id"].as_str().unwrap().to_owned()
    }
}

fn errand(our_id: Uuid, task: Task) -> Errand {
    Errand { our_id: our_id.to_string(), op_id: our_id.to_string(), first_ms: None, task }
}

fn goods(variant: &str) -> Option<Goods> {
    Some(Goods { external_id: variant.to_owned(), ..Goods::default() })
}

fn sale(our_id: Uuid, variant: &str, pieces: i64, at_ms: i64) -> Errand {
    let line = LineOut {
        id: LineId::new(Uuid::from_u128(1)),
        variant: VariantId::new(Uuid::from_u128(2)),
        goods: goods(variant),
        name: "Laptop".to_owned(),
        sku: String::new(),
        quantity: pieces * 1_000,
        net: 1_000,
        total: 1_200,
        taxes: Vec::new(),
    };
    let task = Task::Sale(SaleOut {
        number: "T1-1".to_owned(),
        at_ms,
        currency: "USD".to_owned(),
        exponent: 2,
        lines: vec![line],
        net: 1_000,
        tax: 200,
        total: 1_200,
        paid: vec![PaidWith { kind: "cash".to_owned(), amount: 1_200 }],
        customer: None,
        customer_external: String::new(),
    });
    errand(our_id, task)
}

fn refund(of: &Done, variant: &str, at_ms: i64) -> Errand {
    let line = RefundLineOut {
        line: LineId::new(Uuid::from_u128(1)),
        variant: VariantId::new(Uuid::from_u128(2)),
        goods: goods(variant),
        quantity: 1_000,
        net: 500,
        total: 600,
        taxes: Vec::new(),
        restock: true,
    };
    let task = Task::Refund(RefundOut {
        sale: Uuid::from_u128(3).to_string(),
        order_external: of.external_id.clone(),
        number: "T1-9".to_owned(),
        at_ms,
        currency: "USD".to_owned(),
        exponent: 2,
        lines: vec![line],
        total: 600,
        reason: "broken".to_owned(),
    });
    errand(Uuid::now_v7(), task)
}

#[test]
fn a_day_with_a_real_vendure_ends_with_equal_figures() {
    let Ok(url) = std::env::var("COUNTERTOP_VENDURE") else {
        println!("left out: COUNTERTOP_VENDURE names no server");
        return;
    };
    let day = Day::begin(&url);
    let info = day.runtime.block_on(day.connector.test()).unwrap();
    assert_eq!((info.missing.len(), &*info.currency), (0, "USD"));
    let began = Instant::now();
    let catalogue = day.catalogue();
    let variants: usize = catalogue.iter().map(|one| one.variants.len()).sum();
    println!("{} products, {variants} variants in {:?}", catalogue.len(), began.elapsed());
    assert!(variants >= 80);
    let variant = catalogue[0].variants[0].external_id.clone();
    let now = i64::try_from(
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis(),
    )
    .unwrap();

    // The morning's count.
    let count = |pieces: i64| count_of(&variant, pieces);
    day.send(&count(500));
    let mut ledger = 500;
    assert_eq!(day.figure(&variant), ledger * 1_000);

    // Sales at the counter, and orders in the shop between them.
    let (mut took, mut last, mut online) = (Duration::ZERO, Done::default(), String::new());
    for number in 0..SALES {
        let our_id = Uuid::now_v7();
        let errand = sale(our_id, &variant, 2, now);
        let began = Instant::now();
        last = day.send(&errand);
        took += began.elapsed();
        ledger -= 2;
        // What is asked about once more is found, and is not done again.
        let again = Errand { first_ms: Some(now), ..errand };
        let found = day.runtime.block_on(day.connector.look_up(&again)).unwrap();
        assert_eq!(found, Found::Done(last.clone()));
        assert_eq!(day.send(&again).external_id, last.external_id);
        if number % 4 == 0 {
            online = day.order_online(&variant, 1);
            ledger -= 1;
        }
        assert_eq!(day.figure(&variant), ledger * 1_000);
    }
    println!("{SALES} sales, {:?} each", took / u32::try_from(SALES).unwrap());

    // One comes back.
    let back = refund(&last, &variant, now);
    let done = day.send(&back);
    assert_eq!(day.send(&back), done);
    ledger += 1;
    assert_eq!(day.figure(&variant), ledger * 1_000);

    collect(&day, &online);
    assert_eq!(day.figure(&variant), ledger * 1_000);

    // The evening's count, with orders of the shop that are still open.
    ledger = 77;
    day.send(&count(ledger));
    assert_eq!(day.figure(&variant), ledger * 1_000);
}

/// An order of the shop is here, and is collected.
fn collect(day: &Day, online: &str) {
    let theirs =
        |day: &Day| day.orders().into_iter().find(|one| one.external_id == online).unwrap();
    let order = theirs(day);
    assert_eq!(
        (order.state, order.hand_over, order.paid),
        (OrderState::Open, HandOver::Collect, true)
    );
    assert_eq!(order.recipient.address.city, "Town");
    let fulfil = errand(
        Uuid::now_v7(),
        Task::Fulfil(FulfilOut {
            order_external: online.to_owned(),
            status: OrderStatus::Collected,
            hand_over: HandOver::Collect,
            tracking: String::new(),
            paid_here: false,
        }),
    );
    day.send(&fulfil);
    day.send(&fulfil);
    assert_eq!(theirs(day).state, OrderState::Fulfilled);
}

fn count_of(variant: &str, pieces: i64) -> Errand {
    let (id, goods) = (VariantId::new(Uuid::from_u128(2)), goods(variant));
    let figure = pieces * 1_000;
    errand(Uuid::now_v7(), Task::Stock(StockOut { variant: id, goods, figure, expected: None }))
}
