//! What a batch needs to know: read set by set for a large one, person by person for a small one.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use platform::{
    clock,
    db::{Row, Tx},
    params, sql,
};
use rules::{
    citizen,
    gate::{Copy, Zone},
};

use crate::{
    attendance::{
        model::{Event, EventId, Session},
        query as roll_call,
    },
    badges::{
        model::{Access, Badge, BadgeCategory},
        query as badges,
    },
    delegates::{
        model::{Participant, ParticipantId},
        query as roll,
        store::citizen_mac,
    },
    gates::{
        GateError, cases,
        heard::Heard,
        model::{Gate, ScanIn},
        query::{self, Lanes},
        scene::Scene,
    },
};

/// Batches up to this size read person by person.
const FEW: usize = 16;

/// A copy of a badge as a gate needs it.
#[derive(Debug, Clone)]
pub(super) struct Held {
    badge: Badge,
    revoked_at: Option<Timestamp>,
}

/// Somebody in a session: what was written down of them, and what the scans among it say besides.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) events: Vec<Event>,
    pub(super) facts: HashMap<EventId, cases::Fact>,
    /// Whether the facts were read: what the server decides itself needs none.
    has_facts: bool,
}

/// What a batch needs to know.
pub(super) struct Book {
    pub(super) few: bool,
    pub(super) now: Timestamp,
    pub(super) sessions: Vec<Session>,
    access: Access,
    pub(super) lanes: Lanes,
    held: HashMap<[u8; 6], Option<Arc<Held>>>,
    /// The pass that opens of a person.
    live: HashMap<ParticipantId, Option<[u8; 6]>>,
    people: HashMap<ParticipantId, Option<Arc<Participant>>>,
    stories: HashMap<(String, ParticipantId), Story>,
    told: BTreeSet<String>,
}

impl Book {
    pub(super) fn open(
        tx: &mut Tx<'_>,
        (scene, gate): (&Scene, &Gate),
        heard: &Heard,
        count: usize,
    ) -> Result<Self, GateError> {
        let now = tx.now();
        let mut book = Self {
            few: count <= FEW,
            now,
            sessions: scene.sessions_of(&gate.slug),
            access: scene.access.clone(),
            lanes: scene.lanes(gate.zone, heard, now),
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
                book.held.insert(badge.pass, Some(Arc::new(Held { badge, revoked_at })));
            }
            book.people = roll::everybody(tx)?.into_iter().map(|one| (one.id, Some(Arc::new(one)))).collect();
        }
        Ok(book)
    }

    fn held(&mut self, tx: &mut Tx<'_>, pass: [u8; 6]) -> Result<Option<Arc<Held>>, GateError> {
        if let Some(known) = self.held.get(&pass) {
            return Ok(known.clone());
        }
        let mut found = None;
        if self.few
            && let Some(badge) = badges::by_pass(tx, &pass)?.filter(|badge| badge.code.is_some())
        {
            let revoked_at: Option<Timestamp> =
                tx.scalar(sql!("SELECT at FROM badge_revocation WHERE pass = $1"), params![pass])?;
            found = Some(Arc::new(Held { badge, revoked_at }));
        }
        self.held.insert(pass, found.clone());
        Ok(found)
    }

    pub(super) fn live(&mut self, tx: &mut Tx<'_>, who: ParticipantId) -> Result<Option<[u8; 6]>, GateError> {
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

    pub(super) fn person(
        &mut self,
        tx: &mut Tx<'_>,
        id: ParticipantId,
    ) -> Result<Option<Arc<Participant>>, GateError> {
        if let Some(known) = self.people.get(&id) {
            return Ok(known.clone());
        }
        let found = if self.few { roll::participant(tx, id)?.map(Arc::new) } else { None };
        self.people.insert(id, found.clone());
        Ok(found)
    }

    /// What was written down of somebody in a session, with what the scans among it say.
    pub(super) fn story_with_facts(
        &mut self,
        tx: &mut Tx<'_>,
        session: &str,
        who: ParticipantId,
    ) -> Result<&mut Story, GateError> {
        let story = self.story(tx, session, who)?;
        if !story.has_facts {
            story.facts = cases::facts_of(tx, session, who)?;
            story.has_facts = true;
        }
        Ok(story)
    }

    /// What was written down of somebody in a session.
    pub(super) fn story(
        &mut self,
        tx: &mut Tx<'_>,
        session: &str,
        who: ParticipantId,
    ) -> Result<&mut Story, GateError> {
        let key = (session.to_owned(), who);
        if !self.stories.contains_key(&key) {
            if self.few {
                let events = roll_call::events_of(tx, session, who)?;
                self.stories.insert(key.clone(), Story { events, ..Story::default() });
            } else if self.told.insert(session.to_owned()) {
                let mut facts = cases::facts(tx, session)?;
                for (who, events) in roll_call::events(tx, session)? {
                    let own = events.iter().filter_map(|event| Some((event.id, facts.remove(&event.id)?)));
                    let facts = own.collect();
                    let story = Story { events, facts, has_facts: true };
                    self.stories.insert((session.to_owned(), who), story);
                }
            }
        }
        // Whom the session does not know yet has no facts to be read either.
        let all_read = !self.few;
        Ok(self.stories.entry(key).or_insert_with(|| Story { has_facts: all_read, ..Story::default() }))
    }
}

/// Whom a scan is about, with what the badge says.
pub(super) struct Found {
    pub(super) who: Arc<Participant>,
    pub(super) pass: Option<[u8; 6]>,
    pub(super) copy: Copy,
    /// When the copy was revoked.
    pub(super) revoked_at: Option<Timestamp>,
    pub(super) zone: Zone,
}

/// The id inside the digits of a pass, nothing of it believed yet.
pub(super) fn id_of(text: &str) -> Option<(&str, [u8; 6])> {
    let code = pass::found(text)?;
    let bytes = pass::from_digits(code)?;
    Some((code, bytes.get(3..9)?.try_into().ok()?))
}

pub(super) fn find(
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
