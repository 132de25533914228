//! What the catalogue promises its readers.

use super::*;

#[test]
fn rows_are_paged_in_order_and_kinds_do_not_mix() {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(dir.path(), Pace::Lazily).unwrap();
    let mut changes = Changes::default();
    for n in 1..=5u128 {
        changes.put_row(Kind::File, Uuid::from_u128(n), &Row { head: 9, sealed: vec![7] });
    }
    changes.put_row(Kind::Document, Uuid::from_u128(3), &Row { head: 1, sealed: vec![] });
    let followed = Followed { entries: 42, last: Sha256([7; 32]) };
    catalog.apply(changes, followed).unwrap();
    assert_eq!(catalog.followed().unwrap(), followed);
    let first = catalog.rows(Kind::File, None, 2).unwrap();
    let next = catalog.rows(Kind::File, Some(first[1].0), 9).unwrap();
    let ids: Vec<_> = first.iter().chain(&next).map(|(id, _)| id.as_u128()).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    assert_eq!(catalog.count(Kind::Document).unwrap(), 1);
}

#[test]
fn a_catalogue_of_another_layout_asks_to_be_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    {
        let catalog = Catalog::open(dir.path(), Pace::Lazily).unwrap();
        catalog.db().unwrap().insert(Key::layout(), b"schriftgut catalogue 999").unwrap();
        catalog.flush().unwrap();
    }
    assert!(matches!(Catalog::open(dir.path(), Pace::Lazily), Err(CatalogError::Stale { .. })));
}

#[test]
fn what_holds_an_object_and_what_is_unread_can_be_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::open(dir.path(), Pace::Lazily).unwrap();
    let (object, document) = (ObjectId([3; 32]), DocumentId(Uuid::from_u128(8)));
    let mut changes = Changes::default();
    changes.put_holder(&object, document);
    changes.set_unread(document, true);
    catalog.apply(changes, Followed::NOTHING).unwrap();
    assert_eq!(catalog.holders(&object).unwrap(), [document]);
    assert_eq!(catalog.unread().unwrap(), [document]);
    let mut changes = Changes::default();
    changes.remove_holder(&object, document);
    changes.set_unread(document, false);
    catalog.apply(changes, Followed::NOTHING).unwrap();
    assert_eq!(catalog.holders(&object).unwrap(), []);
    assert_eq!(catalog.unread().unwrap(), []);
}

#[test]
fn what_it_knows_outlives_a_change_of_pace() {
    let dir = tempfile::tempdir().unwrap();
    let mut catalog = Catalog::open(dir.path(), Pace::Lazily).unwrap();
    let id = Uuid::from_u128(7);
    for (head, pace) in [(1, Pace::AtOnce), (2, Pace::AtOnce), (3, Pace::Lazily)] {
        let mut changes = Changes::default();
        changes.put_row(Kind::File, id, &Row { head, sealed: vec![9] });
        catalog.apply(changes, Followed { entries: head, ..Followed::NOTHING }).unwrap();
        catalog.set_pace(pace).unwrap();
        assert_eq!(catalog.pace(), pace);
        assert_eq!(catalog.row(Kind::File, id).unwrap().unwrap().head, head);
        assert_eq!(catalog.followed().unwrap().entries, head);
    }
}
