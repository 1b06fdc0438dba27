//! Figures of the information plane: rows to scene to SVG, without I/O, threads or clocks.
//!
//! A figure is a pure function of tidy rows. It chooses what to draw (by [`Options`], else by defaults read
//! from the rows), lays a scene of few marks out, and gives three things: an SVG with inline attributes only, a
//! sentence that says what is to be seen, and the table of the numbers drawn. The same code runs in the program,
//! in a page and in a notebook.
//!
//! ```
//! use infoplane_figures::{Data, Options, figure};
//! use infoplane_record::Row;
//!
//! let row = |measure: &str, epoch: f64, value: f64| Row {
//!     run: Some("ib/seed-0".into()),
//!     layer: Some("fc1".into()),
//!     measure: measure.into(),
//!     estimator: "bins:cells=30".into(),
//!     epoch: Some(epoch),
//!     value,
//!     unit: "bits".into(),
//!     n: 4096,
//!     ..Row::default()
//! };
//! let rows = [row("i_xt", 0.0, 9.0), row("i_ty", 0.0, 0.2), row("i_xt", 9.0, 8.0), row("i_ty", 9.0, 0.9)];
//! let data = Data { rows: &rows, ..Data::default() };
//! let drawing = (figure("plane")?.draw)(&data, &Options::default())?;
//! assert!(drawing.svg().starts_with("<svg"));
//! assert_eq!(drawing.table()[0][0], "run");
//! # Ok::<(), infoplane_figures::FigureError>(())
//! ```

mod choose;
mod colour;
mod curves;
mod data;
mod drawing;
mod error;
mod figures;
mod grid;
mod labels;
#[cfg(test)]
mod laws;
mod matrix;
mod panel;
#[cfg(test)]
mod pictures;
mod rank;
mod scale;
mod scene;
mod series;
mod sheet;
mod symbol;
#[cfg(test)]
mod synthetic;
mod tabulate;
mod text;
mod trajectory;

pub use data::{Data, Options, UnitMatrix, network_of, networks};
pub use drawing::Drawing;
pub use error::{CODES, FigureError, Result};
pub use figures::{FIGURES, Figure, figure};
