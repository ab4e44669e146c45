//! Zones with their matrix, and keys.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    i18n::key,
    identity::{Actor, Right},
    web::{AppError, Cx, FieldProblem, Layout, Page, PrintSize, Typed, page, page_with, problem, see},
};

use super::{
    AREA, BadgeError, KeepKeys, ManageBadges, ReadBadges,
    keys::{self, BadgeKey},
    model::{Access, BadgeCategory, Zone, ZoneRule},
    pages::notice,
    query,
    seal::Seal,
    store::{self, NewAccess},
};

/// Icons that a zone may have.
const ICONS: [&str; 16] = [
    "map-pin",
    "door-enter",
    "users-group",
    "star",
    "settings",
    "lock",
    "camera",
    "first-aid-kit",
    "tools-kitchen-2",
    "armchair",
    "microphone-2",
    "building",
    "file-text",
    "phone",
    "bell",
    "flag",
];

// ---------------------------------------------------------------- zones

struct Cell {
    name: String,
    on: bool,
    from: String,
    to: String,
    problem: String,
    /// For who cannot see the table's head.
    label: String,
}

struct ZoneRow {
    bit: u8,
    name: String,
    icon: String,
    problem: String,
    cells: Vec<Cell>,
}

#[derive(Template)]
#[template(path = "badges/zones.html")]
struct Zones<'a> {
    cx: &'a Cx,
    notice: String,
    problems: usize,
    categories: Vec<String>,
    rows: Vec<ZoneRow>,
    icons: &'a [&'static str],
    manages: bool,
    /// The preview: category, moment, what it opens.
    at: String,
    chosen: String,
    choices: Vec<(String, String)>,
    open: Vec<Zone>,
    shut: Vec<Zone>,
}

fn typed_of(access: &Access) -> Typed {
    let mut pairs = Vec::new();
    for zone in &access.zones {
        pairs.push((format!("name-{}", zone.bit), zone.name.clone()));
        pairs.push((format!("icon-{}", zone.bit), zone.icon.clone()));
    }
    for rule in &access.rules {
        let place = format!("{}-{}", rule.category, rule.bit);
        pairs.push((format!("on-{place}"), "1".to_owned()));
        pairs.extend(rule.from_at.map(|at| (format!("from-{place}"), at.to_string())));
        pairs.extend(rule.to_at.map(|at| (format!("to-{place}"), at.to_string())));
    }
    Typed::from(pairs)
}

fn read(typed: &Typed) -> (NewAccess, Vec<FieldProblem>) {
    let (mut new, mut wrong) = (NewAccess::default(), Vec::new());
    for bit in 0..16_u8 {
        let name = typed.get(&format!("name-{bit}"));
        if name.is_empty() {
            continue;
        }
        let icon = typed.get(&format!("icon-{bit}"));
        let icon = if icon.is_empty() { "map-pin" } else { icon };
        new.zones.push(Zone { bit, name: name.to_owned(), icon: icon.to_owned() });
        for category in BadgeCategory::ALL {
            let place = format!("{category}-{bit}");
            if !typed.has(&format!("on-{place}"), "1") {
                continue;
            }
            let mut moment = |side: &str| {
                let field = format!("{side}-{place}");
                store::moment(typed.get(&field)).unwrap_or_else(|_| {
                    wrong.push(FieldProblem::new(format!("to-{place}"), key("badges-error-moment")));
                    None
                })
            };
            let (from_at, to_at) = (moment("from"), moment("to"));
            new.rules.push(ZoneRule { category: *category, bit, from_at, to_at });
        }
    }
    (new, wrong)
}

fn draw_zones(
    cx: &Cx,
    typed: &Typed,
    problems: &[FieldProblem],
    access: &Access,
    manages: bool,
) -> Result<Response, AppError> {
    let words = |category: &BadgeCategory| cx.tp("badges-category-", category).into_owned();
    let rows = (0..16_u8)
        .filter(|bit| manages || !typed.get(&format!("name-{bit}")).is_empty())
        .map(|bit| ZoneRow {
            bit,
            name: typed.get(&format!("name-{bit}")).to_owned(),
            icon: typed.get(&format!("icon-{bit}")).to_owned(),
            problem: problem(cx, problems, &format!("name-{bit}")),
            cells: BadgeCategory::ALL
                .iter()
                .map(|category| {
                    let place = format!("{category}-{bit}");
                    // What a field of this kind shows has no seconds.
                    let minute =
                        |side: &str| typed.get(&format!("{side}-{place}")).chars().take(16).collect();
                    Cell {
                        on: typed.has(&format!("on-{place}"), "1"),
                        from: minute("from"),
                        to: minute("to"),
                        problem: problem(cx, problems, &format!("to-{place}")),
                        label: words(category),
                        name: place,
                    }
                })
                .collect(),
        })
        .collect();
    let asked = cx.param("luc");
    let at = asked.parse().unwrap_or(cx.now);
    let category = cx.param("dien").parse().unwrap_or(BadgeCategory::Delegate);
    let bits = access.bits(category);
    let (open, shut): (Vec<Zone>, Vec<Zone>) =
        access.zones.iter().cloned().partition(|zone| access.opens(category, bits, zone.bit, at));
    let body = Zones {
        cx,
        notice: notice(cx),
        problems: problems.len(),
        categories: BadgeCategory::ALL.iter().map(words).collect(),
        rows,
        icons: &ICONS,
        manages,
        at: at.to_string().chars().take(16).collect(),
        chosen: category.to_string(),
        choices: BadgeCategory::ALL.iter().map(|one| (one.to_string(), words(one))).collect(),
        open,
        shut,
    };
    let out = Page::new(cx.t("badges-zones-title"), body)
        .layout(Layout::Wide)
        .print(PrintSize::A4Landscape)
        .style("badges.css");
    Ok(if problems.is_empty() {
        page(cx, out)
    } else {
        page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, cx, out)
    })
}

/// `GET /the/khu-vuc`
pub(super) async fn zones(
    actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let access = app.db.read(query::access).await?;
    draw_zones(&cx, &typed_of(&access), &[], &access, actor.may(AREA, Right::Manage, None))
}

/// `POST /the/khu-vuc`
pub(super) async fn save_zones(
    actor: Actor<ManageBadges>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let (new, mut wrong) = read(&typed);
    if wrong.is_empty() {
        let saved = app
            .db
            .write(actor.author(), move |tx| Ok::<_, BadgeError>(store::save_access(tx, &new)?.with(())))
            .await;
        match saved {
            Ok(()) => return Ok(see("/the/khu-vuc", "zones")),
            Err(BadgeError::Fields(problems)) => wrong = problems,
            Err(error) => return Err(error.into()),
        }
    }
    let access = app.db.read(query::access).await?;
    draw_zones(&cx, &typed, &wrong, &access, true)
}

// ---------------------------------------------------------------- keys

struct KeyLine {
    id: u8,
    days: String,
    made: String,
    state: &'static str,
    tone: &'static str,
    icon: &'static str,
    finger: String,
    listed: bool,
}

#[derive(Template)]
#[template(path = "badges/keys.html")]
struct Keys<'a> {
    cx: &'a Cx,
    notice: String,
    error: String,
    /// Whether there is a root, and its public half.
    root: Option<String>,
    /// What is printed, while it is here.
    paper: String,
    lines: Vec<KeyLine>,
    from: String,
    to: String,
    sequence: u32,
}

fn key_line(cx: &Cx, one: &BadgeKey) -> KeyLine {
    let today = cx.now.date();
    let (state, tone, icon) = if one.withdrawn_at.is_some() {
        (key("badges-key-withdrawn"), "grey", "ban")
    } else if today < one.first_day {
        (key("badges-key-later"), "blue", "clock")
    } else if today > one.last_day {
        (key("badges-key-over"), "grey", "clock-x")
    } else {
        (key("badges-key-now"), "green", "circle-check")
    };
    KeyLine {
        id: one.id,
        days: format!("{} – {}", cx.date(&one.first_day), cx.date(&one.last_day)),
        made: format!("{} · {}", cx.moment(&platform::clock::local(one.made_at)), one.made_by),
        state,
        tone,
        icon,
        finger: platform::hex(one.public.get(..4).unwrap_or_default()),
        listed: one.withdrawn_at.is_none(),
    }
}

async fn draw_keys(cx: &Cx, app: &App, error: String, typed: &Typed) -> Result<Response, AppError> {
    let seal = Seal::of(&app.config.data)?;
    let (root, all, list, paper, days) = app
        .db
        .read(move |tx| {
            let paper = match keys::root_seed(tx, &seal) {
                Ok(seed) => keys::on_paper(&seed),
                Err(BadgeError::NoRoot) => String::new(),
                Err(error) => return Err(error),
            };
            let days = query::days(tx, BadgeCategory::Service)?;
            Ok::<_, BadgeError>((keys::root(tx)?, keys::keys(tx)?, keys::list(tx)?, paper, days))
        })
        .await?;
    let or = |name: &str, day: Date| {
        if typed.get(name).is_empty() { day.to_string() } else { typed.get(name).to_owned() }
    };
    let today = cx.now.date();
    let wrong = !error.is_empty();
    let body = Keys {
        cx,
        notice: notice(cx),
        error,
        root: root.map(|root| platform::hex(&root.public)),
        paper,
        lines: all.iter().map(|one| key_line(cx, one)).collect(),
        from: or("from", today.min(days.0)),
        to: or("to", days.1),
        sequence: list.sequence,
    };
    let out = Page::new(cx.t("badges-keys-title"), body).style("badges.css");
    let mut response =
        if wrong { page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, cx, out) } else { page(cx, out) };
    // The root may stand on this page.
    response
        .headers_mut()
        .insert(axum::http::header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /the/khoa`
pub(super) async fn keys(
    _actor: Actor<KeepKeys>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    draw_keys(&cx, &app, String::new(), &Typed::default()).await
}

/// `POST /the/khoa/goc`
pub(super) async fn make_root(actor: Actor<KeepKeys>, State(app): State<App>) -> Result<Response, AppError> {
    let seal = Seal::of(&app.config.data)?;
    app.db
        .write(actor.author(), move |tx| Ok::<_, BadgeError>(keys::make_root(tx, &seal)?.map(|_| ())))
        .await?;
    Ok(see("/the/khoa", "root"))
}

/// `POST /the/khoa/goc/go`
pub(super) async fn remove_root(
    actor: Actor<KeepKeys>,
    State(app): State<App>,
) -> Result<Response, AppError> {
    app.db.write(actor.author(), |tx| Ok::<_, BadgeError>(keys::remove_root(tx)?.with(()))).await?;
    Ok(see("/the/khoa", "unrooted"))
}

/// The root as it was typed from paper, when it was.
fn given(typed: &Typed) -> Result<Option<[u8; 32]>, BadgeError> {
    match typed.get("root") {
        "" => Ok(None),
        text => keys::from_paper(text).map(Some).ok_or(BadgeError::NoRoot),
    }
}

/// `POST /the/khoa/moi`
pub(super) async fn add_key(
    actor: Actor<KeepKeys>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let seal = Seal::of(&app.config.data)?;
    let days = typed.get("from").parse::<Date>().ok().zip(typed.get("to").parse::<Date>().ok());
    let root = given(&typed);
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let (first, last) = days.ok_or(BadgeError::Days)?;
            keys::add(tx, &seal, root?, first, last)
        })
        .await;
    match done {
        Ok(_) => Ok(see("/the/khoa", "key")),
        Err(error @ (BadgeError::Days | BadgeError::KeyRoom | BadgeError::NoRoot)) => {
            let words = AppError::from(error).detail(cx.lang);
            draw_keys(&cx, &app, words, &typed).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /the/khoa/thu`
pub(super) async fn withdraw_key(
    actor: Actor<KeepKeys>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let seal = Seal::of(&app.config.data)?;
    let id = typed.get("key").parse::<u8>();
    let root = given(&typed);
    let done = app
        .db
        .write(actor.author(), move |tx| {
            let id = id.map_err(|_| BadgeError::NotFound)?;
            Ok::<_, BadgeError>(keys::withdraw(tx, &seal, root?, id)?.with(()))
        })
        .await;
    match done {
        Ok(()) => Ok(see("/the/khoa", "withdrawn")),
        Err(error @ BadgeError::NoRoot) => {
            let words = AppError::from(error).detail(cx.lang);
            draw_keys(&cx, &app, words, &typed).await
        }
        Err(error) => Err(error.into()),
    }
}
