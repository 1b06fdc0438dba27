//! The state that training can go on from: counters, weights and the optimiser's state, to the bit.
//!
//! Layout, little-endian: `infoplane-training` and a format number; then fields, each a name, a kind and values
//! (`u` one u64; `f` dimensions and f32 values; `t` text); at the end the SHA-256 of all before it. Everything else
//! that training depends on follows from seed, settings and data, whose digests are among the fields.

use std::collections::BTreeMap;

use burn::optim::StateSource;
use burn::tensor::{Tensor, TensorData};
use sha2::{Digest, Sha256};

use crate::network::{Network, device, floats};
use crate::optimizer::Update;
use crate::{Error, Result};

const MAGIC: &[u8] = b"infoplane-training";
const FORMAT: u64 = 1;

/// A checkpoint's fields by name.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fields {
    counts: BTreeMap<String, u64>,
    texts: BTreeMap<String, String>,
    arrays: BTreeMap<String, (Vec<u64>, Vec<f32>)>,
}

/// Gathers counters, identity, weights and the optimiser's state into bytes.
pub(crate) fn save(
    counts: &[(&str, u64)],
    identity: &[(&'static str, String)],
    network: &Network,
    update: &dyn Update,
) -> Vec<u8> {
    let mut fields = Fields::default();
    fields.counts.extend(counts.iter().map(|(name, count)| ((*name).to_owned(), *count)));
    fields.texts.extend(identity.iter().map(|(name, text)| ((*name).to_owned(), text.clone())));
    for (index, layer) in network.layers.iter().enumerate() {
        fields.array(format!("net/{index}.weight"), &layer.weight.to_data());
        fields.array(format!("net/{index}.bias"), &layer.bias.to_data());
    }
    let state = update.save();
    state.tensors.iter().for_each(|(name, data)| fields.array(format!("opt/{name}"), data));
    for (name, scalar) in state.scalars {
        // Adam's count of steps; burn's two rules have no other scalar.
        let count = u64::try_from(scalar).expect("the optimiser's counters are whole numbers");
        fields.counts.insert(format!("opt/{name}"), count);
    }
    fields.encode()
}

impl Fields {
    fn array(&mut self, name: String, data: &TensorData) {
        let shape = data.shape().iter().map(|&size| size as u64).collect();
        self.arrays.insert(name, (shape, floats(data)));
    }

    /// A counter.
    pub(crate) fn count(&self, name: &str) -> Result<u64> {
        self.counts.get(name).copied().ok_or_else(|| missing(name))
    }

    /// Refuses a checkpoint of another training.
    pub(crate) fn check(&self, identity: &[(&'static str, String)]) -> Result<()> {
        match identity.iter().find(|(name, text)| self.texts.get(*name) != Some(text)) {
            Some((what, _)) => Err(Error::CheckpointDiffers { what }),
            None => Ok(()),
        }
    }

    /// Puts weights and optimiser's state in their places.
    pub(crate) fn restore(mut self, network: &mut Network, update: &mut dyn Update) -> Result<()> {
        for (index, layer) in network.layers.iter_mut().enumerate() {
            layer.weight = self.tensor(&format!("net/{index}.weight"), layer.weight.dims())?;
            layer.bias = self.tensor(&format!("net/{index}.bias"), layer.bias.dims())?;
        }
        let counts = self.counts.iter().filter_map(|(name, &count)| Some((name.strip_prefix("opt/")?, count)));
        let mut source = StateSource::new(counts.map(|(name, count)| (name.to_owned(), count.into())).collect());
        for (name, (shape, values)) in self.arrays {
            if let Some(name) = name.strip_prefix("opt/") {
                let shape: Vec<usize> = shape.iter().map(|&size| size as usize).collect();
                source.insert_tensor(name.to_owned(), TensorData::new(values, shape));
            }
        }
        update.load(&mut source);
        Ok(())
    }

    fn tensor<const D: usize>(&mut self, name: &str, shape: [usize; D]) -> Result<Tensor<D>> {
        let (found, values) = self.arrays.remove(name).ok_or_else(|| missing(name))?;
        match found.iter().eq(shape.map(|size| size as u64).iter()) {
            true => Ok(Tensor::from_data(TensorData::new(values, shape), &device())),
            false => Err(Error::Checkpoint { why: format!("`{name}` has shape {found:?}, not {shape:?}") }),
        }
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        put(&mut bytes, FORMAT);
        put(&mut bytes, (self.counts.len() + self.texts.len() + self.arrays.len()) as u64);
        for (name, count) in &self.counts {
            put_text(&mut bytes, name);
            bytes.push(b'u');
            put(&mut bytes, *count);
        }
        for (name, text) in &self.texts {
            put_text(&mut bytes, name);
            bytes.push(b't');
            put_text(&mut bytes, text);
        }
        for (name, (shape, values)) in &self.arrays {
            put_text(&mut bytes, name);
            bytes.push(b'f');
            put(&mut bytes, shape.len() as u64);
            bytes.extend(shape.iter().flat_map(|size| size.to_le_bytes()));
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        let digest = Sha256::digest(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }

    /// Reads what [`save`] wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        let damaged = || Error::Checkpoint { why: "it is truncated or damaged".to_owned() };
        let (body, digest) = bytes.split_last_chunk::<32>().ok_or_else(damaged)?;
        if Sha256::digest(body)[..] != digest[..] {
            return Err(damaged());
        }
        let mut rest = body.strip_prefix(MAGIC).ok_or_else(damaged)?;
        let format = take(&mut rest).ok_or_else(damaged)?;
        if format != FORMAT {
            return Err(Error::Checkpoint { why: format!("it has format {format}, this program reads {FORMAT}") });
        }
        Self::decode_fields(&mut rest).ok_or_else(damaged)
    }

    fn decode_fields(rest: &mut &[u8]) -> Option<Self> {
        let mut fields = Self::default();
        for _ in 0..take(rest)? {
            let name = take_text(rest)?;
            match take_bytes(rest, 1)? {
                b"u" => drop(fields.counts.insert(name, take(rest)?)),
                b"t" => drop(fields.texts.insert(name, take_text(rest)?)),
                b"f" => drop(fields.arrays.insert(name, take_array(rest)?)),
                _ => return None,
            }
        }
        Some(fields)
    }
}

fn missing(name: &str) -> Error {
    Error::Checkpoint { why: format!("`{name}` is missing") }
}

fn put(bytes: &mut Vec<u8>, number: u64) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

fn take_bytes<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (bytes, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(bytes)
}

fn take(rest: &mut &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(take_bytes(rest, 8)?.try_into().ok()?))
}

fn take_text(rest: &mut &[u8]) -> Option<String> {
    let length = take(rest)?.try_into().ok()?;
    String::from_utf8(take_bytes(rest, length)?.to_vec()).ok()
}

fn take_array(rest: &mut &[u8]) -> Option<(Vec<u64>, Vec<f32>)> {
    let shape: Vec<u64> = (0..take(rest)?).map(|_| take(rest)).collect::<Option<_>>()?;
    let count = shape.iter().try_fold(4_u64, |product, &size| product.checked_mul(size))?;
    let bytes = take_bytes(rest, count.try_into().ok()?)?;
    Some((shape, bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()))
}
