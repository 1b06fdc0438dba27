//! `.npz`: what numpy wrote is read, what is written comes back, and no file brings the program down.

use std::io::{Cursor, Write};
use std::path::Path;

use infoplane_record::{Array, NpyArray, RecordError, npz};
use infoplane_spec::{Coded, Stream, below, stream};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn golden(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name)
}

/// `golden/make.py` wrote the file.
#[test]
fn what_numpy_wrote_is_read() {
    let arrays = npz::read(&golden("numpy.npz")).unwrap();
    let get = |name: &str| &arrays.iter().find(|(known, _)| known == name).unwrap().1;
    for kind in ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"] {
        assert_eq!(get(kind).shape, [2, 3], "{kind}");
        assert_eq!(get(kind).to_f64(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "{kind}");
        assert_eq!(get(kind).to_i64().unwrap(), [0, 1, 2, 3, 4, 5], "{kind}");
    }
    assert!(matches!(get("u2").data, Array::U16(_)) && matches!(get("f4").data, Array::F32(_)));
    assert_eq!(get("b1").data, Array::Bool(vec![true, false, true]));
    assert_eq!((get("scalar").shape.len(), get("scalar").to_f64()), (0, vec![2.5]));
    assert_eq!((&get("empty").shape[..], get("empty").data.len()), (&[0, 4][..], 0));
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let value = get("te/probe/by-class/0/fc1/fc2/value").to_f64();
    assert_eq!(bits(&value), bits(&[0.1, 1e-300, -0.0, f64::INFINITY]));
}

fn random_array(rng: &mut Stream) -> NpyArray {
    let shape: Vec<usize> = (0..below(rng, 4)).map(|_| below(rng, 5) as usize).collect();
    let n = shape.iter().product();
    let mut bits = || u64::from(below(rng, u32::MAX)) << 32 | u64::from(below(rng, u32::MAX));
    let bits: Vec<u64> = (0..n).map(|_| bits()).collect();
    let data = match below(rng, 11) {
        // Finite, so that equality means equality.
        0 => Array::F32(bits.iter().map(|b| *b as i32 as f32 / 7.0).collect()),
        1 => Array::F64(bits.iter().map(|b| b.cast_signed() as f64 / 7.0).collect()),
        2 => Array::I8(bits.iter().map(|b| *b as i8).collect()),
        3 => Array::I16(bits.iter().map(|b| *b as i16).collect()),
        4 => Array::I32(bits.iter().map(|b| *b as i32).collect()),
        5 => Array::I64(bits.iter().map(|b| b.cast_signed()).collect()),
        6 => Array::U8(bits.iter().map(|b| *b as u8).collect()),
        7 => Array::U16(bits.iter().map(|b| *b as u16).collect()),
        8 => Array::U32(bits.iter().map(|b| *b as u32).collect()),
        9 => Array::U64(bits),
        _ => Array::Bool(bits.iter().map(|b| b & 1 == 1).collect()),
    };
    NpyArray::new(shape, data).unwrap()
}

#[test]
fn what_is_written_comes_back_and_equal_arrays_give_equal_bytes() {
    for seed in 0..200 {
        let mut rng = stream(seed, "npz", 0);
        let count = below(&mut rng, 5);
        let arrays: Vec<_> = (0..count).map(|i| (format!("a/{i}"), random_array(&mut rng))).collect();
        let bytes = npz::write_bytes(&arrays).unwrap();
        assert_eq!(npz::read_bytes(&bytes).unwrap(), arrays, "seed {seed}");
        assert!(npz::write_bytes(&arrays).unwrap() == bytes, "seed {seed}");
    }
}

#[test]
fn a_name_twice_or_a_wrong_shape_is_not_written() {
    let array = NpyArray::u8(vec![1], vec![1]).unwrap();
    assert!(npz::write_bytes(&[("a".into(), array.clone()), ("a".into(), array.clone())]).is_err());
    let wrong = NpyArray { shape: vec![2], ..array };
    assert!(matches!(npz::write_bytes(&[("a".into(), wrong)]), Err(RecordError::Npz { array, .. }) if array == "a"));
}

#[test]
fn a_file_cut_anywhere_or_with_any_byte_changed_is_refused_or_read() {
    let bytes = std::fs::read(golden("numpy.npz")).unwrap();
    for end in 0..bytes.len() {
        assert!(npz::read_bytes(&bytes[..end]).is_err(), "{end} bytes");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0xff;
        // A date or an attribute may change unseen; nothing may panic.
        if let Ok(arrays) = npz::read_bytes(&changed) {
            assert!(arrays.iter().all(|(_, array)| array.shape.iter().product::<usize>() == array.data.len()));
        }
    }
}

fn npy(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let length = header.len() as u32;
    let length = if version == 1 { length.to_le_bytes()[..2].to_vec() } else { length.to_le_bytes().to_vec() };
    [b"\x93NUMPY".as_slice(), &[version, 0], &length, header.as_bytes(), data].concat()
}

fn header(descr: &str, fortran: &str, shape: &str) -> String {
    format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n")
}

#[test]
fn headers_in_other_hands_are_read() {
    let data = [1u8, 0, 2, 0];
    for header in [
        header("'<i2'", "False", "(2,)"),
        header("'<i2'", "True", "(2,)"),
        header("'<i2'", "True", "(1, 2)"),
        header("'<i2'", "False", "(2L,)"),
        "{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"<i2\"}".to_owned(),
    ] {
        for version in [1, 2, 3] {
            let array = npz::read_npy_bytes(&npy(version, &header, &data)).unwrap();
            assert_eq!(array.data, Array::I16(vec![1, 2]), "{header}");
        }
    }
    let byte = npz::read_npy_bytes(&npy(1, &header("'<u1'", "False", "()"), &[7])).unwrap();
    assert_eq!(byte.data, Array::U8(vec![7]));
}

#[test]
fn forms_that_are_not_read_are_named() {
    for (descr, fortran, shape, named) in [
        ("'>f8'", "False", "(1,)", ">f8"),
        ("'<f2'", "False", "(4,)", "<f2"),
        ("'<c8'", "False", "(1,)", "<c8"),
        ("'<U2'", "False", "(1,)", "<U2"),
        ("'|O'", "False", "(1,)", "|O"),
        ("[('a', '<f8')]", "False", "(1,)", "structured"),
        ("'<f4'", "True", "(2, 1, 2)", "Fortran"),
    ] {
        let shape = if fortran == "True" { "(2, 2)" } else { shape };
        let error = npz::read_npy_bytes(&npy(1, &header(descr, fortran, shape), &[0; 16])).unwrap_err();
        assert_eq!(error.code(), "IP0409", "{descr}: {error}");
        assert!(error.to_string().contains(named) && error.hint().is_some(), "{error}");
    }
    let error = npz::read(&golden("refused.npz")).unwrap_err().to_string();
    assert!(error.contains("`fortran`") && error.contains("refused.npz"), "{error}");
}

#[test]
fn absurd_claims_are_refused_without_taking_memory() {
    let bad = [
        npy(1, &header("'<f8'", "False", "(1152921504606846976, 16)"), &[]),
        npy(1, &header("'<f8'", "False", "(18446744073709551615,)"), &[]),
        npy(1, &header("'<f8'", "False", "(99999999999999999999999,)"), &[]),
        npy(1, &header("'<f8'", "False", "(100000000000,)"), &[0; 8]),
        npy(1, &header("'<f8'", "False", "(-1,)"), &[0; 8]),
        npy(1, &header("'<f8'", "False", "(1,)"), &[0; 9]),
        npy(1, &header("'<f8'", "False", "(0, 99999999999, 99999999999, 99999999999)"), &[]),
        npy(1, &header("'<f8'", "Maybe", "(1,)"), &[0; 8]),
        npy(1, "", &[]),
        npy(1, "{'descr': '<f8'", &[]),
        npy(1, "{'descr': 'é', 'fortran_order': False, 'shape': ()}", &[]),
        npy(9, &header("'<f8'", "False", "(1,)"), &[0; 8]),
        [b"\x93NUMPY\x02\x00".as_slice(), &u32::MAX.to_le_bytes()].concat(),
        b"\x93NUMPY\x01\x00\xff\xff".to_vec(),
        b"\x93NUM".to_vec(),
        b"PK\x03\x04".to_vec(),
        Vec::new(),
    ];
    for bytes in &bad {
        let error = npz::read_npy_bytes(bytes).unwrap_err();
        assert!(["IP0408", "IP0409"].contains(&error.code()), "{error}");
    }
    let many = format!("({})", "1, ".repeat(2000));
    assert!(npz::read_npy_bytes(&npy(1, &header("'|u1'", "False", &many), &[0])).is_err());
}

fn zipped(name: &str, content: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(name, options).unwrap();
    content.for_each(|part| zip.write_all(&part).unwrap());
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_refused_before_it_unpacks() {
    let mebibytes = 300;
    let head = npy(1, &header("'|u1'", "False", &format!("({},)", mebibytes << 20)), &[]);
    let zeros = std::iter::repeat_n(vec![0u8; 1 << 20], mebibytes);
    let bomb = zipped("a.npy", std::iter::once(head).chain(zeros));
    assert!(bomb.len() < 1 << 20);
    let error = npz::read_bytes(&bomb).unwrap_err();
    assert!(error.to_string().contains("unpack"), "{error}");
}

#[test]
fn a_size_that_lies_is_found_out() {
    let honest = npy(1, &header("'|u1'", "False", "(1000,)"), &[0; 1000]);
    let whole = honest.len() as u32;
    let bytes = zipped("a.npy", std::iter::once(honest));
    for claimed in [0, 1, whole - 1, whole + 1, u32::MAX - 1] {
        let mut lying = bytes.clone();
        for place in 0..lying.len() - 3 {
            if lying[place..place + 4] == whole.to_le_bytes() {
                lying[place..place + 4].copy_from_slice(&claimed.to_le_bytes());
            }
        }
        assert!(lying != bytes && npz::read_bytes(&lying).is_err(), "{claimed}");
    }
}

#[test]
fn what_is_no_array_is_passed_over() {
    let bytes = zipped("readme.txt", std::iter::once(b"hello".to_vec()));
    assert_eq!(npz::read_bytes(&bytes).unwrap(), []);
}
