//! THE list of commands. Every transport, every test and the TypeScript map come from it, so a
//! forgotten one does not compile, and a right is checked in one place.

use countertop_domain::staff::Right;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::require;
use crate::error::AppError;
use crate::reports;
use crate::wire::{
    AcceptPairing, AddDevice, AddGiftCard, AddRequest, AddReturn, AddReturnUnseen, Added, AppList,
    AppRef, AskReport, AttemptView, BasketRequest, BasketView, BeginPairing, Browse, CancelHeld,
    CancelRequest, CardRequest, Categories, CategoryPage, CategoryRequest, CategoryView,
    ChangeDevice, ChannelList, ChannelMap, ChannelNameView, ChannelOps, ChannelProblemRequest,
    ChannelProblems, ChannelRequest, ChannelTested, ChannelView, CloseShift, ClosedShifts,
    ConfirmTender, CountStock, CouponList, CouponRequest, CreateToken, CreditRequest, CreditView,
    CustomerList, CustomerRequest, CustomerView, DeliveryList, DepositPaid, DeviceList,
    DeviceRequest, DeviceTested, ExplainLine, ExplainSold, ExplanationView, FileView,
    FindCustomers, FindOrders, FindWebOrder, HeldCancelled, HeldOrderView, HeldOrders, HeldRequest,
    HoldOrder, IssueCoupon, IssueCredit, ItemRequest, ItemView, LanView, LevelPage, LineRequest,
    ListAllCategories, ListChannelMap, ListChannelOps, ListChannelProblems, ListDeliveries,
    ListHeld, ListLevels, ListMovements, ListProducts, ListReports, ListRequests, ListVariants,
    ListWebOrders, LogoView, MoveCash, MoveStock, MovementPage, NewToken, Nothing, OpenCards,
    OpenRequests, OpenShift, Orders, Paid, PairingRequest, PairingView, Park, ParkedList,
    PauseChannel, PayAccount, PayDeposit, PayRequest, PaymentCode, PaymentCodeRequest,
    PaymentRequestRef, PdfRequest, PressTwin, PriceRuleKind, PriceRuleList, PriceRuleRequest,
    PriceRuleView, PriceRulesView, PrintJobRequest, PrintJobView, PrintQueue, ProductPage,
    ProductRequest, ProductVariantView, ProductView, QuoteBasket, QuotedBasket, ReceiptPreview,
    ReceiveLink, Redeliver, RefundCard, Refusal, RegisterState, ReportFile, ReportView, RequestEnd,
    RequestList, RequestReceived, RequestView, ResolveCard, Returnable, ReverseCard, SaleRequest,
    SaleView, SaveApp, SaveCategory, SaveChannel, SaveCustomer, SavePriceRule, SaveProduct,
    SaveTaxClass, SaveWebhook, SavedApp, ScaleRequest, ScanRequest, Search, SetChannelName,
    SetCustomer, SetDiscount, SetLan, SetLogo, SetNote, SetPosition, SetPrice, SetPriceRules,
    SetQuantity, SetSquareLinks, SetTip, ShiftReport, ShiftRequest, ShopSettings, StartCard,
    StepWebOrder, StockMoveView, SwitchDevice, TakeBack, TakeWebOrderBack, TaxClassList,
    TaxClassRequest, TaxClassView, TerminalReport, TerminalReports, TerminalRequest, TestChannel,
    Tiles, TokenList, TokenRequest, Traffic, Twins, VariantPage, VariantRequest, VoidBasket,
    WebOrderView, WebOrders, WebhookList, WebhookRequest, WebhookSaved, Weigh, Weighed,
};
use crate::{
    App, Caller, cards, catalog, categories, channels, checkout, coupons, credit, credit_slip,
    customers, deposits, devices, explain, held, lan, logo, orders, pairing, pay, payment_code,
    payment_requests, printing, products, reductions, register, returns, rule_edits, rules,
    scanning, shifts, shop_quote, shop_settings, stock, tax_classes, tokens, web_orders,
    web_returns, webhooks, weighing,
};

/// One command: what it takes, what it gives, and what its actor must be trusted with.
pub trait Command {
    /// What it takes.
    type Request: DeserializeOwned;
    /// What it gives.
    type Reply: Serialize;
    /// Its name on the wire.
    const NAME: &'static str;
    /// The right that it needs.
    const RIGHT: Right;
    /// Carries it out; the right is checked already.
    ///
    /// # Errors
    /// What the use case refuses.
    fn handle(app: &App, caller: &Caller, request: Self::Request) -> Result<Self::Reply, AppError>;
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:literal $type:ident($request:ty) -> $reply:ty, $right:ident, $handler:path;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $type;

            impl Command for $type {
                type Request = $request;
                type Reply = $reply;
                const NAME: &'static str = $name;
                const RIGHT: Right = Right::$right;
                fn handle(
                    app: &App,
                    caller: &Caller,
                    request: $request,
                ) -> Result<$reply, AppError> {
                    $handler(app, caller, request)
                }
            }
        )*

        /// Every command's name and right, in the order of the list.
        pub const ALL: &[(&str, Right)] = &[$(($name, Right::$right)),*];

        /// Carries out a command that came as JSON.
        ///
        /// # Errors
        /// A [`Refusal`] that the client can act on.
        pub fn dispatch(
            app: &App,
            caller: &Caller,
            name: &str,
            body: Value,
        ) -> Result<Value, Refusal> {
            match name {
                $($name => from_json::<$type>(app, caller, body),)*
                _ => Err(AppError::UnknownCommand { name: name.chars().take(64).collect() }.into()),
            }
        }

        /// The commands as entries of a TypeScript interface.
        #[cfg(test)]
        pub(crate) fn typescript(config: &ts_rs::Config) -> Vec<String> {
            use ts_rs::TS;
            vec![$(format!(
                "  \"{}\": {{ request: {}; reply: {} }};",
                $name,
                <$request as TS>::name(config),
                <$reply as TS>::name(config),
            )),*]
        }

        /// Every wire type that a command names, with what they hold.
        #[cfg(test)]
        pub(crate) fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $(
                visitor.visit::<$request>();
                visitor.visit::<$reply>();
            )*
        }
    };
}

commands! {
    /// What a screen needs to know first.
    "register.state" GetState(Nothing) -> RegisterState, LookUp, register::state;
    /// Begins a shift.
    "shift.open" ShiftOpenCommand(OpenShift) -> RegisterState, RunShift, shifts::open;
    /// Puts cash in, takes it out, or opens the drawer.
    "shift.move_cash" MoveCashCommand(MoveCash) -> RegisterState, MoveCash, shifts::move_cash;
    /// The shift so far.
    "shift.x" ShiftX(Nothing) -> ShiftReport, RunShift, shifts::x;
    /// Counts the drawer and ends the shift.
    "shift.close" ShiftCloseCommand(CloseShift) -> ShiftReport, RunShift, shifts::close;
    /// Prints the shift so far.
    "shift.print_x" ShiftPrintX(Nothing) -> PrintJobView, RunShift, shifts::print_x;
    /// The shifts that were closed.
    "shift.closed" ListClosedShifts(Nothing) -> ClosedShifts, SeeExpectedCash, shifts::closed;
    /// A closed shift's report again.
    "shift.z" ShiftZ(ShiftRequest) -> ShiftReport, SeeExpectedCash, shifts::z;
    /// Prints a closed shift's report.
    "shift.print_z" ShiftPrintZ(ShiftRequest) -> PrintJobView, SeeExpectedCash, shifts::print_z;
    /// The categories.
    "catalog.categories" ListCategories(Nothing) -> Categories, LookUp, catalog::categories;
    /// A page of tiles.
    "catalog.browse" BrowseCatalog(Browse) -> Tiles, LookUp, catalog::browse;
    /// What matches a few letters.
    "catalog.search" SearchCatalog(Search) -> Tiles, LookUp, catalog::search;
    /// One item's variants.
    "catalog.item" GetItem(ItemRequest) -> ItemView, LookUp, catalog::item;
    /// Items, whole, by filters.
    "products.list" ListProductsCommand(ListProducts) -> ProductPage, LookUp, products::list;
    /// One item, whole.
    "products.get" GetProduct(ProductRequest) -> ProductView, LookUp, products::get;
    /// Adds an item, or writes it anew.
    "products.save" SaveProductCommand(SaveProduct) -> ProductView, ChangeCatalogue, products::save;
    /// Takes an item off sale.
    "products.retire" RetireProduct(ProductRequest) -> ProductView, ChangeCatalogue, products::retire;
    /// Variants, whole, by filters.
    "variants.list" ListVariantsCommand(ListVariants) -> VariantPage, LookUp, products::list_variants;
    /// One variant, whole.
    "variants.get" GetVariant(VariantRequest) -> ProductVariantView, LookUp, products::get_variant;
    /// Every category, with something in it or not.
    "categories.list" ListAllCategoriesCommand(ListAllCategories) -> CategoryPage, LookUp, categories::list;
    /// One category.
    "categories.get" GetCategory(CategoryRequest) -> CategoryView, LookUp, categories::get;
    /// Adds a category, or changes it.
    "categories.save" SaveCategoryCommand(SaveCategory) -> CategoryView, ChangeCatalogue, categories::save;
    /// Removes a category that holds nothing.
    "categories.remove" RemoveCategory(CategoryRequest) -> Nothing, ChangeCatalogue, categories::remove;
    /// How much there is.
    "stock.level" StockLevels(ListLevels) -> LevelPage, LookUp, stock::levels;
    /// Moves stock by hand.
    "stock.move" MoveStockCommand(MoveStock) -> StockMoveView, ChangeCatalogue, stock::make;
    /// Writes a count of shelves down.
    "stock.count" CountStockCommand(CountStock) -> StockMoveView, ChangeCatalogue, stock::count;
    /// What moved.
    "stock.movements" StockMovements(ListMovements) -> MovementPage, LookUp, stock::movements;
    /// The open basket of this client.
    "basket.current" CurrentBasket(Nothing) -> BasketView, Sell, checkout::current;
    /// A scan.
    "basket.scan" Scan(ScanRequest) -> Added, Sell, scanning::scan;
    /// A tap on a tile.
    "basket.add" Add(AddRequest) -> Added, Sell, checkout::add;
    /// How much of a line.
    "basket.set_quantity" SetLineQuantity(SetQuantity) -> BasketView, Sell, checkout::set_quantity;
    /// Weighs, for a line or a new one or just so.
    "scale.weigh" ScaleWeigh(Weigh) -> Weighed, Sell, weighing::weigh;
    /// Sets a scale to zero.
    "scale.zero" ScaleZero(ScaleRequest) -> Nothing, Sell, weighing::zero;
    /// Takes what lies on a scale as its tare.
    "scale.tare" ScaleTare(ScaleRequest) -> Nothing, Sell, weighing::tare;
    /// Another price for a line.
    "basket.set_price" SetLinePrice(SetPrice) -> BasketView, OverridePrice, checkout::set_price;
    /// A line's note.
    "basket.set_note" SetLineNote(SetNote) -> BasketView, Sell, checkout::set_note;
    /// What comes off a line or the basket.
    "basket.set_discount" SetBasketDiscount(SetDiscount) -> BasketView, Discount, reductions::set_discount;
    /// Who buys.
    "basket.set_customer" SetBasketCustomer(SetCustomer) -> BasketView, Sell, customers::set;
    /// Which set of taxes applies.
    "basket.set_position" SetBasketPosition(SetPosition) -> BasketView, Sell, reductions::set_position;
    /// A coupon is shown.
    "basket.add_coupon" AddCoupon(CouponRequest) -> BasketView, Sell, coupons::add;
    /// A coupon is taken back.
    "basket.remove_coupon" RemoveCoupon(CouponRequest) -> BasketView, Sell, coupons::remove;
    /// Sells a gift card.
    "basket.add_gift_card" AddGiftCardCommand(AddGiftCard) -> Added, Sell, credit::add_gift_card;
    /// Takes back part of a sold line.
    "basket.add_return" AddReturnCommand(AddReturn) -> BasketView, Refund, returns::add;
    /// Takes back what no receipt shows.
    "basket.add_return_unseen" AddReturnUnseenCommand(AddReturnUnseen) -> BasketView, RefundWithoutReceipt, returns::add_unseen;
    /// Why an open line costs what it costs.
    "basket.explain" ExplainOpenLine(ExplainLine) -> ExplanationView, Sell, explain::open_line;
    /// Takes a line or a return out.
    "basket.remove_line" RemoveLine(LineRequest) -> BasketView, Sell, checkout::remove_line;
    /// Takes every line out.
    "basket.clear" Clear(BasketRequest) -> BasketView, Sell, checkout::clear;
    /// Takes the last change back.
    "basket.undo" Undo(BasketRequest) -> BasketView, Sell, checkout::undo;
    /// Gives the basket up, with a reason.
    "basket.void" Void(VoidBasket) -> BasketView, Void, returns::void;
    /// Sets a basket aside for later and starts another.
    "basket.park" ParkBasket(Park) -> BasketView, Sell, checkout::park;
    /// Every parked basket.
    "basket.parked" ListParked(Nothing) -> ParkedList, Sell, checkout::parked;
    /// Goes on with a parked basket.
    "basket.recall" Recall(BasketRequest) -> BasketView, Sell, checkout::recall;
    /// Takes a payment; the last one completes the sale.
    "pay.tender" PayTender(PayRequest) -> Paid, Sell, pay::tender;
    /// Takes a payment back.
    "pay.take_back" PayTakeBack(TakeBack) -> BasketView, Sell, pay::take_back;
    /// A payment that was announced has come in.
    "pay.confirm" PayConfirm(ConfirmTender) -> Paid, Sell, pay::confirm;
    /// The tip.
    "pay.set_tip" PaySetTip(SetTip) -> BasketView, Sell, pay::set_tip;
    /// A code that a customer scans to pay.
    "pay.code" PayCode(PaymentCodeRequest) -> PaymentCode, Sell, payment_code::make;
    /// Has a card charged at a terminal.
    "card.start" StartCardCommand(StartCard) -> AttemptView, Sell, cards::start;
    /// Has a card given money back at a terminal.
    "card.refund" RefundCardCommand(RefundCard) -> AttemptView, Refund, cards::refund;
    /// How a payment at a terminal is.
    "card.status" CardStatus(CardRequest) -> AttemptView, Sell, cards::status;
    /// The cashier wants to stop.
    "card.stop" StopCard(CardRequest) -> AttemptView, Sell, cards::stop;
    /// Payments about which somebody has to do something.
    "card.open" OpenCardsCommand(Nothing) -> OpenCards, LookUp, cards::open;
    /// Asks the terminal once more what became of a payment.
    "card.ask_again" AskCardAgain(CardRequest) -> AttemptView, Sell, cards::ask_again;
    /// Decides by hand what became of a payment.
    "card.resolve" ResolveCardCommand(ResolveCard) -> AttemptView, ResolvePayment, cards::resolve;
    /// Gives a payment that has no sale back at its terminal.
    "card.reverse" ReverseCardCommand(ReverseCard) -> AttemptView, Refund, cards::reverse;
    /// A terminal's slip once more.
    "card.print_slip" PrintCardSlip(CardRequest) -> PrintJobView, Reprint, cards::print_slip;
    /// Has a terminal close its day.
    "card.end_of_day" EndTerminalDay(TerminalRequest) -> TerminalReport, RunShift, cards::end_of_day;
    /// The ends of terminals' days.
    "card.reports" ListTerminalReports(ListReports) -> TerminalReports, RunShift, cards::reports;
    /// Sets a basket aside as a quote, a layaway or an order.
    "held.hold" Hold(HoldOrder) -> HeldOrderView, Sell, held::hold;
    /// The held orders.
    "held.list" ListHeldOrders(ListHeld) -> HeldOrders, LookUp, held::list;
    /// Takes a held order up again.
    "held.recall" RecallHeld(HeldRequest) -> BasketView, Sell, held::recall;
    /// Takes a deposit on a held order.
    "held.deposit" TakeDeposit(PayDeposit) -> DepositPaid, Sell, deposits::deposit;
    /// Gives a held order up.
    "held.cancel" CancelHeldOrder(CancelHeld) -> HeldCancelled, Refund, deposits::cancel;
    /// Prints the slip of a held order's last payment, or of its end.
    "held.print" PrintHeldSlip(HeldRequest) -> PrintJobView, Reprint, deposits::print;
    /// Looks for sales.
    "orders.find" Find(FindOrders) -> Orders, LookUp, orders::find;
    /// One sale.
    "orders.get" GetOrder(SaleRequest) -> SaleView, LookUp, orders::get;
    /// What is left to be taken back of a sale.
    "orders.returnable" GetReturnable(SaleRequest) -> Returnable, LookUp, returns::returnable;
    /// Why a sold line cost what it cost.
    "orders.explain" ExplainSoldLine(ExplainSold) -> ExplanationView, LookUp, explain::sold_line;
    /// Looks for customers.
    "customers.find" FindCustomersCommand(FindCustomers) -> CustomerList, LookUp, customers::find;
    /// Adds or changes a customer.
    "customers.save" SaveCustomerCommand(SaveCustomer) -> CustomerView, Sell, customers::save;
    /// A customer pays what they owe.
    "customers.pay_account" PayAccountCommand(PayAccount) -> CustomerView, Sell, customers::pay_account;
    /// Prints the slip of a customer's last payment on their account.
    "customers.print_payment" PrintAccountSlip(CustomerRequest) -> PrintJobView, Reprint, customers::print_payment;
    /// One customer.
    "customers.get" GetCustomer(CustomerRequest) -> CustomerView, LookUp, customers::get;
    /// What is on a card or a credit.
    "credit.get" GetCredit(CreditRequest) -> CreditView, Sell, credit::get;
    /// Gives out credit that nobody paid for.
    "credit.issue" IssueCreditCommand(IssueCredit) -> CreditView, IssueCredit, credit::issue;
    /// Prints the slip of a card or a credit.
    "credit.print" PrintCreditSlip(CreditRequest) -> PrintJobView, Reprint, credit_slip::print;
    /// The rules that prices follow.
    "prices.get" GetPriceRules(Nothing) -> PriceRulesView, LookUp, rules::get;
    /// Replaces the rules that prices follow.
    "prices.set" SetPriceRulesCommand(SetPriceRules) -> PriceRulesView, ChangePrices, rules::set;
    /// Price books or promotions, one by one.
    "prices.list_rules" ListPriceRules(PriceRuleKind) -> PriceRuleList, LookUp, rule_edits::list;
    /// One price book or promotion.
    "prices.get_rule" GetPriceRule(PriceRuleRequest) -> PriceRuleView, LookUp, rule_edits::get;
    /// Adds a price book or promotion, or writes it anew.
    "prices.save_rule" SavePriceRuleCommand(SavePriceRule) -> PriceRuleView, ChangePrices, rule_edits::save;
    /// Removes a price book or promotion.
    "prices.remove_rule" RemovePriceRule(PriceRuleRequest) -> Nothing, ChangePrices, rule_edits::remove;
    /// What a basket would cost here and now.
    "prices.quote" QuoteBasketCommand(QuoteBasket) -> QuotedBasket, LookUp, shop_quote::quote;
    /// The classes that are taxed.
    "taxes.list" ListTaxClasses(Nothing) -> TaxClassList, LookUp, tax_classes::list;
    /// The taxes of one class.
    "taxes.get" GetTaxClass(TaxClassRequest) -> TaxClassView, LookUp, tax_classes::get;
    /// Adds a class with its taxes, or writes them anew.
    "taxes.save" SaveTaxClassCommand(SaveTaxClass) -> TaxClassView, ChangeSettings, tax_classes::save;
    /// Removes a class that nothing is taxed as.
    "taxes.remove" RemoveTaxClass(TaxClassRequest) -> Nothing, ChangeSettings, tax_classes::remove;
    /// The coupons that were given out.
    "coupons.list" ListCoupons(Nothing) -> CouponList, LookUp, coupons::list;
    /// Gives a coupon out.
    "coupons.issue" IssueCouponCommand(IssueCoupon) -> CouponList, ChangePrices, coupons::issue;
    /// A receipt as text.
    "receipt.preview" PreviewReceipt(SaleRequest) -> ReceiptPreview, LookUp, printing::preview;
    /// A receipt as PDF.
    "receipt.pdf" ReceiptPdf(PdfRequest) -> FileView, LookUp, printing::pdf;
    /// A receipt on paper; a second one is marked as a copy.
    "receipt.print" PrintReceipt(SaleRequest) -> PrintJobView, Reprint, printing::print;
    /// A receipt without prices, for a present.
    "receipt.gift" PrintGiftReceipt(SaleRequest) -> PrintJobView, Reprint, printing::print_gift;
    /// What waits for a printer.
    "prints.waiting" WaitingPrints(Nothing) -> PrintQueue, LookUp, printing::waiting;
    /// Tries a parked job again.
    "prints.retry" RetryPrint(PrintJobRequest) -> PrintQueue, Reprint, printing::retry;
    /// Gives a job up.
    "prints.set_aside" SetPrintAside(PrintJobRequest) -> PrintQueue, Reprint, printing::set_aside;
    /// What is set for the shop.
    "shop.get" GetShop(Nothing) -> ShopSettings, LookUp, shop_settings::get;
    /// Sets name, letterhead and taxes.
    "shop.set" SetShop(ShopSettings) -> ShopSettings, ChangeSettings, shop_settings::set;
    /// The logo above the shop's name on paper.
    "shop.logo" GetShopLogo(Nothing) -> LogoView, LookUp, logo::get;
    /// Sets the logo above the shop's name on paper.
    "shop.set_logo" SetShopLogo(SetLogo) -> LogoView, ChangeSettings, logo::set;
    /// The devices.
    "devices.list" ListDevices(Nothing) -> DeviceList, LookUp, devices::list;
    /// Sets up a device.
    "devices.add" AddDeviceCommand(AddDevice) -> DeviceList, ChangeSettings, devices::add;
    /// Sets a device anew.
    "devices.change" ChangeDeviceCommand(ChangeDevice) -> DeviceList, ChangeSettings, devices::change;
    /// Tries a device: prints a test page, asks a terminal how it is.
    "devices.test" TestDevice(DeviceRequest) -> DeviceTested, Sell, devices::test;
    /// Puts a device's twin in its place, or the device back.
    "devices.twin" SwitchTwin(SwitchDevice) -> DeviceList, ChangeSettings, devices::twin;
    /// Begins a recording of what goes over a device's wire, or throws it away.
    "devices.record" RecordDevice(SwitchDevice) -> DeviceList, ChangeSettings, devices::record;
    /// The recording so far.
    "devices.traffic" DeviceTraffic(DeviceRequest) -> Traffic, ChangeSettings, devices::traffic;
    /// Forgets a device.
    "devices.remove" RemoveDevice(DeviceRequest) -> DeviceList, ChangeSettings, devices::remove;
    /// The machines that this program plays itself.
    "twins.state" TwinState(Nothing) -> Twins, LookUp, devices::twin_state;
    /// Presses a button of one of them.
    "twins.press" PressTwinCommand(PressTwin) -> Twins, Sell, devices::press_twin;
    /// What the shop took, time after time.
    "reports.sales" ReportSales(AskReport) -> ReportView, SeeReports, reports::sales;
    /// What was sold, by variant.
    "reports.items" ReportItems(AskReport) -> ReportView, SeeReports, reports::items;
    /// What was sold, by category.
    "reports.categories" ReportCategories(AskReport) -> ReportView, SeeReports, reports::categories;
    /// Who sold.
    "reports.staff" ReportStaff(AskReport) -> ReportView, SeeReports, reports::staff;
    /// How it was paid.
    "reports.tenders" ReportTenders(AskReport) -> ReportView, SeeReports, reports::tenders;
    /// The taxes.
    "reports.taxes" ReportTaxes(AskReport) -> ReportView, SeeReports, reports::taxes;
    /// When it was sold, by day of the week and hour.
    "reports.hours" ReportHours(AskReport) -> ReportView, SeeReports, reports::hours;
    /// What is left after what the goods cost.
    "reports.margin" ReportMargin(AskReport) -> ReportView, SeeReports, reports::margin;
    /// A report for a spreadsheet.
    "reports.file" ReportFileCommand(ReportFile) -> FileView, SeeReports, reports::file;
    /// The tokens of programs and paired devices.
    "tokens.list" ListTokens(Nothing) -> TokenList, ChangeSettings, tokens::list;
    /// Makes a token for a program.
    "tokens.create" CreateTokenCommand(CreateToken) -> NewToken, ChangeSettings, tokens::create;
    /// Makes a token no good from now on.
    "tokens.revoke" RevokeToken(TokenRequest) -> TokenList, ChangeSettings, tokens::revoke;
    /// The addresses that are told of events.
    "webhooks.list" ListWebhooks(Nothing) -> WebhookList, ChangeSettings, webhooks::list;
    /// Adds an address that is told of events, or sets one anew.
    "webhooks.save" SaveWebhookCommand(SaveWebhook) -> WebhookSaved, ChangeSettings, webhooks::save;
    /// Gives a webhook a new secret.
    "webhooks.rotate" RotateWebhook(WebhookRequest) -> WebhookSaved, ChangeSettings, webhooks::rotate;
    /// Removes a webhook and its messages.
    "webhooks.remove" RemoveWebhook(WebhookRequest) -> WebhookList, ChangeSettings, webhooks::remove;
    /// A webhook's messages.
    "webhooks.deliveries" ListWebhookDeliveries(ListDeliveries) -> DeliveryList, ChangeSettings, webhooks::deliveries;
    /// Sends a message once more, or all that were given up.
    "webhooks.redeliver" RedeliverWebhook(Redeliver) -> DeliveryList, ChangeSettings, webhooks::redeliver;
    /// The web shops, and how each does.
    "channels.list" ListChannels(Nothing) -> ChannelList, LookUp, channels::list;
    /// Adds a web shop, or sets one anew.
    "channels.save" SaveChannelCommand(SaveChannel) -> ChannelView, ChangeSettings, channels::save;
    /// Asks a web shop whether it can be used as it is set up.
    "channels.test" TestChannelCommand(TestChannel) -> ChannelTested, ChangeSettings, channels::test;
    /// Has a web shop look now.
    "channels.sync" SyncChannel(ChannelRequest) -> ChannelView, Sell, channels::sync;
    /// Pauses a web shop, or has it go on.
    "channels.pause" PauseChannelCommand(PauseChannel) -> ChannelView, ChangeSettings, channels::pause;
    /// Forgets a web shop; its orders stay.
    "channels.remove" RemoveChannel(ChannelRequest) -> ChannelList, ChangeSettings, channels::remove;
    /// What a person is to look at.
    "channels.problems" ListChannelProblemsCommand(ListChannelProblems) -> ChannelProblems, LookUp, channels::problems;
    /// Tries once more.
    "channels.retry" RetryChannelProblem(ChannelProblemRequest) -> ChannelProblems, Sell, channels::retry;
    /// Sets a to-do aside.
    "channels.set_aside" SetChannelProblemAside(ChannelProblemRequest) -> ChannelProblems, ChangeCatalogue, channels::set_aside;
    /// Takes a to-do up that was set aside; answers with what is left to do.
    "channels.take_up" TakeChannelProblemUp(ChannelProblemRequest) -> ChannelProblems, ChangeCatalogue, channels::take_up;
    /// What waits to be sent to a web shop, and what was.
    "channels.ops" ListChannelOpsCommand(ListChannelOps) -> ChannelOps, LookUp, channels::ops;
    /// What a web shop calls our variants.
    "channels.names" ListChannelNames(ListChannelMap) -> ChannelMap, LookUp, channels::list_names;
    /// Says what a web shop's name stands for.
    "channels.set_name" SetChannelNameCommand(SetChannelName) -> ChannelNameView, ChangeCatalogue, channels::set_name;
    /// Orders of web shops.
    "web_orders.list" ListWebOrdersCommand(ListWebOrders) -> WebOrders, LookUp, web_orders::list;
    /// Finds an order by what its customer shows.
    "web_orders.find" FindWebOrderCommand(FindWebOrder) -> WebOrders, LookUp, web_orders::find;
    /// Says how far an order is.
    "web_orders.step" StepWebOrderCommand(StepWebOrder) -> WebOrderView, Sell, web_orders::step;
    /// Takes goods of an order back that was handed over.
    "web_orders.take_back" TakeWebOrderBackCommand(TakeWebOrderBack) -> WebOrderView, Refund, web_returns::take_back;
    /// What apps ask for now.
    "requests.open" OpenRequestsCommand(Nothing) -> OpenRequests, LookUp, payment_requests::open;
    /// Takes a request up: its basket is this screen's now.
    "requests.accept" AcceptRequest(PaymentRequestRef) -> BasketView, Sell, payment_requests::accept;
    /// Gives a request up.
    "requests.cancel" CancelRequestCommand(CancelRequest) -> RequestEnd, Sell, payment_requests::cancel;
    /// What became of a request, and how its app hears of it.
    "requests.end" EndRequest(PaymentRequestRef) -> RequestEnd, Sell, payment_requests::end;
    /// The callback was opened.
    "requests.called_back" RequestCalledBack(PaymentRequestRef) -> RequestView, Sell, payment_requests::called_back;
    /// Posts a result to its app once more.
    "requests.post_again" PostResultAgain(PaymentRequestRef) -> RequestView, Sell, payment_requests::post_again;
    /// Takes a link that another program opened.
    "requests.receive_link" ReceiveLinkCommand(ReceiveLink) -> RequestReceived, Sell, payment_requests::receive_link;
    /// The apps that may hand the register an amount.
    "apps.list" ListApps(Nothing) -> AppList, LookUp, payment_requests::list_apps;
    /// Registers an app, or changes one.
    "apps.save" SaveAppCommand(SaveApp) -> SavedApp, ChangeSettings, payment_requests::save_app;
    /// An app may not ask any more.
    "apps.revoke" RevokeApp(AppRef) -> AppList, ChangeSettings, payment_requests::revoke_app;
    /// What an app asked for.
    "apps.requests" ListAppRequests(ListRequests) -> RequestList, LookUp, payment_requests::requests_of;
    /// Takes links of Square's own kind, or does not.
    "apps.square_links" SetSquareLinksCommand(SetSquareLinks) -> AppList, ChangeSettings, payment_requests::set_square_links;
    /// How the register is open to the network.
    "lan.get" GetLan(Nothing) -> LanView, LookUp, lan::get;
    /// Opens the register to the network, or closes it.
    "lan.set" SetLanCommand(SetLan) -> LanView, ChangeSettings, lan::set;
    /// Shows a code that lets one device ask to be let in.
    "pairing.begin" BeginPairingCommand(BeginPairing) -> PairingView, ChangeSettings, pairing::begin;
    /// How far the pairing is.
    "pairing.state" GetPairing(Nothing) -> PairingView, ChangeSettings, pairing::state;
    /// Lets the device in that asks.
    "pairing.accept" AcceptPairingCommand(AcceptPairing) -> PairingView, ChangeSettings, pairing::accept;
    /// Says no to it.
    "pairing.refuse" RefusePairing(PairingRequest) -> PairingView, ChangeSettings, pairing::refuse;
}

/// Carries out a command: the one place where a right is checked, for every transport.
///
/// # Errors
/// [`AppError::NotAllowed`], or what the use case refuses.
pub fn perform<C: Command>(
    app: &App,
    caller: &Caller,
    request: C::Request,
) -> Result<C::Reply, AppError> {
    require(caller, C::RIGHT)?;
    C::handle(app, caller, request)
}

fn from_json<C: Command>(app: &App, caller: &Caller, body: Value) -> Result<Value, Refusal> {
    let request: C::Request = serde_json::from_value(body)
        .map_err(|error| AppError::BadRequest { command: C::NAME, reason: error.to_string() })?;
    let reply = perform::<C>(app, caller, request)?;
    serde_json::to_value(reply).map_err(|error| {
        AppError::BadRequest { command: C::NAME, reason: error.to_string() }.into()
    })
}
