//! Cases out of other systems' threads and published tests, kept as data. What a case does not
//! name is not compared.

use countertop_domain::quote::quote;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Cases<'a> {
    #[serde(borrow)]
    cases: Vec<Case<'a>>,
}

#[derive(Deserialize)]
struct Case<'a> {
    name: String,
    /// What the source gives, and what was constructed.
    note: String,
    /// As written: the order of the taxes matters.
    #[serde(borrow)]
    ask: &'a RawValue,
    want: Value,
}

fn check(file: &str) {
    let file: Cases<'_> = serde_json::from_str(file).unwrap();
    assert!(file.cases.len() > 10);
    let mut wrong = Vec::new();
    for Case { name, note, ask, want } in file.cases {
        assert!(!note.is_empty(), "{name} says where it is from");
        let got = quote(ask.get()).unwrap();
        let got = serde_json::to_value(got).unwrap();
        if !covers(&got, &want) {
            wrong.push(format!("{name}\n  want {want}\n  got  {got}"));
        }
        let sum = |field: &str| -> i64 {
            got["lines"].as_array().unwrap().iter().map(|l| l[field].as_i64().unwrap()).sum()
        };
        for field in ["net", "tax", "total"] {
            assert_eq!(got[field].as_i64().unwrap(), sum(field), "{name}: lines add up");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn covers(got: &Value, want: &Value) -> bool {
    match (got, want) {
        (Value::Object(got), Value::Object(want)) => {
            want.iter().all(|(field, want)| got.get(field).is_some_and(|got| covers(got, want)))
        }
        (Value::Array(got), Value::Array(want)) => {
            got.len() == want.len() && got.iter().zip(want).all(|(got, want)| covers(got, want))
        }
        (got, want) => got == want,
    }
}

#[test]
fn the_threads_of_people_who_lost_a_cent_come_out_right() {
    check(include_str!("../data/threads.json"));
}

#[test]
fn the_published_tax_tests_of_odoo_come_out_the_same() {
    check(include_str!("../data/odoo.json"));
}

#[test]
fn the_published_totals_tests_of_web_shops_come_out_the_same() {
    check(include_str!("../data/web_shops.json"));
}
