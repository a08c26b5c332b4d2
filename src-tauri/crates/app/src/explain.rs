//! Why a line costs what it costs.

use countertop_domain::pricing::explain::{self, Explanation};

use crate::app::{App, Caller};
use crate::error::AppError;
use crate::open_baskets::lock;
use crate::wire::{ExplainLine, ExplainSold, ExplainStepView, ExplanationView};

pub(crate) fn open_line(
    app: &App,
    _: &Caller,
    request: ExplainLine,
) -> Result<ExplanationView, AppError> {
    let shared = app.baskets.get(request.basket_id).ok_or(AppError::no_basket())?;
    let basket = std::sync::Arc::clone(&lock(&shared).basket);
    let settled = app.settle(&basket)?;
    let (line, priced) = basket
        .lines()
        .iter()
        .zip(&settled.lines)
        .find(|(line, _)| line.id == request.line_id)
        .ok_or(countertop_domain::basket::BasketError::NoSuchLine)?;
    let explanation = explain::settled(line, priced, &settled.taxes, app.shop().rounding)?;
    Ok(view(line.sellable.name.clone(), explanation, priced.total.minor()))
}

pub(crate) fn sold_line(
    app: &App,
    _: &Caller,
    request: ExplainSold,
) -> Result<ExplanationView, AppError> {
    let sale = app
        .store
        .read::<_, AppError>(|snapshot| Ok(snapshot.sale(request.sale_id)?))?
        .ok_or(AppError::no_sale())?;
    let line = sale
        .lines
        .iter()
        .find(|line| line.id == request.line_id)
        .ok_or(countertop_domain::basket::BasketError::NoSuchLine)?;
    let explanation = explain::sold(line, &sale)?;
    Ok(view(line.name.clone(), explanation, line.total.minor()))
}

fn view(name: String, explanation: Explanation, total: i64) -> ExplanationView {
    let steps = explanation.steps.into_iter().map(|step| ExplainStepView {
        kind: step.kind.name().to_owned(),
        name: step.name,
        detail: step.detail,
        amount: step.amount.minor(),
        running: step.running.minor(),
    });
    ExplanationView { name, steps: steps.collect(), total }
}
