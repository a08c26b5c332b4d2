//! The drivers of card terminals, by the language that they speak.

use std::time::Duration;

use countertop_devices::{
    Address, CaisseApOptions, CaisseApTerminal, CaisseApTimers, ConcertOptions, ConcertTerminal,
    ConcertTimers, PaymentTerminal, Private, Refunds, ZvtOptions, ZvtTerminal,
};
use countertop_domain::money::Currency;
use countertop_store::DeviceRow;

use super::options::REAL_ADDRESS;
use crate::error::AppError;

/// The terminal of a device, in its own language.
pub(super) fn make(
    row: &DeviceRow,
    currency: Currency,
) -> Result<Box<dyn PaymentTerminal>, AppError> {
    let address: Address = row.address.parse()?;
    Ok(match row.driver.as_str() {
        "zvt" => Box::new(ZvtTerminal::new(address, zvt(row, currency)?)),
        "concert" => Box::new(ConcertTerminal::new(address, concert(row))),
        "caisse-ap" => Box::new(CaisseApTerminal::new(address, caisse_ap(row))),
        other => {
            return Err(AppError::BadText {
                reason: format!("no card terminal speaks \"{other}\" here"),
            });
        }
    })
}

/// The settings as they are kept, with the register's currency.
fn zvt(row: &DeviceRow, currency: Currency) -> Result<ZvtOptions, AppError> {
    let mut settings = row.options.clone();
    settings.remove(REAL_ADDRESS);
    settings.insert("currency".to_owned(), currency.code().to_owned());
    ZvtOptions::read(&settings).map_err(|reason| AppError::BadText { reason })
}

fn concert(row: &DeviceRow) -> ConcertOptions {
    let timers = ConcertTimers::default();
    ConcertOptions {
        pos: row.number("pos", 1),
        report: row.flag("report", true),
        force_authorisation: row.flag("ask_bank", false),
        private: match row.option("token") {
            Some("replaced") => Private::Replaced,
            _ => Private::Returned,
        },
        refunds: match row.option("refunds") {
            Some("1") => Refunds::One,
            Some("never") => Refunds::Never,
            _ => Refunds::Two,
        },
        timers: ConcertTimers { answer: patience(row, timers.answer), ..timers },
    }
}

fn caisse_ap(row: &DeviceRow) -> CaisseApOptions {
    let usual = CaisseApOptions::default();
    let timers = CaisseApTimers::default();
    CaisseApOptions {
        pos: row.number("pos", usual.pos),
        version: row.option("version").map_or(usual.version, str::to_owned),
        maker: row.option("maker").map_or(usual.maker, str::to_owned),
        timers: CaisseApTimers { answer: patience(row, timers.answer), ..timers },
    }
}

/// What a payment may take, if somebody set it.
fn patience(row: &DeviceRow, usual: Duration) -> Duration {
    row.option("timeout").and_then(|text| text.parse().ok()).map_or(usual, Duration::from_secs)
}
