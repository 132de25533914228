//! A new file (Neue Akte): class, title and the fields of its type. Its number is given when it is opened.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;

use super::OK;
use super::file::back_to;
use super::keep::{FieldView, field_view};
use crate::domain::case_file::ClassNumber;
use crate::domain::record_type::RecordType;
use crate::format::wording;
use crate::registry::{Error, NewFile, RulesInForce};
use crate::web::Office;
use crate::web::answer::{Outcome, page};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;
use crate::web::words::beside_the_form;

#[derive(Template)]
#[template(path = "web/new_file.html")]
struct NewFilePage {
    frame: Frame,
    /// The class as it was typed; empty until somebody did.
    class: String,
    class_title: Option<String>,
    /// How its numbers are written; none: by hand.
    pattern: Option<String>,
    /// Classes that take new files: number and title.
    classes: Vec<(String, String)>,
    /// Record types a new file may have: name, label, and whether it is chosen.
    types: Vec<(String, String, bool)>,
    fields: Vec<FieldView>,
    title: String,
    reference: String,
    case: String,
    mistake: Option<String>,
}

/// What was typed so far.
#[derive(Default)]
struct Typed {
    class: String,
    record_type: Option<String>,
    title: String,
    reference: String,
    case: String,
    fields: BTreeMap<String, String>,
}

/// The form: first the class, then what its files are asked.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    visitor.clerk()?;
    let class = asked.query("klasse").unwrap_or_default().trim().chars().take(40).collect();
    let record_type = asked.query("aktenart").map(str::to_owned).filter(|name| !name.is_empty());
    let typed = Typed { class, record_type, ..Typed::default() };
    let why = unfit(office, &typed)?;
    let status = if why.is_some() { StatusCode::BAD_REQUEST } else { OK };
    page(status, &form(office, visitor, &typed, why)?)
}

/// Why no file is opened in the class that was typed; none as long as none was.
fn unfit(office: &Office, typed: &Typed) -> Result<Option<String>, Trouble> {
    if typed.class.is_empty() {
        return Ok(None);
    }
    let Ok(class) = typed.class.parse::<ClassNumber>() else {
        return Ok(Some(format!(
            "„{}“ ist keine Aktenplaneinheit. Schreiben Sie sie wie 63.10.01.",
            typed.class
        )));
    };
    let taken = office.registry.rules()?.plan.takes_new_files(&class);
    Ok(taken
        .err()
        .map(|why| format!("Dort wird keine Akte angelegt: {}.", wording::no_new_files(&class, why))))
}

fn form(
    office: &Office,
    visitor: &Visitor,
    typed: &Typed,
    mistake: Option<String>,
) -> Result<NewFilePage, Trouble> {
    let rules = office.registry.rules()?;
    let class: Option<ClassNumber> = typed.class.parse().ok();
    let class = class.filter(|class| rules.plan.takes_new_files(class).is_ok());
    let of = type_of(&rules, typed, class.as_ref());
    let value = |name: &str| typed.fields.get(name).cloned().unwrap_or_default();
    let fields = of.map(|of| of.fields.as_slice()).unwrap_or_default();
    let chosen = of.map(|of| of.id.clone());
    let types = rules.types.in_force().filter(|one| !one.is_closed);
    let is_open = |number: &ClassNumber| rules.plan.takes_new_files(number).is_ok();
    let classes = rules.plan.leaves().filter(|class| is_open(&class.number));
    Ok(NewFilePage {
        frame: Frame::of(office, visitor, ""),
        class: typed.class.clone(),
        class_title: class
            .as_ref()
            .and_then(|class| rules.plan.class(class))
            .map(|class| class.title.clone()),
        pattern: class.as_ref().and_then(|class| rules.plan.pattern_of(class)).map(ToString::to_string),
        classes: classes.map(|class| (class.number.to_string(), class.title.clone())).collect(),
        types: types
            .map(|one| (one.id.to_string(), one.label.clone(), Some(&one.id) == chosen.as_ref()))
            .collect(),
        fields: fields.iter().map(|field| field_view(field, value(field.name.as_str()))).collect(),
        title: typed.title.clone(),
        reference: typed.reference.clone(),
        case: typed.case.clone(),
        mistake,
    })
}

/// The type that was chosen, or that of the class.
fn type_of<'a>(
    rules: &'a RulesInForce,
    typed: &Typed,
    class: Option<&ClassNumber>,
) -> Option<&'a RecordType> {
    let named = typed.record_type.as_deref().and_then(|name| rules.types.named(name));
    named.or_else(|| class.and_then(|class| rules.types.of_class(class)))
}

/// Opens it; what does not fit is told beside the form, and nothing typed is lost.
pub fn open(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let typed = typed(office, asked)?;
    let reference = Some(typed.reference.as_str()).filter(|text| !text.is_empty());
    let reference = match reference.map(str::parse).transpose() {
        Ok(reference) => reference,
        Err(_) => {
            let why = "Das Aktenzeichen ist zu lang oder hat unsichtbare Zeichen.".to_owned();
            return page(StatusCode::BAD_REQUEST, &form(office, visitor, &typed, Some(why))?);
        }
    };
    let why = if typed.class.is_empty() {
        Some("Die Aktenplaneinheit fehlt.".to_owned())
    } else {
        unfit(office, &typed)?
    };
    let (None, Ok(class)) = (&why, typed.class.parse()) else {
        return page(StatusCode::BAD_REQUEST, &form(office, visitor, &typed, why)?);
    };
    let new = NewFile {
        class,
        title: typed.title.clone(),
        reference,
        record_type: typed.record_type.clone(),
        fields: typed.fields.clone(),
        opened: None,
        case: Some(typed.case.clone()).filter(|case| !case.is_empty()),
    };
    match office.registry.open_file(clerk, &new) {
        Ok(file) => Ok(back_to(&file, "neu")),
        Err(Error::Mistake(words)) => {
            let why = beside_the_form(&words);
            page(StatusCode::BAD_REQUEST, &form(office, visitor, &typed, Some(why))?)
        }
        Err(other) => Err(other.into()),
    }
}

/// What was typed into the form: the fields of the type that was chosen.
fn typed(office: &Office, asked: &Asked) -> Result<Typed, Trouble> {
    let rules = office.registry.rules()?;
    let record_type = Some(asked.field("aktenart")?).filter(|name| !name.is_empty()).map(str::to_owned);
    let mut typed = Typed {
        class: asked.field("klasse")?.chars().take(40).collect(),
        record_type,
        title: asked.field("betreff")?.to_owned(),
        reference: asked.field("aktenzeichen")?.to_owned(),
        case: asked.field("vorgang")?.to_owned(),
        fields: BTreeMap::new(),
    };
    let of = type_of(&rules, &typed, typed.class.parse().ok().as_ref());
    let names: Vec<_> = of.iter().flat_map(|of| &of.fields).map(|field| field.name.to_string()).collect();
    for name in names {
        let value = asked.field(&format!("feld.{name}"))?;
        if !value.is_empty() {
            typed.fields.insert(name, value.to_owned());
        }
    }
    Ok(typed)
}
