//! One array in numpy's `.npy` format.
//!
//! ```text
//! 6 bytes  \x93NUMPY      2 bytes  version 1.0, 2.0 or 3.0
//! 2 bytes (version 1) or 4 bytes   length of the header, little-endian
//! header   {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }  padded with spaces, ended by a newline
//! data     product(shape) numbers in C order
//! ```
//!
//! Reference: numpy.lib.format, the .npy format, NEP 1.

use std::io::Read;
use std::path::Path;

use super::array::{Array, NpyArray, product};
use crate::{RecordError, Result};

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// Longest header that is read; numpy itself trusts no more than this.
const MOST_HEADER: usize = 10_000;

/// Reads a `.npy` file.
///
/// # Errors
/// [`RecordError::Io`], [`RecordError::Npz`] or [`RecordError::NpzForm`].
pub fn read_npy(path: &Path) -> Result<NpyArray> {
    let bytes = std::fs::read(path).map_err(RecordError::io("read", path))?;
    read_npy_bytes(&bytes).map_err(|error| error.at(path))
}

/// Reads the bytes of a `.npy` file.
///
/// # Errors
/// [`RecordError::Npz`] or [`RecordError::NpzForm`].
pub fn read_npy_bytes(bytes: &[u8]) -> Result<NpyArray> {
    decode(bytes, bytes.len() as u64, "")
}

/// Reads one array of `claimed` bytes from a reader that may hold fewer or more.
pub(super) fn decode(mut reader: impl Read, claimed: u64, name: &str) -> Result<NpyArray> {
    let bad = |why: String| RecordError::Npz { path: None, array: name.to_owned(), why };
    let (header, header_bytes) = Header::read(&mut reader).map_err(|problem| problem.named(name))?;
    let numbers = product(&header.shape).and_then(|n| n.checked_mul(header.kind.size()));
    let bytes = numbers.ok_or_else(|| bad(format!("the shape {:?} overflows", header.shape)))?;
    if bytes as u64 != claimed.saturating_sub(header_bytes as u64) {
        return Err(bad(format!(
            "the shape {:?} of `{}` wants {bytes} bytes, there are {}",
            header.shape,
            header.kind.descr(),
            claimed.saturating_sub(header_bytes as u64)
        )));
    }
    // Grows with what is really there, whatever the header claims.
    let mut data = Vec::new();
    reader.take(bytes as u64 + 1).read_to_end(&mut data).map_err(|error| bad(error.to_string()))?;
    match data.len() == bytes {
        true => Ok(NpyArray { shape: header.shape, data: header.kind.decode(data) }),
        false => Err(bad(format!("it ends after {} of {bytes} bytes", data.len().min(bytes)))),
    }
}

/// The bytes of a `.npy` file of version 1.0.
pub(super) fn encode(array: &NpyArray) -> Vec<u8> {
    let lengths: Vec<String> = array.shape.iter().map(usize::to_string).collect();
    // Python's tuple of one has a comma.
    let tuple = if lengths.len() == 1 { format!("{},", lengths[0]) } else { lengths.join(", ") };
    let descr = Kind::of(&array.data).descr();
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({tuple}), }}");
    let unpadded = MAGIC.len() + 4 + header.len() + 1;
    header.push_str(&" ".repeat(unpadded.next_multiple_of(64) - unpadded));
    header.push('\n');
    let mut bytes = Vec::new();
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[1, 0]);
    bytes.extend_from_slice(&(header.len() as u16).to_le_bytes());
    bytes.extend_from_slice(header.as_bytes());
    extend_with(&mut bytes, &array.data);
    bytes
}

fn extend_with(bytes: &mut Vec<u8>, data: &Array) {
    match data {
        Array::F32(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::F64(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::I8(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::I16(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::I32(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::I64(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::U8(v) => bytes.extend_from_slice(v),
        Array::U16(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::U32(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::U64(v) => bytes.extend(v.iter().flat_map(|x| x.to_le_bytes())),
        Array::Bool(v) => bytes.extend(v.iter().map(|x| u8::from(*x))),
    }
}

/// The types that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    Bool,
}

/// Each type with numpy's name for it and its size in bytes.
const KINDS: [(Kind, &str, usize); 11] = [
    (Kind::F32, "<f4", 4),
    (Kind::F64, "<f8", 8),
    (Kind::I8, "|i1", 1),
    (Kind::I16, "<i2", 2),
    (Kind::I32, "<i4", 4),
    (Kind::I64, "<i8", 8),
    (Kind::U8, "|u1", 1),
    (Kind::U16, "<u2", 2),
    (Kind::U32, "<u4", 4),
    (Kind::U64, "<u8", 8),
    (Kind::Bool, "|b1", 1),
];

impl Kind {
    fn of(data: &Array) -> Self {
        match data {
            Array::F32(_) => Self::F32,
            Array::F64(_) => Self::F64,
            Array::I8(_) => Self::I8,
            Array::I16(_) => Self::I16,
            Array::I32(_) => Self::I32,
            Array::I64(_) => Self::I64,
            Array::U8(_) => Self::U8,
            Array::U16(_) => Self::U16,
            Array::U32(_) => Self::U32,
            Array::U64(_) => Self::U64,
            Array::Bool(_) => Self::Bool,
        }
    }

    fn descr(self) -> &'static str {
        KINDS[self as usize].1
    }

    fn size(self) -> usize {
        KINDS[self as usize].2
    }

    /// Whole numbers of bytes only: the caller has checked the length.
    fn decode(self, bytes: Vec<u8>) -> Array {
        match self {
            Self::F32 => Array::F32(numbers(&bytes, f32::from_le_bytes)),
            Self::F64 => Array::F64(numbers(&bytes, f64::from_le_bytes)),
            Self::I8 => Array::I8(numbers(&bytes, i8::from_le_bytes)),
            Self::I16 => Array::I16(numbers(&bytes, i16::from_le_bytes)),
            Self::I32 => Array::I32(numbers(&bytes, i32::from_le_bytes)),
            Self::I64 => Array::I64(numbers(&bytes, i64::from_le_bytes)),
            Self::U8 => Array::U8(bytes),
            Self::U16 => Array::U16(numbers(&bytes, u16::from_le_bytes)),
            Self::U32 => Array::U32(numbers(&bytes, u32::from_le_bytes)),
            Self::U64 => Array::U64(numbers(&bytes, u64::from_le_bytes)),
            Self::Bool => Array::Bool(bytes.iter().map(|byte| *byte != 0).collect()),
        }
    }
}

fn numbers<const N: usize, T>(bytes: &[u8], from: fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|chunk| from(*chunk)).collect()
}

/// What stands before the numbers.
struct Header {
    kind: Kind,
    shape: Vec<usize>,
}

/// A header that is not read, before the array's name is known.
enum Problem {
    Broken(String),
    Form(String),
}

impl Problem {
    fn named(self, name: &str) -> RecordError {
        let (path, array) = (None, name.to_owned());
        match self {
            Self::Broken(why) => RecordError::Npz { path, array, why },
            Self::Form(found) => RecordError::NpzForm { path, array, found },
        }
    }
}

impl Header {
    /// The header and how many bytes it took.
    fn read(reader: &mut impl Read) -> std::result::Result<(Self, usize), Problem> {
        let mut start = [0u8; 8];
        fill(reader, &mut start)?;
        if &start[..6] != MAGIC {
            return Err(Problem::Broken("it does not begin as a .npy file".into()));
        }
        let (length, start_bytes) = match start[6] {
            1 => {
                let mut length = [0u8; 2];
                fill(reader, &mut length)?;
                (usize::from(u16::from_le_bytes(length)), 10)
            }
            2 | 3 => {
                let mut length = [0u8; 4];
                fill(reader, &mut length)?;
                (u32::from_le_bytes(length) as usize, 12)
            }
            other => return Err(Problem::Form(format!(".npy version {other}"))),
        };
        if length > MOST_HEADER {
            return Err(Problem::Broken(format!("its header claims {length} bytes, at most {MOST_HEADER} are read")));
        }
        let mut text = vec![0u8; length];
        fill(reader, &mut text)?;
        let text = std::str::from_utf8(&text).map_err(|_| Problem::Broken("its header is no text".into()))?;
        Ok((Self::parse(text)?, start_bytes + length))
    }

    fn parse(text: &str) -> std::result::Result<Self, Problem> {
        let missing = |key: &str| Problem::Broken(format!("its header has no readable `{key}`"));
        let shape = after(text, "shape").and_then(tuple).ok_or_else(|| missing("shape"))?;
        let fortran = match after(text, "fortran_order").ok_or_else(|| missing("fortran_order"))? {
            rest if rest.starts_with("True") => true,
            rest if rest.starts_with("False") => false,
            _ => return Err(missing("fortran_order")),
        };
        let descr = after(text, "descr").ok_or_else(|| missing("descr"))?;
        let Some(descr) = quoted(descr) else { return Err(Problem::Form("a structured data type".into())) };
        let known = KINDS.iter().find(|(_, name, size)| *name == descr || (*size == 1 && name[1..] == descr[1..]));
        let kind = known.map(|(kind, ..)| *kind).ok_or_else(|| Problem::Form(format!("the data type `{descr}`")))?;
        // With at most one axis longer than 1 both orders are the same.
        match fortran && shape.iter().filter(|length| **length > 1).count() > 1 {
            true => Err(Problem::Form("Fortran order".into())),
            false => Ok(Self { kind, shape }),
        }
    }
}

fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> std::result::Result<(), Problem> {
    reader.read_exact(buffer).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => Problem::Broken("its header is cut short".into()),
        _ => Problem::Broken(error.to_string()),
    })
}

/// What follows `'key':` in a Python dictionary.
fn after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let found = ['\'', '"'].iter().find_map(|quote| text.split_once(&format!("{quote}{key}{quote}")));
    Some(found?.1.trim_start().strip_prefix(':')?.trim_start())
}

/// The text in quotes at the start: a type has at least two characters, all ASCII.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| *c == '\'' || *c == '"')?;
    let (inside, _) = text[1..].split_once(quote)?;
    Some(inside).filter(|inside| inside.len() >= 2 && inside.is_ascii())
}

/// `()`, `(3,)`, `(3, 4)`.
fn tuple(text: &str) -> Option<Vec<usize>> {
    let (inside, _) = text.strip_prefix('(')?.split_once(')')?;
    let lengths = inside.split(',').map(str::trim);
    // Python 2 wrote `3L`.
    let number = |length: &str| length.trim_end_matches('L').parse().ok();
    let shape: Option<Vec<usize>> = lengths.filter(|length| !length.is_empty()).map(number).collect();
    shape.filter(|shape| shape.len() <= 32)
}

impl RecordError {
    /// Adds the file an array was read from.
    pub(super) fn at(mut self, file: &Path) -> Self {
        if let Self::Npz { path, .. } | Self::NpzForm { path, .. } = &mut self {
            *path = Some(file.to_owned());
        }
        self
    }
}
