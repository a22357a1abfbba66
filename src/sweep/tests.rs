use super::*;
use crate::bounds::Unit;
use num_bigint::BigUint;

fn cells() -> Vec<Cell> {
    let sizes = [(64, 8, 4000), (64, 8, 40), (33, 7, 100), (197, 64, 5), (1 << 40, 128, 1 << 16)];
    let cells = sizes.iter().flat_map(|(n, d, m)| Cell::all(*n, *d, Words(*m)));
    cells.collect()
}

fn swept() -> Vec<Point> {
    sweep(&cells(), || ()).expect("bounds are below counts")
}

#[test]
fn twice_the_same_in_the_order_asked() {
    let points = swept();
    let ids: Vec<_> = cells().iter().map(Cell::id).collect();
    assert_eq!(points.iter().map(|it| it.id.clone()).collect::<Vec<_>>(), ids);
    assert_eq!(points, swept());
    let backwards: Vec<_> = cells().into_iter().rev().collect();
    let mut points_backwards = sweep(&backwards, || ()).expect("as before");
    points_backwards.reverse();
    assert_eq!(points, points_backwards);
}

#[test]
fn done_is_called_once_a_cell() {
    let done = std::sync::atomic::AtomicUsize::new(0);
    let tick = || {
        done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    sweep(&cells(), tick).expect("as before");
    assert_eq!(done.into_inner(), cells().len());
}

#[test]
fn best_is_what_strategy_calls_best() {
    for point in swept().iter().filter(|it| it.algorithm == BEST) {
        match strategy::best(point.n, point.d, Words(point.m), Max::Kept) {
            Ok((algorithm, choice)) => {
                assert_eq!(point.schedule.as_deref(), Some(algorithm.name), "{}", point.id);
                assert_eq!(point.io, Some(choice.totals.io()), "{}", point.id);
                assert_eq!(point.tiles, choice.tiles.into_iter().collect());
            }
            Err(error) => assert_eq!(point.note, Some(error.to_string())),
        }
    }
}

#[test]
fn a_fake_bound_above_the_count_stops_everything() {
    fn fake(n: u64, d: u64, m: Words, recompute: Recompute) -> Result<Row, OutOfRange> {
        let mut row = bounds::best(n, d, m, recompute)?;
        if n == 33 {
            (row.id, row.value) = ("fake", Some(BigUint::from(1_000_000u32)));
        }
        Ok(row)
    }
    let error = sweep_against(&cells(), fake, || ()).expect_err("a bound too large");
    let SweepError::LowerExceedsUpper { cell, error } = error else { panic!("{error}") };
    assert!(cell.ends_with("-n33-d7-m100"), "{cell}");
    assert_eq!((error.id, &error.lower), ("fake", &BigUint::from(1_000_000u32)));
    // 4·33·7 words are compulsory, and no algorithm moves a million here
    assert!((924..1_000_000).contains(&error.upper), "{}", error.upper);
}

#[test]
fn absent_is_not_zero() {
    let points = sweep(&[Cell::new("flat", 197, 64, Words(300)).expect("known")], || ());
    let points = points.expect("nothing fits, which is no error");
    let [point] = &points[..] else { panic!("one cell, one point") };
    assert_eq!((point.io, point.loads, point.gap, point.vouched), (None, None, None, None));
    let note = point.note.as_deref().expect("it says why");
    // golden: 197 scores, 2·64 words of two rows, and three more
    assert_eq!(note, "`flat` needs at least 328 words of fast memory here; M is 300");
    assert_eq!(point.least_m, Some(328));
    let json = to_json_lines(&points);
    assert!(json.contains(r#""io":null"#) && json.contains(r#""gap":null"#), "{json}");
    let csv = to_csv(&points);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let record = reader.records().next().expect("one row").expect("it parses");
    assert_eq!(&record[10], "");
    // the bound holds whether or not a schedule fits
    assert_eq!(point.bound.as_ref().map(|it| it.id.as_str()), Some(&record[14]));
}

#[test]
fn all_digits_survive() {
    let mut points = swept();
    assert!(points.iter().any(|it| it.io > Some(u128::from(u64::MAX))), "beyond 64 bits");
    let point = &mut points[0];
    (point.io, point.peak) = (Some(u128::MAX), Some(u128::MAX - 1));
    let value = BigUint::from(u128::MAX) * 1_000_003u32;
    point.bound = Some(PointBound { id: "fake".to_owned(), value: value.clone() });
    let json = to_json_lines(&points);
    assert!(json.contains(r#""io":340282366920938463463374607431768211455,"#));
    assert!(json.contains(&format!(r#""value":{value}}}"#)));
    assert_eq!(from_json_lines(&json).expect("it is what was written"), points);
    let csv = to_csv(&points);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let records: Vec<_> = reader.records().map(|it| it.expect("it parses")).collect();
    assert_eq!(records.len(), points.len());
    assert_eq!(&records[0][10], u128::MAX.to_string());
    assert_eq!(&records[0][15], value.to_string());
}

#[test]
fn names() {
    let mut cell = Cell::new("flash2", 1024, 64, Words(4096)).expect("known");
    assert_eq!(cell.id(), "flash2-n1024-d64-m4096");
    cell.tiles = Tiles::Paper;
    assert_eq!(cell.id(), "flash2-paper-n1024-d64-m4096");
    assert!(Cell::new("flash9", 1, 1, Words(1)).is_err());
    assert!(bounds::BOUNDS.iter().any(|it| it.unit == Unit::Bits), "which `best` leaves out");
}

#[test]
fn sizes_out_of_range_are_refused() {
    let cell = Cell::new(BEST, 0, 1, Words(1)).expect("the name is known");
    assert!(matches!(sweep(&[cell], || ()), Err(SweepError::OutOfRange(it)) if it.what == "N"));
}
