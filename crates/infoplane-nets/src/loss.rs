//! Losses, from the logits z \[rows, classes\] and the one-hot labels y of the same shape.
//!
//! ```text
//! cross-entropy, softmax:  −1/n Σ_r ln softmax(z_r)[label]           (from the logits: no probability underflows)
//! cross-entropy, sigmoid:  −1/n Σ_r Σ_c ln σ((2y−1)·z)               (1−σ(z) = σ(−z))
//! mse:                      1/(n·classes) Σ_r Σ_c (out(z) − y)²
//! ```
//!
//! Cross-entropy is in nats.

use burn::tensor::{Tensor, activation};

use crate::{Loss, Output};

/// The loss, as a tensor of one number on the tape of `logits`.
pub(crate) fn loss(loss: Loss, output: Output, logits: Tensor<2>, labels: Tensor<2>) -> Tensor<1> {
    let rows = logits.dims()[0] as f64;
    match (loss, output) {
        (Loss::Mse, _) => (output.apply(logits) - labels).square().mean(),
        (Loss::CrossEntropy, Output::Sigmoid) => {
            let signs = labels * 2.0 - 1.0;
            activation::log_sigmoid(logits * signs).sum() / -rows
        }
        (Loss::CrossEntropy, _) => (activation::log_softmax(logits, 1) * labels).sum() / -rows,
    }
}

impl Output {
    /// Its values, from the logits.
    pub(crate) fn apply(self, logits: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Softmax => activation::softmax(logits, 1),
            Self::Sigmoid => activation::sigmoid(logits),
            Self::Identity => logits,
            Self::Tanh => logits.tanh(),
        }
    }
}
