//! What a register does: the use cases, and the one list of commands.
//!
//! Every client, the window as much as a browser or a test, gives commands through [`dispatch`] (JSON)
//! or [`perform`] (typed). Nothing else changes the register.

mod api_answers;
mod app;
mod cards;
mod catalog;
pub mod catalog_file;
mod categories;
pub mod channel_orders;
mod channels;
mod checkout;
mod clock;
pub mod commands;
mod coupons;
pub mod credit;
mod credit_code;
mod credit_slip;
pub mod customer_book;
mod customers;
pub mod demo;
pub mod demo_store;
mod deposits;
mod devices;
mod error;
mod explain;
mod export;
mod happenings;
mod held;
mod import;
mod lan;
mod logo;
pub mod loyalty;
mod open_baskets;
mod order_tickets;
mod orders;
mod pages;
mod pairing;
mod papers;
mod pay;
mod payment_code;
pub mod payment_requests;
mod print_worker;
mod printing;
mod products;
mod reductions;
pub mod refunds;
mod register;
mod replay;
mod replay_terminal;
mod reports;
mod returns;
mod rule_edits;
mod rules;
pub mod sales;
mod scanning;
mod settings_in_use;
mod shift_report;
pub mod shifts;
mod shop;
mod shop_quote;
mod shop_settings;
mod stock;
mod tax_classes;
mod tendering;
mod tokens;
mod views;
mod web_orders;
mod webhooks;
mod weighing;
pub mod wire;

#[cfg(test)]
mod bindings;

pub use api_answers::ApiAnswer;
pub use app::{App, Caller};
pub use cards::settle_doubts;
pub use channels::ChannelWorker;
pub use clock::{Clock, Ids, SystemClock, SystemIds};
pub use commands::{dispatch, perform};
pub use devices::{Machines, TerminalMaker};
pub use error::AppError;
pub use export::{ExportFormat, ExportWhat, export};
pub use happenings::HearError;
pub use import::{Imported, import_catalogue, import_drafts};
pub use lan::{LanDoorState, LanSetting};
pub use print_worker::PrintWorker;
pub use replay::{Acknowledge, Customers, Replay, ReplayFile, TenderMix, replay};
pub use replay_terminal::{AtTerminal, replay_at_terminal};
pub use reports::{MAX_REPORT_ROWS, report_media_type, write_report};
pub use shop::{Shop, read_shop};
pub use webhooks::WebhookWorker;

pub use countertop_sync::{Batch, EventId, Filter, ResolveNames, SystemNames};
