//! Estimates on people's own files: the same numbers from every format, and what is refused.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use infoplane_record::{NpyArray, Row};
use infoplane_spec::{below, stream};
use tempfile::TempDir;

fn infoplane(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_infoplane"))
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .args(arguments)
        .output()
        .unwrap()
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

/// What a good command prints.
fn told(folder: &Path, line: &str) -> String {
    let output = infoplane(folder, &words(line));
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn rows(folder: &Path, line: &str) -> Vec<Row> {
    let text = told(folder, &format!("{line} --format json"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{line}: {error}: {text}"))
}

fn value(folder: &Path, line: &str) -> f64 {
    match rows(folder, line).as_slice() {
        [row] => row.value,
        rows => panic!("{line}: {} rows", rows.len()),
    }
}

/// Sums of 12 uniforms less 6, near enough to normal, rounded to six digits.
fn noise(seed: u64, rows: usize) -> Vec<f64> {
    let mut rng = stream(seed, "test", 0);
    let mut normal = || (0..12).map(|_| f64::from(below(&mut rng, 1 << 20)) / f64::from(1 << 20)).sum::<f64>() - 6.0;
    (0..rows).map(|_| (normal() * 1e6).round() / 1e6).collect()
}

/// x drives y two steps later, z is on its own.
fn driven(rows: usize) -> [Vec<f64>; 3] {
    let [x, mut y, z] = [1, 2, 3].map(|seed| noise(seed, rows));
    for t in 2..rows {
        y[t] = ((0.5 * y[t - 1] + 0.6 * x[t - 2] + y[t]) * 1e6).round() / 1e6;
    }
    [x, y, z]
}

/// The columns as lines with this between the cells.
fn text(columns: &[Vec<f64>], between: &str) -> String {
    let line = |t: usize| columns.iter().map(|column| column[t].to_string()).collect::<Vec<_>>().join(between) + "\n";
    (0..columns[0].len()).map(line).collect()
}

fn parquet(columns: &[Vec<f64>]) -> Vec<u8> {
    use parquet::data_type::DoubleType;
    use parquet::file::writer::SerializedFileWriter;
    let schema = "message m { required double x; required double y; required double z; }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for values in columns {
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<DoubleType>().write_batch(values, None, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

/// A folder with the same series in every format.
fn series() -> TempDir {
    let here = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(here.path().join(name), bytes).unwrap();
    let columns = driven(500);
    write("a.csv", format!("x,y,z\n{}", text(&columns, ",")).as_bytes());
    write("a.tsv", format!("x\ty\tz\n{}", text(&columns, "\t")).as_bytes());
    write("a.ssv", format!("# made by hand\nx;y;z\n{}", text(&columns, ";")).as_bytes());
    write("a.txt", format!("# x y z\n{}", text(&columns, "  ")).as_bytes());
    write("bare.txt", text(&columns, " ").as_bytes());
    write("a.parquet", &parquet(&columns));
    let wide: Vec<f64> = (0..500).flat_map(|t| columns.iter().map(move |column| column[t])).collect();
    let array = |shape, values| NpyArray::f64(shape, values).unwrap();
    let npz = [("all".to_owned(), array(vec![500, 3], wide)), ("y".to_owned(), array(vec![500], columns[1].clone()))];
    let npz = infoplane_record::npz::write_bytes(&npz).unwrap();
    write("a.npz", &npz);
    // an archive stores its arrays as .npy files, uncompressed
    let start = npz.windows(6).position(|bytes| bytes == b"\x93NUMPY").unwrap();
    write("a.npy", &npz[start..start + 128 + 500 * 3 * 8]);
    here
}

#[test]
fn every_format_gives_the_same_number() {
    let here = series();
    let wanted = value(here.path(), "te a.csv --source x --target y --delay 2");
    assert!((0.1..0.4).contains(&wanted), "{wanted}");
    for line in [
        "te a.tsv --source x --target y --delay 2",
        "te a.ssv --source x --target y --delay 2",
        "te a.txt --source x --target y --delay 2",
        "te a.parquet --source x --target y --delay 2",
        "te bare.txt --source 0 --target 1 --delay 2",
        "te a.csv --source 0 --target 1 --delay 2",
        "te a.npy --source 0 --target 1 --delay 2",
        "te a.npz --source all[0] --target y --delay 2",
    ] {
        assert_eq!(value(here.path(), line).to_bits(), wanted.to_bits(), "{line}");
    }
    let file = std::fs::File::open(here.path().join("a.csv")).unwrap();
    let line = words("te - --source x --target y --delay 2 --format json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_infoplane"));
    let piped = command.args(line).stdin(Stdio::from(file)).output().unwrap();
    let piped: Vec<Row> = serde_json::from_slice(&piped.stdout).unwrap();
    assert_eq!(piped[0].value.to_bits(), wanted.to_bits());
}

#[test]
fn several_columns_are_one_variable() {
    let here = series();
    let value = |line: &str| value(here.path(), line);
    let wide = value("mi a.csv --x 0..1 --y z --estimator gaussian");
    for columns in ["x,y", "y,x", "x..y", "0,y"] {
        let again = value(&format!("mi a.csv --x {columns} --y z --estimator gaussian"));
        assert!((again - wide).abs() < 1e-12, "{columns}: {again}, {wide}");
    }
    assert_eq!(value("entropy a.npz --x all"), value("entropy a.csv --x x,y,z"));
    // the chain rule, exact for Gaussians: I(xy; z) = I(x; z) + I(y; z | x)
    let parts = value("mi a.csv --x x --y z --estimator gaussian")
        + value("mi a.csv --x y --y z --cond x --estimator gaussian");
    assert!((wide - parts).abs() < 1e-12, "{wide}, {parts}");
}

#[test]
fn min_entropy_says_its_order() {
    let here = series();
    let line = "entropy a.csv --x x --symbols bins:3 --estimator plugin --family renyi --order inf";
    let [row] = &rows(here.path(), line)[..] else { panic!("one row") };
    assert_eq!((&row.params["family"], &row.params["order"]), (&"renyi".into(), &"inf".into()));
    assert!(told(here.path(), line).contains("Rényi H_inf"));
}

#[test]
fn json_has_the_keys_of_a_row_in_order() {
    let here = series();
    let text = told(here.path(), "te a.csv --source x --target y --cond z --null 19 --seed 3 --format json");
    let parsed: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let keys: Vec<&str> = parsed[0].as_object().unwrap().keys().map(String::as_str).collect();
    for key in [
        "measure",
        "source",
        "target",
        "cond",
        "delay",
        "estimator",
        "params",
        "value",
        "unit",
        "n",
        "n_source_rows",
        "ties",
        "dropped",
        "warnings",
        "null",
        "draws",
        "null_mean",
        "null_sd",
        "effective",
        "p",
        "p_from",
    ] {
        assert!(keys.contains(&key), "{key} is not in {text}");
    }
    let places: Vec<usize> = Row::COLUMNS.iter().filter_map(|key| text.find(&format!("\"{key}\":"))).collect();
    assert_eq!(places.len(), keys.len());
    // `params` has keys of its own (k), so only the first of each counts outside it
    let outside = text.replace(&parsed[0]["params"].to_string(), "{}");
    let places: Vec<usize> = Row::COLUMNS.iter().filter_map(|key| outside.find(&format!("\"{key}\":"))).collect();
    assert!(places.is_sorted(), "{outside}");
    let row = &rows(here.path(), "te a.csv --source x --target y --cond z --null 19 --seed 3")[0];
    assert_eq!((row.measure.as_str(), row.unit.as_str(), row.n, row.n_source_rows), ("cte", "nats", 499, Some(500)));
    assert_eq!((row.null.as_deref(), row.draws, row.p_from.as_deref()), (Some("shift"), Some(19), Some("draws")));
    assert_eq!(row.effective, Some(row.value - row.null_mean.unwrap()));
}

#[test]
fn the_formats_of_output_say_the_same() {
    let here = series();
    let line = "te a.csv --source x --target y --delay 1..3 --estimator gaussian";
    let json = rows(here.path(), line);
    let lines = told(here.path(), &format!("{line} --format jsonl"));
    let lines: Vec<Row> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, json);
    assert_eq!(told(here.path(), &format!("{line} --format csv")), infoplane_record::rows_to_csv(&json));
    assert_eq!(json.iter().map(|row| row.delay).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    // all on the rows of the longest delay, so that they compare
    assert!(json.iter().all(|row| row.n == 497 && row.family.as_deref() == Some("holm over 3 delays")));
}

#[test]
fn lines_for_a_reader() {
    let here = series();
    std::fs::write(here.path().join("coin.csv"), coin()).unwrap();
    let plugin = "te coin.csv --source x --target y --estimator plugin --unit bits";
    assert_eq!(
        told(here.path(), plugin),
        "x → y   delay 1   TE 1 bit   floor 0.007213   p(analytic, independent rows) 6.22e-61   ***   N 200\n" // 1/(N ln 2) and 2⁻²⁰⁰
    );
    assert_eq!(told(here.path(), &format!("{plugin} --both --null 999 --seed 1 --delay 1..2 -q")).lines().count(), 2);
    // not by shifts, some of which bring the coupling back at another delay
    let scan = "te coin.csv --source x --target y --estimator plugin --null 99 --null-kind permute --delay 1..4 -q";
    let best = told(here.path(), scan);
    assert!(
        best.starts_with("x → y   delay 1   TE 0.69") && best.contains("p 0.01   p(searched 4 delays) 0.01   *"),
        "{best}"
    );
    assert_eq!(
        told(here.path(), "te coin.csv --source x --target y --estimator plugin --delay 1..4 -v").lines().count(),
        4
    );
    assert_eq!(told(here.path(), "entropy coin.csv --x x --estimator plugin --unit bits"), "x   H 1 bit   N 201\n");
    let network = told(here.path(), "te-net coin.csv --estimator plugin --unit bits");
    let lines: Vec<&str> = network.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["from", "\\", "to", "x", "y"], "{network}");
    assert!(lines[1].starts_with("x          ·") && lines[1].ends_with("1 ***"), "{network}");
    assert!(
        lines[3].starts_with(
            "TE in bit   plugin:base=any,correction=none   N 200   marks: q (fdr-bh over 2 pairs; analytic)"
        )
    );
}

/// y repeats x one step later; of 200 rows every (y⁻, y') has fifty.
fn coin() -> String {
    let bits: Vec<u32> = (0..201).map(|t: usize| [0, 0, 1, 1][t % 4]).collect();
    let mut text = "x,y\n".to_owned();
    for t in 0..201 {
        let _ = writeln!(text, "{},{}", bits[t], if t == 0 { 1 } else { bits[t - 1] });
    }
    text
}

#[test]
fn local_values_average_to_the_value_and_name_their_rows() {
    let here = series();
    for (line, first, last) in [
        ("te a.csv --source x --target y -k 3 --delay 2", 3, 499),
        ("te a.csv --source x --target y --rows 100..399 --unit bits", 101, 399),
        ("mi a.csv --x x --y y --estimator gaussian", 0, 499),
        ("ais a.csv --x y -k 2 --target-tau 2", 3, 499),
        ("entropy a.csv --x x", 0, 499),
    ] {
        let row = &rows(here.path(), &format!("{line} --local local.csv --force"))[0];
        let text = std::fs::read_to_string(here.path().join("local.csv")).unwrap();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("row,value"));
        let terms: Vec<(usize, f64)> = lines
            .map(|line| {
                line.split_once(',').map(|(row, value)| (row.parse().unwrap(), value.parse().unwrap())).unwrap()
            })
            .collect();
        assert_eq!((terms[0].0, terms[terms.len() - 1].0, terms.len() as u64), (first, last, row.n), "{line}");
        let mean = terms.iter().map(|(_, value)| value).sum::<f64>() / terms.len() as f64;
        assert!((mean - row.value).abs() < 1e-12, "{line}: {mean}, {}", row.value);
    }
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    let here = series();
    for line in [
        "te a.csv --source x --target y --delay 1..3 --null 20 --seed 5 --format json",
        "te-net a.csv --delay 1..2 --null 20 --null-kind shift --format json",
        "mi a.csv --x x --y y,z --null 20 --null-kind block:25 --format json",
    ] {
        let one = told(here.path(), &format!("{line} -j 1"));
        assert_eq!(told(here.path(), &format!("{line} -j 5")), one, "{line}");
    }
    let draws =
        |seed| rows(here.path(), &format!("te a.csv --source x --target y --null 20 --seed {seed}"))[0].null_mean;
    assert!(draws(1) == draws(1) && draws(1) != draws(2));
}

#[test]
fn missing_values_and_trials_leave_out_what_they_should() {
    let here = tempfile::tempdir().unwrap();
    let [x, y, _] = driven(60);
    let mut text = "x,y,trial\n".to_owned();
    for t in 0..60 {
        let gap = if t == 30 { String::new() } else { y[t].to_string() };
        let _ = writeln!(text, "{},{gap},{}", x[t], if t < 20 { "first" } else { "second" });
    }
    std::fs::write(here.path().join("t.csv"), text).unwrap();
    let refused = infoplane(here.path(), &words("te t.csv --source x --target y"));
    let seen = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(3));
    assert!(seen.starts_with("error[IP0232]: t.csv, line 32, column 1: the cell of column `y` is missing\n"), "{seen}");
    assert!(seen.contains("--missing mask"), "{seen}");
    let n = |line: &str| rows(here.path(), &format!("te t.csv --source x --target y --missing mask {line}"))[0].n;
    // row 30 and the one after it; the first row of each trial
    assert_eq!(n(""), 57);
    assert_eq!(n("--trial trial"), 56);
    assert_eq!(n("--trial trial -k 2"), 60 - 2 - 2 - 3);
    assert_eq!(n("--rows 0..29"), 29);
}

#[test]
fn symbols_can_be_made_or_read() {
    let here = series();
    let value = |line: &str| value(here.path(), line);
    let ordinal = value("te a.csv --source x --target y --estimator ordinal:3");
    assert_eq!(ordinal, value("te a.csv --source x --target y --estimator plugin --symbols ordinal:3"));
    assert!(value("te a.csv --source x --target y --delay 2 --estimator plugin --symbols quantile:3") > 0.02);
    let mut words = "state,stage\n".to_owned();
    (0..90).for_each(|t| words += ["wake,-1\n", "rem,2\n", "deep,7\n"][t % 3]);
    std::fs::write(here.path().join("w.csv"), words).unwrap();
    for (line, truth) in [
        ("mi w.csv --x state --y stage --estimator plugin", 3.0_f64.ln()),
        ("ais w.csv --x state --estimator plugin", 3.0_f64.ln()),
    ] {
        assert!((value(line) - truth).abs() < 1e-3, "{line}: {}", value(line));
    }
    // joint states of seventy columns do not wrap: only the first one tells rows apart
    let mut wide = String::new();
    (0..64).for_each(|t: u32| writeln!(wide, "{}{}", t % 2, " 1".repeat(69)).unwrap());
    std::fs::write(here.path().join("wide.txt"), wide).unwrap();
    assert!((value("entropy wide.txt --x 0..69 --estimator plugin --unit bits") - 1.0).abs() < 1e-12);
    let mut big = String::new();
    (0..64).for_each(|t: u32| writeln!(big, "{}{}", 4_000_000_000 + t % 2, " 4294967295".repeat(9)).unwrap());
    std::fs::write(here.path().join("big.txt"), big).unwrap();
    assert!((value("entropy big.txt --x 0..9 --estimator plugin --unit bits") - 1.0).abs() < 1e-12);
}

#[test]
fn histories_are_chosen_where_asked() {
    let here = series();
    let row = &rows(here.path(), "ais a.csv --x y --embed ragwitz:k=3,tau=2")[0];
    assert!((1..=3).contains(&row.k.unwrap()) && (1..=2).contains(&row.target_tau.unwrap()));
    let row = &rows(here.path(), "te a.csv --source x --target y --embed storage:3 --estimator gaussian")[0];
    assert!(row.k.is_some() && row.l.is_some());
}

#[test]
fn a_network_is_its_pairs_and_its_edges_are_written() {
    let here = series();
    let net =
        rows(here.path(), "te-net a.csv --delay 1..3 --null 199 --null-kind permute --seed 1 --estimator gaussian");
    assert_eq!(net.len(), 18);
    let pair = rows(here.path(), "te a.csv --source x --target y --delay 1..3 --estimator gaussian");
    let same: Vec<f64> = net
        .iter()
        .filter(|row| row.source.as_deref() == Some("x") && row.target.as_deref() == Some("y"))
        .map(|row| row.value)
        .collect();
    assert!(pair.iter().zip(same).all(|(row, net)| (row.value - net).abs() < 1e-12));
    let found: Vec<&Row> = net.iter().filter(|row| row.q.is_some_and(|q| q < 0.05)).collect();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].source.as_deref(), found[0].target.as_deref(), found[0].delay),
        (Some("x"), Some("y"), Some(2))
    );
    assert_eq!(found[0].family.as_deref(), Some("max over 3 delays, fdr-bh over 6 pairs"));
    for name in ["e.csv", "e.json", "e.graphml"] {
        told(here.path(), &format!("te-net a.csv --delay 1..3 --estimator gaussian -o {name}"));
    }
    let read = |name: &str| std::fs::read_to_string(here.path().join(name)).unwrap();
    let csv = read("e.csv");
    assert_eq!(csv.lines().next(), Some("source,target,weight,delay,n,effective,p,q,unit"));
    assert_eq!(csv.lines().count(), 7);
    let json: serde_json::Value = serde_json::from_str(&read("e.json")).unwrap();
    assert_eq!((json["nodes"].as_array().unwrap().len(), json["edges"].as_array().unwrap().len()), (3, 6));
    assert_eq!(json["directed"], true);
    let xml = read("e.graphml");
    assert_eq!((xml.matches("<node id=").count(), xml.matches("<edge source=").count()), (3, 6));
    assert_eq!(xml.matches('<').count(), xml.matches('>').count());
    assert!(xml.ends_with("</graphml>\n") && xml.contains("<edge source=\"x\" target=\"y\">"));
}

#[test]
fn the_list_of_estimators_tells_of_each() {
    let here = tempfile::tempdir().unwrap();
    let text = told(here.path(), "estimators --format json");
    let listed: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let names: Vec<&str> = listed.iter().map(|one| one["name"].as_str().unwrap()).collect();
    for name in ["plugin", "ksg", "gaussian", "copula", "knn", "kernel", "ordinal", "bins", "quantile"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    for one in &listed {
        assert!(one["summary"].as_str().is_some_and(|text| !text.is_empty()), "{one}");
        assert!(one["validity"].as_str().is_some_and(|text| !text.is_empty()), "{one}");
        assert!(one["parameters"].as_array().is_some(), "{one}");
    }
    let human = told(here.path(), "estimators ksg");
    assert!(human.starts_with("ksg   ") && human.contains("k (4): ") && human.contains("doi:"), "{human}");
    assert_eq!(infoplane(here.path(), &["estimators", "kgs"]).status.code(), Some(2));
}

/// A folder with files that are each wrong in one way.
fn wrong() -> TempDir {
    let here = series();
    let write = |name: &str, text: &str| std::fs::write(here.path().join(name), text).unwrap();
    write("ragged.csv", "a,b\n1,2\n3,4,5\n");
    write("word.csv", "a,b\n1,2\n2,3\n3,x\n4,5\n");
    write("inf.csv", "a,b\n1,2\n2,inf\n3,4\n5,1\n");
    write("nan.csv", "a,b\n1,2\n2,nan\n3,4\n5,1\n");
    write("flat.csv", "a,b\n1,7\n2,7\n3,7\n4,7\n5,7\n6,7\n");
    write("short.csv", "a,b\n1,2\n2,5\n3,1\n");
    write("symbols.csv", "a,b\n0,1\n1,0\n2,1\n0,1\n");
    write("header.csv", "a,b\n");
    write("broken.npz", "PK\u{3}\u{4}and nothing more");
    write("broken.parquet", "PAR1 and nothing more");
    let array = |n: usize| NpyArray::f64(vec![n], vec![1.5; n]).unwrap();
    let uneven = infoplane_record::npz::write_bytes(&[("a".to_owned(), array(4)), ("b".to_owned(), array(5))]).unwrap();
    std::fs::write(here.path().join("uneven.npz"), uneven).unwrap();
    here
}

/// Each line with its exit code, the code of its error, and words of the message.
fn refused(cases: &[(&str, i32, &str, &str)]) {
    let here = wrong();
    for &(line, exit, code, message) in cases {
        let output = infoplane(here.path(), &words(line));
        let seen = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{line}: {seen}");
        assert!(seen.contains(&format!("error[{code}]: ")) && seen.contains(message), "{line}: {seen}");
        assert!(output.stdout.is_empty(), "{line}");
    }
    assert!(!here.path().join("l.csv").exists());
}

#[test]
fn unusable_files_columns_and_cells_are_named() {
    refused(&[
        // the file
        ("mi nowhere.csv --x a --y b", 2, "IP0187", "cannot read the data file `nowhere.csv`"),
        ("mi . --x a --y b", 2, "IP0187", "cannot read the data file `.`"),
        (
            "mi ragged.csv --x a --y b",
            3,
            "IP0230",
            "ragged.csv, line 3, column 2: the line has 3 cells, the header has 2",
        ),
        ("mi header.csv --x a --y b", 3, "IP0230", "header.csv: it holds a header and no rows"),
        ("mi broken.npz --x a --y b", 3, "IP0230", "broken.npz: "),
        ("mi broken.parquet --x a --y b", 3, "IP0230", "broken.parquet: "),
        ("mi a.npy --x 0 --y 1 --header yes", 3, "IP0230", "a header line is a matter of text files"),
        // the columns
        ("mi a.csv --x q --y y", 2, "IP0188", "no column `q` in a.csv"),
        ("mi a.csv --x 3 --y y", 2, "IP0188", "columns (also by place, from 0): x, y, z"),
        ("mi a.npz --x al --y y", 2, "IP0188", "all[0]"),
        (
            "te a.csv --source x --target y --rows 5..500",
            2,
            "IP0160",
            "rows 5..500 are asked for, but the columns have 500",
        ),
        ("te a.csv --source x --target y --rows 5..2", 2, "IP0114", "`5..2` is no range"),
        ("mi uneven.npz --x a --y b", 3, "IP0234", "`b` has 5 rows and `a` has 4"),
        ("te a.csv --source x --target y --trial x,y", 2, "IP0125", "`--trial` takes one column"),
        // the cells
        ("mi word.csv --x a --y b", 3, "IP0231", "word.csv, line 4, column 1: `x` in column `b` is no number"),
        ("mi inf.csv --x a --y b", 3, "IP0235", "inf.csv, line 3, column 1: inf in column `b` is not finite"),
        ("mi nan.csv --x a --y b", 3, "IP0232", "nan.csv, line 3, column 1: the cell of column `b` is missing"),
        ("mi flat.csv --x a --y b", 3, "IP0260", "column `b` has the same value in every row"),
        ("te-net flat.csv", 3, "IP0260", "column `b` has the same value in every row"),
        ("mi a.csv --x x --y y --estimator plugin", 3, "IP0233", "is no whole number"),
        ("mi symbols.csv --x a --y b --estimator plugin:base=2", 3, "IP0256", "symbol 2 at row 2"),
        (
            "mi a.npz --x all --y y --estimator gaussian",
            3,
            "IP0237",
            "mi of all, y by `gaussian:bias=none` is infinite: one of them follows from the other without any rest",
        ),
        // too few rows
        ("te short.csv --source a --target b -k 3", 3, "IP0254", "3 rows; at least 4 are needed"),
        ("mi short.csv --x a --y b", 3, "IP0502", "4 neighbours are asked for among 3 rows"),
    ]);
}

#[test]
fn parameters_that_cannot_be_say_what_can() {
    refused(&[
        ("te a.csv --source x --target y --delay 0", 2, "IP0500", "delay = 0 is not allowed"),
        ("te a.csv --source x --target y -k 0", 2, "IP0500", "k = 0 is not allowed"),
        ("te a.csv --source x --target y --delay 3..1", 2, "IP0114", "`3..1` is no range"),
        ("te a.csv --source x --target y --cond z --cond-history 0", 2, "IP0500", "is not allowed: at least 1"),
        ("mi a.csv --x x --y y --estimator kernel:0", 2, "IP0113", "is not allowed"),
        ("mi a.csv --x x --y y --estimator width:0", 2, "IP0113", "is not allowed"),
        ("mi a.csv --x x --y y --estimator plugin --symbols width:0", 2, "IP0113", "is not allowed"),
        ("mi a.csv --x x --y y --estimator ksg:0", 2, "IP0113", "is not allowed"),
        ("mi a.csv --x x --y y --estimator kgs", 2, "IP0111", "did you mean `ksg`?"),
        ("mi a.csv --x x --y y --estimator ksg:n=4", 2, "IP0112", "`ksg` has no parameter `n`"),
        ("entropy a.csv --x x --estimator ksg", 2, "IP0505", "estimates no entropy"),
        ("te a.csv --source x --target y --null 20 --null-kind swap", 2, "IP0111", "unknown null `swap`"),
        ("te a.csv --source x --target y --null 0", 2, "IP0100", "invalid value '0'"),
        ("te a.csv --source x --target y --embed best", 2, "IP0111", "unknown rule for histories `best`"),
        ("te-net a.csv --columns x", 2, "IP0501", "`series` = 1 is not allowed: at least 2"),
        ("te-net a.csv --columns y,x,1", 2, "IP0127", "column `y` is named twice"),
        ("te-net a.csv -o edges.dot", 2, "IP0126", "edges are written as .csv, .json or .graphml"),
    ]);
}

#[test]
fn what_would_have_no_effect_is_refused() {
    refused(&[
        (
            "te a.csv --source x --target y --estimator gaussian --theiler 5",
            2,
            "IP0504",
            "`theiler` has no effect on `gaussian`",
        ),
        (
            "mi symbols.csv --x a --y b --estimator plugin --normalise before",
            2,
            "IP0504",
            "`normalise` has no effect on",
        ),
        (
            "te a.csv --source x --target y --estimator gaussian --normalise after",
            2,
            "IP0504",
            "`normalise` has no effect",
        ),
        ("te a.csv --source x --target y --symbols quantile:3", 2, "IP0504", "`symbols` has no effect on `ksg:"),
        (
            "te a.csv --source x --target y --estimator ordinal:3 --symbols bins:3",
            2,
            "IP0504",
            "`symbols` has no effect",
        ),
        (
            "te a.csv --source x --target y --estimator gaussian --seed 1",
            2,
            "IP0504",
            "`seed` has no effect on `gaussian",
        ),
        ("te a.csv --source x --target y --estimator ksg:4,ties=keep --seed 1", 2, "IP0504", "`seed` has no effect"),
        ("mi a.csv --x x --y y --trial z --estimator gaussian", 2, "IP0504", "`trial` has no effect on `mi`"),
        ("entropy a.csv --x x --null 20", 2, "IP0504", "`null` has no effect on `entropy`"),
        (
            "entropy a.csv --x x --family tsallis --order 2 --unit bits",
            2,
            "IP0504",
            "`unit` has no effect on `tsallis`",
        ),
        ("te a.csv --source x --target y --null-kind shift", 2, "IP0100", "--null"),
        ("te a.csv --source x --target y --estimator ksg:4,theiler=2 --theiler 5", 2, "IP0163", "`theiler` is set by"),
        // local values
        ("te a.csv --source x --target y --delay 1..2 --local l.csv", 2, "IP0162", "2 were asked for"),
        ("te a.csv --source x --target y --both --local l.csv", 2, "IP0162", "2 were asked for"),
        (
            "mi a.csv --x x --y y --estimator plugin:correction=nsb --symbols bins:3 --local l.csv",
            2,
            "IP0161",
            "no local values",
        ),
        ("te a.csv --source x --target y --local a.csv", 2, "IP0106", "a.csv exists"),
    ]);
}

#[test]
fn what_looks_odd_and_is_right() {
    let here = wrong();
    // a constant symbol is legal and tells nothing; an estimator is told of ties and says so
    assert_eq!(value(here.path(), "mi flat.csv --x a --y b --estimator plugin"), 0.0);
    let row = &rows(here.path(), "te symbols.csv --source a --target b --estimator ksg:1")[0];
    assert!(row.ties.unwrap() > 0.0 && row.warnings == ["IP0307"]);
    let few = &rows(here.path(), "te a.csv --source x --target y --null 9")[0];
    assert_eq!(few.warnings, ["IP0306"]);
    let output = infoplane(here.path(), &words("te a.csv --source x --target y --null 9"));
    let warned = String::from_utf8(output.stderr).unwrap();
    assert!(warned.starts_with("warning[IP0306]: 9 draws allow no p below 0.100"), "{warned}");
    let quiet = infoplane(here.path(), &words("te a.csv --source x --target y --null 9 -q"));
    assert!(quiet.stderr.is_empty());
}
