//! The form that enters somebody or changes them: what was typed stays typed.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::civil::Date;
use platform::{
    app::App,
    db::{DbError, WriteTx},
    i18n::{self, key},
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Typed, date_problem, page_with, problem, see},
};
use rules::dates::{DateError, parse_vn_date};

use super::{PATH, group_words, person};
use crate::delegates::{
    DelegateError, ManageDelegates,
    model::{Category, GroupRole, Organ, Participant, Private, Profile, Sex, Sight, Standing},
    query, sight,
    store::{self, Change, NewParticipant},
};

#[derive(Template)]
#[template(path = "delegates/pages/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    action: String,
    back: String,
    draft: String,
    version: i64,
    fresh: bool,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    sight: Sight,
    categories: Vec<(String, String)>,
    sexes: Vec<(String, String)>,
    standings: Vec<(String, String)>,
    groups: Vec<(String, String)>,
    roles: Vec<(String, String)>,
    organs: Vec<(String, String)>,
    delegations: Vec<String>,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// A form and what was wrong with it.
struct Shown {
    code: Option<String>,
    version: i64,
    typed: Typed,
    problems: Vec<FieldProblem>,
    answer: Option<AppError>,
    status: StatusCode,
}

impl Shown {
    fn fresh(code: Option<String>, version: i64, typed: Typed) -> Self {
        Self { code, version, typed, problems: Vec::new(), answer: None, status: StatusCode::OK }
    }
}

async fn render(app: &App, cx: &Cx, sight: Sight, shown: Shown) -> Result<Response, AppError> {
    let (groups, delegations) =
        app.db.read(|tx| Ok::<_, DbError>((query::groups(tx)?, query::delegations(tx)?))).await?;
    let Shown { code, version, typed, problems, answer, status } = shown;
    let title = match &code {
        Some(code) => cx.t1("delegates-edit-title", "code", code.as_str()),
        None => cx.t("delegates-new").into_owned(),
    };
    let none = || (String::new(), cx.t("delegates-choose").into_owned());
    let words = |beginning: &str, all: Vec<String>| -> Vec<(String, String)> {
        all.into_iter()
            .map(|one| {
                let words = cx.tp(beginning, &one).into_owned();
                (one, words)
            })
            .collect()
    };
    let all = |names: &[&'static str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let names = |names: Vec<&'static str>| all(&names);
    let page = FormPage {
        title: title.clone(),
        action: code.as_ref().map_or_else(|| format!("{PATH}/moi"), |code| format!("{PATH}/{code}/sua")),
        back: code.as_ref().map_or_else(|| PATH.to_owned(), |code| format!("{PATH}/{code}")),
        // Nothing restricted stays behind on a borrowed tablet.
        draft: if sight == Sight::default() {
            format!("participant-{}-{version}", code.as_deref().unwrap_or("new"))
        } else {
            String::new()
        },
        version,
        fresh: code.is_none(),
        general: answer.as_ref().map(|error| error.detail(cx.lang)).unwrap_or_default(),
        sight,
        categories: words(
            "delegates-category-",
            names(Category::ALL.iter().map(|one| one.as_str()).collect()),
        ),
        sexes: std::iter::once(none())
            .chain(words("delegates-sex-", names(Sex::ALL.iter().map(|one| one.as_str()).collect())))
            .collect(),
        standings: std::iter::once(none())
            .chain(words(
                "delegates-standing-",
                names(Standing::ALL.iter().map(|one| one.as_str()).collect()),
            ))
            .collect(),
        groups: std::iter::once((String::new(), cx.t("delegates-group-none").into_owned()))
            .chain(groups.iter().map(|group| (group.no.to_string(), group_words(cx, group))))
            .collect(),
        roles: words("delegates-role-", names(GroupRole::ALL.iter().rev().map(|one| one.as_str()).collect())),
        organs: std::iter::once((String::new(), cx.t("delegates-organ-none").into_owned()))
            .chain(words("delegates-organ-", names(Organ::ALL.iter().map(|one| one.as_str()).collect())))
            .collect(),
        delegations: delegations.into_iter().map(|one| one.name).collect(),
        typed,
        problems,
        cx,
    };
    Ok(page_with(status, cx, Page::new(title, page).style("people.css")))
}

/// `GET /dai-bieu/moi`
pub(super) async fn new(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let mut typed = Typed::default();
    let asked = cx.param("dien");
    typed.set("category", if asked.is_empty() { Category::Delegate.to_string() } else { asked });
    typed.set("group_role", GroupRole::Member.as_str());
    render(&app, &cx, sight(&actor), Shown::fresh(None, 0, typed)).await
}

/// `GET /dai-bieu/{code}/sua`
pub(super) async fn edit(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let sight = sight(&actor);
    let one = person::one(&app, &code).await?;
    let (id, place) = (one.id, one.profile.delegation);
    let (private, delegation) = app
        .db
        .read(move |tx| {
            let delegation = match place {
                Some(place) => query::delegation(tx, place)?,
                None => None,
            };
            Ok::<_, DbError>((sight.of(query::private(tx, id)?), delegation))
        })
        .await?;
    let typed = typed_of(&one, &private, delegation.map(|one| one.name).unwrap_or_default());
    render(&app, &cx, sight, Shown::fresh(Some(one.code), one.version, typed)).await
}

fn typed_of(one: &Participant, private: &Private, delegation: String) -> Typed {
    let profile = &one.profile;
    let day = |day: Option<Date>| day.map(i18n::fmt::date).unwrap_or_default();
    let name = |name: Option<&'static str>| name.unwrap_or_default().to_owned();
    let flag = |on: bool| if on { "1".to_owned() } else { String::new() };
    let pairs = vec![
        ("category", one.category().to_string()),
        ("name", profile.name.clone()),
        ("sex", name(profile.sex.map(Sex::as_str))),
        ("born", day(profile.born)),
        ("position", profile.position.clone()),
        ("delegation", delegation),
        ("standing", name(profile.standing.map(Standing::as_str))),
        ("alternate", flag(profile.alternate)),
        ("group_no", profile.group_no.map(|no| no.to_string()).unwrap_or_default()),
        ("group_role", profile.group_role.unwrap_or(GroupRole::Member).to_string()),
        ("organ", name(profile.organ.map(Organ::as_str))),
        ("joined", day(profile.joined)),
        ("official", day(profile.official)),
        ("schooling", profile.schooling.clone()),
        ("qualification", profile.qualification.clone()),
        ("academic_title", profile.academic_title.clone()),
        ("theory", profile.theory.clone()),
        ("occupation", profile.occupation.clone()),
        ("party_badge", profile.party_badge.map(|years| years.to_string()).unwrap_or_default()),
        ("awards", profile.awards.clone()),
        ("diet", profile.diet.clone()),
        ("mobility", profile.mobility.clone()),
        ("large_text", flag(profile.large_text)),
        ("ethnicity", private.ethnicity.clone()),
        ("religion", private.religion.clone()),
        ("health", private.health.clone()),
        ("discipline", private.discipline.clone()),
        ("phone", private.phone.clone()),
        ("email", private.email.clone()),
    ];
    Typed::from(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>())
}

/// What was typed, read as far as it can be without the database.
struct Read {
    code: Option<String>,
    profile: Profile,
    /// The name of the delegation, entered when it is new.
    delegation: String,
    /// Restricted columns that this office may see, and so may set.
    given: Private,
    sight: Sight,
    citizen: Option<String>,
    version: i64,
}

fn read(typed: &Typed, sight: Sight) -> Result<Read, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut day = |name: &'static str| -> Option<Date> {
        let text = typed.get(name);
        if text.is_empty() {
            return None;
        }
        long_ago(text).map_err(|error| problems.push(date_problem(name, &error))).ok()
    };
    let (born, joined, official) = (day("born"), day("joined"), day("official"));
    let text = |name: &str| typed.get(name).to_owned();
    let party_badge = match typed.get("party_badge") {
        "" => None,
        years => match years.parse() {
            Ok(years) => Some(years),
            Err(_) => {
                problems.push(FieldProblem::new("party_badge", key("delegates-error-badge")));
                None
            }
        },
    };
    let group_no = typed.get("group_no").parse().ok();
    let profile = Profile {
        category: typed.get("category").parse().ok(),
        name: text("name"),
        sex: typed.get("sex").parse().ok(),
        born,
        position: text("position"),
        delegation: None,
        standing: typed.get("standing").parse().ok(),
        alternate: typed.has("alternate", "1"),
        group_no,
        group_role: typed.get("group_role").parse().ok(),
        organ: typed.get("organ").parse().ok(),
        joined,
        official,
        schooling: text("schooling"),
        qualification: text("qualification"),
        academic_title: text("academic_title"),
        theory: text("theory"),
        occupation: text("occupation"),
        party_badge,
        awards: text("awards"),
        diet: text("diet"),
        mobility: text("mobility"),
        large_text: typed.has("large_text", "1"),
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    let given = Private {
        ethnicity: text("ethnicity"),
        religion: text("religion"),
        health: text("health"),
        discipline: text("discipline"),
        phone: text("phone"),
        email: text("email"),
        citizen: None,
    };
    let citizen = match (sight.restricted, typed.get("citizen")) {
        (false, _) => None,
        (true, "") if typed.has("citizen_clear", "1") => Some(String::new()),
        (true, "") => None,
        (true, digits) => Some(digits.to_owned()),
    };
    Ok(Read {
        code: Some(text("code")).filter(|code| !code.is_empty()),
        profile,
        delegation: text("delegation"),
        given: sight.of(given),
        sight,
        citizen,
        version: typed.get("version").parse().unwrap_or(0),
    })
}

/// Days of birth and of admission lie in the last century too, where no deadline does.
fn long_ago(text: &str) -> Result<Date, DateError> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).collect();
    let last_century = |part: &&str| part.len() == 4 && part.starts_with("19");
    if !parts.first().is_some_and(last_century) && !parts.last().is_some_and(last_century) {
        return parse_vn_date(text, None);
    }
    let earlier = |year: i16| year - 100;
    let back = |day: Date| Date::new(earlier(day.year()), day.month(), day.day());
    let shifted: Vec<String> = parts
        .iter()
        .map(|part| if last_century(part) { part.replacen("19", "20", 1) } else { (*part).to_owned() })
        .collect();
    let mark = text.chars().find(|c| matches!(c, '/' | '-' | '.' | ' ')).unwrap_or('/').to_string();
    match parse_vn_date(&shifted.join(&mark), None) {
        Ok(day) => back(day).map_err(|_| DateError::NoSuchDay {
            day: day.day().into(),
            month: day.month().into(),
            year: earlier(day.year()),
        }),
        Err(DateError::NoSuchDay { day, month, year }) => {
            Err(DateError::NoSuchDay { day, month, year: earlier(year) })
        }
        Err(DateError::MonthFirst { suggestion }) => {
            Err(DateError::MonthFirst { suggestion: back(suggestion).unwrap_or(suggestion) })
        }
        Err(other) => Err(other),
    }
}

fn delegation(tx: &mut WriteTx<'_>, read: &mut Read) -> Result<(), DelegateError> {
    if !read.delegation.is_empty() {
        read.profile.delegation = Some(*store::delegation_named(tx, &read.delegation)?.value());
    }
    Ok(())
}

async fn write(
    app: &App,
    actor: &Actor<ManageDelegates>,
    cx: &Cx,
    code: Option<String>,
    pairs: Vec<(String, String)>,
) -> Result<Response, AppError> {
    let sight = sight(actor);
    let typed = Typed::from(pairs);
    let version = typed.get("version").parse().unwrap_or(0);
    let id = match &code {
        Some(code) => Some(person::one(app, code).await?.id),
        None => None,
    };
    let mut read = match read(&typed, sight) {
        Ok(read) => read,
        Err(problems) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return render(app, cx, sight, Shown { code, version, typed, problems, answer: None, status })
                .await;
        }
    };
    let done = app
        .db
        .write(actor.author(), move |tx| {
            delegation(tx, &mut read)?;
            let Some(id) = id else {
                let new = NewParticipant {
                    code: read.code,
                    profile: read.profile,
                    private: read.given,
                    citizen: read.citizen.unwrap_or_default(),
                };
                let done = store::create(tx, &new)?;
                let code = store::participant(tx, *done.value())?.code;
                return Ok(done.map(|_| code));
            };
            // What this office may not see stays as it is.
            let mut private = query::private(tx, id)?;
            if read.sight.restricted {
                private.ethnicity = read.given.ethnicity;
                private.religion = read.given.religion;
                private.health = read.given.health;
                private.discipline = read.given.discipline;
            }
            if read.sight.contacts {
                private.phone = read.given.phone;
                private.email = read.given.email;
            }
            let code = store::participant(tx, id)?.code;
            let change = Change {
                version: read.version,
                profile: read.profile,
                private: Some(private),
                citizen: read.citizen,
            };
            Ok(store::change(tx, id, &change)?.map(|_| code))
        })
        .await;
    match done {
        Ok(made) => {
            let done = if code.is_some() { "saved" } else { "entered-one" };
            Ok(see(&format!("{PATH}/{made}"), done))
        }
        Err(error @ (DelegateError::NotFound | DelegateError::Db(_))) => Err(error.into()),
        Err(error) => {
            // Whoever saves again after reading the sentence has seen the version that is there now.
            let version = match &error {
                DelegateError::Conflict { version, .. } => *version,
                _ => version,
            };
            let answer = AppError::from(error);
            let (problems, status) = (answer.fields().to_vec(), answer.status());
            let answer = problems.is_empty().then_some(answer);
            render(app, cx, sight, Shown { code, version, typed, problems, answer, status }).await
        }
    }
}

/// `POST /dai-bieu/moi`
pub(super) async fn create(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    write(&app, &actor, &cx, None, pairs).await
}

/// `POST /dai-bieu/{code}/sua`
pub(super) async fn save(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    write(&app, &actor, &cx, Some(code), pairs).await
}
