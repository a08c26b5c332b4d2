// Written by `cargo xtask bindings` from the command list. Do not edit.

/**
 * Sets up a printer.
 */
export type AddDevice = { 
/**
 * What people call it.
 */
name: string, 
/**
 * Where it is.
 */
address: string, 
/**
 * The paper's width in characters, 20 to 64; none for 48.
 */
columns: number | null, 
/**
 * Whether it opens the drawer for a cash sale; none for yes.
 */
drawer: boolean | null, };

/**
 * A tap on a tile.
 */
export type AddRequest = { 
/**
 * Into which basket.
 */
basket_id: string, 
/**
 * What.
 */
variant_id: string, 
/**
 * How much, in thousandths; none for one.
 */
quantity: number | null, 
/**
 * The price of one unit, for an open price.
 */
price: number | null, };

/**
 * A basket after something came in, and the line that it came to.
 */
export type Added = { 
/**
 * The basket.
 */
basket: BasketView, 
/**
 * The line to show.
 */
line_id: string, };

/**
 * Names a basket.
 */
export type BasketRequest = { 
/**
 * Which.
 */
basket_id: string, };

/**
 * A basket, priced.
 */
export type BasketView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its lines.
 */
lines: Array<LineView>, 
/**
 * Taxes, by tax.
 */
taxes: Array<TaxView>, 
/**
 * Everything.
 */
total: number, 
/**
 * What was paid so far.
 */
tenders: Array<TenderView>, 
/**
 * What is left to pay.
 */
due: number, 
/**
 * Round amounts that a customer may hand over for what is due, the exact one first.
 */
quick_cash: Array<QuickCash>, 
/**
 * What Undo would take back; none if there is nothing.
 */
undo: UndoView | null, 
/**
 * How many other baskets are parked.
 */
parked: number, };

/**
 * Asks for tiles.
 */
export type Browse = { 
/**
 * Of this category; none for the favourites.
 */
category: string | null, 
/**
 * Continue after this cursor.
 */
after: string | null, };

/**
 * Every category with something in it.
 */
export type Categories = { 
/**
 * In the shop's order.
 */
categories: Array<Category>, };

/**
 * A category with something in it.
 */
export type Category = { 
/**
 * Its name.
 */
name: string, 
/**
 * How many items it holds.
 */
items: number, 
/**
 * 1 to 6: which ink its icons have.
 */
ink: number, };

/**
 * Told to every client when something changed: what is shown of it should be asked for again.
 */
export type Changed = { 
/**
 * `basket`, `orders`, `register`, `prints`, `catalog` or `devices`.
 */
tags: Array<string>, 
/**
 * The client whose command changed it; it has the answer already.
 */
origin: string, };

/**
 * Closes the open shift.
 */
export type CloseShift = { 
/**
 * The cash found in the drawer.
 */
counted: number, };

/**
 * Every device, and where one could be.
 */
export type DeviceList = { 
/**
 * The devices.
 */
devices: Array<DeviceView>, 
/**
 * Addresses of serial ports found on this machine.
 */
ports: Array<string>, };

/**
 * Names a device.
 */
export type DeviceRequest = { 
/**
 * Which.
 */
device_id: string, };

/**
 * A device on the counter.
 */
export type DeviceView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What people call it: `Front printer`.
 */
name: string, 
/**
 * Where it is: `serial:/dev/ttyUSB0?baud=9600`, `tcp:127.0.0.1:9100`, `file:/tmp/paper.bin`.
 */
address: string, 
/**
 * The paper's width in characters: 48 for 80 mm, 32 for 58 mm.
 */
columns: number, 
/**
 * Whether it opens the drawer for a cash sale.
 */
drawer: boolean, };

/**
 * A file.
 */
export type FileView = { 
/**
 * A name to save it by.
 */
name: string, 
/**
 * Its media type.
 */
media_type: string, 
/**
 * Its bytes in Base64 (RFC 4648 section 4).
 */
base64: string, };

/**
 * Looks for sales.
 */
export type FindOrders = { 
/**
 * A receipt number or the beginning of words in an item's name; empty for all.
 */
text: string, 
/**
 * Continue after this cursor.
 */
after: string | null, };

/**
 * Asks for one item.
 */
export type ItemRequest = { 
/**
 * Which.
 */
item_id: string, };

/**
 * An item with the variants to choose from.
 */
export type ItemView = { 
/**
 * The item.
 */
item_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Names of what tells variants apart: `Size`, `Colour`.
 */
option_names: Array<string>, 
/**
 * The variants.
 */
variants: Array<VariantView>, };

/**
 * Names a line.
 */
export type LineRequest = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * Which line.
 */
line_id: string, };

/**
 * A line of a basket or a sale.
 */
export type LineView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The variant.
 */
variant_id: string, 
/**
 * The item, for the tile's count.
 */
item_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How much, in thousandths.
 */
quantity: number, 
/**
 * `piece`, `kilogram`, `litre` or `metre`.
 */
unit: string, 
/**
 * The price of one unit.
 */
unit_price: number, 
/**
 * The catalogue's price of one unit, where another one is asked.
 */
list_price: number | null, 
/**
 * Why.
 */
price_reason: string | null, 
/**
 * A note.
 */
note: string | null, 
/**
 * What the line comes to.
 */
total: number, };

/**
 * A request without any field: `{}`.
 */
export type Nothing = Record<symbol, never>;

/**
 * Opens a shift.
 */
export type OpenShift = { 
/**
 * The change put into the drawer.
 */
float: number, };

/**
 * A sale in a list.
 */
export type OrderRow = { 
/**
 * Its id.
 */
id: string, 
/**
 * The receipt's number.
 */
receipt: string, 
/**
 * When, on the shop's wall clock: `2026-11-23 14:08`.
 */
local_time: string, 
/**
 * Who sold.
 */
cashier: string, 
/**
 * How it was paid.
 */
paid_with: Array<PayWith>, 
/**
 * What was paid.
 */
total: number, 
/**
 * How many lines.
 */
lines: number, };

/**
 * A page of sales, the newest first.
 */
export type Orders = { 
/**
 * The sales.
 */
orders: Array<OrderRow>, 
/**
 * Where to continue, if there is more.
 */
next: string | null, };

/**
 * What a payment led to: the basket if something is left to pay, else the sale.
 */
export type Paid = { 
/**
 * The basket, with what is still due.
 */
basket: BasketView | null, 
/**
 * The completed sale: it is on disk.
 */
sale: SaleView | null, };

/**
 * Paper for a PDF.
 */
export type Paper = "roll" | "a4";

/**
 * Parks a basket.
 */
export type Park = { 
/**
 * Which.
 */
basket_id: string, 
/**
 * A word to know it by; may be empty.
 */
label: string, };

/**
 * Every parked basket.
 */
export type ParkedList = { 
/**
 * The baskets, the newest last.
 */
baskets: Array<ParkedView>, };

/**
 * A parked basket.
 */
export type ParkedView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its label; may be empty.
 */
label: string, 
/**
 * How many lines.
 */
lines: number, 
/**
 * Names of the first few.
 */
names: Array<string>, 
/**
 * What it comes to.
 */
total: number, };

/**
 * Takes a payment. Safe to send again: the same tender id never counts twice, and a basket that
 * is paid answers with the sale that it became.
 */
export type PayRequest = { 
/**
 * For which basket.
 */
basket_id: string, 
/**
 * Made by the client, kept over every retry.
 */
tender_id: string, 
/**
 * How.
 */
kind: PayWith, 
/**
 * What was handed over: for cash it may be more than is due.
 */
offered: number, 
/**
 * Whether to print the receipt when this completes the sale.
 */
print: boolean, };

/**
 * A way to pay.
 */
export type PayWith = "cash" | "card_external";

/**
 * Asks for a receipt as PDF.
 */
export type PdfRequest = { 
/**
 * Of which sale.
 */
sale_id: string, 
/**
 * On what paper.
 */
paper: Paper, };

/**
 * Names a print job.
 */
export type PrintJobRequest = { 
/**
 * Which.
 */
job_id: string, };

/**
 * Something that waits for a printer or for a person.
 */
export type PrintJobView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Of which sale.
 */
sale_id: string, 
/**
 * The receipt's number.
 */
receipt: string, 
/**
 * Where it is.
 */
status: PrintStatus, 
/**
 * What is in the way, in plain words; empty if nothing is.
 */
trouble: string, };

/**
 * Everything that waits for a printer.
 */
export type PrintQueue = { 
/**
 * The jobs, the oldest first.
 */
jobs: Array<PrintJobView>, };

/**
 * Where a receipt on paper is.
 */
export type PrintStatus = "none" | "waiting" | "printing" | "printed" | "parked";

/**
 * The receipt printer at a glance.
 */
export type PrinterState = "none" | "ready" | "trouble";

/**
 * An amount that a customer may hand over.
 */
export type QuickCash = { 
/**
 * The amount.
 */
amount: number, 
/**
 * The change that it gives.
 */
change: number, };

/**
 * A receipt to look at.
 */
export type ReceiptPreview = { 
/**
 * As a fixed-width column of text, just as it would be printed.
 */
text: string, };

/**
 * Why a command was refused. A client acts on the code; the message is for a person.
 */
export type Refusal = { 
/**
 * A lasting name such as `unknown_barcode`.
 */
code: string, 
/**
 * What happened and what to do, in plain words.
 */
message: string, 
/**
 * What it is about: the barcode, the item; may be empty.
 */
about: string, };

/**
 * What a screen needs to know before anything else.
 */
export type RegisterState = { 
/**
 * Name of the shop, as on the receipt.
 */
shop: string, 
/**
 * Short name of this register: `T1`.
 */
register: string, 
/**
 * ISO 4217 code of every amount.
 */
currency: string, 
/**
 * Decimal places of the minor unit.
 */
exponent: number, 
/**
 * Who is at the till.
 */
actor: string, 
/**
 * Their role.
 */
role: "owner" | "manager" | "cashier", 
/**
 * What they may do.
 */
rights: Array<string>, 
/**
 * The open shift, or none: then nothing can be sold yet.
 */
shift: ShiftView | null, 
/**
 * What the printer says, in one word for the status bar.
 */
printer: PrinterState, 
/**
 * Receipts that wait for their printer.
 */
prints_waiting: number, 
/**
 * Messages that wait for other systems.
 */
outbox_waiting: number, 
/**
 * True on the demo store.
 */
demo: boolean, 
/**
 * The program's version.
 */
version: string, };

/**
 * Names a sale.
 */
export type SaleRequest = { 
/**
 * Which.
 */
sale_id: string, };

/**
 * A completed sale.
 */
export type SaleView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The receipt's number: `T1-1042`.
 */
receipt: string, 
/**
 * When, milliseconds since 1970 UTC.
 */
at: number, 
/**
 * When, on the shop's wall clock: `2026-11-23 14:08`.
 */
local_time: string, 
/**
 * Day in the books.
 */
business_day: string, 
/**
 * Who sold.
 */
cashier: string, 
/**
 * Its lines.
 */
lines: Array<LineView>, 
/**
 * Its taxes.
 */
taxes: Array<TaxView>, 
/**
 * Its payments.
 */
tenders: Array<TenderView>, 
/**
 * Without tax.
 */
net: number, 
/**
 * What was paid.
 */
total: number, 
/**
 * Cash handed back.
 */
change: number, 
/**
 * Where its paper receipt is.
 */
print: PrintStatus, };

/**
 * A scanned code.
 */
export type ScanRequest = { 
/**
 * Into which basket.
 */
basket_id: string, 
/**
 * As the scanner gave it.
 */
code: string, };

/**
 * Asks for what matches a few typed letters.
 */
export type Search = { 
/**
 * What was typed; each word is the beginning of a word in the name, or of an article number.
 */
text: string, };

/**
 * Sets or clears a note.
 */
export type SetNote = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * Which line.
 */
line_id: string, 
/**
 * Empty clears it.
 */
note: string, };

/**
 * Sets another price.
 */
export type SetPrice = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * Which line.
 */
line_id: string, 
/**
 * For one unit; none takes the override back.
 */
price: number | null, 
/**
 * Why, as printed.
 */
reason: string, };

/**
 * Sets how much.
 */
export type SetQuantity = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * Which line.
 */
line_id: string, 
/**
 * In thousandths.
 */
quantity: number, };

/**
 * How a shift ended.
 */
export type ShiftClosed = { 
/**
 * Its sales.
 */
sales: number, 
/**
 * All they came to.
 */
takings: number, 
/**
 * Of it, cash.
 */
cash: number, 
/**
 * Of it, card.
 */
card: number, 
/**
 * What the drawer should have held.
 */
expected: number, 
/**
 * What it held.
 */
counted: number, 
/**
 * Counted less expected: negative is short.
 */
over_short: number, };

/**
 * An open shift.
 */
export type ShiftView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Day in the books: `2026-11-23`.
 */
business_day: string, 
/**
 * When it was opened, milliseconds since 1970 UTC.
 */
opened_at: number, 
/**
 * By whom.
 */
opened_by: string, 
/**
 * The float.
 */
float: number, 
/**
 * Sales so far.
 */
sales: number, 
/**
 * Cash taken so far, change deducted.
 */
cash: number, 
/**
 * Card payments so far.
 */
card: number, 
/**
 * What the drawer should hold: float plus cash.
 */
expected: number, };

/**
 * The shop's settings, whole: setting them replaces all.
 */
export type ShopSettings = { 
/**
 * Its name, as on the receipt.
 */
name: string, 
/**
 * Lines under the name.
 */
address: Array<string>, 
/**
 * Its number with the tax office.
 */
tax_number: string | null, 
/**
 * Lines at the end of a receipt.
 */
footer: Array<string>, 
/**
 * Its taxes.
 */
taxes: Array<TaxSetting>, };

/**
 * Takes a payment back before the sale is complete.
 */
export type TakeBack = { 
/**
 * Of which basket.
 */
basket_id: string, 
/**
 * Which payment.
 */
tender_id: string, };

/**
 * A tax of a class of items.
 */
export type TaxSetting = { 
/**
 * Which items: `standard`, `reduced-rate`.
 */
class: string, 
/**
 * As printed: `VAT`.
 */
name: string, 
/**
 * The percentage, as text: `13.5`.
 */
rate: string, 
/**
 * True if the prices contain it.
 */
inclusive: boolean, };

/**
 * A tax of the whole basket or sale.
 */
export type TaxView = { 
/**
 * As printed: `VAT`.
 */
name: string, 
/**
 * The percentage, as text: `20`.
 */
rate: string, 
/**
 * True if the prices contain it.
 */
inclusive: boolean, 
/**
 * What it was taken on.
 */
base: number, 
/**
 * How much.
 */
amount: number, };

/**
 * A payment.
 */
export type TenderView = { 
/**
 * Its id.
 */
id: string, 
/**
 * How.
 */
kind: PayWith, 
/**
 * What it counts for.
 */
amount: number, 
/**
 * What was handed over.
 */
received: number, 
/**
 * What goes back.
 */
change: number, };

/**
 * Something to tap: an item, or one variant of it.
 */
export type Tile = { 
/**
 * The item.
 */
item_id: string, 
/**
 * The variant to add at a tap; none if the item has several and one must be chosen.
 */
variant_id: string | null, 
/**
 * Its name.
 */
name: string, 
/**
 * Price of one unit, the lowest of several; none for an open price.
 */
price: number | null, 
/**
 * True if variants differ in price: "from".
 */
price_from: boolean, 
/**
 * `piece`, `kilogram`, `litre` or `metre`.
 */
unit: string, 
/**
 * The category.
 */
category: string | null, 
/**
 * 1 to 6: the category's ink.
 */
ink: number, 
/**
 * A picture's address: `/media/…` of the register itself, or none.
 */
image: string | null, 
/**
 * What is left, in thousandths, where stock is tracked.
 */
stock: number | null, };

/**
 * Up to a screenful of tiles.
 */
export type Tiles = { 
/**
 * The tiles.
 */
tiles: Array<Tile>, 
/**
 * Where to continue, if there is more.
 */
next: string | null, };

/**
 * What Undo would take back.
 */
export type UndoView = { 
/**
 * `added`, `changed`, `removed` or `cleared`.
 */
kind: "added" | "changed" | "removed" | "cleared", 
/**
 * The item; empty for all.
 */
name: string, };

/**
 * A variant to choose.
 */
export type VariantView = { 
/**
 * Its id.
 */
variant_id: string, 
/**
 * Its choices, in the order of the item's option names.
 */
options: Array<string>, 
/**
 * Price of one unit.
 */
price: number | null, 
/**
 * The price before a reduction.
 */
compare_at: number | null, 
/**
 * What is left, in thousandths, where stock is tracked.
 */
stock: number | null, 
/**
 * The article number.
 */
sku: string | null, };

/** Every command with what it takes and gives. */
export interface Commands {
  "register.state": { request: Nothing; reply: RegisterState };
  "shift.open": { request: OpenShift; reply: RegisterState };
  "shift.close": { request: CloseShift; reply: ShiftClosed };
  "catalog.categories": { request: Nothing; reply: Categories };
  "catalog.browse": { request: Browse; reply: Tiles };
  "catalog.search": { request: Search; reply: Tiles };
  "catalog.item": { request: ItemRequest; reply: ItemView };
  "basket.current": { request: Nothing; reply: BasketView };
  "basket.scan": { request: ScanRequest; reply: Added };
  "basket.add": { request: AddRequest; reply: Added };
  "basket.set_quantity": { request: SetQuantity; reply: BasketView };
  "basket.set_price": { request: SetPrice; reply: BasketView };
  "basket.set_note": { request: SetNote; reply: BasketView };
  "basket.remove_line": { request: LineRequest; reply: BasketView };
  "basket.clear": { request: BasketRequest; reply: BasketView };
  "basket.undo": { request: BasketRequest; reply: BasketView };
  "basket.park": { request: Park; reply: BasketView };
  "basket.parked": { request: Nothing; reply: ParkedList };
  "basket.recall": { request: BasketRequest; reply: BasketView };
  "pay.tender": { request: PayRequest; reply: Paid };
  "pay.take_back": { request: TakeBack; reply: BasketView };
  "orders.find": { request: FindOrders; reply: Orders };
  "orders.get": { request: SaleRequest; reply: SaleView };
  "receipt.preview": { request: SaleRequest; reply: ReceiptPreview };
  "receipt.pdf": { request: PdfRequest; reply: FileView };
  "receipt.print": { request: SaleRequest; reply: PrintJobView };
  "prints.waiting": { request: Nothing; reply: PrintQueue };
  "prints.retry": { request: PrintJobRequest; reply: PrintQueue };
  "prints.set_aside": { request: PrintJobRequest; reply: PrintQueue };
  "shop.get": { request: Nothing; reply: ShopSettings };
  "shop.set": { request: ShopSettings; reply: ShopSettings };
  "devices.list": { request: Nothing; reply: DeviceList };
  "devices.add": { request: AddDevice; reply: DeviceList };
  "devices.test": { request: DeviceRequest; reply: Nothing };
  "devices.remove": { request: DeviceRequest; reply: DeviceList };
}
