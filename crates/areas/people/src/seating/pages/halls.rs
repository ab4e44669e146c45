//! Halls: the list, the form with its preview, what is in a hall, the foreign format in and out.

use askama::Template;
use axum::{
    Form,
    extract::{Multipart, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{
        AppError, Cx, FieldProblem, Layout as Frame, Page, Path, Typed, TypedRow, page, page_with, problem,
        see,
    },
};
use rules::seating::{
    Kind, Layout,
    build::{self, DoorSpec, Numbering, Spec, Wall},
    check,
};

use super::{Hands, labels, notice};
use crate::{
    gates::{model::Gate, query as gates},
    seating::{
        ManageSeating, ReadSeating, SeatingError,
        error::built,
        model::{Drawn, Hall, Source},
        picture::{self, Cell},
        pretix::{self, ImportError},
        query, store,
    },
};

/// The columns of a door in the form.
const DOOR: [&str; 4] = ["door_wall", "door_percent", "door_width", "door_gate"];
/// The measures of a hall in the form, with what is usual: above the least of TCVN 9369:2012.
const MEASURES: [(&str, &str); 9] = [
    ("pitch", "95"),
    ("seat", "55"),
    ("aisle", "120"),
    ("side", "120"),
    ("cross", "150"),
    ("front", "250"),
    ("back", "180"),
    ("stage_rows", "1"),
    ("stage_seats", "15"),
];

struct HallLine {
    hall: Hall,
    places: usize,
    wheelchair: usize,
    stage: usize,
    doors: usize,
}

#[derive(Template)]
#[template(path = "seating/halls.html")]
struct ListPage<'a> {
    cx: &'a Cx,
    notice: String,
    lines: Vec<HallLine>,
    hands: Hands,
}

/// `GET /hoi-truong`
pub(in crate::seating) async fn list(
    actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let lines = app
        .db
        .read(|tx| {
            let mut lines = Vec::new();
            for hall in query::halls(tx)? {
                let layout = query::known(tx, &hall.slug, hall.version)?.layout;
                lines.push(HallLine {
                    places: layout.usable(),
                    wheelchair: layout.count(Kind::Wheelchair),
                    stage: layout.count(Kind::Stage),
                    doors: layout.doors.len(),
                    hall,
                });
            }
            Ok::<_, SeatingError>(lines)
        })
        .await?;
    let body = ListPage { notice: notice(&cx), lines, hands: Hands::of(&actor), cx: &cx };
    Ok(page(&cx, Page::new(cx.t("seating-halls"), body).style("seating.css")))
}

/// What is below a measure, in words.
struct FindingLine {
    words: String,
    clause: &'static str,
}

fn findings(cx: &Cx, layout: &Layout) -> Vec<FindingLine> {
    check::findings(layout)
        .into_iter()
        .map(|one| FindingLine {
            words: cx.t3(
                &format!("seating-finding-{}", one.what.as_str()),
                "is",
                one.is,
                "wants",
                one.wants,
                "at",
                one.at,
            ),
            clause: one.clause.as_str(),
        })
        .collect()
}

/// A hall as it is drawn with its figures: in the form as a preview, and on its page.
struct Seen {
    map: String,
    usable: usize,
    wheelchair: usize,
    stage: usize,
    blocked: usize,
    class: String,
    size: String,
    findings: Vec<FindingLine>,
}

impl Seen {
    fn of(cx: &Cx, layout: &Layout, title: String) -> Self {
        let cells: Vec<Cell> = layout
            .places
            .iter()
            .map(|place| Cell {
                ground: (place.kind != Kind::Blocked).then_some(match place.kind {
                    Kind::Stage => "#ffd9c7",
                    Kind::Wheelchair => "#e2f2ff",
                    Kind::Ordinary | Kind::Blocked => "#f7f4ee",
                }),
                ..Cell::default()
            })
            .collect();
        let metres = |cm: i32| cx.num(&(f64::from(cm) / 100.0), 1);
        let hall = layout.usable() - layout.count(Kind::Stage);
        Self {
            map: picture::groups(layout, &cells, &labels(cx, layout, title), false),
            usable: hall,
            wheelchair: layout.count(Kind::Wheelchair),
            stage: layout.count(Kind::Stage),
            blocked: layout.count(Kind::Blocked),
            class: check::size_class(hall).map(String::from).unwrap_or_default(),
            size: cx.t2("seating-size", "width", metres(layout.width), "depth", metres(layout.depth)),
            findings: findings(cx, layout),
        }
    }
}

#[derive(Template)]
#[template(path = "seating/hall_form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    back: String,
    fresh: bool,
    drawn: bool,
    typed: Typed,
    rows: Vec<TypedRow>,
    problems: Vec<FieldProblem>,
    general: String,
    numberings: Vec<(String, String)>,
    walls: Vec<(String, String)>,
    gates: Vec<Gate>,
    seen: Option<Seen>,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

async fn form(
    app: &App,
    cx: &Cx,
    (slug, drawn): (Option<&str>, bool),
    typed: Typed,
    preview: Option<&Layout>,
    refused: Option<AppError>,
) -> Result<Response, AppError> {
    let gates = app.db.read(gates::gates).await?;
    let title = cx.t(if slug.is_some() { "seating-hall-edit" } else { "seating-hall-new" }).into_owned();
    let problems = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let words = |beginning: &str, all: &[&str]| {
        all.iter().map(|one| ((*one).to_owned(), cx.tp(beginning, one).into_owned())).collect()
    };
    let body = FormPage {
        action: slug.map_or_else(|| "/hoi-truong/moi".to_owned(), |slug| format!("/hoi-truong/{slug}/sua")),
        back: slug.map_or_else(|| "/hoi-truong".to_owned(), |slug| format!("/hoi-truong/{slug}")),
        title: title.clone(),
        fresh: slug.is_none(),
        drawn,
        rows: typed.with_spare(&DOOR),
        general: refused
            .as_ref()
            .filter(|_| problems.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        problems,
        numberings: words("seating-numbering-", &["trai_phai", "chan_le"]),
        walls: words("seating-wall-", &["trai", "phai", "sau"]),
        gates,
        seen: preview.map(|layout| Seen::of(cx, layout, cx.t("seating-preview").into_owned())),
        typed,
        cx,
    };
    let status = refused.map_or(StatusCode::OK, |error| error.status());
    Ok(page_with(status, cx, Page::new(title, body).style("seating.css")))
}

/// Names of places as typed.
fn names(typed: &str) -> Vec<String> {
    typed
        .split([',', ';', ' ', '\n', '\t'])
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .map(str::to_owned)
        .collect()
}

fn doors(typed: &Typed, wrong: &mut Vec<FieldProblem>) -> Vec<DoorSpec> {
    let mut out = Vec::new();
    for row in typed.rows(&DOOR) {
        // A row of which only the wall is chosen is the spare one.
        if row.cell(1).is_empty() && row.cell(2).is_empty() {
            continue;
        }
        let wall = match row.cell(0) {
            "phai" => Wall::Right,
            "sau" => Wall::Back,
            _ => Wall::Left,
        };
        match (row.cell(1).parse::<u8>(), row.cell(2).parse::<u16>()) {
            (Ok(percent), Ok(width)) if percent <= 100 && (40..=1000).contains(&width) => {
                let gate = Some(row.cell(3).to_owned()).filter(|gate| !gate.is_empty());
                out.push(DoorSpec { wall, percent, width, gate });
            }
            _ => wrong.push(FieldProblem::new("doors", key("seating-error-door"))),
        }
    }
    out
}

/// What was typed, as a description. Figures that are none come out as problems of their fields.
fn read(typed: &Typed, drawn: bool) -> Result<Source, SeatingError> {
    let mut wrong = Vec::new();
    let doors = doors(typed, &mut wrong);
    if !drawn {
        return if wrong.is_empty() { Ok(Source::Imported(doors)) } else { Err(SeatingError::Fields(wrong)) };
    }
    let mut number = |name: &'static str| {
        typed.get(name).parse::<u16>().unwrap_or_else(|_| {
            wrong.push(FieldProblem::new(name, key("seating-error-measure")));
            0
        })
    };
    let [pitch, seat, aisle, side, cross, front, back, stage_rows, stage_seats] =
        MEASURES.map(|(name, _)| number(name));
    let bands = build::bands(typed.get("bands")).unwrap_or_else(|error| {
        wrong.push(built(&error));
        Vec::new()
    });
    if !wrong.is_empty() {
        return Err(SeatingError::Fields(wrong));
    }
    let label = typed.get("stage_label");
    Ok(Source::Drawn(Spec {
        bands,
        pitch,
        seat,
        aisle,
        side,
        cross,
        front,
        back,
        numbering: if typed.get("numbering") == "chan_le" {
            Numbering::OddEven
        } else {
            Numbering::LeftToRight
        },
        plain: typed.has("plain", "1"),
        stage_rows,
        stage_seats,
        stage_label: label.chars().take(8).collect::<String>().to_uppercase(),
        wheelchair: names(typed.get("wheelchair")),
        blocked: names(typed.get("blocked")),
        doors,
    }))
}

fn written(hall: &Hall, drawn: &Drawn) -> Typed {
    let mut typed = Typed::default();
    typed.set("slug", hall.slug.as_str());
    typed.set("name", hall.name.as_str());
    typed.set("version", hall.version.to_string());
    if let Source::Drawn(spec) = &drawn.source {
        let measures = [
            spec.pitch,
            spec.seat,
            spec.aisle,
            spec.side,
            spec.cross,
            spec.front,
            spec.back,
            spec.stage_rows,
            spec.stage_seats,
        ];
        for ((name, _), value) in MEASURES.iter().zip(measures) {
            typed.set(name, value.to_string());
        }
        typed.set("bands", build::bands_text(&spec.bands));
        typed.set("numbering", if spec.numbering == Numbering::OddEven { "chan_le" } else { "trai_phai" });
        typed.set("plain", if spec.plain { "1" } else { "" });
        typed.set("stage_label", spec.stage_label.as_str());
        typed.set("wheelchair", spec.wheelchair.join(", "));
        typed.set("blocked", spec.blocked.join(", "));
    }
    for door in drawn.source.doors() {
        let wall = match door.wall {
            Wall::Left => "trai",
            Wall::Right => "phai",
            Wall::Back => "sau",
        };
        let cells = [
            wall.to_owned(),
            door.percent.to_string(),
            door.width.to_string(),
            door.gate.clone().unwrap_or_default(),
        ];
        typed.extend(DOOR.iter().map(|name| (*name).to_owned()).zip(cells));
    }
    typed
}

/// `GET /hoi-truong/moi`
pub(in crate::seating) async fn new(
    _actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let mut typed = Typed::default();
    for (name, value) in MEASURES {
        typed.set(name, value);
    }
    typed.set("bands", "12: 10 14 10\n10: 10 14 10");
    typed.set("stage_label", cx.t("seating-stage-label"));
    form(&app, &cx, (None, true), typed, None, None).await
}

async fn put(
    app: &App,
    actor: &Actor<ManageSeating>,
    cx: &Cx,
    (slug, drawn): (Option<String>, bool),
    typed: Typed,
) -> Result<Response, AppError> {
    let at = (slug.as_deref(), drawn);
    let source = match read(&typed, drawn) {
        Ok(source) => source,
        Err(error) => return form(app, cx, at, typed, None, Some(error.into())).await,
    };
    if typed.get("do") == "preview" {
        let layout = match &source {
            Source::Drawn(spec) => build::build(spec).map_err(SeatingError::from),
            Source::Imported(doors) => {
                let named = slug.clone().unwrap_or_default();
                let kept = app.db.read(move |tx| {
                    let hall = query::hall(tx, &named)?;
                    query::drawn(tx, &named, hall.version)
                });
                kept.await.map(|drawn| {
                    let mut layout = drawn.layout;
                    build::doors(doors, &mut layout);
                    layout
                })
            }
        };
        return match layout {
            Ok(layout) => form(app, cx, at, typed, Some(&layout), None).await,
            Err(error) => form(app, cx, at, typed, None, Some(error.into())).await,
        };
    }
    let named = slug.clone().unwrap_or_else(|| typed.get("slug").to_owned());
    let (name, to) = (typed.get("name").to_owned(), named.clone());
    let version = if slug.is_some() { typed.get("version").parse().unwrap_or(0) } else { 0 };
    let done =
        app.db.write(actor.author(), move |tx| store::put_hall(tx, &named, version, &name, &source)).await;
    match done {
        Ok(_) => Ok(see(&format!("/hoi-truong/{to}"), "hall")),
        Err(error @ (SeatingError::Fields(_) | SeatingError::Conflict)) => {
            form(app, cx, at, typed, None, Some(error.into())).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /hoi-truong/moi`
pub(in crate::seating) async fn create(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    put(&app, &actor, &cx, (None, true), Typed::from(pairs)).await
}

async fn of(app: &App, slug: &str) -> Result<(Hall, Drawn), SeatingError> {
    let slug = slug.to_owned();
    app.db
        .read(move |tx| {
            let hall = query::hall(tx, &slug)?;
            let drawn = query::drawn(tx, &slug, hall.version)?;
            Ok((hall, drawn))
        })
        .await
}

/// `GET /hoi-truong/{slug}/sua`
pub(in crate::seating) async fn edit(
    _actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let (hall, drawn) = of(&app, &slug).await?;
    let is_drawn = matches!(drawn.source, Source::Drawn(_));
    form(&app, &cx, (Some(&slug), is_drawn), written(&hall, &drawn), Some(&drawn.layout), None).await
}

/// `POST /hoi-truong/{slug}/sua`
pub(in crate::seating) async fn save(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (_, drawn) = of(&app, &slug).await?;
    let is_drawn = matches!(drawn.source, Source::Drawn(_));
    put(&app, &actor, &cx, (Some(slug), is_drawn), Typed::from(pairs)).await
}

#[derive(Template)]
#[template(path = "seating/hall.html")]
struct HallPage<'a> {
    cx: &'a Cx,
    notice: String,
    hall: &'a Hall,
    imported: bool,
    hands: Hands,
    seen: Seen,
}

/// `GET /hoi-truong/{slug}`
pub(in crate::seating) async fn show(
    actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let (hall, drawn) = of(&app, &slug).await?;
    let body = HallPage {
        notice: notice(&cx),
        hall: &hall,
        imported: matches!(drawn.source, Source::Imported(_)),
        hands: Hands::of(&actor),
        seen: Seen::of(&cx, &drawn.layout, hall.name.clone()),
        cx: &cx,
    };
    Ok(page(&cx, Page::new(hall.name.clone(), body).layout(Frame::Wide).style("seating.css")))
}

/// `GET /hoi-truong/{slug}/pretix.json`
pub(in crate::seating) async fn export(
    _actor: Actor<ReadSeating>,
    cx: Cx,
    State(app): State<App>,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let (hall, drawn) = of(&app, &slug).await?;
    let bytes =
        pretix::write(&hall.name, &cx.t("seating-stage"), &drawn.layout).map_err(AppError::internal)?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{}.json\"", hall.slug)) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Template)]
#[template(path = "seating/import.html")]
struct ImportPage<'a> {
    cx: &'a Cx,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
}

impl ImportPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

fn import_page(cx: &Cx, typed: Typed, refused: Option<AppError>) -> Response {
    let problems = refused.as_ref().map(|error| error.fields().to_vec()).unwrap_or_default();
    let body = ImportPage {
        typed,
        general: refused
            .as_ref()
            .filter(|_| problems.is_empty())
            .map(|error| error.detail(cx.lang))
            .unwrap_or_default(),
        problems,
        cx,
    };
    let status = refused.map_or(StatusCode::OK, |error| error.status());
    page_with(status, cx, Page::new(cx.t("seating-import"), body).style("seating.css"))
}

/// `GET /hoi-truong/nhap`
pub(in crate::seating) async fn upload(_actor: Actor<ManageSeating>, cx: Cx) -> Response {
    let mut typed = Typed::default();
    typed.set("seat", "55");
    import_page(&cx, typed, None)
}

/// `POST /hoi-truong/nhap`
pub(in crate::seating) async fn import(
    actor: Actor<ManageSeating>,
    cx: Cx,
    State(app): State<App>,
    mut form: Multipart,
) -> Result<Response, AppError> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            AppError::from(SeatingError::Import(ImportError::TooLarge))
        } else {
            AppError::bad_request().because(key("intake-interrupted")).caused_by(error)
        }
    };
    let (mut typed, mut file) = (Typed::default(), None);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "file" => file = Some(field.bytes().await.map_err(broken)?),
            name @ ("slug" | "name" | "seat") => {
                let name = name.to_owned();
                typed.set(&name, field.text().await.map_err(broken)?);
            }
            _ => {}
        }
    }
    let Some(bytes) = file.filter(|bytes| !bytes.is_empty()) else {
        let wrong = FieldProblem::new("file", key("seating-error-file"));
        return Ok(import_page(&cx, typed, Some(AppError::invalid(vec![wrong]))));
    };
    let (slug, name, seat) =
        (typed.get("slug").to_owned(), typed.get("name").to_owned(), typed.get("seat").parse().unwrap_or(0));
    let to = slug.clone();
    let done =
        app.db.write(actor.author(), move |tx| store::import_hall(tx, &slug, &name, &bytes, seat)).await;
    match done {
        Ok(_) => Ok(see(&format!("/hoi-truong/{to}"), "imported")),
        Err(error @ (SeatingError::Fields(_) | SeatingError::Import(_) | SeatingError::Conflict)) => {
            Ok(import_page(&cx, typed, Some(error.into())))
        }
        Err(error) => Err(error.into()),
    }
}
