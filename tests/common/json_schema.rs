//! As much of JSON Schema as the schemas for editors and the description of the interface use. A word it does not know is a failure of the test:
//! what is not looked at would be taken for granted.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::{Map, Value};

/// Words that say something to people only.
const NOTES: [&str; 4] = ["$schema", "title", "description", "definitions"];

/// A schema with the definitions it refers to.
pub struct Schema(Value);

impl Schema {
    /// A schema out of its text.
    pub fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).expect("a schema is JSON"))
    }

    /// The schema itself.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Why a value does not fit; empty if it does.
    pub fn flaws(&self, value: &Value) -> Vec<String> {
        let mut flaws = Vec::new();
        self.look(&self.0, value, "", &mut flaws);
        flaws
    }

    /// Why a value does not fit a schema that stands somewhere in this document; empty if it does.
    pub fn flaws_of(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut flaws = Vec::new();
        self.look(schema, value, "", &mut flaws);
        flaws
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        let mut flaws = Vec::new();
        self.look(schema, value, "", &mut flaws);
        flaws.is_empty()
    }

    fn look(&self, schema: &Value, value: &Value, at: &str, flaws: &mut Vec<String>) {
        let words = schema.as_object().expect("a schema is an object");
        for (word, says) in words.iter().filter(|(word, _)| !NOTES.contains(&word.as_str())) {
            let holds = match word.as_str() {
                "$ref" => {
                    let path = says.as_str().expect("text").trim_start_matches('#');
                    self.look(self.0.pointer(path).expect("defined"), value, at, flaws);
                    true
                }
                "properties" | "additionalProperties" | "propertyNames" | "items" => {
                    self.look_inside(words, word, says, value, at, flaws);
                    true
                }
                "if" => {
                    let branch = if self.fits(says, value) { "then" } else { "else" };
                    if let Some(branch) = words.get(branch) {
                        self.look(branch, value, at, flaws);
                    }
                    true
                }
                "then" | "else" => words.contains_key("if"),
                "allOf" => {
                    list(says).iter().for_each(|schema| self.look(schema, value, at, flaws));
                    true
                }
                "not" => !self.fits(says, value),
                "oneOf" => list(says).iter().filter(|schema| self.fits(schema, value)).count() == 1,
                "dependencies" => value.as_object().is_none_or(|object| self.depends(says, object)),
                _ => plain(word, says, value),
            };
            if !holds {
                flaws.push(format!("{at}: {word}: {says}"));
            }
        }
    }

    /// The words about what an object or a list holds.
    fn look_inside(
        &self,
        words: &Map<String, Value>,
        word: &str,
        says: &Value,
        value: &Value,
        at: &str,
        flaws: &mut Vec<String>,
    ) {
        if word == "items" {
            for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                self.look(says, item, &format!("{at}/{number}"), flaws);
            }
            return;
        }
        let properties = words.get("properties").and_then(Value::as_object);
        for (key, inner) in value.as_object().into_iter().flatten() {
            let at = format!("{at}/{key}");
            let known = properties.and_then(|properties| properties.get(key));
            match (word, known, says) {
                ("propertyNames", ..) => self.look(says, &Value::from(key.as_str()), &at, flaws),
                ("properties", Some(schema), _) => self.look(schema, inner, &at, flaws),
                ("additionalProperties", None, Value::Bool(false)) => flaws.push(format!("{at}: unknown")),
                ("additionalProperties", None, Value::Object(_)) => self.look(says, inner, &at, flaws),
                _ => {}
            }
        }
    }

    fn depends(&self, says: &Value, object: &Map<String, Value>) -> bool {
        let says = says.as_object().expect("dependencies are an object");
        says.iter().filter(|(key, _)| object.contains_key(*key)).all(|(_, wants)| match wants {
            Value::Array(keys) => keys.iter().all(|key| object.contains_key(key.as_str().expect("text"))),
            schema => self.fits(schema, &Value::Object(object.clone())),
        })
    }
}

/// The words that need no other schema. One about another kind of value holds.
fn plain(word: &str, says: &Value, value: &Value) -> bool {
    let size = || usize::try_from(says.as_u64().expect("a size")).expect("a size");
    let text = |holds: &dyn Fn(&str) -> bool| value.as_str().is_none_or(holds);
    let items = |holds: &dyn Fn(&Vec<Value>) -> bool| value.as_array().is_none_or(holds);
    match word {
        "type" => match says {
            Value::Array(kinds) => kinds.iter().any(|kind| is_of(kind, value)),
            kind => is_of(kind, value),
        },
        "minimum" => value.as_f64().is_none_or(|number| number >= says.as_f64().expect("a number")),
        "maximum" => value.as_f64().is_none_or(|number| number <= says.as_f64().expect("a number")),
        "const" => says == value,
        "enum" => list(says).contains(value),
        "required" => {
            let has = |key: &Value| value.get(key.as_str().expect("text")).is_some();
            !value.is_object() || list(says).iter().all(has)
        }
        "minLength" => text(&|text| text.chars().count() >= size()),
        "maxLength" => text(&|text| text.chars().count() <= size()),
        "pattern" => {
            let pattern = Regex::new(says.as_str().expect("text")).expect("a pattern");
            text(&|text| pattern.is_match(text))
        }
        // Numbers have a size in memory, which says nothing about their text.
        "format" if says != "date" => {
            ["int32", "int64", "float", "double"].contains(&says.as_str().expect("text"))
        }
        "format" => text(&|text| text.parse::<jiff::civil::Date>().is_ok()),
        "minItems" => items(&|items| items.len() >= size()),
        "maxItems" => items(&|items| items.len() <= size()),
        "uniqueItems" => {
            let different = |items: &Vec<Value>| items.iter().map(Value::to_string).collect::<BTreeSet<_>>();
            items(&|items| different(items).len() == items.len())
        }
        other => panic!("the schema says {other}, which nobody looks at"),
    }
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str().expect("text") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}
