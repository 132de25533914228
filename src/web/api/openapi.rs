//! How the interface describes itself: OpenAPI 3.1, made of the table of addresses and the shapes of the answers, so that it
//! can say nothing else than the program does. `docs/openapi.json` is this text; a test compares it.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::problem::{MEDIA, Problem};
use super::{Endpoint, Show, with_type};
use crate::web::Office;
use crate::web::answer::Outcome;
use crate::web::asked::Asked;
use crate::web::pages::OK;
use crate::web::routes;

/// The version of the interface. What programs rely on stays within it.
const VERSION: &str = "1.0.0";
/// How a token is brought.
const SCHEME: &str = "zugangsschluessel";

/// `GET /api/v1/openapi.json`
pub const OPENAPI: Endpoint =
    Endpoint { show: Show::Open(show), describe: || Description::open("Diese Beschreibung").answers_json() };

fn show(_office: &Office, _asked: &Asked) -> Outcome {
    Ok(with_type(OK, "application/json", document().to_string().into_bytes()))
}

/// The description of the whole interface.
fn document() -> Value {
    let mut schemas = Schemas::default();
    schemas.add::<Problem>();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for (method, path, endpoint) in routes::endpoints() {
        let operation = (endpoint.describe)().operation(path, &mut schemas);
        paths.entry(path).or_default().insert(method.to_lowercase(), operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "schriftgut",
            "version": VERSION,
            "description": "Die Schnittstelle der Registratur. Was eine Person nicht lesen darf, ist für ihren \
                            Zugangsschlüssel nicht vorhanden.",
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas.0,
            "securitySchemes": {
                SCHEME: { "type": "http", "scheme": "bearer", "description": "Ein Zugangsschlüssel einer Person" },
            },
        },
    })
}

/// Shapes by their names, each with those it is made of.
#[derive(Default)]
struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// A reference to a shape, which is described.
    fn add<T: ToSchema>(&mut self) -> Value {
        let name = T::name().into_owned();
        let mut all = vec![(name.clone(), T::schema())];
        T::schemas(&mut all);
        for (name, schema) in all {
            // A schema is made of texts, numbers and lists, which JSON has.
            self.0.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}

/// Something that is said in the address.
pub struct Parameter {
    name: &'static str,
    place: &'static str,
    words: String,
    required: bool,
    schema: Value,
}

impl Parameter {
    /// A part of the path.
    pub fn path(name: &'static str, words: &str) -> Self {
        let schema = json!({ "type": "string" });
        Self { name, place: "path", words: words.to_owned(), required: true, schema }
    }

    /// A value behind the question mark.
    pub fn query(name: &'static str, words: &str) -> Self {
        Self { place: "query", required: false, ..Self::path(name, words) }
    }

    /// A line of the head.
    pub fn header(name: &'static str, words: &str) -> Self {
        Self { place: "header", required: false, ..Self::path(name, words) }
    }

    /// It must be there.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Its text has this form.
    pub fn of_format(mut self, format: &str) -> Self {
        self.schema = json!({ "type": "string", "format": format });
        self
    }

    /// It is one of these.
    pub fn one_of(mut self, values: &[&str]) -> Self {
        self.schema = json!({ "type": "string", "enum": values });
        self
    }

    /// It is a number.
    pub fn number(mut self, least: usize, most: usize) -> Self {
        self.schema = json!({ "type": "integer", "minimum": least, "maximum": most });
        self
    }

    fn value(&self) -> Value {
        json!({
            "name": self.name,
            "in": self.place,
            "required": self.required,
            "description": self.words,
            "schema": self.schema,
        })
    }
}

/// The part of a path that names a file.
pub fn reference_or_id() -> Parameter {
    Parameter::path(
        "reference",
        "Das Aktenzeichen in jeder Schreibweise, für Adressen verschlüsselt (aus / wird %2F), oder die Kennung der Akte",
    )
}

type Shape = Box<dyn Fn(&mut Schemas) -> Value>;

/// How an endpoint describes itself.
pub struct Description {
    summary: &'static str,
    /// The scopes a token needs one of; none: it is open to everyone.
    scopes: Vec<&'static str>,
    parameters: Vec<Parameter>,
    takes: Option<Shape>,
    /// It takes any bytes; these are the words for them.
    takes_bytes: Option<&'static str>,
    answers: Option<(&'static str, Shape)>,
    /// It creates something, and answers 201; these are the words for a 200.
    creates: Option<&'static str>,
    problems: BTreeMap<u16, &'static str>,
}

impl Description {
    /// Of one that needs a token of this scope.
    pub fn new(summary: &'static str, scope: &'static str) -> Self {
        Self::open(summary)
            .or(StatusCode::UNAUTHORIZED, "Es wurde kein Zugangsschlüssel vorgelegt, der gilt")
            .or(
                StatusCode::FORBIDDEN,
                "Die Rolle der Person oder der Umfang des Zugangsschlüssels reicht nicht",
            )
            .or(StatusCode::TOO_MANY_REQUESTS, "Zu viele Zugangsschlüssel, die nicht gelten")
            .or(StatusCode::INTERNAL_SERVER_ERROR, "Eine Störung der Registratur")
            .with_scope(scope)
    }

    /// Or of this scope.
    pub fn or_scope(self, scope: &'static str) -> Self {
        self.with_scope(scope)
    }

    /// Of one that is open to everyone.
    pub fn open(summary: &'static str) -> Self {
        let problems = BTreeMap::new();
        let (parameters, takes, answers) = (Vec::new(), None, None);
        let (scopes, takes_bytes, creates) = (Vec::new(), None, None);
        Self { summary, scopes, parameters, takes, takes_bytes, answers, creates, problems }
            .or(StatusCode::BAD_REQUEST, "Die Anfrage ist nicht lesbar")
    }

    fn with_scope(mut self, scope: &'static str) -> Self {
        self.scopes.push(scope);
        self
    }

    /// With something that is said in the address.
    pub fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// It takes a list of these.
    pub fn takes_list_of<T: ToSchema>(mut self, most: usize) -> Self {
        self.takes = Some(Box::new(
            move |schemas| json!({ "type": "array", "items": schemas.add::<T>(), "maxItems": most }),
        ));
        self
    }

    /// It takes any bytes.
    pub fn takes_bytes(mut self, words: &'static str) -> Self {
        self.takes_bytes = Some(words);
        self
    }

    /// It creates something and answers so; asked again it answers the same, in these words.
    pub fn creates<T: ToSchema>(mut self, again: &'static str) -> Self {
        self.creates = Some(again);
        self.answers::<T>()
    }

    /// It answers so.
    pub fn answers<T: ToSchema>(mut self) -> Self {
        self.answers = Some(("application/json", Box::new(|schemas| schemas.add::<T>())));
        self
    }

    /// It answers with some object.
    pub fn answers_json(mut self) -> Self {
        self.answers = Some(("application/json", Box::new(|_| json!({ "type": "object" }))));
        self
    }

    /// It answers with the bytes of a file to save.
    pub fn answers_bytes(mut self) -> Self {
        self.answers = Some(("*/*", Box::new(|_| json!({}))));
        self
    }

    /// Or it says no.
    pub fn or(mut self, status: StatusCode, words: &'static str) -> Self {
        self.problems.insert(status.as_u16(), words);
        self
    }

    /// Or there is nothing of that name, for this person.
    pub fn or_not_found(self) -> Self {
        self.or(StatusCode::NOT_FOUND, "Das gibt es nicht, oder die Person darf es nicht sehen")
    }

    fn operation(&self, path: &str, schemas: &mut Schemas) -> Value {
        let problem = json!({ MEDIA: { "schema": { "$ref": "#/components/schemas/Problem" } } });
        let mut responses: Map<String, Value> = self
            .problems
            .iter()
            .map(|(status, words)| (status.to_string(), json!({ "description": words, "content": problem })))
            .collect();
        if let Some((media, shape)) = &self.answers {
            let content = json!({ *media: { "schema": shape(schemas) } });
            if let Some(again) = self.creates {
                let created = json!({ "description": self.summary, "content": content });
                responses.insert("201".to_owned(), created);
                responses.insert("200".to_owned(), json!({ "description": again, "content": content }));
            } else {
                responses
                    .insert("200".to_owned(), json!({ "description": self.summary, "content": content }));
            }
        }
        let mut operation = json!({
            "summary": self.summary,
            "operationId": operation_id(path),
            "parameters": self.parameters.iter().map(Parameter::value).collect::<Vec<_>>(),
            "responses": responses,
        });
        if !self.scopes.is_empty() {
            operation["security"] = json!([{ SCHEME: [] }]);
            let scopes = self.scopes.join("` oder `");
            operation["description"] =
                format!("Nötig ist ein Zugangsschlüssel mit dem Umfang `{scopes}`.").into();
        }
        if let Some(words) = self.takes_bytes {
            let content = json!({ "*/*": { "schema": {} } });
            operation["requestBody"] = json!({ "required": true, "description": words, "content": content });
        }
        if let Some(takes) = &self.takes {
            let content = json!({ "application/json": { "schema": takes(schemas) } });
            operation["requestBody"] = json!({ "required": true, "content": content });
        }
        operation
    }
}

/// `/api/v1/files/{reference}/why` is `files_reference_why`.
fn operation_id(path: &str) -> String {
    let words = path.split('/').skip(3).map(|part| part.trim_matches(['{', '}']).replace('.', "_"));
    words.collect::<Vec<_>>().join("_")
}

/// As it is committed: for people to read, and to compare.
#[must_use]
pub fn text() -> String {
    format!("{:#}\n", document())
}
