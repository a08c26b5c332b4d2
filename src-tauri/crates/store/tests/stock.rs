//! Stock: every movement says why.

use countertop_domain::basket::{Basket, Change};
use countertop_domain::ids::{BasketId, LineId, SaleId, TenderId};
use countertop_domain::journal::Entry;
use countertop_domain::quantity::Quantity;
use countertop_domain::returns::give_back;
use countertop_domain::sale::Sale;
use countertop_domain::tender::{PayOut, TenderKind, pay_out};
use countertop_store::StoreError;
use rusqlite::Connection;
use uuid::Uuid;

use crate::common::{NOW, facts, priced, sell, shift, some_days};

#[test]
fn what_comes_back_is_a_return_and_no_sale_below_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    let seq = sell(&store, shift(1), 200).unwrap();
    let id = SaleId::new(Uuid::from_u128(5_200));
    let sold = store.read::<_, StoreError>(|snapshot| snapshot.sale(id)).unwrap().unwrap();
    let new_line = LineId::new(Uuid::from_u128(1));
    let back = give_back(&sold, &[], &[], sold.lines[0].id, Quantity::ONE, new_line, "Broken");
    let mut basket = Basket::new(BasketId::new(Uuid::from_u128(5_201)));
    basket.apply(Change::AddReturn(Box::new(back.unwrap()))).unwrap();
    let settled = priced(&basket);
    let wish =
        PayOut::new(TenderId::new(Uuid::from_u128(2)), TenderKind::Cash, settled.total.negated());
    basket.add_tender(pay_out(wish, settled.total, None).unwrap(), NOW);
    let refund = store
        .write::<_, StoreError>(move |tx| {
            let refund = Sale::close(&basket, settled, facts(tx, shift(1))?).unwrap();
            tx.append(NOW.utc_ms, &Entry::SaleCompleted(Box::new(refund)))
        })
        .unwrap();
    drop(store);
    let database = Connection::open(folder.path().join("register.db")).unwrap();
    let moved = |seq: i64| -> (i64, String) {
        let sql = "SELECT quantity, reason FROM stock_movement WHERE seq = ?1 AND position = 1";
        database.query_row(sql, [seq], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    assert_eq!(moved(seq), (-2_000, "sale".to_owned()));
    assert_eq!(moved(refund), (1_000, "return".to_owned()));
}
