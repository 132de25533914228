//! The certificate as a page to read and print. The JSON beside it is what is verified.

use askama::Template;

use super::proof::Certificate;
use crate::domain::life_cycle::german;

#[derive(Template)]
#[template(path = "certificate.html")]
struct Page<'a> {
    certificate: &'a Certificate,
    on: String,
    verifier_key: &'a str,
}

/// The page could not be drawn.
pub type PageError = askama::Error;

/// The page as HTML, self-contained.
///
/// # Errors
/// Only if the template engine fails.
pub fn render(certificate: &Certificate, verifier_key: &str) -> Result<String, PageError> {
    Page { certificate, on: german(certificate.on), verifier_key }.render()
}
