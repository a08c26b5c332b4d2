#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod broken;
mod noise;
mod shared;
mod shopify;
mod woocommerce;

use countertop_domain::money::{Currency, Money};
use countertop_domain::time::BusinessDay;

use super::{FileError, ItemDraft, Summary, read};

const SHOPIFY: &[u8] = include_bytes!("../../../../../tests/fixtures/catalog/shopify.csv");
const SHOPIFY_2025: &[u8] =
    include_bytes!("../../../../../tests/fixtures/catalog/shopify-2025.csv");
const WOOCOMMERCE: &[u8] = include_bytes!("../../../../../tests/fixtures/catalog/woocommerce.csv");

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR).unwrap()
}

fn day(text: &str) -> Option<BusinessDay> {
    Some(BusinessDay::try_from(text.to_owned()).unwrap())
}

fn read_on(
    bytes: &[u8],
    today: Option<BusinessDay>,
) -> Result<(Summary, Vec<ItemDraft>), FileError> {
    let mut items = Vec::new();
    let summary = read(bytes, Currency::EUR, today, &mut |item| {
        items.push(item);
        Ok::<(), FileError>(())
    })?;
    Ok((summary, items))
}

fn read_all(bytes: &[u8]) -> Result<(Summary, Vec<ItemDraft>), FileError> {
    read_on(bytes, None)
}

fn item<'a>(items: &'a [ItemDraft], key: &str) -> &'a ItemDraft {
    items.iter().find(|item| item.source_key == key).unwrap()
}

/// Options of every variant, as `Colour=Sand, Size=S`.
fn options(item: &ItemDraft) -> Vec<String> {
    let one = |v: &super::VariantDraft| {
        v.options.iter().map(|o| format!("{}={}", o.name, o.value)).collect::<Vec<_>>().join(", ")
    };
    item.variants.iter().map(one).collect()
}

fn skipped(summary: &Summary) -> Vec<(u64, &str)> {
    summary.skipped.iter().map(|s| (s.line, s.reason.as_str())).collect()
}
