//! Tests of `web/uploads`.
