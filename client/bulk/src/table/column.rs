//! Which column has the profile URLs: the one that is named, or the one that is full of them.

use super::writer::different;
use crate::error::Error;
use crate::person::Person;

/// The column that is named, or else the only one with profile URLs in most of these rows.
pub(super) fn find(
    name: &str,
    header: &[String],
    rows: &[Vec<&str>],
    column: Option<&str>,
) -> Result<usize, Error> {
    // Each can be chosen, also where several have one name.
    let names = different(header.iter().cloned());
    let columns = || format!("its columns are: {}", names.join(", "));
    if let Some(column) = column {
        let exact = names.iter().position(|name| name == column);
        let similar = || {
            let lower = column.trim().to_lowercase();
            header
                .iter()
                .position(|name| name.trim().to_lowercase() == lower)
        };
        return exact.or_else(similar).ok_or_else(|| {
            Error::input(
                name,
                None,
                format!("it has no column {column}; {}", columns()),
            )
        });
    }
    let full: Vec<usize> = (0..header.len())
        .filter(|place| is_full(*place, rows))
        .collect();
    match full[..] {
        [place] => Ok(place),
        [] => {
            let hint = match rows.iter().flatten().any(|cell| has_several(cell)) {
                true => ", or see that the delimiter is a comma, a semicolon or a tab",
                false if header.len() == 1 => return Ok(0),
                false => "",
            };
            let reason = format!(
                "no column is full of profile URLs: name one with --column{hint}; {}",
                columns()
            );
            Err(Error::input(name, None, reason))
        }
        _ => {
            let names: Vec<&str> = full.iter().map(|place| &*names[*place]).collect();
            let names = names.join(", ");
            let reason = format!(
                "several columns are full of profile URLs: choose one of {names} with --column"
            );
            Err(Error::input(name, None, reason))
        }
    }
}

/// Whether most cells that are not empty are profile URLs.
fn is_full(place: usize, rows: &[Vec<&str>]) -> bool {
    let cells = rows.iter().filter_map(|row| row.get(place));
    let cells = cells.filter(|cell| !cell.trim().is_empty());
    let (mut urls, mut others) = (0, 0);
    for cell in cells {
        *(if is_profile(cell) {
            &mut urls
        } else {
            &mut others
        }) += 1;
    }
    urls > others
}

/// Whether a cell is several, of which one is a profile URL: the delimiter is another one.
fn has_several(cell: &str) -> bool {
    let parts = cell.split([',', ';', '\t', '|', '"', '\n']);
    !is_profile(cell) && parts.into_iter().any(is_profile)
}

/// Whether a cell is for certain the URL of a profile: other URLs are in many columns.
pub(super) fn is_profile(cell: &str) -> bool {
    Person::read(cell).is_ok_and(|person| person.key.starts_with("in/"))
}
