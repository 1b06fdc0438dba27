//! What every registered estimator must obey: exactly, or within its entry's tolerance over seeds ([`Laws`]).
//!
//! [`Laws`]: infoplane_measures::Laws

mod cases;
mod data;
mod exact;
#[path = "../noise/mod.rs"]
mod noise;
mod over_seeds;
