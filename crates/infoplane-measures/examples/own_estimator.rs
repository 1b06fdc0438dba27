//! An estimator of one's own: one file with the formula and an entry, and one line in the registry.
//!
//! ```text
//! H(X) = −mean_i ln[ n(cell of x_i) / (N w^d) ]
//! ```
//! n: rows in the cell, of width w in each of the d columns of X, `[N, d]`. Unit: nats. It fails as counts fail: by bias
//! where cells hold few rows, and by the choice of w.
//!
//! Reference: D. W. Scott, Multivariate Density Estimation, doi:10.1002/9781118575574.

use std::collections::HashMap;

use infoplane_measures::{
    Embedded, Embedding, Entropy, Error, Estimate, Laws, Method, Null, Registered, Result, Samples, Takes, cmi, entropy,
};
use infoplane_spec::{Entry, Parameter, below, stream};

/// What users, documents and the tests of the laws read. In the library it is listed in `ESTIMATORS`.
pub const ENTRY: Registered = Registered {
    entry: Entry {
        name: "grid",
        summary: "density in cells of one width",
        citation: "Scott 1992, doi:10.1002/9781118575574",
        parameters: &[Parameter { key: "width", default: Some("0.5"), summary: "width of a cell, above 0" }],
        build: |arguments| {
            let width =
                arguments.check("width", "a number above 0", |width: &f64| width.is_finite() && *width > 0.0)?;
            Ok(Method::Entropy(Box::new(Grid { width })))
        },
    },
    takes: Takes::Real,
    scaled: true,
    validity: "one or two columns, and rows many times the occupied cells",
    laws: Laws {
        independence: None,
        gaussian: None,
        xor: None,
        duplicates: true,
        why: "its bias grows with the occupied cells and is not inside the noise",
        ..Laws::SHANNON
    },
};

/// Density in cells.
pub struct Grid {
    /// Width of a cell, above 0.
    pub width: f64,
}

/// One of the two traits, never both. Information, transfer entropy, nulls and the rest follow.
impl Entropy for Grid {
    fn entropy(&self, x: &Samples) -> Result<Estimate> {
        let (n, columns) = (x.rows(), x.as_real("x")?);
        match (columns.is_empty(), n) {
            (true, _) => return Err(Error::NoColumns { argument: "x" }),
            (_, 0) => return Err(Error::TooShort { argument: "x", got: 0, wanted: 1 }),
            _ => {}
        }
        let cells: Vec<Vec<i64>> = (0..n).map(|row| self.cell(&columns, row)).collect();
        let mut counts = HashMap::<&[i64], f64>::new();
        for cell in &cells {
            *counts.entry(cell).or_default() += 1.0;
        }
        let rows_by_volume = n as f64 * self.width.powf(columns.len() as f64);
        let local: Vec<f64> = cells.iter().map(|cell| (rows_by_volume / counts[cell.as_slice()]).ln()).collect();
        Ok(Estimate { nats: local.iter().sum::<f64>() / n as f64, n, local: Some(local), ..Estimate::default() })
    }
}

impl Grid {
    fn cell(&self, columns: &[Vec<f64>], row: usize) -> Vec<i64> {
        columns.iter().map(|column| (column[row] / self.width).floor() as i64).collect()
    }
}

fn main() -> Result<()> {
    let chosen = (ENTRY.entry.build)(&ENTRY.entry.arguments(&"grid:0.25".parse()?)?)?;
    let mut rng = stream(1, "example", 0);
    let mut uniform = || f64::from(below(&mut rng, u32::MAX)) / f64::from(u32::MAX);

    // the entropy of a uniform variable is the logarithm of its range
    let values: Vec<f64> = (0..4000).map(|_| 8.0 * uniform()).collect();
    let x = Samples::real(&values, 1)?;
    let h = chosen.entropy().map(|grid| entropy(grid, &x)).transpose()?.map_or(f64::NAN, |h| h.nats);
    assert!((h - 8.0_f64.ln()).abs() < 0.01, "{h}");

    // y follows x one step later: the value, and what shifted sources would show
    let follower: Vec<f64> = (0..4000_usize).map(|t| values[t.saturating_sub(1)] + uniform()).collect();
    let y = Samples::real(&follower, 1)?;
    let embedded = Embedded::te(&x, &y, &[], &Embedding::default())?;
    let te = embedded.estimate(chosen.information())?;
    let null = embedded.null(chosen.information(), &Null::Shift, 19, 1, 1)?;
    println!("H {h:.3}, TE {:.3}, shifted {:.3} nats, p = {}", te.nats, null.mean(), null.p(te.nats));
    assert!(null.p(te.nats) <= 0.05);

    // whatever holds for entropies holds for information
    let there = cmi(chosen.information(), &embedded.x, &embedded.y, &embedded.z)?;
    let back = cmi(chosen.information(), &embedded.y, &embedded.x, &embedded.z)?;
    assert!((there.nats - back.nats).abs() < 1e-9);
    Ok(())
}
