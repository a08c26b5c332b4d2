//! The document in columns of a fixed width: what the text receipt and the receipt printer share.

use crate::doc::{Block, ItemRow, ReceiptDoc, TaxTable};
use crate::letters::is_right_to_left;
use crate::picture::Picture;
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
    Text(Vec<Cell>, Style),
    Barcode(String),
    ProductCode(String),
    Qr(String),
    Picture(Picture),
}

/// A text of its own within a row: nothing of it is read together with its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The column of its first character.
    pub(crate) at: usize,
    pub(crate) text: String,
    pub(crate) anchor: Anchor,
}

/// Which part of a cell stays where it is when its letters are narrower than columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Centre,
    Right,
}

/// The row as one text, with spaces between its cells.
pub(crate) fn padded(cells: &[Cell]) -> String {
    let mut line = String::new();
    for cell in cells {
        line.push_str(&" ".repeat(cell.at.saturating_sub(width(&line))));
        line.push_str(&cell.text);
    }
    line
}

/// The narrowest column that a name is squeezed into beside its amount.
const NARROW: usize = 8;
/// Columns before details of an item.
const INDENT: usize = 2;

/// Lays the document out on `columns` columns, of which a large row has `large`; as in a mirror if
/// its language is written from right to left.
pub(crate) fn rows(doc: &ReceiptDoc, columns: usize, large: usize) -> Vec<Row> {
    let mut page = Page { columns, large, rows: Vec::new() };
    for block in &doc.blocks {
        page.block(block);
    }
    if is_right_to_left(&doc.language) {
        for row in &mut page.rows {
            if let Row::Text(cells, style) = row {
                mirror(cells, if *style == Style::Large { large } else { columns });
            }
        }
    }
    page.rows
}

fn mirror(cells: &mut [Cell], columns: usize) {
    cells.reverse();
    for cell in cells {
        cell.at = columns.saturating_sub(cell.at + width(&cell.text));
        cell.anchor = match cell.anchor {
            Anchor::Left => Anchor::Right,
            Anchor::Centre => Anchor::Centre,
            Anchor::Right => Anchor::Left,
        };
    }
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
            Block::Rule => self.left(0, "-".repeat(self.columns), Style::Plain),
            Block::Text(text) => self.indented(text, 0),
            Block::Fact { label, value: amount }
            | Block::Amount { label, amount }
            | Block::Tender { label, amount } => self.pair(label, amount, Style::Plain),
            Block::Subtotal { label, amount } => self.pair(label, amount, Style::Bold),
            Block::Total { label, amount } => self.pair(label, amount, Style::Tall),
            Block::Item(item) => self.item(item),
            Block::Taxes(table) => self.taxes(table),
            Block::Barcode(data) => self.rows.push(Row::Barcode(data.clone())),
            Block::ProductCode(data) => self.rows.push(Row::ProductCode(data.clone())),
            Block::Qr(data) => self.rows.push(Row::Qr(data.clone())),
            Block::Picture(picture) => self.rows.push(Row::Picture(picture.clone())),
        }
    }

    fn row(&mut self, cells: Vec<Cell>, style: Style) {
        self.rows.push(Row::Text(cells, style));
    }

    fn left(&mut self, at: usize, text: String, style: Style) {
        self.row(vec![left(at, text)], style);
    }

    fn centred(&mut self, text: &str, style: Style) {
        let columns = if style == Style::Large { self.large } else { self.columns };
        for text in wrap_columns(text, columns) {
            let at = columns.saturating_sub(width(&text)) / 2;
            self.row(vec![Cell { at, text, anchor: Anchor::Centre }], style);
        }
    }

    fn section(&mut self, text: &str) {
        self.row(Vec::new(), Style::Plain);
        for line in wrap_columns(text, self.columns) {
            self.left(0, line, Style::Bold);
        }
    }

    fn indented(&mut self, text: &str, indent: usize) {
        for line in wrap_columns(text, self.columns - indent) {
            self.left(indent, line, Style::Plain);
        }
    }

    /// Left and right on one row; a long left side wraps beside the right one, and if that leaves
    /// too little room the right side takes rows of its own.
    fn pair(&mut self, left: &str, right: &str, style: Style) {
        self.indented_pair(0, left, right, style);
    }

    fn indented_pair(&mut self, indent: usize, name: &str, amount: &str, style: Style) {
        let whole = self.columns - indent;
        let room = whole.saturating_sub(width(amount) + usize::from(!amount.is_empty()));
        let squeezed = width(name) > room && room < NARROW;
        if squeezed || width(amount) > self.columns {
            for line in wrap_columns(name, whole) {
                self.left(indent, line, style);
            }
            for line in wrap_columns(amount, self.columns) {
                self.row(vec![right(line, self.columns)], style);
            }
            return;
        }
        let mut lines = wrap_columns(name, room).into_iter();
        let first = lines.next().unwrap_or_default();
        self.row(vec![left(indent, first), right(amount.to_owned(), self.columns)], style);
        for line in lines {
            self.left(indent, line, style);
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
        self.row(Vec::new(), Style::Plain);
        if room < NARROW {
            self.indented(name_heading, 0);
            for row in &table.rows {
                self.indented(&row.name, 0);
                self.indented_pair(INDENT, net_heading, &row.base, Style::Plain);
                self.indented_pair(INDENT, tax_heading, &row.tax, Style::Plain);
            }
            return;
        }
        let mut line = |name: &str, net: &str, amount: &str| {
            let mut names = wrap_columns(name, room).into_iter();
            let first = names.next().unwrap_or_default();
            let net = right(net.to_owned(), self.columns.saturating_sub(tax + 2));
            let amount = right(amount.to_owned(), self.columns);
            self.row(vec![left(0, first), net, amount], Style::Plain);
            for name in names {
                self.left(0, name, Style::Plain);
            }
        };
        line(name_heading, net_heading, tax_heading);
        for row in &table.rows {
            line(&row.name, &row.base, &row.tax);
        }
    }
}

fn left(at: usize, text: String) -> Cell {
    Cell { at, text, anchor: Anchor::Left }
}

/// Ends before the column `end`.
fn right(text: String, end: usize) -> Cell {
    Cell { at: end.saturating_sub(width(&text)), text, anchor: Anchor::Right }
}
