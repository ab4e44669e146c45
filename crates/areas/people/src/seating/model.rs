//! Halls, plans, and a plan together with its people.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::Timestamp;
use platform::{
    db::{DbError, FromRow, Row},
    id, row,
};
use rules::{
    attendance::Standing,
    credentials::Presence,
    seating::{
        Layout, Place,
        assign::{Options, Person, Team},
        build::{DoorSpec, Spec},
        review::{self, Unmet},
        way::Ways,
    },
};
use serde::{Deserialize, Serialize};

use crate::{
    attendance::model::Session,
    delegates::model::{Participant, ParticipantId},
};

id! {
    /// One version of what stands in a hall.
    LayoutId
}

row! {
    /// A hall.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Hall {
        /// Its name in addresses.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// Its newest version.
        pub version: i64,
        /// When it was last changed.
        pub changed_at: Timestamp,
        /// By which office.
        pub changed_by: String,
    }
}

/// Where the places of a hall come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Drawn here from a description.
    Drawn(Spec),
    /// Read from a foreign plan; only the doors are ours.
    Imported(Vec<DoorSpec>),
}

impl Source {
    /// The doors.
    pub fn doors(&self) -> &[DoorSpec] {
        match self {
            Self::Drawn(spec) => &spec.doors,
            Self::Imported(doors) => doors,
        }
    }
}

/// One version of a hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Where it comes from.
    pub source: Source,
    /// What stands in it.
    pub layout: Layout,
}

impl FromRow for Drawn {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let read = |error: serde_json::Error| DbError::Other(format!("a hall: {error}"));
        Ok(Self {
            source: serde_json::from_str(&row.get::<String>("source")?).map_err(read)?,
            layout: serde_json::from_str(&row.get::<String>("layout")?).map_err(read)?,
        })
    }
}

/// A version of a hall with what is looked up in it.
#[derive(Debug, Clone)]
pub struct Known {
    /// What stands in it.
    pub layout: Arc<Layout>,
    /// Places by name.
    pub index: Arc<HashMap<String, usize>>,
    /// The door that people are told for each place.
    pub doors: Arc<[Option<usize>]>,
}

impl Known {
    /// What stands there.
    pub fn of(layout: Layout) -> Self {
        let index = layout.places.iter().enumerate().map(|(at, place)| (place.id.clone(), at)).collect();
        let doors = Ways::new(&layout).doors().into();
        Self { layout: Arc::new(layout), index: Arc::new(index), doors }
    }

    /// The place of this name.
    pub fn place(&self, id: &str) -> Option<&Place> {
        self.index.get(id).and_then(|at| self.layout.places.get(*at))
    }
}

/// The plan of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The session.
    pub session: String,
    /// The hall.
    pub hall: String,
    /// The version of the hall.
    pub layout: i64,
    /// How to seat.
    pub options: Options,
    /// Whether guests are seated too.
    pub guests: bool,
    /// Whether people are told their seats.
    pub published: bool,
    /// Grows with each change.
    pub version: i64,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// By which office.
    pub changed_by: String,
}

impl FromRow for Plan {
    fn from_row(row: &Row) -> Result<Self, DbError> {
        let options = serde_json::from_str(&row.get::<String>("options")?)
            .map_err(|error| DbError::Other(format!("a plan: {error}")))?;
        Ok(Self {
            session: row.get("session")?,
            hall: row.get("hall")?,
            layout: row.get("layout")?,
            options,
            guests: row.get("guests")?,
            published: row.get("published")?,
            version: row.get("version")?,
            changed_at: row.get("changed_at")?,
            changed_by: row.get("changed_by")?,
        })
    }
}

row! {
    /// Somebody on a place.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Placement {
        /// The place, by its name in the hall.
        pub place: String,
        /// Who.
        pub participant: ParticipantId,
        /// Whether somebody placed them by hand.
        pub pinned: bool,
    }
}

/// How somebody stands in the hall, as the map shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seen {
    /// Inside.
    Present,
    /// Not come yet.
    NotYet,
    /// Absent with leave.
    Leave,
    /// Was inside and went out.
    Left,
}

impl Seen {
    /// All of them, in the order of the legend.
    pub const ALL: [Self; 4] = [Self::Present, Self::NotYet, Self::Leave, Self::Left];

    /// How somebody of the roll-call is shown.
    pub fn of(standing: &Standing) -> Self {
        match (standing.presence, standing.first_in) {
            (Presence::Present, _) => Self::Present,
            (_, Some(_)) => Self::Left,
            (Presence::WithLeave, None) => Self::Leave,
            (Presence::WithoutLeave, None) => Self::NotYet,
        }
    }

    /// The end of its words' key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::NotYet => "not-yet",
            Self::Leave => "leave",
            Self::Left => "left",
        }
    }
}

/// Somebody whom a plan is about.
#[derive(Debug, Clone)]
pub struct Sitter {
    /// Who.
    pub who: Participant,
    /// As the rules see them.
    pub person: Person,
    /// Whether somebody placed them by hand.
    pub pinned: bool,
}

/// Somebody who holds a place and has left the roll.
#[derive(Debug, Clone)]
pub struct Gone {
    /// Who.
    pub who: Participant,
    /// Their place, by its place in the layout; none when the hall has it no more.
    pub place: Option<usize>,
    /// Who took their place at the congress, and has no seat yet.
    pub comer: Option<Participant>,
}

/// A plan with everything that is needed to show it.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The session.
    pub session: Session,
    /// The hall.
    pub hall: Hall,
    /// The plan.
    pub plan: Plan,
    /// What stands in the hall.
    pub layout: Arc<Layout>,
    /// The door that people are told for each place.
    pub doors: Arc<[Option<usize>]>,
    /// Those whom the plan is about, in the order of the roll.
    pub people: Vec<Sitter>,
    /// The place of each of them, by its place in the layout.
    pub placed: Vec<Option<usize>>,
    /// Those who hold a place and left the roll.
    pub gone: Vec<Gone>,
}

impl Picture {
    /// What the plan does not hold.
    pub fn unmet(&self) -> Vec<Unmet> {
        let people: Vec<Person> = self.people.iter().map(|one| one.person.clone()).collect();
        review::review(&self.layout, &people, &self.placed, &self.plan.options)
    }

    /// Who sits where: people by place.
    pub fn by_place(&self) -> BTreeMap<usize, usize> {
        let all = self.placed.iter().enumerate();
        all.filter_map(|(person, place)| place.map(|place| (place, person))).collect()
    }

    /// Somebody by code, with their place.
    pub fn find(&self, code: &str) -> Option<(&Sitter, Option<&Place>)> {
        let wanted = code.trim().to_uppercase();
        let at = self.people.iter().position(|one| one.who.code == wanted)?;
        let place = self.placed.get(at).copied().flatten().and_then(|place| self.layout.places.get(place));
        Some((self.people.get(at)?, place))
    }

    /// How many of a team sit, of how many, in the order of teams.
    pub fn teams(&self) -> BTreeMap<Team, (usize, usize)> {
        let mut out: BTreeMap<Team, (usize, usize)> = BTreeMap::new();
        for (one, place) in self.people.iter().zip(&self.placed) {
            let entry = out.entry(one.person.team).or_default();
            entry.0 += usize::from(place.is_some());
            entry.1 += 1;
        }
        out
    }

    /// How many sit.
    pub fn seated(&self) -> usize {
        self.placed.iter().flatten().count()
    }
}

/// One change of who sits where: somebody to a place, or away from theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Who.
    pub who: ParticipantId,
    /// The place where whoever asks saw them; not compared when none was told.
    pub seen: Option<String>,
    /// The place, by its name in the hall; none takes them off.
    pub to: Option<String>,
}
