//! `demo`: the whole main job on drawn building files, each step by the same verbs anyone would use: take in,
//! read, search, judge, offer, appraise, hand over, propose, approve, destroy, prove.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::cli::args::{Args, Demo};
use crate::cli::desk::Voice;
use crate::cli::json::office::Shown;
use crate::cli::{batch, secret};
use crate::domain::actor::{Actor, Role};
use crate::domain::disposal::Decision;
use crate::domain::ids::DisposalListId;
use crate::domain::protection::ProtectionDomain;
use crate::format::demo_lists::{FactRow, HoldRow, Story, rows, story};
use crate::format::wording;
use crate::format::wording::count;
use crate::registry::{
    Answer, Error, Executed, Founding, Handover, HoldOrder, NewPerson, Outcome, Registry, Signer, Summary,
    Verified, found, verify_proof,
};

/// The people of the demo, by login: name, roles. Their secret is printed at the end.
const PEOPLE: [(&str, &str, &[Role]); 4] = [
    ("archiv", "Dr. Imke Wolters (Stadtarchiv)", &[Role::Archivist]),
    ("schriftgut1", "Henning Voss (Schriftgutverwaltung)", &[Role::RecordsManager, Role::Clerk]),
    ("schriftgut2", "Gesa Tamm (Schriftgutverwaltung)", &[Role::RecordsManager]),
    ("revision", "Onno Reents (Rechnungsprüfung)", &[Role::Auditor]),
];
/// The one secret of the demo's people; a registry for showing says so on every certificate.
const SECRET: &str = "nur-zum-zeigen";

/// The stage: the registry and its people.
struct Stage<'a, 'v> {
    registry: &'a Registry,
    material: &'a Path,
    voice: &'a mut Voice<'v>,
    begun: Instant,
}

pub(in crate::cli) fn run(args: &Args, demo: &Demo, voice: &mut Voice<'_>) -> Answer<u8> {
    let material = demo.material.as_deref().ok_or_else(|| {
        Error::mistake(
            "Ohne Musterakten kann nichts vorgeführt werden",
            "es ist nicht gesagt, wo sie liegen",
            "`./run demo` zeichnet sie und führt alles vor; sind sie schon gezeichnet, nennen Sie ihren Ordner mit \
             --material ORDNER",
        )
    })?;
    let root = args.registry()?;
    let founding = Founding {
        name: "Stadt Kesterbrück".to_owned(),
        demo: true,
        login: secret::operator(),
        rules: crate::format::rule_pack::NRW_KOMMUNAL,
    };
    let registry = Arc::new(found(&root, &founding)?.registry);
    let mut stage = Stage { registry: &registry, material, voice: &mut *voice, begun: Instant::now() };
    let shown = stage.play(&founding.login)?;
    voice.result(&shown.json(), String::new)?; // people have read it step by step
    match demo.listen {
        Some(listen) => {
            voice.step(format!(
                "\nAnmelden können Sie sich als archiv, schriftgut1, schriftgut2 oder revision, Kennwort: {SECRET}"
            ))?;
            super::serve::up(&registry, listen, super::serve::Inlets::default(), voice)
        }
        None => Ok(0),
    }
}

impl Stage<'_, '_> {
    fn say(&mut self, line: impl std::fmt::Display) -> Answer<()> {
        self.voice.step(format!("[{:5.1} s] {line}", self.begun.elapsed().as_secs_f64()))
    }

    fn play(&mut self, operator: &str) -> Answer<Shown> {
        let signers = self.people(operator)?;
        let [archive, proposer, approver] = &signers;
        let story = story(&self.read("story.toml")?)?;
        let taken = self.take_in(proposer.actor())?;
        self.record_facts(proposer.actor())?;
        self.search(proposer.actor(), &story)?;
        self.judge(proposer.actor())?;
        let list = self.collect(proposer.actor())?;
        self.appraise(archive.actor(), list, &story)?;
        let handover = self.hand_over(archive.actor(), list)?;
        let executed = self.destroy(proposer, [approver, archive], list)?;
        let verified = self.registry.verify(proposer.actor().as_caretaker()?, true)?;
        self.report(&verified)?;
        let (registry, verifier_key) =
            (self.registry.layout().root().to_owned(), self.registry.verifier_key());
        Ok(Shown { registry, verifier_key, taken, list, handover, executed, verified })
    }

    fn read(&self, name: &str) -> Answer<String> {
        let path = self.material.join(name);
        std::fs::read_to_string(&path).map_err(|cause| {
            Error::mistake(
                format!("Das Vorführmaterial {} ist nicht lesbar", path.display()),
                crate::cli::disk::in_german(&cause),
                "`./run demo` zeichnet es neu",
            )
        })
    }

    /// Everybody gets an account and then sets a secret of their own: only such a key may sign.
    fn people(&mut self, operator: &str) -> Answer<[Signer; 3]> {
        let administrator = self.registry.person(operator)?;
        for (login, name, roles) in PEOPLE {
            let person = NewPerson {
                login: login.to_owned(),
                name: name.to_owned(),
                roles: roles.iter().copied().collect::<BTreeSet<_>>(),
                clearances: ProtectionDomain::ALL.into_iter().collect(),
            };
            self.registry.add_person(administrator.as_administrator()?, &person)?;
            let actor = self.registry.person(login)?;
            self.registry.set_secret(&actor, login, SECRET)?;
        }
        self.say(format!("{} Personen mit eigenen Unterschriften angelegt", PEOPLE.len()))?;
        let signer = |login| self.registry.sign_in(login, SECRET);
        Ok([signer("archiv")?, signer("schriftgut1")?, signer("schriftgut2")?])
    }

    fn take_in(&mut self, clerk: &Actor) -> Answer<Summary> {
        let (sources, closing) =
            batch::read(self.registry, clerk.as_clerk()?, &self.material.join("manifest.csv"))?;
        let (registry, mut known) = (self.registry, 0);
        let summary = registry.ingest(clerk.as_clerk()?, sources.into_iter(), &mut |taken| {
            known += u64::from(matches!(taken.outcome, Outcome::Known(_)));
        })?;
        registry.close_all(clerk.as_clerk()?, &closing)?;
        self.say(format!(
            "{} Dokumente erfasst und bestätigt ({} inhaltsgleich mit schon vorhandenen), {:.1} MB",
            summary.taken + summary.known,
            known,
            summary.bytes as f64 / 1e6
        ))?;
        let progress = self.registry.read_texts(&|progress| {
            if progress.done % 20 == 0 {
                eprintln!("          Texte lesen: {} von {} Dokumenten", progress.done, progress.documents);
            }
        })?;
        self.say(format!(
            "{} Dokumente gelesen: {} Seiten, davon {} mit Texterkennung; {} nicht lesbar (Original aufbewahrt)",
            progress.read, progress.pages, progress.recognised, progress.given_up
        ))?;
        Ok(summary)
    }

    fn record_facts(&mut self, manager: &Actor) -> Answer<()> {
        let facts: Vec<FactRow> = rows(&self.read("facts.csv")?)?;
        for fact in &facts {
            let clerk = manager.as_clerk()?;
            self.registry.record_fact(clerk, &fact.aktenzeichen, &fact.fakt, fact.am, fact.quelle.clone())?;
        }
        let holds: Vec<HoldRow> = rows(&self.read("holds.csv")?)?;
        for hold in &holds {
            let manager = manager.as_records_manager()?;
            let order = HoldOrder::of(&hold.aktenzeichen, hold.grund.clone(), hold.seit);
            self.registry.place_hold(manager, &order, true)?;
        }
        let confirmed = self.registry.confirm_rules(manager.as_records_manager()?, &[])?;
        self.say(format!(
            "{} und {} festgehalten; die Stadt bestätigt {confirmed} Regeln",
            count(facts.len(), "Tatsache", "Tatsachen"),
            count(holds.len(), "Vernichtungssperre", "Vernichtungssperren")
        ))
    }

    fn search(&mut self, clerk: &Actor, story: &Story) -> Answer<()> {
        let (mut found, mut took) = (0, 0.0);
        for word in &story.search_words {
            let page = self.registry.search(clerk.as_reader()?, word, 0, 5)?;
            found += usize::from(page.total > 0);
            took += page.took_ms;
        }
        let words = story.search_words.len();
        self.say(format!(
            "{found} von {words} halb erinnerten Wörtern gefunden, im Mittel in {:.1} ms",
            took / words.max(1) as f64
        ))
    }

    fn judge(&mut self, manager: &Actor) -> Answer<()> {
        let mut example = None;
        let tally =
            self.registry.evaluate_all(manager.as_reader()?, self.registry.today(), &mut |evaluated| {
                if example.is_none() && evaluated.finding.outcome.is_due() {
                    example = Some(evaluated);
                }
                Ok(())
            })?;
        let parts: Vec<_> =
            tally.0.iter().map(|(code, count)| format!("{} {count}", outcome_word(code))).collect();
        self.say(format!("Regelwerk geprüft: {}", parts.join(", ")))?;
        if let Some(example) = example {
            let rules = self.registry.rules()?;
            let text = wording::explain(&example.file, &example.finding, &rules.book);
            for line in text.lines() {
                self.voice.step(format!("            {line}"))?;
            }
        }
        Ok(())
    }

    fn collect(&mut self, manager: &Actor) -> Answer<DisposalListId> {
        let today = self.registry.today();
        let manager = manager.as_records_manager()?;
        let list = self.registry.create_list(manager, None, today)?;
        self.registry.offer_list(manager, list, today)?;
        let lines = self.registry.show_list(manager.actor().as_auditor()?, list)?.list.lines.len();
        self.say(format!("Aussonderungsliste mit {lines} fälligen Akten angelegt und dem Archiv angeboten"))?;
        Ok(list)
    }

    fn appraise(&mut self, archivist: &Actor, list: DisposalListId, story: &Story) -> Answer<()> {
        let view = self.registry.show_list(archivist.as_auditor()?, list)?;
        let (mut keep, mut destroy) = (0, 0);
        for (id, file) in &view.files {
            let Some(file) = file else { continue };
            let wanted = story.archive.iter().any(|reference| reference == file.reference.as_str());
            let (decision, reason) = if wanted {
                keep += 1;
                (Decision::Archive, "dauernd aufzubewahren, siehe Kriterien")
            } else {
                destroy += 1;
                (Decision::Destroy, "kein bleibender Wert")
            };
            self.registry.appraise(archivist.as_archivist()?, list, *id, decision, reason)?;
        }
        self.say(format!("Archiv hat bewertet: {keep} archivwürdig, {destroy} zur Vernichtung"))
    }

    fn hand_over(&mut self, archivist: &Actor, list: DisposalListId) -> Answer<Handover> {
        let bag = self.registry.layout().root().with_extension("abgabe");
        let handover =
            self.registry.transfer(archivist.as_archivist()?, list, &bag, self.registry.today())?;
        self.say(format!(
            "{} Archivexemplare übernommen, zurückgelesen und als BagIt-Paket geschrieben: {}",
            handover.files.len(),
            handover.bag.display()
        ))?;
        Ok(handover)
    }

    fn destroy(
        &mut self,
        proposer: &Signer,
        approvers: [&Signer; 2],
        list: DisposalListId,
    ) -> Answer<Executed> {
        let today = self.registry.today();
        self.registry.propose_list(proposer, list, today)?;
        for approver in approvers {
            self.registry.approve_list(approver, list, today)?;
        }
        self.say(
            "Vernichtung vorgeschlagen und von zwei anderen Personen freigegeben (Karenz im Muster: 0 Tage)",
        )?;
        let executed = self.registry.execute_list(proposer.actor().as_records_manager()?, list, today)?;
        let counts = executed.counts;
        self.say(format!(
            "{} Akten mit {} Dokumenten vernichtet, {} Dateien entfernt, {} in anderen Akten fort; {} verschont",
            executed.files,
            counts.documents,
            counts.objects,
            count(counts.objects_held_elsewhere, "besteht", "bestehen"),
            executed.spared.len()
        ))?;
        let certificate = std::fs::read_to_string(&executed.certificate)?;
        let verdict = verify_proof(&certificate, &self.registry.verifier_key())?;
        self.say(format!(
            "Vernichtungsprotokoll geprüft: gilt für {} Akten ({} Einträge bewiesen): {}",
            verdict.destroyed.unwrap_or(0),
            verdict.entries.len(),
            executed.certificate.display()
        ))?;
        Ok(executed)
    }

    fn report(&mut self, verified: &Verified) -> Answer<()> {
        let verdict = if verified.is_clean() { "alles unversehrt" } else { "NICHT unversehrt" };
        self.say(format!(
            "{} gespeicherte Dateien und {} Einträge nachgeprüft: {verdict}",
            verified.objects, verified.entries
        ))
    }
}

fn outcome_word(code: &str) -> &str {
    match code {
        "not_begun" => "Frist nicht begonnen",
        "suspended" => "Frist gehemmt",
        "retained" => "Frist läuft",
        "permanent" => "dauernd",
        "held" => "gesperrt",
        "due" => "fällig",
        "ungoverned" => "ohne Regel",
        "unconfirmed" => "Regel zu bestätigen",
        other => other,
    }
}
