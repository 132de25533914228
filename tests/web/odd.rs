//! Odd questions, made of the description of the interface: wrong types, missing fields, long texts, signs that are none.
//! Whatever is asked, the answer is one the description names, and none is a fault.

use schriftgut::domain::token::TokenScope;
use serde_json::{Map, Value, json};

use super::*;

/// What is put where a text is expected.
fn odd_texts() -> Vec<String> {
    let plain = [
        "",
        " ",
        "63-1",
        NOBODY,
        "\0",
        "a\0b",
        "\u{202e}egaraG",
        "\u{feff}",
        "\u{10ffff}",
        "e\u{301}\u{301}\u{301}",
        "..",
        "../../etc",
        "%00",
        "'; --",
        "<script>",
        "((((((((",
        "\"",
        "a\"~99999999999999",
        "-",
        "=",
        "*",
        "a*",
        "az:",
        "jahr:..",
        "-1",
        "0",
        "1e9",
        "99999999999999999999",
        "2026-02-30",
        "true",
        "null",
        "UND ODER NICHT",
        "\r\nx: y",
    ];
    let mut texts: Vec<_> = plain.iter().map(|text| (*text).to_owned()).collect();
    texts.push("ä".repeat(5_000));
    texts.push("(".repeat(3_000));
    texts.push("wort ".repeat(1_000));
    texts
}

/// What is put where a value of some shape is expected.
fn odd_values() -> Vec<Value> {
    let mut values: Vec<_> = odd_texts().into_iter().map(Value::from).collect();
    values.extend([
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!({ "": {} }),
    ]);
    values
}

/// Bodies of the shape a schema names, each with one thing that is odd.
fn odd_bodies(document: &Value, schema: &Value) -> Vec<Value> {
    let reference = schema["items"]["$ref"].as_str().expect("a list of things with a name");
    let fields =
        document.pointer(reference.trim_start_matches('#')).expect("described")["properties"].as_object();
    let fields = fields.expect("an object");
    let good: Map<String, Value> = fields.keys().map(|name| (name.clone(), json!("2020-01-01"))).collect();
    let mut bodies: Vec<_> =
        odd_values().into_iter().flat_map(|value| [value.clone(), json!([value])]).collect();
    for name in fields.keys() {
        let mut without = good.clone();
        without.remove(name);
        bodies.push(json!([without]));
        for value in odd_values() {
            let mut odd = good.clone();
            odd.insert(name.clone(), value);
            bodies.push(json!([good, odd]));
        }
    }
    let mut more = good;
    more.insert("\u{202e}\0".to_owned(), json!(1));
    bodies.push(json!([more]));
    bodies
}

/// Lines of the head, each odd by itself, as far as they can be sent at all.
fn odd_heads(parameters: &[Value]) -> Vec<(String, String)> {
    let names = parameters.iter().map(|parameter| parameter["name"].as_str().unwrap());
    let odd =
        |name: &str| odd_texts().iter().map(|text| (name.to_owned(), (*text).to_owned())).collect::<Vec<_>>();
    let all = names.flat_map(odd);
    all.filter(|(_, text)| axum::http::HeaderValue::from_str(text).is_ok()).collect()
}

/// Addresses of an operation: each parameter odd by itself, the others plain; and each left out.
fn odd_addresses(path: &str, parameters: &[Value]) -> Vec<String> {
    let plain = |parameter: &Value| match parameter["name"].as_str() {
        Some("reference") => "63-1",
        Some("id") => NOBODY,
        _ => "garage",
    };
    let address = |odd: Option<(usize, Option<&str>)>| {
        let (mut path, mut query) = (path.to_owned(), Vec::new());
        for (number, parameter) in parameters.iter().enumerate() {
            let name = parameter["name"].as_str().unwrap();
            let here = odd.filter(|(at, _)| *at == number).map(|(_, text)| text);
            let required = parameter["required"] == true;
            let value = match here {
                Some(odd) => odd,
                None => required.then(|| plain(parameter)),
            };
            match (parameter["in"].as_str(), value) {
                (Some("path"), value) => {
                    path = path.replace(&format!("{{{name}}}"), &encoded(value.unwrap_or(" ")));
                }
                (_, Some(value)) => query.push(format!("{name}={}", encoded(value))),
                (_, None) => {}
            }
        }
        format!("{path}?{}", query.join("&"))
    };
    let mut addresses = vec![address(None)];
    for number in 0..parameters.len() {
        addresses.push(address(Some((number, None))));
        addresses.extend(odd_texts().iter().map(|text| address(Some((number, Some(text))))));
    }
    addresses.push(format!("{}%ff", address(None)));
    addresses
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_the_answer_is_one_the_description_names() {
    let town = Town::new();
    let operator = town.operator();
    town.document(&operator, target("63-1", "Garage", GENERAL[0]), "plan.txt", b"Eine Garage");
    town.registry.read_texts(&|_| {}).unwrap();
    let program = town.program(&operator, &TokenScope::ALL);
    let document: Value = serde_json::from_str(&schriftgut::web::openapi()).unwrap();
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let none = Vec::new();
            let parameters = operation["parameters"].as_array().unwrap_or(&none);
            let (heads, parameters): (Vec<Value>, Vec<Value>) =
                parameters.iter().cloned().partition(|parameter| parameter["in"] == "header");
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let bodies = match schema {
                Value::Null if operation["requestBody"].is_null() => vec![Vec::new()],
                Value::Null => vec![Vec::new(), b"Garage".to_vec()],
                schema => {
                    odd_bodies(&document, schema).iter().map(|body| body.to_string().into_bytes()).collect()
                }
            };
            let mut addresses: Vec<_> =
                odd_addresses(path, &parameters).into_iter().map(|address| (address, Vec::new())).collect();
            let plain = addresses[0].0.clone();
            addresses.extend(odd_heads(&heads).into_iter().map(|head| (plain.clone(), vec![head])));
            for (address, mut head) in addresses {
                if !heads.is_empty() && !head.iter().any(|(name, _)| name == "Idempotency-Key") {
                    head.push(("Idempotency-Key".to_owned(), asked.to_string()));
                }
                head.push(("content-type".to_owned(), "application/json".to_owned()));
                let head: Vec<_> = head.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                for body in &bodies {
                    let page = program.ask(&method.to_uppercase(), &address, &head, body.clone()).await;
                    let status = page.status;
                    let known = operation["responses"].get(status.as_str()).is_some();
                    // An empty part of a path leads elsewhere, where nothing is.
                    let elsewhere = status == StatusCode::NOT_FOUND && address.contains("//");
                    assert!(known || elsewhere, "{method} {address:.200}: {status} {}", page.body());
                    assert!(!status.is_server_error(), "{method} {address:.200}: {}", page.body());
                    if !status.is_success() {
                        page.problem(status.as_u16());
                    }
                    asked += 1;
                }
            }
        }
    }
    assert!(asked > 400, "only {asked} questions were made");
}
