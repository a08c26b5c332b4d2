//! What a shop may offer: a projection of our ledger.

use countertop_domain::ids::VariantId;
use countertop_store::{ChannelPolicy, ChannelRow, Snapshot, StoreError};

use super::connector::Limits;

/// A whole unit, in thousandths.
const UNIT: i64 = 1_000;

/// What a shop is to offer of a variant now, as far as its platform can show it: what lies here, less
/// what open orders will take, less the shop's buffer. Never below nothing. Where a platform's figure is
/// what lies on its shelf, it takes its own open orders off by itself; those of other shops it does not
/// know.
///
/// # Errors
/// The store's.
pub fn offered(
    snapshot: &Snapshot<'_>,
    channel: &ChannelRow,
    variant: VariantId,
    limits: &Limits,
) -> Result<i64, StoreError> {
    let here = snapshot.stock_of(variant)?;
    let reserved = if limits.figure_is_available {
        snapshot.reserved_by_channels(variant)?
    } else {
        snapshot.reserved_by_other_channels(variant, &channel.name)?
    };
    let figure = figure(channel.policy, channel.buffer, here.thousandths(), reserved.thousandths());
    Ok(if limits.counts_parts { figure } else { figure - figure % UNIT })
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
