//! The shop's settings as screens and files give them.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use countertop_domain::cash_rounding::CashRounding;
use countertop_domain::in_store::{Template, TemplateError, tell_apart};
use countertop_domain::money::Currency;
use countertop_domain::rounding::{RoundingMode, RoundingScope, TaxRounding};
use countertop_domain::tax::{
    FiscalPosition, Keeps, Percent, Rate, Tax, TaxClass, TaxKind, TaxMode, TaxTable,
};
use countertop_domain::tender::TenderKind;
use countertop_receipt::Letterhead;
use rust_decimal::Decimal;

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::settings_in_use;
use crate::shop::{Bank, ForeignRate, MoneyRules, Shop, Wallet, set_shop};
use crate::views::{pay_with, tender_kind};
use crate::wire::{
    BankSetting, ClassSwap, ForeignSetting, InStoreSetting, MoneySettings, Nothing,
    PositionSetting, ShopSettings, TaxRoundingSetting, TaxSetting, WalletSetting,
};

/// Characters of a line of the letterhead.
const MAX_LINE: usize = 100;
/// Lines of an address or footer, taxes, positions, own tenders and currencies.
const MAX_LINES: usize = 20;
/// Percentages on the tip keys.
const MAX_TIPS: usize = 4;

pub(crate) fn get(app: &App, _: &Caller, _: Nothing) -> Result<ShopSettings, AppError> {
    let shop = app.shop();
    let letterhead = &shop.letterhead;
    let taxes = shop
        .taxes
        .classes()
        .flat_map(|(class, taxes)| taxes.iter().map(|tax| tax_setting(class, tax)));
    Ok(ShopSettings {
        name: letterhead.shop.clone(),
        address: letterhead.address.clone(),
        tax_number: letterhead.tax_number.clone(),
        footer: letterhead.footer.clone(),
        taxes: taxes.collect(),
        positions: shop.taxes.positions().iter().map(position_setting).collect(),
        tax_rounding: Some(TaxRoundingSetting {
            scope: match shop.rounding.scope {
                RoundingScope::Line => "line",
                RoundingScope::Document => "document",
            }
            .to_owned(),
            mode: match shop.rounding.mode {
                RoundingMode::HalfUp => "half_up",
                RoundingMode::HalfEven => "half_even",
            }
            .to_owned(),
        }),
        money: Some(money_settings(&shop.money)),
        print_z: shop.print_z,
        fee_class: shop.fee_class.as_ref().map(|class| class.name().to_owned()),
        in_store: Some(shop.in_store.iter().map(in_store_setting).collect()),
    })
}

fn tax_setting(class: &TaxClass, tax: &Tax) -> TaxSetting {
    let (rate, amount) = match &tax.kind {
        TaxKind::Percent { rate } => (rate.value().to_string(), None),
        TaxKind::Fixed { amount } => ("0".to_owned(), Some(amount.minor())),
    };
    TaxSetting {
        class: class.name().to_owned(),
        name: tax.name.clone(),
        rate,
        inclusive: tax.mode == TaxMode::Inclusive,
        amount,
        affects_base: tax.affects_base,
        ignores_others: !tax.affected_by_base,
    }
}

fn position_setting(position: &FiscalPosition) -> PositionSetting {
    let swaps = position
        .swaps
        .iter()
        .map(|(from, to)| ClassSwap { from: from.name().to_owned(), to: to.name().to_owned() });
    PositionSetting {
        id: position.id.clone(),
        name: position.name.clone(),
        swaps: swaps.collect(),
        others: position.others.as_ref().map(|class| class.name().to_owned()),
        keeps: match position.keeps {
            Keeps::Label => "label",
            Keeps::Net => "net",
        }
        .to_owned(),
    }
}

fn money_settings(money: &MoneyRules) -> MoneySettings {
    let percent = |percent: &Percent| percent.value().to_string();
    MoneySettings {
        cash_step: money.cash_rounding.map(|rounding| rounding.step().minor()),
        tenders: money.tenders.iter().copied().map(pay_with).collect(),
        custom: money.custom.clone(),
        foreign: money
            .foreign
            .iter()
            .map(|foreign| ForeignSetting {
                currency: foreign.currency.code().to_owned(),
                rate: foreign.rate.to_string(),
            })
            .collect(),
        tip_percents: money.tip_percents.iter().map(percent).collect(),
        cashier_discount_limit: money.cashier_discount_limit.as_ref().map(percent),
        bank: money.bank.as_ref().map(|bank| BankSetting {
            name: bank.name.clone(),
            iban: bank.iban.clone(),
            bic: bank.bic.clone(),
        }),
        wallet: money.wallet.as_ref().map(|wallet| WalletSetting {
            name: wallet.name.clone(),
            scheme: wallet.scheme.clone(),
            account: wallet.account.clone(),
            category: wallet.category.clone(),
            country: wallet.country.clone(),
            city: wallet.city.clone(),
        }),
    }
}

pub(crate) fn set(
    app: &App,
    caller: &Caller,
    request: ShopSettings,
) -> Result<ShopSettings, AppError> {
    let _turn = app.shop_turn.lock().unwrap_or_else(PoisonError::into_inner);
    replace(app, caller, request)
}

/// The same, for whoever has the turn already.
pub(crate) fn replace(
    app: &App,
    caller: &Caller,
    request: ShopSettings,
) -> Result<ShopSettings, AppError> {
    // What is paid in part was agreed at the old taxes.
    if app.baskets.any_paid() || app.cards.any_open() {
        return Err(AppError::OpenPayments);
    }
    let before = app.shop();
    let tax_number = request.tax_number.map(|number| line(&number)).transpose()?;
    let letterhead = Letterhead {
        shop: line(&request.name)?,
        address: lines(&request.address)?,
        tax_number: tax_number.filter(|number| !number.is_empty()),
        footer: lines(&request.footer)?,
        ..before.letterhead.clone()
    };
    if letterhead.shop.is_empty() {
        return Err(bad_text("a shop needs a name: it stands on every receipt"));
    }
    let taxes = tax_table(app, &request.taxes)?;
    let positions = positions(&request.positions)?;
    let shop = Shop {
        letterhead,
        print_z: request.print_z,
        fee_class: request.fee_class.map(|class| fee_class(&class, &taxes)).transpose()?,
        taxes: taxes.with_positions(positions),
        rounding: request.tax_rounding.map_or(Ok(before.rounding), |set| tax_rounding(&set))?,
        money: match request.money {
            None => before.money.clone(),
            Some(money) => money_rules(app, money)?,
        },
        in_store: match &request.in_store {
            None => before.in_store.clone(),
            Some(settings) => in_store(settings)?,
        },
        demo: before.demo,
    };
    settings_in_use::check(app, &before, &shop)?;
    set_shop(app, shop)?;
    get(app, caller, Nothing {})
}

fn tax_table(app: &App, settings: &[TaxSetting]) -> Result<TaxTable, AppError> {
    if settings.len() > MAX_LINES {
        return Err(bad_text(&format!("a shop has up to {MAX_LINES} taxes")));
    }
    let mut classes: BTreeMap<TaxClass, Vec<Tax>> = BTreeMap::new();
    for setting in settings {
        let class = TaxClass::new(&line(&setting.class)?);
        let tax = tax(app, setting)?;
        let taxes = classes.entry(class).or_default();
        if taxes.iter().any(|other| other.code == tax.code) {
            return Err(bad_text(&format!(
                "the tax {} {} stands there twice",
                tax.name,
                tax.rate_text()
            )));
        }
        taxes.push(tax);
    }
    Ok(TaxTable::new(classes))
}

fn in_store_setting(template: &Template) -> InStoreSetting {
    InStoreSetting { pattern: template.pattern().to_owned(), decimals: Some(template.decimals()) }
}

fn in_store(settings: &[InStoreSetting]) -> Result<Vec<Template>, AppError> {
    if settings.len() > MAX_LINES {
        return Err(bad_text(&format!("a shop has up to {MAX_LINES} kinds of labels")));
    }
    let refused = |error: TemplateError| bad_text(&error.to_string());
    let templates = settings.iter().map(|set| Template::new(&set.pattern, set.decimals));
    let templates: Vec<Template> = templates.collect::<Result<_, _>>().map_err(refused)?;
    tell_apart(&templates).map_err(refused)?;
    Ok(templates)
}

/// The class that a fee is taxed as: one that is taxed.
fn fee_class(name: &str, taxes: &TaxTable) -> Result<TaxClass, AppError> {
    let class = TaxClass::new(&line(name)?);
    if taxes.of(&class).is_empty() {
        let name = class.name();
        return Err(bad_text(&format!(
            "a fee on a cancelled order cannot be taxed as \"{name}\": no tax is set for it; choose \
             another class or none"
        )));
    }
    Ok(class)
}

fn tax(app: &App, setting: &TaxSetting) -> Result<Tax, AppError> {
    let name = line(&setting.name)?;
    if name.is_empty() {
        return Err(bad_text("a tax needs a name, such as VAT: it stands on every receipt"));
    }
    let kind = match setting.amount {
        Some(minor) => TaxKind::Fixed { amount: app.money(minor)? },
        None => TaxKind::Percent {
            rate: Rate::new(decimal(&setting.rate)?).map_err(|reason| bad_text(&reason))?,
        },
    };
    let mode = if setting.inclusive { TaxMode::Inclusive } else { TaxMode::Exclusive };
    // What reports group by: the same tax at another rate or side is another tax.
    let side = if setting.inclusive { "in" } else { "on" };
    let much = match &kind {
        TaxKind::Percent { rate } => rate.value().to_string(),
        TaxKind::Fixed { amount } => format!("{}each", amount.minor()),
    };
    Ok(Tax {
        code: format!("{}-{much}-{side}", name.to_lowercase().replace(' ', "-")),
        name,
        kind,
        mode,
        affects_base: setting.affects_base,
        affected_by_base: !setting.ignores_others,
    })
}

fn positions(settings: &[PositionSetting]) -> Result<Vec<FiscalPosition>, AppError> {
    if settings.len() > MAX_LINES {
        return Err(bad_text(&format!("a shop has up to {MAX_LINES} fiscal positions")));
    }
    let mut positions: Vec<FiscalPosition> = Vec::new();
    for setting in settings {
        let (id, name) = (line(&setting.id)?, line(&setting.name)?);
        if id.is_empty() || name.is_empty() {
            return Err(bad_text("a fiscal position needs an id and a name, such as Take away"));
        }
        if positions.iter().any(|other| other.id == id) {
            return Err(bad_text(&format!("the fiscal position {id} stands there twice")));
        }
        let keeps = match setting.keeps.as_str() {
            "label" => Keeps::Label,
            "net" => Keeps::Net,
            other => return Err(bad_text(&format!("\"{other}\" is neither label nor net"))),
        };
        let swaps = setting
            .swaps
            .iter()
            .map(|swap| Ok((TaxClass::new(&line(&swap.from)?), TaxClass::new(&line(&swap.to)?))));
        positions.push(FiscalPosition {
            id,
            name,
            swaps: swaps.collect::<Result<_, AppError>>()?,
            others: setting.others.as_deref().map(TaxClass::new),
            keeps,
        });
    }
    Ok(positions)
}

fn tax_rounding(setting: &TaxRoundingSetting) -> Result<TaxRounding, AppError> {
    let scope = match setting.scope.as_str() {
        "line" => RoundingScope::Line,
        "document" => RoundingScope::Document,
        other => return Err(bad_text(&format!("\"{other}\" is neither line nor document"))),
    };
    let mode = match setting.mode.as_str() {
        "half_up" => RoundingMode::HalfUp,
        "half_even" => RoundingMode::HalfEven,
        other => return Err(bad_text(&format!("\"{other}\" is neither half_up nor half_even"))),
    };
    Ok(TaxRounding { scope, mode })
}

fn money_rules(app: &App, settings: MoneySettings) -> Result<MoneyRules, AppError> {
    let cash_rounding = settings
        .cash_step
        .map(|minor| {
            CashRounding::new(app.money(minor)?).map_err(|error| bad_text(&error.to_string()))
        })
        .transpose()?;
    let tenders: Vec<TenderKind> = settings.tenders.iter().copied().map(tender_kind).collect();
    if tenders.is_empty() {
        return Err(bad_text("a shop takes at least one kind of payment: choose cash or a card"));
    }
    let custom = lines(&settings.custom)?;
    let mut foreign: Vec<ForeignRate> = Vec::new();
    for setting in settings.foreign.iter().take(MAX_LINES) {
        let currency = Currency::parse(&setting.currency)?;
        if currency == app.currency() || foreign.iter().any(|other| other.currency == currency) {
            return Err(bad_text(&format!("{} stands there already", currency.code())));
        }
        let rate = decimal(&setting.rate)?;
        if rate.is_sign_negative() || rate.is_zero() || rate.scale() > 10 {
            return Err(bad_text(&format!("{rate} is no rate: write it like 0.92")));
        }
        foreign.push(ForeignRate { currency, rate });
    }
    if settings.tip_percents.len() > MAX_TIPS {
        return Err(bad_text(&format!("there are up to {MAX_TIPS} tip keys")));
    }
    let tips: Result<_, AppError> =
        settings.tip_percents.iter().map(|text| percent(text)).collect();
    Ok(MoneyRules {
        cash_rounding,
        tenders,
        custom,
        foreign,
        tip_percents: tips?,
        cashier_discount_limit: settings
            .cashier_discount_limit
            .map(|text| percent(&text))
            .transpose()?,
        bank: settings.bank.map(bank).transpose()?,
        wallet: settings.wallet.map(wallet).transpose()?,
    })
}

fn bank(setting: BankSetting) -> Result<Bank, AppError> {
    let bank = Bank {
        name: line(&setting.name)?,
        iban: setting.iban.chars().filter(|c| !c.is_whitespace()).collect(),
        bic: setting.bic.map(|bic| bic.trim().to_owned()).filter(|bic| !bic.is_empty()),
    };
    // A wrong account is found when it is set, not when a customer pays.
    crate::payment_code::try_bank(&bank)?;
    Ok(bank)
}

fn wallet(setting: WalletSetting) -> Result<Wallet, AppError> {
    Ok(Wallet {
        name: line(&setting.name)?,
        scheme: line(&setting.scheme)?,
        account: line(&setting.account)?,
        category: line(&setting.category)?,
        country: line(&setting.country)?,
        city: line(&setting.city)?,
    })
}

pub(crate) fn percent(text: &str) -> Result<Percent, AppError> {
    Percent::new(decimal(text)?).map_err(|reason| bad_text(&reason))
}

fn decimal(text: &str) -> Result<Decimal, AppError> {
    text.trim()
        .parse()
        .map_err(|_| bad_text(&format!("\"{text}\" is no percentage: write it like 13.5")))
}

fn lines(texts: &[String]) -> Result<Vec<String>, AppError> {
    if texts.len() > MAX_LINES {
        return Err(bad_text(&format!("there are up to {MAX_LINES} lines")));
    }
    texts.iter().map(|text| line(text)).collect()
}

fn line(text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.chars().count() > MAX_LINE || text.chars().any(char::is_control) {
        return Err(bad_text(&format!("a line has up to {MAX_LINE} characters")));
    }
    Ok(text.to_owned())
}

fn bad_text(reason: &str) -> AppError {
    AppError::BadText { reason: reason.to_owned() }
}
