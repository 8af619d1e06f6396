//! Phone numbers in one normal form.

use rlibphonenumber::enums::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat};

/// What a caller who hides his number is known by.
const HIDDEN: &str = "anonymous";

/// A number in its normal form: E.164 with `+`; what is no public number (a short extension, `anonymous`, a `sip:`
/// address) stays as it came, trimmed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// Normalises `raw`; `region` (ISO 3166, `RU`) reads numbers without a country code. Never fails: see [`Phone`].
    pub fn parse(raw: &str, region: &str) -> Self {
        let raw = raw.trim();
        Self(normalise(raw, region).unwrap_or_else(|| raw.to_owned()))
    }

    /// As a PBX names the caller: nothing, `0`, `anonymous` and `unknown`, in any letter case, are a hidden number.
    pub fn of_caller(raw: &str, region: &str) -> Self {
        let raw = raw.trim();
        let is_hidden = ["", "0", HIDDEN, "unknown"].iter().any(|name| raw.eq_ignore_ascii_case(name));
        if is_hidden { Self(HIDDEN.to_owned()) } else { Self::parse(raw, region) }
    }

    /// Whether `region` is a country (ISO 3166) whose numbers can be read.
    pub fn is_region(region: &str) -> bool {
        let known = region.parse::<Region>().ok();
        known.is_some_and(|region| PHONE_NUMBER_UTIL.get_supported_regions().any(|other| other == region))
    }

    /// A number that is in its normal form already, as the store keeps it.
    pub fn from_stored(normal: impl Into<String>) -> Self {
        Self(normal.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a public number, which can be called from anywhere.
    pub fn is_e164(&self) -> bool {
        let digits = self.0.strip_prefix('+').unwrap_or_default();
        (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The digits alone, as the Cloud PBX wants them.
    pub fn digits(&self) -> String {
        self.0.chars().filter(char::is_ascii_digit).collect()
    }

    /// Whether it can be dialled: a public number or a short extension.
    pub fn is_dialable(&self) -> bool {
        self.is_e164()
            || (!self.0.is_empty()
                && self.0.len() <= 8
                && self.0.chars().all(|c| c.is_ascii_digit() || c == '*' || c == '#'))
    }

    /// For logs: the last four digits.
    pub fn masked(&self) -> String {
        let digits = self.digits();
        format!("…{}", &digits[digits.len().saturating_sub(4)..])
    }

    /// For people: `+7 910 123-45-67`; what is no public number as it is.
    pub fn formatted(&self) -> String {
        if !self.is_e164() {
            return self.0.clone();
        }
        PHONE_NUMBER_UTIL
            .parse(&self.0, None)
            .map_or_else(|_| self.0.clone(), |number| number.format_as(PhoneNumberFormat::International).into_owned())
    }
}

fn normalise(raw: &str, region: &str) -> Option<String> {
    let is_address = raw.contains('@') || raw.contains(':');
    let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
    if is_address || digits.len() < 7 {
        return None;
    }
    let is_plain = raw.chars().all(|c| c.is_ascii_digit() || "+-() .\u{a0}".contains(c));
    if is_plain && matches!(region, "RU" | "KZ") {
        // The four spellings of one number in the +7 world; ten digits follow the 7.
        match (digits.len(), digits.as_bytes()[0], raw.starts_with('+')) {
            (11, b'7', _) => return Some(format!("+{digits}")),
            (11, b'8', false) => return Some(format!("+7{}", &digits[1..])),
            (10, b'3'..=b'9', false) => return Some(format!("+7{digits}")),
            _ => {}
        }
    }
    let region = region.parse::<Region>().ok();
    let valid = |text: &str, region| PHONE_NUMBER_UTIL.parse(text, region).ok().filter(PhoneNumber::is_valid);
    // The Cloud PBX sends E.164 without the plus, so a number that is none of the region's is tried as one.
    let number = valid(raw, region).or_else(|| is_plain.then(|| valid(&format!("+{digits}"), None)).flatten())?;
    Some(number.format_as(PhoneNumberFormat::E164).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(raw: &str) -> String {
        Phone::parse(raw, "RU").as_str().to_owned()
    }

    #[test]
    fn four_spellings_are_one_number() {
        for raw in ["8 910 123-45-67", "+7 (910) 123-45-67", "79101234567", "9101234567", "8\u{a0}910 123 45 67"] {
            assert_eq!(normal(raw), "+79101234567", "{raw}");
        }
        assert_eq!(normal("8 800 555-35-35"), "+78005553535");
    }

    #[test]
    fn other_countries_come_without_a_plus() {
        assert_eq!(normal("375291111111"), "+375291111111");
        assert_eq!(normal("+375 29 111-11-11"), "+375291111111");
    }

    #[test]
    fn what_is_no_public_number_stays_as_it_is() {
        for raw in ["101", "anonymous", "sip:anna@example.org", "", "*43", "123456"] {
            assert_eq!(normal(raw), raw);
        }
    }

    #[test]
    fn a_plus_alone_makes_no_public_number() {
        for raw in ["+", "+7", "+7910", "+abc", "+7 910 <b>", "+12345678901234567890"] {
            assert!(!Phone::parse(raw, "RU").is_e164(), "{raw}");
        }
        assert!(Phone::parse("+7 910 123-45-67", "RU").is_e164());
    }

    #[test]
    fn an_extension_behind_a_number_is_left_off() {
        assert_eq!(normal("+7 495 123-45-67 доб. 12"), "+74951234567");
    }

    #[test]
    fn regions_are_two_letters_that_the_library_knows() {
        assert!(Phone::is_region("RU") && Phone::is_region("KZ"));
        assert!(!Phone::is_region("XX") && !Phone::is_region("001") && !Phone::is_region(""));
    }

    #[test]
    fn people_see_groups_of_digits() {
        assert_eq!(Phone::from_stored("+79101234567").formatted(), "+7 910 123-45-67");
        assert_eq!(Phone::from_stored("101").formatted(), "101");
    }

    proptest::proptest! {
        #[test]
        fn any_spelling_is_the_same_number(digits in "9[0-9]{9}", cut in "[ ()\\-.]{0,2}") {
            let rest = format!("{}{cut}{}{cut}{}", &digits[..3], &digits[3..6], &digits[6..]);
            for spelling in [format!("8{cut}{rest}"), format!("+7{cut}{rest}"), format!("7{rest}"), rest.clone()] {
                proptest::prop_assert_eq!(normal(&spelling), format!("+7{digits}"), "{}", spelling);
            }
        }

        #[test]
        fn a_normal_form_is_its_own(raw in ".{0,24}") {
            let once = normal(&raw);
            proptest::prop_assert_eq!(normal(&once), once);
        }
    }
}
