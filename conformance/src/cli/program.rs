//! How the suite was called, for the lines that it prints.

/// How the suite was called: by cargo from its repository, or as a program.
pub(super) fn program() -> String {
    let by_cargo =
        std::env::var_os("CARGO_PKG_NAME").is_some_and(|package| package == env!("CARGO_PKG_NAME"));
    if by_cargo {
        return "cargo conformance".to_owned();
    }
    let called = std::env::args().next();
    let quoted = called.and_then(|called| Some(shlex::try_quote(&called).ok()?.into_owned()));
    quoted.unwrap_or_else(|| "conformance".to_owned())
}
