//! Floor 8 · `web/refusals`: how the description of a route tells what it refuses: its codes, gathered by status.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use utoipa::PartialSchema as _;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{AllOfBuilder, Object, ObjectBuilder, Type};
use utoipa::openapi::{Content, HeaderBuilder, HttpMethod, Ref, RefOr, Response, ResponseBuilder, Schema};

use super::problem::PROBLEM_JSON;
use crate::codes::Code;

/// Where the description of a handler lists the codes that are its own:
/// `extensions(("x-refusals" = json!([Code::UsernameTaken])))`. What is published has responses in its place.
const OWN: &str = "x-refusals";

/// Describes what `operation` refuses: its own codes, and those that follow from what it is.
pub(super) fn describe(operation: &mut Operation, method: &HttpMethod, for_everyone: bool) {
    let own = operation.extensions.as_mut().and_then(|extensions| extensions.remove(OWN));
    let own: Vec<Code> = own.map(|codes| serde_json::from_value(codes).expect("x-refusals lists codes")).unwrap_or_default();
    let mut codes: BTreeMap<u16, BTreeSet<Code>> = BTreeMap::new();
    let mut add = |status: u16, code: Code| {
        codes.entry(status).or_default().insert(code);
    };
    for code in own.into_iter().chain([Code::Internal]) {
        add(code.status(), code);
    }
    if !for_everyone {
        add(401, Code::Unauthenticated);
    }
    if !matches!(method, HttpMethod::Get | HttpMethod::Head) {
        // Another site's page.
        add(403, Code::Forbidden);
    }
    let is_query = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(one) if one.parameter_in == ParameterIn::Query);
    if operation.parameters.iter().flatten().any(is_query) {
        add(400, Code::Invalid);
    }
    if operation.request_body.is_some() {
        // A body that cannot be read, is too large, or of another type.
        for (status, code) in [(400, Code::Invalid), (413, Code::TooLarge), (415, Code::Invalid)] {
            add(status, code);
        }
    }
    for (status, codes) in codes {
        operation.responses.responses.entry(status.to_string()).or_insert_with(|| response(status, &codes).into());
    }
}

/// The problem that says one of `codes`.
pub(super) fn response(status: u16, codes: &BTreeSet<Code>) -> Response {
    let says: Vec<String> = codes.iter().map(|code| format!("`{}`: {}", code.name(), code.sentence())).collect();
    let narrow = ObjectBuilder::new()
        .property("status", one_of(Type::Integer, [status.into()]))
        .property("code", one_of(Type::String, codes.iter().map(|code| code.name().into())));
    let schema = AllOfBuilder::new().item(Ref::from_schema_name("Problem")).item(narrow);
    let mut response = ResponseBuilder::new()
        .description(says.join(" "))
        .content(PROBLEM_JSON, Content::new(Some(Schema::from(schema.build()))));
    for (name, says) in headers(status) {
        let value = if *name == "Retry-After" { u64::schema() } else { String::schema() };
        response = response.header(*name, HeaderBuilder::new().schema(Some(value)).description(Some(*says)).build());
    }
    response.build()
}

fn one_of(r#type: Type, values: impl IntoIterator<Item = Value>) -> Object {
    ObjectBuilder::new().schema_type(r#type).enum_values(Some(values)).build()
}

/// The headers that every answer of this status brings, and what they say.
fn headers(status: u16) -> &'static [(&'static str, &'static str)] {
    match status {
        401 => &[("WWW-Authenticate", "`Bearer`")],
        405 => &[("Allow", "The methods of this address")],
        429 | 503 => &[("Retry-After", "Seconds to wait before trying again")],
        _ => &[],
    }
}
