//! What of a Rust file is code: its tokens without comments and without what stands under `#[cfg(test)]`.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A file's tokens in a row, brackets among them, `::` as one. A literal stands as it is written, quotes and all.
#[derive(Default)]
pub struct Code {
    pub tokens: Vec<String>,
    /// The string literals, in order.
    pub texts: Vec<String>,
}

impl Code {
    pub fn read(text: &str) -> Self {
        let mut code = Self::default();
        code.walk(text.parse().unwrap());
        code
    }

    fn walk(&mut self, stream: TokenStream) {
        let mut rest = stream.into_iter().peekable();
        while let Some(token) = rest.next() {
            if is_mark(&token, '#') {
                let bang = rest.next_if(|next| is_mark(next, '!'));
                let what = rest.peek().map(|next| next.to_string().replace([' ', '\n'], "")).unwrap_or_default();
                // A doc comment reaches us as an attribute.
                if what.starts_with("[doc=") {
                    rest.next();
                    continue;
                }
                if what == "[cfg(test)]" && bang.is_none() {
                    rest.by_ref().skip(1).find(|next| is_mark(next, ';') || is_block(next));
                    continue;
                }
            }
            let is_first = matches!(&token, TokenTree::Punct(mark) if mark.spacing() == Spacing::Joint);
            if is_mark(&token, ':') && is_first && rest.next_if(|next| is_mark(next, ':')).is_some() {
                self.tokens.push("::".to_owned());
            } else {
                self.take(token);
            }
        }
    }

    fn take(&mut self, token: TokenTree) {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::None => ("", ""),
                };
                self.tokens.push(open.to_owned());
                self.walk(group.stream());
                self.tokens.push(close.to_owned());
            }
            TokenTree::Punct(mark) => self.tokens.push(mark.to_string()),
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                let text = token.to_string();
                if text.trim_start_matches(['b', 'c', 'r', '#']).starts_with('"') {
                    let inner = text.split_once('"').and_then(|(_, rest)| rest.rsplit_once('"')).unwrap().0;
                    self.texts.push(inner.to_owned());
                }
                self.tokens.push(text);
            }
        }
    }
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

#[test]
fn comments_strings_and_test_modules_are_no_code() {
    let text = r##"//! crate::a
        /// crate::b
        #[cfg(test)]
        mod tests { const BRACE: char = '}'; const SAID: &str = "}"; /* } */ use crate::c; }
        fn after() { d::e("crate::f /* not a comment", r#"raw "quoted""#, '"', b"bytes"); } // g
    "##;
    let code = Code::read(text);
    assert_eq!(code.tokens[..9], ["fn", "after", "(", ")", "{", "d", "::", "e", "("]);
    assert_eq!(code.texts, ["crate::f /* not a comment", "raw \"quoted\"", "bytes"]);
}
