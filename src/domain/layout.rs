//! Text typed on the wrong keyboard layout: the same keys, read on the other one.

/// Keys in their order, as the English (US) layout names them, and the Russian one. Letters that both layouts have as signs are
/// not told apart; a full stop of the Russian layout stays one.
const LATIN: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const RUSSIAN: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";

/// What the keys pressed for this text say on the other layout; `None` when it holds letters of both, or of neither.
pub fn other(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let is_latin = text.chars().any(|c| c.is_ascii_lowercase());
    let is_russian = text.chars().any(|c| RUSSIAN.contains(c));
    let (from, to) = match (is_latin, is_russian) {
        (true, false) => (LATIN, RUSSIAN),
        (false, true) => (RUSSIAN, LATIN),
        _ => return None,
    };
    let swapped = |c: char| from.chars().zip(to.chars()).find_map(|(own, other)| (own == c).then_some(other));
    Some(text.chars().map(|c| swapped(c).unwrap_or(c)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_keys_say_a_word_on_the_other_layout() {
        let pairs = [
            ("bdfyjd", "иванов"),
            ("Bdfyjd Gtnh", "иванов петр"),
            ("gtnhjdf tktyf", "петрова елена"),
            ("[jhjij", "хорошо"),
            ("'kmlfh 12", "эльдар 12"),
            ("ыьшер", "smith"),
            ("фззду", "apple"),
            ("ромашка@", "hjvfirf@"),
        ];
        for (typed, meant) in pairs {
            assert_eq!(other(typed).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn numbers_and_mixed_words_are_left_alone() {
        for text in ["", "  ", "+7 910", "4567", "анна smith", "[];"] {
            assert_eq!(other(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn twice_is_where_it_began(word in "[йцукенгшщзфывапролдячсмить]{1,20}") {
            proptest::prop_assert_eq!(other(&word).and_then(|latin| other(&latin)), Some(word));
        }
    }
}
