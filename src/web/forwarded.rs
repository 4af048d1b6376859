//! Floor 8 · `web/forwarded`: what a proxy in front says of a request. It counts only from a trusted proxy.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::{FORWARDED, HOST, HeaderMap, HeaderName};

use crate::settings::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// How a browser came here, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// By TLS.
    pub https: bool,
    /// As what the server was asked; may be empty.
    pub host: &'a str,
}

/// Whose request this is: the peer, unless that is one of the `trusted` proxies; then the right-most hop that is none.
/// Every proxy adds whom it was asked by on the right, so what stands left of that hop may be invented. HARDENING 36.
///
/// A hop that cannot be read is nobody: the proxy that speaks of it counts then. An unknown peer is one of its own,
/// which all such requests share.
pub fn client(request: &HttpRequest, trusted: &[Network]) -> IpAddr {
    let peer = peer(request);
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let headers = request.headers();
    let of = |chain: Vec<Hop>| right_most_untrusted(peer, &chain, trusted);
    match (headers.contains_key(X_FORWARDED_FOR), headers.contains_key(FORWARDED)) {
        (true, false) => of(x_forwarded_for(headers)),
        (false, true) => of(forwarded(headers)),
        // A proxy that writes one of them lets the other through as its client wrote it: they count where they agree.
        (true, true) => Some(of(x_forwarded_for(headers))).filter(|client| *client == of(forwarded(headers))).unwrap_or(peer),
        (false, false) => peer,
    }
}

/// How the browser of `request` came: to us, who speak no TLS, or to the `trusted` proxy in front.
pub fn asked<'a>(request: &'a HttpRequest, trusted: &[Network]) -> Asked<'a> {
    let headers = request.headers();
    // Where the header is missing, HTTP/1.0 has none and HTTP/2 an authority.
    let authority = || request.uri().authority().map(actix_web::http::uri::Authority::as_str);
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).or_else(authority).unwrap_or_default();
    if !is_trusted(peer(request), trusted) {
        return Asked { https: false, host };
    }
    Asked {
        https: only(headers, &X_FORWARDED_PROTO).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")),
        host: only(headers, &X_FORWARDED_HOST).unwrap_or(host),
    }
}

/// What a hop says of who asked it; `None` where that is no address.
type Hop = Option<IpAddr>;

fn peer(request: &HttpRequest) -> IpAddr {
    request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical())
}

fn is_trusted(address: IpAddr, trusted: &[Network]) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

fn right_most_untrusted(peer: IpAddr, chain: &[Hop], trusted: &[Network]) -> IpAddr {
    let mut client = peer;
    for hop in chain.iter().rev() {
        let Some(address) = *hop else { break };
        client = address;
        if !is_trusted(address, trusted) {
            break;
        }
    }
    client
}

/// The one value of a header; nothing if there are several, because then it is not clear whose word it is.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name);
    let value = values.next()?.to_str().ok()?.trim();
    (values.next().is_none() && !value.is_empty() && !value.contains(',')).then_some(value)
}

/// The hops of `X-Forwarded-For`, left to right over all of its lines. Empty places are no hops (RFC 9110 §5.6.1).
fn x_forwarded_for(headers: &HeaderMap) -> Vec<Hop> {
    let lines = lines(headers, X_FORWARDED_FOR);
    let hops = lines.iter().flat_map(|line| line.split(','));
    hops.map(str::trim).filter(|hop| !hop.is_empty()).map(address).collect()
}

/// The hops of `Forwarded` (RFC 7239), left to right over all of its lines.
///
/// A line that is not well formed to its end is one hop that cannot be read: with a quote that is left open, a client could
/// swallow what the proxy writes after it.
fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    lines(headers, FORWARDED).iter().flat_map(|line| elements(line).unwrap_or_else(|| vec![None])).collect()
}

/// All lines of a header. A byte that is no text spoils the hop it stands in, not those beside it.
fn lines(headers: &HeaderMap, name: HeaderName) -> Vec<Cow<'_, str>> {
    headers.get_all(name).map(|line| String::from_utf8_lossy(line.as_bytes())).collect()
}

/// The hops of one line of `Forwarded`: `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"`. `None` if it is not well formed.
fn elements(line: &str) -> Option<Vec<Hop>> {
    let mut chain = Vec::new();
    let mut rest = line.trim();
    // What the element at hand says; `None` until it says something.
    let mut element: Option<Hop> = None;
    loop {
        if !rest.is_empty() && !rest.starts_with([',', ';']) {
            let (name, after) = rest.split_once('=').filter(|(name, _)| is_token(name))?;
            let (value, after) = value(after)?;
            let hop = element.get_or_insert(None);
            if name.eq_ignore_ascii_case("for") {
                *hop = address(&value);
            }
            rest = after.trim_start();
        }
        // Elements that say nothing are no hops, as above.
        if !rest.starts_with(';') {
            chain.extend(element.take());
        }
        rest = match rest.chars().next() {
            None => return Some(chain),
            Some(',' | ';') => rest[1..].trim_start(),
            // Something behind a closing quote.
            Some(_) => return None,
        };
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// A token or a quoted string (RFC 9110 §5.6), and what stands behind it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ';', '"', ' ', '\t']).unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            plain => value.push(plain),
        }
    }
    None
}

/// The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`.
fn address(text: &str) -> Hop {
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    let address = text.parse().ok().or_else(bracketed).or_else(with_port)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests;
