//! Hikvision ISAPI: what a terminal posts to the host it was told (`/ISAPI/Event/notification/httpHosts`), as JSON or
//! XML, alone or as the first part of a form with pictures (access reference 5.5).

use jiff::Timestamp;
use quick_xml::{Reader, events::Event as Xml};
use serde::Deserialize;

use super::{Message, Seen, Unreadable, Who, person_key};

/// Events of access control.
const ACCESS: u32 = 5;
/// What says that a face was recognised and let through. Codes differ between models and versions; others are let pass
/// as no business of ours until one is added here with a sample.
const FACE: &[u32] = &[75];
/// What says that a code was read and let through.
const CODE: &[u32] = &[1, 38];

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    date_time: Option<String>,
    event_type: Option<String>,
    #[serde(rename = "AccessControllerEvent")]
    access: Option<Access>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Access {
    major_event_type: Option<u32>,
    sub_event_type: Option<u32>,
    employee_no_string: Option<String>,
    serial_no: Option<u64>,
    current_event: Option<bool>,
    attendance_status: Option<String>,
    #[serde(rename = "QRCodeInfo")]
    code: Option<String>,
}

fn message(alert: Alert) -> Result<Message, Unreadable> {
    let kind = alert.event_type.ok_or(Unreadable)?;
    if kind.eq_ignore_ascii_case("heartBeat") || kind.eq_ignore_ascii_case("videoloss") {
        return Ok(Message::Beat);
    }
    if kind != "AccessControllerEvent" {
        return Ok(Message::Other);
    }
    let access = alert.access.ok_or(Unreadable)?;
    let sub = access.sub_event_type.ok_or(Unreadable)?;
    if access.major_event_type != Some(ACCESS) {
        return Ok(Message::Other);
    }
    let who = match (access.employee_no_string.as_deref().and_then(person_key), access.code) {
        (_, Some(code)) if CODE.contains(&sub) && !code.trim().is_empty() && code.len() <= 1024 => {
            Who::Pass(code)
        }
        (Some(key), _) if FACE.contains(&sub) => Who::Key(key),
        _ => return Ok(Message::Other),
    };
    let time = alert.date_time.ok_or(Unreadable)?;
    let at: Timestamp = time.parse().map_err(|_| Unreadable)?;
    let serial = access.serial_no.ok_or(Unreadable)?;
    Ok(Message::Seen(Seen {
        // A terminal that was reset counts from the beginning: the instant keeps the two apart.
        event: format!("{serial} {}", at.as_second()),
        at,
        who,
        live: access.current_event,
        out: match access.attendance_status.as_deref() {
            Some("checkOut" | "breakOut" | "overtimeOut") => Some(true),
            Some("checkIn" | "breakIn" | "overtimeIn") => Some(false),
            _ => None,
        },
        score: None,
    }))
}

/// Reads a message, whichever of the two languages it is in.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8]) -> Result<Message, Unreadable> {
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf));
    match begins {
        Some(b'{') => message(serde_json::from_slice(bytes).map_err(|_| Unreadable)?),
        Some(b'<') => message(xml(bytes)?),
        _ => Err(Unreadable),
    }
}

/// Elements that stand deeper than this are none of ours.
const DEEP: usize = 8;

fn xml(bytes: &[u8]) -> Result<Alert, Unreadable> {
    let mut reader = Reader::from_reader(bytes);
    let (mut alert, mut path) = (Alert::default(), Vec::<String>::new());
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|_| Unreadable)? {
            Xml::Start(start) => {
                path.push(String::from_utf8_lossy(start.local_name().as_ref()).into_owned());
                text.clear();
                if path.len() > DEEP {
                    return Err(Unreadable);
                }
            }
            Xml::Text(piece) => text.push_str(&piece.decode().map_err(|_| Unreadable)?),
            Xml::End(_) => {
                put(&mut alert, &path, text.trim());
                text.clear();
                path.pop().ok_or(Unreadable)?;
            }
            // No entity is resolved and nothing is fetched.
            Xml::DocType(_) => return Err(Unreadable),
            Xml::Eof => break,
            _ => {}
        }
    }
    if path.is_empty() { Ok(alert) } else { Err(Unreadable) }
}

fn put(alert: &mut Alert, path: &[String], text: &str) {
    let names: Vec<&str> = path.iter().skip(1).map(String::as_str).collect();
    let kept = || Some(text.to_owned());
    match names.as_slice() {
        ["dateTime"] => alert.date_time = kept(),
        ["eventType"] => alert.event_type = kept(),
        ["AccessControllerEvent", name] => {
            let access = alert.access.get_or_insert_with(Access::default);
            match *name {
                "majorEventType" => access.major_event_type = text.parse().ok(),
                "subEventType" => access.sub_event_type = text.parse().ok(),
                "employeeNoString" => access.employee_no_string = kept(),
                "serialNo" => access.serial_no = text.parse().ok(),
                "currentEvent" => access.current_event = text.parse().ok(),
                "attendanceStatus" => access.attendance_status = kept(),
                "QRCodeInfo" => access.code = kept(),
                _ => {}
            }
        }
        _ => {}
    }
}
