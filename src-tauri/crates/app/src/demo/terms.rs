//! How the demo shop takes money, and what it offers.

use countertop_domain::discount::Reduction;
use countertop_domain::money::Currency;
use countertop_domain::price_book::{PriceBook, PriceRule, RulePrice, Selector};
use countertop_domain::promotion::{PriceRules, Promotion, PromotionRule, Stacking};
use countertop_domain::quantity::Quantity;
use countertop_domain::tax::{FiscalPosition, Keeps, Percent, TaxClass};
use countertop_domain::tender::TenderKind;
use rust_decimal::Decimal;

use crate::shop::{Bank, ForeignRate, MoneyRules, Wallet};
use crate::wire::{IssueCoupon, SaveCustomer};

/// Every way to pay, a neighbour's currency, and accounts that exist in examples only.
pub fn money() -> MoneyRules {
    use TenderKind::{
        BankTransfer, CardExternal, Cash, ForeignCash, GiftCard, OnAccount, StoreCredit, Voucher,
        Wallet as ByWallet,
    };
    let pounds = Currency::parse("GBP")
        .ok()
        .map(|currency| ForeignRate { currency, rate: Decimal::new(114, 2) });
    MoneyRules {
        tenders: vec![
            Cash,
            CardExternal,
            GiftCard,
            StoreCredit,
            OnAccount,
            Voucher,
            BankTransfer,
            ByWallet,
            ForeignCash,
        ],
        custom: vec!["Meal ticket".to_owned()],
        foreign: pounds.into_iter().collect(),
        tip_percents: [5, 10].into_iter().filter_map(percent).collect(),
        cashier_discount_limit: percent(20),
        bank: Some(Bank {
            name: super::SHOP.to_owned(),
            iban: "IE29AIBK93115212345678".to_owned(),
            bic: None,
        }),
        wallet: Some(Wallet {
            name: "Wallet".to_owned(),
            scheme: "com.example.pay".to_owned(),
            account: "DEMO-0001".to_owned(),
            category: "5411".to_owned(),
            country: "IE".to_owned(),
            city: "Cork".to_owned(),
        }),
        ..MoneyRules::default()
    }
}

/// For goods that leave the Union: no tax, and the customer keeps the difference.
pub fn positions() -> Vec<FiscalPosition> {
    vec![FiscalPosition {
        id: "export".to_owned(),
        name: "Export".to_owned(),
        swaps: [].into(),
        others: Some(TaxClass::exempt()),
        keeps: Keeps::Net,
    }]
}

/// A price for members, one offer for everyone, and a coupon.
pub fn price_rules() -> PriceRules {
    let members = PriceBook {
        id: "members".to_owned(),
        name: "Members' price".to_owned(),
        groups: vec!["member".to_owned()],
        channels: Vec::new(),
        from: None,
        until: None,
        priority: 0,
        prices: percent(5)
            .map(|off| PriceRule {
                of: Selector::All,
                min_quantity: Quantity::from_thousandths(1),
                price: RulePrice::PercentOff(off),
            })
            .into_iter()
            .collect(),
    };
    let bakery = promotion(
        "bakery-5-for-4",
        "Bakery: 5 for 4",
        PromotionRule::XForY {
            of: Selector::Categories(vec!["Bakery".to_owned()]),
            take: 5,
            pay: 4,
        },
    );
    let welcome = percent(10).and_then(|off| Reduction::percent(off).ok()).map(|off| {
        let over = countertop_domain::money::Money::zero(Currency::EUR);
        Promotion {
            needs_coupon: true,
            stacks: true,
            ..promotion("welcome", "Welcome", PromotionRule::Spend { of: Selector::All, over, off })
        }
    });
    let promotions = [Some(bakery), welcome].into_iter().flatten().collect();
    PriceRules::new(vec![members], promotions, Stacking::BestForCustomer).unwrap_or_default()
}

/// A member, a café with an account, and a body that pays no tax.
pub fn customers() -> Vec<SaveCustomer> {
    let someone = |name: &str, email: &str| SaveCustomer {
        id: None,
        name: name.to_owned(),
        email: email.to_owned(),
        phone: String::new(),
        groups: Vec::new(),
        tax_exempt: false,
        tax_id: None,
        position: None,
        account_limit: None,
    };
    vec![
        SaveCustomer {
            groups: vec!["member".to_owned()],
            ..someone("Aoife Byrne", "aoife@example.com")
        },
        SaveCustomer {
            account_limit: Some(50_000),
            tax_id: Some("IE0000000AA".to_owned()),
            ..someone("Lighthouse Café", "orders@example.com")
        },
        SaveCustomer { tax_exempt: true, ..someone("Harbour Lifeboats", "crew@example.com") },
    ]
}

/// What opens the welcome.
pub fn coupon() -> IssueCoupon {
    IssueCoupon {
        code: "WELCOME10".to_owned(),
        promotion: "welcome".to_owned(),
        limit: None,
        expires: None,
    }
}

fn promotion(id: &str, name: &str, rule: PromotionRule) -> Promotion {
    Promotion {
        id: id.to_owned(),
        name: name.to_owned(),
        priority: 0,
        stacks: false,
        groups: Vec::new(),
        channels: Vec::new(),
        from: None,
        until: None,
        weekdays: Vec::new(),
        hours: None,
        needs_coupon: false,
        rule,
        except: None,
    }
}

fn percent(whole: i64) -> Option<Percent> {
    Percent::new(whole.into()).ok()
}
