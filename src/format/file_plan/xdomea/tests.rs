//! The file plan as xdomea 0301: what is written is read again, and what is no such message is told apart.

use std::fmt::Write as _;

use uuid::Uuid;

use super::*;
use crate::domain::retention::Disposition;
use crate::format::file_plan::{MODEL, read as read_toml};

const KEPT: Fate = Fate { disposition: Disposition::Appraise, years: Some(10), is_exact: true };

fn written(plan: &crate::domain::file_plan::FilePlan) -> String {
    let at = "2026-11-22T08:15:00Z".parse().unwrap();
    let envelope =
        Envelope { process: Uuid::from_u128(7), at, sender: "Stadt <Kesterbrück> & Co", program: "0.1.0" };
    write(plan, envelope, &|_| KEPT)
}

fn mistakes(text: &str) -> Vec<String> {
    read("plan.xml", text).unwrap_err().iter().map(ToString::to_string).collect()
}

/// A message of this version with these units.
fn message(version: &str, units: &str) -> String {
    format!(
        "<x:Aktenplan.Aktenplan.0301 xmlns:x=\"urn:xoev-de:xdomea:schema:{version}\">\n<x:Kopf/>\n<x:Aktenplan>\n\
         <x:Bezeichnung>Plan</x:Bezeichnung><x:Version>7</x:Version>\n{units}\n</x:Aktenplan>\n</x:Aktenplan.Aktenplan.0301>"
    )
}

fn unit(number: &str, inner: &str) -> String {
    format!(
        "<x:Einheit><x:Kennzeichen>{number}</x:Kennzeichen><x:Inhaltsangabe>Klasse</x:Inhaltsangabe>{inner}</x:Einheit>"
    )
}

#[test]
fn a_plan_goes_out_and_comes_back_as_it_was() {
    let odd = "format = 1\nedition = \"a & b\"\ntitle = \"<Plan>\"\nclasses = [ { number = \"6\", title = \"Bau & 'Boden' <1>\", \
        domain = \"social\" }, { number = \"6.1\", title = \"x\", closed = true }, { number = \"6.1.1\", title = \"y\" }, \
        { number = \"63\", title = \"z\", reference = \"{class}/{number:3}\" } ]";
    for text in [MODEL, odd] {
        let plan = read_toml("plan.toml", text).unwrap();
        let back = read("plan.xml", &written(&plan)).unwrap();
        assert_eq!(back.plan, plan);
        let classes = plan.classes().count();
        let lost = "Nicht übernommen: Aussonderungsart und Aufbewahrungsdauer; sie stehen im Regelwerk";
        assert_eq!(back.lost, [format!("{lost} ({classes}-mal)")]);
    }
}

#[test]
fn every_version_since_2_3_is_read_and_no_other() {
    for version in VERSIONS {
        let plan = read("plan.xml", &message(version, &unit("63", &unit("63.10", "")))).unwrap().plan;
        assert_eq!((plan.classes().count(), plan.title()), (2, "Plan"));
        assert_eq!(plan.edition().unwrap().as_str(), "7");
    }
    for version in ["2.2.0", "4.0.0", ""] {
        let told = mistakes(&message(version, &unit("63", "")));
        assert!(told[0].contains("gelesen werden 2.3.0, 2.4.0, 3.0.0, 3.1.0"), "{told:?}");
    }
}

#[test]
fn another_message_or_no_message_is_told_apart() {
    let other =
        message("3.0.0", "").replace("Aktenplan.Aktenplan.0301", "Aussonderung.Anbieteverzeichnis.0501");
    assert!(mistakes(&other)[0].contains("es ist die Nachricht Aussonderung.Anbieteverzeichnis.0501"));
    assert!(mistakes("<html/>")[0].contains("„html“ ist keine Nachricht von xdomea"));
    assert!(mistakes(&message("3.1.0", ""))[0].contains("hat keine Klasse"));
    let hollow = message("3.1.0", "").replace("x:Aktenplan>", "x:Plan>");
    assert!(mistakes(&hollow)[0].contains("das Element Aktenplan fehlt"));
    let broken = message("3.1.0", "<x:Einheit>");
    assert_eq!(mistakes(&broken), ["plan.xml, Zeile 6: kein gültiges XML"]);
    let foreign = message("3.1.0", "<y:Einheit xmlns:y=\"urn:y\"/>");
    assert!(mistakes(&foreign)[0].contains("hat keine Klasse"), "another namespace is not ours");
}

#[test]
fn mistakes_name_line_class_and_element_all_at_once() {
    let flaws = [
        unit("Bau", ""),
        unit("63", "<x:Stillgelegt>vielleicht</x:Stillgelegt>"),
        unit("64", &unit("65.10", "")),
        unit(
            "66",
            "<x:AnwendungsspezifischeErweiterung><x:Kennung>schriftgut:aktenplan:1</x:Kennung><x:Name>s</x:Name>\
            <x:Feld><x:Name>Schutzbereich</x:Name><x:Wert>geheim</x:Wert></x:Feld></x:AnwendungsspezifischeErweiterung>",
        ),
    ];
    assert_eq!(
        mistakes(&message("3.1.0", &flaws.join("\n"))),
        [
            "plan.xml, Zeile 5: Klasse Bau, Feld `Kennzeichen`: erwartet werden Zifferngruppen wie 63.10.01",
            "plan.xml, Zeile 6: Klasse 63, Feld `Stillgelegt`: erwartet wird true oder false",
            "plan.xml, Zeile 7: Klasse 65.10: sie liegt unter 64, ihre Nummer setzt die aber nicht fort; erwartet wird eine wie 64.10",
            "plan.xml, Zeile 8: Klasse 66, Feld `Schutzbereich`: erwartet wird eines von general, tax, social, personnel",
        ]
    );
    let double = mistakes(&message("3.1.0", &[unit("63", ""), unit("63", "")].join("\n")));
    assert!(double[0].starts_with("plan.xml, Zeile 6: Klasse 63: steht zweimal da"), "{double:?}");
}

#[test]
fn what_has_no_place_here_is_told_as_lost() {
    let units = unit(
        "63",
        "<x:BetreffKurz>Bauen</x:BetreffKurz><x:Gueltigkeit/><x:VerweisAktenplaneinheit>6</x:VerweisAktenplaneinheit>\
         <x:AnwendungsspezifischeErweiterung><x:Kennung>fremd</x:Kennung></x:AnwendungsspezifischeErweiterung>",
    );
    let read = read("plan.xml", &message("3.1.0", &units)).unwrap();
    assert_eq!(read.plan.classes().next().unwrap().title, "Bauen");
    let lost = read.lost.join("\n");
    for what in ["Inhaltsangabe neben", "Gültigkeit einer", "Verweis auf", "Erweiterung eines anderen"] {
        assert!(lost.contains(what), "{lost}");
    }
}

#[test]
fn bombs_do_not_go_off() {
    let bomb =
        format!("<!DOCTYPE a [<!ENTITY x \"{}\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>", "x".repeat(1_000));
    assert!(mistakes(&bomb)[0].contains("Dokumenttyp (DTD)"));
    let outside = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
    assert!(mistakes(outside)[0].contains("Dokumenttyp (DTD)"));
    let hidden = format!("<?xml version=\"1.0\"?><!-- <a> --> {bomb}");
    assert!(mistakes(&hidden)[0].contains("Dokumenttyp (DTD)"));
    assert!(mistakes("<a>&unbekannt;</a>")[0].contains("kein gültiges XML"));
    assert!(mistakes(&"<a>".repeat(1_000_000))[0].contains("mehr als 60 tief"));
    assert!(mistakes(&"<a b='/>'>".repeat(1_000_000))[0].contains("mehr als 60 tief"), "quotes end nothing");
    let mut wide = "<a".to_owned();
    for n in 0..100_000 {
        write!(wide, " a{n}=''").unwrap();
    }
    assert!(mistakes(&format!("{wide}/>"))[0].contains("länger als 8192 Bytes"));
    assert!(
        mistakes(&format!("<a>{}</a>", "<b/>".repeat(4_000_001)))[0].contains("mehr als 4000000 Elemente")
    );
    assert!(mistakes(&format!("<a>{}</a>", " ".repeat(33 << 20)))[0].contains("größer als 32 MiB"));
    for torn in ["", "<", "<!--", "<![CDATA[", "<a b=\"", "<?xml", "\u{feff}", "<a/><b/>"] {
        assert!(!mistakes(torn).is_empty());
    }
    let many: String = (0..50_001).map(|n| unit(&(n % 10_000).to_string(), "")).collect();
    assert!(mistakes(&message("3.1.0", &many))[0].contains("Klassen"));
}
