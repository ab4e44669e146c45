//! Statements are literals, and every one of them is known to the test that prepares it on both databases.

/// A portable SQL statement, written with [`sql!`](crate::sql).
#[derive(Debug)]
pub struct Sql {
    /// The text with `$1` parameters.
    pub text: &'static str,
    /// Where it is written, for messages of the test that prepares all statements.
    pub at: &'static str,
}

/// How a statement reaches [`statements`].
pub struct Registered(pub &'static Sql);
inventory::collect!(Registered);

/// All statements linked into this program.
pub fn statements() -> impl Iterator<Item = &'static Sql> {
    inventory::iter::<Registered>.into_iter().map(|registered| registered.0)
}

/// A statement as a literal: `sql!("SELECT id FROM unit WHERE id = $1")`.
#[macro_export]
macro_rules! sql {
    ($text:expr) => {{
        static STATEMENT: $crate::db::Sql =
            $crate::db::Sql { text: $text, at: concat!(file!(), ":", line!()) };
        $crate::inventory::submit! { $crate::db::Registered(&STATEMENT) }
        &STATEMENT
    }};
}
