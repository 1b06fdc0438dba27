//! Order of the samples in an epoch.

use infoplane_spec::{shuffle, stream};

use crate::Order;

/// The order in which an epoch takes the rows of the training split, whose classes are `labels`.
///
/// Each epoch has a stream of its own, so a resumed training goes on as if it had never stopped.
pub(crate) fn samples(order: Order, labels: &[u32], seed: u64, epoch: u64) -> Vec<u32> {
    let epoch = if order == Order::Fixed { 0 } else { epoch };
    let mut samples: Vec<u32> = (0..labels.len() as u32).collect();
    shuffle(&mut stream(seed, "order", epoch), &mut samples);
    if order == Order::ByClass {
        samples.sort_by_key(|&sample| labels[sample as usize]); // stable: random inside a class
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [u32; 60] = {
        let mut labels = [0; 60];
        let mut i = 0;
        while i < 60 {
            labels[i] = (i % 3) as u32;
            i += 1;
        }
        labels
    };

    fn epoch(order: Order, epoch: u64) -> Vec<u32> {
        samples(order, &LABELS, 1, epoch)
    }

    #[test]
    fn every_order_takes_every_row_once() {
        for order in [Order::Shuffled, Order::Fixed, Order::ByClass] {
            let mut rows = epoch(order, 2);
            rows.sort_unstable();
            assert!(rows.into_iter().eq(0..60), "{order:?}");
        }
    }

    #[test]
    fn only_fixed_repeats() {
        assert_eq!(epoch(Order::Fixed, 0), epoch(Order::Fixed, 1));
        assert_ne!(epoch(Order::Shuffled, 0), epoch(Order::Shuffled, 1));
        assert_ne!(epoch(Order::ByClass, 0), epoch(Order::ByClass, 1));
    }

    #[test]
    fn by_class_goes_class_after_class() {
        let classes: Vec<u32> = epoch(Order::ByClass, 0).into_iter().map(|row| LABELS[row as usize]).collect();
        assert!(classes.is_sorted());
        assert!(!epoch(Order::ByClass, 0)[..20].is_sorted(), "random inside a class");
    }
}
