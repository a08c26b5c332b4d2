//! Orders of sales channels, as the API writes and reads them.

use countertop_app::channel_orders::{LineDraft, OrderDraft};
use countertop_app::{App, AppError};
use countertop_domain::basket::BasketError;
use countertop_domain::channel_order::{self, OrderStatus as State};
use countertop_domain::ids::{CustomerId, VariantId};
use countertop_domain::quantity::Quantity;
use countertop_store::ChannelOrderRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::customer_form::Address;
use super::moment::Moment;
use super::money::Amount;

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum OrderStatus {
    /// It came in.
    New,
    /// Somebody fetches its goods.
    Picking,
    /// Its goods lie together.
    Ready,
    /// The customer has it.
    Collected,
    /// It is on its way.
    Shipped,
    /// It came to where it was sent.
    Delivered,
    /// It was given up.
    Cancelled,
}

impl OrderStatus {
    pub(super) const fn read(self) -> State {
        match self {
            Self::New => State::New,
            Self::Picking => State::Picking,
            Self::Ready => State::Ready,
            Self::Collected => State::Collected,
            Self::Shipped => State::Shipped,
            Self::Delivered => State::Delivered,
            Self::Cancelled => State::Cancelled,
        }
    }

    const fn of(state: State) -> Self {
        match state {
            State::New => Self::New,
            State::Picking => Self::Picking,
            State::Ready => Self::Ready,
            State::Collected => Self::Collected,
            State::Shipped => Self::Shipped,
            State::Delivered => Self::Delivered,
            State::Cancelled => Self::Cancelled,
        }
    }
}

/// How the customer gets the goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum HandOver {
    /// They fetch them at the counter.
    Collect,
    /// They are sent or brought.
    Ship,
}

/// Who gets an order.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Recipient {
    /// Their name.
    #[serde(default)]
    #[schema(max_length = 100, example = "Mira Lindqvist")]
    name: String,
    /// To be reached at.
    #[serde(default)]
    #[schema(max_length = 254)]
    email: String,
    /// To be reached at.
    #[serde(default)]
    #[schema(max_length = 40)]
    phone: String,
    /// Where it goes.
    #[serde(default)]
    address: Address,
}

/// A line of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct OrderLine {
    /// Its id.
    id: Uuid,
    /// The variant; not there for what the catalogue does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    variant_id: Option<Uuid>,
    /// Its name.
    name: String,
    /// The shop's own article number.
    #[serde(skip_serializing_if = "Option::is_none")]
    sku: Option<String>,
    /// How much.
    #[schema(example = "2")]
    quantity: String,
    /// What the channel asks for one unit.
    unit_price: Amount,
}

/// An order of a sales channel.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Order {
    /// Its id.
    pub(super) id: Uuid,
    /// Which channel.
    channel: String,
    /// What the channel calls it.
    external_id: String,
    /// What the customer was told.
    number: String,
    /// How far it is.
    status: OrderStatus,
    /// How the customer gets it.
    hand_over: HandOver,
    /// Whether it is paid.
    paid: bool,
    /// The held order that waits at the till to be paid. Once it was paid, the sale has its lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_order_id: Option<Uuid>,
    /// Whose.
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<Uuid>,
    /// Who gets it.
    recipient: Recipient,
    /// The goods.
    lines: Vec<OrderLine>,
    /// What it comes to, with taxes and shipping.
    total: Amount,
    /// For the shop.
    note: String,
    /// The parcel's number.
    tracking: String,
    /// When the customer ordered.
    ordered_at: Moment,
    /// When it came in.
    created_at: Moment,
    /// When it last changed.
    updated_at: Moment,
}

impl Order {
    pub(super) fn of(row: ChannelOrderRow) -> Self {
        let channel_order::OrderBody {
            number,
            hand_over,
            lines,
            total,
            recipient,
            note,
            tracking,
            ordered_ms,
            ..
        } = row.body;
        Self {
            id: row.id.uuid(),
            channel: row.channel,
            external_id: row.external_id,
            number,
            status: OrderStatus::of(row.status),
            hand_over: match hand_over {
                channel_order::HandOver::Collect => HandOver::Collect,
                channel_order::HandOver::Ship => HandOver::Ship,
            },
            paid: row.paid,
            held_order_id: row.held.map(|held| held.uuid()),
            customer_id: row.customer.map(|customer| customer.uuid()),
            recipient: Recipient {
                name: recipient.name,
                email: recipient.email,
                phone: recipient.phone,
                address: recipient.address.into(),
            },
            lines: lines
                .into_iter()
                .map(|line| OrderLine {
                    id: line.id.uuid(),
                    variant_id: line.variant.map(|variant| variant.uuid()),
                    name: line.name,
                    sku: line.sku,
                    quantity: line.quantity.to_string(),
                    unit_price: line.unit_price.into(),
                })
                .collect(),
            total: total.into(),
            note,
            tracking,
            ordered_at: Moment::of(ordered_ms),
            created_at: Moment::of(row.created_ms),
            updated_at: Moment::of(row.updated_ms),
        }
    }
}

/// A line of an order that comes in: named by variant, by sku or by barcode, or with a name of its own.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderLineInput {
    /// The variant.
    #[serde(default)]
    variant_id: Option<Uuid>,
    /// Or the shop's own article number.
    #[serde(default)]
    #[schema(max_length = 100)]
    sku: Option<String>,
    /// Or a barcode.
    #[serde(default)]
    #[schema(max_length = 100)]
    barcode: Option<String>,
    /// As the channel calls it; needed for what the catalogue does not know.
    #[serde(default)]
    #[schema(max_length = 100, example = "Gift wrapping")]
    name: Option<String>,
    /// How much.
    #[schema(pattern = r"^[0-9]{1,9}(\.[0-9]{1,3})?$", example = "2")]
    quantity: String,
    /// What the channel asks for one unit, with or without tax as the shop's own prices are; none for
    /// the catalogue's.
    #[serde(default)]
    unit_price: Option<Amount>,
    /// The class of tax of what the catalogue does not know; none for the usual.
    #[serde(default)]
    #[schema(max_length = 100)]
    tax_class: Option<String>,
}

/// An order that comes in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "channel": "webshop", "external_id": "gid-1042", "number": "#1042", "hand_over": "ship",
    "paid": true, "recipient": { "name": "Mira Lindqvist" },
    "lines": [{ "name": "Gift wrapping", "quantity": "1",
                "unit_price": { "amount": 250, "currency": "EUR" } }]
}))]
pub(super) struct OrderInput {
    /// Which channel.
    #[schema(min_length = 1, max_length = 40)]
    channel: String,
    /// What the channel calls it: one order for each name in a channel.
    #[schema(min_length = 1, max_length = 100)]
    external_id: String,
    /// What the customer was told; none for the external id.
    #[serde(default)]
    #[schema(max_length = 100)]
    number: String,
    /// How the customer gets it.
    hand_over: HandOver,
    /// Whether it is paid. One that is not, and is to be collected, waits at the till to be paid.
    paid: bool,
    /// Whose.
    #[serde(default)]
    customer_id: Option<Uuid>,
    /// Who gets it.
    #[serde(default)]
    recipient: Recipient,
    /// The goods.
    #[schema(min_items = 1, max_items = 200)]
    lines: Vec<OrderLineInput>,
    /// What it comes to in the channel, with taxes and shipping; none for the sum of the lines.
    #[serde(default)]
    total: Option<Amount>,
    /// For the shop.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
    /// When the customer ordered; none for now.
    #[serde(default)]
    ordered_at: Option<Moment>,
}

impl OrderInput {
    pub(super) fn read(self, app: &App) -> Result<OrderDraft, AppError> {
        let mut lines = Vec::new();
        for line in self.lines {
            let quantity = Quantity::parse(&line.quantity).map_err(BasketError::from)?;
            lines.push(LineDraft {
                variant: line.variant_id.map(VariantId::new),
                sku: line.sku,
                barcode: line.barcode,
                name: line.name,
                quantity: quantity.thousandths(),
                unit_price: line.unit_price.map(|price| price.minor(app)).transpose()?,
                tax_class: line.tax_class,
            });
        }
        let Recipient { name, email, phone, address } = self.recipient;
        Ok(OrderDraft {
            channel: self.channel,
            external_id: self.external_id,
            number: self.number,
            hand_over: match self.hand_over {
                HandOver::Collect => channel_order::HandOver::Collect,
                HandOver::Ship => channel_order::HandOver::Ship,
            },
            paid: self.paid,
            customer: self.customer_id.map(CustomerId::new),
            recipient: channel_order::Recipient { name, email, phone, address: address.into() },
            note: self.note,
            lines,
            total: self.total.map(|total| total.minor(app)).transpose()?,
            ordered_ms: self.ordered_at.map(Moment::ms),
        })
    }
}
