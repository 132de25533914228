//! The brake on guessing secrets: after some wrong ones for a login from one address, the next try waits,
//! each time twice as long. Another address is not slowed down, so nobody can lock someone else out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::base::digest::Blake3;

/// Wrong secrets for one login from one address before it waits.
pub const FAILURES_MAX: u32 = 5;
/// Wrong secrets from one address, whatever the login, before it waits. Not counted for the machine itself,
/// where a reverse proxy stands for everyone.
pub const FAILURES_OF_ADDRESS_MAX: u32 = 25;
/// The first wait; doubled with every further wrong secret.
pub const WAIT_MIN: Duration = Duration::from_secs(30);
/// The longest wait.
pub const WAIT_MAX: Duration = Duration::from_secs(15 * 60);
/// Failures are forgotten after so long.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60 * 60);
/// Most counters; beyond it the oldest is forgotten.
const COUNTERS_MAX: usize = 20_000;

struct Counter {
    failures: u32,
    last: Instant,
}

impl Counter {
    fn wait(&self, allowed: u32, now: Instant) -> Option<Duration> {
        let beyond = self.failures.checked_sub(allowed)?;
        let wait = WAIT_MIN.saturating_mul(1 << beyond.min(10)).min(WAIT_MAX);
        (self.last + wait).checked_duration_since(now).filter(|wait| !wait.is_zero())
    }
}

/// Counts wrong secrets.
#[derive(Default)]
pub struct Brake(Mutex<HashMap<[u8; 32], Counter>>);

impl Brake {
    /// How long the next try has to wait; none if it may be made now.
    pub fn wait(&self, login: &str, from: IpAddr, now: Instant) -> Option<Duration> {
        let counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys(login, from)
            .into_iter()
            .filter_map(|(key, allowed)| counters.get(&key)?.wait(allowed, now))
            .max()
    }

    /// A secret was wrong.
    pub fn failed(&self, login: &str, from: IpAddr, now: Instant) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters.retain(|_, counter| now.duration_since(counter.last) < FORGOTTEN_AFTER);
        for (key, _) in keys(login, from) {
            if counters.len() >= COUNTERS_MAX && !counters.contains_key(&key) {
                let oldest = counters.iter().min_by_key(|(_, counter)| counter.last).map(|(key, _)| *key);
                oldest.map(|key| counters.remove(&key));
            }
            let counter = counters.entry(key).or_insert(Counter { failures: 0, last: now });
            counter.failures = counter.failures.saturating_add(1);
            counter.last = now;
        }
    }

    /// A secret was right: this login starts anew from this address. The address itself does not, or one's own
    /// account would buy guesses at others.
    pub fn succeeded(&self, login: &str, from: IpAddr) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counters.remove(&keys(login, from)[0].0);
    }
}

/// What is counted, by digest (logins are not kept), and how many failures are allowed: the login from this
/// address first, then the address alone, unless it is the machine itself.
fn keys(login: &str, from: IpAddr) -> Vec<([u8; 32], u32)> {
    let network = network(from);
    let of = |text: String| Blake3::of(text.as_bytes()).0;
    let mut keys = vec![(of(format!("login {network} {login}")), FAILURES_MAX)];
    if !from.to_canonical().is_loopback() {
        keys.push((of(format!("address {network}")), FAILURES_OF_ADDRESS_MAX));
    }
    keys
}

/// One household or office: an IPv4 address, or the first 64 bits of an IPv6 address.
fn network(from: IpAddr) -> String {
    match from.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:?}", &address.segments()[..4]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn after_five_wrong_secrets_every_further_one_waits_twice_as_long() {
        let (brake, mut now) = (Brake::default(), Instant::now());
        for _ in 0..FAILURES_MAX {
            assert_eq!(brake.wait("amt", HERE, now), None);
            brake.failed("amt", HERE, now);
        }
        assert_eq!(brake.wait("amt", HERE, now), Some(WAIT_MIN));
        assert_eq!(brake.wait("amt", THERE, now), None, "another address is not slowed down");
        assert_eq!(brake.wait("rat", HERE, now), None, "nor another login");
        now += WAIT_MIN;
        assert_eq!(brake.wait("amt", HERE, now), None);
        brake.failed("amt", HERE, now);
        assert_eq!(brake.wait("amt", HERE, now), Some(2 * WAIT_MIN));
        brake.succeeded("amt", HERE);
        assert_eq!(brake.wait("amt", HERE, now), None);
        for _ in 0..40 {
            brake.failed("amt", HERE, now);
        }
        assert_eq!(brake.wait("amt", HERE, now), Some(WAIT_MAX));
    }

    #[test]
    fn many_logins_tried_from_one_address_slow_the_address_down_unless_it_is_the_machine_itself() {
        let (brake, now) = (Brake::default(), Instant::now());
        let machine: IpAddr = std::net::Ipv4Addr::LOCALHOST.into();
        for number in 0..FAILURES_OF_ADDRESS_MAX {
            brake.failed(&number.to_string(), HERE, now);
            brake.failed(&number.to_string(), machine, now);
        }
        assert_eq!(brake.wait("new", HERE, now), Some(WAIT_MIN));
        brake.succeeded("0", HERE);
        assert_eq!(brake.wait("new", HERE, now), Some(WAIT_MIN));
        assert_eq!(brake.wait("new", machine, now), None);
    }
}
