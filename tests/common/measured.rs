//! A workshop whose workers are measured: GNU time stands between, in a session of its own, so that ending the worker does
//! not end the measuring. What is measured includes the recognition that a worker starts.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use schriftgut::intake::{Limits, Workshop};

const TIME: &str = "/usr/bin/time";
/// How long the last word of a worker that was ended is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// See the module documentation.
pub struct Measured {
    place: tempfile::TempDir,
    workshop: Workshop,
}

impl Measured {
    /// A workshop with these limits; a worker that goes on although it was to end is ended after `most`.
    pub fn new(limits: &Limits, most: Duration) -> Self {
        let place = tempfile::tempdir().unwrap();
        let program = env!("CARGO_BIN_EXE_schriftgut");
        let at = place.path().display();
        // The mark is there as long as a worker runs; one that hangs is ended behind its own limits.
        let script = format!(
            "#!/bin/sh\n: > {at}/run.$$\n\
             exec setsid -w sh -c 'timeout -s KILL {} {TIME} -q -a -f %M -o {at}/memory {program} worker; rm {at}/run.'$$\n",
            most.as_secs()
        );
        let wrapper = place.path().join("worker");
        let is_measured = fs::metadata(TIME).is_ok();
        assert!(is_measured || std::env::var_os("CI").is_none(), "in CI GNU time must be installed");
        if !is_measured {
            println!("not measured: {TIME} is missing");
            return Self { place, workshop: Workshop::with_program(program).with_limits(limits.clone()) };
        }
        // Written by a process of its own: a descriptor of ours would be inherited by whatever another thread starts just
        // now, and a file that is open for writing cannot be started.
        let mut writer = Command::new("sh");
        writer.args(["-c", "printf %s \"$1\" > \"$0\" && chmod 700 \"$0\""]).arg(&wrapper).arg(script);
        assert!(writer.status().unwrap().success());
        Self { workshop: Workshop::with_program(&wrapper).with_limits(limits.clone()), place }
    }

    pub fn workshop(&self) -> &Workshop {
        &self.workshop
    }

    /// The most memory that one of its workers had; none where nothing was measured.
    pub fn most_bytes(&self) -> Option<u64> {
        let runs = || {
            let entries = fs::read_dir(self.place.path()).unwrap();
            entries
                .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("run."))
                .count()
        };
        let begun = Instant::now();
        while runs() > 0 && begun.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(1));
        }
        let lines = fs::read_to_string(self.place.path().join("memory")).ok()?;
        lines
            .lines()
            .filter_map(|line| line.trim().parse::<u64>().ok())
            .max()
            .map(|kibibytes| kibibytes * 1024)
    }
}
