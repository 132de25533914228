//! Why a page cannot be shown, and the page that says so in three parts. A thing that is hidden from a person
//! and one that does not exist are the same trouble, and so the same page.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::Office;
use super::answer::{Outcome, page, see_other};
use super::frame::Frame;
use super::gate::Visitor;
use super::words::percent_encoded;
use crate::domain::refusal::Refusal;
use crate::registry::{Answer, Error, Words};

/// Why there is no page.
#[derive(Debug)]
pub enum Trouble {
    /// Not there, or not for this person.
    NotFound,
    /// No role of this person allows it.
    Forbidden(Refusal),
    /// The office says no.
    Office(Error),
    /// Nobody is signed in (any more).
    SignInFirst {
        /// Where to go afterwards, if the question only looked.
        back: Option<String>,
    },
    /// No token was brought that is valid. Which of the ways it is not, nobody is told.
    NoToken,
    /// The form is not from one of our own pages.
    NotOurForm,
    /// Too many tries or too much at once: come back after so many seconds.
    Later {
        /// Seconds.
        seconds: u64,
        /// Why, German.
        why: &'static str,
    },
    /// The request itself cannot be read.
    Malformed(StatusCode),
    /// The page could not be drawn, or the program broke off.
    Broken(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Office(error)
    }
}

impl From<askama::Error> for Trouble {
    fn from(error: askama::Error) -> Self {
        Self::Broken(error.to_string())
    }
}

/// For what is named in an address.
pub trait OrNotFound<T> {
    /// A mistake can here only mean that the thing is not there for this person.
    fn or_not_found(self) -> Result<T, Trouble>;
}

impl<T> OrNotFound<T> for Answer<T> {
    fn or_not_found(self) -> Result<T, Trouble> {
        self.map_err(|error| match error {
            Error::Mistake(_) => Trouble::NotFound,
            other => Trouble::Office(other),
        })
    }
}

impl Trouble {
    /// The status that tells programs.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) | Self::NotOurForm => StatusCode::FORBIDDEN,
            Self::Office(Error::Refusal(_)) => StatusCode::CONFLICT,
            Self::Office(Error::Mistake(_)) => StatusCode::BAD_REQUEST,
            Self::Office(Error::Fault { .. }) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignInFirst { .. } | Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::Later { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Malformed(status) => *status,
        }
    }

    /// The three parts people read.
    pub fn words(&self) -> Words {
        let words = |what: &str, why: &str, way_out: &str| Words {
            what: what.to_owned(),
            why: why.to_owned(),
            way_out: way_out.to_owned(),
        };
        match self {
            Self::NotFound => words(
                "Nicht gefunden",
                "unter dieser Adresse gibt es nichts, oder Sie dürfen es nicht sehen",
                "prüfen Sie die Schreibweise oder benutzen Sie die Suche",
            ),
            Self::Forbidden(refusal) => words(&refusal.what, &refusal.why, &refusal.way_out),
            Self::Office(error) => error.words(),
            Self::SignInFirst { .. } => words(
                "Sie sind nicht angemeldet",
                "die Sitzung ist beendet oder hat noch nicht begonnen; es wurde nichts geändert",
                "melden Sie sich an und wiederholen Sie den Schritt",
            ),
            Self::NoToken => words(
                "Es wurde kein Zugangsschlüssel vorgelegt, der gilt",
                "er fehlt, ist falsch, abgelaufen oder widerrufen, oder seine Person ist gesperrt",
                "senden Sie einen gültigen mit Authorization: Bearer; ausgestellt wird er auf der Seite „Ihr Konto“",
            ),
            Self::NotOurForm => words(
                "Die Eingabe wurde nicht angenommen",
                "sie kam nicht von einer Seite dieser Sitzung; es wurde nichts geändert",
                "laden Sie die Seite neu und wiederholen Sie den Schritt",
            ),
            Self::Later { seconds, why } => Words {
                what: "Das geht im Augenblick nicht".to_owned(),
                why: (*why).to_owned(),
                way_out: format!("versuchen Sie es in {seconds} Sekunden wieder"),
            },
            Self::Malformed(_) => words(
                "Die Anfrage ist nicht lesbar",
                "sie ist zu groß, kam nicht vollständig an oder hat nicht die erwartete Form",
                "gehen Sie zurück und versuchen Sie es erneut",
            ),
            Self::Broken(_) => words(
                "Die Seite kann nicht gezeigt werden",
                "das Programm meldet einen Fehler",
                "versuchen Sie es erneut und unterrichten Sie die Administration, wenn er bleibt",
            ),
        }
    }

    /// For the log, once, without content; none for what is the asker's affair.
    pub fn for_the_log(&self) -> Option<String> {
        match self {
            Self::Broken(cause) => Some(cause.clone()),
            Self::Office(Error::Fault { words, .. }) => Some(format!("{}: {}", words.what, words.why)),
            _ => None,
        }
    }

    /// The answer to the browser.
    pub fn answer(&self, office: &Office, visitor: Option<&Visitor>) -> Response {
        if let Self::SignInFirst { back: Some(back) } = self {
            let to = if back == "/" {
                "/anmelden".to_owned()
            } else {
                format!("/anmelden?weiter={}", percent_encoded(back))
            };
            return see_other(&to);
        }
        let mut response = self.page(office, visitor).unwrap_or_else(|_| self.status().into_response());
        if let Self::Later { seconds, .. } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
        }
        response
    }

    fn page(&self, office: &Office, visitor: Option<&Visitor>) -> Outcome {
        let frame = visitor.map_or_else(|| Frame::open(office), |visitor| Frame::of(office, visitor, ""));
        let sign_in = matches!(self, Self::SignInFirst { .. });
        page(self.status(), &TroublePage { frame, words: self.words(), sign_in })
    }
}

#[derive(Template)]
#[template(path = "web/trouble.html")]
struct TroublePage {
    frame: Frame,
    words: Words,
    sign_in: bool,
}
