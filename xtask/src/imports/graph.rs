//! A directed graph of names, and its circles.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Who names what of whom.
#[derive(Default)]
pub(super) struct Graph {
    edges: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
}

impl Graph {
    /// `from` names `path`, which is a part of `to`.
    pub(super) fn add(&mut self, from: &str, to: &str, path: &str) {
        let targets = self.edges.entry(from.to_owned()).or_default();
        targets
            .entry(to.to_owned())
            .or_default()
            .insert(path.to_owned());
    }

    /// Every edge: from, to, path.
    pub(super) fn edges(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.edges.iter().flat_map(|(from, targets)| {
            targets.iter().flat_map(move |(to, paths)| {
                paths
                    .iter()
                    .map(move |path| (from.as_str(), to.as_str(), path.as_str()))
            })
        })
    }

    /// What `from` names of `to`.
    pub(super) fn paths(&self, from: &str, to: &str) -> impl Iterator<Item = &str> {
        let paths = self.edges.get(from).and_then(|targets| targets.get(to));
        paths.into_iter().flatten().map(String::as_str)
    }

    /// The shortest circle through each node that has one, each circle once. It begins with its first name.
    pub(super) fn circles(&self) -> BTreeSet<Vec<String>> {
        let circles = self.edges.keys().filter_map(|start| {
            let mut circle = self.circle_through(start)?;
            let first = (0..circle.len()).min_by_key(|index| &circle[*index])?;
            circle.rotate_left(first);
            Some(circle)
        });
        circles.collect()
    }

    /// A breadth-first walk until it comes back.
    fn circle_through(&self, start: &str) -> Option<Vec<String>> {
        let mut before: BTreeMap<&str, &str> = BTreeMap::new();
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for next in self.edges.get(node).into_iter().flat_map(BTreeMap::keys) {
                if next == start {
                    let way = std::iter::successors(Some(node), |node| before.get(node).copied());
                    let mut circle: Vec<_> = way.map(ToOwned::to_owned).collect();
                    circle.reverse();
                    return Some(circle);
                }
                if !before.contains_key(next.as_str()) {
                    before.insert(next, node);
                    open.push_back(next);
                }
            }
        }
        None
    }
}
