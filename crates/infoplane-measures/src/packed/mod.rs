//! Bit-packed series and the joint counts of all unit pairs.
