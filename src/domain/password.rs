//! Which passwords are good enough.

use crate::domain::fault::Fault;

const LEAST_CHARS: usize = 8;
const MOST_BYTES: usize = 1024;

/// What leaked most often and is long enough, a line each, in lower case.
const COMMON: &str = include_str!("common_passwords.txt");

/// What is wrong with this password for this login, in words for the person who chose it.
pub fn refuse(password: &str, login: &str) -> Option<Fault> {
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    if password.chars().count() < LEAST_CHARS || password.len() > MOST_BYTES {
        return Some(Fault::Length { least: LEAST_CHARS, most: MOST_BYTES });
    }
    if COMMON.lines().any(|common| common == lower) || lower.chars().all(|c| Some(c) == first) {
        return Some(Fault::Guessable);
    }
    (lower == login.to_lowercase()).then_some(Fault::IsLogin)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R32.
    #[test]
    fn what_anybody_would_guess_is_refused() {
        for password in ["", "short12", "Password1", "QWERTY123", "zzzzzzzzzzzz", "anna.petrova", "vfhnsirf", "лошадь"]
        {
            assert!(refuse(password, "anna.petrova").is_some(), "{password}");
        }
        assert!(COMMON.lines().count() > 3000);
        assert!(refuse(&"a1".repeat(513), "anna").is_some());
    }

    /// R32.
    #[test]
    fn length_is_enough() {
        for password in ["correct horse", "лошадь в пальто", &"a1".repeat(512)] {
            assert_eq!(refuse(password, "anna"), None, "{password}");
        }
    }
}
