//! The gift receipt: what was bought, so that it can be exchanged, and nothing of what it cost.

use countertop_domain::sale::Sale;

use crate::doc::{Block, ItemRow, Kind, ReceiptDoc};
use crate::letterhead::Letterhead;
use crate::of_sale::{Sheet, fact, is_return, quantity};

impl ReceiptDoc {
    /// A receipt without any amount, to be given along with a present: names, quantities, and the
    /// receipt's number as a bar code. Who bought it is not told either. What came back on the same
    /// ticket is left out.
    pub fn gift_of_sale(sale: &Sale, letterhead: &Letterhead, kind: Kind) -> Self {
        let words = &letterhead.words;
        let number = sale.receipt.to_string();
        let mut blocks = vec![
            Block::Title(words.gift_receipt.clone()),
            Block::Rule,
            fact(&words.receipt, &*number),
            fact(&words.date, sale.at.local_text()),
            fact(&words.served_by, &*sale.actor.name),
            Block::Rule,
        ];
        // A card's value is its name in some shops, and it has a slip of its own.
        let given = sale.lines.iter().filter(|line| !is_return(line) && line.gift_card.is_none());
        blocks.extend(given.map(|line| {
            Block::Item(ItemRow {
                name: line.name.clone(),
                amount: quantity(line, &letterhead.numbers),
                details: Vec::new(),
                reductions: Vec::new(),
            })
        }));
        // The QR code of a receipt tells its total, so there is none.
        blocks.extend([Block::Rule, Block::Barcode(number.clone())]);
        let name = &words.gift_receipt;
        Sheet { id: sale.id.to_string(), number, name, issued: sale.at, kind, blocks }
            .on(letterhead)
    }
}
