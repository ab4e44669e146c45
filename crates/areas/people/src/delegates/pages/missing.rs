//! What is missing for the credential report, and who lacks it.

use std::collections::HashMap;

use askama::Template;
use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    db::{DbError, Tx},
    identity::Actor,
    web::{AppError, Cx, LivePart, Made, Page, download, page},
};
use print::{Head, List, PressRoom, Printable};

use super::{PATH, names, place_words};
use crate::delegates::{
    ReadDelegates, TOPIC,
    gap::Gap,
    model::{DelegationId, Participant, Sight},
    query, sight,
};

struct Picture {
    summoned: usize,
    counts: Vec<(Gap, usize)>,
    lacking: Vec<(Participant, Vec<Gap>)>,
    delegations: HashMap<DelegationId, String>,
}

impl Picture {
    fn load(tx: &mut Tx<'_>, sight: Sight) -> Result<Self, DbError> {
        let gaps: Vec<Gap> =
            Gap::ALL.iter().copied().filter(|gap| sight.restricted || !gap.is_restricted()).collect();
        let privates = if sight.restricted { query::privates(tx)? } else { HashMap::new() };
        let mut summoned = 0;
        let mut lacking = Vec::new();
        for one in query::everybody(tx)?.into_iter().filter(Participant::is_summoned_delegate) {
            summoned += 1;
            let of_one: Vec<Gap> =
                gaps.iter().copied().filter(|gap| gap.is_in(&one, privates.get(&one.id))).collect();
            if !of_one.is_empty() {
                lacking.push((one, of_one));
            }
        }
        let counts = gaps
            .into_iter()
            .map(|gap| (gap, lacking.iter().filter(|(_, gaps)| gaps.contains(&gap)).count()))
            .collect();
        Ok(Self { summoned, counts, lacking, delegations: names(query::delegations(tx)?) })
    }
}

struct Line {
    href: String,
    words: String,
    count: usize,
    has: u32,
}

#[derive(Template)]
#[template(path = "delegates/pages/missing_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    lines: Vec<Line>,
    summoned: usize,
    whole: usize,
}

#[derive(Template)]
#[template(path = "delegates/pages/missing.html")]
struct Whole<'a> {
    cx: &'a Cx,
    restricted: bool,
    region: String,
}

fn draw(cx: &Cx, picture: &Picture) -> askama::Result<String> {
    let share = |has: usize| u32::try_from(has * 100 / picture.summoned.max(1)).unwrap_or(0);
    Part {
        lines: picture
            .counts
            .iter()
            .map(|(gap, count)| Line {
                href: format!("{PATH}?dien=dai_bieu&thieu={gap}"),
                words: cx.tp("delegates-field-", gap).into_owned(),
                count: *count,
                has: share(picture.summoned - count),
            })
            .collect(),
        summoned: picture.summoned,
        whole: picture.summoned - picture.lacking.len(),
        cx,
    }
    .render()
}

/// `GET /dai-bieu/thieu`
pub(super) async fn list(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let sight = sight(&actor);
    let picture = app.db.read(move |tx| Picture::load(tx, sight)).await?;
    let live = LivePart::of(&cx, sight.restricted);
    let body = draw(&live.cx(), &picture)?;
    let whole = Whole { cx: &cx, restricted: sight.restricted, region: live.region(body)? };
    let out = Page::new(cx.t("delegates-missing"), whole);
    Ok(page(&cx, out.style("people.css").script("js/list.js")))
}

/// `GET /song/dai-bieu/thieu`
pub(super) async fn stream(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let sight = sight(&actor);
    let owner = app.clone();
    LivePart::of(&cx, sight.restricted).stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| {
        let app = owner.clone();
        async move {
            let picture = app.db.read(move |tx| Picture::load(tx, sight)).await?;
            Ok(draw(&cx, &picture)?)
        }
    })
}

async fn list_out(app: &App, cx: &Cx, sight: Sight) -> Result<List, AppError> {
    let picture = app.db.read(move |tx| Picture::load(tx, sight)).await?;
    let rows = picture
        .lacking
        .iter()
        .enumerate()
        .map(|(at, (one, gaps))| {
            let lacking: Vec<String> =
                gaps.iter().map(|gap| cx.tp("delegates-field-", gap).into_owned()).collect();
            let delegation = one.profile.delegation.and_then(|id| picture.delegations.get(&id)).cloned();
            vec![
                (at + 1).to_string(),
                one.code.clone(),
                one.profile.name.clone(),
                delegation.unwrap_or_default(),
                place_words(cx, one),
                lacking.join(", "),
            ]
        })
        .collect();
    let whole = picture.summoned - picture.lacking.len();
    Ok(List {
        name: format!("dai-bieu-thieu-thong-tin-{}", cx.now.date()),
        title: cx.t("delegates-missing").into_owned(),
        lines: vec![cx.congress().name.clone()],
        as_of: cx.as_of(),
        heads: vec![
            Head::centred(cx.t("delegates-col-no"), 5),
            Head::new(cx.t("delegates-sort-ma"), 9),
            Head::new(cx.t("delegates-field-name"), 20),
            Head::new(cx.t("delegates-field-delegation"), 20),
            Head::new(cx.t("delegates-field-group_no"), 12),
            Head::new(cx.t("delegates-missing-what"), 34),
        ],
        rows,
        legend: vec![cx.t2("delegates-missing-whole", "whole", whole, "all", picture.summoned)],
    })
}

/// `GET /dai-bieu/thieu/xuat.xlsx`
pub(super) async fn xlsx(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx, sight(&actor)).await?;
    let name = list.name.clone();
    let bytes = tokio::task::spawn_blocking(move || list.xlsx()).await.map_err(AppError::internal)?;
    Ok(download(bytes.map_err(AppError::internal)?, Made::Xlsx, &name))
}

/// `GET /dai-bieu/thieu/xuat.pdf`
pub(super) async fn pdf(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    let list = list_out(&app, &cx, sight(&actor)).await?;
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}
