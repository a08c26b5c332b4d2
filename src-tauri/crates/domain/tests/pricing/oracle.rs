//! The same prices by another way: unbounded exact fractions, taxes walked through in their order,
//! the price inside a label found from two points of a straight line. It shares no code with the
//! shop's own arithmetic.

use std::fmt::Write as _;

use countertop_domain::money::Money;
use countertop_domain::quote::{Quote, quote};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed as _, ToPrimitive as _, Zero as _};
use proptest::prelude::*;

use crate::shop::cases;

#[derive(Clone, Debug)]
struct OracleTax {
    /// Hundredths of a percent, or minor units a unit.
    value: i64,
    fixed: bool,
    included: bool,
    affects_base: bool,
    affected_by_base: bool,
}

#[derive(Clone, Copy, Debug)]
enum Off {
    /// Hundredths of a percent.
    Percent(i64),
    Amount(i64),
}

#[derive(Clone, Debug)]
struct OracleLine {
    price: i64,
    thousandths: i64,
    taxes: Vec<usize>,
    off: Option<Off>,
}

#[derive(Clone, Debug)]
struct Ask {
    currency: &'static str,
    document: bool,
    half_even: bool,
    taxes: Vec<OracleTax>,
    lines: Vec<OracleLine>,
    off: Option<Off>,
    step: Option<i64>,
}

fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

impl Off {
    fn json(self) -> String {
        match self {
            Self::Percent(value) => format!(r#"{{"percent":"{}"}}"#, decimal(value)),
            Self::Amount(minor) => format!(r#"{{"amount":{minor}}}"#),
        }
    }
}

impl Ask {
    fn json(&self) -> String {
        let mut text = format!(
            r#"{{"currency":"{}","rounding":"{}","rounding_mode":"{}","taxes":{{"#,
            self.currency,
            if self.document { "document" } else { "line" },
            if self.half_even { "half_even" } else { "half_up" },
        );
        for (index, tax) in self.taxes.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let value = if tax.fixed {
                format!(r#""kind":"fixed","amount":{}"#, tax.value)
            } else {
                format!(r#""kind":"percent","rate":"{}""#, decimal(tax.value))
            };
            write!(
                text,
                r#"{comma}"t{index}":{{{value},"included":{},"affects_base":{},"affected_by_base":{}}}"#,
                tax.included, tax.affects_base, tax.affected_by_base
            )
            .unwrap();
        }
        text.push_str(r#"},"lines":["#);
        for (index, line) in self.lines.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let sign = if line.thousandths < 0 { "-" } else { "" };
            let (whole, part) = (line.thousandths.abs() / 1000, line.thousandths.abs() % 1000);
            let taxes: Vec<String> = line.taxes.iter().map(|tax| format!("\"t{tax}\"")).collect();
            write!(
                text,
                r#"{comma}{{"description":"x","quantity":"{sign}{whole}.{part:03}","unit_price":{},"taxes":[{}]"#,
                line.price,
                taxes.join(",")
            )
            .unwrap();
            if let Some(off) = line.off {
                write!(text, r#","discount":{}"#, off.json()).unwrap();
            }
            text.push('}');
        }
        text.push(']');
        if let Some(off) = self.off {
            write!(text, r#","discount":{}"#, off.json()).unwrap();
        }
        if let Some(step) = self.step {
            write!(text, r#","cash_rounding":{step}"#).unwrap();
        }
        text.push('}');
        text
    }
}

fn ratio(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

/// Rounds by the definition: the nearest whole number, ties as the mode says.
fn round(value: &BigRational, half_even: bool) -> BigInt {
    let below = value.floor();
    let doubled = (value - &below) * BigInt::from(2);
    let one = BigRational::from_integer(BigInt::from(1));
    let up = if doubled == one {
        if half_even {
            (below.to_integer() % BigInt::from(2)) != BigInt::zero()
        } else {
            !value.is_negative()
        }
    } else {
        doubled > one
    };
    below.to_integer() + BigInt::from(i32::from(up))
}

/// Each tax, each tax's base and the price with what is inside it, for a price without taxes.
fn forward(
    taxes: &[&OracleTax],
    price: &BigRational,
    thousandths: i64,
) -> (Vec<BigRational>, Vec<BigRational>, BigRational) {
    let (mut amounts, mut bases) = (Vec::new(), Vec::new());
    let mut label = price.clone();
    let mut building = BigRational::zero();
    for tax in taxes {
        let base = if tax.affected_by_base { price + &building } else { price.clone() };
        let amount = if tax.fixed {
            ratio(tax.value, 1) * ratio(thousandths, 1000)
        } else {
            &base * ratio(tax.value, 10_000)
        };
        if tax.affects_base {
            building += &amount;
        }
        if tax.included {
            label += &amount;
        }
        amounts.push(amount);
        bases.push(base);
    }
    (amounts, bases, label)
}

/// The straight line through two points gives the price that a label holds.
fn exact_taxes(
    taxes: &[&OracleTax],
    label: &BigInt,
    thousandths: i64,
) -> Option<(Vec<BigRational>, Vec<BigRational>)> {
    let at_zero = forward(taxes, &ratio(0, 1), thousandths).2;
    let slope = forward(taxes, &ratio(1, 1), thousandths).2 - &at_zero;
    if slope <= ratio(0, 1) {
        return None;
    }
    let price = (BigRational::from_integer(label.clone()) - at_zero) / slope;
    let (amounts, bases, _) = forward(taxes, &price, thousandths);
    Some((amounts, bases))
}

/// What comes off, or none if it is more than the price.
fn off(off: Off, amount: &BigInt, half_even: bool) -> Option<BigInt> {
    match off {
        Off::Percent(value) => {
            let exact = BigRational::from_integer(amount.clone()) * ratio(value, 10_000);
            Some(round(&exact, half_even))
        }
        Off::Amount(minor) => {
            let minor = BigInt::from(minor);
            if minor > amount.abs() {
                return None;
            }
            Some(if amount.is_negative() { -minor } else { minor })
        }
    }
}

/// Shares by label amount: rounded down, then one more for each of the largest remainders.
fn share(amount: &BigInt, labels: &[BigInt]) -> Vec<BigInt> {
    let weights: Vec<BigInt> = labels.iter().map(|label| label.abs()).collect();
    let whole: BigInt = weights.iter().sum();
    if whole.is_zero() {
        return vec![BigInt::zero(); labels.len()];
    }
    let exact: Vec<BigRational> =
        weights.iter().map(|w| BigRational::new(amount.abs() * w, whole.clone())).collect();
    let mut parts: Vec<BigInt> = exact.iter().map(|e| e.floor().to_integer()).collect();
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|a, b| (&exact[*b] - exact[*b].floor()).cmp(&(&exact[*a] - exact[*a].floor())));
    let left = amount.abs() - parts.iter().sum::<BigInt>();
    for index in order.into_iter().take(left.to_usize().unwrap()) {
        parts[index] += 1;
    }
    let sign = if amount.is_negative() { -1 } else { 1 };
    parts.into_iter().map(|part| part * sign).collect()
}

/// The label amounts, or the code of what is wrong.
fn labels(ask: &Ask) -> Result<Vec<BigInt>, &'static str> {
    let mut labels = Vec::new();
    for line in &ask.lines {
        let exact = ratio(line.price, 1) * ratio(line.thousandths, 1000);
        let mut label = round(&exact, ask.half_even);
        if let Some(reduction) = line.off {
            label -= off(reduction, &label, ask.half_even).ok_or("bad_discount")?;
        }
        labels.push(label);
    }
    let Some(reduction) = ask.off else { return Ok(labels) };
    let side = |back: bool| -> Vec<usize> {
        (0..ask.lines.len()).filter(|i| (ask.lines[*i].thousandths < 0) == back).collect()
    };
    let (sold, back) = (side(false), side(true));
    let sides = match reduction {
        Off::Percent(_) => vec![sold, back],
        Off::Amount(_) if sold.is_empty() => vec![back],
        Off::Amount(_) => vec![sold],
    };
    for side in sides.into_iter().filter(|side| !side.is_empty()) {
        let of_side: Vec<BigInt> = side.iter().map(|i| labels[*i].clone()).collect();
        let sum: BigInt = of_side.iter().sum();
        let reduction = off(reduction, &sum, ask.half_even).ok_or("bad_discount")?;
        for (index, part) in side.into_iter().zip(share(&reduction, &of_side)) {
            labels[index] -= part;
        }
    }
    Ok(labels)
}

fn any_tax() -> impl Strategy<Value = OracleTax> {
    let value = prop_oneof![
        8 => (0_i64..=4_000, Just(false)),
        2 => (prop::sample::select(vec![2_000_i64, 550, 825, 1_900, 700, 0]), Just(false)),
        2 => (-3_000_i64..0, Just(false)),
        1 => (0_i64..=100_000, Just(false)),
        2 => (-50_i64..=500, Just(true)),
    ];
    (value, any::<bool>(), any::<bool>(), prop::bool::weighted(0.8)).prop_map(
        |((value, fixed), included, affects_base, affected_by_base)| OracleTax {
            value,
            fixed,
            included,
            affects_base,
            affected_by_base,
        },
    )
}

fn any_off() -> impl Strategy<Value = Option<Off>> {
    prop_oneof![
        4 => Just(None),
        2 => (0_i64..=10_000).prop_map(|value| Some(Off::Percent(value))),
        1 => (0_i64..=3_000).prop_map(|minor| Some(Off::Amount(minor))),
    ]
}

fn any_line(taxes: usize) -> impl Strategy<Value = OracleLine> {
    let price = prop_oneof![20 => 0_i64..=20_000, 5 => 0_i64..=100, 1 => 0_i64..=9_000_000_000];
    let quantity = prop_oneof![
        6 => (1_i64..=20).prop_map(|pieces| pieces * 1000),
        2 => 1_i64..=9_999,
        1 => (-10_i64..=-1).prop_map(|pieces| pieces * 1000),
        1 => -9_999_i64..=-1,
    ];
    let chosen = prop::sample::subsequence((0..taxes).collect::<Vec<_>>(), 0..=taxes);
    (price, quantity, chosen.prop_shuffle(), any_off())
        .prop_map(|(price, thousandths, taxes, off)| OracleLine { price, thousandths, taxes, off })
}

fn any_ask() -> impl Strategy<Value = Ask> {
    prop::collection::vec(any_tax(), 0..=4).prop_flat_map(|taxes| {
        let lines = prop::collection::vec(any_line(taxes.len()), 0..=6);
        let currency = prop::sample::select(vec!["EUR", "JPY", "KWD"]);
        let step = prop::option::of(prop::sample::select(vec![5_i64, 10, 50, 100]));
        (currency, any::<bool>(), any::<bool>(), Just(taxes), lines, any_off(), step).prop_map(
            |(currency, document, half_even, taxes, lines, off, step)| Ask {
                currency,
                document,
                half_even,
                taxes,
                lines,
                off,
                step,
            },
        )
    })
}

/// Whether all amounts are well within what a shop's amounts must fit: then none is refused.
fn all_fit(labels: &[BigInt], exact: &[(Vec<BigRational>, Vec<BigRational>)]) -> bool {
    let fits = |amount: &BigInt| amount.abs() * 8 <= BigInt::from(Money::MAX_MINOR);
    let mut amounts = exact.iter().flat_map(|(amounts, bases)| amounts.iter().chain(bases));
    labels.iter().all(fits) && amounts.all(|amount| fits(&amount.floor().to_integer()))
}

/// Net and tax, by tax and by line, and what is asked in cash.
fn parts_sum_to_the_whole(ask: &Ask, got: &Quote) -> Result<(), TestCaseError> {
    prop_assert_eq!(got.net + got.tax, got.total);
    prop_assert_eq!(got.taxes.iter().map(|t| t.amount).sum::<i64>(), got.tax);
    prop_assert_eq!(got.lines.iter().map(|l| l.net).sum::<i64>(), got.net);
    prop_assert_eq!(got.lines.iter().map(|l| l.tax).sum::<i64>(), got.tax);
    prop_assert_eq!(got.lines.iter().map(|l| l.total).sum::<i64>(), got.total);
    let step = ask.step.unwrap_or(1);
    let cash = round(&ratio(got.total, step), false) * step;
    prop_assert_eq!(BigInt::from(got.cash_total), cash);
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_price_is_what_exact_fractions_come_to(ask in any_ask()) {
        let got = quote(&ask.json());
        let labels = match labels(&ask) {
            Ok(labels) => labels,
            Err(code) => {
                prop_assert_eq!(got.unwrap_err().code, code);
                return Ok(());
            }
        };
        let mut exact = Vec::new();
        for (line, label) in ask.lines.iter().zip(&labels) {
            let taxes: Vec<&OracleTax> = line.taxes.iter().map(|t| &ask.taxes[*t]).collect();
            match exact_taxes(&taxes, label, line.thousandths) {
                Some(taxes) => exact.push(taxes),
                None => {
                    prop_assert_eq!(got.unwrap_err().code, "impossible_taxes");
                    return Ok(());
                }
            }
        }
        let got = match got {
            Ok(got) => got,
            Err(error) => {
                prop_assert_eq!(error.code, "too_large", "{}", error);
                prop_assert!(!all_fit(&labels, &exact), "refused, but nothing is too large");
                return Ok(());
            }
        };

        parts_sum_to_the_whole(&ask, &got)?;

        // A label is what it says, whatever is inside it.
        let mut on_top = BigInt::zero();
        for (index, tax) in ask.taxes.iter().enumerate() {
            let id = format!("t{index}");
            let places = ask.lines.iter().enumerate().filter_map(|(line, asked)| {
                Some((line, asked.taxes.iter().position(|t| *t == index)?))
            });
            let places: Vec<(usize, usize)> = places.collect();
            let sum = got.taxes.iter().find(|sum| sum.id == id);
            prop_assert_eq!(sum.is_some(), !places.is_empty(), "{} is there if it is used", id);
            let Some(sum) = sum else { continue };
            let amounts = places.iter().map(|(line, place)| &exact[*line].0[*place]);
            let want = if ask.document {
                round(&amounts.fold(BigRational::zero(), |sum, amount| sum + amount), ask.half_even)
            } else {
                amounts.map(|amount| round(amount, ask.half_even)).sum()
            };
            prop_assert_eq!(BigInt::from(sum.amount), want.clone(), "{}", id);
            if !tax.included {
                on_top += want;
            }
            // The base is exact but for the roundings of what is in it.
            let base = places.iter().map(|(line, place)| &exact[*line].1[*place]);
            let base = base.fold(BigRational::zero(), |sum, base| sum + base);
            let slack = places.len() as i64 * (ask.taxes.len() as i64 + 1);
            prop_assert!((base - ratio(sum.base, 1)).abs() <= ratio(slack, 1), "{} base", id);
        }
        prop_assert_eq!(BigInt::from(got.total), labels.iter().sum::<BigInt>() + on_top);

        // No line is further from its exact taxes than the rounding of each.
        for (line, (amounts, _)) in got.lines.iter().zip(&exact) {
            let sum = amounts.iter().fold(BigRational::zero(), |sum, amount| sum + amount);
            let slack = ratio(amounts.len() as i64, 1);
            prop_assert!((sum - ratio(line.tax, 1)).abs() <= slack);
        }
    }

    #[test]
    fn what_comes_back_is_the_mirror_image_of_what_was_sold(ask in any_ask()) {
        let mut ask = ask;
        // An amount comes off one side only, so both sides at once have no mirror image.
        let back = ask.lines.iter().filter(|line| line.thousandths < 0).count();
        if back > 0 && back < ask.lines.len() && matches!(ask.off, Some(Off::Amount(_))) {
            ask.off = None;
        }
        let mut mirrored = ask.clone();
        for line in &mut mirrored.lines {
            line.thousandths = -line.thousandths;
        }
        match (quote(&ask.json()), quote(&mirrored.json())) {
            (Ok(sold), Ok(back)) => {
                prop_assert_eq!(sold.total, -back.total);
                prop_assert_eq!(sold.cash_total, -back.cash_total);
                for (sold, back) in sold.taxes.iter().zip(&back.taxes) {
                    prop_assert_eq!((sold.base, sold.amount), (-back.base, -back.amount));
                }
                for (sold, back) in sold.lines.iter().zip(&back.lines) {
                    let back = (-back.net, -back.tax, -back.total);
                    prop_assert_eq!((sold.net, sold.tax, sold.total), back);
                }
            }
            (Err(sold), Err(back)) => prop_assert_eq!(sold.code, back.code),
            (sold, back) => prop_assert!(false, "{:?} but {:?}", sold, back),
        }
    }

    #[test]
    fn no_text_makes_a_quote_panic(text in "[-{}\\[\\]:,\"a-z0-9.]{0,60}") {
        let _ = quote(&text);
    }
}
