//! What the shop's own labels say.

use super::{Label, LabelError, Measure, Template, TemplateError, read, tell_apart};
use crate::barcode::check_digit;
use crate::money::{Currency, Money};
use crate::quantity::Quantity;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn code(body: &str) -> String {
    format!("{body}{}", check_digit(body).unwrap_or('?'))
}

fn one(pattern: &str) -> Result<Vec<Template>, TemplateError> {
    Ok(vec![Template::new(pattern, None)?])
}

#[test]
fn a_weight_label_gives_item_and_grams() -> Outcome {
    let label = read(&one("21IIIIIWWWWWC")?, &code("211234501253"))?;
    let wanted = Label {
        item: "12345".to_owned(),
        base: code("211234500000"),
        measure: Measure::Weight(Quantity::from_thousandths(1253)),
    };
    assert_eq!(label, Some(wanted));
    Ok(())
}

#[test]
fn a_price_label_gives_the_amount_in_the_shops_currency() -> Outcome {
    let label = read(&one("22IIIIIPPPPPC")?, &code("220007701999"))?.ok_or("read")?;
    assert_eq!(label.measure.price(Currency::EUR), Some(Money::new(1999, Currency::EUR)?));
    // Yen have no hundredths: 19.99 of them is no amount, 20 are.
    assert_eq!(label.measure.price(Currency::parse("JPY")?), None);
    let yen = [Template::new("22IIIIIPPPPPC", Some(0))?];
    let label = read(&yen, &code("220007701999"))?.ok_or("read")?;
    assert_eq!(label.measure.price(Currency::parse("JPY")?).map(Money::minor), Some(1999));
    Ok(())
}

#[test]
fn a_price_whose_own_check_digit_is_wrong_is_refused() -> Outcome {
    // General Specifications 7.9.3 and 7.9.4 give 2875 -> 9 and 14685 -> 6.
    let four = one("20IIIIIVPPPPC")?;
    assert!(read(&four, &code("201234592875"))?.is_some());
    let wrong = read(&four, &code("201234582875"));
    assert!(matches!(wrong, Err(LabelError::Verifier { .. })), "{wrong:?}");
    let five = one("22IIIIVPPPPPC")?;
    assert!(read(&five, &code("221234614685"))?.is_some());
    assert!(read(&five, &code("221234714685")).is_err());
    Ok(())
}

#[test]
fn a_misread_label_never_becomes_another_weight() -> Outcome {
    let templates = one("21IIIIIWWWWWC")?;
    let good = code("211234501253");
    for (place, digit) in good.char_indices() {
        let other = char::from_digit((digit.to_digit(10).ok_or("digit")? + 1) % 10, 10);
        let mut misread: Vec<char> = good.chars().collect();
        misread[place] = other.ok_or("digit")?;
        let read = read(&templates, &misread.into_iter().collect::<String>());
        assert!(matches!(read, Ok(None) | Err(LabelError::CheckDigit { .. })), "{read:?}");
    }
    Ok(())
}

#[test]
fn a_label_of_nothing_sells_nothing() -> Outcome {
    let nothing = read(&one("21IIIIIWWWWWC")?, &code("211234500000"));
    assert!(matches!(nothing, Err(LabelError::Nothing { .. })), "{nothing:?}");
    Ok(())
}

#[test]
fn a_template_that_cannot_work_says_why() {
    for (pattern, word) in [
        ("21IIIIIWWWWC", "13"),
        ("40IIIIIWWWWWC", "begin with"),
        ("21IIIIIXWWWWC", "\"X\""),
        ("21IIIIICWWWWW", "last place"),
        ("21WWWWWWWWWWC", "item"),
        ("21IIWIIWWWWWC", "item"),
        ("21IIIIIIIIIIC", "weight W"),
        ("21IIIIIWWPPPC", "weight W"),
        ("21IIIIVWWWWVC", "check digit V"),
        ("21IIIIIIVWWWC", "check digit V"),
        ("21III2IWWWWWC", "begin with"),
        ("22IIIIIPPPPP2", "begin with"),
    ] {
        let error = Template::new(pattern, None).map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|e| e.contains(word)), "{pattern}: {error:?}");
    }
    assert!(Template::new("21IIIIIWWWWWC", Some(6)).is_err());
}

#[test]
fn two_templates_never_read_the_same_code() -> Outcome {
    let templates = ["21IIIIIWWWWWC", "22IIIIIPPPPPC", "02IIIIIVPPPPC"];
    let templates: Result<Vec<_>, _> =
        templates.iter().map(|pattern| Template::new(pattern, None)).collect();
    assert_eq!(tell_apart(&templates?), Ok(()));
    let alike = [Template::new("21IIIIIWWWWWC", None)?, Template::new("215IIIIPPPPPC", None)?];
    assert!(tell_apart(&alike).is_err());
    Ok(())
}

#[test]
fn a_template_reads_back_as_it_was_kept() -> Outcome {
    let template = Template::new("21iiiiiwwwwwc", None)?;
    let kept = serde_json::to_string(&template)?;
    assert_eq!(kept, r#"{"pattern":"21IIIIIWWWWWC","decimals":3}"#);
    assert_eq!(serde_json::from_str::<Template>(&kept)?, template);
    assert!(serde_json::from_str::<Template>(r#"{"pattern":"x","decimals":3}"#).is_err());
    Ok(())
}
