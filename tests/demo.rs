//! The demo store: what a first start shows.

use countertop::{Config, Register};
use countertop_app::commands::{Find, GetState, ListCategories};
use countertop_app::perform;
use countertop_app::wire::{FindOrders, Nothing};
use countertop_domain::staff::Role;

use crate::common::{books_agree, sales_of};

#[test]
fn the_demo_store_opens_with_a_month_of_real_sales_and_an_open_shift() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { demo: true, ..Config::new(folder.path()) };
    let register = Register::open(&config).unwrap();
    let (app, caller) = (register.app(), register.caller("window").unwrap());
    let state = perform::<GetState>(app, &caller, Nothing {}).unwrap();
    assert!(state.demo && state.shift.is_some());
    assert_eq!((state.role, state.currency.as_str()), (Role::Owner, "EUR"));
    assert_eq!(app.staff().unwrap().len(), 2);

    let sales = sales_of(app);
    let days: std::collections::BTreeSet<_> = sales.iter().map(|sale| sale.business_day).collect();
    assert!((29..=31).contains(&days.len()), "{} days", days.len());
    assert!(sales.len() > 400, "{} sales", sales.len());
    assert!(sales.windows(2).all(|two| two[0].at.utc_ms <= two[1].at.utc_ms));
    assert!(perform::<ListCategories>(app, &caller, Nothing {}).unwrap().categories.len() >= 8);
    let found = perform::<Find>(app, &caller, FindOrders::default()).unwrap();
    assert_eq!(found.orders[0].receipt, sales.last().unwrap().receipt.to_string());
    books_agree(app);
    drop(register);

    // A second start leaves it as it is.
    let register = Register::open(&config).unwrap();
    assert_eq!(sales_of(register.app()), sales);
}

#[test]
fn a_register_that_is_there_already_never_becomes_a_demo() {
    let shop = crate::common::Shop::open();
    let sale = shop.sell(&[crate::common::goods::BREAD], countertop_app::wire::PayWith::Cash);
    let folder = shop.shut();
    let config = Config { demo: true, ..Config::new(folder.path()) };
    let register = Register::open(&config).unwrap();
    let sales = sales_of(register.app());
    assert_eq!((sales.len(), sales[0].id), (1, sale.id));
    assert!(!register.app().shop().demo);
}
