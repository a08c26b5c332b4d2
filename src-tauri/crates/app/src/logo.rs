//! The shop's logo, printed above its name.

use std::sync::PoisonError;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countertop_receipt::{Letterhead, Picture};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::shop::{Shop, set_shop};
use crate::wire::{LogoView, Nothing, SetLogo};

/// The logo as paper shows it.
pub(crate) fn get(app: &App, _: &Caller, _: Nothing) -> Result<LogoView, AppError> {
    Ok(LogoView { svg: app.shop().letterhead.logo.as_ref().map(Picture::svg) })
}

/// Takes a PNG as the logo, or takes the logo off.
pub(crate) fn set(app: &App, caller: &Caller, request: SetLogo) -> Result<LogoView, AppError> {
    let bad_text = |reason: String| AppError::BadText { reason };
    let logo = match request.png.as_deref() {
        None => None,
        Some(png) => {
            let bytes = STANDARD
                .decode(png)
                .map_err(|_| bad_text("the picture did not arrive whole: try again".to_owned()))?;
            Some(Picture::from_png(&bytes).map_err(|error| bad_text(error.to_string()))?)
        }
    };
    let _turn = app.shop_turn.lock().unwrap_or_else(PoisonError::into_inner);
    let before = app.shop();
    let letterhead = Letterhead { logo, ..before.letterhead.clone() };
    set_shop(app, Shop { letterhead, ..Shop::clone(&before) })?;
    app.changed(&caller.client, &["register"]);
    get(app, caller, Nothing {})
}
