//! Handwritten digits: 1,797 images of 8 × 8 pixels with 17 grey levels, ten classes.
//!
//! Alpaydin & Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
//! doi:10.24432/C50P49, CC BY 4.0. `data/DIGITS.md` beside the embedded file says what was taken.

use infoplane_spec::Entry;

use super::{DataSource, Raw, unzipped};
use crate::{Error, Result};

const CITATION: &str = "Alpaydin & Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning \
                        Repository, doi:10.24432/C50P49, CC BY 4.0";

pub(super) const ENTRY: Entry<Box<dyn DataSource>> = Entry {
    name: "digits",
    summary: "1,797 handwritten digits, 8 × 8 pixels, 10 classes (UCI)",
    citation: CITATION,
    parameters: &[],
    build: |_| Ok(Box::new(Digits)),
};

/// Per line 64 grey levels from 0 to 16, then the digit.
static TABLE: &[u8] = include_bytes!("../../data/digits.csv.gz");

struct Digits;

impl DataSource for Digits {
    fn rows(&self, name: String) -> Result<Raw> {
        let damaged = |why: String| Error::Read { path: "digits".to_owned(), why };
        let table = unzipped(TABLE).map_err(|error| damaged(error.to_string()))?;
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for line in table.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            let cells: Option<Vec<u8>> = line.split(|&byte| byte == b',').map(number).collect();
            let cells = cells.filter(|cells| cells.len() == 65).ok_or_else(|| damaged("a damaged line".to_owned()))?;
            x.extend(cells[..64].iter().map(|&level| f32::from(level)));
            y.push(cells[64].into());
        }
        Ok(Raw { name, x, features: 64, columns: None, y, largest: Some(16.0), citation: CITATION })
    }
}

fn number(cell: &[u8]) -> Option<u8> {
    std::str::from_utf8(cell).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let raw = Digits.rows("digits".to_owned()).unwrap();
        assert_eq!((raw.y.len(), raw.x.len()), (1797, 1797 * 64));
        assert!(raw.x.iter().all(|level| (0.0..=16.0).contains(level)));
        // Counts of the classes as the repository states them for this part of the data.
        let counts: Vec<usize> = (0..10).map(|digit| raw.y.iter().filter(|&&label| label == digit).count()).collect();
        assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    }
}
