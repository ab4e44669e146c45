//! ZKTeco PUSH: lines of attendance (`table=ATTLOG`) and of access control (`table=rtlog`), and what a terminal asks
//! when it begins (access reference 5.5). Its clock is local and names no zone; it signs nothing, so it is believed
//! by its serial number from its own network only.

use jiff::civil::DateTime;
use platform::clock;

use super::{MOST, Seen, Unreadable, Who, person_key};

/// How a person was verified when it was by face.
const FACE: &[&str] = &["15"];
/// Access events below this are people let through; what is above are alarms and refusals.
const THROUGH: u32 = 20;

/// A line, read or not.
pub type Line = Result<Option<Seen>, Unreadable>;

fn instant(text: &str) -> Result<jiff::Timestamp, Unreadable> {
    DateTime::strptime("%Y-%m-%d %H:%M:%S", text.trim()).map(clock::instant).map_err(|_| Unreadable)
}

fn each(text: &str, read: impl Fn(&str) -> Line) -> Vec<Line> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST).map(read).collect()
}

/// Reads lines of attendance: `PIN⇥yyyy-MM-dd HH:mm:ss⇥status⇥verify⇥workcode⇥…`. A line of somebody who used no face
/// is none of ours.
pub fn attlog(text: &str) -> Vec<Line> {
    each(text, |line| {
        let mut parts = line.split('\t');
        let (Some(pin), Some(time)) = (parts.next(), parts.next()) else { return Err(Unreadable) };
        let (status, verify) = (parts.next().unwrap_or("0").trim(), parts.next().unwrap_or("").trim());
        let (key, at) = (person_key(pin).ok_or(Unreadable)?, instant(time)?);
        if !FACE.contains(&verify) {
            return Ok(None);
        }
        Ok(Some(Seen {
            event: format!("{key} {} {status}", at.as_second()),
            at,
            who: Who::Key(key),
            live: None,
            // Check out, break out, overtime out; 255 when people press nothing.
            out: match status {
                "0" | "3" | "4" => Some(false),
                "1" | "2" | "5" => Some(true),
                _ => None,
            },
            score: None,
        }))
    })
}

/// Reads lines of access control: `time=…⇥pin=…⇥event=…⇥inoutstatus=…⇥verifytype=…⇥index=…`.
pub fn rtlog(text: &str) -> Vec<Line> {
    each(text, |line| {
        let value = |name: &str| {
            line.split('\t')
                .find_map(|part| part.split_once('=').filter(|(key, _)| key.trim() == name))
                .map(|(_, value)| value.trim())
        };
        let at = instant(value("time").ok_or(Unreadable)?)?;
        let event: u32 = value("event").and_then(|text| text.parse().ok()).ok_or(Unreadable)?;
        let Some(key) = value("pin").and_then(person_key) else { return Ok(None) };
        if event >= THROUGH || !value("verifytype").is_some_and(|verify| FACE.contains(&verify)) {
            return Ok(None);
        }
        let index = value("index").unwrap_or_default();
        Ok(Some(Seen {
            event: format!("{index} {key} {}", at.as_second()),
            at,
            who: Who::Key(key),
            live: None,
            out: match value("inoutstatus") {
                Some("0") => Some(false),
                Some("1") => Some(true),
                _ => None,
            },
            score: None,
        }))
    })
}

/// What a terminal is told when it begins: send events as they happen, no pictures, and the zone of the congress.
pub fn options(serial: &str) -> String {
    format!(
        "GET OPTION FROM: {serial}\nATTLOGStamp=None\nOPERLOGStamp=9999\nATTPHOTOStamp=9999\nErrorDelay=30\nDelay=10\n\
         TransTimes=00:00;14:05\nTransInterval=1\nTransFlag=TransData AttLog\nTimeZone=7\nRealtime=1\nEncrypt=None\n"
    )
}

/// The same for terminals of access control.
pub fn push_options(session: &str) -> String {
    format!(
        "ServerVersion=3.1.2\nServerName=ADMS\nPushVersion=3.1.2\nErrorDelay=30\nRequestDelay=10\n\
         TransTimes=00:00;14:05\nTransInterval=1\nTransTables=Transaction\nRealtime=1\nSessionID={session}\n\
         TimeoutSec=10\n"
    )
}
