//! From JSON to what pricing takes, every field checked and named by its path.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use uuid::Uuid;

use super::QuoteError;
use super::json::Node;
use crate::basket::{Basket, Line};
use crate::cash_rounding::{CashRounding, CashRoundingError};
use crate::discount::{Discount, DiscountError, Reduction};
use crate::ids::{ItemId, LineId, VariantId};
use crate::item::Sellable;
use crate::money::{Currency, Money};
use crate::quantity::{Quantity, Unit};
use crate::rounding::{RoundingMode, RoundingScope, TaxRounding};
use crate::tax::{Percent, Rate, Tax, TaxClass, TaxMode, TaxTable};

/// What is to be priced.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) currency: Currency,
    pub(super) rounding: TaxRounding,
    pub(super) cash_rounding: Option<CashRounding>,
    pub(super) taxes: TaxTable,
    /// In the order given.
    pub(super) tax_ids: Vec<String>,
    /// Named by their place: `lines[0]`.
    pub(super) lines: Vec<Line>,
    pub(super) discount: Option<Discount>,
}

type Read<T> = Result<T, QuoteError>;

pub(super) fn asked(node: &Node) -> Read<Asked> {
    let fields = Fields::of(
        node,
        "",
        &["currency", "rounding", "rounding_mode", "cash_rounding", "taxes", "lines", "discount"],
    )?;
    let currency = fields.required("currency")?;
    let currency = Currency::parse(text(currency, "currency")?)
        .map_err(|error| QuoteError::new("unknown_currency", "currency", error.to_string()))?;
    let scope = fields.choice(
        "rounding",
        &[("line", RoundingScope::Line), ("document", RoundingScope::Document)],
    )?;
    let mode = fields.choice(
        "rounding_mode",
        &[("half_up", RoundingMode::HalfUp), ("half_even", RoundingMode::HalfEven)],
    )?;
    let cash_rounding = match fields.get("cash_rounding") {
        None => None,
        Some(node) => {
            let step = money(node, "cash_rounding", currency)?;
            let refused = |error: CashRoundingError| {
                QuoteError::new("bad_cash_rounding", "cash_rounding", error.to_string())
            };
            Some(CashRounding::new(step).map_err(refused)?)
        }
    };
    let taxes = match fields.get("taxes") {
        None => Vec::new(),
        Some(node) => object(node, "taxes")?
            .iter()
            .map(|(id, node)| tax(id, node, &join("taxes", id), currency))
            .collect::<Read<Vec<Tax>>>()?,
    };
    let list = list(fields.required("lines")?, "lines")?;
    if list.len() > Basket::MAX_LINES {
        let message = format!("at most {} lines at once", Basket::MAX_LINES);
        return Err(QuoteError::new("too_many_lines", "lines", message));
    }
    let mut classes = Classes { taxes: &taxes, lists: Vec::new() };
    let mut lines = Vec::with_capacity(list.len());
    for (index, node) in list.iter().enumerate() {
        lines.push(line(index, node, currency, &mut classes)?);
    }
    let table = classes.lists.iter().enumerate().map(|(index, list)| {
        let taxes = list.iter().filter_map(|tax| taxes.get(*tax).cloned()).collect();
        (TaxClass::new(&index.to_string()), taxes)
    });
    Ok(Asked {
        currency,
        rounding: TaxRounding { scope: scope.unwrap_or_default(), mode: mode.unwrap_or_default() },
        cash_rounding,
        taxes: TaxTable::new(table.collect::<BTreeMap<_, _>>()),
        tax_ids: taxes.into_iter().map(|tax| tax.code).collect(),
        lines,
        discount: discount(&fields, "discount", currency)?,
    })
}

fn tax(id: &str, node: &Node, path: &str, currency: Currency) -> Read<Tax> {
    let names = ["kind", "rate", "amount", "included", "affects_base", "affected_by_base"];
    let fields = Fields::of(node, path, &names)?;
    let mode =
        if fields.flag("included", false)? { TaxMode::Inclusive } else { TaxMode::Exclusive };
    let kind = fields.required("kind")?;
    let (rate, amount) = (fields.path("rate"), fields.path("amount"));
    let unused = |path: &str, kind: &str| {
        let message = format!("a {kind} tax has none: take it out");
        QuoteError::new("unknown_field", path, message)
    };
    let mut tax = match text(kind, &fields.path("kind"))? {
        "percent" => {
            if fields.get("amount").is_some() {
                return Err(unused(&amount, "percent"));
            }
            let value = decimal(fields.required("rate")?, &rate)?;
            let value =
                Rate::new(value).map_err(|error| QuoteError::new("bad_rate", rate, error))?;
            Tax::percent(id, id, value, mode)
        }
        "fixed" => {
            if fields.get("rate").is_some() {
                return Err(unused(&rate, "fixed"));
            }
            let value = money(fields.required("amount")?, &amount, currency)?;
            Tax::fixed(id, id, value, mode)
        }
        other => {
            let message = format!("\"{other}\" is no kind of tax: use percent or fixed");
            return Err(QuoteError::new("unknown_kind", fields.path("kind"), message));
        }
    };
    tax.affects_base = fields.flag("affects_base", false)?;
    tax.affected_by_base = fields.flag("affected_by_base", true)?;
    Ok(tax)
}

/// The distinct sets of taxes that lines have; each is a tax class.
struct Classes<'a> {
    taxes: &'a [Tax],
    lists: Vec<Vec<usize>>,
}

impl Classes<'_> {
    fn of(&mut self, nodes: &[Node], path: &str) -> Read<TaxClass> {
        let mut chosen = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let path = format!("{path}[{index}]");
            let id = text(node, &path)?;
            let found = self.taxes.iter().position(|tax| tax.code == id).ok_or_else(|| {
                let message = format!("there is no tax \"{id}\": define it under \"taxes\"");
                QuoteError::new("unknown_tax", path.clone(), message)
            })?;
            if chosen.contains(&found) {
                let message = format!("tax \"{id}\" is on this line already: name it once");
                return Err(QuoteError::new("duplicate_tax", path, message));
            }
            chosen.push(found);
        }
        let index = self.lists.iter().position(|list| *list == chosen).unwrap_or_else(|| {
            self.lists.push(chosen);
            self.lists.len() - 1
        });
        Ok(TaxClass::new(&index.to_string()))
    }
}

fn line(index: usize, node: &Node, currency: Currency, classes: &mut Classes<'_>) -> Read<Line> {
    let path = format!("lines[{index}]");
    let names = ["description", "quantity", "unit_price", "taxes", "discount"];
    let fields = Fields::of(node, &path, &names)?;
    if let Some(description) = fields.get("description") {
        text(description, &fields.path("description"))?;
    }
    let at = fields.path("quantity");
    let quantity = decimal_text(fields.required("quantity")?, &at)?;
    let quantity = Quantity::parse(&quantity)
        .map_err(|error| QuoteError::new("bad_quantity", at.clone(), error.to_string()))?;
    if quantity.thousandths() == 0 {
        let message = "a line of nothing costs nothing: leave it out";
        return Err(QuoteError::new("bad_quantity", at, message));
    }
    let at = fields.path("unit_price");
    let price = money(fields.required("unit_price")?, &at, currency)?;
    if price.is_negative() {
        let message =
            "a price cannot be below nothing: give what comes back a quantity below nothing";
        return Err(QuoteError::new("negative_price", at, message));
    }
    let at = fields.path("taxes");
    let taxes = fields.get("taxes").map_or(Ok(&[] as &[Node]), |node| list(node, &at))?;
    let id = Uuid::from_u128(index as u128 + 1);
    Ok(Line {
        id: LineId::new(id),
        sellable: Sellable {
            item: ItemId::new(id),
            variant: VariantId::new(id),
            name: path.clone(),
            sku: None,
            category: None,
            unit: Unit::Kilogram,
            price: Some(price),
            tax_class: classes.of(taxes, &at)?,
            tracks_stock: false,
            unit_cost: None,
        },
        quantity,
        price_override: None,
        note: None,
        discount: discount(&fields, "discount", currency)?,
        gift_card: None,
        label: crate::label::Label::default(),
    })
}

fn discount(fields: &Fields<'_>, name: &str, currency: Currency) -> Read<Option<Discount>> {
    let Some(node) = fields.get(name) else { return Ok(None) };
    let path = fields.path(name);
    let fields = Fields::of(node, &path, &["percent", "amount"])?;
    let refused = |path: String| {
        move |error: DiscountError| QuoteError::new("bad_discount", path, error.to_string())
    };
    let reduction = match (fields.get("percent"), fields.get("amount")) {
        (Some(node), None) => {
            let path = fields.path("percent");
            let percent = Percent::new(decimal(node, &path)?)
                .map_err(|error| QuoteError::new("bad_discount", path.clone(), error))?;
            Reduction::percent(percent).map_err(refused(path))?
        }
        (None, Some(node)) => {
            let path = fields.path("amount");
            Reduction::amount(money(node, &path, currency)?).map_err(refused(path))?
        }
        _ => {
            let message = "give either \"percent\" or \"amount\"";
            return Err(QuoteError::new("bad_discount", path, message));
        }
    };
    Ok(Some(Discount { reduction, reason: String::new() }))
}

/// An object's fields; all of them known, none twice.
struct Fields<'a> {
    path: String,
    list: &'a [(String, Node)],
}

impl<'a> Fields<'a> {
    fn of(node: &'a Node, path: &str, known: &[&str]) -> Read<Self> {
        let list = object(node, path)?;
        for (name, _) in list {
            if !known.contains(&name.as_str()) {
                let message = format!("there is no field \"{name}\": use {}", known.join(", "));
                return Err(QuoteError::new("unknown_field", join(path, name), message));
            }
        }
        Ok(Self { path: path.to_owned(), list })
    }

    fn path(&self, name: &str) -> String {
        join(&self.path, name)
    }

    /// A field that is `null` is one that is not there.
    fn get(&self, name: &str) -> Option<&'a Node> {
        let field = self.list.iter().find(|(field, _)| field == name);
        field.map(|(_, node)| node).filter(|node| !matches!(node, Node::Null))
    }

    fn required(&self, name: &str) -> Read<&'a Node> {
        self.get(name).ok_or_else(|| {
            QuoteError::new("missing_field", self.path(name), format!("\"{name}\" is missing"))
        })
    }

    fn flag(&self, name: &str, usual: bool) -> Read<bool> {
        match self.get(name) {
            None => Ok(usual),
            Some(Node::Bool(value)) => Ok(*value),
            Some(other) => Err(wrong_type(other, &self.path(name), "true or false")),
        }
    }

    fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Read<Option<T>> {
        let Some(node) = self.get(name) else { return Ok(None) };
        let path = self.path(name);
        let given = text(node, &path)?;
        let found = choices.iter().find(|(choice, _)| *choice == given);
        let names: Vec<&str> = choices.iter().map(|(choice, _)| *choice).collect();
        found.map(|(_, value)| Some(*value)).ok_or_else(|| {
            let message = format!("\"{given}\" is not known: use {}", names.join(" or "));
            QuoteError::new("bad_value", path, message)
        })
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn wrong_type(node: &Node, path: &str, wanted: &str) -> QuoteError {
    let message = format!("this must be {wanted}, not {}", node.kind());
    QuoteError::new("wrong_type", path, message)
}

fn object<'a>(node: &'a Node, path: &str) -> Read<&'a [(String, Node)]> {
    let Node::Object(fields) = node else {
        return Err(wrong_type(node, path, "an object"));
    };
    let mut seen = BTreeSet::new();
    for (name, _) in fields {
        if !seen.insert(name) {
            let message = format!("\"{name}\" is given twice: give it once");
            return Err(QuoteError::new("duplicate_field", join(path, name), message));
        }
    }
    Ok(fields)
}

fn list<'a>(node: &'a Node, path: &str) -> Read<&'a [Node]> {
    match node {
        Node::List(nodes) => Ok(nodes),
        other => Err(wrong_type(other, path, "a list")),
    }
}

fn text<'a>(node: &'a Node, path: &str) -> Read<&'a str> {
    match node {
        Node::Text(text) => Ok(text),
        other => Err(wrong_type(other, path, "text")),
    }
}

fn money(node: &Node, path: &str, currency: Currency) -> Read<Money> {
    let Node::Integer(minor) = node else {
        return Err(wrong_type(node, path, "a whole number of minor units"));
    };
    Money::new(*minor, currency)
        .map_err(|error| QuoteError::new("too_large", path, error.to_string()))
}

/// A decimal as text; a whole number may stand as a number.
fn decimal_text(node: &Node, path: &str) -> Read<String> {
    match node {
        Node::Text(text) => Ok(text.clone()),
        Node::Integer(number) => Ok(number.to_string()),
        other => Err(wrong_type(other, path, "a decimal as text, such as \"8.25\"")),
    }
}

fn decimal(node: &Node, path: &str) -> Read<Decimal> {
    let text = decimal_text(node, path)?;
    Decimal::from_str_exact(text.trim()).map_err(|_| {
        let message = format!("\"{text}\" is not a number: write it like 8.25");
        QuoteError::new("bad_number", path, message)
    })
}
