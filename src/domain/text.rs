//! Text from outside, made fit to keep.

/// Strips control and bidirectional-override characters (line breaks stay) and trims the ends.
pub fn clean(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|c| {
            let is_control = c.is_control() && *c != '\n' && *c != '\t';
            let is_bidi =
                matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            !is_control && !is_bidi && *c != '\u{feff}'
        })
        .collect();
    kept.trim().to_owned()
}

/// As [`clean`], on one line.
pub fn clean_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
