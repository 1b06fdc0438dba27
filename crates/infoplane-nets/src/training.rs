//! A training: network, optimiser and counters, and everything they follow from.

use std::sync::Arc;

use burn::tensor::Tensor;
use sha2::{Digest, Sha256};

use crate::checkpoint::{self, Fields};
use crate::evaluate::{CHUNK, Evaluation, evaluate, one_hot};
use crate::loss::loss;
use crate::network::{Kept, Network, matrix, slice};
use crate::optimizer::{Update, update};
use crate::taps::{TapInfo, places, taps_of};
use crate::{Dataset, Error, NetsConfig, Result, Split, order};

/// A network in training.
///
/// It depends on the settings, the data and the seed, and on nothing else: not on who watches, nor on the machine's
/// other work.
pub struct Training {
    pub(crate) config: NetsConfig,
    pub(crate) data: Arc<Dataset>,
    pub(crate) seed: u64,
    pub(crate) split: Split,
    pub(crate) taps: Vec<TapInfo>,
    pub(crate) network: Network,
    pub(crate) update: Box<dyn Update>,
    pub(crate) step: u64,
    /// Digests of what must be the same on resume.
    identity: Vec<(&'static str, String)>,
    /// Classes of the training split, by position.
    train_labels: Vec<u32>,
}

/// The rows of one training batch.
pub(crate) struct Batch {
    pub(crate) labels: Vec<u32>,
    /// \[rows, features\], row-major.
    pub(crate) inputs: Vec<f32>,
}

/// What the forward pass of a batch gave.
pub(crate) struct Forward {
    pub(crate) one_hot: Tensor<2>,
    pub(crate) tracked: Network,
    pub(crate) logits: Tensor<2>,
    pub(crate) kept: Kept,
}

impl Training {
    /// A training at its beginning: initial weights, nothing learnt.
    ///
    /// # Errors
    /// Settings that are out of range or do not fit the data.
    pub fn start(config: &NetsConfig, data: Arc<Dataset>, seed: u64) -> Result<Self> {
        config.validate()?;
        config.model.fits(&data)?;
        let split = Split::new(data.rows(), config.data.train, seed)?;
        let network = Network::new(&config.model, seed);
        Ok(Self {
            train_labels: data.labels(&split.train),
            identity: identity(config, &data, seed),
            taps: taps_of(&config.model, data.range),
            update: update(&config.train, network.layers.len()),
            config: config.clone(),
            data,
            seed,
            split,
            network,
            step: 0,
        })
    }

    /// The training that wrote `state`, ready to go on to the same bits as if it had never stopped.
    ///
    /// # Errors
    /// As [`Training::start`]; a state that is damaged or of another training.
    pub fn resume(config: &NetsConfig, data: Arc<Dataset>, seed: u64, state: &[u8]) -> Result<Self> {
        let mut training = Self::start(config, data, seed)?;
        let fields = Fields::decode(state)?;
        fields.check(&training.identity)?;
        training.step = fields.count("step")?;
        fields.restore(&mut training.network, training.update.as_mut())?;
        Ok(training)
    }

    /// The state to resume from.
    pub(crate) fn state(&self) -> Vec<u8> {
        checkpoint::save(&[("step", self.step)], &self.identity, &self.network, self.update.as_ref())
    }

    /// The taps in forward order.
    pub fn taps(&self) -> &[TapInfo] {
        &self.taps
    }

    /// Rows that train and rows that test.
    pub fn split(&self) -> &Split {
        &self.split
    }

    /// Optimiser steps in one epoch.
    pub fn steps_per_epoch(&self) -> u64 {
        self.split.train.len().div_ceil(self.config.train.batch) as u64
    }

    /// Optimiser steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Passes over the training split done, whole at an epoch's end.
    pub fn epoch(&self) -> f64 {
        self.step as f64 / self.steps_per_epoch() as f64
    }

    /// Loss and accuracy on the training split.
    pub fn evaluate_train(&self) -> Evaluation {
        evaluate(&self.network, &self.data, &self.split.train, self.config.train.loss)
    }

    /// Loss and accuracy on the test split, if there is one.
    pub fn evaluate_test(&self) -> Option<Evaluation> {
        let rows = &self.split.test;
        (!rows.is_empty()).then(|| evaluate(&self.network, &self.data, rows, self.config.train.loss))
    }

    /// SHA-256 of all weights and biases in the order of the layers (f32, little-endian), as hexadecimal digits.
    pub fn weights_hash(&self) -> String {
        hex(&Sha256::digest(self.network.bytes()))
    }

    /// Activations of the taps on any inputs \[rows, features\], weights frozen: (name, units, values) in the order of `taps`.
    ///
    /// # Errors
    /// A tap that is not there (or `label`, which inputs alone do not have), or inputs of another width.
    pub fn probe(&self, inputs: &[f32], taps: &[String]) -> Result<Vec<(String, usize, Vec<f32>)>> {
        let features = self.data.features;
        if !inputs.len().is_multiple_of(features) {
            let allowed = format!("multiples of {features}");
            return Err(Error::Probe { what: "length of the probe inputs", got: inputs.len(), allowed });
        }
        let places = places(&self.taps[..self.taps.len() - 1], taps)?;
        let mut values = vec![Vec::new(); places.len()];
        inputs.chunks(CHUNK * features).for_each(|chunk| self.infer(chunk.to_vec(), &places, &mut values));
        let named = taps.iter().zip(&places).zip(values);
        Ok(named.map(|((name, &place), values)| (name.clone(), self.taps[place].units, values)).collect())
    }

    /// Activations of the taps at `places` on rows of the data set.
    pub(crate) fn activations(&self, rows: &[u32], places: &[usize]) -> Vec<Vec<f32>> {
        let mut values = vec![Vec::new(); places.len()];
        for chunk in rows.chunks(CHUNK) {
            self.infer(self.data.inputs(chunk), places, &mut values);
            for (&place, values) in places.iter().zip(&mut values) {
                if place == self.label_place() {
                    values.extend(one_hot(&self.data.labels(chunk), self.data.classes));
                }
            }
        }
        values
    }

    /// Appends the activations of one chunk; nothing for `label`.
    fn infer(&self, inputs: Vec<f32>, places: &[usize], values: &mut [Vec<f32>]) {
        let of_inputs = places.iter().zip(&mut *values).filter(|(place, _)| **place == 0);
        of_inputs.for_each(|(_, values)| values.extend_from_slice(&inputs));
        let (logits, kept) = self.network.logits(matrix(inputs, self.data.features), places);
        for (&place, values) in places.iter().zip(values) {
            if place != 0 && place != self.label_place() {
                values.extend_from_slice(slice(&self.tensor_of(place, &logits, &kept).into_data()));
            }
        }
    }

    /// The place of the tap `label`, the last.
    pub(crate) fn label_place(&self) -> usize {
        self.taps.len() - 1
    }

    /// The activations at a tap between `input` and `label`.
    pub(crate) fn tensor_of(&self, place: usize, logits: &Tensor<2>, kept: &Kept) -> Tensor<2> {
        if place == self.network.out_place() {
            return self.network.output.apply(logits.clone().inner());
        }
        let found = kept.iter().find(|(kept, _)| *kept == place);
        found.expect("the forward pass keeps what was asked for").1.clone().inner()
    }

    /// The order of epoch `epoch`, as positions in the training split.
    pub(crate) fn order(&self, epoch: u64) -> Vec<u32> {
        order::samples(self.config.train.order, &self.train_labels, self.seed, epoch)
    }

    /// The batch of these positions in the training split.
    pub(crate) fn gather(&self, samples: &[u32]) -> Batch {
        let rows: Vec<u32> = samples.iter().map(|&sample| self.split.train[sample as usize]).collect();
        Batch { labels: self.data.labels(&rows), inputs: self.data.inputs(&rows) }
    }

    /// The forward pass of a batch.
    pub(crate) fn forward(&self, inputs: Vec<f32>, labels: &[u32], places: &[usize]) -> Forward {
        let one_hot = matrix(one_hot(labels, self.data.classes), self.data.classes);
        let tracked = self.network.tracked();
        let (logits, kept) = tracked.logits(matrix(inputs, self.data.features), places);
        Forward { one_hot, tracked, logits, kept }
    }

    /// The backward pass and the optimiser's step; gives the loss.
    pub(crate) fn learn(&mut self, forward: Forward, lr: f64) -> f64 {
        let Forward { one_hot, tracked, logits, .. } = forward;
        let loss = loss(self.config.train.loss, self.network.output, logits, one_hot);
        let value = f64::from(loss.clone().inner().into_scalar::<f32>());
        let gradients = gradients(&loss, &tracked);
        drop(tracked);
        self.update.step(lr, &mut self.network.layers, gradients);
        self.step += 1;
        value
    }
}

/// The gradient of `loss` in every layer's weight and bias.
pub(crate) fn gradients(loss: &Tensor<1>, tracked: &Network) -> Vec<(Tensor<2>, Tensor<1>)> {
    let mut gradients = loss.backward();
    let all = "every parameter takes part in the loss";
    let of = |layer: &crate::network::Layer| {
        (layer.weight.grad_remove(&mut gradients).expect(all), layer.bias.grad_remove(&mut gradients).expect(all))
    };
    tracked.layers.iter().map(of).collect()
}

/// Digests of settings, seed and data.
fn identity(config: &NetsConfig, data: &Dataset, seed: u64) -> Vec<(&'static str, String)> {
    let digest = |text: String| hex(&Sha256::digest(text));
    vec![
        ("seed", seed.to_string()),
        ("[data]", digest(format!("{:?}", config.data))),
        ("[model]", digest(format!("{:?}", config.model))),
        ("[train]", digest(format!("{:?}", config.train))),
        ("data", data.digest()),
    ]
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).expect("four bits are a hexadecimal digit");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
