//! What open baskets and held orders name of the shop's settings: it cannot be taken out while they do,
//! or they could neither be priced nor paid as agreed.

use std::collections::BTreeSet;

use countertop_domain::basket::Basket;
use countertop_domain::tax::{TaxClass, TaxTable};
use countertop_domain::tender::TenderKind;
use countertop_store::Snapshot;

use crate::app::App;
use crate::error::AppError;
use crate::shop::Shop;

/// More held orders than may wait.
const MAX_HELD: u32 = 1_000;

/// What a change of the settings takes out.
struct Gone<'a> {
    taxes: &'a TaxTable,
    /// Fiscal positions, by id.
    positions: BTreeSet<&'a str>,
    /// Classes that were taxed.
    classes: BTreeSet<&'a TaxClass>,
    /// Ways to pay.
    ways: Vec<TenderKind>,
}

/// Refuses settings that lack what an open basket or a held order names.
pub(crate) fn check(app: &App, before: &Shop, after: &Shop) -> Result<(), AppError> {
    let positions = before.taxes.positions().iter().map(|position| position.id.as_str());
    let classes = before.taxes.classes().filter(|(_, taxes)| !taxes.is_empty());
    let ways = before.money.tenders.iter().copied();
    let gone = Gone {
        taxes: &before.taxes,
        positions: positions.filter(|id| after.taxes.position(id).is_none()).collect(),
        classes: classes
            .map(|(class, _)| class)
            .filter(|class| after.taxes.of(class).is_empty())
            .collect(),
        ways: ways.filter(|way| !after.money.tenders.contains(way)).collect(),
    };
    if gone.positions.is_empty() && gone.classes.is_empty() && gone.ways.is_empty() {
        return Ok(());
    }
    for basket in app.baskets.all() {
        let by = match basket.parked.as_ref().map(|parked| parked.label.as_str()) {
            None => "a basket that is open".to_owned(),
            Some("") => "a parked basket".to_owned(),
            Some(label) => format!("the parked basket \"{label}\""),
        };
        refuse(gone.named_by(&basket), by)?;
    }
    app.store.read(|snapshot| held_orders(snapshot, &gone))
}

fn held_orders(snapshot: &Snapshot<'_>, gone: &Gone<'_>) -> Result<(), AppError> {
    for row in snapshot.held_orders(true, MAX_HELD)? {
        let by = format!("order {}", row.order.number);
        if let Some(basket) = snapshot.held_basket(row.order.order)? {
            refuse(gone.named_by(&basket), by.clone())?;
        }
        if row.deposit != 0 && !gone.ways.is_empty() {
            let deposits = snapshot.held_deposits(row.order.order)?;
            let mut ways = deposits.iter().map(|deposit| deposit.tender.kind);
            let way = ways.find(|way| gone.ways.contains(way));
            refuse(way.map(|way| way.in_words().to_owned()), by)?;
        }
    }
    Ok(())
}

impl Gone<'_> {
    /// The first thing of it that a basket names, as people know it.
    fn named_by(&self, basket: &Basket) -> Option<String> {
        let position = basket.position();
        if let Some(id) = position.filter(|id| self.positions.contains(id)) {
            let name = self.taxes.position(id).map_or(id, |position| position.name.as_str());
            return Some(name.to_owned());
        }
        let position = position.and_then(|id| self.taxes.position(id));
        let classes = basket.lines().iter().flat_map(|line| {
            let class = &line.sellable.tax_class;
            [Some(class), position.map(|position| position.swap(class))]
        });
        let class = classes.flatten().find(|class| self.classes.contains(class));
        class.map(|class| class.name().to_owned())
    }
}

fn refuse(named: Option<String>, by: String) -> Result<(), AppError> {
    named.map_or(Ok(()), |what| Err(AppError::InUse { what, by }))
}
