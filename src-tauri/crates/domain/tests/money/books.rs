//! The books: every fact about money balances, and the accounts say what the shift says.

use countertop_domain::credit::{AccountPayment, CreditIssued, CreditKind};
use countertop_domain::ids::{CashMoveId, CustomerId, LineId, ShiftId};
use countertop_domain::money::{Currency, Money};
use countertop_domain::order::{DepositTaken, OrderCancelled};
use countertop_domain::posting::{self, Account, Posting};
use countertop_domain::sale::Sale;
use countertop_domain::shift::{
    CashMove, CashMoveKind, Count, DrawerCash, ShiftClose, ShiftOpen, ShiftTotals,
};
use countertop_domain::tender::{Offer, PayOut, Tender, TenderKind, pay_out, take};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::orders;
use crate::shop::{
    Outcome, SHIFT, Shop, Wanted, actor, any_wanted, at, cases, currency, day, eur, id, money, uuid,
};

/// One fact about money.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    Opened(ShiftOpen),
    Sold(Box<Sale>),
    Moved(CashMove),
    OnAccount(AccountPayment),
    Deposit(DepositTaken),
    Cancelled(OrderCancelled),
    Voided,
}

impl Fact {
    pub(crate) fn postings(&self) -> Vec<Posting> {
        match self {
            Self::Opened(open) => posting::of_shift_open(open),
            Self::Sold(sale) => posting::of_sale(sale),
            Self::Moved(cash_move) => posting::of_cash_move(cash_move),
            Self::OnAccount(payment) => posting::of_account_payment(payment),
            Self::Deposit(deposit) => posting::of_deposit(deposit),
            Self::Cancelled(cancelled) => posting::of_order_cancel(cancelled),
            Self::Voided => Ok(Vec::new()),
        }
        .unwrap()
    }

    pub(crate) fn add_to(&self, totals: &mut ShiftTotals) {
        match self {
            Self::Opened(open) => totals.add_open(open),
            Self::Sold(sale) => totals.add_sale(sale),
            Self::Moved(cash_move) => totals.add_move(cash_move),
            Self::OnAccount(payment) => totals.add_account_payment(payment),
            Self::Deposit(deposit) => totals.add_deposit(deposit),
            Self::Cancelled(cancelled) => totals.add_cancel(cancelled),
            Self::Voided => {
                totals.add_void();
                Ok(())
            }
        }
        .unwrap();
    }

    pub(crate) fn tenders(&self) -> Vec<Tender> {
        match self {
            Self::Sold(sale) => sale.tenders.clone(),
            Self::OnAccount(payment) => vec![payment.tender.clone()],
            Self::Deposit(deposit) => vec![deposit.tender.clone()],
            Self::Cancelled(cancelled) => cancelled.refunds.clone(),
            Self::Opened(_) | Self::Moved(_) | Self::Voided => Vec::new(),
        }
    }
}

pub(crate) fn balance(postings: &[Posting]) -> i64 {
    postings.iter().map(|posting| posting.amount.minor()).sum()
}

pub(crate) fn on(postings: &[Posting], account: Account) -> i64 {
    let of_it = postings.iter().filter(|posting| posting.account == account);
    of_it.map(|posting| posting.amount.minor()).sum()
}

pub(crate) fn opening(float: i64, dollars: i64) -> ShiftOpen {
    let foreign =
        DrawerCash { amount: money(dollars, currency("USD")), value: eur(dollars * 9 / 10) };
    ShiftOpen {
        shift: ShiftId::new(uuid(SHIFT)),
        business_day: day(),
        at: at(),
        actor: actor(),
        float: eur(float),
        pieces: Vec::new(),
        foreign: if dollars > 0 { vec![foreign] } else { Vec::new() },
    }
}

pub(crate) fn cash_move(kind: CashMoveKind, amount: Money, value: Option<Money>) -> CashMove {
    CashMove {
        id: CashMoveId::new(uuid(1)),
        shift: ShiftId::new(uuid(SHIFT)),
        at: at(),
        actor: actor(),
        kind,
        amount,
        value,
        reason: "because".to_owned(),
    }
}

pub(crate) fn account_payment(customer: CustomerId, minor: i64) -> AccountPayment {
    AccountPayment {
        customer,
        name: "Bea".to_owned(),
        tender: take(Offer::new(id(1), TenderKind::Cash, eur(minor)), eur(minor), None).unwrap(),
        shift: ShiftId::new(uuid(SHIFT)),
        at: at(),
        actor: actor(),
    }
}

/// How one sale of [`any_facts`] is paid.
#[derive(Clone, Copy, Debug)]
struct Way {
    kind: usize,
    percent: i64,
    over: i64,
    tip: i64,
    comes_back: bool,
}

fn shop() -> Shop {
    Shop::new(Currency::EUR).rounding_cash(5)
}

fn offer(kind: TenderKind, number: u128, minor: i64) -> Offer {
    Offer {
        reference: kind.needs_reference().then(|| "R-1".to_owned()),
        name: (kind == TenderKind::Custom).then(|| "Meal card".to_owned()),
        ..Offer::new(id(number), kind, eur(minor))
    }
}

/// A sale paid with some of one kind, then some dollars, then cash; and its whole refund if it
/// comes back.
fn sell(number: u128, wanted: &[Wanted], way: Way) -> Vec<Fact> {
    let shop = shop();
    let mut basket = shop.basket(number, wanted, None);
    basket.set_tip(Some(eur(way.tip))).unwrap();
    let kind = TenderKind::ALL[way.kind % TenderKind::ALL.len()];
    let share = shop.due(&basket).minor() * way.percent / 100;
    if share > 0 && !matches!(kind, TenderKind::Cash | TenderKind::ForeignCash) {
        let offer = offer(kind, number << 8, share);
        let mut tender = take(offer, shop.due(&basket), shop.cash).unwrap();
        tender.state = countertop_domain::tender::TenderState::Taken;
        basket.add_tender(tender, at());
    }
    if kind == TenderKind::ForeignCash && shop.due(&basket).minor() > 0 {
        let dollars = money(100 + way.over * 37, currency("USD"));
        let rate = Some(Decimal::new(9_215, 4));
        let offer = Offer { rate, ..Offer::new(id((number << 8) + 1), kind, dollars) };
        shop.pay(&mut basket, offer);
    }
    if shop.due(&basket).minor() > 0 {
        let asked =
            countertop_domain::cash_rounding::asked(shop.due(&basket), shop.cash).unwrap().minor();
        shop.pay(&mut basket, offer(TenderKind::Cash, (number << 8) + 2, asked + way.over * 5));
    }
    let sequence = i64::try_from(number).unwrap();
    let sale = shop.close(&basket, sequence);
    if !way.comes_back {
        return vec![Fact::Sold(Box::new(sale))];
    }
    let mut back = countertop_domain::basket::Basket::new(countertop_domain::ids::BasketId::new(
        uuid(number << 65),
    ));
    for (line, index) in sale.lines.iter().zip(0_u128..) {
        let new = LineId::new(uuid((number << 65) + index));
        let one = countertop_domain::returns::give_back(
            &sale,
            &[],
            back.returns(),
            line.id,
            line.quantity,
            new,
            "",
        )
        .unwrap();
        back.apply(countertop_domain::basket::Change::AddReturn(Box::new(one))).unwrap();
    }
    let due = shop.due(&back);
    if due.is_negative() {
        let asked = countertop_domain::cash_rounding::asked(due.negated(), shop.cash).unwrap();
        let out = PayOut::new(id((number << 8) + 3), TenderKind::Cash, asked);
        back.add_tender(pay_out(out, due, shop.cash).unwrap(), at());
    }
    let refund = shop.close(&back, sequence + 1_000);
    vec![Fact::Sold(Box::new(sale)), Fact::Sold(Box::new(refund))]
}

fn any_sale() -> impl Strategy<Value = (Vec<Wanted>, Way)> {
    let tip = prop_oneof![3 => Just(0_i64), 1 => 1_i64..500];
    let way = (0_usize..11, 0_i64..=100, 0_i64..200, tip, any::<bool>()).prop_map(
        |(kind, percent, over, tip, comes_back)| Way { kind, percent, over, tip, comes_back },
    );
    (any_wanted(), way)
}

fn any_move() -> impl Strategy<Value = Fact> {
    (prop::sample::select(CashMoveKind::ALL.to_vec()), 1_i64..50_000, any::<bool>()).prop_map(
        |(kind, minor, foreign)| {
            let minor = if kind == CashMoveKind::NoSale { 0 } else { minor };
            let (amount, value) = if foreign {
                (money(minor, currency("USD")), Some(eur(minor * 9 / 10)))
            } else {
                (eur(minor), None)
            };
            Fact::Moved(cash_move(kind, amount, value))
        },
    )
}

fn any_other() -> impl Strategy<Value = Vec<Fact>> {
    prop_oneof![
        any_move().prop_map(|fact| vec![fact]),
        (1_i64..90_000).prop_map(|minor| {
            vec![Fact::OnAccount(account_payment(CustomerId::new(uuid(3)), minor))]
        }),
        (1_i64..10_000, 0_i64..=100, any::<bool>()).prop_map(|(minor, kept, cash)| {
            let kind = if cash { TenderKind::Cash } else { TenderKind::CardExternal };
            let paid = take(Offer::new(id(1), kind, eur(minor)), eur(minor), None).unwrap();
            let kept = minor * kept / 100;
            let back = minor - kept;
            let refunds = if back == 0 {
                Vec::new()
            } else {
                let wish = PayOut::new(id(2), kind, eur(back));
                vec![pay_out(wish, eur(-back), None).unwrap()]
            };
            vec![
                Fact::Deposit(orders::deposit(paid)),
                Fact::Cancelled(orders::cancelled(refunds, kept)),
            ]
        }),
        Just(vec![Fact::Voided]),
    ]
}

/// A shift at random: opened, then sales, refunds and everything else that moves money.
pub(crate) fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    (
        (0_i64..50_000, 0_i64..10_000),
        prop::collection::vec(any_sale(), 0..5),
        prop::collection::vec(any_other(), 0..6),
    )
        .prop_map(|((float, dollars), sales, others)| {
            let mut facts = vec![Fact::Opened(opening(float, dollars))];
            for ((wanted, way), number) in sales.into_iter().zip(1_u128..) {
                facts.extend(sell(number, &wanted, way));
            }
            facts.extend(others.into_iter().flatten());
            facts
        })
}

pub(crate) fn closing(totals: ShiftTotals, over: i64, foreign_over: i64) -> ShiftClose {
    let counts = totals
        .drawer
        .iter()
        .enumerate()
        .map(|(index, cash)| {
            let over = if index == 0 { over } else { foreign_over };
            Count {
                currency: cash.amount.currency(),
                expected: cash.amount,
                counted: cash.amount.plus(money(over, cash.amount.currency())).unwrap(),
                pieces: Vec::new(),
                value: (index > 0).then_some(cash.value),
            }
        })
        .collect();
    ShiftClose {
        shift: ShiftId::new(uuid(SHIFT)),
        z_number: 1,
        series: "T1".to_owned(),
        at: at(),
        actor: actor(),
        counts,
        grand_total: totals.takings,
        totals,
    }
}

proptest! {
    // A case is up to ten sales.
    #![proptest_config(cases())]

    #[test]
    fn every_fact_balances_and_the_drawer_is_empty_after_the_close(
        facts in any_facts(),
        over in -500_i64..500,
        foreign_over in -500_i64..500,
    ) {
        let mut totals = ShiftTotals::new(Currency::EUR);
        let mut books: Vec<Posting> = Vec::new();
        for fact in &facts {
            let postings = fact.postings();
            prop_assert_eq!(balance(&postings), 0, "{:?}", fact);
            prop_assert!(postings.iter().all(|one| !one.amount.is_zero()));
            prop_assert!(postings.iter().all(|one| one.amount.currency() == Currency::EUR));
            books.extend(postings);
            fact.add_to(&mut totals);
        }
        // The accounts and the totals were made apart, and say the same.
        prop_assert_eq!(on(&books, Account::Drawer), totals.drawer[0].amount.minor());
        let foreign = totals.drawer.get(1).map_or(0, |cash| cash.value.minor());
        prop_assert_eq!(on(&books, Account::DrawerForeign), foreign);
        prop_assert_eq!(on(&books, Account::Tax), -totals.tax.minor());
        let earned = on(&books, Account::Revenue) + on(&books, Account::Fees);
        prop_assert_eq!(earned, -totals.net.minor());
        prop_assert_eq!(on(&books, Account::Tips), -totals.tip.minor());
        prop_assert_eq!(on(&books, Account::CashRounding), -totals.cash_rounding.minor());

        let close = closing(totals, over, foreign_over);
        let postings = posting::of_shift_close(&close).unwrap();
        prop_assert_eq!(balance(&postings), 0, "{:?}", close);
        books.extend(postings);
        prop_assert_eq!(on(&books, Account::Drawer), 0);
        prop_assert_eq!(on(&books, Account::DrawerForeign), 0);
    }

    #[test]
    fn credit_by_hand_balances(minor in 1_i64..1_000_000, kind in 0_usize..3) {
        let kind = [CreditKind::GiftCard, CreditKind::StoreCredit, CreditKind::Account][kind];
        let issued = CreditIssued {
id: None,
            kind,
            code: "G-1".to_owned(),
            amount: eur(minor),
            reason: "goodwill".to_owned(),
            at: at(),
            actor: actor(),
        };
        let postings = posting::of_credit_issued(&issued)?;
        prop_assert_eq!(balance(&postings), 0);
        prop_assert_eq!(on(&postings, Account::Goodwill), minor);
    }
}

#[test]
fn every_account_reads_back_by_its_name() {
    for account in Account::ALL {
        assert_eq!(Account::parse(account.name()), Some(account));
        let written = serde_json::to_string(&account).unwrap();
        assert_eq!(written, format!("\"{}\"", account.name()));
    }
}

#[test]
fn a_sale_paid_five_ways_is_booked_on_five_accounts() -> Outcome {
    let shop = shop();
    let mut basket = shop.basket(1, &[Wanted::pieces(0, 10_003, 1)], None);
    basket.set_tip(Some(eur(200)))?;
    shop.pay(&mut basket, offer(TenderKind::GiftCard, 1, 1_000));
    shop.pay(&mut basket, offer(TenderKind::OnAccount, 2, 2_000));
    shop.pay(&mut basket, offer(TenderKind::CardExternal, 3, 3_000));
    let rate = Some("0.9215".parse()?);
    let dollars = money(1_000, currency("USD"));
    shop.pay(&mut basket, Offer { rate, ..Offer::new(id(4), TenderKind::ForeignCash, dollars) });
    let asked = countertop_domain::cash_rounding::asked(shop.due(&basket), shop.cash)?;
    shop.pay(&mut basket, Offer::new(id(5), TenderKind::Cash, asked.plus(eur(500))?));
    let sale = shop.close(&basket, 1);
    let postings = posting::of_sale(&sale)?;
    assert_eq!(balance(&postings), 0);
    assert_eq!(on(&postings, Account::GiftCards), 1_000);
    assert_eq!(on(&postings, Account::Receivables), 2_000);
    assert_eq!(on(&postings, Account::CardExternal), 3_000);
    assert_eq!(on(&postings, Account::DrawerForeign), 922);
    // 102.03 less 69.22 is 32.81, asked as 32.80.
    assert_eq!(on(&postings, Account::Drawer), 3_280);
    assert_eq!(on(&postings, Account::CashRounding), 1);
    assert_eq!(on(&postings, Account::Tips), -200);
    assert_eq!(on(&postings, Account::Tax), -1_667);
    assert_eq!(on(&postings, Account::Revenue), -8_336);
    Ok(())
}

#[test]
fn a_deposit_is_owed_until_the_sale_and_a_fee_is_kept() -> Outcome {
    let deposit = posting::of_deposit(&orders::deposit(orders::paid(3_000)))?;
    assert_eq!(on(&deposit, Account::Deposits), -3_000);
    let wish = PayOut::new(id(2), TenderKind::CardExternal, eur(2_500));
    let back = pay_out(wish, eur(-2_500), None)?;
    let cancelled = posting::of_order_cancel(&orders::cancelled(vec![back], 500))?;
    assert_eq!(on(&cancelled, Account::Deposits), 3_000);
    // The tax inside is not the shop's.
    assert_eq!(on(&cancelled, Account::Fees), -417);
    assert_eq!(on(&cancelled, Account::Tax), -83);
    assert_eq!(on(&cancelled, Account::CardExternal), -2_500);

    let shop = shop();
    let mut basket = shop.basket(1, &[Wanted::pieces(6, 4_000, 1)], None);
    shop.pay(&mut basket, offer(TenderKind::Deposit, 1, 3_000));
    shop.pay_cash(&mut basket, 2);
    let sale = posting::of_sale(&shop.close(&basket, 1))?;
    assert_eq!(on(&sale, Account::Deposits), 3_000);
    assert_eq!(on(&sale, Account::Drawer), 1_000);
    Ok(())
}
