//! Which passwords are good enough.

use crate::domain::fault::Fault;

const LEAST_BYTES: usize = 8;
const MOST_BYTES: usize = 1024;

/// The most guessed passwords of eight and more characters, in lower case; shorter ones fall by their length.
const COMMON: &[&str] = &[
    "00000000",
    "11111111",
    "12121212",
    "12341234",
    "12344321",
    "123123123",
    "12345678",
    "123456789",
    "1234567890",
    "123456789a",
    "12345qwert",
    "1234qwer",
    "123qwe123",
    "123qweasd",
    "147258369",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1qaz2wsx",
    "1qazxsw2",
    "22222222",
    "31415926",
    "55555555",
    "66666666",
    "77777777",
    "87654321",
    "88888888",
    "987654321",
    "99999999",
    "a1234567",
    "a12345678",
    "aa123456",
    "aaaaaaaa",
    "abc12345",
    "abcd1234",
    "abcdefgh",
    "admin123",
    "admin1234",
    "adminadmin",
    "administrator",
    "asdfasdf",
    "asdfghjk",
    "asdfghjkl",
    "baseball",
    "changeme",
    "computer",
    "football",
    "iloveyou",
    "internet",
    "letmein1",
    "marina123",
    "michelle",
    "p@ssw0rd",
    "passw0rd",
    "password",
    "password1",
    "password12",
    "password123",
    "princess",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "qazwsxedc",
    "qwe123qwe",
    "qweasdzxc",
    "qwer1234",
    "qwertyui",
    "qwerty12",
    "qwerty123",
    "qwerty1234",
    "qwerty12345",
    "qwertyuiop",
    "ringcard",
    "samsung1",
    "sunshine",
    "superman",
    "trustno1",
    "whatever",
    "zaq12wsx",
    "zaq1zaq1",
    "zxcvbnm1",
    "zxcvbnm,",
    "zxcvbnm123",
    "йцукенгш",
    "йцукен123",
    "пароль123",
    "парольпароль",
    "привет123",
];

/// What is wrong with this password for this login, in words for the person who chose it.
pub fn refuse(password: &str, login: &str) -> Option<Fault> {
    let lower = password.to_lowercase();
    let first = lower.chars().next();
    if !(LEAST_BYTES..=MOST_BYTES).contains(&password.len()) {
        return Some(Fault::Length { least: LEAST_BYTES, most: MOST_BYTES });
    }
    if COMMON.contains(&lower.as_str()) || lower.chars().all(|c| Some(c) == first) {
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
        for password in ["", "short12", "Password1", "QWERTY123", "zzzzzzzzzzzz", "anna.petrova"] {
            assert!(refuse(password, "anna.petrova").is_some(), "{password}");
        }
        assert!(refuse(&"a1".repeat(513), "anna").is_some());
    }

    /// R32.
    #[test]
    fn length_is_enough() {
        for password in ["correct horse", "лошадь", &"a1".repeat(512)] {
            assert_eq!(refuse(password, "anna"), None, "{password}");
        }
    }
}
