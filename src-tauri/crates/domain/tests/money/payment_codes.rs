//! Codes to pay by, read back by parsers that share nothing with what wrote them.

use std::collections::BTreeMap;

use countertop_domain::money::{Currency, Money};
use countertop_domain::payment_code::{Emv, EmvAccount, Epc, PaymentCodeError, emvco, epc};
use proptest::prelude::*;

use crate::shop::{Outcome, cases, currency, eur, money};

fn transfer() -> Epc {
    Epc {
        bic: None,
        iban: "DE89 3704 0044 0532 0130 00".to_owned(),
        name: "Café Möller GmbH".to_owned(),
        amount: eur(1_250),
        reference: "Receipt T1-1042".to_owned(),
    }
}

/// A transfer as a bank's app reads it, by line numbers alone.
fn read_epc(payload: &str) -> Result<BTreeMap<&'static str, String>, String> {
    if payload.len() > 331 {
        return Err(format!("{} bytes", payload.len()));
    }
    let lines: Vec<&str> = payload.split('\n').collect();
    let at = |index: usize| lines.get(index).copied().unwrap_or_default().to_owned();
    if (at(0), at(1), at(2), at(3)) != ("BCD".into(), "002".into(), "1".into(), "SCT".into()) {
        return Err(format!("head of {lines:?}"));
    }
    if lines.len() > 12 {
        return Err(format!("{} lines", lines.len()));
    }
    if !at(9).is_empty() && !at(10).is_empty() {
        return Err("two references".to_owned());
    }
    let digits: String = at(6)
        .chars()
        .cycle()
        .skip(4)
        .take(at(6).len())
        .map(|c| if c.is_ascii_digit() { c.to_string() } else { (c as u32 - 55).to_string() })
        .collect();
    let remainder = digits.bytes().fold(0_u64, |sum, b| (sum * 10 + u64::from(b - b'0')) % 97);
    if remainder != 1 {
        return Err(format!("IBAN with remainder {remainder}"));
    }
    let fields =
        [("bic", 4), ("name", 5), ("iban", 6), ("amount", 7), ("creditor", 9), ("free", 10)];
    Ok(fields.into_iter().map(|(name, index)| (name, at(index))).collect())
}

#[test]
fn a_transfer_is_written_as_banks_read_it() -> Outcome {
    let payload = epc(&transfer())?;
    assert_eq!(
        payload,
        "BCD\n002\n1\nSCT\n\nCafé Möller GmbH\nDE89370400440532013000\nEUR12.50\n\n\n\
         Receipt T1-1042"
    );
    let read = read_epc(&payload)?;
    assert_eq!(read["amount"], "EUR12.50");
    // A creditor reference has a field of its own; spaces do not matter.
    let creditor = Epc { reference: "RF18 5390 0754 7034".to_owned(), ..transfer() };
    let read = read_epc(&epc(&creditor)?)?;
    assert_eq!((read["creditor"].as_str(), read["free"].as_str()), ("RF18539007547034", ""));
    // One that is mistyped is plain text, not a wrong reference.
    let mistyped = Epc { reference: "RF19539007547034".to_owned(), ..transfer() };
    let read = read_epc(&epc(&mistyped)?)?;
    assert_eq!((read["creditor"].as_str(), read["free"].as_str()), ("", "RF19539007547034"));
    let with_bic = Epc { bic: Some("cobadeffxxx".to_owned()), ..transfer() };
    assert_eq!(read_epc(&epc(&with_bic)?)?["bic"], "COBADEFFXXX");
    Ok(())
}

#[test]
fn a_wrong_iban_never_becomes_a_code() {
    let with = |iban: &str| epc(&Epc { iban: iban.to_owned(), ..transfer() });
    for good in [
        "GB82WEST12345698765432",
        "FR1420041010050500013M02606",
        "NL91ABNA0417164300",
        "be68539007547034",
    ] {
        assert!(with(good).is_ok(), "{good}");
    }
    for bad in [
        "DE89370400440532013001",  // one digit off
        "DE98370400440532013000",  // check digits turned round
        "DE8937040044053201300",   // one digit short
        "DE893704004405320130000", // one digit more
        "DE543704004405320130001", // right check digits, one digit more
        "DE5137040044053201300",   // right check digits, one digit short
        "",
        "DE",
        "1289370400440532013000",
        "DE89\n370400440532013000x",
        "ÄE89370400440532013000",
    ] {
        assert!(matches!(with(bad), Err(PaymentCodeError::BadIban { .. })), "{bad:?}");
    }
    assert_eq!(
        with("DE88370400440532013000").unwrap_err().to_string(),
        "DE88370400440532013000 is not a right IBAN: compare it with a bank statement"
    );
}

#[test]
fn a_transfer_is_in_euros_and_of_an_amount_that_banks_take() {
    let with = |amount: Money| epc(&Epc { amount, ..transfer() });
    let dollars = with(money(100, currency("USD")));
    assert_eq!(dollars, Err(PaymentCodeError::NotEuro { currency: "USD" }));
    assert!(with(eur(1)).is_ok_and(|text| text.contains("\nEUR0.01\n")));
    assert!(with(eur(99_999_999_999)).is_ok_and(|text| text.contains("\nEUR999999999.99\n")));
    for minor in [0, -1, 100_000_000_000] {
        let refused = with(eur(minor));
        assert!(matches!(refused, Err(PaymentCodeError::AmountOutOfRange { .. })), "{minor}");
    }
}

#[test]
fn a_name_can_never_become_another_line_of_the_code() -> Outcome {
    let sly = Epc { name: "Shop\nDE00\r\nEUR999".to_owned(), ..transfer() };
    let read = read_epc(&epc(&sly)?)?;
    assert_eq!(read["name"], "Shop DE00  EUR999");
    assert_eq!(read["amount"], "EUR12.50");
    for (name, error) in [
        (" \n ".to_owned(), PaymentCodeError::Missing { field: "name of the account's holder" }),
        (
            "x".repeat(71),
            PaymentCodeError::TooLong { field: "name of the account's holder", most: 70 },
        ),
    ] {
        assert_eq!(epc(&Epc { name, ..transfer() }), Err(error));
    }
    let wordy = Epc { reference: "x".repeat(141), ..transfer() };
    assert!(matches!(epc(&wordy), Err(PaymentCodeError::TooLong { most: 140, .. })));
    let bad_bic = Epc { bic: Some("COBADEF".to_owned()), ..transfer() };
    assert!(matches!(epc(&bad_bic), Err(PaymentCodeError::BadBic { .. })));
    // Each field within its limit, but too many bytes in all.
    let long = Epc { name: "ß".repeat(70), reference: "ß".repeat(140), ..transfer() };
    assert_eq!(epc(&long), Err(PaymentCodeError::PayloadTooLong));
    Ok(())
}

fn wallet() -> Emv {
    Emv {
        accounts: vec![EmvAccount::Scheme(
            26,
            vec![(0, "com.example.pay".to_owned()), (1, "M-778899".to_owned())],
        )],
        category: "5411".to_owned(),
        country: "sg".to_owned(),
        name: "Corner Shop".to_owned(),
        city: "Singapore".to_owned(),
        postal_code: None,
        amount: money(1_250, currency("SGD")),
        bill: Some("T1-1042".to_owned()),
        reference: Some("0193-77".to_owned()),
    }
}

/// Elements by id, in order; the lengths must come out even.
fn read_elements(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut rest: Vec<char> = text.chars().collect();
    let mut elements = Vec::new();
    while !rest.is_empty() {
        if rest.len() < 4 {
            return Err(format!("{rest:?} left over"));
        }
        let id: String = rest.drain(..2).collect();
        let length: String = rest.drain(..2).collect();
        let length: usize = length.parse().map_err(|_| format!("length {length}"))?;
        if length == 0 || length > rest.len() {
            return Err(format!("element {id} of {length}"));
        }
        elements.push((id, rest.drain(..length).collect()));
    }
    Ok(elements)
}

/// The checksum by long division of the bits, with the polynomial x^16 + x^12 + x^5 + 1.
fn long_division(bytes: &[u8]) -> u32 {
    let mut remainder = 0xFFFF_u32;
    for bit in bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| (byte >> place) & 1)) {
        let carry = (remainder >> 15) ^ u32::from(bit);
        remainder = (remainder << 1) & 0xFFFF;
        if carry == 1 {
            remainder ^= (1 << 12) | (1 << 5) | 1;
        }
    }
    remainder
}

fn read_emv(payload: &str) -> Result<BTreeMap<String, String>, String> {
    let (body, checksum) = payload.split_at(payload.len() - 4);
    let expected = format!("{:04X}", long_division(body.as_bytes()));
    if checksum != expected {
        return Err(format!("checksum {checksum}, not {expected}"));
    }
    let elements = read_elements(payload)?;
    if elements.first().map(|(id, value)| (id.as_str(), value.as_str())) != Some(("00", "01")) {
        return Err("does not begin with 000201".to_owned());
    }
    if elements.last().map(|(id, _)| id.as_str()) != Some("63") {
        return Err("does not end with its checksum".to_owned());
    }
    let count = elements.len();
    let map: BTreeMap<_, _> = elements.into_iter().collect();
    if map.len() != count {
        return Err("an element stands twice".to_owned());
    }
    Ok(map)
}

#[test]
fn the_reader_of_these_tests_agrees_with_published_codes() -> Outcome {
    // The example of the EMVCo specification, and that of the manual of Brazil's central bank.
    let published = [
        "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115\
         802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233\
         030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A",
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR\
         5913Fulano de Tal6008BRASILIA62070503***63041D3D",
    ];
    for payload in published {
        let read = read_emv(payload)?;
        assert!(read.contains_key("59"));
    }
    assert_eq!(read_emv(published[0])?["54"], "23.72");
    assert!(read_emv(&published[1].replace("BRASILIA", "BRASILIB")).is_err());
    Ok(())
}

#[test]
fn a_wallet_s_code_is_read_back_whole() -> Outcome {
    let read = read_emv(&emvco(&wallet())?)?;
    assert_eq!(read["01"], "12");
    assert_eq!(read["52"], "5411");
    assert_eq!((read["53"].as_str(), read["54"].as_str()), ("702", "12.50"));
    assert_eq!((read["58"].as_str(), read["59"].as_str()), ("SG", "Corner Shop"));
    assert_eq!(read["60"], "Singapore");
    let account = read_elements(&read["26"])?;
    assert_eq!(
        account,
        [("00".into(), "com.example.pay".into()), ("01".into(), "M-778899".into())]
    );
    let more = read_elements(&read["62"])?;
    assert_eq!(more, [("01".into(), "T1-1042".into()), ("05".into(), "0193-77".into())]);

    let plain = Emv { bill: None, reference: Some(" ".to_owned()), ..wallet() };
    assert!(!read_emv(&emvco(&plain)?)?.contains_key("62"));
    let yen = Emv { amount: money(1_250, currency("JPY")), ..wallet() };
    assert_eq!(read_emv(&emvco(&yen)?)?["54"], "1250");
    let dinar = Emv { amount: money(1_250, currency("KWD")), ..wallet() };
    assert_eq!(read_emv(&emvco(&dinar)?)?["54"], "1.250");
    let network = EmvAccount::Network(2, "4000123456789012".to_owned());
    let both = Emv { accounts: vec![wallet().accounts.remove(0), network], ..wallet() };
    assert_eq!(read_emv(&emvco(&both)?)?["02"], "4000123456789012");
    Ok(())
}

#[test]
fn what_a_wallet_cannot_read_is_refused() {
    let scheme = |id, parts: &[(u8, &str)]| {
        EmvAccount::Scheme(id, parts.iter().map(|(id, text)| (*id, (*text).to_owned())).collect())
    };
    let with = |accounts: Vec<EmvAccount>| emvco(&Emv { accounts, ..wallet() });
    assert!(matches!(with(Vec::new()), Err(PaymentCodeError::Missing { .. })));
    assert!(matches!(with(vec![scheme(26, &[(1, "x")])]), Err(PaymentCodeError::Missing { .. })));
    assert!(matches!(with(vec![scheme(52, &[(0, "x")])]), Err(PaymentCodeError::BadForm { .. })));
    let twice = vec![scheme(26, &[(0, "x")]), scheme(26, &[(0, "y")])];
    assert!(matches!(with(twice), Err(PaymentCodeError::BadForm { .. })));
    let network = vec![EmvAccount::Network(26, "x".to_owned())];
    assert!(matches!(with(network), Err(PaymentCodeError::BadForm { .. })));
    let long = vec![scheme(26, &[(0, &"x".repeat(60)), (1, &"y".repeat(60))])];
    assert!(matches!(with(long), Err(PaymentCodeError::TooLong { most: 99, .. })));

    let accents = Emv { name: "Café".to_owned(), ..wallet() };
    assert_eq!(
        emvco(&accents).unwrap_err().to_string(),
        "the shop's name \"Café\" must be written in plain letters: without accents or signs"
    );
    let long = Emv { city: "Llanfairpwllgwyngyll".to_owned(), ..wallet() };
    assert!(matches!(emvco(&long), Err(PaymentCodeError::TooLong { most: 15, .. })));
    let nameless = Emv { name: " ".to_owned(), ..wallet() };
    assert!(matches!(emvco(&nameless), Err(PaymentCodeError::Missing { .. })));
    for (category, country) in [("541", "SG"), ("54I1", "SG"), ("5411", "SGP"), ("5411", "")] {
        let bad = Emv { category: category.to_owned(), country: country.to_owned(), ..wallet() };
        assert!(matches!(emvco(&bad), Err(PaymentCodeError::BadForm { .. })));
    }
    for minor in [0, -1, 1_000_000_000_000_000] {
        let amount = money(minor, Currency::EUR);
        let refused = emvco(&Emv { amount, ..wallet() });
        assert!(matches!(refused, Err(PaymentCodeError::AmountOutOfRange { .. })), "{minor}");
    }
    let most = emvco(&Emv { amount: eur(999_999_999_999), ..wallet() });
    assert!(most.is_ok_and(|text| text.contains("54139999999999.99")));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_transfer_is_read_back_as_it_was_meant(
        minor in 1_i64..=99_999_999_999,
        name in "[A-Za-zÀ-ÿ '&.-]{1,35}",
        reference in "[ -~]{0,60}",
    ) {
        prop_assume!(!name.trim().is_empty());
        let payload = epc(&Epc {
            amount: eur(minor),
            name: name.clone(),
            reference: reference.clone(),
            ..transfer()
        })?;
        let read = read_epc(&payload).map_err(TestCaseError::fail)?;
        prop_assert_eq!(&read["name"], name.trim());
        prop_assert_eq!(&read["amount"], &format!("EUR{}.{:02}", minor / 100, minor % 100));
        let written = format!("{}{}", read["creditor"], read["free"]);
        prop_assert_eq!(written, reference.trim());
    }

    #[test]
    fn every_wallet_code_is_read_back_as_it_was_meant(
        minor in 1_i64..=999_999_999,
        name in "[!-~]{1,25}",
        city in "[!-~]{1,15}",
        bill in prop::option::of("[!-~]{1,25}"),
        account in "[!-~]{1,40}",
    ) {
        let accounts = vec![EmvAccount::Scheme(
            51,
            vec![(3, account.clone()), (0, "com.example".to_owned())],
        )];
        let amount = eur(minor);
        let payload = emvco(&Emv {
            accounts,
            amount,
            name: name.clone(),
            city: city.clone(),
            bill: bill.clone(),
            ..wallet()
        })?;
        let read = read_emv(&payload).map_err(TestCaseError::fail)?;
        prop_assert_eq!(&read["59"], &name);
        prop_assert_eq!(&read["60"], &city);
        prop_assert_eq!(&read["54"], &format!("{}.{:02}", minor / 100, minor % 100));
        let parts = read_elements(&read["51"]).map_err(TestCaseError::fail)?;
        prop_assert_eq!(&parts[0].1, "com.example");
        prop_assert_eq!(&parts[1].1, &account);
        let more = read_elements(&read["62"]).map_err(TestCaseError::fail)?;
        prop_assert_eq!(more.iter().find(|(id, _)| id == "01").map(|(_, bill)| bill), bill.as_ref());
    }

    #[test]
    fn one_wrong_digit_of_an_iban_is_always_found(place in 4_usize..22, by in 1_u8..10) {
        let mut iban: Vec<u8> = b"DE89370400440532013000".to_vec();
        iban[place] = b'0' + (iban[place] - b'0' + by) % 10;
        let iban = String::from_utf8(iban).unwrap();
        let refused = epc(&Epc { iban, ..transfer() });
        let found = matches!(refused, Err(PaymentCodeError::BadIban { .. }));
        prop_assert!(found);
    }
}
