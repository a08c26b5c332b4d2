//! The rule of the column: what is printed adds up to the total, by a pencil alone.

use countertop_domain::money::{Currency, Money};
use countertop_domain::sale::Sale;
use countertop_receipt::{Block, Kind, ReceiptDoc, TaxTable};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, TestCaseError, any, prop_assert_eq, prop_oneof, proptest,
};

use crate::common::till::{Till, Tried, customer, percent};
use crate::common::{Outcome, letterhead, sale, sales};

/// Reads a printed amount of euros: `−1,234.56`, or `EUR 12.50`.
fn read(printed: &str) -> Tried<i64> {
    let plain = printed.replace("EUR ", "").replace(',', "").replace('\u{2212}', "-");
    Ok(Money::parse(&plain, Currency::EUR)?.minor())
}

/// What a receipt's columns say.
#[derive(Debug, Default, PartialEq)]
struct Columns {
    /// Items, reductions and amounts above the total.
    above: i64,
    total: i64,
    /// Tip and cash rounding.
    beside: i64,
    /// Payments less change.
    paid: i64,
}

fn columns(doc: &ReceiptDoc) -> Tried<Columns> {
    let (mut columns, mut below) = (Columns::default(), false);
    for block in &doc.blocks {
        match block {
            Block::Item(item) => {
                columns.above += read(&item.amount)?;
                for row in &item.reductions {
                    columns.above += read(&row.amount)?;
                }
            }
            // A subtotal is the sum of everything above it, unless it is one side of an exchange.
            Block::Subtotal { label, amount } if label == "Subtotal" => {
                assert_eq!(read(amount)?, columns.above, "{doc:#?}");
            }
            Block::Amount { amount, .. } if below => columns.beside += read(amount)?,
            Block::Amount { amount, .. } => columns.above += read(amount)?,
            Block::Total { amount, .. } => {
                columns.total = read(amount)?;
                below = true;
            }
            Block::Tender { label, amount } if label == "Change" => columns.paid -= read(amount)?,
            Block::Tender { amount, .. } => columns.paid += read(amount)?,
            _ => {}
        }
    }
    Ok(columns)
}

fn table(doc: &ReceiptDoc) -> Option<&TaxTable> {
    doc.blocks.iter().find_map(|block| match block {
        Block::Taxes(table) => Some(table),
        _ => None,
    })
}

/// Every printed sum of a sale, checked from the paper alone.
fn check(sale: &Sale) -> Outcome {
    let doc = ReceiptDoc::of_sale(sale, &letterhead(), Kind::Original);
    let columns = columns(&doc)?;
    assert_eq!(columns.above, sale.total.minor(), "the lines make the total: {doc:#?}");
    assert_eq!(columns.total, sale.total.minor());
    let paid = columns.total + columns.beside;
    assert_eq!(columns.paid, paid, "payments less change are what was asked: {doc:#?}");
    let Some(table) = table(&doc) else { return Ok(()) };
    let (last, rows) = table.rows.split_last().ok_or("a table without rows")?;
    let (net, tax) = (read(&last.base)?, read(&last.tax)?);
    assert_eq!(net + tax, sale.total.minor(), "net and tax make the total: {table:?}");
    if !rows.is_empty() {
        let sum = |of: fn(&countertop_receipt::TaxRow) -> &str| -> Tried<i64> {
            rows.iter().try_fold(0, |sum, row| Ok(sum + read(of(row))?))
        };
        assert_eq!(sum(|row| &row.tax)?, tax, "the taxes add up: {table:?}");
        if table.headings[1] == "Net" {
            assert_eq!(sum(|row| &row.base)?, net, "the net amounts add up: {table:?}");
        }
    }
    Ok(())
}

#[test]
fn what_is_printed_adds_up_on_every_kind_of_receipt() -> Outcome {
    check(&sale()?)?;
    for (name, sale) in sales::all()? {
        check(&sale).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

#[test]
fn both_sides_of_an_exchange_make_what_is_left_to_pay() -> Outcome {
    let sale = sales::exchange()?;
    let doc = ReceiptDoc::of_sale(&sale, &letterhead(), Kind::Original);
    let subtotal = |wanted: &str| -> Tried<i64> {
        let found = doc.blocks.iter().find_map(|block| match block {
            Block::Subtotal { label, amount } if label == wanted => Some(amount),
            _ => None,
        });
        read(found.ok_or(wanted.to_owned())?)
    };
    assert_eq!(subtotal("Bought")?, 6900 + 470);
    // 45.00 less a tenth, less its share of the five euros off everything.
    assert_eq!(subtotal("Brought back")?, -3808);
    assert_eq!(subtotal("Bought")? + subtotal("Brought back")?, subtotal("Subtotal")?);
    Ok(())
}

/// One thing in a basket: class, price, pieces, percentage off.
type Wanted = (&'static str, i64, i32, Option<u8>);

fn wanted() -> impl Strategy<Value = Wanted> {
    let class = prop_oneof![
        Just("standard"),
        Just("food"),
        Just("exempt"),
        Just("top"),
        Just("compound"),
        Just("bottle"),
        Just("eco"),
        Just("held back"),
    ];
    (class, 100_i64..20_000, 1_i32..7, proptest::option::of(0_u8..=50))
}

/// A sale of random things, and a refund or exchange of random parts of it.
fn trade(
    bought: &[Wanted],
    instead: &[Wanted],
    off: Option<u8>,
    by_document: bool,
    terms: u8,
    back: &[i32],
) -> Tried<Option<(Sale, Sale)>> {
    let fill = |till: &mut Till, wanted: &[Wanted]| -> Tried<()> {
        for (index, (class, price, count, off)) in wanted.iter().enumerate() {
            let category = if index % 2 == 0 { "Tea" } else { "Pots" };
            let line = till.sell("Thing", class, category, *price, *count)?;
            if let Some(off) = off {
                till.discount(Some(line), percent(&off.to_string()), "Dented")?;
            }
        }
        if let Some(off) = off.filter(|_| !wanted.is_empty()) {
            till.discount(None, percent(&off.to_string()), "Friends")?;
        }
        match terms {
            0 => till.at_position("export"),
            1 => till.at_position("away"),
            2 => till.is_for(countertop_domain::customer::CustomerRef {
                tax_exempt: true,
                ..customer("Embassy")
            }),
            3 => till.coupon("C-1", "spring"),
            _ => Ok(()),
        }
    };
    let new = |number| if by_document { Till::by_document(number) } else { Till::new(number) };
    let mut till = new(1);
    fill(&mut till, bought)?;
    // Taxes by the unit may be more than what is left of a price; such a sale is refused.
    let Ok(due) = till.due() else { return Ok(None) };
    if due.is_negative() {
        return Ok(None);
    }
    till.settle_by_card()?;
    let sold = till.close()?;
    let mut till = new(2);
    fill(&mut till, instead)?;
    for (line, count) in sold.lines.iter().zip(back) {
        let most = i32::try_from(line.quantity.thousandths() / 1000)?;
        if *count > 0 {
            till.take_back(&sold, line.id, i64::from(*count.min(&most)) * 1000, "")?;
        }
    }
    if till.basket.returns().is_empty() || till.due().is_err() {
        return Ok(None);
    }
    till.settle_by_card()?;
    Ok(Some((sold, till.close()?)))
}

/// 300 cases, or 5,000 in the long run.
fn cases() -> ProptestConfig {
    let cases = if std::env::var_os("COUNTERTOP_LONG").is_some() { 100_000 } else { 300 };
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_printed_adds_up_whatever_is_sold_and_comes_back(
        bought in proptest::collection::vec(wanted(), 1..5),
        instead in proptest::collection::vec(wanted(), 0..3),
        off in proptest::option::of(0_u8..=40),
        by_document in any::<bool>(),
        terms in 0_u8..8,
        back in proptest::collection::vec(0_i32..4, 1..5),
    ) {
        let trade = trade(&bought, &instead, off, by_document, terms, &back);
        let trade = trade.map_err(|error| TestCaseError::fail(error.to_string()))?;
        if let Some((sold, exchanged)) = trade {
            for sale in [sold, exchanged] {
                let checked = check(&sale).map_err(|error| error.to_string());
                prop_assert_eq!(checked, Ok(()));
            }
        }
    }
}
