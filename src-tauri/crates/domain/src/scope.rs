//! What a program or a paired device was let in for. A scope never gives more than its holder's role.

use crate::staff::Right;

/// One thing that a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Ask the register for a payment, and read what became of it.
    Payments,
    /// Read items, categories, prices, taxes and promotions.
    CatalogueRead,
    /// Change them.
    CatalogueWrite,
    /// Read stock.
    InventoryRead,
    /// Count, receive, move and adjust stock.
    InventoryWrite,
    /// Read customers.
    CustomersRead,
    /// Add, change, merge, export and erase customers.
    CustomersWrite,
    /// Read orders.
    OrdersRead,
    /// Bring orders in and say how far they are.
    OrdersWrite,
    /// Read sales, refunds and receipts.
    SalesRead,
    /// Take sold goods back.
    Refunds,
    /// Give out gift cards and store credit, redeem them, read balances.
    Credit,
    /// Read shifts, X and Z reports and cash movements.
    Shifts,
    /// Read reports.
    Reports,
    /// Change taxes and the shop's settings.
    Settings,
    /// Have changes told to an address.
    Webhooks,
    /// Hear of changes as they happen.
    Events,
    /// Sell on the till's own screens: a paired tablet or phone.
    Till,
}

impl Scope {
    /// Every scope there is.
    pub const ALL: [Self; 18] = [
        Self::Payments,
        Self::CatalogueRead,
        Self::CatalogueWrite,
        Self::InventoryRead,
        Self::InventoryWrite,
        Self::CustomersRead,
        Self::CustomersWrite,
        Self::OrdersRead,
        Self::OrdersWrite,
        Self::SalesRead,
        Self::Refunds,
        Self::Credit,
        Self::Shifts,
        Self::Reports,
        Self::Settings,
        Self::Webhooks,
        Self::Events,
        Self::Till,
    ];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Payments => "payments",
            Self::CatalogueRead => "catalog:read",
            Self::CatalogueWrite => "catalog:write",
            Self::InventoryRead => "inventory:read",
            Self::InventoryWrite => "inventory:write",
            Self::CustomersRead => "customers:read",
            Self::CustomersWrite => "customers:write",
            Self::OrdersRead => "orders:read",
            Self::OrdersWrite => "orders:write",
            Self::SalesRead => "sales:read",
            Self::Refunds => "refunds",
            Self::Credit => "credit",
            Self::Shifts => "shifts",
            Self::Reports => "reports",
            Self::Settings => "settings",
            Self::Webhooks => "webhooks",
            Self::Events => "events",
            Self::Till => "till",
        }
    }

    /// Reads what [`Scope::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Whether a command that needs this right may be given with this scope.
    pub const fn grants(self, right: Right) -> bool {
        match self {
            // A paired device's screens are limited by the role of whoever stands there.
            Self::Till => true,
            Self::Payments | Self::OrdersWrite => matches!(right, Right::LookUp | Right::Sell),
            Self::CatalogueWrite => {
                matches!(right, Right::LookUp | Right::ChangeCatalogue | Right::ChangePrices)
            }
            Self::InventoryWrite => matches!(right, Right::LookUp | Right::ChangeCatalogue),
            Self::CustomersWrite => {
                matches!(right, Right::LookUp | Right::Sell | Right::ChangePrices)
            }
            Self::Refunds => {
                matches!(right, Right::LookUp | Right::Refund | Right::RefundToCredit | Right::Sell)
            }
            Self::Credit => matches!(right, Right::LookUp | Right::Sell | Right::IssueCredit),
            Self::Shifts => {
                matches!(right, Right::LookUp | Right::RunShift | Right::SeeExpectedCash)
            }
            Self::Reports => matches!(right, Right::LookUp | Right::SeeReports),
            Self::Settings => matches!(right, Right::LookUp | Right::ChangeSettings),
            Self::CatalogueRead
            | Self::InventoryRead
            | Self::CustomersRead
            | Self::OrdersRead
            | Self::SalesRead
            | Self::Webhooks
            | Self::Events => matches!(right, Right::LookUp),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;
    use crate::staff::Right;

    #[test]
    fn a_name_is_read_back_and_names_one_scope() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.name()), Some(scope));
        }
        assert_eq!(Scope::parse("everything"), None);
    }

    #[test]
    fn who_reads_changes_nothing() {
        let readers = Scope::ALL.into_iter().filter(|scope| {
            scope.name().ends_with(":read") || *scope == Scope::Reports || *scope == Scope::Events
        });
        for scope in readers {
            let changes: Vec<Right> = Right::ALL
                .into_iter()
                .filter(|right| scope.grants(*right))
                .filter(|right| !matches!(right, Right::LookUp | Right::SeeReports))
                .collect();
            assert_eq!(changes, [], "{scope:?}");
        }
    }
}
