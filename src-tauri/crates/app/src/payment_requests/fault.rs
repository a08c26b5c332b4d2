//! Why a request comes to nothing: one list of ours, and what each is called in both dialects.

use serde::{Deserialize, Serialize};

/// Which spelling of the Android dialect a caller reads. They differ in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Constants of the SDK.
    Sdk,
    /// The page about links of the web.
    Web,
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $ios:literal, $android:literal, $words:literal;)*) => {
        /// Why a request comes to nothing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code over HTTP and on screens.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The code in the iOS form.
            pub const fn ios(self) -> &'static str {
                match self { $(Self::$name => $ios),* }
            }

            const fn android_name(self) -> &'static str {
                match self { $(Self::$name => $android),* }
            }

            /// What happened, in words.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words),* }
            }
        }
    };
}

faults! {
    /// A person, or the app itself, gave it up.
    Canceled, "payment_canceled", "payment_canceled", "TRANSACTION_CANCELED",
        "the payment was canceled, and nothing was charged";
    /// Its time was over. Old clients know only that it was canceled.
    Expired, "request_expired", "payment_canceled", "TRANSACTION_CANCELED",
        "nobody took the payment in time, and nothing was charged";
    /// A terminal may have charged the card; nobody knows yet.
    InDoubt, "in_doubt", "in_doubt", "UNEXPECTED",
        "it is not known yet whether the card was charged: ask the register for this payment again";
    /// Something in it cannot be read.
    InvalidData, "data_invalid", "data_invalid", "INVALID_REQUEST",
        "something in the request cannot be read";
    /// The same key, another content.
    Conflict, "idempotency_conflict", "data_invalid", "INVALID_REQUEST",
        "the app asked for something else under the same key or state";
    /// Nobody is signed in.
    NotSignedIn, "not_logged_in", "not_logged_in", "USER_NOT_LOGGED_IN",
        "nobody is signed in at the register";
    /// Nobody of the staff is signed in.
    NoEmployee, "no_employee", "not_logged_in", "NO_EMPLOYEE_LOGGED_IN",
        "no member of staff is signed in at the register";
    /// Another place than this register.
    LocationMismatch, "location_id_mismatch", "location_id_mismatch", "ILLEGAL_LOCATION_ID",
        "the payment is for another register";
    /// The account takes no payments.
    NotActive, "user_not_active", "user_not_active", "USER_NOT_ACTIVATED",
        "this shop takes no payments yet";
    /// No currency is named.
    CurrencyMissing, "currency_code_missing", "currency_code_missing", "INVALID_REQUEST",
        "no currency is named";
    /// No currency of this world.
    UnsupportedCurrency, "unsupported_currency_code", "unsupported_currency_code", "INVALID_REQUEST",
        "there is no such currency";
    /// Another currency than the register's.
    CurrencyMismatch, "currency_code_mismatch", "currency_code_mismatch", "INVALID_REQUEST",
        "this register takes another currency";
    /// No whole number of the smallest unit.
    AmountFormat, "amount_invalid_format", "amount_invalid_format", "INVALID_REQUEST",
        "the amount is no whole number of the currency's smallest unit";
    /// Nothing.
    AmountTooSmall, "amount_too_small", "amount_too_small", "INVALID_REQUEST",
        "the amount is too small";
    /// More than can be charged.
    AmountTooLarge, "amount_too_large", "amount_too_large", "INVALID_REQUEST",
        "the amount is too large";
    /// A way to pay that no dialect knows.
    InvalidTenderType, "invalid_tender_type", "invalid_tender_type", "INVALID_REQUEST",
        "a way to pay is named that there is not";
    /// None of the ways to pay is taken here.
    UnsupportedTenderType, "unsupported_tender_type", "unsupported_tender_type", "INVALID_REQUEST",
        "this shop takes none of the ways to pay that are asked for";
    /// Another request is under way.
    Busy, "could_not_perform", "could_not_perform", "TRANSACTION_ALREADY_IN_PROGRESS",
        "another payment is asked for already: try again when it is done";
    /// The caller cannot be checked without a network. It always can, here.
    NoNetwork, "no_network_connection", "no_network_connection", "NO_NETWORK",
        "there is no network";
    /// A version that this register does not speak.
    UnsupportedVersion, "unsupported_api_version", "unsupported_api_version",
        "UNSUPPORTED_API_VERSION", "this register does not speak that version of the API";
    /// A version that has no links of the web yet.
    UnsupportedWebVersion, "unsupported_web_api_version", "unsupported_api_version",
        "UNSUPPORTED_WEB_API_VERSION", "links need version 1.3 of the API, or a later one";
    /// No version.
    InvalidVersion, "invalid_version_number", "invalid_version_number", "INVALID_REQUEST",
        "the version of the API is no version number";
    /// No customers here.
    CustomersNotSupported, "customer_management_not_supported", "customer_management_not_supported",
        "CUSTOMER_MANAGEMENT_NOT_SUPPORTED", "this register keeps no customers";
    /// No such customer.
    InvalidCustomer, "invalid_customer_id", "invalid_customer_id", "INVALID_CUSTOMER_ID",
        "this shop has no such customer";
    /// The app may not ask for payments.
    Unauthorised, "client_not_authorized_for_user", "client_not_authorized_for_user",
        "UNAUTHORIZED_CLIENT_ID",
        "this app may not ask for payments: let the owner look under Apps";
    /// The door is closed.
    Disabled, "disabled", "client_not_authorized_for_user", "DISABLED",
        "this register takes no payments for other apps";
    /// No gift cards here.
    GiftCardsNotSupported, "gift_cards_not_supported", "unsupported_tender_type",
        "GIFT_CARDS_NOT_SUPPORTED", "this register takes no gift cards";
    /// Too little on a card.
    InsufficientCardBalance, "insufficient_card_balance", "payment_canceled",
        "INSUFFICIENT_CARD_BALANCE", "there is too little on the card";
    /// Anything else.
    Unexpected, "unexpected", "could_not_perform", "UNEXPECTED",
        "the register stumbled over this: ask what became of the payment before you try again";
    /// No result came.
    NoResult, "no_result", "could_not_perform", "NO_RESULT",
        "there is no result: ask what became of the payment";
}

impl Fault {
    /// The code in the Android form, whole.
    pub fn android(self, flavour: Flavour) -> String {
        let name = self.android_name();
        // The constant of the SDK lacks the word that all its others have.
        match (self, flavour) {
            (Self::UnsupportedVersion, Flavour::Sdk) => format!("com.squareup.pos.{name}"),
            _ => format!("com.squareup.pos.ERROR_{name}"),
        }
    }

    /// The code in the iOS form of a version: up to 1.2 a place was a user.
    pub const fn ios_of(self, minor: u32) -> &'static str {
        match self {
            Self::LocationMismatch if minor <= 2 => "user_id_mismatch",
            other => other.ios(),
        }
    }
}

/// What is wrong with a request: the code, and a sentence that says where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which.
    pub fault: Fault,
    /// What is wrong and what to do, for a developer or a cashier.
    pub words: String,
}

impl Wrong {
    pub(super) fn new(fault: Fault, words: impl Into<String>) -> Self {
        Self { fault, words: words.into() }
    }

    pub(super) fn data(words: impl Into<String>) -> Self {
        Self::new(Fault::InvalidData, words)
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Self::new(fault, fault.words())
    }
}
