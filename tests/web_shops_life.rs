//! A web shop that is paused, renamed, removed, or there when a backup is restored: nothing is lost and
//! nothing is told twice. By the register's own threads and commands.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use countertop::{Config, Register};
use countertop_app::{App, Caller, Clock, SystemClock, dispatch};
use countertop_shop_twins::{Shop as Twin, WooBooks};
use countertop_store::restore;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::goods::{BREAD, variant};
use crate::common::web::{KEY, figures};
use crate::common::{Folder, Shop, books_agree, wait_for};
use crate::web_shops::count;

/// A register on the computer's clock, with ten loaves, and a shop that has bread.
struct Town {
    register: Register,
    caller: Caller,
    twin: Twin<WooBooks>,
    product: i64,
    channel: Value,
    _folder: Folder,
}

fn town() -> Town {
    let shop = Shop::open();
    count(&shop, variant(&shop, "Bread"), 10);
    let folder = shop.shut();
    let mut books = WooBooks::new(KEY);
    let product = books.add_product("BREAD", 0);
    books.label(product, BREAD, "1.00", 0);
    let twin = Twin::open(books).unwrap();
    let register = Register::open(&Config::new(folder.path())).unwrap();
    let caller = register.caller("till").unwrap();
    let channel = Value::Null;
    let mut town = Town { register, caller, twin, product, channel, _folder: folder };
    town.set_up("webshop");
    town.is_in_step();
    town
}

impl Town {
    fn app(&self) -> &Arc<App> {
        self.register.app()
    }

    fn give(&self, command: &str, body: Value) -> Value {
        dispatch(self.app(), &self.caller, command, body).unwrap()
    }

    fn set_up(&mut self, name: &str) {
        let shop = json!({
            "kind": "woocommerce", "name": name, "url": self.twin.url(), "allow_host": true,
            "secrets": { "key": KEY },
        });
        self.channel = self.give("channels.save", shop)["id"].clone();
    }

    fn view(&self) -> Value {
        self.give("channels.list", json!({}))["channels"][0].clone()
    }

    fn paused(&self, paused: bool) {
        self.give("channels.pause", json!({ "channel_id": self.channel, "paused": paused }));
    }

    /// Waits until all is told, and both sides count the same.
    fn is_in_step(&self) {
        wait_for("the shop to be in step", || {
            let view = self.view();
            let is_told = view["state"] == "in_step" && view["waiting"] == 0;
            let found = self.app().store().read(|s| s.variant_by_code(BREAD)).unwrap();
            let (here, promised) = figures(self.app(), found.unwrap().variant.id);
            (is_told && self.there() == here - promised).then_some(())
        });
    }

    fn there(&self) -> i64 {
        self.twin.books(|books| books.product(self.product).unwrap().stock)
    }

    /// The sales that the shop has, the oldest first: several are told at once.
    fn told(&self) -> Vec<String> {
        let ours = |order: &Value| order["created_via"] == "countertop";
        let orders = self.twin.books(|books| books.orders());
        let ids = orders.iter().filter(|order| ours(order));
        let ids = ids.map(|order| order["transaction_id"].as_str().unwrap().to_owned());
        let mut ids: Vec<String> = ids.collect();
        // Ids of version 7 are as old as they are small.
        ids.sort();
        ids
    }

    fn sell(&self) -> String {
        let basket = self.give("basket.current", json!({}));
        let scan = json!({ "basket_id": basket["id"], "code": BREAD });
        let basket = self.give("basket.scan", scan)["basket"].clone();
        let request = json!({
            "basket_id": basket["id"], "tender_id": Uuid::now_v7(), "kind": "cash",
            "offered": basket["due"], "print": false,
        });
        self.give("pay.tender", request)["sale"]["id"].as_str().unwrap().to_owned()
    }

    fn order_online(&self) {
        let now = SystemClock.now().utc_ms;
        self.twin.books(|books| books.order_online(self.product, 1, now));
    }

    fn orders(&self) -> usize {
        let filter = countertop_store::ChannelOrderFilter::default();
        self.app().store().read(|s| s.channel_orders(&filter, 100)).unwrap().len()
    }
}

#[test]
fn a_paused_shop_is_told_nothing_and_all_of_it_once_when_it_goes_on() {
    let town = town();
    town.paused(true);
    town.twin.forget_calls();
    let sold = [town.sell(), town.sell()];
    town.order_online();
    assert_eq!(town.view()["state"], "paused");
    assert_eq!(town.twin.calls().len(), 0, "it is left alone");
    town.paused(false);
    wait_for("the shop's order", || (town.orders() == 1).then_some(()));
    town.is_in_step();
    assert_eq!((town.told(), town.there()), (sold.to_vec(), 7));
    books_agree(town.app());
}

#[test]
fn a_shop_that_is_removed_with_work_waiting_is_forgotten_and_may_come_back() {
    let mut town = town();
    town.order_online();
    town.give("channels.sync", json!({ "channel_id": town.channel }));
    wait_for("the shop's order", || (town.orders() == 1).then_some(()));
    town.is_in_step();
    town.twin.shut(true);
    town.sell();
    wait_for("something to wait", || (town.view()["waiting"] != 0).then_some(()));
    let left = town.give("channels.remove", json!({ "channel_id": town.channel }));
    assert_eq!(left["channels"], json!([]));
    town.twin.shut(false);
    town.twin.forget_calls();
    town.sell();
    assert_eq!((town.twin.calls().len(), town.told()), (0, Vec::new()), "nobody is told any more");
    assert_eq!(town.orders(), 1, "its orders stay: somebody waits for them");
    books_agree(town.app());
    // Set up again, under its name, it is told how many there are, and its order is known.
    town.set_up("webshop");
    town.is_in_step();
    assert_eq!((town.there(), town.orders(), town.told()), (7, 1, Vec::new()));
}

#[test]
fn a_shop_that_gets_another_name_keeps_its_orders() {
    let mut town = town();
    town.order_online();
    town.give("channels.sync", json!({ "channel_id": town.channel }));
    wait_for("the shop's order", || (town.orders() == 1).then_some(()));
    let named = json!({
        "id": town.channel, "kind": "woocommerce", "name": "Other name", "url": town.twin.url(),
        "allow_host": true,
    });
    town.channel = town.give("channels.save", named)["id"].clone();
    town.order_online();
    town.give("channels.sync", json!({ "channel_id": town.channel }));
    wait_for("the shop's next order", || (town.orders() >= 2).then_some(()));
    town.is_in_step();
    assert_eq!((town.orders(), town.there()), (2, 8), "the first is not another one now");
}

fn restored(town: &Town, work: &Path) -> PathBuf {
    let (file, folder) = (work.join("backup.ctop"), work.join("restored"));
    town.app().store().backup(&file).unwrap();
    restore(&file, &folder, SystemClock.now()).unwrap();
    folder
}

#[test]
fn after_a_restore_a_shop_waits_for_its_secrets_and_is_then_told_everything_once() {
    let work = tempfile::tempdir().unwrap();
    let mut town = town();
    let before = town.sell();
    let folder = restored(&town, work.path());
    town.is_in_step();
    town.register = Register::open(&Config::new(&folder)).unwrap();
    let trouble = town.view();
    assert_eq!(trouble["state"], "trouble");
    assert!(trouble["trouble"].as_str().unwrap().contains("\"Consumer key"), "{trouble}");
    let after = town.sell();
    let again = json!({
        "id": town.channel, "kind": "woocommerce", "name": "webshop", "url": town.twin.url(),
        "allow_host": true, "secrets": { "key": KEY },
    });
    town.give("channels.save", again);
    town.is_in_step();
    assert_eq!((town.told(), town.there()), (vec![before, after], 8));
    books_agree(town.app());
}
