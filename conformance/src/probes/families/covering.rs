//! Rows of levels such that the levels of any few factors stand in one row together.

use std::collections::HashSet;

/// Few rows in which the levels of any `strength` factors stand together; `levels` says how many each factor has.
pub(super) fn covering(levels: &[usize], strength: usize) -> Vec<Vec<usize>> {
    let mut uncovered = combinations(levels, strength);
    let mut rows = Vec::new();
    while let Some(first) = uncovered.first() {
        let mut row: Vec<Option<usize>> = vec![None; levels.len()];
        for (factor, level) in first {
            row[*factor] = Some(*level);
        }
        for factor in 0..levels.len() {
            if row[factor].is_some() {
                continue;
            }
            let gain = |level: &usize| {
                let is_new = |combination: &&Vec<(usize, usize)>| {
                    combination.contains(&(factor, *level))
                        && combination
                            .iter()
                            .all(|(its, at)| *its == factor || row[*its] == Some(*at))
                };
                uncovered.iter().filter(is_new).count()
            };
            // The first of the best, so that the rows are the same each time.
            row[factor] = (0..levels[factor]).rev().max_by_key(gain);
        }
        let row: Vec<usize> = row.into_iter().map(Option::unwrap_or_default).collect();
        uncovered.retain(|all| all.iter().any(|(factor, level)| row[*factor] != *level));
        rows.push(row);
    }
    rows
}

/// The rows in the order of what each adds to those before it: levels that none of them has, then pairs of levels, so that
/// the first few rows show most of what a few can.
pub(super) fn ranked(mut rows: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    let pairs = |row: &[usize]| {
        let levels: Vec<(usize, usize)> = row.iter().copied().enumerate().collect();
        let pairs = (levels.iter()).flat_map(|one| levels.iter().map(move |other| (*one, *other)));
        pairs.collect::<Vec<_>>()
    };
    let mut seen = HashSet::new();
    let mut ranked = Vec::with_capacity(rows.len());
    while !rows.is_empty() {
        // A level by itself is a pair with itself.
        let adds = |row: &Vec<usize>| {
            let new = pairs(row).into_iter().filter(|pair| !seen.contains(pair));
            let (levels, pairs): (Vec<_>, Vec<_>) = new.partition(|(one, other)| one == other);
            (levels.len(), pairs.len())
        };
        // The first of the best, so that the order is the same each time.
        let best = (0..rows.len()).rev().max_by_key(|n| adds(&rows[*n]));
        let row = rows.remove(best.unwrap_or_default());
        seen.extend(pairs(&row));
        ranked.push(row);
    }
    ranked
}

/// Every choice of `strength` factors, with every choice of a level for each.
fn combinations(levels: &[usize], strength: usize) -> Vec<Vec<(usize, usize)>> {
    let mut all: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
    for _ in 0..strength {
        all = all
            .into_iter()
            .flat_map(|chosen| {
                let next = chosen.last().map_or(0, |(factor, _)| factor + 1);
                (next..levels.len()).flat_map(move |factor| {
                    let chosen = chosen.clone();
                    (0..levels[factor]).map(move |level| {
                        let mut longer = chosen.clone();
                        longer.push((factor, level));
                        longer
                    })
                })
            })
            .collect();
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{combinations, covering, ranked};

    #[test]
    fn the_levels_of_any_few_factors_stand_in_a_row_together() {
        let levels = [4, 2, 2, 3, 4, 3, 2];
        for (strength, most) in [(1, 4), (2, 24), (3, 80)] {
            let rows = covering(&levels, strength);
            for combination in combinations(&levels, strength) {
                let stands =
                    |row: &Vec<usize>| combination.iter().all(|(n, level)| row[*n] == *level);
                assert!(rows.iter().any(stands), "{combination:?}");
            }
            assert!(rows.len() <= most, "{} rows", rows.len());
        }
    }

    #[test]
    fn the_first_rows_have_every_level() {
        let levels = [4, 2, 2, 3, 4, 3, 2];
        let rows = covering(&levels, 2);
        let ranked = ranked(rows.clone());
        for (factor, levels) in levels.into_iter().enumerate() {
            let first = ranked.iter().take(5).map(|row| row[factor]);
            assert_eq!(first.collect::<HashSet<_>>().len(), levels);
        }
        let sorted = |mut rows: Vec<Vec<usize>>| {
            rows.sort();
            rows
        };
        assert_eq!(sorted(ranked), sorted(rows));
    }
}
