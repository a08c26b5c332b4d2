//! Open baskets have a file of their own: what is in it never contradicts the sales.

use countertop_domain::basket::Basket;
use countertop_domain::ids::BasketId;
use countertop_store::{Store, StoreError};
use uuid::Uuid;

use crate::common::{some_days, try_open};

fn open_baskets(store: &Store) -> Vec<BasketId> {
    let saved = store.read::<_, StoreError>(|snapshot| snapshot.baskets()).unwrap();
    saved.iter().map(|saved| saved.basket.id()).collect()
}

fn keep(store: &Store, id: BasketId) {
    let basket = Basket::new(id);
    store.write::<_, StoreError>(move |tx| tx.put_basket("till", &basket)).unwrap();
}

#[test]
fn a_basket_that_was_paid_is_not_given_back_even_if_nobody_forgot_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    // The first of the sales, and one that nobody paid.
    let (paid, open) =
        (BasketId::new(Uuid::from_u128(5_000)), BasketId::new(Uuid::from_u128(6_000)));
    keep(&store, paid);
    keep(&store, open);
    assert_eq!(open_baskets(&store), [open]);
    drop(store);
    assert_eq!(open_baskets(&try_open(folder.path()).unwrap()), [open]);
}

#[test]
fn a_basket_that_is_forgotten_stays_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    let id = BasketId::new(Uuid::from_u128(6_000));
    keep(&store, id);
    store.write::<_, StoreError>(move |tx| tx.remove_basket(id)).unwrap();
    drop(store);
    assert_eq!(open_baskets(&try_open(folder.path()).unwrap()), []);
}

#[test]
fn damage_to_the_open_baskets_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    keep(&store, BasketId::new(Uuid::from_u128(6_000)));
    rusqlite::Connection::open(folder.path().join("baskets.db"))
        .unwrap()
        .execute_batch("UPDATE basket SET body = '{'")
        .unwrap();
    assert!(!store.verify().unwrap().problems.is_empty());
}

#[test]
fn a_basket_that_was_removed_is_gone_before_its_own_file_knows() {
    let folder = tempfile::tempdir().unwrap();
    let store = some_days(folder.path());
    let id = BasketId::new(Uuid::from_u128(6_000));
    keep(&store, id);
    store.write::<_, StoreError>(move |tx| tx.remove_basket(id)).unwrap();
    drop(store);
    // As if it had been killed in between: the database knows, the file still has the basket.
    let edit = |file: &str, sql: &str| {
        rusqlite::Connection::open(folder.path().join(file)).unwrap().execute_batch(sql).unwrap();
    };
    let body = serde_json::to_string(&Basket::new(id)).unwrap();
    edit(
        "baskets.db",
        &format!("INSERT INTO basket VALUES(x'{}', 'till', '{body}')", id.uuid().simple()),
    );
    let store = try_open(folder.path()).unwrap();
    assert_eq!(open_baskets(&store), []);
    // Taken up again, it is open, also after a restart.
    keep(&store, id);
    assert_eq!(open_baskets(&store), [id]);
    drop(store);
    assert_eq!(open_baskets(&try_open(folder.path()).unwrap()), [id]);
}

#[test]
fn baskets_of_an_older_format_are_still_open() {
    let folder = tempfile::tempdir().unwrap();
    let store = try_open(folder.path()).unwrap();
    let id = BasketId::new(Uuid::from_u128(77));
    keep(&store, id);
    drop(store);
    let file = folder.path().join("baskets.db");
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch(
            "CREATE TABLE older(
               basket_id BLOB PRIMARY KEY CHECK(length(basket_id) = 16),
               client TEXT NOT NULL,
               body TEXT NOT NULL
             ) STRICT, WITHOUT ROWID;
             INSERT INTO older SELECT basket_id, client, body FROM basket;
             DROP TABLE basket;
             ALTER TABLE older RENAME TO basket;",
        )
        .unwrap();
    assert_eq!(open_baskets(&try_open(folder.path()).unwrap()), [id]);
    // Made anew once, and as it was.
    assert_eq!(open_baskets(&try_open(folder.path()).unwrap()), [id]);
    let made: String = rusqlite::Connection::open(&file)
        .unwrap()
        .query_row("SELECT sql FROM sqlite_schema WHERE name = 'basket'", [], |row| row.get(0))
        .unwrap();
    assert!(!made.contains("WITHOUT ROWID"), "{made}");
}
