//! Codes with more than an item in them, read by us and by biip, another reader of GS1 codes.
//! Left out, with a word on the terminal, where `COUNTERTOP_PEERS` names no Python with biip.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use countertop_domain::barcode::check_digit;
use countertop_domain::gs1::{Gs1Code, Gs1Error};
use countertop_domain::in_store::{self, Measure, Template};
use countertop_domain::money::Currency;
use countertop_domain::quantity::Unit;
use serde_json::{Value, json};

/// Runs a program for biip with a JSON value on its input; none if there is no biip.
fn biip(program: &str, input: &Value) -> Option<Value> {
    let Some(python) = std::env::var_os("COUNTERTOP_PEERS") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have COUNTERTOP_PEERS");
        eprintln!("left out: set COUNTERTOP_PEERS to a Python with biip 5.2.0 to run it");
        return None;
    };
    let mut child = Command::new(python)
        .args(["-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

const READ_MESSAGES: &str = r#"
import json, sys, datetime
from biip import ParseError
from biip.gs1_messages import GS1Message
out = []
for text in json.load(sys.stdin):
    try:
        message = GS1Message.parse(text)
    except ParseError as error:
        out.append({"error": str(error)})
        continue
    out.append({"elements": [{
        "ai": e.ai.ai,
        "value": e.value,
        "error": e.gtin_error or e.sscc_error or e.gln_error,
        "date": e.date.isoformat() if e.date else None,
        "decimal": str(e.decimal) if e.decimal is not None else None,
    } for e in message.element_strings]})
json.dump({"year": datetime.datetime.now(tz=datetime.timezone.utc).year, "read": out}, sys.stdout)
"#;

/// A source of numbers that is the same every time (Knuth's linear congruential generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        usize::try_from((self.0 >> 33) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap())).collect()
    }

    fn checked(&mut self, count: usize) -> String {
        let body = self.digits(count - 1);
        format!("{body}{}", check_digit(&body).unwrap())
    }

    fn text(&mut self, longest: usize) -> String {
        let length = 1 + self.below(longest);
        let set: Vec<char> = "ABCXYZabcxyz0123456789-./%&'()*+,:;<=>?_!\"".chars().collect();
        (0..length).map(|_| set[self.below(set.len())]).collect()
    }

    fn date(&mut self) -> String {
        let (year, month, day) = (self.below(100), 1 + self.below(12), self.below(29));
        format!("{year:02}{month:02}{day:02}")
    }

    /// One element, and whether it needs a separator after it.
    fn element(&mut self) -> (String, bool) {
        let decimals = self.below(6);
        let measures = [
            "310", "311", "312", "313", "314", "315", "316", "320", "321", "322", "323", "324",
            "329", "330", "331", "337", "340", "349", "350", "353", "356", "357", "360", "361",
            "364", "369",
        ];
        match self.below(20) {
            0 => (format!("01{}", self.checked(14)), false),
            1 => (format!("02{}", self.checked(14)), false),
            2 => (format!("00{}", self.checked(18)), false),
            3..=5 => {
                let ai = ["11", "12", "13", "15", "16", "17"][self.below(6)];
                (format!("{ai}{}", self.date()), false)
            }
            6..=8 => {
                let family = measures[self.below(measures.len())];
                (format!("{family}{decimals}{}", self.digits(6)), false)
            }
            9 => {
                let length = 5 + self.below(6);
                (format!("392{decimals}{}", self.digits(length)), true)
            }
            10 => {
                let length = 5 + self.below(6);
                (format!("393{decimals}978{}", self.digits(length)), true)
            }
            11 => (format!("41{}{}", self.below(8), self.checked(13)), false),
            12 => (format!("20{}", self.digits(2)), false),
            13 => {
                let length = 1 + self.below(8);
                (format!("37{}", self.digits(length)), true)
            }
            14 => (format!("395{decimals}{}", self.digits(6)), true),
            15 => (format!("8005{}", self.digits(6)), true),
            16 => {
                let ai = ["22", "243", "254", "7020", "8002", "8012", "420"][self.below(7)];
                (format!("{ai}{}", self.text(20)), true)
            }
            17 => {
                let ai = ["240", "241", "250", "251", "400", "8004", "90"][self.below(7)];
                (format!("{ai}{}", self.text(30)), true)
            }
            18 => (format!("21{}", self.text(20)), true),
            _ => (format!("10{}", self.text(20)), true),
        }
    }

    fn message(&mut self) -> String {
        let mut message = String::new();
        let count = 1 + self.below(6);
        for place in 0..count {
            let (element, separated) = self.element();
            message.push_str(&element);
            if separated && place + 1 < count {
                message.push('\u{1D}');
            }
        }
        message
    }
}

/// What we say of a code, in biip's shape.
fn ours(code: &Gs1Code) -> Value {
    let elements = code.elements.iter().map(|e| json!([e.ai, e.value]));
    Value::Array(elements.collect())
}

fn theirs(read: &Value) -> Value {
    let mut seen: Vec<Value> = Vec::new();
    for element in read["elements"].as_array().unwrap() {
        let pair = json!([element["ai"], element["value"]]);
        if !seen.contains(&pair) {
            seen.push(pair);
        }
    }
    Value::Array(seen)
}

#[test]
fn a_thousand_element_strings_say_the_same_to_us_and_to_another_reader() {
    let mut dice = Dice(4);
    let texts: Vec<String> = (0..1_000).map(|_| dice.message()).collect();
    let Some(answer) = biip(READ_MESSAGES, &json!(texts)) else { return };
    let year = i16::try_from(answer["year"].as_i64().unwrap()).unwrap();
    let mut twice = 0;
    for (text, read) in texts.iter().zip(answer["read"].as_array().unwrap()) {
        let code = match Gs1Code::parse(text, year) {
            Ok(code) => code,
            // Dice throw the same field twice at times; biip keeps both.
            Err(Gs1Error::Twice { .. }) => {
                twice += 1;
                continue;
            }
            Err(error) => panic!("{text:?}: {error}, but biip reads {read}"),
        };
        assert!(read["error"].is_null(), "{text:?}: {read}");
        assert_eq!(ours(&code), theirs(read), "{text:?}");
        for element in read["elements"].as_array().unwrap() {
            assert!(element["error"].is_null(), "{text:?}: {element}");
            same_facts(text, &code, element);
        }
    }
    assert!(twice < 300, "{twice} of a thousand were of no use");
}

/// Dates, measures and prices.
fn same_facts(text: &str, code: &Gs1Code, element: &Value) {
    let ai = element["ai"].as_str().unwrap();
    let day = match ai {
        "15" => code.best_before,
        "17" => code.expiry,
        _ => None,
    };
    if let Some(day) = day {
        assert_eq!(Value::String(day.to_string()), element["date"], "{text:?}");
    }
    let decimal = || element["decimal"].as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap();
    let last = |family: &str| {
        let of_family = |e: &&countertop_domain::gs1::Element| e.ai.starts_with(family);
        code.elements.iter().rfind(of_family).is_some_and(|e| e.ai == ai)
    };
    if ai.starts_with("310") && last("3") {
        let (unit, quantity) = code.measure.unwrap();
        let rounded = decimal()
            .round_dp_with_strategy(3, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        let wanted = rust_decimal::Decimal::new(quantity.thousandths(), 3);
        assert_eq!((unit, wanted), (Unit::Kilogram, rounded), "{text:?}");
    }
    if (ai.starts_with("392") || ai.starts_with("393")) && last("39") {
        match code.price.as_ref().unwrap().amount(Currency::EUR) {
            Ok(amount) => {
                assert_eq!(rust_decimal::Decimal::new(amount.minor(), 2), decimal(), "{text:?}");
            }
            Err(_) => assert!(decimal().normalize().scale() > 2, "{text:?}"),
        }
    }
}

#[test]
fn a_code_that_we_take_is_never_one_that_another_reader_refuses() {
    let mut dice = Dice(40);
    let mut texts = Vec::new();
    for _ in 0..1_000 {
        // One character changed, dropped or doubled.
        let mut text: Vec<char> = dice.message().chars().collect();
        let place = dice.below(text.len());
        match dice.below(3) {
            0 => text[place] = char::from(b'0' + u8::try_from(dice.below(43)).unwrap()),
            1 => drop(text.remove(place)),
            _ => text.insert(place, text[place]),
        }
        texts.push(text.into_iter().collect::<String>());
    }
    let Some(answer) = biip(READ_MESSAGES, &json!(texts)) else { return };
    let year = i16::try_from(answer["year"].as_i64().unwrap()).unwrap();
    let (mut taken, mut refused) = (0, String::new());
    for (text, read) in texts.iter().zip(answer["read"].as_array().unwrap()) {
        let faulty = |e: &Value| !e["error"].is_null();
        let is_refused =
            !read["error"].is_null() || read["elements"].as_array().unwrap().iter().any(faulty);
        match Gs1Code::parse(text, year) {
            Ok(code) if is_refused => writeln!(refused, "{text:?}: {code:?} {read}").unwrap(),
            Ok(code) => {
                taken += 1;
                assert_eq!(ours(&code), theirs(read), "{text:?}");
            }
            Err(_) => {}
        }
    }
    assert!(refused.is_empty(), "{refused}");
    assert!((100..900).contains(&taken), "{taken} of a thousand were taken");
}

const READ_LABELS: &str = r#"
import json, sys
from biip import ParseError
from biip.gtin import Gtin
from biip._parser import ParseConfig
out = []
for region, code in json.load(sys.stdin):
    try:
        read = Gtin.parse(code, config=ParseConfig(rcn_region=region))
        out.append({"weight": str(read.weight) if read.weight is not None else None,
                    "price": str(read.price) if read.price is not None else None,
                    "count": read.count})
    except ParseError as error:
        out.append({"error": str(error)})
json.dump(out, sys.stdout)
"#;

#[test]
fn in_store_labels_of_four_countries_say_the_same_to_us_and_to_another_reader() {
    let kinds = [
        ("se", "20IIIIIIPPPPC", 2),
        ("se", "21IIIIIIPPPPC", 1),
        ("se", "22IIIIIIPPPPC", 0),
        ("se", "23IIIIIIWWWWC", 3),
        ("se", "24IIIIIIWWWWC", 2),
        ("de", "22IIIIVPPPPPC", 2),
        ("de", "25IIIIVNNNNNC", 0),
        ("de", "28IIIIVWWWWWC", 3),
        ("gb", "20IIIIIVPPPPC", 2),
        ("ee", "25IIIIIIWWWWC", 1),
    ];
    let mut dice = Dice(400);
    let (mut asked, mut read_here) = (Vec::new(), Vec::new());
    for (region, pattern, decimals) in kinds {
        let templates = [Template::new(pattern, Some(decimals)).unwrap()];
        for _ in 0..60 {
            let mut code = format!("{}{}", &pattern[..2], dice.digits(10));
            code.push(check_digit(&code).unwrap());
            read_here.push(in_store::read(&templates, &code));
            asked.push(json!([region, code]));
        }
    }
    // A price check digit fits by chance one time in ten; make sure that enough of them do.
    for value in 1..400 {
        let price = format!("{value:05}");
        let verifier = in_store::measure_check_digit(&price).unwrap();
        let mut code = format!("221234{verifier}{price}");
        code.push(check_digit(&code).unwrap());
        let templates = [Template::new("22IIIIVPPPPPC", None).unwrap()];
        read_here.push(in_store::read(&templates, &code));
        asked.push(json!(["de", code]));
    }
    let Some(answer) = biip(READ_LABELS, &json!(asked)) else { return };
    for ((asked, ours), theirs) in asked.iter().zip(read_here).zip(answer.as_array().unwrap()) {
        let number =
            |name: &str| theirs[name].as_str().unwrap().parse::<rust_decimal::Decimal>().unwrap();
        match ours {
            Err(in_store::LabelError::Nothing { .. }) => {}
            Err(error) => assert!(theirs["error"].is_string(), "{asked}: {error}, {theirs}"),
            Ok(label) => match label.unwrap().measure {
                Measure::Weight(weight) => {
                    let ours = rust_decimal::Decimal::new(weight.thousandths(), 3);
                    assert_eq!(ours, number("weight"), "{asked}");
                }
                Measure::Price { digits, decimals } => {
                    let digits = i64::try_from(digits).unwrap();
                    let ours = rust_decimal::Decimal::new(digits, decimals);
                    assert_eq!(ours, number("price"), "{asked}");
                }
                Measure::Count(count) => assert_eq!(theirs["count"], json!(count), "{asked}"),
            },
        }
    }
}

/// Draws a symbol with a program of another maker; none if a program for it is not installed.
fn drawn(arguments: &[&str]) -> Option<String> {
    let Some(program) = std::env::var_os("COUNTERTOP_EMUPOS") else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have COUNTERTOP_EMUPOS");
        eprintln!("left out: set COUNTERTOP_EMUPOS to the program emupos (0.4.0) to run it");
        return None;
    };
    let folder = std::env::temp_dir().join(format!("countertop-label-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let picture = folder.join("label.png");
    let mut draw = Command::new(program);
    draw.args(["barcode", "weighed"]).args(arguments).arg("--save").arg(&picture);
    let drawing = draw.output().unwrap();
    assert!(drawing.status.success(), "{}", String::from_utf8_lossy(&drawing.stderr));
    let read = Command::new("zbarimg").args(["--quiet", "--raw"]).arg(&picture).output();
    let code = read.map(|read| String::from_utf8_lossy(&read.stdout).trim().to_owned());
    std::fs::remove_dir_all(&folder).unwrap();
    match code {
        Ok(code) => Some(code),
        Err(_) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "CI must have zbarimg");
            eprintln!("left out: install zbar-tools to run it");
            None
        }
    }
}

#[test]
fn a_label_drawn_by_another_program_scans_to_what_was_printed_on_it() {
    let templates = ["21IIIIIWWWWWC", "23IIIIIPPPPPC"].map(|p| Template::new(p, None).unwrap());
    for grams in ["7", "642", "12503"] {
        let arguments =
            ["--layout", "21IIIIIWWWWWC", "--item", "1004", "--weight", &format!("{grams}g")];
        let Some(code) = drawn(&arguments) else { return };
        let label = in_store::read(&templates, &code).unwrap().unwrap();
        let Measure::Weight(weight) = label.measure else { panic!("{label:?}") };
        assert_eq!(
            (label.item.as_str(), weight.thousandths().to_string().as_str()),
            ("01004", grams)
        );
    }
    let arguments = ["--layout", "23IIIIIPPPPPC", "--item", "77", "--price", "1999"];
    let Some(code) = drawn(&arguments) else { return };
    let label = in_store::read(&templates, &code).unwrap().unwrap();
    assert_eq!(label.measure.price(Currency::EUR).map(|price| price.minor()), Some(1_999));
}
