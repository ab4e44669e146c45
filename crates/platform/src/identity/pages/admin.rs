//! Administration: units, offices, people, grants, who can see what.

use axum::{extract::State, response::Response};
use jiff::Timestamp;

use super::{
    Typed,
    account::heads,
    field_error, level_words, moment, qr, right_words, to, until,
    view::{Button, Cell, Fields, Notice, Section, Shown, Table, View},
};
use crate::{
    app::App,
    db::DbError,
    i18n::key,
    identity::{
        Actor, AdminIdentity, AssignmentId, Confidentiality, Error, GrantId, OfficeId, PersonId, Right,
        SeeIdentity, UnitId, session,
        store::{self, Holder, LinkFor, NewGrant, NewUnit, Office, Unit},
    },
    web::{AppError, Cx, Path},
};

type Wrong = Option<(&'static str, &'static str)>;

/// How many people a page lists.
const PEOPLE: u32 = 100;

fn view(cx: &Cx, title: &'static str, intro: &'static str, here: &'static str) -> View {
    let tabs = [
        ("/quan-tri/don-vi", key("identity-units")),
        ("/quan-tri/chuc-danh", key("identity-offices")),
        ("/quan-tri/nguoi", key("identity-people")),
        ("/quan-tri/quyen", key("identity-grants")),
        ("/quan-tri/ai-thay", key("identity-who-sees")),
        ("/nhat-ky", key("identity-log")),
    ];
    View {
        title: cx.t(title).into_owned(),
        intro: cx.t(intro).into_owned(),
        tabs_label: cx.t("identity-admin").into_owned(),
        tabs: tabs.into_iter().map(|(href, words)| (href, cx.t(words).into_owned(), href == here)).collect(),
        ..View::default()
    }
}

fn none(cx: &Cx, words: &'static str) -> (String, String) {
    (String::new(), cx.t(words).into_owned())
}

fn unit_options(cx: &Cx, units: &[Unit]) -> Vec<(String, String)> {
    let all = units.iter().map(|unit| (unit.id.to_string(), unit.name.clone()));
    std::iter::once(none(cx, key("identity-none"))).chain(all).collect()
}

fn office_options(cx: &Cx, offices: &[Office]) -> Vec<(String, String)> {
    let all =
        offices.iter().map(|office| (office.id.to_string(), format!("{} – {}", office.title, office.unit)));
    std::iter::once(none(cx, key("identity-choose"))).chain(all).collect()
}

pub(super) async fn home(_: Actor<SeeIdentity>) -> Response {
    to("/quan-tri/don-vi")
}

// ---- units

async fn units_view(app: &App, cx: &Cx, typed: &Typed, wrong: Wrong) -> Result<Response, AppError> {
    let units = app.db.read(store::units).await.map_err(|error: DbError| AppError::from(error))?;
    let name_of = |id: Option<UnitId>| {
        units.iter().find(|unit| Some(unit.id) == id).map(|unit| unit.short.clone()).unwrap_or_default()
    };
    let rows = units
        .iter()
        .map(|unit| {
            vec![
                Cell::link(&unit.name, format!("/quan-tri/don-vi/{}", unit.id)),
                Cell::text(&unit.short),
                Cell::text(name_of(unit.parent_id)),
                Cell::text(&unit.symbol),
            ]
        })
        .collect();
    let mut view = view(cx, key("identity-units"), key("identity-units-text"), "/quan-tri/don-vi");
    view.sections.push(Section {
        title: cx.t("identity-units").into_owned(),
        table: Some(Table {
            head: heads(
                cx,
                &[
                    key("identity-unit"),
                    key("identity-short"),
                    key("identity-parent"),
                    key("identity-symbol"),
                ],
            ),
            rows,
            empty: cx.t("identity-units-none").into_owned(),
            more: String::new(),
        }),
        ..Section::default()
    });
    view.sections.push(Section {
        title: cx.t("identity-unit-make").into_owned(),
        form: Some(
            unit_fields(cx, typed, wrong, &units).post("/quan-tri/don-vi", cx.t("identity-unit-make")),
        ),
        ..Section::default()
    });
    view.wrong = wrong.is_some();
    Ok(view.show(cx, None))
}

fn unit_fields<'a>(cx: &'a Cx, typed: &'a Typed, wrong: Wrong, units: &[Unit]) -> Fields<'a> {
    Fields::new(cx, typed, wrong)
        .input("text", "name", cx.t("identity-unit-name"), "".into(), "required maxlength=300")
        .input("text", "short", cx.t("identity-short"), "".into(), "required maxlength=80")
        .input("text", "kind", cx.t("identity-unit-kind"), cx.t("identity-unit-kind-help"), "maxlength=40")
        .select("parent_id", cx.t("identity-parent"), unit_options(cx, units), "".into())
        .input("area", "header_lines", cx.t("identity-header-lines"), cx.t("identity-header-lines-help"), "")
        .input("text", "symbol", cx.t("identity-symbol"), cx.t("identity-symbol-help"), "maxlength=40")
        .input("number", "position", cx.t("identity-position"), "".into(), "min=0 max=9999")
}

const UNIT_FIELDS: &[&str] = &["name", "short", "kind", "parent_id", "header_lines", "symbol", "position"];

fn new_unit(typed: &Typed) -> Result<NewUnit, Error> {
    let position = typed.get("position").trim();
    Ok(NewUnit {
        name: typed.get("name").to_owned(),
        short: typed.get("short").to_owned(),
        kind: typed.get("kind").to_owned(),
        parent_id: typed.optional_id("parent_id")?,
        header_lines: typed.get("header_lines").lines().map(str::to_owned).collect(),
        symbol: typed.get("symbol").to_owned(),
        position: if position.is_empty() {
            0
        } else {
            position.parse().map_err(|_| Error::field("position", key("identity-error-number")))?
        },
    })
}

pub(super) async fn units(
    _: Actor<SeeIdentity>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    units_view(&app, &cx, &Typed::default(), None).await
}

pub(super) async fn make_unit(
    actor: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(UNIT_FIELDS)?;
    let made = async {
        let new = new_unit(&typed)?;
        app.db.write(actor.author(), move |tx| store::create_unit(tx, &new)).await
    };
    match made.await {
        Ok(_) => Ok(to("/quan-tri/don-vi")),
        Err(error) => units_view(&app, &cx, &typed, Some(field_error(error)?)).await,
    }
}

async fn unit_view(
    app: &App,
    cx: &Cx,
    id: UnitId,
    typed: Option<&Typed>,
    wrong: Wrong,
) -> Result<Response, AppError> {
    let units = app.db.read(store::units).await.map_err(|error: DbError| AppError::from(error))?;
    let Some(unit) = units.iter().find(|unit| unit.id == id) else { return Err(AppError::not_found()) };
    let lines: Vec<&str> =
        unit.header_lines.as_array().into_iter().flatten().filter_map(|line| line.as_str()).collect();
    let stored = Typed(
        [
            ("name", unit.name.clone()),
            ("short", unit.short.clone()),
            ("kind", unit.kind.clone()),
            ("parent_id", unit.parent_id.map(|id| id.to_string()).unwrap_or_default()),
            ("header_lines", lines.join("\n")),
            ("symbol", unit.symbol.clone()),
            ("position", unit.position.to_string()),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect(),
    );
    let mut view = view(cx, key("identity-unit"), key("identity-units-text"), "/quan-tri/don-vi");
    view.title.clone_from(&unit.name);
    let fields = unit_fields(cx, typed.unwrap_or(&stored), wrong, &units);
    view.sections.push(Section {
        title: cx.t("identity-change").into_owned(),
        form: Some(fields.post(format!("/quan-tri/don-vi/{id}"), cx.t("shell-save"))),
        ..Section::default()
    });
    view.wrong = wrong.is_some();
    Ok(view.show(cx, None))
}

pub(super) async fn unit(
    _: Actor<SeeIdentity>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<UnitId>,
) -> Result<Response, AppError> {
    unit_view(&app, &cx, id, None, None).await
}

pub(super) async fn change_unit(
    actor: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<UnitId>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(UNIT_FIELDS)?;
    let changed = async {
        let new = new_unit(&typed)?;
        app.db.write(actor.author(), move |tx| store::change_unit(tx, id, &new)).await
    };
    match changed.await {
        Ok(()) => Ok(to("/quan-tri/don-vi")),
        Err(error) => unit_view(&app, &cx, id, Some(&typed), Some(field_error(error)?)).await,
    }
}

// ---- offices

async fn offices_view(app: &App, cx: &Cx, typed: &Typed, wrong: Wrong) -> Result<Response, AppError> {
    let (offices, units) =
        app.db.read(|tx| Ok::<_, DbError>((store::offices(tx)?, store::units(tx)?))).await?;
    let rows =
        offices.iter().map(|office| vec![Cell::text(&office.title), Cell::text(&office.unit)]).collect();
    let mut view = view(cx, key("identity-offices"), key("identity-offices-text"), "/quan-tri/chuc-danh");
    view.sections.push(Section {
        title: cx.t("identity-offices").into_owned(),
        table: Some(Table {
            head: heads(cx, &[key("identity-office"), key("identity-unit")]),
            rows,
            empty: cx.t("identity-offices-none").into_owned(),
            more: String::new(),
        }),
        ..Section::default()
    });
    let form = Fields::new(cx, typed, wrong)
        .input(
            "text",
            "title",
            cx.t("identity-office"),
            cx.t("identity-office-help"),
            "required maxlength=200",
        )
        .select("unit_id", cx.t("identity-unit"), unit_options(cx, &units), "".into())
        .post("/quan-tri/chuc-danh", cx.t("identity-office-make"));
    view.sections.push(Section {
        title: cx.t("identity-office-make").into_owned(),
        form: Some(form),
        ..Section::default()
    });
    view.wrong = wrong.is_some();
    Ok(view.show(cx, None))
}

pub(super) async fn offices(
    _: Actor<SeeIdentity>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    offices_view(&app, &cx, &Typed::default(), None).await
}

pub(super) async fn make_office(
    actor: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["title", "unit_id"])?;
    let made = async {
        let unit: UnitId = typed.id("unit_id")?;
        let title = typed.get("title").to_owned();
        app.db.write(actor.author(), move |tx| store::create_office(tx, unit, &title, 0)).await
    };
    match made.await {
        Ok(_) => Ok(to("/quan-tri/chuc-danh")),
        Err(error) => offices_view(&app, &cx, &typed, Some(field_error(error)?)).await,
    }
}

// ---- people

async fn people_view(app: &App, cx: &Cx, typed: &Typed, wrong: Wrong) -> Result<Response, AppError> {
    let search = Some(cx.param("tim")).filter(|text| !text.trim().is_empty());
    let after = Some(cx.param("sau")).filter(|text| !text.is_empty());
    let people = app
        .db
        .read(move |tx| store::people(tx, search.as_deref(), after.as_deref(), PEOPLE + 1))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    let shown = usize::try_from(PEOPLE).unwrap_or(usize::MAX);
    let more = if people.len() > shown {
        people.get(shown - 1).map(|last| cx.with("sau", &last.login)).unwrap_or_default()
    } else {
        String::new()
    };
    let rows = people
        .iter()
        .take(shown)
        .map(|person| {
            vec![
                Cell::link(&person.display_name, format!("/quan-tri/nguoi/{}", person.id)),
                Cell::text(&person.login),
                Cell::text(ways_in(cx, person)),
            ]
        })
        .collect();
    let mut view = view(cx, key("identity-people"), key("identity-people-text"), "/quan-tri/nguoi");
    let typed_search = Typed([("tim".to_owned(), cx.param("tim"))].into_iter().collect());
    let search = Fields::new(cx, &typed_search, None)
        .input("search", "tim", cx.t("shell-search"), "".into(), "data-search autocomplete=off")
        .get("/quan-tri/nguoi", cx.t("shell-search"));
    view.sections.push(Section { form: Some(search), ..Section::default() });
    view.sections.push(Section {
        title: cx.t("identity-people").into_owned(),
        table: Some(Table {
            head: heads(cx, &[key("identity-person"), key("identity-login"), key("identity-state")]),
            rows,
            empty: cx.t("identity-people-none").into_owned(),
            more,
        }),
        ..Section::default()
    });
    let form = Fields::new(cx, typed, wrong)
        .input(
            "text",
            "login",
            cx.t("identity-login"),
            cx.t("identity-login-help"),
            "required maxlength=80 autocapitalize=none spellcheck=false",
        )
        .input(
            "text",
            "display_name",
            cx.t("identity-person-name"),
            cx.t("identity-person-name-help"),
            "required maxlength=120",
        )
        .post("/quan-tri/nguoi", cx.t("identity-person-make"));
    view.sections.push(Section {
        title: cx.t("identity-person-make").into_owned(),
        form: Some(form),
        ..Section::default()
    });
    view.wrong = wrong.is_some();
    Ok(view.show(cx, None))
}

fn ways_in(cx: &Cx, person: &store::Person) -> String {
    if person.disabled_at.is_some() {
        cx.t("identity-person-disabled").into_owned()
    } else if person.passkeys > 0 {
        cx.tn("identity-person-passkeys", person.passkeys)
    } else if person.has_password {
        cx.t("identity-password-is-set").into_owned()
    } else {
        cx.t("identity-person-code-only").into_owned()
    }
}

pub(super) async fn people(
    _: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    people_view(&app, &cx, &Typed::default(), None).await
}

pub(super) async fn make_person(
    actor: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["login", "display_name"])?;
    let (login, name) = (typed.get("login").to_owned(), typed.get("display_name").to_owned());
    match app.db.write(actor.author(), move |tx| store::create_person(tx, &login, &name)).await {
        Ok(id) => Ok(to(&format!("/quan-tri/nguoi/{id}"))),
        Err(error) => people_view(&app, &cx, &typed, Some(field_error(error)?)).await,
    }
}

async fn person_view(
    app: &App,
    cx: &Cx,
    id: PersonId,
    typed: &Typed,
    wrong: Wrong,
    shown: Option<Shown>,
) -> Result<Response, AppError> {
    let (person, assignments, offices, held, sessions) = app
        .db
        .read(move |tx| {
            Ok::<_, DbError>((
                store::person(tx, id)?,
                store::assignments(tx, Some(id))?,
                store::offices(tx)?,
                store::offices_of(tx, id)?,
                session::of_person(tx, id)?,
            ))
        })
        .await?;
    let Some(person) = person else { return Err(AppError::not_found()) };
    let now = app.db.clock().now();
    let mut view = view(cx, key("identity-person"), key("identity-people-text"), "/quan-tri/nguoi");
    view.title.clone_from(&person.display_name);
    view.intro.clone_from(&person.login);
    if person.disabled_at.is_some() {
        view.notices.push(Notice {
            tone: "orange",
            icon: "ban",
            text: cx.t("identity-person-disabled").into_owned(),
        });
    }
    let rows = assignments
        .iter()
        .map(|row| {
            let current = row.to_at.is_none_or(|end| end > now);
            let mut cell = Cell::default();
            if current {
                cell.buttons.push(
                    Button::new(
                        format!("/quan-tri/nguoi/{id}/chuc-danh/{}/thoi", row.id),
                        cx.t("identity-assignment-end"),
                    )
                    .danger(cx.t1(
                        "identity-assignment-end-confirm",
                        "office",
                        &row.office,
                    )),
                );
            }
            vec![
                Cell::text(&row.office),
                Cell::text(moment(cx, row.from_at)),
                Cell::text(until(cx, row.to_at)),
                cell,
            ]
        })
        .collect();
    let assign = Fields::new(cx, typed, wrong)
        .select("office", cx.t("identity-office"), office_options(cx, &offices), "".into())
        .input("date", "from", cx.t("identity-from"), cx.t("identity-from-help"), "")
        .input("date", "to", cx.t("identity-until"), cx.t("identity-until-help"), "")
        .post(format!("/quan-tri/nguoi/{id}/chuc-danh"), cx.t("identity-assign"));
    let mut code = Section {
        title: cx.t("identity-codes").into_owned(),
        text: cx.tn("identity-codes-text", app.identity.settings.desk_link.as_secs()),
        shown,
        ..Section::default()
    };
    for office in &held {
        let desk = Button::new(
            format!("/quan-tri/nguoi/{id}/ma"),
            cx.t1("identity-code-desk", "office", &office.title),
        );
        code.buttons.push(desk.hidden("office", office.id.to_string()).hidden("for", "desk"));
        let printed = Button::new(
            format!("/quan-tri/nguoi/{id}/ma"),
            cx.t1("identity-code-printed", "office", &office.title),
        );
        code.buttons.push(printed.hidden("office", office.id.to_string()).hidden("for", "printed"));
    }
    let end = if person.disabled_at.is_some() {
        Button::new(format!("/quan-tri/nguoi/{id}/mo-tai-khoan"), cx.t("identity-person-enable"))
    } else {
        Button::new(format!("/quan-tri/nguoi/{id}/khoa-tai-khoan"), cx.t("identity-person-disable"))
            .danger(cx.tn("identity-person-disable-confirm", sessions.len()))
    };
    let kick = Button::new(format!("/quan-tri/nguoi/{id}/ket-thuc-phien"), cx.t("identity-sessions-end-all"))
        .danger(cx.t("identity-sessions-end-confirm"));
    view.sections.push(code);
    view.sections.push(Section {
        title: cx.t("identity-assignments").into_owned(),
        table: Some(Table {
            head: heads(
                cx,
                &[key("identity-office"), key("identity-from"), key("identity-until"), key("identity-do")],
            ),
            rows,
            empty: cx.t("identity-assignments-none").into_owned(),
            more: String::new(),
        }),
        form: Some(assign),
        ..Section::default()
    });
    view.sections.push(Section {
        title: cx.t("identity-state").into_owned(),
        facts: vec![
            (cx.t("identity-sign-in").into_owned(), ways_in(cx, &person)),
            (cx.t("identity-sessions").into_owned(), cx.int(sessions.len())),
        ],
        buttons: vec![kick, end],
        ..Section::default()
    });
    view.wrong = wrong.is_some();
    Ok(view.show(cx, None))
}

pub(super) async fn person(
    _: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<PersonId>,
) -> Result<Response, AppError> {
    person_view(&app, &cx, id, &Typed::default(), None, None).await
}

pub(super) async fn assign(
    actor: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<PersonId>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["office", "from", "to"])?;
    let made = async {
        let office: OfficeId = typed.id("office")?;
        let (from, end) = (typed.day("from")?, typed.last_day("to")?);
        app.db
            .write(actor.author(), move |tx| {
                let from = from.unwrap_or_else(|| tx.now());
                store::assign(tx, id, office, from, end)
            })
            .await
    };
    match made.await {
        Ok(_) => Ok(to(&format!("/quan-tri/nguoi/{id}"))),
        Err(error) => person_view(&app, &cx, id, &typed, Some(field_error(error)?), None).await,
    }
}

pub(super) async fn end_assignment(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path((id, assignment)): Path<(PersonId, AssignmentId)>,
) -> Result<Response, AppError> {
    app.db.write(actor.author(), move |tx| store::end_assignment(tx, assignment)).await?;
    Ok(to(&format!("/quan-tri/nguoi/{id}")))
}

pub(super) async fn issue_code(
    actor: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
    Path(id): Path<PersonId>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["office", "for"])?;
    let office: OfficeId = typed.id("office")?;
    let settings = &app.identity.settings;
    let (purpose, lifetime) = match typed.get("for") {
        "printed" => (LinkFor::Printed, settings.printed_link),
        _ => (LinkFor::Desk, settings.desk_link.min(std::time::Duration::from_secs(120))),
    };
    let secret =
        app.db.write(actor.author(), move |tx| store::issue_link(tx, id, office, purpose, lifetime)).await?;
    let mut link = app.config.public_url.clone();
    link.set_path("/vao");
    link.set_fragment(Some(&secret.text));
    let ends: Timestamp = app.db.clock().now() + lifetime;
    let shown = Shown {
        label: cx.t1("identity-code-shown", "at", moment(&cx, ends)),
        text: secret.text,
        note: cx.t("identity-shown-once").into_owned(),
        qr: qr(link.as_str(), &cx.t("identity-code-qr")),
    };
    person_view(&app, &cx, id, &Typed::default(), None, Some(shown)).await
}

async fn set_disabled(
    app: &App,
    actor: &Actor<AdminIdentity>,
    id: PersonId,
    disabled: bool,
) -> Result<Response, AppError> {
    if disabled && actor.person.id == id {
        return Err(AppError::conflict().because(key("identity-person-self")));
    }
    app.db.write(actor.author(), move |tx| store::disable_person(tx, id, disabled)).await?;
    Ok(to(&format!("/quan-tri/nguoi/{id}")))
}

pub(super) async fn disable(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<PersonId>,
) -> Result<Response, AppError> {
    set_disabled(&app, &actor, id, true).await
}

pub(super) async fn enable(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<PersonId>,
) -> Result<Response, AppError> {
    set_disabled(&app, &actor, id, false).await
}

pub(super) async fn end_sessions(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<PersonId>,
) -> Result<Response, AppError> {
    app.db.write(actor.author(), move |tx| session::revoke_all(tx, id, None)).await?;
    Ok(to(&format!("/quan-tri/nguoi/{id}")))
}

// ---- grants

fn right_options(cx: &Cx) -> Vec<(String, String)> {
    Right::ALL.iter().map(|right| (right.to_string(), right_words(cx, *right))).collect()
}

fn level_options(cx: &Cx) -> Vec<(String, String)> {
    Confidentiality::ALL.iter().map(|level| (level.to_string(), level_words(cx, *level))).collect()
}

async fn grants_view(app: &App, cx: &Cx, typed: &Typed, wrong: Wrong) -> Result<Response, AppError> {
    let area = Some(cx.param("mang")).filter(|text| !text.is_empty());
    let (grants, offices, units) = app
        .db
        .read(move |tx| {
            Ok::<_, DbError>((store::grants(tx, area.as_deref())?, store::offices(tx)?, store::units(tx)?))
        })
        .await?;
    let everywhere = cx.t("identity-everywhere").into_owned();
    let rows = grants
        .iter()
        .map(|grant| {
            let holder = grant.office.clone().or_else(|| grant.person.clone()).unwrap_or_default();
            let end = Button::new(format!("/quan-tri/quyen/{}/thu-hoi", grant.id), cx.t("identity-revoke"))
                .danger(cx.t2("identity-grant-revoke-confirm", "holder", &holder, "area", &grant.area));
            vec![
                Cell::text(holder),
                Cell::link(&grant.area, cx.with("mang", &grant.area)),
                Cell::text(right_words(cx, grant.role)).small(level_words(cx, grant.confidentiality)),
                Cell::text(grant.unit.clone().unwrap_or_else(|| everywhere.clone())),
                Cell::text(until(cx, grant.not_after)).small(cx.t2(
                    "identity-grant-from",
                    "at",
                    moment(cx, grant.not_before),
                    "office",
                    &grant.granted_by,
                )),
                Cell::button(end),
            ]
        })
        .collect();
    let mut view = view(cx, key("identity-grants"), key("identity-grants-text"), "/quan-tri/quyen");
    view.sections.push(Section {
        title: cx.t("identity-grants").into_owned(),
        table: Some(Table {
            head: heads(
                cx,
                &[
                    key("identity-holder"),
                    key("identity-area"),
                    key("identity-right"),
                    key("identity-scope"),
                    key("identity-until"),
                    key("identity-do"),
                ],
            ),
            rows,
            empty: cx.t("identity-grants-none").into_owned(),
            more: String::new(),
        }),
        ..Section::default()
    });
    let form = Fields::new(cx, typed, wrong)
        .select("office", cx.t("identity-holder"), office_options(cx, &offices), "".into())
        .input(
            "text",
            "area",
            cx.t("identity-area"),
            cx.t("identity-area-help"),
            "required spellcheck=false maxlength=40",
        )
        .select("right", cx.t("identity-right"), right_options(cx), "".into())
        .select("confidentiality", cx.t("identity-level"), level_options(cx), "".into())
        .select("unit", cx.t("identity-scope"), unit_options(cx, &units), cx.t("identity-scope-help"))
        .input("date", "from", cx.t("identity-from"), cx.t("identity-from-help"), "")
        .input("date", "not_after", cx.t("identity-until"), cx.t("identity-until-help"), "")
        .post("/quan-tri/quyen", cx.t("identity-grant-make"));
    view.sections.push(Section {
        title: cx.t("identity-grant-make").into_owned(),
        form: Some(form),
        ..Section::default()
    });
    view.wrong = wrong.is_some();
    Ok(view.show(cx, None))
}

pub(super) async fn grants(
    _: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    grants_view(&app, &cx, &Typed::default(), None).await
}

pub(super) async fn make_grant(
    actor: Actor<AdminIdentity>,
    cx: Cx,
    State(app): State<App>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["office", "area", "right", "confidentiality", "unit", "from", "not_after"])?;
    let made = async {
        let office: OfficeId = typed.id("office")?;
        let new = NewGrant {
            holder: Holder::Office(office),
            unit: typed.optional_id("unit")?,
            area: typed.get("area").to_owned(),
            right: typed.id("right")?,
            confidentiality: typed.id("confidentiality")?,
            not_before: typed.day("from")?.unwrap_or_else(|| app.db.clock().now()),
            not_after: typed.last_day("not_after")?,
            approved_by: None,
        };
        app.db.write(actor.author(), move |tx| store::grant(tx, &new)).await
    };
    match made.await {
        Ok(_) => Ok(to("/quan-tri/quyen")),
        Err(error) => grants_view(&app, &cx, &typed, Some(field_error(error)?)).await,
    }
}

pub(super) async fn end_grant(
    actor: Actor<AdminIdentity>,
    State(app): State<App>,
    Path(id): Path<GrantId>,
) -> Result<Response, AppError> {
    app.db.write(actor.author(), move |tx| store::revoke_grant(tx, id)).await?;
    Ok(to("/quan-tri/quyen"))
}

// ---- who can see this?

pub(super) async fn who_sees(
    _: Actor<SeeIdentity>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let area = cx.param("mang").trim().to_owned();
    let unit: Option<UnitId> = cx.param("don-vi").parse().ok();
    let level: Confidentiality = cx.param("muc").parse().unwrap_or_default();
    let asked = area.clone();
    let (units, seers) = app
        .db
        .read(move |tx| Ok::<_, DbError>((store::units(tx)?, store::who_sees(tx, &asked, unit, level)?)))
        .await?;
    let typed = Typed(
        [("mang", area.clone()), ("don-vi", cx.param("don-vi")), ("muc", level.to_string())]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    );
    let form = Fields::new(&cx, &typed, None)
        .input("text", "mang", cx.t("identity-area"), "".into(), "required spellcheck=false")
        .select("don-vi", cx.t("identity-unit"), unit_options(&cx, &units), "".into())
        .select("muc", cx.t("identity-level"), level_options(&cx), "".into())
        .get("/quan-tri/ai-thay", cx.t("identity-who-sees-ask"));
    let everywhere = cx.t("identity-everywhere").into_owned();
    let rows = seers
        .iter()
        .map(|seer| {
            vec![
                Cell::text(&seer.office).small(seer.person.clone().unwrap_or_default()),
                Cell::text(&seer.unit),
                Cell::text(right_words(&cx, seer.role)).small(level_words(&cx, seer.confidentiality)),
                Cell::text(seer.through.clone().unwrap_or_else(|| everywhere.clone())),
                Cell::text(until(&cx, seer.not_after)),
            ]
        })
        .collect();
    let mut view = view(&cx, key("identity-who-sees"), key("identity-who-sees-text"), "/quan-tri/ai-thay");
    view.sections.push(Section { form: Some(form), ..Section::default() });
    if !area.is_empty() {
        view.sections.push(Section {
            title: cx.tn("identity-who-sees-count", seers.len()),
            table: Some(Table {
                head: heads(
                    &cx,
                    &[
                        key("identity-office"),
                        key("identity-unit"),
                        key("identity-right"),
                        key("identity-scope"),
                        key("identity-until"),
                    ],
                ),
                rows,
                empty: cx.t("identity-who-sees-none").into_owned(),
                more: String::new(),
            }),
            ..Section::default()
        });
    }
    Ok(view.show(&cx, None))
}
