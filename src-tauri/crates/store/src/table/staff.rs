//! The people at the till.

use countertop_domain::ids::StaffId;
use countertop_domain::staff::{Actor, Role};
use rusqlite::{Connection, params};

use super::{named, uuid_at};
use crate::error::StoreError;

pub(crate) fn add(connection: &Connection, actor: &Actor) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO staff(staff_id, name, role) VALUES(?1, ?2, ?3)")?
        .execute(params![
            actor.staff.uuid().as_bytes().as_slice(),
            actor.name,
            actor.role.name()
        ])?;
    Ok(())
}

pub(crate) fn clear(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("DELETE FROM staff", [])?;
    Ok(())
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<Actor>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT staff_id, name, role FROM staff ORDER BY staff_id")?;
    let rows = statement.query_map([], |row| {
        Ok(Actor {
            staff: StaffId::new(uuid_at(row, 0)?),
            name: row.get(1)?,
            role: named(row, 2, Role::parse)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
