//! The addresses by which others reach this machine.

use std::net::IpAddr;

/// Addresses of this machine that a tablet may reach, the likeliest first: those of private networks, then
/// the others. Of version 6 only where it is asked for.
pub(super) fn of_this_machine(version_6: bool) -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let own = interfaces.into_iter().map(|interface| interface.ip());
    in_order(own.filter(|ip| version_6 || ip.is_ipv4()))
}

fn in_order(own: impl Iterator<Item = IpAddr>) -> Vec<IpAddr> {
    let mut found: Vec<IpAddr> = own.filter(|ip| is_reached(*ip)).collect();
    found.sort_by_key(|ip| match ip {
        IpAddr::V4(ip) => (!ip.is_private(), 4),
        IpAddr::V6(ip) => (!ip.is_unique_local(), 6),
    });
    found.dedup();
    found
}

/// Not by the machine alone, and without the name of an interface, which no address of a page can hold.
fn is_reached(ip: IpAddr) -> bool {
    let link_local = match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    };
    !(ip.is_loopback() || ip.is_unspecified() || link_local)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::in_order;

    #[test]
    fn the_shops_own_network_comes_first_and_what_nobody_reaches_is_left_out() {
        let own = ["127.0.0.1", "203.0.113.9", "169.254.7.7", "192.168.1.20", "fe80::1", "::1"];
        let found = in_order(own.iter().map(|ip| ip.parse().unwrap()));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["192.168.1.20", "203.0.113.9"]);
    }
}
