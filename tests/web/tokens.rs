//! The life of a token: what it opens, for how long, and how it ends.

use jiff::{SignedDuration, Timestamp};
use schriftgut::disk::Failing;
use schriftgut::domain::token::TokenScope;
use schriftgut::registry::{Error, NewToken};

use super::api::Program;
use super::*;

const FILE: &str = "/api/v1/files/63-1";

fn town_with_a_file() -> Town {
    let town = Town::new();
    let operator = town.operator();
    town.document(&operator, target("63-1", "Garage", GENERAL[0]), "plan.txt", b"Eine Garage");
    town
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_with_the_rights_of_the_moment_and_nothing_once_it_is_revoked() {
    let town = town_with_a_file();
    let (operator, sach) = (town.operator(), town.person("sach", Role::Clerk, GENERAL));
    let program = town.program(&sach, &TokenScope::ALL);
    assert_eq!(program.get(FILE).await.status, StatusCode::OK);
    let set = |roles: &[Role], clearances: &[ProtectionDomain]| {
        let (roles, clearances) = (roles.iter().copied().collect(), clearances.iter().copied().collect());
        let by = operator.as_administrator().unwrap();
        town.registry.set_rights(by, "sach", Some(roles), Some(clearances)).unwrap();
    };
    set(&[Role::Clerk], &[]);
    program.get(FILE).await.problem(404);
    set(&[Role::Archivist], GENERAL);
    assert_eq!(program.get(FILE).await.status, StatusCode::OK);
    program.facts("[]").await.problem(403);
    set(&[Role::Auditor], GENERAL);
    program.get(FILE).await.problem(403);
    let guess = format!("{}{}", &program.token()[..program.token().len() - 64], "0".repeat(64));
    let unknown = Program::with(&town, &guess);
    let wrong = unknown.get(FILE).await;
    wrong.problem(401);
    assert_eq!(wrong.headers["www-authenticate"], "Bearer realm=\"schriftgut\"");
    let same_as_unknown = |page: Page| {
        page.problem(401);
        assert_eq!((&page.bytes, &page.headers), (&wrong.bytes, &wrong.headers));
    };
    set(&[], GENERAL);
    same_as_unknown(program.get(FILE).await);
    set(&[Role::Clerk], GENERAL);
    assert_eq!(program.get(FILE).await.status, StatusCode::OK);
    let token = town.registry.tokens(&sach, "sach").unwrap().remove(0);
    town.registry.revoke_token(&sach, "sach", &token.id.to_string()).unwrap();
    same_as_unknown(program.get(FILE).await);
    same_as_unknown(Program::with(&town, "").get(FILE).await);
    same_as_unknown(Program::with(&town, "Unfug").get(FILE).await);
    // Its person's own session is something else, and opens nothing here.
    same_as_unknown(town.signed_in("sach").await.get(FILE).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_by_the_clock_of_the_office() {
    let (disk, faults) = Failing::before(&Disk::real());
    let now = Timestamp::now();
    faults.put_clock(now);
    let town = Town::on(&disk);
    let operator = town.operator();
    town.document(&operator, target("63-1", "Garage", GENERAL[0]), "plan.txt", b"Eine Garage");
    let program = town.program(&operator, &[TokenScope::Read]);
    let days = |days: i64| now + SignedDuration::from_hours(24 * days);
    for (day, valid) in [(0, true), (1, true), (2, false), (400, false), (1, true), (-2, false)] {
        faults.put_clock(days(day));
        let status = if valid { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(program.get(FILE).await.status, status, "day {day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_reaches_as_far_as_its_scopes() {
    let town = town_with_a_file();
    let sach = town.person("sach", Role::Clerk, GENERAL);
    for (scope, allowed) in [
        (TokenScope::Read, [200, 403, 403, 403]),
        (TokenScope::Search, [403, 200, 403, 403]),
        (TokenScope::Facts, [403, 403, 200, 403]),
        (TokenScope::File, [403, 403, 403, 201]),
    ] {
        let program = town.program(&sach, &[scope]);
        let key = [("idempotency-key", scope.code())];
        let got = [
            program.get(FILE).await,
            program.get("/api/v1/search?q=garage").await,
            program.facts("[]").await,
            program.ask("POST", "/api/v1/documents?name=a.txt", &key, "Zaun").await,
        ];
        assert_eq!(got.map(|page| page.status.as_u16()), allowed, "{scope}");
        // Nor does it open a page.
        let page = program.ask("GET", "/akte/63-1", &[], "").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_tokens_are_slowed_down_and_those_of_others_are_not() {
    let town = town_with_a_file();
    let (sach, other) =
        (town.person("sach", Role::Clerk, GENERAL), town.person("zwei", Role::Clerk, GENERAL));
    let (right, others) = (town.program(&sach, &TokenScope::ALL), town.program(&other, &TokenScope::ALL));
    let guess = |n: usize| format!("{}{n:064}", &right.token()[..right.token().len() - 64]);
    for n in 0..5 {
        Program::with(&town, &guess(n)).get(FILE).await.problem(401);
    }
    let waits = right.get(FILE).await;
    waits.problem(429);
    assert!(waits.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
    assert_eq!(others.get(FILE).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_issued_listed_and_revoked_on_ones_own_page_and_shown_once() {
    let town = town_with_a_file();
    town.person("sach", Role::Clerk, GENERAL);
    let sach = town.signed_in("sach").await;
    let until = town.registry.today().tomorrow().unwrap().to_string();
    let form = |secret: &'static str, until: &str| {
        [
            ("name", "Abgleich <b>".to_owned()),
            ("umfang", "lesen".into()),
            ("bis", until.into()),
            ("kennwort", secret.into()),
        ]
    };
    let post = async |form: [(&'static str, String); 4]| {
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        sach.post("/kennwort/schluessel", &form).await
    };
    assert_eq!(post(form("falsch", &until)).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(post(form(SECRET, "2020-01-01")).await.status, StatusCode::BAD_REQUEST, "over");
    assert_eq!(post(form(SECRET, "2999-01-01")).await.status, StatusCode::BAD_REQUEST, "too far");
    let issued = post(form(SECRET, &until)).await;
    issued.says(&["nur jetzt gezeigt", "Abgleich &#60;b&#62;"]);
    let body = issued.body();
    let token = &body[body.find("schriftgut_").unwrap()..][.."schriftgut_".len() + 32 + 1 + 64];
    assert_eq!(Program::with(&town, token).get(FILE).await.status, StatusCode::OK);
    let account = sach.get("/kennwort").await;
    account.says(&["Abgleich &#60;b&#62;", "Akten und Dokumente lesen", "/widerrufen"]);
    assert!(!account.body().contains("schriftgut_"), "shown once");
    let body = account.body();
    let revoke = body.split('"').find(|part| part.ends_with("/widerrufen")).unwrap().to_owned();
    town.person("zwei", Role::Clerk, GENERAL);
    assert_eq!(town.signed_in("zwei").await.post(&revoke, &[]).await.status, StatusCode::NOT_FOUND);
    sach.post(&revoke, &[]).await.leads_on("widerrufen");
    Program::with(&town, token).get(FILE).await.problem(401);
}

#[test]
fn nobody_gets_a_token_of_somebody_else_and_there_is_an_end_to_how_many() {
    let town = Town::new();
    let (sach, other) =
        (town.person("sach", Role::Clerk, GENERAL), town.person("zwei", Role::RecordsManager, GENERAL));
    let until = town.registry.today();
    let issue = |name: &str, scopes: &[TokenScope]| {
        let scopes = scopes.iter().copied().collect();
        town.registry.issue_token(&sach, &NewToken { name, scopes, until })
    };
    let id = issue("Abgleich", &TokenScope::ALL).unwrap().token.id.to_string();
    assert!(matches!(town.registry.tokens(&other, "sach"), Err(Error::Refusal(_))));
    assert!(matches!(town.registry.revoke_token(&other, "sach", &id), Err(Error::Refusal(_))));
    assert!(matches!(town.registry.tokens(&other, "niemand"), Err(Error::Refusal(_))), "and nothing is told");
    for (name, scopes) in [("", &TokenScope::ALL[..]), ("Ohne", &[]), ("Abgleich", &TokenScope::ALL)] {
        assert!(matches!(issue(name, scopes), Err(Error::Mistake(_))), "{name}");
    }
    let operator = town.operator();
    assert_eq!(town.registry.tokens(&operator, "sach").unwrap().len(), 1);
    assert!(matches!(town.registry.revoke_token(&operator, "sach", "Anderer"), Err(Error::Mistake(_))));
    town.registry.revoke_token(&operator, "sach", "Abgleich").unwrap();
    assert_eq!(town.registry.tokens(&sach, "sach").unwrap(), []);
    for n in 0..20 {
        issue(&format!("Nr. {n}"), &TokenScope::ALL).unwrap();
    }
    assert!(matches!(issue("Nr. 20", &TokenScope::ALL), Err(Error::Refusal(_))));
}
