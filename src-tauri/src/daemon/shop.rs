//! The shop's settings from the command line.

use std::fmt::Write as _;
use std::process::ExitCode;

use countertop_app::commands::{GetShop, SetShop};
use countertop_app::perform;
use countertop_app::wire::{Nothing, ShopSettings, TaxSetting};

use crate::answer::{Failure, answer, open};
use crate::cli::{Cli, ShopOptions};

pub(crate) fn shop(cli: &Cli, options: &ShopOptions) -> Result<ExitCode, Failure> {
    let (register, caller) = open(cli)?;
    let app = register.app();
    let before = perform::<GetShop>(app, &caller, Nothing {})?;
    let wanted = changed(before.clone(), options)?;
    let settings =
        if wanted == before { before } else { perform::<SetShop>(app, &caller, wanted)? };
    let mut lines = settings.name.clone();
    for line in &settings.address {
        let _ = write!(lines, "\n{line}");
    }
    if let Some(number) = &settings.tax_number {
        let _ = write!(lines, "\ntax number {number}");
    }
    for tax in &settings.taxes {
        let side = if tax.inclusive { "inside the price" } else { "on top" };
        let _ = write!(lines, "\n{}: {} {} %, {side}", tax.class, tax.name, tax.rate);
    }
    if settings.taxes.is_empty() {
        lines.push_str("\nno taxes: everything is sold without");
    }
    let _ = write!(lines, "\nall amounts in {}", app.identity().currency.code());
    answer(cli, &settings, &lines)?;
    Ok(ExitCode::SUCCESS)
}

fn changed(mut settings: ShopSettings, options: &ShopOptions) -> Result<ShopSettings, Failure> {
    if let Some(name) = &options.name {
        settings.name.clone_from(name);
    }
    if !options.address.is_empty() {
        settings.address.clone_from(&options.address);
    }
    if options.tax_number.is_some() {
        settings.tax_number.clone_from(&options.tax_number);
    }
    if !options.footer.is_empty() {
        settings.footer.clone_from(&options.footer);
    }
    if !options.tax.is_empty() {
        settings.taxes = options.tax.iter().map(|text| tax(text)).collect::<Result<_, _>>()?;
    }
    Ok(settings)
}

fn tax(text: &str) -> Result<TaxSetting, Failure> {
    let unclear = || {
        Failure::bad_input(format!("\"{text}\" is no tax: write it like standard=VAT:20:inclusive"))
    };
    let (class, rest) = text.split_once('=').ok_or_else(unclear)?;
    let mut parts = rest.rsplitn(3, ':');
    let (side, rate, name) = (parts.next(), parts.next(), parts.next());
    let inclusive = match side {
        Some("inclusive") => true,
        Some("exclusive") => false,
        _ => return Err(unclear()),
    };
    Ok(TaxSetting {
        class: class.to_owned(),
        name: name.ok_or_else(unclear)?.to_owned(),
        rate: rate.ok_or_else(unclear)?.to_owned(),
        inclusive,
        amount: None,
        affects_base: false,
        ignores_others: false,
    })
}
