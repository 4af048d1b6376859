//! Floor 9 · `health`: `papo health` asks the server of the same settings whether it is ready, for whoever watches over it.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use crate::settings::Settings;

/// How long the server may take for each step of the answer. It gives its database and its lobby 5 s and 2 s.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Most bytes of an answer that are read: its first line is enough.
const ANSWER_BYTES_MAX: u64 = 4096;

/// Asks `/readyz` where the server of `settings` listens. It is looked for on this machine.
///
/// # Errors
/// Why it is not ready, in one sentence.
pub fn ask(settings: &Settings) -> Result<(), String> {
    let address = reachable(settings.reach.listen);
    if address.port() == 0 {
        return Err("port 0 is another one at each start: say with --listen which one to ask".into());
    }
    match status(address) {
        Ok(Some(200)) => Ok(()),
        Ok(Some(503)) => Err(format!("papo on {address} answers, and is not ready")),
        Ok(_) => Err(format!("what answers on {address} is not papo")),
        Err(error) => Err(format!("papo does not answer on {address}: {error}")),
    }
}

/// Where to ask who listens on `address`: nobody can be asked on all addresses at once.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// The status of the answer; `None` if it is not HTTP.
fn status(address: SocketAddr) -> io::Result<Option<u16>> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
    let status = answer.strip_prefix(b"HTTP/1.1 ").and_then(|rest| str::from_utf8(rest.get(..3)?).ok());
    Ok(status.and_then(|status| status.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_asked_here() {
        for (listened, asked) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("10.0.0.1:80", "10.0.0.1:80"), ("[::1]:80", "[::1]:80")]
        {
            assert_eq!(reachable(listened.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
