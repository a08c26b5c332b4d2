//! Customers: found by a few letters, kept by the register, and paying what they owe.

use countertop_app::commands::{
    FindCustomersCommand, GetCustomer, PayAccountCommand, PayTender, SaveCustomerCommand,
    SetBasketCustomer, SetShop,
};
use countertop_app::wire::{
    CustomerRequest, CustomerView, FindCustomers, MoneySettings, PayAccount, PayWith, SaveCustomer,
    SetCustomer, ShopSettings,
};
use countertop_app::{AppError, Caller, perform};
use countertop_domain::ids::{CustomerId, TenderId};
use countertop_domain::posting::Account;
use countertop_domain::staff::Role;
use uuid::Uuid;

use crate::common::goods::{self, BREAD, WINE};
use crate::common::{FLOAT, Shop, code, verify_ok};

/// A customer with nothing but a name.
pub(crate) fn named(name: &str) -> SaveCustomer {
    SaveCustomer {
        id: None,
        name: name.to_owned(),
        email: String::new(),
        phone: String::new(),
        groups: Vec::new(),
        tax_exempt: false,
        tax_id: None,
        position: None,
        account_limit: None,
    }
}

pub(crate) fn save(shop: &Shop, customer: SaveCustomer) -> CustomerView {
    shop.call::<SaveCustomerCommand>(customer).unwrap()
}

/// Says who buys the open basket.
pub(crate) fn buys(shop: &Shop, customer: CustomerId) {
    let (basket_id, customer_id) = (shop.basket().id, Some(customer));
    shop.call::<SetBasketCustomer>(SetCustomer { basket_id, customer_id }).unwrap();
}

/// The same person at the same screen, trusted with less.
pub(crate) fn as_role(shop: &Shop, role: Role) -> Caller {
    let mut caller = shop.caller.clone();
    caller.actor.role = role;
    caller
}

/// Switches every way to pay on.
pub(crate) fn take_everything(shop: &Shop) {
    let money = MoneySettings {
        cash_step: None,
        tenders: vec![
            PayWith::Cash,
            PayWith::CardExternal,
            PayWith::GiftCard,
            PayWith::StoreCredit,
            PayWith::OnAccount,
            PayWith::Voucher,
        ],
        custom: Vec::new(),
        foreign: Vec::new(),
        tip_percents: Vec::new(),
        cashier_discount_limit: None,
        bank: None,
        wallet: None,
    };
    let settings = ShopSettings { money: Some(money), ..goods::settings() };
    shop.call::<SetShop>(settings).unwrap();
}

fn found(shop: &Shop, text: &str) -> Vec<String> {
    let request = FindCustomers { text: text.to_owned() };
    let found = shop.call::<FindCustomersCommand>(request).unwrap();
    found.customers.into_iter().map(|customer| customer.name).collect()
}

fn owes(shop: &Shop, name: &str) -> i64 {
    let request = FindCustomers { text: name.to_owned() };
    shop.call::<FindCustomersCommand>(request).unwrap().customers[0].owes
}

#[test]
fn a_customer_is_found_by_the_beginning_of_any_word_of_name_address_or_number() {
    let shop = Shop::closed();
    save(
        &shop,
        SaveCustomer {
            email: "jose@garcia.example".to_owned(),
            phone: "+49 (170) 123-4567".to_owned(),
            ..named("José García Márquez")
        },
    );
    save(&shop, SaveCustomer { phone: "030 901820".to_owned(), ..named("Anna Smith") });
    for text in [
        "josé",
        "JOSE",
        "gar",
        "marq jos",
        "garcia.ex",
        "jose@gar",
        "+49170",
        "0170 123",
        "170123",
        "1701234567",
        "123-45",
        "4567 170",
    ] {
        assert_eq!(found(&shop, text), ["José García Márquez"], "{text}");
    }
    for text in ["030901", "030 90", "30901820", "901", "ann smi"] {
        assert_eq!(found(&shop, text), ["Anna Smith"], "{text}");
    }
    for text in ["osé", "jos smith", "\"", "*", "a OR b", "jose NOT x", "99", "0170 9"] {
        assert_eq!(found(&shop, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_name_in_any_script_is_found() {
    let shop = Shop::closed();
    for name in ["नमस्ते देवी", "李小龙", "สมชาย ใจดี", "Ελένη", "محمد علي"]
    {
        save(&shop, named(name));
        let first: String = name.chars().take(2).collect();
        assert_eq!(found(&shop, &first), [name]);
        assert_eq!(found(&shop, name), [name]);
    }
}

#[test]
fn names_that_begin_with_what_was_typed_come_first_and_in_order() {
    let shop = Shop::closed();
    for name in ["Zoe Berg", "berta Stein", "Adam Bergmann", "Bert Adler", "Carl Frey"] {
        save(&shop, named(name));
    }
    assert_eq!(found(&shop, "ber"), ["Bert Adler", "berta Stein", "Adam Bergmann", "Zoe Berg"]);
    let all = ["Adam Bergmann", "Bert Adler", "berta Stein", "Carl Frey", "Zoe Berg"];
    assert_eq!(found(&shop, " "), all);
}

#[test]
fn a_changed_customer_is_found_by_what_is_true_now() {
    let shop = Shop::closed();
    let anna = save(&shop, SaveCustomer { phone: "555 1234".to_owned(), ..named("Anna Smith") });
    save(&shop, SaveCustomer { id: Some(anna.id), ..named("Anna Jones") });
    assert_eq!(found(&shop, "jones"), ["Anna Jones"]);
    assert!(found(&shop, "smith").is_empty() && found(&shop, "5551").is_empty());
    let shop = shop.reopen();
    assert_eq!(found(&shop, ""), ["Anna Jones"]);
}

#[test]
fn a_customer_that_cannot_be_kept_is_refused_and_nothing_is_kept_of_it() {
    let shop = Shop::closed();
    for customer in [
        named("  "),
        named(&"x".repeat(101)),
        named("two\nlines"),
        SaveCustomer { email: "nobody".to_owned(), ..named("Anna") },
        SaveCustomer { phone: "1".repeat(41), ..named("Anna") },
        SaveCustomer { position: Some("mars".to_owned()), ..named("Anna") },
        SaveCustomer { account_limit: Some(-1), ..named("Anna") },
        SaveCustomer { groups: vec!["g".to_owned(); 21], ..named("Anna") },
    ] {
        let shown = format!("{customer:?}");
        assert_eq!(code(shop.call::<SaveCustomerCommand>(customer)), "bad_text", "{shown}");
    }
    let gone = SaveCustomer { id: Some(CustomerId::new(Uuid::nil())), ..named("Anna") };
    assert_eq!(code(shop.call::<SaveCustomerCommand>(gone)), "no_such_customer");
    assert!(found(&shop, "").is_empty());
}

#[test]
fn who_may_owe_and_who_pays_no_tax_is_not_a_cashiers_to_say() {
    let shop = Shop::closed();
    let cashier = as_role(&shop, Role::Cashier);
    let by_cashier = |customer| perform::<SaveCustomerCommand>(shop.app(), &cashier, customer);
    let anna = by_cashier(named("Anna")).unwrap();
    let again = SaveCustomer { id: Some(anna.id), ..named("Anna") };
    let limit = SaveCustomer { account_limit: Some(5_000), ..again.clone() };
    let exempt = SaveCustomer { tax_exempt: true, ..again.clone() };
    assert_eq!(code(by_cashier(limit.clone())), "not_allowed");
    assert_eq!(code(by_cashier(exempt)), "not_allowed");
    save(&shop, limit.clone());
    // What stands there already may stay; taking it away is a change, too.
    let phone = SaveCustomer { phone: "555".to_owned(), ..limit };
    assert_eq!(by_cashier(phone).unwrap().account_limit, Some(5_000));
    assert_eq!(code(by_cashier(again)), "not_allowed");
}

#[test]
fn a_sale_keeps_its_customer_as_they_were() {
    let shop = Shop::open();
    let anna = save(&shop, named("Anna Smith"));
    buys(&shop, anna.id);
    shop.sell(&[BREAD], PayWith::Cash);
    save(&shop, SaveCustomer { id: Some(anna.id), ..named("Anna Jones") });
    let sale = &shop.sales()[0];
    let customer = sale.customer.as_ref().expect("she said so");
    assert_eq!((customer.id, customer.name.as_str()), (anna.id, "Anna Smith"));
    // The next basket is nobody's.
    assert!(shop.basket().customer.is_none());
    let basket_id = shop.basket().id;
    let nobody = SetCustomer { basket_id, customer_id: Some(CustomerId::new(Uuid::nil())) };
    assert_eq!(code(shop.call::<SetBasketCustomer>(nobody)), "no_such_customer");
    verify_ok(shop.app());
}

/// A shop where Anna may owe 20.00.
fn shop_with_account() -> (Shop, CustomerId) {
    let shop = Shop::open();
    take_everything(&shop);
    let anna = save(&shop, SaveCustomer { account_limit: Some(2_000), ..named("Anna") });
    (shop, anna.id)
}

fn pays(
    shop: &Shop,
    customer_id: CustomerId,
    tender_id: TenderId,
    kind: PayWith,
    amount: i64,
) -> Result<CustomerView, AppError> {
    shop.call::<PayAccountCommand>(PayAccount { customer_id, tender_id, kind, amount })
}

#[test]
fn a_customer_buys_on_account_up_to_the_limit_and_not_a_cent_more() {
    let (shop, anna) = shop_with_account();
    buys(&shop, anna);
    shop.sell(&[WINE], PayWith::OnAccount);
    assert_eq!(owes(&shop, "Anna"), 1_199);
    buys(&shop, anna);
    shop.scan(WINE);
    assert_eq!(code(shop.pay(PayWith::OnAccount, 1_199)), "bad_credit");
    assert_eq!(code(shop.pay(PayWith::OnAccount, 802)), "bad_credit");
    // Up to the limit on account, the rest in cash.
    shop.pay(PayWith::OnAccount, 801).unwrap();
    shop.pay(PayWith::Cash, 398).unwrap().sale.expect("paid in full");
    assert_eq!(owes(&shop, "Anna"), 2_000);
    assert_eq!(shop.balance(Account::Receivables), 2_000);
    verify_ok(shop.app());
}

#[test]
fn nobody_buys_on_account_without_a_name_or_without_a_limit() {
    let (shop, _) = shop_with_account();
    shop.scan(BREAD);
    assert_eq!(code(shop.pay(PayWith::OnAccount, 345)), "bad_text");
    let bert = save(&shop, named("Bert"));
    buys(&shop, bert.id);
    assert_eq!(code(shop.pay(PayWith::OnAccount, 345)), "bad_credit");
    assert_eq!(shop.basket().due, 345);
}

#[test]
fn what_a_customer_pays_on_account_is_in_the_drawer_and_owed_no_more() {
    let (shop, anna) = shop_with_account();
    buys(&shop, anna);
    shop.sell(&[WINE], PayWith::OnAccount);
    let first = shop.tender_id();
    for _ in 0..3 {
        // Sent again, it counts once.
        assert_eq!(pays(&shop, anna, first, PayWith::Cash, 500).unwrap().owes, 699);
    }
    let shop = shop.reopen();
    assert_eq!(pays(&shop, anna, first, PayWith::Cash, 500).unwrap().owes, 699);
    assert_eq!(shop.balance(Account::Drawer), FLOAT + 500);
    let left = pays(&shop, anna, shop.tender_id(), PayWith::CardExternal, 699).unwrap();
    assert_eq!((left.owes, shop.balance(Account::Receivables)), (0, 0));
    assert_eq!(shop.balance(Account::CardExternal), 699);
    verify_ok(shop.app());
    assert_eq!(shop.app().store().rebuild().unwrap(), shop.app().store().verify().unwrap().entries);
    assert_eq!(owes(&shop, "Anna"), 0);
}

#[test]
fn nobody_pays_more_than_they_owe_or_without_a_shift() {
    let (shop, anna) = shop_with_account();
    let pay = |kind, amount| code(pays(&shop, anna, shop.tender_id(), kind, amount));
    assert_eq!(pay(PayWith::Cash, 100), "bad_text");
    buys(&shop, anna);
    shop.sell(&[WINE], PayWith::OnAccount);
    assert_eq!(pay(PayWith::Cash, 1_200), "more_than_due");
    assert_eq!(pay(PayWith::CardExternal, 1_200), "more_than_due");
    assert_eq!(pay(PayWith::Cash, 0), "bad_amount");
    assert_eq!(pay(PayWith::Cash, -5), "bad_amount");
    // A debt is not paid with a debt.
    assert_eq!(pay(PayWith::OnAccount, 100), "bad_text");
    shop.close_shift(FLOAT);
    assert_eq!(pay(PayWith::Cash, 100), "no_shift");
    assert_eq!(owes(&shop, "Anna"), 1_199);
}

#[test]
fn a_tender_id_that_paid_an_account_pays_nothing_else() {
    let (shop, anna) = shop_with_account();
    buys(&shop, anna);
    shop.sell(&[WINE], PayWith::OnAccount);
    let sale = shop.request(shop.scan(BREAD).id, PayWith::Cash, 345);
    pays(&shop, anna, sale.tender_id, PayWith::Cash, 500).unwrap();
    assert_eq!(code(shop.call::<PayTender>(sale)), "bad_request");
}

#[test]
fn one_customer_is_asked_for_by_id() {
    let shop = Shop::closed();
    let anna = save(&shop, SaveCustomer { phone: "030 901820".to_owned(), ..named("Anna") });
    let get = |customer_id| shop.call::<GetCustomer>(CustomerRequest { customer_id });
    let found = get(anna.id).unwrap();
    assert_eq!((found.name.as_str(), found.phone.as_str()), ("Anna", "030 901820"));
    assert!(!found.has_paid);
    assert_eq!(code(get(CustomerId::new(Uuid::nil()))), "no_such_customer");
}
