use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// By which door a change came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// A signed-in browser.
    Session,
    /// An API token.
    Token,
    /// The command line on the server.
    Cli,
    /// The program itself: a job, a timer.
    System,
}

/// Who makes a change. People act by office; the person is a random token without meaning outside this
/// installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Author {
    /// The office's title, or the program's own name for [`Via::Cli`] and [`Via::System`].
    pub office: String,
    /// The person's subject token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The session or token: its public id, never the secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<Uuid>,
    /// The door.
    pub via: Via,
    /// The request id, to find the log lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The unit of the office; not part of the line.
    #[serde(skip)]
    pub unit: Option<Uuid>,
    /// The office's id; not part of the line.
    #[serde(skip)]
    pub office_id: Option<Uuid>,
}

impl Author {
    /// The command line, used by someone who may log in to the server.
    pub fn cli() -> Self {
        Self::program("dienhong", Via::Cli)
    }

    /// The program itself; `part` names the timer or job.
    pub fn system(part: &str) -> Self {
        Self::program(part, Via::System)
    }

    fn program(name: &str, via: Via) -> Self {
        Self {
            office: name.to_owned(),
            subject: None,
            session: None,
            via,
            request: None,
            unit: None,
            office_id: None,
        }
    }
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Object {
    /// The kind, such as `task`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
}

/// What screens subscribe to; the audience is part of it, so that nothing is filtered per client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Topic(pub String);

impl Topic {
    /// A topic such as `tasks` or `tasks/PV-07`.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }
}

/// Something that happened, as the code that made it happen describes it.
#[derive(Debug, Clone)]
pub struct Event {
    pub(super) act: &'static str,
    pub(super) object: Object,
    pub(super) topics: Vec<Topic>,
    pub(super) why: Option<String>,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    pub(super) data: Value,
}

impl Event {
    /// An event: `act` is `area.verb`, such as `task.assigned`.
    pub fn new(act: &'static str, kind: &'static str, id: impl ToString) -> Self {
        Self {
            act,
            object: Object { kind, id: id.to_string() },
            topics: Vec::new(),
            why: None,
            before: None,
            after: None,
            data: Value::Null,
        }
    }

    /// Adds a topic whose screens must be drawn again.
    #[must_use]
    pub fn topic(mut self, topic: impl Into<String>) -> Self {
        self.topics.push(Topic::new(topic));
        self
    }

    /// The reason given by the person who acted.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Puts the hash of the object before the change on the line.
    #[must_use]
    pub fn before(mut self, object: &impl Serialize) -> Self {
        self.before = hash(object);
        self
    }

    /// Puts the hash of the object after the change on the line.
    #[must_use]
    pub fn after(mut self, object: &impl Serialize) -> Self {
        self.after = hash(object);
        self
    }

    /// What changed, as JSON; never personal data.
    #[must_use]
    pub fn data(mut self, data: Value) -> Self {
        self.data = data;
        self
    }
}

fn hash(object: &impl Serialize) -> Option<String> {
    serde_json::to_vec(object).ok().map(|bytes| crate::hex(&Sha256::digest(bytes)))
}
