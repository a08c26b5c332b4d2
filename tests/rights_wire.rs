//! The same matrix of who may do what, asked over the wire: at the till's own door, and in the network with
//! a paired device of each role.

use serde_json::{Value, json};

use crate::common::api::Token;
use crate::common::tls::Tablet;
use crate::common::wire::{Answer, rpc};
use crate::common::{sales_of, verify_ok};
use crate::lan::{open_shop, pair};
use crate::rights::{MATRIX, request};

fn code(answer: &Answer) -> Value {
    if answer.status == 200 { Value::Null } else { answer.json()["code"].clone() }
}

#[test]
fn over_the_wire_every_command_is_allowed_to_just_the_roles_that_the_shop_decided() {
    let (folder, served, stranger) = open_shop();
    let [owner, manager, cashier] =
        ["owner", "manager", "cashier"].map(|role| pair(&served, &stranger, role, "till", role));
    for (command, by_owner, by_manager, by_cashier) in MATRIX {
        let body = request(command);
        for (tablet, may) in [(&owner, by_owner), (&manager, by_manager), (&cashier, by_cashier)] {
            let answer = tablet.rpc(command, &body);
            let refused = code(&answer) == "not_allowed";
            assert_eq!(!refused, *may, "{command}: {answer:?}");
            assert_eq!(refused, answer.status == 403, "{command}: {answer:?}");
            assert_ne!(code(&answer), "bad_request", "{command}: {answer:?}");
        }
        // At the till itself stands the owner.
        let answer = rpc(served.address, command, &body);
        assert_ne!(code(&answer), "not_allowed", "{command}: {answer:?}");
        assert_ne!(code(&answer), "bad_request", "{command}: {answer:?}");
    }
    assert!(served.terminate());
    nothing_was_done(&folder);
}

#[test]
fn over_the_wire_no_command_is_carried_out_for_who_was_let_in_for_something_else() {
    let (folder, served, stranger) = open_shop();
    let reader = pair(&served, &stranger, "Board", "read_only", "owner");
    let phone = pair(&served, &stranger, "Phone", "payments", "owner");
    let settings = Token::make(served.address, "Program", &["settings", "payments"], "owner");
    let program = Tablet { token: Some(settings.secret), ..stranger.clone() };
    for (command, ..) in MATRIX {
        let body = request(command);
        for tablet in [&reader, &phone, &program] {
            let answer = tablet.rpc(command, &body);
            assert_eq!((answer.status, code(&answer)), (403, json!("missing_scope")), "{command}");
        }
        let answer = stranger.rpc(command, &body);
        assert_eq!((answer.status, code(&answer)), (401, json!("no_token")), "{command}");
        // To call oneself a page of the till is no pairing.
        let headers = [
            format!("Host: {}", stranger.door),
            "Content-Type: application/json".to_owned(),
            "X-Countertop-Client: page".to_owned(),
        ];
        let headers = headers.each_ref().map(String::as_str);
        let answer =
            stranger.send(&format!("POST /rpc/{command} HTTP/1.1"), &headers, &body.to_string());
        assert_eq!((answer.status, code(&answer)), (401, json!("no_token")), "{command}");
    }
    assert!(served.terminate());
    nothing_was_done(&folder);
}

/// What was asked was about things that are not there: nobody sold, paid or counted anything.
fn nothing_was_done(folder: &crate::common::Folder) {
    let register = countertop::Register::open(&countertop::Config::new(folder.path())).unwrap();
    verify_ok(register.app());
    assert!(sales_of(register.app()).is_empty());
}
