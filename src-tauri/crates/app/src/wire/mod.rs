//! Wire types: what a client sends and gets, over the window's bridge and over HTTP alike.
//!
//! Fields are only added. Amounts are minor units of the register's currency (cents for EUR),
//! quantities thousandths of a unit (642 is 0.642 kg); both fit a JavaScript number exactly.

mod basket;
mod card;
mod cash;
mod catalogue;
mod channels;
mod customers;
mod devices;
mod events;
mod held;
mod lan;
mod orders;
mod pay;
mod payment_requests;
mod price;
mod products;
mod quote;
mod register;
mod reports;
mod returns;
mod rules;
mod scale;
mod shop;
mod stock;
mod tokens;
mod twins;
mod web_orders;
mod webhooks;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use basket::{
    AddRequest, Added, BasketRequest, BasketView, BuyerView, ForeignView, HeldOrderBrief,
    LineRequest, LineView, Park, ParkedList, ParkedView, PayWith, QuickCash, RenewedLine,
    RenewedView, ScanRequest, SetNote, SetPrice, SetQuantity, TaxView, TenderView, UndoView,
};
pub use card::{
    AttemptView, CardKind, CardRequest, CardState, CardView, CardsBrief, ListReports, OpenCards,
    RefundCard, ResolveCard, ReverseCard, StartCard, TerminalReport, TerminalReportState,
    TerminalReports, TerminalRequest,
};
pub use cash::{
    CashMoveKindView, CloseShift, ClosedShiftRow, ClosedShifts, CountRequest, CountView,
    CurrencyAmount, DrawerCurrency, MoveCash, OpenShift, PiecesView, ShiftReport, ShiftRequest,
    ShiftView, TaxRowView, TotalRow,
};
pub use catalogue::{
    Browse, Categories, Category, ItemRequest, ItemView, Search, Tile, Tiles, VariantView,
};
pub use channels::{
    ChannelField, ChannelList, ChannelMap, ChannelNameView, ChannelOpView, ChannelOps,
    ChannelProblemRequest, ChannelProblemView, ChannelProblems, ChannelRequest, ChannelState,
    ChannelStreamView, ChannelTested, ChannelView, ListChannelMap, ListChannelOps,
    ListChannelProblems, PauseChannel, PlatformView, SaveChannel, SetChannelName, TestChannel,
};
pub use customers::{
    AddGiftCard, CreditMoveView, CreditOf, CreditRequest, CreditView, CustomerList,
    CustomerRequest, CustomerView, FindCustomers, IssueCredit, PayAccount, SaveCustomer,
    SetCustomer,
};
pub use devices::{
    AddDevice, ChangeDevice, DeviceList, DeviceRequest, DeviceState, DeviceTested, DeviceView,
    DriverView, OptionView, SwitchDevice, Traffic,
};
pub use events::{Changed, Refusal, ScanNotice};
pub use held::{
    CancelHeld, DepositPaid, HeldCancelled, HeldKind, HeldOrderView, HeldOrders, HeldRequest,
    HeldState, HoldOrder, ListHeld, PayDeposit,
};
pub use lan::{
    AcceptPairing, AskingDevice, AwaitPairing, BeginPairing, ClaimPairing, DeviceGrant, LanView,
    PairedDevice, PairingClaim, PairingOutcome, PairingRequest, PairingStage, PairingView, SetLan,
};
pub use orders::{
    FileView, FindOrders, OrderRow, Orders, Paper, PdfRequest, PrintJobRequest, PrintJobView,
    PrintQueue, PrintStatus, ReceiptPreview, ReceiptRef, SaleRequest, SaleView,
};
pub use pay::{ConfirmTender, Paid, PayRequest, PaymentCode, PaymentCodeRequest, SetTip, TakeBack};
pub use payment_requests::{
    AppList, AppRef, AppView, CancelRequest, ListRequests, OpenRequests, PaymentRequestRef,
    PostedResult, ReceiveLink, RequestEnd, RequestLine, RequestList, RequestReceived,
    RequestStatusView, RequestView, SaveApp, SavedApp, SetSquareLinks,
};
pub use price::{
    AdjustmentView, CouponRequest, CouponView, DiscountView, ExplainLine, ExplainSold,
    ExplainStepView, ExplanationView, ReductionView, SetDiscount, SetPosition,
};
pub use products::{
    CategoryPage, CategoryRequest, CategoryView, ChoiceView, CodeView, ListAllCategories,
    ListProducts, ListVariants, ProductPage, ProductRequest, ProductVariantView, ProductView,
    SaveCategory, SaveProduct, SaveVariant, VariantPage, VariantRequest,
};
pub use quote::{QuoteBasket, QuoteBasketLine, QuotedBasket, QuotedLine, QuotedTax};
pub use register::{PositionView, PrinterState, RegisterState, TenderKey};
pub use reports::{
    AskReport, FiguresView, ReportBy, ReportCompare, ReportFile, ReportKind, ReportRange,
    ReportRowView, ReportView,
};
pub use returns::{
    AddReturn, AddReturnUnseen, OriginView, ReturnView, Returnable, ReturnableLine,
    ReturnableTender, VoidBasket,
};
pub use rules::{
    CouponList, CouponRow, IssueCoupon, PriceRuleKind, PriceRuleList, PriceRuleRequest,
    PriceRuleView, PriceRulesView, SavePriceRule, SetPriceRules,
};
pub use scale::{ScaleRequest, Weigh, Weighed};
pub use shop::{
    BankSetting, ClassSwap, ForeignSetting, InStoreSetting, LogoView, MoneySettings,
    PositionSetting, SaveTaxClass, SetLogo, ShopSettings, TaxClassList, TaxClassRequest,
    TaxClassView, TaxRoundingSetting, TaxSetting, WalletSetting,
};
pub use stock::{
    CountLine, CountStock, LevelPage, ListLevels, ListMovements, MoveLine, MoveStock, MovedLine,
    MovementPage, MovementView, StockLevelView, StockMoveView,
};
pub use tokens::{CreateToken, NewToken, TokenList, TokenRequest, TokenView};
pub use twins::{LedgerRow, PaperView, PressTwin, TwinView, Twins};
pub use web_orders::{
    FindWebOrder, ListWebOrders, StepWebOrder, TakeWebOrderBack, WebHandOver, WebOrderBack,
    WebOrderLine, WebOrderStatus, WebOrderView, WebOrders,
};
pub use webhooks::{
    DeliveryList, DeliveryView, ListDeliveries, Redeliver, SaveWebhook, WebhookList,
    WebhookRequest, WebhookSaved, WebhookView,
};

/// A request without any field: `{}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
