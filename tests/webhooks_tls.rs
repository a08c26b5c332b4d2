//! Webhooks by TLS: nothing is told to an address that does not prove who it is.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::common::authority::{self, Authority};
use crate::common::receiver::Receiver;
use crate::common::{Shop, wait_for};
use crate::webhooks::{deliveries, hook, ids, note, seen, wake};

/// The owner enters a certificate that the webhook is to trust.
fn trust(shop: &Shop, id: &str, receiver: &Receiver, pem: &str) {
    let request = json!({
        "id": id, "name": "Receiver", "url": receiver.url(), "types": [], "enabled": true,
        "certificate": pem, "allow_host": false,
    });
    shop.json("webhooks.save", request).unwrap();
}

#[test]
fn only_an_address_that_proves_who_it_is_is_told_and_what_waits_meanwhile_comes_later() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    let (ours, another) = (Authority::new("Our shop"), Authority::new("Somebody"));
    let host = receiver.address.ip().to_string();
    let good = ours.server(&host);
    receiver.show(Arc::clone(&good.server));
    let (id, secret) = hook(&shop, &receiver, &["product.*"]);
    note(&shop, "product", "p");
    let mut tries = 0;
    let mut refused = |why: &str| {
        tries += 1;
        let waiting = wait_for("the try to be kept", || {
            deliveries(&shop, &id, "waiting").into_iter().find(|d| d["attempts"] == tries)
        });
        let words = waiting["trouble"].as_str().unwrap().to_owned();
        assert!(words.contains(why), "{words}");
        assert!(receiver.all().is_empty(), "it was told all the same");
    };
    let again = || {
        // Longer than any pause so far, and all of them together are less than a day.
        shop.clock.forward(Duration::from_secs(7_200));
        wake(&shop);
    };
    refused("not known here");
    trust(&shop, &id, &receiver, &another.pem);
    again();
    refused("not known here");
    trust(&shop, &id, &receiver, &ours.pem);
    for (shown, why) in [
        (ours.server("elsewhere.example"), "another name"),
        (ours.expired_server(&host), "expired"),
        (another.server(&host), "not known here"),
    ] {
        receiver.show(shown.server);
        again();
        refused(why);
    }
    receiver.show(good.server);
    again();
    let message = receiver.wait_for(1).remove(0);
    assert!(message.is_signed_with(&secret));
    assert_eq!(message.event["data"]["id"], "p");
    wait_for("nothing to be left", || Some(()).filter(|()| seen(&shop)["waiting"] == 0));
}

#[test]
fn an_address_with_a_certificate_that_it_made_itself_is_told_once_that_is_entered() {
    let shop = Shop::closed();
    let receiver = Receiver::new();
    let host = receiver.address.ip().to_string();
    // As many programs make them, it says that it is an authority's: such a one proves nobody.
    let wrong = authority::self_signed_authority(&host);
    receiver.show(wrong.server);
    let (id, _) = hook(&shop, &receiver, &["product.*"]);
    trust(&shop, &id, &receiver, &wrong.pem);
    note(&shop, "product", "p");
    let waiting = wait_for("the try to be kept", || {
        deliveries(&shop, &id, "waiting").into_iter().find(|d| d["attempts"] == 1)
    });
    assert!(waiting["trouble"].as_str().unwrap().contains("CA:FALSE"), "{waiting}");
    let right = authority::self_signed(&host);
    receiver.show(right.server);
    trust(&shop, &id, &receiver, &right.pem);
    shop.clock.forward(Duration::from_secs(600));
    wake(&shop);
    assert_eq!(ids(&receiver.wait_for(1)), ["p"]);
}
