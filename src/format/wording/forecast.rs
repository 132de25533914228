//! What a forecast yields: how it is counted, year by year, and class by class. Numbers stand before what they are of.

use std::collections::BTreeMap;

use super::{any_of, count, day, size};
use crate::domain::case_file::ClassNumber;
use crate::domain::file_plan::FilePlan;
use crate::domain::retention::forecast::sum;
use crate::domain::retention::{
    Amount, Amounts, Forecast, Horizon, RuleBook, Standing, Thickness, WaitingFor,
};

/// What stands above the two columns, and above each of their parts.
const HEAD: [&str; 2] = [
    "             nach geltenden Regeln |        nach unbestätigten Regeln",
    "    Akten      Papier    Dokumente |     Akten      Papier    Dokumente",
];

/// A length of shelf: `12,40 m`. To the centimetre, so that a single file is not nothing.
#[must_use]
pub fn shelf(mm: u64) -> String {
    let cm = mm.saturating_add(5) / 10;
    format!("{},{:02} m", cm / 100, cm % 100)
}

/// Where files stand in a forecast, in a few words.
#[must_use]
pub fn standing(standing: &Standing, horizon: Horizon, book: &RuleBook) -> String {
    match standing {
        Standing::Due => "schon fällig".to_owned(),
        Standing::DueIn(year) => year.to_string(),
        Standing::Later => format!("fällig nach {}", horizon.last_year()),
        Standing::Permanent => "dauernd aufzubewahren".to_owned(),
        Standing::NotBegun(WaitingFor::Closing) => {
            "Frist nicht begonnen: nicht geschlossen (z.d.A.)".to_owned()
        }
        Standing::NotBegun(WaitingFor::Facts(facts)) => {
            format!("Frist nicht begonnen: nicht bekannt ist {}", any_of(facts, book))
        }
        Standing::Suspended(until) => {
            format!("Frist gehemmt: nicht bekannt ist {}", any_of(std::slice::from_ref(until), book))
        }
        Standing::Held => "gesperrt (Vernichtungssperre)".to_owned(),
        Standing::Ungoverned => "ungeregelt: keine Aufbewahrungsregel".to_owned(),
        Standing::Gone => "Vernichtung begonnen".to_owned(),
    }
}

/// How a forecast is counted, and what it takes for granted.
#[must_use]
pub fn forecast_basis(horizon: Horizon, thickness: Thickness) -> Vec<String> {
    vec![
        format!(
            "Stand {}, bis Ende {}, nach den Regeln in Kraft. Offene Akten zählen nicht als fällig: ihre Frist hat nicht \
             begonnen.",
            day(horizon.on()),
            horizon.last_year()
        ),
        format!("Papier: angenommen sind {thickness} cm Regal je Akte, die auch auf Papier geführt wird."),
        "Dokumente: Größe der Originale in allen Fassungen, ohne Textschicht; ein Inhalt in zwei Dokumenten zählt \
         zweimal."
            .to_owned(),
        "Unbestätigte Regeln machen nichts fällig: Ihre Spalte sagt, was gälte, wenn die Stadt sie bestätigt.".to_owned(),
    ]
}

/// A forecast: how it is counted, what becomes due when, what does not, and class by class.
#[must_use]
pub fn forecast(
    of: &Forecast,
    horizon: Horizon,
    thickness: Thickness,
    plan: &FilePlan,
    book: &RuleBook,
) -> Vec<String> {
    let files = of.sum(|_| true).files();
    let mut lines = vec![format!("Vorschau: {} angesehen", count(files, "Akte", "Akten"))];
    lines.extend(forecast_basis(horizon, thickness));
    if files == 0 {
        return lines;
    }
    let line = |amounts: &Amounts, what: &str| line(amounts, thickness, what);
    let standings = of.standings();
    heading(&mut lines, "Fällig (Jahre, in denen nichts fällig wird, fehlen)");
    let (due, others): (Vec<_>, Vec<_>) =
        standings.iter().partition(|(standing, _)| standing.is_due_by_then());
    lines.extend(due.into_iter().map(|(of, amounts)| line(amounts, &standing(of, horizon, book))));
    lines.push(line(&of.sum(Standing::is_due_by_then), "zusammen"));
    if !others.is_empty() {
        heading(&mut lines, &format!("Nicht fällig bis Ende {}", horizon.last_year()));
        lines.extend(others.into_iter().map(|(of, amounts)| line(amounts, &standing(of, horizon, book))));
    }
    let mut classes =
        of.classes().filter_map(|(class, of)| class_line(class, of, thickness, plan)).peekable();
    if classes.peek().is_some() {
        let last = horizon.last_year();
        heading(
            &mut lines,
            &format!("Fällig bis Ende {last} nach Klasse (Klassen, in denen nichts fällig wird, fehlen)"),
        );
        lines.extend(classes);
    }
    lines
}

/// A class as people read it: `63.10.01 Bauakten`.
#[must_use]
pub fn class_title(class: &ClassNumber, plan: &FilePlan) -> String {
    let title = plan.class(class).map_or("", |class| class.title.as_str());
    format!("{class} {title}").trim_end().to_owned()
}

/// What becomes due of a class; none if nothing does.
fn class_line(
    class: &ClassNumber,
    of: &BTreeMap<Standing, Amounts>,
    thickness: Thickness,
    plan: &FilePlan,
) -> Option<String> {
    let due = sum(of, Standing::is_due_by_then);
    let all = count(sum(of, |_| true).files(), "Akte", "Akten");
    (due.files() > 0).then(|| line(&due, thickness, &format!("{} (von {all})", class_title(class, plan))))
}

fn heading(lines: &mut Vec<String>, title: &str) {
    lines.extend([String::new(), format!("{title}:")]);
    lines.extend(HEAD.map(str::to_owned));
}

fn line(amounts: &Amounts, thickness: Thickness, what: &str) -> String {
    let part = |amount: &Amount| {
        if amount.files == 0 {
            return format!("{:>9} {:>11} {:>12}", "–", "", "");
        }
        let paper = shelf(thickness.shelf_mm(amount.paper_files));
        format!("{:>9} {paper:>11} {:>12}", amount.files, size(amount.size_bytes))
    };
    format!("{} | {}  {what}", part(&amounts.sure), part(&amounts.unconfirmed))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::case_file::{PaperLocation, Phase};
    use crate::domain::retention::example::example_file;
    use crate::domain::retention::{Confirmations, outcome};
    use crate::format::{file_plan, rule_pack};

    #[test]
    fn a_forecast_says_how_it_counts_and_keeps_what_is_sure_apart() {
        let plan = file_plan::read("kommunal.toml", file_plan::MODEL).unwrap();
        let book = rule_pack::read_book("kommunal.toml", rule_pack::NRW_KOMMUNAL.rules, &plan).unwrap();
        let horizon = Horizon::new(date(2026, 11, 27), 10).unwrap();
        let mut of = Forecast::default();
        for (class, closed) in [
            ("63.10.03", Some(2010)),
            ("63.10.03", Some(2020)),
            ("63.10.01", Some(1988)),
            ("11.10.01", None),
            ("10.20.01", Some(2001)),
            ("32.10.01", Some(2024)),
        ] {
            let mut file = example_file(class.parse().unwrap());
            let (shelf, r#box) = ("R1".to_owned(), "K1".to_owned());
            file.carriers.paper = closed.map(|_| PaperLocation { shelf, r#box, ..PaperLocation::default() });
            file.phase = closed.map_or(Phase::Open, |year| Phase::Closed { on: date(year, 3, 14) });
            let outcome = outcome(&file, &book, &Confirmations::default(), horizon.on());
            of.count(&file, &outcome, 1_250_000, horizon);
        }
        let told = |of| forecast(of, horizon, Thickness::default(), &plan, &book).join("\n");
        insta::assert_snapshot!(told(&of), @r"
        Vorschau: 6 Akten angesehen
        Stand 27.11.2026, bis Ende 2036, nach den Regeln in Kraft. Offene Akten zählen nicht als fällig: ihre Frist hat nicht begonnen.
        Papier: angenommen sind 2 cm Regal je Akte, die auch auf Papier geführt wird.
        Dokumente: Größe der Originale in allen Fassungen, ohne Textschicht; ein Inhalt in zwei Dokumenten zählt zweimal.
        Unbestätigte Regeln machen nichts fällig: Ihre Spalte sagt, was gälte, wenn die Stadt sie bestätigt.

        Fällig (Jahre, in denen nichts fällig wird, fehlen):
                     nach geltenden Regeln |        nach unbestätigten Regeln
            Akten      Papier    Dokumente |     Akten      Papier    Dokumente
                –                          |         1      0,02 m       1,2 MB  schon fällig
                –                          |         1      0,02 m       1,2 MB  2031
                –                          |         2      0,04 m       2,5 MB  zusammen

        Nicht fällig bis Ende 2036:
                     nach geltenden Regeln |        nach unbestätigten Regeln
            Akten      Papier    Dokumente |     Akten      Papier    Dokumente
                1      0,02 m       1,2 MB |         –                           dauernd aufzubewahren
                1      0,00 m       1,2 MB |         –                           Frist nicht begonnen: nicht geschlossen (z.d.A.)
                –                          |         1      0,02 m       1,2 MB  Frist nicht begonnen: nicht bekannt ist „Gebäude abgebrochen“
                –                          |         1      0,02 m       1,2 MB  Frist nicht begonnen: nicht bekannt ist „Buße bezahlt“ oder „Bescheid rechtskräftig“

        Fällig bis Ende 2036 nach Klasse (Klassen, in denen nichts fällig wird, fehlen):
                     nach geltenden Regeln |        nach unbestätigten Regeln
            Akten      Papier    Dokumente |     Akten      Papier    Dokumente
                –                          |         2      0,04 m       2,5 MB  63.10.03 Zurückgenommene und abgelehnte Bauanträge (von 2 Akten)
        ");
        assert!(
            told(&Forecast::default())
                .starts_with("Vorschau: 0 Akten angesehen\nStand 27.11.2026, bis Ende 2036")
        );
        assert_eq!([shelf(0), shelf(20), shelf(12_345)], ["0,00 m", "0,02 m", "12,35 m"]);
    }
}
