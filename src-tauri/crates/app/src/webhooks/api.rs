//! Webhooks for the open API, whose callers are programs: they see only those that they made.

use countertop_domain::ids::WebhookId;
use countertop_store::DeliveryState;

use super::{
    NO_DELIVERY, delivery_view, find, list, page, redeliver, remove_if, rotate, save_if, view,
};
use crate::app::{App, Caller};
use crate::error::AppError;
use crate::wire::{
    DeliveryList, DeliveryView, Nothing, Redeliver, SaveWebhook, WebhookRequest, WebhookSaved,
    WebhookView,
};

impl App {
    /// The caller's webhooks, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn webhooks(&self, caller: &Caller) -> Result<Vec<WebhookView>, AppError> {
        Ok(list(self, caller, Nothing {})?.webhooks)
    }

    /// One webhook.
    ///
    /// # Errors
    /// There is none, or it is not the caller's.
    pub fn webhook(&self, caller: &Caller, id: WebhookId) -> Result<WebhookView, AppError> {
        self.store.read(|snapshot| {
            let hook = find(snapshot, caller, id)?;
            view(snapshot, &hook)
        })
    }

    /// Adds a webhook under an id. If the caller has one under it already, the answer has no secret:
    /// the same request made it before.
    ///
    /// # Errors
    /// The name, the address, the types or the certificate are refused, or there are too many.
    pub fn add_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        request: SaveWebhook,
    ) -> Result<WebhookSaved, AppError> {
        save_if(self, caller, id, SaveWebhook { id: None, ..request }, |_| Ok(()))
    }

    /// Sets the webhook `id` anew, if `may` agrees to it as it is now.
    ///
    /// # Errors
    /// There is none, the name, the address, the types or the certificate are refused, or what `may`
    /// says.
    pub fn set_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        request: SaveWebhook,
        may: impl FnOnce(&WebhookView) -> Result<(), AppError> + Send + 'static,
    ) -> Result<WebhookSaved, AppError> {
        save_if(self, caller, id, SaveWebhook { id: Some(id), ..request }, may)
    }

    /// Removes a webhook and its messages, if `may` agrees.
    ///
    /// # Errors
    /// There is none, or what `may` says.
    pub fn remove_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        may: impl FnOnce(&WebhookView) -> Result<(), AppError> + Send + 'static,
    ) -> Result<(), AppError> {
        remove_if(self, caller, id, may)
    }

    /// Gives a webhook a new secret; the old one signs beside it for a day.
    ///
    /// # Errors
    /// There is none.
    pub fn rotate_webhook(&self, caller: &Caller, id: WebhookId) -> Result<WebhookSaved, AppError> {
        rotate(self, caller, WebhookRequest { webhook_id: id })
    }

    /// A page of a webhook's messages before a place, the newest first: those in a state, or all.
    ///
    /// # Errors
    /// There is no such webhook.
    pub fn webhook_deliveries(
        &self,
        caller: &Caller,
        id: WebhookId,
        state: Option<DeliveryState>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<DeliveryList, AppError> {
        page(self, caller, id, state, before.unwrap_or(i64::MAX), limit)
    }

    /// Has a message sent once more; says how it is now.
    ///
    /// # Errors
    /// There is no such webhook or message.
    pub fn redeliver_webhook(
        &self,
        caller: &Caller,
        id: WebhookId,
        event: &str,
    ) -> Result<DeliveryView, AppError> {
        let request = Redeliver { webhook_id: id, event_id: Some(event.to_owned()) };
        redeliver(self, caller, request)?;
        let found = self.store.read::<_, AppError>(|s| Ok(s.delivery(id, event)?))?;
        found.as_ref().map(delivery_view).ok_or(NO_DELIVERY)
    }
}
