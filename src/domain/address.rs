//! Addresses on the net.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// What one network of a client has: an IPv4 address, or the 64 bits that a provider gives to one customer.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}

/// `203.0.113.0/24`, or one address.
pub fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse::<IpNet>().ok().or_else(one).map(|network| network.trunc())
}
