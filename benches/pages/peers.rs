//! SQLite FTS5, Xapian and PostgreSQL: the scripts of the quality bench get the same pages, and the queries that are
//! words alone. They answer with numbers; each has its index to itself and is asked warm.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use super::material::{Kind, Material, Query};
use super::{HITS, Times, ms};

const PEERS: [(&str, &str); 3] =
    [("SQLite FTS5", "fts5"), ("Xapian, German", "xapian_german"), ("PostgreSQL, german", "postgres")];

pub fn compare(place: &Path, material: &Material, pages: u64, queries: &[Query]) {
    let is_words =
        |query: &&Query| matches!(query.kind, Kind::Frequent | Kind::Middle | Kind::Rare | Kind::Both);
    let queries: Vec<&Query> = queries.iter().filter(is_words).collect();
    println!("\n| peers | a page | kind | p50 | p99 |\n|---|--:|---|--:|--:|");
    for (name, script) in PEERS {
        let folder = place.join(script);
        std::fs::create_dir_all(&folder).unwrap();
        lines(&folder.join("pages.jsonl"), (0..pages).map(|number| json!(material.page(number))));
        lines(&folder.join("queries.jsonl"), queries.iter().map(|query| json!(query.typed())));
        match ask(script, &folder) {
            Err(why) => println!("| {name} | {why} | | | |"),
            Ok(found) => report(name, pages, &queries, &found),
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

fn lines(path: &Path, values: impl Iterator<Item = Value>) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    values.for_each(|value| writeln!(file, "{value}").unwrap());
    file.flush().unwrap();
}

fn ask(script: &str, folder: &Path) -> Result<Value, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("benches/quality/{script}.py"));
    let hits = HITS.to_string();
    let output =
        Command::new("/usr/bin/python3").arg("-B").arg(script).arg(folder).args([&hits, &hits]).output();
    let output = output.map_err(|cause| cause.to_string())?;
    if !output.status.success() {
        return Err(format!("failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let found: Value = serde_json::from_slice(&output.stdout).map_err(|cause| cause.to_string())?;
    match found["missing"].as_str() {
        Some(missing) => Err(format!("not installed: {missing}")),
        None => Ok(found),
    }
}

fn report(name: &str, pages: u64, queries: &[&Query], found: &Value) {
    let bytes = found["bytes"].as_u64().unwrap() / pages;
    let times: Vec<u64> =
        found["times_us"].as_array().unwrap().iter().map(|us| us.as_u64().unwrap()).collect();
    for kind in Kind::ALL {
        let of_kind = queries.iter().zip(&times).filter(|(query, _)| query.kind == kind);
        let mut times = Times(of_kind.map(|(_, us)| Duration::from_micros(*us)).collect());
        times.0.sort();
        if !times.0.is_empty() {
            println!("| {name} | {bytes} | {} | {} | {} |", kind.name(), ms(times.p50()), ms(times.p99()));
        }
    }
}
