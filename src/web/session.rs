//! Sign-in sessions, in memory: they end with the process. A session holds who signed in and since when;
//! rights are read anew for every question, and nothing that could sign is kept.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::base::digest::{Blake3, hex};
use crate::base::seal::random_bytes;
use crate::domain::ids::PersonId;

/// A session ends after so long without a question.
pub const IDLE_MAX: Duration = Duration::from_secs(30 * 60);
/// A session ends after so long in any case.
pub const AGE_MAX: Duration = Duration::from_secs(12 * 3600);
/// Most sessions at once; beyond it the one idle for longest ends.
pub const SESSIONS_MAX: usize = 10_000;

/// Who asks, as a session knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who signed in.
    pub person: PersonId,
    /// What every form of this session carries.
    pub csrf: String,
}

struct Session {
    known: Known,
    begun: Instant,
    last: Instant,
}

impl Session {
    fn is_alive(&self, now: Instant) -> bool {
        now.duration_since(self.begun) < AGE_MAX && now.duration_since(self.last) < IDLE_MAX
    }
}

/// All sessions, by the digest of their secret id: who reads this memory cannot sign in with it.
#[derive(Default)]
pub struct Sessions(Mutex<HashMap<[u8; 32], Session>>);

impl Sessions {
    /// Begins a session and answers its secret id, 64 hexadecimal digits, which is kept nowhere here.
    pub fn begin(&self, person: PersonId, now: Instant) -> String {
        let id = hex(&random_bytes::<32>());
        let known = Known { person, csrf: hex(&random_bytes::<32>()) };
        let mut sessions = self.locked();
        sessions.retain(|_, session| session.is_alive(now));
        if sessions.len() >= SESSIONS_MAX {
            let idlest = sessions.iter().min_by_key(|(_, session)| session.last).map(|(key, _)| *key);
            idlest.map(|key| sessions.remove(&key));
        }
        sessions.insert(key(&id), Session { known, begun: now, last: now });
        id
    }

    /// The session with this id, if it has not ended; asking keeps it from idling out.
    pub fn find(&self, id: &str, now: Instant) -> Option<Known> {
        let mut sessions = self.locked();
        let session = sessions.get_mut(&key(id)).filter(|session| session.is_alive(now))?;
        session.last = now;
        Some(session.known.clone())
    }

    /// Ends a session.
    pub fn end(&self, id: &str) {
        self.locked().remove(&key(id));
    }

    /// Ends every session of a person.
    pub fn end_all_of(&self, person: PersonId) {
        self.locked().retain(|_, session| session.known.person != person);
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(id: &str) -> [u8; 32] {
    Blake3::of(id.as_bytes()).0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOMEONE: PersonId = PersonId(uuid::Uuid::from_u128(7));

    #[test]
    fn a_session_ends_when_idle_or_old_or_told_to() {
        let (sessions, begun) = (Sessions::default(), Instant::now());
        let id = sessions.begin(SOMEONE, begun);
        assert_eq!(id.len(), 64);
        let mut now = begun;
        while now + IDLE_MAX < begun + AGE_MAX {
            now += IDLE_MAX - Duration::from_secs(1);
            assert!(sessions.find(&id, now).is_some(), "asking keeps it alive");
        }
        assert!(sessions.find(&id, begun + AGE_MAX).is_none(), "but not for ever");
        assert!(sessions.find(&id, now + IDLE_MAX).is_none());
        let id = sessions.begin(SOMEONE, now);
        sessions.end(&id);
        assert!(sessions.find(&id, now).is_none());
        let (one, two) = (sessions.begin(SOMEONE, now), sessions.begin(SOMEONE, now));
        sessions.end_all_of(SOMEONE);
        assert!(sessions.find(&one, now).or(sessions.find(&two, now)).is_none());
    }

    #[test]
    fn too_many_sessions_end_the_idlest_one() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let first = sessions.begin(SOMEONE, now);
        for _ in 0..SESSIONS_MAX {
            sessions.begin(SOMEONE, now + Duration::from_secs(1));
        }
        assert!(sessions.find(&first, now + Duration::from_secs(1)).is_none());
        assert_eq!(sessions.locked().len(), SESSIONS_MAX);
    }
}
