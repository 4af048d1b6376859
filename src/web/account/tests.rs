//! Tests of `web/account`.
