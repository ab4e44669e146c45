//! The papers of a meeting: on the screen, as PDF, as DOCX; and the notice issued.

use askama::Template;
use axum::{Extension, Form, extract::State, http::StatusCode, response::Response};
use jiff::civil::Date;
use platform::{
    app::App,
    clock,
    i18n::{self, Lang, key},
    identity::Actor,
    papers,
    web::{AppError, Cx, Made, Page, Path, download, page_with},
};
use print::{Paper, PressRoom, Printable};

use super::{
    common::{Meeting, at, done, notice as notice_words, problem},
    draw,
    picture::Picture,
};
use crate::{
    briefings::{
        BriefingError, Hand, ManageBriefings, ReadBriefings,
        model::{BriefingId, NewNotice},
        notice,
        paper::{self, facts, gather},
        report as reports, sign,
    },
    tasks::pages::task::form::Typed,
};

/// Which paper of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Report,
    Minutes,
    Supplement(u32),
    Notice,
}

impl Which {
    /// Reads the name of a paper and how it is wanted: `bien-ban`, `bien-ban.pdf`, `bo-sung-1.docx`.
    fn parse(name: &str) -> Option<(Self, Option<Made>)> {
        let (name, made) = match name.rsplit_once('.') {
            Some((name, "pdf")) => (name, Some(Made::Pdf)),
            Some((name, "docx")) => (name, Some(Made::Docx)),
            Some(_) => return None,
            None => (name, None),
        };
        let which = match name {
            "bao-cao" => Self::Report,
            "bien-ban" => Self::Minutes,
            "thong-bao" => Self::Notice,
            _ => Self::Supplement(name.strip_prefix("bo-sung-")?.parse().ok()?),
        };
        Some((which, made))
    }

    fn file(self) -> String {
        match self {
            Self::Report => "bao-cao".to_owned(),
            Self::Minutes => "bien-ban".to_owned(),
            Self::Notice => "thong-bao".to_owned(),
            Self::Supplement(no) => format!("bo-sung-{no}"),
        }
    }

    fn title(self, cx: &Cx) -> String {
        match self {
            Self::Report => cx.t("meet-paper-report").into_owned(),
            Self::Minutes => cx.t("meet-paper-minutes").into_owned(),
            Self::Notice => cx.t("meet-paper-notice").into_owned(),
            Self::Supplement(no) => cx.t1("meet-paper-supplement", "number", super::common::two(no)),
        }
    }
}

/// A paper with what its page needs to know.
struct Ready {
    paper: Paper,
    draft: bool,
    picture: Picture,
    /// The number that the notice would take, and the body that gives it.
    next: Option<(papers::Body, u32)>,
}

/// Builds a paper from what was frozen, signed or issued; from what is there so far while it is a draft.
async fn make(app: &App, hand: Hand, id: BriefingId, which: Which) -> Result<Ready, AppError> {
    let made = app.db.read(move |tx| {
        let picture = Picture::load(tx, hand, id)?;
        let body = papers::store::body_of_unit(tx, picture.series.unit)?;
        let heading = gather::heading(body.as_ref());
        let today = clock::local(tx.now()).date();
        let draft;
        let mut next = None;
        let minutes = match &picture.signed {
            Some(_) => Some(sign::minutes(tx, &hand, id)?),
            None => None,
        };
        let paper = match which {
            Which::Report => {
                let (head, figures) = picture.frozen.as_ref().ok_or(BriefingError::NotFrozen)?;
                let around = gather::Around {
                    heading: &heading,
                    series: &picture.series.title,
                    meeting: picture.briefing.no,
                    signer: gather::signer(
                        picture.office(picture.briefing.chair_office),
                        picture.office(picture.briefing.secretary_office),
                    ),
                    week: picture.week.as_ref(),
                    layout_on: today,
                    issued: picture.report.as_ref(),
                };
                draft = picture.report.is_none();
                if draft {
                    next = match reports::next_number(tx, &hand, id) {
                        Ok(next) => Some(next),
                        Err(BriefingError::NoBody) => None,
                        Err(error) => return Err(error),
                    };
                }
                paper::report(&gather::report(head, figures, &around))
            }
            Which::Minutes => {
                let meeting = match &minutes {
                    Some((_, content)) => gather::meeting(content, &heading),
                    None => gather::meeting(&sign::draft(tx, &hand, id)?, &heading),
                };
                draft = minutes.is_none();
                paper::minutes(&facts::Minutes {
                    meeting,
                    signed: minutes.as_ref().map(|(signed, _)| clock::local(signed.signed_at)),
                    hash: minutes.as_ref().map(|(signed, _)| signed.sha256.clone()).unwrap_or_default(),
                    supplement: None,
                })
            }
            Which::Supplement(no) => {
                let (signed, content) = minutes.as_ref().ok_or(BriefingError::NotSigned)?;
                let one = picture.supplements.iter().find(|one| one.no == no);
                let one = one.ok_or(BriefingError::NotFound)?;
                draft = one.signed.is_none();
                paper::minutes(&facts::Minutes {
                    meeting: gather::meeting(content, &heading),
                    signed: one.signed.as_ref().map(|signed| clock::local(signed.signed_at)),
                    hash: one.signed.as_ref().map(|signed| signed.sha256.clone()).unwrap_or_default(),
                    supplement: Some(gather::supplement(one, &signed.sha256)),
                })
            }
            Which::Notice => {
                let (signed, content) = minutes.as_ref().ok_or(BriefingError::NotSigned)?;
                draft = picture.notice.is_none();
                if draft {
                    next = match notice::next_number(tx, &hand, id) {
                        Ok(next) => Some(next),
                        Err(BriefingError::NoBody) => None,
                        Err(error) => return Err(error),
                    };
                }
                let issued = picture.notice.as_ref();
                paper::notice(&facts::Notice {
                    signer: gather::signer(&content.chair, &content.secretary),
                    meeting: gather::meeting(content, &heading),
                    number: issued.map(|one| one.number),
                    issued: issued.map(|one| one.issued_on),
                    layout_on: issued.map_or(today, |one| one.issued_on),
                    recipients: issued.map_or_else(
                        || vec![i18n::t(Lang::Vi, "meet-recipients-default").into_owned()],
                        |one| one.recipients.clone(),
                    ),
                    hash: signed.sha256.clone(),
                })
            }
        };
        Ok::<_, BriefingError>(Ready { paper, draft, picture, next })
    });
    Ok(made.await?)
}

/// The form that issues the notice.
struct Issue {
    action: String,
    title: String,
    confirm: String,
    save: String,
    number: String,
    help: String,
    on: String,
    gap: String,
    recipients: String,
    err_number: String,
    err_on: String,
    err_gap: String,
}

#[derive(Template)]
#[template(path = "briefings/pages/paper.html")]
struct PaperPage<'a> {
    cx: &'a Cx,
    here: String,
    name: String,
    title: String,
    notice: String,
    refusal: String,
    draft: bool,
    pdf: String,
    docx: String,
    sign: String,
    version: i64,
    issue: Option<Issue>,
    paper: String,
}

fn page(cx: &Cx, which: Which, made: &Ready, typed: Option<&Typed>, refused: Option<&AppError>) -> Response {
    let Ready { paper, draft, picture, next } = made;
    let address = &picture.briefing.address;
    let fields = refused.map(|error| error.fields().to_vec()).unwrap_or_default();
    let file = which.file();
    let may_issue = matches!(which, Which::Notice | Which::Report) && *draft && picture.manages();
    let report = which == Which::Report;
    let either = |one: &str, other: &str| cx.t(if report { one } else { other }).into_owned();
    let get = |name: &str| typed.map(|typed| typed.get(name).to_owned());
    let issue = next.as_ref().filter(|_| may_issue).map(|(body, number)| Issue {
        action: at(address, if report { "bao-cao" } else { "thong-bao" }),
        title: either(key("meet-issue-report"), key("meet-issue")),
        confirm: either(key("meet-issue-report-confirm"), key("meet-issue-confirm")),
        save: either(key("meet-do-report"), key("meet-do-announce")),
        number: get("number").unwrap_or_else(|| number.to_string()),
        help: cx.t1(
            "meet-help-number",
            "next",
            body.written(*number, if report { reports::ABBR } else { notice::ABBR }),
        ),
        on: get("on").unwrap_or_else(|| cx.now.date().to_string()),
        gap: get("gap_reason").unwrap_or_default(),
        recipients: get("recipients")
            .unwrap_or_else(|| i18n::t(Lang::Vi, "meet-recipients-default").into_owned()),
        err_number: problem(cx, &fields, "number"),
        err_on: problem(cx, &fields, "on"),
        err_gap: problem(cx, &fields, "gap_reason"),
    });
    let supplement = match which {
        Which::Supplement(no) => picture.supplements.iter().find(|one| one.no == no),
        _ => None,
    };
    // A report may go round as it is; a notice without a body to issue it goes nowhere.
    let none = may_issue && !report && next.is_none();
    let refusal = refused
        .map(|error| error.detail(cx.lang))
        .or_else(|| none.then(|| AppError::from(BriefingError::NoBody).detail(cx.lang)))
        .unwrap_or_default();
    let title = format!("{} · {}", which.title(cx), draw::name(cx, &picture.briefing));
    let body = PaperPage {
        here: at(address, ""),
        name: draw::name(cx, &picture.briefing),
        title: which.title(cx),
        notice: notice_words(cx),
        refusal,
        draft: *draft,
        pdf: at(address, &format!("van-ban/{file}.pdf")),
        docx: at(address, &format!("van-ban/{file}.docx")),
        sign: supplement
            .filter(|one| one.signed.is_none() && picture.signs())
            .map(|one| at(address, &format!("bo-sung/{}/ky", one.no)))
            .unwrap_or_default(),
        version: supplement.map(|one| one.version).unwrap_or_default(),
        issue,
        paper: print::screen::html(paper),
        cx,
    };
    let page = Page::new(title, body).style("paper.css").style("briefings.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// `GET /giao-ban/{id}/van-ban/{paper}`: `bao-cao`, `bien-ban`, `bo-sung-1`, `thong-bao`; with `.pdf` or `.docx`
/// the file.
pub(super) async fn show(
    actor: Actor<ReadBriefings>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Meeting { id, address }: Meeting,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (which, wanted) = Which::parse(&name).ok_or_else(AppError::not_found)?;
    let made = match make(&app, Hand::of(&actor), id, which).await {
        Ok(made) => made,
        Err(error) => return Err(error.next(at(&address, ""), key("meet-back"))),
    };
    let file = format!("{}-{}", which.file(), super::common::two(made.picture.briefing.no));
    match wanted {
        None => Ok(page(&cx, which, &made, None, None)),
        Some(Made::Docx) => {
            let bytes = print::docx::write(&made.paper).map_err(AppError::internal)?;
            Ok(download(bytes, Made::Docx, &file))
        }
        Some(_) => {
            let bytes =
                press.pdf(Printable::Paper(Box::new(made.paper))).await.map_err(AppError::internal)?;
            Ok(download(bytes, Made::Pdf, &file))
        }
    }
}

/// What a form that issues a paper says.
fn new_paper(typed: &Typed, subject: String) -> Result<NewNotice, AppError> {
    let needed = |name: &'static str| AppError::invalid(Vec::new()).field(name, key("meet-error-needed"));
    let on: Date = typed.get("on").parse().map_err(|_| needed("on"))?;
    let number: u32 = typed.get("number").parse().map_err(|_| needed("number"))?;
    Ok(NewNotice {
        number: Some(number),
        gap_reason: typed.get("gap_reason").to_owned(),
        on,
        subject,
        recipients: typed.get("recipients").lines().map(str::to_owned).collect(),
    })
}

/// Issues a paper of a meeting, or shows its page again with what was typed and why it was refused.
async fn go_out(
    app: &App,
    cx: &Cx,
    actor: &Actor<ManageBriefings>,
    meeting: Meeting,
    which: Which,
    typed: Typed,
) -> Result<Response, AppError> {
    let (hand, Meeting { id, address }) = (Hand::of(actor), meeting);
    let draft = make(app, hand, id, which).await?;
    let refused = match new_paper(&typed, draft.paper.subject) {
        Err(refused) => refused,
        Ok(new) => {
            let written = app
                .db
                .write(actor.author(), move |tx| match which {
                    Which::Report => reports::issue(tx, &hand, id, &new),
                    _ => notice::issue(tx, &hand, id, &new),
                })
                .await;
            match written {
                Ok(_) => {
                    let done = if which == Which::Report { "reported" } else { "announced" };
                    return Ok(self::done(cx, &at(&address, &format!("van-ban/{}", which.file())), done));
                }
                Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => {
                    return Err(error.into());
                }
                Err(error) => error.into(),
            }
        }
    };
    let made = make(app, hand, id, which).await?;
    Ok(page(cx, which, &made, Some(&typed), Some(&refused)))
}

/// `POST /giao-ban/{id}/bao-cao`: the report of the week takes its number and goes out, once.
pub(super) async fn issue_report(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
    meeting: Meeting,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    go_out(&app, &cx, &actor, meeting, Which::Report, Typed::from(pairs)).await
}

/// `POST /giao-ban/{id}/thong-bao`: the notice takes its number and goes out, once.
pub(super) async fn issue(
    actor: Actor<ManageBriefings>,
    cx: Cx,
    State(app): State<App>,
    meeting: Meeting,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    go_out(&app, &cx, &actor, meeting, Which::Notice, Typed::from(pairs)).await
}
