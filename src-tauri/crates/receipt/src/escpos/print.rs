//! From a document to the bytes of one print job.

use crate::clean::{clean, fit, substitute};
use crate::codes::{Bars, Qr};
use crate::columns::{Anchor, Cell, Row, Style, padded, rows};
use crate::doc::ReceiptDoc;
use crate::letters::Face;
use crate::picture::Picture;
use crate::text::COLUMNS;
use crate::wrap::wrap_columns;

use super::code_page::{CodePage, is_plain};
use super::command::{Align, Bitmap, Command, QrLevel};
use super::drawn::{self, Grid, size};
use super::profile::Profile;
use super::run::runs;

/// A print job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// What to send, from the first byte to the last.
    pub bytes: Vec<u8>,
    /// Characters that neither the printer nor our fonts have, each once; they are on the paper as
    /// an empty box, or as `?` where the printer takes no pictures.
    pub unprintable: Vec<char>,
}

/// Lines to advance on a printer without a knife, so that the end is past the tear bar.
const TEAR_OFF: u8 = 5;
/// What stands for a character that no font has.
const BOX: char = '\u{25a1}';
/// Height of the bar code: 8 mm at 8 dots a millimetre.
const BARCODE_DOTS: u8 = 64;

/// Makes the job that prints `doc`. The drawer, if it is to open, opens before the first line is
/// printed: the cashier counts the change while the paper runs.
pub fn print(doc: &ReceiptDoc, profile: &Profile, open_drawer: bool) -> Printed {
    let pages: Vec<CodePage> = profile.code_pages.iter().map(|table| table.page).collect();
    let mut unprintable = Vec::new();
    let has = |c| is_plain(c) || pages.iter().any(|page| page.byte(c).is_some());
    let draws = |c| profile.raster && Face::PRINTER.iter().any(|face| face.has(c));
    let missing = if profile.raster { BOX } else { '?' };
    let fitted = doc.map_text(|text| substitute(text, has, draws, missing, &mut unprintable));
    let columns = usize::from(profile.columns).clamp(*COLUMNS.start(), *COLUMNS.end());

    let grid = Grid { columns, dots: usize::from(profile.dots) };
    let mut job =
        Job { profile, pages, grid, page: None, style: Style::Plain, commands: Vec::new() };
    job.commands.extend([Command::Initialise, Command::AsciiSigns]);
    job.select(0);
    job.commands.extend(open_drawer.then_some(Command::Drawer(profile.drawer)));
    for row in rows(&fitted, columns, columns / 2) {
        match row {
            Row::Text(cells, style) => job.line(&cells, style),
            Row::Barcode(data) => job.barcode(Bars::code128(&data)),
            Row::ProductCode(data) => job.barcode(Bars::product(&data)),
            Row::Qr(data) => job.qr(&data),
            Row::Picture(picture) => job.picture(&picture),
        }
    }
    job.style(Style::Plain);
    job.commands.push(if profile.cut { Command::Cut } else { Command::Feed(TEAR_OFF) });
    Printed { bytes: encode(&job.commands), unprintable }
}

/// The job that only opens the drawer: for counting, or change without a sale.
pub fn open_drawer(profile: &Profile) -> Vec<u8> {
    encode(&[Command::Initialise, Command::Drawer(profile.drawer)])
}

fn encode(commands: &[Command]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for command in commands {
        command.encode(&mut bytes);
    }
    bytes
}

struct Job<'a> {
    profile: &'a Profile,
    pages: Vec<CodePage>,
    grid: Grid,
    /// The page that the printer is on.
    page: Option<usize>,
    /// The style that the printer is in.
    style: Style,
    commands: Vec<Command>,
}

impl Job<'_> {
    fn select(&mut self, page: usize) {
        if let Some(table) = self.profile.code_pages.get(page) {
            self.commands.push(Command::CodeTable(table.table));
            self.page = Some(page);
        }
    }

    fn style(&mut self, style: Style) {
        if style == self.style {
            return;
        }
        let (width, height) = size(style);
        if (width, height) != size(self.style) {
            self.commands.push(Command::Size { width, height });
        }
        let bold = style != Style::Plain;
        if bold != (self.style != Style::Plain) {
            self.commands.push(Command::Bold(bold));
        }
        self.style = style;
    }

    fn line(&mut self, cells: &[Cell], style: Style) {
        self.style(style);
        let text = padded(cells);
        let has = |c| is_plain(c) || self.pages.iter().any(|page| page.byte(c).is_some());
        if self.profile.raster
            && !text.chars().all(has)
            && let Some(picture) = drawn::line(cells, style, self.grid)
        {
            return self.raster(&picture);
        }
        for run in runs(&text, &self.pages, self.page) {
            if let Some(page) = run.page.filter(|page| self.page != Some(*page)) {
                self.select(page);
            }
            self.commands.push(Command::Text(run.text));
        }
        self.commands.push(Command::Line);
    }

    fn raster(&mut self, picture: &Bitmap) {
        self.commands.extend(picture.bands());
    }

    /// A number that the code cannot carry, or that is too wide for the paper, is left out: it is
    /// printed in letters above.
    fn barcode(&mut self, code: Option<Bars>) {
        let Some(code) = code else { return };
        let room = u32::from(self.profile.dots) / (code.modules() + 22);
        let Some(module) = u8::try_from(room.min(3)).ok().filter(|module| *module >= 2) else {
            return;
        };
        self.style(Style::Plain);
        if !self.profile.barcode {
            let height = usize::from(BARCODE_DOTS);
            let drawn = drawn::bars(&code, usize::from(module), height, self.grid)
                .filter(|_| self.profile.raster);
            if let Some(picture) = drawn {
                self.raster(&picture);
                self.centred(code.data());
            }
            return;
        }
        let print = match code {
            Bars::Code128(code) => Command::Code128(code),
            Bars::Product(code) => Command::Product(code),
        };
        self.commands.extend([
            Command::Align(Align::Centre),
            Command::BarcodeHeight(BARCODE_DOTS),
            Command::BarcodeModule(module),
            Command::BarcodeNumber(true),
            print,
            Command::Line,
            Command::Align(Align::Left),
        ]);
    }

    fn qr(&mut self, data: &str) {
        let dots = usize::from(self.profile.dots);
        let fits = |qr: &Qr| dots / (qr.size() + 2 * Qr::QUIET);
        let able = self.profile.qr || self.profile.raster;
        // What steers has no place in a code either: printers read on inside it.
        let qr = Qr::new(&clean(data)).filter(|_| able);
        let module = qr.as_ref().map_or(0, fits).min(5);
        let (Some(qr), Some(module)) = (qr, u8::try_from(module).ok().filter(|dots| *dots >= 3))
        else {
            let plain = fit(data, is_plain, &mut Vec::new());
            for text in wrap_columns(&plain, self.grid.columns) {
                self.line(&[Cell { at: 0, text, anchor: Anchor::Left }], Style::Plain);
            }
            return;
        };
        self.style(Style::Plain);
        if !self.profile.qr {
            if let Some(picture) = drawn::qr(&qr, usize::from(module), self.grid) {
                self.commands.push(Command::Line);
                self.raster(&picture);
                self.commands.push(Command::Line);
            }
            return;
        }
        self.commands.extend([
            Command::Align(Align::Centre),
            Command::QrModel2,
            Command::QrModule(module),
            Command::QrLevel(QrLevel::M),
            Command::QrStore(qr),
            Command::QrPrint,
            Command::Line,
            Command::Align(Align::Left),
        ]);
    }

    /// A logo that is wider than the paper is left out, and so it is where pictures are not taken.
    fn picture(&mut self, picture: &Picture) {
        let fits = picture.width() <= self.profile.dots && self.profile.raster;
        let Some(bitmap) = Bitmap::new(picture.bytes_a_row(), picture.rows().to_vec()) else {
            return;
        };
        if fits {
            self.style(Style::Plain);
            self.commands.push(Command::Align(Align::Centre));
            self.raster(&bitmap);
            self.commands.push(Command::Align(Align::Left));
        }
    }

    fn centred(&mut self, text: &str) {
        let at = self.grid.columns.saturating_sub(text.len()) / 2;
        self.line(&[Cell { at, text: text.to_owned(), anchor: Anchor::Centre }], Style::Plain);
    }
}
