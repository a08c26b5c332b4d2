//! The types that the screens share with the register.

use anyhow::Result;

use crate::project::Project;
use crate::shell;

/// Writes ui/src/bindings/api.ts anew. The test that does it compares instead when the variable is
/// not set, so drift is found by the ordinary Rust tests.
pub(crate) fn write(project: &Project) -> Result<()> {
    let mut command = project.cargo(&["test", "-p", "countertop-app", "--lib", "bindings"]);
    shell::run("bindings", command.env("UPDATE_BINDINGS", "1"))
}
