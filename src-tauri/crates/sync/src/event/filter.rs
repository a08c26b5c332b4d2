//! Which events someone wants, and which they may have.

use countertop_domain::scope::Scope;

use super::Event;

/// What events are about, and what a program needs to be let in for to hear of it.
pub const TYPES: &[(&str, Scope)] = &[
    ("account", Scope::Credit),
    ("card", Scope::SalesRead),
    ("cash", Scope::Shifts),
    ("category", Scope::CatalogueRead),
    ("coupon", Scope::CatalogueRead),
    ("credit", Scope::Credit),
    ("customer", Scope::CustomersRead),
    ("inventory", Scope::InventoryRead),
    ("loyalty", Scope::Credit),
    ("order", Scope::OrdersRead),
    ("payment_request", Scope::Payments),
    ("price_book", Scope::CatalogueRead),
    ("product", Scope::CatalogueRead),
    ("promotion", Scope::CatalogueRead),
    ("refund", Scope::SalesRead),
    ("register", Scope::Events),
    ("sale", Scope::SalesRead),
    ("shift", Scope::Shifts),
    ("tax", Scope::CatalogueRead),
];

/// Types that a filter names at most.
const MAX_TYPES: usize = 40;

/// What a program needs to be let in for to hear of this.
pub(super) fn scope_of(kind: &str) -> Option<Scope> {
    TYPES.iter().find(|(name, _)| *name == kind).map(|(_, scope)| *scope)
}

/// Why a filter is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// A type that there is none of.
    #[error(
        "\"{0}\" is no type of event: write sale.completed, or sale.* for all that are about sales"
    )]
    Unknown(String),
    /// More than anyone needs.
    #[error("name {MAX_TYPES} types at most: sale.* stands for all that are about sales")]
    TooMany,
}

/// The events that someone wants: none named is all that they may have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(Vec<String>);

impl Filter {
    /// Reads types such as `sale.completed` and `sale.*`.
    ///
    /// # Errors
    /// A word that no event can have.
    pub fn parse<'a>(types: impl IntoIterator<Item = &'a str>) -> Result<Self, FilterError> {
        let mut wanted: Vec<String> = Vec::new();
        for name in types {
            let known = name.split_once('.').is_some_and(|(about, what)| {
                let word = !what.is_empty() && what.len() <= 30;
                let letters = what.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                scope_of(about).is_some() && word && (what == "*" || letters)
            });
            if !known {
                return Err(FilterError::Unknown(name.chars().take(64).collect()));
            }
            if !wanted.iter().any(|one| one == name) {
                wanted.push(name.to_owned());
            }
        }
        if wanted.len() > MAX_TYPES {
            return Err(FilterError::TooMany);
        }
        Ok(Self(wanted))
    }

    /// The types that it names.
    pub fn types(&self) -> &[String] {
        &self.0
    }

    /// Whether an event is wanted.
    pub fn wants(&self, event: &Event) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|wanted| match wanted.strip_suffix('*') {
                Some(about) => event.kind.starts_with(about),
                None => event.kind == *wanted,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::{Filter, FilterError};

    #[test]
    fn a_filter_names_types_that_there_can_be() {
        assert!(Filter::parse(["sale.completed", "customer.*", "payment_request.updated"]).is_ok());
        for bad in ["sale", "*", "sale.", "sale.Completed", "money.made", "sale.*x", "", "."] {
            assert_eq!(Filter::parse([bad]), Err(FilterError::Unknown(bad.to_owned())), "{bad}");
        }
    }
}
