//! Floor 0 · `open_files`: how many files, and so sockets, this process may have open.

use rustix::process::{Resource, getrlimit, setrlimit};

/// What is open besides sockets: the database and its connections, the listener, files on their way out.
pub const SPARE: u64 = 256;

/// Raises the limit to what the system allows this process; the limit from then on, `None` if there is none.
///
/// Shells and service managers start programs with 1,024, for the sake of those that cannot count further.
pub fn raise_limit() -> Option<u64> {
    let limit = getrlimit(Resource::Nofile);
    let raised = rustix::process::Rlimit { current: limit.maximum, ..limit };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_what_the_system_allows() {
        let allowed = getrlimit(Resource::Nofile).maximum;
        assert_eq!(raise_limit(), allowed);
        assert_eq!(getrlimit(Resource::Nofile).current, allowed);
    }
}
