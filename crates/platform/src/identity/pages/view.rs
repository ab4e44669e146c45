//! What an administration page is made of: sections with facts, a table, a form. Filled in Rust, drawn by one
//! template, so that all of them look and behave alike.

use std::borrow::Cow;

use askama::Template;
use axum::{http::StatusCode, response::Response};

use super::Typed;
use crate::web::{Cx, Page, page_with};

#[derive(Default)]
pub(super) struct View {
    pub(super) title: String,
    pub(super) intro: String,
    pub(super) tabs_label: String,
    pub(super) tabs: Vec<(&'static str, String, bool)>,
    pub(super) notices: Vec<Notice>,
    pub(super) sections: Vec<Section>,
    /// 422 when a form came back.
    pub(super) wrong: bool,
}

pub(super) struct Notice {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) text: String,
}

#[derive(Default)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) shown: Option<Shown>,
    pub(super) facts: Vec<(String, String)>,
    pub(super) table: Option<Table>,
    pub(super) form: Option<Form>,
    pub(super) passkey: Option<(String, String)>,
    pub(super) buttons: Vec<Button>,
}

/// A secret that is shown once.
pub(super) struct Shown {
    pub(super) label: String,
    pub(super) text: String,
    pub(super) note: String,
    pub(super) qr: String,
}

#[derive(Default)]
pub(super) struct Table {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) empty: String,
    pub(super) more: String,
}

#[derive(Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) href: String,
    pub(super) small: String,
    pub(super) buttons: Vec<Button>,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
    pub(super) fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), ..Self::default() }
    }
    pub(super) fn small(mut self, small: impl Into<String>) -> Self {
        self.small = small.into();
        self
    }
    pub(super) fn button(button: Button) -> Self {
        Self { buttons: vec![button], ..Self::default() }
    }
}

pub(super) struct Button {
    pub(super) action: String,
    pub(super) label: String,
    pub(super) confirm: String,
    pub(super) class: &'static str,
    pub(super) hidden: Vec<(&'static str, String)>,
}

impl Button {
    pub(super) fn new(action: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            label: label.into(),
            confirm: String::new(),
            class: "btn-outline-secondary",
            hidden: Vec::new(),
        }
    }
    pub(super) fn danger(mut self, confirm: impl Into<String>) -> Self {
        self.class = "btn-outline-danger";
        self.confirm = confirm.into();
        self
    }
    pub(super) fn hidden(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hidden.push((name, value.into()));
        self
    }
}

pub(super) struct Form {
    pub(super) method: &'static str,
    pub(super) action: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) button: String,
}

pub(super) struct Field {
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) options: Vec<(String, String)>,
    pub(super) help: String,
    pub(super) error: String,
    pub(super) attrs: &'static str,
}

/// Builds the fields of a form with what was typed and what is wrong with it.
pub(super) struct Fields<'a> {
    cx: &'a Cx,
    typed: &'a Typed,
    wrong: Option<(&'static str, &'static str)>,
    fields: Vec<Field>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(cx: &'a Cx, typed: &'a Typed, wrong: Option<(&'static str, &'static str)>) -> Self {
        Self { cx, typed, wrong, fields: Vec::new() }
    }

    fn push(
        mut self,
        kind: &'static str,
        name: &'static str,
        label: Cow<'static, str>,
        options: Vec<(String, String)>,
        help: Cow<'static, str>,
        attrs: &'static str,
    ) -> Self {
        let error = match self.wrong {
            Some((field, key)) if field == name => self.cx.t(key).into_owned(),
            _ => String::new(),
        };
        self.fields.push(Field {
            kind,
            name,
            label: label.into_owned(),
            value: if kind == "password" { String::new() } else { self.typed.get(name).to_owned() },
            options,
            help: help.into_owned(),
            error,
            attrs,
        });
        self
    }

    pub(super) fn input(
        self,
        kind: &'static str,
        name: &'static str,
        label: Cow<'static, str>,
        help: Cow<'static, str>,
        attrs: &'static str,
    ) -> Self {
        self.push(kind, name, label, Vec::new(), help, attrs)
    }

    pub(super) fn select(
        self,
        name: &'static str,
        label: Cow<'static, str>,
        options: Vec<(String, String)>,
        help: Cow<'static, str>,
    ) -> Self {
        self.push("select", name, label, options, help, "")
    }

    pub(super) fn post(self, action: impl Into<String>, button: Cow<'static, str>) -> Form {
        self.form("post", action.into(), button)
    }

    pub(super) fn get(self, action: impl Into<String>, button: Cow<'static, str>) -> Form {
        self.form("get", action.into(), button)
    }

    fn form(self, method: &'static str, action: String, button: Cow<'static, str>) -> Form {
        Form { method, action, hidden: Vec::new(), fields: self.fields, button: button.into_owned() }
    }
}

#[derive(Template)]
#[template(path = "identity-view.html")]
struct Body<'a> {
    cx: &'a Cx,
    view: &'a View,
}

impl View {
    pub(super) fn show(&self, cx: &Cx, script: Option<&'static str>) -> Response {
        let status = if self.wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let mut page = Page::new(self.title.clone(), Body { cx, view: self });
        if let Some(script) = script {
            page = page.script(script);
        }
        page_with(status, cx, page)
    }
}
