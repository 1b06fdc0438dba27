"""Writes numpy.npz: every array type that is read, as numpy itself saves it. Made with numpy 2.4.6."""

from pathlib import Path

import numpy as np

KINDS = ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
arrays = {kind: np.arange(6, dtype=kind).reshape(2, 3) for kind in KINDS}
arrays["b1"] = np.array([True, False, True])
arrays["scalar"] = np.array(2.5)
arrays["empty"] = np.zeros((0, 4), "f4")
arrays["te/probe/by-class/0/fc1/fc2/value"] = np.array([[0.1, 1e-300], [-0.0, np.inf]])
np.savez_compressed(Path(__file__).with_name("numpy.npz"), **arrays)
np.savez(Path(__file__).with_name("refused.npz"), fortran=np.asfortranarray(np.eye(2)))
