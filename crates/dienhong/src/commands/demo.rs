//! `dienhong demo`: a sample congress as it stood on 26/09/2025, served from an empty folder.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use people::printers::demo as printers;
use platform::{
    audit::Author,
    clock::{self, ShiftedClock},
    db::{Db, WriteTx},
    identity::{
        Confidentiality, OfficeId, PersonId, Right,
        store::{self as identity, Holder, LinkFor, NewGrant},
    },
};
use preparation::{
    demo::{self as sample, DemoError, Offices},
    venues::demo as venues,
};
use serde_json::json;

use super::{Failure, log, say, serve};
use crate::{
    config::{Config, Flags, ServeFlags},
    server::{self, Server},
};

#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    serve: ServeFlags,
    /// Let the demo live in the present instead of starting on 26/09/2025 16:00
    #[arg(long)]
    today: bool,
    /// Start at another moment: 2025-10-13T07:15 is the morning of the preparatory session, with people at the gates
    #[arg(long, value_name = "MOMENT", conflicts_with = "today")]
    on: Option<jiff::civil::DateTime>,
    /// Delegates on the roll instead of the usual 547, and nobody beside them: to measure and to rehearse
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=50_000))]
    delegates: Option<u32>,
    /// Fill the folder and stop
    #[arg(long)]
    only_fill: bool,
}

/// Somebody who signs in with a printed link.
struct Guest {
    login: &'static str,
    name: &'static str,
    office: OfficeId,
    grants: &'static [(&'static str, Right, Confidentiality)],
}

impl Demo {
    pub async fn run(self, flags: &Flags) -> Result<(), Failure> {
        log();
        let mut flags = flags.clone();
        flags.data.get_or_insert_with(|| PathBuf::from("demo-data"));
        let config = Config::load(&flags, Some(&self.serve))?;
        let begins = self.on.unwrap_or(sample::AS_OF);
        let ahead = if self.today { 0 } else { ShiftedClock::starting_at(clock::instant(begins)).seconds() };
        let clock: Arc<dyn clock::Clock> = Arc::new(ShiftedClock::by(ahead));
        let db = server::open_db(&config, clock.clone(), None)?;
        let empty = db.read(platform::congress::store::find).await?.is_none();
        if empty {
            fill(&db, self.delegates).await?;
            badges(&db, &config.data).await?;
        }
        drop(db);
        if self.only_fill {
            say(&json!({ "filled": empty }), |_| {
                if empty { "filled".to_owned() } else { "was filled already".to_owned() }
            });
            return Ok(());
        }
        let signer = serve::signer(&config, ahead)?;
        let server = Server::open(config, clock, true).await?;
        let links = links(&server.app.db).await?;
        let url = server.app.config.public_url.clone();
        let result = server
            .serve(|address| {
                let links: Vec<_> = links
                    .iter()
                    .map(|(role, secret)| json!({ "role": role, "link": format!("{url}vao#{secret}"), "code": secret }))
                    .collect();
                say(&json!({ "listening": address, "url": url, "links": links }), |_| {
                    let mut text = format!("Diên Hồng: {url}\nOne-time links, each for one sign-in:");
                    for link in &links {
                        let (role, link) = (link["role"].as_str(), link["link"].as_str());
                        text.push_str(&format!("\n  {:<16} {}", role.unwrap_or_default(), link.unwrap_or_default()));
                    }
                    text
                });
            })
            .await;
        serve::stop(signer).await;
        Ok(result?)
    }
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        Self::other(error)
    }
}

/// Fills an empty database: congress, plan, people with their grants, and the roll, of another size if one is given.
///
/// # Errors
/// [`Failure`].
pub async fn fill(db: &Db, delegates: Option<u32>) -> Result<(), Failure> {
    db.write::<(), DemoError, _>(&Author::cli(), |tx| {
        let done = sample::seed(tx)?;
        let secretary = *sample::briefings(tx, done.value())?.value();
        people(tx, done.value(), secretary)?;
        printers::enter(tx)?;
        Ok(done.map(|_| ()))
    })
    .await?;
    db.write::<(), people::attendance::AttendanceError, _>(&Author::cli(), people::attendance::demo::seed)
        .await
        .map_err(Failure::other)?;
    // The roll is entered by the office that keeps it.
    let keeper = Author { office: KEEPER.to_owned(), ..Author::cli() };
    db.write::<(), people::delegates::DelegateError, _>(&keeper, move |tx| {
        let shape = delegates
            .map_or_else(people::generate::Shape::default, |count| people::generate::Shape::of(count, 0));
        let roll = people::generate::roll(&shape, ROLL);
        Ok(people::generate::write(tx, &roll, ROLL)?.map(|_| ()))
    })
    .await
    .map_err(Failure::other)?;
    db.write::<(), people::attendance::AttendanceError, _>(&keeper, people::attendance::demo::roll_call)
        .await
        .map_err(Failure::other)?;
    db.write::<(), people::gates::GateError, _>(&keeper, people::gates::demo::seed)
        .await
        .map_err(Failure::other)?;
    db.write::<(), people::delegates::DelegateError, _>(&keeper, people::gates::demo::agree)
        .await
        .map_err(Failure::other)?;
    db.write::<(), people::seating::SeatingError, _>(&keeper, people::seating::demo::seed)
        .await
        .map_err(Failure::other)?;
    // What was judged and written down about venues was so by the office that keeps them.
    db.write::<(), DemoError, _>(&keeper, |tx| {
        let done = venues::seed(tx)?;
        for (office, (login, name)) in done.value().offices.iter().zip(SURVEYORS) {
            seat(tx, &Guest { login, name, office: *office, grants: SURVEYS })?;
        }
        Ok(done.map(|_| ()))
    })
    .await?;
    Ok(())
}

/// Badges handed out before the demo begins.
const HANDED_OUT: usize = 120;

/// Keys, and the delegates' badges: asked for, approved by another office, printed, some handed out.
async fn badges(db: &Db, data: &std::path::Path) -> Result<(), Failure> {
    use people::badges::{BadgeAct, BadgeError, keys, query, seal::Seal, store};
    let seal = Seal::of(data).map_err(Failure::other)?;
    let (keeper, decider) = (
        Author { office: KEEPER.to_owned(), ..Author::cli() },
        Author { office: "Trưởng Tiểu ban Tổ chức phục vụ".to_owned(), ..Author::cli() },
    );
    let asked = db.write::<_, BadgeError, _>(&keeper, {
        let seal = seal.clone();
        move |tx| {
            keys::make_root(tx, &seal)?;
            let today = clock::local(tx.now()).date();
            let (first, last) = query::days(tx, people::badges::model::BadgeCategory::Service)?;
            keys::add(tx, &seal, None, today.min(first), last)?;
            let lines = query::lines(tx)?;
            let delegates = lines.iter().filter(|line| line.person.is_summoned_delegate());
            let delegates: Vec<_> = delegates.map(|line| line.person.id).collect();
            Ok(store::request(tx, &delegates)?.map(|_| delegates))
        }
    });
    let delegates = asked.await.map_err(Failure::other)?;
    let approved = delegates.clone();
    db.write::<_, BadgeError, _>(&decider, move |tx| store::approve(tx, &approved))
        .await
        .map_err(Failure::other)?;
    access(db, &keeper, &decider, seal.clone()).await?;
    db.write::<(), BadgeError, _>(&keeper, move |tx| {
        let done = store::print(tx, &seal, &delegates)?;
        for id in done.value().iter().take(HANDED_OUT) {
            let _ = store::act(tx, *id, BadgeAct::Issue, "")?;
        }
        Ok(done.map(|_| ()))
    })
    .await
    .map_err(Failure::other)?;
    Ok(())
}

/// The press with somebody at every step of its vetting, and vehicles with their passes.
async fn access(
    db: &Db,
    keeper: &Author,
    decider: &Author,
    seal: people::badges::seal::Seal,
) -> Result<(), Failure> {
    use people::{accreditation as press, vehicles};
    db.write::<(), press::PressError, _>(keeper, press::demo::enter).await.map_err(Failure::other)?;
    db.write::<(), press::PressError, _>(decider, press::demo::vet).await.map_err(Failure::other)?;
    let asked = db.write::<_, vehicles::VehicleError, _>(keeper, vehicles::demo::register).await;
    let numbers = asked.map_err(Failure::other)?;
    let approved: Vec<u32> = numbers.iter().copied().take(6).collect();
    let printed = approved.clone();
    db.write::<_, vehicles::VehicleError, _>(decider, move |tx| vehicles::passes::approve(tx, &approved))
        .await
        .map_err(Failure::other)?;
    db.write::<(), vehicles::VehicleError, _>(keeper, move |tx| vehicles::demo::print(tx, &seal, &printed))
        .await
        .map_err(Failure::other)?;
    Ok(())
}

/// The seed of the demo's roll.
const ROLL: u64 = 2025;

/// The office that keeps venues and roll.
const KEEPER: &str = "Tổ trưởng Tổ Thư ký giúp việc";

/// Who surveys venues, in the order of the offices.
const SURVEYORS: [(&str, &str); 3] =
    [("khao-sat-1", "Khảo sát 1"), ("khao-sat-2", "Khảo sát 2"), ("khao-sat-3", "Khảo sát 3")];

/// What a surveyor may do.
const SURVEYS: &[(&str, Right, Confidentiality)] = &[
    ("venues", Right::Contribute, Confidentiality::Normal),
    ("tasks", Right::Read, Confidentiality::Normal),
];

fn guests(offices: &Offices, secretary: OfficeId) -> Vec<Guest> {
    use Confidentiality::{Internal, Normal};
    let mut guests = vec![
        Guest {
            login: "to-thu-ky",
            name: "Tổ Thư ký",
            office: offices.organiser,
            grants: &[
                ("tasks", Right::Manage, Internal),
                ("identity", Right::Read, Normal),
                ("venues", Right::Manage, Normal),
                ("briefings", Right::Manage, Internal),
                ("decisions", Right::Manage, Internal),
                ("papers", Right::Manage, Internal),
                ("badges", Right::Manage, Internal),
                ("badges", Right::Manage, Normal),
                ("delegates", Right::Manage, Normal),
                ("contacts", Right::Manage, Normal),
                ("attendance", Right::Manage, Normal),
                ("credentials", Right::Manage, Normal),
                ("accreditation", Right::Manage, Normal),
                ("vehicles", Right::Manage, Normal),
                ("seating", Right::Manage, Normal),
            ],
        },
        Guest {
            login: "thu-ky-giao-ban",
            name: "Thư ký giao ban",
            office: secretary,
            grants: &[
                ("briefings", Right::Manage, Internal),
                ("tasks", Right::Read, Internal),
                ("decisions", Right::Manage, Internal),
                ("papers", Right::Manage, Internal),
            ],
        },
        Guest {
            login: "truong-tieu-ban",
            name: "Trưởng Tiểu ban",
            office: offices.leader,
            grants: &[
                ("tasks", Right::Decide, Internal),
                ("audit", Right::Read, Internal),
                ("venues", Right::Decide, Normal),
                ("briefings", Right::Decide, Internal),
                ("decisions", Right::Decide, Internal),
                ("papers", Right::Read, Internal),
                ("badges", Right::Decide, Normal),
                ("delegates", Right::Read, Normal),
                // The credential report counts ethnicity and religion.
                ("restricted", Right::Read, Normal),
                ("contacts", Right::Read, Normal),
                ("attendance", Right::Read, Normal),
                ("credentials", Right::Decide, Normal),
                ("accreditation", Right::Decide, Normal),
                ("vehicles", Right::Decide, Normal),
                ("seating", Right::Decide, Normal),
            ],
        },
        Guest {
            login: "quan-tri",
            name: "Quản trị",
            office: offices.admin,
            grants: &[
                ("identity", Right::Admin, Internal),
                ("audit", Right::Read, Internal),
                ("tasks", Right::Read, Normal),
                ("badges", Right::Admin, Normal),
            ],
        },
    ];
    let focal: &[(&str, &str, &str)] = &[
        ("dau-moi-vp", "Đầu mối Văn phòng", "Văn phòng Thành ủy"),
        ("dau-moi-btc", "Đầu mối Ban Tổ chức", "Ban Tổ chức Thành ủy"),
    ];
    for (login, name, unit) in focal {
        if let Some(office) = offices.focal.get(*unit) {
            let grants = &[
                ("tasks", Right::Contribute, Normal),
                ("briefings", Right::Read, Normal),
                ("decisions", Right::Read, Normal),
            ];
            guests.push(Guest { login, name, office: *office, grants });
        }
    }
    guests
}

fn people(tx: &mut WriteTx<'_>, offices: &Offices, secretary: OfficeId) -> Result<(), DemoError> {
    guests(offices, secretary).iter().try_for_each(|guest| seat(tx, guest))
}

fn seat(tx: &mut WriteTx<'_>, guest: &Guest) -> Result<(), DemoError> {
    let now = tx.now();
    let person = *identity::create_person(tx, guest.login, guest.name)?.value();
    let _ = identity::assign(tx, person, guest.office, now, None)?;
    for (area, right, confidentiality) in guest.grants {
        let grant = NewGrant {
            holder: Holder::Office(guest.office),
            unit: None,
            area: (*area).to_owned(),
            right: *right,
            confidentiality: *confidentiality,
            not_before: now,
            not_after: None,
            approved_by: None,
        };
        let _ = identity::grant(tx, &grant)?;
    }
    Ok(())
}

/// Fresh one-time links for the demo's people.
async fn links(db: &Db) -> Result<Vec<(&'static str, String)>, Failure> {
    const WHO: &[(&str, &str)] = &[
        ("organiser", "to-thu-ky"),
        ("leader", "truong-tieu-ban"),
        ("focal officer", "dau-moi-vp"),
        ("focal officer 2", "dau-moi-btc"),
        ("administrator", "quan-tri"),
        ("surveyor 1", "khao-sat-1"),
        ("surveyor 2", "khao-sat-2"),
        ("surveyor 3", "khao-sat-3"),
        ("secretary", "thu-ky-giao-ban"),
    ];
    db.write::<_, platform::identity::Error, _>(&Author::cli(), |tx| {
        let mut links = BTreeMap::new();
        let mut last = None;
        for (place, (role, login)) in WHO.iter().enumerate() {
            let Some(person) = identity::person_by_login(tx, login)? else { continue };
            let Some(office) = office_of(tx, person)? else { continue };
            let lifetime = Duration::from_secs(24 * 3600);
            let done = identity::issue_link(tx, person, office, LinkFor::Printed, lifetime)?;
            links.insert(place, (*role, done.value().text.clone()));
            last = Some(done);
        }
        let links: Vec<_> = links.into_values().collect();
        match last {
            Some(done) => Ok(done.map(|_| links)),
            None => Ok(tx.unchanged(links)?),
        }
    })
    .await
    .map_err(Failure::other)
}

fn office_of(tx: &mut WriteTx<'_>, person: PersonId) -> Result<Option<OfficeId>, platform::db::DbError> {
    Ok(identity::offices_of(tx, person)?.first().map(|office| office.id))
}
