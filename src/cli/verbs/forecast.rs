//! `forecast`: what becomes due in the years to come.

use crate::cli::args::ForecastArgs;
use crate::cli::desk::Desk;
use crate::cli::disk;
use crate::cli::json::forecast as json;
use crate::domain::retention::Horizon;
use crate::domain::retention::forecast::YEARS_MAX;
use crate::format::{forecast_table, wording};
use crate::registry::{Answer, Error};

pub(in crate::cli) fn run(desk: &mut Desk<'_>, asked: &ForecastArgs) -> Answer<u8> {
    let actor = desk.actor.clone();
    let on = asked.on.unwrap_or_else(|| desk.today());
    let horizon = Horizon::new(on, asked.years).ok_or_else(|| {
        Error::mistake(
            "So weit kann nicht vorausgesehen werden",
            format!("{} Jahre sind nicht 1 bis {YEARS_MAX}", asked.years),
            "nennen Sie mit --years eine andere Zahl",
        )
    })?;
    let forecast = desk.registry.forecast(actor.as_reader()?, horizon)?;
    let (rules, thickness) = (desk.registry.rules()?, asked.cm_per_file);
    if let Some(path) = &asked.csv {
        let table = forecast_table::write(&forecast, horizon, thickness, &rules.plan, &rules.book);
        disk::write(path, &table)?;
    }
    desk.result(&json::forecast(&forecast, horizon, thickness, &rules.plan), || {
        wording::forecast(&forecast, horizon, thickness, &rules.plan, &rules.book).join("\n")
    })?;
    Ok(0)
}
