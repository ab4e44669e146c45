//! `dienhong user` and `dienhong token`: the first administrator, and what a server's owner may do without one.

use std::{sync::Arc, time::Duration};

use clap::Subcommand;
use platform::{
    audit::Author,
    clock::SystemClock,
    db::Db,
    identity::{
        Confidentiality, Error, OfficeId, PersonId, Right,
        store::{self, Holder, LinkFor, NewGrant, NewUnit},
    },
};
use serde_json::json;

use super::{Failure, say};
use crate::{config::Config, server};

#[derive(Debug, Subcommand)]
pub enum User {
    /// Make a person with an office, found or made by its title and unit, and rights
    #[command(
        after_help = "Example:\n  dienhong user add --login nv.an --name \"An\" --unit \"Van phong\" --office \"Chanh Van phong\" --grant tasks:decide --grant audit:read"
    )]
    Add {
        /// What the person types to sign in
        #[arg(long)]
        login: String,
        /// The name shown to the person
        #[arg(long)]
        name: String,
        /// The unit's name
        #[arg(long)]
        unit: String,
        /// The office's title
        #[arg(long)]
        office: String,
        /// A right, as AREA:RIGHT with read, contribute, manage, decide or admin
        #[arg(long = "grant", value_name = "AREA:RIGHT")]
        grants: Vec<String>,
        /// Days until the grants end; without it they do not
        #[arg(long, value_name = "DAYS")]
        days: Option<u32>,
    },
    /// Print a one-time link with which a person signs in and adds a passkey
    #[command(after_help = "Example:\n  dienhong user link --data /srv/dienhong --login nv.an --minutes 30")]
    Link {
        /// Who
        #[arg(long)]
        login: String,
        /// How long it can be used
        #[arg(long, value_name = "MINUTES", default_value_t = 60)]
        minutes: u32,
    },
    /// List people with their offices
    #[command(after_help = "Example:\n  dienhong user list --data /srv/dienhong --json")]
    List,
    /// Take a person out: sessions and tokens end at once
    #[command(after_help = "Example:\n  dienhong user disable --data /srv/dienhong --login nv.an")]
    Disable {
        /// Who
        #[arg(long)]
        login: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make an API token for a person; it is shown once
    #[command(
        after_help = "Example:\n  dienhong token add --login nv.an --name \"weekly report\" --scope tasks:read --days 30"
    )]
    Add {
        /// For whom
        #[arg(long)]
        login: String,
        /// What it is for
        #[arg(long)]
        name: String,
        /// What it may do, as AREA:RIGHT
        #[arg(long = "scope", value_name = "AREA:RIGHT", required = true)]
        scopes: Vec<String>,
        /// Days until it ends
        #[arg(long, value_name = "DAYS", default_value_t = 30)]
        days: u32,
    },
    /// List tokens, without their secrets
    #[command(after_help = "Example:\n  dienhong token list --data /srv/dienhong")]
    List,
    /// End a token
    #[command(
        after_help = "Example:\n  dienhong token revoke --data /srv/dienhong 0198c6b0-7a52-7c11-9d3e-2f4b5a6c7d8e"
    )]
    Revoke {
        /// Its id, as listed
        id: String,
    },
}

fn open(config: &Config) -> Result<Db, Failure> {
    Ok(server::open_db(config, Arc::new(SystemClock), None)?)
}

/// A right as it is typed: `tasks:manage`.
fn right(text: &str) -> Result<(String, Right), Failure> {
    let wrong = || Failure::Other(format!("{text}: a right is AREA:RIGHT, such as tasks:manage"));
    let (area, right) = text.split_once(':').ok_or_else(wrong)?;
    Ok((area.to_owned(), right.parse().map_err(|_| wrong())?))
}

async fn person(db: &Db, login: &str) -> Result<(PersonId, OfficeId), Failure> {
    let wanted = login.to_owned();
    db.read::<_, platform::db::DbError, _>(move |tx| {
        let Some(person) = store::person_by_login(tx, &wanted)? else { return Ok(None) };
        Ok(store::offices_of(tx, person)?.first().map(|office| (person, office.id)))
    })
    .await?
    .ok_or_else(|| Failure::Missing(format!("nobody called {login} holds an office")))
}

impl User {
    pub async fn run(self, config: &Config) -> Result<(), Failure> {
        let db = open(config)?;
        match self {
            Self::Add { login, name, unit, office, grants, days } => {
                let grants = grants.iter().map(|text| right(text)).collect::<Result<Vec<_>, _>>()?;
                let shown = login.clone();
                db.write::<_, Error, _>(&Author::cli(), move |tx| {
                    let unit_id = match store::units(tx)?
                        .into_iter()
                        .find(|found| found.name == unit || found.short == unit)
                    {
                        Some(found) => found.id,
                        None => {
                            let new = NewUnit { short: unit.clone(), name: unit, ..NewUnit::default() };
                            *store::create_unit(tx, &new)?.value()
                        }
                    };
                    let found = store::offices(tx)?
                        .into_iter()
                        .find(|found| found.unit_id == unit_id && found.title == office);
                    let office_id = match found {
                        Some(found) => found.id,
                        None => *store::create_office(tx, unit_id, &office, 0)?.value(),
                    };
                    let person = *store::create_person(tx, &login, &name)?.value();
                    let now = tx.now();
                    for (area, right) in grants {
                        let not_after = days.map(|days| now + Duration::from_secs(u64::from(days) * 86_400));
                        let grant = NewGrant {
                            holder: Holder::Office(office_id),
                            unit: None,
                            area,
                            right,
                            confidentiality: Confidentiality::Internal,
                            not_before: now,
                            not_after,
                            approved_by: None,
                        };
                        let _ = store::grant(tx, &grant)?;
                    }
                    store::assign(tx, person, office_id, now, None)
                })
                .await
                .map_err(Failure::other)?;
                say(&json!({ "login": shown }), |_| {
                    format!("{shown} is ready; dienhong user link --login {shown} prints a link to sign in")
                });
            }
            Self::Link { login, minutes } => {
                let (person, office) = person(&db, &login).await?;
                let lifetime = Duration::from_secs(u64::from(minutes) * 60);
                let secret = db
                    .write(&Author::cli(), move |tx| {
                        store::issue_link(tx, person, office, LinkFor::Printed, lifetime)
                    })
                    .await
                    .map_err(Failure::other)?;
                let link = format!("{}vao#{}", config.public_url(), secret.text);
                say(&json!({ "link": link, "minutes": minutes }), |_| link.clone());
            }
            Self::List => {
                let people = db
                    .read::<_, platform::db::DbError, _>(|tx| {
                        let people = store::people(tx, None, None, 10_000)?;
                        people
                            .into_iter()
                            .map(|person| {
                                let offices: Vec<String> = store::offices_of(tx, person.id)?
                                    .into_iter()
                                    .map(|office| office.title)
                                    .collect();
                                Ok((person, offices))
                            })
                            .collect::<Result<Vec<_>, platform::db::DbError>>()
                    })
                    .await?;
                let rows: Vec<_> = people
                    .iter()
                    .map(|(person, offices)| {
                        json!({ "login": person.login, "offices": offices, "disabled": person.disabled_at.is_some() })
                    })
                    .collect();
                say(&json!(rows), |_| {
                    let line = |(person, offices): &(store::Person, Vec<String>)| {
                        let off = if person.disabled_at.is_some() { "  (disabled)" } else { "" };
                        format!("{:<24} {}{off}", person.login, offices.join("; "))
                    };
                    people.iter().map(line).collect::<Vec<_>>().join("\n")
                });
            }
            Self::Disable { login } => {
                let (id, _) = person(&db, &login).await?;
                db.write(&Author::cli(), move |tx| store::disable_person(tx, id, true))
                    .await
                    .map_err(Failure::other)?;
                say(&json!({ "login": login }), |_| format!("{login} can no longer sign in"));
            }
        }
        Ok(())
    }
}

impl Token {
    pub async fn run(self, config: &Config) -> Result<(), Failure> {
        let db = open(config)?;
        match self {
            Self::Add { login, name, scopes, days } => {
                for scope in &scopes {
                    right(scope)?;
                }
                let (person, office) = person(&db, &login).await?;
                let (id, secret) = db
                    .write(&Author::cli(), move |tx| {
                        let expires = tx.now() + Duration::from_secs(u64::from(days) * 86_400);
                        store::create_token(tx, person, office, &name, &scopes.join(" "), expires)
                    })
                    .await
                    .map_err(Failure::other)?;
                say(&json!({ "id": id, "token": secret.text }), |_| secret.text.clone());
            }
            Self::List => {
                let tokens = db.read(|tx| store::tokens(tx, None)).await?;
                let rows: Vec<_> = tokens
                    .iter()
                    .map(|token| json!({ "id": token.id, "name": token.name, "office": token.office, "scopes": token.scopes }))
                    .collect();
                say(&json!(rows), |_| {
                    tokens
                        .iter()
                        .map(|token| {
                            format!("{}  {}  {}  {}", token.id, token.scopes, token.office, token.name)
                        })
                        .collect::<Vec<_>>()
                        .join("\n")
                });
            }
            Self::Revoke { id } => {
                let token = id.parse().map_err(|_| Failure::Missing(format!("no token {id}")))?;
                db.write(&Author::cli(), move |tx| store::revoke_token(tx, token, None)).await.map_err(
                    |error| match error {
                        Error::Missing => Failure::Missing(format!("no token {id}")),
                        other => Failure::other(other),
                    },
                )?;
                say(&json!({ "id": id }), |_| format!("{id} is over"));
            }
        }
        Ok(())
    }
}
