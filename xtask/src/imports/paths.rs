//! The paths in code, read off its tokens, since the code in a macro has no other form.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// Macros whose tokens are code of another crate.
const QUOTES: [&str; 2] = ["quote", "parse_quote"];

/// Adds every path and every name in the tokens, behind `prefix`. Tests are left out.
pub(super) fn collect(tokens: TokenStream, prefix: &[String], found: &mut Vec<Vec<String>>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_mark = |at: usize, wanted: char| matches!(tokens.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == wanted);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_after = |mark: char| at > 0 && is_mark(at - 1, mark);
        // A field or a method has a name of its own; what follows `..` has not.
        let is_member = is_after('.') && !(at > 1 && is_mark(at - 2, '.'));
        let is_attribute = is_after('#');
        at += 1;
        match token {
            TokenTree::Ident(name) if QUOTES.iter().any(|quote| name == quote) => at += 2,
            TokenTree::Ident(first) if !is_member => {
                let mut path = prefix.to_vec();
                path.push(first.to_string());
                while is_mark(at, ':') && is_mark(at + 1, ':') {
                    match tokens.get(at + 2) {
                        Some(TokenTree::Ident(next)) => path.push(next.to_string()),
                        // A `use` in a function.
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                            collect(group.stream(), &path, found);
                        }
                        _ => break,
                    }
                    at += 3;
                }
                found.push(path);
            }
            TokenTree::Group(group) if is_attribute && is_cfg_test(&group.stream()) => {
                at += tokens[at..]
                    .iter()
                    .take_while(|token| !is_end(token))
                    .count()
                    + 1;
            }
            TokenTree::Group(group) => collect(group.stream(), &[], found),
            _ => {}
        }
    }
}

/// Whether the inside of an attribute is `cfg(test)`.
pub(super) fn is_cfg_test(inside: &impl ToTokens) -> bool {
    let text = inside.to_token_stream().to_string().replace(' ', "");
    text == "cfg(test)"
}

/// Whether an item, a statement or a field ends with this token.
fn is_end(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(mark) => [';', ','].contains(&mark.as_char()),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}
