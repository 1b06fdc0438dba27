//! Optimisers: burn's own rules, each with its state per parameter.
//!
//! ```text
//! sgd:   v ← momentum·v + g,  θ ← θ − lr·v                  (v begins as the first g; no dampening)
//! adam:  m ← β₁m + (1−β₁)g,  s ← β₂s + (1−β₂)g²,  θ ← θ − lr·m̂/(√ŝ + ε),  m̂ = m/(1−β₁ᵗ), ŝ = s/(1−β₂ᵗ)
//! ```
//!
//! with g the gradient plus `weight_decay`·θ (biases too), β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
//! Kingma & Ba (2015), arXiv:1412.6980.

use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{Adam, AdamConfig, RecordState, Sgd, SgdConfig, StateSink, StateSource};
use burn::tensor::Tensor;

use crate::network::{Layer, device};
use crate::{Optimizer, TrainConfig};

/// A rule that moves parameters, with its state.
pub(crate) trait Update: Send {
    /// One step down the gradients, given in the order of the layers.
    fn step(&mut self, lr: f64, layers: &mut [Layer], gradients: Vec<(Tensor<2>, Tensor<1>)>);

    /// Names and values of the whole state.
    fn save(&self) -> StateSink;

    /// Takes up a saved state.
    fn load(&mut self, state: &mut StateSource);
}

/// The rule that `[train]` names.
pub(crate) fn update(train: &TrainConfig, layers: usize) -> Box<dyn Update> {
    let decay = (train.weight_decay > 0.0).then(|| WeightDecayConfig::new(train.weight_decay as f32));
    match train.optimizer {
        Optimizer::Adam => {
            let adam = AdamConfig::new().with_epsilon(1e-8).with_weight_decay(decay);
            Box::new(Rule::<Adam>::new(adam.build(), layers))
        }
        Optimizer::Sgd => {
            let momentum = MomentumConfig::new().with_momentum(train.momentum).with_dampening(0.0);
            let momentum = (train.momentum > 0.0).then_some(momentum);
            let sgd = SgdConfig::new().with_momentum(momentum).with_weight_decay(decay);
            Box::new(Rule::<Sgd>::new(sgd.build(), layers))
        }
    }
}

struct Rule<O: burn::optim::Optimizer> {
    optimizer: O,
    weights: Vec<Option<O::State<2>>>,
    biases: Vec<Option<O::State<1>>>,
}

impl<O: burn::optim::Optimizer> Rule<O> {
    fn new(optimizer: O, layers: usize) -> Self {
        Self { optimizer, weights: vec![None; layers], biases: vec![None; layers] }
    }
}

impl<O: burn::optim::Optimizer> Update for Rule<O> {
    fn step(&mut self, lr: f64, layers: &mut [Layer], gradients: Vec<(Tensor<2>, Tensor<1>)>) {
        let states = self.weights.iter_mut().zip(&mut self.biases);
        for ((layer, (weight, bias)), (weight_state, bias_state)) in layers.iter_mut().zip(gradients).zip(states) {
            (layer.weight, *weight_state) = self.optimizer.step(lr, layer.weight.clone(), weight, weight_state.take());
            (layer.bias, *bias_state) = self.optimizer.step(lr, layer.bias.clone(), bias, bias_state.take());
        }
    }

    fn save(&self) -> StateSink {
        let mut sink = StateSink::default();
        for (index, (weight, bias)) in self.weights.iter().zip(&self.biases).enumerate() {
            if let Some(state) = weight {
                state.state_flatten(&format!("{index}.weight"), &mut sink);
            }
            if let Some(state) = bias {
                state.state_flatten(&format!("{index}.bias"), &mut sink);
            }
        }
        sink
    }

    fn load(&mut self, state: &mut StateSource) {
        for (index, (weight, bias)) in self.weights.iter_mut().zip(&mut self.biases).enumerate() {
            *weight = RecordState::state_unflatten(&format!("{index}.weight"), state, &device());
            *bias = RecordState::state_unflatten(&format!("{index}.bias"), state, &device());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{floats, matrix};

    /// A layer of one weight and one bias, taken through gradients that are the same for both.
    fn walk(train: &TrainConfig, gradients: &[f32]) -> (Vec<f64>, Vec<f64>) {
        let mut update = update(train, 1);
        let mut layers = [Layer { weight: matrix(vec![1.0], 1), bias: Tensor::from_floats([1.0], &device()) }];
        let mut path = (Vec::new(), Vec::new());
        for &gradient in gradients {
            let gradient = (matrix(vec![gradient], 1), Tensor::from_floats([gradient], &device()));
            update.step(train.lr, &mut layers, vec![gradient]);
            path.0.push(floats(&layers[0].weight.to_data())[0].into());
            path.1.push(floats(&layers[0].bias.to_data())[0].into());
        }
        path
    }

    fn assert_near(found: &[f64], expected: &[f64]) {
        let near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(near && found.len() == expected.len(), "{found:?} for {expected:?}");
    }

    fn sgd(momentum: f64, weight_decay: f64) -> TrainConfig {
        TrainConfig { optimizer: Optimizer::Sgd, lr: 0.1, momentum, weight_decay, ..TrainConfig::default() }
    }

    #[test]
    fn plain_sgd_goes_down_the_gradient() {
        assert_near(&walk(&sgd(0.0, 0.0), &[1.0, 2.0, -1.0]).0, &[0.9, 0.7, 0.8]);
    }

    #[test]
    fn momentum_adds_the_last_velocity() {
        // v: 1, 0.5 + 2 = 2.5, 1.25 − 1 = 0.25
        assert_near(&walk(&sgd(0.5, 0.0), &[1.0, 2.0, -1.0]).0, &[0.9, 0.65, 0.625]);
    }

    #[test]
    fn weight_decay_pulls_weights_and_biases_to_zero() {
        let (weights, biases) = walk(&sgd(0.0, 0.2), &[0.0, 0.0]);
        assert_near(&weights, &[0.98, 0.98 * 0.98]);
        assert_near(&biases, &weights);
    }

    #[test]
    fn adam_follows_its_formula() {
        let train = TrainConfig { lr: 0.1, weight_decay: 0.3, ..TrainConfig::default() };
        let gradients = [0.5, -2.0, 1e-3, 0.0];
        let (mut theta, mut m, mut s, mut path) = (1.0_f64, 0.0, 0.0, Vec::new());
        for (t, g) in (1..).zip(gradients) {
            let g = f64::from(g) + 0.3 * theta;
            (m, s) = (0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g);
            let (m_hat, s_hat) = (m / (1.0 - 0.9_f64.powi(t)), s / (1.0 - 0.999_f64.powi(t)));
            theta -= 0.1 * m_hat / (s_hat.sqrt() + 1e-8);
            path.push(theta);
        }
        assert_near(&walk(&train, &gradients).0, &path);
    }
}
