//! A sale of each kind.

use countertop_domain::money::{Currency, Money};
use countertop_domain::sale::Sale;
use countertop_domain::tender::{Offer, TenderKind};

use super::till::{Till, Tried, customer, eur, id, percent};
use countertop_domain::discount::Reduction;

/// Promotion, coupon, line discount, price book and a discount on everything.
pub(crate) fn promotions() -> Tried<Sale> {
    let mut till = Till::new(1050);
    let mut anna = customer("Anna Berg");
    anna.groups = vec!["member".to_owned()];
    till.is_for(anna)?;
    till.sell("Green tea", "food", "Tea", 395, 3)?;
    till.sell("Teapot", "standard", "Pots", 4500, 1)?;
    till.sell("Cup", "standard", "Cups", 1250, 2)?;
    let bowl = till.sell("Bowl", "standard", "Bowls", 1800, 1)?;
    till.discount(Some(bowl), percent("15"), "Chipped")?;
    till.coupon("SPRING-77Q", "spring")?;
    till.discount(None, Reduction::amount(eur(500))?, "Anniversary")?;
    till.settle_by_card()?;
    till.close()
}

/// Part of [`promotions`] comes back: one of three teas, and the teapot.
pub(crate) fn refund() -> Tried<Sale> {
    let sold = promotions()?;
    let mut till = Till::in_steps(1051);
    till.take_back(&sold, sold.lines[0].id, 1000, "Wrong kind")?;
    till.take_back(&sold, sold.lines[1].id, 1000, "Lid is broken")?;
    till.pay_out(TenderKind::CardExternal, Some(&sold), None)?;
    till.close()
}

/// A cash refund with rounding, and the rest as store credit.
pub(crate) fn refund_in_cash() -> Tried<Sale> {
    let mut till = Till::in_steps(1060);
    let lamp = till.sell("Lamp", "standard", "Light", 1999, 1)?;
    till.pay(TenderKind::Cash, 2000)?;
    let sold = till.close()?;
    let mut till = Till::in_steps(1061);
    till.take_back(&sold, lamp, 1000, "")?;
    till.pay_out(TenderKind::Cash, Some(&sold), None)?;
    till.close()
}

/// A teapot comes back and a dearer one goes, with a discount on it.
pub(crate) fn exchange() -> Tried<Sale> {
    let sold = promotions()?;
    let mut till = Till::new(1052);
    till.sell("Iron teapot", "standard", "Iron", 6900, 1)?;
    till.sell("Oat milk 1 l", "food", "Milk", 235, 2)?;
    till.discount(None, percent("10"), "Loyal customer")?;
    till.take_back(&sold, sold.lines[1].id, 1000, "Too small")?;
    till.settle_by_card()?;
    till.close()
}

/// Goods worth less than what came back, the rest as store credit.
pub(crate) fn exchange_below_nothing() -> Tried<Sale> {
    let sold = promotions()?;
    let mut till = Till::new(1053);
    till.sell("Oat milk 1 l", "food", "Milk", 235, 2)?;
    till.take_back(&sold, sold.lines[1].id, 1000, "")?;
    till.pay_out(TenderKind::StoreCredit, None, Some("SC-4F7K-22Q9"))?;
    till.close()
}

/// A gift card, a card and cash in steps of five cents.
pub(crate) fn split() -> Tried<Sale> {
    let mut till = Till::in_steps(1054);
    till.sell("Oat milk 1 l", "food", "Milk", 235, 2)?;
    till.weigh("Comté, 18 months", "food", 3998, 642)?;
    till.pay_with(TenderKind::GiftCard, 1000, "GC-9931-0458")?;
    till.pay(TenderKind::CardExternal, 1000)?;
    till.pay(TenderKind::Cash, 2000)?;
    till.close()
}

pub(crate) fn foreign_cash() -> Tried<Sale> {
    let mut till = Till::new(1055);
    till.sell("Teapot", "standard", "Iron", 4500, 1)?;
    till.pay_foreign(Money::new(6000, Currency::parse("USD")?)?, "0.9215")?;
    till.close()
}

/// Two taxes on top, the second on the first.
pub(crate) fn compound() -> Tried<Sale> {
    let mut till = Till::new(1056);
    till.sell("Maple syrup", "compound", "Food", 1299, 2)?;
    till.sell("Newspaper", "exempt", "Press", 350, 1)?;
    till.settle_by_card()?;
    till.close()
}

/// The same taxes, rounded once for all lines.
pub(crate) fn by_document() -> Tried<Sale> {
    let mut till = Till::by_document(1057);
    for name in ["Pen", "Pencil", "Rubber"] {
        till.sell(name, "top", "Paper", 109, 1)?;
    }
    till.sell("Ink", "standard", "Ink", 333, 1)?;
    till.sell("Paper", "standard", "Ink", 333, 1)?;
    till.settle_by_card()?;
    till.close()
}

/// A fee for each bottle on top of VAT, and one inside a price.
pub(crate) fn fixed_tax() -> Tried<Sale> {
    let mut till = Till::new(1058);
    till.sell("Lemonade", "bottle", "Drinks", 240, 6)?;
    till.sell("Batteries", "eco", "Power", 599, 2)?;
    till.sell("Advice", "held back", "Services", 2000, 1)?;
    till.settle_by_card()?;
    till.close()
}

/// A customer who pays no tax, by law.
pub(crate) fn exempt() -> Tried<Sale> {
    let mut till = Till::new(1059);
    let mut embassy = customer("Embassy of Elbonia");
    embassy.tax_exempt = true;
    embassy.tax_id = Some("EB 40-1177".to_owned());
    till.is_for(embassy)?;
    till.sell("Teapot", "standard", "Iron", 4500, 1)?;
    till.sell("Oat milk 1 l", "food", "Milk", 235, 2)?;
    let account: String = id::<countertop_domain::ids::CustomerId>(700).to_string();
    let due = till.due()?.minor();
    till.pay_with(TenderKind::OnAccount, due, &account)?;
    till.close()
}

pub(crate) fn tip() -> Tried<Sale> {
    let mut till = Till::in_steps(1062);
    till.at_position("away")?;
    till.sell("Lunch", "standard", "Menu", 1290, 2)?;
    till.basket.set_tip(Some(eur(258)))?;
    till.pay(TenderKind::Cash, 5000)?;
    till.close()
}

/// The last payment of an order.
pub(crate) fn deposit() -> Tried<Sale> {
    let mut till = Till::new(1063);
    till.is_for(customer("Anna Berg"))?;
    till.basket.order = Some(id(900));
    till.sell("Wardrobe", "standard", "Wood", 49_900, 1)?;
    till.pay_with(
        TenderKind::Deposit,
        10_000,
        &id::<countertop_domain::ids::HeldOrderId>(900).to_string(),
    )?;
    let paper = Offer {
        name: Some("Town voucher".to_owned()),
        ..Offer::new(id(901), TenderKind::Custom, eur(2000))
    };
    till.offer(paper)?;
    till.pay_with(TenderKind::BankTransfer, 37_900, "CT-20A4")?;
    till.close()
}

/// A gift card is sold beside a thing.
pub(crate) fn gift_card() -> Tried<Sale> {
    let mut till = Till::new(1064);
    till.sell_card("GC-7781-9020", 5000)?;
    till.sell("Ribbon", "standard", "Paper", 150, 3)?;
    till.settle_by_card()?;
    till.close()
}

/// Every one of them by the name of its golden file.
pub(crate) fn all() -> Tried<Vec<(&'static str, Sale)>> {
    Ok(vec![
        ("promotions", promotions()?),
        ("refund", refund()?),
        ("refund-cash", refund_in_cash()?),
        ("exchange", exchange()?),
        ("exchange-refund", exchange_below_nothing()?),
        ("split", split()?),
        ("foreign-cash", foreign_cash()?),
        ("compound", compound()?),
        ("by-document", by_document()?),
        ("fixed-tax", fixed_tax()?),
        ("exempt", exempt()?),
        ("tip", tip()?),
        ("deposit", deposit()?),
        ("gift-card", gift_card()?),
    ])
}
