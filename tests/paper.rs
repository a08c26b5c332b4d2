//! Paper besides receipts: reports of shifts, slips of deposits, credit and accounts, and gift receipts.
//! Each is kept with its fact, comes out once, and says so when it comes out again.

use countertop_app::AppError;
use countertop_app::commands::{
    AddGiftCardCommand, AddReturnCommand, CancelHeldOrder, Hold, IssueCreditCommand,
    PayAccountCommand, PayTender, PrintAccountSlip, PrintCreditSlip, PrintGiftReceipt,
    PrintHeldSlip, SetShop, ShiftPrintX, ShiftPrintZ, ShiftZ, TakeDeposit,
};
use countertop_app::wire::{
    AddGiftCard, AddReturn, CancelHeld, CreditOf, CreditRequest, CustomerRequest, HeldKind,
    HeldOrderView, HeldRequest, HoldOrder, IssueCredit, Nothing, PayAccount, PayDeposit,
    PayRequest, PayWith, PrintJobView, PrintStatus, SaleRequest, SaveCustomer, ShiftRequest,
    ShopSettings,
};
use countertop_domain::ids::{CreditIssueId, TenderId};

use crate::common::goods::{self, BREAD, WINE};
use crate::common::{FLOAT, Shop, code, verify_ok};
use crate::customers::{buys, named, save, take_everything};
use crate::printing::{CUT, PULSE, add_printer, count, queue, queue_is_empty, with_paper};

/// What came out of the printer since the last look.
struct Roll<P> {
    paper: P,
    seen: usize,
}

impl<P: Fn() -> Vec<u8>> Roll<P> {
    fn new(paper: P) -> Self {
        Self { paper, seen: 0 }
    }

    /// Waits until everything is printed.
    fn next(&mut self, shop: &Shop) -> Vec<u8> {
        queue_is_empty(shop);
        let all = (self.paper)();
        let new = all.get(self.seen..).unwrap_or_default().to_vec();
        self.seen = all.len();
        new
    }
}

/// Each of `parts` is on the paper; so many sheets, pulses for the drawer, and copies.
fn shows(printed: &[u8], parts: &[&str], sheets: usize, pulses: usize, is_copy: bool) {
    for part in parts {
        let text = String::from_utf8_lossy(printed);
        assert!(count(printed, part.as_bytes()) > 0, "{part} is not on the paper:\n{text}");
    }
    assert_eq!((count(printed, CUT), count(printed, PULSE)), (sheets, pulses));
    assert_eq!(count(printed, b"COPY") > 0, is_copy);
}

fn layaway(shop: &Shop) -> HeldOrderView {
    let basket_id = shop.scan(WINE).id;
    let request = HoldOrder { basket_id, kind: HeldKind::Layaway, due: None, note: String::new() };
    shop.call::<Hold>(request).unwrap()
}

fn deposit(shop: &Shop, order: &HeldOrderView, tender_id: TenderId, kind: PayWith, offered: i64) {
    let request = PayDeposit { order_id: order.id, tender_id, kind, offered, reference: None };
    shop.call::<TakeDeposit>(request).unwrap();
}

fn held_slip(shop: &Shop, order: &HeldOrderView) -> Result<PrintJobView, AppError> {
    shop.call::<PrintHeldSlip>(HeldRequest { order_id: order.id })
}

#[test]
fn a_z_report_is_printed_at_the_close_where_the_shop_wants_it_and_again_as_a_copy() {
    let (shop, _folder, paper) = with_paper(true);
    let mut roll = Roll::new(paper);
    shop.sell(&[BREAD], PayWith::CardExternal);
    let z = shop.close_shift(FLOAT);
    assert_eq!(roll.next(&shop), b"", "a report that nobody wanted");
    // By a key, the first print of a report is no copy.
    let again = || shop.call::<ShiftPrintZ>(ShiftRequest { shift_id: z.shift_id });
    assert_eq!(again().unwrap().title.as_deref(), Some("Z report T1-Z1"));
    let printed = roll.next(&shop);
    shows(&printed, &["Z report T1-Z1", "3.45", "Grand total"], 1, 0, false);
    again().unwrap();
    shows(&roll.next(&shop), &["Z report T1-Z1", "3.45"], 1, 0, true);

    shop.call::<SetShop>(ShopSettings { print_z: true, ..goods::settings() }).unwrap();
    shop.open_shift();
    let z = shop.close_shift(FLOAT - 100);
    shows(&roll.next(&shop), &["Z report T1-Z2", "Short"], 1, 0, false);
    // The shop's name changes; what was printed then is what a copy says.
    let renamed = ShopSettings { name: "Elsewhere".to_owned(), ..goods::settings() };
    shop.call::<SetShop>(renamed).unwrap();
    shop.call::<ShiftPrintZ>(ShiftRequest { shift_id: z.shift_id }).unwrap();
    let copy = roll.next(&shop);
    shows(&copy, &["Z report T1-Z2", "Short", "Corner"], 1, 0, true);
    assert_eq!(count(&copy, b"Elsewhere"), 0);
    let shown = shop.call::<ShiftZ>(ShiftRequest { shift_id: z.shift_id }).unwrap();
    assert!(shown.text.contains("Z report T1-Z2") && shown.z_name.as_deref() == Some("T1-Z2"));
    verify_ok(shop.app());
}

#[test]
fn an_x_report_comes_out_as_it_is_now_and_each_is_a_report_of_its_own() {
    let (shop, _folder, paper) = with_paper(true);
    let mut roll = Roll::new(paper);
    shop.sell(&[BREAD], PayWith::CardExternal);
    assert_eq!(shop.call::<ShiftPrintX>(Nothing {}).unwrap().title.as_deref(), Some("X report"));
    shows(&roll.next(&shop), &["X report", "3.45"], 1, 0, false);
    shop.sell(&[WINE], PayWith::CardExternal);
    shop.call::<ShiftPrintX>(Nothing {}).unwrap();
    shows(&roll.next(&shop), &["X report", "15.44"], 1, 0, false);
    shop.close_shift(FLOAT);
    assert_eq!(code(shop.call::<ShiftPrintX>(Nothing {})), "no_shift");
}

#[test]
fn a_deposit_in_cash_opens_the_drawer_and_has_its_slip_once_however_often_it_is_sent() {
    let (shop, _folder, paper) = with_paper(true);
    let mut roll = Roll::new(paper);
    let order = layaway(&shop);
    assert_eq!(code(held_slip(&shop, &order)), "no_such_paper");
    let id = shop.tender_id();
    for _ in 0..3 {
        deposit(&shop, &order, id, PayWith::Cash, 500);
    }
    shows(&roll.next(&shop), &["Deposit", "T1-H1", "Left to pay", "6.99"], 1, 1, false);
    // Once more, and the drawer stays shut.
    held_slip(&shop, &order).unwrap();
    shows(&roll.next(&shop), &["T1-H1", "6.99"], 1, 0, true);
    deposit(&shop, &order, shop.tender_id(), PayWith::CardExternal, 199);
    shows(&roll.next(&shop), &["Paid before", "5.00"], 1, 0, false);

    let request = CancelHeld { order_id: order.id, reason: "Moved".to_owned(), keep: 100 };
    shop.call::<CancelHeldOrder>(request).unwrap();
    // Cash goes out of the drawer, too.
    let slip = ["Order cancelled", "T1-H1", "Fee kept", "Given back", "5.99"];
    shows(&roll.next(&shop), &slip, 1, 1, false);
    assert_eq!(held_slip(&shop, &order).unwrap().title.as_deref(), Some("Order cancelled T1-H1"));
    shows(&roll.next(&shop), &slip, 1, 0, true);
    verify_ok(shop.app());
}

#[test]
fn an_order_on_which_nothing_was_paid_is_cancelled_without_a_slip() {
    let (shop, _folder, paper) = with_paper(true);
    let mut roll = Roll::new(paper);
    let order = layaway(&shop);
    let request = CancelHeld { order_id: order.id, reason: "Moved".to_owned(), keep: 0 };
    shop.call::<CancelHeldOrder>(request).unwrap();
    assert_eq!(roll.next(&shop), b"");
}

#[test]
fn a_payment_on_an_account_has_a_slip_and_opens_the_drawer_for_cash() {
    let (shop, _folder, paper) = with_paper(true);
    let mut roll = Roll::new(paper);
    take_everything(&shop);
    let anna = save(&shop, SaveCustomer { account_limit: Some(5_000), ..named("Anna") });
    buys(&shop, anna.id);
    shop.sell(&[WINE], PayWith::OnAccount);
    let pay = |kind, amount| {
        let (customer_id, tender_id) = (anna.id, shop.tender_id());
        let request = PayAccount { customer_id, tender_id, kind, amount };
        shop.call::<PayAccountCommand>(request.clone()).unwrap();
        shop.call::<PayAccountCommand>(request).unwrap()
    };
    let again = || shop.call::<PrintAccountSlip>(CustomerRequest { customer_id: anna.id });
    assert_eq!(code(again()), "no_such_paper");
    assert!(pay(PayWith::Cash, 500).has_paid);
    let slip = ["Payment on account", "Anna", "11.99", "Still owed", "6.99"];
    shows(&roll.next(&shop), &slip, 1, 1, false);
    again().unwrap();
    shows(&roll.next(&shop), &slip, 1, 0, true);
    pay(PayWith::CardExternal, 699);
    shows(&roll.next(&shop), &["Still owed", "0.00"], 1, 0, false);
    verify_ok(shop.app());
}

#[test]
fn credit_that_is_given_comes_with_the_paper_that_it_is_spent_with() {
    let (shop, _folder, paper) = with_paper(true);
    let mut roll = Roll::new(paper);
    let give = |kind, text: &str, amount| {
        let id = CreditIssueId::new(shop.tender_id().uuid());
        let (code, reason) = (text.to_owned(), "Prize".to_owned());
        shop.call::<IssueCreditCommand>(IssueCredit { id, kind, code, amount, reason }).unwrap()
    };
    let card = give(CreditOf::GiftCard, "", 750);
    shows(&roll.next(&shop), &["Gift card", &card.code, "7.50"], 1, 0, false);
    // More on the same card: its slip says what is on it now.
    give(CreditOf::GiftCard, &card.code, 250);
    shows(&roll.next(&shop), &[&card.code, "Value", "2.50", "Balance", "10.00"], 1, 0, false);
    let request = CreditRequest { kind: CreditOf::GiftCard, code: card.code.to_lowercase() };
    shop.call::<PrintCreditSlip>(request).unwrap();
    shows(&roll.next(&shop), &[&card.code, "10.00"], 1, 0, true);
    // A customer's own credit is spent by name: there is no code to steal.
    let anna = save(&shop, named("Anna"));
    give(CreditOf::StoreCredit, &anna.id.to_string(), 300);
    let slip = roll.next(&shop);
    shows(&slip, &["Store credit", "Anna", "3.00"], 1, 0, false);
    assert_eq!(count(&slip, anna.id.to_string().as_bytes()), 0);
    let unknown = CreditRequest { kind: CreditOf::GiftCard, code: "NONE1".to_owned() };
    assert_eq!(code(shop.call::<PrintCreditSlip>(unknown)), "no_such_paper");
    verify_ok(shop.app());
}

#[test]
fn a_card_that_the_register_numbered_is_handed_out_on_paper_and_one_of_plastic_is_not() {
    let (shop, _folder, paper) = with_paper(true);
    let mut roll = Roll::new(paper);
    let sell = |text: &str| {
        let (basket_id, code) = (shop.basket().id, text.to_owned());
        let card = AddGiftCard { basket_id, code, amount: 2_000 };
        let basket = shop.call::<AddGiftCardCommand>(card).unwrap().basket;
        shop.pay(PayWith::CardExternal, 2_000).unwrap().sale.expect("paid in full");
        basket.lines[0].gift_card.clone().unwrap()
    };
    sell("PLASTIC1");
    assert_eq!(roll.next(&shop), b"");
    let code = sell("");
    shows(&roll.next(&shop), &["Gift card", &code, "20.00", "T1-2"], 1, 0, false);
    // So is what a refund pays out as store credit.
    let sale = shop.sell(&[WINE], PayWith::CardExternal);
    shop.call::<AddReturnCommand>(AddReturn {
        basket_id: shop.basket().id,
        sale_id: sale.id,
        line_id: sale.lines[0].id,
        quantity: 1_000,
        reason: "Corked".to_owned(),
    })
    .unwrap();
    let id = shop.basket().id;
    let out = PayRequest {
        refunds: Some(sale.tenders[0].id),
        ..shop.request(id, PayWith::StoreCredit, 1_199)
    };
    let refund = shop.call::<PayTender>(out).unwrap().sale.expect("paid out in full");
    let code = refund.tenders[0].reference.clone().unwrap();
    shows(&roll.next(&shop), &["Store credit", &code, "11.99"], 1, 0, false);
    shop.books_agree();
}

#[test]
fn a_gift_receipt_tells_no_amount_and_its_second_print_is_a_copy() {
    let (shop, _folder, paper) = with_paper(true);
    let mut roll = Roll::new(paper);
    let sale = shop.sell(&[WINE], PayWith::Cash);
    roll.next(&shop);
    let print = || shop.call::<PrintGiftReceipt>(SaleRequest { sale_id: sale.id }).unwrap();
    print();
    let gift = roll.next(&shop);
    shows(&gift, &["Gift receipt", "Wine", "T1-1"], 1, 0, false);
    assert_eq!(count(&gift, b"11.99"), 0);
    print();
    shows(&roll.next(&shop), &["Gift receipt", "Wine"], 1, 0, true);
    // Nothing of a gift card can be given away twice.
    let card = AddGiftCard { basket_id: shop.basket().id, code: "P1".to_owned(), amount: 100 };
    shop.call::<AddGiftCardCommand>(card).unwrap();
    let sale = shop.pay(PayWith::Cash, 100).unwrap().sale.unwrap();
    let gift = shop.call::<PrintGiftReceipt>(SaleRequest { sale_id: sale.id });
    assert_eq!(code(gift), "bad_text");
}

#[test]
fn without_a_printer_a_slip_is_kept_and_its_first_print_is_no_copy() {
    let shop = Shop::open();
    let order = layaway(&shop);
    deposit(&shop, &order, shop.tender_id(), PayWith::Cash, 500);
    assert_eq!(code(held_slip(&shop, &order)), "no_printer");
    let shop = shop.reopen();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.bin");
    add_printer(&shop, &format!("file:{}", path.display()), true);
    let mut roll = Roll::new(move || std::fs::read(&path).unwrap_or_default());
    held_slip(&shop, &order).unwrap();
    // The drawer was opened by hand when the money came.
    shows(&roll.next(&shop), &["Deposit", "T1-H1", "5.00"], 1, 0, false);
}

#[test]
fn a_slip_that_waits_is_named_in_the_queue_and_not_sent_twice() {
    let shop = Shop::open();
    add_printer(&shop, "tcp:127.0.0.1:1", true);
    let order = layaway(&shop);
    deposit(&shop, &order, shop.tender_id(), PayWith::CardExternal, 500);
    let first = held_slip(&shop, &order).unwrap();
    let jobs = queue(&shop);
    assert_eq!((jobs.len(), jobs[0].id), (1, first.id));
    assert_eq!((jobs[0].title.as_deref(), jobs[0].receipt.as_str()), (Some("Deposit T1-H1"), ""));
    assert_ne!(jobs[0].status, PrintStatus::Printed);
}
