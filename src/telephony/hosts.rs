//! From where a file may be fetched: hosts by name, and addresses of the web at large; of a private network those alone
//! that an admin has listed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;
use url::Host;

/// Hosts as an admin listed them: a name, `*.` and a name for whatever stands below it, or an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// One entry in its normal form; `None` for what is no host.
    pub fn parse(text: &str) -> Option<String> {
        let text = text.trim();
        let (wild, name) = text.strip_prefix("*.").map_or(("", text), |name| ("*.", name));
        let bracketed = format!("[{name}]");
        let name = if name.parse::<Ipv6Addr>().is_ok() { &bracketed } else { name };
        match Host::parse(name.trim_end_matches('.')).ok()? {
            Host::Domain(name) if is_name(&name) => Some(format!("{wild}{name}")),
            host @ (Host::Ipv4(_) | Host::Ipv6(_)) if wild.is_empty() => Some(host.to_string()),
            _ => None,
        }
    }

    /// Entries that [`Hosts::parse`] made.
    pub fn of(entries: Vec<String>) -> Self {
        Self(entries)
    }

    /// The host of this address alone.
    pub fn of_url(url: &Url) -> Self {
        Self(url.host_str().map(str::to_owned).into_iter().collect())
    }

    /// Whether this address is at one of them.
    pub fn have(&self, url: &Url) -> bool {
        let Some(host) = url.host_str().map(|host| host.trim_end_matches('.')) else { return false };
        self.0.iter().any(|entry| match entry.strip_prefix('*') {
            Some(ending) => host.len() > ending.len() && host.ends_with(ending),
            None => host == entry,
        })
    }

    /// Whether a connection may be made to this address: a public one, or one that is listed itself.
    pub fn admit(&self, address: IpAddr) -> bool {
        let written = match address {
            IpAddr::V4(address) => Host::<String>::Ipv4(address).to_string(),
            IpAddr::V6(address) => Host::<String>::Ipv6(address).to_string(),
        };
        is_public(address) || self.0.contains(&written)
    }
}

/// As names of hosts are made; in a list, `*` stands before them alone.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// Whether it is an address of the Internet at large: whatever is set apart for another use is not.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.segments() {
            // What a translator makes of an IPv4 address.
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
            }
            // Documentation, and what carries an IPv4 address to somebody who unpacks it.
            [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
            [0x2002, ..] | [0x3fff, ..] => false,
            [first, ..] => (0x2000..0x4000).contains(&first),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_apart = match address.octets() {
        [0 | 127, ..] | [192, 0, 0, _] | [240..=255, ..] => true,
        [100, second, ..] => second & 0xc0 == 64,
        [198, second, ..] => second & 0xfe == 18,
        _ => false,
    };
    !is_apart
        && !address.is_private()
        && !address.is_link_local()
        && !address.is_documentation()
        && !address.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(entries: &[&str]) -> Hosts {
        Hosts::of(entries.iter().map(|entry| Hosts::parse(entry).unwrap()).collect())
    }

    #[test]
    fn a_host_is_one_of_them_by_its_whole_name() {
        let hosts = hosts(&["PBX.Example.org.", "*.records.example", "10.1.2.3", "::1"]);
        let have = |url: &str| hosts.have(&Url::parse(url).unwrap());
        for url in
            ["http://pbx.example.org/a", "https://a.b.records.example:8443/", "http://10.1.2.3/", "http://[::1]/"]
        {
            assert!(have(url), "{url}");
        }
        for url in [
            "http://example.org/",
            "http://xpbx.example.org/",
            "http://records.example/",
            "http://evilrecords.example/",
            "http://pbx.example.org.evil.example/",
            "http://10.1.2.4/",
        ] {
            assert!(!have(url), "{url}");
        }
        for entry in ["", "*", "*.", "a/b", "*.10.1.2.3", "a b", "http://a"] {
            assert_eq!(Hosts::parse(entry), None, "{entry}");
        }
    }

    /// R38: no address of a private network, however it is written, unless it is listed.
    #[test]
    fn r38_only_public_addresses_and_listed_ones_are_admitted() {
        let nobody = Hosts::default();
        for public in ["8.8.8.8", "93.184.216.34", "100.128.0.1", "2a00:1450:4010::8a", "64:ff9b::808:808"] {
            assert!(nobody.admit(public.parse().unwrap()), "{public}");
        }
        let apart = [
            "0.0.0.0",
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2001::1",
            "64:ff9b::7f00:1",
            "fec0::1",
        ];
        for address in apart {
            assert!(!nobody.admit(address.parse().unwrap()), "{address}");
        }
        let listed = hosts(&["127.0.0.1", "fc00::1"]);
        assert!(listed.admit("127.0.0.1".parse().unwrap()) && listed.admit("fc00::1".parse().unwrap()));
        assert!(!listed.admit("127.0.0.2".parse().unwrap()));
    }
}
