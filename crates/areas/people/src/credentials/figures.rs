//! The figures of a report, and the list behind each of them.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, civil::Date};
use platform::{clock, names};
use rules::{
    attendance::Tally,
    count::reconcile,
    credentials::{self as rule, Band, Bands, Distribution, Presence, Statistics, years},
};
use serde::{Deserialize, Serialize};

use super::{
    CredentialError,
    frozen::{Facts, Line},
};
use crate::{
    attendance::{
        model::{Event, Session},
        query as attendance,
    },
    delegates::model::{ParticipantId, Standing},
};

names! {
    /// By what the delegates are divided.
    By {
        /// Có mặt, vắng.
        Presence = "hien-dien",
        /// Loại đại biểu.
        Standing = "loai",
        /// Giới tính.
        Sex = "gioi-tinh",
        /// Độ tuổi.
        Age = "do-tuoi",
        /// Dân tộc.
        Ethnicity = "dan-toc",
        /// Giáo dục phổ thông.
        Schooling = "van-hoa",
        /// Chuyên môn.
        Qualification = "chuyen-mon",
        /// Lý luận chính trị.
        Theory = "ly-luan",
        /// Khối công tác.
        Occupation = "khoi",
        /// Tổ.
        Group = "to",
    }
}

/// One part: how many of the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What is counted; empty for those whose fact is missing.
    pub key: String,
    /// How many.
    pub count: u64,
    /// Hundredths of a percent as printed.
    pub percent: u32,
    /// Hundredths added so that the parts make up 100.00.
    pub adjusted: i32,
}

/// How the delegates divide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Division {
    /// By what.
    pub by: By,
    /// The parts.
    pub parts: Vec<Part>,
}

/// The end of a scale with the names of who stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Completed years.
    pub years: u8,
    /// Their names with their codes.
    pub who: Vec<String>,
}

/// A group with its attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFigure {
    /// Its number; none for those in no group.
    pub no: Option<u16>,
    /// Its counts.
    pub tally: Tally,
}

/// Everything that a report counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The day for which ages count.
    pub on: Date,
    /// Summoned.
    pub summoned: u64,
    /// The counts of the session.
    pub tally: Tally,
    /// How the summoned divide.
    pub divisions: Vec<Division>,
    /// The mean age in tenths of a year.
    pub mean_tenths: Option<u32>,
    /// The oldest.
    pub oldest: Option<End>,
    /// The youngest.
    pub youngest: Option<End>,
    /// The greatest Party age.
    pub party_most: Option<End>,
    /// The least.
    pub party_least: Option<End>,
    /// Academic titles, over all.
    pub titles: Vec<(String, u64)>,
    /// Party badges by years, over all.
    pub badges: Vec<(u8, u64)>,
    /// Attendance by group.
    pub groups: Vec<GroupFigure>,
}

/// A summoned delegate as frozen, with how they stand in the session.
pub struct Person<'a> {
    /// As frozen.
    pub line: &'a Line,
    /// Their facts.
    pub facts: &'a Facts,
    /// How they stand.
    pub standing: rules::attendance::Standing,
}

/// The summoned delegates of a freeze with how they stand at an instant.
pub fn people<'a>(
    lines: &'a [Line],
    session: &Session,
    events: &HashMap<ParticipantId, Vec<Event>>,
    as_of: Timestamp,
) -> Vec<Person<'a>> {
    lines
        .iter()
        .filter_map(|line| {
            let facts = line.summoned()?;
            let own = events.get(&line.participant).map_or(&[][..], Vec::as_slice);
            Some(Person { line, facts, standing: attendance::stand(session, own, as_of, line.status) })
        })
        .collect()
}

/// The key of a band: `-29`, `30-40`, `71-`.
fn band_key(band: Band) -> String {
    let end = |age: Option<u8>| age.map(|age| age.to_string()).unwrap_or_default();
    format!("{}-{}", end(band.from), end(band.to))
}

const fn presence_key(presence: Presence) -> &'static str {
    match presence {
        Presence::Present => "co_mat",
        Presence::WithLeave => "vang_co",
        Presence::WithoutLeave => "vang_khong",
    }
}

fn standing_key(standing: rule::Standing) -> &'static str {
    match standing {
        rule::Standing::ExOfficio => Standing::ExOfficio.as_str(),
        rule::Standing::Elected => Standing::Elected.as_str(),
        rule::Standing::Appointed => Standing::Appointed.as_str(),
    }
}

const fn sex_key(sex: rule::Sex) -> &'static str {
    match sex {
        rule::Sex::Female => "nu",
        rule::Sex::Male => "nam",
    }
}

/// The part of a division somebody is in: the list behind a figure is those with its key.
pub fn key_of(by: By, one: &Person<'_>, on: Date) -> String {
    let facts = one.facts;
    match by {
        By::Presence => presence_key(one.standing.presence).to_owned(),
        By::Standing => facts.standing.map(|one| one.to_string()).unwrap_or_default(),
        By::Sex => facts.sex.map(|one| one.to_string()).unwrap_or_default(),
        By::Age => facts
            .born
            .and_then(|born| years(born, on))
            .map(|age| band_key(Bands::congress().of(age)))
            .unwrap_or_default(),
        By::Ethnicity => facts.restricted.ethnicity.clone(),
        By::Schooling => facts.schooling.clone(),
        By::Qualification => facts.qualification.clone(),
        By::Theory => facts.theory.clone(),
        By::Occupation => facts.occupation.clone(),
        By::Group => facts.group_no.map(|no| no.to_string()).unwrap_or_default(),
    }
}

fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn division<K: Ord + Clone>(by: By, parts: &Distribution<K>, key: impl Fn(&K) -> String) -> Division {
    Division {
        by,
        parts: parts
            .parts
            .iter()
            .map(|part| Part {
                key: part.key.as_ref().map(&key).unwrap_or_default(),
                count: part.count.part,
                percent: part.percent,
                adjusted: part.adjusted,
            })
            .collect(),
    }
}

/// Counts.
///
/// # Errors
/// [`CredentialError::NoStanding`], [`CredentialError::Mismatch`].
pub fn count(people: &[Person<'_>], on: Date) -> Result<Figures, CredentialError> {
    let rows: Vec<rule::Facts> = people
        .iter()
        .map(|one| {
            let facts = one.facts;
            Ok(rule::Facts {
                standing: facts
                    .standing
                    .ok_or_else(|| CredentialError::NoStanding(one.line.code.clone()))?
                    .into(),
                presence: one.standing.presence,
                sex: facts.sex.map(Into::into),
                born: facts.born,
                joined: facts.joined,
                ethnicity: text(&facts.restricted.ethnicity),
                schooling: text(&facts.schooling),
                qualification: text(&facts.qualification),
                academic_title: text(&facts.academic_title),
                theory: text(&facts.theory),
                occupation: text(&facts.occupation),
                badge: facts.party_badge,
            })
        })
        .collect::<Result<_, CredentialError>>()?;
    let counted = Statistics::of(&rows, on, &Bands::congress());
    counted.reconciles().map_err(|(what, _)| CredentialError::Mismatch(what))?;
    let mut groups: BTreeMap<u16, Tally> = BTreeMap::new();
    let mut tally = Tally::default();
    for one in people {
        groups.entry(one.facts.group_no.unwrap_or(u16::MAX)).or_default().add(&one.standing);
        tally.add(&one.standing);
    }
    let numbers: Vec<u16> = groups.keys().copied().filter(|no| *no != u16::MAX).collect();
    let by_group = Distribution::of(people.iter().map(|one| one.facts.group_no), &numbers);
    let same = |text: &String| text.clone();
    let end = |extreme: &Option<rule::Extreme>| {
        extreme.as_ref().map(|extreme| End {
            years: extreme.years,
            who: extreme
                .who
                .iter()
                .filter_map(|at| people.get(*at))
                .map(|one| format!("{} ({})", one.line.name, one.line.code))
                .collect(),
        })
    };
    let figures = Figures {
        on,
        summoned: counted.summoned,
        tally,
        divisions: vec![
            division(By::Presence, &counted.presence, |one| presence_key(*one).to_owned()),
            division(By::Standing, &counted.standing, |one| standing_key(*one).to_owned()),
            division(By::Sex, &counted.sex, |one| sex_key(*one).to_owned()),
            division(By::Age, &counted.age.bands, |one| band_key(*one)),
            division(By::Ethnicity, &counted.ethnicity, same),
            division(By::Schooling, &counted.schooling, same),
            division(By::Qualification, &counted.qualification, same),
            division(By::Theory, &counted.theory, same),
            division(By::Occupation, &counted.occupation, same),
            division(By::Group, &by_group, u16::to_string),
        ],
        mean_tenths: counted.age.mean_tenths,
        oldest: end(&counted.age.oldest),
        youngest: end(&counted.age.youngest),
        party_most: end(&counted.party_age.0),
        party_least: end(&counted.party_age.1),
        titles: counted.titles.into_iter().map(|(title, count)| (title, count.part)).collect(),
        badges: counted.badges.into_iter().map(|(years, count)| (years, count.part)).collect(),
        groups: groups
            .into_iter()
            .map(|(no, tally)| GroupFigure { no: (no != u16::MAX).then_some(no), tally })
            .collect(),
    };
    figures.reconciles()?;
    Ok(figures)
}

impl Figures {
    /// The parts of a division.
    pub fn by(&self, by: By) -> &[Part] {
        self.divisions.iter().find(|one| one.by == by).map_or(&[], |one| &one.parts)
    }

    /// How many have this key.
    pub fn of(&self, by: By, key: &str) -> u64 {
        self.by(by).iter().find(|part| part.key == key).map_or(0, |part| part.count)
    }

    /// Every division makes up the number summoned, in people and in percent; so do the groups. A report in which
    /// this fails is not issued.
    ///
    /// # Errors
    /// [`CredentialError::Mismatch`] with the first that does not.
    pub fn reconciles(&self) -> Result<(), CredentialError> {
        let whole = |counts: &[u64], what| {
            reconcile(self.summoned, counts).map_err(|_| CredentialError::Mismatch(what))
        };
        for one in &self.divisions {
            let counts: Vec<u64> = one.parts.iter().map(|part| part.count).collect();
            whole(&counts, one.by.as_str())?;
            let hundredths: u64 = one.parts.iter().map(|part| u64::from(part.percent)).sum();
            if self.summoned > 0 && hundredths != 10_000 {
                return Err(CredentialError::Mismatch(one.by.as_str()));
            }
        }
        let groups: Vec<u64> = self.groups.iter().map(|group| group.tally.summoned).collect();
        whole(&groups, By::Group.as_str())?;
        let Tally { present, with_leave, without_leave, .. } = self.tally;
        whole(&[present, with_leave, without_leave], By::Presence.as_str())?;
        let there = self.groups.iter().map(|group| group.tally.present).sum::<u64>();
        if there != present || present != self.of(By::Presence, "co_mat") {
            return Err(CredentialError::Mismatch(By::Presence.as_str()));
        }
        Ok(())
    }
}

/// The day of an instant, for ages.
pub fn day(at: Timestamp) -> Date {
    clock::local(at).date()
}
