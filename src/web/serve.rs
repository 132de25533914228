//! How connections come in, and for how long they may stay. An accept loop of our own, because `axum::serve`
//! waits for ever for a browser that says nothing: headers, bodies, stalls and lives are limited, and so is the
//! number of connections, in all and from one address.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service as _;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio::task::JoinSet;

use super::routes::router;
use crate::registry::error::causes;
use crate::registry::{Answer, Error, Registry};

/// Longest wait for the head of a request, from the moment a connection may send one.
pub const HEAD_READ_MAX: Duration = Duration::from_secs(15);
/// Longest wait for the form that follows.
pub const BODY_READ_MAX: Duration = Duration::from_secs(30);
/// Longest life of a connection: a large download over a slow line fits.
const CONNECTION_AGE_MAX: Duration = Duration::from_secs(3600);
/// Most connections at once.
const CONNECTIONS_MAX: usize = 1_024;
/// Most connections at once from one address other than this machine's own, where a reverse proxy may stand.
const CONNECTIONS_PER_ADDRESS_MAX: usize = 64;
/// Largest head of a request.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How long answers in progress are waited for when the server ends.
const FAREWELL: Duration = Duration::from_secs(10);
/// Pause after a connection could not be accepted (out of file handles, say).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Where a request came from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// Serves until the process is told to end (Ctrl-C, SIGTERM) or nothing can be written any more; what is being
/// answered then is answered. `ready` hears the address once it listens (the port may have been 0).
///
/// # Errors
/// A mistake if it cannot listen there; a fault if the operating system gives no threads or signals, or if a write
/// to the truth failed.
pub fn serve(registry: Arc<Registry>, listen: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Answer<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(listen).await.map_err(|cause| {
            Error::mistake(
                format!("Der Server kann unter {listen} nicht erreichbar gemacht werden"),
                causes::system(&cause),
                "nennen Sie mit --listen eine andere Adresse, etwa 127.0.0.1:8081, oder beenden Sie das Programm, das \
                 diese benutzt",
            )
        })?;
        let mut terminated = signal(SignalKind::terminate())?;
        ready(listener.local_addr()?);
        let broken = broken_off(Arc::clone(&registry));
        let mut ended = Ok(());
        let until = async {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
                reason = broken => ended = reason.map_or(Ok(()), Err),
            }
        };
        accept(listener, router(registry), HEAD_READ_MAX, until).await;
        ended
    });
    runtime.shutdown_timeout(FAREWELL);
    served
}

/// Comes true when nothing can be written any more.
fn broken_off(registry: Arc<Registry>) -> oneshot::Receiver<Error> {
    let (tell, told) = oneshot::channel();
    // A thread of its own, which ends with the process: the runtime would wait for one of its own.
    std::thread::spawn(move || tell.send(registry.broken_off()));
    told
}

/// Takes connections in until `until` comes true, then says farewell to those in progress.
async fn accept(listener: TcpListener, router: axum::Router, head_read_max: Duration, until: impl Future) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let addresses = Arc::new(Addresses::default());
    let (ending, ended) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(until);
    loop {
        while connections.try_join_next().is_some() {}
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, stream, peer) = tokio::select! {
            _ = &mut until => break,
            (place, accepted) = next => match (place, accepted) {
                (Ok(place), Ok((stream, peer))) => (place, stream, peer.ip().to_canonical()),
                _ => {
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let Some(guest) = addresses.admit(peer, place) else { continue };
        let talk = talk(stream, peer, router.clone(), head_read_max, ended.clone());
        connections.spawn(async move {
            let _guest = guest;
            let _ = tokio::time::timeout(CONNECTION_AGE_MAX, talk).await;
        });
    }
    drop(listener);
    let _ = ending.send(true);
    let farewell = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
}

/// One connection, from its first byte to its last.
async fn talk(
    stream: TcpStream,
    peer: IpAddr,
    router: axum::Router,
    head_read_max: Duration,
    mut ended: watch::Receiver<bool>,
) {
    let router = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_read_max).max_buf_size(HEAD_BYTES_MAX);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        // What a browser did wrong on the wire is its own affair.
        _ = connection.as_mut() => return,
        _ = ended.wait_for(|ended| *ended) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// How many connections each address has.
#[derive(Default)]
struct Addresses(Mutex<HashMap<IpAddr, usize>>);

/// A connection that was let in; leaving is dropping it.
struct Guest {
    address: IpAddr,
    addresses: Arc<Addresses>,
    _place: OwnedSemaphorePermit,
}

impl Addresses {
    fn admit(self: &Arc<Self>, address: IpAddr, place: OwnedSemaphorePermit) -> Option<Guest> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= CONNECTIONS_PER_ADDRESS_MAX && !address.is_loopback() {
            return None;
        }
        *count += 1;
        Some(Guest { address, addresses: Arc::clone(self), _place: place })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut counts = self.addresses.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::net::TcpStream as Client;

    #[test]
    fn whoever_says_nothing_is_shown_the_door_and_the_end_is_graceful() {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = tokio::sync::oneshot::channel::<()>();
        let router = axum::Router::new();
        let serving = runtime.spawn(accept(listener, router, Duration::from_millis(200), ended));
        let mut silent = Client::connect(address).unwrap();
        silent.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut said = Vec::new();
        // Closed by the server (perhaps with 408 before), long before our own patience ends.
        assert!(silent.read_to_end(&mut said).is_ok(), "a silent connection is closed");
        let waiting = Client::connect(address).unwrap();
        end.send(()).unwrap();
        runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(5), serving).await })
            .unwrap()
            .unwrap();
        drop(waiting);
        assert!(Client::connect(address).is_err(), "nobody listens any more");
    }

    #[test]
    fn one_address_cannot_take_all_places() {
        let addresses = Arc::new(Addresses::default());
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let place = || Arc::clone(&places).try_acquire_owned().unwrap();
        let crowd: IpAddr = [192, 0, 2, 1].into();
        let guests: Vec<_> =
            (0..CONNECTIONS_PER_ADDRESS_MAX).map(|_| addresses.admit(crowd, place()).unwrap()).collect();
        assert!(addresses.admit(crowd, place()).is_none());
        assert!(addresses.admit([192, 0, 2, 2].into(), place()).is_some());
        drop(guests);
        assert!(addresses.admit(crowd, place()).is_some());
        assert_eq!(places.available_permits(), CONNECTIONS_MAX);
    }
}
