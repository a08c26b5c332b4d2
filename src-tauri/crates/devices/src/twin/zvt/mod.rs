//! A card terminal that speaks ZVT, played by this program.

mod desk;
mod ledger;
mod machine;
mod says;
mod serve;
mod settings;

pub use ledger::{Charged, ChargedKind, ChargedState};
pub use machine::ZvtMachine;
pub use serve::ZvtTwin;
pub use settings::{ZvtButton, ZvtTakingBack, ZvtTwinSettings};
