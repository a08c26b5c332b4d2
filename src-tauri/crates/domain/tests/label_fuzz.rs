//! Codes of any kind are read or refused; none makes the reader fall over. 20,000 of each sort, or as
//! many as `COUNTERTOP_FUZZ_RUNS` says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use countertop_domain::gs1::Gs1Code;
use countertop_domain::in_store::{self, Template};
use proptest::prelude::*;

const YEAR: i16 = 2026;

proptest! {
    #![proptest_config(runs())]
    #[test]
    fn no_text_makes_the_reader_fall_over(text in "(\\]C1|\\()?[0-9A-Za-z()\u{1D}\u{e4} ]{0,60}") {
        let _ = Gs1Code::parse(&text, YEAR);
    }

    #[test]
    fn every_element_that_is_given_out_stands_in_the_code(
        parts in prop::collection::vec((IDENTIFIER, "[0-9A-Z%-]{0,31}", any::<bool>()), 0..6)
    ) {
        let mut text = String::new();
        for (ai, value, separated) in parts {
            text.push_str(&ai);
            text.push_str(&value);
            if separated {
                text.push('\u{1D}');
            }
        }
        if let Ok(code) = Gs1Code::parse(&text, YEAR) {
            for element in &code.elements {
                let whole = format!("{}{}", element.ai, element.value);
                prop_assert!(text.contains(&whole));
            }
        }
    }

    #[test]
    fn no_template_and_no_code_make_the_reader_of_labels_fall_over(
        pattern in "(2[0-9]|02|04)[IWPNVC0-9\u{e4}]{9,12}", code in "[0-9\u{e4}]{12,14}"
    ) {
        if let Ok(template) = Template::new(&pattern, None) {
            let _ = in_store::read(&[template], &code);
        }
    }
}

const IDENTIFIER: &str = "(0[0-3]|1[0-7]|2[0-5]|3[0-9]{1,3}|4[0-9]{2}|7[0-9]{3}|8[0-9]{3}|9[0-9])";

fn runs() -> ProptestConfig {
    let set = std::env::var("COUNTERTOP_FUZZ_RUNS").ok();
    let cases = set.and_then(|runs| runs.parse().ok()).unwrap_or(20_000);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}
