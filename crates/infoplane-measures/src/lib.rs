//! Transfer entropy, mutual information and their nulls: estimation without files, networks or plots
