//! Writing Rust source: the opening of a rendered file, doc comments, literals, names of variants.

/// The opening of a rendered file: what it is, and the command that makes it.
pub(super) fn opening(subject: &str) -> String {
    format!(
        "//! Rendered from `{}` by `cargo xtask regen`; not edited by hand.\n//!\n//! {subject}\n\n",
        super::document::DOCUMENT,
    )
}

/// A doc comment, one line of it for each of the text.
pub(super) fn doc(text: &str, indent: &str) -> String {
    text.lines()
        .map(|line| format!("{indent}/// {line}\n"))
        .collect()
}

/// A string literal.
pub(super) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// A raw string literal, with as many hashes as the text asks for.
pub(super) fn raw(text: &str) -> String {
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// A slice literal, on one line where it fits.
pub(super) fn slice(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<_> = items.into_iter().collect();
    let line = items.join(", ");
    if line.len() <= 70 {
        format!("&[{line}]")
    } else {
        format!("&[\n    {},\n]", items.join(",\n    "))
    }
}

/// A value in the form of a variant's name, `CatchAll` for `catch_all`; nothing when it has no such form.
pub(super) fn variant(value: &str) -> Option<String> {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric());
    let starts_with_letter = value.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let capitalised = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    (starts_with_letter && value.split('_').all(is_word))
        .then(|| value.split('_').map(capitalised).collect())
}
