//! A till for tests: baskets are priced and paid by the shop's own rules, so that a receipt is
//! tried on sales as they are.

use std::error::Error;

use countertop_domain::basket::{Basket, Change, Coupon};
use countertop_domain::cash_rounding::CashRounding;
use countertop_domain::customer::CustomerRef;
use countertop_domain::discount::{Discount, Reduction};
use countertop_domain::ids::LineId;
use countertop_domain::item::Sellable;
use countertop_domain::money::{Currency, Money};
use countertop_domain::pricing::{PricingContext, due, settle};
use countertop_domain::promotion::PriceRules;
use countertop_domain::quantity::{Quantity, Unit};
use countertop_domain::returns::{give_back, tender_shares};
use countertop_domain::rounding::{RoundingScope, TaxRounding};
use countertop_domain::sale::{ReceiptNumber, Sale, SaleFacts};
use countertop_domain::staff::{Actor, Role};
use countertop_domain::tax::{TaxClass, TaxTable};
use countertop_domain::tender::{Offer, PayOut, TenderKind, most_to_pay_out, pay_out, take};
use countertop_domain::time::Timestamp;
use serde_json::{Value, from_value, json};

pub(crate) type Tried<T> = Result<T, Box<dyn Error>>;

/// An id that is the same in every run.
pub(crate) fn id<T: std::str::FromStr>(number: u64) -> T {
    let text = format!("019ab000-0000-7000-8000-{number:012}");
    text.parse().unwrap_or_else(|_| panic!("{text} is no id"))
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR).unwrap()
}

pub(crate) const AT: Timestamp = Timestamp { utc_ms: 1_795_442_880_000, offset_min: 60 };

pub(crate) fn zoe() -> Actor {
    Actor { staff: id(4), name: "Zoë Łaska".to_owned(), role: Role::Manager }
}

/// Inside the price, on top of it, by the unit, on one another, and below nothing.
fn taxes() -> TaxTable {
    let vat = |code, rate| {
        json!({ "code": code, "name": "VAT", "kind": "percent", "rate": rate,
        "mode": "inclusive" })
    };
    let on_top = |code, name, rate, affects| {
        json!({ "code": code, "name": name,
        "kind": "percent", "rate": rate, "mode": "exclusive", "affects_base": affects })
    };
    let euro = |minor| json!({ "minor": minor, "currency": "EUR" });
    from_value(json!({
        "classes": {
            "standard": [vat("vat-20", "20")],
            "food": [vat("vat-5.5", "5.5")],
            "exempt": [],
            "top": [on_top("state", "Sales tax", "8.25", false)],
            "compound": [on_top("gst", "GST", "5", true), on_top("qst", "QST", "9.975", false)],
            "bottle": [
                { "code": "bottle", "name": "Bottle fee", "kind": "fixed", "amount": euro(25),
                  "mode": "exclusive" },
                vat("vat-20", "20"),
            ],
            "eco": [
                { "code": "eco", "name": "Eco tax", "kind": "fixed", "amount": euro(10),
                  "mode": "inclusive", "affects_base": true },
                vat("vat-20", "20"),
            ],
            "held back": [
                vat("vat-20", "20"),
                { "code": "held", "name": "Withheld", "kind": "percent", "rate": "-5",
                  "mode": "exclusive" },
            ],
        },
        "positions": [
            { "id": "away", "name": "Take away", "swaps": { "standard": "food" },
              "keeps": "label" },
            { "id": "export", "name": "Export", "others": "exempt", "keeps": "net" },
        ],
    }))
    .unwrap()
}

/// Three for two on tea, a menu, a coupon, and a price book for members.
fn rules() -> PriceRules {
    let of = |category: &str| json!({ "by": "categories", "of": [category] });
    let promotion = |id: &str, name: &str, coupon: bool, rule: Value| {
        let stacks = true;
        json!({ "id": id, "name": name, "stacks": stacks, "needs_coupon": coupon, "rule": rule })
    };
    from_value(json!({
        "promotions": [
            promotion("tea", "Tea: 3 for 2", false,
                json!({ "by": "x_for_y", "of": of("Tea"), "take": 3, "pay": 2 })),
            promotion("spring", "Spring", true,
                json!({ "by": "percent_off", "of": of("Pots"), "percent": "10" })),
        ],
        "books": [{
            "id": "members", "name": "Members", "groups": ["member"],
            "prices": [{ "of": of("Cups"), "min_quantity": 1,
                "price": { "by": "percent_off", "value": "20" } }],
        }],
    }))
    .unwrap()
}

pub(crate) fn percent(percent: &str) -> Reduction {
    Reduction::percent(from_value(json!(percent)).unwrap()).unwrap()
}

pub(crate) fn customer(name: &str) -> CustomerRef {
    CustomerRef {
        id: id(700),
        name: name.to_owned(),
        groups: Vec::new(),
        tax_exempt: false,
        tax_id: None,
        position: None,
    }
}

/// One basket on its way to a sale.
pub(crate) struct Till {
    pub(crate) basket: Basket,
    pub(crate) rounding: TaxRounding,
    pub(crate) cash: Option<CashRounding>,
    taxes: TaxTable,
    rules: PriceRules,
    receipt: i64,
    next: u64,
}

impl Till {
    /// The basket that becomes receipt `T1-<receipt>`.
    pub(crate) fn new(receipt: u32) -> Self {
        Self {
            basket: Basket::new(id(u64::from(receipt))),
            rounding: TaxRounding::default(),
            cash: None,
            taxes: taxes(),
            rules: rules(),
            receipt: i64::from(receipt),
            next: u64::from(receipt) * 1000,
        }
    }

    /// Cash in steps of five cents.
    pub(crate) fn in_steps(receipt: u32) -> Self {
        Self { cash: CashRounding::new(eur(5)).ok(), ..Self::new(receipt) }
    }

    pub(crate) fn by_document(receipt: u32) -> Self {
        let rounding = TaxRounding { scope: RoundingScope::Document, ..TaxRounding::default() };
        Self { rounding, ..Self::new(receipt) }
    }

    fn next<T: std::str::FromStr>(&mut self) -> T {
        self.next += 1;
        id(self.next)
    }

    fn sellable(&mut self, name: &str, class: &str, category: &str, price: i64) -> Sellable {
        Sellable {
            item: self.next(),
            variant: self.next(),
            name: name.to_owned(),
            sku: None,
            category: Some(category.to_owned()),
            unit: Unit::Piece,
            price: Some(eur(price)),
            tax_class: TaxClass::new(class),
            tracks_stock: true,
            unit_cost: None,
        }
    }

    /// Puts so many pieces of an item into the basket, at a price in cents.
    pub(crate) fn sell(
        &mut self,
        name: &str,
        class: &str,
        category: &str,
        price: i64,
        count: i32,
    ) -> Tried<LineId> {
        let sellable = self.sellable(name, class, category, price);
        let (line, quantity) = (self.next(), Quantity::pieces(count));
        self.basket.apply(Change::Add { line, sellable, quantity, price: None })?;
        Ok(line)
    }

    pub(crate) fn weigh(
        &mut self,
        name: &str,
        class: &str,
        price: i64,
        grams: i64,
    ) -> Tried<LineId> {
        let sellable =
            Sellable { unit: Unit::Kilogram, ..self.sellable(name, class, "Scales", price) };
        let (line, quantity) = (self.next(), Quantity::from_thousandths(grams));
        self.basket.apply(Change::Add { line, sellable, quantity, price: None })?;
        Ok(line)
    }

    pub(crate) fn sell_card(&mut self, code: &str, value: i64) -> Tried<LineId> {
        let sellable = self.sellable("Gift card", "exempt", "Cards", value);
        let (line, code) = (self.next(), code.to_owned());
        self.basket.apply(Change::AddGiftCard { line, sellable, code, amount: eur(value) })?;
        Ok(line)
    }

    pub(crate) fn discount(&mut self, line: Option<LineId>, by: Reduction, why: &str) -> Tried<()> {
        let discount = Some(Discount { reduction: by, reason: why.to_owned() });
        self.basket.apply(match line {
            Some(line) => Change::SetDiscount(line, discount),
            None => Change::SetBasketDiscount(discount),
        })?;
        Ok(())
    }

    pub(crate) fn coupon(&mut self, code: &str, promotion: &str) -> Tried<()> {
        let coupon = Coupon { code: code.to_owned(), promotion: promotion.to_owned() };
        self.basket.apply(Change::AddCoupon(coupon))?;
        Ok(())
    }

    pub(crate) fn is_for(&mut self, customer: CustomerRef) -> Tried<()> {
        self.basket.apply(Change::SetCustomer(Some(customer)))?;
        Ok(())
    }

    pub(crate) fn at_position(&mut self, id: &str) -> Tried<()> {
        self.basket.apply(Change::SetPosition(Some(id.to_owned())))?;
        Ok(())
    }

    /// Takes back so many thousandths of a sold line.
    pub(crate) fn take_back(
        &mut self,
        sale: &Sale,
        line: LineId,
        thousandths: i64,
        why: &str,
    ) -> Tried<()> {
        let quantity = Quantity::from_thousandths(thousandths);
        let new = self.next();
        let open = self.basket.returns().to_vec();
        let back = give_back(sale, &[], &open, line, quantity, new, why)?;
        self.basket.apply(Change::AddReturn(Box::new(back)))?;
        Ok(())
    }

    fn context(&self) -> PricingContext<'_> {
        PricingContext {
            currency: Currency::EUR,
            taxes: &self.taxes,
            rounding: self.rounding,
            rules: &self.rules,
            channel: "counter",
            at: AT,
        }
    }

    pub(crate) fn due(&self) -> Tried<Money> {
        Ok(due(&self.basket, &settle(&self.basket, &self.context())?)?)
    }

    /// Takes a payment.
    pub(crate) fn pay(&mut self, kind: TenderKind, minor: i64) -> Tried<()> {
        let offer = Offer::new(self.next(), kind, eur(minor));
        self.offer(offer)
    }

    pub(crate) fn pay_with(&mut self, kind: TenderKind, minor: i64, code: &str) -> Tried<()> {
        let reference = Some(code.to_owned());
        let offer = Offer { reference, ..Offer::new(self.next(), kind, eur(minor)) };
        self.offer(offer)
    }

    pub(crate) fn pay_foreign(&mut self, foreign: Money, rate: &str) -> Tried<()> {
        let rate = Some(from_value(json!(rate))?);
        let offer = Offer { rate, ..Offer::new(self.next(), TenderKind::ForeignCash, foreign) };
        self.offer(offer)
    }

    pub(crate) fn offer(&mut self, offer: Offer) -> Tried<()> {
        let tender = take(offer, self.due()?, self.cash)?;
        let id = tender.id;
        self.basket.add_tender(tender, AT);
        self.basket.confirm_tender(id);
        Ok(())
    }

    /// Pays out as much as goes that way, back to the sale's first payment or to a new credit.
    pub(crate) fn pay_out(
        &mut self,
        kind: TenderKind,
        back_to: Option<&Sale>,
        code: Option<&str>,
    ) -> Tried<()> {
        let due = self.due()?;
        let shares = back_to.map(|sale| tender_shares(sale, &[], &[])).transpose()?;
        let original = shares.as_ref().and_then(|shares| shares.first());
        let most = most_to_pay_out(kind, due, original, self.cash)?;
        let mut wish = PayOut::new(self.next(), kind, most);
        if let Some(original) = original {
            wish = wish.back_to(original);
        }
        wish.reference = code.map(str::to_owned);
        let tender = pay_out(wish, due, self.cash)?;
        self.basket.add_tender(tender, AT);
        Ok(())
    }

    /// Pays what is left by card, or pays it out so.
    pub(crate) fn settle_by_card(&mut self) -> Tried<()> {
        let due = self.due()?;
        match due.minor() {
            0 => Ok(()),
            1.. => self.pay(TenderKind::CardExternal, due.minor()),
            _ => self.pay_out(TenderKind::CardExternal, None, None),
        }
    }

    pub(crate) fn close(self) -> Tried<Sale> {
        let settled = settle(&self.basket, &self.context())?;
        let facts = SaleFacts {
            register: id(2),
            receipt: ReceiptNumber { series: "T1".to_owned(), sequence: self.receipt },
            shift: id(3),
            business_day: AT.local_day(),
            at: AT,
            actor: zoe(),
            rounding: self.rounding,
        };
        Ok(Sale::close(&self.basket, settled, facts)?)
    }
}
