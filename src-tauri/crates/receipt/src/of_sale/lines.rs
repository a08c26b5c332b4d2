//! The lines: what was sold or came back, and what was taken off each.

use countertop_domain::money::Money;
use countertop_domain::pricing::{Adjustment, AdjustmentKind, LineTax};
use countertop_domain::sale::SaleLine;
use countertop_domain::tax::TaxMode;

use super::{View, masked};
use crate::amount::{NumberFormat, format_quantity, localised};
use crate::doc::{Block, ItemRow, ReductionRow};

/// True for what came back.
pub(crate) const fn is_return(line: &SaleLine) -> bool {
    line.quantity.thousandths() < 0
}

/// `2` or `0.642 kg`.
pub(crate) fn quantity(line: &SaleLine, numbers: &NumberFormat) -> String {
    let quantity = format_quantity(line.quantity, numbers);
    match line.unit.sign() {
        "" => quantity,
        sign => format!("{quantity} {sign}"),
    }
}

/// One rule's effect, summed up over what it touched.
pub(super) struct Effect {
    pub(super) label: String,
    pub(super) amount: Money,
}

impl View<'_> {
    pub(super) fn items(&self) -> impl Iterator<Item = Block> {
        self.sale.lines.iter().map(|line| Block::Item(self.item(line)))
    }

    fn item(&self, line: &SaleLine) -> ItemRow {
        let mut counted = line.adjustments.iter().filter(|one| !one.kind.is_in_gross());
        let before = counted.try_fold(self.labelled(line), |rest, one| rest.minus(one.amount));
        let name = if is_return(line) {
            format!("{}: {}", self.words.returned, line.name)
        } else {
            line.name.clone()
        };
        let reductions = self
            .effects_on(line)
            .into_iter()
            .map(|Effect { label, amount }| ReductionRow { label, amount: self.amount(amount) });
        ItemRow {
            name,
            // The gross amount; of something that came back, a share that makes the line add up.
            amount: self.amount(before.unwrap_or(line.gross)),
            details: self.details(line),
            reductions: reductions.collect(),
        }
    }

    fn details(&self, line: &SaleLine) -> Vec<String> {
        let words = self.words;
        let mut details = Vec::new();
        let listed = line.list_price.filter(|list| *list != line.unit_price);
        let is_one = matches!(line.quantity.thousandths(), 1000 | -1000);
        if !is_one || line.unit.is_divisible() || listed.is_some() {
            let price = self.amount(line.unit_price);
            let quantity = quantity(line, self.numbers);
            details.push(match line.unit.sign() {
                "" => format!("{quantity} {} {price}", words.times),
                sign => format!("{quantity} {} {price}/{sign}", words.times),
            });
        }
        let reason = price_reason(line);
        match listed.map(|list| self.amount(list)) {
            Some(list) if reason.is_empty() => details.push(format!("{} {list}", words.list_price)),
            Some(list) => details.push(format!("{} {list} ({reason})", words.list_price)),
            None if reason.is_empty() => {}
            None => details.push(reason.to_owned()),
        }
        if let Some(code) = &line.gift_card {
            details.push(format!("{} {}", words.gift_card, masked(code)));
        }
        let label = &line.label;
        let lot = label.lot.as_ref().map(|lot| format!("{} {lot}", words.lot));
        let serial = label.serial.as_ref().map(|serial| format!("{} {serial}", words.serial));
        let day = label.best_before.map(|day| format!("{} {day}", words.best_before));
        details.extend([lot, serial, day].into_iter().flatten());
        if let Some(origin) = &line.origin {
            details.push(format!("{} {}", words.receipt, origin.receipt));
        }
        if !line.return_reason.is_empty() {
            details.push(line.return_reason.clone());
        }
        if let Some(note) = line.note.as_deref().filter(|note| !note.is_empty()) {
            details.push(format!("{}: {note}", words.note));
        }
        details
    }

    /// What the label asks: the line's total less the taxes that came on top of it. A sale in one
    /// currency, as every stored sale is, cannot fail to subtract.
    pub(super) fn labelled(&self, line: &SaleLine) -> Money {
        let on_top = |part: &&LineTax| {
            let definition = part.definition(&self.sale.taxes);
            definition.is_some_and(|tax| tax.mode == TaxMode::Exclusive)
        };
        line.taxes
            .iter()
            .filter(on_top)
            .try_fold(line.total, |rest, part| rest.minus(part.amount))
            .unwrap_or(line.total)
    }

    /// What is printed under a line. What concerns the whole ticket is printed once for all that is
    /// sold; of something that came back it is a share of another ticket's, and stands here.
    fn effects_on(&self, line: &SaleLine) -> Vec<Effect> {
        let of_whole = |kind: AdjustmentKind| {
            matches!(kind, AdjustmentKind::BasketDiscount | AdjustmentKind::Position)
        };
        let printed = line
            .adjustments
            .iter()
            .filter(|one| !one.kind.is_in_gross() && (is_return(line) || !of_whole(one.kind)));
        self.effects(printed)
    }

    /// Adds up what each rule did, in the order in which the rules come first.
    pub(super) fn effects<'a>(
        &self,
        adjustments: impl Iterator<Item = &'a Adjustment>,
    ) -> Vec<Effect> {
        let mut sums: Vec<(&Adjustment, Money)> = Vec::new();
        for one in adjustments {
            let same = sums.iter_mut().find(|(first, _)| {
                (first.kind, &first.id, &first.name, first.percent)
                    == (one.kind, &one.id, &one.name, one.percent)
            });
            match same {
                Some((_, sum)) => *sum = sum.plus(one.amount).unwrap_or(*sum),
                None => sums.push((one, one.amount)),
            }
        }
        let done = sums.into_iter().filter(|(_, sum)| !sum.is_zero());
        done.map(|(one, amount)| Effect { label: self.effect_name(one), amount }).collect()
    }

    fn effect_name(&self, one: &Adjustment) -> String {
        let (words, name) = (self.words, one.name.as_str());
        let or = |word: &String| if name.is_empty() { word.clone() } else { name.to_owned() };
        match one.kind {
            AdjustmentKind::Coupon if name.is_empty() => format!("{} {}", words.coupon, one.id),
            AdjustmentKind::Coupon => format!("{} {} ({name})", words.coupon, one.id),
            AdjustmentKind::LineDiscount | AdjustmentKind::BasketDiscount => {
                let mut label = words.discount.clone();
                if let Some(percent) = one.percent {
                    let percent = localised(&percent.value().to_string(), self.numbers);
                    label = format!("{label} {percent}%");
                }
                if name.is_empty() { label } else { format!("{label} ({name})") }
            }
            AdjustmentKind::Position if self.is_exempt() && one.id == "exempt" => {
                words.tax_exempt.clone()
            }
            AdjustmentKind::Position => or(&words.tax_position),
            AdjustmentKind::Promotion | AdjustmentKind::PriceBook | AdjustmentKind::Override => {
                or(&words.promotion)
            }
        }
    }

    fn is_exempt(&self) -> bool {
        self.sale.customer.as_ref().is_some_and(|customer| customer.tax_exempt)
    }
}

/// Why another price than the list's was asked: the price book, or what the cashier gave.
fn price_reason(line: &SaleLine) -> &str {
    let set = line.adjustments.iter().find(|one| one.kind.is_in_gross() && !one.name.is_empty());
    match (&line.price_reason, set) {
        (Some(reason), _) if !reason.is_empty() => reason,
        (_, Some(one)) if !is_return(line) => &one.name,
        _ => "",
    }
}
