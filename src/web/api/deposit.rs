//! A document that a program sends: its bytes are the body, what is to be said of it stands in the address. One key of the
//! program's own per document makes that it can be sent again without being there twice. What is read on the way is sealed,
//! and never held in memory. Which file it goes into the registry decides; here words become types.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::gate::Bearer;
use super::openapi::{Description, Parameter};
use super::{Endpoint, Show, json, problem};
use crate::base::digest::Sha256;
use crate::domain::protection::ProtectionDomain;
use crate::format::content_digest;
use crate::registry::{Deposited, NewDeposit, Receipt, RepeatKey, Target};
use crate::web::Office;
use crate::web::answer::Outcome;
use crate::web::asked::{Asked, FIELD_CHARS_MAX, mistake};
use crate::web::incoming::Incoming;
use crate::web::pages::OK;
use crate::web::trouble::Trouble;

const WHAT: &str = "Das Dokument wird nicht abgelegt";
/// The program's own key.
const KEY: &str = "idempotency-key";
/// What can be said of a document.
const NAMES: [&str; 10] =
    ["name", "file", "class", "title", "type", "domain", "field", "case", "register", "pages"];
/// Seconds until one that is on its way twice may be sent again.
const SECONDS_WHILE_BUSY: u64 = 10;

/// `POST /api/v1/documents`
pub const DEPOSIT: Endpoint = Endpoint {
    show: Show::Streamed(deposit),
    describe: || {
        let domains = ProtectionDomain::ALL.map(ProtectionDomain::code);
        Description::new("Ein Dokument ablegen", "ablegen")
            .parameter(Parameter::header(
                "Idempotency-Key",
                "Wie das Programm dieses Dokument nennt, etwa eine UUID (1 bis 200 sichtbare ASCII-Zeichen). Dieselbe \
                 Anfrage noch einmal legt nichts doppelt an.",
            ).required())
            .parameter(Parameter::header(
                "Content-Digest",
                "Prüfsumme des Inhalts nach RFC 9530, sha-256=:…:; stimmt sie nicht, wird nichts abgelegt",
            ))
            .parameter(Parameter::query("name", "Name der Datei").required())
            .parameter(Parameter::query("file", "Aktenzeichen; ohne Angabe in den Posteingang"))
            .parameter(Parameter::query("class", "Aktenplaneinheit, falls die Akte neu ist"))
            .parameter(Parameter::query("title", "Betreff, falls die Akte neu ist"))
            .parameter(Parameter::query("type", "Aktenart, falls die Akte neu ist (die der Aktenplaneinheit)"))
            .parameter(Parameter::query("domain", "Schutzbereich, falls die Akte neu ist").one_of(&domains))
            .parameter(Parameter::query(
                "field",
                "Feld der Aktenart, falls die Akte neu ist, als NAME=WERT; mehrmals für mehrere",
            ))
            .parameter(Parameter::query("case", "Vorgang in der Akte; wird angelegt, wenn es ihn nicht gibt"))
            .parameter(Parameter::query("register", "Register der Akte, in dem das Dokument liegt"))
            .parameter(
                Parameter::query("pages", "So viele Seiten soll es haben").number(1, u32::MAX as usize),
            )
            .takes_bytes("Der Inhalt des Dokuments, Byte für Byte; ob mit Content-Length oder ohne")
            .creates::<DepositAnswer>("Das Dokument kam unter diesem Idempotency-Key schon; es ist nicht doppelt da")
            .or(StatusCode::CONFLICT, "Das Dokument ist gerade schon unterwegs, oder es ist zu viel zugleich unterwegs")
            .or(StatusCode::PAYLOAD_TOO_LARGE, "Das Dokument ist zu groß")
            .or(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Der Inhalt ist verpackt statt so, wie er ist")
            .or(StatusCode::UNPROCESSABLE_ENTITY, "Das Dokument wird nicht abgelegt; der Grund steht dabei")
            .or(StatusCode::INSUFFICIENT_STORAGE, "Der Datenträger ist voll")
    },
};

/// What became of a document that was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct DepositAnswer {
    /// Its id. It was acknowledged: it is durable.
    document: String,
    /// `taken`; `known` if a document with the same content was there already; `taken_before` if this one was.
    outcome: &'static str,
    /// The reference number of the file it was put into; none for the in-tray, and where it was taken before.
    file: Option<String>,
    /// Bytes that came.
    size_bytes: u64,
    /// Their SHA-256.
    sha256: String,
}

impl From<&Receipt> for DepositAnswer {
    fn from(receipt: &Receipt) -> Self {
        Self {
            document: receipt.document.to_string(),
            outcome: match receipt {
                Receipt { is_repeated: true, .. } => "taken_before",
                Receipt { is_known: true, .. } => "known",
                _ => "taken",
            },
            file: receipt.file.as_ref().map(ToString::to_string),
            size_bytes: receipt.size_bytes,
            sha256: receipt.sha256.to_string(),
        }
    }
}

fn deposit(office: &Office, bearer: &Bearer, asked: &Asked, incoming: &mut Incoming) -> Outcome {
    let clerk = bearer.filer()?;
    require_bare(asked)?;
    let key: RepeatKey = asked.header(KEY).and_then(|text| text.parse().ok()).ok_or_else(|| {
        mistake(
            WHAT,
            "der Idempotency-Key fehlt, ist zu lang oder enthält anderes als sichtbare ASCII-Zeichen",
            "senden Sie mit jedem Dokument einen eigenen, etwa eine UUID; wer dasselbe noch einmal sendet, nimmt denselben",
        )
    })?;
    let said = Said::of(asked)?;
    let file_name = said.one("name")?.unwrap_or_default();
    let new = NewDeposit {
        key: &key,
        file_name,
        target: said.target()?,
        announced_bytes: incoming.announced_bytes,
        sha256: digest(asked)?,
    };
    match office.registry.deposit(clerk, new, &mut incoming.bytes()) {
        Ok(Deposited::There(receipt)) => there(&receipt),
        Ok(Deposited::Refused(words)) => Ok(problem::unprocessable(&words)),
        Ok(Deposited::Busy) => Ok(busy()),
        Ok(Deposited::CutOff) => Err(Trouble::Malformed(StatusCode::BAD_REQUEST)),
        Ok(Deposited::TooLong) => Err(Trouble::Malformed(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(error) if error.is_for_want_of_room() => {
            Ok(problem::with_status(StatusCode::INSUFFICIENT_STORAGE, &error.words()))
        }
        Err(error) => Err(error.into()),
    }
}

fn there(receipt: &Receipt) -> Outcome {
    let status = if receipt.is_repeated { OK } else { StatusCode::CREATED };
    let mut response = json(status, &DepositAnswer::from(receipt))?;
    if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/documents/{}", receipt.document)) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

fn busy() -> Response {
    let words = crate::registry::Words {
        what: WHAT.to_owned(),
        why: "unter diesem Idempotency-Key ist es gerade schon unterwegs".to_owned(),
        way_out: format!(
            "senden Sie es in {SECONDS_WHILE_BUSY} Sekunden noch einmal, dann steht fest, was daraus wurde"
        ),
    };
    let mut response = problem::with_status(StatusCode::CONFLICT, &words);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(SECONDS_WHILE_BUSY));
    response.into_response()
}

/// The body is the document, and nothing around it: a form would be kept as it came, with its borders.
fn require_bare(asked: &Asked) -> Result<(), Trouble> {
    let says = |name: &str| asked.header(name).unwrap_or_default().trim().to_ascii_lowercase();
    let is_form = says(header::CONTENT_TYPE.as_str()).starts_with("multipart/");
    let is_packed = !matches!(says(header::CONTENT_ENCODING.as_str()).as_str(), "" | "identity");
    if is_form || is_packed { Err(Trouble::Malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE)) } else { Ok(()) }
}

/// The digest that is said; a mistake if there is one that cannot be held against what comes.
fn digest(asked: &Asked) -> Result<Option<Sha256>, Trouble> {
    let Some(text) = asked.header("content-digest") else { return Ok(None) };
    content_digest::read(text).map(Some).ok_or_else(|| {
        mistake(
            WHAT,
            "Content-Digest nennt keine Prüfsumme sha-256=:…: (RFC 9530)",
            "senden Sie SHA-256 in Base64, oder lassen Sie die Zeile weg",
        )
    })
}

/// What is said in the address.
struct Said<'a>(BTreeMap<&'a str, Vec<&'a str>>);

impl<'a> Said<'a> {
    /// A name that is not known is a mistake: it would be filed elsewhere than was meant.
    fn of(asked: &'a Asked) -> Result<Self, Trouble> {
        let mut said: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in asked.queries() {
            if !NAMES.contains(&name) {
                let why = format!(
                    "in der Adresse steht eine Angabe, die es nicht gibt (möglich: {})",
                    NAMES.join(", ")
                );
                return Err(mistake(WHAT, why, "lassen Sie sie weg, oder berichtigen Sie ihren Namen"));
            }
            if value.chars().count() > FIELD_CHARS_MAX || value.chars().any(char::is_control) {
                let why =
                    format!("„{name}“ ist länger als {FIELD_CHARS_MAX} Zeichen oder enthält Steuerzeichen");
                return Err(mistake(WHAT, why, "kürzen Sie die Angabe"));
            }
            if !value.trim().is_empty() {
                said.entry(name).or_default().push(value.trim());
            }
        }
        Ok(Self(said))
    }

    fn one(&self, name: &str) -> Result<Option<&'a str>, Trouble> {
        match self.0.get(name).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([one]) => Ok(Some(one)),
            Some(_) => Err(mistake(WHAT, format!("„{name}“ steht mehrmals da"), "nennen Sie es einmal")),
        }
    }

    /// One of these, as the type wanted.
    fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Trouble> {
        self.one(name)?.map(str::parse).transpose().map_err(|_| {
            mistake(
                WHAT,
                format!("„{name}“ ist nicht lesbar"),
                "vergleichen Sie die Angabe mit /api/v1/openapi.json",
            )
        })
    }

    /// Where the document goes; none for the in-tray.
    fn target(&self) -> Result<Option<Target>, Trouble> {
        let Some(reference) = self.parsed("file")? else {
            return match self.0.keys().find(|name| **name != "name") {
                None => Ok(None),
                Some(name) => Err(mistake(
                    WHAT,
                    format!("„{name}“ gehört zu einer Akte, und es ist keine genannt"),
                    "nennen Sie mit „file“ das Aktenzeichen",
                )),
            };
        };
        let text = |name| Ok::<_, Trouble>(self.one(name)?.map(str::to_owned));
        Ok(Some(Target {
            class: self.parsed("class")?,
            title: text("title")?,
            domain: self.parsed("domain")?,
            record_type: text("type")?,
            fields: self.fields()?,
            case: text("case")?,
            register: self.parsed("register")?,
            page_count: self.parsed::<std::num::NonZeroU32>("pages")?.map(std::num::NonZeroU32::get),
            ..Target::of(reference)
        }))
    }

    fn fields(&self) -> Result<BTreeMap<String, String>, Trouble> {
        let mut fields = BTreeMap::new();
        for said in self.0.get("field").into_iter().flatten() {
            let pair =
                said.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
            let is_new = pair.map(|(name, value)| fields.insert(name, value).is_none());
            if is_new != Some(true) {
                return Err(mistake(
                    WHAT,
                    "ein „field“ ist nicht als NAME=WERT geschrieben, oder ein Name steht zweimal da",
                    "schreiben Sie etwa field=street%3DRingstra%C3%9Fe",
                ));
            }
        }
        Ok(fields)
    }
}
