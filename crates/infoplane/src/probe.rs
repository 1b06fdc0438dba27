//! The probe: which samples, and the named orders they are put into.

use infoplane_spec::{shuffle, stream};

/// Chooses `size` of the candidates, balanced by class, by seed; all of them, in their own order, if there are no more.
///
/// Candidates and the answer are indices into the data set whose classes are `labels`.
pub fn choose(candidates: &[u32], labels: &[u32], size: usize, seed: u64) -> Vec<u32> {
    if candidates.len() <= size {
        return candidates.to_vec();
    }
    let mut shuffled = candidates.to_vec();
    shuffle(&mut stream(seed, "probe/choice", 0), &mut shuffled);
    // the i-th of its class comes before every (i+1)-th, so each class gets its turn
    let mut turns = vec![0_usize; 1 + labels.iter().max().map_or(0, |&class| class as usize)];
    let mut ranked: Vec<(usize, u32)> = shuffled
        .into_iter()
        .map(|sample| {
            let turn = &mut turns[labels[sample as usize] as usize];
            *turn += 1;
            (*turn, sample)
        })
        .collect();
    ranked.sort_by_key(|(turn, _)| *turn);
    let mut chosen: Vec<u32> = ranked[..size].iter().map(|(_, sample)| *sample).collect();
    chosen.sort_unstable();
    chosen
}

/// The names of orders.
pub const ORDERS: &[&str] = &["shuffled", "by-class", "natural"];

/// The rows of a probe with these labels in the named order, or `None` if there is no such order.
///
/// `shuffled`: at random; `by-class`: class after class, at random inside each; `natural`: as they stand.
pub fn order(name: &str, labels: &[u32], seed: u64) -> Option<Vec<u32>> {
    let mut rows: Vec<u32> = (0..labels.len() as u32).collect();
    if name != "natural" {
        shuffle(&mut stream(seed, "probe/order", 0), &mut rows);
    }
    match name {
        "shuffled" | "natural" => Some(rows),
        "by-class" => {
            rows.sort_by_key(|&row| labels[row as usize]);
            Some(rows)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_balanced_as_long_as_classes_last() {
        let labels: Vec<u32> = (0..100).map(|i| u32::from(i % 10 == 0)).collect();
        let all: Vec<u32> = (0..100).collect();
        let ones = |chosen: &[u32]| chosen.iter().filter(|&&i| labels[i as usize] == 1).count();
        assert_eq!(ones(&choose(&all, &labels, 12, 1)), 6);
        assert_eq!(ones(&choose(&all, &labels, 50, 1)), 10);
        assert_eq!(choose(&all, &labels, 100, 1), all);
        assert_ne!(choose(&all, &labels, 12, 1), choose(&all, &labels, 12, 2));
    }

    #[test]
    fn orders_are_permutations_and_keep_their_promise() {
        let labels: Vec<u32> = (0..60).map(|i| i * 7 % 3).collect();
        for name in ORDERS {
            let mut rows = order(name, &labels, 4).unwrap();
            if *name == "by-class" {
                assert!(rows.windows(2).all(|pair| labels[pair[0] as usize] <= labels[pair[1] as usize]));
            }
            rows.sort_unstable();
            assert!(rows.into_iter().eq(0..60));
        }
        assert_eq!(order("sorted", &labels, 4), None);
    }
}
