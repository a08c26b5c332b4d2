//! The receipt as one HTML page: for mail, for the browser of a tablet, for printing from it.
//! Nothing is fetched and no script runs; the codes are drawn as SVG.

use std::fmt::Write;

use crate::clean::clean;
use crate::codes::{Bars, Qr};
use crate::doc::{Block, ItemRow, ReceiptDoc, TaxTable};
use crate::letters::is_right_to_left;

const STYLE: &str = "\
.receipt{max-width:24rem;margin:0 auto;padding:1rem;font:14px/1.4 system-ui,sans-serif;\
color:#111;background:#fff;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}\
.receipt h1{font-size:1.4em;margin:0;text-align:center}\
.receipt p{margin:0}.receipt .centre{text-align:center}\
.receipt .copy{margin:.5em 0;border:2px solid;font-weight:700;letter-spacing:.3em;\
text-align:center}\
.receipt .title{margin:.5em 0 0;font-size:1.2em;font-weight:700;text-align:center}\
.receipt .section{margin-top:.75em;font-weight:700}\
.receipt .sub{font-weight:700}.receipt .reduction{padding-inline-start:1em}\
.receipt hr{border:0;border-top:1px dashed #888;margin:.5em 0}\
.receipt .row{display:flex;justify-content:space-between;gap:1em}\
.receipt .row span:last-child{text-align:end;flex-shrink:0;max-width:70%}\
.receipt .total{font-size:1.3em;font-weight:700}\
.receipt .detail{padding-inline-start:1em;color:#555}\
.receipt table{width:100%;border-collapse:collapse;margin-top:.5em}\
.receipt th,.receipt td{padding:0;text-align:end;font-weight:400}\
.receipt th:first-child,.receipt td:first-child{text-align:start}\
.receipt thead th{color:#555}\
.receipt svg{display:block;margin:.5em auto}";

/// A whole page.
pub fn page(doc: &ReceiptDoc) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
        escape(&doc.language),
        escape(&doc.title),
        fragment(doc)
    )
}

/// The receipt alone, an `article` of class `receipt`, to be put into a page.
pub fn fragment(doc: &ReceiptDoc) -> String {
    let direction = if is_right_to_left(&doc.language) { " dir=\"rtl\"" } else { "" };
    let language = escape(&doc.language);
    let mut html = format!("<article class=\"receipt\" lang=\"{language}\"{direction}>\n");
    for block in &doc.blocks {
        html.push_str(&block_html(block));
        html.push('\n');
    }
    html.push_str("</article>\n");
    html
}

/// Text that is only text, in an element as in an attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn block_html(block: &Block) -> String {
    match block {
        Block::Heading(text) => format!("<h1>{}</h1>", escape(text)),
        Block::Title(text) => format!("<p class=\"title\">{}</p>", escape(text)),
        Block::Section(text) => format!("<p class=\"section\">{}</p>", escape(text)),
        Block::Banner(text) => format!("<p class=\"copy\">{}</p>", escape(text)),
        Block::Centred(text) | Block::Footer(text) => {
            format!("<p class=\"centre\">{}</p>", escape(text))
        }
        Block::Rule => "<hr>".to_owned(),
        Block::Text(text) => format!("<p>{}</p>", escape(text)),
        Block::Fact { label, value: amount }
        | Block::Amount { label, amount }
        | Block::Tender { label, amount } => row("row", label, amount),
        Block::Subtotal { label, amount } => row("row sub", label, amount),
        Block::Total { label, amount } => row("row total", label, amount),
        Block::Item(item) => item_html(item),
        Block::Taxes(table) => taxes_html(table),
        Block::Barcode(data) => Bars::code128(data).as_ref().map(barcode_svg).unwrap_or_default(),
        Block::ProductCode(data) => {
            Bars::product(data).as_ref().map(barcode_svg).unwrap_or_default()
        }
        Block::Picture(picture) => picture.svg(),
        Block::Qr(data) => Qr::new(data).map_or_else(String::new, |qr| qr_svg(&qr)),
    }
}

fn row(class: &str, left: &str, right: &str) -> String {
    let (left, right) = (escape(left), escape(right));
    format!("<p class=\"{class}\"><span>{left}</span> <span>{right}</span></p>")
}

fn item_html(item: &ItemRow) -> String {
    let mut html = row("row", &item.name, &item.amount);
    for detail in &item.details {
        html.push_str("\n<p class=\"detail\">");
        html.push_str(&escape(detail));
        html.push_str("</p>");
    }
    for reduction in &item.reductions {
        html.push('\n');
        html.push_str(&row("row reduction", &reduction.label, &reduction.amount));
    }
    html
}

fn taxes_html(table: &TaxTable) -> String {
    let cells = |tag: &str, cells: [&String; 3]| -> String {
        cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", escape(cell))).collect()
    };
    let body: String = table
        .rows
        .iter()
        .map(|row| format!("<tr>{}</tr>\n", cells("td", [&row.name, &row.base, &row.tax])))
        .collect();
    let head = cells("th", table.headings.each_ref());
    format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>")
}

fn barcode_svg(code: &Bars) -> String {
    let mut path = String::new();
    let mut x = 10;
    for (index, bar) in code.widths().into_iter().enumerate() {
        if index % 2 == 0 {
            let _ = write!(path, "M{x} 0h{bar}v30h-{bar}z");
        }
        x += u32::from(bar);
    }
    svg(code.data(), x + 10, 30, &path)
}

fn qr_svg(qr: &Qr) -> String {
    let mut path = String::new();
    for (x, y, length) in qr.runs() {
        let (x, y) = (x + Qr::QUIET, y + Qr::QUIET);
        let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
    }
    let side = u32::try_from(qr.size() + 2 * Qr::QUIET).unwrap_or_default();
    svg(qr.data(), side, side, &path)
}

/// A drawing in modules, shown at three pixels each or as wide as the paper.
fn svg(label: &str, width: u32, height: u32, path: &str) -> String {
    format!(
        "<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {width} {height}\" width=\"{}\" \
         style=\"max-width:100%\" shape-rendering=\"crispEdges\"><path d=\"{path}\"/></svg>",
        escape(label),
        if width == height { width * 3 } else { width * 2 }
    )
}

#[cfg(test)]
mod tests {
    use super::{block_html, escape};
    use crate::doc::{Block, ItemRow, ReductionRow};

    #[test]
    fn a_name_can_never_become_markup() {
        let item = Block::Item(ItemRow {
            name: "<script>alert('x')</script>".to_owned(),
            amount: "\"1\"".to_owned(),
            details: vec!["a & b\u{1b}\n<b>".to_owned()],
            reductions: vec![ReductionRow { label: "<i>".to_owned(), amount: "-1".to_owned() }],
        });
        assert_eq!(
            block_html(&item),
            "<p class=\"row\"><span>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</span> \
             <span>&quot;1&quot;</span></p>\n<p class=\"detail\">a &amp; b &lt;b&gt;</p>\n\
             <p class=\"row reduction\"><span>&lt;i&gt;</span> <span>-1</span></p>"
        );
        assert_eq!(escape("抹茶 é"), "抹茶 é");
    }
}
