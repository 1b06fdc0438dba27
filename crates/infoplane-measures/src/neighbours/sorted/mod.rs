//! The engine for few columns: x and y one column each, z one or none, sorted once.

mod axis;

pub(crate) use axis::Axis;
