//! The taxes by rate.

use countertop_domain::money::Money;
use countertop_domain::pricing::TaxSum;
use countertop_domain::tax::TaxMode;

use super::View;
use crate::amount::{NumberFormat, localised};
use crate::doc::{Block, TaxRow, TaxTable};
use crate::words::Words;

/// `5.5%`, or `0.25 EUR a unit`.
pub(crate) fn rate(text: &str, percent: bool, words: &Words, numbers: &NumberFormat) -> String {
    let text = localised(text, numbers);
    if percent { format!("{text}%") } else { format!("{text} {}", words.a_unit) }
}

/// True for a tax that was taken and given back on one ticket.
pub(super) const fn is_nothing(sum: &TaxSum) -> bool {
    sum.base.is_zero() && sum.amount.is_zero()
}

impl View<'_> {
    /// `VAT 5.5%`.
    pub(super) fn tax_name(&self, sum: &TaxSum) -> String {
        let rate = rate(&sum.tax.rate_text(), sum.tax.is_percent(), self.words, self.numbers);
        format!("{} {rate}", sum.tax.name)
    }

    /// None if every tax came on top: those stand, with what they were taken on, over the total.
    pub(super) fn tax_table(&self) -> Option<Block> {
        let (sale, words) = (self.sale, self.words);
        let taxes: Vec<&TaxSum> = sale.taxes.iter().filter(|sum| !is_nothing(sum)).collect();
        let inside = taxes.iter().filter(|sum| sum.tax.mode == TaxMode::Inclusive).count();
        if inside == 0 {
            return None;
        }
        let row = |name: String, base: Money, tax: Money| TaxRow {
            name,
            base: self.amount(base),
            tax: self.amount(tax),
        };
        let mut rows: Vec<TaxRow> =
            taxes.iter().map(|sum| row(self.tax_name(sum), sum.base, sum.amount)).collect();
        let nothing = Money::zero(sale.total.currency());
        let untaxed = sale.lines.iter().filter(|line| line.taxes.is_empty()).map(|line| line.net);
        let untaxed = Money::sum(nothing.currency(), untaxed).unwrap_or(nothing);
        if !untaxed.is_zero() {
            rows.push(row(words.not_taxed.clone(), untaxed, nothing));
        }
        // Several taxes on one line have each a base of their own; these make no sum.
        let bases = taxes.iter().map(|sum| sum.base).chain([untaxed]);
        let adds_up = Money::sum(nothing.currency(), bases) == Ok(sale.net);
        let (base, together) =
            if adds_up { (&words.net, &words.together) } else { (&words.base, &words.net_and_tax) };
        if rows.len() > 1 || !adds_up {
            rows.push(row(together.clone(), sale.net, sale.tax));
        }
        let heading = if inside == taxes.len() { &words.tax_included } else { &words.taxes };
        let headings = [heading.clone(), base.clone(), words.tax.clone()];
        Some(Block::Taxes(TaxTable { headings, rows }))
    }
}
