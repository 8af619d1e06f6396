//! What can be searched, and what is searched for, brought into one form.
//!
//! The store finds by groups of three characters. Two spaces stand before and after every word, so that the beginning
//! of a word and the last digits of a number make such groups too, be they one character long.

use crate::domain::fold::fold;

/// From so many characters on, a part is found anywhere.
const ANYWHERE_CHARS: usize = 3;
/// So many groups of a term are looked up: they leave so few texts that these are better read than further groups.
const NAMED_GROUPS: usize = 3;
/// A group that more than one of so many texts holds leaves too many.
const COMMON_PART: usize = 20;
/// They begin words no less than spaces do.
const QUOTES: [char; 11] = ['«', '»', '„', '“', '”', '"', '\'', '(', ')', '[', ']'];

/// The text as it is kept to be searched in.
pub fn searchable(text: &str) -> String {
    let words = words(text);
    if words.is_empty() { String::new() } else { format!("  {}  ", words.join("  ")) }
}

fn words(text: &str) -> Vec<String> {
    fold(&text.replace(QUOTES, " ")).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A part of a searchable text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term(String);

impl Term {
    /// For LIKE without ESCAPE, which alone goes by index: every text that holds the term, and some others. An index is
    /// read for each group of three characters, and long for those that many texts hold: so it names the rarest ones,
    /// by a sample of the texts.
    pub fn find<'a>(&self, sample: impl Iterator<Item = &'a str> + Clone) -> String {
        let chars: Vec<char> = self.0.chars().collect();
        let many = sample.clone().count() / COMMON_PART;
        let groups = chars.windows(ANYWHERE_CHARS).enumerate().filter(|(_, group)| !group.iter().copied().any(is_wild));
        let mut groups: Vec<(usize, usize, String)> = groups
            .map(|(at, group)| {
                let group: String = group.iter().collect();
                (sample.clone().filter(|text| text.contains(&group)).count(), at, group)
            })
            .collect();
        groups.sort_unstable();
        let mut named: Vec<(usize, String)> = Vec::new();
        for (held_by, at, group) in groups {
            let is_apart = named.iter().all(|(other, _)| other.abs_diff(at) >= ANYWHERE_CHARS);
            if named.is_empty() || (is_apart && held_by <= many && named.len() < NAMED_GROUPS) {
                named.push((at, group));
            }
        }
        if named.is_empty() {
            return format!("%{}%", self.0.replace(is_wild, "_"));
        }
        named.sort_unstable();
        let named: Vec<_> = named.into_iter().map(|(_, group)| group).collect();
        format!("%{}%", named.join("%"))
    }

    /// For LIKE … ESCAPE '\': exactly the places that the term stands at.
    pub fn prove(&self) -> String {
        format!("%{}%", self.0.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
    }

    fn of_word(word: &str) -> Self {
        if word.chars().count() < ANYWHERE_CHARS { Self(format!("  {word}")) } else { Self(word.to_owned()) }
    }
}

/// What somebody searches for: all of `words`, or any of `digits`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The first two words, and the rest as it stands; repeated when there are fewer.
    pub words: [Term; 3],
    /// When it can be (a part of) a number: as typed, and with a leading 8 read as +7.
    pub digits: [Option<Term>; 2],
}

impl Search {
    /// `None` when there is nothing to search for.
    pub fn parse(query: &str) -> Option<Self> {
        let words = words(query);
        let digits = digits(query);
        let is_one = words.len() == 1 || digits.iter().any(Option::is_some);
        let words = match &words[..] {
            [] => return None,
            words if is_one => {
                let term = Term::of_word(&words.join("  "));
                [term.clone(), term.clone(), term]
            }
            [first, rest @ ..] => {
                let (second, rest) = rest.split_first()?;
                let (first, second) = (Term::of_word(first), Term::of_word(second));
                let rest = if rest.is_empty() { second.clone() } else { Term::of_word(&rest.join("  ")) };
                [first, second, rest]
            }
        };
        let digits = digits.map(|term| term.filter(|term| *term != words[0]));
        Some(Self { words, digits })
    }

    /// Whether this searchable text is what is searched for.
    pub fn is_in(&self, text: &str) -> bool {
        self.alternatives().iter().any(|terms| terms.iter().all(|term| text.contains(&term.0)))
    }

    /// What a text must hold all of to be found; one of these will do.
    pub fn alternatives(&self) -> Vec<[&Term; 3]> {
        let words = self.words.each_ref();
        std::iter::once(words).chain(self.digits.iter().flatten().map(|term| [term; 3])).collect()
    }
}

/// What LIKE takes for another character than itself.
fn is_wild(c: char) -> bool {
    matches!(c, '%' | '_' | '\\')
}

fn digits(query: &str) -> [Option<Term>; 2] {
    let is_number = query.chars().all(|c| c.is_ascii_digit() || "+-() .\u{a0}".contains(c));
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    if !is_number || digits.is_empty() {
        return [None, None];
    }
    if digits.len() < ANYWHERE_CHARS {
        return [Some(Term(format!("{digits}  "))), None];
    }
    let seven = digits.strip_prefix('8').map(|rest| Term(format!("+7{rest}")));
    [Some(Term(digits)), seven]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(query: &str, text: &str) -> bool {
        Search::parse(query).unwrap().is_in(&searchable(text))
    }

    #[test]
    fn wildcards_are_plain_characters_and_find_no_less() {
        let term = Search::parse("5%_\\").unwrap().words[0].clone();
        let found = term.find(std::iter::empty());
        assert_eq!((found.as_str(), term.prove().as_str()), ("%5___%", "%5\\%\\_\\\\%"));
    }

    #[test]
    fn the_rarest_groups_are_looked_up() {
        let find = |query: &str, sample: &[&str]| Search::parse(query).unwrap().words[0].find(sample.iter().copied());
        assert_eq!(find("910123456", &[]), "%910%123%456%");
        assert_eq!(find("ива", &["иван"]), "%ива%");
        let clients = ["  client77@x  ", "  client1@x  ", "  client9@x  "];
        assert_eq!(find("client12345@", &clients), "%t12%345%");
        assert_eq!(find("client", &clients), "%cli%");
        assert_eq!(find("100%abc", &[]), "%100%abc%");
    }

    #[test]
    fn words_are_found_in_any_order_and_quotes_are_none() {
        for query in ["ромашка иванов", "Иванов «Ромашка»", "ооо ром ива", "ив ро", "\"Ромашка\""]
        {
            assert!(finds(query, "Пётр Иванов ООО «Ромашка»"), "{query}");
        }
        assert!(!finds("ромашка петров", "Пётр Иванов ООО «Ромашка»"));
    }

    #[test]
    fn under_three_characters_words_begin_and_numbers_end() {
        for query in ["и", "ив", "7", "67", "+7", "ро"] {
            assert!(finds(query, "Иван «Ромашка» +79101234567"), "{query}");
        }
        for query in ["ва", "а", "6", "91", "92 01"] {
            assert!(!finds(query, "Иван +79101234567"), "{query}");
        }
    }

    #[test]
    fn nothing_is_no_search() {
        assert_eq!((Search::parse("  "), Search::parse("«»")), (None, None));
        assert_eq!(searchable(" \" "), "");
    }

    proptest::proptest! {
        #[test]
        fn any_part_of_a_word_finds_it(text in r"[а-яёА-ЯЁa-zA-Z0-9%_\\.]{3,24}", from in 0..22_usize, length in 3..24_usize) {
            let part: String = text.chars().skip(from.min(text.chars().count() - 3)).take(length).collect();
            let among_others = format!("до {text} после");
            proptest::prop_assert!(finds(&part, &among_others));
            proptest::prop_assert!(finds(&part.to_uppercase().replace('Е', "Ё"), &text));
        }

        #[test]
        fn any_part_of_a_number_in_any_spelling_finds_it(number in "9[0-9]{9}", length in 3..=10_usize, cut in "[ ()-]{0,3}") {
            let part = format!("{}{cut}{}", &number[..length / 2], &number[length / 2..length]);
            let text = format!("имя +7{number}");
            for spelling in [part.clone(), format!("8{cut}{part}"), format!("+7{cut}{part}"), format!("7{part}")] {
                proptest::prop_assert!(finds(&spelling, &text), "{spelling}");
            }
        }
    }
}
