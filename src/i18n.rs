//! Floor 1 · `i18n`: the sentences of the pages, in the language of the reader; the browser reads the same files.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::assets::asset;

/// The languages there are. The first is for those who ask for none of them.
pub const LANGS: [&str; 2] = ["pt-BR", "en"];

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> = LazyLock::new(|| LANGS.map(bundle));

/// A language to write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale(usize);

impl Locale {
    /// The language for a reader: the one just asked for, the one kept in a cookie, the first of `Accept-Language` that
    /// there is, or Portuguese.
    pub fn choose(asked: Option<&str>, cookie: Option<&str>, accept: Option<&str>) -> Self {
        let named = asked.and_then(Self::named).or_else(|| cookie.and_then(Self::named));
        named.or_else(|| accept.and_then(Self::accepted)).unwrap_or(Self(0))
    }

    /// The language with this name, in any case; `pt` and `pt-PT` are Portuguese, too.
    pub fn named(name: &str) -> Option<Self> {
        let primary = |name: &str| name.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        LANGS.iter().position(|lang| primary(lang) == primary(name)).map(Self)
    }

    /// Its name, as in `<html lang>`.
    pub fn lang(&self) -> &'static str {
        LANGS[self.0]
    }

    /// The name of the language it could be instead.
    pub fn other(&self) -> &'static str {
        LANGS[(self.0 + 1) % LANGS.len()]
    }

    /// The sentence `key`; the key itself where it is missing.
    pub fn get(&self, key: &str) -> String {
        self.say(key, None)
    }

    /// The sentence `key` with `value` for its `arg`.
    pub fn with<'a>(&self, key: &str, arg: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        let mut args = FluentArgs::with_capacity(1);
        args.set(arg, value);
        self.say(key, Some(&args))
    }

    fn accepted(header: &str) -> Option<Self> {
        let mut wishes: Vec<(f32, &str)> = header.split(',').take(32).filter_map(wish).collect();
        // Stable: of two equal wishes the first is meant.
        wishes.sort_by(|one, other| other.0.total_cmp(&one.0));
        wishes.into_iter().find_map(|(_, name)| Self::named(name))
    }

    fn say(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = &BUNDLES[self.0];
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::warn!(key, lang = self.lang(), "a sentence is missing");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::warn!(key, lang = self.lang(), "a sentence lacks a value");
        }
        text
    }
}

/// `en;q=0.8` as a weight and a name; nothing for what is not wanted at all.
fn wish(text: &str) -> Option<(f32, &str)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next()?;
    let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |weight| weight.parse().ok())?;
    (weight > 0.0).then_some((weight, name))
}

fn bundle(lang: &str) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier = lang.parse().expect("the languages above are well-formed tags");
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The isolating marks would show up in attributes and titles.
    bundle.set_use_isolating(false);
    let Some(file) = asset(&format!("i18n/{lang}.ftl")) else {
        tracing::error!(lang, "the sentences of a language are missing");
        return bundle;
    };
    let source = String::from_utf8_lossy(&file.bytes).into_owned();
    // What can be read is used, even if a line cannot.
    let resource = FluentResource::try_new(source).unwrap_or_else(|(readable, errors)| {
        tracing::error!(lang, count = errors.len(), "some sentences cannot be read");
        readable
    });
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_chooses_the_language() {
        let lang = |asked, cookie, accept| Locale::choose(asked, cookie, accept).lang();
        assert_eq!(lang(None, None, None), "pt-BR");
        assert_eq!(lang(Some("en"), Some("pt-BR"), Some("pt")), "en");
        assert_eq!(lang(Some("xx"), Some("EN"), None), "en");
        assert_eq!(lang(None, None, Some("de, en-GB;q=0.8, pt;q=0.5")), "en");
        assert_eq!(lang(None, None, Some("pt;q=0.9,en;q=0.9")), "pt-BR");
        assert_eq!(lang(None, None, Some("en;q=0,*")), "pt-BR");
        assert_eq!(lang(None, None, Some(";;q=nan,,")), "pt-BR");
        assert_eq!(Locale::named("en").unwrap().other(), "pt-BR");
    }

    #[test]
    fn both_languages_have_the_same_sentences() {
        let keys = |lang: &str| {
            let file = asset(&format!("i18n/{lang}.ftl")).unwrap();
            let text = String::from_utf8(file.bytes.to_vec()).unwrap();
            let is_key = |line: &&str| line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(" =");
            text.lines().filter(is_key).map(|line| line.split(" =").next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let (mut one, mut other) = (keys(LANGS[0]), keys(LANGS[1]));
        one.sort();
        other.sort();
        assert_eq!(one, other);
        let locale = Locale::named("en").unwrap();
        assert!(one.iter().all(|key| BUNDLES[locale.0].has_message(key)));
    }

    #[test]
    fn a_sentence_takes_values_and_a_missing_one_shows_its_key() {
        let locale = Locale::named("en").unwrap();
        assert_eq!(locale.get("login-title"), "Sign in");
        assert_eq!(locale.with("field-too-short", "min", 8), "Use at least 8 characters.");
        assert_eq!(locale.get("no-such-sentence"), "no-such-sentence");
    }
}
