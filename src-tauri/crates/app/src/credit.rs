//! Gift cards, store credit and accounts: what is on them, giving them out, and never more than
//! there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use countertop_domain::basket::{Basket, Change};
use countertop_domain::credit::{
    self, CreditError, CreditIssued, CreditKind, CreditMove, CreditRedeemed,
};
use countertop_domain::ids::{CreditIssueId, CustomerId, ItemId, LineId, RedemptionId, VariantId};
use countertop_domain::item::Sellable;
use countertop_domain::journal::Entry;
use countertop_domain::money::Money;
use countertop_domain::quantity::Unit;
use countertop_domain::sale::Sale;
use countertop_domain::staff::Right;
use countertop_domain::tax::TaxClass;
use countertop_domain::tender::Tender;
use countertop_store::Snapshot;
use uuid::Uuid;

use crate::app::require;
use crate::app::{App, Caller};
use crate::checkout::change_basket;
use crate::credit_code;
use crate::credit_slip::{self, Given};
use crate::error::AppError;
use crate::wire::{
    AddGiftCard, Added, CreditMoveView, CreditOf, CreditRequest, CreditView, IssueCredit,
};

/// The item that every gift card is sold as; it is in no catalogue.
const CARD_ITEM: ItemId = ItemId::new(Uuid::from_u128(0x6769_6674_2063_8172_8400_0000_0000_0001));
/// Its only variant.
const CARD: VariantId = VariantId::new(Uuid::from_u128(0x6769_6674_2063_8172_8400_0000_0000_0002));
/// As printed.
const CARD_NAME: &str = "Gift card";

/// Credit that is to be spent away from the till, for goods that are sold there.
#[derive(Clone, Debug)]
pub struct Redeem {
    /// Of which ledger.
    pub kind: CreditOf,
    /// The code, or the customer's id.
    pub code: String,
    /// How much, in minor units; above nothing.
    pub amount: i64,
    /// For what: the number of an order, for instance.
    pub reason: String,
}

/// Characters of a code.
const MAX_CODE: usize = 64;
/// Moves that are shown.
const MAX_MOVES: u32 = 50;

/// A code as it is kept: capitals, without the blanks and hyphens that people put in to read it
/// better. A customer's id stays one.
pub(crate) fn normalise(code: &str) -> String {
    if let Ok(id) = code.trim().parse::<CustomerId>() {
        return id.to_string();
    }
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect()
}

/// A code that nobody has and nobody guesses.
pub(crate) fn new_code(app: &App) -> String {
    credit_code::make([app.ids.next(), app.ids.next(), app.ids.next()])
}

/// The code that was given, or a new one for none.
fn code_or_new(app: &App, given: &str) -> Result<String, AppError> {
    let code = normalise(given);
    if code.is_empty() {
        return Ok(new_code(app));
    }
    if code.chars().count() > MAX_CODE || !code.chars().all(|c| c.is_alphanumeric() || c == '-') {
        return Err(AppError::BadText {
            reason: format!(
                "a code has up to {MAX_CODE} letters and digits: scan it again, or leave it empty \
                 for a new one"
            ),
        });
    }
    Ok(code)
}

/// Which ledger a card or a credit is on.
pub const fn kind_of(kind: CreditOf) -> CreditKind {
    match kind {
        CreditOf::GiftCard => CreditKind::GiftCard,
        CreditOf::StoreCredit => CreditKind::StoreCredit,
    }
}

pub(crate) fn get(app: &App, _: &Caller, request: CreditRequest) -> Result<CreditView, AppError> {
    let code = normalise(&request.code);
    app.store.read(|snapshot| view(snapshot, request.kind, code))
}

/// What is on a card or a credit, and what moved it.
///
/// # Errors
/// No such code, or a right.
pub fn look_up(
    app: &App,
    caller: &Caller,
    kind: CreditOf,
    code: &str,
) -> Result<CreditView, AppError> {
    require(caller, Right::Sell)?;
    get(app, caller, CreditRequest { kind, code: code.to_owned() })
}

fn view(snapshot: &Snapshot<'_>, kind: CreditOf, code: String) -> Result<CreditView, AppError> {
    let balance = known(snapshot, kind_of(kind), &code)?;
    let moves = snapshot.credit_moves(kind_of(kind), &code, MAX_MOVES)?.into_iter();
    let moves = moves.map(|one| CreditMoveView {
        local_time: one.at.local_text(),
        receipt: one.receipt,
        reason: one.reason,
        amount: one.amount,
    });
    Ok(CreditView { kind, code, balance: balance.minor(), moves: moves.collect() })
}

/// The balance of a card, a credit or a customer; refused where there is none of it.
fn known(snapshot: &Snapshot<'_>, kind: CreditKind, code: &str) -> Result<Money, AppError> {
    if let Some(balance) = snapshot.credit_balance(kind, code)? {
        return Ok(balance);
    }
    if kind != CreditKind::GiftCard && customer(snapshot, code)?.is_some() {
        return Ok(Money::zero(snapshot.identity().currency));
    }
    Err(AppError::UnknownCredit {
        what: match kind {
            CreditKind::GiftCard => "gift card",
            CreditKind::StoreCredit => "store credit",
            CreditKind::Account => "account",
        },
        code: code.to_owned(),
        hint: if credit_code::is_mistyped(code) {
            "one of its characters is wrong, read it again"
        } else {
            "scan it, or read it again"
        },
    })
}

fn customer(
    snapshot: &Snapshot<'_>,
    code: &str,
) -> Result<Option<countertop_domain::customer::Customer>, AppError> {
    match code.parse::<CustomerId>() {
        Ok(id) => Ok(snapshot.customer(id)?),
        Err(_) => Ok(None),
    }
}

/// Gives out credit that nobody paid for. The command's right is checked before.
pub(crate) fn issue(
    app: &App,
    caller: &Caller,
    request: IssueCredit,
) -> Result<CreditView, AppError> {
    let kind = request.kind;
    let asked = (kind_of(kind), normalise(&request.code), app.money(request.amount)?);
    let issued = CreditIssued {
        id: Some(request.id),
        kind: kind_of(kind),
        code: code_or_new(app, &request.code)?,
        amount: app.money(request.amount)?,
        reason: crate::returns::needed(&request.reason)?,
        at: app.now(),
        actor: caller.actor.clone(),
    };
    credit::check_issue(&issued)?;
    let (shop, ids, id) = (app.shop(), Arc::clone(&app.ids), request.id);
    let view = app.store.write::<_, AppError>(move |tx| {
        if let Some(code) = given_before(tx, id, asked)? {
            return view(tx, kind, code);
        }
        moves_fit(tx, &[credit::of_issue(&issued)])?;
        tx.append(issued.at.utc_ms, &Entry::CreditIssued(issued.clone()))?;
        let given = Given {
            kind: issued.kind,
            code: &issued.code,
            value: issued.amount,
            at: issued.at,
            by: &issued.actor.name,
            receipt: None,
            customer: None,
        };
        credit_slip::hand_out(tx, &*ids, &given, &shop.letterhead)?;
        view(tx, kind, issued.code)
    })?;
    app.changed(&caller.client, &["customers", "prints", "register"]);
    app.wake_printer();
    Ok(view)
}

/// Spends a gift card or store credit away from the till; what is asked for twice is spent once.
///
/// # Errors
/// No such code, less on it than that, or an id that spent something else.
pub fn redeem(
    app: &App,
    caller: &Caller,
    id: RedemptionId,
    request: &Redeem,
) -> Result<CreditView, AppError> {
    require(caller, Right::Sell)?;
    let (kind, code) = (request.kind, normalise(&request.code));
    let redeemed = CreditRedeemed {
        id,
        kind: kind_of(kind),
        code,
        amount: app.money(request.amount)?,
        reason: crate::returns::needed(&request.reason)?,
        at: app.now(),
        actor: caller.actor.clone(),
    };
    if redeemed.amount.is_zero() || redeemed.amount.is_negative() {
        return Err(CreditError::NotPositive.into());
    }
    let view = app.store.write::<_, AppError>(move |tx| {
        if let Some(before) = tx.credit_redemption(id)? {
            let asked = (redeemed.kind, redeemed.code.clone(), redeemed.amount);
            if before != asked {
                return Err(AppError::Conflict {
                    code: "id_taken",
                    reason: "this id spent other credit: make a new one".to_owned(),
                });
            }
            return view(tx, kind, redeemed.code);
        }
        known(tx, redeemed.kind, &redeemed.code)?;
        moves_fit(tx, &[credit::of_redemption(&redeemed)])?;
        tx.append(redeemed.at.utc_ms, &Entry::CreditRedeemed(redeemed.clone()))?;
        view(tx, kind, redeemed.code)
    })?;
    app.changed(&caller.client, &["customers"]);
    Ok(view)
}

/// The code that was credited under this id, if it was: credit that is asked for twice is given
/// once. An id never stands for another gift.
fn given_before(
    snapshot: &Snapshot<'_>,
    id: CreditIssueId,
    (kind, code, amount): (CreditKind, String, Money),
) -> Result<Option<String>, AppError> {
    let Some(before) = snapshot.credit_issue(id)? else { return Ok(None) };
    let same = before.0 == kind && before.2 == amount && (code.is_empty() || before.1 == code);
    if same {
        return Ok(Some(before.1));
    }
    Err(AppError::BadRequest {
        command: "credit.issue",
        reason: "its id gave other credit: make a new one".to_owned(),
    })
}

pub(crate) fn add_gift_card(
    app: &App,
    caller: &Caller,
    request: AddGiftCard,
) -> Result<Added, AppError> {
    let line = LineId::new(app.ids.next());
    let change = Change::AddGiftCard {
        line,
        sellable: gift_card(),
        code: code_or_new(app, &request.code)?,
        amount: app.money(request.amount)?,
    };
    let (basket, line_id) = change_basket(app, caller, request.basket_id, change)?;
    Ok(Added { basket, line_id: line_id.unwrap_or(line), warning: None })
}

/// A gift card as something to sell: no goods, so it is neither taxed nor in stock.
fn gift_card() -> Sellable {
    Sellable {
        item: CARD_ITEM,
        variant: CARD,
        name: CARD_NAME.to_owned(),
        sku: None,
        category: None,
        unit: Unit::Piece,
        price: None,
        tax_class: TaxClass::exempt(),
        tracks_stock: false,
        unit_cost: None,
    }
}

/// Whether a payment of an open basket finds enough on its card, its credit or its account; what
/// the basket's other payments take of it counts.
pub(crate) fn check_tender(app: &App, basket: &Basket, tender: &Tender) -> Result<(), AppError> {
    let Some(one) = CreditMove::of_tender(tender) else { return Ok(()) };
    app.store.read(|snapshot| {
        let balance = known(snapshot, one.kind, &one.code)?;
        let one = on_its_ledger(snapshot, one)?;
        let open = credit::of_tenders(basket.tenders()).into_iter();
        let open = open.map(|one| on_its_ledger(snapshot, one));
        let open = open.collect::<Result<Vec<_>, AppError>>()?;
        let balance = credit::after_open(balance, one.kind, &one.code, &open)?;
        credit::apply(balance, limit(snapshot, &one)?, &one)?;
        Ok(())
    })
}

/// Whether everything that a sale moves fits, asked in the transaction that writes it: another
/// screen may have spent the same card meanwhile.
pub(crate) fn check(snapshot: &Snapshot<'_>, sale: &Sale) -> Result<(), AppError> {
    moves_fit(snapshot, &credit::of_sale(sale))
}

/// Whether moves fit one after the other: nothing goes below zero, no account above its limit.
pub(crate) fn moves_fit(snapshot: &Snapshot<'_>, moves: &[CreditMove]) -> Result<(), AppError> {
    let mut balances: BTreeMap<(CreditKind, String), Money> = BTreeMap::new();
    for one in moves {
        let one = on_its_ledger(snapshot, one.clone())?;
        let ledger = (one.kind, one.code.clone());
        let before = match balances.get(&ledger) {
            Some(balance) => *balance,
            None => snapshot
                .credit_balance(one.kind, &one.code)?
                .unwrap_or(Money::zero(one.amount.currency())),
        };
        balances.insert(ledger, credit::apply(before, limit(snapshot, &one)?, &one)?);
    }
    Ok(())
}

/// The move on the ledger that its code stands for: two ids of one customer are one ledger, so that
/// what is on it is spent once.
fn on_its_ledger(snapshot: &Snapshot<'_>, one: CreditMove) -> Result<CreditMove, AppError> {
    Ok(CreditMove { code: snapshot.ledger_of(one.kind, &one.code)?, ..one })
}

/// How much the customer of an account may owe.
fn limit(snapshot: &Snapshot<'_>, one: &CreditMove) -> Result<Option<Money>, AppError> {
    if one.kind != CreditKind::Account {
        return Ok(None);
    }
    Ok(customer(snapshot, &one.code)?.and_then(|customer| customer.account_limit))
}
