//! The command line as design §7 fixes it, driven from outside: the real program, a registry in a folder of its
//! own, and nothing but arguments, files and what is printed.

#[path = "cli/batch.rs"]
mod batch;
#[path = "cli/catalogue.rs"]
mod catalogue;
#[path = "cli/certificate.rs"]
mod certificate;
#[path = "cli/contract.rs"]
mod contract;
#[path = "cli/deposits.rs"]
mod deposits;
#[path = "cli/dividers.rs"]
mod dividers;
#[path = "cli/duplicates.rs"]
mod duplicates;
#[path = "cli/fixity.rs"]
mod fixity;
#[path = "cli/forecast.rs"]
mod forecast;
#[path = "cli/holds.rs"]
mod holds;
#[path = "cli/json.rs"]
mod json;
#[allow(dead_code, reason = "other suites use the rest")]
#[path = "common/json_schema.rs"]
mod json_schema;
#[path = "cli/keep.rs"]
mod keep;
#[path = "cli/last_way.rs"]
mod last_way;
#[allow(dead_code, reason = "other suites use the rest")]
#[path = "common/material.rs"]
mod material;
#[path = "cli/mend.rs"]
mod mend;
#[path = "cli/office.rs"]
mod office;
#[path = "cli/packages.rs"]
mod packages;
#[path = "cli/paper.rs"]
mod paper;
#[path = "cli/people.rs"]
mod people;
#[path = "cli/plan.rs"]
mod plan;
#[path = "cli/python.rs"]
mod python;
#[path = "cli/queue.rs"]
mod queue;
#[path = "cli/readme.rs"]
mod readme;
#[path = "cli/reference.rs"]
mod reference;
#[path = "cli/registers.rs"]
mod registers;
#[path = "cli/renditions.rs"]
mod renditions;
#[path = "cli/restrict.rs"]
mod restrict;
#[path = "cli/samples.rs"]
mod samples;
#[path = "cli/scan.rs"]
mod scan;
#[path = "cli/server.rs"]
mod server;
#[path = "common/shared.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod shared;
#[path = "cli/sheets.rs"]
mod sheets;
#[path = "cli/split.rs"]
mod split;
#[path = "cli/thinning.rs"]
mod thinning;
#[path = "cli/types.rs"]
mod types;
#[path = "cli/unpack.rs"]
mod unpack;
#[path = "cli/walk.rs"]
mod walk;
#[path = "cli/words.rs"]
mod words;
#[path = "cli/xdomea.rs"]
mod xdomea;
