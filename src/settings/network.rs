//! Floor 1 · `settings`: an address or a network in CIDR form, such as `127.0.0.1` or `10.0.0.0/8`.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net};

/// How many bits of an IPv6 address say that IPv4 follows: all of that is `::ffff:0:0/96`.
const MAPPED_BITS: u8 = 96;

/// Addresses that begin alike. IPv4 within IPv6 (`::ffff:10.0.0.1`) is IPv4, here and in what it is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

/// Not a network, or everyone's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Neither an address nor a network.
    #[error("this is an address or a network, such as 127.0.0.1, 10.0.0.0/8 or fd00::/8")]
    Malformed,
    /// The network of all addresses.
    #[error("this is everyone's network: name the addresses of the proxies themselves")]
    Everyone,
}

impl Network {
    /// Whether `address` is in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let text = text.trim();
        let network = match text.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address.to_canonical()),
            Err(_) => text.parse::<IpNet>().map_err(|_| NetworkError::Malformed)?,
        };
        let network = match (network.addr().to_canonical(), network.prefix_len()) {
            (IpAddr::V4(address), bits) if network.addr().is_ipv6() && bits >= MAPPED_BITS => {
                IpNet::V4(Ipv4Net::new_assert(address, bits - MAPPED_BITS))
            }
            _ => network,
        };
        if network.prefix_len() == 0 { Err(NetworkError::Everyone) } else { Ok(Self(network.trunc())) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_an_address_or_cidr_and_never_everyone() {
        for (given, canonical) in [
            ("127.0.0.1", "127.0.0.1/32"),
            (" 10.1.2.3/8 ", "10.0.0.0/8"),
            ("::1", "::1/128"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("::ffff:10.0.0.1", "10.0.0.1/32"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ] {
            assert_eq!(given.parse::<Network>().unwrap().to_string(), canonical);
        }
        for bad in ["", "proxy", "*", "10.0.0.0/33", "10.0.0", "10.0.0.1:80", "::1/129", "fe80::1%eth0", "10.0.0.0/-1"] {
            assert_eq!(bad.parse::<Network>(), Err(NetworkError::Malformed), "{bad:?}");
        }
        for everyone in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "10.0.0.1/0"] {
            assert_eq!(everyone.parse::<Network>(), Err(NetworkError::Everyone), "{everyone:?}");
        }
    }

    #[test]
    fn an_address_is_the_same_in_either_writing() {
        let inside = |network: &str, address: &str| network.parse::<Network>().unwrap().contains(address.parse().unwrap());
        assert!(inside("10.0.0.0/8", "10.9.8.7") && inside("10.0.0.0/8", "::ffff:10.9.8.7"));
        assert!(inside("::ffff:10.0.0.0/104", "10.9.8.7") && inside("fd00::/8", "fd12::1"));
        assert!(!inside("10.0.0.0/8", "11.0.0.1") && !inside("10.0.0.0/8", "::10.0.0.1") && !inside("127.0.0.1", "127.0.0.2"));
    }
}
