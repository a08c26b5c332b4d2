//! TypeScript for the wire: `ui/src/bindings/api.ts` is written from the command list and checked
//! against it, so that the page and the core cannot drift apart.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::collections::HashSet;
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

use crate::commands;
use crate::wire::{AwaitPairing, Changed, ClaimPairing, PairingClaim, PairingOutcome, Refusal};

struct Declarations<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only our own types have a file of their own; strings and lists are written inline.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}", T::decl(self.config));
            self.found.insert(T::ident(self.config), declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn render() -> String {
    let config = Config::new().with_large_int("number");
    let mut declarations =
        Declarations { config: &config, seen: HashSet::new(), found: BTreeMap::new() };
    commands::visit_types(&mut declarations);
    declarations.visit::<Refusal>();
    declarations.visit::<Changed>();
    // What a device says before it has a token, which is no command.
    declarations.visit::<ClaimPairing>();
    declarations.visit::<PairingClaim>();
    declarations.visit::<AwaitPairing>();
    declarations.visit::<PairingOutcome>();
    let types: Vec<String> = declarations.found.into_values().collect();
    let list = commands::typescript(&config).join("\n");
    format!(
        "// Written by `cargo xtask bindings` from the command list. Do not edit.\n\n{}\n\n\
         /** Every command with what it takes and gives. */\nexport interface Commands {{\n{list}\n}}\n",
        types.join("\n\n"),
    )
}

#[test]
fn bindings_are_those_of_the_command_list() -> std::io::Result<()> {
    let path = Path::new("../../../ui/src/bindings/api.ts");
    let fresh = render();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        return std::fs::write(path, fresh);
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(committed == fresh, "ui/src/bindings/api.ts is stale: run `cargo xtask bindings`");
    Ok(())
}
