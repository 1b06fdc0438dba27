//! Built-in networks, data sets and training for infoplane
