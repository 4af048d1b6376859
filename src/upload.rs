//! Floor 1 · `upload`: a file that was sent in, as everyone speaks of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where uploads are found: `/static/<name>`.
pub const ADDRESS: &str = "/static/";

/// Whether a page may show it by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A picture of a type every browser shows, measured.
    Image,
    /// Anything else: to be downloaded.
    File,
}

/// An upload within a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// Its address on this server.
    pub url: String,
    /// The name its owner gave it.
    pub name: String,
    /// Its size.
    pub bytes: i64,
    /// Its type, as its content shows.
    pub mime: String,
    /// What it is; a message lists images and files apart, so it does not say it again.
    #[doc(hidden)]
    #[serde(skip_serializing, default = "file")]
    pub kind: Kind,
    /// Width of an image, in pixels.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub width: Option<i64>,
    /// Height of an image, in pixels.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub height: Option<i64>,
    /// The address of its thumbnail, if it has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(nullable = false)]
    pub thumb: Option<String>,
}

const fn file() -> Kind {
    Kind::File
}

/// The stored name in an address, if it is an address of an upload.
pub fn stored_name(address: &str) -> Option<&str> {
    let name = address.strip_prefix(ADDRESS)?;
    let clean = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    (!name.is_empty() && name.len() <= 80 && !name.starts_with('.') && name.chars().all(clean)).then_some(name)
}
