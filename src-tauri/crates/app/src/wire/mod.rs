//! Wire types: what a client sends and gets, over the window's bridge and over HTTP alike.
//!
//! Fields are only added. Amounts are minor units of the register's currency (cents for EUR),
//! quantities thousandths of a unit (642 is 0.642 kg); both fit a JavaScript number exactly.

mod basket;
mod catalogue;
mod devices;
mod events;
mod orders;
mod pay;
mod register;
mod shop;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use basket::{
    AddRequest, Added, BasketRequest, BasketView, LineRequest, LineView, Park, ParkedList,
    ParkedView, PayWith, QuickCash, ScanRequest, SetNote, SetPrice, SetQuantity, TaxView,
    TenderView, UndoView,
};
pub use catalogue::{
    Browse, Categories, Category, ItemRequest, ItemView, Search, Tile, Tiles, VariantView,
};
pub use devices::{AddDevice, DeviceList, DeviceRequest, DeviceView};
pub use events::{Changed, Refusal};
pub use orders::{
    FileView, FindOrders, OrderRow, Orders, Paper, PdfRequest, PrintJobRequest, PrintJobView,
    PrintQueue, PrintStatus, ReceiptPreview, SaleRequest, SaleView,
};
pub use pay::{Paid, PayRequest, TakeBack};
pub use register::{CloseShift, OpenShift, PrinterState, RegisterState, ShiftClosed, ShiftView};
pub use shop::{ShopSettings, TaxSetting};

/// A request without any field: `{}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
