//! What the browser asked, as pages see it: names and values, a peer, and what tells where a form came from.
//! Nothing here is trusted; texts are read into types here, once.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{Form, FromRequest as _, FromRequestParts as _, Query, RawPathParams, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use jiff::civil::Date;

use super::serve::{BODY_READ_MAX, Peer};
use super::trouble::Trouble;
use crate::registry::Error;

/// Longest text of one field of a form, in characters.
pub const FIELD_CHARS_MAX: usize = 4_000;

/// What every form carries.
pub const CSRF_FIELD: &str = "csrf";
/// The same, where there is no form. A page of another site cannot send it.
const CSRF_HEADER: &str = "x-schriftgut-csrf";

type Pairs = Vec<(String, String)>;

/// A question.
pub struct Asked {
    params: Pairs,
    query: Pairs,
    form: Pairs,
    bytes: Bytes,
    headers: HeaderMap,
    /// Path and query as they were asked.
    pub address: String,
    /// It wants to change something.
    pub changes: bool,
    /// Where it came from.
    pub peer: IpAddr,
}

impl Asked {
    /// Reads a request; the form within its time and size limits.
    pub async fn read(request: Request) -> Result<Self, Trouble> {
        let (mut asked, request) = Self::head(request).await?;
        if asked.changes {
            let reading = Form::<Pairs>::from_request(request, &());
            let Form(form) = in_time(async { reading.await.map_err(|rejected| rejected.status()) }).await?;
            asked.form = form;
        }
        Ok(asked)
    }

    /// Reads a request of a program; what it sends as it is, within the same limits.
    pub async fn read_bytes(request: Request) -> Result<Self, Trouble> {
        let (mut asked, request) = Self::head(request).await?;
        if asked.changes {
            let reading = Bytes::from_request(request, &());
            asked.bytes = in_time(async { reading.await.map_err(|rejected| rejected.status()) }).await?;
        }
        Ok(asked)
    }

    /// Reads all but a body that comes in pieces. It is asked to change something, whatever the method: only our own page may.
    pub async fn read_head(request: Request) -> Result<(Self, Request), Trouble> {
        let (mut asked, request) = Self::head(request).await?;
        asked.changes = true;
        if let Some(token) = asked.header(CSRF_HEADER).map(str::to_owned) {
            asked.form.push((CSRF_FIELD.to_owned(), token));
        }
        Ok((asked, request))
    }

    /// A field that came first in such a body.
    pub fn add_field(&mut self, name: String, value: String) {
        self.form.push((name, value));
    }

    /// Reads all but the body.
    async fn head(request: Request) -> Result<(Self, Request), Trouble> {
        let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0);
        let (mut parts, body) = request.into_parts();
        let params = match RawPathParams::from_request_parts(&mut parts, &()).await {
            Ok(params) => params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            Err(_) => return Err(Trouble::NotFound),
        };
        let query = Query::<Pairs>::from_request_parts(&mut parts, &()).await;
        let Query(query) = query.map_err(|_| Trouble::Malformed(StatusCode::BAD_REQUEST))?;
        let changes = parts.method == Method::POST;
        let headers = parts.headers.clone();
        let address = parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let (form, bytes) = (Pairs::new(), Bytes::new());
        let asked = Self { params, query, form, bytes, headers, address, changes, peer };
        Ok((asked, Request::from_parts(parts, body)))
    }

    /// The part of the path with this name, as the type wanted; what does not parse does not exist.
    pub fn param<T: FromStr>(&self, name: &str) -> Result<T, Trouble> {
        first(&self.params, name).and_then(|text| text.parse().ok()).ok_or(Trouble::NotFound)
    }

    /// A value behind the question mark.
    pub fn query(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// All that stands behind the question mark.
    pub fn queries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A number behind the question mark, from 1; 1 if there is none.
    pub fn number(&self, name: &str) -> Result<usize, Trouble> {
        match self.query(name) {
            None => Ok(1),
            Some(text) => text.parse().ok().filter(|number| *number >= 1).ok_or(Trouble::NotFound),
        }
    }

    /// A field of the form without blanks at its ends; empty if it is missing.
    pub fn field(&self, name: &str) -> Result<&str, Trouble> {
        self.long_field(name, FIELD_CHARS_MAX)
    }

    /// The same for a field that takes more than others.
    pub fn long_field(&self, name: &str, chars_max: usize) -> Result<&str, Trouble> {
        let text = first(&self.form, name).unwrap_or_default().trim();
        if text.chars().count() > chars_max {
            return Err(mistake(
                "Die Eingabe ist zu lang",
                format!("das Feld fasst {chars_max} Zeichen"),
                "kürzen Sie den Text",
            ));
        }
        Ok(text)
    }

    /// A field that must be filled; `label` is what its form calls it.
    pub fn filled(&self, name: &str, label: &str) -> Result<&str, Trouble> {
        match self.field(name)? {
            "" => Err(mistake(
                "Die Eingabe ist unvollständig",
                format!("das Feld „{label}“ ist leer"),
                "gehen Sie zurück und füllen Sie es aus",
            )),
            text => Ok(text),
        }
    }

    /// A secret: as typed, blanks included.
    pub fn secret(&self, name: &str) -> &str {
        first(&self.form, name).unwrap_or_default()
    }

    /// Every value of a field that may be ticked more than once, as the type wanted.
    pub fn ticked<T: FromStr>(&self, name: &str) -> Result<Vec<T>, Trouble> {
        let values = self.form.iter().filter(|(own, _)| own == name);
        values
            .map(|(_, text)| text.parse().map_err(|_| Trouble::Malformed(StatusCode::BAD_REQUEST)))
            .collect()
    }

    /// A day: `2026-11-22` as browsers send it, or `22.11.2026` as people write it; `today` if the field is empty.
    pub fn day(&self, name: &str, today: Date) -> Result<Date, Trouble> {
        Ok(self.day_if_any(name)?.unwrap_or(today))
    }

    /// The same, none if the field is empty.
    pub fn day_if_any(&self, name: &str) -> Result<Option<Date>, Trouble> {
        let text = self.field(name)?;
        if text.is_empty() {
            return Ok(None);
        }
        let day = text.parse().or_else(|_| Date::strptime("%d.%m.%Y", text));
        day.map(Some).map_err(|_| {
            mistake(
                "Das Datum ist nicht lesbar",
                format!("„{text}“ ist kein Tag"),
                "schreiben Sie es wie 22.11.2026",
            )
        })
    }

    /// What a program sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let all = self.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// A header, if it is plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The browser reached us under a name of this machine itself, where no TLS is needed.
    pub fn is_local(&self) -> bool {
        let host = self.header("host").unwrap_or("localhost");
        let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
        matches!(name.map_or(host, |(name, _)| name), "localhost" | "127.0.0.1" | "[::1]")
    }
}

/// Bad input, in three parts.
pub fn mistake(what: &str, why: impl Into<String>, way_out: &str) -> Trouble {
    Trouble::Office(Error::mistake(what, why, way_out))
}

fn first<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// A body, unless it takes too long or is refused.
async fn in_time<T>(reading: impl Future<Output = Result<T, StatusCode>>) -> Result<T, Trouble> {
    let read = tokio::time::timeout(BODY_READ_MAX, reading).await;
    read.unwrap_or(Err(StatusCode::REQUEST_TIMEOUT)).map_err(Trouble::Malformed)
}
