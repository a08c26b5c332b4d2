//! All that the shop knows of a person, for that person.

use countertop_domain::credit::CreditKind;
use countertop_domain::ids::CustomerId;
use countertop_domain::sale::Sale;
use countertop_domain::staff::Right;
use countertop_store::{
    ChannelOrderFilter, ChannelOrderRow, CreditMoveRow, CustomerRecord, PointsMoveRow, SaleFilter,
};

use super::ids_of;
use crate::app::require;
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::held;
use crate::wire::HeldOrderView;

/// All that the shop knows of a person, whole: nothing here is a page.
#[derive(Clone, Debug)]
pub struct Everything {
    /// Their record.
    pub record: CustomerRecord,
    /// What moved their store credit, the newest first.
    pub store_credit: Vec<CreditMoveRow>,
    /// What moved their account.
    pub account: Vec<CreditMoveRow>,
    /// What moved their points.
    pub points: Vec<PointsMoveRow>,
    /// Their sales, the newest first.
    pub sales: Vec<Sale>,
    /// Their held orders.
    pub held: Vec<HeldOrderView>,
    /// Their orders from sales channels.
    pub orders: Vec<ChannelOrderRow>,
}

/// Gives out all that the shop knows of a person, of one moment.
///
/// # Errors
/// No such customer, or a right.
pub fn everything(app: &App, caller: &Caller, id: CustomerId) -> Result<Everything, AppError> {
    require(caller, Right::Sell)?;
    let today = app.now().local_day();
    app.store.read(|snapshot| {
        let record = snapshot.customer_record(id)?.ok_or(AppError::no_customer())?;
        let ids = ids_of(&record);
        // A ledger that became part of another keeps the rows of its own time.
        let mut ledgers: Vec<Vec<CreditMoveRow>> = Vec::new();
        for kind in [CreditKind::StoreCredit, CreditKind::Account] {
            let mut moves = Vec::new();
            for id in &ids {
                moves.extend(snapshot.credit_moves_of(kind, &id.to_string(), u32::MAX)?);
            }
            ledgers.push(moves);
        }
        let (account, store_credit) =
            (ledgers.pop().unwrap_or_default(), ledgers.pop().unwrap_or_default());
        let sales = SaleFilter { customers: ids.clone(), ..SaleFilter::default() };
        let sales = snapshot.find_sales(&sales, u32::MAX)?;
        let mut held_orders = Vec::new();
        for row in snapshot.held_orders_of(&ids)? {
            held_orders.push(held::view_of(snapshot, row.order.order, today)?);
        }
        let orders = ChannelOrderFilter { customers: ids, ..ChannelOrderFilter::default() };
        Ok(Everything {
            points: snapshot.points_moves(record.customer.id, i64::MAX, u32::MAX)?,
            orders: snapshot.channel_orders(&orders, u32::MAX)?,
            sales: sales.into_iter().map(|(_, sale)| sale).collect(),
            held: held_orders,
            store_credit,
            account,
            record,
        })
    })
}
