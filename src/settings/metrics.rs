//! Floor 1 · `settings`: who may read what the server counts of itself.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use secrecy::SecretString;

/// Who may read what the server counts of itself.
#[derive(Clone, Args)]
pub struct Metrics {
    /// Who may read /metrics without a token: whoever connects from this machine itself and not by way of a proxy, everyone, or nobody at all
    #[arg(long = "metrics", env = "PAPO_METRICS", value_enum, default_value = "local")]
    pub readers: Readers,
    /// The file with a token of at least 16 visible ASCII characters that opens /metrics from anywhere [default: none]
    #[arg(long = "metrics-token-file", env = "PAPO_METRICS_TOKEN_FILE", value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The token itself, from `PAPO_METRICS_TOKEN`: never a flag, because everyone on a machine sees flags.
    #[arg(skip)]
    pub token: Option<SecretString>,
}

/// Who may read without a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Readers {
    /// Whoever connects from this machine itself.
    Local,
    /// Everyone.
    All,
    /// Nobody, with a token neither.
    Off,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Metrics")
            .field("readers", &self.readers)
            .field("token_file", &self.token_file)
            .field("token", &self.token.as_ref().map(|_| "hidden"))
            .finish()
    }
}
