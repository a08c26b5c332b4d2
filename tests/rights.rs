//! Who may do what: every command for every role, written out. A new command without a row here
//! fails.

use std::collections::BTreeSet;

use countertop_app::commands::ALL;
use countertop_app::{Caller, dispatch};
use countertop_domain::ids::StaffId;
use countertop_domain::staff::{Actor, Role};
use serde_json::json;
use uuid::Uuid;

use crate::common::Shop;

/// Command, owner, manager, cashier.
pub(crate) const MATRIX: &[(&str, bool, bool, bool)] = &[
    ("register.state", true, true, true),
    ("shift.open", true, true, true),
    ("shift.close", true, true, true),
    ("catalog.categories", true, true, true),
    ("catalog.browse", true, true, true),
    ("catalog.search", true, true, true),
    ("catalog.item", true, true, true),
    ("basket.current", true, true, true),
    ("basket.scan", true, true, true),
    ("basket.add", true, true, true),
    ("basket.set_quantity", true, true, true),
    ("basket.set_price", true, true, false),
    ("basket.set_note", true, true, true),
    ("basket.remove_line", true, true, true),
    ("basket.clear", true, true, true),
    ("basket.undo", true, true, true),
    ("basket.park", true, true, true),
    ("basket.parked", true, true, true),
    ("basket.recall", true, true, true),
    ("pay.tender", true, true, true),
    ("pay.take_back", true, true, true),
    ("orders.find", true, true, true),
    ("orders.get", true, true, true),
    ("receipt.preview", true, true, true),
    ("receipt.pdf", true, true, true),
    ("receipt.print", true, true, true),
    ("receipt.gift", true, true, true),
    ("reports.sales", true, true, false),
    ("reports.items", true, true, false),
    ("reports.categories", true, true, false),
    ("reports.staff", true, true, false),
    ("reports.tenders", true, true, false),
    ("reports.taxes", true, true, false),
    ("reports.hours", true, true, false),
    ("reports.margin", true, true, false),
    ("reports.file", true, true, false),
    ("prints.waiting", true, true, true),
    ("prints.retry", true, true, true),
    ("prints.set_aside", true, true, true),
    ("shop.get", true, true, true),
    ("shop.set", true, false, false),
    ("shop.logo", true, true, true),
    ("shop.set_logo", true, false, false),
    ("requests.open", true, true, true),
    ("requests.accept", true, true, true),
    ("requests.cancel", true, true, true),
    ("requests.end", true, true, true),
    ("requests.called_back", true, true, true),
    ("requests.post_again", true, true, true),
    ("requests.receive_link", true, true, true),
    ("apps.list", true, true, true),
    ("apps.save", true, false, false),
    ("apps.revoke", true, false, false),
    ("apps.requests", true, true, true),
    ("apps.square_links", true, false, false),
    ("devices.list", true, true, true),
    ("devices.add", true, false, false),
    ("devices.test", true, true, true),
    ("devices.change", true, false, false),
    ("devices.twin", true, false, false),
    ("devices.record", true, false, false),
    ("devices.traffic", true, false, false),
    ("devices.remove", true, false, false),
    ("twins.state", true, true, true),
    ("twins.press", true, true, true),
    ("scale.weigh", true, true, true),
    ("scale.zero", true, true, true),
    ("scale.tare", true, true, true),
    ("card.start", true, true, true),
    ("card.refund", true, true, true),
    ("card.status", true, true, true),
    ("card.stop", true, true, true),
    ("card.open", true, true, true),
    ("card.ask_again", true, true, true),
    ("card.resolve", true, true, false),
    ("card.reverse", true, true, true),
    ("card.print_slip", true, true, true),
    ("card.end_of_day", true, true, true),
    ("card.reports", true, true, true),
    ("shift.move_cash", true, true, true),
    ("shift.x", true, true, true),
    ("shift.print_x", true, true, true),
    ("shift.closed", true, true, false),
    ("shift.z", true, true, false),
    ("shift.print_z", true, true, false),
    ("basket.set_discount", true, true, true),
    ("basket.set_customer", true, true, true),
    ("basket.set_position", true, true, true),
    ("basket.add_coupon", true, true, true),
    ("basket.remove_coupon", true, true, true),
    ("basket.add_gift_card", true, true, true),
    ("basket.add_return", true, true, true),
    ("basket.add_return_unseen", true, true, false),
    ("basket.explain", true, true, true),
    ("basket.void", true, true, true),
    ("pay.confirm", true, true, true),
    ("pay.set_tip", true, true, true),
    ("pay.code", true, true, true),
    ("held.hold", true, true, true),
    ("held.list", true, true, true),
    ("held.recall", true, true, true),
    ("held.deposit", true, true, true),
    ("held.cancel", true, true, true),
    ("held.print", true, true, true),
    ("orders.returnable", true, true, true),
    ("orders.explain", true, true, true),
    ("customers.find", true, true, true),
    ("customers.save", true, true, true),
    ("customers.pay_account", true, true, true),
    ("customers.print_payment", true, true, true),
    ("customers.get", true, true, true),
    ("credit.get", true, true, true),
    ("credit.issue", true, true, false),
    ("credit.print", true, true, true),
    ("prices.get", true, true, true),
    ("prices.set", true, true, false),
    ("coupons.list", true, true, true),
    ("coupons.issue", true, true, false),
    ("products.list", true, true, true),
    ("products.get", true, true, true),
    ("products.save", true, true, false),
    ("products.retire", true, true, false),
    ("variants.list", true, true, true),
    ("variants.get", true, true, true),
    ("categories.list", true, true, true),
    ("categories.get", true, true, true),
    ("categories.save", true, true, false),
    ("categories.remove", true, true, false),
    ("stock.level", true, true, true),
    ("stock.move", true, true, false),
    ("stock.count", true, true, false),
    ("stock.movements", true, true, true),
    ("prices.list_rules", true, true, true),
    ("prices.get_rule", true, true, true),
    ("prices.save_rule", true, true, false),
    ("prices.remove_rule", true, true, false),
    ("prices.quote", true, true, true),
    ("taxes.list", true, true, true),
    ("taxes.get", true, true, true),
    ("taxes.save", true, false, false),
    ("taxes.remove", true, false, false),
    ("tokens.list", true, false, false),
    ("tokens.create", true, false, false),
    ("tokens.revoke", true, false, false),
    ("webhooks.list", true, false, false),
    ("webhooks.save", true, false, false),
    ("webhooks.rotate", true, false, false),
    ("webhooks.remove", true, false, false),
    ("webhooks.deliveries", true, false, false),
    ("webhooks.redeliver", true, false, false),
    ("channels.list", true, true, true),
    ("channels.save", true, false, false),
    ("channels.test", true, false, false),
    ("channels.sync", true, true, true),
    ("channels.pause", true, false, false),
    ("channels.remove", true, false, false),
    ("channels.problems", true, true, true),
    ("channels.retry", true, true, true),
    ("channels.set_aside", true, true, false),
    ("channels.take_up", true, true, false),
    ("channels.ops", true, true, true),
    ("channels.names", true, true, true),
    ("channels.set_name", true, true, false),
    ("web_orders.list", true, true, true),
    ("web_orders.find", true, true, true),
    ("web_orders.step", true, true, true),
    ("web_orders.take_back", true, true, true),
    ("lan.get", true, true, true),
    ("lan.set", true, false, false),
    ("pairing.begin", true, false, false),
    ("pairing.state", true, false, false),
    ("pairing.accept", true, false, false),
    ("pairing.refuse", true, false, false),
];

fn person(role: Role) -> Caller {
    let actor = Actor { staff: StaffId::new(Uuid::nil()), name: "Sam".to_owned(), role };
    Caller::at_till(actor, "till")
}

/// A request of the command's form about things that are not there: whoever may give the command
/// gets past the rights, and nothing is changed by it.
pub(crate) fn request(command: &str) -> serde_json::Value {
    let id = Uuid::nil();
    match command {
        "shift.open" => json!({ "float": -1 }),
        "shift.close" => json!({ "counts": [{ "currency": "EUR", "counted": -1 }] }),
        "catalog.browse" => json!({ "category": "none", "after": null }),
        "catalog.search" => json!({ "text": "none" }),
        "catalog.item" => json!({ "item_id": id }),
        "basket.scan" => json!({ "basket_id": id, "code": "none" }),
        "basket.add" => {
            json!({ "basket_id": id, "variant_id": id, "quantity": null, "price": null })
        }
        "basket.set_quantity" => json!({ "basket_id": id, "line_id": id, "quantity": 1_000 }),
        "basket.set_price" => {
            json!({ "basket_id": id, "line_id": id, "price": 1, "reason": "because" })
        }
        "basket.set_note" => json!({ "basket_id": id, "line_id": id, "note": "" }),
        "basket.remove_line" => json!({ "basket_id": id, "line_id": id }),
        "basket.clear" | "basket.undo" | "basket.recall" => json!({ "basket_id": id }),
        "basket.park" => json!({ "basket_id": id, "label": "" }),
        "pay.tender" => json!({
            "basket_id": id, "tender_id": id, "kind": "cash", "offered": 1, "print": false,
        }),
        "pay.take_back" => json!({ "basket_id": id, "tender_id": id }),
        "orders.find" => json!({ "text": "", "after": null }),
        "orders.get" | "receipt.preview" | "receipt.print" | "receipt.gift" => {
            json!({ "sale_id": id })
        }
        "receipt.pdf" => json!({ "sale_id": id, "paper": "roll" }),
        "prints.retry" | "prints.set_aside" => json!({ "job_id": id }),
        "shop.set_logo" => json!({ "png": null }),
        "shop.set" => json!({
            "name": "", "address": [], "tax_number": null, "footer": [], "taxes": [],
        }),
        _ => about_machines(command)
            .or_else(|| about_goods(command))
            .or_else(|| about_programs(command))
            .or_else(|| about_web_shops(command))
            .unwrap_or_else(|| about_money(command)),
    }
}

/// The same for what stands on the counter.
fn about_machines(command: &str) -> Option<serde_json::Value> {
    let id = Uuid::nil();
    Some(match command {
        "devices.add" => json!({
            "name": "", "address": "", "columns": null, "drawer": null,
        }),
        "devices.test" | "devices.remove" | "devices.traffic" | "devices.change" => {
            json!({ "device_id": id })
        }
        "devices.twin" | "devices.record" => json!({ "device_id": id, "on": true }),
        "twins.press" => json!({ "device_id": id, "button": "approve" }),
        "scale.weigh" => json!({ "basket_id": id, "line_id": id }),
        "card.start" => json!({ "basket_id": id, "tender_id": id, "amount": 1, "print": false }),
        "card.refund" => json!({
            "basket_id": id, "tender_id": id, "refunds": id, "amount": 1, "print": false,
        }),
        "card.status" | "card.stop" | "card.ask_again" | "card.print_slip" => {
            json!({ "tender_id": id })
        }
        "card.resolve" => json!({ "tender_id": id, "charged": true, "reason": "because" }),
        "card.reverse" => json!({ "tender_id": id, "reversal_id": id }),
        "card.end_of_day" => json!({ "terminal_id": id }),
        _ => return None,
    })
}

/// The same for the catalogue, its stock and its rules.
fn about_goods(command: &str) -> Option<serde_json::Value> {
    let id = Uuid::nil();
    Some(match command {
        "products.list" | "variants.list" | "categories.list" => json!({}),
        "products.get" | "products.retire" => json!({ "product_id": id }),
        "products.save" => json!({
            "name": "", "unit": "piece", "tax_class": "", "images": [], "favourite": false,
            "variants": [],
        }),
        "variants.get" => json!({ "variant_id": id }),
        "categories.get" | "categories.remove" => json!({ "category_id": id }),
        "categories.save" => json!({ "name": "", "ink": 1 }),
        "stock.level" => json!({ "variant_ids": [] }),
        "stock.movements" => json!({}),
        "stock.move" => json!({
            "move_id": id, "reason": "adjust", "reference": "", "note": "", "lines": [],
        }),
        "stock.count" => json!({ "move_id": id, "reference": "", "note": "", "lines": [] }),
        "prices.list_rules" => json!("book"),
        "prices.get_rule" | "prices.remove_rule" => json!({ "kind": "book", "id": "none" }),
        "prices.save_rule" => json!({ "kind": "book", "rule": {} }),
        "prices.quote" => json!({ "lines": [] }),
        "taxes.get" | "taxes.remove" => json!({ "class": "none" }),
        "taxes.save" => json!({ "class": "", "taxes": [] }),
        "reports.file" => json!({
            "kind": "sales", "ask": { "from": "2026-11-02", "to": "2026-11-01" },
        }),
        report if report.starts_with("reports.") => {
            json!({ "from": "2026-11-02", "to": "2026-11-01" })
        }
        _ => return None,
    })
}

/// The same for other programs and paired devices.
fn about_programs(command: &str) -> Option<serde_json::Value> {
    let id = Uuid::nil();
    Some(match command {
        "tokens.create" => json!({ "name": "", "scopes": [] }),
        "tokens.revoke" => json!({ "token_id": id }),
        "webhooks.save" => json!({ "name": "", "url": "", "types": [], "enabled": true }),
        "webhooks.rotate" | "webhooks.remove" | "webhooks.deliveries" | "webhooks.redeliver" => {
            json!({ "webhook_id": id })
        }
        "lan.set" => json!({ "open": false }),
        "pairing.accept" => json!({ "pairing_id": id, "grant": "till", "role": "cashier" }),
        "pairing.refuse" => json!({ "pairing_id": id }),
        "requests.accept" | "requests.end" | "requests.called_back" | "requests.post_again" => {
            json!({ "request_id": id })
        }
        "requests.cancel" => json!({ "request_id": id, "reason": "" }),
        "requests.receive_link" => json!({ "url": "" }),
        "apps.save" => json!({
            "client_id": "", "name": "", "callbacks": [], "scopes": [], "post": false,
            "new_token": false,
        }),
        "apps.revoke" | "apps.requests" => json!({ "client_id": "none" }),
        "apps.square_links" => json!({ "taken": false }),
        _ => return None,
    })
}

/// The same for web shops and their orders.
fn about_web_shops(command: &str) -> Option<serde_json::Value> {
    let id = Uuid::nil();
    Some(match command {
        "channels.save" => json!({ "kind": "", "name": "", "url": "" }),
        "channels.test" | "channels.sync" | "channels.remove" | "channels.problems"
        | "channels.ops" => json!({ "channel_id": id }),
        "channels.pause" => json!({ "channel_id": id, "paused": true }),
        "channels.retry" | "channels.set_aside" | "channels.take_up" => json!({ "number": 0 }),
        "channels.names" => json!({ "channel_id": id, "unmatched": false }),
        "channels.set_name" => {
            json!({ "channel_id": id, "external_id": "", "variant_id": null })
        }
        "web_orders.list" => json!({ "open_only": true }),
        "web_orders.find" => json!({ "code": "" }),
        "web_orders.step" => json!({ "order_id": id, "status": "ready" }),
        "web_orders.take_back" => {
            json!({ "order_id": id, "return_id": id, "lines": [], "reason": "" })
        }
        _ => return None,
    })
}

/// The same for what decides amounts.
fn about_money(command: &str) -> serde_json::Value {
    let id = Uuid::nil();
    match command {
        "shift.move_cash" => json!({
            "id": id, "kind": "pay_in", "amount": -1, "reason": "because",
        }),
        "shift.z" | "shift.print_z" => json!({ "shift_id": id }),
        "basket.set_discount" => json!({ "basket_id": id, "percent": "1", "reason": "" }),
        "basket.set_customer" => json!({ "basket_id": id }),
        "basket.set_position" => json!({ "basket_id": id }),
        "basket.add_coupon" | "basket.remove_coupon" => json!({ "basket_id": id, "code": "X" }),
        "basket.add_gift_card" => json!({ "basket_id": id, "code": "", "amount": 0 }),
        "basket.add_return" => json!({
            "basket_id": id, "sale_id": id, "line_id": id, "quantity": 1_000, "reason": "",
        }),
        "basket.add_return_unseen" => json!({
            "basket_id": id, "variant_id": id, "quantity": 1_000, "reason": "because",
        }),
        "basket.explain" => json!({ "basket_id": id, "line_id": id }),
        "basket.void" => json!({ "basket_id": id, "reason": "because" }),
        "orders.explain" => json!({ "sale_id": id, "line_id": id }),
        "orders.returnable" => json!({ "sale_id": id }),
        "pay.confirm" => json!({ "basket_id": id, "tender_id": id, "print": false }),
        "pay.set_tip" => json!({ "basket_id": id }),
        "pay.code" => json!({ "basket_id": id, "kind": "wallet", "amount": 1 }),
        "held.hold" => json!({ "basket_id": id, "kind": "quote", "due": null, "note": "" }),
        "held.list" => json!({ "open_only": true }),
        "held.recall" | "held.print" => json!({ "order_id": id }),
        "held.deposit" => json!({
            "order_id": id, "tender_id": id, "kind": "cash", "offered": 1,
        }),
        "held.cancel" => json!({ "order_id": id, "reason": "because", "keep": 0 }),
        "customers.find" => json!({ "text": "" }),
        "customers.save" => json!({
            "name": "", "email": "", "phone": "", "groups": [], "tax_exempt": false,
        }),
        "customers.pay_account" => json!({
            "customer_id": id, "tender_id": id, "kind": "cash", "amount": 1,
        }),
        "customers.get" | "customers.print_payment" => json!({ "customer_id": id }),
        "credit.get" | "credit.print" => json!({ "kind": "gift_card", "code": "X" }),
        "credit.issue" => json!({
            "id": id, "kind": "gift_card", "code": "", "amount": 0, "reason": "because",
        }),
        "prices.set" => json!({
            "version": 0, "books": [], "promotions": [], "stacking": "none",
        }),
        "coupons.issue" => json!({ "code": "X", "promotion": "none" }),
        _ => json!({}),
    }
}

#[test]
fn every_command_is_allowed_to_just_the_roles_that_the_shop_decided() {
    let commands: BTreeSet<_> = ALL.iter().map(|(name, _)| *name).collect();
    let rows: BTreeSet<_> = MATRIX.iter().map(|(name, ..)| *name).collect();
    assert_eq!(commands, rows, "decide who may give the new command, and write it here");

    let shop = Shop::closed();
    for (command, owner, manager, cashier) in MATRIX {
        for (role, may) in
            [(Role::Owner, owner), (Role::Manager, manager), (Role::Cashier, cashier)]
        {
            let answer = dispatch(shop.app(), &person(role), command, request(command));
            let refusal = answer.err().map(|refusal| (refusal.code, refusal.message));
            let refused = refusal.as_ref().is_some_and(|(code, _)| code == "not_allowed");
            assert_eq!(!refused, *may, "{command} by {role:?}: {refusal:?}");
            // Past the rights, the request was read: the row tries the command, not its form.
            let unread = refusal.is_some_and(|(code, _)| code == "bad_request");
            assert!(!unread, "{command}: the request of this test is not of its form");
        }
    }
    shop.books_agree();
}

#[test]
fn a_command_that_nobody_wrote_is_refused() {
    let shop = Shop::open();
    for name in ["", "pay", "pay.tender ", "PAY.TENDER", "register.state\0", "../basket.current"] {
        let refusal = shop.json(name, json!({})).unwrap_err();
        assert_eq!(refusal.code, "unknown_command", "{name}");
    }
}

#[test]
fn a_cashier_cannot_lower_a_price_by_any_way_in() {
    let shop = Shop::open();
    let cashier = person(Role::Cashier);
    let give = |command: &str, body| dispatch(shop.app(), &cashier, command, body);
    let basket = give("basket.current", json!({})).unwrap()["id"].clone();
    let scan = json!({ "basket_id": basket, "code": crate::common::goods::WINE });
    let added = give("basket.scan", scan).unwrap();
    let (line, variant) =
        (added["line_id"].clone(), added["basket"]["lines"][0]["variant_id"].clone());
    let price = json!({ "basket_id": basket, "line_id": line, "price": 1, "reason": "friend" });
    assert_eq!(give("basket.set_price", price).unwrap_err().code, "not_allowed");
    // A tap on the tile carries a price only where the item has none.
    let add = json!({ "basket_id": basket, "variant_id": variant, "quantity": null, "price": 1 });
    assert_eq!(give("basket.add", add).unwrap_err().code, "bad_text");
    assert_eq!(give("basket.current", json!({})).unwrap()["total"], 1_199);
}
