//! Tests of `asyncapi`: the file that people and tools read is the description of this very program.

use std::path::Path;

use super::*;

const HEAD: &str = "\
# The socket of Papo, as AsyncAPI 3. Written from the types of the program by a test; to write it anew:
# PAPO_WRITE=1 cargo test asyncapi
";

#[test]
fn the_asyncapi_file_describes_this_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/asyncapi.yaml");
    let text = HEAD.to_owned() + &yaml_serde::to_string(&document()).unwrap();
    if std::env::var_os("PAPO_WRITE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == text,
        "write docs/asyncapi.yaml anew: PAPO_WRITE=1 cargo test asyncapi"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(|to| Some(to.as_str()?.trim_start_matches('#').to_owned())));
                fields.values().for_each(|field| references(field, found));
            }
            _ => {}
        }
    }
    for document in [serde_json::to_value(document()).unwrap(), crate::web::openapi::document().clone()] {
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 20);
        for to in found {
            assert!(document.pointer(&to).is_some(), "{to}");
        }
    }
}
