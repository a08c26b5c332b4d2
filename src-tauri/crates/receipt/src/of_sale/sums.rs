//! From the lines to the total.

use countertop_domain::money::Money;
use countertop_domain::pricing::{AdjustmentKind, TaxSum};
use countertop_domain::tax::TaxMode;

use super::lines::{Effect, is_return};
use super::{View, taxes::is_nothing};
use crate::doc::Block;

impl View<'_> {
    /// Subtotals, what concerns the whole ticket, taxes on top, and the total.
    pub(super) fn sums(&self) -> Vec<Block> {
        let words = self.words;
        let whole = self.effects_on_all();
        let on_top: Vec<&TaxSum> = self.on_top().filter(|sum| !is_nothing(sum)).collect();
        let mut blocks = Vec::new();
        let (mut bought, mut returned) = (None, None);
        for line in &self.sale.lines {
            let side = if is_return(line) { &mut returned } else { &mut bought };
            let so_far = side.unwrap_or(Money::zero(self.sale.total.currency()));
            *side = Some(so_far.plus(self.labelled(line)).unwrap_or(so_far));
        }
        // The lines of what is sold are printed before what concerns all of them.
        let bought = bought.map(|sum| without(sum, whole.iter().map(|effect| effect.amount)));
        if let (Some(bought), Some(returned)) = (bought, returned) {
            blocks.push(self.subtotal(&words.bought, bought));
            blocks.push(self.subtotal(&words.brought_back, returned));
        }
        if !whole.is_empty() || !on_top.is_empty() {
            let after = whole.iter().map(|effect| effect.amount);
            let after = after.chain(on_top.iter().map(|sum| sum.amount));
            blocks.push(self.subtotal(&words.subtotal, without(self.sale.total, after)));
        }
        for Effect { label, amount } in whole {
            blocks.push(Block::Amount { label, amount: self.amount(amount) });
        }
        for sum in on_top {
            let label = if sum.tax.is_percent() {
                format!("{} {} {}", self.tax_name(sum), words.on, self.amount(sum.base))
            } else {
                self.tax_name(sum)
            };
            blocks.push(Block::Amount { label, amount: self.amount(sum.amount) });
        }
        let total = if self.sale.is_refund() { &words.refunded } else { &words.total };
        let amount = self.with_currency(self.sale.total);
        blocks.push(Block::Total { label: total.clone(), amount });
        blocks
    }

    pub(super) fn subtotal(&self, label: &str, amount: Money) -> Block {
        Block::Subtotal { label: label.to_owned(), amount: self.amount(amount) }
    }

    fn on_top(&self) -> impl Iterator<Item = &TaxSum> {
        self.sale.taxes.iter().filter(|sum| sum.tax.mode == TaxMode::Exclusive)
    }

    /// The discount on everything, then what a fiscal position made of the label prices.
    fn effects_on_all(&self) -> Vec<Effect> {
        let of = |kind: AdjustmentKind| {
            let sold = self.sale.lines.iter().filter(|line| !is_return(line));
            let all = sold.flat_map(|line| &line.adjustments);
            self.effects(all.filter(move |one| one.kind == kind))
        };
        let mut effects = of(AdjustmentKind::BasketDiscount);
        effects.extend(of(AdjustmentKind::Position));
        effects
    }
}

/// `sum` before `amounts` were added to it. A sale in one currency cannot fail to subtract.
fn without(sum: Money, amounts: impl Iterator<Item = Money>) -> Money {
    amounts.into_iter().try_fold(sum, Money::minus).unwrap_or(sum)
}
