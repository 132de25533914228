//! An office document becomes a PDF: LibreOffice lays it out, a child of the worker inside its fences, in the one folder that
//! may be written to. It gets a profile that was never used, in which macros, links to elsewhere and whatever updates itself are
//! off. May not trust what comes out: that is for a worker of its own to open.

use std::fs;
use std::io::{self, Read as _, Write};
use std::os::unix::process::ExitStatusExt as _;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::{identify, sandbox};
use crate::domain::text::{Format, MediaType};
use crate::intake::limits::{CONVERTED_BYTES_MAX, RENDITION_BYTES_MAX};
use crate::intake::reason::Reason;
use crate::intake::wire::{self, Fault, Message};

/// Ends the office program by the clock even when nobody is left to do it.
const TIMEOUT: &str = "timeout";
/// With this the office program asks to be started again: it has set up its new profile.
const SET_UP: i32 = 81;
/// Starts of the office program for one document: mostly one; another where it sets up its profile first, and one for good measure.
const STARTS_MAX: u32 = 3;
/// Ended by us: for the clock, for processor time.
const KILLED: i32 = 9;
const OUT_OF_TIME: i32 = 24;
/// How a shell tells of a signal.
const BY_SIGNAL: i32 = 128;
const MADE_FOLDER: &str = "out";
const MADE: &str = "original.pdf";
/// How a PDF begins.
const PDF: &[u8] = b"%PDF-";

/// Settings of the throw-away profile: path, name, value.
const SETTINGS: [(&str, &str, &str); 12] = [
    // Nothing is run.
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    // Nothing is brought in: not from the net, not from other files.
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.WriterWeb/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    // Nothing is reckoned anew.
    ("org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    ("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("org.openoffice.Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    // As it is written here, on paper as it is used here.
    ("org.openoffice.Setup/L10N", "ooSetupSystemLocale", "de-DE"),
    ("org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
];

/// Has the PDF made and hands it over.
pub(super) fn run(
    bytes: Vec<u8>,
    program: &str,
    seconds: u64,
    fences: &sandbox::Fences,
    out: &mut impl Write,
) -> io::Result<()> {
    let Some(scratch) = fences.scratch() else {
        return wire::send(out, &Message::Fault(Fault::Job));
    };
    if !fences.are_around_files() {
        return wire::send(out, &Message::Fault(Fault::FilesUnfenced));
    }
    let format = catch_unwind(|| identify::format(&bytes)).unwrap_or(Format::UNKNOWN);
    match made(bytes, format, program, Duration::from_secs(seconds), scratch) {
        Ok(pdf) => {
            wire::send(out, &Message::Converted { bytes: pdf.len() as u64 })?;
            out.write_all(&pdf)?;
            out.flush()
        }
        Err(reason) => wire::send(out, &Message::Refused { format: format.into(), reason }),
    }
}

fn made(
    bytes: Vec<u8>,
    format: Format,
    program: &str,
    most: Duration,
    scratch: &Path,
) -> Result<Vec<u8>, Reason> {
    if identify::is_encrypted_package(format) {
        return Err(Reason::Encrypted);
    }
    let ending = ending(format.media).ok_or(Reason::NotConverted)?;
    if bytes.len() as u64 > CONVERTED_BYTES_MAX {
        return Err(Reason::ConversionTooLarge);
    }
    let original = scratch.join(format!("original.{ending}"));
    furnish(scratch, Path::new(program))
        .and_then(|()| fs::write(&original, &bytes))
        .map_err(|_| Reason::ConversionFailed)?;
    drop(bytes);
    let begun = Instant::now();
    for _ in 0..STARTS_MAX {
        let left = most.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(Reason::ConversionTooSlow);
        }
        let ended = start(program, &original, format.media, left, scratch);
        let ended = ended.map_err(|_| Reason::ConversionFailed)?;
        match signal(ended) {
            Some(KILLED | OUT_OF_TIME) => return Err(Reason::ConversionTooSlow),
            Some(_) => return Err(Reason::ConversionFailed),
            None if ended.code() == Some(SET_UP) => {}
            None => return take(&scratch.join(MADE_FOLDER).join(MADE)),
        }
    }
    Err(Reason::ConversionFailed)
}

/// By which signal it ended, whether it is told as one or as `timeout` tells it.
fn signal(ended: ExitStatus) -> Option<i32> {
    let told = ended.code().and_then(|code| code.checked_sub(BY_SIGNAL)).filter(|signal| *signal > 0);
    ended.signal().or(told)
}

/// The ending by which the office program chooses who reads it; none for what it does not lay out.
fn ending(media: MediaType) -> Option<&'static str> {
    Some(match media {
        MediaType::Doc => "doc",
        MediaType::Xls => "xls",
        MediaType::Ppt => "ppt",
        MediaType::Docx => "docx",
        MediaType::Xlsx => "xlsx",
        MediaType::Xlsb => "xlsb",
        MediaType::Pptx => "pptx",
        MediaType::Odt => "odt",
        MediaType::Ods => "ods",
        MediaType::Odp => "odp",
        MediaType::Rtf => "rtf",
        MediaType::Html => "html",
        _ => return None,
    })
}

/// Makes the folders and the profile.
fn furnish(scratch: &Path, program: &Path) -> io::Result<()> {
    let user = scratch.join("profile/user");
    fs::create_dir_all(user.join("extensions"))?;
    if let Some(build) = build_of(program) {
        fs::write(user.join("extensions/buildid"), build)?;
    }
    fs::create_dir(scratch.join(MADE_FOLDER))?;
    let mut settings = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\" \
         xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n",
    );
    for (path, name, value) in SETTINGS {
        settings += &format!(
            "<item oor:path=\"/{path}\"><prop oor:name=\"{name}\" oor:op=\"fuse\"><value>{value}</value></prop></item>\n"
        );
    }
    settings += "</oor:items>\n";
    fs::write(user.join("registrymodifications.xcu"), settings)
}

/// Which build of the office program it is, as it says beside itself. A profile that knows it need not be set up by a start of its
/// own.
fn build_of(program: &Path) -> Option<String> {
    let told = fs::read_to_string(program.with_file_name("versionrc")).ok()?;
    told.lines().find_map(|line| line.strip_prefix("buildid=")).map(|build| build.trim().to_owned())
}

fn start(
    program: &str,
    original: &Path,
    media: MediaType,
    most: Duration,
    scratch: &Path,
) -> io::Result<ExitStatus> {
    let folder = scratch.display();
    let mut command = Command::new(TIMEOUT);
    // In the worker's own process group, so that whoever ends the worker ends it too.
    command.args(["--foreground", "--signal=KILL", &format!("{:.1}", most.as_secs_f64()), program]);
    command.arg(format!("-env:UserInstallation=file://{folder}/profile"));
    // Neither the extensions of the system nor what it registered of them.
    command.arg(format!("-env:UNO_SHARED_PACKAGES_CACHE=file://{folder}/none"));
    command.arg(format!("-env:BUNDLED_EXTENSIONS=file://{folder}/none"));
    command.args(["--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]);
    if media == MediaType::Html {
        // The reader for pages of the web loses their first paragraph.
        command.arg("--infilter=HTML (StarWriter)");
    }
    let made = if media == MediaType::Html { "pdf:writer_pdf_Export" } else { "pdf" };
    command.args(["--convert-to", made, "--outdir"]).arg(scratch.join(MADE_FOLDER)).arg(original);
    for variable in ["HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"] {
        command.env(variable, scratch);
    }
    command.env("SAL_USE_VCLPLUGIN", "svp").current_dir(scratch);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()
}

/// What was made, if it is a file of bearable size and at least begins as a PDF.
fn take(made: &Path) -> Result<Vec<u8>, Reason> {
    let known = fs::symlink_metadata(made).map_err(|_| Reason::ConversionFailed)?;
    if !known.is_file() {
        return Err(Reason::ConversionFailed);
    }
    let mut pdf = Vec::new();
    let file = fs::File::open(made).map_err(|_| Reason::ConversionFailed)?;
    let read = file.take(RENDITION_BYTES_MAX + 1).read_to_end(&mut pdf);
    match read {
        Ok(_) if pdf.len() as u64 > RENDITION_BYTES_MAX => Err(Reason::ConversionTooLarge),
        Ok(_) if pdf.starts_with(PDF) => Ok(pdf),
        Ok(_) | Err(_) => Err(Reason::ConversionFailed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_has_no_pages_of_its_own_has_an_ending_and_nothing_else_has() {
        for media in MediaType::ALL {
            assert_eq!(ending(media).is_some(), media.is_laid_out(), "{media}");
        }
    }

    #[test]
    fn a_program_that_was_ended_for_its_time_is_told_from_one_that_died() {
        assert_eq!(signal(ExitStatus::from_raw(9)), Some(KILLED));
        assert_eq!(signal(ExitStatus::from_raw((128 + 9) << 8)), Some(KILLED));
        assert_eq!(signal(ExitStatus::from_raw((128 + 11) << 8)), Some(11));
        assert_eq!(signal(ExitStatus::from_raw(SET_UP << 8)), None);
        assert_eq!(signal(ExitStatus::from_raw(0)), None);
    }
}
