//! What should be true: the verdict of each scan, who is inside, what conflicts. Keeps its own account of everybody
//! and asks nothing of the server; the rule is [`rules::gate`], as on the server and in the browser.
//!
//! One thing is not sharp: a lane that is cut off is silent for the server a little later than the last word that
//! reached it. Where a scan falls on that edge, both verdicts are right, and [`Oracle::online`] names both.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz};
use rules::gate::{Conflict, Copy, Facts, Lane, Passage, Verdict, Way, Zone, conflicts, decide, home_lane};

use crate::list::Window;

/// The random id of a pass.
pub type Pass = [u8; 6];

/// How long a lane may be silent before the server sends its passes there.
const SILENT_MS: i64 = 6_000;
/// How far clocks and queues may blur that moment, in milliseconds.
const BLUR_MS: i64 = 700;
/// How long the server may have known of a move that a lane was not told, in milliseconds before the lane's last answered
/// request.
const UNHEARD_MS: i64 = 500;

/// A copy of a badge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Whose: a place among the people.
    pub person: usize,
    /// The id of its pass.
    pub pass: Pass,
    /// Its digits.
    pub digits: String,
    /// Its category by number.
    pub category: u8,
    /// The zones it opens, as bits.
    pub zones: u16,
    /// The first day.
    pub first_day: Date,
    /// The last.
    pub last_day: Date,
    /// Since when it opens nothing.
    pub revoked_at: Option<Timestamp>,
}

/// Somebody of the roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The code: DB-0123.
    pub code: String,
    /// Still on the roll.
    pub on_roll: bool,
    /// Called to the sessions.
    pub summoned: bool,
    /// Counted by the roll-call.
    pub counted: bool,
}

/// Something that happened to somebody.
#[derive(Debug, Clone, Copy)]
struct Passed {
    id: u64,
    way: Way,
    at: Timestamp,
    lane: usize,
    isolated: bool,
    home: bool,
    /// Whether the server has heard of it.
    known: Heard,
    /// When it did, in milliseconds on its clock: later than `at` for what waited on a lane that was cut off.
    known_ms: i64,
}

/// Whether the server has heard of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heard {
    /// It stands in the queue of a lane.
    No,
    /// It is on its way.
    Perhaps,
    /// The server said so.
    Yes,
}

#[derive(Debug, Clone, Default)]
struct Story {
    passed: Vec<Passed>,
    /// Something happened to a scan that nobody can know: any verdict is right from then on.
    unsure: bool,
}

impl Story {
    fn inside(&self, counts: impl Fn(&Passed) -> bool) -> bool {
        let last = self.passed.iter().filter(|one| counts(one)).max_by_key(|one| (one.at, one.id));
        last.is_some_and(|one| one.way == Way::In)
    }

    fn conflicts(&self) -> Vec<Conflict<u64>> {
        let known = self.passed.iter().filter(|one| one.known == Heard::Yes);
        let passages: Vec<Passage<u64>> = known
            .map(|one| Passage {
                id: one.id,
                way: one.way,
                at: one.at,
                place: one.lane.to_string(),
                isolated: one.isolated,
                home: one.home,
                overridden: false,
            })
            .collect();
        conflicts(&passages)
    }
}

/// What is known of a lane.
#[derive(Debug, Clone, Copy)]
struct Seen {
    no: u16,
    /// When the server last heard of it, in milliseconds on the server's clock.
    heard: i64,
    /// When something was last sent that the server may have heard.
    tried: i64,
    /// Up to when it was told who came and went.
    told: i64,
}

/// When a scan was under way, in milliseconds on the server's clock, with when the server had heard of each lane as
/// it was sent.
#[derive(Debug, Clone)]
pub struct Under {
    /// As it was sent first.
    pub sent: i64,
    /// As it was answered.
    pub answered: i64,
    /// By lane, before it was sent.
    pub heard: Vec<i64>,
}

/// A verdict as it is written: with the lane where another one decides.
pub fn label(verdict: Verdict) -> String {
    match verdict {
        Verdict::HomeLane(lane) => format!("home_lane {lane}"),
        other => other.as_str().to_owned(),
    }
}

/// The account of a rehearsal.
#[derive(Debug)]
pub struct Oracle {
    zone: u8,
    windows: Vec<Window>,
    people: Vec<Person>,
    copies: Vec<Held>,
    stories: Vec<Story>,
    lanes: Vec<Seen>,
    open: Vec<u16>,
    next: u64,
    /// How often who is inside has changed, for whoever compares counts that are under way.
    changes: u64,
}

impl Oracle {
    /// An account of these people with these copies of badges, before anybody came.
    pub fn new(
        zone: u8,
        windows: Vec<Window>,
        people: Vec<Person>,
        copies: Vec<Held>,
        lanes: &[u16],
    ) -> Self {
        Self {
            zone,
            windows,
            stories: vec![Story::default(); people.len()],
            people,
            copies,
            lanes: lanes
                .iter()
                .map(|no| Seen { no: *no, heard: i64::MIN, tried: i64::MIN, told: i64::MIN })
                .collect(),
            open: lanes.to_vec(),
            next: 0,
            changes: 0,
        }
    }

    /// A lane sends something, which the server may hear before its answer is here.
    pub fn trying(&mut self, lane: usize, sent: i64) {
        if let Some(seen) = self.lanes.get_mut(lane) {
            seen.tried = seen.tried.max(sent);
        }
    }

    /// The server heard of a lane, and told it who came and went.
    pub fn heard(&mut self, lane: usize, sent: i64, told: Option<i64>) {
        if let Some(seen) = self.lanes.get_mut(lane) {
            seen.heard = seen.heard.max(sent);
            seen.told = seen.told.max(told.unwrap_or(i64::MIN));
        }
    }

    /// The open lanes of the zone, as the server told.
    pub fn opened(&mut self, open: &[u16]) {
        open.clone_into(&mut self.open);
    }

    /// When the server has heard of each lane.
    pub fn heard_of(&self) -> Vec<i64> {
        self.lanes.iter().map(|lane| lane.heard).collect()
    }

    /// The code of whose a copy is.
    pub fn who(&self, copy: Option<usize>) -> String {
        let held = copy.and_then(|copy| self.copies.get(copy));
        held.and_then(|held| self.people.get(held.person)).map(|one| one.code.clone()).unwrap_or_default()
    }

    fn facts(&self, held: &Held, at: Timestamp, inside: bool) -> Facts {
        let day = tz::Offset::constant(7).to_datetime(at).date();
        let copy = if held.revoked_at.is_some_and(|revoked| revoked <= at) {
            Copy::Revoked
        } else if day < held.first_day || day > held.last_day {
            Copy::OtherDay
        } else {
            Copy::Good
        };
        let ms = at.as_millisecond();
        let window = self.windows.iter().find(|window| window.category == held.category);
        let zone = match window {
            Some(window) if held.zones >> self.zone & 1 == 1 => {
                let open = window.from.is_none_or(|from| from <= ms) && window.to.is_none_or(|to| ms < to);
                if open { Zone::Open } else { Zone::NotNow }
            }
            _ => Zone::Never,
        };
        let (on_roll, summoned) =
            self.people.get(held.person).map_or((true, true), |one| (one.on_roll, one.summoned));
        Facts { copy, on_roll, summoned, zone, inside }
    }

    /// What the server may say to a scan: nearly always one thing, on the edge of a silence two.
    pub fn online(&self, copy: Option<usize>, out: bool, lane: usize, under: &Under) -> Vec<String> {
        let Some(held) = copy.and_then(|copy| self.copies.get(copy)) else {
            return vec!["unknown".to_owned()];
        };
        let story = self.stories.get(held.person);
        let knows = |least: Heard| story.is_some_and(|story| story.inside(|one| one.known >= least));
        let insides = [knows(Heard::Yes), knows(Heard::Perhaps)];
        let here = self.lanes.get(lane).map_or(0, |seen| seen.no);
        let home = home_lane(&held.pass, &self.open).filter(|home| *home != here);
        let silent = match home {
            None => vec![None],
            Some(home) => match self.lanes.iter().position(|seen| seen.no == home) {
                // A lane that is not ours: whatever the server knows of it.
                None => vec![None, Some(home)],
                Some(at) => {
                    let before = under.heard.get(at).copied().unwrap_or(i64::MIN);
                    let after = self.lanes.get(at).map_or(i64::MIN, |seen| seen.heard.max(seen.tried));
                    let after = after.min(under.answered);
                    let longest = under.answered.saturating_sub(before);
                    let shortest = under.sent.saturating_sub(after);
                    if shortest > SILENT_MS + BLUR_MS {
                        vec![Some(home)]
                    } else if longest < SILENT_MS - BLUR_MS {
                        vec![None]
                    } else {
                        vec![None, Some(home)]
                    }
                }
            },
        };
        let way = if out { Way::Out } else { Way::In };
        let mut all: Vec<String> = Vec::new();
        for ms in [under.sent, under.answered] {
            let at = Timestamp::from_millisecond(ms).unwrap_or_default();
            for (cut_off, inside) in silent.iter().flat_map(|one| insides.map(|inside| (*one, inside))) {
                let lane = Lane::Server { cut_off };
                let said = label(decide(way, &self.facts(held, at, inside), &lane, false));
                if !all.contains(&said) {
                    all.push(said);
                }
            }
        }
        all
    }

    /// What a lane without a network may say: one thing, unless somebody came or went so shortly before its last answered
    /// request that nobody can tell whether it was told.
    pub fn alone(&self, copy: Option<usize>, out: bool, lane: usize, at: Timestamp) -> Vec<String> {
        let Some(held) = copy.and_then(|copy| self.copies.get(copy)) else {
            return vec!["unknown".to_owned()];
        };
        let Some(seen) = self.lanes.get(lane) else { return Vec::new() };
        let home = home_lane(&held.pass, &self.open).unwrap_or(seen.no);
        let sure = seen.told.saturating_sub(UNHEARD_MS);
        let Some(story) = self.stories.get(held.person) else { return Vec::new() };
        let own = |one: &Passed| one.lane == lane && one.isolated;
        // The lane has heard of all that the server knew at some instant, and that instant is not before `sure`.
        let later = story.passed.iter().map(|one| one.known_ms).filter(|ms| *ms > sure);
        let instants: Vec<i64> = std::iter::once(sure).chain(later).collect();
        let insides = [Heard::Yes, Heard::Perhaps].into_iter().flat_map(|least| {
            let told = move |one: &Passed, ms: i64| one.known >= least && one.known_ms <= ms;
            instants.iter().map(move |ms| story.inside(|one| own(one) || told(one, *ms)))
        });
        let way = if out { Way::Out } else { Way::In };
        let mut all = Vec::new();
        for inside in insides {
            let decides = Lane::Isolated { lane: seen.no, home, stale: false, known: true };
            let said = label(decide(way, &self.facts(held, at, inside), &decides, false));
            if !all.contains(&said) {
                all.push(said);
            }
        }
        all
    }

    /// Whether this person's story is beyond knowing.
    pub fn is_unsure(&self, copy: Option<usize>) -> bool {
        let held = copy.and_then(|copy| self.copies.get(copy));
        held.and_then(|held| self.stories.get(held.person)).is_some_and(|story| story.unsure)
    }

    /// A scan got no answer and somebody else decided: nobody can know what became of it.
    pub fn unsure(&mut self, copy: Option<usize>) {
        if let Some(held) = copy.and_then(|copy| self.copies.get(copy))
            && let Some(story) = self.stories.get_mut(held.person)
        {
            story.unsure = true;
        }
    }

    /// Somebody went through.
    pub fn passes(&mut self, copy: usize, out: bool, lane: usize, at: Timestamp, isolated: bool) -> u64 {
        self.next += 1;
        self.changes += 1;
        let id = self.next;
        let Some(held) = self.copies.get(copy) else { return id };
        let no = self.lanes.get(lane).map_or(0, |seen| seen.no);
        let home = home_lane(&held.pass, &self.open).is_none_or(|home| home == no);
        let way = if out { Way::Out } else { Way::In };
        if let Some(story) = self.stories.get_mut(held.person) {
            story.passed.push(Passed {
                id,
                way,
                at,
                lane,
                isolated,
                home,
                known: if isolated { Heard::No } else { Heard::Yes },
                known_ms: at.as_millisecond(),
            });
        }
        id
    }

    /// A passage of a lane that was cut off is on its way to the server.
    pub fn perhaps(&mut self, copy: usize, id: u64) {
        let held = self.copies.get(copy);
        if let Some(story) = held.and_then(|held| self.stories.get_mut(held.person))
            && let Some(one) = story.passed.iter_mut().find(|one| one.id == id)
        {
            one.known = one.known.max(Heard::Perhaps);
        }
    }

    /// How many passages are on their way.
    pub fn on_the_way(&self) -> u64 {
        let all = self.stories.iter().flat_map(|story| &story.passed);
        u64::try_from(all.filter(|one| one.known == Heard::Perhaps).count()).unwrap_or(u64::MAX)
    }

    /// What the server must say to a passage of a lane that was cut off, as it hears of it at an instant in milliseconds on
    /// its clock.
    pub fn merged(&mut self, copy: usize, id: u64, at_ms: i64) -> String {
        self.changes += 1;
        let Some(held) = self.copies.get(copy) else { return "unknown".to_owned() };
        let on_roll = self.people.get(held.person).is_none_or(|one| one.on_roll);
        let Some(story) = self.stories.get_mut(held.person) else { return "unknown".to_owned() };
        if let Some(one) = story.passed.iter_mut().find(|one| one.id == id) {
            (one.known, one.known_ms) = (Heard::Yes, at_ms);
            let entered = one.way == Way::In;
            if entered && held.revoked_at.is_some_and(|revoked| revoked <= one.at) {
                return "revoked".to_owned();
            }
        }
        if !on_roll {
            return "replaced".to_owned();
        }
        let clashes = story.conflicts().iter().any(|one| match *one {
            Conflict::DoubleEntry { second, .. } => second == id,
            Conflict::NotHome { entry } => entry == id,
        });
        if clashes { "conflict" } else { "accepted" }.to_owned()
    }

    /// How often who is inside has changed.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// How many of those that the roll-call counts are inside by what the server knows.
    pub fn present(&self) -> u64 {
        let all = self.people.iter().zip(&self.stories);
        let inside =
            all.filter(|(one, story)| one.counted && story.inside(|passed| passed.known == Heard::Yes));
        u64::try_from(inside.count()).unwrap_or(u64::MAX)
    }

    /// The codes of those nobody can be sure of.
    pub fn unsure_codes(&self) -> Vec<String> {
        let all = self.people.iter().zip(&self.stories);
        all.filter(|(_, story)| story.unsure).map(|(one, _)| one.code.clone()).collect()
    }

    /// The conflicts that there must be: code and kind, with how often.
    pub fn cases(&self) -> BTreeMap<(String, String), u64> {
        let mut all = BTreeMap::new();
        for (one, story) in self.people.iter().zip(&self.stories) {
            for conflict in story.conflicts() {
                let kind = match conflict {
                    Conflict::DoubleEntry { .. } => "vao_hai_lan",
                    Conflict::NotHome { .. } => "khong_dung_cong",
                };
                *all.entry((one.code.clone(), kind.to_owned())).or_default() += 1;
            }
        }
        all
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]
mod tests {
    use jiff::civil::date;

    use super::*;

    const NOON: i64 = 1_760_331_600_000; // 13/10/2025 12:00 in Việt Nam

    fn held(person: usize, pass: u8) -> Held {
        Held {
            person,
            pass: [pass; 6],
            digits: String::new(),
            category: 1,
            zones: 0b111,
            first_day: date(2025, 10, 13),
            last_day: date(2025, 10, 15),
            revoked_at: None,
        }
    }

    fn oracle() -> Oracle {
        let person =
            |code: &str| Person { code: code.to_owned(), on_roll: true, summoned: true, counted: true };
        let people = vec![person("DB-0001"), person("DB-0002")];
        let mut revoked = held(1, 9);
        revoked.revoked_at = Timestamp::from_millisecond(NOON - 1000).ok();
        let window = Window { category: 1, from: None, to: None };
        let mut oracle = Oracle::new(2, vec![window], people, vec![held(0, 1), held(1, 2), revoked], &[1, 2]);
        for lane in 0..2 {
            oracle.heard(lane, NOON, Some(NOON));
        }
        oracle
    }

    fn under(oracle: &Oracle, sent: i64) -> Under {
        Under { sent, answered: sent + 10, heard: oracle.heard_of() }
    }

    fn moment(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    /// The lane of two, by place, that is home to a copy, and the other one.
    fn homes(oracle: &Oracle, copy: usize) -> (usize, usize) {
        let home = home_lane(&oracle.copies[copy].pass, &[1, 2]).unwrap();
        if home == 1 { (0, 1) } else { (1, 0) }
    }

    #[test]
    fn in_then_again_then_out_and_in() {
        let mut oracle = oracle();
        let at = under(&oracle, NOON + 100);
        assert_eq!(oracle.online(Some(0), false, 0, &at), ["admit"]);
        oracle.passes(0, false, 0, moment(NOON + 110), false);
        assert_eq!(oracle.online(Some(0), false, 1, &at), ["already_inside"]);
        assert_eq!(oracle.present(), 1);
        assert_eq!(oracle.online(Some(0), true, 1, &at), ["leave"]);
        oracle.passes(0, true, 1, moment(NOON + 200), false);
        assert_eq!(oracle.online(Some(0), false, 0, &at), ["admit"]);
        assert_eq!(oracle.present(), 0);
    }

    #[test]
    fn strangers_the_revoked_and_other_days_stay_outside() {
        let mut oracle = oracle();
        let at = under(&oracle, NOON);
        assert_eq!(oracle.online(None, false, 0, &at), ["unknown"]);
        assert_eq!(oracle.online(Some(2), false, 0, &at), ["revoked"]);
        oracle.copies[0].last_day = date(2025, 10, 12);
        assert_eq!(oracle.online(Some(0), false, 0, &at), ["wrong_day"]);
        oracle.copies[1].zones = 0b11;
        assert_eq!(oracle.online(Some(1), false, 0, &at), ["wrong_zone"]);
    }

    #[test]
    fn a_silent_lane_keeps_its_passes_and_the_edge_is_not_sharp() {
        let mut oracle = oracle();
        let (home, other) = homes(&oracle, 0);
        let no = oracle.lanes[home].no;
        for (later, allowed) in [
            (1_000, vec!["admit".to_owned()]),
            (6_000, vec!["admit".to_owned(), format!("home_lane {no}")]),
            (9_000, vec![format!("home_lane {no}")]),
        ] {
            let at = under(&oracle, NOON + later);
            assert_eq!(oracle.online(Some(0), false, other, &at), allowed, "{later}");
        }
        let at = moment(NOON + 9_000);
        assert_eq!(oracle.alone(Some(0), false, home, at), ["admit"]);
        assert_eq!(oracle.alone(Some(0), false, other, at), [format!("home_lane {no}")]);
        oracle.heard(home, NOON + 9_500, None);
        assert_eq!(oracle.online(Some(0), false, other, &under(&oracle, NOON + 9_600)), ["admit"]);
    }

    #[test]
    fn what_enters_in_the_gap_and_again_at_home_is_a_conflict() {
        let mut oracle = oracle();
        let (home, other) = homes(&oracle, 0);
        // Cut off at noon; in elsewhere three seconds later, which the home has not heard of.
        oracle.passes(0, false, other, moment(NOON + 3_000), false);
        assert_eq!(oracle.alone(Some(0), false, home, moment(NOON + 20_000)), ["admit", "already_inside"]);
        let id = oracle.passes(0, false, home, moment(NOON + 20_000), true);
        assert!(oracle.cases().is_empty(), "the server has not heard of it");
        assert_eq!(oracle.merged(0, id, NOON + 22_000), "conflict");
        assert_eq!(
            oracle.cases().into_keys().collect::<Vec<_>>(),
            [("DB-0001".to_owned(), "vao_hai_lan".to_owned())]
        );
        assert_eq!(oracle.present(), 1, "a person is counted once");
    }

    #[test]
    fn a_lane_knows_what_it_was_told() {
        let mut oracle = oracle();
        let (home, other) = homes(&oracle, 0);
        oracle.passes(0, false, other, moment(NOON - 5_000), false);
        assert_eq!(oracle.alone(Some(0), false, home, moment(NOON + 20_000)), ["already_inside"]);
        let id = oracle.passes(0, true, home, moment(NOON + 21_000), true);
        assert_eq!(oracle.merged(0, id, NOON + 22_000), "accepted");
        assert_eq!(oracle.present(), 0);
    }

    #[test]
    fn what_came_to_the_server_after_a_lane_was_cut_off_the_lane_has_not_heard() {
        let mut oracle = oracle();
        let (home, other) = homes(&oracle, 0);
        // In at its home and told to both; then out there, cut off, which the server hears a minute later.
        oracle.passes(0, false, home, moment(NOON - 5_000), false);
        let id = oracle.passes(0, true, home, moment(NOON - 3_000), true);
        assert_eq!(oracle.merged(0, id, NOON + 60_000), "accepted");
        assert_eq!(oracle.alone(Some(0), false, other, moment(NOON + 70_000))[0], "already_inside");
        let no = oracle.lanes[home].no;
        oracle.heard(other, NOON + 65_000, Some(NOON + 65_000));
        let said = oracle.alone(Some(0), false, other, moment(NOON + 75_000));
        assert_eq!(said, [format!("home_lane {no}")]);
    }

    #[test]
    fn of_what_follows_quickly_a_lane_may_have_heard_the_half() {
        let mut oracle = oracle();
        let (home, other) = homes(&oracle, 0);
        oracle.passes(0, false, home, moment(NOON - 300), false);
        oracle.passes(0, true, home, moment(NOON - 100), false);
        let no = oracle.lanes[home].no;
        let said = oracle.alone(Some(0), false, other, moment(NOON + 20_000));
        assert_eq!(said, [format!("home_lane {no}"), "already_inside".to_owned()]);
    }
}
