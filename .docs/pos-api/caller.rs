//! Asks a register for a payment and waits for the result. Needs reqwest (with json), ed25519-dalek,
//! base64, serde_json, uuid, and tokio for the pauses.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, VerifyingKey};
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

type Trouble = Box<dyn std::error::Error>;

/// A register, and who asks it.
pub(crate) struct Caller {
    /// Such as `http://127.0.0.1:7670`.
    pub(crate) register: String,
    /// The app's token.
    pub(crate) token: String,
    /// The app, as the owner registered it.
    pub(crate) client_id: String,
}

impl Caller {
    /// Asks for an amount in cents and waits until there is a reply. `state` makes it the same payment,
    /// however often this is called: after a lost answer, call it again.
    pub(crate) async fn pay(&self, amount: i64, state: &str) -> Result<Value, Trouble> {
        let client = Client::new();
        let requests = format!("{}/v1/payment-requests", self.register);
        let asked = json!({
            "client_id": self.client_id,
            "amount_money": { "amount": amount, "currency_code": "EUR" },
            "state": state,
        });
        let asking = client
            .post(&requests)
            .header("Idempotency-Key", Uuid::new_v4().to_string())
            .json(&asked);
        let mut payment = self.send(asking).await?;
        while payment["reply"].is_null() {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let id = text(&payment["id"])?;
            payment = self.send(client.get(format!("{requests}/{id}"))).await?;
        }
        let keys = self.send(client.get(format!("{}/v1/keys", self.register))).await?;
        let key = URL_SAFE_NO_PAD.decode(text(&keys["keys"][0]["x"])?)?;
        let reply = payment["reply"].take();
        let signature = URL_SAFE_NO_PAD.decode(text(&reply["signature"])?)?;
        VerifyingKey::from_bytes(key.as_slice().try_into()?)?.verify_strict(
            self.canonical(&reply).as_bytes(),
            &Signature::from_slice(&signature)?,
        )?;
        Ok(reply)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Value, Trouble> {
        let answer = request.bearer_auth(&self.token).send().await?;
        let fine = answer.status().is_success();
        let body: Value = answer.json().await?;
        if fine { Ok(body) } else { Err(format!("{}: {}", body["code"], body["detail"]).into()) }
    }

    /// What the register signs.
    fn canonical(&self, reply: &Value) -> String {
        let word = |name: &str| reply[name].as_str().map(str::to_owned);
        let money = |name: &str| {
            let of = reply.get(name)?;
            Some(format!("{} {}", of["amount"], of["currency_code"].as_str()?))
        };
        let mut fields = vec![("client_id", Some(self.client_id.clone()))];
        for name in
            ["request_id", "state", "status", "error_code", "transaction_id", "receipt_number"]
        {
            fields.push((name, word(name)));
        }
        fields.extend(["total_money", "tip_money"].map(|name| (name, money(name))));
        for one in reply["tenders"].as_array().into_iter().flatten() {
            let tender = one["kind"].as_str().map(|kind| format!("{kind} {}", one["amount"]));
            fields.push(("tender", tender));
        }
        let test = reply["sandbox"].as_bool().filter(|test| *test);
        fields.push(("sandbox", test.map(|_| "true".to_owned())));
        let lines = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let lines = lines.map(|(name, value)| format!("{name}={}\n", encode(&value)));
        std::iter::once("countertop-payment-reply-1\n".to_owned()).chain(lines).collect()
    }
}

/// Percent-encoded, as RFC 3986 has it: all but letters, digits and `-._~`.
fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn text(value: &Value) -> Result<&str, Trouble> {
    value.as_str().ok_or_else(|| "the register's answer is not as described".into())
}
