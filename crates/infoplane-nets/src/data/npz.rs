//! NPZ files of numpy with the arrays `x` \[rows, …\] and `y` \[rows\].

use super::{Format, Raw, has_extension};
use crate::{DataConfig, Error, Result};

pub(super) const FORMAT: Format =
    Format { name: "NPZ", summary: "NPZ (`.npz` with x and y)", is: |source| has_extension(source, "npz"), read };

fn read(config: &DataConfig) -> Result<Raw> {
    Err(Error::Format { path: config.source.clone(), format: "NPZ", found: "not readable yet".to_owned() })
}
