//! Rows of levels such that each two levels of different factors stand in one row together.

/// Few rows that cover all pairs; `levels` says how many each factor has.
pub(super) fn pairs(levels: &[usize]) -> Vec<Vec<usize>> {
    let mut uncovered: Vec<[(usize, usize); 2]> = Vec::new();
    for (factor, of_factor) in levels.iter().enumerate() {
        for (other, of_other) in levels.iter().enumerate().skip(factor + 1) {
            for level in 0..*of_factor {
                uncovered.extend((0..*of_other).map(|its| [(factor, level), (other, its)]));
            }
        }
    }
    let mut rows = Vec::new();
    while let Some(first) = uncovered.first().copied() {
        let mut row: Vec<Option<usize>> = vec![None; levels.len()];
        for (factor, level) in first {
            row[factor] = Some(level);
        }
        for factor in 0..levels.len() {
            if row[factor].is_some() {
                continue;
            }
            let gain = |level: &usize| {
                let is_new = |pair: &&[(usize, usize); 2]| {
                    pair.contains(&(factor, *level))
                        && pair
                            .iter()
                            .all(|(its, at)| *its == factor || row[*its] == Some(*at))
                };
                uncovered.iter().filter(is_new).count()
            };
            // The first of the best, so that the rows are the same each time.
            row[factor] = (0..levels[factor]).rev().max_by_key(gain);
        }
        let row: Vec<usize> = row.into_iter().map(Option::unwrap_or_default).collect();
        uncovered.retain(|pair| pair.iter().any(|(factor, level)| row[*factor] != *level));
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn each_two_levels_stand_in_a_row_together() {
        let levels = [4, 2, 2, 3, 4, 3, 2];
        let rows = pairs(&levels);
        for (one, of_one) in levels.iter().enumerate() {
            for (other, of_other) in levels.iter().enumerate().skip(one + 1) {
                for (a, b) in (0..*of_one).flat_map(|a| (0..*of_other).map(move |b| (a, b))) {
                    let covered = rows.iter().any(|row| row[one] == a && row[other] == b);
                    assert!(covered, "{one}:{a} with {other}:{b}");
                }
            }
        }
        assert!(rows.len() <= 24, "{} rows", rows.len());
    }
}
