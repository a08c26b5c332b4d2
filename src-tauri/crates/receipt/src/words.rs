//! Every word that a document prints besides names and numbers.

use serde::{Deserialize, Serialize};

/// The words, each once with what it is in English.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $english:literal;)*) => {
        /// Every word that receipts, slips and reports print besides names and numbers; English
        /// unless told otherwise.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Words {
            $($(#[$doc])* pub $name: String,)*
        }

        impl Default for Words {
            fn default() -> Self {
                Self { $($name: $english.to_owned(),)* }
            }
        }
    };
}

words! {
    /// The language that the words are in, as BCP 47 has it.
    language = "en";

    // The head.

    /// Before the number.
    receipt = "Receipt";
    /// Over a ticket that comes to less than nothing.
    refund = "Refund";
    /// Over a ticket on which goods came back and others were bought.
    exchange = "Exchange";
    /// Over a receipt without prices.
    gift_receipt = "Gift receipt";
    /// Over what the kitchen or the counter is to make.
    order_ticket = "Order";
    /// On every print but the first.
    copy = "COPY";
    /// Before the day and time.
    date = "Date";
    /// Before the seller's name.
    served_by = "Served by";
    /// Before the shop's tax number.
    tax_number = "VAT no.";
    /// Before the customer's name.
    customer = "Customer";
    /// Before the customer's tax number.
    customer_tax_number = "Customer's VAT no.";
    /// Before the held order's number.
    order = "Order";
    /// Before the fiscal position's name.
    tax_position = "Taxed as";
    /// For a customer who pays no tax by law.
    tax_exempt = "Tax exempt";
    /// Before a coupon's code.
    coupon = "Coupon";

    // The lines.

    /// Between quantity and price.
    times = "x";
    /// Before the price that was not asked.
    list_price = "List price";
    /// Before a line's note.
    note = "Note";
    /// Before the lot that a label names.
    lot = "Lot";
    /// Before the serial number that a label names.
    serial = "Serial no.";
    /// Before the last good day that a label names.
    best_before = "Best before";
    /// Before the name of something that came back.
    returned = "Returned";
    /// Before the discount's percentage and reason.
    discount = "Discount";
    /// For a promotion without a name.
    promotion = "Promotion";

    // The sums.

    /// The sum of all lines, before what concerns them as a whole.
    subtotal = "Subtotal";
    /// Of an exchange: the sum of what was bought.
    bought = "Bought";
    /// Of an exchange: the sum of what came back.
    brought_back = "Brought back";
    /// Between a tax and what it is taken on: `VAT 20% on 10.00`.
    on = "on";
    /// After a tax that is the same for every unit: `Bottle fee 0.25 EUR a unit`.
    a_unit = "a unit";
    /// What is paid.
    total = "Total";
    /// What is paid out.
    refunded = "Refunded";
    /// What the customer gave on top.
    tip = "Tip";
    /// Total and tip.
    total_with_tip = "Total with tip";

    // The taxes.

    /// Over the taxes that the total contains.
    tax_included = "Tax included";
    /// Over taxes inside and on top of the prices.
    taxes = "Taxes";
    /// Over the amounts without tax.
    net = "Net";
    /// Over what taxes were taken on, where that is not the net amount.
    base = "Base";
    /// Over the taxes.
    tax = "Tax";
    /// What no tax is taken on.
    not_taxed = "Not taxed";
    /// Before the sums of the columns above.
    together = "Together";
    /// Before the net amount and the taxes of the whole sale, which make the total.
    net_and_tax = "Net and tax";

    // The payments.

    /// Cash handed over.
    cash = "Cash received";
    /// Paid by card.
    card = "Card";
    /// Coins and notes, as a way of paying.
    coins_and_notes = "Cash";
    /// Cash of another currency.
    foreign_cash = "Foreign cash";
    /// Before a rate: `USD 50.00 at 0.92`.
    at_rate = "at";
    /// A gift card of the shop.
    gift_card = "Gift card";
    /// Credit that the shop owes.
    store_credit = "Store credit";
    /// What the customer will pay later.
    on_account = "On account";
    /// Somebody else's voucher.
    voucher = "Voucher";
    /// A transfer from bank to bank.
    bank_transfer = "Bank transfer";
    /// A wallet on a phone.
    wallet = "Wallet";
    /// What was paid before, for an order.
    deposit = "Deposit";
    /// A way of paying that has no name.
    other_payment = "Other payment";
    /// What rounding cash adds or takes off.
    cash_rounding = "Cash rounding";
    /// The cash part after rounding.
    to_pay_in_cash = "To pay in cash";
    /// Before the way in which money was given back: `Paid out: Card`.
    paid_out = "Paid out";
    /// Cash handed back.
    change = "Change";

    // Slips.

    /// Over a deposit's slip.
    deposit_slip = "Deposit";
    /// Kinds of held orders.
    quote = "Quote";
    /// Goods laid away.
    layaway = "Layaway";
    /// To be collected.
    to_collect = "To collect";
    /// To be delivered.
    to_deliver = "To deliver";
    /// Before the day by which an order is to be paid, collected or delivered.
    due_by = "Due by";
    /// What the order comes to.
    order_total = "Order total";
    /// What was paid on it before.
    paid_before = "Paid before";
    /// What is paid now.
    paid_now = "Paid now";
    /// What is left of it to pay.
    left_to_pay = "Left to pay";
    /// Before a card's or credit's code.
    code = "Code";
    /// Over the slip of an order that was given up.
    cancelled_slip = "Order cancelled";
    /// What a shop keeps of the deposits of such an order.
    fee = "Fee kept";
    /// What goes back of them.
    given_back = "Given back";
    /// Over the slip of a payment on an account.
    account_slip = "Payment on account";
    /// What was owed before it.
    owed_before = "Owed before";
    /// What is owed after it.
    left_to_owe = "Still owed";
    /// What a card or a credit was issued with.
    value = "Value";
    /// What is on it now.
    balance = "Balance";

    // Reports of a shift.

    /// Over a report while the shift goes on.
    x_report = "X report";
    /// Over a report at its end, before the number.
    z_report = "Z report";
    /// Before the register's name.
    register = "Register";
    /// Before the day in the books.
    business_day = "Business day";
    /// Before when and by whom the shift was opened.
    opened = "Opened";
    /// Before when and by whom it was closed.
    closed = "Closed";
    /// Before the moment of an X report.
    as_of = "As of";
    /// Before the first and last receipt.
    receipts = "Receipts";
    /// Tickets of nothing or more.
    sales = "Sales";
    /// Tickets of less than nothing.
    refunds = "Refunds";
    /// What all tickets came to.
    takings = "Takings";
    /// Tips of a shift.
    tips = "Tips";
    /// Deposits of a shift, less those given back.
    deposits = "Deposits";
    /// Payments of customers on their accounts.
    account_payments = "Paid on accounts";
    /// Takings, tips, deposits and payments on accounts.
    to_account_for = "To account for";
    /// Over the ways of paying, and before their sum.
    payments = "Payments";
    /// What reductions took off.
    discounts = "Discounts given";
    /// Baskets that were given up.
    voids = "Baskets voided";
    /// The drawer was opened without a sale.
    no_sales = "Opened without a sale";
    /// Over the cash of a currency.
    drawer = "Drawer";
    /// The change that the shift began with.
    float = "Float";
    /// Cash of another currency from customers.
    cash_from_customers = "From customers";
    /// What was handed back, in the shop's currency, for cash of another one.
    change_for_foreign_cash = "Change for foreign cash";
    /// Cash put in.
    pay_in = "Paid in";
    /// Cash taken out.
    pay_out = "Paid out";
    /// Cash taken to the safe.
    safe_drop = "To the safe";
    /// What the drawer should hold.
    expected = "Expected";
    /// What was found.
    counted = "Counted";
    /// More was found.
    over = "Over";
    /// Less was found.
    short = "Short";
    /// Neither more nor less.
    exact = "Over or short";
    /// What expected cash of another currency is worth in the shop's.
    worth = "Worth";
    /// The takings of all shifts.
    grand_total = "Grand total";
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn words_that_a_shop_has_not_set_are_english() -> Result<(), serde_json::Error> {
        let words: Words = serde_json::from_str(r#"{"language":"de","total":"Summe"}"#)?;
        let summe = Words { language: "de".to_owned(), total: "Summe".to_owned(), ..words.clone() };
        assert_eq!(words, summe);
        assert_eq!((words.change.as_str(), words.tip.as_str()), ("Change", "Tip"));
        Ok(())
    }
}
