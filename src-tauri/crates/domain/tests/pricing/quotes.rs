//! The quote's own rules: what it refuses, and where it says the mistake is.

use countertop_domain::quote::{QuoteError, quote};

const VAT: &str = r#""taxes":{"vat":{"kind":"percent","rate":"20","included":true}}"#;

fn refused(text: &str) -> (&'static str, String) {
    let QuoteError { code, message, path } = quote(text).unwrap_err();
    assert!(!message.is_empty());
    (code, path)
}

fn with_line(fields: &str) -> String {
    format!(r#"{{"currency":"EUR","rounding":"line",{VAT},"lines":[{{{fields}}}]}}"#)
}

fn is(text: &str, code: &str, path: &str) {
    assert_eq!(refused(text), (code, path.to_owned()), "{text}");
}

#[test]
fn a_typing_mistake_never_changes_a_price() {
    let line = r#""quantity":"1","unit_price":100"#;
    is(
        &with_line(&format!(r#"{line},"discuont":{{"percent":"10"}}"#)),
        "unknown_field",
        "lines[0].discuont",
    );
    is(
        &with_line(&format!(r#"{line},"discount":{{"percent":"10","amount":5}}"#)),
        "bad_discount",
        "lines[0].discount",
    );
    is(
        &with_line(&format!(r#"{line},"discount":{{"per cent":"10"}}"#)),
        "unknown_field",
        "lines[0].discount.per cent",
    );
    is(&with_line(&format!(r#"{line},"taxes":["vat","vta"]"#)), "unknown_tax", "lines[0].taxes[1]");
    is(
        &with_line(&format!(r#"{line},"taxes":["vat","vat"]"#)),
        "duplicate_tax",
        "lines[0].taxes[1]",
    );
    is(
        &with_line(&format!(r#"{line},"unit_price":200"#)),
        "duplicate_field",
        "lines[0].unit_price",
    );
    is(r#"{"currency":"EUR","lines":[],"roundnig":"line"}"#, "unknown_field", "roundnig");
    is(r#"{"currency":"EUR","lines":[],"rounding":"lines"}"#, "bad_value", "rounding");
    is(
        r#"{"currency":"EUR","lines":[],"taxes":{"a":{"kind":"percent","rate":"5","amount":1}}}"#,
        "unknown_field",
        "taxes.a.amount",
    );
    is(
        r#"{"currency":"EUR","lines":[],"taxes":{"a":{"kind":"percent","rate":"5"},"a":{"kind":"percent","rate":"6"}}}"#,
        "duplicate_field",
        "taxes.a",
    );
}

#[test]
fn what_cannot_be_is_refused_where_it_stands() {
    is("{", "bad_json", "");
    is("[]", "wrong_type", "");
    is(r#"{"lines":[]}"#, "missing_field", "currency");
    is(r#"{"currency":"EUR"}"#, "missing_field", "lines");
    is(r#"{"currency":"XYZ","lines":[]}"#, "unknown_currency", "currency");
    is(r#"{"currency":"EUR","lines":[],"cash_rounding":0}"#, "bad_cash_rounding", "cash_rounding");
    is(
        r#"{"currency":"EUR","lines":[],"taxes":{"a":{"kind":"percent"}}}"#,
        "missing_field",
        "taxes.a.rate",
    );
    is(
        r#"{"currency":"EUR","lines":[],"taxes":{"a":{"kind":"percent","rate":"1001"}}}"#,
        "bad_rate",
        "taxes.a.rate",
    );
    is(
        r#"{"currency":"EUR","lines":[],"taxes":{"a":{"kind":"vat","rate":"5"}}}"#,
        "unknown_kind",
        "taxes.a.kind",
    );
    is(
        r#"{"currency":"EUR","lines":[],"taxes":{"a":{"kind":"fixed","amount":0.5}}}"#,
        "wrong_type",
        "taxes.a.amount",
    );
    is(&with_line(r#""quantity":"1""#), "missing_field", "lines[0].unit_price");
    is(&with_line(r#""unit_price":1"#), "missing_field", "lines[0].quantity");
    is(&with_line(r#""quantity":"0","unit_price":1"#), "bad_quantity", "lines[0].quantity");
    is(&with_line(r#""quantity":"1.2345","unit_price":1"#), "bad_quantity", "lines[0].quantity");
    is(&with_line(r#""quantity":1.5,"unit_price":1"#), "wrong_type", "lines[0].quantity");
    is(&with_line(r#""quantity":"1","unit_price":10.99"#), "wrong_type", "lines[0].unit_price");
    is(&with_line(r#""quantity":"1","unit_price":-1"#), "negative_price", "lines[0].unit_price");
    is(
        &with_line(r#""quantity":"1","unit_price":9007199254740992"#),
        "too_large",
        "lines[0].unit_price",
    );
    is(&with_line(r#""quantity":"2","unit_price":9007199254740991"#), "too_large", "");
    let above = r#""quantity":"1","unit_price":100,"discount":{"amount":101}"#;
    is(&with_line(above), "bad_discount", "lines[0].discount");
    let hundred = r#""quantity":"1","unit_price":100,"discount":{"percent":"100.5"}"#;
    is(&with_line(hundred), "bad_discount", "lines[0].discount.percent");
    let all = r#"{"currency":"EUR","taxes":{"a":{"kind":"percent","rate":"-100","included":true}},"lines":[{"quantity":"1","unit_price":1,"taxes":["a"]}]}"#;
    is(all, "impossible_taxes", "lines[0].taxes");
    let basket = r#"{"currency":"EUR","lines":[{"quantity":"1","unit_price":100}],"discount":{"amount":101}}"#;
    is(basket, "bad_discount", "discount");
    let many = format!(r#"{{"currency":"EUR","lines":[{}]}}"#, vec!["1"; 1001].join(","));
    is(&many, "too_many_lines", "lines");
}

#[test]
fn taxes_are_answered_in_the_order_in_which_they_were_given() {
    let text = r#"{"currency":"EUR","rounding":"line",
        "taxes":{"z":{"kind":"percent","rate":"10"},"a":{"kind":"percent","rate":"5"},"unused":{"kind":"percent","rate":"5"}},
        "lines":[{"description":"1","quantity":"1","unit_price":100,"taxes":["a"]},
                 {"description":"2","quantity":"1","unit_price":100,"taxes":["z"]}]}"#;
    let quote = quote(text).unwrap();
    assert_eq!(
        serde_json::to_string(&quote).unwrap(),
        concat!(
            r#"{"net":200,"tax":15,"total":215,"cash_total":215,"#,
            r#""taxes":[{"id":"z","base":100,"amount":10},{"id":"a","base":100,"amount":5}],"#,
            r#""lines":[{"net":100,"tax":5,"total":105},{"net":100,"tax":10,"total":110}]}"#
        )
    );
}

#[test]
fn an_amount_off_an_exchange_comes_off_what_is_sold() {
    let text = |off: &str| {
        format!(
            r#"{{"currency":"EUR","lines":[{{"quantity":"1","unit_price":1000}},{{"quantity":"-1","unit_price":400}}],"discount":{off}}}"#
        )
    };
    let totals = |off: &str| -> Vec<i64> {
        quote(&text(off)).unwrap().lines.iter().map(|line| line.total).collect()
    };
    assert_eq!(totals(r#"{"amount":900}"#), [100, -400]);
    assert_eq!(totals(r#"{"percent":"10"}"#), [900, -360]);
}

#[test]
fn taxes_that_build_on_each_other_sixteen_times_stay_exact() {
    let mut taxes = Vec::new();
    let mut names = Vec::new();
    for index in 0..16 {
        taxes.push(format!(
            r#""t{index}":{{"kind":"percent","rate":"3.3337","included":true,"affects_base":true}}"#
        ));
        names.push(format!("\"t{index}\""));
    }
    let text = format!(
        r#"{{"currency":"EUR","rounding":"document","taxes":{{{}}},"lines":[{{"quantity":"0.333","unit_price":999999999,"taxes":[{}]}}]}}"#,
        taxes.join(","),
        names.join(",")
    );
    let quote = quote(&text).unwrap();
    assert_eq!((quote.total, quote.net + quote.tax), (333_000_000, 333_000_000));
    // 333,000,000 / 1.033337^16, checked with a calculator of 60 digits.
    assert!((quote.net - 197_048_236).abs() <= 16, "{}", quote.net);
}
