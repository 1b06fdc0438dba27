//! What a network did, as named arrays at steps: frames, rows, and the run directory.

mod frame;
mod row;

pub use frame::{Frame, Metrics, Pass, Sink, SinkError};
pub use row::Row;
