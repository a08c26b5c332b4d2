//! What has to be on the machine, and putting it there. Each check is quick when nothing is missing.

pub(crate) mod modules;
pub(crate) mod node;
pub(crate) mod peers;
pub(crate) mod system;

use anyhow::Result;

use crate::project::Project;
pub(crate) use system::Purpose;

/// Everything that the tests need.
pub(crate) fn everything(project: &Project) -> Result<()> {
    system::ensure(Purpose::Tests)?;
    node::ensure()?;
    modules::ensure(project)?;
    if let Err(reason) = peers::tauri_driver(project)? {
        println!("   left out: {reason}");
    }
    if let Err(reason) = peers::emupos(project)? {
        println!("   left out: {reason}");
    }
    if let Err(reason) = peers::libraries(project)? {
        println!("   left out: {reason}");
    }
    if let Err(reason) = peers::shopify_schema(project)? {
        println!("   left out: {reason}");
    }
    println!("   everything is here");
    Ok(())
}
