//! The forecast (Vorschau): what becomes due in the years to come, as a plot and as tables with the same figures.

use askama::Template;

use super::OK;
use crate::domain::retention::forecast::{YEARS_DEFAULT, YEARS_MAX, sum};
use crate::domain::retention::{Amount, Amounts, Forecast, Horizon, Standing, Thickness};
use crate::format::wording;
use crate::registry::RulesInForce;
use crate::web::Office;
use crate::web::answer::{Outcome, page};
use crate::web::asked::{Asked, mistake};
use crate::web::frame::Frame;
use crate::web::gate::Visitor;
use crate::web::plot::{self, Plot, Year};
use crate::web::trouble::Trouble;

#[derive(Template)]
#[template(path = "web/forecast.html")]
struct ForecastPage {
    frame: Frame,
    years: i16,
    years_max: i16,
    thickness: String,
    /// How it is counted.
    basis: Vec<String>,
    files: String,
    last_year: i16,
    plot: Option<Plot>,
    size: (u64, u64),
    tables: Vec<Table>,
}

/// A table of the page.
struct Table {
    id: &'static str,
    title: String,
    first: &'static str,
    lines: Vec<Line>,
    total: Option<Line>,
}

/// Files that stand alike.
struct Line {
    what: String,
    parts: [Part; 2],
}

/// What is sure of them, or what an unconfirmed rule would say.
struct Part {
    files: u64,
    paper: String,
    size: String,
}

/// The page.
pub fn show(office: &Office, visitor: &Visitor, asked: &Asked) -> Outcome {
    let reader = visitor.reader()?;
    let (horizon, years, thickness) = wanted(office, asked)?;
    let _pass = office.survey()?;
    let forecast = office.registry.forecast(reader, horizon)?;
    let rules = office.registry.rules()?;
    let files = forecast.sum(|_| true).files();
    let of_year = |year| {
        let Amounts { sure, unconfirmed } = forecast.sum(|standing| standing.year() == Some(year));
        Year { year, sure: sure.files, unconfirmed: unconfirmed.files }
    };
    page(
        OK,
        &ForecastPage {
            frame: Frame::of(office, visitor, "vorschau"),
            years,
            years_max: YEARS_MAX,
            thickness: thickness.to_string(),
            basis: wording::forecast_basis(horizon, thickness),
            files: wording::count(files, "Akte", "Akten"),
            last_year: horizon.last_year(),
            plot: Plot::of(&horizon.years().map(of_year).collect::<Vec<_>>()),
            size: plot::SIZE,
            tables: tables(&forecast, horizon, thickness, &rules),
        },
    )
}

/// The years and the thickness that are asked for.
fn wanted(office: &Office, asked: &Asked) -> Result<(Horizon, i16, Thickness), Trouble> {
    let said = |name| asked.query(name).map(str::trim).filter(|text| !text.is_empty());
    let wrong = |name: &str, text: &str, fits: String| {
        mistake(
            "Die Vorschau ist so nicht zu rechnen",
            format!("{name}: „{text}“ passt nicht"),
            &format!("nennen Sie {fits}"),
        )
    };
    let years = said("jahre").map_or(Some(YEARS_DEFAULT), |text| text.parse().ok());
    let horizon = years.and_then(|years| Some((Horizon::new(office.registry.today(), years)?, years)));
    let (horizon, years) = horizon.ok_or_else(|| {
        wrong("Jahre", said("jahre").unwrap_or_default(), format!("eine Zahl von 1 bis {YEARS_MAX}"))
    })?;
    let thickness = said("cm").map_or(Ok(Thickness::default()), str::parse).map_err(|_| {
        let fits = "Zentimeter von 0,1 bis 100, etwa 2 oder 2,5".to_owned();
        wrong("Papier je Akte", said("cm").unwrap_or_default(), fits)
    })?;
    Ok((horizon, years, thickness))
}

fn tables(of: &Forecast, horizon: Horizon, thickness: Thickness, rules: &RulesInForce) -> Vec<Table> {
    let line = |what: String, amounts: &Amounts| {
        let part = |amount: &Amount| Part {
            files: amount.files,
            paper: wording::shelf(thickness.shelf_mm(amount.paper_files)),
            size: wording::size(amount.size_bytes),
        };
        Line { what, parts: [part(&amounts.sure), part(&amounts.unconfirmed)] }
    };
    let standings = of.standings();
    let lines = |is_due: bool| {
        let these = standings.iter().filter(|(standing, _)| standing.is_due_by_then() == is_due);
        these
            .map(|(of, amounts)| line(wording::standing(of, horizon, &rules.book), amounts))
            .collect::<Vec<_>>()
    };
    let classes = of.classes().filter_map(|(class, of)| {
        let due = sum(of, Standing::is_due_by_then);
        let all = wording::count(sum(of, |_| true).files(), "Akte", "Akten");
        let what = || format!("{} (von {all})", wording::class_title(class, &rules.plan));
        (due.files() > 0).then(|| line(what(), &due))
    });
    let last = horizon.last_year();
    let together = || Some(line("zusammen".to_owned(), &of.sum(Standing::is_due_by_then)));
    vec![
        Table {
            id: "jahre",
            title: "Was wann fällig wird".to_owned(),
            first: "Jahr",
            lines: lines(true),
            total: together(),
        },
        Table {
            id: "klassen",
            title: format!("Fällig bis Ende {last} nach Klasse"),
            first: "Klasse",
            lines: classes.collect(),
            total: together(),
        },
        Table {
            id: "nicht",
            title: format!("Nicht fällig bis Ende {last}"),
            first: "Stand",
            lines: lines(false),
            total: None,
        },
    ]
}
