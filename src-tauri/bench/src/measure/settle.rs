//! Goal 13: pricing a large basket.

use std::collections::BTreeMap;

use countertop_app::{Ids as _, SystemIds};
use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{BasketId, ItemId, LineId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::pricing::{PricingContext, settle};
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::tax::{Percent, Tax, TaxClass, TaxMode, TaxTable};

use super::Session;
use crate::catalogue::{Article, Order, articles};
use crate::figures::Times;
use crate::report::{Row, Wanted};

const LINES: u64 = 500;

/// Measures and reports.
///
/// # Errors
/// The domain's refusals, of which there should be none.
pub(crate) fn measure(session: &mut Session) -> anyhow::Result<()> {
    let mut basket = Basket::new(BasketId::new(SystemIds.next()));
    for article in articles(Order::Running, 0, LINES) {
        basket.apply(Change::Add {
            line: LineId::new(SystemIds.next()),
            sellable: sellable(&article)?,
            quantity: Quantity::ONE,
            price: None,
        })?;
    }
    let taxes = taxes()?;
    let context = PricingContext { currency: Currency::EUR, taxes: &taxes };
    let mut times = Times::default();
    for _ in 0..session.times(500, 100) {
        let settled = times.time(|| settle(&basket, &context))?;
        std::hint::black_box(settled);
    }
    session.report.add(
        Row::new("settle", "the price of a basket of 500 lines", "ms")
            .goal(13, Wanted { p50: Some(5.0), ..Wanted::default() })
            .measured(times.milliseconds())
            .note("with one tax; price rules and promotions are not there yet"),
    );
    Ok(())
}

fn sellable(article: &Article) -> anyhow::Result<Sellable> {
    Ok(Sellable {
        item: ItemId::new(SystemIds.next()),
        variant: VariantId::new(SystemIds.next()),
        name: article.name(),
        sku: Some(article.sku.clone()),
        category: Some(article.category.to_owned()),
        unit: Unit::Piece,
        price: Some(Money::new(article.price, Currency::EUR)?),
        tax_class: TaxClass::standard(),
        tracks_stock: article.stock.is_some(),
    })
}

fn taxes() -> anyhow::Result<TaxTable> {
    let vat = Tax {
        code: "vat-20".to_owned(),
        name: "VAT".to_owned(),
        rate: Percent::new(20.into()).map_err(anyhow::Error::msg)?,
        mode: TaxMode::Inclusive,
    };
    Ok(TaxTable::new(BTreeMap::from([(TaxClass::standard(), vec![vat])])))
}
