//! Built-in networks, data sets and training for infoplane, on the deep-learning crate burn (CPU backend "flex").
//!
//! A configuration ([`NetsConfig`]) names data, network and training; [`Dataset::load`] reads the data,
//! [`Training`] trains and gives every tap's activations to a sink. Nothing of burn shows in this interface.
//!
//! Every random number (initial weights, split, order of the samples) comes from a stream named by the seed and its
//! purpose, and burn runs on one thread per training: any number of trainings may run at once, and none changes
//! another's bits.
//!
//! ```
//! use std::sync::{Arc, atomic::AtomicBool};
//! use infoplane_nets::{Dataset, NetsConfig, Observation, Silent, Training};
//!
//! let config: NetsConfig = toml::from_str(
//!     r#"
//!     [data]
//!     source = "digits"
//!     [model]
//!     layers = [64, 10]
//!     [train]
//!     lr = 0.01
//!     epochs = 2
//!     "#,
//! )?;
//! let data = Arc::new(Dataset::load(&config.data)?);
//! let mut training = Training::start(&config, data, 0)?;
//! training.run(&Observation::default(), &mut Silent, &AtomicBool::new(false), &mut |_| {})?;
//! assert!(training.evaluate_train().accuracy > 0.5);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoint;
mod config;
mod data;
mod error;
mod evaluate;
mod init;
mod loss;
mod network;
mod optimizer;
mod order;
mod run;
mod split;
mod taps;
mod training;

pub use config::{
    Activation, DataConfig, Decay, Init, Loss, ModelConfig, NetsConfig, Optimizer, Order, Output, Scale, TrainConfig,
};
pub use data::{DATA_SETS, DataSource, Dataset, FORMATS, Format};
pub use error::{CODES, Error, Result};
pub use evaluate::Evaluation;
pub use run::{End, Observation, Outcome, Progress, Silent, Times};
pub use split::Split;
pub use taps::{TapInfo, taps_of};
pub use training::Training;
