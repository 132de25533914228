//! Giving out a package: whatever operation of the disk it is written to fails, there is no package or a whole one, nothing half of it
//! is left, and whoever asks again gets it.

use std::path::{Path, PathBuf};

use schriftgut::disk::{Disk, Failing, Fault};
use schriftgut::domain::disposal::Decision;
use schriftgut::domain::ids::DisposalListId;
use schriftgut::format::package::PackageForm;
use schriftgut::registry::{Answer, Handover, PackageOrder};

use crate::common::{LONG_AGO, Paper, TestOffice, WITHDRAWN, files_below};
use crate::in_memory;

/// An office whose archive has decided, and took over.
fn decided() -> (TestOffice, DisposalListId) {
    let office = TestOffice::demo();
    for file in ["A-1", "A-2"] {
        office.take_in(Paper::new(file, WITHDRAWN, "antrag.txt", format!("Antrag zu {file}").into_bytes()));
        office.close(file, LONG_AGO);
    }
    office.read_texts();
    let list = office.offered_list();
    for file in office.files_on(list) {
        let archivist = office.archivist.as_archivist().unwrap();
        office.registry().appraise(archivist, list, file, Decision::Archive, "ortsbildprägend").unwrap();
    }
    (office, list)
}

fn give_out(
    office: &TestOffice,
    list: DisposalListId,
    form: PackageForm,
    out: &Path,
    disk: &Disk,
) -> Answer<Handover> {
    let order = PackageOrder { form, out, disk, on: office.today() };
    office.registry().give_out(office.archivist.as_archivist().unwrap(), list, order)
}

/// What is in a folder, by path, with its length.
fn content(out: &Path) -> Vec<(PathBuf, u64)> {
    let files = files_below(out).into_iter();
    let mut content: Vec<_> = files
        .map(|path| (path.strip_prefix(out).unwrap().to_owned(), path.metadata().unwrap().len()))
        .collect();
    content.sort();
    content
}

#[test]
fn a_package_is_whole_or_not_there_whatever_operation_fails() {
    let (office, list) = decided();
    for form in PackageForm::ALL {
        let place = in_memory();
        let whole = place.path().join("ganz");
        let (disk, faults) = Failing::before(&Disk::real());
        give_out(&office, list, form, &whole, &disk).unwrap();
        let (operations, whole) = (faults.operations(), content(&whole));
        assert!(operations > 40, "{form}: {operations}");
        // Every operation that changes something fails once; now and then one that only looks, and all that follow.
        let changes = faults.changes();
        let trials = (0..operations).flat_map(|after| {
            let once = changes.contains(&after) || after % 5 == 0;
            once.then_some((after, false)).into_iter().chain((after % 7 == 0).then_some((after, true)))
        });
        for (after, lasting) in trials {
            let what = format!("{form}, operation {after}, lasting: {lasting}");
            let out = place.path().join("paket");
            faults.set(after, Fault::Broken, lasting);
            let given = give_out(&office, list, form, &out, &disk);
            assert!(faults.failed() > 0, "{what}");
            faults.clear();
            assert!(given.is_ok() <= out.exists(), "{what}: {given:?}");
            if out.exists() {
                assert_eq!(content(&out), whole, "{what}: {given:?}");
            } else if lasting {
                give_out(&office, list, form, &out, &disk).unwrap();
                assert_eq!(content(&out), whole, "{what}, asked again");
            }
            if out.exists() {
                std::fs::remove_dir_all(&out).unwrap();
            }
            let left: Vec<_> =
                std::fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert_eq!(left, ["ganz"], "{what}");
        }
    }
}
