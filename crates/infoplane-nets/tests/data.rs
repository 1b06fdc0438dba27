//! Files of data, good and bad.

use std::io::Write;
use std::path::{Path, PathBuf};

use infoplane_nets::{DataConfig, Dataset, Error, Scale};
use infoplane_record::{Array, NpyArray, npz};
use infoplane_spec::Coded;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn config(path: &Path) -> DataConfig {
    DataConfig::new(path.to_str().unwrap())
}

fn csv(path: &Path) -> DataConfig {
    DataConfig { label: Some("class".to_owned()), ..config(path) }
}

fn refusal(config: &DataConfig) -> (String, &'static str) {
    let error = Dataset::load(config).unwrap_err();
    let says_itself = matches!(error, Error::Spec(_)); // its message names what is allowed
    assert!(error.hint().is_some() || says_itself, "{error} has no remedy");
    (error.to_string(), error.code())
}

/// Asserts the code and the words of a refusal.
fn refused(config: &DataConfig, code: &str, words: &[&str]) {
    let (message, found) = refusal(config);
    assert_eq!(found, code, "{message}");
    assert!(words.iter().all(|word| message.contains(word)), "{words:?} missing in: {message}");
}

fn idx(shape: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, shape.len() as u8];
    bytes.extend(shape.iter().flat_map(|size| size.to_be_bytes()));
    [bytes, values.to_vec()].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

const PIXELS: [u8; 12] = [0, 255, 51, 102, 1, 2, 3, 4, 5, 6, 7, 8];

#[test]
fn idx_files_are_read_plain_and_packed() {
    let folder = Folder::new();
    let images = idx(&[3, 2, 2], &PIXELS);
    let plain = folder.file("t10k-images-idx3-ubyte", &images);
    let packed = folder.file("t10k-images-idx3-ubyte.gz", &gzip(&images));
    folder.file("t10k-labels-idx1-ubyte.gz", &gzip(&idx(&[3], &[7, 2, 7])));
    let (a, b) = (Dataset::load(&config(&plain)).unwrap(), Dataset::load(&config(&packed)).unwrap());
    assert_eq!((a.rows(), a.features, a.classes, &a.class_values), (3, 4, 2, &vec![2, 7]));
    assert_eq!((a.row(0), &a.y), (&[0.0, 1.0, 0.2, 0.4][..], &vec![1, 0, 1]));
    assert_eq!((&a.x, &a.y, a.range), (&b.x, &b.y, Some((0.0, 1.0))));
    let raw = Dataset::load(&DataConfig { scale: Scale::None, ..config(&plain) }).unwrap();
    assert_eq!((raw.row(0), raw.range), (&[0.0, 255.0, 51.0, 102.0][..], Some((0.0, 255.0))));
}

#[test]
fn bad_idx_files_say_what_is_wrong() {
    let folder = Folder::new();
    let images = folder.file("a-images-idx3-ubyte", &idx(&[3, 2, 2], &PIXELS));
    refused(&config(&images), "IP0210", &["a-images-idx3-ubyte", "a-labels-idx1-ubyte"]);
    let labels = |name: &str, bytes: &[u8]| {
        let path = folder.file(name, bytes);
        DataConfig { labels: Some(path.to_str().unwrap().to_owned()), ..config(&images) }
    };
    refused(&labels("two", &idx(&[2], &[1, 2])), "IP0204", &["two", "2 labels", "3 rows"]);
    refused(&labels("same", &idx(&[3], &[4, 4, 4])), "IP0208", &["label 4"]);
    refused(&labels("short", &idx(&[3], &[1, 2])), "IP0203", &["short", "3 bytes", "holds 2"]);
    refused(&labels("images", &idx(&[3, 1], &[1, 2, 3])), "IP0202", &["0x00000802"]);
    refused(&labels("text", b"hello, world"), "IP0202", &["text", "IDX", "0x68656c6c"]);
    refused(&labels("empty", b""), "IP0202", &["0 bytes"]);
    refused(&labels("cut", &idx(&[3], &[])[..6]), "IP0202", &["header"]);
    let packed = gzip(&idx(&[3], &[1, 2, 3]));
    refused(&labels("torn.gz", &packed[..packed.len() - 9]), "IP0201", &["torn.gz"]);
    let missing = DataConfig { labels: Some("/nowhere/labels".to_owned()), ..config(&images) };
    refused(&missing, "IP0201", &["/nowhere/labels"]);
    let huge = folder.file("b-images-idx3-ubyte", &idx(&[u32::MAX, u32::MAX, u32::MAX], &[1]));
    refused(&config(&huge), "IP0203", &["holds 1"]);
}

#[test]
fn csv_files_are_read_by_their_header() {
    let folder = Folder::new();
    let path = folder.file("table.csv", b"a, class ,b\n1,-1,10\n2, 1 ,30\n3,1,20\n");
    let data = Dataset::load(&csv(&path)).unwrap();
    assert_eq!((data.rows(), data.features, &data.y, &data.class_values), (3, 2, &vec![0, 1, 1], &vec![-1, 1]));
    assert_eq!(data.x, [0.0, 0.0, 0.5, 1.0, 1.0, 0.5], "each column between its smallest and largest value");
}

#[test]
fn bad_csv_files_say_where() {
    let folder = Folder::new();
    let with = |name: &str, text: &str| csv(&folder.file(name, text.as_bytes()));
    refused(&with("a.csv", "a,b\n1,2\n"), "IP0211", &["`class`", "a, b"]);
    refused(&DataConfig { label: None, ..with("b.csv", "a,class\n1,2\n") }, "IP0212", &["a, class"]);
    refused(&with("c.csv", "a,class\n1,0\nNaN,1\n"), "IP0205", &["row 1", "`a`", "NaN"]);
    refused(&with("d.csv", "a,class\n1,0\ninf,1\n"), "IP0205", &["row 1", "`a`"]);
    refused(&with("e.csv", "a,b,class\n1,2,0\n1,x,1\n"), "IP0206", &["row 1", "`b`", "`x`"]);
    refused(&with("f.csv", "a,class\n1,0\n1,0.5\n"), "IP0207", &["row 1", "`0.5`"]);
    refused(&with("g.csv", "a,class\n1,0\n1,cat\n"), "IP0207", &["`cat`"]);
    refused(&with("h.csv", "a,class\n1,3\n2,3\n"), "IP0208", &["label 3"]);
    refused(&with("i.csv", "a,class\n1,0\n2\n"), "IP0202", &["CSV", "i.csv"]);
    refused(&with("j.csv", "a,class\n"), "IP0209", &["0 rows"]);
    refused(&with("k.csv", "class\n1\n0\n"), "IP0209", &["0 features"]);
    refused(&csv(Path::new("/nowhere/x.csv")), "IP0201", &["/nowhere/x.csv"]);
}

#[test]
fn npz_files_are_read_by_name() {
    let folder = Folder::new();
    let write = |name: &str, arrays: &[(&str, Vec<usize>, Array)]| {
        let arrays = arrays
            .iter()
            .map(|(name, shape, data)| ((*name).to_owned(), NpyArray::new(shape.clone(), data.clone()).unwrap()));
        config(&folder.file(name, &npz::write_bytes(&arrays.collect::<Vec<_>>()).unwrap()))
    };
    let x = |values: &[f64]| ("x", vec![values.len() / 2, 2], Array::F64(values.to_vec()));
    let y = |values: &[i64]| ("y", vec![values.len()], Array::I64(values.to_vec()));
    let good = write("a.npz", &[("X", vec![2, 1, 2], Array::U8(vec![0, 1, 1, 0])), y(&[4, 9])]);
    let data = Dataset::load(&good).unwrap();
    assert_eq!((data.features, data.x, data.y), (2, vec![0.0, 1.0, 1.0, 0.0], vec![0, 1]));
    refused(&write("b.npz", &[x(&[1.0, 2.0])]), "IP0211", &["`y`", "x"]);
    refused(&write("c.npz", &[x(&[1.0, 2.0, 3.0, 4.0]), y(&[1, 2, 3])]), "IP0204", &["3 labels", "2 rows"]);
    refused(&write("d.npz", &[x(&[1.0, 2.0, f64::NAN, 4.0]), y(&[1, 2])]), "IP0205", &["row 1", "column 0"]);
    refused(
        &write("e.npz", &[x(&[1.0, 2.0, 3.0, 4.0]), ("y", vec![2], Array::F64(vec![0.5, 1.0]))]),
        "IP0207",
        &["0.5"],
    );
    refused(&write("f.npz", &[("x", vec![4], Array::F64(vec![1.0; 4])), y(&[1, 2, 1, 2])]), "IP0213", &["[4]"]);
    refused(
        &write("g.npz", &[x(&[1.0, 2.0, 3.0, 4.0]), ("y", vec![2, 2], Array::I64(vec![0; 4]))]),
        "IP0213",
        &["`y`"],
    );
    let bytes = std::fs::read(&good.source).unwrap();
    refused(&config(&folder.file("h.npz", &bytes[..bytes.len() / 2])), "IP0202", &["h.npz", "NPZ"]);
    refused(&config(Path::new("/nowhere/x.npz")), "IP0201", &["/nowhere/x.npz"]);
}

#[test]
fn unknown_sources_and_settings_without_effect_are_refused() {
    let source = |name: &str| DataConfig::new(name);
    refused(&source("digit"), "IP0200", &["`digit`"]);
    assert!(Dataset::load(&source("digit")).unwrap_err().hint().unwrap().contains("did you mean `digits`?"));
    refused(&source("data.parquet"), "IP0200", &["data.parquet"]);
    refused(&source("ib12:gama=3"), "IP0112", &["gama"]);
    refused(&source("ib12:gamma=-3"), "IP0113", &["gamma"]);
    refused(&DataConfig { label: Some("y".to_owned()), ..source("digits") }, "IP0155", &["data.label"]);
    refused(&DataConfig { labels: Some("y".to_owned()), ..source("ib12") }, "IP0155", &["data.labels"]);
}

#[test]
fn every_code_is_explained_once() {
    let mut codes: Vec<&str> = infoplane_nets::CODES.iter().map(|code| code.code).collect();
    codes.sort_unstable();
    let all = codes.len();
    codes.dedup();
    assert_eq!(codes.len(), all);
    assert!(codes.contains(&Error::Layers { layers: vec![] }.code()));
}
