//! Wire types: what a client sends and gets, over the window's bridge and over HTTP alike.
//!
//! Fields are only added. Amounts are minor units of the register's currency (cents for EUR),
//! quantities thousandths of a unit (642 is 0.642 kg); both fit a JavaScript number exactly.

use countertop_domain::ids::{
    BasketId, DeviceId, ItemId, LineId, PrintJobId, SaleId, ShiftId, TenderId, VariantId,
};
use countertop_domain::staff::{Right, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A request without any field: `{}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

// --- the register ---------------------------------------------------------------------------

/// What a screen needs to know before anything else.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct RegisterState {
    /// Name of the shop, as on the receipt.
    pub shop: String,
    /// Short name of this register: `T1`.
    pub register: String,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// Decimal places of the minor unit.
    pub exponent: u32,
    /// Who is at the till.
    pub actor: String,
    /// Their role.
    #[ts(type = "\"owner\" | \"manager\" | \"cashier\"")]
    pub role: Role,
    /// What they may do.
    #[ts(type = "Array<string>")]
    pub rights: Vec<Right>,
    /// The open shift, or none: then nothing can be sold yet.
    pub shift: Option<ShiftView>,
    /// What the printer says, in one word for the status bar.
    pub printer: PrinterState,
    /// Receipts that wait for their printer.
    pub prints_waiting: u32,
    /// Messages that wait for other systems.
    pub outbox_waiting: u32,
    /// True on the demo store.
    pub demo: bool,
    /// The program's version.
    pub version: String,
}

/// The receipt printer at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrinterState {
    /// None is set up.
    None,
    /// The last job went through, or none was tried yet.
    Ready,
    /// The last job failed; receipts wait.
    Trouble,
}

/// An open shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ShiftView {
    /// Its id.
    #[ts(type = "string")]
    pub id: ShiftId,
    /// Day in the books: `2026-11-23`.
    pub business_day: String,
    /// When it was opened, milliseconds since 1970 UTC.
    pub opened_at: i64,
    /// By whom.
    pub opened_by: String,
    /// The float.
    pub float: i64,
    /// Sales so far.
    pub sales: u32,
    /// Cash taken so far, change deducted.
    pub cash: i64,
    /// Card payments so far.
    pub card: i64,
    /// What the drawer should hold: float plus cash.
    pub expected: i64,
}

/// Opens a shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OpenShift {
    /// The change put into the drawer.
    pub float: i64,
}

/// Closes the open shift.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CloseShift {
    /// The cash found in the drawer.
    pub counted: i64,
}

/// How a shift ended.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ShiftClosed {
    /// Its sales.
    pub sales: u32,
    /// All they came to.
    pub takings: i64,
    /// Of it, cash.
    pub cash: i64,
    /// Of it, card.
    pub card: i64,
    /// What the drawer should have held.
    pub expected: i64,
    /// What it held.
    pub counted: i64,
    /// Counted less expected: negative is short.
    pub over_short: i64,
}

// --- the catalogue --------------------------------------------------------------------------

/// A category with something in it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// How many items it holds.
    pub items: u32,
    /// 1 to 6: which ink its icons have.
    pub ink: u8,
}

/// Every category with something in it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Categories {
    /// In the shop's order.
    pub categories: Vec<Category>,
}

/// Asks for tiles.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Browse {
    /// Of this category; none for the favourites.
    pub category: Option<String>,
    /// Continue after this cursor.
    pub after: Option<String>,
}

/// Asks for what matches a few typed letters.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What was typed; each word is the beginning of a word in the name, or of an article number.
    pub text: String,
}

/// Up to a screenful of tiles.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Tiles {
    /// The tiles.
    pub tiles: Vec<Tile>,
    /// Where to continue, if there is more.
    pub next: Option<String>,
}

/// Something to tap: an item, or one variant of it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Tile {
    /// The item.
    #[ts(type = "string")]
    pub item_id: ItemId,
    /// The variant to add at a tap; none if the item has several and one must be chosen.
    #[ts(type = "string | null")]
    pub variant_id: Option<VariantId>,
    /// Its name.
    pub name: String,
    /// Price of one unit, the lowest of several; none for an open price.
    pub price: Option<i64>,
    /// True if variants differ in price: "from".
    pub price_from: bool,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// The category.
    pub category: Option<String>,
    /// 1 to 6: the category's ink.
    pub ink: u8,
    /// A picture's address: `/media/…` of the register itself, or none.
    pub image: Option<String>,
    /// What is left, in thousandths, where stock is tracked.
    pub stock: Option<i64>,
}

/// Asks for one item.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ItemRequest {
    /// Which.
    #[ts(type = "string")]
    pub item_id: ItemId,
}

/// An item with the variants to choose from.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ItemView {
    /// The item.
    #[ts(type = "string")]
    pub item_id: ItemId,
    /// Its name.
    pub name: String,
    /// Names of what tells variants apart: `Size`, `Colour`.
    pub option_names: Vec<String>,
    /// The variants.
    pub variants: Vec<VariantView>,
}

/// A variant to choose.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct VariantView {
    /// Its id.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// Its choices, in the order of the item's option names.
    pub options: Vec<String>,
    /// Price of one unit.
    pub price: Option<i64>,
    /// The price before a reduction.
    pub compare_at: Option<i64>,
    /// What is left, in thousandths, where stock is tracked.
    pub stock: Option<i64>,
    /// The article number.
    pub sku: Option<String>,
}

// --- the basket -----------------------------------------------------------------------------

/// A basket, priced.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BasketView {
    /// Its id.
    #[ts(type = "string")]
    pub id: BasketId,
    /// Its lines.
    pub lines: Vec<LineView>,
    /// Taxes, by tax.
    pub taxes: Vec<TaxView>,
    /// Everything.
    pub total: i64,
    /// What was paid so far.
    pub tenders: Vec<TenderView>,
    /// What is left to pay.
    pub due: i64,
    /// Round amounts that a customer may hand over for what is due, the exact one first.
    pub quick_cash: Vec<QuickCash>,
    /// What Undo would take back; none if there is nothing.
    pub undo: Option<UndoView>,
    /// How many other baskets are parked.
    pub parked: u32,
}

/// A line of a basket or a sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct LineView {
    /// Its id.
    #[ts(type = "string")]
    pub id: LineId,
    /// The variant.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// The item, for the tile's count.
    #[ts(type = "string")]
    pub item_id: ItemId,
    /// Its name.
    pub name: String,
    /// How much, in thousandths.
    pub quantity: i64,
    /// `piece`, `kilogram`, `litre` or `metre`.
    pub unit: String,
    /// The price of one unit.
    pub unit_price: i64,
    /// The catalogue's price of one unit, where another one is asked.
    pub list_price: Option<i64>,
    /// Why.
    pub price_reason: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// What the line comes to.
    pub total: i64,
}

/// A tax of the whole basket or sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TaxView {
    /// As printed: `VAT`.
    pub name: String,
    /// The percentage, as text: `20`.
    pub rate: String,
    /// True if the prices contain it.
    pub inclusive: bool,
    /// What it was taken on.
    pub base: i64,
    /// How much.
    pub amount: i64,
}

/// A payment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct TenderView {
    /// Its id.
    #[ts(type = "string")]
    pub id: TenderId,
    /// How.
    pub kind: PayWith,
    /// What it counts for.
    pub amount: i64,
    /// What was handed over.
    pub received: i64,
    /// What goes back.
    pub change: i64,
}

/// A way to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PayWith {
    /// Coins and notes.
    Cash,
    /// A card on a terminal of its own.
    CardExternal,
}

/// An amount that a customer may hand over.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct QuickCash {
    /// The amount.
    pub amount: i64,
    /// The change that it gives.
    pub change: i64,
}

/// What Undo would take back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct UndoView {
    /// `added`, `changed`, `removed` or `cleared`.
    #[ts(type = "\"added\" | \"changed\" | \"removed\" | \"cleared\"")]
    pub kind: countertop_domain::basket::StepKind,
    /// The item; empty for all.
    pub name: String,
}

/// Names a basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BasketRequest {
    /// Which.
    #[ts(type = "string")]
    pub basket_id: BasketId,
}

/// A scanned code.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ScanRequest {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// As the scanner gave it.
    pub code: String,
}

/// A basket after something came in, and the line that it came to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Added {
    /// The basket.
    pub basket: BasketView,
    /// The line to show.
    #[ts(type = "string")]
    pub line_id: LineId,
}

/// A tap on a tile.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddRequest {
    /// Into which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// What.
    #[ts(type = "string")]
    pub variant_id: VariantId,
    /// How much, in thousandths; none for one.
    pub quantity: Option<i64>,
    /// The price of one unit, for an open price.
    pub price: Option<i64>,
}

/// Sets how much.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetQuantity {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// In thousandths.
    pub quantity: i64,
}

/// Sets another price.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPrice {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// For one unit; none takes the override back.
    pub price: Option<i64>,
    /// Why, as printed.
    pub reason: String,
}

/// Sets or clears a note.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetNote {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
    /// Empty clears it.
    pub note: String,
}

/// Names a line.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LineRequest {
    /// Which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which line.
    #[ts(type = "string")]
    pub line_id: LineId,
}

/// Parks a basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Park {
    /// Which.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// A word to know it by; may be empty.
    pub label: String,
}

/// A parked basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ParkedView {
    /// Its id.
    #[ts(type = "string")]
    pub id: BasketId,
    /// Its label; may be empty.
    pub label: String,
    /// How many lines.
    pub lines: u32,
    /// Names of the first few.
    pub names: Vec<String>,
    /// What it comes to.
    pub total: i64,
}

/// Every parked basket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ParkedList {
    /// The baskets, the newest last.
    pub baskets: Vec<ParkedView>,
}

// --- paying ---------------------------------------------------------------------------------

/// Takes a payment. Safe to send again: the same tender id never counts twice, and a basket that
/// is paid answers with the sale that it became.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayRequest {
    /// For which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Made by the client, kept over every retry.
    #[ts(type = "string")]
    pub tender_id: TenderId,
    /// How.
    pub kind: PayWith,
    /// What was handed over: for cash it may be more than is due.
    pub offered: i64,
    /// Whether to print the receipt when this completes the sale.
    pub print: bool,
}

/// What a payment led to: the basket if something is left to pay, else the sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Paid {
    /// The basket, with what is still due.
    pub basket: Option<BasketView>,
    /// The completed sale: it is on disk.
    pub sale: Option<SaleView>,
}

/// Takes a payment back before the sale is complete.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TakeBack {
    /// Of which basket.
    #[ts(type = "string")]
    pub basket_id: BasketId,
    /// Which payment.
    #[ts(type = "string")]
    pub tender_id: TenderId,
}

// --- orders and receipts --------------------------------------------------------------------

/// A completed sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SaleView {
    /// Its id.
    #[ts(type = "string")]
    pub id: SaleId,
    /// The receipt's number: `T1-1042`.
    pub receipt: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// When, on the shop's wall clock: `2026-11-23 14:08`.
    pub local_time: String,
    /// Day in the books.
    pub business_day: String,
    /// Who sold.
    pub cashier: String,
    /// Its lines.
    pub lines: Vec<LineView>,
    /// Its taxes.
    pub taxes: Vec<TaxView>,
    /// Its payments.
    pub tenders: Vec<TenderView>,
    /// Without tax.
    pub net: i64,
    /// What was paid.
    pub total: i64,
    /// Cash handed back.
    pub change: i64,
    /// Where its paper receipt is.
    pub print: PrintStatus,
}

/// Where a receipt on paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrintStatus {
    /// Not asked for.
    None,
    /// Waits for the printer.
    Waiting,
    /// On its way.
    Printing,
    /// Sent to the printer in full.
    Printed,
    /// Needs a person.
    Parked,
}

/// Looks for sales.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindOrders {
    /// A receipt number or the beginning of words in an item's name; empty for all.
    pub text: String,
    /// Continue after this cursor.
    pub after: Option<String>,
}

/// A page of sales, the newest first.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Orders {
    /// The sales.
    pub orders: Vec<OrderRow>,
    /// Where to continue, if there is more.
    pub next: Option<String>,
}

/// A sale in a list.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct OrderRow {
    /// Its id.
    #[ts(type = "string")]
    pub id: SaleId,
    /// The receipt's number.
    pub receipt: String,
    /// When, on the shop's wall clock: `2026-11-23 14:08`.
    pub local_time: String,
    /// Who sold.
    pub cashier: String,
    /// How it was paid.
    pub paid_with: Vec<PayWith>,
    /// What was paid.
    pub total: i64,
    /// How many lines.
    pub lines: u32,
}

/// Names a sale.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaleRequest {
    /// Which.
    #[ts(type = "string")]
    pub sale_id: SaleId,
}

/// A receipt to look at.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ReceiptPreview {
    /// As a fixed-width column of text, just as it would be printed.
    pub text: String,
}

/// Asks for a receipt as PDF.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PdfRequest {
    /// Of which sale.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// On what paper.
    pub paper: Paper,
}

/// Paper for a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// An 80 mm roll.
    Roll,
    /// A sheet of A4.
    A4,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct FileView {
    /// A name to save it by.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes in Base64 (RFC 4648 section 4).
    pub base64: String,
}

/// Something that waits for a printer or for a person.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PrintJobView {
    /// Its id.
    #[ts(type = "string")]
    pub id: PrintJobId,
    /// Of which sale.
    #[ts(type = "string")]
    pub sale_id: SaleId,
    /// The receipt's number.
    pub receipt: String,
    /// Where it is.
    pub status: PrintStatus,
    /// What is in the way, in plain words; empty if nothing is.
    pub trouble: String,
}

/// Everything that waits for a printer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct PrintQueue {
    /// The jobs, the oldest first.
    pub jobs: Vec<PrintJobView>,
}

/// Names a print job.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PrintJobRequest {
    /// Which.
    #[ts(type = "string")]
    pub job_id: PrintJobId,
}

// --- devices --------------------------------------------------------------------------------

/// A device on the counter.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeviceView {
    /// Its id.
    #[ts(type = "string")]
    pub id: DeviceId,
    /// What people call it: `Front printer`.
    pub name: String,
    /// Where it is: `serial:/dev/ttyUSB0?baud=9600`, `tcp:127.0.0.1:9100`, `file:/tmp/paper.bin`.
    pub address: String,
    /// The paper's width in characters: 48 for 80 mm, 32 for 58 mm.
    pub columns: u32,
    /// Whether it opens the drawer for a cash sale.
    pub drawer: bool,
}

/// Every device, and where one could be.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DeviceList {
    /// The devices.
    pub devices: Vec<DeviceView>,
    /// Addresses of serial ports found on this machine.
    pub ports: Vec<String>,
}

/// Sets up a printer.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AddDevice {
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// The paper's width in characters, 20 to 64; none for 48.
    pub columns: Option<u32>,
    /// Whether it opens the drawer for a cash sale; none for yes.
    pub drawer: Option<bool>,
}

/// Names a device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeviceRequest {
    /// Which.
    #[ts(type = "string")]
    pub device_id: DeviceId,
}

// --- errors and events ----------------------------------------------------------------------

/// Why a command was refused. A client acts on the code; the message is for a person.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct Refusal {
    /// A lasting name such as `unknown_barcode`.
    pub code: String,
    /// What happened and what to do, in plain words.
    pub message: String,
    /// What it is about: the barcode, the item; may be empty.
    pub about: String,
}

/// Told to every client when something changed: what is shown of it should be asked for again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Changed {
    /// `basket`, `orders`, `register`, `prints`, `catalog` or `devices`.
    pub tags: Vec<String>,
    /// The client whose command changed it; it has the answer already.
    pub origin: String,
}
