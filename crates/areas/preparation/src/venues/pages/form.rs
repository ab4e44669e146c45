//! A form about one venue: its fields by kind, what was typed, what is wrong.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use platform::web::{AppError, Cx, FieldProblem, Page, page_with};

use super::common::{Field, at, problem, sentence};
use crate::tasks::pages::task::form::Row;

#[derive(Template)]
#[template(path = "venues/pages/form.html")]
pub(super) struct FormPage<'a> {
    cx: &'a Cx,
    pub(super) title: String,
    pub(super) lead: String,
    error: String,
    problems: Vec<FieldProblem>,
    action: String,
    draft: String,
    files: bool,
    pub(super) confirm: String,
    pub(super) save: String,
    back: String,
    back_words: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) exits: Vec<Row>,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

impl<'a> FormPage<'a> {
    pub(super) fn new(cx: &'a Cx, title: String, action: String, refused: Option<&AppError>) -> Self {
        Self {
            title,
            lead: String::new(),
            error: sentence(cx, refused),
            problems: refused.map(|refused| refused.fields().to_vec()).unwrap_or_default(),
            draft: action.clone(),
            action,
            files: false,
            confirm: String::new(),
            save: cx.t("shell-save").into_owned(),
            back: "/dia-diem".to_owned(),
            back_words: String::new(),
            hidden: Vec::new(),
            fields: Vec::new(),
            exits: Vec::new(),
            cx,
        }
    }

    pub(super) fn under(mut self, code: &str) -> Self {
        self.back = at(code);
        self.back_words = code.to_owned();
        self
    }

    pub(super) fn answer(self, refused: Option<&AppError>) -> Response {
        let (cx, title) = (self.cx, self.title.clone());
        let page = Page::new(title, self).style("venues.css").style("survey.css");
        page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
    }
}
