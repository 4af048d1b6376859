//! Floor 1 · `settings`: an origin, which is where a page comes from: scheme, host and port.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

/// A web origin in its canonical form, such as `https://papo.example` or `http://localhost:8080`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// Not an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an origin is http:// or https:// with a host and nothing behind it, such as https://papo.example")]
pub struct OriginError;

impl Origin {
    /// Whether its pages come by TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// As browsers write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port, as in a `Host` header.
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let text = text.trim().to_ascii_lowercase();
        let (scheme, rest) = text.split_once("://").ok_or(OriginError)?;
        let default_port = match scheme {
            "http" => ":80",
            "https" => ":443",
            _ => return Err(OriginError),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        // Browsers leave the usual port out.
        let authority = authority.strip_suffix(default_port).unwrap_or(authority);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let legal_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0 && port == number.to_string()));
        if !is_host(host) || !legal_port {
            return Err(OriginError);
        }
        Ok(Self(format!("{scheme}://{authority}")))
    }
}

/// Whether `host` is a name, an IPv4 address, or an IPv6 address in brackets.
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.strip_suffix(']').is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    host.split('.').all(|label| !label.is_empty() && label.chars().all(legal))
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_one_spelling() {
        for (given, canonical) in [
            ("https://Papo.Example/", "https://papo.example"),
            ("https://papo.example:443", "https://papo.example"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(given.parse::<Origin>().unwrap().as_str(), canonical);
        }
        for bad in ["", "null", "*", "papo.example", "ftp://a", "https://", "https://a/b", "https://a@b", "https://a b"] {
            assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
        }
        for bad in ["https://..", "https://[", "https://[a]", "https://[::1", "https://a:b", "https://a:1:2", "https://a:0"] {
            assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
        }
        for bad in
            ["https://a:", "https://:1", "https://a:65536", "https://a:080", "https://a..b", "https://::1", "https://[::1]a"]
        {
            assert!(bad.parse::<Origin>().is_err(), "{bad:?}");
        }
    }
}
