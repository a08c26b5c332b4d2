//! What the codes of Caisse-AP mean, in plain words.

/// Why the terminal did not do it (field `AF`).
pub(super) fn reason(code: &str) -> &'static str {
    match code {
        "02" => "the bank wants to be called: take the payment another way",
        "04" => "the bank refused the card",
        "05" => "the card is not allowed here",
        "06" => "the customer stopped it at the terminal",
        "07" => "it did not go through: try again, or take the payment another way",
        "08" => "nobody presented a card in time",
        "09" => "the terminal could not read the order: check that it speaks Caisse-AP 3",
        "10" => "the terminal could not choose how to pay",
        "11" => "it was stopped at the terminal",
        "12" => "the terminal cannot do this kind of payment",
        "13" => "the terminal does not take this currency",
        _ => "the terminal did not do it",
    }
}

/// True if somebody stopped it, rather than the bank or the terminal.
pub(super) fn is_stop(code: &str) -> bool {
    matches!(code, "06" | "08" | "11")
}

/// True if the code says that the card paid: it may not stand beside "not done".
pub(super) fn says_paid(code: &str) -> bool {
    matches!(code, "01" | "03")
}

/// True if the code says that the card did not pay: it may not stand beside "done".
pub(super) fn says_not_paid(code: &str) -> bool {
    matches!(code, "02" | "04" | "05" | "06" | "07" | "08" | "09" | "10" | "11" | "12" | "13")
}

/// The kind of card, by the application on its chip or else by how it paid (field `CC`).
pub(super) fn brand(application: &str, mode: &str) -> &'static str {
    let by_application = match application.get(..10) {
        Some("A000000003") => "Visa",
        Some("A000000004") => "Mastercard",
        Some("A000000025") => "American Express",
        Some("A000000042") => "CB",
        Some("A000000065") => "JCB",
        Some("A000000152") => "Diners Club",
        Some("A000000333") => "UnionPay",
        _ => "",
    };
    if !by_application.is_empty() {
        return by_application;
    }
    match mode.trim_start_matches('0') {
        "1" | "B" => "CB",
        "2" | "D" => "American Express",
        "5" => "Cofinoga",
        "6" => "Diners Club",
        "7" => "CB-Pass",
        "8" => "Franfinance",
        "9" => "JCB",
        "U" => "UnionPay",
        _ => "",
    }
}
