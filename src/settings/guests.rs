//! Floor 1 · `settings`: who may be here without an account, and do what.

use clap::Args;

/// What people without an account may do.
#[derive(Clone, Debug, Args)]
pub struct Guests {
    /// Lets people in with a user name and nothing else
    #[arg(long = "guests", env = "PAPO_GUESTS")]
    pub allowed: bool,
    /// Lets guests send files, too
    #[arg(long = "guest-uploads", env = "PAPO_GUEST_UPLOADS")]
    pub uploads: bool,
}

impl Guests {
    /// Whether someone may send files who is, or is not, a guest.
    pub fn may_send_files(&self, guest: bool) -> bool {
        !guest || self.uploads
    }
}
