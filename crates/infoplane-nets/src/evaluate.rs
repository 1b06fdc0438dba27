//! How well a network does on some rows.

use crate::loss::loss;
use crate::network::{Network, matrix, slice};
use crate::{Dataset, Loss};

/// Rows per forward pass without gradients.
pub(crate) const CHUNK: usize = 1024;

/// Loss and accuracy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evaluation {
    /// Mean loss.
    pub loss: f64,
    /// Share of the rows whose largest output (the first of equals) is their class's.
    pub accuracy: f64,
}

/// Evaluates `network` on `rows` of `data`; NaN without rows.
pub(crate) fn evaluate(network: &Network, data: &Dataset, rows: &[u32], kind: Loss) -> Evaluation {
    let (mut sum, mut right) = (0.0, 0);
    for chunk in rows.chunks(CHUNK) {
        let labels = data.labels(chunk);
        let (logits, _) = network.logits(matrix(data.inputs(chunk), data.features), &[]);
        // Every output non-linearity keeps the order of the logits.
        let values = logits.to_data();
        let largest = slice(&values).chunks_exact(data.classes).map(argmax);
        right += largest.zip(&labels).filter(|(guess, label)| guess == *label).count();
        let mean = loss(kind, network.output, logits, matrix(one_hot(&labels, data.classes), data.classes));
        sum += f64::from(mean.into_scalar::<f32>()) * chunk.len() as f64;
    }
    Evaluation { loss: sum / rows.len() as f64, accuracy: right as f64 / rows.len() as f64 }
}

/// One row per label: 1 in its class's column, 0 elsewhere.
pub(crate) fn one_hot(labels: &[u32], classes: usize) -> Vec<f32> {
    let mut values = vec![0.0; labels.len() * classes];
    labels.iter().enumerate().for_each(|(row, &label)| values[row * classes + label as usize] = 1.0);
    values
}

fn argmax(values: &[f32]) -> u32 {
    let first = |best: usize, next: usize| if values[next] > values[best] { next } else { best };
    (1..values.len()).fold(0, first) as u32
}
