//! How often a sign-in may fail: per account, and per address with a ceiling that a hall behind one address
//! does not reach, because only failures count there.

use jiff::Timestamp;

use super::{Error, Settings, secret};
use crate::{
    db::{DbError, Tx, WriteTx},
    params, sql,
};

/// The length of a window in milliseconds.
const WINDOW: i64 = 60_000;

/// Who tries: the account by its login (if one was named) and the address, both as hashes.
#[derive(Debug, Clone)]
pub struct Trier {
    account: Option<String>,
    address: String,
}

impl Trier {
    /// From a login and the client's address.
    pub fn new(login: Option<&str>, address: &str) -> Self {
        let bucket = |kind: &str, text: &str| format!("{kind}:{}", crate::hex(&secret::hash(text)[..16]));
        Self {
            account: login.map(|login| bucket("account", &super::store::clean_login(login))),
            address: bucket("address", address),
        }
    }

    fn buckets(&self, settings: &Settings) -> Vec<(&str, u32)> {
        let account = self.account.as_deref().map(|bucket| (bucket, settings.per_account));
        account.into_iter().chain([(self.address.as_str(), settings.per_address)]).collect()
    }
}

fn window(now: Timestamp) -> i64 {
    now.as_millisecond().div_euclid(WINDOW) * WINDOW
}

/// Refuses when the account or the address has failed too often in this minute.
///
/// # Errors
/// [`Error::TooMany`] with the seconds until the next window; any [`DbError`].
pub fn check(tx: &mut Tx<'_>, trier: &Trier, settings: &Settings) -> Result<(), Error> {
    let now = tx.now();
    let starts = window(now);
    for (bucket, most) in trier.buckets(settings) {
        let count: Option<u32> = tx.scalar(
            sql!("SELECT count FROM login_attempt WHERE bucket = $1 AND starts = $2"),
            params![bucket, starts],
        )?;
        if count.unwrap_or(0) >= most {
            let left = (starts + WINDOW - now.as_millisecond()).div_euclid(1000) + 1;
            return Err(Error::TooMany(u32::try_from(left).unwrap_or(60)));
        }
    }
    Ok(())
}

/// Counts a failure. The caller records the event of it.
///
/// # Errors
/// Any [`DbError`].
pub fn count(tx: &mut WriteTx<'_>, trier: &Trier, settings: &Settings) -> Result<(), DbError> {
    let starts = window(tx.now());
    tx.execute(sql!("DELETE FROM login_attempt WHERE starts < $1"), params![starts - 60 * WINDOW])?;
    for (bucket, _) in trier.buckets(settings) {
        tx.execute(
            sql!(
                "INSERT INTO login_attempt(bucket, starts, count) VALUES($1, $2, 1)
                 ON CONFLICT(bucket, starts) DO UPDATE SET count = login_attempt.count + 1"
            ),
            params![bucket, starts],
        )?;
    }
    Ok(())
}
