//! Seating on the screen: the finder, the plan of a session, the wall, a row, the way to a seat, halls, prints.

pub(super) mod acts;
pub(super) mod finder;
pub(super) mod halls;
pub(super) mod plan;
pub(super) mod prints;
pub(super) mod row;
pub(super) mod setup;
pub(super) mod wall;
pub(super) mod way;

use platform::{
    app::App,
    identity::{Actor, Capability, Right},
    web::Cx,
};
use rules::seating::{
    Kind, Layout, Place,
    assign::Team,
    review::{Reason, Unmet, Who},
};

use super::{
    AREA, SeatingError,
    model::Picture,
    picture::{Cell, Labels, ground},
    query,
};

const NOTICES: &[&str] = &[
    "hall",
    "imported",
    "plan",
    "assigned",
    "moved",
    "swapped",
    "off",
    "pinned",
    "unpinned",
    "cleared",
    "published",
    "unpublished",
    "inherited",
];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) { cx.tp("seating-done-", asked).into_owned() } else { String::new() }
}

/// What somebody may do here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hands {
    manage: bool,
    decide: bool,
}

impl Hands {
    fn of<C: Capability>(actor: &Actor<C>) -> Self {
        Self { manage: actor.may(AREA, Right::Manage, None), decide: actor.may(AREA, Right::Decide, None) }
    }

    /// Everything that the bytes of a living part depend on.
    fn name(self) -> String {
        format!("{}{}", self.manage, self.decide)
    }
}

async fn load(app: &App, session: &str) -> Result<Picture, SeatingError> {
    let session = session.to_owned();
    app.db.read(move |tx| query::picture(tx, &session)).await
}

/// A team in words.
fn team_name(cx: &Cx, team: Team) -> String {
    match team {
        Team::Group(no) => cx.t1("attendance-group", "no", no),
        Team::Loose => cx.t("attendance-no-group").into_owned(),
        Team::Guests => cx.t("seating-guests").into_owned(),
    }
}

/// What stands on a seat of a team: the group's number, or a letter.
fn team_mark(cx: &Cx, team: Team) -> String {
    match team {
        Team::Group(no) => no.to_string(),
        Team::Loose => cx.t("seating-mark-loose").into_owned(),
        Team::Guests => cx.t("seating-mark-guests").into_owned(),
    }
}

fn team_ground(team: Team) -> &'static str {
    match team {
        Team::Group(no) => ground(no),
        Team::Loose => "#efebe3",
        Team::Guests => "#ffffff",
    }
}

fn labels(cx: &Cx, layout: &Layout, title: String) -> Labels {
    Labels {
        title,
        stage: cx.t("seating-stage").into_owned(),
        doors: layout.doors.iter().map(|door| cx.t1("seating-door", "no", door.no)).collect(),
    }
}

/// The places of a plan as the map of groups shows them.
fn cells(cx: &Cx, picture: &Picture, found: &str) -> Vec<Cell> {
    let sitting = picture.by_place();
    picture
        .layout
        .places
        .iter()
        .enumerate()
        .map(|(at, place)| {
            let text = picture.layout.text(place);
            let Some(one) = sitting.get(&at).and_then(|person| picture.people.get(*person)) else {
                let kind = cx.tp("seating-kind-", place.kind.as_str());
                return Cell {
                    label: cx.t2("seating-cell-free", "place", text, "kind", kind),
                    ..Cell::default()
                };
            };
            let team = team_name(cx, one.person.team);
            Cell {
                ground: Some(team_ground(one.person.team)),
                mark: team_mark(cx, one.person.team),
                code: one.who.code.clone(),
                label: cx.t3(
                    "seating-cell",
                    "place",
                    text,
                    "name",
                    one.who.profile.name.as_str(),
                    "team",
                    team,
                ),
                pinned: one.pinned,
                found: !found.is_empty() && one.who.code == found,
            }
        })
        .collect()
}

/// Something that a plan does not hold, in words.
struct UnmetLine {
    code: String,
    name: String,
    href: String,
    words: String,
}

fn unmet_lines(cx: &Cx, picture: &Picture) -> Vec<UnmetLine> {
    let line = |one: Unmet| {
        let reason = format!("seating-unmet-{}", one.reason.as_str());
        let words = match one.reason {
            Reason::Divided(parts) => cx.t1(&reason, "parts", parts),
            _ => cx.t(&reason).into_owned(),
        };
        match one.who {
            Who::Person(at) => {
                let who = &picture.people.get(at)?.who;
                Some(UnmetLine {
                    code: who.code.clone(),
                    name: who.profile.name.clone(),
                    href: way_href(picture, &who.code),
                    words,
                })
            }
            Who::Team(team) => {
                Some(UnmetLine { code: String::new(), name: team_name(cx, team), href: String::new(), words })
            }
        }
    };
    picture.unmet().into_iter().filter_map(line).collect()
}

fn plan_href(session: &str) -> String {
    format!("/cho-ngoi/{session}")
}

fn way_href(picture: &Picture, code: &str) -> String {
    format!("/cho-ngoi/{}/duong/{code}", picture.session.slug)
}

/// The door of a place in words; empty where the hall has none.
fn door_words(cx: &Cx, picture: &Picture, at: usize) -> String {
    let door = picture.doors.get(at).copied().flatten().and_then(|at| picture.layout.doors.get(at));
    door.map(|door| cx.t1("seating-door", "no", door.no)).unwrap_or_default()
}

/// Somebody's place in the order in which rows are read: from the stage, in a row as numbers stand from the left.
fn reading(place: &Place) -> (bool, u16, i32) {
    (place.kind != Kind::Stage, place.row, place.at.x)
}
