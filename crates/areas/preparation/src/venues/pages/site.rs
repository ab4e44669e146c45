//! One venue: what is known of it, its spaces with the working of the way out, gates, photographs, hand-over.

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::Response,
};
use platform::{
    app::App,
    files::{self, PutOptions, Size},
    i18n::{Lang, key},
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, page_with},
};
use print::PressRoom;
use rules::{
    egress::{self, FireGrade, Use},
    scoring::Gate,
    venue::{VenueMove, VenueState, next},
};

use super::{
    common::{self, Field, at, by_at, measured, moment, notice, problem, see, sentence},
    compare, survey, view,
};
use crate::{
    tasks::pages::task::form::{Row, Typed},
    venues::{
        ManageVenues, ReadVenues, VenueError, Who,
        model::*,
        paper::{self, Handed, Proof},
        picture::Picture,
        store, who,
    },
};

// ---------------------------------------------------------------- the page

struct Act {
    step: String,
    words: String,
    class: &'static str,
    confirm: String,
    asks: bool,
}

struct GateView {
    code: String,
    name: String,
    tone: &'static str,
    icon: &'static str,
    word: String,
    detail: String,
    said: String,
    /// What surveyors found.
    seen: Vec<String>,
    judged_here: bool,
}

struct ExitView {
    name: String,
    leads: String,
    width: String,
    height: String,
}

struct SpaceView {
    id: String,
    name: String,
    main: bool,
    facts: Vec<(String, String)>,
    exits: Vec<ExitView>,
    egress: Option<view::Egress>,
}

struct PhotoView {
    href: String,
    alt: String,
    words: String,
}

struct PhotoGroup {
    title: String,
    photos: Vec<PhotoView>,
}

struct HandoverView {
    title: String,
    when: String,
    condition: String,
    photos: String,
    sha: String,
    pdf: String,
    docx: String,
}

#[derive(Default)]
struct SidePhoto {
    href: String,
    alt: String,
    words: String,
    sha: String,
}

struct BeforeAfter {
    before: SidePhoto,
    after: SidePhoto,
}

#[derive(Template)]
#[template(path = "venues/pages/site.html")]
struct SitePage<'a> {
    cx: &'a Cx,
    here: String,
    code: String,
    name: String,
    address: String,
    notice: String,
    error: String,
    tone: &'static str,
    icon: &'static str,
    gate: String,
    states: Vec<(String, bool)>,
    acts: Vec<Act>,
    links: Vec<(String, String)>,
    manages: bool,
    judges: bool,
    facts: Vec<(String, String)>,
    gates: Vec<GateView>,
    spaces: Vec<SpaceView>,
    disclaimer: String,
    photos: Vec<PhotoGroup>,
    adds_photos: bool,
    photo_kinds: Vec<(String, String)>,
    subjects: Vec<(String, String)>,
    handovers: Vec<HandoverView>,
    hands: bool,
    hands_words: String,
    pairs: Vec<BeforeAfter>,
}

struct Shown {
    venue: Venue,
    spaces: Vec<Space>,
    round: Option<Round>,
    criteria: Option<Criteria>,
    picture: Option<Picture>,
    photos: Vec<Photo>,
    handovers: Vec<Handover>,
    /// What surveyors of forms that this office may read found about gates: gate, result and words.
    found: Vec<(String, Gate, String)>,
}

fn load(tx: &mut platform::db::Tx<'_>, who: &Who, code: &str) -> Result<Shown, VenueError> {
    let venue = store::venue_by_code(tx, code)?;
    let picture = compare::current(tx, who)?;
    let mut found = Vec::new();
    if let Some(picture) = &picture {
        for survey in store::surveys_of(tx, picture.round.id)? {
            if survey.venue != venue.id || survey.handed_in_at.is_none() {
                continue;
            }
            let Ok(form) = store::form_for(tx, who, survey.id) else { continue };
            for record in form.answers() {
                if let Content::Gate { code, result, condition, note } = &record.content {
                    let words: Vec<&str> = [condition.as_str(), note.as_str()]
                        .into_iter()
                        .filter(|text| !text.is_empty())
                        .collect();
                    found.push((code.clone(), *result, words.join(". ")));
                }
            }
        }
    }
    Ok(Shown {
        spaces: store::spaces(tx, venue.id)?,
        round: picture.as_ref().map(|picture| picture.round.clone()),
        criteria: store::newest_criteria(tx)?,
        photos: store::photos(tx, who, venue.id)?,
        handovers: store::handovers(tx, venue.id)?,
        venue,
        picture,
        found,
    })
}

/// The steps of a venue that everybody knows, with the one where it stands.
fn states(cx: &Cx, state: VenueState) -> Vec<(String, bool)> {
    use VenueState as S;
    let way: &[S] = match state {
        S::Disqualified => &[S::Nominated, S::Surveying, S::Disqualified],
        S::PassedOver => &[S::Nominated, S::Surveying, S::Qualified, S::Scoring, S::Submitted, S::PassedOver],
        S::Withdrawn => &[S::Nominated, S::Withdrawn],
        _ => &[
            S::Nominated,
            S::Surveying,
            S::Qualified,
            S::Scoring,
            S::Submitted,
            S::Chosen,
            S::HandedOver,
            S::GivenBack,
        ],
    };
    way.iter().map(|one| (cx.t(one.key()).into_owned(), *one == state)).collect()
}

fn acts(cx: &Cx, venue: &Venue, gate: Gate) -> Vec<Act> {
    VenueMove::ALL
        .into_iter()
        .filter(|step| step.is_plain() && next(venue.state, *step, gate).is_ok())
        .map(|step| Act {
            step: step.to_string(),
            words: cx.t(step.key()).into_owned(),
            class: match step {
                VenueMove::Withdraw => "btn-outline-danger",
                VenueMove::Resurvey => "btn-outline-secondary",
                _ => "btn-primary",
            },
            confirm: if step == VenueMove::Conclude {
                cx.t2("venues-confirm-conclude", "code", &venue.code, "result", cx.t(gate.key()))
            } else {
                String::new()
            },
            asks: step.needs_reason(),
        })
        .collect()
}

fn facts(cx: &Cx, venue: &Venue) -> Vec<(String, String)> {
    [
        (key("venues-kind-of-place"), &venue.kind),
        (key("venues-owner"), &venue.owner),
        (key("venues-geo"), &venue.geo),
        (key("venues-remark"), &venue.note),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(words, value)| (cx.t(words).into_owned(), value.clone()))
    .collect()
}

fn space_view(cx: &Cx, shown: &Shown, space: &Space) -> SpaceView {
    let fields = &space.fields;
    let number =
        |value: Option<u32>, key: &'static str| value.map(|value| cx.tn(key, value)).unwrap_or_default();
    let length = |value: Option<u32>| match value {
        Some(_) => cx.t1("venues-metres", "value", measured(cx, value, 1000)),
        None => String::new(),
    };
    let facts = [
        (key("venues-used-as"), cx.tp("venues-use-", fields.used_as.as_str()).into_owned()),
        (key("venues-seats"), number(fields.seats, key("venues-seats-count"))),
        (
            key("venues-area"),
            fields
                .area
                .map(|_| cx.t1("venues-square-metres", "value", measured(cx, fields.area, 100)))
                .unwrap_or_default(),
        ),
        (key("venues-volume"), number(fields.volume_m3, key("venues-cubic-metres"))),
        (key("venues-grade"), fields.grade.map(|grade| grade.to_string()).unwrap_or_default()),
        (
            key("venues-sprinkler"),
            cx.t(if fields.sprinkler { "venues-yes" } else { "venues-no" }).into_owned(),
        ),
        (key("venues-diagonal"), length(fields.diagonal_mm)),
        (key("venues-apart"), length(fields.apart_mm)),
        (key("venues-travel"), length(fields.travel_mm)),
        (key("venues-dead-end"), length(fields.dead_end_mm)),
        (key("venues-remark"), fields.note.clone()),
    ];
    let screening = shown
        .round
        .as_ref()
        .filter(|_| fields.main)
        .map(|round| egress::screen(&fields.measured(), round.people, round.reserve));
    SpaceView {
        id: space.id.to_string(),
        name: fields.name.clone(),
        main: fields.main,
        facts: facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(words, value)| (cx.t(words).into_owned(), value))
            .collect(),
        exits: fields
            .exits
            .iter()
            .map(|exit| ExitView {
                name: exit.name.clone(),
                leads: exit.leads_to.clone(),
                width: measured(cx, Some(exit.clear_width_mm), 1000),
                height: measured(cx, exit.clear_height_mm, 1000),
            })
            .collect(),
        egress: screening.map(|found| compare::egress_view(cx, &shown.venue.code, &fields.name, &found)),
    }
}

/// The heading under which photographs of a subject stand.
fn subject_words(cx: &Cx, criteria: Option<&Criteria>, photo: &Photo) -> String {
    let code = photo.subject.split_once('/').map_or("", |(_, code)| code);
    match criteria.and_then(|criteria| criteria.get(code)) {
        Some(one) => format!("{} {}", one.code, one.name),
        None => cx.tp("venues-photo-kind-", photo.kind).into_owned(),
    }
}

fn photo_groups(cx: &Cx, shown: &Shown) -> Vec<PhotoGroup> {
    let mut groups: Vec<PhotoGroup> = Vec::new();
    for photo in &shown.photos {
        let title = subject_words(cx, shown.criteria.as_ref(), photo);
        let by = by_at(cx, &photo.added_by, photo.added_at);
        let view = PhotoView {
            href: survey::photo_href(photo.id),
            alt: if photo.caption.is_empty() { title.clone() } else { photo.caption.clone() },
            words: if photo.caption.is_empty() { by } else { format!("{} · {by}", photo.caption) },
        };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.photos.push(view),
            None => groups.push(PhotoGroup { title, photos: vec![view] }),
        }
    }
    groups.sort_by(|a, b| a.title.cmp(&b.title));
    groups
}

fn side(cx: &Cx, photo: Option<&&Photo>) -> SidePhoto {
    photo
        .map(|photo| SidePhoto {
            href: survey::photo_href(photo.id),
            alt: cx.tp("venues-photo-kind-", photo.kind).into_owned(),
            words: format!(
                "{} {} · {}",
                cx.tp("venues-photo-kind-", photo.kind),
                photo.caption,
                moment(photo.added_at)
            ),
            sha: photo.sha256.clone(),
        })
        .unwrap_or_default()
}

/// Photographs before and after, side by side by what they show.
fn before_after(cx: &Cx, photos: &[Photo]) -> Vec<BeforeAfter> {
    let of = |kind: PhotoKind| photos.iter().filter(|photo| photo.kind == kind).collect::<Vec<_>>();
    let (before, mut after) = (of(PhotoKind::Before), of(PhotoKind::After));
    let mut pairs = Vec::new();
    for photo in &before {
        let same = after.iter().position(|other| {
            other.space == photo.space && text_of(&other.caption) == text_of(&photo.caption)
        });
        let other = same.map(|at| after.remove(at));
        pairs.push(BeforeAfter { before: side(cx, Some(photo)), after: side(cx, other.as_ref()) });
    }
    pairs.extend(
        after.iter().map(|photo| BeforeAfter { before: SidePhoto::default(), after: side(cx, Some(photo)) }),
    );
    pairs
}

fn text_of(caption: &str) -> String {
    rules::text::fold(caption.trim())
}

fn gate_views(cx: &Cx, shown: &Shown) -> Vec<GateView> {
    let Some(entry) = shown.picture.as_ref().and_then(|picture| picture.entry(shown.venue.id)) else {
        return Vec::new();
    };
    entry
        .gates
        .iter()
        .map(|gate| {
            let cell = compare::gate_cell(cx, entry, gate);
            let mut seen: Vec<String> = Vec::new();
            for (_, result, words) in shown.found.iter().filter(|(code, ..)| *code == gate.code) {
                let words = cx.t2("venues-surveyor-found", "result", cx.t(result.key()), "words", words);
                // Three who found the same say it once.
                if !seen.contains(&words) {
                    seen.push(words);
                }
            }
            GateView {
                code: gate.code.clone(),
                name: gate.name.clone(),
                tone: cell.tone,
                icon: cell.icon,
                word: cell.word,
                detail: cell.detail,
                said: gate
                    .judgement
                    .as_ref()
                    .map(|judged| by_at(cx, &judged.judged_by, judged.at))
                    .unwrap_or_default(),
                seen,
                judged_here: !gate.computed,
            }
        })
        .collect()
}

fn draw(cx: &Cx, who: &Who, shown: &Shown, refused: Option<&AppError>) -> Response {
    let venue = &shown.venue;
    let entry = shown.picture.as_ref().and_then(|picture| picture.entry(venue.id));
    let gate = entry.map_or(Gate::NoEvidence, |entry| entry.standing.gate);
    let (tone, icon) = view::gate_look(gate);
    let here = at(&venue.code);
    let handing = match venue.state {
        VenueState::Chosen => Some(HandoverKind::Over),
        VenueState::HandedOver => Some(HandoverKind::Back),
        _ => None,
    };
    let mut links = Vec::new();
    if matches!(venue.state, VenueState::Scoring | VenueState::Submitted) {
        links.push(("/dia-diem/quyet-dinh".to_owned(), cx.t("venues-tab-decision").into_owned()));
    }
    let mut subjects = vec![(String::new(), cx.t("venues-photo-whole").into_owned())];
    for one in shown.criteria.iter().flat_map(|criteria| &criteria.criteria) {
        let kind = if one.kind == CriterionKind::Score { "rating" } else { "gate" };
        subjects.push((format!("{kind}/{}", one.code), format!("{} {}", one.code, one.name)));
    }
    let kinds: &[PhotoKind] = if venue.state.is_open() {
        &[PhotoKind::Evidence, PhotoKind::Drawing, PhotoKind::Perspective]
    } else {
        &[PhotoKind::Before, PhotoKind::After]
    };
    let body = SitePage {
        code: venue.code.clone(),
        name: venue.name.clone(),
        address: venue.address.clone(),
        notice: notice(cx),
        error: sentence(cx, refused),
        tone,
        icon,
        gate: cx.t(gate.key()).into_owned(),
        states: states(cx, venue.state),
        acts: if who.manages { acts(cx, venue, gate) } else { Vec::new() },
        links,
        manages: who.manages && venue.state.is_open(),
        judges: who.manages && venue.state.takes_gates(),
        facts: facts(cx, venue),
        gates: gate_views(cx, shown),
        spaces: shown.spaces.iter().map(|space| space_view(cx, shown, space)).collect(),
        disclaimer: cx.t(egress::DISCLAIMER).into_owned(),
        photos: photo_groups(cx, shown),
        adds_photos: who.manages && (venue.state.is_open() || handing.is_some()),
        photo_kinds: kinds
            .iter()
            .map(|kind| (kind.to_string(), cx.tp("venues-photo-kind-", kind).into_owned()))
            .collect(),
        subjects,
        handovers: shown
            .handovers
            .iter()
            .map(|one| HandoverView {
                title: cx.tp("venues-handover-", one.kind).into_owned(),
                when: cx.t2("venues-handover-with", "day", cx.date(&one.on_day), "party", &one.other_party),
                condition: one.condition.clone(),
                photos: cx.tn("venues-handover-photos", frozen_photos(&one.content).len()),
                sha: one.sha256.chars().take(12).collect(),
                pdf: format!("{here}/ban-giao/{}.pdf", one.id),
                docx: format!("{here}/ban-giao/{}.docx", one.id),
            })
            .collect(),
        hands: who.manages && handing.is_some(),
        hands_words: handing.map(|kind| cx.tp("venues-handover-do-", kind).into_owned()).unwrap_or_default(),
        pairs: before_after(cx, &shown.photos),
        here,
        cx,
    };
    let title = format!("{} · {}", venue.code, venue.name);
    let page = Page::new(title, body).style("venues.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// `GET /dia-diem/{code}`
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let shown = app.db.read(move |tx| load(tx, &who, &code)).await?;
    Ok(draw(&cx, &who, &shown, None))
}

async fn again(app: &App, cx: &Cx, who: Who, code: String, refused: AppError) -> Result<Response, AppError> {
    let shown = app.db.read(move |tx| load(tx, &who, &code)).await?;
    Ok(draw(cx, &who, &shown, Some(&refused)))
}

/// `POST /dia-diem/{code}/buoc/{step}`: a step that stands by itself.
pub(super) async fn step(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((code, step)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let step: VenueMove = step.parse().map_err(|_| AppError::not_found())?;
    let (wanted, reason) = (code.clone(), typed.get("reason").to_owned());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let venue = store::venue_by_code(tx, &wanted)?;
            store::step(tx, &who, venue.id, venue.version, step, &reason)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code), "moved")),
        Err(error) => again(&app, &cx, who, code, error.into()).await,
    }
}

/// `POST /dia-diem/{code}/anh`: a photograph, a drawing, the state before or after.
pub(super) async fn add_photo(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    mut form: Multipart,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let (mut pairs, mut stored, mut refused) = (Vec::new(), None, None);
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => {
                let error = AppError::bad_request().because(key("files-interrupted")).caused_by(error);
                refused.get_or_insert(error);
                break;
            }
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name != "photo" {
            pairs.push((name, field.text().await.unwrap_or_default()));
            continue;
        }
        let file = field.file_name().unwrap_or_default().to_owned();
        match app.files.put(field, PutOptions::picture(super::LARGEST).named(file)).await {
            Ok(file) => stored = Some(file),
            Err(error) => {
                refused = Some(error.into());
                break;
            }
        }
    }
    let typed = Typed::from(pairs);
    let (stored, kind) = match (refused, stored, typed.get("kind").parse::<PhotoKind>()) {
        (Some(refused), ..) => return again(&app, &cx, who, code, refused).await,
        (None, Some(stored), Ok(kind)) => (stored, kind),
        _ => {
            let refused = AppError::invalid(Vec::new()).because(key("venues-photo-missing"));
            return again(&app, &cx, who, code, refused).await;
        }
    };
    let new = store::NewPhoto {
        kind,
        survey: None,
        space: None,
        subject: typed.get("subject").to_owned(),
        caption: typed.get("caption").to_owned(),
        from: None,
    };
    let wanted = code.clone();
    let done = app
        .db
        .write(actor.author(), move |tx| -> Result<_, VenueError> {
            let venue = store::venue_by_code(tx, &wanted)?;
            store::may_add_photo(tx, &who, venue.id, &new)?;
            let file = *files::store::add(tx, &stored)?.value();
            store::add_photo(tx, &who, venue.id, file, &new)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("{}#anh", at(&code)), "photo")),
        Err(error) => again(&app, &cx, who, code, error.into()).await,
    }
}

/// `GET /dia-diem/anh/{id}`: a picture inside a page.
pub(super) async fn photo(
    actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(id): Path<PhotoId>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let file = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let photo = store::photo(tx, &who, id)?;
            files::store::get(tx, photo.file)?.ok_or(VenueError::NotFound)
        })
        .await?;
    Ok(app.files.picture(&file, Size::Whole).await?)
}

// ---------------------------------------------------------------- forms

#[derive(Template)]
#[template(path = "venues/pages/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    lead: String,
    error: String,
    problems: Vec<FieldProblem>,
    action: String,
    draft: String,
    files: bool,
    confirm: String,
    save: String,
    back: String,
    back_words: String,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<Field>,
    exits: Vec<Row>,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

impl<'a> FormPage<'a> {
    fn new(cx: &'a Cx, title: String, action: String, refused: Option<&AppError>) -> Self {
        Self {
            title,
            lead: String::new(),
            error: sentence(cx, refused),
            problems: refused.map(|refused| refused.fields().to_vec()).unwrap_or_default(),
            draft: action.clone(),
            action,
            files: false,
            confirm: String::new(),
            save: cx.t("shell-save").into_owned(),
            back: "/dia-diem".to_owned(),
            back_words: String::new(),
            hidden: Vec::new(),
            fields: Vec::new(),
            exits: Vec::new(),
            cx,
        }
    }

    fn under(mut self, code: &str) -> Self {
        self.back = at(code);
        self.back_words = code.to_owned();
        self
    }

    fn answer(self, refused: Option<&AppError>) -> Response {
        let (cx, title) = (self.cx, self.title.clone());
        let page = Page::new(title, self).style("venues.css").style("survey.css");
        page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
    }
}

fn venue_form(cx: &Cx, typed: &Typed, known: Option<&str>, refused: Option<&AppError>) -> Response {
    let (title, action) = match known {
        Some(code) => (cx.t1("venues-edit-of", "code", code), format!("{}/sua", at(code))),
        None => (cx.t("venues-new").into_owned(), "/dia-diem/moi".to_owned()),
    };
    let mut form = FormPage::new(cx, title, action, refused);
    if let Some(code) = known {
        form = form.under(code);
        form.hidden = vec![("version", typed.get("version").to_owned())];
    }
    let field = |kind, name, words: &'static str| Field::new(kind, name, cx.t(words), typed);
    form.fields = vec![
        field("text", "code", key("venues-code"))
            .help(cx.t("venues-code-help"))
            .attrs("required maxlength=\"16\" autocomplete=\"off\""),
        field("text", "name", key("venues-name")).attrs("required maxlength=\"200\""),
        field("text", "address", key("venues-address")).attrs("maxlength=\"400\""),
        field("text", "kind", key("venues-kind-of-place")).attrs("maxlength=\"200\""),
        field("text", "owner", key("venues-owner")).attrs("maxlength=\"200\""),
        field("text", "geo", key("venues-geo")).help(cx.t("venues-geo-help")).attrs("maxlength=\"200\""),
        field("area", "note", key("venues-remark")).attrs("maxlength=\"4000\""),
    ];
    form.answer(refused)
}

fn venue_fields(typed: &Typed) -> VenueFields {
    let text = |name: &str| typed.get(name).replace("\r\n", "\n");
    VenueFields {
        code: text("code"),
        name: text("name"),
        address: text("address"),
        kind: text("kind"),
        owner: text("owner"),
        geo: text("geo"),
        note: text("note"),
    }
}

/// `GET /dia-diem/moi`
pub(super) async fn new(actor: Actor<ManageVenues>, cx: Cx) -> Response {
    drop(actor);
    venue_form(&cx, &Typed::default(), None, None)
}

/// `POST /dia-diem/moi`
pub(super) async fn create(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let fields = venue_fields(&typed);
    match app.db.write(actor.author(), move |tx| store::nominate(tx, &who, &fields)).await {
        Ok(_) => Ok(see(&at(typed.get("code")), "nominated")),
        Err(error) => Ok(venue_form(&cx, &typed, None, Some(&error.into()))),
    }
}

/// `GET /dia-diem/{code}/sua`
pub(super) async fn edit(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    drop(actor);
    let venue = app.db.read(move |tx| store::venue_by_code(tx, &code)).await?;
    let mut typed = Typed::default();
    for (name, value) in [
        ("version", venue.version.to_string()),
        ("code", venue.code.clone()),
        ("name", venue.name.clone()),
        ("address", venue.address.clone()),
        ("kind", venue.kind.clone()),
        ("owner", venue.owner.clone()),
        ("geo", venue.geo.clone()),
        ("note", venue.note.clone()),
    ] {
        typed.set(name, value);
    }
    Ok(venue_form(&cx, &typed, Some(&venue.code), None))
}

/// `POST /dia-diem/{code}/sua`
pub(super) async fn save(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, mut typed) = (who(&actor), Typed::from(pairs));
    let (fields, wanted) = (venue_fields(&typed), code.clone());
    let version: i64 = typed.get("version").parse().unwrap_or(-1);
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let venue = store::venue_by_code(tx, &wanted)?;
            store::edit(tx, &who, venue.id, version, &fields)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(typed.get("code")), "edited")),
        Err(error) => {
            if matches!(error, VenueError::Conflict { .. }) {
                // What was typed stays; whoever sends it again has seen that somebody else wrote.
                let wanted = code.clone();
                let venue = app.db.read(move |tx| store::venue_by_code(tx, &wanted)).await?;
                typed.set("version", venue.version.to_string());
            }
            Ok(venue_form(&cx, &typed, Some(&code), Some(&error.into())))
        }
    }
}

const EXITS: &[&str] = &["exit_name", "exit_leads", "exit_width", "exit_height"];

fn space_form(cx: &Cx, typed: &Typed, code: &str, space: &str, refused: Option<&AppError>) -> Response {
    let title = cx.t(if space == "moi" { "venues-space-new" } else { "venues-space-edit" }).into_owned();
    let mut form = FormPage::new(cx, title, format!("{}/phong/{space}", at(code)), refused).under(code);
    form.hidden = vec![("version", typed.get("version").to_owned())];
    let field = |kind, name, words: &'static str| Field::new(kind, name, cx.t(words), typed);
    let number = "inputmode=\"decimal\" autocomplete=\"off\"";
    let uses = Use::ALL
        .iter()
        .map(|one| (one.to_string(), cx.tp("venues-use-", one.as_str()).into_owned()))
        .collect();
    let grades = std::iter::once((String::new(), cx.t("venues-unknown").into_owned()))
        .chain(FireGrade::ALL.iter().map(|one| (one.to_string(), one.to_string())))
        .collect();
    form.fields = vec![
        field("text", "name", key("venues-space-name")).attrs("required maxlength=\"200\""),
        field("select", "used_as", key("venues-used-as")).options(uses),
        field("check", "main", key("venues-space-is-main")),
        field("text", "seats", key("venues-seats")).attrs(number),
        field("text", "area", key("venues-area-m2")).attrs(number),
        field("text", "volume_m3", key("venues-volume-m3")).attrs(number),
        field("select", "grade", key("venues-grade")).options(grades),
        field("check", "sprinkler", key("venues-sprinkler")),
        field("text", "diagonal", key("venues-diagonal-m")).attrs(number),
        field("text", "apart", key("venues-apart-m")).attrs(number),
        field("text", "travel", key("venues-travel-m")).attrs(number),
        field("text", "dead_end", key("venues-dead-end-m")).attrs(number),
        field("text", "density", key("venues-density")).help(cx.t("venues-density-help")).attrs(number),
        field("area", "note", key("venues-remark")).attrs("maxlength=\"4000\""),
    ];
    form.exits = typed.with_spare(EXITS);
    form.answer(refused)
}

/// `GET /dia-diem/{code}/phong/{space}`: a space; `moi` for a new one.
pub(super) async fn space(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((code, space)): Path<(String, String)>,
) -> Result<Response, AppError> {
    drop(actor);
    let mut typed = Typed::default();
    if space == "moi" {
        typed.set("used_as", Use::Hall.to_string());
        return Ok(space_form(&cx, &typed, &code, &space, None));
    }
    let id: SpaceId = space.parse().map_err(|_| AppError::not_found())?;
    let known = app.db.read(move |tx| store::space(tx, id)).await?;
    let fields = &known.fields;
    let whole = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
    for (name, value) in [
        ("version", known.version.to_string()),
        ("name", fields.name.clone()),
        ("used_as", fields.used_as.to_string()),
        ("main", if fields.main { "1" } else { "" }.to_owned()),
        ("seats", whole(fields.seats)),
        ("area", measured(&cx, fields.area, 100)),
        ("volume_m3", whole(fields.volume_m3)),
        ("grade", fields.grade.map(|grade| grade.to_string()).unwrap_or_default()),
        ("sprinkler", if fields.sprinkler { "1" } else { "" }.to_owned()),
        ("diagonal", measured(&cx, fields.diagonal_mm, 1000)),
        ("apart", measured(&cx, fields.apart_mm, 1000)),
        ("travel", measured(&cx, fields.travel_mm, 1000)),
        ("dead_end", measured(&cx, fields.dead_end_mm, 1000)),
        ("density", measured(&cx, fields.density_tenths, 10)),
        ("note", fields.note.clone()),
    ] {
        typed.set(name, value);
    }
    let exits: Vec<(String, String)> = fields
        .exits
        .iter()
        .flat_map(|exit| {
            [
                exit.name.clone(),
                exit.leads_to.clone(),
                measured(&cx, Some(exit.clear_width_mm), 1000),
                measured(&cx, exit.clear_height_mm, 1000),
            ]
        })
        .zip(EXITS.iter().cycle())
        .map(|(value, name)| ((*name).to_owned(), value))
        .collect();
    typed.extend(exits);
    Ok(space_form(&cx, &typed, &code, &space, None))
}

fn space_fields(typed: &Typed) -> Result<SpaceFields, AppError> {
    let mut wrong = Vec::new();
    let mut number = |name: &'static str, unit: u32| {
        let read =
            if unit == 1 { common::whole(typed.get(name)) } else { common::measure(typed.get(name), unit) };
        read.unwrap_or_else(|()| {
            wrong.push(FieldProblem::new(name, key("venues-wrong-number")));
            None
        })
    };
    let (seats, volume_m3, area) = (number("seats", 1), number("volume_m3", 1), number("area", 100));
    let (diagonal_mm, apart_mm) = (number("diagonal", 1000), number("apart", 1000));
    let (travel_mm, dead_end_mm) = (number("travel", 1000), number("dead_end", 1000));
    let density_tenths = number("density", 10);
    let mut exits = Vec::new();
    for row in typed.rows(EXITS) {
        let length = |at: usize| common::measure(row.cell(at), 1000);
        match (length(2), length(3)) {
            (Ok(Some(clear_width_mm)), Ok(clear_height_mm)) => exits.push(Exit {
                name: row.cell(0).to_owned(),
                clear_width_mm,
                clear_height_mm,
                leads_to: row.cell(1).to_owned(),
            }),
            _ => wrong.push(FieldProblem::new("exit_width", key("venues-survey-bad-number"))),
        }
    }
    let used_as = typed.get("used_as").parse().unwrap_or(Use::Other);
    if !wrong.is_empty() {
        return Err(AppError::invalid(wrong));
    }
    Ok(SpaceFields {
        name: typed.get("name").to_owned(),
        used_as,
        main: typed.has("main", "1"),
        area,
        seats,
        volume_m3,
        grade: typed.get("grade").parse().ok(),
        sprinkler: typed.has("sprinkler", "1"),
        diagonal_mm,
        apart_mm,
        travel_mm,
        dead_end_mm,
        density_tenths,
        note: typed.get("note").replace("\r\n", "\n"),
        exits,
    })
}

/// `POST /dia-diem/{code}/phong/{space}`
pub(super) async fn save_space(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((code, space)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let fields = match space_fields(&typed) {
        Ok(fields) => fields,
        Err(refused) => return Ok(space_form(&cx, &typed, &code, &space, Some(&refused))),
    };
    let (wanted, version) = (code.clone(), typed.get("version").parse().unwrap_or(-1));
    let id: Option<SpaceId> = space.parse().ok();
    let done = app
        .db
        .write(actor.author(), move |tx| -> Result<_, VenueError> {
            let venue = store::venue_by_code(tx, &wanted)?;
            match id {
                Some(id) => Ok(store::edit_space(tx, &who, id, version, &fields)?.map(|_| ())),
                None => Ok(store::add_space(tx, &who, venue.id, &fields)?.map(|_| ())),
            }
        })
        .await;
    match done {
        Ok(_) => Ok(see(&at(&code), "measured")),
        Err(error) => Ok(space_form(&cx, &typed, &code, &space, Some(&error.into()))),
    }
}

async fn gate_form(
    app: &App,
    cx: &Cx,
    who: Who,
    (code, gate): (String, String),
    typed: Option<Typed>,
    refused: Option<&AppError>,
) -> Result<Response, AppError> {
    let (wanted, gate_code) = (code.clone(), gate.clone());
    let (criterion, known, found) = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let shown = load(tx, &who, &wanted)?;
            let criterion = shown
                .criteria
                .as_ref()
                .and_then(|criteria| criteria.get(&gate_code))
                .filter(|one| one.kind == CriterionKind::Gate)
                .cloned()
                .ok_or(VenueError::NotFound)?;
            let known = shown
                .picture
                .as_ref()
                .and_then(|picture| picture.entry(shown.venue.id))
                .and_then(|entry| entry.gates.iter().find(|one| one.code == gate_code))
                .and_then(|one| one.judgement.clone());
            let found: Vec<_> = shown.found.into_iter().filter(|(code, ..)| *code == gate_code).collect();
            Ok((criterion, known, found))
        })
        .await?;
    let typed = typed.unwrap_or_else(|| {
        let mut typed = Typed::default();
        if let Some(known) = &known {
            typed.set("result", known.result.to_string());
            typed.set("condition", known.condition.clone());
            typed.set("evidence", known.evidence.clone());
        }
        typed
    });
    let title = format!("{} {}", criterion.code, criterion.name);
    let mut form = FormPage::new(cx, title, format!("{}/dieu-kien/{gate}", at(&code)), refused).under(&code);
    let seen: Vec<String> = found
        .iter()
        .map(|(_, result, words)| {
            cx.t2("venues-surveyor-found", "result", cx.t(result.key()), "words", words)
        })
        .collect();
    form.lead = [vec![criterion.evidence.clone()], seen].concat().join(" ").trim().to_owned();
    let results = Gate::ALL.iter().map(|one| (one.to_string(), cx.t(one.key()).into_owned())).collect();
    form.fields = vec![
        Field::new("select", "result", cx.t("venues-result"), &typed).options(results).attrs("required"),
        Field::new("area", "evidence", cx.t("venues-evidence"), &typed)
            .help(cx.t("venues-evidence-help"))
            .attrs("maxlength=\"4000\""),
        Field::new("area", "condition", cx.t("venues-survey-condition"), &typed)
            .help(cx.t("venues-survey-condition-help"))
            .attrs("maxlength=\"4000\""),
    ];
    Ok(form.answer(refused))
}

/// `GET /dia-diem/{code}/dieu-kien/{gate}`
pub(super) async fn gate(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(path): Path<(String, String)>,
) -> Result<Response, AppError> {
    gate_form(&app, &cx, who(&actor), path, None, None).await
}

/// `POST /dia-diem/{code}/dieu-kien/{gate}`: a gate judged on evidence.
pub(super) async fn judge(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path((code, gate)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let Ok(result) = typed.get("result").parse::<Gate>() else { return Err(AppError::bad_request()) };
    let text = |name: &str| typed.get(name).replace("\r\n", "\n");
    let (condition, evidence) = (text("condition"), text("evidence"));
    let (wanted, of) = (code.clone(), gate.clone());
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let venue = store::venue_by_code(tx, &wanted)?;
            store::judge(tx, &who, venue.id, &of, result, &condition, &evidence)
        })
        .await;
    match done {
        Ok(_) => Ok(see(&format!("{}#dieu-kien", at(&code)), "judged")),
        Err(error) => gate_form(&app, &cx, who, (code, gate), Some(typed), Some(&error.into())).await,
    }
}

// ---------------------------------------------------------------- hand-over

fn handover_form(cx: &Cx, typed: &Typed, venue: &Venue, refused: Option<&AppError>) -> Option<Response> {
    let kind = match venue.state {
        VenueState::Chosen => HandoverKind::Over,
        VenueState::HandedOver => HandoverKind::Back,
        _ => return None,
    };
    let title = cx.tp("venues-handover-do-", kind).into_owned();
    let mut form =
        FormPage::new(cx, title.clone(), format!("{}/ban-giao", at(&venue.code)), refused).under(&venue.code);
    form.lead = cx.t("venues-handover-lead").into_owned();
    form.confirm = cx.t1("venues-handover-confirm", "code", &venue.code);
    form.save = title;
    form.hidden = vec![("kind", kind.to_string())];
    form.fields = vec![
        Field::new("text", "on_day", cx.t("venues-handover-day"), typed)
            .attrs("required inputmode=\"numeric\" placeholder=\"05/10/2025\""),
        Field::new("text", "other_party", cx.t("venues-handover-party"), typed)
            .help(cx.t("venues-handover-party-help"))
            .attrs("required maxlength=\"200\""),
        Field::new("area", "condition", cx.t("venues-handover-condition"), typed)
            .help(cx.t("venues-handover-condition-help"))
            .attrs("required maxlength=\"4000\""),
    ];
    Some(form.answer(refused))
}

/// `GET /dia-diem/{code}/ban-giao`
pub(super) async fn handover(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    drop(actor);
    let wanted = code.clone();
    let venue = app.db.read(move |tx| store::venue_by_code(tx, &wanted)).await?;
    let mut typed = Typed::default();
    typed.set("on_day", cx.date(&cx.now.date()));
    handover_form(&cx, &typed, &venue, None).ok_or_else(|| {
        AppError::conflict().because(key("venues-handover-not-now")).next(at(&code), key("venues-to-site"))
    })
}

/// `POST /dia-diem/{code}/ban-giao`
pub(super) async fn hand_over(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let wanted = code.clone();
    let venue = app.db.read(move |tx| store::venue_by_code(tx, &wanted)).await?;
    let shown = |refused: AppError| handover_form(&cx, &typed, &venue, Some(&refused)).ok_or(refused);
    let Ok(kind) = typed.get("kind").parse::<HandoverKind>() else { return Err(AppError::bad_request()) };
    let Ok(on_day) = rules::dates::parse_vn_date(typed.get("on_day"), Some(cx.now.date().year())) else {
        let wrong = FieldProblem::new("on_day", key("venues-wrong-day"));
        return shown(AppError::invalid(vec![wrong]));
    };
    let new = NewHandover {
        kind,
        on_day,
        other_party: typed.get("other_party").to_owned(),
        condition: typed.get("condition").replace("\r\n", "\n"),
    };
    let id = venue.id;
    match app.db.write(actor.author(), move |tx| store::hand_over(tx, &who, id, &new)).await {
        Ok(_) => Ok(see(&at(&code), "handed-over")),
        Err(error) => shown(error.into()),
    }
}

/// A photograph as a hand-over has frozen it: id, caption, hash.
fn frozen_photos(content: &str) -> Vec<(PhotoId, String, String)> {
    let content: serde_json::Value = serde_json::from_str(content).unwrap_or_default();
    let photos = content["photos"].as_array().cloned().unwrap_or_default();
    photos
        .iter()
        .filter_map(|one| {
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            Some((text("photo").parse().ok()?, text("caption"), text("sha256")))
        })
        .collect()
}

/// `GET /dia-diem/{code}/ban-giao/{id}.pdf` and `.docx`: the minutes with the photographs.
pub(super) async fn handover_paper(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Path((code, name)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (id, ending) = name.rsplit_once('.').ok_or_else(AppError::not_found)?;
    let id: HandoverId = id.parse().map_err(|_| AppError::not_found())?;
    let docx = match ending {
        "pdf" => false,
        "docx" => true,
        _ => return Err(AppError::not_found()),
    };
    let (who, unit, office) = (who(&actor), actor.unit.id, actor.office.title.clone());
    let today = cx.now.date();
    let (venue, one, photos, head) = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let venue = store::venue_by_code(tx, &code)?;
            let one = store::handovers(tx, venue.id)?
                .into_iter()
                .find(|one| one.id == id)
                .ok_or(VenueError::NotFound)?;
            let mut photos = Vec::new();
            for (photo, caption, sha) in frozen_photos(&one.content) {
                let photo = store::photo(tx, &who, photo)?;
                let file = files::store::get(tx, photo.file)?.ok_or(VenueError::NotFound)?;
                photos.push((photo, file, caption, sha));
            }
            Ok((venue, one, photos, common::head(tx, unit, &office, today)?))
        })
        .await?;
    // An official paper is Vietnamese in every language of the screen.
    let cx = Cx { lang: Lang::Vi, ..cx };
    let mut proofs = Vec::with_capacity(photos.len());
    for (photo, file, caption, sha) in photos {
        let caption =
            if caption.is_empty() { cx.tp("venues-photo-kind-", photo.kind).into_owned() } else { caption };
        proofs.push(Proof {
            caption,
            at: moment(photo.added_at),
            sha,
            jpeg: app.files.get(&file.sha256).await?.to_vec(),
        });
    }
    let back = one.kind == HandoverKind::Back;
    let (giver, taker) = if back {
        (head.office.clone(), one.other_party.clone())
    } else {
        (one.other_party.clone(), head.office.clone())
    };
    let handed = Handed {
        site: format!("{} – {}", venue.code, venue.name),
        address: if venue.address.is_empty() { venue.name.clone() } else { venue.address.clone() },
        at: cx.date(&one.on_day),
        back,
        giver,
        taker,
        condition: one
            .condition
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        photos: proofs,
    };
    let name = if back { "bien-ban-hoan-tra" } else { "bien-ban-ban-giao" };
    common::paper(&press, paper::handover(head, &handed), name, docx).await
}
