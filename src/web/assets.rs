//! What pages look like: embedded, so that nothing is fetched from elsewhere.

use axum::http::header;
use axum::response::IntoResponse as _;

use super::Office;
use super::answer::Outcome;
use super::asked::Asked;

const STYLE: &str = include_str!("../../assets/web/schriftgut.css");
const SCRIPT: &str = include_str!("../../assets/web/suche.js");
const UPLOAD_SCRIPT: &str = include_str!("../../assets/web/aufnehmen.js");
/// tus-js-client, unchanged; its licence (MIT) lies beside it.
const TUS_SCRIPT: &str = include_str!("../../assets/web/tus-js-client/tus.min.js");
const SEAL: &str = include_str!("../../assets/web/siegel.svg");
/// How long a browser may keep them.
const KEPT: &str = "public, max-age=3600";

/// The style sheet.
pub fn style(_: &Office, _: &Asked) -> Outcome {
    Ok(kept("text/css; charset=utf-8", STYLE))
}

/// The script of the page that takes files in.
pub fn upload_script(_: &Office, _: &Asked) -> Outcome {
    Ok(kept("text/javascript; charset=utf-8", UPLOAD_SCRIPT))
}

/// The library it uses.
pub fn tus_script(_: &Office, _: &Asked) -> Outcome {
    Ok(kept("text/javascript; charset=utf-8", TUS_SCRIPT))
}

/// The script of the search page.
pub fn script(_: &Office, _: &Asked) -> Outcome {
    Ok(kept("text/javascript; charset=utf-8", SCRIPT))
}

/// The sign in the browser's tab.
pub fn seal(_: &Office, _: &Asked) -> Outcome {
    Ok(kept("image/svg+xml", SEAL))
}

fn kept(media: &'static str, text: &'static str) -> axum::response::Response {
    ([(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, KEPT)], text).into_response()
}
