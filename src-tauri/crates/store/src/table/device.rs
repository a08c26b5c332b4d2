//! Devices that were set up.

use std::collections::BTreeMap;
use std::str::FromStr;

use countertop_domain::ids::DeviceId;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{named, uuid_at};
use crate::error::StoreError;
use crate::snapshot::{Snapshot, Tx};

/// What a device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeviceKind {
    /// Receipts, slips, order tickets; a drawer may hang on it.
    Printer,
    /// Card payments.
    Terminal,
    /// Codes.
    Scanner,
    /// Weights.
    Scale,
    /// Two lines for the customer.
    Display,
}

impl DeviceKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Printer, Self::Terminal, Self::Scanner, Self::Scale, Self::Display];

    /// The name in the database, on the wire and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Printer => "printer",
            Self::Terminal => "terminal",
            Self::Scanner => "scanner",
            Self::Scale => "scale",
            Self::Display => "display",
        }
    }

    /// Reads what [`DeviceKind::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its id.
    pub id: DeviceId,
    /// What it is for.
    pub kind: DeviceKind,
    /// The language that it speaks: `escpos`, `zvt`.
    pub driver: String,
    /// What people call it; no two alike.
    pub name: String,
    /// Where it is, as `countertop-devices` reads addresses.
    pub address: String,
    /// How it is set, by name; which there are is the driver's to say.
    pub options: BTreeMap<String, String>,
}

impl DeviceRow {
    /// A setting.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    /// A setting that is `yes` or `no`.
    pub fn flag(&self, name: &str, usual: bool) -> bool {
        self.option(name).map_or(usual, |value| value == "yes")
    }

    /// A setting that is a number.
    pub fn number<T: FromStr>(&self, name: &str, usual: T) -> T {
        self.option(name).and_then(|value| value.parse().ok()).unwrap_or(usual)
    }

    /// Characters a line of a printer: 20 to 64.
    pub fn columns(&self) -> u32 {
        self.number("columns", 48)
    }

    /// Whether a drawer hangs on a printer.
    pub fn drawer(&self) -> bool {
        self.kind == DeviceKind::Printer && self.flag("drawer", true)
    }
}

const SELECT: &str = "SELECT device_id, kind, driver, name, address, options FROM device";

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Snapshot<'_> {
    /// Devices of every kind, in the order in which they were set up.
    pub fn devices(&self) -> Result<Vec<DeviceRow>, StoreError> {
        let mut statement =
            self.connection().prepare_cached(&format!("{SELECT} ORDER BY device_id"))?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The printers, in the order in which they were set up.
    pub fn printers(&self) -> Result<Vec<DeviceRow>, StoreError> {
        let mut statement = self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE kind = 'printer' ORDER BY device_id"))?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A device.
    pub fn device(&self, id: DeviceId) -> Result<Option<DeviceRow>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached(&format!("{SELECT} WHERE device_id = ?1"))?
            .query_row([id.uuid().as_bytes().as_slice()], from_row)
            .optional()?)
    }
}

/// Everything here fails only as the disk or the database fails: see [`StoreError`].
#[allow(clippy::missing_errors_doc)]
impl Tx<'_> {
    /// Adds a device, or sets one anew.
    pub fn put_device(&self, device: &DeviceRow) -> Result<(), StoreError> {
        put(self.connection(), device)
    }

    /// Forgets a device; false if there was none.
    pub fn remove_device(&self, id: DeviceId) -> Result<bool, StoreError> {
        let gone = self
            .connection()
            .prepare_cached("DELETE FROM device WHERE device_id = ?1")?
            .execute([id.uuid().as_bytes().as_slice()])?;
        Ok(gone > 0)
    }
}

fn put(connection: &Connection, device: &DeviceRow) -> Result<(), StoreError> {
    let options = serde_json::to_string(&device.options)
        .map_err(|error| StoreError::damaged("device", error))?;
    connection
        .prepare_cached(
            "INSERT INTO device(device_id, kind, driver, name, address, options)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT(device_id) DO UPDATE SET kind = excluded.kind, driver = excluded.driver,
               name = excluded.name, address = excluded.address, options = excluded.options",
        )?
        .execute(params![
            device.id.uuid().as_bytes().as_slice(),
            device.kind.name(),
            device.driver,
            device.name,
            device.address,
            options,
        ])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    let options: String = row.get(5)?;
    Ok(DeviceRow {
        id: DeviceId::new(uuid_at(row, 0)?),
        kind: named(row, 1, DeviceKind::parse)?,
        driver: row.get(2)?,
        name: row.get(3)?,
        address: row.get(4)?,
        options: serde_json::from_str(&options).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(5, rusqlite::types::Type::Text, error.into())
        })?,
    })
}
