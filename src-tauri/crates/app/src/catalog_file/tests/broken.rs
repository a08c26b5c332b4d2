//! A broken file is refused by line and column.

use rust_decimal::prelude::ToPrimitive;

use super::super::rows::MAX_FIELD;
use super::super::{MAX_VARIANTS, read};
use super::{FileError, read_all};

const HEAD: &str = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant Inventory Qty,\
                    Variant Barcode\n";
const WOO: &str = "ID,Type,Name,Regular price,Parent\n";

/// Line, column and what is wrong.
fn complaint(bytes: &[u8]) -> (u64, Option<(usize, String)>, String) {
    let error = read_all(bytes).unwrap_err();
    assert!(!error.advice.is_empty());
    (error.line, error.column.map(|c| (c.number, c.header)), error.what)
}

#[track_caller]
fn refused(file: &str, line: u64, column: Option<(usize, &str)>, what: &str) {
    let (at, found, said) = complaint(file.as_bytes());
    assert_eq!((at, found.as_ref().map(|(n, h)| (*n, h.as_str()))), (line, column), "{said}");
    assert!(said.contains(what), "{said}");
}

fn shopify(rows: &str) -> String {
    format!("{HEAD}{rows}")
}

#[test]
fn a_price_that_cannot_be_taken_is_named_by_line_and_column() {
    let price = |text: &str| shopify(&format!("a,A,Title,Default Title,1,,\nb,B,,,{text},,\n"));
    let column = Some((5, "Variant Price"));
    refused(&price("1O.00"), 3, column, "\"1O.00\" is not a price");
    refused(&price("\"1,250.00\""), 3, column, "is not a price");
    refused(&price("\"9,99\""), 3, column, "is not a price");
    refused(&price("9.999"), 3, column, "more than 2 decimal places");
    refused(&price("-1"), 3, column, "less than nothing");
    refused(&price("90071992547409.92"), 3, column, "larger price");
    refused(&price(&"9".repeat(300)), 3, column, "larger price");
    // The thousands that a hand has written are not taken for a decimal comma.
    let woo = format!("{WOO}1,simple,A,\"1,250\",\n");
    refused(&woo, 2, Some((4, "Regular price")), "is not a price");
}

#[test]
fn a_quantity_that_is_no_number_is_named_by_line_and_column() {
    let quantity = |text: &str| shopify(&format!("a,A,,,1,{text},\n"));
    let column = Some((6, "Variant Inventory Qty"));
    refused(&quantity("many"), 2, column, "is not a quantity");
    refused(&quantity("1.23456"), 2, column, "is not a quantity");
    refused(&quantity("99999999999"), 2, column, "more than a register can count");
}

#[test]
fn a_row_with_a_field_too_few_or_too_many_is_named() {
    refused(&shopify("a,A,,,1\n"), 2, Some((6, "Variant Inventory Qty")), "after 5 of 7 fields");
    refused(&shopify("a,A,,,1,2,,more\n"), 2, Some((8, "")), "more than 7 fields");
    refused(&shopify("a,A,,,1,2,,\n"), 2, Some((8, "")), "more than 7 fields");
}

#[test]
fn a_quote_that_stays_open_is_named_where_it_opens() {
    let cut = shopify("a,A,,,1,,\nb,\"B,,,1,,\nc,C,,,1,,\n");
    refused(&cut, 3, Some((2, "Title")), "never closes");
    let long = shopify(&format!("a,A,,,1,,\nb,\"B\n{}\n", "c,C,,,1,,\n".repeat(20_000)));
    refused(&long, 3, Some((2, "Title")), "longer than 64 KiB");
    let inner = shopify("a,A,,,1,,\nb,\"a 12\" pipe\",,,1,,\n");
    refused(&inner, 3, Some((2, "Title")), "after the closing quote");
}

#[test]
fn a_field_may_hold_64_kib_and_not_a_byte_more() {
    let file = |length| format!("Notes,{WOO}{},1,simple,A,1,\n", "x".repeat(length));
    assert!(read_all(file(MAX_FIELD).as_bytes()).is_ok());
    refused(&file(MAX_FIELD + 1), 2, Some((1, "Notes")), "longer than 64 KiB");
    let name = |length| format!("{WOO}1,simple,{},1,\n", "é".repeat(length));
    assert!(read_all(name(200).as_bytes()).is_ok());
    refused(&name(201), 2, Some((3, "Name")), "201 characters");
}

#[test]
fn text_that_is_not_utf8_is_named_by_line_and_column() {
    let mut file = shopify("a,A,,,1,,\nb,Caf").into_bytes();
    file.extend_from_slice(b"\xE9,,,1,,\n");
    let (line, column, what) = complaint(&file);
    assert_eq!((line, column), (3, Some((2, "Title".to_owned()))));
    assert!(what.contains("UTF-8"));
    // Two halves of one character in two fields are two broken fields.
    let mut file = HEAD.as_bytes().to_vec();
    file.extend_from_slice(b"a\xC3,\xA9A,,,1,,\n");
    let (_, column, what) = complaint(&file);
    assert_eq!(column, Some((1, "Handle".to_owned())));
    assert!(what.contains("UTF-8"), "{what}");
}

#[test]
fn another_kind_of_file_is_refused_with_what_was_looked_for() {
    let error = read_all(b"Date,Amount\n2026-11-23,5\n").unwrap_err().to_string();
    assert!(error.starts_with("line 1: these are not the headings of a product file"), "{error}");
    for word in ["Shopify", "Handle", "WooCommerce", "Regular price"] {
        assert!(error.contains(word), "{error}");
    }
    refused("", 1, None, "the file is empty");
    refused("\u{feff}\r\n\r\n", 1, None, "the file is empty");
    refused("Handle,Option1 Value,Variant Price\na,b,1\n", 1, None, "\"Title\" is missing");
    refused("Type,Name,Parent\nsimple,a,\n", 1, None, "\"Regular price\" is missing");
    let semicolons = read_all(b"Handle;Title;Variant Price\na;b;1\n").unwrap_err();
    assert!(semicolons.advice.contains("semicolons"));
}

#[test]
fn a_barcode_stands_once_in_a_file_and_both_lines_are_named() {
    let twice = shopify("a,A,,,1,,2000000000015\nb,B,,,1,, 2000000000015\n");
    refused(&twice, 3, Some((7, "Variant Barcode")), "stands here and on line 2");
    // A code with and without its leading zero is one code to a scanner.
    let upc = shopify("a,A,,,1,,400000000015\nb,B,,,1,,0400000000015\n");
    refused(&upc, 3, Some((7, "Variant Barcode")), "stands here and on line 2");
    let number = shopify("a,A,,,1,,4.00638E+12\n");
    refused(&number, 2, Some((7, "Variant Barcode")), "spreadsheet");
}

#[test]
fn an_item_or_variant_that_stands_twice_is_refused_with_both_lines() {
    let apart = shopify("a,A,,,1,,\nb,B,,,1,,\na,A,,,1,,\n");
    refused(&apart, 4, Some((1, "Handle")), "line 2, with others between");
    let variant = shopify("a,A,Size,S,1,,\na,,,S,2,,\n");
    refused(&variant, 3, Some((4, "Option1 Value")), "stands here and on line 2");
    refused(&shopify(",A,,,1,,\n"), 2, Some((1, "Handle")), "handle is empty");
    refused(&shopify("a,,,,1,,\n"), 2, Some((2, "Title")), "has no title");
    refused(
        &format!("{WOO}7,simple,A,1,\n7,simple,B,1,\n"),
        3,
        None,
        "7 stands here and on line 2",
    );
    refused(&format!("{WOO}7,simple, ,1,\n"), 2, Some((3, "Name")), "name is empty");
    let many: String = (0..=MAX_VARIANTS).map(|n| format!("a,A,Size,{n},1,,\n")).collect();
    let line = (MAX_VARIANTS + 2).to_u64().unwrap();
    refused(&shopify(&many), line, Some((4, "Option1 Value")), "more than 2048 variants");
}

#[test]
fn every_kind_of_line_ending_counts_lines_alike() {
    for ending in ["\n", "\r\n", "\r"] {
        let file = shopify("a,A,,,1,,\n\nb,\"B \",,,1,,\nc,C,,,x,,\n").replace('\n', ending);
        refused(&file, 5, Some((5, "Variant Price")), "is not a price");
    }
    let inside = shopify("a,\"A\r\nA\nA\",,,1,,\r\nb,B,,,x,,");
    refused(&inside, 5, Some((5, "Variant Price")), "is not a price");
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_is_refused() {
    struct Torn;
    impl std::io::Read for Torn {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the stick was pulled out"))
        }
    }
    let reader = std::io::Read::chain(HEAD.as_bytes(), Torn);
    let currency = countertop_domain::money::Currency::EUR;
    let error = read(reader, currency, None, &mut |_| Ok::<(), FileError>(())).unwrap_err();
    assert!(error.what.contains("the stick was pulled out"), "{error}");
}

#[test]
fn what_the_caller_refuses_ends_the_reading_at_once() {
    #[derive(Debug, PartialEq)]
    enum Refused {
        File,
        Full,
    }
    impl From<FileError> for Refused {
        fn from(_: FileError) -> Self {
            Self::File
        }
    }
    let mut taken = 0;
    let currency = countertop_domain::money::Currency::EUR;
    let file = shopify("a,A,,,1,,\nb,B,,,1,,\nc,C,,,x,,\n");
    let result = read(file.as_bytes(), currency, None, &mut |_| {
        taken += 1;
        Err(Refused::Full)
    });
    assert_eq!((result, taken), (Err(Refused::Full), 1));
}
