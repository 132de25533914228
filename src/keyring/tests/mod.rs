//! Promises of the keyring as a whole.
