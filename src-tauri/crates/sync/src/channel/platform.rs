//! The platforms that a shop may be on, and what each needs to be set up.

use std::collections::BTreeMap;
use std::sync::Arc;

use countertop_domain::money::Currency;

use super::connector::Connector;
use super::transport::{LineSettings, Secret};

/// A platform. Each connector's folder has one, and [`platforms`] lists them.
#[derive(Clone, Copy, Debug)]
pub struct Platform {
    /// Its name in files and on the command line: `woocommerce`.
    pub kind: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Secrets that it needs. Each is asked for by a prompt, or taken from the environment variable
    /// [`Field::variable`].
    pub secrets: &'static [Field],
    /// Settings that are no secret.
    pub options: &'static [Field],
    /// The least rights that its key must have, as the platform calls them.
    pub rights: &'static [&'static str],
    /// Makes a connector; in words what is wrong with how it is set up.
    pub make: fn(&Setup) -> Result<Arc<dyn Connector>, String>,
}

/// Something that a person types when a shop is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name: `key`.
    pub name: &'static str,
    /// What the platform calls it: `Consumer key`.
    pub label: &'static str,
    /// False if it may be left out.
    pub needed: bool,
}

impl Platform {
    /// Whether its shops tell of changes by webhooks that are understood here; the others are only asked.
    pub fn has_webhooks(&self) -> bool {
        matches!(self.kind, "woocommerce" | "shopify" | "bigcommerce")
    }
}

impl Field {
    /// The environment variable that holds it: `COUNTERTOP_WOOCOMMERCE_KEY`.
    pub fn variable(&self, kind: &str) -> String {
        format!("COUNTERTOP_{}_{}", kind.to_ascii_uppercase(), self.name.to_ascii_uppercase())
    }
}

/// How a shop is set up: what a connector is made of.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where the shop is, and how to get there.
    pub line: LineSettings,
    /// The settings of [`Platform::options`] that are set.
    pub options: BTreeMap<String, String>,
    /// The secrets of [`Platform::secrets`] that are known.
    pub secrets: BTreeMap<String, Secret>,
    /// The register's currency: amounts are in its minor units.
    pub currency: Currency,
}

impl Setup {
    /// A secret.
    ///
    /// # Errors
    /// In words: it is not known on this machine.
    pub fn secret(&self, field: &Field) -> Result<&Secret, String> {
        self.secrets.get(field.name).filter(|secret| !secret.reveal().is_empty()).ok_or_else(|| {
            format!("\"{}\" of this shop is not known on this machine: enter it again", field.label)
        })
    }

    /// A setting; empty if it is not set.
    pub fn option(&self, field: &Field) -> &str {
        self.options.get(field.name).map_or("", String::as_str)
    }
}

/// Every platform that there is a connector for, in the order in which they are offered.
pub const fn platforms() -> &'static [Platform] {
    &[
        super::woocommerce::PLATFORM,
        super::shopify::PLATFORM,
        super::bigcommerce::PLATFORM,
        super::magento::PLATFORM,
        super::vendure::PLATFORM,
        super::medusa::PLATFORM,
    ]
}

/// A platform by its name in files.
pub fn platform(kind: &str) -> Option<&'static Platform> {
    platforms().iter().find(|one| one.kind == kind)
}
