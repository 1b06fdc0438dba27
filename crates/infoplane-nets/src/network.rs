//! The dense network: out = o(… φ(φ(x·W₁ + b₁)·W₂ + b₂) …), with W \[fan-in, units\] and b \[units\].

use burn::tensor::{Device, Tensor, TensorData, activation, module::linear};

use crate::{Activation, ModelConfig, Output, init, taps::layer_name};

/// One layer's parameters.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) weight: Tensor<2>,
    pub(crate) bias: Tensor<1>,
}

/// The parameters, and what stands between the layers.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    pub(crate) layers: Vec<Layer>,
    pub(crate) activation: Activation,
    pub(crate) output: Output,
}

/// Activations kept from a forward pass, by place of the tap.
pub(crate) type Kept = Vec<(usize, Tensor<2>)>;

pub(crate) fn device() -> Device {
    Device::flex()
}

/// A matrix \[rows, columns\] from its values.
pub(crate) fn matrix(values: Vec<f32>, columns: usize) -> Tensor<2> {
    let rows = values.len() / columns;
    Tensor::from_data(TensorData::new(values, [rows, columns]), &device())
}

impl Network {
    pub(crate) fn new(model: &ModelConfig, seed: u64) -> Self {
        let last = model.layers.len() - 1;
        let layer = |index: usize| {
            let (fan_in, units) = (model.layers[index - 1], model.layers[index]);
            let name = layer_name(index, index == last);
            let weight = matrix(init::weights(model.init, seed, &name, fan_in, units), units);
            Layer { weight, bias: Tensor::zeros([units], &device()) }
        };
        Self { layers: (1..=last).map(layer).collect(), activation: model.activation, output: model.output }
    }

    /// The same parameters as leaves of a new tape.
    pub(crate) fn tracked(&self) -> Self {
        let tracked = |layer: &Layer| Layer {
            weight: layer.weight.clone().autodiff().require_grad(),
            bias: layer.bias.clone().autodiff().require_grad(),
        };
        Self { layers: self.layers.iter().map(tracked).collect(), ..*self }
    }

    /// The logits, and the activations of the taps at `places` other than input, output and label.
    pub(crate) fn logits(&self, input: Tensor<2>, places: &[usize]) -> (Tensor<2>, Kept) {
        let (mut x, mut kept) = (input, Kept::new());
        let last = self.layers.len() - 1;
        for (index, layer) in self.layers.iter().enumerate() {
            x = linear(x, layer.weight.clone(), Some(layer.bias.clone()));
            keep(&mut kept, places, 1 + 2 * index, &x);
            if index < last {
                x = self.activation.apply(x);
                keep(&mut kept, places, 2 + 2 * index, &x);
            }
        }
        (x, kept)
    }

    /// The place of the tap `out`.
    pub(crate) fn out_place(&self) -> usize {
        2 * self.layers.len()
    }

    /// All parameters in order, as bytes (f32, little-endian).
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let values = |layer: &Layer| [layer.weight.to_data(), layer.bias.to_data()];
        self.layers.iter().flat_map(values).flat_map(|data| floats(&data)).flat_map(f32::to_le_bytes).collect()
    }
}

impl Activation {
    fn apply(self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Tanh => x.tanh(),
            Self::Relu => activation::relu(x),
            Self::Sigmoid => activation::sigmoid(x),
            Self::Identity => x,
        }
    }
}

fn keep(kept: &mut Kept, places: &[usize], place: usize, x: &Tensor<2>) {
    if places.contains(&place) {
        kept.push((place, x.clone()));
    }
}

/// The values of a tensor that was made from f32.
///
/// # Panics
/// If it was not: this crate makes no others.
pub(crate) fn floats(data: &TensorData) -> Vec<f32> {
    slice(data).to_vec()
}

/// As [`floats`], borrowed.
pub(crate) fn slice(data: &TensorData) -> &[f32] {
    data.as_slice().expect("tensors of this crate hold f32")
}
