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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_yo_do_not_matter() {
        assert_eq!(fold("  Пётр  ЁЖИКОВ "), "петр ежиков");
    }
}
