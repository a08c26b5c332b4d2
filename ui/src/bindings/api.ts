// Written by `cargo xtask bindings` from the command list. Do not edit.

/**
 * Lets a device in.
 */
export type AcceptPairing = { 
/**
 * Which pairing.
 */
pairing_id: string, 
/**
 * For what.
 */
grant: DeviceGrant, 
/**
 * The most that it is trusted with.
 */
role: "owner" | "manager" | "cashier", };

/**
 * Sets up a device.
 */
export type AddDevice = { 
/**
 * What it is for; none for a printer.
 */
kind?: string | null, 
/**
 * The language that it speaks; none for the usual one of its kind.
 */
driver?: string | null, 
/**
 * What people call it.
 */
name: string, 
/**
 * Where it is; `twin` for one that this program plays itself.
 */
address: string, 
/**
 * How it is set, by name; what is left out is as usual.
 */
options?: { [key in string]: string } | null, 
/**
 * A printer's width in characters, 20 to 64; none for 48.
 */
columns: number | null, 
/**
 * Whether a printer opens the drawer for a cash sale; none for yes.
 */
drawer: boolean | null, };

/**
 * Sells a gift card.
 */
export type AddGiftCard = { 
/**
 * Into which basket.
 */
basket_id: string, 
/**
 * The code on the card; empty for a new one.
 */
code: string, 
/**
 * What is loaded on it.
 */
amount: number, };

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
 * Takes back part of a sold line.
 */
export type AddReturn = { 
/**
 * Into which basket.
 */
basket_id: string, 
/**
 * From which sale.
 */
sale_id: string, 
/**
 * Which line of it.
 */
line_id: string, 
/**
 * How much, in thousandths.
 */
quantity: number, 
/**
 * Why; may be empty.
 */
reason: string, };

/**
 * Takes goods back that no receipt shows, at today's price or a lower one.
 */
export type AddReturnUnseen = { 
/**
 * Into which basket.
 */
basket_id: string, 
/**
 * What.
 */
variant_id: string, 
/**
 * How much, in thousandths.
 */
quantity: number, 
/**
 * For one unit; none for today's price.
 */
price: number | null, 
/**
 * Why; needed.
 */
reason: string, };

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
line_id: string, 
/**
 * What the cashier should know of it, in words: its best-before day is over.
 */
warning: string | null, };

/**
 * One rule that touched a line's price.
 */
export type AdjustmentView = { 
/**
 * `price_book`, `override`, `promotion`, `coupon`, `line_discount`, `basket_discount` or `position`.
 */
kind: string, 
/**
 * As printed: the promotion's name or the discount's reason; may be empty.
 */
name: string, 
/**
 * The percentage as text, where it is one.
 */
percent: string | null, 
/**
 * Its exact effect: below nothing takes off.
 */
amount: number, };

/**
 * Every app.
 */
export type AppList = { 
/**
 * By name.
 */
apps: Array<AppView>, 
/**
 * Whether links of Square's own kind (`square-commerce-v1://`) are taken.
 */
square_links: boolean, };

/**
 * One app.
 */
export type AppRef = { 
/**
 * Which.
 */
client_id: string, };

/**
 * An app that may hand the register an amount.
 */
export type AppView = { 
/**
 * What it calls itself in its requests.
 */
client_id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Where results may be told.
 */
callbacks: Array<string>, 
/**
 * What it may ask for: names such as `payments`.
 */
scopes: Array<string>, 
/**
 * True where the register itself posts results to https and loopback callbacks.
 */
post: boolean, 
/**
 * The token that it comes with over HTTP.
 */
token_id: string | null, 
/**
 * True for a test app: nothing that it asks for is in the books.
 */
sandbox: boolean, 
/**
 * When it was registered, milliseconds since 1970 UTC.
 */
created_ms: number, 
/**
 * Since when it may not ask any more.
 */
revoked_ms: number | null, };

/**
 * Asks for a report.
 */
export type AskReport = { 
/**
 * The first business day, such as `2026-11-01`.
 */
from: string, 
/**
 * The last one.
 */
to: string, 
/**
 * What a row of the sales report is; a day, if nothing is said.
 */
by?: ReportBy, 
/**
 * What to compare with.
 */
compare?: ReportCompare, 
/**
 * Rows at most: the largest. Not for the sales report.
 */
limit?: number, };

/**
 * A device that wants in.
 */
export type AskingDevice = { 
/**
 * What it calls itself.
 */
name: string, 
/**
 * Where it is.
 */
address: string, 
/**
 * Four digits that its own screen shows too.
 */
check: string, };

/**
 * A payment at a terminal, as the cashier sees it.
 */
export type AttemptView = { 
/**
 * Its id; of the tender that it becomes, too.
 */
tender_id: string, 
/**
 * For which basket.
 */
basket_id: string, 
/**
 * At which terminal.
 */
terminal_id: string, 
/**
 * What people call it.
 */
terminal: string, 
/**
 * What is asked of it.
 */
kind: CardKind, 
/**
 * How much; more than nothing.
 */
amount: number, 
/**
 * Where it is.
 */
state: CardState, 
/**
 * True while it may still go either way: neither its basket nor its terminal takes another.
 */
open: boolean, 
/**
 * What happened and what to do now, in plain words.
 */
words: string, 
/**
 * The last words of the terminal itself: `Insert card`; empty if it said nothing.
 */
says: string, 
/**
 * True once somebody asked to stop.
 */
stopping: boolean, 
/**
 * Whether `card.stop` may still do something.
 */
may_stop: boolean, 
/**
 * Whether `card.ask_again` may help.
 */
may_ask_again: boolean, 
/**
 * Whether this person may decide by hand now.
 */
may_resolve: boolean, 
/**
 * Paid at the terminal, but there is no sale.
 */
orphaned: boolean, 
/**
 * Whether a payment without a sale can be given back from here.
 */
may_reverse: boolean, 
/**
 * What the terminal told of it, once it is done.
 */
card?: CardView, 
/**
 * What the terminal showed as its last payment, while in doubt.
 */
seen?: CardView, 
/**
 * Of the person who decided by hand.
 */
reason: string, 
/**
 * When it was asked.
 */
local_time: string, 
/**
 * What the basket is called, or what is in it; empty if it is gone.
 */
basket_label: string, 
/**
 * The sale that the basket became.
 */
sale_id?: string, };

/**
 * Asks what was decided.
 */
export type AwaitPairing = { 
/**
 * The ticket of the claim.
 */
ticket: string, };

/**
 * An account for bank transfers.
 */
export type BankSetting = { 
/**
 * Whose it is.
 */
name: string, 
/**
 * IBAN.
 */
iban: string, 
/**
 * BIC; not needed within the SEPA area.
 */
bic: string | null, };

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
 * Goods that come back.
 */
returns: Array<ReturnView>, 
/**
 * Taxes, by tax.
 */
taxes: Array<TaxView>, 
/**
 * What promotions, coupons and discounts took off, each over all lines.
 */
reductions: Array<ReductionView>, 
/**
 * Who buys.
 */
customer: BuyerView | null, 
/**
 * The fiscal position that applies: its id.
 */
position: string | null, 
/**
 * What comes off the whole basket.
 */
discount: DiscountView | null, 
/**
 * The coupons that were shown.
 */
coupons: Array<CouponView>, 
/**
 * The held order that it was taken up from.
 */
order: HeldOrderBrief | null, 
/**
 * Set where prices are today's and not those that were agreed: a quote after its day.
 */
renewed: RenewedView | null, 
/**
 * Everything; below nothing if more comes back than is bought.
 */
total: number, 
/**
 * What the customer gives on top.
 */
tip: number, 
/**
 * What was paid so far.
 */
tenders: Array<TenderView>, 
/**
 * What is left to pay, tip included; below nothing is to be paid out.
 */
due: number, 
/**
 * The same in cash, where the smallest coin is larger than the minor unit.
 */
cash_due: number, 
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
parked: number, 
/**
 * The payment at a terminal of which nobody knows yet what becomes: until then the basket can
 * only be parked.
 */
card?: AttemptView, };

/**
 * Shows a code that lets one device ask to be let in.
 */
export type BeginPairing = { 
/**
 * One of [`LanView::addresses`], where there are several; the first if not given.
 */
address?: string, };

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
 * Who buys.
 */
export type BuyerView = { 
/**
 * Their id.
 */
id: string, 
/**
 * As printed.
 */
name: string, 
/**
 * Groups that prices and promotions name.
 */
groups: Array<string>, 
/**
 * Pays no tax, by law.
 */
tax_exempt: boolean, };

/**
 * Gives a held order up; deposits go back the way they came.
 */
export type CancelHeld = { 
/**
 * Which.
 */
order_id: string, 
/**
 * Why; needed.
 */
reason: string, 
/**
 * The price of what the shop keeps of the deposit, by right; usually nothing. Taxes that come on
 * top of it are kept besides.
 */
keep: number, };

/**
 * Gives a request up, before it was accepted or while nothing is paid.
 */
export type CancelRequest = { 
/**
 * Which.
 */
request_id: string, 
/**
 * Why, for the owner; may be empty.
 */
reason: string, };

/**
 * What is asked of a terminal.
 */
export type CardKind = "charge" | "refund" | "reversal";

/**
 * Names a payment at a terminal.
 */
export type CardRequest = { 
/**
 * Which.
 */
tender_id: string, };

/**
 * Where a payment at a terminal is.
 */
export type CardState = "sending" | "present" | "asking" | "in_doubt" | "approved" | "declined" | "not_sent" | "resolved_approved" | "resolved_declined";

/**
 * What a terminal tells of a payment. Texts that it did not tell are empty.
 */
export type CardView = { 
/**
 * `Visa`, `girocard`.
 */
brand: string, 
/**
 * The last four digits.
 */
last_four: string, 
/**
 * The code of the card's bank.
 */
authorisation: string, 
/**
 * The terminal's own id.
 */
terminal: string, 
/**
 * By the terminal's clock.
 */
at: string, 
/**
 * The terminal's number of the payment.
 */
trace?: number, 
/**
 * The number on the terminal's own receipt.
 */
receipt?: number, };

/**
 * How many payments at terminals want attention.
 */
export type CardsBrief = { 
/**
 * Under way.
 */
running: number, 
/**
 * Nobody knows what became of them.
 */
in_doubt: number, 
/**
 * Paid, but there is no sale.
 */
orphaned: number, };

/**
 * Why cash moves, or the drawer opens, without a sale.
 */
export type CashMoveKindView = "pay_in" | "pay_out" | "safe_drop" | "no_sale";

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
 * Categories.
 */
export type CategoryPage = { 
/**
 * In the shop's order.
 */
categories: Array<CategoryView>, 
/**
 * Where to continue, if there may be more.
 */
next: string | null, };

/**
 * Asks for one category, or removes it.
 */
export type CategoryRequest = { 
/**
 * Which.
 */
category_id: string, 
/**
 * The edition that was seen, to remove it only if it is still that one.
 */
version: number | null, };

/**
 * A category, with something in it or not.
 */
export type CategoryView = { 
/**
 * Its id.
 */
category_id: string, 
/**
 * Which edition it is: larger with every change.
 */
version: number, 
/**
 * Its name; `Clothing > Hoodies` nests.
 */
name: string, 
/**
 * 1 to 6: which ink its icons have.
 */
ink: number, 
/**
 * How many items it holds.
 */
items: number, };

/**
 * Sets a device anew; what is left out stays.
 */
export type ChangeDevice = { 
/**
 * Which.
 */
device_id: string, 
/**
 * What people call it.
 */
name?: string | null, 
/**
 * Where it is.
 */
address?: string | null, 
/**
 * How it is set: all of it.
 */
options?: { [key in string]: string } | null, };

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
origin: string, 
/**
 * What a scanner on a wire of the register's own read, for the screen that it went to.
 */
scan?: ScanNotice, };

/**
 * Something that a person types when a shop is set up.
 */
export type ChannelField = { 
/**
 * Its name: `key`.
 */
name: string, 
/**
 * What the platform calls it.
 */
label: string, 
/**
 * False if it may be left out.
 */
needed: boolean, };

/**
 * Every web shop, and which platforms there are.
 */
export type ChannelList = { 
/**
 * The oldest first.
 */
channels: Array<ChannelView>, 
/**
 * What a shop may be on.
 */
platforms: Array<PlatformView>, };

/**
 * A page of a shop's names.
 */
export type ChannelMap = { 
/**
 * By the shop's id.
 */
names: Array<ChannelNameView>, 
/**
 * True if there are more.
 */
more: boolean, };

/**
 * What a shop calls a variant.
 */
export type ChannelNameView = { 
/**
 * The shop's id.
 */
external_id: string, 
/**
 * What the shop calls it, for people.
 */
title: string, 
/**
 * Ours; none while nobody knows.
 */
variant_id: string | null, 
/**
 * What we call it; empty if it is not matched, or sold no more.
 */
name: string, 
/**
 * Our article number.
 */
sku: string | null, 
/**
 * How much there is by what the shop last said, in thousandths of a unit.
 */
stock: number | null, 
/**
 * When the shop was found not to have it any more, milliseconds since 1970 UTC.
 */
gone_ms: number | null, };

/**
 * An update of a shop.
 */
export type ChannelOpView = { 
/**
 * Its place in the order of the updates.
 */
number: number, 
/**
 * `sale`, `refund`, `stock`, `stock_move`, `fulfil` or `customer`.
 */
kind: string, 
/**
 * What it is about, for people: a receipt's number, an item's name; empty if that is gone.
 */
about: string, 
/**
 * `new`, `sent`, `unknown`, `done` or `dead`.
 */
state: string, 
/**
 * When it was made, milliseconds since 1970 UTC.
 */
created_ms: number, 
/**
 * When it was last tried.
 */
tried_ms: number | null, 
/**
 * When it is tried next; none unless it waits.
 */
due_ms: number | null, 
/**
 * How often it was tried.
 */
attempts: number, 
/**
 * What the shop calls what was made; empty until it is known.
 */
external_id: string, 
/**
 * What was in the way; empty if nothing was.
 */
trouble: string, };

/**
 * A page of updates.
 */
export type ChannelOps = { 
/**
 * The newest first.
 */
ops: Array<ChannelOpView>, 
/**
 * True if there are older ones.
 */
more: boolean, };

/**
 * Names a to-do.
 */
export type ChannelProblemRequest = { 
/**
 * Which.
 */
number: number, };

/**
 * A to-do: what a person is to look at.
 */
export type ChannelProblemView = { 
/**
 * Its number.
 */
number: number, 
/**
 * What kind of trouble: `ambiguous`, `refused`, `oversold` and so on.
 */
kind: string, 
/**
 * In plain words, with what to do.
 */
words: string, 
/**
 * `open`, `aside` or `solved`.
 */
state: string, 
/**
 * When it first came up, milliseconds since 1970 UTC.
 */
first_ms: number, 
/**
 * When it last came up.
 */
last_ms: number, 
/**
 * How often.
 */
times: number, 
/**
 * True if an update waits to be sent once more.
 */
can_retry: boolean, 
/**
 * The shop's id of the variant that it is about, if an item can be chosen for it.
 */
external_id: string | null, 
/**
 * What the shop calls that; empty if it is not known.
 */
title: string, };

/**
 * A page of to-dos.
 */
export type ChannelProblems = { 
/**
 * In the order in which they came up.
 */
problems: Array<ChannelProblemView>, 
/**
 * True if there are more.
 */
more: boolean, };

/**
 * Names a web shop.
 */
export type ChannelRequest = { 
/**
 * Which.
 */
channel_id: string, };

/**
 * How a web shop does.
 */
export type ChannelState = "paused" | "first" | "in_step" | "trouble";

/**
 * How far a list of a shop was read.
 */
export type ChannelStreamView = { 
/**
 * `products`, `stock`, `orders`, `customers` or `sweep`.
 */
stream: string, 
/**
 * How many were read in the run under way, or in the last one.
 */
read: number, 
/**
 * How many there are, where the shop says so.
 */
total: number | null, 
/**
 * True while a run is under way.
 */
running: boolean, 
/**
 * When a run last came to its end, milliseconds since 1970 UTC.
 */
done_ms: number | null, };

/**
 * What a try of a connection found.
 */
export type ChannelTested = { 
/**
 * True if the shop can be used as it is set up.
 */
ready: boolean, 
/**
 * What the shop calls itself.
 */
name: string, 
/**
 * Its platform's version; empty if it does not say.
 */
version: string, 
/**
 * Its currency, ISO 4217.
 */
currency: string, 
/**
 * Rights that are missing, with what they are for.
 */
missing: Array<string>, 
/**
 * What works but should be looked at.
 */
warnings: Array<string>, 
/**
 * Why it cannot be used, and what to do; empty if it can.
 */
trouble: string, };

/**
 * A web shop, without its secrets.
 */
export type ChannelView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its platform: `woocommerce`.
 */
kind: string, 
/**
 * The platform's name for people.
 */
platform: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Where it is.
 */
url: string, 
/**
 * Its settings.
 */
options: { [key in string]: string }, 
/**
 * Which secrets this machine knows, by name.
 */
secrets: Array<string>, 
/**
 * True if all of them are in the keychain of whoever runs the register; otherwise they are in a file
 * that only its owner can read.
 */
in_keychain: boolean, 
/**
 * `till`, `web` or `split`: whose figures of stock count.
 */
policy: string, 
/**
 * What the shop never offers of each variant, in thousandths of a unit; for `split`.
 */
buffer: number, 
/**
 * One more authority to trust, PEM; empty for none.
 */
certificate: string, 
/**
 * True if its host may be in this machine or in the shop's own network.
 */
allow_host: boolean, 
/**
 * How it does.
 */
state: ChannelState, 
/**
 * What is in its way, in words; empty if nothing is.
 */
trouble: string, 
/**
 * Since when, milliseconds since 1970 UTC.
 */
trouble_since_ms: number | null, 
/**
 * When it was added.
 */
created_ms: number, 
/**
 * When it was last read to the end without trouble.
 */
success_ms: number | null, 
/**
 * When one of its webhooks last came.
 */
woken_ms: number | null, 
/**
 * When one last came, since the register was started, that was not signed as it should be.
 */
hook_refused_ms: number | null, 
/**
 * Where its webhooks go at this register's doors; none if the platform has none.
 */
hook: string | null, 
/**
 * Updates that wait to be sent.
 */
waiting: number, 
/**
 * Of these, those of which it is not known whether they arrived.
 */
unknown: number, 
/**
 * Updates that were given up.
 */
dead: number, 
/**
 * When the oldest of those that wait was made.
 */
oldest_ms: number | null, 
/**
 * To-dos that are open.
 */
problems: number, 
/**
 * Variants that it sells.
 */
items: number, 
/**
 * Of these, those that stand for nothing here.
 */
unmatched: number, 
/**
 * Orders that came from it on this day.
 */
orders_today: number, 
/**
 * How far each list was read.
 */
streams: Array<ChannelStreamView>, };

/**
 * One choice that tells variants apart.
 */
export type ChoiceView = { 
/**
 * What is chosen: `Size`.
 */
name: string, 
/**
 * The choice: `Large`.
 */
value: string, };

/**
 * A device's wish to be let in. No token is needed: the code is what it has.
 */
export type ClaimPairing = { 
/**
 * The code that was scanned.
 */
code: string, 
/**
 * What the device calls itself.
 */
name: string, };

/**
 * A class of items that is taxed as another.
 */
export type ClassSwap = { 
/**
 * The class.
 */
from: string, 
/**
 * Is taxed as this one.
 */
to: string, };

/**
 * Closes the open shift.
 */
export type CloseShift = { 
/**
 * The register's own currency, and every other that was taken.
 */
counts: Array<CountRequest>, };

/**
 * A closed shift.
 */
export type ClosedShiftRow = { 
/**
 * Which.
 */
shift_id: string, 
/**
 * Its number.
 */
z_number: number, 
/**
 * Its name: `T1-Z7`.
 */
z_name: string, 
/**
 * Day in the books.
 */
business_day: string, 
/**
 * When it was closed.
 */
closed_local: string, 
/**
 * What it took.
 */
takings: number, 
/**
 * Of the register's own currency.
 */
over_short: number, };

/**
 * Closed shifts.
 */
export type ClosedShifts = { 
/**
 * The newest first; sixty at most.
 */
shifts: Array<ClosedShiftRow>, };

/**
 * A barcode and how much one scan of it adds.
 */
export type CodeView = { 
/**
 * The code.
 */
code: string, 
/**
 * Thousandths of the unit.
 */
quantity: number, };

/**
 * A payment that was announced has come in.
 */
export type ConfirmTender = { 
/**
 * Of which basket.
 */
basket_id: string, 
/**
 * Which payment.
 */
tender_id: string, 
/**
 * Whether to print the receipt when this completes the sale.
 */
print: boolean, };

/**
 * One variant that was counted.
 */
export type CountLine = { 
/**
 * What.
 */
variant_id: string, 
/**
 * How much was found.
 */
counted: number, 
/**
 * What the level was when the counting began: refused if it was another one.
 */
expected: number | null, };

/**
 * What was found in one currency.
 */
export type CountRequest = { 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * The cash found.
 */
counted: number, 
/**
 * By denomination; must add up where given.
 */
pieces: Array<PiecesView> | null, };

/**
 * Writes a count of shelves down.
 */
export type CountStock = { 
/**
 * Made by the client: the same count sent twice is made once.
 */
move_id: string, 
/**
 * When the shelves were counted, UTC: what was sold since comes on top. None for now.
 */
counted_at_ms: number | null, 
/**
 * A sheet's number; may be empty.
 */
reference: string, 
/**
 * In words; may be empty.
 */
note: string, 
/**
 * What was found, each variant once.
 */
lines: Array<CountLine>, };

/**
 * A count beside what was expected.
 */
export type CountView = { 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Decimal places of its minor unit.
 */
exponent: number, 
/**
 * What the drawer should hold.
 */
expected: number, 
/**
 * What was found; none on an X report.
 */
counted: number | null, 
/**
 * Counted less expected: negative is short.
 */
over_short: number | null, 
/**
 * By denomination, where it was counted so.
 */
pieces: Array<PiecesView>, };

/**
 * Coupons.
 */
export type CouponList = { 
/**
 * By code; a thousand at most.
 */
coupons: Array<CouponRow>, };

/**
 * Shows a coupon, or takes it back.
 */
export type CouponRequest = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * What is printed on it.
 */
code: string, };

/**
 * A coupon that was given out.
 */
export type CouponRow = { 
/**
 * What is printed on it.
 */
code: string, 
/**
 * The id of the promotion that it opens.
 */
promotion: string, 
/**
 * How often it was used.
 */
uses: number, 
/**
 * How often it may be used; none without limit.
 */
limit: number | null, 
/**
 * The last day on which it counts.
 */
expires: string | null, };

/**
 * A coupon that was shown.
 */
export type CouponView = { 
/**
 * What is printed on it.
 */
code: string, 
/**
 * The promotion that it opens.
 */
name: string, 
/**
 * What it took off; nothing if its conditions are not met.
 */
amount: number, };

/**
 * Makes a token for a program.
 */
export type CreateToken = { 
/**
 * What people call the program.
 */
name: string, 
/**
 * What it is good for: names such as `catalog:read`.
 */
scopes: Array<string>, 
/**
 * The most that it is trusted with: `owner`, `manager` (the default) or `cashier`.
 */
role?: string, };

/**
 * One change of a balance.
 */
export type CreditMoveView = { 
/**
 * When.
 */
local_time: string, 
/**
 * By which sale.
 */
receipt: string | null, 
/**
 * By hand: why; may be empty.
 */
reason: string, 
/**
 * How much; below nothing was spent.
 */
amount: number, };

/**
 * Whose ledger.
 */
export type CreditOf = "gift_card" | "store_credit";

/**
 * Asks what is on a card or a credit.
 */
export type CreditRequest = { 
/**
 * Of which ledger.
 */
kind: CreditOf, 
/**
 * The code.
 */
code: string, };

/**
 * What is on a card or a credit.
 */
export type CreditView = { 
/**
 * Of which ledger.
 */
kind: CreditOf, 
/**
 * The code.
 */
code: string, 
/**
 * How much.
 */
balance: number, 
/**
 * What changed it, the newest first; fifty at most.
 */
moves: Array<CreditMoveView>, };

/**
 * An amount in some currency.
 */
export type CurrencyAmount = { 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Decimal places of its minor unit.
 */
exponent: number, 
/**
 * In its minor units.
 */
amount: number, };

/**
 * Customers.
 */
export type CustomerList = { 
/**
 * By name; fifty at most.
 */
customers: Array<CustomerView>, };

/**
 * Names a customer.
 */
export type CustomerRequest = { 
/**
 * Who.
 */
customer_id: string, };

/**
 * A customer.
 */
export type CustomerView = { 
/**
 * Their id.
 */
id: string, 
/**
 * As printed.
 */
name: string, 
/**
 * To be reached at; may be empty.
 */
email: string, 
/**
 * To be reached at; may be empty.
 */
phone: string, 
/**
 * Groups that prices and promotions name.
 */
groups: Array<string>, 
/**
 * Pays no tax, by law.
 */
tax_exempt: boolean, 
/**
 * Number at the tax office.
 */
tax_id: string | null, 
/**
 * A fiscal position that applies whenever they buy.
 */
position: string | null, 
/**
 * How much they may owe; none for nothing.
 */
account_limit: number | null, 
/**
 * What they owe now.
 */
owes: number, 
/**
 * Store credit that they have.
 */
credit: number, 
/**
 * True if they paid on their account before, so that there is a slip to print.
 */
has_paid: boolean, };

/**
 * A page of messages.
 */
export type DeliveryList = { 
/**
 * The newest first.
 */
deliveries: Array<DeliveryView>, 
/**
 * True if there are older ones.
 */
more: boolean, };

/**
 * A message to a webhook.
 */
export type DeliveryView = { 
/**
 * Its place in the order of the messages.
 */
number: number, 
/**
 * The event's id.
 */
event_id: string, 
/**
 * The event's type: `sale.completed`.
 */
kind: string, 
/**
 * `waiting`, `delivered` or `dead`.
 */
state: string, 
/**
 * When it was made, milliseconds since 1970 UTC.
 */
created_ms: number, 
/**
 * How often it was tried.
 */
attempts: number, 
/**
 * When it was last tried.
 */
tried_ms: number | null, 
/**
 * When it is tried next; none unless it waits.
 */
due_ms: number | null, 
/**
 * What the address answered last, an HTTP status.
 */
status: number | null, 
/**
 * Why it did not arrive; empty if it did.
 */
trouble: string, };

/**
 * A deposit was taken.
 */
export type DepositPaid = { 
/**
 * The order.
 */
order: HeldOrderView, 
/**
 * Cash to hand back.
 */
change: number, };

/**
 * What a paired device is let in for.
 */
export type DeviceGrant = "till" | "payments" | "read_only";

/**
 * Every device, where one could be, and what it could be.
 */
export type DeviceList = { 
/**
 * The devices.
 */
devices: Array<DeviceView>, 
/**
 * Addresses of serial ports found on this machine.
 */
ports: Array<string>, 
/**
 * The languages that this program speaks.
 */
drivers: Array<DriverView>, };

/**
 * Names a device.
 */
export type DeviceRequest = { 
/**
 * Which.
 */
device_id: string, };

/**
 * How a device is.
 */
export type DeviceState = "unknown" | "ready" | "not_there" | "trouble";

/**
 * What came of trying a device.
 */
export type DeviceTested = { 
/**
 * In plain words.
 */
words: string, };

/**
 * A device on the counter.
 */
export type DeviceView = { 
/**
 * Its id.
 */
id: string, 
/**
 * `printer`, `terminal`, `scanner`, `scale` or `display`.
 */
kind: string, 
/**
 * The language that it speaks: `escpos`, `zvt`.
 */
driver: string, 
/**
 * What people call it: `Front printer`.
 */
name: string, 
/**
 * Where it is: `serial:/dev/ttyUSB0?baud=9600`, `tcp:127.0.0.1:9100`, `file:/tmp/paper.bin`.
 */
address: string, 
/**
 * How it is set, by name.
 */
options: { [key in string]: string }, 
/**
 * Whether this program plays it itself.
 */
twin: boolean, 
/**
 * Whether what goes over its wire is being recorded.
 */
recording: boolean, 
/**
 * How it is.
 */
status: DeviceState, 
/**
 * The same in words; empty while it is fine or not yet known.
 */
words: string, 
/**
 * A printer's width in characters: 48 for 80 mm, 32 for 58 mm; nothing for other devices.
 */
columns: number, 
/**
 * Whether a printer opens the drawer for a cash sale.
 */
drawer: boolean, };

/**
 * What comes off a line or a basket, as it was given.
 */
export type DiscountView = { 
/**
 * A percentage as text: `10`; none for an amount.
 */
percent: string | null, 
/**
 * An amount; none for a percentage.
 */
amount: number | null, 
/**
 * Why, as printed; may be empty.
 */
reason: string, };

/**
 * A currency that the drawer takes.
 */
export type DrawerCurrency = { 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Decimal places of its minor unit.
 */
exponent: number, 
/**
 * Its coins and notes, the largest first.
 */
denominations: Array<number>, 
/**
 * What one unit is worth in the register's currency; none for that currency.
 */
rate: string | null, };

/**
 * A language of devices.
 */
export type DriverView = { 
/**
 * What speaks it.
 */
kind: string, 
/**
 * Its name in settings.
 */
driver: string, 
/**
 * Its name for people.
 */
name: string, 
/**
 * What an address looks like.
 */
example: string, 
/**
 * How it can be set.
 */
options: Array<OptionView>, };

/**
 * Asks why an open line costs what it costs.
 */
export type ExplainLine = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * Which line.
 */
line_id: string, };

/**
 * Asks why a sold line cost what it cost.
 */
export type ExplainSold = { 
/**
 * Which sale.
 */
sale_id: string, 
/**
 * Which line.
 */
line_id: string, };

/**
 * One step.
 */
export type ExplainStepView = { 
/**
 * `list_price`, `price_book`, `override`, `quantity`, `promotion`, `coupon`, `line_discount`, `basket_discount`, `position`, `tax`, `rounding`, `net`, `total` or `origin`.
 */
kind: string, 
/**
 * What did it, as printed; may be empty.
 */
name: string, 
/**
 * The arithmetic in figures: `3 x 2.40`, `10% of 7.20`, `20/120 of 6.48 = 1.08`; may be empty.
 */
detail: string, 
/**
 * The effect of this step, or for prices and sums the value itself.
 */
amount: number, 
/**
 * What the line comes to after it.
 */
running: number, };

/**
 * Why a line costs what it costs, step by step.
 */
export type ExplanationView = { 
/**
 * The line's item.
 */
name: string, 
/**
 * In the order in which they apply.
 */
steps: Array<ExplainStepView>, 
/**
 * What it came to.
 */
total: number, };

/**
 * Sums, in minor units of the register's currency. Each sum of a report is of ±(2^53 − 1) at most.
 */
export type FiguresView = { 
/**
 * Tickets, lines or payments of nothing or more.
 */
count: number, 
/**
 * Those below nothing: refunds, lines that came back, payments that were paid out.
 */
back: number, 
/**
 * Baskets that were given up.
 */
voids: number, 
/**
 * Goods, in thousandths of a unit; of foreign cash its own minor units.
 */
quantity: number, 
/**
 * With tax, without tips; of a payment, what counts towards total and tip.
 */
total: number, 
/**
 * Without tax; of a tax, what it was taken on.
 */
net: number, 
/**
 * The tax.
 */
tax: number, 
/**
 * What reductions took off.
 */
discount: number, 
/**
 * Tips.
 */
tip: number, 
/**
 * What cash rounding added, or took off.
 */
rounding: number, 
/**
 * What the goods cost, where that is known.
 */
cost: number, 
/**
 * The net of the goods whose cost is known.
 */
costed_net: number, 
/**
 * `costed_net` less `cost`.
 */
margin: number, };

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
 * Looks for customers.
 */
export type FindCustomers = { 
/**
 * The beginning of a word of the name, an e-mail address or a phone number; empty for all.
 */
text: string, };

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
 * Finds an order by what its customer shows: its number, or its code.
 */
export type FindWebOrder = { 
/**
 * As scanned or typed.
 */
code: string, };

/**
 * A currency that the drawer takes.
 */
export type ForeignSetting = { 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * What one unit is worth in the register's currency: `0.92`.
 */
rate: string, };

/**
 * Cash of another currency.
 */
export type ForeignView = { 
/**
 * ISO 4217 code.
 */
currency: string, 
/**
 * Decimal places of its minor unit.
 */
exponent: number, 
/**
 * What was handed over, in its minor units.
 */
received: number, 
/**
 * What one unit of it was worth.
 */
rate: string, };

/**
 * A held order was cancelled.
 */
export type HeldCancelled = { 
/**
 * The order.
 */
order: HeldOrderView, 
/**
 * What is to be paid back, and how.
 */
refunds: Array<TenderView>, 
/**
 * What was kept, tax included.
 */
kept: number, };

/**
 * A kind of held order.
 */
export type HeldKind = "quote" | "layaway" | "collect" | "deliver";

/**
 * The held order that a basket was taken up from.
 */
export type HeldOrderBrief = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its number: `T1-H7`.
 */
number: string, };

/**
 * A held order.
 */
export type HeldOrderView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its number: `T1-H7`.
 */
number: string, 
/**
 * As what.
 */
kind: HeldKind, 
/**
 * Where it stands.
 */
state: HeldState, 
/**
 * For whom.
 */
customer: string | null, 
/**
 * Until when.
 */
due: string | null, 
/**
 * True if that day has passed.
 */
late: boolean, 
/**
 * Address, time or wish.
 */
note: string, 
/**
 * What it comes to.
 */
total: number, 
/**
 * What was paid on it.
 */
deposit: number, 
/**
 * What is in it: `2 x Coffee beans`.
 */
lines: Array<string>, 
/**
 * When it was taken.
 */
local_time: string, 
/**
 * The sale that completed it.
 */
receipt: string | null, };

/**
 * Held orders.
 */
export type HeldOrders = { 
/**
 * The newest first.
 */
orders: Array<HeldOrderView>, };

/**
 * Names a held order.
 */
export type HeldRequest = { 
/**
 * Which.
 */
order_id: string, };

/**
 * Where a held order stands.
 */
export type HeldState = "open" | "completed" | "cancelled";

/**
 * Sets a basket aside as an order.
 */
export type HoldOrder = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * As what.
 */
kind: HeldKind, 
/**
 * The day until which it stands: `2026-12-24`.
 */
due: string | null, 
/**
 * Address, time or wish; may be empty.
 */
note: string, };

/**
 * How one kind of in-store label is read.
 */
export type InStoreSetting = { 
/**
 * Thirteen places: leading digits, item `I`, weight `W`, price `P` or count `N`, price check
 * digit `V`, check digit `C`: `21IIIIIWWWWWC`.
 */
pattern: string, 
/**
 * Decimals of the weight (in kilograms) or the price; none for three and two.
 */
decimals: number | null, };

/**
 * Gives out a coupon, or changes its limits.
 */
export type IssueCoupon = { 
/**
 * What is printed on it.
 */
code: string, 
/**
 * The id of the promotion that it opens.
 */
promotion: string, 
/**
 * How often it may be used; none without limit.
 */
limit: number | null, 
/**
 * The last day on which it counts.
 */
expires: string | null, };

/**
 * Gives out credit that nobody paid for.
 */
export type IssueCredit = { 
/**
 * Made by the client, kept over every retry: sent twice gives once.
 */
id: string, 
/**
 * Of which ledger.
 */
kind: CreditOf, 
/**
 * The code; empty for a new one.
 */
code: string, 
/**
 * How much.
 */
amount: number, 
/**
 * Why; needed.
 */
reason: string, };

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
 * How the register is open to the network.
 */
export type LanView = { 
/**
 * Whether it should be.
 */
open: boolean, 
/**
 * Its port there.
 */
port: number, 
/**
 * True if it was opened on the command line, for as long as the program runs.
 */
for_this_run: boolean, 
/**
 * Where it answers: `https://192.168.1.20:7671`. Empty while it does not.
 */
addresses: Array<string>, 
/**
 * SHA-256 of its certificate in groups of four: `AB12 CD34 …`.
 */
fingerprint: string | null, 
/**
 * Why it does not answer although it should, in words.
 */
trouble: string | null, };

/**
 * A payment in a terminal's own books.
 */
export type LedgerRow = { 
/**
 * The number on its receipt.
 */
receipt: number, 
/**
 * Its number of the payment.
 */
trace: number, 
/**
 * How much.
 */
amount: number, 
/**
 * `charge`, `refund` or `reversal`.
 */
kind: string, };

/**
 * Levels.
 */
export type LevelPage = { 
/**
 * The levels.
 */
levels: Array<StockLevelView>, 
/**
 * Where to continue, if there may be more.
 */
next: string | null, };

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
 * Unit price times quantity.
 */
gross: number, 
/**
 * Every rule that touched the price, in order.
 */
adjustments: Array<AdjustmentView>, 
/**
 * What comes off this line by hand.
 */
discount: DiscountView | null, 
/**
 * The code of the gift card that it sells.
 */
gift_card: string | null, 
/**
 * The lot, as the label said.
 */
lot: string | null, 
/**
 * The serial number, as the label said.
 */
serial: string | null, 
/**
 * The last good day, as the label said: `2026-11-30`.
 */
best_before: string | null, 
/**
 * The sold line that it takes back; then quantity and amounts are below nothing.
 */
origin: OriginView | null, 
/**
 * Why it came back; empty for a line that was sold.
 */
return_reason: string, 
/**
 * What the line comes to, tax included.
 */
total: number, };

/**
 * Asks for categories.
 */
export type ListAllCategories = { 
/**
 * Continue after this cursor.
 */
after: string | null, 
/**
 * How many at most.
 */
limit: number | null, };

/**
 * Asks for a shop's names for our variants.
 */
export type ListChannelMap = { 
/**
 * Which shop.
 */
channel_id: string, 
/**
 * Only those that stand for nothing here.
 */
unmatched: boolean, 
/**
 * `external_id` of the last one of the page before.
 */
after?: string, };

/**
 * Asks for a shop's updates.
 */
export type ListChannelOps = { 
/**
 * Which shop.
 */
channel_id: string, 
/**
 * `new`, `sent`, `unknown`, `done` or `dead`; none for all.
 */
state?: string, 
/**
 * `number` of the last one of the page before.
 */
before?: number, };

/**
 * Asks for a shop's to-dos.
 */
export type ListChannelProblems = { 
/**
 * Which shop.
 */
channel_id: string, 
/**
 * `open`, `aside` or `solved`; none for open.
 */
state?: string, 
/**
 * `number` of the last one of the page before.
 */
after?: number, };

/**
 * Asks for a webhook's messages.
 */
export type ListDeliveries = { 
/**
 * Whose.
 */
webhook_id: string, 
/**
 * `waiting`, `delivered` or `dead`; none for all.
 */
state?: string, 
/**
 * `number` of the last one of the page before.
 */
before?: number, };

/**
 * Lists held orders.
 */
export type ListHeld = { 
/**
 * Only those that wait.
 */
open_only: boolean, };

/**
 * Asks for levels.
 */
export type ListLevels = { 
/**
 * Of these variants, 200 at most, in one page; none of them for all.
 */
variant_ids: Array<string>, 
/**
 * Only those below this.
 */
below: number | null, 
/**
 * Those that moved at this moment or later, UTC, in the order of their movements.
 */
updated_since_ms: number | null, 
/**
 * Continue after this cursor.
 */
after: string | null, 
/**
 * How many at most.
 */
limit: number | null, };

/**
 * Asks for movements, the newest first.
 */
export type ListMovements = { 
/**
 * Of this variant.
 */
variant_id: string | null, 
/**
 * For this reason.
 */
reason: string | null, 
/**
 * From this moment on, UTC.
 */
since_ms: number | null, 
/**
 * Continue after this cursor.
 */
after: string | null, 
/**
 * How many at most.
 */
limit: number | null, };

/**
 * Asks for items. Each filter that is given must fit.
 */
export type ListProducts = { 
/**
 * In this category, by name.
 */
category: string | null, 
/**
 * With words that begin like these; the best matches, in one page.
 */
text: string | null, 
/**
 * With a variant of this article number.
 */
sku: string | null, 
/**
 * With this code.
 */
barcode: string | null, 
/**
 * From this source.
 */
source: string | null, 
/**
 * Changed at this moment or later, UTC, in the order of the changes; with those that were retired.
 */
updated_since_ms: number | null, 
/**
 * Continue after this cursor.
 */
after: string | null, 
/**
 * How many at most.
 */
limit: number | null, };

/**
 * Asks for the ends of days.
 */
export type ListReports = { 
/**
 * Of which terminal; none for all.
 */
terminal_id?: string | null, };

/**
 * Asks for an app's requests.
 */
export type ListRequests = { 
/**
 * Of which app.
 */
client_id: string, 
/**
 * Those before this one; none for the newest.
 */
before: string | null, };

/**
 * Asks for variants. Each filter that is given must fit.
 */
export type ListVariants = { 
/**
 * Of this item.
 */
product_id: string | null, 
/**
 * Of this article number.
 */
sku: string | null, 
/**
 * With this code.
 */
barcode: string | null, 
/**
 * Of items that were changed at this moment or later, UTC, in the order of the changes; with
 * those that were retired.
 */
updated_since_ms: number | null, 
/**
 * Continue after this cursor.
 */
after: string | null, 
/**
 * How many at most.
 */
limit: number | null, };

/**
 * Asks for orders of web shops.
 */
export type ListWebOrders = { 
/**
 * Only those that wait for somebody here: new, being picked, or ready.
 */
open_only: boolean, };

/**
 * The logo as it will be printed.
 */
export type LogoView = { 
/**
 * A drawing (SVG), in black; none without a logo.
 */
svg: string | null, };

/**
 * How money is taken.
 */
export type MoneySettings = { 
/**
 * The smallest amount paid in cash, in minor units: 5 for 0.05; none for the minor unit.
 */
cash_step: number | null, 
/**
 * The ways to pay, in the order of the keys, besides `custom`.
 */
tenders: Array<PayWith>, 
/**
 * Names of the shop's own ways to pay.
 */
custom: Array<string>, 
/**
 * Other currencies that the drawer takes.
 */
foreign: Array<ForeignSetting>, 
/**
 * Percentages that the tip keys offer; none where tips are not taken.
 */
tip_percents: Array<string>, 
/**
 * The most that a cashier may take off, in percent of the price; none for no limit.
 */
cashier_discount_limit: string | null, 
/**
 * Where bank transfers go.
 */
bank: BankSetting | null, 
/**
 * Where wallet payments go.
 */
wallet: WalletSetting | null, };

/**
 * Puts cash in, takes it out, or opens the drawer.
 */
export type MoveCash = { 
/**
 * Made by the client, kept over every retry.
 */
id: string, 
/**
 * Why.
 */
kind: CashMoveKindView, 
/**
 * How much; nothing for a no sale.
 */
amount: number, 
/**
 * In which currency; none for the register's own.
 */
currency: string | null, 
/**
 * Why; needed.
 */
reason: string, };

/**
 * One variant that moves.
 */
export type MoveLine = { 
/**
 * What.
 */
variant_id: string, 
/**
 * How much, above nothing: the reason says which way. An adjustment is signed.
 */
quantity: number, 
/**
 * What a unit cost, where it was received.
 */
cost: number | null, };

/**
 * Moves stock by hand.
 */
export type MoveStock = { 
/**
 * Made by the client: the same movement sent twice is made once.
 */
move_id: string, 
/**
 * `adjust`, `waste`, `receive`, `transfer_in` or `transfer_out`.
 */
reason: string, 
/**
 * A delivery note, an order, another shop; may be empty.
 */
reference: string, 
/**
 * In words; may be empty.
 */
note: string, 
/**
 * What moves, each variant once.
 */
lines: Array<MoveLine>, };

/**
 * One variant that was moved.
 */
export type MovedLine = { 
/**
 * What.
 */
variant_id: string, 
/**
 * Positive in, negative out.
 */
quantity: number, 
/**
 * What was found, where it was counted.
 */
counted: number | null, 
/**
 * What a unit cost, where it was received.
 */
cost: number | null, 
/**
 * How much there is now.
 */
level: number, };

/**
 * Movements.
 */
export type MovementPage = { 
/**
 * The newest first.
 */
movements: Array<MovementView>, 
/**
 * Where to continue, if there may be more.
 */
next: string | null, };

/**
 * One movement of one variant.
 */
export type MovementView = { 
/**
 * Its journal entry and its place there: `1042-1`.
 */
id: string, 
/**
 * When, UTC.
 */
at_ms: number, 
/**
 * What moved.
 */
variant_id: string, 
/**
 * Positive in, negative out.
 */
quantity: number, 
/**
 * `import`, `sale`, `return`, `adjust`, `waste`, `receive`, `transfer_in`, `transfer_out`, `count`,
 * `channel_order`, `channel_figure`.
 */
reason: string, 
/**
 * What was found, where it was counted.
 */
counted: number | null, 
/**
 * What a unit cost, where it was received.
 */
cost: number | null, 
/**
 * The sale that moved it.
 */
sale_id: string | null, 
/**
 * The movement by hand that it belongs to.
 */
move_id: string | null, 
/**
 * A delivery note, an order, another shop; may be empty.
 */
reference: string, 
/**
 * In words; may be empty.
 */
note: string, 
/**
 * Who moved it by hand; may be empty.
 */
actor: string, };

/**
 * A token that was just made.
 */
export type NewToken = { 
/**
 * The token.
 */
token: TokenView, 
/**
 * Its secret: shown once, kept nowhere.
 */
secret: string, };

/**
 * A request without any field: `{}`.
 */
export type Nothing = Record<symbol, never>;

/**
 * Payments about which somebody has to do something, the oldest first.
 */
export type OpenCards = { 
/**
 * Running, in doubt, or without a sale.
 */
attempts: Array<AttemptView>, };

/**
 * What apps ask for now.
 */
export type OpenRequests = { 
/**
 * The one to answer or to pay; none while nobody asks.
 */
current: RequestView | null, 
/**
 * How many wait behind it.
 */
waiting: number, };

/**
 * Opens a shift.
 */
export type OpenShift = { 
/**
 * The change put into the drawer.
 */
float: number, 
/**
 * By denomination; must add up to the float where given.
 */
pieces: Array<PiecesView> | null, 
/**
 * Change in other currencies.
 */
foreign: Array<CurrencyAmount> | null, 
/**
 * The day in the books; none for today.
 */
business_day: string | null, };

/**
 * A setting of a device.
 */
export type OptionView = { 
/**
 * Its name.
 */
name: string, 
/**
 * What it does.
 */
words: string, 
/**
 * What it is if nobody sets it.
 */
value: string, 
/**
 * What it can be; empty if it is typed.
 */
choices: Array<string>, };

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
 * The sold line that a return takes back.
 */
export type OriginView = { 
/**
 * The sale.
 */
sale_id: string, 
/**
 * Its receipt.
 */
receipt: string, 
/**
 * The line.
 */
line_id: string, };

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
 * What a paired device keeps.
 */
export type PairedDevice = { 
/**
 * Its token: shown once, kept nowhere else.
 */
token: string, 
/**
 * The client that its commands come from: its basket belongs to it.
 */
client: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * What it was let in for.
 */
grant: DeviceGrant, };

/**
 * The wish was heard; a person at the till decides.
 */
export type PairingClaim = { 
/**
 * What the device asks for the answer with; a secret.
 */
ticket: string, 
/**
 * Four digits that the till shows too.
 */
check: string, 
/**
 * The shop's name.
 */
shop: string, 
/**
 * When the wait is over; milliseconds since 1970 UTC.
 */
until_ms: number, };

/**
 * What was decided.
 */
export type PairingOutcome = { "outcome": "waiting" } | { "outcome": "accepted" } & PairedDevice | { "outcome": "refused" };

/**
 * One pairing.
 */
export type PairingRequest = { 
/**
 * Which.
 */
pairing_id: string, };

/**
 * How far a pairing is.
 */
export type PairingStage = "none" | "shown" | "asking" | "accepted" | "paired" | "refused" | "expired";

/**
 * A pairing, for the screen that began it.
 */
export type PairingView = { 
/**
 * Which; none if none was begun.
 */
pairing_id: string | null, 
/**
 * How far it is.
 */
stage: PairingStage, 
/**
 * What the code says: the page's address with the code and the certificate's fingerprint.
 */
url: string, 
/**
 * The QR code of it: a row a string, `1` is dark.
 */
modules: Array<string>, 
/**
 * SHA-256 of the certificate in groups of four.
 */
fingerprint: string, 
/**
 * When the code, or the wait of the device, is over; milliseconds since 1970 UTC.
 */
until_ms: number, 
/**
 * Who wants in, or came in.
 */
device: AskingDevice | null, };

/**
 * Paper for a PDF.
 */
export type Paper = "roll" | "a4";

/**
 * A piece of paper that came out, from the very bytes.
 */
export type PaperView = { 
/**
 * `text`, `image`, `code` or `cut`.
 */
kind: string, 
/**
 * The text; of an image its `data:` address; of a code what it says.
 */
text: string, 
/**
 * Emphasised.
 */
bold: boolean, 
/**
 * Twice as wide.
 */
wide: boolean, 
/**
 * Twice as tall.
 */
tall: boolean, 
/**
 * White on black.
 */
inverse: boolean, 
/**
 * Underlined.
 */
underline: boolean, 
/**
 * `left`, `center` or `right`.
 */
align: string, };

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
 * Pauses a web shop, or has it go on.
 */
export type PauseChannel = { 
/**
 * Which.
 */
channel_id: string, 
/**
 * True to pause it.
 */
paused: boolean, };

/**
 * A customer pays what they owe.
 */
export type PayAccount = { 
/**
 * Who.
 */
customer_id: string, 
/**
 * Made by the client, kept over every retry.
 */
tender_id: string, 
/**
 * How.
 */
kind: PayWith, 
/**
 * How much.
 */
amount: number, };

/**
 * Takes a deposit on a held order.
 */
export type PayDeposit = { 
/**
 * Which.
 */
order_id: string, 
/**
 * Made by the client, kept over every retry.
 */
tender_id: string, 
/**
 * How.
 */
kind: PayWith, 
/**
 * What was handed over.
 */
offered: number, 
/**
 * Card code, voucher number and the like.
 */
reference: string | null, };

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
 * What was handed over: for cash it may be more than is due. To pay out (the basket's due is
 * below nothing), what is to be handed back, as a positive amount.
 */
offered: number, 
/**
 * Card code, voucher number, credit code and the like, where the way to pay needs one.
 */
reference: string | null, 
/**
 * The name of a custom tender or wallet.
 */
name: string | null, 
/**
 * The currency of `offered` for foreign cash.
 */
currency: string | null, 
/**
 * The original payment that this pays back.
 */
refunds: string | null, 
/**
 * Whether to print the receipt when this completes the sale.
 */
print: boolean, };

/**
 * A way to pay.
 */
export type PayWith = "cash" | "card_external" | "card" | "foreign_cash" | "gift_card" | "store_credit" | "on_account" | "voucher" | "bank_transfer" | "wallet" | "deposit" | "custom";

/**
 * A QR code to pay with.
 */
export type PaymentCode = { 
/**
 * What it says.
 */
text: string, 
/**
 * The reference that comes back with the payment.
 */
reference: string, 
/**
 * Its modules, a row a string: `1` is dark. No quiet zone.
 */
modules: Array<string>, };

/**
 * Asks for the code that a customer scans to pay.
 */
export type PaymentCodeRequest = { 
/**
 * Of which basket.
 */
basket_id: string, 
/**
 * `bank_transfer` or `wallet`.
 */
kind: PayWith, 
/**
 * How much of what is due.
 */
amount: number, };

/**
 * One request.
 */
export type PaymentRequestRef = { 
/**
 * Which.
 */
request_id: string, };

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
 * So many coins or notes of one value.
 */
export type PiecesView = { 
/**
 * The value of one.
 */
value: number, 
/**
 * How many.
 */
count: number, };

/**
 * A platform that a shop may be on.
 */
export type PlatformView = { 
/**
 * `woocommerce` and so on.
 */
kind: string, 
/**
 * Its name for people.
 */
name: string, 
/**
 * Secrets that it needs.
 */
secrets: Array<ChannelField>, 
/**
 * Settings that are no secret.
 */
options: Array<ChannelField>, 
/**
 * The least rights of its key, as the platform calls them.
 */
rights: Array<string>, };

/**
 * A fiscal position: another set of taxes for some sales.
 */
export type PositionSetting = { 
/**
 * Its id: `take-away`.
 */
id: string, 
/**
 * As shown: `Take away`.
 */
name: string, 
/**
 * Which class is taxed as which other.
 */
swaps: Array<ClassSwap>, 
/**
 * What every other class is taxed as; none as usual, `exempt` for no tax.
 */
others: string | null, 
/**
 * `label`: the customer pays the label price. `net`: the price without tax stays.
 */
keeps: string, };

/**
 * A fiscal position to choose.
 */
export type PositionView = { 
/**
 * Its id.
 */
id: string, 
/**
 * As shown: `Take away`.
 */
name: string, };

/**
 * A result that the register posts to its app.
 */
export type PostedResult = { 
/**
 * `waiting`, `delivered` or `dead`: given up, for a person to decide.
 */
state: string, 
/**
 * How often it was tried.
 */
attempts: number, 
/**
 * When it is tried next, milliseconds since 1970 UTC; none unless it waits.
 */
due_ms: number | null, 
/**
 * Why it did not arrive; empty if it did, or was not tried yet.
 */
trouble: string, };

/**
 * Presses a button of a twin.
 */
export type PressTwin = { 
/**
 * Of which device.
 */
device_id: string, 
/**
 * Which button, as its view lists them.
 */
button: string, 
/**
 * The weight that is put on, the code that is held under the scanner.
 */
value?: string | null, };

/**
 * Price books, or promotions.
 */
export type PriceRuleKind = "book" | "promotion";

/**
 * Price books or promotions, by id.
 */
export type PriceRuleList = { 
/**
 * All of them.
 */
rules: Array<PriceRuleView>, };

/**
 * Asks for one price book or promotion, or removes it.
 */
export type PriceRuleRequest = { 
/**
 * Which kind.
 */
kind: PriceRuleKind, 
/**
 * Which.
 */
id: string, 
/**
 * What was seen, to remove it only if it is still that.
 */
version: string | null, };

/**
 * One price book or promotion.
 */
export type PriceRuleView = { 
/**
 * Its id.
 */
id: string, 
/**
 * A fingerprint of it: another one with every change.
 */
version: string, 
/**
 * Itself.
 */
rule: unknown, };

/**
 * Every rule that prices follow.
 */
export type PriceRulesView = { 
/**
 * Which edition they are.
 */
version: number, 
/**
 * Price books.
 */
books: Array<unknown>, 
/**
 * Promotions.
 */
promotions: Array<unknown>, 
/**
 * `best_for_customer` or `in_order`.
 */
stacking: string, };

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
 * Of which sale; of a slip or a report, an id of its own.
 */
sale_id: string, 
/**
 * The receipt's number; empty for what is no receipt.
 */
receipt: string, 
/**
 * What a slip or a report is called: `Z report T1-Z7`.
 */
title: string | null, 
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
 * Items.
 */
export type ProductPage = { 
/**
 * The items.
 */
products: Array<ProductView>, 
/**
 * Where to continue, if there may be more.
 */
next: string | null, };

/**
 * Asks for one item, or takes it off sale.
 */
export type ProductRequest = { 
/**
 * Which.
 */
product_id: string, 
/**
 * The edition that was seen, to take it off sale only if it is still that one.
 */
version: number | null, };

/**
 * A variant, whole.
 */
export type ProductVariantView = { 
/**
 * Its id.
 */
variant_id: string, 
/**
 * Its item.
 */
product_id: string, 
/**
 * Name with its choices: `Hoodie, Blue, Large`.
 */
name: string, 
/**
 * What tells it apart.
 */
options: Array<ChoiceView>, 
/**
 * The shop's own article number.
 */
sku: string | null, 
/**
 * Its codes.
 */
barcodes: Array<CodeView>, 
/**
 * Price of one unit; none for an open price, asked at the till.
 */
price: number | null, 
/**
 * The price before a reduction.
 */
compare_at: number | null, 
/**
 * What a unit cost the shop.
 */
cost: number | null, 
/**
 * Whether sales take from stock.
 */
tracks_stock: boolean, 
/**
 * True if it is sold no more.
 */
retired: boolean, 
/**
 * When its item was last changed, UTC.
 */
updated_ms: number, };

/**
 * An item, whole.
 */
export type ProductView = { 
/**
 * Its id.
 */
product_id: string, 
/**
 * Which edition it is: larger with every change.
 */
version: number, 
/**
 * Its name.
 */
name: string, 
/**
 * More about it, for web shops.
 */
description: string | null, 
/**
 * Its category.
 */
category_id: string | null, 
/**
 * Its category's name; `Clothing > Hoodies` nests.
 */
category: string | null, 
/**
 * `piece`, `kilogram`, `litre` or `metre`.
 */
unit: string, 
/**
 * Which of the shop's taxes apply.
 */
tax_class: string, 
/**
 * Addresses of pictures, the first one for the tile.
 */
images: Array<string>, 
/**
 * Among the favourites of the Sell screen.
 */
favourite: boolean, 
/**
 * Where it comes from: `shopify`, `woocommerce`, `demo`, or `own` for what was made here.
 */
source: string, 
/**
 * True if it is sold no more.
 */
retired: boolean, 
/**
 * When it was last changed, UTC.
 */
updated_ms: number, 
/**
 * What is sold of it; none once it is retired.
 */
variants: Array<ProductVariantView>, };

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
 * A basket to be priced; nothing of it is kept.
 */
export type QuoteBasket = { 
/**
 * What is in it.
 */
lines: Array<QuoteBasketLine>, 
/**
 * Who would buy.
 */
customer_id: string | null, 
/**
 * A fiscal position, by id.
 */
position: string | null, };

/**
 * One line: its item by id, code or article number, and how much of it.
 */
export type QuoteBasketLine = { 
/**
 * The variant.
 */
variant_id: string | null, 
/**
 * Its code.
 */
barcode: string | null, 
/**
 * Its article number, where only one variant has it.
 */
sku: string | null, 
/**
 * Thousandths of the unit; none for what a scan of the code adds, else for one.
 */
quantity: number | null, 
/**
 * The price of one unit, for an item without one.
 */
unit_price: number | null, };

/**
 * What a basket would cost.
 */
export type QuotedBasket = { 
/**
 * Without tax.
 */
net: number, 
/**
 * All taxes.
 */
tax: number, 
/**
 * What is to pay.
 */
total: number, 
/**
 * What is to pay in cash.
 */
cash_total: number, 
/**
 * What promotions took off.
 */
discount: number, 
/**
 * By tax.
 */
taxes: Array<QuotedTax>, 
/**
 * Lines of the same variant may have become one.
 */
lines: Array<QuotedLine>, };

/**
 * One line.
 */
export type QuotedLine = { 
/**
 * The variant.
 */
variant_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Thousandths of the unit.
 */
quantity: number, 
/**
 * The catalogue's price of one unit.
 */
list_price: number | null, 
/**
 * The price of one unit after price books.
 */
unit_price: number, 
/**
 * Every rule that touched the price.
 */
adjustments: Array<AdjustmentView>, 
/**
 * Without tax.
 */
net: number, 
/**
 * Its taxes.
 */
tax: number, 
/**
 * With tax.
 */
total: number, };

/**
 * One tax over all lines.
 */
export type QuotedTax = { 
/**
 * Short and lasting.
 */
code: string, 
/**
 * As printed.
 */
name: string, 
/**
 * How much it is: `20` percent, or `0.25 EUR` a unit.
 */
rate: string, 
/**
 * What it was taken on.
 */
base: number, 
/**
 * How much.
 */
amount: number, };

/**
 * A receipt to look at.
 */
export type ReceiptPreview = { 
/**
 * As a fixed-width column of text, just as it would be printed.
 */
text: string, };

/**
 * Names a receipt.
 */
export type ReceiptRef = { 
/**
 * The sale.
 */
sale_id: string, 
/**
 * Its receipt.
 */
receipt: string, };

/**
 * A link that another program opened.
 */
export type ReceiveLink = { 
/**
 * As it was opened, whole.
 */
url: string, };

/**
 * Sends a message once more, or all that were given up.
 */
export type Redeliver = { 
/**
 * To whom.
 */
webhook_id: string, 
/**
 * Which event; none for all that were given up.
 */
event_id?: string, };

/**
 * What one promotion, coupon or discount took off over all lines.
 */
export type ReductionView = { 
/**
 * As in `AdjustmentView`.
 */
kind: string, 
/**
 * As printed.
 */
name: string, 
/**
 * Below nothing.
 */
amount: number, };

/**
 * Has a card given money back at a terminal.
 */
export type RefundCard = { 
/**
 * For which basket: it must have something to pay out.
 */
basket_id: string, 
/**
 * Made by the client, kept over every retry.
 */
tender_id: string, 
/**
 * The card payment of the original sale.
 */
refunds: string, 
/**
 * At which terminal; none for the one that took the payment.
 */
terminal_id?: string | null, 
/**
 * How much; more than nothing.
 */
amount: number, 
/**
 * Whether to print the receipt when this completes the sale.
 */
print: boolean, };

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
 * What is the matter with the printer and with what waits for it, in words.
 */
printer_words?: string, 
/**
 * Receipts that wait for their printer.
 */
prints_waiting: number, 
/**
 * Payments at card terminals that want attention.
 */
cards: CardsBrief, 
/**
 * Messages that wait for other systems.
 */
outbox_waiting: number, 
/**
 * The ways to pay that the shop takes, in the order of the keys.
 */
tenders: Array<TenderKey>, 
/**
 * The currencies that the drawer takes, the register's own first.
 */
drawer: Array<DrawerCurrency>, 
/**
 * The fiscal positions to choose from.
 */
positions: Array<PositionView>, 
/**
 * Percentages that the tip keys offer, as text; none where tips are not taken.
 */
tip_percents: Array<string>, 
/**
 * True on the demo store.
 */
demo: boolean, 
/**
 * The program's version.
 */
version: string, };

/**
 * A line whose price is not what was agreed.
 */
export type RenewedLine = { 
/**
 * Which.
 */
line_id: string, 
/**
 * What it came to when it was agreed.
 */
agreed: number, 
/**
 * What it comes to now.
 */
now: number, };

/**
 * A quote that was taken up after its day: its prices are today's.
 */
export type RenewedView = { 
/**
 * What it came to when it was agreed.
 */
agreed: number, 
/**
 * The lines that come to something else now.
 */
lines: Array<RenewedLine>, };

/**
 * A length of time.
 */
export type ReportBy = "hour" | "day" | "week" | "month";

/**
 * Another range of days to compare with.
 */
export type ReportCompare = "before" | "year_before";

/**
 * A report as a file.
 */
export type ReportFile = { 
/**
 * Which.
 */
kind: ReportKind, 
/**
 * Of what.
 */
ask: AskReport, };

/**
 * A report's subject.
 */
export type ReportKind = "sales" | "items" | "categories" | "staff" | "tenders" | "taxes" | "hours" | "margin";

/**
 * The rows of a report over a range of days.
 */
export type ReportRange = { 
/**
 * The first business day.
 */
from: string, 
/**
 * The last one.
 */
to: string, 
/**
 * In order of time; or the largest first.
 */
rows: Array<ReportRowView>, 
/**
 * How many rows there are with those beyond the limit.
 */
all_rows: number, 
/**
 * All tickets of the range.
 */
total: FiguresView, };

/**
 * A row of a report.
 */
export type ReportRowView = { 
/**
 * Which one: a time (`2026-11-23T09`, `2026-11-23`, `2026-11`; of a week its Monday), an hour
 * (`09`), a variant's or a person's id, a category, a kind of tender, a tax's code.
 */
code: string, 
/**
 * Of an hour the day of the week, 1 for Monday; of a tender the shop's own name, the wallet or the
 * currency; of a tax its rate and mode, `20 inclusive`.
 */
detail: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Its figures; what does not apply is 0.
 */
figures: FiguresView, };

/**
 * A report.
 */
export type ReportView = { 
/**
 * Which.
 */
kind: ReportKind, 
/**
 * Its days.
 */
range: ReportRange, 
/**
 * What it is compared with.
 */
compared: ReportRange | null, };

/**
 * What became of a request, and how its app hears of it.
 */
export type RequestEnd = { 
/**
 * Where it is. While it is neither ended nor in doubt, there is nothing to tell yet.
 */
status: RequestStatusView, 
/**
 * What to open: the whole address with the reply in it. None where the app asks for the result
 * itself, or where there is nothing to tell yet.
 */
callback_url: string | null, 
/**
 * True where the register itself sends the reply: then nothing is to be opened.
 */
post: boolean, 
/**
 * After how long it is opened by itself, milliseconds; none where the cashier does.
 */
auto_return_ms: number | null, 
/**
 * The app's name, for the words on screen.
 */
app: string, 
/**
 * What happened, in words.
 */
message: string, };

/**
 * What an app says that it asks for.
 */
export type RequestLine = { 
/**
 * What it is called.
 */
name: string, 
/**
 * How much of it, thousandths.
 */
quantity: number, 
/**
 * The price of one.
 */
price: number, };

/**
 * An app's requests.
 */
export type RequestList = { 
/**
 * The newest first.
 */
requests: Array<RequestView>, 
/**
 * Whether there are older ones.
 */
more: boolean, };

/**
 * What a link led to: a request that is on disk, or the reason why there is none.
 */
export type RequestReceived = { 
/**
 * The request; none where the link could not be taken.
 */
request: RequestView | null, 
/**
 * The reply to open at once: the link was wrong, but its app and its address are known; or the
 * request has ended already. None where nothing is to be opened.
 */
end: RequestEnd | null, 
/**
 * What happened, in words for the screen.
 */
message: string, 
/**
 * The code of what was wrong; none if nothing was.
 */
error_code: string | null, };

/**
 * Where a request is.
 */
export type RequestStatusView = "received" | "shown" | "accepted" | "in_doubt" | "completed" | "canceled" | "refused" | "expired";

/**
 * A payment that an app asks for.
 */
export type RequestView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What people call the app.
 */
app: string, 
/**
 * What the app calls itself.
 */
client_id: string, 
/**
 * How much it asks for.
 */
amount: number, 
/**
 * Whether a tip may be given on top.
 */
tip_allowed: boolean, 
/**
 * What it is for, where the app says so.
 */
line_items: Array<RequestLine>, 
/**
 * What the app wants noted; may be empty.
 */
notes: string, 
/**
 * The shop's customer whom the app names.
 */
customer: string | null, 
/**
 * The ways to pay that the app and the shop both take.
 */
tenders: Array<PayWith>, 
/**
 * After how long the reply is opened by itself, milliseconds; none where the cashier does.
 */
auto_return_ms: number | null, 
/**
 * Whether to leave the receipt's screen out where nothing was paid in cash.
 */
skip_receipt: boolean, 
/**
 * Whether to leave out keys for cards that are not there.
 */
disable_cnp: boolean, 
/**
 * Whether taxes are not put on by themselves.
 */
untaxed: boolean, 
/**
 * Where it is.
 */
status: RequestStatusView, 
/**
 * The basket that it is paid in, once accepted.
 */
basket_id: string | null, 
/**
 * The sale that it became.
 */
sale_id: string | null, 
/**
 * The receipt's number of that sale.
 */
receipt: string | null, 
/**
 * Why it came to nothing, as the code that the app gets.
 */
error_code: string | null, 
/**
 * True for a test: nothing of it is in the books.
 */
sandbox: boolean, 
/**
 * When it came, milliseconds since 1970 UTC.
 */
received_ms: number, 
/**
 * From when on it is not taken any more.
 */
expires_ms: number, 
/**
 * True once a reply was given out.
 */
replied: boolean, 
/**
 * How often the callback was opened.
 */
called_back: number, 
/**
 * What became of the result that the register posted; none where it posted none.
 */
posted: PostedResult | null, };

/**
 * Decides by hand what became of a payment.
 */
export type ResolveCard = { 
/**
 * Which payment.
 */
tender_id: string, 
/**
 * In doubt: whether it counts. Charged already: true keeps it although it has no sale, false
 * says that it was given back at the terminal.
 */
charged: boolean, 
/**
 * Why; kept in the journal.
 */
reason: string, };

/**
 * Goods that come back, in an open basket.
 */
export type ReturnView = { 
/**
 * Its id in this basket.
 */
id: string, 
/**
 * What it takes back; none without a receipt.
 */
origin: OriginView | null, 
/**
 * Its name.
 */
name: string, 
/**
 * How much, in thousandths; positive.
 */
quantity: number, 
/**
 * `piece`, `kilogram`, `litre` or `metre`.
 */
unit: string, 
/**
 * What it gives back: below nothing.
 */
total: number, 
/**
 * Why.
 */
reason: string, };

/**
 * What is left to be taken back of a sale.
 */
export type Returnable = { 
/**
 * Which.
 */
sale_id: string, 
/**
 * Its receipt.
 */
receipt: string, 
/**
 * Its lines.
 */
lines: Array<ReturnableLine>, 
/**
 * How it was paid, and what of each may go back.
 */
tenders: Array<ReturnableTender>, };

/**
 * What is left of a line.
 */
export type ReturnableLine = { 
/**
 * Which.
 */
line_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * `piece`, `kilogram`, `litre` or `metre`.
 */
unit: string, 
/**
 * How much was sold, in thousandths.
 */
sold: number, 
/**
 * How much may still come back, in thousandths.
 */
left: number, 
/**
 * What that would give back.
 */
amount_left: number, };

/**
 * What of a payment may go back.
 */
export type ReturnableTender = { 
/**
 * Which.
 */
tender_id: string, 
/**
 * How it was paid.
 */
kind: PayWith, 
/**
 * The name of a custom tender.
 */
name: string | null, 
/**
 * Card code, voucher number and the like.
 */
reference: string | null, 
/**
 * How much may be paid back this way.
 */
left: number, };

/**
 * Gives a payment without a sale back at its terminal.
 */
export type ReverseCard = { 
/**
 * The payment without a sale.
 */
tender_id: string, 
/**
 * The id of the payment that gives it back; made by the client.
 */
reversal_id: string, };

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
 * Who bought.
 */
customer: BuyerView | null, 
/**
 * Its lines, what came back last.
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
 * What the goods came to; below nothing is a refund.
 */
total: number, 
/**
 * What reductions took off.
 */
discount: number, 
/**
 * What the customer gave on top.
 */
tip: number, 
/**
 * What cash rounding added or took off.
 */
cash_rounding: number, 
/**
 * Cash handed back.
 */
change: number, 
/**
 * Refunds of it: their receipts.
 */
refunded_by: Array<ReceiptRef>, 
/**
 * Where its paper receipt is.
 */
print: PrintStatus, };

/**
 * Registers an app, or changes one; a revoked one may ask again.
 */
export type SaveApp = { 
/**
 * What it calls itself: letters, digits, `-`, `_` and `.`; `sandbox-` at the beginning for a
 * test.
 */
client_id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Where results may be told: whole https addresses, or how an address of its own scheme begins.
 */
callbacks: Array<string>, 
/**
 * What it may ask for; `payments` if left out.
 */
scopes: Array<string>, 
/**
 * Whether the register itself posts results to https and loopback callbacks, in place of opening them.
 */
post: boolean, 
/**
 * Whether to make it a token for HTTP; the one that it has is revoked.
 */
new_token: boolean, };

/**
 * Adds a category, or changes it.
 */
export type SaveCategory = { 
/**
 * Which; none for a new one. With an id and without a version it is new too: sent again, it is
 * answered as it stands.
 */
category_id: string | null, 
/**
 * The edition that this one replaces.
 */
version: number | null, 
/**
 * Its name.
 */
name: string, 
/**
 * 1 to 6.
 */
ink: number, };

/**
 * Adds a web shop or sets one anew.
 */
export type SaveChannel = { 
/**
 * Which; none for a new one.
 */
id?: string, 
/**
 * Its platform; that of a shop that is there stays.
 */
kind: string, 
/**
 * What people call it; no two alike.
 */
name: string, 
/**
 * Where it is.
 */
url: string, 
/**
 * Its settings.
 */
options?: { [key in string]: string }, 
/**
 * Secrets that are new; those that are left out or empty stay as they are.
 */
secrets?: { [key in string]: string }, 
/**
 * `till`, `web` or `split`; empty for `till`.
 */
policy?: string, 
/**
 * What it never offers, in thousandths of a unit.
 */
buffer?: number, 
/**
 * True if its host and port may be in this machine or in the shop's own network.
 */
allow_host?: boolean, 
/**
 * One more authority to trust, PEM; empty for none.
 */
certificate?: string, };

/**
 * Adds a customer, or changes one.
 */
export type SaveCustomer = { 
/**
 * Which; none for a new one.
 */
id: string | null, 
/**
 * As printed.
 */
name: string, 
/**
 * May be empty.
 */
email: string, 
/**
 * May be empty.
 */
phone: string, 
/**
 * Groups that prices and promotions name.
 */
groups: Array<string>, 
/**
 * Pays no tax, by law.
 */
tax_exempt: boolean, 
/**
 * Number at the tax office.
 */
tax_id: string | null, 
/**
 * A fiscal position that applies whenever they buy.
 */
position: string | null, 
/**
 * How much they may owe; none for nothing.
 */
account_limit: number | null, };

/**
 * Adds a price book or promotion, or writes it anew.
 */
export type SavePriceRule = { 
/**
 * Which kind.
 */
kind: PriceRuleKind, 
/**
 * What it replaces, as it was seen; none for a new one.
 */
version: string | null, 
/**
 * Itself, with its id.
 */
rule: unknown, };

/**
 * Adds an item, or writes it anew.
 */
export type SaveProduct = { 
/**
 * Which; none for a new one. With an id and without a version it is new too: sent again, it is
 * answered as it stands.
 */
product_id: string | null, 
/**
 * The edition that this one replaces.
 */
version: number | null, 
/**
 * Its name.
 */
name: string, 
/**
 * More about it.
 */
description: string | null, 
/**
 * Its category's name; a new name makes a new category.
 */
category: string | null, 
/**
 * `piece`, `kilogram`, `litre` or `metre`.
 */
unit: string, 
/**
 * Which of the shop's taxes apply.
 */
tax_class: string, 
/**
 * Addresses of pictures.
 */
images: Array<string>, 
/**
 * Among the favourites.
 */
favourite: boolean, 
/**
 * What is sold of it; those that it had and that are not here are retired.
 */
variants: Array<SaveVariant>, };

/**
 * Adds a class with its taxes, or writes them anew.
 */
export type SaveTaxClass = { 
/**
 * The class; what its taxes say of it does not matter.
 */
class: string, 
/**
 * What it replaces, as it was seen; none for a new one.
 */
version: string | null, 
/**
 * Its taxes, one at least.
 */
taxes: Array<TaxSetting>, };

/**
 * A variant of an item that is saved.
 */
export type SaveVariant = { 
/**
 * Which; none for a new one.
 */
variant_id: string | null, 
/**
 * What tells it apart.
 */
options: Array<ChoiceView>, 
/**
 * The shop's own article number.
 */
sku: string | null, 
/**
 * Its codes.
 */
barcodes: Array<CodeView>, 
/**
 * Price of one unit; none for an open price.
 */
price: number | null, 
/**
 * The price before a reduction.
 */
compare_at: number | null, 
/**
 * What a unit cost the shop.
 */
cost: number | null, 
/**
 * Whether sales take from stock.
 */
tracks_stock: boolean, };

/**
 * Adds a webhook or sets one anew.
 */
export type SaveWebhook = { 
/**
 * Which; none for a new one.
 */
id?: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Where it is.
 */
url: string, 
/**
 * Which events; none for all.
 */
types: Array<string>, 
/**
 * False to switch it off.
 */
enabled: boolean, 
/**
 * One more authority to trust, PEM; empty for none.
 */
certificate?: string, 
/**
 * True if its host and port may be in this machine or in the shop's own network.
 */
allow_host?: boolean, };

/**
 * An app that was just saved.
 */
export type SavedApp = { 
/**
 * The app.
 */
app: AppView, 
/**
 * Its new token's secret: shown once, kept nowhere.
 */
secret: string | null, };

/**
 * Names a scale.
 */
export type ScaleRequest = { 
/**
 * Which; none for the first one.
 */
device_id?: string | null, };

/**
 * What became of a code that a scanner on a wire of the register's own read.
 */
export type ScanNotice = { 
/**
 * The client whose basket it went into, or would have.
 */
client: string, 
/**
 * The code as it was read; empty if there was none to read.
 */
code: string, 
/**
 * The line that it came to.
 */
line_id: string | null, 
/**
 * Why it went nowhere.
 */
refusal: Refusal | null, 
/**
 * What the cashier should know of it, in words.
 */
warning: string | null, };

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
 * Says which variant of ours a shop's name stands for.
 */
export type SetChannelName = { 
/**
 * Which shop.
 */
channel_id: string, 
/**
 * The shop's id.
 */
external_id: string, 
/**
 * Ours; none if it stands for nothing here.
 */
variant_id: string | null, };

/**
 * Says who buys.
 */
export type SetCustomer = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * Who; none for nobody.
 */
customer_id: string | null, };

/**
 * Sets or clears what comes off a line, or off the whole basket.
 */
export type SetDiscount = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * Which line; none for the whole basket.
 */
line_id: string | null, 
/**
 * A percentage as text; none for an amount, or to clear.
 */
percent: string | null, 
/**
 * An amount; none for a percentage, or to clear.
 */
amount: number | null, 
/**
 * Why, as printed.
 */
reason: string, };

/**
 * Opens the register to the network, or closes it.
 */
export type SetLan = { 
/**
 * Whether it is to be open.
 */
open: boolean, 
/**
 * Its port there; as it was if not given.
 */
port?: number, };

/**
 * The shop's logo.
 */
export type SetLogo = { 
/**
 * A PNG picture as Base64; none for no logo. It is made as small as paper asks for, in black and
 * white.
 */
png: string | null, };

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
 * Sets or clears the fiscal position of a basket.
 */
export type SetPosition = { 
/**
 * Which basket.
 */
basket_id: string, 
/**
 * Its id; none for the usual taxes.
 */
position: string | null, };

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
 * Replaces the rules.
 */
export type SetPriceRules = { 
/**
 * The edition that these replace, as `prices.get` gave it; refused with `rules_changed` if
 * another one was saved meanwhile.
 */
version: number, 
/**
 * Price books.
 */
books: Array<unknown>, 
/**
 * Promotions.
 */
promotions: Array<unknown>, 
/**
 * `best_for_customer` or `in_order`.
 */
stacking: string, };

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
 * Whether links of Square's own kind are taken.
 */
export type SetSquareLinks = { 
/**
 * True to take them.
 */
taken: boolean, };

/**
 * Sets or clears the tip.
 */
export type SetTip = { 
/**
 * Of which basket.
 */
basket_id: string, 
/**
 * A percentage of the total, as text; none for an amount, or to clear.
 */
percent: string | null, 
/**
 * An amount; none for a percentage, or to clear.
 */
amount: number | null, };

/**
 * An X report (any time) or a Z report (at the close).
 */
export type ShiftReport = { 
/**
 * Of which shift.
 */
shift_id: string, 
/**
 * Its number in the gapless series; none for an X.
 */
z_number: number | null, 
/**
 * Its name, which no other report of any register ever has: `T1-Z7`; none for an X.
 */
z_name: string | null, 
/**
 * Day in the books.
 */
business_day: string, 
/**
 * When it was opened.
 */
opened_local: string, 
/**
 * By whom.
 */
opened_by: string, 
/**
 * When it was closed; none for an X.
 */
closed_local: string | null, 
/**
 * By whom.
 */
closed_by: string | null, 
/**
 * The float.
 */
float: number, 
/**
 * Sales.
 */
sales: number, 
/**
 * Tickets that paid out.
 */
refunds: number, 
/**
 * What sales came to, less refunds.
 */
takings: number, 
/**
 * Without tax.
 */
net: number, 
/**
 * All taxes.
 */
tax: number, 
/**
 * What reductions took off.
 */
discount: number, 
/**
 * Tips.
 */
tip: number, 
/**
 * What cash rounding added or took off.
 */
cash_rounding: number, 
/**
 * Baskets that were given up.
 */
voids: number, 
/**
 * Drawer openings for nothing.
 */
no_sales: number, 
/**
 * By way of paying; empty where the reader counts blind.
 */
tenders: Array<TotalRow>, 
/**
 * By tax.
 */
taxes: Array<TaxRowView>, 
/**
 * Pay-ins, pay-outs, safe drops.
 */
cash_moves: Array<TotalRow>, 
/**
 * By currency; empty where the reader counts blind.
 */
counts: Array<CountView>, 
/**
 * The first receipt.
 */
first_receipt: string | null, 
/**
 * The last receipt.
 */
last_receipt: string | null, 
/**
 * Everything that this register ever took; never reset.
 */
grand_total: number, 
/**
 * The report as a fixed-width column, as it would be printed.
 */
text: string, };

/**
 * Names a shift.
 */
export type ShiftRequest = { 
/**
 * Which.
 */
shift_id: string, };

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
 * When, on the shop's wall clock.
 */
opened_local: string, 
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
 * What the drawer should hold; none for those who count blind.
 */
expected: number | null, };

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
 * Its taxes, in the order in which they are computed.
 */
taxes: Array<TaxSetting>, 
/**
 * Other sets of taxes: take away, export.
 */
positions: Array<PositionSetting>, 
/**
 * How taxes are rounded; none for line by line, halves up.
 */
tax_rounding: TaxRoundingSetting | null, 
/**
 * How money is taken; none for cash and card.
 */
money: MoneySettings | null, 
/**
 * Whether a Z report is printed when a shift is closed.
 */
print_z: boolean, 
/**
 * The class of items that a fee on a cancelled order is taxed as; none for no tax.
 */
fee_class: string | null, 
/**
 * How labels of the shop's own scales and label printers are read; none for as before.
 */
in_store: Array<InStoreSetting> | null, };

/**
 * Has a card charged at a terminal. Answers at once; safe to send again with the same tender id.
 */
export type StartCard = { 
/**
 * For which basket.
 */
basket_id: string, 
/**
 * Made by the client, kept over every retry.
 */
tender_id: string, 
/**
 * At which terminal; none for the only one.
 */
terminal_id?: string | null, 
/**
 * How much of what is due.
 */
amount: number, 
/**
 * Whether to print the receipt when this completes the sale.
 */
print: boolean, };

/**
 * Says how far an order is.
 */
export type StepWebOrder = { 
/**
 * Which.
 */
order_id: string, 
/**
 * How far it is now.
 */
status: WebOrderStatus, 
/**
 * The parcel's number; none to leave it.
 */
tracking?: string, };

/**
 * How much there is of a variant.
 */
export type StockLevelView = { 
/**
 * The variant.
 */
variant_id: string, 
/**
 * Its item.
 */
product_id: string, 
/**
 * Name with its choices.
 */
name: string, 
/**
 * The article number.
 */
sku: string | null, 
/**
 * `piece`, `kilogram`, `litre` or `metre`.
 */
unit: string, 
/**
 * How much; below nothing where more was sold than counted.
 */
quantity: number, 
/**
 * Whether sales take from stock.
 */
tracks_stock: boolean, 
/**
 * True if it is sold no more.
 */
retired: boolean, };

/**
 * A movement by hand that was made.
 */
export type StockMoveView = { 
/**
 * Its id.
 */
move_id: string, 
/**
 * When, UTC.
 */
at_ms: number, 
/**
 * When shelves were counted, UTC, where they were.
 */
counted_at_ms: number | null, 
/**
 * Why.
 */
reason: string, 
/**
 * A delivery note, an order, another shop; may be empty.
 */
reference: string, 
/**
 * In words; may be empty.
 */
note: string, 
/**
 * Who.
 */
actor: string, 
/**
 * What moved.
 */
lines: Array<MovedLine>, };

/**
 * Switches something of a device on or off.
 */
export type SwitchDevice = { 
/**
 * Which device.
 */
device_id: string, 
/**
 * On or off.
 */
on: boolean, };

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
 * Takes goods of an order back that its customer brings to the counter.
 */
export type TakeWebOrderBack = { 
/**
 * Which order.
 */
order_id: string, 
/**
 * Made by who asks: the same one again changes nothing.
 */
return_id: string, 
/**
 * What came back; each line once.
 */
lines: Array<WebOrderBack>, 
/**
 * Why; may be empty.
 */
reason: string, };

/**
 * Classes that are taxed.
 */
export type TaxClassList = { 
/**
 * By name.
 */
classes: Array<TaxClassView>, };

/**
 * Asks for the taxes of a class, or removes it.
 */
export type TaxClassRequest = { 
/**
 * Which.
 */
class: string, 
/**
 * What was seen, to remove it only if it is still that.
 */
version: string | null, };

/**
 * The taxes of one class of items.
 */
export type TaxClassView = { 
/**
 * The class, as items name it.
 */
class: string, 
/**
 * A fingerprint of its taxes: another one with every change.
 */
version: string, 
/**
 * Its taxes, in the order in which they are computed.
 */
taxes: Array<TaxSetting>, };

/**
 * How taxes are rounded.
 */
export type TaxRoundingSetting = { 
/**
 * `line` or `document`.
 */
scope: string, 
/**
 * `half_up` or `half_even`.
 */
mode: string, };

/**
 * A tax of a report.
 */
export type TaxRowView = { 
/**
 * As printed.
 */
name: string, 
/**
 * Percentage or amount.
 */
rate: string, 
/**
 * What it was taken on.
 */
base: number, 
/**
 * How much.
 */
amount: number, };

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
 * The percentage, as text: `13.5`; `0` for a tax of a fixed amount.
 */
rate: string, 
/**
 * True if the prices contain it.
 */
inclusive: boolean, 
/**
 * The amount for one unit of a tax that is no percentage.
 */
amount: number | null, 
/**
 * True if it is part of what later taxes are taken on.
 */
affects_base: boolean, 
/**
 * True if it ignores the taxes before it.
 */
ignores_others: boolean, };

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
 * A key of the Pay screen.
 */
export type TenderKey = { 
/**
 * How.
 */
kind: PayWith, 
/**
 * The name of a custom tender or of a card terminal; empty for the others.
 */
name: string, 
/**
 * Which card terminal.
 */
terminal_id?: string, };

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
 * What it counts for; below nothing pays out.
 */
amount: number, 
/**
 * What was handed over.
 */
received: number, 
/**
 * What goes back.
 */
change: number, 
/**
 * What cash rounding added or took off.
 */
rounding: number, 
/**
 * What was paid back of it since, of what it counts for; nothing in an open basket.
 */
refunded: number, 
/**
 * True while it is announced and has not come in.
 */
pending: boolean, 
/**
 * Card code, voucher number, transfer reference and the like.
 */
reference: string | null, 
/**
 * The name of a custom tender.
 */
name: string | null, 
/**
 * Cash of another currency, as handed over.
 */
foreign: ForeignView | null, 
/**
 * What a terminal told of the payment.
 */
card?: CardView, };

/**
 * The end of a terminal's day.
 */
export type TerminalReport = { 
/**
 * Its number.
 */
id: number, 
/**
 * Which terminal.
 */
terminal_id: string, 
/**
 * What people called it then.
 */
terminal: string, 
/**
 * When it was asked.
 */
local_time: string, 
/**
 * What became of it.
 */
state: TerminalReportState, 
/**
 * What the terminal added up, if it told.
 */
total?: number, 
/**
 * In plain words.
 */
words: string, };

/**
 * What became of the end of a terminal's day.
 */
export type TerminalReportState = "running" | "done" | "failed";

/**
 * Ends of days, the newest first.
 */
export type TerminalReports = { 
/**
 * The reports.
 */
reports: Array<TerminalReport>, };

/**
 * Names a terminal.
 */
export type TerminalRequest = { 
/**
 * Which.
 */
terminal_id: string, };

/**
 * Tries a connection: of a shop that is there, or of one as it would be saved.
 */
export type TestChannel = { 
/**
 * A shop that is there.
 */
channel_id?: string, 
/**
 * Or one as it would be saved; secrets that are left out are those that are known.
 */
draft?: SaveChannel, };

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
 * Every token.
 */
export type TokenList = { 
/**
 * The newest first.
 */
tokens: Array<TokenView>, };

/**
 * One token.
 */
export type TokenRequest = { 
/**
 * Which.
 */
token_id: string, };

/**
 * A token, without its secret.
 */
export type TokenView = { 
/**
 * Its id.
 */
id: string, 
/**
 * True for a paired tablet or phone.
 */
device: boolean, 
/**
 * What people call its holder.
 */
name: string, 
/**
 * What it is good for.
 */
scopes: Array<string>, 
/**
 * The most that it is trusted with.
 */
role: string, 
/**
 * When it was made, milliseconds since 1970 UTC.
 */
created_ms: number, 
/**
 * About when it was last used.
 */
used_ms: number | null, 
/**
 * Since when it is no good any more.
 */
revoked_ms: number | null, };

/**
 * A row of a report.
 */
export type TotalRow = { 
/**
 * The tender, cash move or tax it sums up.
 */
kind: string, 
/**
 * As printed, where it has a name of its own; may be empty.
 */
name: string, 
/**
 * How many.
 */
count: number, 
/**
 * How much.
 */
amount: number, };

/**
 * What went over a device's wire.
 */
export type Traffic = { 
/**
 * A line a piece, with its time and direction; what is secret is masked.
 */
text: string, };

/**
 * A twin: what stands on the counter if the machine is not there.
 */
export type TwinView = { 
/**
 * The device that it stands for.
 */
device_id: string, 
/**
 * `printer`, `terminal`, `scanner`, `scale` or `display`.
 */
kind: string, 
/**
 * The language that it speaks.
 */
driver: string, 
/**
 * What people call the device.
 */
name: string, 
/**
 * What can be pressed.
 */
buttons: Array<string>, 
/**
 * The faults that are switched on.
 */
faults: Array<string>, 
/**
 * What a terminal or a display shows, line by line.
 */
display: Array<string>, 
/**
 * What a terminal has done, the newest last.
 */
ledger: Array<LedgerRow>, 
/**
 * What came out of a printer, the newest last.
 */
paper: Array<PaperView>, 
/**
 * What a scale shows.
 */
weight?: string, 
/**
 * Whether a printer's drawer is open.
 */
drawer_open?: boolean, };

/**
 * Every twin, as it is now.
 */
export type Twins = { 
/**
 * In the order of the devices.
 */
twins: Array<TwinView>, };

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
 * Variants.
 */
export type VariantPage = { 
/**
 * The variants.
 */
variants: Array<ProductVariantView>, 
/**
 * Where to continue, if there may be more.
 */
next: string | null, };

/**
 * Asks for one variant.
 */
export type VariantRequest = { 
/**
 * Which.
 */
variant_id: string, };

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

/**
 * Gives a basket up.
 */
export type VoidBasket = { 
/**
 * Which.
 */
basket_id: string, 
/**
 * Why; needed.
 */
reason: string, };

/**
 * A merchant's identity in an EMVCo merchant-presented code.
 */
export type WalletSetting = { 
/**
 * What the key says: `Wallet`.
 */
name: string, 
/**
 * The globally unique identifier of the scheme (reverse domain or application id).
 */
scheme: string, 
/**
 * The merchant's account in it.
 */
account: string, 
/**
 * Merchant category code (ISO 18245): `5411`.
 */
category: string, 
/**
 * Country, ISO 3166-1: `SG`.
 */
country: string, 
/**
 * City.
 */
city: string, };

/**
 * How an order's customer gets the goods.
 */
export type WebHandOver = "collect" | "ship";

/**
 * What came back of a line.
 */
export type WebOrderBack = { 
/**
 * Which line.
 */
line_id: string, 
/**
 * How much, in thousandths of a unit; never more than is left.
 */
quantity: number, };

/**
 * A line of an order.
 */
export type WebOrderLine = { 
/**
 * Its id.
 */
id: string, 
/**
 * What the catalogue knows it as; none for what only the shop knows.
 */
variant_id: string | null, 
/**
 * As the shop calls it.
 */
name: string, 
/**
 * The article number.
 */
sku: string | null, 
/**
 * How much, in thousandths of a unit.
 */
quantity: number, 
/**
 * Of that, what came back to the counter.
 */
returned: number, 
/**
 * What the shop asks for one unit.
 */
unit_price: number, };

/**
 * How far an order is.
 */
export type WebOrderStatus = "new" | "picking" | "ready" | "collected" | "shipped" | "delivered" | "cancelled";

/**
 * An order of a web shop.
 */
export type WebOrderView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Which shop: its name.
 */
channel: string, 
/**
 * What the customer was told.
 */
number: string, 
/**
 * What the shop calls it.
 */
external_id: string, 
/**
 * How the customer gets it.
 */
hand_over: WebHandOver, 
/**
 * How far it is.
 */
status: WebOrderStatus, 
/**
 * How far it can be next.
 */
next: Array<WebOrderStatus>, 
/**
 * Whether it is paid.
 */
paid: boolean, 
/**
 * Whether goods of it can be taken back here: it was handed over, and was paid in the shop.
 */
takes_back: boolean, 
/**
 * The held order that waits at the till to be paid.
 */
held_order_id: string | null, 
/**
 * Who gets it; empty if the shop does not say.
 */
recipient: string, 
/**
 * To be reached at: an e-mail address, a phone number.
 */
contact: Array<string>, 
/**
 * Where it goes, line by line.
 */
address: Array<string>, 
/**
 * What the customer wrote.
 */
note: string, 
/**
 * The parcel's number; may be empty.
 */
tracking: string, 
/**
 * What it comes to, with taxes and shipping.
 */
total: number, 
/**
 * The goods.
 */
lines: Array<WebOrderLine>, 
/**
 * When the customer ordered, milliseconds since 1970 UTC.
 */
ordered_ms: number, 
/**
 * When it came in here.
 */
created_ms: number, };

/**
 * Orders of web shops.
 */
export type WebOrders = { 
/**
 * Those that wait, the oldest first; or those of the last 14 days, the newest first.
 */
orders: Array<WebOrderView>, 
/**
 * True if there are more than are told.
 */
more: boolean, };

/**
 * Every webhook.
 */
export type WebhookList = { 
/**
 * The newest first.
 */
webhooks: Array<WebhookView>, 
/**
 * Hosts of the shop's own network that webhooks may point to, `host:port`.
 */
allowed_hosts: Array<string>, 
/**
 * What events are about: `sale`, `customer` and so on.
 */
subjects: Array<string>, };

/**
 * One webhook.
 */
export type WebhookRequest = { 
/**
 * Which.
 */
webhook_id: string, };

/**
 * A webhook that was saved.
 */
export type WebhookSaved = { 
/**
 * The webhook.
 */
webhook: WebhookView, 
/**
 * A new secret: shown once.
 */
secret: string | null, };

/**
 * A webhook, without its secret.
 */
export type WebhookView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What people call it.
 */
name: string, 
/**
 * Where it is.
 */
url: string, 
/**
 * Which events: `sale.completed`, `sale.*`; none for all.
 */
types: Array<string>, 
/**
 * False if it was switched off.
 */
enabled: boolean, 
/**
 * Why the register switched it off; empty otherwise.
 */
trouble: string, 
/**
 * The program whose token made it; none if a person did.
 */
program: string | null, 
/**
 * True if that token was revoked: then nothing is sent any more.
 */
revoked: boolean, 
/**
 * One more authority whose certificates it trusts, PEM; empty for none.
 */
certificate: string, 
/**
 * Until when the old secret signs too, milliseconds since 1970 UTC.
 */
old_secret_until_ms: number | null, 
/**
 * When it was made.
 */
created_ms: number, 
/**
 * When it was last changed.
 */
updated_ms: number, 
/**
 * When the last message arrived.
 */
success_ms: number | null, 
/**
 * Messages that wait.
 */
waiting: number, 
/**
 * When the oldest of them was made.
 */
oldest_ms: number | null, 
/**
 * Messages that were given up.
 */
dead: number, };

/**
 * Weighs: for a line, for a new line of an item, or just so.
 */
export type Weigh = { 
/**
 * The basket, if the weight is for one.
 */
basket_id?: string | null, 
/**
 * The line that gets the weight.
 */
line_id?: string | null, 
/**
 * The item that comes in with the weight, on a line of its own.
 */
variant_id?: string | null, 
/**
 * Which scale; none for the first one.
 */
device_id?: string | null, 
/**
 * What the packing weighs, in thousandths of a kilogram, to be taken off.
 */
tare?: number | null, };

/**
 * What was weighed.
 */
export type Weighed = { 
/**
 * Thousandths of a kilogram, without the tare.
 */
weight: number, 
/**
 * True if a tare was taken off, by the scale or here.
 */
net: boolean, 
/**
 * The scale's name.
 */
scale: string, 
/**
 * The basket, if the weight was for one.
 */
basket: BasketView | null, 
/**
 * The line that got it.
 */
line_id: string | null, };

/** Every command with what it takes and gives. */
export interface Commands {
  "register.state": { request: Nothing; reply: RegisterState };
  "shift.open": { request: OpenShift; reply: RegisterState };
  "shift.move_cash": { request: MoveCash; reply: RegisterState };
  "shift.x": { request: Nothing; reply: ShiftReport };
  "shift.close": { request: CloseShift; reply: ShiftReport };
  "shift.print_x": { request: Nothing; reply: PrintJobView };
  "shift.closed": { request: Nothing; reply: ClosedShifts };
  "shift.z": { request: ShiftRequest; reply: ShiftReport };
  "shift.print_z": { request: ShiftRequest; reply: PrintJobView };
  "catalog.categories": { request: Nothing; reply: Categories };
  "catalog.browse": { request: Browse; reply: Tiles };
  "catalog.search": { request: Search; reply: Tiles };
  "catalog.item": { request: ItemRequest; reply: ItemView };
  "products.list": { request: ListProducts; reply: ProductPage };
  "products.get": { request: ProductRequest; reply: ProductView };
  "products.save": { request: SaveProduct; reply: ProductView };
  "products.retire": { request: ProductRequest; reply: ProductView };
  "variants.list": { request: ListVariants; reply: VariantPage };
  "variants.get": { request: VariantRequest; reply: ProductVariantView };
  "categories.list": { request: ListAllCategories; reply: CategoryPage };
  "categories.get": { request: CategoryRequest; reply: CategoryView };
  "categories.save": { request: SaveCategory; reply: CategoryView };
  "categories.remove": { request: CategoryRequest; reply: Nothing };
  "stock.level": { request: ListLevels; reply: LevelPage };
  "stock.move": { request: MoveStock; reply: StockMoveView };
  "stock.count": { request: CountStock; reply: StockMoveView };
  "stock.movements": { request: ListMovements; reply: MovementPage };
  "basket.current": { request: Nothing; reply: BasketView };
  "basket.scan": { request: ScanRequest; reply: Added };
  "basket.add": { request: AddRequest; reply: Added };
  "basket.set_quantity": { request: SetQuantity; reply: BasketView };
  "scale.weigh": { request: Weigh; reply: Weighed };
  "scale.zero": { request: ScaleRequest; reply: Nothing };
  "scale.tare": { request: ScaleRequest; reply: Nothing };
  "basket.set_price": { request: SetPrice; reply: BasketView };
  "basket.set_note": { request: SetNote; reply: BasketView };
  "basket.set_discount": { request: SetDiscount; reply: BasketView };
  "basket.set_customer": { request: SetCustomer; reply: BasketView };
  "basket.set_position": { request: SetPosition; reply: BasketView };
  "basket.add_coupon": { request: CouponRequest; reply: BasketView };
  "basket.remove_coupon": { request: CouponRequest; reply: BasketView };
  "basket.add_gift_card": { request: AddGiftCard; reply: Added };
  "basket.add_return": { request: AddReturn; reply: BasketView };
  "basket.add_return_unseen": { request: AddReturnUnseen; reply: BasketView };
  "basket.explain": { request: ExplainLine; reply: ExplanationView };
  "basket.remove_line": { request: LineRequest; reply: BasketView };
  "basket.clear": { request: BasketRequest; reply: BasketView };
  "basket.undo": { request: BasketRequest; reply: BasketView };
  "basket.void": { request: VoidBasket; reply: BasketView };
  "basket.park": { request: Park; reply: BasketView };
  "basket.parked": { request: Nothing; reply: ParkedList };
  "basket.recall": { request: BasketRequest; reply: BasketView };
  "pay.tender": { request: PayRequest; reply: Paid };
  "pay.take_back": { request: TakeBack; reply: BasketView };
  "pay.confirm": { request: ConfirmTender; reply: Paid };
  "pay.set_tip": { request: SetTip; reply: BasketView };
  "pay.code": { request: PaymentCodeRequest; reply: PaymentCode };
  "card.start": { request: StartCard; reply: AttemptView };
  "card.refund": { request: RefundCard; reply: AttemptView };
  "card.status": { request: CardRequest; reply: AttemptView };
  "card.stop": { request: CardRequest; reply: AttemptView };
  "card.open": { request: Nothing; reply: OpenCards };
  "card.ask_again": { request: CardRequest; reply: AttemptView };
  "card.resolve": { request: ResolveCard; reply: AttemptView };
  "card.reverse": { request: ReverseCard; reply: AttemptView };
  "card.print_slip": { request: CardRequest; reply: PrintJobView };
  "card.end_of_day": { request: TerminalRequest; reply: TerminalReport };
  "card.reports": { request: ListReports; reply: TerminalReports };
  "held.hold": { request: HoldOrder; reply: HeldOrderView };
  "held.list": { request: ListHeld; reply: HeldOrders };
  "held.recall": { request: HeldRequest; reply: BasketView };
  "held.deposit": { request: PayDeposit; reply: DepositPaid };
  "held.cancel": { request: CancelHeld; reply: HeldCancelled };
  "held.print": { request: HeldRequest; reply: PrintJobView };
  "orders.find": { request: FindOrders; reply: Orders };
  "orders.get": { request: SaleRequest; reply: SaleView };
  "orders.returnable": { request: SaleRequest; reply: Returnable };
  "orders.explain": { request: ExplainSold; reply: ExplanationView };
  "customers.find": { request: FindCustomers; reply: CustomerList };
  "customers.save": { request: SaveCustomer; reply: CustomerView };
  "customers.pay_account": { request: PayAccount; reply: CustomerView };
  "customers.print_payment": { request: CustomerRequest; reply: PrintJobView };
  "customers.get": { request: CustomerRequest; reply: CustomerView };
  "credit.get": { request: CreditRequest; reply: CreditView };
  "credit.issue": { request: IssueCredit; reply: CreditView };
  "credit.print": { request: CreditRequest; reply: PrintJobView };
  "prices.get": { request: Nothing; reply: PriceRulesView };
  "prices.set": { request: SetPriceRules; reply: PriceRulesView };
  "prices.list_rules": { request: PriceRuleKind; reply: PriceRuleList };
  "prices.get_rule": { request: PriceRuleRequest; reply: PriceRuleView };
  "prices.save_rule": { request: SavePriceRule; reply: PriceRuleView };
  "prices.remove_rule": { request: PriceRuleRequest; reply: Nothing };
  "prices.quote": { request: QuoteBasket; reply: QuotedBasket };
  "taxes.list": { request: Nothing; reply: TaxClassList };
  "taxes.get": { request: TaxClassRequest; reply: TaxClassView };
  "taxes.save": { request: SaveTaxClass; reply: TaxClassView };
  "taxes.remove": { request: TaxClassRequest; reply: Nothing };
  "coupons.list": { request: Nothing; reply: CouponList };
  "coupons.issue": { request: IssueCoupon; reply: CouponList };
  "receipt.preview": { request: SaleRequest; reply: ReceiptPreview };
  "receipt.pdf": { request: PdfRequest; reply: FileView };
  "receipt.print": { request: SaleRequest; reply: PrintJobView };
  "receipt.gift": { request: SaleRequest; reply: PrintJobView };
  "prints.waiting": { request: Nothing; reply: PrintQueue };
  "prints.retry": { request: PrintJobRequest; reply: PrintQueue };
  "prints.set_aside": { request: PrintJobRequest; reply: PrintQueue };
  "shop.get": { request: Nothing; reply: ShopSettings };
  "shop.set": { request: ShopSettings; reply: ShopSettings };
  "shop.logo": { request: Nothing; reply: LogoView };
  "shop.set_logo": { request: SetLogo; reply: LogoView };
  "devices.list": { request: Nothing; reply: DeviceList };
  "devices.add": { request: AddDevice; reply: DeviceList };
  "devices.change": { request: ChangeDevice; reply: DeviceList };
  "devices.test": { request: DeviceRequest; reply: DeviceTested };
  "devices.twin": { request: SwitchDevice; reply: DeviceList };
  "devices.record": { request: SwitchDevice; reply: DeviceList };
  "devices.traffic": { request: DeviceRequest; reply: Traffic };
  "devices.remove": { request: DeviceRequest; reply: DeviceList };
  "twins.state": { request: Nothing; reply: Twins };
  "twins.press": { request: PressTwin; reply: Twins };
  "reports.sales": { request: AskReport; reply: ReportView };
  "reports.items": { request: AskReport; reply: ReportView };
  "reports.categories": { request: AskReport; reply: ReportView };
  "reports.staff": { request: AskReport; reply: ReportView };
  "reports.tenders": { request: AskReport; reply: ReportView };
  "reports.taxes": { request: AskReport; reply: ReportView };
  "reports.hours": { request: AskReport; reply: ReportView };
  "reports.margin": { request: AskReport; reply: ReportView };
  "reports.file": { request: ReportFile; reply: FileView };
  "tokens.list": { request: Nothing; reply: TokenList };
  "tokens.create": { request: CreateToken; reply: NewToken };
  "tokens.revoke": { request: TokenRequest; reply: TokenList };
  "webhooks.list": { request: Nothing; reply: WebhookList };
  "webhooks.save": { request: SaveWebhook; reply: WebhookSaved };
  "webhooks.rotate": { request: WebhookRequest; reply: WebhookSaved };
  "webhooks.remove": { request: WebhookRequest; reply: WebhookList };
  "webhooks.deliveries": { request: ListDeliveries; reply: DeliveryList };
  "webhooks.redeliver": { request: Redeliver; reply: DeliveryList };
  "channels.list": { request: Nothing; reply: ChannelList };
  "channels.save": { request: SaveChannel; reply: ChannelView };
  "channels.test": { request: TestChannel; reply: ChannelTested };
  "channels.sync": { request: ChannelRequest; reply: ChannelView };
  "channels.pause": { request: PauseChannel; reply: ChannelView };
  "channels.remove": { request: ChannelRequest; reply: ChannelList };
  "channels.problems": { request: ListChannelProblems; reply: ChannelProblems };
  "channels.retry": { request: ChannelProblemRequest; reply: ChannelProblems };
  "channels.set_aside": { request: ChannelProblemRequest; reply: ChannelProblems };
  "channels.take_up": { request: ChannelProblemRequest; reply: ChannelProblems };
  "channels.ops": { request: ListChannelOps; reply: ChannelOps };
  "channels.names": { request: ListChannelMap; reply: ChannelMap };
  "channels.set_name": { request: SetChannelName; reply: ChannelNameView };
  "web_orders.list": { request: ListWebOrders; reply: WebOrders };
  "web_orders.find": { request: FindWebOrder; reply: WebOrders };
  "web_orders.step": { request: StepWebOrder; reply: WebOrderView };
  "web_orders.take_back": { request: TakeWebOrderBack; reply: WebOrderView };
  "requests.open": { request: Nothing; reply: OpenRequests };
  "requests.accept": { request: PaymentRequestRef; reply: BasketView };
  "requests.cancel": { request: CancelRequest; reply: RequestEnd };
  "requests.end": { request: PaymentRequestRef; reply: RequestEnd };
  "requests.called_back": { request: PaymentRequestRef; reply: RequestView };
  "requests.post_again": { request: PaymentRequestRef; reply: RequestView };
  "requests.receive_link": { request: ReceiveLink; reply: RequestReceived };
  "apps.list": { request: Nothing; reply: AppList };
  "apps.save": { request: SaveApp; reply: SavedApp };
  "apps.revoke": { request: AppRef; reply: AppList };
  "apps.requests": { request: ListRequests; reply: RequestList };
  "apps.square_links": { request: SetSquareLinks; reply: AppList };
  "lan.get": { request: Nothing; reply: LanView };
  "lan.set": { request: SetLan; reply: LanView };
  "pairing.begin": { request: BeginPairing; reply: PairingView };
  "pairing.state": { request: Nothing; reply: PairingView };
  "pairing.accept": { request: AcceptPairing; reply: PairingView };
  "pairing.refuse": { request: PairingRequest; reply: PairingView };
}
