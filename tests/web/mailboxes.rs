//! What the page of what is read tells of mailboxes: what is in the way and what was set aside, to one person alone.

use schriftgut::registry::MailboxState;

use super::*;

#[tokio::test]
async fn a_mailbox_is_told_of_to_the_person_it_is_emptied_as_and_to_nobody_else() {
    let town = Town::new();
    let clerk = town.person("meier", Role::Clerk, &[]);
    town.person("schulz", Role::Clerk, &[]);
    let words = |why: &str| ["Es geht nicht".to_owned(), why.to_owned(), "warten Sie".to_owned()];
    let mut state = MailboxState {
        person: clerk.id,
        server: "mail.example".into(),
        user: "bauamt".into(),
        folder: "INBOX".into(),
        failed: "Nicht <erfasst>".into(),
        visited: town.registry.now(),
        trouble: Some(words("das Netz fehlt")),
        aside: Vec::new(),
        aside_count: 0,
    };
    (0..101).for_each(|number| state.set_aside(&format!("Mail ({number}).eml"), words("sie ist zu groß")));
    town.registry.prepare_mailbox("eines").unwrap();
    town.registry.note_mailbox("eines", &mut state).unwrap();
    let page = town.signed_in("meier").await.get("/lesen").await;
    page.says(&[
        "bauamt auf mail.example (INBOX)",
        "das Netz fehlt; warten Sie",
        "Mail (100).eml: sie ist zu groß",
        "und 1 weitere",
    ]);
    assert!(!page.body().contains("<erfasst>") && page.body().contains("erfasst"));
    let other = town.signed_in("schulz").await.get("/lesen").await;
    other.says(&["Was gelesen wird"]);
    assert!(
        !other.body().contains("mail.example") && !other.body().contains("Postfächer"),
        "{}",
        other.body()
    );
    // One that cannot be read is as if there were none.
    let kept = town.registry.layout().mailboxes().join("eines").join("stand");
    let mut sealed = std::fs::read(&kept).unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("mail.example"), "it lies sealed");
    sealed[40] ^= 1;
    std::fs::write(&kept, sealed).unwrap();
    let page = town.signed_in("meier").await.get("/lesen").await;
    page.says(&["Was gelesen wird"]);
    assert!(!page.body().contains("mail.example"));
}
