//! One person: what is kept of them, who may see which part, and what was done to it.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use platform::{
    app::App,
    audit, clock,
    db::Tx,
    files::{self, PictureOptions, PutOptions, Size},
    i18n::key,
    identity::{Actor, Capability, doer_words},
    web::{AppError, Cx, FieldProblem, LivePart, Page, Typed, page_with, problem, see},
};

use super::{LARGEST, StatusView, group_words, manages, photo_href};
use crate::delegates::{
    DelegateError, ManageDelegates, ReadDelegates,
    answers::{self, Answer, NewAnswer, Way},
    desk::{self, Consent},
    model::{Delegation, Group, GroupRole, Participant, Private, Sight, Status},
    query,
    replacing::{self, Replacement},
    sight,
};

/// What a person can be set to by hand; who is replaced is so by a decision.
pub(super) fn statuses(cx: &Cx) -> Vec<(String, String)> {
    Status::ALL
        .iter()
        .filter(|status| **status != Status::Replaced)
        .map(|status| (status.to_string(), cx.tp("delegates-status-", status).into_owned()))
        .collect()
}

/// Who looks at a person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Eyes {
    pub sight: Sight,
    pub manages: bool,
}

impl Eyes {
    pub(super) fn of<C: Capability>(actor: &Actor<C>) -> Self {
        Self { sight: sight(actor), manages: manages(actor) }
    }

    fn live(self, cx: &Cx) -> LivePart {
        LivePart::of(cx, format_args!("{}{}{}", self.manages, self.sight.restricted, self.sight.contacts))
    }
}

/// Everything about one person at one instant.
struct Picture {
    one: Participant,
    /// Only what may be seen.
    private: Private,
    has_citizen: bool,
    delegation: Option<Delegation>,
    group: Option<Group>,
    consents: Vec<Consent>,
    /// Each with the other person of it.
    replacements: Vec<(Replacement, Option<Participant>)>,
    answers: Vec<Answer>,
    log: Vec<audit::store::Entry>,
}

impl Picture {
    fn load(tx: &mut Tx<'_>, code: &str, eyes: Eyes) -> Result<Self, DelegateError> {
        let one = query::by_code_any(tx, code)?.ok_or(DelegateError::NotFound)?;
        let private = query::private(tx, one.id)?;
        let filter = audit::store::Filter {
            kind: Some("participant".to_owned()),
            object: Some(one.id.to_string()),
            ..audit::store::Filter::default()
        };
        let mut replacements = Vec::new();
        for made in replacing::of(tx, one.id)? {
            let other = if made.leaver == one.id { made.comer } else { made.leaver };
            let other = query::participant(tx, other)?;
            replacements.push((made, other));
        }
        Ok(Self {
            replacements,
            answers: answers::of(tx, one.id)?,
            has_citizen: eyes.sight.restricted && private.citizen.is_some(),
            private: eyes.sight.of(private),
            delegation: match one.profile.delegation {
                Some(id) => query::delegation(tx, id)?,
                None => None,
            },
            group: match one.profile.group_no {
                Some(no) => query::group(tx, no)?,
                None => None,
            },
            consents: desk::consents(tx, one.id)?,
            log: audit::store::page(tx, &filter, None, 50)?,
            one,
        })
    }
}

struct Fact {
    words: String,
    value: String,
}

struct LogLine {
    at: String,
    by: String,
    act: String,
    what: String,
}

#[derive(Template)]
#[template(path = "delegates/pages/live.html")]
struct Live<'a> {
    cx: &'a Cx,
    here: String,
    code: String,
    number: String,
    name: String,
    position: String,
    photo: String,
    status: StatusView,
    status_note: String,
    category: String,
    standing: String,
    alternate: bool,
    group_href: String,
    group: String,
    group_role: String,
    room: String,
    facts: Vec<Fact>,
    party: Vec<Fact>,
    needs: Vec<Fact>,
    restricted: Option<Vec<Fact>>,
    contacts: Option<Vec<Fact>>,
    consented: bool,
    consents: Vec<LogLine>,
    replacements: Vec<Replaced>,
    /// Whether their place can be taken.
    replaceable: bool,
    answers: Vec<LogLine>,
    log: Vec<LogLine>,
    manages: bool,
}

/// A replacement as the page tells it.
struct Replaced {
    /// Whether this person left.
    left: bool,
    href: String,
    other: String,
    words: String,
    reason: String,
    at: String,
    by: String,
}

/// What somebody answered, in words.
pub(crate) fn answer_words(cx: &Cx, answer: &Answer) -> String {
    let mut out = Vec::new();
    if answer.comes == 1 {
        if answer.wheelchair == 1 {
            out.push(cx.t("delegates-answer-wheelchair").into_owned());
        }
        if !answer.diet.is_empty() {
            out.push(cx.t1("delegates-answer-diet", "diet", answer.diet.as_str()));
        }
        if !answer.arrival.is_empty() {
            out.push(cx.t1("delegates-answer-arrival", "arrival", answer.arrival.as_str()));
        }
    } else {
        out.push(answer.reason.clone());
    }
    out.join("; ")
}

#[derive(Template)]
#[template(path = "delegates/pages/show.html")]
struct Show<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    here: String,
    region: String,
    manages: bool,
    has_photo: bool,
    /// Whether an answer to the letter can be taken down.
    summoned: bool,
    /// Whether they get a letter.
    letter: bool,
    statuses: Vec<(String, String)>,
    typed: Typed,
    problems: Vec<FieldProblem>,
}

impl Show<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn log_line(cx: &Cx, entry: &audit::store::Entry) -> LogLine {
    let line = entry.json();
    let data = line.get("data").cloned().unwrap_or_default();
    let word = |name: &str| data.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let fields: Vec<String> = data
        .get("fields")
        .and_then(|fields| fields.as_array())
        .into_iter()
        .flatten()
        .filter_map(|field| field.as_str())
        .map(|field| cx.tp("delegates-field-", field).into_owned())
        .collect();
    let what = match (word("from"), word("to")) {
        (Some(from), Some(to)) => {
            format!("{} → {}", cx.tp("delegates-status-", from), cx.tp("delegates-status-", to))
        }
        _ => fields.join(", "),
    };
    // What other areas did to somebody has its words there.
    let (area, verb) = entry.act.split_once('.').unwrap_or_default();
    let verb = verb.replace('_', "-");
    let names = [format!("{area}s-act-{verb}"), format!("{area}-act-{verb}")];
    let words = names.iter().find(|name| platform::i18n::has(cx.lang, name)).map_or("", String::as_str);
    LogLine {
        at: cx.moment(&clock::local(entry.at)),
        by: doer_words(cx, &entry.office),
        act: if words.is_empty() { entry.act.clone() } else { cx.t(words).into_owned() },
        what,
    }
}

fn draw(cx: &Cx, picture: &Picture, eyes: Eyes) -> askama::Result<String> {
    let one = &picture.one;
    let profile = &one.profile;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| cx.date(&day)).unwrap_or_default();
    let fact =
        |field: &str, value: String| Fact { words: cx.tp("delegates-field-", field).into_owned(), value };
    let said = |facts: Vec<Fact>| facts.into_iter().filter(|fact| !fact.value.is_empty()).collect::<Vec<_>>();
    let private = &picture.private;
    Live {
        here: one.href(),
        code: one.code.clone(),
        number: one.number().to_owned(),
        name: profile.name.clone(),
        position: profile.position.clone(),
        photo: photo_href(one, false),
        status: StatusView::of(cx, one.status),
        status_note: one.status_note.clone(),
        category: cx.tp("delegates-category-", one.category()).into_owned(),
        standing: profile
            .standing
            .map(|standing| cx.tp("delegates-standing-", standing).into_owned())
            .unwrap_or_default(),
        alternate: profile.alternate,
        group_href: profile.group_no.map(|no| format!("/dai-bieu?to={no}")).unwrap_or_default(),
        group: picture.group.as_ref().map(|group| group_words(cx, group)).unwrap_or_default(),
        group_role: profile
            .group_role
            .filter(|role| *role != GroupRole::Member)
            .map(|role| cx.tp("delegates-role-", role).into_owned())
            .unwrap_or_default(),
        room: picture.group.as_ref().map(|group| group.room.clone()).unwrap_or_default(),
        facts: said(vec![
            fact("sex", profile.sex.map(|sex| cx.tp("delegates-sex-", sex).into_owned()).unwrap_or_default()),
            fact("born", day(profile.born)),
            fact("delegation", picture.delegation.as_ref().map(|one| one.name.clone()).unwrap_or_default()),
            fact(
                "organ",
                profile.organ.map(|organ| cx.tp("delegates-organ-", organ).into_owned()).unwrap_or_default(),
            ),
            fact("occupation", profile.occupation.clone()),
        ]),
        party: said(vec![
            fact("joined", day(profile.joined)),
            fact("official", day(profile.official)),
            fact(
                "party_badge",
                profile.party_badge.map(|years| cx.tn("delegates-badge-years", years)).unwrap_or_default(),
            ),
            fact("schooling", profile.schooling.clone()),
            fact("qualification", profile.qualification.clone()),
            fact("academic_title", profile.academic_title.clone()),
            fact("theory", profile.theory.clone()),
            fact("awards", profile.awards.clone()),
        ]),
        needs: said(vec![
            fact("diet", profile.diet.clone()),
            fact("mobility", profile.mobility.clone()),
            fact(
                "large_text",
                if profile.large_text { cx.t("delegates-yes").into_owned() } else { String::new() },
            ),
        ]),
        restricted: eyes.sight.restricted.then(|| {
            let citizen =
                if picture.has_citizen { "delegates-citizen-kept" } else { "delegates-citizen-none" };
            vec![
                fact("ethnicity", private.ethnicity.clone()),
                fact("religion", private.religion.clone()),
                fact("health", private.health.clone()),
                fact("discipline", private.discipline.clone()),
                fact("citizen", cx.t(citizen).into_owned()),
            ]
        }),
        contacts: eyes
            .sight
            .contacts
            .then(|| vec![fact("phone", private.phone.clone()), fact("email", private.email.clone())]),
        consented: picture.consents.first().is_some_and(|last| last.given == 1),
        consents: picture
            .consents
            .iter()
            .map(|line| LogLine {
                at: cx.moment(&clock::local(line.at)),
                by: doer_words(cx, &line.office),
                act: cx
                    .t(if line.given == 1 {
                        "delegates-consent-given"
                    } else {
                        "delegates-consent-withdrawn"
                    })
                    .into_owned(),
                what: cx.t1("delegates-consent-notice", "version", line.notice.as_str()),
            })
            .collect(),
        replacements: picture
            .replacements
            .iter()
            .map(|(made, other)| Replaced {
                left: made.leaver == one.id,
                href: other.as_ref().map(Participant::href).unwrap_or_default(),
                other: other
                    .as_ref()
                    .map(|other| format!("{} ({})", other.profile.name, other.code))
                    .unwrap_or_default(),
                words: cx.t2(
                    "delegates-replaced-by-decision",
                    "decision",
                    made.decision.as_str(),
                    "day",
                    cx.date(&made.decided_on).as_str(),
                ),
                reason: made.reason.clone(),
                at: cx.moment(&clock::local(made.at)),
                by: doer_words(cx, &made.office),
            })
            .collect(),
        replaceable: replacing::place(one).is_ok(),
        answers: picture
            .answers
            .iter()
            .map(|answer| LogLine {
                at: cx.moment(&clock::local(answer.at)),
                by: match answer.way {
                    Way::Link => cx.t("delegates-answer-way-duong_dan").into_owned(),
                    Way::Phone => {
                        cx.t1("delegates-answer-taken", "office", doer_words(cx, &answer.office).as_str())
                    }
                },
                act: cx
                    .t(if answer.comes == 1 { "delegates-answer-comes" } else { "delegates-answer-not" })
                    .into_owned(),
                what: answer_words(cx, answer),
            })
            .collect(),
        log: picture.log.iter().map(|entry| log_line(cx, entry)).collect(),
        manages: eyes.manages,
        cx,
    }
    .render()
}

const NOTICES: &[&str] = &[
    "entered-one",
    "saved",
    "status",
    "photo",
    "photo-gone",
    "consent",
    "replaced",
    "answered",
    "letter-revoked",
];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        cx.tp("delegates-done-", asked).into_owned()
    } else {
        String::new()
    }
}

/// The page, with what was refused when something was.
async fn show_page(
    app: &App,
    cx: &Cx,
    eyes: Eyes,
    code: String,
    typed: Typed,
    answer: Option<AppError>,
) -> Result<Response, AppError> {
    let picture = app.db.read(move |tx| Picture::load(tx, &code, eyes)).await?;
    let here = picture.one.href();
    // A refused act answers under its own address; the part belongs to the person's.
    let mut own = cx.clone();
    own.path.clone_from(&here);
    own.query = String::new();
    let live = eyes.live(&own);
    let body = draw(&live.cx(), &picture, eyes)?;
    let problems = answer.as_ref().map(|answer| answer.fields().to_vec()).unwrap_or_default();
    let mut typed = typed;
    if typed.get("status").is_empty() {
        typed.set("status", picture.one.status.as_str());
        typed.set("status_note", picture.one.status_note.clone());
    }
    let show = Show {
        notice: notice(cx),
        error: answer
            .as_ref()
            .filter(|answer| answer.fields().is_empty())
            .map(|answer| answer.detail(cx.lang))
            .unwrap_or_default(),
        region: live.region(body)?,
        here,
        manages: eyes.manages,
        has_photo: picture.one.photo.is_some(),
        summoned: picture.one.status.is_on_roll(),
        letter: picture.one.status.is_on_roll() && !picture.one.profile.alternate,
        statuses: statuses(cx),
        typed,
        problems,
        cx,
    };
    let status = answer.map_or(StatusCode::OK, |answer| answer.status());
    Ok(page_with(status, cx, Page::new(picture.one.profile.name, show).style("people.css")))
}

/// `GET /dai-bieu/{code}`
pub(super) async fn show(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    show_page(&app, &cx, Eyes::of(&actor), code, Typed::default(), None).await
}

/// `GET /song/dai-bieu/{code}`
pub(super) async fn stream(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    actor.session().ok_or_else(AppError::forbidden)?;
    let eyes = Eyes::of(&actor);
    let id = one(&app, &code).await?.id;
    let owner = app.clone();
    eyes.live(&cx).stream(&app, &actor, &cx, &headers, [desk::topic(id)], move |cx| {
        let (app, code) = (owner.clone(), code.clone());
        async move {
            let picture = app.db.read(move |tx| Picture::load(tx, &code, eyes)).await?;
            Ok(draw(&cx, &picture, eyes)?)
        }
    })
}

/// Who has a code.
pub(super) async fn one(app: &App, code: &str) -> Result<Participant, AppError> {
    let code = code.to_owned();
    let found = app.db.read(move |tx| query::by_code_any(tx, &code)).await?;
    Ok(found.ok_or(DelegateError::NotFound)?)
}

/// What the page shows of a refusal; what is not about the form goes on as it is.
fn refused(error: DelegateError) -> Result<AppError, AppError> {
    let elsewhere = matches!(error, DelegateError::NotFound | DelegateError::Db(_));
    let answer = AppError::from(error);
    if elsewhere { Err(answer) } else { Ok(answer) }
}

/// `POST /dai-bieu/{code}/tinh-trang`
pub(super) async fn status(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let person = one(&app, &code).await?;
    let status: Status = typed.get("status").parse().map_err(|_| AppError::bad_request())?;
    let (id, note) = (person.id, typed.get("status_note").to_owned());
    let done =
        app.db.write(actor.author(), move |tx| Ok(desk::set_status(tx, id, status, &note)?.with(()))).await;
    match done {
        Ok(()) => Ok(see(&person.href(), "status")),
        Err(error) => show_page(&app, &cx, Eyes::of(&actor), code, typed, Some(refused(error)?)).await,
    }
}

/// `POST /dai-bieu/{code}/tra-loi`: an answer by telephone or on paper, taken down by this office.
pub(super) async fn answer(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let comes = match typed.get("comes") {
        "1" => true,
        "0" => false,
        _ => return Err(AppError::bad_request()),
    };
    let new = NewAnswer {
        comes,
        reason: typed.get("reason").to_owned(),
        wheelchair: typed.has("wheelchair", "1"),
        diet: typed.get("diet").to_owned(),
        arrival: typed.get("arrival").to_owned(),
    };
    let person = one(&app, &code).await?;
    let id = person.id;
    let done = app.db.write(actor.author(), move |tx| answers::answer(tx, id, Way::Phone, &new)).await;
    match done {
        Ok(_) => Ok(see(&person.href(), "answered")),
        Err(error) => show_page(&app, &cx, Eyes::of(&actor), code, typed, Some(refused(error)?)).await,
    }
}

/// `POST /dai-bieu/{code}/dong-y`: consent to face data, given on paper or withdrawn.
pub(super) async fn consent(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let given = match typed.get("given") {
        "1" => true,
        "0" => false,
        _ => return Err(AppError::bad_request()),
    };
    let person = one(&app, &code).await?;
    let id = person.id;
    app.db.write(actor.author(), move |tx| desk::consent(tx, id, given)).await?;
    Ok(see(&person.href(), "consent"))
}

/// `GET /dai-bieu/{code}/anh`
pub(super) async fn photo(
    _actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let person = one(&app, &code).await?;
    let Some(photo) = person.photo else { return Err(DelegateError::NotFound.into()) };
    let file = app.db.read(move |tx| files::store::get(tx, photo)).await?;
    let file = file.ok_or(DelegateError::NotFound)?;
    let size = if cx.param("nho") == "1" { Size::Small } else { Size::Whole };
    Ok(app.files.picture(&file, size).await?)
}

/// `POST /dai-bieu/{code}/anh`
pub(super) async fn set_photo(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    form: Multipart,
) -> Result<Response, AppError> {
    let person = one(&app, &code).await?;
    let stored = match take(&app, form).await {
        Ok(stored) => stored,
        Err(error) => {
            return show_page(&app, &cx, Eyes::of(&actor), code, Typed::default(), Some(error)).await;
        }
    };
    let id = person.id;
    let done = app
        .db
        .write(actor.author(), move |tx| -> Result<_, DelegateError> {
            let file = *files::store::add(tx, &stored)?.value();
            Ok(desk::set_photo(tx, id, file)?.with(()))
        })
        .await;
    match done {
        Ok(()) => Ok(see(&person.href(), "photo")),
        Err(error) => {
            show_page(&app, &cx, Eyes::of(&actor), code, Typed::default(), Some(refused(error)?)).await
        }
    }
}

async fn take(app: &App, mut form: Multipart) -> Result<files::Stored, AppError> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        AppError::bad_request().because(key("files-interrupted")).caused_by(error)
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("photo") {
            // The name of the file may be somebody's: it is not kept.
            let options = PutOptions::picture(LARGEST).drawn(PictureOptions::PORTRAIT).named("anh.jpg");
            return Ok(app.files.put(field, options).await?);
        }
    }
    Err(AppError::invalid(Vec::new()).because(key("delegates-error-photo")))
}

/// `POST /dai-bieu/{code}/anh/go`
pub(super) async fn remove_photo(
    actor: Actor<ManageDelegates>,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let person = one(&app, &code).await?;
    let id = person.id;
    app.db
        .write(actor.author(), move |tx| Ok::<_, DelegateError>(desk::remove_photo(tx, id)?.with(())))
        .await?;
    Ok(see(&person.href(), "photo-gone"))
}
