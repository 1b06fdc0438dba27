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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::one_hot;
    use crate::network::{Network, floats, matrix};
    use crate::training::gradients;
    use crate::{Activation, Init, ModelConfig};

    const LAYERS: [usize; 4] = [3, 4, 3, 2];
    const LABELS: [u32; 5] = [0, 1, 1, 0, 1];

    fn inputs() -> Vec<f32> {
        (0..15).map(|i| ((i * 7 % 11) as f32 - 5.0) / 4.0).collect()
    }

    /// The loss in f64 from flat parameters (weights [fan-in, units], then biases, layer after layer), by the book.
    fn by_the_book(parameters: &[f64], activation: Activation, output: Output, kind: Loss) -> f64 {
        let mut sum = 0.0;
        for (row, &label) in LABELS.iter().enumerate() {
            let mut x: Vec<f64> = inputs()[row * 3..][..3].iter().map(|&x| x.into()).collect();
            let mut rest = parameters;
            for (index, pair) in LAYERS.windows(2).enumerate() {
                let (weights, after) = rest.split_at(pair[0] * pair[1]);
                let (biases, after) = after.split_at(pair[1]);
                let z = (0..pair[1])
                    .map(|unit| biases[unit] + (0..pair[0]).map(|i| x[i] * weights[i * pair[1] + unit]).sum::<f64>());
                x = if index == 2 { z.collect() } else { z.map(|z| hidden(activation, z)).collect() };
                rest = after;
            }
            sum += row_loss(&x, label as usize, output, kind);
        }
        sum / LABELS.len() as f64
    }

    fn hidden(activation: Activation, z: f64) -> f64 {
        match activation {
            Activation::Tanh => z.tanh(),
            Activation::Relu => z.max(0.0),
            Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
            Activation::Identity => z,
        }
    }

    fn row_loss(z: &[f64], label: usize, output: Output, kind: Loss) -> f64 {
        let total: f64 = z.iter().map(|z| z.exp()).sum();
        let out = z.iter().map(|&z| match output {
            Output::Softmax => z.exp() / total,
            Output::Sigmoid => 1.0 / (1.0 + (-z).exp()),
            Output::Identity => z,
            Output::Tanh => z.tanh(),
        });
        let terms = out.enumerate().map(|(class, out)| match (kind, output, class == label) {
            (Loss::Mse, _, is_label) => (out - f64::from(is_label)).powi(2) / z.len() as f64,
            (Loss::CrossEntropy, _, true) => -out.ln(),
            (Loss::CrossEntropy, Output::Sigmoid, false) => -(1.0 - out).ln(),
            (Loss::CrossEntropy, _, false) => 0.0,
        });
        terms.sum()
    }

    fn network(activation: Activation, output: Output) -> Network {
        let model = ModelConfig { layers: LAYERS.to_vec(), activation, output, init: Init::FanIn };
        let mut network = Network::new(&model, 3);
        // Biases away from 0, so that no ReLU sits on its corner.
        for layer in &mut network.layers {
            layer.bias = layer.bias.clone() + 0.15;
        }
        network
    }

    fn flat(pairs: impl Iterator<Item = (Tensor<2>, Tensor<1>)>) -> Vec<f64> {
        let data = pairs.flat_map(|(weight, bias)| [weight.into_data(), bias.into_data()]);
        data.flat_map(|data| floats(&data)).map(f64::from).collect()
    }

    fn check(activation: Activation, output: Output, kind: Loss) {
        let network = network(activation, output);
        let tracked = network.tracked();
        let (logits, _) = tracked.logits(matrix(inputs(), 3), &[]);
        let loss = loss(kind, output, logits, matrix(one_hot(&LABELS, 2), 2));
        let value = f64::from(loss.clone().inner().into_scalar::<f32>());
        let found = flat(gradients(&loss, &tracked).into_iter());
        let parameters = flat(network.layers.iter().map(|layer| (layer.weight.clone(), layer.bias.clone())));
        let book = |parameters: &[f64]| by_the_book(parameters, activation, output, kind);
        assert!((value - book(&parameters)).abs() < 1e-6, "{activation:?} {output:?} {kind:?}: loss {value}");
        for (index, found) in found.into_iter().enumerate() {
            let shifted = |by: f64| {
                let mut parameters = parameters.clone();
                parameters[index] += by;
                book(&parameters)
            };
            let slope = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
            assert!((found - slope).abs() < 2e-6, "{activation:?} {output:?} {kind:?} {index}: {found} for {slope}");
        }
    }

    #[test]
    fn losses_and_gradients_are_those_of_the_formulas() {
        for activation in [Activation::Tanh, Activation::Relu, Activation::Sigmoid, Activation::Identity] {
            for output in [Output::Softmax, Output::Sigmoid, Output::Identity, Output::Tanh] {
                check(activation, output, Loss::Mse);
            }
            check(activation, Output::Softmax, Loss::CrossEntropy);
            check(activation, Output::Sigmoid, Loss::CrossEntropy);
        }
    }

    #[test]
    fn cross_entropy_stays_finite_where_probabilities_underflow() {
        for output in [Output::Softmax, Output::Sigmoid] {
            let logits = matrix(vec![300.0, -300.0], 2);
            let value = loss(Loss::CrossEntropy, output, logits, matrix(vec![0.0, 1.0], 2)).into_scalar::<f32>();
            assert_eq!(value, 600.0, "{output:?}");
        }
    }
}
