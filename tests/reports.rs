//! Reports say what was sold, over any days, to whom it concerns.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countertop_app::commands::{
    ReportFileCommand, ReportHours, ReportItems, ReportSales, ReportStaff, ReportTaxes,
    ReportTenders,
};
use countertop_app::wire::{
    AskReport, PayWith, ReportBy, ReportCompare, ReportFile, ReportKind, ReportView,
};
use serde_json::json;

use crate::common::goods::{BREAD, WINE};
use crate::common::{FLOAT, Shop};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn ask(from: &str, to: &str) -> AskReport {
    AskReport { from: from.to_owned(), to: to.to_owned(), by: None, compare: None, limit: None }
}

/// Bread and wine on Monday the 23rd, bread alone on Tuesday.
fn two_days() -> Shop {
    let shop = Shop::open();
    shop.sell(&[BREAD, WINE], PayWith::Cash);
    shop.close_shift(FLOAT + 345 + 1_199);
    shop.clock.forward(DAY);
    shop.open_shift();
    shop.sell(&[BREAD], PayWith::CardExternal);
    shop
}

fn rows(view: &ReportView) -> Vec<(&str, i64)> {
    view.range.rows.iter().map(|row| (row.code.as_str(), row.figures.total)).collect()
}

#[test]
fn a_report_has_what_was_sold_a_moment_ago_and_days_of_nothing() {
    let shop = two_days();
    let week = shop.call::<ReportSales>(ask("2026-11-22", "2026-11-25")).unwrap();
    assert_eq!(
        rows(&week),
        [("2026-11-22", 0), ("2026-11-23", 1_544), ("2026-11-24", 345), ("2026-11-25", 0)]
    );
    assert_eq!((week.range.total.count, week.range.total.total), (2, 1_889));
    shop.sell(&[BREAD], PayWith::CardExternal);
    let day = shop.call::<ReportSales>(ask("2026-11-24", "2026-11-24")).unwrap();
    assert_eq!(rows(&day), [("2026-11-24", 690)]);
    shop.books_agree();
}

#[test]
fn sales_go_by_hour_week_or_month_and_are_compared() {
    let shop = two_days();
    let by = |by, from, to| {
        let ask = AskReport { by: Some(by), ..ask(from, to) };
        shop.call::<ReportSales>(ask).unwrap()
    };
    let hours = by(ReportBy::Hour, "2026-11-23", "2026-11-23");
    assert_eq!(hours.range.rows.len(), 24);
    let busy = hours.range.rows.iter().find(|row| row.figures.count > 0).unwrap();
    assert_eq!((busy.code.as_str(), busy.figures.total), ("2026-11-23T14", 1_544));
    let weeks = by(ReportBy::Week, "2026-11-20", "2026-11-30");
    assert_eq!(rows(&weeks), [("2026-11-16", 0), ("2026-11-23", 1_889), ("2026-11-30", 0)]);
    let months = by(ReportBy::Month, "2026-10-15", "2026-11-23");
    assert_eq!(rows(&months), [("2026-10", 0), ("2026-11", 1_544)]);
    let compare = Some(ReportCompare::Before);
    let ask = AskReport { compare, ..ask("2026-11-24", "2026-11-24") };
    let both = shop.call::<ReportSales>(ask).unwrap();
    assert_eq!(rows(&both), [("2026-11-24", 345)]);
    let before = both.compared.unwrap();
    assert_eq!((before.from.as_str(), before.total.total), ("2026-11-23", 1_544));
}

#[test]
fn a_report_says_what_by_whom_when_and_how_it_was_paid() {
    let shop = two_days();
    let days = || ask("2026-11-23", "2026-11-24");
    let items = shop.call::<ReportItems>(days()).unwrap();
    let named: Vec<_> =
        items.range.rows.iter().map(|row| (row.figures.quantity, row.figures.total)).collect();
    assert_eq!(named, [(1_000, 1_199), (2_000, 690)]);
    let first = AskReport { limit: Some(1), ..days() };
    let best = shop.call::<ReportItems>(first).unwrap();
    assert_eq!((best.range.rows.len(), best.range.all_rows), (1, 2));
    let staff = shop.call::<ReportStaff>(days()).unwrap();
    assert_eq!(staff.range.rows.len(), 1);
    assert_eq!(staff.range.rows[0].name, shop.caller.actor.name);
    let tenders = shop.call::<ReportTenders>(days()).unwrap();
    assert_eq!(rows(&tenders), [("cash", 1_544), ("card_external", 345)]);
    let taxes = shop.call::<ReportTaxes>(days()).unwrap();
    let taxed: i64 = taxes.range.rows.iter().map(|row| row.figures.tax).sum();
    assert_eq!(taxed, taxes.range.total.tax);
    let hours = shop.call::<ReportHours>(days()).unwrap();
    let of: Vec<_> = hours.range.rows.iter().map(|row| (&*row.detail, &*row.code)).collect();
    assert_eq!(of, [("1", "14"), ("2", "14")]);
}

#[test]
fn a_report_as_a_file_is_a_table_with_decimals() {
    let shop = two_days();
    let ask = ask("2026-11-23", "2026-11-24");
    let file = ReportFile { kind: ReportKind::Tenders, ask };
    let file = shop.call::<ReportFileCommand>(file).unwrap();
    assert_eq!(file.name, "tenders-2026-11-23-2026-11-24.csv");
    let bytes = STANDARD.decode(file.base64).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.lines().nth(1).unwrap(), "2026-11-23,2026-11-24,cash,,1,0,15.44,0.00,");
}

#[test]
fn what_no_report_can_be_is_refused_in_words() {
    let shop = two_days();
    let refused = |command: &str, body: serde_json::Value| {
        let refusal = shop.json(command, body).unwrap_err();
        assert_eq!(refusal.code, "bad_text", "{refusal:?}");
        refusal.message
    };
    let turned = json!({ "from": "2026-11-24", "to": "2026-11-23" });
    assert!(refused("reports.sales", turned).contains("before"));
    let never = json!({ "from": "2026-02-30", "to": "2026-03-01" });
    assert!(refused("reports.sales", never).contains("2026-02-30"));
    let long = json!({ "from": "1970-01-01", "to": "9999-12-31" });
    assert!(refused("reports.sales", long).contains("months"));
    let none = json!({ "from": "2026-11-23", "to": "2026-11-23", "limit": 0 });
    assert!(refused("reports.items", none).contains("rows"));
    let by = json!({ "from": "2026-11-23", "to": "2026-11-23", "by": "day" });
    assert!(refused("reports.items", by).contains("sales report"));
}
