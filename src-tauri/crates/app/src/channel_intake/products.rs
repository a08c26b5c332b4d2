//! Items of a shop: found in the catalogue by barcode, then by article number, and otherwise made. What
//! fits two things is never guessed.

use countertop_domain::barcode;
use countertop_domain::ids::{ItemId, VariantId};
use countertop_domain::item::{Barcode, Item, ItemOption, Variant, full_name};
use countertop_domain::money::Money;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::TaxClass;
use countertop_store::{ChannelRow, ItemRecord, MapKind, MapRow, Tx};
use countertop_sync::channel::{MADE, ProductIn, VariantIn, marked};
use sha2::{Digest, Sha256};

use super::guard::{is_jump, wrong_with};
use super::{ChannelIntake, name_of, note};
use crate::app::App;
use crate::catalog_file::MAX_IMAGES;
use crate::error::AppError;

/// Items of a transaction, so that no sale waits long for one.
const ITEMS_A_PART: usize = 20;
/// Characters of a category, and of what a shop calls a variant.
const MAX_TITLE: usize = 200;
/// How a name says by what it was matched: see [`MapRow::digest`].
const BY_BARCODE: &[u8] = b"barcode";
const BY_SKU: &[u8] = b"sku";
/// How a product's name says that its item was hidden because the shop had it no more.
pub(super) const HIDDEN: &[u8] = b"hidden";

/// Where items come from that were made from a shop's.
pub(super) fn source(channel: &ChannelRow) -> String {
    format!("channel:{}", channel.id)
}

/// What a variant of a shop is here.
enum Match {
    /// This variant, and by what that was found.
    Is(VariantId, Vec<u8>),
    /// Nothing that is here.
    New,
    /// Nobody can tell, in words.
    Ambiguous(String),
}

pub(super) fn take(
    intake: &ChannelIntake,
    channel: &ChannelRow,
    products: Vec<ProductIn>,
) -> Result<(), AppError> {
    let caller = intake.caller(channel)?;
    let mut changed = false;
    let mut products = products.into_iter().peekable();
    while products.peek().is_some() {
        let part: Vec<ProductIn> = products.by_ref().take(ITEMS_A_PART).collect();
        let (app, row) = (std::sync::Arc::clone(&intake.app), channel.clone());
        let part = intake.app.store.begin_part::<bool, AppError>(move |tx| {
            let (mut changed, at_ms) = (false, app.now().utc_ms);
            for product in &part {
                changed |= Taking { app: &app, tx, row: &row, at_ms }.product(product)?;
            }
            Ok(changed)
        })?;
        changed |= part.wait()?;
    }
    if changed {
        intake.app.changed(&caller.client, &["catalog", "channels"]);
    }
    Ok(())
}

/// One transaction's view of a shop.
struct Taking<'a> {
    app: &'a App,
    tx: &'a Tx<'a>,
    row: &'a ChannelRow,
    at_ms: i64,
}

impl Taking<'_> {
    /// Takes an item in; false if it is as it was.
    fn product(&self, product: &ProductIn) -> Result<bool, AppError> {
        let Self { tx, row, at_ms, .. } = *self;
        let about = format!("product:{}", product.external_id);
        if let Some(wrong) = wrong_with(self.app, product) {
            let words = format!(
                "\"{}\" is not taken over: {wrong}. Put it right in the shop",
                marked(&product.name, 60)
            );
            note(tx, row, "bad_product", &about, words, at_ms)?;
            return Ok(true);
        }
        let digest = digest(product)?;
        let known = tx.channel_mapped(row.id, MapKind::Product, &product.external_id)?;
        if let Some(known) = &known
            && known.digest == digest
            && known.gone_ms.is_none()
        {
            return Ok(false);
        }
        for kind in ["bad_product", "gone"] {
            tx.solve_channel_problem(row.id, Some(kind), &about)?;
        }
        let mut matches = Vec::with_capacity(product.variants.len());
        for variant in &product.variants {
            let found = self.matching(product, variant)?;
            // Two of the same item's variants are never one of ours.
            let twice =
                |one: &Match| matches!((one, &found), (Match::Is(a, _), Match::Is(b, _)) if a == b);
            let found = if matches.iter().any(twice) { self.same_number(variant) } else { found };
            matches.push(found);
        }
        let source = source(row);
        let is_made = |one: &Match| matches!(one, Match::Is(_, by) if by == MADE);
        let all_new = matches.iter().all(|one| matches!(one, Match::New));
        let mut keeps = true;
        if (matches.iter().any(is_made) && self.is_sold(known.as_ref())?)
            || (all_new && product.published)
        {
            let comes_back = known.as_ref().is_some_and(|known| known.digest == HIDDEN);
            keeps = self.make(product, &mut matches, (&source, comes_back))?;
        }
        let mut item = None;
        for (variant, found) in product.variants.iter().zip(&matches) {
            self.name_variant(product, variant, found, all_new)?;
            if let (None, Match::Is(id, _)) = (item, found) {
                item = tx.item_of(*id)?;
            }
        }
        let known = known.unwrap_or_else(|| name_of(MapKind::Product, &product.external_id));
        let named = MapRow {
            ours: item.map(|item| item.uuid()),
            title: marked(&product.name, MAX_TITLE),
            digest: if keeps { digest } else { Vec::new() },
            seen_run: at_ms,
            gone_ms: None,
            ..known
        };
        tx.put_channel_map(row.id, &named)?;
        Ok(true)
    }

    /// Whether an item is on sale, or was only hidden because the shop had it no more. What somebody
    /// took off sale here stays so.
    fn is_sold(&self, known: Option<&MapRow>) -> Result<bool, AppError> {
        let Some(known) = known else { return Ok(true) };
        let Some(item) = known.ours.map(ItemId::new) else { return Ok(true) };
        let retired = self.tx.product(item)?.is_some_and(|product| product.retired);
        Ok(!retired || known.digest == HIDDEN)
    }

    /// What a variant is here: as it was, by its barcode, by its article number.
    fn matching(&self, product: &ProductIn, variant: &VariantIn) -> Result<Match, AppError> {
        let (tx, channel) = (self.tx, self.row.id);
        let known = tx.channel_mapped(channel, MapKind::Variant, &variant.external_id)?;
        if let Some(known) = &known
            && let Some(ours) = known.ours
        {
            return Ok(Match::Is(VariantId::new(ours), known.digest.clone()));
        }
        // A kill between the item and its name.
        let source = source(self.row);
        let made = tx.variants_of_source(&source, &product.external_id)?;
        if let Some((_, id)) = made.iter().find(|(key, _)| *key == variant.external_id) {
            return Ok(Match::Is(*id, MADE.to_vec()));
        }
        let code = barcode::normalise(&variant.barcode);
        if !code.is_empty() {
            for spelling in barcode::spellings(&code) {
                let one_of_it = |found: &countertop_store::VariantEntry| {
                    let mut codes = found.variant.barcodes.iter();
                    !found.variant.retired
                        && codes.any(|one| one.code == spelling && one.quantity == Quantity::ONE)
                };
                if let Some(found) = tx.variant_by_code(&spelling)?.filter(one_of_it) {
                    return self.free(variant, found.variant.id, BY_BARCODE);
                }
            }
        }
        let sku = variant.sku.trim();
        if sku.is_empty() {
            return Ok(Match::New);
        }
        let found = tx.variants_by_sku(sku)?;
        match found.as_slice() {
            [] => Ok(Match::New),
            [one] => self.free(variant, one.variant.id, BY_SKU),
            several => Ok(Match::Ambiguous(format!(
                "the article number {sku} stands on {} things here: choose which one it is",
                several.len()
            ))),
        }
    }

    /// A variant that was found, if the shop does not call it by another name already.
    fn free(&self, variant: &VariantIn, ours: VariantId, by: &[u8]) -> Result<Match, AppError> {
        let (tx, channel) = (self.tx, self.row.id);
        let names = tx.channel_names_of(channel, MapKind::Variant, ours.uuid())?;
        let others: Vec<&MapRow> =
            names.iter().filter(|name| name.external_id != variant.external_id).collect();
        let Some(other) = others.first() else { return Ok(Match::Is(ours, by.to_vec())) };
        if by == BY_BARCODE && other.digest == BY_SKU {
            // The code is the better witness: the other one waits for a person.
            self.unname(other, self.same_number(variant))?;
            return Ok(Match::Is(ours, by.to_vec()));
        }
        if by == BY_SKU && other.digest == BY_SKU {
            // Neither is more likely than the other.
            self.unname(other, self.same_number(variant))?;
        }
        Ok(self.same_number(variant))
    }

    fn same_number(&self, variant: &VariantIn) -> Match {
        let number = if variant.sku.trim().is_empty() { &variant.barcode } else { &variant.sku };
        Match::Ambiguous(format!(
            "the shop has {number} on more than one thing: give each a number of its own there, or \
             choose what each is here"
        ))
    }

    fn unname(&self, name: &MapRow, why: Match) -> Result<(), AppError> {
        let Match::Ambiguous(words) = why else { return Ok(()) };
        let unnamed = MapRow { ours: None, digest: Vec::new(), ..name.clone() };
        self.tx.put_channel_map(self.row.id, &unnamed)?;
        self.ambiguous(&name.external_id, &name.title, &words)
    }

    fn ambiguous(&self, external: &str, title: &str, words: &str) -> Result<(), AppError> {
        let (about, words) = (format!("variant:{external}"), format!("\"{title}\": {words}"));
        note(self.tx, self.row, "ambiguous", &about, words, self.at_ms)
    }

    /// Notes what a variant is called, and what is to be done where nobody knows what it is.
    fn name_variant(
        &self,
        product: &ProductIn,
        variant: &VariantIn,
        found: &Match,
        all_new: bool,
    ) -> Result<(), AppError> {
        let (tx, row) = (self.tx, self.row);
        let external = &variant.external_id;
        let title = title(product, variant);
        let about = format!("variant:{external}");
        let (ours, digest) = match found {
            Match::Is(ours, by) => {
                for kind in ["ambiguous", "unmatched"] {
                    tx.solve_channel_problem(row.id, Some(kind), &about)?;
                }
                (Some(ours.uuid()), by.clone())
            }
            Match::Ambiguous(words) => {
                self.ambiguous(external, &title, words)?;
                (None, Vec::new())
            }
            Match::New => {
                if !all_new {
                    let words = format!(
                        "\"{title}\" is not in the catalogue, but others of the same item are: choose \
                         what it is, or add it to the item"
                    );
                    note(tx, row, "unmatched", &about, words, self.at_ms)?;
                }
                (None, Vec::new())
            }
        };
        let known = tx.channel_mapped(row.id, MapKind::Variant, external)?;
        let known = known.unwrap_or_else(|| name_of(MapKind::Variant, external));
        let named = MapRow {
            parent: product.external_id.clone(),
            stock_ref: variant.stock_ref.clone(),
            ours,
            title,
            digest,
            seen_run: self.at_ms,
            gone_ms: None,
            ..known
        };
        Ok(tx.put_channel_map(row.id, &named)?)
    }

    /// Makes an item of a shop's, or brings one up to date that was made so. False if a part of it was
    /// left as it was.
    fn make(
        &self,
        product: &ProductIn,
        matches: &mut [Match],
        (source, comes_back): (&str, bool),
    ) -> Result<bool, AppError> {
        let (tx, at_ms) = (self.tx, self.at_ms);
        let (mut variants, mut keys, mut keeps) = (Vec::new(), Vec::new(), true);
        for (variant, found) in product.variants.iter().zip(matches.iter()) {
            let is_ours = match found {
                Match::New => true,
                Match::Is(_, by) => by == MADE,
                Match::Ambiguous(_) => false,
            };
            if !is_ours {
                continue;
            }
            let (made, as_said) = self.variant(product, variant, found)?;
            keeps &= as_said;
            variants.push(made);
            keys.push(variant.external_id.clone());
        }
        if variants.is_empty() {
            return Ok(true);
        }
        self.check_taxes(product)?;
        let item = Item {
            id: ItemId::new(self.app.ids.next()),
            name: product.name.trim().to_owned(),
            category: category(product),
            unit: Unit::Piece,
            tax_class: TaxClass::new(product.tax_class.trim()),
            images: images(product),
            favourite: false,
            variants,
        };
        let salt = if comes_back { at_ms } else { 0 };
        let record = ItemRecord {
            fingerprint: fingerprint(&item)? ^ salt,
            item,
            source: source.to_owned(),
            source_key: product.external_id.clone(),
            variant_keys: keys,
        };
        let put = tx.put_items(at_ms, std::slice::from_ref(&record))?;
        let ids = tx.variants_of_source(source, &product.external_id)?;
        for (variant, found) in product.variants.iter().zip(matches.iter_mut()) {
            if let Match::New = found
                && let Some((_, id)) = ids.iter().find(|(key, _)| *key == variant.external_id)
            {
                *found = Match::Is(*id, MADE.to_vec());
            }
        }
        for put in put {
            for (position, code) in put.codes_taken {
                let external = record.variant_keys.get(position).cloned().unwrap_or_default();
                let words = format!(
                    "the barcode {} of \"{}\" belongs to another item and stays there",
                    code.code, record.item.name
                );
                note(tx, self.row, "code_taken", &format!("variant:{external}"), words, at_ms)?;
            }
            let item = ids.first().map(|(_, id)| tx.item_of(*id)).transpose()?.flatten();
            if let Some(item) = item.filter(|_| put.changed) {
                let verb = if put.new_variants.len() == ids.len() { "created" } else { "updated" };
                tx.note_change("product", &item.to_string(), verb, at_ms)?;
            }
        }
        Ok(keeps)
    }

    /// A variant as it is to be; false if its price is held back.
    fn variant(
        &self,
        product: &ProductIn,
        variant: &VariantIn,
        found: &Match,
    ) -> Result<(Variant, bool), AppError> {
        let tx = self.tx;
        let about = format!("variant:{}", variant.external_id);
        let (mut price, mut compare_at, mut keeps) = (variant.price, variant.compare_at, true);
        if let Match::Is(ours, _) = found
            && let Some(before) = tx.variant_entry(*ours)?.map(|entry| entry.variant)
            && let Some(was) = before.price
        {
            if price.is_none_or(|price| is_jump(was, price)) {
                let words = format!(
                    "the shop's price of \"{}\" went from {} to {}: the till still sells it for what it \
                     was. If the new price is right, set it under Products; if not, put it right in \
                     the shop",
                    title(product, variant),
                    self.shown(Some(was)),
                    self.shown(price)
                );
                note(tx, self.row, "price_jump", &about, words, self.at_ms)?;
                (price, compare_at, keeps) = (Some(was), before.compare_at, false);
            } else {
                tx.solve_channel_problem(self.row.id, Some("price_jump"), &about)?;
            }
        }
        let compare_at = compare_at.filter(|before| price.is_some_and(|price| *before > price));
        let code = barcode::normalise(&variant.barcode);
        let barcodes = if code.is_empty() {
            Vec::new()
        } else {
            vec![Barcode { code, quantity: Quantity::ONE }]
        };
        let sku = variant.sku.trim();
        let made = Variant {
            id: VariantId::new(self.app.ids.next()),
            options: options(variant),
            sku: (!sku.is_empty()).then(|| sku.to_owned()),
            barcodes,
            price: price.map(|minor| self.app.money(minor)).transpose()?,
            compare_at: compare_at.map(|minor| self.app.money(minor)).transpose()?,
            tracks_stock: variant.tracks_stock,
        };
        Ok((made, keeps))
    }

    fn shown(&self, minor: Option<i64>) -> String {
        let money = minor.and_then(|minor| self.app.money(minor).ok());
        money.map_or_else(|| "none".to_owned(), plain)
    }

    /// A class that is not taxed here must not happen unnoticed.
    fn check_taxes(&self, product: &ProductIn) -> Result<(), AppError> {
        let class = TaxClass::new(product.tax_class.trim());
        if class == TaxClass::exempt() || !self.app.shop().taxes.of(&class).is_empty() {
            return Ok(());
        }
        let words = format!(
            "the register has no tax for the class \"{}\": its items are sold without. Add it under \
             Settings, Taxes",
            class.name()
        );
        let about = format!("tax_class:{}", class.name());
        note(self.tx, self.row, "tax_class", &about, words, self.at_ms)
    }
}

/// `12.50`.
fn plain(money: Money) -> String {
    countertop_sync::channel::decimal_text(money.minor(), money.currency().exponent())
}

fn options(variant: &VariantIn) -> Vec<ItemOption> {
    let option = |option: &countertop_sync::channel::OptionIn| ItemOption {
        name: option.name.trim().to_owned(),
        value: option.value.trim().to_owned(),
    };
    variant.options.iter().map(option).collect()
}

/// `Mug, Blue (MUG-B)`.
fn title(product: &ProductIn, variant: &VariantIn) -> String {
    let name = full_name(product.name.trim(), &options(variant));
    let sku = variant.sku.trim();
    marked(&if sku.is_empty() { name } else { format!("{name} ({sku})") }, MAX_TITLE)
}

/// The innermost name of where it is found: `Clothing > Hoodies` are hoodies.
fn category(product: &ProductIn) -> Option<String> {
    let first = product.categories.first()?;
    let inner = first.rsplit(" > ").next().unwrap_or(first);
    let inner = marked(inner, MAX_TITLE);
    (!inner.is_empty()).then_some(inner)
}

fn images(product: &ProductIn) -> Vec<String> {
    let is_shown = |address: &&String| {
        (address.starts_with("https://") || address.starts_with("http://"))
            && address.len() <= 2_048
            && !address.chars().any(|c| c.is_control() || c.is_whitespace())
    };
    product.images.iter().filter(is_shown).take(MAX_IMAGES).cloned().collect()
}

/// Of all that a shop says of an item but its stock, which moves.
fn digest(product: &ProductIn) -> Result<Vec<u8>, AppError> {
    let mut still = product.clone();
    for variant in &mut still.variants {
        variant.stock = None;
    }
    let text = serde_json::to_vec(&still)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    Ok(Sha256::digest(text).to_vec())
}

/// The same for the same item, whatever ids it would get.
fn fingerprint(item: &Item) -> Result<i64, AppError> {
    let variants: Vec<_> = item
        .variants
        .iter()
        .map(|v| (&v.options, &v.sku, &v.barcodes, v.price, v.compare_at, v.tracks_stock))
        .collect();
    let all = (&item.name, &item.category, item.tax_class.name(), &item.images, variants);
    let text = serde_json::to_vec(&all)
        .map_err(|error| AppError::BadText { reason: error.to_string() })?;
    let digest = Sha256::digest(text);
    Ok(digest.iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte)))
}
