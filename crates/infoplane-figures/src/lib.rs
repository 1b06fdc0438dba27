//! Figures of the information plane: rows to scene to SVG, without I/O
