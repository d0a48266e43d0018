//! Rows of levels such that the levels of any few factors stand in one row together.

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
    use super::{combinations, covering};

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
}
