//! Folding for search: case and ё/е do not matter.

/// Lower case, ё as е, runs of white space as one space.
pub fn fold(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .collect()
}

/// A pattern for LIKE … ESCAPE '\' that finds `text` anywhere.
pub fn like_anywhere(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The patterns that find `query` in a search key: as folded text, and, when it can be (a part of) a number, as
/// digits, once as typed and once with a leading 8 read as 7.
pub fn search_patterns(query: &str) -> (String, String, String) {
    let text = like_anywhere(&fold(query));
    let is_number = query.chars().all(|c| c.is_ascii_digit() || "+-() .\u{a0}".contains(c));
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    if !is_number || digits.is_empty() {
        return (text.clone(), text.clone(), text);
    }
    let as_typed = like_anywhere(&digits);
    let as_seven = match digits.strip_prefix('8') {
        Some(rest) if !rest.is_empty() => like_anywhere(&format!("+7{rest}")),
        _ => as_typed.clone(),
    };
    (text, as_typed, as_seven)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_yo_do_not_matter() {
        assert_eq!(fold("  Пётр  ЁЖИКОВ "), "петр ежиков");
    }

    #[test]
    fn wildcards_are_plain_characters() {
        assert_eq!(like_anywhere("5%_\\"), "%5\\%\\_\\\\%");
    }

    #[test]
    fn eight_is_read_as_seven() {
        let (_, typed, seven) = search_patterns("8 (910) 12");
        assert_eq!((typed.as_str(), seven.as_str()), ("%891012%", "%+791012%"));
    }

    /// What `key LIKE pattern ESCAPE '\'` says of a pattern made by `like_anywhere`.
    fn is_found(pattern: &str, key: &str) -> bool {
        let inner = &pattern[1..pattern.len() - 1];
        let mut literal = String::new();
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            literal.extend(if c == '\\' { chars.next() } else { Some(c) });
        }
        key.contains(&literal)
    }

    fn finds(query: &str, key: &str) -> bool {
        let (text, typed, seven) = search_patterns(query);
        [text, typed, seven].iter().any(|pattern| is_found(pattern, key))
    }

    proptest::proptest! {
        #[test]
        fn any_part_of_a_text_finds_it(text in r"[а-яёА-ЯЁa-zA-Z0-9%_\\. ]{1,24}", from in 0..24_usize, length in 1..24_usize) {
            let part: String = text.chars().skip(from).take(length).collect();
            let key = fold(&text);
            proptest::prop_assert!(finds(&part, &key));
            proptest::prop_assert!(finds(&part.to_uppercase().replace('Е', "Ё"), &key));
        }

        #[test]
        fn any_part_of_a_number_in_any_spelling_finds_it(number in "9[0-9]{9}", length in 1..=10_usize, cut in "[ ()-]{0,3}") {
            let key = format!("имя +7{number}");
            let part = format!("{}{cut}{}", &number[..length / 2], &number[length / 2..length]);
            for spelling in [part.clone(), format!("8{cut}{part}"), format!("+7{cut}{part}"), format!("7{part}")] {
                proptest::prop_assert!(finds(&spelling, &key), "{spelling}");
            }
        }
    }
}
