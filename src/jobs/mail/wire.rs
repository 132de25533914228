//! The line to a mail server: sealed (TLS) to a server that proves its name, never in the clear beyond a greeting, never
//! waiting for ever, and ended at once when the program ends. It says nothing itself.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::words::Hitch;
use crate::format::mail_profile::{MailProfile, Tls};

/// So many times as long as for the next byte is waited for all that one command brings: a server that drips does not hold
/// us for ever.
const PATIENCES_OF_A_COMMAND: u32 = 20;
/// How often a wait is interrupted, to look whether the program ends.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Where systems keep the certificates they trust.
const TRUSTED: &[&str] =
    &["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/// A sealed line to a server.
pub(super) struct Wire<'s>(StreamOwned<ClientConnection, Line<'s>>);

/// The line below the seal, on which no wait is without an end.
pub(super) struct Line<'s> {
    tcp: TcpStream,
    /// Longest wait for the next byte.
    patience: Duration,
    /// When what is in hand must be over.
    until: Instant,
    stop: &'s mut dyn FnMut() -> bool,
}

/// The program ends: not the server's fault, and nothing to be said.
#[derive(Debug)]
pub(super) struct ToldToStop;

impl fmt::Display for ToldToStop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("told to stop")
    }
}

impl std::error::Error for ToldToStop {}

impl<'s> Wire<'s> {
    /// Connects. `hello` is said and heard in the clear, where the profile wants that: it asks for TLS. `stop` is asked
    /// again and again whether to end.
    pub(super) fn to(
        profile: &MailProfile,
        hello: fn(&mut Line<'_>) -> io::Result<()>,
        stop: &'s mut dyn FnMut() -> bool,
    ) -> Result<Self, Hitch> {
        let config = config(profile.ca.as_deref())?;
        let name = ServerName::try_from(profile.server.clone()).map_err(|_| Hitch::Name)?;
        let session = ClientConnection::new(Arc::new(config), name).map_err(|_| Hitch::Name)?;
        let tcp = connect(&profile.server, profile.port, profile.patience)?;
        let mut line = Line::over(tcp, profile.patience, stop)?;
        if profile.tls == Tls::Starttls {
            hello(&mut line)?;
        }
        let mut stream = StreamOwned::new(session, line);
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).map_err(|cause| {
                match cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    Some(rustls::Error::InvalidCertificate(_)) => Hitch::Certificate,
                    Some(_) => Hitch::NoTls,
                    None => Hitch::from(cause),
                }
            })?;
        }
        Ok(Self(stream))
    }

    /// A command begins: it has its time anew.
    pub(super) fn begin(&mut self) {
        self.0.sock.begin();
    }

    /// The program ends.
    pub(super) fn is_to_stop(&mut self) -> bool {
        (self.0.sock.stop)()
    }
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<'s> Line<'s> {
    fn over(tcp: TcpStream, patience: Duration, stop: &'s mut dyn FnMut() -> bool) -> io::Result<Self> {
        tcp.set_read_timeout(Some(LOOK_EVERY.min(patience)))?;
        tcp.set_write_timeout(Some(patience))?;
        tcp.set_nodelay(true)?;
        let mut line = Self { tcp, patience, until: Instant::now(), stop };
        line.begin();
        Ok(line)
    }

    fn begin(&mut self) {
        self.until = Instant::now() + self.patience * PATIENCES_OF_A_COMMAND;
    }
}

impl Read for Line<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let begun = Instant::now();
        loop {
            if (self.stop)() {
                return Err(io::Error::other(ToldToStop));
            }
            if begun.elapsed() > self.patience || Instant::now() > self.until {
                return Err(io::ErrorKind::TimedOut.into());
            }
            match self.tcp.read(buffer) {
                Err(cause) if matches!(cause.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                }
                done => return done,
            }
        }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tcp.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

fn connect(server: &str, port: u16, patience: Duration) -> io::Result<TcpStream> {
    let mut failed = io::Error::from(io::ErrorKind::NotFound);
    for address in (server, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, patience) {
            Ok(tcp) => return Ok(tcp),
            Err(cause) => failed = cause,
        }
    }
    Err(failed)
}

fn config(ca: Option<&Path>) -> Result<ClientConfig, Hitch> {
    let found = || TRUSTED.iter().map(PathBuf::from).find(|path| path.exists());
    let path = ca.map(Path::to_owned).or_else(found).ok_or(Hitch::NoTrust(None))?;
    let certificates =
        CertificateDer::pem_file_iter(&path).map_err(|_| Hitch::NoTrust(Some(path.clone())))?;
    let mut roots = RootCertStore::empty();
    // One of many that cannot be read is not trusted, and that is all.
    roots.add_parsable_certificates(certificates.filter_map(Result::ok));
    if roots.is_empty() {
        return Err(Hitch::NoTrust(Some(path)));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|_| Hitch::NoTls)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    const PATIENCE: Duration = Duration::from_millis(60);

    /// Reads to the end from a server that does this, and says how that ended and how long it took.
    fn read_from(
        server: impl FnOnce(TcpStream) + Send + 'static,
        stop: &mut dyn FnMut() -> bool,
    ) -> (io::Error, Duration) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let tcp = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let other = std::thread::spawn(move || server(listener.accept().unwrap().0));
        let begun = Instant::now();
        let mut line = Line::over(tcp, PATIENCE, stop).unwrap();
        let ended = line.read_to_end(&mut Vec::new()).unwrap_err();
        let took = begun.elapsed();
        drop(line); // the server hears that nobody listens
        other.join().unwrap();
        (ended, took)
    }

    fn drip(mut tcp: TcpStream) {
        while tcp.write_all(b"*").is_ok() {
            std::thread::sleep(PATIENCE / 4);
        }
    }

    #[test]
    fn a_server_that_is_silent_or_drips_holds_nobody_for_ever() {
        let silent = |mut tcp: TcpStream| drop(tcp.read(&mut [0]));
        let (ended, took) = read_from(silent, &mut || false);
        assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
        assert!(took < PATIENCE * PATIENCES_OF_A_COMMAND, "{took:?}");
        let (ended, took) = read_from(drip, &mut || false);
        assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
        assert!(took >= PATIENCE * PATIENCES_OF_A_COMMAND, "it was listened to while it spoke: {took:?}");
        let mut asked = 0;
        let mut stop = || {
            asked += 1;
            asked > 3
        };
        let (ended, _) = read_from(drip, &mut stop);
        assert!(ended.get_ref().is_some_and(|inner| inner.is::<ToldToStop>()), "{ended:?}");
    }
}
