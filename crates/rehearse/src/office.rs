//! What the rehearsal asks of the server before and after: its own session and gates, devices that join as real ones
//! do, the badges that will be held out; and whether somebody is working here.
// words: data — the names of the session and the gates that a rehearsal makes, in the language of the congress

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp, civil::Date, tz};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    RehearseError,
    http::{Address, Answer, Conn},
    list::List,
};

/// What the names of everything of a rehearsal begin with.
const OURS: &str = "tong-duyet-";
const PATIENCE: Duration = Duration::from_secs(60);
/// How long before a session people may be coming to it.
const BEFORE: SignedDuration = SignedDuration::from_hours(3);
/// Copies in one request.
const PAGE: usize = 1_000;

/// A session of the congress.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// Its name in addresses.
    pub slug: String,
    title: String,
    kind: String,
    starts_at: Timestamp,
    ends_at: Timestamp,
    place: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Gate {
    slug: String,
    name: String,
    zone: u8,
    lane: u16,
    is_open: bool,
    version: i64,
}

#[derive(Debug, Deserialize)]
struct Device {
    gate: String,
    silent: bool,
}

/// A signed copy of a badge, as the server reads it out.
#[derive(Debug, Clone, Deserialize)]
pub struct Reading {
    /// Whose.
    pub code: String,
    /// The id of its pass, hexadecimal.
    pub pass: String,
    /// What stands in its QR code.
    pub digits: String,
    /// The category, as numbered in passes.
    pub category: u8,
    /// The zones it opens.
    pub zones: u16,
    /// The first day.
    pub first_day: Date,
    /// The last.
    pub last_day: Date,
    /// Whether it is the copy that opens.
    pub opens: bool,
    /// Since when it opens nothing.
    pub revoked_at: Option<Timestamp>,
    /// Whether the holder is on the roll.
    pub on_roll: bool,
    /// Whether the holder is called to the sessions.
    pub summoned: bool,
    /// Whether the roll-call counts the holder.
    pub counted: bool,
}

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

/// The counts of a session.
#[derive(Debug, Clone, Deserialize)]
pub struct Counts {
    /// The moment they stand for: the server's clock.
    pub as_of: Timestamp,
    all: Tally,
}

#[derive(Debug, Clone, Deserialize)]
struct Tally {
    present: u64,
}

impl Counts {
    /// Who is present.
    pub fn present(&self) -> u64 {
        self.all.present
    }
}

/// A conflict as the server lists it.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    /// The code of the person.
    pub code: Option<String>,
    /// What does not fit.
    pub kind: String,
}

/// A device that joined.
#[derive(Debug, Clone)]
pub struct Joined {
    /// Its gate.
    pub gate: String,
    /// Its lane.
    pub lane: u16,
    /// Its token.
    pub token: String,
    device: String,
    name: String,
    version: i64,
}

/// What was prepared on the server.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The session.
    pub session: String,
    title: String,
    place: String,
    begun: Timestamp,
    version: i64,
    /// The zone behind the gates.
    pub zone: u8,
    /// The lanes with their devices.
    pub joined: Vec<Joined>,
}

/// A person of the office at a desk, by a token.
pub struct Office {
    conn: Conn,
    token: String,
}

/// The day in Việt Nam.
pub fn day(at: Timestamp) -> Date {
    tz::Offset::constant(7).to_datetime(at).date()
}

impl Office {
    /// By this token.
    pub fn new(address: &Arc<Address>, token: &str) -> Self {
        Self { conn: Conn::new(address), token: token.to_owned() }
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, RehearseError> {
        let body = body.map(|body| body.to_string().into_bytes());
        self.conn.call(method, path, Some(&self.token), body.as_deref(), PATIENCE).await
    }

    async fn ask<T: DeserializeOwned>(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<T, RehearseError> {
        self.send(method, path, body).await?.json(&format!("{method} {path}"))
    }

    /// The sessions, in their order.
    ///
    /// # Errors
    /// [`RehearseError`].
    pub async fn sessions(&mut self) -> Result<Vec<Session>, RehearseError> {
        self.ask("GET", "/api/v1/congress-sessions", None).await
    }

    /// How a session stands.
    ///
    /// # Errors
    /// [`RehearseError`].
    pub async fn counts(&mut self, session: &str) -> Result<Counts, RehearseError> {
        self.ask("GET", &format!("/api/v1/congress-sessions/{session}/attendance"), None).await
    }

    /// The conflicts of a session: code and kind, with how often.
    ///
    /// # Errors
    /// [`RehearseError`].
    pub async fn cases(&mut self, session: &str) -> Result<BTreeMap<(String, String), u64>, RehearseError> {
        let path = format!("/api/v1/congress-sessions/{session}/conflicts");
        let all: Vec<Case> = self.ask("GET", &path, None).await?;
        let mut out = BTreeMap::new();
        for case in all {
            *out.entry((case.code.unwrap_or_default(), case.kind)).or_default() += 1;
        }
        Ok(out)
    }

    /// The signed copies of all badges.
    ///
    /// # Errors
    /// [`RehearseError`].
    pub async fn readings(&mut self) -> Result<Vec<Reading>, RehearseError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let body = json!({ "limit": PAGE, "after": after });
            let page: Page<Reading> = self.ask("POST", "/api/v1/badges/readings", Some(&body)).await?;
            all.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// The session that is rehearsed: the one named, else the next, else the last.
    ///
    /// # Errors
    /// [`RehearseError::Missing`] for a session that is not there.
    pub fn rehearsed<'a>(
        sessions: &'a [Session],
        named: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<&'a Session>, RehearseError> {
        let real = || sessions.iter().filter(|one| !one.slug.starts_with(OURS));
        match named {
            Some(slug) => {
                let found = real().find(|one| one.slug == slug);
                found.map(Some).ok_or_else(|| RehearseError::Missing(format!("there is no session {slug}")))
            }
            None => Ok(real().find(|one| now < one.ends_at).or(real().next_back())),
        }
    }

    /// The server's clock. A server without any session is given one to ask it of.
    ///
    /// # Errors
    /// [`RehearseError`].
    pub async fn now(&mut self, sessions: &[Session]) -> Result<Timestamp, RehearseError> {
        let slug = match sessions.first() {
            Some(session) => session.slug.clone(),
            None => {
                let (from, slug) = (Timestamp::now(), format!("{OURS}0"));
                let body = json!({ "title": "Tổng duyệt", "kind": "sinh_hoat", "starts_at": from,
                    "ends_at": from + SignedDuration::from_secs(1), "version": 0 });
                let _: Value =
                    self.ask("PUT", &format!("/api/v1/congress-sessions/{slug}"), Some(&body)).await?;
                slug
            }
        };
        Ok(self.counts(&slug).await?.as_of)
    }

    /// Refuses when somebody works with this server: a device at a real gate speaks, or a real session runs or is
    /// being filled.
    ///
    /// # Errors
    /// [`RehearseError::InUse`].
    pub async fn is_free(&mut self, sessions: &[Session], now: Timestamp) -> Result<(), RehearseError> {
        let devices: Vec<Device> = self.ask("GET", "/api/v1/gate-devices", None).await?;
        if let Some(device) = devices.iter().find(|one| !one.gate.starts_with(OURS) && !one.silent) {
            return Err(RehearseError::InUse(format!("a device works at the gate {}", device.gate)));
        }
        for session in sessions.iter().filter(|one| one.kind != "sinh_hoat" && now < one.ends_at) {
            if session.starts_at <= now {
                return Err(RehearseError::InUse(format!("the session {} is running", session.slug)));
            }
            if session.starts_at - BEFORE <= now && self.counts(&session.slug).await?.present() > 0 {
                return Err(RehearseError::InUse(format!(
                    "people are coming to the session {}",
                    session.slug
                )));
            }
        }
        Ok(())
    }

    /// Makes the session and the gates, and lets a device join each.
    ///
    /// # Errors
    /// [`RehearseError`].
    pub async fn prepare(
        &mut self,
        (sessions, rehearsed, now): (&[Session], Option<&Session>, Timestamp),
        (good, zone): (&[Reading], Option<u8>),
        lanes: usize,
    ) -> Result<Stage, RehearseError> {
        let gates: Vec<Gate> = self.ask("GET", "/api/v1/gates", None).await?;
        let zone = choose(&gates, good, zone)?;
        let moment = tz::Offset::constant(7).to_datetime(now);
        let session = format!("{OURS}{}", moment.strftime("%Y%m%d-%H%M%S"));
        let title = match rehearsed {
            Some(real) => format!("Tổng duyệt: {}", real.title).chars().take(120).collect(),
            None => "Tổng duyệt".to_owned(),
        };
        let place = rehearsed.map(|real| real.place.clone()).unwrap_or_default();
        // After every other session, so that a real gate without named sessions never counts into this one.
        let last = sessions.iter().map(|one| one.starts_at).max().unwrap_or(now).max(now);
        let starts = last + SignedDuration::from_hours(1);
        let body = json!({ "title": title, "kind": "sinh_hoat", "starts_at": starts,
            "ends_at": starts + SignedDuration::from_hours(1), "place": place, "version": 0 });
        let path = format!("/api/v1/congress-sessions/{session}");
        let _: Value = self.ask("PUT", &path, Some(&body)).await?;
        let mut stage = Stage { session, title, place, begun: now, version: 1, zone, joined: Vec::new() };
        match self.open(&gates, &mut stage, lanes).await {
            Ok(()) => Ok(stage),
            Err(error) => {
                // What was opened is closed again; the error that counts is the first.
                let _ = self.close(&stage).await;
                Err(error)
            }
        }
    }

    async fn open(&mut self, gates: &[Gate], stage: &mut Stage, lanes: usize) -> Result<(), RehearseError> {
        let taken = |lane: &u16| gates.iter().any(|gate| (gate.zone, gate.lane) == (stage.zone, *lane));
        let mut free = (1..=99_u16).filter(|lane| !taken(lane));
        // What an earlier rehearsal left behind: its gates are used again, those that are too many are closed.
        for left in gates.iter().filter(|gate| gate.slug.starts_with(OURS)) {
            let again = (1..=lanes).any(|number| left.slug == format!("{OURS}{number}"));
            if left.is_open && !again {
                let body = json!({ "name": left.name, "zone": left.zone, "lane": left.lane, "direction": "hai_chieu",
                    "open": false, "version": left.version });
                let _: Value = self.ask("PUT", &format!("/api/v1/gates/{}", left.slug), Some(&body)).await?;
            }
        }
        for place in 1..=lanes {
            let (gate, name) = (format!("{OURS}{place}"), format!("Tổng duyệt {place}"));
            let left = gates.iter().find(|one| one.slug == gate);
            let version = left.map_or(0, |left| left.version);
            let own = left.filter(|left| left.zone == stage.zone).map(|left| left.lane);
            let Some(lane) = own.or_else(|| free.next()) else {
                let text = format!(
                    "only {} lanes are free in zone {}; {lanes} were asked for",
                    place - 1,
                    stage.zone
                );
                return Err(RehearseError::Missing(text));
            };
            self.put_gate(stage, (&gate, &name, lane), true, version).await?;
            let path = format!("/api/v1/gates/{gate}/codes");
            let made: Value = self.ask("POST", &path, Some(&json!({ "supervisor": false }))).await?;
            let code = json!({ "code": made.get("code"), "name": name });
            let told: Value = self.ask("POST", "/api/v1/gate-enrolments", Some(&code)).await?;
            let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (token, device) = (text("token"), text("device"));
            stage.joined.push(Joined { gate, lane, token, device, name, version: version + 1 });
        }
        Ok(())
    }

    async fn put_gate(
        &mut self,
        stage: &Stage,
        (gate, name, lane): (&str, &str, u16),
        open: bool,
        version: i64,
    ) -> Result<(), RehearseError> {
        let body = json!({ "name": name, "zone": stage.zone, "lane": lane, "direction": "hai_chieu", "open": open,
            "sessions": [stage.session], "version": version });
        let _: Value = self.ask("PUT", &format!("/api/v1/gates/{gate}"), Some(&body)).await?;
        Ok(())
    }

    /// Sends the devices away, closes the gates, ends the session. Goes on after what fails.
    ///
    /// # Errors
    /// The first that failed.
    pub async fn close(&mut self, stage: &Stage) -> Result<(), RehearseError> {
        let mut first = Ok(());
        for joined in &stage.joined {
            let path = format!("/api/v1/gate-devices/{}/end", joined.device);
            let ended = match self.send("POST", &path, None).await {
                Ok(answer) if answer.status == 204 => Ok(()),
                Ok(answer) => Err(answer.refused(&path)),
                Err(error) => Err(error),
            };
            first = first.and(ended);
            let which = (joined.gate.as_str(), joined.name.as_str(), joined.lane);
            first = first.and(self.put_gate(stage, which, false, joined.version).await);
        }
        let now = self.counts(&stage.session).await.map_or(stage.begun, |counts| counts.as_of);
        let body = json!({ "title": stage.title, "kind": "sinh_hoat", "starts_at": stage.begun,
            "ends_at": now.max(stage.begun + SignedDuration::from_secs(1)), "place": stage.place,
            "version": stage.version });
        let path = format!("/api/v1/congress-sessions/{}", stage.session);
        let ended: Result<Value, _> = self.ask("PUT", &path, Some(&body)).await;
        first.and(ended.map(drop))
    }
}

/// The zone of the rehearsal: the one named, else one that most of the badges open and where no real gate is open.
fn choose(gates: &[Gate], good: &[Reading], named: Option<u8>) -> Result<u8, RehearseError> {
    if let Some(zone) = named {
        return Ok(zone);
    }
    let busy =
        |zone: u8| gates.iter().any(|gate| gate.zone == zone && gate.is_open && !gate.slug.starts_with(OURS));
    let opened = |zone: u8| good.iter().filter(|one| one.zones >> zone & 1 == 1).count();
    (0..16_u8)
        .filter(|zone| !busy(*zone) && opened(*zone) > 0)
        .max_by_key(|zone| (opened(*zone), std::cmp::Reverse(*zone)))
        .ok_or_else(|| {
            RehearseError::Missing(
                "every zone that the badges open has a real gate that is open: close them, or name a zone with --zone"
                    .to_owned(),
            )
        })
}

/// The list that a device carries.
///
/// # Errors
/// [`RehearseError`].
pub async fn list(conn: &mut Conn, joined: &Joined) -> Result<List, RehearseError> {
    let path = format!("/api/v1/gates/{}/snapshot", joined.gate);
    let answer = conn.call("GET", &path, Some(&joined.token), None, PATIENCE).await?;
    if answer.status != 200 {
        return Err(answer.refused(&path));
    }
    List::parse(&answer.body)
        .ok_or_else(|| RehearseError::Answer { what: path, why: "it is no list of a lane".to_owned() })
}
