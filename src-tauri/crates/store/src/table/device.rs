//! Devices that were set up.

use countertop_domain::ids::DeviceId;
use rusqlite::{Connection, params};

use super::uuid_at;
use crate::error::StoreError;

/// A receipt printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Its id.
    pub id: DeviceId,
    /// What people call it; no two alike.
    pub name: String,
    /// Where it is, as `countertop-devices` reads addresses.
    pub address: String,
    /// Characters a line: 20 to 64.
    pub columns: u32,
    /// Whether a drawer hangs on it.
    pub drawer: bool,
}

pub(crate) fn add(connection: &Connection, device: &DeviceRow) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO device(device_id, name, address, columns, drawer) VALUES(?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            device.id.uuid().as_bytes().as_slice(),
            device.name,
            device.address,
            device.columns,
            device.drawer,
        ])?;
    Ok(())
}

pub(crate) fn remove(connection: &Connection, id: DeviceId) -> Result<bool, StoreError> {
    let gone = connection
        .prepare_cached("DELETE FROM device WHERE device_id = ?1")?
        .execute([id.uuid().as_bytes().as_slice()])?;
    Ok(gone > 0)
}

/// In the order in which they were set up.
pub(crate) fn all(connection: &Connection) -> Result<Vec<DeviceRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT device_id, name, address, columns, drawer FROM device ORDER BY device_id",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(DeviceRow {
            id: DeviceId::new(uuid_at(row, 0)?),
            name: row.get(1)?,
            address: row.get(2)?,
            columns: row.get(3)?,
            drawer: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
