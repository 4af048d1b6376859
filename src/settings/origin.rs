//! Floor 1 · `settings`: an origin, which is where a page comes from: scheme, host and port.

use std::fmt;
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
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        if authority.is_empty() || !authority.chars().all(legal) {
            return Err(OriginError);
        }
        Ok(Self(format!("{scheme}://{authority}")))
    }
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
    }
}
