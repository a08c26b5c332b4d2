//! THE list of commands. Every transport, every test and the TypeScript map come from it, so a
//! forgotten one does not compile, and a right is checked in one place.

use countertop_domain::staff::Right;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::AppError;
use crate::wire::{
    AddDevice, AddRequest, Added, BasketRequest, BasketView, Browse, Categories, CloseShift,
    DeviceList, DeviceRequest, FileView, FindOrders, ItemRequest, ItemView, LineRequest, Nothing,
    OpenShift, Orders, Paid, Park, ParkedList, PayRequest, PdfRequest, PrintJobRequest,
    PrintJobView, PrintQueue, ReceiptPreview, Refusal, RegisterState, SaleRequest, SaleView,
    ScanRequest, Search, SetNote, SetPrice, SetQuantity, ShiftClosed, ShopSettings, TakeBack,
    Tiles,
};
use crate::{
    App, Caller, catalog, checkout, devices, orders, pay, printing, register, shifts, shop,
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
    /// Ends the shift.
    "shift.close" ShiftCloseCommand(CloseShift) -> ShiftClosed, RunShift, shifts::close;
    /// The categories.
    "catalog.categories" ListCategories(Nothing) -> Categories, LookUp, catalog::categories;
    /// A page of tiles.
    "catalog.browse" BrowseCatalog(Browse) -> Tiles, LookUp, catalog::browse;
    /// What matches a few letters.
    "catalog.search" SearchCatalog(Search) -> Tiles, LookUp, catalog::search;
    /// One item's variants.
    "catalog.item" GetItem(ItemRequest) -> ItemView, LookUp, catalog::item;
    /// The open basket of this client.
    "basket.current" CurrentBasket(Nothing) -> BasketView, Sell, checkout::current;
    /// A scan.
    "basket.scan" Scan(ScanRequest) -> Added, Sell, checkout::scan;
    /// A tap on a tile.
    "basket.add" Add(AddRequest) -> Added, Sell, checkout::add;
    /// How much of a line.
    "basket.set_quantity" SetLineQuantity(SetQuantity) -> BasketView, Sell, checkout::set_quantity;
    /// Another price for a line.
    "basket.set_price" SetLinePrice(SetPrice) -> BasketView, OverridePrice, checkout::set_price;
    /// A line's note.
    "basket.set_note" SetLineNote(SetNote) -> BasketView, Sell, checkout::set_note;
    /// Takes a line out.
    "basket.remove_line" RemoveLine(LineRequest) -> BasketView, Sell, checkout::remove_line;
    /// Takes every line out.
    "basket.clear" Clear(BasketRequest) -> BasketView, Sell, checkout::clear;
    /// Takes the last change back.
    "basket.undo" Undo(BasketRequest) -> BasketView, Sell, checkout::undo;
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
    /// Looks for sales.
    "orders.find" Find(FindOrders) -> Orders, LookUp, orders::find;
    /// One sale.
    "orders.get" GetOrder(SaleRequest) -> SaleView, LookUp, orders::get;
    /// A receipt as text.
    "receipt.preview" PreviewReceipt(SaleRequest) -> ReceiptPreview, LookUp, printing::preview;
    /// A receipt as PDF.
    "receipt.pdf" ReceiptPdf(PdfRequest) -> FileView, LookUp, printing::pdf;
    /// A receipt on paper; a second one is marked as a copy.
    "receipt.print" PrintReceipt(SaleRequest) -> PrintJobView, Reprint, printing::print;
    /// What waits for a printer.
    "prints.waiting" WaitingPrints(Nothing) -> PrintQueue, LookUp, printing::waiting;
    /// Tries a parked job again.
    "prints.retry" RetryPrint(PrintJobRequest) -> PrintQueue, Reprint, printing::retry;
    /// Gives a job up.
    "prints.set_aside" SetPrintAside(PrintJobRequest) -> PrintQueue, Reprint, printing::set_aside;
    /// What is set for the shop.
    "shop.get" GetShop(Nothing) -> ShopSettings, LookUp, shop::get;
    /// Sets name, letterhead and taxes.
    "shop.set" SetShop(ShopSettings) -> ShopSettings, ChangeSettings, shop::set;
    /// The devices.
    "devices.list" ListDevices(Nothing) -> DeviceList, LookUp, devices::list;
    /// Sets up a printer.
    "devices.add" AddPrinter(AddDevice) -> DeviceList, ChangeSettings, devices::add;
    /// Prints a test page.
    "devices.test" TestDevice(DeviceRequest) -> Nothing, ChangeSettings, devices::test;
    /// Forgets a device.
    "devices.remove" RemoveDevice(DeviceRequest) -> DeviceList, ChangeSettings, devices::remove;
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

/// Refuses a caller without a right. Asked here for every command, and by the few things that only
/// the command line does.
pub(crate) fn require(caller: &Caller, right: Right) -> Result<(), AppError> {
    if caller.actor.role.may(right) {
        return Ok(());
    }
    Err(AppError::NotAllowed { actor: caller.actor.name.clone(), right })
}

fn from_json<C: Command>(app: &App, caller: &Caller, body: Value) -> Result<Value, Refusal> {
    let request: C::Request = serde_json::from_value(body)
        .map_err(|error| AppError::BadRequest { command: C::NAME, reason: error.to_string() })?;
    let reply = perform::<C>(app, caller, request)?;
    serde_json::to_value(reply).map_err(|error| {
        AppError::BadRequest { command: C::NAME, reason: error.to_string() }.into()
    })
}
