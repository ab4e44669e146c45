//! Words: Fluent catalogues in Vietnamese and English, one pair per area.
//!
//! An area keeps `vi.ftl` and `en.ftl` beside its code and registers them once:
//!
//! ```
//! use platform::i18n::{Lang, tr};
//! // In an area: inventory::submit! { Catalogue { area: "tasks", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") } }
//! assert_eq!(tr(Lang::En, "shell-search", &[]), "Search");
//! ```
//!
//! Every key begins with the name of its area (`tasks-title`), so that a key names its file.
//! [`check_words`] is the test that no word is missing in either language and that no sentence
//! stands in code or template.

mod check;
pub mod fmt;

pub use check::check_words;

use std::borrow::Cow;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// The language of a page. Vietnamese is the default; English is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The BCP 47 code, as in the `lang` attribute.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// Reads a code (`vi`, `en`, `en-GB`); anything else is `None`.
    pub fn parse(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "vi" => Some(Lang::Vi),
            "en" => Some(Lang::En),
            _ => None,
        }
    }

    /// The other language: the one the switch offers.
    pub const fn other(self) -> Self {
        match self {
            Lang::Vi => Lang::En,
            Lang::En => Lang::Vi,
        }
    }
}

/// The words of one area in both languages, registered with `inventory::submit!`.
pub struct Catalogue {
    /// The name of the area: every key in the files begins with it and a hyphen.
    pub area: &'static str,
    /// The text of `vi.ftl`.
    pub vi: &'static str,
    /// The text of `en.ftl`.
    pub en: &'static str,
}

inventory::collect!(Catalogue);

inventory::submit! {
    Catalogue {
        area: "shell",
        vi: include_str!("../../words/vi.ftl"),
        en: include_str!("../../words/en.ftl"),
    }
}

/// A value put into a sentence: text as it is, a number written in the way of the language.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// Text, shown as it is.
    Text(String),
    /// A number; chooses the plural form and is written `1.234` or `1,234`.
    Number(f64),
}

/// What can stand in a sentence. Implemented for text, integers, floats and references to them,
/// so that a template may pass a field as it is.
pub trait IntoArg {
    /// The value as an argument.
    fn arg(&self) -> Arg;
}

impl<T: IntoArg + ?Sized> IntoArg for &T {
    fn arg(&self) -> Arg {
        (**self).arg()
    }
}
impl IntoArg for Arg {
    fn arg(&self) -> Arg {
        self.clone()
    }
}
impl IntoArg for str {
    fn arg(&self) -> Arg {
        Arg::Text(self.to_owned())
    }
}
impl IntoArg for String {
    fn arg(&self) -> Arg {
        Arg::Text(self.clone())
    }
}
impl IntoArg for Cow<'_, str> {
    fn arg(&self) -> Arg {
        Arg::Text(self.to_string())
    }
}
macro_rules! number_args {
    ($($t:ty),*) => { $(impl IntoArg for $t {
        fn arg(&self) -> Arg {
            #[allow(clippy::cast_lossless, clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
            Arg::Number(*self as f64)
        }
    })* };
}
number_args!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64);

/// The sentence for `key` in `lang`, with its values.
///
/// A key missing in one language falls back to Vietnamese; an unknown key is returned itself, so
/// that a page never fails for a word. [`check_words`] finds both before they are shipped.
pub fn tr(lang: Lang, key: &str, args: &[(&str, Arg)]) -> String {
    if args.is_empty() {
        return t(lang, key).into_owned();
    }
    let mut values = FluentArgs::with_capacity(args.len());
    for (name, arg) in args {
        let value = match arg {
            Arg::Text(text) => FluentValue::from(text.as_str()),
            Arg::Number(number) => FluentValue::from(*number),
        };
        values.set(*name, value);
    }
    format(lang, key, Some(&values)).map_or_else(|| key.to_owned(), Cow::into_owned)
}

/// The sentence for `key` in `lang` when it takes no value; allocates only if the key is unknown.
pub fn t(lang: Lang, key: &str) -> Cow<'static, str> {
    format(lang, key, None).unwrap_or_else(|| Cow::Owned(key.to_owned()))
}

/// Whether a key exists in the language itself, without falling back.
pub fn has(lang: Lang, key: &str) -> bool {
    bundle(lang).has_message(key)
}

/// Marks a literal as a key of the catalogues where it does not stand directly in a call of a
/// translating function, so that the test of the words sees it. It changes nothing.
///
/// ```
/// assert_eq!(platform::i18n::key("shell-search"), "shell-search");
/// ```
pub const fn key(key: &'static str) -> &'static str {
    key
}

fn format(lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> Option<Cow<'static, str>> {
    [lang, Lang::Vi].into_iter().find_map(|lang| {
        let bundle = bundle(lang);
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        if !errors.is_empty() {
            tracing::warn!(key, ?errors, "a sentence lacks a value");
        }
        Some(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text),
            Cow::Owned(text) => Cow::Owned(text),
        })
    })
}

fn bundle(lang: Lang) -> &'static FluentBundle<FluentResource> {
    static VI: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    static EN: OnceLock<FluentBundle<FluentResource>> = OnceLock::new();
    match lang {
        Lang::Vi => VI.get_or_init(|| build(Lang::Vi)),
        Lang::En => EN.get_or_init(|| build(Lang::En)),
    }
}

fn build(lang: Lang) -> FluentBundle<FluentResource> {
    let id: unic_langid::LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::Vi => |value, _| write_number(Lang::Vi, value),
        Lang::En => |value, _| write_number(Lang::En, value),
    }));
    for catalogue in inventory::iter::<Catalogue> {
        let source = match lang {
            Lang::Vi => catalogue.vi,
            Lang::En => catalogue.en,
        };
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                tracing::error!(area = catalogue.area, ?errors, "a catalogue has bad entries");
                resource
            }
        };
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(area = catalogue.area, ?errors, "a key stands in two catalogues");
        }
    }
    bundle
}

fn write_number(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) => {
            let decimals =
                number.options.minimum_fraction_digits.unwrap_or_else(|| fmt::decimals(number.value));
            Some(fmt::number(lang, number.value, decimals))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_shown_itself() {
        assert_eq!(tr(Lang::En, "nowhere-to-be-found", &[]), "nowhere-to-be-found");
    }

    #[test]
    fn numbers_in_sentences_follow_the_language_and_the_plural() {
        let args = |n: i64| [("count", n.arg())];
        assert_eq!(tr(Lang::Vi, "shell-rows", &args(1234)), "1.234 dòng");
        assert_eq!(tr(Lang::En, "shell-rows", &args(1234)), "1,234 rows");
        assert_eq!(tr(Lang::En, "shell-rows", &args(1)), "1 row");
    }

    #[test]
    fn codes_are_read_with_or_without_a_region() {
        assert_eq!(Lang::parse("en-GB"), Some(Lang::En));
        assert_eq!(Lang::parse(" VI "), Some(Lang::Vi));
        assert_eq!(Lang::parse("fr"), None);
    }
}
