//! Tests of `web/pages`.
