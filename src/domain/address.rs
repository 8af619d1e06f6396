//! Addresses on the net.

use std::net::{IpAddr, Ipv6Addr};

/// What one network of a client has: an IPv4 address, or the 64 bits that a provider gives to one customer.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        address => address,
    }
}
