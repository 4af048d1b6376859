//! Floor 8 · `asyncapi`: one kind of frame, put together of the types that are read from it or written into it.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// The `type` of what extensions say and understand, as [`crate::room::event::is_namespaced`] has it.
pub(super) const EXTENSION: &str = r"^[a-z0-9_]+(\.[a-z0-9_]+)+$";

/// One kind of frame.
pub(super) struct Frame {
    name: String,
    kind: &'static str,
    says: &'static str,
    properties: Map<String, Value>,
    required: Vec<Value>,
    open: bool,
    parts: Map<String, Value>,
}

impl Frame {
    /// A frame of this `type`, named after it and after the `family` it belongs to.
    pub(super) fn new(family: &str, kind: &'static str, says: &'static str) -> Self {
        let is = if kind == EXTENSION { json!({"type": "string", "pattern": kind}) } else { json!({"const": kind}) };
        let name = format!("{}{family}", title(kind));
        let properties = Map::from_iter([("type".to_owned(), is)]);
        Self { name, kind, says, properties, required: vec!["type".into()], open: false, parts: Map::new() }
    }

    /// The `ok` to commands of the type `of`.
    pub(super) fn ok(of: &str, says: &'static str) -> Self {
        Self::new("", "ok", says).named(&format!("{}Ok", title(of)))
    }

    pub(super) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// With the fields of `T`.
    pub(super) fn with<T: ToSchema>(mut self) -> Self {
        let Value::Object(mut schema) = to_value(&T::schema()) else { return self };
        if let Some(Value::Object(mut properties)) = schema.remove("properties") {
            // The type itself says only that this is a text.
            properties.remove("type");
            self.properties.append(&mut properties);
        }
        let required = schema.remove("required").and_then(|required| required.as_array().cloned()).unwrap_or_default();
        self.required.extend(required.into_iter().filter(|name| name != "type"));
        let mut parts = Vec::new();
        T::schemas(&mut parts);
        self.parts.extend(parts.into_iter().map(|(name, schema)| (name, to_value(&schema))));
        self
    }

    /// None of the fields so far need be there, but for those that make it what it is.
    pub(super) fn optional(mut self) -> Self {
        self.required.retain(|name| ["type", "id", "room"].iter().any(|head| name == head));
        self
    }

    /// The field `name` is always there.
    pub(super) fn required(mut self, name: &str) -> Self {
        self.required.push(name.into());
        self
    }

    /// It may have other fields, too.
    pub(super) fn open(mut self) -> Self {
        self.open = true;
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its `type`.
    pub(super) fn kind(&self) -> &str {
        self.kind
    }

    pub(super) fn says(&self) -> &str {
        self.says
    }

    /// It as a message of the description.
    pub(super) fn message(&self) -> Value {
        let payload = json!({"$ref": format!("#/components/schemas/{}", self.name)});
        json!({"name": self.name, "summary": self.says, "payload": payload})
    }

    /// The schema of the whole object.
    pub(super) fn payload(&self) -> Value {
        let mut schema =
            json!({"type": "object", "description": self.says, "required": self.required, "properties": self.properties});
        if self.open {
            schema["additionalProperties"] = true.into();
        }
        schema
    }

    /// The schemas it refers to.
    pub(super) fn parts(&self) -> Map<String, Value> {
        self.parts.clone()
    }
}

/// `member_joined` as `MemberJoined`.
fn title(kind: &str) -> String {
    if kind == EXTENSION {
        return "Extension".to_owned();
    }
    let upper = |word: &str| word.chars().next().map(|first| first.to_ascii_uppercase().to_string() + &word[1..]);
    kind.split(['_', '.']).filter_map(upper).collect()
}

fn to_value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).expect("a schema has string keys")
}
