//! Values between Rust and the two drivers.

use std::sync::Arc;

use jiff::{Timestamp, civil};
use uuid::Uuid;

use super::DbError;

/// A value as both databases can hold it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `NULL`.
    Null,
    /// `BIGINT`.
    Int(i64),
    /// `DOUBLE PRECISION`.
    Real(f64),
    /// `TEXT`.
    Text(String),
    /// `BLOB`.
    Blob(Vec<u8>),
}

/// What can be a parameter of a statement.
pub trait ToValue {
    /// The value to bind.
    fn to_value(&self) -> Value;
}

/// What can be read from a column.
pub trait FromValue: Sized {
    /// Parses the column's value; the error says what was expected.
    fn from_value(value: &Value) -> Result<Self, String>;
}

/// One row, its cells found by column name.
#[derive(Debug, Clone)]
pub struct Row {
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// The cell of the column `name`.
    ///
    /// # Errors
    /// [`DbError::Value`] when the column is absent or holds something else.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T, DbError> {
        let index = self.columns.iter().position(|column| column == name);
        let Some(value) = index.and_then(|index| self.values.get(index)) else {
            return Err(DbError::Value { column: name.to_owned(), reason: "no such column".to_owned() });
        };
        T::from_value(value).map_err(|reason| DbError::Value { column: name.to_owned(), reason })
    }

    /// The first cell.
    ///
    /// # Errors
    /// [`DbError::Value`] when the row is empty or the cell holds something else.
    pub fn first<T: FromValue>(&self) -> Result<T, DbError> {
        let value = self.values.first().unwrap_or(&Value::Null);
        T::from_value(value).map_err(|reason| DbError::Value { column: "1".to_owned(), reason })
    }

    /// Column names with their values, for dumps.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.columns.iter().map(String::as_str).zip(&self.values)
    }
}

/// What can be built from a row.
pub trait FromRow: Sized {
    /// Reads every field from the column of its name.
    ///
    /// # Errors
    /// [`DbError::Value`] names the column that does not fit.
    fn from_row(row: &Row) -> Result<Self, DbError>;
}

impl FromRow for Row {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        Ok(row.clone())
    }
}

/// Declares a struct whose fields are read from the columns of the same name.
///
/// ```text
/// row! { /** A unit. */ pub struct UnitRow { pub id: UnitId, pub name: String } }
/// ```
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$fmeta:meta])* $fvis:vis $field:ident : $type:ty),* $(,)? }) => {
        $(#[$meta])* $vis struct $name { $($(#[$fmeta])* $fvis $field: $type),* }
        impl $crate::db::FromRow for $name {
            fn from_row(row: &$crate::db::Row) -> Result<Self, $crate::db::DbError> {
                Ok(Self { $($field: row.get(stringify!($field))?),* })
            }
        }
    };
}

/// Parameters of a statement: `params![id, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::db::ToValue::to_value(&$value)),*] };
}

/// Stores a type by its text form: needs `as_str()` or `Display`, and `FromStr`.
#[macro_export]
macro_rules! text_value {
    ($($type:ty),* $(,)?) => { $(
        impl $crate::db::ToValue for $type {
            fn to_value(&self) -> $crate::db::Value { $crate::db::Value::Text(self.to_string()) }
        }
        impl $crate::db::FromValue for $type {
            fn from_value(value: &$crate::db::Value) -> Result<Self, String> {
                let $crate::db::Value::Text(text) = value else {
                    return Err(format!("a text expected, {value:?} found"));
                };
                text.parse().map_err(|_| format!("{text:?} is no {}", stringify!($type)))
            }
        }
    )* };
}

/// Declares a newtype id over a UUID v7, stored as text.
#[macro_export]
macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $crate::uuid::Uuid);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
        $crate::text_value!($name);
    )* };
}

macro_rules! int_value {
    ($($type:ty),*) => { $(
        impl ToValue for $type {
            fn to_value(&self) -> Value { Value::Int(i64::from(*self)) }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self, String> {
                match value {
                    Value::Int(int) => <$type>::try_from(*int).map_err(|_| format!("{int} is out of range")),
                    other => Err(format!("an integer expected, {other:?} found")),
                }
            }
        }
    )* };
}
int_value!(i64, i32, i16, u8, u16, u32);

impl ToValue for u64 {
    fn to_value(&self) -> Value {
        Value::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}
impl FromValue for u64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        let int = i64::from_value(value)?;
        Self::try_from(int).map_err(|_| format!("{int} is negative"))
    }
}
impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
}
impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(format!("0 or 1 expected, {other:?} found")),
        }
    }
}
impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Value::Real(*self)
    }
}
impl FromValue for f64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Real(real) => Ok(*real),
            other => Err(format!("a number expected, {other:?} found")),
        }
    }
}
impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}
impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}
impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => Err(format!("a text expected, {other:?} found")),
        }
    }
}
impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Blob(self.to_vec())
    }
}
impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Blob(self.clone())
    }
}
impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        Value::Blob(self.to_vec())
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Blob(blob) => Ok(blob.clone()),
            other => Err(format!("bytes expected, {other:?} found")),
        }
    }
}
impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: &Value) -> Result<Self, String> {
        let Value::Blob(blob) = value else { return Err(format!("bytes expected, {value:?} found")) };
        blob.as_slice().try_into().map_err(|_| format!("{N} bytes expected, {} found", blob.len()))
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}
impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}
/// Instants are stored as milliseconds since 1970 UTC, so that they sort and compare alike on both databases.
impl ToValue for Timestamp {
    fn to_value(&self) -> Value {
        Value::Int(self.as_millisecond())
    }
}
impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Result<Self, String> {
        Timestamp::from_millisecond(i64::from_value(value)?).map_err(|error| error.to_string())
    }
}
impl ToValue for serde_json::Value {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl FromValue for serde_json::Value {
    fn from_value(value: &Value) -> Result<Self, String> {
        serde_json::from_str(&String::from_value(value)?).map_err(|error| error.to_string())
    }
}
text_value!(Uuid, civil::Date, civil::DateTime);
text_value!(rules::dates::Deadline, rules::state::TaskState, rules::schedule::DepKind);
text_value!(rules::egress::FireGrade, rules::egress::Use, rules::scoring::Gate, rules::venue::VenueState);
text_value!(rules::briefing::Meeting, rules::briefing::Disposition);
