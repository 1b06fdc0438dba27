//! Parquet: the columns that are neither nested nor repeated.

use bytes::Bytes;
use parquet::basic::{ConvertedType, LogicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArrayType, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::{Column, Table};
use crate::{RecordError, Result};

/// Rows decoded at a time.
const BATCH: usize = 1 << 16;

/// The cells of one column so far; `None` is missing.
enum Found {
    Numbers(Vec<f64>),
    Words(Vec<Option<String>>),
}

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Table> {
    let broken = |error: ParquetError| RecordError::table(name, error.to_string());
    let file = SerializedFileReader::new(Bytes::copy_from_slice(bytes)).map_err(broken)?;
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    let mut table = Table { name: name.to_owned(), columns: Vec::new(), unread: Vec::new(), trials: None, lines: None };
    for (place, column) in schema.columns().iter().enumerate() {
        let column_name = column.path().string();
        match unreadable(column) {
            Some(why) => table.unread.push((column_name, why.to_owned())),
            None => table.columns.push(read_column(&file, place, column, column_name).map_err(broken)?),
        }
    }
    match table.columns.first().is_none_or(Column::is_empty) {
        false => Ok(table),
        true => Err(RecordError::table(name, "it holds no rows of flat columns")),
    }
}

fn unreadable(column: &ColumnDescriptor) -> Option<&'static str> {
    use parquet::basic::Type::{FIXED_LEN_BYTE_ARRAY, INT96};
    match column.physical_type() {
        _ if column.max_rep_level() > 0 => Some("a list or map is no series of values"),
        INT96 => Some("times of 96 bits are not read here; write them as TIMESTAMP"),
        FIXED_LEN_BYTE_ARRAY => Some("values of fixed length in bytes (decimals, half precision) are not read here"),
        _ => None,
    }
}

fn read_column(
    file: &SerializedFileReader<Bytes>,
    place: usize,
    column: &ColumnDescriptor,
    name: String,
) -> Result<Column, ParquetError> {
    let (unsigned, scale) = (is_unsigned(column), scale_of(column));
    let mut found = Found::Numbers(Vec::new());
    for group in 0..file.num_row_groups() {
        match file.get_row_group(group)?.get_column_reader(place)? {
            ColumnReader::BoolColumnReader(reader) => found.append(reader, column, |&bit| f64::from(u8::from(bit))),
            ColumnReader::Int32ColumnReader(reader) if unsigned => found.append(reader, column, |&v| (v as u32).into()),
            ColumnReader::Int32ColumnReader(reader) => found.append(reader, column, |&v| f64::from(v) / scale),
            ColumnReader::Int64ColumnReader(reader) if unsigned => found.append(reader, column, |&v| v as u64 as f64),
            ColumnReader::Int64ColumnReader(reader) => found.append(reader, column, |&v| v as f64 / scale),
            ColumnReader::FloatColumnReader(reader) => found.append(reader, column, |&v| f64::from(v)),
            ColumnReader::DoubleColumnReader(reader) => found.append(reader, column, |&v| v),
            ColumnReader::ByteArrayColumnReader(reader) => found.append_words(reader, column),
            ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => Ok(()),
        }?;
    }
    Ok(match found {
        Found::Numbers(values) => Column::numbers(name, values),
        Found::Words(words) => Column::words(name, &words.iter().map(Option::as_deref).collect::<Vec<_>>(), None),
    })
}

impl Found {
    fn append<T: DataType>(
        &mut self,
        reader: ColumnReaderImpl<T>,
        column: &ColumnDescriptor,
        number: impl Fn(&T::T) -> f64,
    ) -> Result<(), ParquetError> {
        let Self::Numbers(numbers) = self else { return Ok(()) };
        cells(reader, column, |value| numbers.push(value.map_or(f64::NAN, &number)))
    }

    fn append_words(
        &mut self,
        reader: ColumnReaderImpl<ByteArrayType>,
        column: &ColumnDescriptor,
    ) -> Result<(), ParquetError> {
        if matches!(self, Self::Numbers(_)) {
            *self = Self::Words(Vec::new());
        }
        let Self::Words(words) = self else { return Ok(()) };
        let mut read = Vec::new();
        cells(reader, column, |value| read.push(value.map(|word| word.as_utf8().map(str::to_owned)).transpose()))?;
        words.extend(read.into_iter().collect::<Result<Vec<_>, _>>()?);
        Ok(())
    }
}

/// Hands over each row's value, `None` where it is missing.
fn cells<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    column: &ColumnDescriptor,
    mut take: impl FnMut(Option<&T::T>),
) -> Result<(), ParquetError> {
    let full = column.max_def_level();
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    loop {
        levels.clear();
        values.clear();
        let (rows, ..) = reader.read_records(BATCH, Some(&mut levels), None, &mut values)?;
        if rows == 0 {
            return Ok(());
        }
        let mut values = values.iter();
        match full {
            0 => values.for_each(|value| take(Some(value))),
            _ => levels.iter().for_each(|&level| take(if level == full { values.next() } else { None })),
        }
    }
}

fn is_unsigned(column: &ColumnDescriptor) -> bool {
    use ConvertedType::{UINT_8, UINT_16, UINT_32, UINT_64};
    matches!(column.logical_type_ref(), Some(LogicalType::Integer(kind)) if !kind.is_signed)
        || matches!(column.converted_type(), UINT_8 | UINT_16 | UINT_32 | UINT_64)
}

/// What a whole number is divided by: decimals are stored as whole numbers.
fn scale_of(column: &ColumnDescriptor) -> f64 {
    let decimal = matches!(column.logical_type_ref(), Some(LogicalType::Decimal(_)))
        || column.converted_type() == ConvertedType::DECIMAL;
    if decimal { 10_f64.powi(column.type_scale()) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::basic::Compression;
    use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::super::{Header, Table};

    /// Two row groups of three rows each, with a missing value, text, a list and an unsigned column.
    fn file(compression: Compression) -> Vec<u8> {
        let schema =
            "message m { optional double x; required int32 n (INTEGER(32,false)); optional binary state (STRING);
            required int64 price (DECIMAL(10,2)); repeated int32 list; }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, properties).unwrap();
        for _ in 0..2 {
            let mut group = writer.next_row_group().unwrap();
            let mut x = group.next_column().unwrap().unwrap();
            x.typed::<DoubleType>().write_batch(&[0.5, 2.5], Some(&[1, 0, 1]), None).unwrap();
            x.close().unwrap();
            let mut n = group.next_column().unwrap().unwrap();
            n.typed::<Int32Type>().write_batch(&[0, -1, 7], None, None).unwrap();
            n.close().unwrap();
            let mut state = group.next_column().unwrap().unwrap();
            let words: Vec<ByteArray> = ["wake", "rem", "wake"].map(ByteArray::from).to_vec();
            state.typed::<ByteArrayType>().write_batch(&words, Some(&[1, 1, 1]), None).unwrap();
            state.close().unwrap();
            let mut price = group.next_column().unwrap().unwrap();
            price.typed::<Int64Type>().write_batch(&[150, 225, -100], None, None).unwrap();
            price.close().unwrap();
            let mut list = group.next_column().unwrap().unwrap();
            list.typed::<Int32Type>().write_batch(&[1, 2, 3], Some(&[1, 1, 1]), Some(&[0, 0, 0])).unwrap();
            list.close().unwrap();
            group.close().unwrap();
        }
        writer.close().unwrap();
        bytes
    }

    #[test]
    fn flat_columns_are_read_whatever_the_compression() {
        use parquet::basic::{GzipLevel, ZstdLevel};
        let kinds = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::LZ4_RAW,
            Compression::GZIP(GzipLevel::default()),
            Compression::ZSTD(ZstdLevel::default()),
        ];
        for compression in kinds {
            let table = Table::from_bytes("t", &file(compression), Header::Auto).unwrap();
            let x = table.numbers(&table.find("x").unwrap(), 0..6).unwrap();
            assert_eq!((x[0], x[2], x[5]), (0.5, 2.5, 2.5), "{compression}");
            assert!(x[1].is_nan() && x[4].is_nan());
            assert_eq!(table.numbers(&[1], 3..6).unwrap(), [0.0, f64::from(u32::MAX), 7.0]);
            assert_eq!(table.symbols(&table.find("state").unwrap(), 0..3).unwrap(), [Some(1), Some(0), Some(1)]);
            assert_eq!(table.numbers(&[3], 0..3).unwrap(), [1.5, 2.25, -1.0]);
            let list = table.find("list").unwrap_err().to_string();
            assert!(list.contains("a list or map is no series"), "{list}");
        }
    }

    #[test]
    fn a_broken_file_is_refused() {
        let whole = file(Compression::SNAPPY);
        for bytes in [&whole[..whole.len() - 9], &whole[..8], b"PAR1".as_slice()] {
            let error = Table::from_bytes("t.parquet", bytes, Header::Auto).unwrap_err();
            assert_eq!(infoplane_spec::Coded::code(&error), "IP0230", "{error}");
        }
    }
}
