//! IDX files, the format of the MNIST family, plain or gzip.
//!
//! Two zero bytes, the type (8: unsigned bytes), the number of dimensions, each dimension as a big-endian u32, then
//! the values. Images have at least two dimensions, labels one (`LeCun`, Cortes & Burges, THE MNIST DATABASE).

use std::path::Path;

use super::{Format, Raw, read_bytes};
use crate::{DataConfig, Error, Result};

pub(super) const FORMAT: Format =
    Format { name: "IDX", summary: "IDX (`…-idx3-ubyte`, plain or .gz)", is: is_idx, read };

struct Idx {
    shape: Vec<usize>,
    values: Vec<u8>,
}

fn is_idx(source: &str) -> bool {
    let name = Path::new(source).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.contains("-idx") || name.contains(".idx")
}

fn read(config: &DataConfig) -> Result<Raw> {
    let images = idx(&config.source, 2..=8)?;
    let labels_path = match &config.labels {
        Some(path) => path.clone(),
        None => labels_beside(&config.source)?,
    };
    let labels = idx(&labels_path, 1..=1)?;
    let rows = images.shape[0];
    if labels.values.len() != rows {
        return Err(Error::LabelCount { path: labels_path, labels: labels.values.len(), rows });
    }
    Ok(Raw {
        name: config.source.clone(),
        x: images.values.iter().map(|&byte| byte.into()).collect(),
        features: images.shape[1..].iter().product(),
        columns: None,
        y: labels.values.iter().map(|&byte| byte.into()).collect(),
        largest: Some(255.0),
        citation: "",
    })
}

/// Tries the usual names of the file of labels.
fn labels_beside(images: &str) -> Result<String> {
    let path = Path::new(images);
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    let stem = plain.replace("images", "labels").replace("idx3", "idx1");
    let tried = [stem.clone(), format!("{stem}.gz"), stem.replace("-idx", ".idx"), stem.replace(".idx", "-idx")];
    let found = tried.iter().filter(|tried| *tried != plain).map(|tried| path.with_file_name(tried));
    match found.into_iter().find(|path| path.is_file()) {
        Some(path) => Ok(path.to_string_lossy().into_owned()),
        None => Err(Error::LabelsNotFound { path: images.to_owned(), tried: tried[..2].join(", ") }),
    }
}

fn idx(path: &str, dimensions: std::ops::RangeInclusive<usize>) -> Result<Idx> {
    let bytes = read_bytes(path)?;
    let refuse = |found: String| Error::Format { path: path.to_owned(), format: "IDX", found };
    let Some(([zero, one, kind, dims], rest)) = bytes.split_first_chunk::<4>() else {
        return Err(refuse(format!("it holds {} bytes, fewer than the 4 of the magic number", bytes.len())));
    };
    if (*zero, *one, *kind) != (0, 0, 8) || !dimensions.contains(&usize::from(*dims)) {
        let (low, high) = (dimensions.start(), dimensions.end());
        let magic = format!("{zero:02x}{one:02x}{kind:02x}{dims:02x}");
        return Err(refuse(format!("its magic number is 0x{magic}, not 0x000008 and {low} to {high} dimensions")));
    }
    let size =
        |expected, found| Error::Size { path: path.to_owned(), header: 4 + 4 * usize::from(*dims), expected, found };
    let Some((head, values)) = rest.split_at_checked(4 * usize::from(*dims)) else {
        return Err(refuse("its header is cut off".to_owned()));
    };
    let shape: Vec<usize> =
        head.chunks_exact(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize).collect();
    let expected = shape.iter().fold(1_u64, |product, &size| product.saturating_mul(size as u64));
    match values.len() as u64 == expected {
        true => Ok(Idx { shape, values: values.to_vec() }),
        false => Err(size(expected, values.len() as u64)),
    }
}
