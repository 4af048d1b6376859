//! Floor 0 · `names`: what names and texts look like, as JSON Schema. What looks right is parsed all the same.

use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{ClientId, Email, MessageText, Name, Password, RoomName, Username};

fn text(min: usize, max: usize, says: &str) -> ObjectBuilder {
    let length = ObjectBuilder::new().schema_type(Type::String).min_length(Some(min)).max_length(Some(max));
    length.description(Some(says))
}

macro_rules! looks_like {
    ($($name:ident: $schema:expr;)*) => { $(
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let schema: Object = $schema.build();
                schema.into()
            }
        }

        impl ToSchema for $name {}
    )* };
}

looks_like! {
    Username: text(Self::CHARS_MIN, Self::CHARS_MAX, "Letters and digits of any script, `.`, `_`, `-`; unique, whatever the case.")
        .pattern(Some(r"^[._-]*[\p{L}\p{Nd}]\p{M}*([\p{L}\p{Nd}]\p{M}*|[._-])*$"));
    Name: text(Self::CHARS_MIN, Self::CHARS_MAX, "What others read; any characters that can be seen, and blanks between them.")
        .pattern(Some(r"^ *[\p{L}\p{M}\p{N}\p{P}\p{S}]+( +[\p{L}\p{M}\p{N}\p{P}\p{S}]+)* *$"));
    Email: text(Self::CHARS_MIN, Self::CHARS_MAX, "An e-mail address.").format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)));
    Password: text(Self::BYTES_MIN, Self::BYTES_MAX, "8 to 1,024 bytes, any characters; not one of the most common.")
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)));
    RoomName: text(1, Self::CHARS_MAX, "Letters and digits of any script, blanks, `-` and `_`.")
        .pattern(Some(r"^ *([\p{L}\p{Nd}]\p{M}*|[_-])+( +([\p{L}\p{Nd}]\p{M}*|[_-])+)* *$"));
    MessageText: text(0, Self::CHARS_MAX, "Kept byte for byte. No control characters but line feed, tab, and carriage return before a line feed.")
        .pattern(Some(r"^([^\u0000-\u0008\u000b-\u001f]|\r\n)*$"));
    ClientId: text(1, Self::CHARS_MAX, "Chosen by the client: a message that is said twice under it is kept once. No control characters.")
        .pattern(Some(r"^[^\u0000-\u001f\u007f-\u009f]*$"));
}
