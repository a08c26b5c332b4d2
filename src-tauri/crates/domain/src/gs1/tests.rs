use super::{Gs1Code, Gs1Error, is_element_string, kilograms_of_pounds, split_symbology};
use crate::money::{Currency, Money};
use crate::quantity::{Quantity, Unit};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const YEAR: i16 = 2026;

#[test]
fn a_label_fills_item_weight_lot_and_best_before() -> Outcome {
    let code = Gs1Code::parse("]C101095212345432131517033110ABC123\u{1D}3103001250", YEAR)?;
    assert_eq!(code.gtin.as_deref(), Some("09521234543213"));
    assert_eq!(code.lot.as_deref(), Some("ABC123"));
    assert_eq!(code.best_before.map(String::from).as_deref(), Some("2017-03-31"));
    assert_eq!(code.measure, Some((Unit::Kilogram, Quantity::from_thousandths(1250))));
    assert_eq!(code.elements.len(), 4);
    Ok(())
}

#[test]
fn day_nought_is_the_end_of_the_month_and_february_knows_leap_years() -> Outcome {
    for (date, day) in
        [("260200", "2026-02-28"), ("280200", "2028-02-29"), ("261100", "2026-11-30")]
    {
        let code = Gs1Code::parse(&format!("17{date}"), YEAR)?;
        assert_eq!(code.expiry.map(String::from).as_deref(), Some(day));
    }
    assert!(matches!(Gs1Code::parse("17260230", YEAR), Err(Gs1Error::Date { .. })));
    assert!(matches!(Gs1Code::parse("17261301", YEAR), Err(Gs1Error::Date { .. })));
    Ok(())
}

#[test]
fn two_digits_of_a_year_mean_the_century_around_now() -> Outcome {
    for (now, digits, year) in [(2026, 76, 2076), (2026, 77, 1977), (2080, 10, 2110)] {
        let code = Gs1Code::parse(&format!("15{digits}0101"), now)?;
        let day = code.best_before.map(String::from);
        assert_eq!(day.as_deref(), Some(format!("{year}-01-01").as_str()));
    }
    Ok(())
}

#[test]
fn a_weight_in_pounds_is_sold_in_kilograms_to_the_gram() -> Outcome {
    let code = Gs1Code::parse("3202000250", YEAR)?;
    // 2.50 lb = 1.133980925 kg
    assert_eq!(code.measure, Some((Unit::Kilogram, Quantity::from_thousandths(1134))));
    assert_eq!(kilograms_of_pounds(2500).thousandths(), 1134);
    Ok(())
}

#[test]
fn a_price_has_the_decimals_that_its_identifier_says() -> Outcome {
    let price = |text: &str, code: &str| -> Result<Money, Box<dyn std::error::Error>> {
        let price = Gs1Code::parse(text, YEAR)?.price.ok_or("a price")?;
        Ok(price.amount(Currency::parse(code)?)?)
    };
    assert_eq!(price("39221999", "EUR")?.minor(), 1999);
    assert_eq!(price("392019", "EUR")?.minor(), 1900);
    assert_eq!(
        price("39339781999", "EUR").map_err(|e| e.to_string()).err().as_deref(),
        Some("the price in the code, 1999 with 3 decimals, is no amount in EUR")
    );
    assert_eq!(price("39329781999", "EUR")?.minor(), 1999);
    let other = price("39328401999", "EUR").map_err(|error| error.to_string());
    assert!(other.as_ref().is_err_and(|words| words.contains("840")), "{other:?}");
    Ok(())
}

#[test]
fn a_code_that_is_wrong_anywhere_gives_nothing_and_says_where() {
    for (text, words) in [
        ("", "empty"),
        ("0109521234543214", "item number (01) in the code has a wrong check digit"),
        ("01095212345432", "item number (01)"),
        ("0109521234543213XY", "does not know"),
        ("10", "lot (10)"),
        ("10ABCDEFGHIJKLMNOPQRSTU", "lot (10)"),
        ("10AB\u{e4}C", "character"),
        ("310300A250", "character"),
        ("3106001250", "does not know"),
        ("39251234", "too short"),
        ("10A\u{1D}10B", "twice"),
        ("(1)A", "does not know"),
    ] {
        let error = Gs1Code::parse(text, YEAR).map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|error| error.contains(words)), "{text}: {error:?}");
    }
}

#[test]
fn what_is_printed_under_the_symbol_can_be_typed() -> Outcome {
    let typed = Gs1Code::parse("(01)09521234543213(10)A(B)C(21)9", YEAR)?;
    let scanned = Gs1Code::parse("010952123454321310A(B)C\u{1D}219", YEAR)?;
    assert_eq!(typed, scanned);
    assert_eq!(typed.lot.as_deref(), Some("A(B)C"));
    Ok(())
}

#[test]
fn a_plain_item_number_is_no_element_string() {
    assert!(!is_element_string("4006381333931", None));
    assert!(!is_element_string("0112345678901", None), "a GTIN-13 that begins with 01");
    assert!(is_element_string("0109521234543213", None));
    assert!(is_element_string("10ABC", Some("C1")));
    assert!(
        !is_element_string("0109521234543213", Some("C0")),
        "the symbology says that it is not"
    );
    assert_eq!(split_symbology("]C10109"), (Some("C1"), "0109"));
    assert_eq!(split_symbology("]"), (None, "]"));
}
