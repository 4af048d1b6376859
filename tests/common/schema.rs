//! A document of schemas that values are held against. Schemas are compiled when they are first needed, once per process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};

/// The document, closed: what it does not tell of is a fault.
pub struct Document {
    text: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Document {
    pub fn new(text: &Value) -> Self {
        Self { text: closed(text, text), compiled: Mutex::default() }
    }

    /// What stands at `pointer`.
    pub fn at(&self, pointer: &str) -> Option<&Value> {
        self.text.pointer(pointer)
    }

    /// What is wrong with `value` by the schema at `pointer`, if anything is.
    pub fn fault(&self, pointer: &str, value: &Value) -> Option<String> {
        let mut compiled = self.compiled.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let validator = compiled.entry(pointer.to_owned()).or_insert_with(|| self.compile(pointer).into()).clone();
        drop(compiled);
        let error = validator.iter_errors(value).next()?;
        Some(format!("{error} (at {:?} of {pointer})", error.instance_path().as_str()))
    }

    fn compile(&self, pointer: &str) -> Validator {
        let meant = self.at(pointer).unwrap_or_else(|| panic!("there is no schema at {pointer}"));
        // In the middle of the whole document, so that its references lead where they should.
        let mut schema = self.text.clone();
        schema["allOf"] = json!([meant]);
        jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("the schema at {pointer}: {error}"))
    }
}

/// A part of a JSON pointer.
pub fn escaped(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

/// `value` with every object closed that does not say that it is open. `root` is where its references lead.
fn closed(value: &Value, root: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| closed(item, root)).collect(),
        Value::Object(fields) => {
            let mut copy: Value = fields.iter().map(|(name, field)| (name.clone(), closed(field, root))).collect();
            if let Some(Value::Array(parts)) = fields.get("allOf") {
                // Together they tell all fields, each alone does not.
                copy["allOf"] = parts.iter().map(|part| opened(part, root)).collect();
            }
            let tells_fields = fields.get("properties").is_some_and(Value::is_object) || fields.contains_key("allOf");
            if tells_fields && !fields.contains_key("additionalProperties") {
                copy["unevaluatedProperties"] = json!(false);
            }
            copy
        }
        plain => plain.clone(),
    }
}

/// A part of a whole: closed within, and itself open.
fn opened(part: &Value, root: &Value) -> Value {
    let meant = part["$ref"].as_str().and_then(|to| root.pointer(to.trim_start_matches('#'))).unwrap_or(part);
    let mut copy = closed(meant, root);
    copy.as_object_mut().expect("a schema is an object").remove("unevaluatedProperties");
    copy
}
