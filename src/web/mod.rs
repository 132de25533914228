//! The web door: a plain German page for every verb a browser needs. It translates and never decides.
//!
//! | file | question it answers |
//! |---|---|
//! | [`serve`](mod@serve) | how do connections come in, and for how long may they stay? |
//! | `routes` | which address is answered by which page? (a table, looked at by the tests) |
//! | `asked` | what did the browser ask, as pages see it? |
//! | `incoming` | how does a body come in that is too large to wait for? |
//! | `gate` | who asks, and did the question come from our own page? |
//! | `session`, `brake`, `turnstile` | signed in since when? too many wrong secrets? too much at once? |
//! | `answer`, `trouble`, `frame`, `words` | how is an answer, an error, a page, a word shown? |
//! | `api` | what do programs ask, and what do they get? |
//! | `plot` | where do the bars of a picture stand? |
//! | `pages` | one file per page |
//!
//! Pages are synchronous, as the registry is: they run on a thread where waiting is allowed. A page that is
//! not open to everyone gets a `gate::Visitor`, which only the gate can make, and has its rights from there.

mod answer;
mod api;
mod asked;
mod assets;
mod brake;
mod frame;
mod gate;
mod incoming;
mod pages;
mod plot;
mod routes;
pub mod serve;
mod session;
mod trouble;
mod turnstile;
mod words;

use std::sync::{Arc, Mutex};
use std::time::Duration;

pub use api::openapi::text as openapi;
pub use routes::{route_table, router};
pub use serve::serve;

use crate::registry::Registry;

/// Secrets that are stretched side by side at the most; each takes tens of megabytes.
const STRETCHING_MAX: usize = 2;
/// Page images that are drawn side by side at the most; each is a process of its own.
const DRAWING_MAX: usize = 4;
/// Office programs that make something to be read side by side at the most: each takes some hundred megabytes.
const CONVERTING_MAX: usize = 1;
/// Forecasts and trials that are made side by side at the most; each looks at every file on every processor.
const SURVEYING_MAX: usize = 1;
/// How long one of them waits for another.
const SURVEY_PATIENCE: Duration = Duration::from_secs(30);

/// What the pages share.
struct Office {
    registry: Arc<Registry>,
    sessions: session::Sessions,
    brake: brake::Brake,
    stretching: turnstile::Turnstile,
    drawing: turnstile::Turnstile,
    converting: turnstile::Turnstile,
    surveying: turnstile::Turnstile,
    /// Whoever holds it uses the set-up link; two at once cannot.
    setting_up: Mutex<()>,
}

impl Office {
    fn new(registry: Arc<Registry>) -> Self {
        Self {
            registry,
            sessions: session::Sessions::default(),
            brake: brake::Brake::default(),
            stretching: turnstile::Turnstile::new(STRETCHING_MAX),
            drawing: turnstile::Turnstile::new(DRAWING_MAX),
            converting: turnstile::Turnstile::new(CONVERTING_MAX),
            surveying: turnstile::Turnstile::new(SURVEYING_MAX),
            setting_up: Mutex::new(()),
        }
    }

    /// Waits until nobody else has every file looked at.
    fn survey(&self) -> Result<turnstile::Pass<'_>, trouble::Trouble> {
        self.surveying.enter(SURVEY_PATIENCE).ok_or(trouble::Trouble::Later {
            seconds: SURVEY_PATIENCE.as_secs(),
            why: "es werden schon für jemand anderen alle Akten durchgesehen",
        })
    }
}
