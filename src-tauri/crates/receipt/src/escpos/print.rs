//! From a document to the bytes of one print job.

use crate::clean::fit;
use crate::codes::{Code128, Qr};
use crate::columns::{Row, Style, rows};
use crate::doc::ReceiptDoc;
use crate::text::COLUMNS;
use crate::wrap::wrap_columns;

use super::code_page::{CodePage, is_plain, runs};
use super::command::{Align, Command, QrLevel};
use super::profile::Profile;

/// A print job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// What to send, from the first byte to the last.
    pub bytes: Vec<u8>,
    /// Characters that the printer lacks, each once; they are on the paper as `?`.
    pub unprintable: Vec<char>,
}

/// Lines to advance on a printer without a knife, so that the end is past the tear bar.
const TEAR_OFF: u8 = 5;
/// Height of the bar code: 8 mm at 8 dots a millimetre.
const BARCODE_DOTS: u8 = 64;

/// Makes the job that prints `doc`. The drawer, if it is to open, opens before the first line is
/// printed: the cashier counts the change while the paper runs.
pub fn print(doc: &ReceiptDoc, profile: &Profile, open_drawer: bool) -> Printed {
    let pages: Vec<CodePage> = profile.code_pages.iter().map(|table| table.page).collect();
    let mut unprintable = Vec::new();
    let has = |c| is_plain(c) || pages.iter().any(|page| page.byte(c).is_some());
    let fitted = doc.map_text(|text| fit(text, has, &mut unprintable));
    let columns = usize::from(profile.columns).clamp(*COLUMNS.start(), *COLUMNS.end());

    let mut job = Job { profile, pages, page: None, style: Style::Plain, commands: Vec::new() };
    job.commands.extend([Command::Initialise, Command::AsciiSigns]);
    job.select(0);
    job.commands.extend(open_drawer.then_some(Command::Drawer(profile.drawer)));
    for row in rows(&fitted, columns, columns / 2) {
        match row {
            Row::Text(text, style) => job.line(&text, style),
            Row::Barcode(data) => job.barcode(&data),
            Row::Qr(data) => job.qr(&data, columns),
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

    fn line(&mut self, text: &str, style: Style) {
        self.style(style);
        for run in runs(text, &self.pages, self.page) {
            if let Some(page) = run.page.filter(|page| self.page != Some(*page)) {
                self.select(page);
            }
            self.commands.push(Command::Text(run.text));
        }
        self.commands.push(Command::Line);
    }

    /// A number that CODE128 cannot carry, or that is too wide for the paper, is left out: it is
    /// printed in letters above.
    fn barcode(&mut self, data: &str) {
        let Some(code) = Code128::new(data).filter(|_| self.profile.barcode) else { return };
        let room = u32::from(self.profile.dots) / (code.modules() + 20);
        let Some(module) = u8::try_from(room.min(3)).ok().filter(|module| *module >= 2) else {
            return;
        };
        self.style(Style::Plain);
        self.commands.extend([
            Command::Align(Align::Centre),
            Command::BarcodeHeight(BARCODE_DOTS),
            Command::BarcodeModule(module),
            Command::BarcodeNumber(true),
            Command::Code128(code),
            Command::Line,
            Command::Align(Align::Left),
        ]);
    }

    fn qr(&mut self, data: &str, columns: usize) {
        let dots = usize::from(self.profile.dots);
        let fits = |qr: &Qr| dots / (qr.size() + 2 * Qr::QUIET);
        let qr = Qr::new(data).filter(|_| self.profile.qr);
        let module = qr.as_ref().map_or(0, fits).min(5);
        let (Some(qr), Some(module)) = (qr, u8::try_from(module).ok().filter(|dots| *dots >= 3))
        else {
            let plain = fit(data, is_plain, &mut Vec::new());
            wrap_columns(&plain, columns).iter().for_each(|line| self.line(line, Style::Plain));
            return;
        };
        self.style(Style::Plain);
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
}

fn size(style: Style) -> (u8, u8) {
    match style {
        Style::Plain | Style::Bold => (1, 1),
        Style::Tall => (1, 2),
        Style::Large => (2, 2),
    }
}
