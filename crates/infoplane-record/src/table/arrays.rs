//! NPY and NPZ: arrays as columns.

use super::{Column, Table};
use crate::npz::NpyArray;
use crate::{RecordError, Result, npz};

/// `[T]`, `[T, D]` or, with trials, `[R, T, D]`.
pub(super) fn from_npy(name: &str, bytes: &[u8]) -> Result<Table> {
    let array = npz::read_npy_bytes(bytes).map_err(|error| malformed(name, &error))?;
    let mut table = Table { name: name.to_owned(), columns: Vec::new(), unread: Vec::new(), trials: None, lines: None };
    let (rows, dim) = match array.shape[..] {
        [rows] => (rows, 1),
        [rows, dim] => (rows, dim),
        [trials, rows, dim] => {
            table.trials = Some((0..trials as u32).flat_map(|trial| std::iter::repeat_n(trial, rows)).collect());
            (trials * rows, dim)
        }
        _ => return Err(RecordError::table(name, shape_refused(&array.shape))),
    };
    if rows == 0 || dim == 0 {
        return Err(RecordError::table(name, format!("it holds no rows: its shape is {:?}", array.shape)));
    }
    table.columns = columns(&array.to_f64(), dim, |place| place.to_string());
    Ok(table)
}

/// Each array of one or two axes; the others are kept by name, for when they are asked for.
pub(super) fn from_npz(name: &str, bytes: &[u8]) -> Result<Table> {
    let arrays = npz::read_each(bytes).map_err(|error| malformed(name, &error))?;
    let mut table = Table { name: name.to_owned(), columns: Vec::new(), unread: Vec::new(), trials: None, lines: None };
    for (array_name, array) in arrays {
        match array {
            Ok(NpyArray { shape, .. }) if !(1..=2).contains(&shape.len()) || shape.contains(&0) => {
                table.unread.push((array_name, shape_refused(&shape)));
            }
            Ok(array) => {
                let dim = array.shape.get(1).copied().unwrap_or(1);
                let named = |place: usize| if dim == 1 { array_name.clone() } else { format!("{array_name}[{place}]") };
                table.columns.extend(columns(&array.to_f64(), dim, named));
            }
            Err(error) => table.unread.push((array_name, error.to_string())),
        }
    }
    Ok(table)
}

fn columns(values: &[f64], dim: usize, name: impl Fn(usize) -> String) -> Vec<Column> {
    let column = |place| Column::numbers(name(place), values.iter().skip(place).step_by(dim).copied().collect());
    (0..dim).map(column).collect()
}

fn shape_refused(shape: &[usize]) -> String {
    format!(
        "an array of shape {shape:?} is no series: allowed are [rows] and [rows, columns], in .npy also [trials, rows, columns]"
    )
}

/// A broken array is unusable data here, wherever else it may be found.
fn malformed(name: &str, error: &RecordError) -> RecordError {
    let hint = infoplane_spec::Coded::hint(error).map(|hint| format!("; {hint}")).unwrap_or_default();
    RecordError::table(name, format!("{error}{hint}"))
}

#[cfg(test)]
mod tests {
    use super::super::{Header, Table};
    use crate::npz::{NpyArray, write_bytes};

    fn npy(shape: &str, values: &[f64]) -> Vec<u8> {
        let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}\n");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend_from_slice(&(header.len() as u16).to_le_bytes());
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        bytes
    }

    #[test]
    fn axes_become_rows_columns_and_trials() {
        let values: Vec<f64> = (0..12).map(f64::from).collect();
        for (shape, columns, rows, trials) in
            [("12,", 1, 12, None), ("6, 2", 2, 6, None), ("2, 3, 2", 2, 6, Some(vec![0, 0, 0, 1, 1, 1]))]
        {
            let table = Table::from_bytes("a.npy", &npy(shape, &values), Header::Auto).unwrap();
            assert_eq!((table.columns().len(), table.rows(&[0]).unwrap()), (columns, rows), "{shape}");
            assert_eq!(table.trials().map(<[u32]>::to_vec), trials, "{shape}");
            let places: Vec<usize> = (0..columns).collect();
            assert_eq!(table.numbers(&places, 0..rows).unwrap(), values, "{shape}");
        }
        for (bytes, word) in
            [(npy("", &[1.0]), "no series"), (npy("0,", &[]), "no rows"), (npy("5,", &[1.0]), "wants 40 bytes")]
        {
            let error = Table::from_bytes("a.npy", &bytes, Header::Auto).unwrap_err();
            assert!(error.to_string().contains(word), "{error}");
            assert_eq!(infoplane_spec::Coded::code(&error), "IP0230");
        }
        assert!(Table::from_bytes("a.npy", &npy("12,", &values), Header::Yes).is_err());
    }

    #[test]
    fn arrays_of_an_archive_keep_their_names_and_lengths() {
        let array = |shape: Vec<usize>| NpyArray::f64(shape.clone(), vec![1.0; shape.iter().product()]).unwrap();
        let bytes = write_bytes(&[
            ("heart".into(), array(vec![4])),
            ("eeg".into(), array(vec![4, 3])),
            ("rate".into(), array(vec![])),
            ("other".into(), array(vec![5, 1])),
        ])
        .unwrap();
        let table = Table::from_bytes("a.npz", &bytes, Header::Auto).unwrap();
        assert_eq!(table.find("eeg").unwrap(), [1, 2, 3]);
        assert_eq!(table.find("eeg[1],heart").unwrap(), [2, 0]);
        assert_eq!(table.rows(&[0, 1]).unwrap(), 4);
        let lengths = table.rows(&table.find("heart,other").unwrap()).unwrap_err().to_string();
        assert!(lengths.contains("`other` has 5 rows") && lengths.contains("`heart` has 4"), "{lengths}");
        let rate = table.find("rate").unwrap_err().to_string();
        assert!(rate.contains("no column `rate`") && rate.contains("no series"), "{rate}");
    }
}
