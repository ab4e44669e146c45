//! The OpenAPI 3.1 document of the whole product, and a page that says in plain HTML what is in it.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Json, Router,
    response::{Redirect, Response},
    routing::get,
};
use platform::{
    app::App,
    i18n::Catalogue,
    web::{Cx, Page, Problem, ProblemField, page},
};
use utoipa::{
    OpenApi,
    openapi::{
        InfoBuilder, RefOr, Server,
        path::{Operation, Parameter, ParameterIn, PathItem},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

platform::inventory::submit! {
    Catalogue { area: "openapi", vi: include_str!("openapi/vi.ftl"), en: include_str!("openapi/en.ftl") }
}

#[derive(OpenApi)]
#[openapi(components(schemas(Problem, ProblemField)))]
struct Base;

/// The document: every area's routes, the ways to sign in, the shape of a refusal.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = Base::openapi();
    document.merge(platform::identity::openapi());
    document.merge(platform::jobs::openapi());
    document.merge(preparation::tasks::api::openapi());
    document.merge(preparation::venues::api::openapi());
    document.merge(preparation::papers::check_api::openapi());
    document.merge(preparation::briefings::api::openapi());
    document.merge(preparation::papers::api::openapi());
    document.merge(preparation::decisions::api::openapi());
    document.merge(people::attendance::api::openapi());
    document.merge(people::credentials::api::openapi());
    document.merge(people::gates::api::openapi());
    document.merge(people::terminals::api::openapi());
    document.merge(people::printers::api::openapi());
    document.merge(people::badges::api::openapi());
    document.merge(people::accreditation::api::openapi());
    document.merge(people::vehicles::api::openapi());
    document.merge(people::seating::api::openapi());
    document.merge(people::intake::api::openapi());
    document.merge(people::delegates::api::openapi());
    document.merge(people::delegates::writing::openapi());
    document.merge(people::delegates::twins_api::openapi());
    document.merge(people::alternates::api::openapi());
    document.merge(people::letters::api::openapi());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ] {
            let Some(operation) = operation else { continue };
            // Handlers of different areas may have one name; method and path never do.
            let name: String = path
                .trim_start_matches("/api/v1/")
                .chars()
                .filter(|c| !matches!(c, '{' | '}'))
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                .collect();
            operation.operation_id = Some(format!("{method}_{name}"));
            if operation.summary.is_none() {
                let words =
                    operation.description.as_deref().and_then(|text| text.lines().next()).map(str::to_owned);
                operation.summary = Some(words.unwrap_or_else(|| name.replace('_', " ")));
            }
        }
    }
    document.info = InfoBuilder::new()
        .title("Dien Hong")
        .version("1")
        .description(Some(
            "A refusal is an RFC 9457 problem document (`application/problem+json`). A call that changes something \
             may carry an `Idempotency-Key`; the same call again then gets the same answer with \
             `Idempotency-Replayed: true`. Lists are paged with `limit` and `after`.",
        ))
        .build();
    document.servers = Some(vec![Server::new("/")]);
    let components = document.components.get_or_insert_with(Default::default);
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("dh_…")
                .description(Some("An API token with its scopes, made under the account of an office."))
                .build(),
        ),
    );
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "__Host-dh",
            "The session of a signed-in browser; a change must then come from a page of the same site. \
             Served without TLS the cookie is called `dh`.",
        ))),
    );
    let none: [&str; 0] = [];
    document.security =
        Some(vec![SecurityRequirement::new("token", none), SecurityRequirement::new("session", none)]);
    document
}

/// `GET /api/v1/openapi.json` and the page `GET /api/`.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api", get(|| async { Redirect::permanent("/api/") }))
        .route("/api/", get(show))
        .route("/api/v1/openapi.json", get(|| async { Json(document()) }))
}

/// A parameter of an operation.
struct Argument {
    name: String,
    place: &'static str,
    required: bool,
    words: String,
}

/// One operation.
struct Verb {
    id: String,
    method: &'static str,
    tone: &'static str,
    path: String,
    summary: String,
    more: String,
    arguments: Vec<Argument>,
    body: Vec<String>,
    answers: Vec<(String, String)>,
}

/// The operations under one heading.
struct Group {
    name: String,
    verbs: Vec<Verb>,
}

#[derive(Template)]
#[template(path = "openapi/page.html")]
struct Described<'a> {
    cx: &'a Cx,
    intro: String,
    groups: Vec<Group>,
}

async fn show(cx: Cx) -> Response {
    let document = document();
    let mut groups: BTreeMap<String, Vec<Verb>> = BTreeMap::new();
    for (path, item) in &document.paths.paths {
        for (method, tone, operation) in operations(item) {
            let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default();
            groups.entry(tag).or_default().push(verb(path, method, tone, operation));
        }
    }
    let body = Described {
        cx: &cx,
        intro: document.info.description.clone().unwrap_or_default(),
        groups: groups.into_iter().map(|(name, verbs)| Group { name, verbs }).collect(),
    };
    page(&cx, Page::new(cx.t("openapi-title"), body))
}

fn operations(item: &PathItem) -> impl Iterator<Item = (&'static str, &'static str, &Operation)> {
    [
        ("GET", "blue", &item.get),
        ("POST", "green", &item.post),
        ("PUT", "amber", &item.put),
        ("PATCH", "amber", &item.patch),
        ("DELETE", "red", &item.delete),
    ]
    .into_iter()
    .filter_map(|(method, tone, operation)| Some((method, tone, operation.as_ref()?)))
}

fn verb(path: &str, method: &'static str, tone: &'static str, operation: &Operation) -> Verb {
    let argument = |parameter: &Parameter| Argument {
        name: parameter.name.clone(),
        place: match parameter.parameter_in {
            ParameterIn::Path => "path",
            ParameterIn::Query => "query",
            ParameterIn::Header => "header",
            ParameterIn::Cookie => "cookie",
        },
        required: parameter.required == utoipa::openapi::Required::True,
        words: parameter.description.clone().unwrap_or_default(),
    };
    let id: String = format!("{method}-{path}")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    Verb {
        id,
        method,
        tone,
        path: path.to_owned(),
        summary: operation.summary.clone().unwrap_or_default(),
        more: operation.description.clone().unwrap_or_default(),
        arguments: operation.parameters.iter().flatten().map(argument).collect(),
        body: operation.request_body.iter().flat_map(|body| body.content.keys().cloned()).collect(),
        answers: operation
            .responses
            .responses
            .iter()
            .map(|(status, answer)| {
                let kinds = match answer {
                    RefOr::T(answer) => answer.content.keys().cloned().collect::<Vec<_>>().join(", "),
                    RefOr::Ref(_) => String::new(),
                };
                (status.clone(), kinds)
            })
            .collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_3_1_and_every_reference_leads_somewhere() {
        let json = serde_json::to_value(document()).unwrap();
        assert!(json["openapi"].as_str().unwrap().starts_with("3.1"));
        assert_eq!(json["servers"][0]["url"], "/");
        let text = json.to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(json["components"]["schemas"].get(name).is_some(), "{name} is described nowhere");
        }
        for path in ["/api/v1/tasks", "/api/v1/tasks/{id}/moves", "/api/v1/tally", "/api/v1/task-imports"] {
            assert!(json["paths"].get(path).is_some(), "{path}");
        }
        for (path, item) in json["paths"].as_object().unwrap() {
            assert!(path.starts_with("/api/v1/"), "{path}");
            for (method, operation) in item.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{method} {path} says nothing");
                assert!(operation["operationId"].is_string(), "{method} {path}");
            }
        }
    }

    #[test]
    fn no_two_operations_share_a_name() {
        let json = serde_json::to_value(document()).unwrap();
        let mut names = std::collections::BTreeSet::new();
        for item in json["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{name} stands twice");
            }
        }
    }
}
