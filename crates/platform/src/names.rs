//! Enums with stable names.

/// Declares an enum with stable names, stored and sent as text. The crate that uses it has `serde` and `utoipa`.
///
/// ```text
/// names! { /** A side. */ Side { /** The left. */ Left = "trai", /** The right. */ Right = "phai" } }
/// ```
#[macro_export]
macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
            utoipa::ToSchema,
        )]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant),* }
        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The stable name.
            pub fn as_str(self) -> &'static str { match self { $(Self::$variant => $text),* } }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text).ok_or_else(|| text.to_owned())
            }
        }
        $crate::text_value!($name);
    };
}
