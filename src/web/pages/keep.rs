//! Keeping a file (Akte führen): changing what is said of it, notes, reminders.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;

use super::OK;
use super::file::{back_to, named};
use crate::domain::case_file::CaseFile;
use crate::domain::record_type::{Field, FieldKind, RecordTypeId};
use crate::registry::{Change, Error};
use crate::web::Office;
use crate::web::answer::{Outcome, page};
use crate::web::asked::Asked;
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::trouble::Trouble;
use crate::web::words::beside_the_form;

#[derive(Template)]
#[template(path = "web/change.html")]
struct ChangePage {
    frame: Frame,
    id: String,
    reference: String,
    title: String,
    class: String,
    /// Record types a file may have: name, label, and whether it is this one's.
    types: Vec<(String, String, bool)>,
    fields: Vec<FieldView>,
    reason: String,
    mistake: Option<String>,
}

/// A field of a file's type, to be filled in (`templates/web/field.html`).
pub(super) struct FieldView {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) value: String,
    pub(super) required: bool,
    pub(super) is_long: bool,
    pub(super) options: Vec<String>,
}

/// The form that changes what is said of a file.
pub fn show_change(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    page(OK, &form(office, visitor, &file, None)?)
}

fn form(
    office: &Office,
    visitor: &Visitor,
    file: &CaseFile,
    refused: Option<(&Change, String)>,
) -> Result<ChangePage, Trouble> {
    let rules = office.registry.rules()?;
    let own = file.type_id().map(RecordTypeId::as_str);
    let typed = refused.as_ref().map(|(change, _)| *change);
    let wanted = typed.and_then(|change| change.record_type.as_deref()).or(own);
    let of = wanted.and_then(|name| rules.types.named(name)).or_else(|| rules.types.of_class(&file.class));
    let value = |name: &str| {
        let typed = typed.and_then(|change| change.fields.get(name)).map(String::as_str);
        typed.unwrap_or_else(|| file.field(name)).to_owned()
    };
    let fields = of.map(|of| of.fields.as_slice()).unwrap_or_default();
    let is_offered = |id: &str, is_closed: bool| !is_closed || own == Some(id);
    let types = rules.types.in_force().filter(|one| is_offered(one.id.as_str(), one.is_closed));
    let chosen = of.map(|of| of.id.clone());
    let class = typed.and_then(|change| change.class.as_ref()).unwrap_or(&file.class);
    Ok(ChangePage {
        frame: Frame::of(office, visitor, ""),
        id: file.id.to_string(),
        reference: file.reference.to_string(),
        title: typed.and_then(|change| change.title.clone()).unwrap_or_else(|| file.title.clone()),
        class: class.to_string(),
        types: types
            .map(|one| (one.id.to_string(), one.label.clone(), Some(&one.id) == chosen.as_ref()))
            .collect(),
        fields: fields.iter().map(|field| field_view(field, value(field.name.as_str()))).collect(),
        reason: typed.map(|change| change.reason.clone()).unwrap_or_default(),
        mistake: refused.map(|(_, why)| why),
    })
}

pub(super) fn field_view(field: &Field, value: String) -> FieldView {
    let options = match &field.kind {
        FieldKind::Choice(options) => options.clone(),
        FieldKind::YesNo => vec!["ja".to_owned(), "nein".to_owned()],
        _ => Vec::new(),
    };
    FieldView {
        name: field.name.to_string(),
        label: field.label.clone(),
        help: field.help.clone(),
        value,
        required: field.is_required,
        is_long: field.kind == FieldKind::LongText,
        options,
    }
}

/// Changes it; what does not fit is told beside the form, and nothing typed is lost.
pub fn change(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let change = typed(office, asked, &file)?;
    match office.registry.change_files(clerk, &[file.reference.to_string()], &change, true) {
        Ok(_) => Ok(back_to(&file, "geaendert")),
        Err(Error::Mistake(words)) => {
            let why = beside_the_form(&words);
            page(StatusCode::BAD_REQUEST, &form(office, visitor, &file, Some((&change, why)))?)
        }
        Err(other) => Err(other.into()),
    }
}

/// What was typed into the form: the fields of the type that was chosen.
fn typed(office: &Office, asked: &Asked, file: &CaseFile) -> Result<Change, Trouble> {
    let rules = office.registry.rules()?;
    let record_type = Some(asked.field("aktenart")?).filter(|name| !name.is_empty()).map(str::to_owned);
    let of = record_type.as_deref().and_then(|name| rules.types.named(name));
    let mut fields: BTreeMap<String, String> =
        file.fields.keys().map(|name| (name.clone(), String::new())).collect();
    for field in of.iter().flat_map(|of| &of.fields) {
        let value = asked.field(&format!("feld.{}", field.name))?;
        fields.insert(field.name.to_string(), value.to_owned());
    }
    if of.is_none() {
        fields.clear();
    }
    let class = asked.filled("klasse", "Aktenplaneinheit")?;
    let class = class.parse().map_err(|_| {
        let why = format!("„{class}“ ist keine Aktenplaneinheit");
        Trouble::from(Error::mistake("Die Akte wird nicht geändert", why, "schreiben Sie sie wie 63.10.01"))
    })?;
    Ok(Change {
        title: Some(asked.field("betreff")?.to_owned()),
        class: Some(class),
        record_type,
        fields,
        reason: asked.field("grund")?.to_owned(),
    })
}

/// Writes a note.
pub fn note(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    office.registry.note(clerk, file.reference.as_str(), asked.filled("vermerk", "Vermerk")?)?;
    Ok(back_to(&file, "vermerkt"))
}

/// Has oneself reminded.
pub fn remind(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let on = asked.day("am", office.registry.today())?;
    office.registry.remind(clerk, file.reference.as_str(), on, None, asked.filled("wozu", "Wozu")?)?;
    Ok(back_to(&file, "wiedervorlage"))
}

/// A reminder was dealt with.
pub fn finish_reminder(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    office.registry.finish_reminder(clerk, file.reference.as_str(), asked.param("wiedervorlage")?)?;
    Ok(back_to(&file, "erledigt"))
}

/// Says how it belongs together with another file, or takes that back.
pub fn relate(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let clerk = visitor.clerk()?;
    let file = named(office, visitor, asked)?.file;
    let (reference, other) = (file.reference.as_str(), asked.filled("andere", "Aktenzeichen")?);
    match asked.field("bezug")? {
        "" => office.registry.unrelate(clerk, reference, other)?,
        code => {
            let relation = code.parse().map_err(|_| Trouble::Malformed(StatusCode::BAD_REQUEST))?;
            office.registry.relate(clerk, reference, other, relation)?;
        }
    }
    Ok(back_to(&file, "bezug"))
}
