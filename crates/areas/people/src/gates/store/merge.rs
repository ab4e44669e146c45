//! What devices scanned: decided now, or taken in as it was decided without a network.
//!
//! One transaction for a batch. What a batch needs is read set by set before the first scan, so five thousand scans
//! cost a handful of queries and their own rows; a batch of one reads one person. The same scan again, by its device
//! and number, changes nothing and is told what it was told before; half a batch, or batches out of order, end in the
//! same state.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use pass::{Refusal, Revocations};
use platform::{
    audit::Event as Record,
    clock,
    db::{Done, Row, Tx, WriteTx},
    identity::store::new_id,
    params, row, sql,
};
use rules::{
    attendance as rule, citizen,
    gate::{Conflict, Copy, Facts, Lane, Way, Zone, conflicts, decide},
};
use serde_json::json;

use crate::{
    attendance::{
        TOPIC as ATTENDANCE,
        model::{Event, EventId, Mark, Method, Session},
        query as roll_call,
    },
    badges::{
        keys,
        model::{Access, Badge, BadgeCategory},
        query as badges,
    },
    delegates::{
        clean,
        model::{Participant, ParticipantId},
        query as roll,
        store::citizen_mac,
    },
    gates::{
        GateError, cases,
        heard::Heard,
        model::{Device, Gate, Mode, ScanIn, ScanOut, session_at},
        query::{self, Lanes},
    },
};

/// The most scans of one batch.
pub const MOST: usize = 5_000;
/// Batches up to this size read person by person.
const FEW: usize = 16;

/// A copy of a badge as a gate needs it.
#[derive(Debug, Clone)]
struct Held {
    badge: Badge,
    revoked_at: Option<Timestamp>,
}

/// Somebody in a session: what was written down of them, and what the scans among it say besides.
#[derive(Debug, Default)]
struct Story {
    events: Vec<Event>,
    facts: HashMap<EventId, cases::Fact>,
}

/// What a batch needs to know.
struct Book {
    few: bool,
    now: Timestamp,
    sessions: Vec<Session>,
    access: Access,
    lanes: Lanes,
    held: HashMap<[u8; 6], Option<Held>>,
    /// The pass that opens of a person.
    live: HashMap<ParticipantId, Option<[u8; 6]>>,
    people: HashMap<ParticipantId, Option<Participant>>,
    stories: HashMap<(String, ParticipantId), Story>,
    told: BTreeSet<String>,
}

impl Book {
    fn open(tx: &mut Tx<'_>, gate: &Gate, heard: &Heard, count: usize) -> Result<Self, GateError> {
        let mut book = Self {
            few: count <= FEW,
            now: tx.now(),
            sessions: query::sessions_of(tx, &gate.slug)?,
            access: badges::access(tx)?,
            lanes: query::lanes(tx, gate.zone, heard)?,
            held: HashMap::new(),
            live: HashMap::new(),
            people: HashMap::new(),
            stories: HashMap::new(),
            told: BTreeSet::new(),
        };
        if !book.few {
            let all: Vec<Badge> = tx.query(sql!("SELECT * FROM badge WHERE code IS NOT NULL"), params![])?;
            let rows: Vec<Row> = tx.query(sql!("SELECT pass, at FROM badge_revocation"), params![])?;
            let mut revoked: HashMap<[u8; 6], Timestamp> = HashMap::new();
            for row in &rows {
                revoked.insert(row.get("pass")?, row.get("at")?);
            }
            for badge in all {
                if badge.state.opens() {
                    book.live.insert(badge.participant, Some(badge.pass));
                }
                let revoked_at = revoked.get(&badge.pass).copied();
                book.held.insert(badge.pass, Some(Held { badge, revoked_at }));
            }
            book.people = roll::everybody(tx)?.into_iter().map(|one| (one.id, Some(one))).collect();
        }
        Ok(book)
    }

    fn held(&mut self, tx: &mut Tx<'_>, pass: [u8; 6]) -> Result<Option<Held>, GateError> {
        if let Some(known) = self.held.get(&pass) {
            return Ok(known.clone());
        }
        let mut found = None;
        if self.few
            && let Some(badge) = badges::by_pass(tx, &pass)?.filter(|badge| badge.code.is_some())
        {
            let revoked_at: Option<Timestamp> =
                tx.scalar(sql!("SELECT at FROM badge_revocation WHERE pass = $1"), params![pass])?;
            found = Some(Held { badge, revoked_at });
        }
        self.held.insert(pass, found.clone());
        Ok(found)
    }

    fn live(&mut self, tx: &mut Tx<'_>, who: ParticipantId) -> Result<Option<[u8; 6]>, GateError> {
        if let Some(known) = self.live.get(&who) {
            return Ok(*known);
        }
        let found = if self.few {
            badges::live(tx, who)?.filter(|badge| badge.state.opens()).map(|badge| badge.pass)
        } else {
            None
        };
        self.live.insert(who, found);
        Ok(found)
    }

    fn person(&mut self, tx: &mut Tx<'_>, id: ParticipantId) -> Result<Option<Participant>, GateError> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let found = if self.few { roll::participant(tx, id)? } else { None };
        self.people.insert(id, found.clone());
        Ok(found)
    }

    /// What was written down of somebody in a session.
    fn story(&mut self, tx: &mut Tx<'_>, session: &str, who: ParticipantId) -> Result<&mut Story, GateError> {
        let key = (session.to_owned(), who);
        if !self.stories.contains_key(&key) {
            if self.few {
                let story = Story {
                    events: roll_call::events_of(tx, session, who)?,
                    facts: cases::facts_of(tx, session, who)?,
                };
                self.stories.insert(key.clone(), story);
            } else if self.told.insert(session.to_owned()) {
                let mut facts = cases::facts(tx, session)?;
                for (who, events) in roll_call::events(tx, session)? {
                    let own = events.iter().filter_map(|event| Some((event.id, facts.remove(&event.id)?)));
                    let facts = own.collect();
                    self.stories.insert((session.to_owned(), who), Story { events, facts });
                }
            }
        }
        Ok(self.stories.entry(key).or_default())
    }
}

/// Whom a scan is about, with what the badge says.
struct Found {
    who: Participant,
    pass: Option<[u8; 6]>,
    copy: Copy,
    /// When the copy was revoked.
    revoked_at: Option<Timestamp>,
    zone: Zone,
}

/// The id inside the digits of a pass, nothing of it believed yet.
fn id_of(text: &str) -> Option<(&str, [u8; 6])> {
    let code = pass::found(text)?;
    let bytes = pass::from_digits(code)?;
    Some((code, bytes.get(3..9)?.try_into().ok()?))
}

fn find(
    tx: &mut Tx<'_>,
    book: &mut Book,
    gate: &Gate,
    scan: &ScanIn,
    at: Timestamp,
) -> Result<Option<Found>, GateError> {
    let id = match (&scan.pass, &scan.card, &scan.person) {
        (Some(text), None, None) => {
            let Some((code, pass)) = id_of(text) else { return Ok(None) };
            // The very digits that were signed here: a signature check could say no more.
            let held = book.held(tx, pass)?.filter(|held| held.badge.code.as_deref() == Some(code));
            let Some(held) = held else { return Ok(None) };
            let Some(who) = book.person(tx, held.badge.participant)? else { return Ok(None) };
            let day = clock::local(at).date();
            let copy = if held.revoked_at.is_some_and(|revoked| revoked <= at) {
                Copy::Revoked
            } else if day < held.badge.first_day || day > held.badge.last_day {
                Copy::OtherDay
            } else {
                Copy::Good
            };
            let zone = query::zone(&book.access, Some(held.badge.category), held.badge.zones, gate.zone, at);
            return Ok(Some(Found { who, pass: Some(pass), copy, revoked_at: held.revoked_at, zone }));
        }
        (None, Some(text), None) => {
            let (Ok(card), Some(key)) = (citizen::read(text), roll::citizen_key(tx)?) else {
                return Ok(None);
            };
            let found = roll::by_citizen(tx, &citizen_mac(&key, &card.number))?;
            // Two people of one number: somebody has to look.
            found.first().copied().filter(|_| found.len() == 1)
        }
        (None, None, Some(code)) if book.few => roll::by_code_any(tx, code)?.map(|one| one.id),
        (None, None, Some(code)) => {
            let code = code.trim().to_uppercase();
            book.people.values().flatten().find(|one| one.code == code).map(|one| one.id)
        }
        _ => None,
    };
    let Some(id) = id else { return Ok(None) };
    let Some(who) = book.person(tx, id)? else { return Ok(None) };
    let category = BadgeCategory::of(&who);
    let zone = query::zone(&book.access, Some(category), u16::MAX, gate.zone, at);
    let pass = book.live(tx, id)?;
    Ok(Some(Found { who, pass, copy: Copy::Good, revoked_at: None, zone }))
}

row! {
    struct Before {
        id: EventId,
        seq: u64,
        session: Option<String>,
        participant: Option<ParticipantId>,
        kind: Mark,
        verdict: String,
        has_event: bool,
        voids: Option<u64>,
        reason: String,
        at: Timestamp,
    }
}

/// A void that came before what it takes back.
const WAITING: &str = "waiting";

struct Merge<'a> {
    device: &'a Device,
    gate: &'a Gate,
    book: Book,
    before: HashMap<u64, Before>,
    waiting: HashMap<u64, (u64, EventId, String, Timestamp)>,
    sessions: BTreeSet<String>,
    kept: u64,
    conflicts: u64,
}

/// What is kept of one scan.
struct Line<'a> {
    id: EventId,
    scan: &'a ScanIn,
    at: Timestamp,
    session: Option<String>,
    who: Option<ParticipantId>,
    pass: Option<[u8; 6]>,
    home: bool,
    opened: bool,
    verdict: String,
    reason: String,
    event: bool,
}

/// Takes in a batch of one device and answers each scan in its place.
///
/// # Errors
/// [`GateError::TooMany`]; any [`platform::db::DbError`].
pub fn merge(
    tx: &mut WriteTx<'_>,
    (gate, device): (&Gate, &Device),
    heard: &Heard,
    scans: &[ScanIn],
) -> Result<Done<Vec<ScanOut>>, GateError> {
    if scans.len() > MOST {
        return Err(GateError::TooMany(MOST));
    }
    let book = Book::open(tx, gate, heard, scans.len())?;
    let (least, most) = scans.iter().fold((u64::MAX, 0), |(least, most), scan| {
        let named = scan.voids.unwrap_or(scan.seq);
        (least.min(scan.seq).min(named), most.max(scan.seq).max(named))
    });
    let before: Vec<Before> = tx.query(
        sql!(
            "SELECT id, seq, session, participant, kind, verdict, has_event, voids, reason, at FROM gate_scan
              WHERE device = $1 AND seq BETWEEN $2 AND $3"
        ),
        params![device.id, least, most],
    )?;
    let waiting: Vec<Before> = tx.query(
        sql!(
            "SELECT id, seq, session, participant, kind, verdict, has_event, voids, reason, at FROM gate_scan
              WHERE device = $1 AND kind = 'void' AND verdict = 'waiting'"
        ),
        params![device.id],
    )?;
    let mut merge = Merge {
        device,
        gate,
        book,
        before: before.into_iter().map(|one| (one.seq, one)).collect(),
        waiting: waiting
            .into_iter()
            .filter_map(|one| Some((one.voids?, (one.seq, one.id, one.reason, one.at))))
            .collect(),
        sessions: BTreeSet::new(),
        kept: 0,
        conflicts: 0,
    };
    let mut order: Vec<usize> = (0..scans.len()).collect();
    order.sort_by_key(|at| scans.get(*at).map(|scan| scan.seq));
    let mut out: Vec<Option<ScanOut>> = vec![None; scans.len()];
    for at in order {
        if let (Some(scan), Some(place)) = (scans.get(at), out.get_mut(at)) {
            *place = Some(merge.one(tx, scan)?);
        }
    }
    let out: Vec<ScanOut> = out.into_iter().flatten().collect();
    if merge.kept == 0 {
        return Ok(tx.unchanged(out)?);
    }
    let mut event = Record::new("gate.merged", "gate", &gate.slug)
        .topic(ATTENDANCE)
        .data(json!({ "device": device.id, "scans": merge.kept, "conflicts": merge.conflicts }));
    for session in &merge.sessions {
        event = event.topic(format!("{ATTENDANCE}/{session}"));
    }
    Ok(tx.record(event).with(out))
}

impl Merge<'_> {
    fn one(&mut self, tx: &mut WriteTx<'_>, scan: &ScanIn) -> Result<ScanOut, GateError> {
        if let Some(before) = self.before.get(&scan.seq) {
            let mut out = ScanOut::new(scan.seq, "duplicate");
            out.was = Some(before.verdict.clone());
            return Ok(out);
        }
        let mut wrong = Vec::new();
        let reason = clean::line("reason", &scan.reason, 300, &mut wrong);
        let needs = scan.overridden || matches!(scan.kind, Mark::Leave | Mark::Void);
        let told = usize::from(scan.pass.is_some())
            + usize::from(scan.card.is_some())
            + usize::from(scan.person.is_some());
        let shaped = if scan.kind == Mark::Void {
            scan.voids.is_some_and(|seq| seq < scan.seq)
        } else {
            told == 1 && scan.voids.is_none()
        };
        if !wrong.is_empty()
            || !shaped
            || (needs && reason.is_empty())
            || (scan.overridden && !self.device.supervisor)
        {
            return Ok(ScanOut::new(scan.seq, "invalid"));
        }
        // What the server decides happens now; a lane's clock that runs ahead does not reach into the future.
        let at = if scan.mode == Mode::Online { self.book.now } else { scan.at.min(self.book.now) };
        let session = session_at(&self.book.sessions, at).cloned();
        let line = Line {
            id: EventId(new_id(tx)),
            scan,
            at,
            session: session.as_ref().map(|session| session.slug.clone()),
            who: None,
            pass: None,
            home: true,
            opened: false,
            verdict: String::new(),
            reason,
            event: false,
        };
        if scan.kind == Mark::Void {
            return self.void(tx, line);
        }
        let Some(found) = find(tx, &mut self.book, self.gate, scan, at)? else {
            return self.unknown(tx, line);
        };
        self.known(tx, line, session.as_ref(), &found)
    }

    /// A code that nobody has.
    fn unknown(&mut self, tx: &mut WriteTx<'_>, mut line: Line<'_>) -> Result<ScanOut, GateError> {
        let mut out = ScanOut::new(line.scan.seq, "unknown");
        line.opened = line.scan.mode == Mode::Isolated && line.scan.opened;
        if line.opened {
            out.conflict = Some("unknown");
            self.conflicts += 1;
        }
        if let (true, Some(text)) = (self.book.few, &line.scan.pass) {
            out.why = why(tx, text, line.at)?;
        }
        line.pass = line.scan.pass.as_deref().and_then(id_of).map(|(_, pass)| pass);
        line.verdict = out.verdict.clone();
        self.keep(tx, &line)?;
        Ok(out)
    }

    fn known(
        &mut self,
        tx: &mut WriteTx<'_>,
        mut line: Line<'_>,
        session: Option<&Session>,
        found: &Found,
    ) -> Result<ScanOut, GateError> {
        let (scan, who) = (line.scan, found.who.id);
        let on_roll = found.who.status.is_on_roll();
        (line.who, line.pass) = (Some(who), found.pass);
        let home = found.pass.as_ref().and_then(|pass| self.book.lanes.home(pass));
        line.home = home.is_none_or(|home| home == self.gate.lane);
        let mut out = ScanOut::new(scan.seq, "");
        if scan.kind == Mark::Leave {
            let granted = on_roll && session.is_some();
            out.verdict = if granted { "leave_granted" } else { "replaced" }.to_owned();
            line.event = granted;
        } else if scan.mode == Mode::Online {
            let inside = match session {
                Some(session) => {
                    let story = self.book.story(tx, &session.slug, who)?;
                    query::inside(session, &story.events, line.at).0
                }
                None => false,
            };
            let facts = Facts {
                copy: found.copy,
                on_roll,
                summoned: query::is_summoned(&found.who),
                zone: found.zone,
                inside,
            };
            let cut_off = found.pass.as_ref().and_then(|pass| self.book.lanes.cut_off(pass, self.gate.lane));
            let way = if scan.kind == Mark::Out { Way::Out } else { Way::In };
            let verdict = decide(way, &facts, &Lane::Server { cut_off }, scan.overridden);
            if let rules::gate::Verdict::HomeLane(lane) = verdict {
                out.lane = Some(lane);
            }
            out.verdict = verdict.as_str().to_owned();
            line.opened = verdict.opens();
            line.event = verdict.opens() && session.is_some() && on_roll;
        } else {
            line.opened = scan.opened;
            let entered = scan.opened && scan.kind == Mark::In;
            out.verdict = match () {
                () if !scan.opened => "noted",
                () if entered && found.copy == Copy::Revoked => "revoked",
                () if !on_roll => "replaced",
                () => "accepted",
            }
            .to_owned();
            if entered && matches!(out.verdict.as_str(), "revoked" | "replaced") {
                out.conflict = Some(if out.verdict == "revoked" { "revoked" } else { "replaced" });
                debug_assert!(out.verdict != "revoked" || found.revoked_at.is_some());
            }
            line.event = out.verdict == "accepted" && session.is_some();
        }
        if line.event {
            self.event(tx, &line)?;
            if let (Some(session), Mode::Isolated) = (session, scan.mode) {
                let story = self.book.story(tx, &session.slug, who)?;
                let found = conflicts(&cases::passages(&story.events, &story.facts));
                out.conflict = found.iter().find_map(|one| match *one {
                    Conflict::DoubleEntry { second, .. } if second == line.id => Some("double_entry"),
                    Conflict::NotHome { entry } if entry == line.id => Some("not_home"),
                    _ => None,
                });
                if out.conflict.is_some() {
                    "conflict".clone_into(&mut out.verdict);
                }
            }
        }
        self.conflicts += u64::from(out.conflict.is_some());
        line.verdict = out.verdict.clone();
        self.keep(tx, &line)?;
        if let Some((seq, id, reason, at)) = self.waiting.remove(&scan.seq)
            && line.event
        {
            self.take_back(tx, &line, (seq, id, &reason, at))?;
        }
        Ok(out)
    }

    fn void(&mut self, tx: &mut WriteTx<'_>, mut line: Line<'_>) -> Result<ScanOut, GateError> {
        let target = line.scan.voids.unwrap_or_default();
        let Some(before) = self.before.get(&target) else {
            WAITING.clone_into(&mut line.verdict);
            self.keep(tx, &line)?;
            self.waiting.insert(target, (line.scan.seq, line.id, line.reason.clone(), line.at));
            return Ok(ScanOut::new(line.scan.seq, WAITING));
        };
        (line.session, line.who) = (before.session.clone(), before.participant);
        let (taken, had) = (before.id, before.has_event && before.kind != Mark::Void);
        let mut stands = false;
        if let (true, Some(session), Some(who)) = (had, &line.session, line.who) {
            let story = self.book.story(tx, session, who)?;
            let counted: Vec<_> = story.events.iter().map(Event::counted).collect();
            stands = !rule::voided(&counted).contains(&taken);
        }
        line.verdict = if stands { "voided" } else { "noted" }.to_owned();
        line.event = stands;
        if stands {
            self.write_event(tx, &line, Some(taken), line.scan.seq)?;
        }
        self.keep(tx, &line)?;
        Ok(ScanOut::new(line.scan.seq, line.verdict))
    }

    /// Takes back what came after the void that names it.
    fn take_back(
        &mut self,
        tx: &mut WriteTx<'_>,
        line: &Line<'_>,
        (seq, id, reason, at): (u64, EventId, &str, Timestamp),
    ) -> Result<(), GateError> {
        let scan = ScanIn { kind: Mark::Void, ..line.scan.clone() };
        let void = Line {
            id,
            scan: &scan,
            at: at.max(line.at),
            session: line.session.clone(),
            who: line.who,
            pass: None,
            home: true,
            opened: false,
            verdict: String::new(),
            reason: reason.to_owned(),
            event: true,
        };
        self.write_event(tx, &void, Some(line.id), seq)
    }

    fn event(&mut self, tx: &mut WriteTx<'_>, line: &Line<'_>) -> Result<(), GateError> {
        self.write_event(tx, line, None, line.scan.seq)
    }

    fn write_event(
        &mut self,
        tx: &mut WriteTx<'_>,
        line: &Line<'_>,
        voids: Option<EventId>,
        seq: u64,
    ) -> Result<(), GateError> {
        let (Some(session), Some(who)) = (line.session.clone(), line.who) else { return Ok(()) };
        let by = tx.author().office.clone();
        let method = if line.scan.kind == Mark::Void { Method::Manual } else { line.scan.method };
        tx.execute(
            sql!(
                "INSERT INTO attendance_event(id, session, participant, kind, method, gate, device, device_seq, at,
                   received_at, by_office, reason, voids)
                 VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
            ),
            params![
                line.id,
                session,
                who,
                line.scan.kind,
                method,
                self.gate.slug,
                self.device.id,
                seq,
                line.at,
                self.book.now,
                by,
                line.reason,
                voids
            ],
        )?;
        let event = Event {
            id: line.id,
            participant: who,
            kind: line.scan.kind,
            method,
            gate: self.gate.slug.clone(),
            at: line.at,
            by_office: by,
            reason: line.reason.clone(),
            voids,
        };
        let fact = cases::Fact {
            place: self.device.id.to_string(),
            isolated: line.scan.mode == Mode::Isolated,
            home: line.home,
            overridden: line.scan.overridden,
        };
        let story = self.book.story(tx, &session, who)?;
        // A story that was read after the line was written has it already.
        if !story.events.iter().any(|known| known.id == event.id) {
            story.events.push(event);
            story.events.sort_by_key(|event| (event.at, event.id));
        }
        story.facts.insert(line.id, fact);
        self.sessions.insert(session);
        Ok(())
    }

    fn keep(&mut self, tx: &mut WriteTx<'_>, line: &Line<'_>) -> Result<(), GateError> {
        let scan = line.scan;
        let pass = line.pass.map(|pass| pass.to_vec());
        tx.execute(
            sql!(
                "INSERT INTO gate_scan(id, device, seq, gate, session, participant, pass, kind, method, mode, home,
                   overridden, opened, verdict, reason, voids, has_event, at, received_at)
                 VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
            ),
            params![
                line.id,
                self.device.id,
                scan.seq,
                self.gate.slug,
                line.session,
                line.who,
                pass,
                scan.kind,
                scan.method,
                scan.mode,
                line.home,
                scan.overridden,
                line.opened,
                line.verdict,
                line.reason,
                scan.voids,
                line.event,
                line.at,
                self.book.now
            ],
        )?;
        self.before.insert(
            scan.seq,
            Before {
                id: line.id,
                seq: scan.seq,
                session: line.session.clone(),
                participant: line.who,
                kind: scan.kind,
                verdict: line.verdict.clone(),
                has_event: line.event,
                voids: scan.voids,
                reason: line.reason.clone(),
                at: line.at,
            },
        );
        if let Some(session) = &line.session {
            self.sessions.insert(session.clone());
        }
        self.kept += 1;
        Ok(())
    }
}

/// Why a text is no pass of this congress: the key of the words.
fn why(tx: &mut Tx<'_>, text: &str, at: Timestamp) -> Result<Option<&'static str>, GateError> {
    let Some(day) = keys::day(clock::local(at).date()) else { return Ok(None) };
    let list = keys::list(tx)?;
    Ok(match pass::read(text, day, &list, &Revocations::default()) {
        Ok(_) => None,
        Err(refusal) => Some(Refusal::key(&refusal)),
    })
}
