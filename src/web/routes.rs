//! Which address is answered by which page. The table is data: the tests walk it, so that no address can be
//! without a gate by accident.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, any, on};

use super::answer::{Outcome, with_safe_headers};
use super::api::{self, Endpoint};
use super::asked::Asked;
use super::gate::{self, Visitor};
use super::incoming::Incoming;
use super::pages::{
    account, certificate, check, deliveries, document, file, forecast, holds, keep, list, lists, merge,
    new_file, paper, people, reading, rendition, rules, saved, search, setup, sign_in, split, start, streets,
    suggest, transfer_note, trial, tus, upload,
};
use super::trouble::Trouble;
use super::{Office, assets};
use crate::registry::Registry;

/// Largest form. It is read before the gate knows who sends it.
pub const FORM_BYTES_MAX: usize = 256 * 1024;
/// The form that may be larger: a street register of [`streets::REGISTER_CHARS_MAX`], in which an umlaut takes six bytes.
const LARGE_FORM: (&str, usize) = ("/strassen", 1024 * 1024);

/// A page: open to everyone, or for somebody the gate has let in (then perhaps with a body of any size, which is read only
/// after the gate); or an endpoint for programs, which has a gate of its own.
#[derive(Clone, Copy)]
enum Page {
    Open(fn(&Office, &Asked) -> Outcome),
    Gated(fn(&Office, &Visitor, &Asked) -> Outcome),
    Streamed(fn(&Office, &Visitor, &Asked, &mut Incoming) -> Outcome),
    Api(&'static Endpoint),
}

use Page::{Api, Gated, Open, Streamed};

const GET: &str = "GET";
const POST: &str = "POST";
const HEAD: &str = "HEAD";
const PATCH: &str = "PATCH";
const DELETE: &str = "DELETE";
const OPTIONS: &str = "OPTIONS";

/// Every address.
const ROUTES: &[(&str, &str, Page)] = &[
    (GET, "/assets/schriftgut.css", Open(assets::style)),
    (GET, "/assets/siegel.svg", Open(assets::seal)),
    (GET, "/assets/suche.js", Open(assets::script)),
    (GET, "/assets/aufnehmen.js", Open(assets::upload_script)),
    (GET, "/assets/tus.min.js", Open(assets::tus_script)),
    (GET, "/einrichten", Open(setup::show)),
    (POST, "/einrichten", Open(setup::finish)),
    (GET, "/anmelden", Open(sign_in::show)),
    (POST, "/anmelden", Open(sign_in::enter)),
    (POST, "/abmelden", Gated(sign_in::leave)),
    (GET, "/kennwort", Gated(account::show)),
    (POST, "/kennwort", Gated(account::change_secret)),
    (POST, "/kennwort/vertretung", Gated(account::name_deputy)),
    (POST, "/kennwort/vertretung/beenden", Gated(account::end_deputies)),
    (POST, "/kennwort/schluessel", Gated(account::issue_token)),
    (POST, "/kennwort/schluessel/{schluessel}/widerrufen", Gated(account::revoke_token)),
    (GET, "/", Gated(start::show)),
    (GET, "/suche", Gated(search::show)),
    (GET, "/suche/vorschlag", Gated(suggest::show)),
    (GET, "/gespeichert", Gated(saved::show)),
    (POST, "/gespeichert", Gated(saved::save)),
    (GET, "/gespeichert/{suche}", Gated(saved::show_new)),
    (POST, "/gespeichert/{suche}/gesehen", Gated(saved::mark_seen)),
    (POST, "/gespeichert/{suche}/umbenennen", Gated(saved::rename)),
    (POST, "/gespeichert/{suche}/entfernen", Gated(saved::remove)),
    (GET, "/aufnehmen", Gated(upload::show)),
    (POST, "/aufnehmen", Streamed(upload::take_form)),
    (OPTIONS, "/aufnehmen/teile", Open(tus::describe)),
    (POST, "/aufnehmen/teile", Streamed(tus::begin)),
    (HEAD, "/aufnehmen/teile/{teil}", Streamed(tus::look)),
    (PATCH, "/aufnehmen/teile/{teil}", Streamed(tus::go_on)),
    (DELETE, "/aufnehmen/teile/{teil}", Streamed(tus::end)),
    (POST, "/aufnehmen/teile/{teil}/verwerfen", Gated(upload::discard)),
    (GET, "/akten/neu", Gated(new_file::show)),
    (POST, "/akten/neu", Gated(new_file::open)),
    (GET, "/akte/{akte}", Gated(file::show)),
    (POST, "/akte/{akte}/schliessen", Gated(file::close)),
    (POST, "/akte/{akte}/oeffnen", Gated(file::reopen)),
    (POST, "/akte/{akte}/tatsache", Gated(file::record_fact)),
    (POST, "/akte/{akte}/sperre", Gated(file::place_hold)),
    (POST, "/akte/{akte}/sperre/{sperre}/aufheben", Gated(file::release_hold)),
    (GET, "/akte/{akte}/deckblatt.pdf", Gated(file::cover_sheet)),
    (GET, "/akte/{akte}/aendern", Gated(keep::show_change)),
    (POST, "/akte/{akte}/aendern", Gated(keep::change)),
    (POST, "/akte/{akte}/einordnen", Gated(file::sort)),
    (GET, "/akte/{akte}/zusammenfuegen", Gated(merge::show)),
    (POST, "/akte/{akte}/zusammenfuegen", Gated(merge::merge)),
    (POST, "/akte/{akte}/bezug", Gated(keep::relate)),
    (POST, "/akte/{akte}/vermerk", Gated(keep::note)),
    (POST, "/akte/{akte}/wiedervorlage", Gated(keep::remind)),
    (POST, "/akte/{akte}/wiedervorlage/{wiedervorlage}/erledigt", Gated(keep::finish_reminder)),
    (POST, "/akte/{akte}/standort", Gated(paper::place)),
    (POST, "/akte/{akte}/ausleihe", Gated(paper::lend)),
    (POST, "/akte/{akte}/rueckgabe", Gated(paper::give_back)),
    (GET, "/papier", Gated(paper::show)),
    (GET, "/pruefen", Gated(check::list)),
    (GET, "/pruefen/{dokument}", Gated(check::show)),
    (POST, "/pruefen/{dokument}/seiten", Gated(check::count)),
    (POST, "/pruefen/{dokument}/vermerk", Gated(check::note)),
    (GET, "/pruefen/{dokument}/seite/{seite}", Gated(check::show_page)),
    (POST, "/pruefen/{dokument}/seite/{seite}", Gated(check::look)),
    (GET, "/dokument/{dokument}", Gated(document::show)),
    (POST, "/dokument/{dokument}/ablegen", Gated(document::put_into_file)),
    (POST, "/dokument/{dokument}/umlegen", Gated(document::refile)),
    (POST, "/dokument/{dokument}/zurueckziehen", Gated(document::withdraw)),
    (POST, "/dokument/{dokument}/wieder", Gated(document::reinstate)),
    (POST, "/dokument/{dokument}/teilen", Gated(split::split)),
    (GET, "/dokument/{dokument}/transfervermerk", Gated(transfer_note::show)),
    (GET, "/dokument/{dokument}/transfervermerk.xml", Gated(transfer_note::save)),
    (GET, "/dokument/{dokument}/original", Gated(document::original)),
    (GET, "/dokument/{dokument}/seite/{seite}", Gated(document::show_page)),
    (GET, "/dokument/{dokument}/seite/{seite}/bild.png", Gated(document::image)),
    (GET, "/dokument/{dokument}/lesefassung.pdf", Gated(rendition::save)),
    (GET, "/dokument/{dokument}/lesefassung/{seite}", Gated(rendition::show)),
    (GET, "/dokument/{dokument}/lesefassung/{seite}/bild.png", Gated(rendition::image)),
    (GET, "/listen", Gated(lists::show)),
    (POST, "/listen", Gated(lists::create)),
    (GET, "/listen/{liste}", Gated(list::show)),
    (POST, "/listen/{liste}/anbieten", Gated(list::offer)),
    (POST, "/listen/{liste}/bewerten", Gated(list::appraise)),
    (POST, "/listen/{liste}/vorschlaege", Gated(list::follow_proposals)),
    (POST, "/listen/{liste}/vorschlagen", Gated(list::propose)),
    (POST, "/listen/{liste}/freigeben", Gated(list::approve)),
    (POST, "/listen/{liste}/zurueckziehen", Gated(list::withdraw)),
    (POST, "/listen/{liste}/ausfuehren", Gated(list::execute)),
    (GET, "/listen/{liste}/protokoll.html", Gated(certificate::page)),
    (GET, "/listen/{liste}/protokoll.json", Gated(certificate::proof)),
    (GET, "/listen/{liste}/protokoll.pdf", Gated(certificate::pdf)),
    (GET, "/lesen", Gated(reading::show)),
    (POST, "/lesen/{dokument}/nochmal", Gated(reading::retry)),
    (POST, "/lesen/{dokument}/aufgeben", Gated(reading::give_up)),
    (GET, "/lieferungen", Gated(deliveries::show)),
    (GET, "/lieferungen/{lieferung}", Gated(deliveries::show_one)),
    (POST, "/lieferungen/{lieferung}/entfernen", Gated(deliveries::forget)),
    (GET, "/sperren", Gated(holds::show)),
    (POST, "/sperren", Gated(holds::place)),
    (POST, "/sperren/{sperre}/aufheben", Gated(holds::release)),
    (GET, "/vorschau", Gated(forecast::show)),
    (GET, "/regeln", Gated(rules::show)),
    (POST, "/regeln/bestaetigen", Gated(rules::confirm)),
    (POST, "/regeln/in-kraft", Gated(rules::enact)),
    (GET, "/regeln/erproben", Gated(trial::show)),
    (GET, "/regeln/erproben/akten.csv", Gated(trial::save)),
    (GET, "/strassen", Gated(streets::show)),
    (POST, "/strassen", Gated(streets::set)),
    (GET, "/personen", Gated(people::show)),
    (POST, "/personen", Gated(people::add)),
    (POST, "/personen/rechte", Gated(people::set_rights)),
    (POST, "/personen/kennwort", Gated(people::set_secret)),
    (GET, "/api/v1/openapi.json", Api(&api::openapi::OPENAPI)),
    (GET, "/api/v1/files/{reference}", Api(&api::files::FILE)),
    (GET, "/api/v1/files/{reference}/why", Api(&api::files::WHY)),
    (GET, "/api/v1/documents/{id}", Api(&api::documents::DOCUMENT)),
    (POST, "/api/v1/documents", Api(&api::deposit::DEPOSIT)),
    (GET, "/api/v1/documents/{id}/reading", Api(&api::documents::READING)),
    (GET, "/api/v1/documents/{id}/original", Api(&api::documents::ORIGINAL)),
    (GET, "/api/v1/documents/{id}/rendition", Api(&api::documents::RENDITION)),
    (GET, "/api/v1/search", Api(&api::search::SEARCH)),
    (POST, "/api/v1/facts", Api(&api::facts::FACTS)),
];

/// Method and address of every page, for whoever wants to look at all of them.
pub fn route_table() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().map(|(method, path, _)| (*method, *path))
}

/// Method, address and endpoint of all that is for programs.
pub(super) fn endpoints() -> impl Iterator<Item = (&'static str, &'static str, &'static Endpoint)> {
    ROUTES.iter().filter_map(|(method, path, page)| match page {
        Api(endpoint) => Some((*method, *path, *endpoint)),
        Open(_) | Gated(_) | Streamed(_) => None,
    })
}

/// All pages over a registry.
pub fn router(registry: Arc<Registry>) -> Router {
    let office = Arc::new(Office::new(registry));
    let mut router = Router::new();
    for (method, path, page) in ROUTES.iter().filter(|(_, _, page)| !matches!(page, Api(_))) {
        let office = Arc::clone(&office);
        let filter = match *method {
            POST => MethodFilter::POST,
            HEAD => MethodFilter::HEAD,
            PATCH => MethodFilter::PATCH,
            DELETE => MethodFilter::DELETE,
            OPTIONS => MethodFilter::OPTIONS,
            _ => MethodFilter::GET,
        };
        if let Streamed(show) = *page {
            let answer = move |request: Request| answer_streamed(Arc::clone(&office), path, show, request);
            router = router.route(path, on(filter, answer).layer(DefaultBodyLimit::disable()));
            continue;
        }
        let answer = move |request: Request| answer(Arc::clone(&office), path, *page, request);
        let (large, bytes_max) = LARGE_FORM;
        let bytes_max = if *path == large { bytes_max } else { FORM_BYTES_MAX };
        router = router.route(path, on(filter, answer).layer(DefaultBodyLimit::max(bytes_max)));
    }
    let nothing = {
        let office = Arc::clone(&office);
        move |request: Request| {
            let (office, for_programs) = (Arc::clone(&office), request.uri().path().starts_with(api::ROOT));
            async move { if for_programs { api::nothing() } else { Trouble::NotFound.answer(&office, None) } }
        }
    };
    with_endpoints(router, &office).fallback(nothing).layer(map_response(with_safe_headers))
}

/// The addresses for programs: whatever the method, the answer is one that programs read.
fn with_endpoints(mut router: Router, office: &Arc<Office>) -> Router {
    let paths: BTreeSet<_> = endpoints().map(|(_, path, _)| path).collect();
    for path in paths {
        let here = endpoints().filter(|(_, own, _)| *own == path);
        let here: Arc<[_]> = here.map(|(method, _, endpoint)| (method, endpoint)).collect();
        let office = Arc::clone(office);
        let answer =
            move |request: Request| api::answer(Arc::clone(&office), path, Arc::clone(&here), request);
        router = router.route(path, any(answer).layer(DefaultBodyLimit::max(api::BODY_BYTES_MAX)));
    }
    router
}

/// Reads the question, and has it answered on a thread where waiting is allowed.
async fn answer(office: Arc<Office>, path: &'static str, page: Page, request: Request) -> Response {
    let asked = match Asked::read(request).await {
        Ok(asked) => asked,
        Err(trouble) => return trouble.answer(&office, None),
    };
    let for_thread = Arc::clone(&office);
    match tokio::task::spawn_blocking(move || answer_asked(&for_thread, path, page, &asked)).await {
        Ok(response) => response,
        Err(broken) => report(path, &Trouble::Broken(broken.to_string())).answer(&office, None),
    }
}

/// Has a question answered whose body is read on the way, after the gate has seen who sends it.
async fn answer_streamed(
    office: Arc<Office>,
    path: &'static str,
    show: fn(&Office, &Visitor, &Asked, &mut Incoming) -> Outcome,
    request: Request,
) -> Response {
    let (mut asked, request) = match Asked::read_head(request).await {
        Ok(read) => read,
        Err(trouble) => return trouble.answer(&office, None),
    };
    let mut incoming = match Incoming::of(request).await {
        Ok(incoming) => incoming,
        Err(trouble) => return trouble.answer(&office, None),
    };
    let for_thread = Arc::clone(&office);
    let shown = tokio::task::spawn_blocking(move || {
        let office = &for_thread;
        incoming.first_field_into(&mut asked);
        let admitted = gate::require_our_form(&asked).and_then(|()| gate::admit(office, &asked));
        match admitted {
            Ok(visitor) => show(office, &visitor, &asked, &mut incoming)
                .unwrap_or_else(|trouble| report(path, &trouble).answer(office, Some(&visitor))),
            Err(trouble) => report(path, &trouble).answer(office, None),
        }
    });
    match shown.await {
        Ok(response) => response,
        Err(broken) => report(path, &Trouble::Broken(broken.to_string())).answer(&office, None),
    }
}

fn answer_asked(office: &Office, path: &'static str, page: Page, asked: &Asked) -> Response {
    if asked.changes
        && let Err(trouble) = gate::require_our_form(asked)
    {
        return trouble.answer(office, None);
    }
    match page {
        Open(show) => {
            show(office, asked).unwrap_or_else(|trouble| report(path, &trouble).answer(office, None))
        }
        Gated(show) => match gate::admit(office, asked) {
            Ok(visitor) => show(office, &visitor, asked)
                .unwrap_or_else(|trouble| report(path, &trouble).answer(office, Some(&visitor))),
            Err(trouble) => report(path, &trouble).answer(office, None),
        },
        // The router hands them to `answer_streamed` and `with_endpoints` alone.
        Streamed(_) | Api(_) => Trouble::NotFound.answer(office, None),
    }
}

/// A fault is logged once, here: the route and what failed, never who asked for what.
pub(super) fn report<'t>(path: &str, trouble: &'t Trouble) -> &'t Trouble {
    if let Some(cause) = trouble.for_the_log() {
        eprintln!("web: {path}: {cause}");
    }
    trouble
}
