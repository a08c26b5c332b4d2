//! The order ticket: what a kitchen or a counter is to make, in large letters and without prices.

use countertop_domain::sale::{Sale, SaleLine};

use crate::clean::clean;
use crate::doc::{Block, Kind, ReceiptDoc};
use crate::letterhead::Letterhead;
use crate::of_sale::{fact, is_return, quantity};

impl ReceiptDoc {
    /// What was sold of `categories` (a category covers what lies in it; none named means all), with
    /// notes, and nothing of what it costs. None if nothing of them was sold.
    pub fn order_ticket(
        sale: &Sale,
        categories: &[String],
        letterhead: &Letterhead,
    ) -> Option<Self> {
        let words = &letterhead.words;
        let number = sale.receipt.to_string();
        let wanted = |line: &&SaleLine| {
            !is_return(line) && line.gift_card.is_none() && is_of(line, categories)
        };
        let mut lines = sale.lines.iter().filter(wanted).peekable();
        lines.peek()?;
        let mut blocks = vec![
            Block::Heading(number.clone()),
            fact(&words.date, sale.at.local_text()),
            fact(&words.served_by, &*sale.actor.name),
            Block::Rule,
        ];
        for line in lines {
            let count = quantity(line, &letterhead.numbers);
            blocks.push(Block::Title(format!("{count} x {}", line.name)));
            let note = line.note.as_deref().filter(|note| !note.is_empty());
            blocks.extend(note.map(|note| Block::Text(format!("{}: {note}", words.note))));
        }
        blocks.push(Block::Rule);
        let doc = Self {
            id: sale.id.to_string(),
            title: format!("{} {number}", words.order_ticket),
            number,
            shop: letterhead.shop.clone(),
            language: words.language.clone(),
            issued: sale.at,
            kind: Kind::Original,
            blocks,
        };
        Some(doc.map_text(clean))
    }
}

fn is_of(line: &SaleLine, categories: &[String]) -> bool {
    let lies_in = |category: &str, wanted: &String| {
        let wanted = wanted.trim();
        let rest = category.trim().strip_prefix(wanted);
        rest.is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with('>'))
    };
    categories.is_empty()
        || line
            .category
            .as_deref()
            .is_some_and(|category| categories.iter().any(|wanted| lies_in(category, wanted)))
}
