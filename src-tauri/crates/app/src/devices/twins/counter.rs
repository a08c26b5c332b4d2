//! Twins of scanners, scales and customer displays.

use countertop_devices::{DisplayTwin, Framing, ScaleTwin, ScannerTwin};
use countertop_store::DeviceRow;

use super::{Twin, unknown_button};
use crate::wire::TwinView;

/// Characters of a code that is held under a scanner.
const MAX_CODE: usize = 512;
/// What lies on a scale at the most, in grams; far above what any carries.
const MAX_GRAMS: i64 = 1_000_000;

pub(super) fn scanner(row: &DeviceRow, name: &str) -> Option<Box<dyn Twin>> {
    let framing = Framing {
        suffix: row.option("suffix").and_then(|text| text.parse().ok()).unwrap_or_default(),
        stx_etx: row.flag("stx", false),
    };
    Some(Box::new(ScannerTwin::plug(name, framing)?))
}

pub(super) fn scale(row: &DeviceRow, name: &str) -> Option<Box<dyn Twin>> {
    Some(Box::new(ScaleTwin::plug(name, row.driver.parse().ok()?)?))
}

pub(super) fn display(row: &DeviceRow, name: &str) -> Option<Box<dyn Twin>> {
    Some(Box::new(DisplayTwin::plug(name, row.driver.parse().ok()?)?))
}

fn buttons(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

impl Twin for ScannerTwin {
    fn show(&self, view: &mut TwinView) {
        view.buttons = buttons(&["scan"]);
    }

    fn press(&self, button: &str, value: Option<&str>) -> Result<(), String> {
        match (button, value) {
            ("scan", Some(code)) if !code.is_empty() && code.len() <= MAX_CODE => {
                self.scan(code);
                Ok(())
            }
            ("scan", _) => Err("hold a code under the scanner: type its digits".to_owned()),
            _ => Err(unknown_button(button)),
        }
    }
}

impl Twin for ScaleTwin {
    fn show(&self, view: &mut TwinView) {
        view.buttons = buttons(&["weight", "motion", "still", "over", "under", "zero", "tare"]);
        view.weight = Some(self.window());
        if self.on().moving {
            view.faults.push("motion".to_owned());
        }
    }

    fn press(&self, button: &str, value: Option<&str>) -> Result<(), String> {
        match button {
            "weight" => {
                let grams = value.and_then(grams).ok_or_else(|| {
                    "put so many kilograms on the scale: 1.255, for example".to_owned()
                })?;
                self.change(|on| on.grams = grams);
            }
            "motion" => self.change(|on| on.moving = true),
            "still" => self.change(|on| on.moving = false),
            "over" => self.change(|on| on.grams = on.capacity + 1),
            "under" => self.change(|on| on.grams = -20),
            "zero" => self.change(|on| {
                on.grams = 0;
                on.tare = 0;
            }),
            "tare" => self.change(|on| on.tare = on.grams),
            _ => return Err(unknown_button(button)),
        }
        Ok(())
    }
}

/// `1.255` kilograms as grams.
fn grams(text: &str) -> Option<i64> {
    let text = text.trim().replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    let grams = whole.checked_mul(1_000)?.checked_add(part)?;
    (0..=MAX_GRAMS).contains(&grams).then_some(grams)
}

impl Twin for DisplayTwin {
    fn show(&self, view: &mut TwinView) {
        view.display = self.lines().to_vec();
    }

    fn press(&self, button: &str, _: Option<&str>) -> Result<(), String> {
        Err(unknown_button(button))
    }
}

#[cfg(test)]
mod tests {
    use super::grams;

    #[test]
    fn kilograms_are_read_as_they_are_typed() {
        assert_eq!(grams("1.255"), Some(1_255));
        assert_eq!(grams("0,5"), Some(500));
        assert_eq!(grams("12"), Some(12_000));
        for wrong in ["", "x", "1.2.3", "1.2555", "-1", "99999999999999999999"] {
            assert_eq!(grams(wrong), None, "{wrong}");
        }
    }
}
