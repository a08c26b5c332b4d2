//! A token is good for what it was made for and for nothing else: every command for every scope and
//! role, every route for every scope.

use countertop_app::commands::ALL;
use countertop_app::{Caller, dispatch};
use countertop_domain::ids::StaffId;
use countertop_domain::scope::Scope;
use countertop_domain::staff::{Actor, Right, Role};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::Shop;
use crate::common::api::{Token, ask};
use crate::common::daemon::Served;

/// What each scope lets its holder do beside looking things up. A new scope without a row, or a scope
/// that gives more than its row, fails.
const GIVES: &[(&str, &[Right])] = &[
    ("payments", &[Right::Sell]),
    ("catalog:read", &[]),
    ("catalog:write", &[Right::ChangeCatalogue, Right::ChangePrices]),
    ("inventory:read", &[]),
    ("inventory:write", &[Right::ChangeCatalogue]),
    ("customers:read", &[]),
    ("customers:write", &[Right::Sell, Right::ChangePrices]),
    ("orders:read", &[]),
    ("orders:write", &[Right::Sell]),
    ("sales:read", &[]),
    ("refunds", &[Right::Refund, Right::RefundToCredit, Right::Sell]),
    ("credit", &[Right::Sell, Right::IssueCredit]),
    ("shifts", &[Right::RunShift, Right::SeeExpectedCash]),
    ("reports", &[Right::SeeReports]),
    ("settings", &[Right::ChangeSettings]),
    ("webhooks", &[]),
    ("events", &[]),
];

fn gives(scope: Scope, right: Right) -> bool {
    if scope == Scope::Till {
        // A paired device is a till: its role alone limits it.
        return true;
    }
    let row = GIVES.iter().find(|row| row.0 == scope.name());
    let row = row.unwrap_or_else(|| panic!("{} has no row", scope.name()));
    right == Right::LookUp || row.1.contains(&right)
}

#[test]
fn a_command_is_carried_out_only_for_a_scope_and_a_role_that_both_allow_it() {
    let shop = Shop::closed();
    let app = shop.register.app();
    let mut tried = 0;
    for scope in Scope::ALL {
        for role in [Role::Owner, Role::Manager, Role::Cashier] {
            let staff = StaffId::new(Uuid::from_u128(7));
            let actor = Actor { staff, name: "Program".to_owned(), role };
            let caller = Caller { actor, client: "token".to_owned(), scopes: Some([scope].into()) };
            for (command, right) in ALL {
                // A request that no command takes: whoever is let in is told so.
                let refusal = dispatch(app, &caller, command, json!({ "no such field": 1 }));
                let code = refusal.expect_err(command).code;
                // Who may not is refused as such only after the form is read, so ask the rule itself.
                let may = role.may(*right) && gives(scope, *right);
                assert_eq!(caller.may(*right), may, "{command} with {} as {role:?}", scope.name());
                assert!(
                    ["bad_request", "not_allowed"].contains(&code.as_str()),
                    "{command} {code}"
                );
                tried += 1;
            }
        }
    }
    assert_eq!(tried, Scope::ALL.len() * 3 * ALL.len());
    let nobody = Caller {
        actor: Actor {
            staff: StaffId::new(Uuid::from_u128(8)),
            name: "Program".to_owned(),
            role: Role::Owner,
        },
        client: "token".to_owned(),
        scopes: Some([].into()),
    };
    for right in Right::ALL {
        assert!(!nobody.may(right), "a token without a scope may {}", right.in_words());
    }
}

/// A path with something that is of the right form in the place of each parameter.
fn filled(path: &str) -> String {
    let mut parts = path.split('/').map(|part| match part.split_once('{') {
        None => part.to_owned(),
        Some((before, rest)) => {
            let after = rest.split_once('}').map_or("", |(_, after)| after);
            format!("{before}{}{after}", Uuid::from_u128(1))
        }
    });
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |path, part| format!("{path}/{part}"))
}

#[test]
fn a_route_lets_in_only_a_token_with_the_scope_that_its_description_names() {
    let folder = Shop::open().shut();
    let served = Served::start(folder.path());
    let at = served.address;
    let tokens: Vec<(Scope, Token)> = Scope::ALL
        .into_iter()
        .map(|scope| (scope, Token::make(at, scope.name(), &[scope.name()], "owner")))
        .collect();
    let document: Value = ask(at, "GET /v1/openapi.json", &[], None).json();
    let mut tried = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase();
            let first = format!("{method} {}", filled(path));
            let body = operation["requestBody"].is_object().then(|| json!({}));
            let security = operation["security"].as_array().unwrap();
            let needs = security.first().and_then(|one| one.get("token"));
            let Some(needs) = needs.and_then(Value::as_array) else {
                // Open to everyone: never refused for want of a token.
                let answer = ask(at, &first, &[], body.as_ref());
                assert!(![401, 403].contains(&answer.status), "{first}: {answer:?}");
                continue;
            };
            ask(at, &first, &[], body.as_ref()).is_problem(401, "no_token");
            for (scope, token) in &tokens {
                let named = needs.is_empty() || needs.contains(&json!(scope.name()));
                // An endless answer is not waited for: whoever is let in is told so by its head.
                if named && path == "/v1/events" {
                    continue;
                }
                let answer = token.ask(at, &first, &[], body.as_ref());
                tried += 1;
                if named {
                    let refused = answer.status == 401
                        || (answer.status == 403 && answer.json()["code"] == "missing_scope");
                    assert!(!refused, "{first} with {}: {answer:?}", scope.name());
                    assert!(answer.status < 500, "{first} with {}: {answer:?}", scope.name());
                } else {
                    answer.is_problem(403, "missing_scope");
                }
            }
        }
    }
    assert!(tried >= Scope::ALL.len());
}
