//! Null of I(T;Y): the labels in random order, the layer as it is.
//!
//! Draw d puts the rows in the order of `stream(seed, "labels", d)` and gives them the labels sorted by class, so every
//! draw has the same class sizes and H(Y), and everything about T is computed once.

use std::ops::Range;

use infoplane_spec::{shuffle, stream};

use super::Layer;
use super::partition::{Partition, blocked_entropy};
use crate::threads;

/// I(T;Y) of one estimate under random labels.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelNull {
    /// I(T;Y) in nats of each draw.
    pub draws: Vec<f64>,
}

/// The rows of draw `draw` in random order.
pub(super) fn shuffled_rows(rows: usize, seed: u64, draw: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    shuffle(&mut stream(seed, "labels", draw as u64), &mut order);
    order
}

/// The stretch of places of each class, once rows are sorted by class.
pub(super) fn class_blocks(counts: &[u32]) -> Vec<Range<usize>> {
    let mut end = 0;
    let stretch = |count: &u32| {
        end += *count as usize;
        end - *count as usize..end
    };
    counts.iter().map(stretch).filter(|block| !block.is_empty()).collect()
}

/// The null of each partition; the draws are shared.
pub(super) fn of_partitions(
    partitions: &[Partition],
    layer: &Layer,
    label_entropy: f64,
    draws: usize,
    seed: u64,
    threads: usize,
) -> Vec<LabelNull> {
    let blocks = class_blocks(&layer.class_counts());
    let entropies: Vec<f64> = partitions.iter().map(Partition::entropy).collect();
    let widest = partitions.iter().map(Partition::distinct).max().unwrap_or(0);
    let of_draw = |draw: usize| -> Vec<f64> {
        let mut scratch = vec![0; widest];
        let order = shuffled_rows(layer.rows(), seed, draw);
        let information = |(partition, entropy): (&Partition, &f64)| {
            if partition.is_discrete() {
                return label_entropy; // H(T,Y) = H(T) = ln N
            }
            let ids: Vec<u32> = order.iter().map(|row| partition.ids[*row as usize]).collect();
            entropy + label_entropy - blocked_entropy(&ids, &blocks, &mut scratch)
        };
        partitions.iter().zip(&entropies).map(information).collect()
    };
    let values = threads::map(draws, threads, of_draw);
    let null = |scale: usize| LabelNull { draws: values.iter().map(|draw| draw[scale]).collect() };
    (0..partitions.len()).map(null).collect()
}
