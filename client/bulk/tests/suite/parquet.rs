//! Parquet files as input and output.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use crustdata_bulk::table;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use crate::support::{PERSON, Scene, expect, url};

/// Rows of a group in the inputs here.
const GROUP: usize = 4;

/// A file with a number, a profile and a text in each row; the last is null in every other one.
fn write(path: &Path, compression: Compression, profiles: &[String]) {
    let column = |name, physical, logical: Option<LogicalType>, repetition| {
        let column = Type::primitive_type_builder(name, physical);
        let column = column.with_logical_type(logical);
        Arc::new(column.with_repetition(repetition).build().unwrap())
    };
    let text = Some(LogicalType::String);
    let columns = vec![
        column("n", Physical::INT64, None, Repetition::REQUIRED),
        // As older programs write texts.
        column("profile", Physical::BYTE_ARRAY, None, Repetition::REQUIRED),
        column("note", Physical::BYTE_ARRAY, text, Repetition::OPTIONAL),
    ];
    let schema = Type::group_type_builder("people").with_fields(columns);
    let schema = Arc::new(schema.build().unwrap());
    let properties = WriterProperties::builder().set_compression(compression);
    let file = File::create(path).unwrap();
    let mut file = SerializedFileWriter::new(file, schema, Arc::new(properties.build())).unwrap();
    for (group, profiles) in profiles.chunks(GROUP).enumerate() {
        let numbers: Vec<i64> = (0..profiles.len())
            .map(|n| (group * GROUP + n) as i64)
            .collect();
        let profiles: Vec<ByteArray> = profiles.iter().map(|url| url.as_str().into()).collect();
        let levels: Vec<i16> = numbers.iter().map(|n| (n % 2) as i16).collect();
        let notes: Vec<ByteArray> = numbers
            .iter()
            .filter(|n| *n % 2 == 1)
            .map(|n| format!("note, {n}").as_str().into())
            .collect();
        let mut writer = file.next_row_group().unwrap();
        let mut column = writer.next_column().unwrap().unwrap();
        column
            .typed::<Int64Type>()
            .write_batch(&numbers, None, None)
            .unwrap();
        column.close().unwrap();
        for (values, levels) in [(profiles, None), (notes, Some(&levels[..]))] {
            let mut column = writer.next_column().unwrap().unwrap();
            column
                .typed::<ByteArrayType>()
                .write_batch(&values, levels, None)
                .unwrap();
            column.close().unwrap();
        }
        writer.close().unwrap();
    }
    file.close().unwrap();
}

/// The rows of a file, each as JSON.
fn read(path: &Path) -> Vec<serde_json::Value> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let rows = reader.into_iter();
    rows.map(|row| row.unwrap().to_json_value()).collect()
}

fn enrich(scene: &Scene, input: &str, output: &str) -> std::process::Command {
    scene.command(&[
        "enrich",
        input,
        "--fields",
        "business_email",
        "--yes",
        "--interval",
        "0.01",
        "-o",
        output,
    ])
}

#[test]
fn a_file_is_read_and_written() {
    let scene = Scene::new(6);
    let mut profiles: Vec<String> = (0..6).map(url).collect();
    profiles.insert(3, "nobody".to_owned());
    write(&scene.path("in.parquet"), Compression::SNAPPY, &profiles);
    expect(&mut enrich(&scene, "in.parquet", "out.parquet"), 0);
    let output = read(&scene.path("out.parquet"));
    assert_eq!(output.len(), profiles.len());
    for (n, (row, profile)) in output.iter().zip(&profiles).enumerate() {
        assert_eq!(row["n"], n.to_string(), "{row}");
        assert_eq!(row["profile"], **profile, "{row}");
        let note = (n % 2 == 1).then(|| format!("note, {n}"));
        assert_eq!(row["note"].as_str(), note.as_deref(), "{row}");
        let outcome = if profile == "nobody" {
            "invalid"
        } else {
            "found"
        };
        assert_eq!(row["crustdata_outcome"], outcome, "{row}");
        let has_email = row["crustdata_business_emails"].is_string();
        assert_eq!(has_email, outcome == "found", "{row}");
    }
    // The same from the journal in another format, where numbers are numbers.
    let export = ["export", "--journal", "out.parquet.journal", "--to"];
    expect(scene.command(&export).arg("out.jsonl"), 0);
    let lines = fs::read_to_string(scene.path("out.jsonl")).unwrap();
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first["input"]["n"], 0);
    // What was written can be read again, its own columns as well.
    expect(&mut enrich(&scene, "out.parquet", "again.parquet"), 0);
    let again = read(&scene.path("again.parquet"));
    assert_eq!(again[0]["crustdata_outcome"], "found");
    assert_eq!(again[0]["crustdata_outcome_11"], "found", "{}", again[0]);
    assert!(scene.spent() < 12.0 * PERSON);
}

/// Some files have any number where a date should be.
#[test]
fn dates_are_texts_and_what_is_none_is_a_number() {
    let scene = Scene::new(0);
    let path = scene.path("dates.parquet");
    let column = |name, physical, kind| {
        let column = Type::primitive_type_builder(name, physical).with_converted_type(kind);
        let column = column.with_repetition(Repetition::REQUIRED).build();
        Arc::new(column.unwrap())
    };
    let columns = vec![
        column("day", Physical::INT32, ConvertedType::DATE),
        column("ms", Physical::INT64, ConvertedType::TIMESTAMP_MILLIS),
        column("us", Physical::INT64, ConvertedType::TIMESTAMP_MICROS),
    ];
    let schema = Type::group_type_builder("dates").with_fields(columns);
    let schema = Arc::new(schema.build().unwrap());
    let mut file =
        SerializedFileWriter::new(File::create(&path).unwrap(), schema, Arc::default()).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut days = group.next_column().unwrap().unwrap();
    days.typed::<Int32Type>()
        .write_batch(&[20_000, i32::MAX], None, None)
        .unwrap();
    days.close().unwrap();
    for unit in [1_000, 1_000_000] {
        let mut times = group.next_column().unwrap().unwrap();
        times
            .typed::<Int64Type>()
            .write_batch(&[20_000 * 86_400 * unit, i64::MAX], None, None)
            .unwrap();
        times.close().unwrap();
    }
    group.close().unwrap();
    file.close().unwrap();
    let mut source = table::open(&path, Some("day")).unwrap();
    let row = source.next().unwrap().unwrap().content;
    for cell in row.as_array().unwrap() {
        let date = cell.as_str().unwrap();
        assert!(date.starts_with("2024-10-04"), "{row}");
    }
    let row = source.next().unwrap().unwrap().content;
    assert_eq!(row, serde_json::json!([i32::MAX, i64::MAX, i64::MAX]));
}

#[test]
fn compressions() {
    let scene = Scene::new(2);
    let plan = |compression, code| {
        write(&scene.path("in.parquet"), compression, &[url(0), url(1)]);
        let plan = ["plan", "in.parquet", "--fields", "business_email"];
        expect(&mut scene.command(&plan), code)
    };
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
    ] {
        assert!(plan(compression, 0).contains("different people  2"));
    }
}

/// Killed when all is written but nothing in its place: there is no output, and the next run makes it.
#[test]
fn an_output_is_whole_or_not_there() {
    let scene = Scene::new(5);
    let profiles: Vec<String> = (0..5).map(url).collect();
    write(
        &scene.path("in.parquet"),
        Compression::UNCOMPRESSED,
        &profiles,
    );
    let mut command = enrich(&scene, "in.parquet", "out.parquet");
    let output = command.env("CRUSTDATA_BULK_ABORT_AT", "Written").output();
    assert!(output.unwrap().status.code().is_none());
    let partial = || {
        let names = fs::read_dir(scene.folder.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".partial")).count()
    };
    assert_eq!(partial(), 1);
    assert!(!scene.path("out.parquet").exists());
    expect(&mut enrich(&scene, "in.parquet", "out.parquet"), 0);
    assert_eq!(read(&scene.path("out.parquet")).len(), 5);
    assert_eq!(partial(), 1, "of the one that was killed");
}

/// More rows than a group has, so that no more than a group is in memory.
#[test]
fn long_files_have_several_groups() {
    let scene = Scene::new(1);
    let list = "who\n".to_owned() + &"nobody\n".repeat(12_000);
    fs::write(scene.path("long.csv"), list).unwrap();
    expect(&mut enrich(&scene, "long.csv", "long.parquet"), 0);
    let file = File::open(scene.path("long.parquet")).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let groups = reader.metadata().row_groups();
    let groups: Vec<i64> = groups.iter().map(|group| group.num_rows()).collect();
    assert_eq!(groups, [10_000, 2_000]);
}

/// Whatever a file holds, it is read or refused with the reason.
#[test]
fn damaged_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.parquet");
    let profiles: Vec<String> = (0..9).map(url).collect();
    write(&path, Compression::SNAPPY, &profiles);
    let whole = fs::read(&path).unwrap();
    let mut refused = 0;
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..400 {
        let mut bytes = whole.clone();
        match random.u8(..4) {
            0 => bytes.truncate(random.usize(..whole.len())),
            _ => {
                let at = random.usize(..whole.len());
                bytes[at] ^= 1 << random.u8(..8);
            }
        }
        fs::write(&path, bytes).unwrap();
        let read = || -> Result<(), crustdata_bulk::Error> {
            let mut source = table::open(&path, Some("profile"))?;
            while source.next()?.is_some() {}
            Ok(())
        };
        if let Err(error) = read() {
            let text = error.to_string();
            assert!(text.contains("in.parquet can't be read"), "{text}");
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn what_is_no_parquet_or_no_file() {
    let scene = Scene::new(1);
    fs::write(scene.path("in.parquet"), "a,b\n1,2\n").unwrap();
    let said = expect(&mut enrich(&scene, "in.parquet", "out.csv"), 2);
    assert!(said.contains("no Parquet"), "{said}");
    write(&scene.path("in.bin"), Compression::SNAPPY, &[url(0)]);
    let said = expect(&mut enrich(&scene, "in.bin", "out.csv"), 2);
    assert!(
        said.contains("give it as a file that ends in .parquet"),
        "{said}"
    );
}
