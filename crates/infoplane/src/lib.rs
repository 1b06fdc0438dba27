//! Information planes of neural networks: plan to rows, with nulls, verdicts and figures
