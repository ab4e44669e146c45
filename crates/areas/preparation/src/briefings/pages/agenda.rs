//! Items of the agenda: added, described, moved, gone to.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, Page, Path, page_with},
};

use super::{
    common::{self, Meeting, at, done, problem},
    draw,
    picture::Picture,
    show::load,
};
use crate::{
    briefings::{
        BriefingError, ContributeBriefings, Hand, agenda,
        model::{Item, ItemId, NewItem},
    },
    tasks::pages::task::form::Typed,
};

#[derive(Template)]
#[template(path = "briefings/pages/item.html")]
struct ItemForm<'a> {
    cx: &'a Cx,
    id: String,
    here: String,
    name: String,
    title: String,
    action: String,
    version: i64,
    fresh: bool,
    refusal: String,
    tasks: Vec<(String, String)>,
    task: String,
    task_words: String,
    item_title: String,
    err_title: String,
    offices: Vec<(String, String)>,
    presenter: String,
    minutes: String,
    notes: String,
}

fn page(
    cx: &Cx,
    picture: &Picture,
    item: Option<&Item>,
    typed: &Typed,
    refused: Option<&AppError>,
) -> Response {
    let (id, address) = (picture.briefing.id, &picture.briefing.address);
    let fields = refused.map(|error| error.fields().to_vec()).unwrap_or_default();
    let said = problem(cx, &fields, "title");
    let number = item.map(|item| item.position).unwrap_or_default();
    let title = match item {
        Some(_) => cx.t1("meet-item-edit-of", "number", number),
        None => cx.t("meet-item-new").into_owned(),
    };
    let taken: Vec<_> = picture.items.iter().filter_map(|item| item.task).collect();
    let none = (String::new(), cx.t("meet-no-task").into_owned());
    let task_words = item.and_then(|item| item.task).map(|task| {
        let view = draw::items(cx, picture)
            .into_iter()
            .find(|view| Some(view.id.clone()) == item.map(|one| one.id.to_string()));
        let code = picture.register.by_id(task).map(|task| task.fields.code.clone()).unwrap_or_default();
        format!("{code} {}", view.map(|view| view.title).unwrap_or_default())
    });
    let body = ItemForm {
        id: item.map_or_else(|| format!("{id}-moi"), |item| item.id.to_string()),
        here: at(address, ""),
        name: draw::name(cx, &picture.briefing),
        action: at(
            address,
            &format!("muc/{}", item.map_or_else(|| "moi".to_owned(), |item| item.id.to_string())),
        ),
        version: item.map(|item| item.version).unwrap_or_default(),
        fresh: item.is_none(),
        refusal: refused.filter(|_| said.is_empty()).map(|error| error.detail(cx.lang)).unwrap_or_default(),
        tasks: std::iter::once(none)
            .chain(
                picture
                    .register
                    .tasks
                    .iter()
                    .filter(|task| !taken.contains(&task.id) && picture.hand.audience.sees(task))
                    .map(|task| (task.id.to_string(), format!("{} {}", task.fields.code, task.fields.what))),
            )
            .collect(),
        task: typed.get("task").to_owned(),
        task_words: task_words.unwrap_or_default(),
        item_title: typed.get("title").to_owned(),
        err_title: said,
        offices: common::offices(cx, &picture.register.people),
        presenter: typed.get("presenter").to_owned(),
        minutes: typed.get("minutes").to_owned(),
        notes: typed.get("notes").to_owned(),
        title: title.clone(),
        cx,
    };
    let page = Page::new(title, body).style("briefings.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

fn new_item(typed: &Typed) -> NewItem {
    NewItem {
        task: typed.get("task").parse().ok(),
        title: typed.get("title").to_owned(),
        presenter_office: typed.get("presenter").parse().ok(),
        minutes: typed.get("minutes").parse().ok(),
        notes: typed.get("notes").replace("\r\n", "\n"),
    }
}

/// `GET /giao-ban/{id}/muc/moi`
pub(super) async fn new(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
) -> Result<Response, AppError> {
    let picture = load(&app, Hand::of(&actor), id).await?;
    Ok(page(&cx, &picture, None, &Typed::default(), None))
}

/// `POST /giao-ban/{id}/muc/moi`
pub(super) async fn add(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = Typed::from(pairs);
    let new = new_item(&typed);
    match app.db.write(actor.author(), move |tx| agenda::add(tx, &hand, id, &new)).await {
        Ok(_) => Ok(done(&cx, &at(&address, "#chuong-trinh"), "item")),
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => {
            let picture = load(&app, hand, id).await?;
            Ok(page(&cx, &picture, None, &typed, Some(&error.into())))
        }
    }
}

fn find(picture: &Picture, id: ItemId) -> Result<&Item, AppError> {
    picture.items.iter().find(|item| item.id == id).ok_or_else(|| BriefingError::NotFound.into())
}

/// `GET /giao-ban/{id}/muc/{item}`
pub(super) async fn edit(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, .. }: Meeting,
    Path((_, item)): Path<(String, ItemId)>,
) -> Result<Response, AppError> {
    let picture = load(&app, Hand::of(&actor), id).await?;
    let item = find(&picture, item)?;
    let mut typed = Typed::default();
    typed.set("title", item.title.clone());
    typed.set("presenter", item.presenter_office.map(|id| id.to_string()).unwrap_or_default());
    typed.set("minutes", item.minutes.map(|count| count.to_string()).unwrap_or_default());
    typed.set("notes", item.notes.clone());
    Ok(page(&cx, &picture, Some(item), &typed, None))
}

/// `POST /giao-ban/{id}/muc/{item}`
pub(super) async fn save(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Path((_, item)): Path<(String, ItemId)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let typed = Typed::from(pairs);
    let (new, version) = (new_item(&typed), typed.get("version").parse().unwrap_or(0));
    match app.db.write(actor.author(), move |tx| agenda::edit(tx, &hand, id, item, version, &new)).await {
        Ok(_) => Ok(done(&cx, &at(&address, "#chuong-trinh"), "item")),
        Err(error @ (BriefingError::NotFound | BriefingError::NotPermitted)) => Err(error.into()),
        Err(error) => {
            let picture = load(&app, hand, id).await?;
            let item = find(&picture, item)?;
            Ok(page(&cx, &picture, Some(item), &typed, Some(&error.into())))
        }
    }
}

/// `POST /giao-ban/{id}/muc/{item}/{act}`: `den` goes there, `len` and `xuong` move it, `bo` takes it off.
pub(super) async fn act(
    actor: Actor<ContributeBriefings>,
    cx: Cx,
    State(app): State<App>,
    Meeting { id, address }: Meeting,
    Path((_, item, act)): Path<(String, ItemId, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let hand = Hand::of(&actor);
    let version: i64 = Typed::from(pairs).get("version").parse().unwrap_or(0);
    let author = actor.author();
    let (written, to, words) = match act.as_str() {
        "den" => {
            let written = app.db.write(author, move |tx| agenda::go_to(tx, &hand, id, item)).await;
            (written, "bien-ban", "")
        }
        "len" | "xuong" => {
            let up = act == "len";
            let written = app
                .db
                .write(author, move |tx| {
                    let mut order: Vec<ItemId> = agenda::items(tx, id)?.iter().map(|one| one.id).collect();
                    let here = order.iter().position(|one| *one == item).ok_or(BriefingError::NotFound)?;
                    let there = if up { here.saturating_sub(1) } else { here + 1 };
                    if there < order.len() {
                        order.swap(here, there);
                    }
                    agenda::order(tx, &hand, id, &order)
                })
                .await;
            (written, "#chuong-trinh", "item")
        }
        "bo" => {
            let written = app.db.write(author, move |tx| agenda::remove(tx, &hand, id, item, version)).await;
            (written, "#chuong-trinh", "item-dropped")
        }
        _ => return Err(AppError::not_found()),
    };
    match written {
        Ok(()) => Ok(done(&cx, &at(&address, to), words)),
        Err(error) => Err(AppError::from(error).next(at(&address, ""), key("meet-back"))),
    }
}
