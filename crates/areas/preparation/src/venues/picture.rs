//! A round put together: gates, ratings, ranking, sensitivity. Everything here is derived.

use platform::db::Tx;
use rules::{
    egress::{self, Screening, Verdict},
    scoring::{self, Blocker, Candidate, Exact, Gate, Standing},
    sensitivity::{self, Sensitivity},
};
use serde::{Deserialize, Serialize};

use super::{
    error::VenueError,
    model::*,
    store::{self, Who},
};

/// A gate of a venue with what it stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GateView {
    /// The gate.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub result: Gate,
    /// Whether it is computed from measurements rather than judged.
    pub computed: bool,
    /// Who judged it, on what; none for a computed gate or one that nobody judged.
    pub judgement: Option<Judgement>,
}

/// Ratings of one venue in one round, from forms that were handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ratings {
    /// One list for each scored criterion in the criteria's order.
    pub by_criterion: Vec<Vec<u8>>,
    /// Who rated what, with the remark: criterion's place, office, rating, remark. One office, one rating.
    pub said: Vec<Said>,
    /// Forms handed in.
    pub assessors: usize,
    /// Forms asked for.
    pub asked: usize,
    /// Records that disagree, over all forms of the venue.
    pub cases: usize,
}

/// One rating as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The criterion.
    pub code: String,
    /// The office that rated.
    pub office: platform::identity::OfficeId,
    /// 0–10.
    pub value: u8,
    /// The remark.
    pub note: String,
}

/// A venue in a round.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The venue.
    pub venue: Venue,
    /// Its spaces.
    pub spaces: Vec<Space>,
    /// The screening of its main space; none while it has none.
    pub screening: Option<Screening>,
    /// Its gates.
    pub gates: Vec<GateView>,
    /// Where it stands.
    pub standing: Standing,
    /// Forms handed in.
    pub assessors: usize,
    /// Forms asked for.
    pub asked: usize,
    /// Records that disagree.
    pub cases: usize,
    /// Single ratings with their remarks.
    pub said: Vec<Said>,
    /// What was said about ratings that lie far apart.
    pub discussions: Vec<Discussion>,
    /// True when ratings are hidden from who looks, because that office has yet to hand in its own.
    pub hidden: bool,
}

/// A round put together under one version of the criteria.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Picture {
    /// The round.
    pub round: Round,
    /// The version of the criteria.
    pub criteria: Criteria,
    /// People needed, with the reserve.
    pub need: u32,
    /// Venues: ranked ones first by place, then the others by code. Withdrawn ones are left out.
    pub entries: Vec<Entry>,
    /// How firm the ranking is; places are those of ranked venues in `entries`. None below two ranked venues.
    pub sensitivity: Option<Sensitivity>,
    /// True when a part is hidden from who looks.
    pub hidden: bool,
}

impl Picture {
    /// The entry of a venue.
    pub fn entry(&self, venue: VenueId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.venue.id == venue)
    }

    /// Ranked venues by place.
    pub fn ranked(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.standing.place.is_some())
    }

    /// The same without what this office may not see yet.
    ///
    /// # Errors
    /// Any [`platform::db::DbError`].
    pub fn seen_by(mut self, tx: &mut Tx<'_>, who: &Who) -> Result<Self, VenueError> {
        for entry in &mut self.entries {
            if store::sees_ratings(tx, who, self.round.id, entry.venue.id)? {
                continue;
            }
            entry.hidden = true;
            entry.said.clear();
            entry.discussions.clear();
            entry.standing.total = None;
            entry.standing.place = None;
            entry.standing.spreads.fill(None);
            entry
                .standing
                .blockers
                .retain(|blocker| matches!(blocker, Blocker::Gate { .. } | Blocker::FewAssessors { .. }));
            self.hidden = true;
        }
        if self.hidden {
            // A place and a margin tell what is hidden.
            self.sensitivity = None;
            for entry in &mut self.entries {
                entry.standing.place = None;
            }
        }
        Ok(self)
    }

    /// What a recommendation freezes.
    pub fn frozen(&self, recommended: VenueId) -> Frozen {
        Frozen {
            recommended,
            round: self.round.name.clone(),
            people: self.round.people,
            reserve: self.round.reserve,
            need: self.need,
            criteria: self.criteria.no,
            weights: self
                .criteria
                .scored()
                .map(|criterion| FrozenCriterion {
                    code: criterion.code.clone(),
                    name: criterion.name.clone(),
                    weight: criterion.weight,
                })
                .collect(),
            comparison: self.criteria.comparison.clone(),
            venues: self.entries.iter().map(FrozenVenue::of).collect(),
            sensitivity: self.sensitivity.as_ref().map(|found| FrozenSensitivity {
                cases: found.cases.len(),
                steady: found.steady,
                equal: found.equal.clone(),
                joint: found.duels.first().and_then(|duel| duel.joint),
                stronger: found
                    .duels
                    .first()
                    .map(|duel| {
                        let codes: Vec<&str> = self.criteria.scored().map(|c| c.code.as_str()).collect();
                        duel.stronger
                            .iter()
                            .filter_map(|at| codes.get(*at))
                            .map(|c| (*c).to_owned())
                            .collect()
                    })
                    .unwrap_or_default(),
            }),
        }
    }
}

/// A criterion as it was weighed when a recommendation was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenCriterion {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its weight, hundredths of a percent.
    pub weight: u32,
}

/// A venue as it stood when a recommendation was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenVenue {
    /// Its id.
    pub id: VenueId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Gates: code, result, condition.
    pub gates: Vec<(String, Gate, String)>,
    /// Sức thoát, people.
    pub egress: Option<u32>,
    /// Sức chứa an toàn, people.
    pub safe: Option<u32>,
    /// Means in the criteria's order.
    pub means: Vec<Option<Exact>>,
    /// The total.
    pub total: Option<Exact>,
    /// Its place; none: not ranked.
    pub place: Option<usize>,
    /// Who rated, how many.
    pub assessors: usize,
}

impl FrozenVenue {
    fn of(entry: &Entry) -> Self {
        Self {
            id: entry.venue.id,
            code: entry.venue.code.clone(),
            name: entry.venue.name.clone(),
            gates: entry
                .gates
                .iter()
                .map(|gate| {
                    let condition =
                        gate.judgement.as_ref().map(|judged| judged.condition.clone()).unwrap_or_default();
                    (gate.code.clone(), gate.result, condition)
                })
                .collect(),
            egress: entry.screening.as_ref().and_then(|screening| screening.egress),
            safe: entry.screening.as_ref().and_then(|screening| screening.safe),
            means: entry.standing.spreads.iter().map(|spread| spread.map(|spread| spread.mean)).collect(),
            total: entry.standing.total,
            place: entry.standing.place,
            assessors: entry.assessors,
        }
    }
}

/// How firm the ranking was when a recommendation was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenSensitivity {
    /// Changes tried.
    pub cases: usize,
    /// In how many the same venue led.
    pub steady: usize,
    /// Totals with equal weights, in the order of places.
    pub equal: Vec<Exact>,
    /// The factor on all criteria where the second is stronger, at which it draws level.
    pub joint: Option<Exact>,
    /// Those criteria.
    pub stronger: Vec<String>,
}

/// What a recommendation freezes and a decision signs: it stays whatever is measured, rated or weighed later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// Which venue is recommended.
    pub recommended: VenueId,
    /// The round.
    pub round: String,
    /// People expected in the hall.
    pub people: u32,
    /// Reserve, percent.
    pub reserve: u32,
    /// People needed, with the reserve.
    pub need: u32,
    /// The version of the criteria.
    pub criteria: u32,
    /// The criteria with their weights.
    pub weights: Vec<FrozenCriterion>,
    /// The comparison behind the weights.
    pub comparison: Option<Comparison>,
    /// The venues.
    pub venues: Vec<FrozenVenue>,
    /// How firm the ranking was.
    pub sensitivity: Option<FrozenSensitivity>,
}

/// The ratings of a venue in a round, from the forms that were handed in.
///
/// # Errors
/// Any [`platform::db::DbError`].
pub fn ratings(
    tx: &mut Tx<'_>,
    round: &Round,
    venue: VenueId,
    criteria: &Criteria,
) -> Result<Ratings, VenueError> {
    let codes: Vec<&str> = criteria.scored().map(|criterion| criterion.code.as_str()).collect();
    let mut ratings = Ratings { by_criterion: vec![Vec::new(); codes.len()], ..Ratings::default() };
    for survey in store::surveys_of(tx, round.id)?.iter().filter(|survey| survey.venue == venue) {
        ratings.asked += 1;
        let form = store::form(tx, survey.id)?;
        ratings.cases += form.cases.len();
        if survey.handed_in_at.is_none() {
            continue;
        }
        ratings.assessors += 1;
        for (code, list) in codes.iter().zip(&mut ratings.by_criterion) {
            if let Some((value, note)) = form.rating(code) {
                list.push(value);
                ratings.said.push(Said {
                    code: (*code).to_owned(),
                    office: survey.office,
                    value,
                    note: note.to_owned(),
                });
            }
        }
    }
    Ok(ratings)
}

fn gate_views(
    criteria: &Criteria,
    judgements: &[Judgement],
    venue: VenueId,
    screening: Option<&Screening>,
) -> Vec<GateView> {
    criteria
        .gates()
        .map(|criterion| {
            let computed = criterion.kind == CriterionKind::Egress;
            let judgement =
                judgements.iter().find(|one| !computed && one.venue == venue && one.code == criterion.code);
            let result = if computed {
                match screening.map(|screening| screening.verdict) {
                    Some(Verdict::Enough) => Gate::Pass,
                    Some(Verdict::NotEnough) => Gate::Fail,
                    Some(Verdict::Unknown) | None => Gate::NoEvidence,
                }
            } else {
                judgement.map_or(Gate::NoEvidence, |judgement| judgement.result)
            };
            GateView {
                code: criterion.code.clone(),
                name: criterion.name.clone(),
                result,
                computed,
                judgement: judgement.cloned(),
            }
        })
        .collect()
}

/// The screening of a venue's main space for a round.
pub fn screen(spaces: &[Space], round: &Round) -> Option<Screening> {
    let main = spaces.iter().find(|space| space.fields.main)?;
    Some(egress::screen(&main.fields.measured(), round.people, round.reserve))
}

/// The screening of any space: the main one for the people of the round, another for the people it would hold.
pub fn screen_space(space: &SpaceFields, round: &Round) -> Screening {
    if space.main {
        return egress::screen(&space.measured(), round.people, round.reserve);
    }
    let measured = space.measured();
    egress::screen(&measured, measured.holds().unwrap_or(0), 0)
}

/// How the gates of a venue stand together in the current round.
///
/// # Errors
/// [`VenueError::NoRound`], [`VenueError::NoCriteria`].
pub fn gates_now(tx: &mut Tx<'_>, venue: &Venue) -> Result<Gate, VenueError> {
    let round = store::current_round(tx)?;
    let criteria = store::newest_criteria(tx)?.ok_or(VenueError::NoCriteria)?;
    let judgements = store::judgements(tx, round.id)?;
    let screening = screen(&store::spaces(tx, venue.id)?, &round);
    let views = gate_views(&criteria, &judgements, venue.id, screening.as_ref());
    Ok(scoring::gates(views.iter().map(|view| view.result)))
}

/// Puts a round together under a version of the criteria. Nothing is hidden yet: see [`Picture::seen_by`].
///
/// # Errors
/// [`VenueError::Weights`] when nothing can be weighed.
pub fn of(tx: &mut Tx<'_>, round: &Round, criteria: &Criteria) -> Result<Picture, VenueError> {
    let judgements = store::judgements(tx, round.id)?;
    let discussions = store::discussions(tx, round.id)?;
    let scored: Vec<scoring::Criterion> = criteria
        .scored()
        .map(|criterion| scoring::Criterion { code: criterion.code.clone(), weight: criterion.weight })
        .collect();
    let mut entries = Vec::new();
    for venue in store::venues(tx)? {
        if venue.state == rules::venue::VenueState::Withdrawn {
            continue;
        }
        let spaces = store::spaces(tx, venue.id)?;
        let screening = screen(&spaces, round);
        let gates = gate_views(criteria, &judgements, venue.id, screening.as_ref());
        let ratings = ratings(tx, round, venue.id, criteria)?;
        let discussions: Vec<Discussion> =
            discussions.iter().filter(|one| one.venue == venue.id).cloned().collect();
        let discussed = scored
            .iter()
            .zip(&ratings.by_criterion)
            .filter(|(criterion, given)| {
                scoring::Spread::of(given).is_some_and(|spread| {
                    discussions.iter().any(|said| {
                        said.code == criterion.code && said.low == spread.low && said.high == spread.high
                    })
                })
            })
            .map(|(criterion, _)| criterion.code.clone())
            .collect();
        let candidate = Candidate {
            gates: gates.iter().map(|gate| (gate.code.clone(), gate.result)).collect(),
            ratings: ratings.by_criterion.clone(),
            assessors: ratings.assessors,
            discussed,
            open_cases: ratings.cases,
        };
        entries.push((
            Entry {
                venue,
                spaces,
                screening,
                gates,
                standing: Standing {
                    gate: Gate::NoEvidence,
                    total: None,
                    place: None,
                    spreads: Vec::new(),
                    blockers: Vec::new(),
                },
                assessors: ratings.assessors,
                asked: ratings.asked,
                cases: ratings.cases,
                said: ratings.said,
                discussions,
                hidden: false,
            },
            candidate,
        ));
    }
    let candidates: Vec<Candidate> = entries.iter().map(|(_, candidate)| candidate.clone()).collect();
    let standings = scoring::rank(&scored, &candidates)?;
    let mut entries: Vec<Entry> = entries
        .into_iter()
        .zip(standings)
        .map(|((entry, _), standing)| Entry { standing, ..entry })
        .collect();
    entries.sort_by_key(|entry| (entry.standing.place.unwrap_or(usize::MAX), entry.venue.code.clone()));
    let ranked: Vec<Vec<Exact>> = entries
        .iter()
        .filter(|entry| entry.standing.place.is_some())
        .filter_map(|entry| entry.standing.scores())
        .collect();
    let weights: Vec<u32> = scored.iter().map(|criterion| criterion.weight).collect();
    let sensitivity = if ranked.len() < 2 { None } else { sensitivity::analyse(&weights, &ranked) };
    Ok(Picture {
        need: egress::need(round.people, round.reserve),
        round: round.clone(),
        criteria: criteria.clone(),
        entries,
        sensitivity,
        hidden: false,
    })
}
