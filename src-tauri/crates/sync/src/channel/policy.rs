//! What a shop may offer: a projection of our ledger.

use countertop_domain::ids::VariantId;
use countertop_domain::quantity::Quantity;
use countertop_store::{ChannelPolicy, ChannelRow, Snapshot, StoreError};

/// What a shop is to offer of a variant now: what lies here, less what open orders of all shops will
/// take, less the shop's buffer. Never below nothing. `on_shelf` leaves out the orders, for platforms
/// that take them off themselves.
///
/// # Errors
/// The store's.
pub fn offered(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    variant: VariantId,
    on_shelf: bool,
) -> Result<i64, StoreError> {
    let here = snapshot.stock_of(variant)?;
    let reserved =
        if on_shelf { Quantity::default() } else { snapshot.reserved_by_channels(variant)? };
    Ok(figure(channel.policy, channel.buffer, here.thousandths(), reserved.thousandths()))
}

fn figure(policy: ChannelPolicy, buffer: i64, here: i64, reserved: i64) -> i64 {
    let buffer = if policy == ChannelPolicy::Split { buffer } else { 0 };
    here.saturating_sub(reserved).saturating_sub(buffer).max(0)
}

#[cfg(test)]
mod tests {
    use countertop_store::ChannelPolicy;

    use super::figure;

    #[test]
    fn a_shop_offers_what_is_here_and_not_promised_less_its_buffer() {
        assert_eq!(figure(ChannelPolicy::Till, 2_000, 5_000, 1_000), 4_000);
        assert_eq!(figure(ChannelPolicy::Split, 2_000, 5_000, 1_000), 2_000);
        assert_eq!(figure(ChannelPolicy::Split, 2_000, 2_000, 1_000), 0);
        assert_eq!(figure(ChannelPolicy::Till, 0, -3_000, 0), 0);
        assert_eq!(figure(ChannelPolicy::Split, i64::MAX, i64::MIN, i64::MAX), 0);
    }
}
