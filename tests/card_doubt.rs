//! Payments of which nobody knows what became: never guessed, never charged again, always told.

use countertop_app::commands::{
    AskCardAgain, GetState, OpenCardsCommand, ParkBasket, PayTender, Recall, ResolveCardCommand,
    ReverseCardCommand, StartCardCommand,
};
use countertop_app::wire::{
    BasketRequest, CardRequest, CardState, Nothing, Park, PayWith, ResolveCard, ReverseCard,
    StartCard,
};
use countertop_devices::PaymentKind;
use countertop_domain::card::CardFacts;
use countertop_domain::ids::TenderId;
use countertop_domain::journal::Entry;
use countertop_domain::posting::Account;
use countertop_store::{PaymentRow, PaymentState, StoreError, Told};

use crate::card::{
    add_terminal, shop, start, status, terminals_agree, try_start, wait_free, wait_until,
};
use crate::common::goods::{BREAD, WINE};
use crate::common::terminal::{Does, Says};
use crate::common::{Shop, code, for_each_entry, wait_for};

/// A shop whose terminal does something and then says nothing.
pub(crate) fn in_doubt(does: Does) -> (Shop, TenderId) {
    let shop = shop();
    shop.tills[0].next(does);
    shop.tills[0].says(Says::Nothing);
    shop.scan(WINE);
    let begun = start(&shop);
    wait_until(&shop, begun.tender_id, CardState::InDoubt);
    (shop, begun.tender_id)
}

pub(crate) fn ask(shop: &Shop, id: TenderId) {
    shop.call::<AskCardAgain>(CardRequest { tender_id: id }).unwrap();
}

pub(crate) fn decide(
    shop: &Shop,
    id: TenderId,
    charged: bool,
) -> Result<(), countertop_app::AppError> {
    let reason = "read on the terminal's slip".to_owned();
    shop.call::<ResolveCardCommand>(ResolveCard { tender_id: id, charged, reason }).map(|_| ())
}

/// The kinds of a journal's entries about payments without a usual end.
fn told_in_journal(shop: &Shop) -> Vec<&'static str> {
    let mut kinds = Vec::new();
    for_each_entry(shop.app(), |entry| {
        if matches!(
            entry,
            Entry::PaymentResolved(_)
                | Entry::CardPaymentOrphaned(_)
                | Entry::CardPaymentReversed(_)
        ) {
            kinds.push(entry.kind());
        }
    });
    kinds
}

#[test]
fn a_broken_line_is_in_doubt_and_never_charged_again() {
    let (shop, id) = in_doubt(Does::ChargesUnheard);
    let view = status(&shop, id);
    assert!(view.words.contains("Do not charge it again"), "{}", view.words);
    assert_eq!(code(try_start(&shop, 1_199)), "card_open");
    assert_eq!(code(shop.pay(PayWith::Cash, 1_199)), "card_open");
    assert_eq!(shop.call::<GetState>(Nothing {}).unwrap().cards.in_doubt, 1);
    assert_eq!(shop.tills[0].orders().len(), 1);
    shop.tills[0].says(Says::TheTruth);
    ask(&shop, id);
    wait_until(&shop, id, CardState::Approved);
    assert_eq!((shop.sales().len(), shop.tills[0].orders().len()), (1, 1));
    terminals_agree(&shop);
}

#[test]
fn a_terminal_that_did_not_charge_says_so_and_cash_pays() {
    let (shop, id) = in_doubt(Does::BreaksOff);
    shop.tills[0].says(Says::TheTruth);
    // Nobody asks: it is asked again by itself.
    assert_eq!(wait_free(&shop, id).state, CardState::Declined);
    shop.pay(PayWith::Cash, 1_199).unwrap().sale.expect("paid in full");
    terminals_agree(&shop);
}

#[test]
fn a_word_without_its_acknowledgement_is_no_approval_yet() {
    let (shop, id) = in_doubt(Does::BreaksAfterWord);
    assert!(shop.sales().is_empty(), "a terminal may take back what was not acknowledged");
    assert_eq!(status(&shop, id).seen.unwrap().last_four, "4242");
    shop.tills[0].says(Says::TheTruth);
    ask(&shop, id);
    wait_until(&shop, id, CardState::Approved);
    terminals_agree(&shop);
}

#[test]
fn a_parked_basket_in_doubt_lets_the_queue_go_on() {
    let (shop, id) = in_doubt(Does::ChargesUnheard);
    let parked = shop.basket().id;
    let park = Park { basket_id: parked, label: "Blue coat".to_owned() };
    shop.call::<ParkBasket>(park).unwrap();
    shop.sell(&[BREAD], PayWith::Cash);
    shop.sell(&[BREAD], PayWith::CardExternal);
    let open = shop.call::<OpenCardsCommand>(Nothing {}).unwrap().attempts;
    assert_eq!((open.len(), open[0].basket_label.as_str()), (1, "Blue coat"));
    let recall = BasketRequest { basket_id: parked };
    let back = shop.call::<Recall>(recall).unwrap();
    assert!(back.card.is_some(), "recalled, it is still held");
    shop.tills[0].says(Says::TheTruth);
    ask(&shop, id);
    wait_until(&shop, id, CardState::Approved);
    terminals_agree(&shop);
}

#[test]
fn a_person_decides_with_a_reason_that_is_in_the_journal() {
    for charged in [true, false] {
        let (shop, id) = in_doubt(Does::BreaksOff);
        let empty = ResolveCard { tender_id: id, charged, reason: " ".to_owned() };
        assert_eq!(code(shop.call::<ResolveCardCommand>(empty)), "bad_text");
        decide(&shop, id, charged).unwrap();
        assert_eq!(code(decide(&shop, id, charged)), "not_in_doubt");
        assert_eq!(shop.sales().len(), usize::from(charged));
        assert_eq!(told_in_journal(&shop), ["payment_resolved"]);
        for_each_entry(shop.app(), |entry| {
            if let Entry::PaymentResolved(resolved) = entry {
                assert_eq!((resolved.charged, resolved.actor.name.as_str()), (charged, "Owner"));
                assert_eq!(resolved.reason, "read on the terminal's slip");
                assert_eq!(resolved.payment.amount.minor(), 1_199);
            }
        });
        if !charged {
            shop.pay(PayWith::Cash, 1_199).unwrap().sale.expect("paid another way");
        }
        shop.books_agree();
    }
}

#[test]
fn what_the_terminal_cannot_tell_waits_for_a_person() {
    let shop = shop();
    shop.tills[0].next(Does::BreaksOff);
    shop.tills[0].says(Says::CannotTell);
    shop.scan(WINE);
    let begun = start(&shop);
    let view = wait_for("a person to decide", || {
        let view = status(&shop, begun.tender_id);
        (view.state == CardState::InDoubt && !view.may_ask_again).then_some(view)
    });
    assert!(view.may_resolve && view.words.contains("have a manager decide"), "{}", view.words);
}

#[test]
fn a_restart_in_the_middle_asks_the_terminal() {
    for (does, charged) in [(Does::ChargesUnheard, true), (Does::BreaksOff, false)] {
        let (shop, id) = in_doubt(does);
        let shop = shop.reopen();
        assert!(shop.basket().card.is_some(), "held from the first moment");
        shop.tills[0].says(Says::TheTruth);
        ask(&shop, id);
        wait_for("the end", || (!status(&shop, id).open).then_some(()));
        assert_eq!(shop.sales().len(), usize::from(charged));
        terminals_agree(&shop);
    }
}

/// Stops the register, sets a payment to a state that a kill may leave, and opens it again.
fn killed_in(state: PaymentState, told: Option<Told>, charged: bool) -> (Shop, TenderId) {
    let does = if charged { Does::ChargesUnheard } else { Does::BreaksOff };
    let (shop, id) = in_doubt(does);
    shop.app()
        .store()
        .write::<_, StoreError>(move |tx| {
            let row = tx.payment(id)?.unwrap();
            tx.set_payment(&PaymentRow { state, told, words: String::new(), ..row })
        })
        .unwrap();
    shop.tills[0].says(Says::TheTruth);
    (shop.reopen(), id)
}

#[test]
fn a_kill_at_any_state_ends_as_the_terminals_books_say() {
    let facts = CardFacts { receipt: Some(1), ..CardFacts::default() };
    for charged in [true, false] {
        let approved = Some(Told::Approved(Box::new(facts.clone())));
        let states = [
            (PaymentState::Sent, None),
            (PaymentState::Accepted, None),
            (PaymentState::Accepted, approved),
            (PaymentState::InDoubt, None),
        ];
        for (state, told) in states {
            let (shop, id) = killed_in(state, told, charged);
            wait_for("the end", || (!status(&shop, id).open).then_some(()));
            let sales = wait_for("what follows", || {
                let sales = shop.sales().len();
                (!charged || sales == 1).then_some(sales)
            });
            assert_eq!(sales, usize::from(charged), "{state:?}");
            assert_eq!(shop.tills[0].orders().len(), 1, "never sent again");
            terminals_agree(&shop);
        }
    }
}

#[test]
fn a_refusal_that_was_heard_needs_no_asking() {
    let told = Some(Told::Declined("No cover".to_owned()));
    let (shop, id) = killed_in(PaymentState::Accepted, told, false);
    let view = status(&shop, id);
    assert_eq!((view.state, view.open), (CardState::Declined, false));
    terminals_agree(&shop);
}

#[test]
fn a_payment_that_was_approved_completes_its_sale_at_the_next_start() {
    let facts = CardFacts { receipt: Some(1), ..CardFacts::default() };
    let told = Some(Told::Approved(Box::new(facts)));
    let (shop, id) = killed_in(PaymentState::Approved, told, true);
    assert_eq!(shop.sales().len(), 1, "before the first command");
    assert_eq!(status(&shop, id).sale_id, Some(shop.sales()[0].id));
    terminals_agree(&shop);
}

/// A payment that was charged and whose basket is gone.
fn orphan() -> (Shop, TenderId) {
    let (shop, id) = in_doubt(Does::ChargesUnheard);
    let basket = shop.basket().id;
    shop.app().store().write::<_, StoreError>(move |tx| tx.remove_basket(basket)).unwrap();
    shop.tills[0].says(Says::TheTruth);
    let shop = shop.reopen();
    wait_for("the payment without a sale", || status(&shop, id).orphaned.then_some(()));
    (shop, id)
}

#[test]
fn a_payment_without_a_sale_is_told_until_somebody_acts() {
    let (shop, id) = orphan();
    let view = status(&shop, id);
    assert!(view.words.contains("there is no sale for it"), "{}", view.words);
    assert_eq!(shop.call::<GetState>(Nothing {}).unwrap().cards.orphaned, 1);
    assert_eq!(shop.balance(Account::Card), 1_199, "the money is in the books");
    assert_eq!(shop.balance(Account::Unallocated), -1_199);
    let shop = shop.reopen();
    assert_eq!(shop.call::<OpenCardsCommand>(Nothing {}).unwrap().attempts.len(), 1);
    assert_eq!(told_in_journal(&shop), ["card_payment_orphaned"], "once");
    decide(&shop, id, true).unwrap();
    assert!(shop.call::<OpenCardsCommand>(Nothing {}).unwrap().attempts.is_empty());
    assert_eq!(told_in_journal(&shop), ["card_payment_orphaned", "payment_resolved"]);
    assert_eq!(shop.balance(Account::Unallocated), -1_199);
    shop.books_agree();
}

#[test]
fn a_payment_without_a_sale_is_given_back_at_the_terminal() {
    let (shop, id) = orphan();
    let reversal_id = shop.tender_id();
    let reverse = ReverseCard { tender_id: id, reversal_id };
    shop.call::<ReverseCardCommand>(reverse.clone()).unwrap();
    shop.call::<ReverseCardCommand>(reverse).unwrap();
    wait_until(&shop, reversal_id, CardState::Approved);
    wait_for("an empty list", || {
        let open = shop.call::<OpenCardsCommand>(Nothing {}).unwrap().attempts;
        open.is_empty().then_some(())
    });
    assert_eq!(told_in_journal(&shop), ["card_payment_orphaned", "card_payment_reversed"]);
    assert_eq!(shop.tills[0].ledger()[1].kind, PaymentKind::Reversal { receipt: 1 });
    assert_eq!((shop.balance(Account::Card), shop.balance(Account::Unallocated)), (0, 0));
    assert_eq!(shop.tills[0].sum(), 0);
    shop.books_agree();
}

#[test]
fn the_next_payment_is_asked_with_the_last_one_that_is_known() {
    let shop = shop();
    shop.scan(WINE);
    let first = start(&shop);
    wait_until(&shop, first.tender_id, CardState::Approved);
    shop.scan(BREAD);
    let second = start(&shop);
    wait_until(&shop, second.tender_id, CardState::Approved);
    let orders = shop.tills[0].orders();
    assert_eq!(orders[0].last_known, None);
    let known = orders[1].last_known.as_ref().unwrap();
    assert_eq!(
        (known.receipt, known.trace, known.terminal.as_str()),
        (Some(1), Some(101), "T4711")
    );
}

#[test]
fn a_tender_id_of_a_payment_at_a_terminal_pays_nothing_else() {
    let (shop, id) = in_doubt(Does::BreaksOff);
    shop.call::<ParkBasket>(Park { basket_id: shop.basket().id, label: String::new() }).unwrap();
    let basket = shop.scan(BREAD);
    let mut request = shop.request(basket.id, PayWith::Cash, basket.due);
    request.tender_id = id;
    assert_eq!(code(shop.call::<PayTender>(request)), "bad_request");
    let second = add_terminal(&shop, 2);
    let start = StartCard {
        basket_id: basket.id,
        tender_id: id,
        terminal_id: Some(second),
        amount: basket.due,
        print: false,
    };
    assert_eq!(code(shop.call::<StartCardCommand>(start)), "bad_request");
}
