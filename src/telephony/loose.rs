//! Objects as the documents print them and as some systems send them: keys without quotes, single quotes.

/// The text of the first member `name` of an object like `{ error: "…" }` or `{status: 'ok'}`, at whatever depth.
pub fn member<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let text = text.trim().strip_prefix('{')?;
    text.match_indices(name).find_map(|(at, _)| {
        let is_key =
            text[..at].chars().next_back().is_none_or(|before| "{,\"'".contains(before) || before.is_whitespace());
        let after = text[at + name.len()..].trim_start_matches(['"', '\'']).trim_start();
        let value = after.strip_prefix(':').filter(|_| is_key)?.trim_start();
        match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split(quote).next(),
            _ => value.split([',', '}']).next().map(str::trim_end),
        }
    })
}
