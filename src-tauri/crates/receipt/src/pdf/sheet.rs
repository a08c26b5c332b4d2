//! Where everything stands: blocks become pieces, each as wide as the paper, to be stacked.

use crate::codes::{Bars, Qr};
use crate::doc::{Block, ItemRow, ReceiptDoc, TaxTable};
use crate::picture::Picture;

use super::face::{Font, Weight};
use super::{Length, Paper, mm10};

/// What is drawn, in hundredths of a point from the left edge of the paper and the top of its
/// piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Draw {
    /// A run of text; `y` is its base line.
    Text { x: Length, y: Length, font: Font, tone: Tone, text: String },
    /// Filled rectangles: left, top, width, height.
    Boxes { tone: Tone, boxes: Vec<[Length; 4]> },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Black,
    Grey,
}

/// A strip of paper that is never cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) height: Length,
    /// Whether the next piece belongs on the same page.
    pub(super) stays: bool,
    pub(super) draws: Vec<Draw>,
}

/// Sizes and edges of a kind of paper.
pub(super) struct Metrics {
    pub(super) paper: Paper,
    pub(super) width: Length,
    /// None for a roll.
    pub(super) height: Option<Length>,
    pub(super) margin: Length,
    /// Where sums begin: at the left edge of a roll, right of the middle on a sheet.
    sums: Length,
    body: Length,
    pub(super) small: Length,
    heading: Length,
    total: Length,
}

impl Metrics {
    pub(super) const fn of(paper: Paper) -> Self {
        match paper {
            Paper::Roll80 => Self {
                paper,
                width: mm10(800),
                height: None,
                margin: mm10(45),
                sums: mm10(45),
                body: 900,
                small: 780,
                heading: 1500,
                total: 1350,
            },
            Paper::A4 => Self {
                paper,
                width: mm10(2100),
                height: Some(mm10(2970)),
                margin: mm10(200),
                sums: mm10(1100),
                body: 1050,
                small: 900,
                heading: 2000,
                total: 1500,
            },
        }
    }

    const fn right(&self) -> Length {
        self.width - self.margin
    }
}

/// The narrowest column that words are squeezed into beside an amount.
const NARROW: Length = mm10(150);
const GAP: Length = mm10(30);
const INDENT: Length = mm10(30);
const QR_SIDE: Length = mm10(300);
const BARCODE_HEIGHT: Length = mm10(100);
/// Widths of a bar code's module: never above the one, and left out rather than below the other.
const BARCODE_MODULE: (Length, Length) = (mm10(4), mm10(2));

/// Lays out every block.
pub(super) fn pieces(doc: &ReceiptDoc, metrics: &Metrics) -> Vec<Piece> {
    let mut sheet = Sheet { metrics, pieces: Vec::new() };
    for block in &doc.blocks {
        sheet.block(block);
    }
    sheet.pieces
}

struct Sheet<'a> {
    metrics: &'a Metrics,
    pieces: Vec<Piece>,
}

/// One row: a left text from `left` on, and right texts that end at their edges.
struct Row<'a> {
    left: Length,
    text: &'a str,
    cells: &'a [(Length, &'a str)],
    font: Font,
    tone: Tone,
}

impl Sheet<'_> {
    fn block(&mut self, block: &Block) {
        let metrics = self.metrics;
        let (body, small) = (regular(metrics.body), regular(metrics.small));
        match block {
            Block::Heading(text) => self.letterhead(text, bold(metrics.heading), Tone::Black),
            Block::Centred(text) => self.letterhead(text, small, Tone::Grey),
            Block::Footer(text) => self.letterhead(text, body, Tone::Black),
            Block::Title(text) => {
                self.space(metrics.body / 2);
                self.letterhead(text, bold(metrics.total), Tone::Black);
            }
            Block::Section(text) => self.section(text),
            Block::Banner(text) => self.banner(text),
            Block::Rule => self.rule(),
            Block::Text(text) => self.lines(text, metrics.margin, body, Tone::Black),
            Block::Fact { label, value } => self.fact(label, value),
            Block::Item(item) => self.item(item),
            Block::Amount { label, amount } => self.sum(label, amount, body),
            Block::Tender { label, amount } => self.sum(label, amount, body),
            Block::Subtotal { label, amount } => self.sum(label, amount, bold(metrics.body)),
            Block::Total { label, amount } => self.sum(label, amount, bold(metrics.total)),
            Block::Taxes(table) => self.taxes(table),
            Block::Barcode(data) => self.barcode(Bars::code128(data)),
            Block::ProductCode(data) => self.barcode(Bars::product(data)),
            Block::Picture(picture) => self.picture(picture),
            Block::Qr(data) => self.qr(data),
        }
    }

    fn push(&mut self, height: Length, draws: Vec<Draw>) {
        self.pieces.push(Piece { height, stays: false, draws });
    }

    fn space(&mut self, height: Length) {
        self.push(height, Vec::new());
    }

    /// Keeps what was laid out since there were `start` pieces on one page.
    fn keep(&mut self, start: usize) {
        let last = self.pieces.len().saturating_sub(1);
        for piece in self.pieces.iter_mut().take(last).skip(start) {
            piece.stays = true;
        }
    }

    fn line(&mut self, x: Length, text: String, font: Font, tone: Tone) {
        self.push(leading(font), vec![Draw::Text { x, y: font.size, font, tone, text }]);
    }

    fn lines(&mut self, text: &str, left: Length, font: Font, tone: Tone) {
        for line in font.wrap(text, self.metrics.right() - left) {
            self.line(left, line, font, tone);
        }
    }

    fn centred(&mut self, text: &str, font: Font, tone: Tone) {
        let metrics = self.metrics;
        for line in font.wrap(text, metrics.right() - metrics.margin) {
            let x = (metrics.width - font.width(&line)) / 2;
            self.line(x, line, font, tone);
        }
    }

    /// In the middle of a roll; at the left of a sheet, as on letters.
    fn letterhead(&mut self, text: &str, font: Font, tone: Tone) {
        match self.metrics.paper {
            Paper::Roll80 => self.centred(text, font, tone),
            Paper::A4 => self.lines(text, self.metrics.margin, font, tone),
        }
    }

    fn rule(&mut self) {
        let metrics = self.metrics;
        let gap = metrics.body / 2;
        let rule = [metrics.margin, gap, metrics.right() - metrics.margin, 50];
        self.push(2 * gap + 50, vec![Draw::Boxes { tone: Tone::Grey, boxes: vec![rule] }]);
    }

    /// Over the sums, and on one page with the first of them.
    fn section(&mut self, text: &str) {
        let metrics = self.metrics;
        let start = self.pieces.len();
        self.space(metrics.body / 2);
        self.lines(text, metrics.sums, bold(metrics.body), Tone::Black);
        for piece in self.pieces.iter_mut().skip(start) {
            piece.stays = true;
        }
    }

    fn banner(&mut self, text: &str) {
        let metrics = self.metrics;
        let font = bold(metrics.total);
        let start = self.pieces.len();
        let edge = |sheet: &mut Self| {
            let thick = [metrics.margin, 0, metrics.right() - metrics.margin, 150];
            sheet.push(150, vec![Draw::Boxes { tone: Tone::Black, boxes: vec![thick] }]);
        };
        self.space(metrics.body / 2);
        edge(self);
        self.centred(text, font, Tone::Black);
        self.space(metrics.body / 4);
        edge(self);
        self.space(metrics.body / 2);
        self.keep(start);
    }

    fn row(&mut self, row: &Row<'_>) {
        let Row { left, text, cells, font, tone } = *row;
        let ends = |(edge, cell): &(Length, &str)| *edge - font.width(cell);
        let room = cells.iter().map(ends).min().unwrap_or(self.metrics.right()) - GAP - left;
        let start = self.pieces.len();
        if font.width(text) > room && room < NARROW {
            self.lines(text, left, font, tone);
            for (edge, cell) in cells {
                for line in font.wrap(cell, edge - left) {
                    self.line(edge - font.width(&line), line, font, tone);
                }
            }
            return self.keep(start);
        }
        let mut lines = font.wrap(text, room).into_iter();
        let text = lines.next().unwrap_or_default();
        let mut draws = vec![Draw::Text { x: left, y: font.size, font, tone, text }];
        draws.extend(cells.iter().map(|(edge, cell)| Draw::Text {
            x: edge - font.width(cell),
            y: font.size,
            font,
            tone,
            text: (*cell).to_owned(),
        }));
        self.push(leading(font), draws);
        for line in lines {
            self.line(left, line, font, tone);
        }
        self.keep(start);
    }

    fn fact(&mut self, label: &str, value: &str) {
        let metrics = self.metrics;
        let font = regular(metrics.body);
        let column = metrics.margin + mm10(350);
        let label_width = font.width(label);
        if metrics.paper == Paper::Roll80 || label_width > mm10(350) - GAP {
            let cells = [(metrics.right(), value)];
            let left = metrics.margin;
            return self.row(&Row { left, text: label, cells: &cells, font, tone: Tone::Black });
        }
        let mut lines = font.wrap(value, metrics.right() - column).into_iter();
        let draw = |x, tone, text| Draw::Text { x, y: font.size, font, tone, text };
        let value = lines.next().unwrap_or_default();
        let draws = vec![
            draw(metrics.margin, Tone::Grey, label.to_owned()),
            draw(column, Tone::Black, value),
        ];
        self.push(leading(font), draws);
        for line in lines {
            self.line(column, line, font, Tone::Black);
        }
    }

    fn item(&mut self, item: &ItemRow) {
        let metrics = self.metrics;
        let start = self.pieces.len();
        self.row(&Row {
            left: metrics.margin,
            text: &item.name,
            cells: &[(metrics.right(), &item.amount)],
            font: regular(metrics.body),
            tone: Tone::Black,
        });
        for detail in &item.details {
            self.lines(detail, metrics.margin + INDENT, regular(metrics.small), Tone::Grey);
        }
        for row in &item.reductions {
            self.row(&Row {
                left: metrics.margin + INDENT,
                text: &row.label,
                cells: &[(metrics.right(), &row.amount)],
                font: regular(metrics.body),
                tone: Tone::Black,
            });
        }
        self.space(metrics.body / 5);
        self.keep(start);
    }

    fn sum(&mut self, label: &str, amount: &str, font: Font) {
        self.row(&Row {
            left: self.metrics.sums,
            text: label,
            cells: &[(self.metrics.right(), amount)],
            font,
            tone: Tone::Black,
        });
    }

    fn taxes(&mut self, table: &TaxTable) {
        let metrics = self.metrics;
        let font = regular(metrics.small);
        let [name, net, tax] = &table.headings;
        let taxes = table.rows.iter().map(|row| &row.tax).chain([tax]);
        let tax_width = taxes.map(|text| font.width(text)).max().unwrap_or(0);
        let edge = metrics.right() - (tax_width + GAP).max(4 * metrics.body);
        let start = self.pieces.len();
        self.space(metrics.body / 2);
        let mut line = |text: &str, net: &str, tax: &str, tone| {
            let cells = [(edge, net), (metrics.right(), tax)];
            self.row(&Row { left: metrics.sums, text, cells: &cells, font, tone });
        };
        line(name, net, tax, Tone::Grey);
        for row in &table.rows {
            line(&row.name, &row.base, &row.tax, Tone::Black);
        }
        self.keep(start);
    }

    /// Left of something so wide, as [`Sheet::letterhead`] places text.
    fn beside(&self, width: Length) -> Length {
        match self.metrics.paper {
            Paper::Roll80 => (self.metrics.width - width) / 2,
            Paper::A4 => self.metrics.margin,
        }
    }

    fn barcode(&mut self, code: Option<Bars>) {
        let metrics = self.metrics;
        let Some(code) = code else { return };
        let modules = Length::from(code.modules());
        let module = BARCODE_MODULE.0.min((metrics.right() - metrics.margin) / (modules + 22));
        if module < BARCODE_MODULE.1 {
            return;
        }
        let left = self.beside(modules * module);
        let mut boxes = Vec::new();
        let mut x = left;
        for (index, bar) in code.widths().into_iter().enumerate() {
            let width = Length::from(bar) * module;
            if index % 2 == 0 {
                boxes.push([x, 0, width, BARCODE_HEIGHT]);
            }
            x += width;
        }
        let font = regular(metrics.small);
        let middle = left + (modules * module - font.width(code.data())) / 2;
        let text = Draw::Text {
            x: middle,
            y: BARCODE_HEIGHT + font.size,
            font,
            tone: Tone::Black,
            text: code.data().to_owned(),
        };
        let bars = Draw::Boxes { tone: Tone::Black, boxes };
        self.push(BARCODE_HEIGHT + leading(font), vec![bars, text]);
    }

    /// As large as on a receipt printer: 203 dots to the inch.
    fn picture(&mut self, picture: &Picture) {
        let dots = |n: usize| Length::try_from(n).unwrap_or(0) * 7200 / 203;
        let left = self.beside(dots(usize::from(picture.width())));
        let boxes = picture.runs().into_iter().map(|(x, y, run)| {
            [left + dots(x), dots(y), dots(x + run) - dots(x), dots(y + 1) - dots(y)]
        });
        let boxes = boxes.collect();
        let height = dots(picture.height()) + self.metrics.body / 2;
        self.push(height, vec![Draw::Boxes { tone: Tone::Black, boxes }]);
    }

    fn qr(&mut self, data: &str) {
        let Some(qr) = Qr::new(data) else { return };
        let length = |modules: usize| Length::try_from(modules).unwrap_or(0);
        let side = length(qr.size() + 2 * Qr::QUIET);
        let module = QR_SIDE / side.max(1);
        let quiet = length(Qr::QUIET) * module;
        // On a sheet the dark part, not its quiet zone, stands at the margin.
        let left = match self.metrics.paper {
            Paper::Roll80 => self.beside(side * module) + quiet,
            Paper::A4 => self.metrics.margin,
        };
        let boxes = qr.runs().into_iter().map(|(x, y, run)| {
            [left + length(x) * module, quiet + length(y) * module, length(run) * module, module]
        });
        let boxes = boxes.collect();
        self.push(side * module, vec![Draw::Boxes { tone: Tone::Black, boxes }]);
    }
}

pub(super) const fn regular(size: Length) -> Font {
    Font { weight: Weight::Regular, size }
}

const fn bold(size: Length) -> Font {
    Font { weight: Weight::Bold, size }
}

/// From base line to base line.
const fn leading(font: Font) -> Length {
    font.size * 135 / 100
}
