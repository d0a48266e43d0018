//! One changelog in the format of Keep a Changelog: what it says of a version. Nothing is changed.

use semver::Version;

/// The entry of a version, which has to be the newest: what stands below its heading.
pub(super) fn entry<'a>(text: &'a str, version: &Version) -> Result<&'a str, String> {
    let heading = format!("## {version} - YYYY-MM-DD");
    let mut sections = text.split("\n## ").skip(1);
    let released = sections.find(|section| !section.starts_with("Unreleased"));
    let Some(section) = released else {
        return Err(format!("tells of no release: `{heading}` is missing"));
    };
    let (title, entry) = section.split_once('\n').unwrap_or((section, ""));
    let (named, date) = title.split_once(" - ").unwrap_or((title, ""));
    let named = named.trim_start_matches('[').trim_end_matches(']');
    if named != version.to_string() {
        return Err(format!("its newest entry is `## {title}`, not `{heading}`"));
    }
    if !is_date(date) {
        return Err(format!("`## {title}` lacks its day: `{heading}`"));
    }
    match entry.trim() {
        "" => Err(format!(
            "`## {title}` is empty: say what changes, or that nothing does"
        )),
        entry => Ok(entry),
    }
}

/// Whether this is a day in the form of ISO 8601. Whether the calendar has it, people see.
fn is_date(text: &str) -> bool {
    let form = "dddd-dd-dd";
    text.len() == form.len()
        && (text.chars().zip(form.chars())).all(|(letter, form)| match form {
            'd' => letter.is_ascii_digit(),
            _ => letter == form,
        })
}
