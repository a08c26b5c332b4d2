//! The register's durable memory: one SQLite file, one writer, the journal.
//!
//! The only crate that names `rusqlite`. Business facts go through [`Tx::append`]: the journal entry
//! and every view made from it are written in one transaction, or not at all.

mod backup;
mod checkpoint;
mod commit;
mod connection;
mod error;
mod folder;
mod journal;
mod key;
mod lane;
mod lookup;
mod migration;
mod projection;
mod search;
mod snapshot;
mod store;
mod table;
mod tx;
mod verify;
mod warm;
mod writer;

pub use backup::{backup, restore};
pub use commit::Listening;
pub use error::StoreError;
pub use folder::{has_register, write_private};
pub use journal::StoredEntry;
pub use lane::behind_the_till;
pub use lookup::{CategoryRow, TileRow, VariantRow};
pub use snapshot::{Snapshot, Tx};
pub use store::{Founding, Identity, Store};
pub use table::api_answer::ApiAnswerRow;
pub use table::basket::SavedBasket;
pub use table::catalog::{ItemRecord, PutItem};
pub use table::category::CategoryEntry;
pub use table::change::{ChangeRow, Happened, Happening, Position};
pub use table::channel::{ChannelPolicy, ChannelRow, ChannelStream, CursorRow};
pub use table::channel_map::{MapKind, MapRow};
pub use table::channel_op::{ChannelOpRow, LONGEST_PAUSE_MS, NewChannelOp, OpCounts, OpState};
pub use table::channel_order::{ChannelOrderFilter, ChannelOrderRow};
pub use table::channel_problem::{NewProblem, ProblemRow, ProblemState};
pub use table::client_app::ClientAppRow;
pub use table::coupon::CouponRow;
pub use table::credit::CreditMoveRow;
pub use table::customer_record::{CustomerFigure, CustomerFilter, CustomerRecord};
pub use table::device::{DeviceKind, DeviceRow};
pub use table::held::{HeldRow, HeldState};
pub use table::outbox::{Delivery, Destination, OutboxMessage};
pub use table::paper::PaperRow;
pub use table::payment::{PaymentPurpose, PaymentRow, PaymentState, Told};
pub use table::payment_request::{PaymentRequestRow, RequestStatus};
pub use table::points::PointsMoveRow;
pub use table::print_job::{JobContent, JobStatus, PrintJob};
pub use table::product::{CodeTaken, ProductFilter, ProductRow, ProductVariant, VariantEntry};
pub use table::report::ReportRow;
pub use table::result_address::result_address;
pub use table::sale::{SaleFilter, SaleRow};
pub use table::shift::{CashMoveRow, CashMoved, ClosedShift, ShiftRow, SoFar};
pub use table::stock::{ByHand, MovementFilter, MovementRow, Paged, StockLevelRow};
pub use table::terminal_report::{ReportState, TerminalReportRow};
pub use table::token::{TokenKind, TokenRow};
pub use table::webhook::{DeliveryCounts, DeliveryRow, DeliveryState, NewDelivery, WebhookRow};
pub use verify::Verdict;
pub use writer::Underway;
