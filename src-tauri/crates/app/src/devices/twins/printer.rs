//! The twin of a receipt printer: its paper and its drawer.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countertop_devices::{PaperAlign, PaperItem, PaperSpan, PrinterFault, PrinterTwin};
use countertop_receipt::codes::Qr;

use super::{Twin, unknown_button};
use crate::wire::{PaperView, TwinView};

/// Pieces of paper that a screen shows, the newest.
const SHOWN: usize = 400;

/// The faults by the names of their buttons.
const FAULTS: [(&str, PrinterFault); 5] = [
    ("paper_out", PrinterFault::PaperOut),
    ("near_end", PrinterFault::NearEnd),
    ("cover_open", PrinterFault::CoverOpen),
    ("offline", PrinterFault::Offline),
    ("unplug", PrinterFault::Unplugged),
];

pub(super) fn printer(name: &str) -> Option<Box<dyn Twin>> {
    Some(Box::new(PrinterTwin::plug(name)?))
}

impl Twin for PrinterTwin {
    fn show(&self, view: &mut TwinView) {
        let usual = ["ok", "close_drawer", "tear_off"];
        view.buttons =
            FAULTS.iter().map(|(name, _)| *name).chain(usual).map(str::to_owned).collect();
        let on = self.faults();
        let names = FAULTS.iter().filter(|(_, fault)| on.contains(fault));
        view.faults = names.map(|(name, _)| (*name).to_owned()).collect();
        view.drawer_open = Some(self.drawer_is_open());
        let paper: Vec<PaperView> = self.paper().into_iter().flat_map(pieces).collect();
        let start = paper.len().saturating_sub(SHOWN);
        view.paper = paper.into_iter().skip(start).collect();
    }

    fn press(&self, button: &str, _: Option<&str>) -> Result<(), String> {
        if let Some((_, fault)) = FAULTS.iter().find(|(name, _)| *name == button) {
            self.set_fault(*fault, true);
            return Ok(());
        }
        match button {
            "ok" => self.faults().into_iter().for_each(|fault| self.set_fault(fault, false)),
            "close_drawer" => self.close_drawer(),
            "tear_off" => self.tear_off(),
            _ => return Err(unknown_button(button)),
        }
        Ok(())
    }
}

fn pieces(item: PaperItem) -> Vec<PaperView> {
    let plain = |kind: &str, text: String, align| PaperView {
        kind: kind.to_owned(),
        text,
        align: side(align).to_owned(),
        ..PaperView::default()
    };
    match item {
        PaperItem::Line { spans, align } => vec![line(&spans, align)],
        PaperItem::Image(image) => {
            let width = u32::from(image.bytes_a_row) * 8;
            let height = u32::try_from(image.height()).unwrap_or(0);
            let align = image.align;
            vec![plain("image", drawing(width, height, 1, &image.runs()), align)]
        }
        PaperItem::Code { kind, data } => {
            let drawn = Qr::new(&data).filter(|_| kind == "QR").map(|qr| {
                let side = u32::try_from(qr.size()).unwrap_or(0);
                plain("image", drawing(side, side, 4, &qr.runs()), PaperAlign::Centre)
            });
            let code = plain("code", data, PaperAlign::Centre);
            drawn.into_iter().chain([code]).collect()
        }
        PaperItem::Feed(lines) => {
            vec![plain("text", String::new(), PaperAlign::Left); usize::from(lines)]
        }
        PaperItem::Cut => vec![plain("cut", String::new(), PaperAlign::Left)],
        // It leaves nothing on the paper.
        PaperItem::Pulse(_) => Vec::new(),
        PaperItem::Unknown(bytes) => {
            let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            vec![plain("text", format!("[{}]", hex.join(" ")), PaperAlign::Left)]
        }
    }
}

/// A line looks as its first letters do; within a line only the letters' table changes.
fn line(spans: &[PaperSpan], align: PaperAlign) -> PaperView {
    let first = spans.first();
    let is = |of: fn(&PaperSpan) -> bool| first.is_some_and(of);
    PaperView {
        kind: "text".to_owned(),
        text: spans.iter().map(|span| span.text.as_str()).collect(),
        bold: is(|span| span.bold),
        wide: is(|span| span.wide > 1),
        tall: is(|span| span.tall > 1),
        inverse: is(|span| span.inverse),
        underline: is(|span| span.underline),
        align: side(align).to_owned(),
    }
}

const fn side(align: PaperAlign) -> &'static str {
    match align {
        PaperAlign::Left => "left",
        PaperAlign::Centre => "center",
        PaperAlign::Right => "right",
    }
}

/// Dots as a picture that a page can show.
fn drawing(width: u32, height: u32, scale: u32, runs: &[(usize, usize, usize)]) -> String {
    let mut path = String::new();
    for (x, y, length) in runs {
        let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
    }
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{}\" height=\"{}\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>",
        width * scale,
        height * scale
    );
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))
}
