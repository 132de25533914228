//! What both machine-readable doors answer with: `--json` of the command line and the interface (`/api/v1`) show a file, a
//! document, a finding and a search in one shape. Keys are English, ids are texts, days ISO. A shape is a promise to
//! programs: fields may come, none goes or changes its kind. Shows what it is given and decides nothing; who may see it
//! was decided before.
//!
//! Each shape also describes itself as a schema, so that `docs/openapi.json` is what the program says.

mod paper;
mod record;
mod search;
mod why;

pub use paper::{LoanAnswer, PlaceAnswer};
pub use record::{
    ContainedInAnswer, DocumentAnswer, FileAnswer, MadeOfPart, RegisterPart, RelatedFile, StaysInsideAnswer,
    restricted_since,
};
pub use search::{
    Counted, CountedYear, FacetsAnswer, HitLine, PlaceLine, ReasonLine, SearchAnswer, StreetLine,
};
pub use why::{CriterionPart, ReasonPart, WhyAnswer};

fn is_zero(count: &u64) -> bool {
    *count == 0
}
