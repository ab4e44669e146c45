//! The check of a document's layout: a file comes, its departures from the rule go back with their clauses, and a
//! corrected copy where a machine can make one. Nothing of the file is kept.

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use jiff::civil::Date;
use platform::{
    app::App,
    clock,
    i18n::{self, Arg, Catalogue, Lang, key},
    identity::{Actor, SignedIn},
    web::{AppError, Cx, Made, Page, download, page_with},
};
use print::{
    Profile,
    check::{self, Against, Corrected, Departure, Fault, Findings, MOST_BYTES, Place, Refused},
    parts,
    profile::Family,
};

platform::inventory::submit! {
    Catalogue { area: "papers-check", vi: include_str!("check.vi.ftl"), en: include_str!("check.en.ftl") }
}

/// Corrected copies up to this size travel inside the page; browsers take no longer address.
const INSIDE: usize = 1 << 20;

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/van-ban/kiem-tra", get(show).post(look))
        .route("/van-ban/kiem-tra/ban-sua", axum::routing::post(corrected))
        .layer(DefaultBodyLimit::max(MOST_BYTES + (64 << 10)))
}

/// A departure as a sentence.
pub fn sentence(lang: Lang, departure: &Departure) -> String {
    let blank = |text: &str| if text.is_empty() { "blank".to_owned() } else { text.to_owned() };
    let (found, right) = match departure.fault {
        // What is typed under a subject may be nothing at all, and the sentence says so.
        Fault::DashesMissing => (blank(&departure.found), blank(&departure.right)),
        _ => (departure.found.clone(), departure.right.clone()),
    };
    i18n::tr(
        lang,
        &format!("check-fault-{}", departure.fault.key()),
        &[("found", Arg::Text(found)), ("right", Arg::Text(right))],
    )
}

/// The words of a place on the document.
pub fn place(lang: Lang, place: Place) -> String {
    i18n::t(
        lang,
        match place {
            Place::Page => key("check-place-page"),
            Place::Heading => key("check-place-heading"),
            Place::Body => key("check-place-body"),
            Place::End => key("check-place-end"),
        },
    )
    .into_owned()
}

/// The sentence of a file that cannot be checked.
pub fn refusal(refused: Refused) -> &'static str {
    match refused {
        Refused::NotDocx => key("check-refused-not-docx"),
        Refused::OldOrLocked => key("check-refused-old-or-locked"),
        Refused::TooLarge => key("check-refused-too-large"),
        Refused::Macros => key("check-refused-macros"),
        Refused::Hostile => key("check-refused-hostile"),
        Refused::Damaged => key("check-refused-damaged"),
        Refused::Secret => key("check-refused-secret"),
    }
}

pub(super) fn refused(error: Refused) -> AppError {
    match error {
        Refused::TooLarge => AppError::too_large(),
        _ => AppError::invalid(Vec::new()),
    }
    .because(refusal(error))
    .slug("document")
}

/// What a caller sent.
pub(super) struct Sent {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) against: Against,
}

/// A day as people write it, or as programs do.
pub(super) fn day(text: &str) -> Result<Option<Date>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .or_else(|_| Date::strptime("%d/%m/%Y", text))
        .map(Some)
        .map_err(|_| AppError::invalid(Vec::new()).because(key("check-day-wrong")))
}

pub(super) fn family(text: &str) -> Result<Option<Family>, AppError> {
    match text {
        "" => Ok(None),
        "party" => Ok(Some(Family::Party)),
        "state" => Ok(Some(Family::State)),
        _ => Err(AppError::invalid(Vec::new()).because(key("check-family-wrong"))),
    }
}

async fn take(mut form: Multipart) -> Result<Sent, AppError> {
    let broken = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            refused(Refused::TooLarge)
        } else {
            AppError::bad_request().because(key("check-interrupted")).caused_by(error)
        }
    };
    let mut sent = Sent { name: String::new(), bytes: Vec::new(), against: Against::default() };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default().to_owned().as_str() {
            "tep" => {
                sent.name = field.file_name().unwrap_or_default().to_owned();
                sent.bytes = field.bytes().await.map_err(broken)?.to_vec();
            }
            "loai" => sent.against.family = family(&field.text().await.map_err(broken)?)?,
            "ngay" => sent.against.on = day(&field.text().await.map_err(broken)?)?,
            _ => return Err(AppError::bad_request().slug("form")),
        }
    }
    if sent.bytes.is_empty() {
        return Err(AppError::invalid(Vec::new()).because(key("check-no-file")));
    }
    Ok(sent)
}

/// Checks off the async threads.
pub(super) async fn run(app: &App, bytes: Vec<u8>, against: Against) -> Result<Corrected, AppError> {
    let today = clock::local(app.db.clock().now()).date();
    tokio::task::spawn_blocking(move || check::correct(&bytes, against, today))
        .await
        .map_err(AppError::internal)?
        .map_err(refused)
}

/// The name of the copy: that of the file, and that it was corrected.
pub(super) fn copy_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem.is_empty() { "ban-da-sua".to_owned() } else { format!("{stem}-da-sua") }
}

/// The name of a document's type as its heading prints it.
pub(super) fn kind(lang: Lang, findings: &Findings) -> Option<String> {
    let kind = findings.kind?;
    Some(parts::title_of(kind).map_or_else(|| i18n::t(lang, key("check-letter")).into_owned(), str::to_owned))
}

/// A departure as the page shows it.
struct Line {
    sentence: String,
    excerpt: String,
    times: usize,
    mechanical: bool,
    clause: String,
    says: String,
    note: String,
}

/// The departures of one place.
struct Group {
    name: String,
    lines: Vec<Line>,
}

fn lines(lang: Lang, profile: &Profile, departures: &[Departure]) -> Vec<Line> {
    departures
        .iter()
        .map(|departure| {
            let cited = profile.rule(departure.fault.rule());
            Line {
                sentence: sentence(lang, departure),
                excerpt: departure.excerpt.clone(),
                times: departure.times,
                mechanical: departure.fault.mechanical(),
                clause: cited.clause.clone(),
                says: cited.says.clone(),
                note: cited.note.clone(),
            }
        })
        .collect()
}

/// What a check found, as the page shows it.
struct Shown {
    name: String,
    count: usize,
    kind: Option<String>,
    dated: Option<String>,
    rule: String,
    groups: Vec<Group>,
    unsure: Vec<Line>,
    correctable: usize,
    /// The corrected copy as an address of its own; none where it is too large for one.
    copy: Option<String>,
    copy_name: String,
}

impl Shown {
    fn of(lang: Lang, name: String, corrected: &Corrected) -> Self {
        let findings = &corrected.before;
        let groups = [Place::Page, Place::Heading, Place::Body, Place::End]
            .into_iter()
            .map(|at| {
                let here: Vec<Departure> =
                    findings.departures.iter().filter(|departure| departure.place == at).cloned().collect();
                Group { name: place(lang, at), lines: lines(lang, findings.profile, &here) }
            })
            .filter(|group| !group.lines.is_empty())
            .collect();
        let correctable = findings.correctable();
        Self {
            count: findings.departures.len(),
            kind: kind(lang, findings),
            dated: findings.dated.map(i18n::fmt::date),
            rule: findings.profile.name.clone(),
            groups,
            unsure: lines(lang, findings.profile, &findings.unsure),
            correctable,
            copy: (correctable > 0 && corrected.docx.len() <= INSIDE)
                .then(|| format!("data:{};base64,{}", Made::Docx.media(), BASE64.encode(&corrected.docx))),
            copy_name: format!("{}.docx", copy_name(&name)),
            name,
        }
    }
}

#[derive(Template)]
#[template(path = "papers/check.html")]
struct Start<'a> {
    cx: &'a Cx,
    families: Vec<(String, String)>,
    chosen: String,
    day: String,
    refusal: String,
    shown: Option<Shown>,
}

fn start(cx: &Cx, status: StatusCode, against: Against, refusal: String, shown: Option<Shown>) -> Response {
    let families = [
        ("", key("check-family-auto")),
        ("party", key("check-family-party")),
        ("state", key("check-family-state")),
    ];
    let body = Start {
        cx,
        families: families
            .into_iter()
            .map(|(value, words)| (value.to_owned(), cx.t(words).into_owned()))
            .collect(),
        chosen: match against.family {
            None => String::new(),
            Some(Family::Party) => "party".to_owned(),
            Some(Family::State) => "state".to_owned(),
        },
        day: against.on.map(|day| day.to_string()).unwrap_or_default(),
        refusal,
        shown,
    };
    page_with(status, cx, Page::new(cx.t("check-title"), body).style("paper.css"))
}

/// `GET /van-ban/kiem-tra`
async fn show(_: Actor<SignedIn>, cx: Cx) -> Response {
    start(&cx, StatusCode::OK, Against::default(), String::new(), None)
}

/// `POST /van-ban/kiem-tra`: the departures of a file.
async fn look(
    _: Actor<SignedIn>,
    cx: Cx,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, AppError> {
    let sent = match take(form).await {
        Ok(sent) => sent,
        Err(error) => return answer(&cx, Against::default(), error),
    };
    let against = sent.against;
    match run(&app, sent.bytes, against).await {
        Ok(corrected) => {
            let shown = Shown::of(cx.lang, sent.name, &corrected);
            Ok(start(&cx, StatusCode::OK, against, String::new(), Some(shown)))
        }
        Err(error) => answer(&cx, against, error),
    }
}

/// `POST /van-ban/kiem-tra/ban-sua`: the corrected copy.
async fn corrected(
    _: Actor<SignedIn>,
    cx: Cx,
    State(app): State<App>,
    form: Multipart,
) -> Result<Response, AppError> {
    let sent = match take(form).await {
        Ok(sent) => sent,
        Err(error) => return answer(&cx, Against::default(), error),
    };
    match run(&app, sent.bytes, sent.against).await {
        Ok(corrected) => Ok(download(corrected.docx, Made::Docx, &copy_name(&sent.name))),
        Err(error) => answer(&cx, sent.against, error),
    }
}

/// A refusal leaves the page as it was, with the sentence that says why.
fn answer(cx: &Cx, against: Against, error: AppError) -> Result<Response, AppError> {
    if error.status().is_client_error() {
        Ok(start(cx, error.status(), against, error.detail(cx.lang), None))
    } else {
        Err(error)
    }
}
