//! An array: numbers of one type, and a shape.

use crate::{RecordError, Result};

/// Numbers of one of the types that are read and written.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Array {
    F32(Vec<f32>),
    F64(Vec<f64>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    U8(Vec<u8>),
    U16(Vec<u16>),
    U32(Vec<u32>),
    U64(Vec<u64>),
    Bool(Vec<bool>),
}

/// Numbers in C order with their shape; the product of the shape is their number.
#[derive(Debug, Clone, PartialEq)]
pub struct NpyArray {
    /// Length of each axis, the slowest first; empty for a single number.
    pub shape: Vec<usize>,
    /// The numbers.
    pub data: Array,
}

impl Array {
    /// How many numbers.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(v) => v.len(),
            Self::F64(v) => v.len(),
            Self::I8(v) => v.len(),
            Self::I16(v) => v.len(),
            Self::I32(v) => v.len(),
            Self::I64(v) => v.len(),
            Self::U8(v) => v.len(),
            Self::U16(v) => v.len(),
            Self::U32(v) => v.len(),
            Self::U64(v) => v.len(),
            Self::Bool(v) => v.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl NpyArray {
    /// An array of any type.
    ///
    /// # Errors
    /// [`RecordError::Npz`] if the shape does not hold as many numbers as there are.
    pub fn new(shape: Vec<usize>, data: Array) -> Result<Self> {
        let array = Self { shape, data };
        array.check("")?;
        Ok(array)
    }

    /// An array of f64.
    ///
    /// # Errors
    /// As [`NpyArray::new`].
    pub fn f64(shape: Vec<usize>, data: Vec<f64>) -> Result<Self> {
        Self::new(shape, Array::F64(data))
    }

    /// An array of i64.
    ///
    /// # Errors
    /// As [`NpyArray::new`].
    pub fn i64(shape: Vec<usize>, data: Vec<i64>) -> Result<Self> {
        Self::new(shape, Array::I64(data))
    }

    /// An array of u8.
    ///
    /// # Errors
    /// As [`NpyArray::new`].
    pub fn u8(shape: Vec<usize>, data: Vec<u8>) -> Result<Self> {
        Self::new(shape, Array::U8(data))
    }

    /// The numbers as f32, rounded where they must be.
    pub fn to_f32(&self) -> Vec<f32> {
        match &self.data {
            Array::F32(v) => v.clone(),
            _ => self.to_f64().into_iter().map(|value| value as f32).collect(),
        }
    }

    /// The numbers as f64; whole numbers beyond 2⁵³ are rounded.
    pub fn to_f64(&self) -> Vec<f64> {
        match &self.data {
            Array::F32(v) => v.iter().map(|x| f64::from(*x)).collect(),
            Array::F64(v) => v.clone(),
            Array::I8(v) => v.iter().map(|x| f64::from(*x)).collect(),
            Array::I16(v) => v.iter().map(|x| f64::from(*x)).collect(),
            Array::I32(v) => v.iter().map(|x| f64::from(*x)).collect(),
            Array::I64(v) => v.iter().map(|x| *x as f64).collect(),
            Array::U8(v) => v.iter().map(|x| f64::from(*x)).collect(),
            Array::U16(v) => v.iter().map(|x| f64::from(*x)).collect(),
            Array::U32(v) => v.iter().map(|x| f64::from(*x)).collect(),
            Array::U64(v) => v.iter().map(|x| *x as f64).collect(),
            Array::Bool(v) => v.iter().map(|x| f64::from(*x)).collect(),
        }
    }

    /// The numbers as i64, if each is a whole number in range.
    pub fn to_i64(&self) -> Option<Vec<i64>> {
        match &self.data {
            Array::F32(v) => v.iter().map(|x| whole(f64::from(*x))).collect(),
            Array::F64(v) => v.iter().map(|x| whole(*x)).collect(),
            Array::I8(v) => Some(v.iter().map(|x| i64::from(*x)).collect()),
            Array::I16(v) => Some(v.iter().map(|x| i64::from(*x)).collect()),
            Array::I32(v) => Some(v.iter().map(|x| i64::from(*x)).collect()),
            Array::I64(v) => Some(v.clone()),
            Array::U8(v) => Some(v.iter().map(|x| i64::from(*x)).collect()),
            Array::U16(v) => Some(v.iter().map(|x| i64::from(*x)).collect()),
            Array::U32(v) => Some(v.iter().map(|x| i64::from(*x)).collect()),
            Array::U64(v) => v.iter().map(|x| i64::try_from(*x).ok()).collect(),
            Array::Bool(v) => Some(v.iter().map(|x| i64::from(*x)).collect()),
        }
    }

    /// Makes sure that the shape holds what there is.
    pub(crate) fn check(&self, name: &str) -> Result<()> {
        match product(&self.shape) == Some(self.data.len()) {
            true => Ok(()),
            false => Err(RecordError::Npz {
                path: None,
                array: name.to_owned(),
                why: format!("the shape {:?} does not hold {} numbers", self.shape, self.data.len()),
            }),
        }
    }
}

/// A whole number strictly inside ±2⁶³, where f64 and i64 agree.
fn whole(x: f64) -> Option<i64> {
    (x.fract() == 0.0 && x.abs() < 9.2e18).then_some(x as i64)
}

/// The number of elements of a shape, unless it or one of its slices overflows.
pub(crate) fn product(shape: &[usize]) -> Option<usize> {
    let slice = shape.iter().try_fold(1usize, |product, length| product.checked_mul(*length.max(&1)))?;
    Some(if shape.contains(&0) { 0 } else { slice })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_must_hold_its_numbers() {
        assert!(NpyArray::u8(vec![2, 3], vec![0; 6]).is_ok());
        assert!(NpyArray::u8(vec![], vec![7]).is_ok());
        assert!(NpyArray::u8(vec![0, 5], vec![]).is_ok());
        assert!(NpyArray::u8(vec![2, 3], vec![0; 5]).is_err());
        assert!(NpyArray::u8(vec![usize::MAX, 2], vec![]).is_err());
    }

    #[test]
    fn whole_numbers_only_become_i64() {
        let array = |data| NpyArray { shape: vec![1], data };
        assert_eq!(array(Array::F32(vec![3.0])).to_i64(), Some(vec![3]));
        assert_eq!(array(Array::F64(vec![0.5])).to_i64(), None);
        assert_eq!(array(Array::F64(vec![f64::NAN])).to_i64(), None);
        assert_eq!(array(Array::F64(vec![1e19])).to_i64(), None);
        assert_eq!(array(Array::U64(vec![u64::MAX])).to_i64(), None);
        assert_eq!(array(Array::Bool(vec![true])).to_f32(), [1.0]);
    }
}
