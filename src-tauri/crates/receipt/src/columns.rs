//! The document in columns of a fixed width: what the text receipt and the receipt printer share.

use crate::doc::{Block, ItemRow, ReceiptDoc, TaxTable};
use crate::wrap::{width, wrap_columns};

/// How a row stands out, where the medium can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Bold,
    /// Bold and twice as high.
    Tall,
    /// Bold, twice as wide and as high.
    Large,
}

/// One row, already wrapped and aligned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    Text(String, Style),
    Barcode(String),
    Qr(String),
}

/// The narrowest column that a name is squeezed into beside its amount.
const NARROW: usize = 8;
/// Before details of an item.
const INDENT: &str = "  ";

/// Lays the document out on `columns` columns, of which a large row has `large`.
pub(crate) fn rows(doc: &ReceiptDoc, columns: usize, large: usize) -> Vec<Row> {
    let mut page = Page { columns, large, rows: Vec::new() };
    for block in &doc.blocks {
        page.block(block);
    }
    page.rows
}

struct Page {
    columns: usize,
    large: usize,
    rows: Vec<Row>,
}

impl Page {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.centred(text, Style::Large),
            Block::Title(text) => self.centred(text, Style::Tall),
            Block::Section(text) => self.section(text),
            Block::Banner(text) => self.centred(&format!("*** {text} ***"), Style::Large),
            Block::Centred(text) | Block::Footer(text) => self.centred(text, Style::Plain),
            Block::Rule => self.push("-".repeat(self.columns), Style::Plain),
            Block::Text(text) => self.indented(text, ""),
            Block::Fact { label, value: amount }
            | Block::Amount { label, amount }
            | Block::Tender { label, amount } => self.pair(label, amount, Style::Plain),
            Block::Subtotal { label, amount } => self.pair(label, amount, Style::Bold),
            Block::Total { label, amount } => self.pair(label, amount, Style::Tall),
            Block::Item(item) => self.item(item),
            Block::Taxes(table) => self.taxes(table),
            Block::Barcode(data) => self.rows.push(Row::Barcode(data.clone())),
            Block::Qr(data) => self.rows.push(Row::Qr(data.clone())),
        }
    }

    fn push(&mut self, text: String, style: Style) {
        self.rows.push(Row::Text(text, style));
    }

    fn centred(&mut self, text: &str, style: Style) {
        let columns = if style == Style::Large { self.large } else { self.columns };
        for line in wrap_columns(text, columns) {
            let margin = columns.saturating_sub(width(&line)) / 2;
            self.push(format!("{}{line}", " ".repeat(margin)), style);
        }
    }

    fn section(&mut self, text: &str) {
        self.push(String::new(), Style::Plain);
        for line in wrap_columns(text, self.columns) {
            self.push(line, Style::Bold);
        }
    }

    fn indented(&mut self, text: &str, indent: &str) {
        for line in wrap_columns(text, self.columns - indent.len()) {
            self.push(format!("{indent}{line}"), Style::Plain);
        }
    }

    /// Left and right on one row; a long left side wraps beside the right one, and if that leaves
    /// too little room the right side takes rows of its own.
    fn pair(&mut self, left: &str, right: &str, style: Style) {
        self.indented_pair("", left, right, style);
    }

    fn indented_pair(&mut self, indent: &str, left: &str, right: &str, style: Style) {
        let whole = self.columns - indent.len();
        let room = whole.saturating_sub(width(right) + usize::from(!right.is_empty()));
        let squeezed = width(left) > room && room < NARROW;
        if squeezed || width(right) > self.columns {
            for line in wrap_columns(left, whole) {
                self.push(format!("{indent}{line}"), style);
            }
            for line in wrap_columns(right, self.columns) {
                self.push(flush_right("", &line, self.columns), style);
            }
            return;
        }
        let mut lines = wrap_columns(left, room).into_iter();
        let first = lines.next().unwrap_or_default();
        self.push(flush_right(&format!("{indent}{first}"), right, self.columns), style);
        for line in lines {
            self.push(format!("{indent}{line}"), style);
        }
    }

    fn item(&mut self, item: &ItemRow) {
        self.pair(&item.name, &item.amount, Style::Plain);
        for detail in &item.details {
            self.indented(detail, INDENT);
        }
        for row in &item.reductions {
            self.indented_pair(INDENT, &row.label, &row.amount, Style::Plain);
        }
    }

    fn taxes(&mut self, table: &TaxTable) {
        let [name_heading, net_heading, tax_heading] = &table.headings;
        let widest = |heading: &str, cells: &mut dyn Iterator<Item = usize>| {
            cells.max().unwrap_or(0).max(width(heading))
        };
        let base = widest(net_heading, &mut table.rows.iter().map(|row| width(&row.base)));
        let tax = widest(tax_heading, &mut table.rows.iter().map(|row| width(&row.tax)));
        let room = self.columns.saturating_sub(base + tax + 4);
        self.push(String::new(), Style::Plain);
        if room < NARROW {
            self.indented(name_heading, "");
            for row in &table.rows {
                self.indented(&row.name, "");
                self.pair(&format!("{INDENT}{net_heading}"), &row.base, Style::Plain);
                self.pair(&format!("{INDENT}{tax_heading}"), &row.tax, Style::Plain);
            }
            return;
        }
        let mut line = |name: &str, left: &str, right: &str| {
            let cells = format!("{}  {}", flush_right("", left, base), flush_right("", right, tax));
            let mut names = wrap_columns(name, room).into_iter();
            let first = names.next().unwrap_or_default();
            self.push(flush_right(&first, &cells, self.columns), Style::Plain);
            for name in names {
                self.push(name, Style::Plain);
            }
        };
        line(name_heading, net_heading, tax_heading);
        for row in &table.rows {
            line(&row.name, &row.base, &row.tax);
        }
    }
}

/// `left`, then as many spaces as push `right` to the edge.
fn flush_right(left: &str, right: &str, columns: usize) -> String {
    let gap = columns.saturating_sub(width(left) + width(right));
    format!("{left}{}{right}", " ".repeat(gap))
}
