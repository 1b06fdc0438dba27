//! Optimisers: burn's own rules, each with its state per parameter.
//!
//! ```text
//! sgd:   v ← momentum·v + g,  θ ← θ − lr·v                  (v begins as the first g; no dampening)
//! adam:  m ← β₁m + (1−β₁)g,  s ← β₂s + (1−β₂)g²,  θ ← θ − lr·m̂/(√ŝ + ε),  m̂ = m/(1−β₁ᵗ), ŝ = s/(1−β₂ᵗ)
//! ```
//!
//! with g the gradient plus weight_decay·θ (biases too), β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
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
    rule: O,
    weights: Vec<Option<O::State<2>>>,
    biases: Vec<Option<O::State<1>>>,
}

impl<O: burn::optim::Optimizer> Rule<O> {
    fn new(rule: O, layers: usize) -> Self {
        Self { rule, weights: vec![None; layers], biases: vec![None; layers] }
    }
}

impl<O: burn::optim::Optimizer> Update for Rule<O> {
    fn step(&mut self, lr: f64, layers: &mut [Layer], gradients: Vec<(Tensor<2>, Tensor<1>)>) {
        let states = self.weights.iter_mut().zip(&mut self.biases);
        for ((layer, (weight, bias)), (weight_state, bias_state)) in layers.iter_mut().zip(gradients).zip(states) {
            (layer.weight, *weight_state) = self.rule.step(lr, layer.weight.clone(), weight, weight_state.take());
            (layer.bias, *bias_state) = self.rule.step(lr, layer.bias.clone(), bias, bias_state.take());
        }
    }

    fn save(&self) -> StateSink {
        let mut sink = StateSink::default();
        for (index, (weight, bias)) in self.weights.iter().zip(&self.biases).enumerate() {
            weight.iter().for_each(|state| state.state_flatten(&format!("{index}.weight"), &mut sink));
            bias.iter().for_each(|state| state.state_flatten(&format!("{index}.bias"), &mut sink));
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
