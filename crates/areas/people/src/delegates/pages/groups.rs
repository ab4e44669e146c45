//! Tổ đại biểu: who leads each, how many there are, where it meets.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    db::{DbError, Tx},
    i18n::key,
    identity::Actor,
    web::{
        AppError, Cx, FieldProblem, Layout, LivePart, Page, PrintSize, Typed, page, page_with, problem, see,
    },
};

use super::{PATH, group_words, manages, photo_href};
use crate::delegates::{
    DelegateError, ManageDelegates, ReadDelegates, TOPIC,
    desk::{self, Roles},
    model::{Group, GroupRole, Participant, Status},
    query, store,
};

const GROUPS: &str = "/dai-bieu/to";

struct Picture {
    groups: Vec<(Group, Vec<Participant>)>,
    without: usize,
}

impl Picture {
    fn load(tx: &mut Tx<'_>) -> Result<Self, DbError> {
        let everybody = query::everybody(tx)?;
        let without = everybody
            .iter()
            .filter(|one| one.is_summoned_delegate() && one.profile.group_no.is_none())
            .count();
        let groups = query::groups(tx)?
            .into_iter()
            .map(|group| {
                let members = everybody
                    .iter()
                    .filter(|one| one.profile.group_no == Some(group.no) && one.status.is_on_roll())
                    .cloned()
                    .collect();
                (group, members)
            })
            .collect();
        Ok(Self { groups, without })
    }
}

struct Holder {
    href: String,
    name: String,
    photo: String,
}

struct Line {
    no: String,
    words: String,
    href: String,
    edit: String,
    room: String,
    count: usize,
    confirmed: usize,
    roles: Vec<(String, Vec<Holder>)>,
}

#[derive(Template)]
#[template(path = "delegates/pages/groups_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    lines: Vec<Line>,
    without: usize,
    seated: usize,
    manages: bool,
}

#[derive(Template)]
#[template(path = "delegates/pages/groups.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    manages: bool,
    region: String,
    next: String,
}

fn draw(cx: &Cx, picture: &Picture, manages: bool) -> askama::Result<String> {
    let lines = picture
        .groups
        .iter()
        .map(|(group, members)| Line {
            no: group.no.to_string(),
            words: group_words(cx, group),
            href: format!("{PATH}?to={}", group.no),
            edit: format!("{GROUPS}/{}", group.no),
            room: group.room.clone(),
            count: members.len(),
            confirmed: members.iter().filter(|one| one.status == Status::Confirmed).count(),
            roles: GroupRole::ALL
                .iter()
                .filter(|role| **role != GroupRole::Member)
                .map(|role| {
                    let holders = members
                        .iter()
                        .filter(|one| one.profile.group_role == Some(*role))
                        .map(|one| Holder {
                            href: one.href(),
                            name: one.profile.name.clone(),
                            photo: photo_href(one, true),
                        })
                        .collect();
                    (cx.tp("delegates-role-", role).into_owned(), holders)
                })
                .collect(),
        })
        .collect();
    let seated = picture.groups.iter().map(|(_, members)| members.len()).sum();
    Part { cx, lines, without: picture.without, seated, manages }.render()
}

/// `GET /dai-bieu/to`
pub(super) async fn list(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let manages = manages(&actor);
    let picture = app.db.read(Picture::load).await?;
    let live = LivePart::of(&cx, manages);
    let body = draw(&live.cx(), &picture, manages)?;
    let next = picture.groups.iter().map(|(group, _)| group.no).max().unwrap_or(0) + 1;
    let whole = Whole {
        notice: if cx.param("xong") == "group" {
            cx.t("delegates-done-group").into_owned()
        } else {
            String::new()
        },
        manages,
        region: live.region(body)?,
        next: next.to_string(),
        cx: &cx,
    };
    let out = Page::new(cx.t("delegates-groups"), whole).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("people.css").script("js/list.js")))
}

/// `GET /song/dai-bieu/to`
pub(super) async fn stream(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let manages = manages(&actor);
    let owner = app.clone();
    LivePart::of(&cx, manages).stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| {
        let app = owner.clone();
        async move {
            let picture = app.db.read(Picture::load).await?;
            Ok(draw(&cx, &picture, manages)?)
        }
    })
}

/// `POST /dai-bieu/to/luu`: a group that is new.
pub(super) async fn save(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let no: u16 = typed.get("no").parse().map_err(|_| {
        AppError::invalid(vec![FieldProblem::new("no", key("delegates-error-group-no"))])
            .next(GROUPS, key("delegates-groups"))
    })?;
    app.db
        .write(actor.author(), move |tx| {
            if query::group(tx, no)?.is_some() {
                let taken = FieldProblem::new("no", key("delegates-error-group-taken"));
                return Err(DelegateError::Fields(vec![taken]));
            }
            Ok(store::put_group(tx, no, typed.get("name"), typed.get("room"))?.with(()))
        })
        .await
        .map_err(|error| AppError::from(error).next(GROUPS, key("delegates-groups")))?;
    Ok(see(GROUPS, "group"))
}

#[derive(Template)]
#[template(path = "delegates/pages/group_form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    version: i64,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    seats: Vec<Seat>,
    members: Vec<(String, String)>,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// One place of a role to be given.
struct Seat {
    role: &'static str,
    id: String,
    chosen: String,
    /// What is wrong with the role stands under its first place.
    first: bool,
}

fn seats(typed: &Typed) -> Vec<Seat> {
    GroupRole::ALL
        .iter()
        .flat_map(|role| (0..role.most().unwrap_or(0)).map(move |at| (role.as_str(), at)))
        .map(|(role, at)| Seat {
            role,
            id: format!("{role}-{at}"),
            chosen: typed.all(role).get(at).cloned().unwrap_or_default(),
            first: at == 0,
        })
        .collect()
}

struct Shown {
    typed: Option<Typed>,
    version: Option<i64>,
    answer: Option<AppError>,
}

async fn form_page(app: &App, cx: &Cx, no: u16, shown: Shown) -> Result<Response, AppError> {
    let (group, members) = app
        .db
        .read(move |tx| Ok::<_, DelegateError>((store::group(tx, no)?, desk::members(tx, no)?)))
        .await?;
    let members: Vec<Participant> = members.into_iter().filter(|one| one.status.is_on_roll()).collect();
    let typed = shown.typed.unwrap_or_else(|| {
        let mut pairs =
            vec![("name".to_owned(), group.name.clone()), ("room".to_owned(), group.room.clone())];
        pairs.extend(members.iter().filter_map(|one| {
            let role = one.profile.group_role.filter(|role| *role != GroupRole::Member)?;
            Some((role.to_string(), one.id.to_string()))
        }));
        Typed::from(pairs)
    });
    let title = group_words(cx, &group);
    let problems = shown.answer.as_ref().map(|answer| answer.fields().to_vec()).unwrap_or_default();
    let none = (String::new(), cx.t("delegates-role-nobody").into_owned());
    let body = FormPage {
        title: title.clone(),
        action: format!("{GROUPS}/{no}"),
        version: shown.version.unwrap_or(group.version),
        general: shown
            .answer
            .as_ref()
            .filter(|answer| answer.fields().is_empty())
            .map(|answer| answer.detail(cx.lang))
            .unwrap_or_default(),
        members: std::iter::once(none)
            .chain(
                members
                    .iter()
                    .map(|one| (one.id.to_string(), format!("{} · {}", one.profile.name, one.code))),
            )
            .collect(),
        seats: seats(&typed),
        typed,
        problems,
        cx,
    };
    let status = shown.answer.map_or(StatusCode::OK, |answer| answer.status());
    Ok(page_with(status, cx, Page::new(title, body).style("people.css")))
}

/// `GET /dai-bieu/to/{no}`
pub(super) async fn edit(
    _actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<String>,
) -> Result<Response, AppError> {
    let no = no.parse().map_err(|_| DelegateError::NotFound)?;
    form_page(&app, &cx, no, Shown { typed: None, version: None, answer: None }).await
}

/// `POST /dai-bieu/to/{no}`
pub(super) async fn roles(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(no): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let no = no.parse().map_err(|_| DelegateError::NotFound)?;
    let typed = Typed::from(pairs);
    let mut holders = Vec::new();
    for role in GroupRole::ALL.iter().filter(|role| **role != GroupRole::Member) {
        holders
            .extend(typed.all(role.as_str()).iter().filter_map(|id| id.parse().ok()).map(|id| (id, *role)));
    }
    let version = typed.get("version").parse().unwrap_or(0);
    let wanted =
        Roles { version, name: typed.get("name").to_owned(), room: typed.get("room").to_owned(), holders };
    let done = app.db.write(actor.author(), move |tx| Ok(desk::set_roles(tx, no, &wanted)?.with(()))).await;
    match done {
        Ok(()) => Ok(see(GROUPS, "group")),
        Err(error @ (DelegateError::NotFound | DelegateError::Db(_))) => Err(error.into()),
        Err(error) => {
            let version = match &error {
                DelegateError::Conflict { version, .. } => *version,
                _ => version,
            };
            let answer = Some(AppError::from(error));
            form_page(&app, &cx, no, Shown { typed: Some(typed), version: Some(version), answer }).await
        }
    }
}
