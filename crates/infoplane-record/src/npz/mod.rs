//! `.npz` files: zip archives of named arrays, as numpy reads and writes them.
//!
//! Written are C-ordered little-endian arrays, stored as they are, with a fixed date: equal arrays give equal
//! bytes on every machine. Read are the types of [`Array`], stored or deflated. Nothing a file claims is believed: a
//! shape must fit the bytes that are there, memory grows with what was unpacked, and a file that would unpack to more
//! than 4 GiB, or beyond 256 MiB to more than 200 times its size, is refused.
//!
//! ```
//! use infoplane_record::npz::{self, NpyArray};
//!
//! let rates = NpyArray::f64(vec![2, 2], vec![0.5, 0.25, 0.125, 0.0])?;
//! let bytes = npz::write_bytes(&[("rate/fc1".into(), rates.clone())])?;
//! assert_eq!(npz::read_bytes(&bytes)?, [("rate/fc1".to_string(), rates)]);
//! # Ok::<(), infoplane_record::RecordError>(())
//! ```

mod archive;
mod array;
mod npy;

pub(crate) use archive::read_each;
pub use archive::{read, read_bytes, write_bytes};
pub use array::{Array, NpyArray};
pub use npy::{read_npy, read_npy_bytes};
