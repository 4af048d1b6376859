//! Floor 1 · `settings`: how settings look in a record: without secrets.

use std::fmt;

use super::{Settings, Storage};
use crate::names::RoomName;

impl fmt::Debug for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rooms: Vec<&str> = self.rooms.iter().map(RoomName::title).collect();
        out.debug_struct("Settings")
            .field("reach", &self.reach)
            .field("storage", &self.storage)
            .field("bounds", &self.bounds)
            .field("guests", &self.guests)
            .field("rooms", &rooms)
            .field("log", &self.log)
            .field("log_level", &self.log_level)
            .field("traffic", &self.traffic)
            .field("metrics", &self.metrics)
            .field("secret_key", &self.secret_key.as_ref().map(|_| "hidden"))
            .finish()
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Storage")
            .field("data_dir", &self.data_dir)
            .field("uploads_dir", &self.uploads_dir)
            .field("database_url", &self.database_url.as_ref().map(|_| "hidden"))
            .field("synchronous", &self.synchronous)
            .field("secret_key_file", &self.secret_key_file)
            .finish()
    }
}
