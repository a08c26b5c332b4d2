//! How a Shopify shop is set up, and what a test of it tells.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::super::connector::{Connector, ShopInfo, Trouble};
use super::super::platform::{Field, Platform, Setup};
use super::super::transport::Line;
use super::documents::{LOCATIONS, SHOP};
use super::graphql::{Access, Api, VERSION};
use super::read::{flag, list, number_of, text};
use super::{Shopify, connector, limits};

/// Rights without which something does not work, and what.
const RIGHTS: &[(&str, &str)] = &[
    ("read_products", "to read what it sells"),
    ("read_locations", "to know which stock is that of this counter"),
    ("read_inventory", "to read how much there is"),
    ("write_inventory", "to say how much there is"),
    ("read_orders", "to read what was ordered"),
    ("write_orders", "to hand in what was sold here"),
    ("read_merchant_managed_fulfillment_orders", "to read what is to be collected or sent"),
    ("write_merchant_managed_fulfillment_orders", "to say what was collected or sent"),
    ("read_customers", "to read who orders"),
    ("write_customers", "to hand in customers"),
];

/// As [`RIGHTS`], for the page of the set-up.
const SCOPES: &[&str] = &[
    "read_products",
    "read_locations",
    "write_inventory",
    "write_orders",
    "write_merchant_managed_fulfillment_orders",
    "write_customers",
];

const TOKEN: Field = Field { name: "token", label: "Admin API access token", needed: false };
const SECRET: Field = Field { name: "secret", label: "Client secret", needed: false };
const CLIENT: Field = Field { name: "client_id", label: "Client ID", needed: false };
const LOCATION: Field = Field { name: "location", label: "Location", needed: false };
const SOURCE: Field = Field { name: "source", label: "Order attribution handle", needed: false };

/// Shopify. An app of the developer dashboard has a client id and a client secret; one that was once
/// made in the shop's admin has a token, and its secret is needed for webhooks only.
pub(in super::super) const PLATFORM: Platform = Platform {
    kind: "shopify",
    name: "Shopify",
    secrets: &[SECRET, TOKEN],
    options: &[CLIENT, LOCATION, SOURCE],
    rights: SCOPES,
    make,
};

fn make(setup: &Setup) -> Result<Arc<dyn Connector>, String> {
    let line = Line::new(&setup.line, &limits())?;
    let secret = setup.secret(&SECRET).ok().cloned();
    let client = setup.option(&CLIENT);
    let access = match (setup.secret(&TOKEN), &secret) {
        (Ok(token), _) => Access::Token(token.clone()),
        (Err(_), Some(secret)) if !client.is_empty() => {
            Access::Grant { id: client.to_owned(), secret: secret.clone(), token: Mutex::new(None) }
        }
        _ => {
            return Err(
                "a Shopify shop needs the client ID and the client secret of its app, or an \
                        access token"
                    .to_owned(),
            );
        }
    };
    Ok(connector(Shopify {
        api: Api::new(line, access),
        secret,
        place: setup.option(&LOCATION).trim().to_owned(),
        source: setup.option(&SOURCE).trim().to_owned(),
        currency: setup.currency,
        location: OnceCell::new(),
    }))
}

impl Shopify {
    pub(super) async fn look_at_shop(&self) -> Result<ShopInfo, Trouble> {
        let said = self.api.ask(SHOP, &json!({})).await?;
        let data = &said.data;
        let mut info = ShopInfo {
            name: text(data, "/shop/name"),
            version: said.version.clone(),
            currency: text(data, "/shop/currencyCode"),
            ..ShopInfo::default()
        };
        let scopes: Vec<String> = list(data, "/currentAppInstallation/accessScopes")
            .iter()
            .map(|scope| text(scope, "/handle"))
            .collect();
        for (right, what_for) in RIGHTS {
            if !has(&scopes, right) {
                info.missing.push(format!("{right} ({what_for})"));
            }
        }
        if has(&scopes, "read_locations")
            && let Err(trouble) = self.location().await
        {
            match trouble {
                Trouble::Denied(words) => info.missing.push(words),
                other => return Err(other),
            }
        }
        if !has(&scopes, "read_all_orders") {
            info.warnings.push(
                "read_all_orders is not granted: what was ordered more than 60 days ago cannot be \
                 read or given back"
                    .to_owned(),
            );
        }
        if flag(data, "/shop/plan/partnerDevelopment") {
            info.warnings.push(
                "this is a development shop: it takes five sales a minute, the others wait"
                    .to_owned(),
            );
        }
        if !said.version.is_empty() && said.version != VERSION {
            info.warnings.push(format!(
                "the shop answers by version {} of its API instead of {VERSION}: install a newer \
                 Countertop",
                said.version
            ));
        }
        Ok(info)
    }

    /// The location whose stock is that of this counter.
    pub(super) async fn location(&self) -> Result<&str, Trouble> {
        self.location.get_or_try_init(|| self.find_location()).await.map(String::as_str)
    }

    async fn find_location(&self) -> Result<String, Trouble> {
        let said = self.api.ask(LOCATIONS, &json!({})).await?;
        let all: Vec<(String, String)> = list(&said.data, "/locations/nodes")
            .iter()
            .map(|one| (text(one, "/id"), text(one, "/name")))
            .collect();
        chosen(&all, &self.place).map_err(Trouble::Denied)
    }

    /// Whether an id is that of this counter's location.
    pub(super) fn is_here(location: &str, value: &Value) -> bool {
        number_of(&text(value, "/assignedLocation/location/id")) == number_of(location)
    }
}

/// Whether a right was granted; to write includes to read.
fn has(scopes: &[String], right: &str) -> bool {
    let write = right.replacen("read_", "write_", 1);
    scopes.iter().any(|scope| scope == right || *scope == write)
}

/// The location that was named by its id or its name, or the only one.
fn chosen(all: &[(String, String)], place: &str) -> Result<String, String> {
    let names = || all.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    if place.is_empty() {
        return match all {
            [(id, _)] => Ok(id.clone()),
            _ => Err(format!("choose the location of this counter, one of: {}", names())),
        };
    }
    let number = number_of(place);
    let mut fits = all.iter().filter(|(id, name)| {
        name.eq_ignore_ascii_case(place) || (number.is_some() && number_of(id) == number)
    });
    match (fits.next(), fits.next()) {
        (Some((id, _)), None) => Ok(id.clone()),
        (Some(_), Some(_)) => Err(format!("more than one location is called {place}: name its id")),
        (None, _) => {
            Err(format!("the shop has no active location {place}: choose one of: {}", names()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{chosen, has};

    #[test]
    fn a_location_is_chosen_and_never_guessed() {
        let one = |id: &str, name: &str| (format!("gid://shopify/Location/{id}"), name.to_owned());
        let all = [one("1", "Shop"), one("2", "Store room"), one("3", "Twin"), one("4", "Twin")];
        assert!(chosen(&all[..1], "").is_ok_and(|id| id.ends_with("/1")));
        assert!(chosen(&all, "").is_err_and(|words| words.contains("Store room")));
        assert!(chosen(&all, "store room").is_ok_and(|id| id.ends_with("/2")));
        assert!(chosen(&all, "2").is_ok_and(|id| id.ends_with("/2")));
        assert!(chosen(&all, "Twin").is_err());
        assert!(chosen(&all, "Moon").is_err());
        assert!(chosen(&[], "").is_err());
    }

    #[test]
    fn the_right_to_write_includes_the_right_to_read() {
        let scopes = ["write_orders".to_owned(), "read_products".to_owned()];
        assert!(has(&scopes, "read_orders") && has(&scopes, "write_orders"));
        assert!(has(&scopes, "read_products") && !has(&scopes, "read_locations"));
    }
}
