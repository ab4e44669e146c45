//! Everybody on the roll.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use platform::{
    app::App,
    db::{DbError, Tx},
    identity::Actor,
    names,
    web::{AppError, Choice, Cx, Layout, LivePart, Made, Page, PrintSize, download, page},
};
use print::{Head, List, PressRoom, Printable};
use rules::{roll::sort_key, text::fold};

use super::{StatusView, choices, group_words, manages, names, photo_href, place_words};
use crate::delegates::{
    ReadDelegates, TOPIC,
    gap::Gap,
    model::{Category, Delegation, DelegationId, Group, Organ, Participant, Sight, Standing, Status},
    query, sight, twins,
};

/// Rows of a page.
const ROWS: usize = 100;

names! {
    /// What the list is sorted by.
    Sort {
        /// Name: the given name first, as lists of names are.
        Name = "ten",
        /// Code.
        Code = "ma",
        /// Delegation.
        Delegation = "don-vi",
        /// Group, its head first.
        Group = "to",
        /// Status.
        Status = "tinh-trang",
    }
}

/// What the address asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Address {
    filter: query::Filter,
    gap: Option<Gap>,
    sort: Option<(Sort, bool)>,
    page: usize,
}

impl Address {
    pub(crate) fn of(cx: &Cx, sight: Sight) -> Self {
        let flag = |name: &str| match cx.param(name).as_str() {
            "co" => Some(true),
            "khong" => Some(false),
            _ => None,
        };
        let sort = cx.param("sap-xep");
        Self {
            filter: query::Filter {
                words: cx.param("q"),
                category: cx.param("dien").parse().ok(),
                group: cx.param("to").parse().ok(),
                delegation: cx.param("don-vi").parse().ok(),
                standing: cx.param("loai").parse().ok(),
                alternate: flag("du-khuyet"),
                organ: cx.param("co-quan").parse().ok(),
                status: cx.param("tinh-trang").parse().ok(),
                photo: flag("anh"),
                answered: flag("tra-loi"),
            },
            gap: cx.param("thieu").parse().ok().filter(|gap: &Gap| !gap.is_restricted() || sight.restricted),
            sort: sort
                .strip_prefix('-')
                .map(|sort| (sort, true))
                .or(Some((sort.as_str(), false)))
                .and_then(|(sort, back)| Some((sort.parse().ok()?, back))),
            page: cx.param("trang").parse().unwrap_or(1).max(1),
        }
    }

    fn narrows(&self) -> bool {
        self.filter != query::Filter::default() || self.gap.is_some()
    }
}

/// Everything that the list is drawn from.
pub(super) struct Picture {
    found: Vec<Participant>,
    /// How many there are of each category under the rest of the filter.
    tabs: Vec<(Category, usize)>,
    all: usize,
    delegations: HashMap<DelegationId, String>,
}

impl Picture {
    pub(super) fn load(tx: &mut Tx<'_>, address: &Address) -> Result<Self, DbError> {
        let everybody = query::everybody(tx)?;
        let all = everybody.len();
        let delegations = names(query::delegations(tx)?);
        let privates = match address.gap {
            Some(gap) if gap.is_restricted() => query::privates(tx)?,
            _ => HashMap::new(),
        };
        let any = query::Filter { category: None, ..address.filter.clone() };
        let mut found: Vec<Participant> = everybody
            .into_iter()
            .filter(|one| {
                any.picks(one)
                    && address
                        .gap
                        .is_none_or(|gap| one.is_summoned_delegate() && gap.is_in(one, privates.get(&one.id)))
            })
            .collect();
        let tabs = Category::ALL
            .iter()
            .map(|category| (*category, found.iter().filter(|one| one.category() == *category).count()))
            .collect();
        found.retain(|one| address.filter.category.is_none_or(|wanted| one.category() == wanted));
        if let Some((sort, back)) = address.sort {
            arrange(&mut found, sort, &delegations);
            if back {
                found.reverse();
            }
        }
        Ok(Self { found, tabs, all, delegations })
    }

    fn delegation(&self, one: &Participant) -> String {
        one.profile.delegation.and_then(|id| self.delegations.get(&id)).cloned().unwrap_or_default()
    }
}

/// The people of the list that an address asks for, in its order.
///
/// # Errors
/// Any [`DbError`].
pub(crate) fn picked(tx: &mut Tx<'_>, address: &Address) -> Result<Vec<Participant>, DbError> {
    Ok(Picture::load(tx, address)?.found)
}

fn arrange(found: &mut [Participant], sort: Sort, delegations: &HashMap<DelegationId, String>) {
    match sort {
        Sort::Name => found.sort_by_cached_key(|one| sort_key(&one.profile.name)),
        // Delegates first, then the others in the order of the tabs.
        Sort::Code => found.sort_by(|a, b| (a.category(), &a.code).cmp(&(b.category(), &b.code))),
        Sort::Delegation => found.sort_by_cached_key(|one| {
            let name = one.profile.delegation.and_then(|id| delegations.get(&id));
            // Who has none comes last.
            (name.is_none(), name.map(|name| fold(name)), sort_key(&one.profile.name))
        }),
        Sort::Group => found.sort_by_cached_key(|one| {
            (one.profile.group_no.unwrap_or(u16::MAX), one.profile.group_role, sort_key(&one.profile.name))
        }),
        Sort::Status => found.sort_by_key(|one| one.status),
    }
}

struct Line {
    href: String,
    code: String,
    name: String,
    position: String,
    delegation: String,
    photo: String,
    category: String,
    standing: String,
    alternate: bool,
    place: String,
    organ: String,
    status: StatusView,
    version: i64,
}

impl Line {
    fn of(cx: &Cx, picture: &Picture, one: &Participant) -> Self {
        let profile = &one.profile;
        Self {
            href: one.href(),
            code: one.code.clone(),
            name: profile.name.clone(),
            position: profile.position.clone(),
            delegation: picture.delegation(one),
            photo: photo_href(one, true),
            category: cx.tp("delegates-category-", one.category()).into_owned(),
            standing: profile
                .standing
                .map(|standing| cx.tp("delegates-standing-", standing).into_owned())
                .unwrap_or_default(),
            alternate: profile.alternate,
            place: place_words(cx, one),
            organ: profile
                .organ
                .map(|organ| cx.tp("delegates-organ-", organ).into_owned())
                .unwrap_or_default(),
            status: StatusView::of(cx, one.status),
            version: one.version,
        }
    }
}

struct Tab {
    href: String,
    words: String,
    count: usize,
    on: bool,
}

struct Column {
    words: String,
    href: String,
    sorted: &'static str,
    class: &'static str,
}

fn columns(cx: &Cx, address: &Address) -> Vec<Column> {
    [
        (Some(Sort::Code), "code"),
        (Some(Sort::Name), ""),
        (None, "p3"),
        (Some(Sort::Delegation), "p2"),
        (Some(Sort::Group), ""),
        (Some(Sort::Status), ""),
    ]
    .into_iter()
    .map(|(sort, class)| {
        let Some(sort) = sort else {
            let words = cx.t("delegates-col-kind").into_owned();
            return Column { words, href: String::new(), sorted: "", class };
        };
        let now = address.sort.filter(|(by, _)| *by == sort);
        let mark = if matches!(now, Some((_, false))) { "-" } else { "" };
        Column {
            words: cx.tp("delegates-sort-", sort).into_owned(),
            href: cx.with("sap-xep", format_args!("{mark}{sort}")),
            sorted: match now {
                Some((_, false)) => "ascending",
                Some((_, true)) => "descending",
                None => "",
            },
            class,
        }
    })
    .collect()
}

#[derive(Template)]
#[template(path = "delegates/pages/list_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    lines: Vec<Line>,
    tabs: Vec<Tab>,
    columns: Vec<Column>,
    shown: String,
    gap: String,
    files: String,
    nothing: bool,
    manages: bool,
    number: usize,
    pages: usize,
}

fn draw(cx: &Cx, picture: &Picture, address: &Address, manages: bool) -> askama::Result<String> {
    let pages = picture.found.len().div_ceil(ROWS).max(1);
    let number = address.page.min(pages);
    let chosen = address.filter.category;
    let everybody = picture.tabs.iter().map(|(_, count)| count).sum();
    let mut tabs = vec![Tab {
        href: cx.with("dien", ""),
        words: cx.t("delegates-everybody").into_owned(),
        count: everybody,
        on: chosen.is_none(),
    }];
    tabs.extend(picture.tabs.iter().map(|(category, count)| Tab {
        href: cx.with("dien", category),
        words: cx.tp("delegates-category-", category).into_owned(),
        count: *count,
        on: chosen == Some(*category),
    }));
    Part {
        lines: picture
            .found
            .iter()
            .skip((number - 1) * ROWS)
            .take(ROWS)
            .map(|one| Line::of(cx, picture, one))
            .collect(),
        tabs,
        columns: columns(cx, address),
        shown: cx.t2("delegates-shown", "count", picture.found.len(), "all", picture.all),
        gap: gap_words(cx, address),
        files: if cx.query.is_empty() { String::new() } else { format!("?{}", cx.query) },
        nothing: picture.all == 0,
        manages,
        number,
        pages,
        cx,
    }
    .render()
}

fn gap_words(cx: &Cx, address: &Address) -> String {
    address
        .gap
        .map(|gap| cx.t1("delegates-lacking", "field", cx.tp("delegates-field-", gap)))
        .unwrap_or_default()
}

#[derive(Template)]
#[template(path = "delegates/pages/list.html")]
struct Whole<'a> {
    cx: &'a Cx,
    notice: String,
    q: String,
    category: String,
    gap: String,
    sort: String,
    groups: Vec<Choice>,
    group_choices: Vec<(String, String)>,
    delegations: Vec<Choice>,
    standings: Vec<Choice>,
    alternates: Vec<Choice>,
    organs: Vec<Choice>,
    statuses: Vec<Choice>,
    photos: Vec<Choice>,
    answers: Vec<Choice>,
    status_choices: Vec<(String, String)>,
    narrows: bool,
    more: bool,
    manages: bool,
    /// Pairs who could be one, for those who may decide about them.
    twins: usize,
    region: String,
}

const NOTICES: &[&str] = &["entered", "grouped", "statused"];

fn notice(cx: &Cx) -> String {
    let asked = cx.param("xong");
    if NOTICES.contains(&asked.as_str()) {
        let count: i64 = cx.param("so").parse().unwrap_or(1);
        let key = format!("delegates-done-{asked}");
        cx.tn(&key, count)
    } else {
        String::new()
    }
}

fn live(cx: &Cx, sight: Sight, manages: bool) -> LivePart {
    // Portraits and rows are the same for all readers; what is lacking in restricted columns is not.
    LivePart::of(cx, format_args!("{manages}{}", sight.restricted))
}

/// The choices of yes and no.
fn yes_no(cx: &Cx, yes: &str, no: &str, on: Option<bool>) -> Vec<Choice> {
    vec![Choice::new("co", cx.t(yes), on == Some(true)), Choice::new("khong", cx.t(no), on == Some(false))]
}

/// `GET /dai-bieu`
pub(super) async fn list(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (sight, manages) = (sight(&actor), manages(&actor));
    let address = Address::of(&cx, sight);
    let asked = address.clone();
    let (picture, groups, delegations, twins) = app
        .db
        .read(move |tx| {
            Ok::<(Picture, Vec<Group>, Vec<Delegation>, usize), DbError>((
                Picture::load(tx, &asked)?,
                query::groups(tx)?,
                query::delegations(tx)?,
                if manages { twins::open(tx)?.len() } else { 0 },
            ))
        })
        .await?;
    let live = live(&cx, sight, manages);
    let body = draw(&live.cx(), &picture, &address, manages)?;
    let filter = &address.filter;
    let group_choices: Vec<(String, String)> =
        groups.iter().map(|group| (group.no.to_string(), group_words(&cx, group))).collect();
    let without = Choice::new("0", cx.t("delegates-group-none"), filter.group == Some(0));
    let whole = Whole {
        notice: notice(&cx),
        q: filter.words.clone(),
        category: filter.category.map(|one| one.to_string()).unwrap_or_default(),
        gap: address.gap.map(|gap| gap.to_string()).unwrap_or_default(),
        sort: cx.param("sap-xep"),
        groups: group_choices
            .iter()
            .map(|(no, words)| Choice::new(no, words, filter.group.is_some_and(|on| on.to_string() == *no)))
            .chain([without])
            .collect(),
        group_choices,
        delegations: delegations
            .into_iter()
            .map(|one| Choice::new(one.id.to_string(), one.name, filter.delegation == Some(one.id)))
            .collect(),
        standings: choices(&cx, Standing::ALL, "delegates-standing-", filter.standing.as_ref()),
        alternates: yes_no(&cx, "delegates-alternate", "delegates-not-alternate", filter.alternate),
        organs: choices(&cx, Organ::ALL, "delegates-organ-", filter.organ.as_ref()),
        statuses: choices(&cx, Status::ALL, "delegates-status-", filter.status.as_ref()),
        photos: yes_no(&cx, "delegates-photo-has", "delegates-photo-lacks", filter.photo),
        answers: yes_no(&cx, "delegates-answered", "delegates-not-answered", filter.answered),
        twins,
        status_choices: super::person::statuses(&cx),
        narrows: address.narrows(),
        more: filter.standing.is_some()
            || filter.alternate.is_some()
            || filter.organ.is_some()
            || filter.photo.is_some()
            || filter.answered.is_some(),
        manages,
        region: live.region(body)?,
        cx: &cx,
    };
    let out = Page::new(cx.t("delegates-title"), whole).layout(Layout::Wide).print(PrintSize::A4Landscape);
    Ok(page(&cx, out.style("people.css").script("js/list.js")))
}

/// `GET /song/dai-bieu`
pub(super) async fn stream(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let (sight, manages) = (sight(&actor), manages(&actor));
    let address = Address::of(&cx, sight);
    let owner = app.clone();
    live(&cx, sight, manages).stream(&app, &actor, &cx, &headers, [TOPIC], move |cx| {
        let (app, address) = (owner.clone(), address.clone());
        async move {
            let asked = address.clone();
            let picture = app.db.read(move |tx| Picture::load(tx, &asked)).await?;
            Ok(draw(&cx, &picture, &address, manages)?)
        }
    })
}

/// `GET /dai-bieu/danh-sach.pdf`: the list as it is filtered, or those that were marked (`ma`).
pub(super) async fn pdf(
    actor: Actor<ReadDelegates>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let address = Address::of(&cx, sight(&actor));
    let lacking = gap_words(&cx, &address);
    let marked: HashSet<String> =
        pairs.into_iter().filter(|(name, _)| name == "ma").map(|(_, code)| code).collect();
    let mut picture = app.db.read(move |tx| Picture::load(tx, &address)).await?;
    if !marked.is_empty() {
        picture.found.retain(|one| marked.contains(&one.code));
    }
    let list = list_out(&cx, &picture, lacking);
    let bytes = press.pdf(Printable::Listing(list.listing())).await.map_err(AppError::internal)?;
    Ok(download(bytes, Made::Pdf, &list.name))
}

/// The list as it goes out. It has no restricted column, whoever asks.
pub(in crate::delegates) fn list_out(cx: &Cx, picture: &Picture, lacking: String) -> List {
    let rows = picture
        .found
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let line = Line::of(cx, picture, one);
            vec![
                (at + 1).to_string(),
                line.code,
                line.name,
                one.profile.born.map(|born| cx.date(&born)).unwrap_or_default(),
                line.position,
                line.delegation,
                if line.standing.is_empty() { line.category } else { line.standing },
                line.place,
                line.status.words,
            ]
        })
        .collect();
    List {
        name: format!("danh-sach-{}", cx.now.date()),
        title: cx.t("delegates-title").into_owned(),
        lines: [cx.congress().name.clone(), lacking].into_iter().filter(|line| !line.is_empty()).collect(),
        as_of: cx.as_of(),
        heads: vec![
            Head::centred(cx.t("delegates-col-no"), 4),
            Head::new(cx.t("delegates-sort-ma"), 8),
            Head::new(cx.t("delegates-field-name"), 17),
            Head::centred(cx.t("delegates-field-born"), 9),
            Head::new(cx.t("delegates-field-position"), 19),
            Head::new(cx.t("delegates-field-delegation"), 16),
            Head::new(cx.t("delegates-col-kind"), 10),
            Head::new(cx.t("delegates-field-group_no"), 9),
            Head::new(cx.t("delegates-sort-tinh-trang"), 9),
        ],
        rows,
        legend: vec![cx.t2("delegates-shown", "count", picture.found.len(), "all", picture.all)],
    }
}
