//! The rows of a profile.

use super::{Bytes, Counter, Kernel, Measured, NotAProfile, number::measured};
use std::collections::BTreeMap;

const KERNEL: &str = "Kernel Name";
const ID: &str = "ID";
const METRIC: &str = "Metric Name";
const UNIT: &str = "Metric Unit";
const VALUE: &str = "Metric Value";

/// A launch: the process, if the file says it, and the launch's number in it.
type Launch = (String, String);

/// One number of the file.
struct Cell<'a> {
    line: u64,
    launch: Launch,
    kernel: &'a str,
    /// Which metric of the counter.
    metric: usize,
    column: &'a str,
    unit: &'a str,
    value: &'a str,
}

/// What `counter` says in the profile `text`, summed over the launches of all kernels whose names contain
/// `filter`.
///
/// # Errors
///
/// [`NotAProfile`]: no header, a column or a metric is missing, a number or a unit is none that is known, one launch has
/// two values of a metric, or no kernel has such a name.
pub fn read(text: &str, counter: &Counter, filter: &str) -> Result<Measured, NotAProfile> {
    let mut rows =
        text.lines().zip(1..).filter(|it| !passed_over(it.0)).map(|it| (cells(it.0), it.1));
    let is_header = |(row, _): &(Vec<String>, u64)| row.iter().any(|it| it == KERNEL);
    let Some((header, line)) = rows.find(is_header) else {
        let what = format!(
            "no header: no line has a column {KERNEL:?}; export with `ncu --csv --metrics {}`",
            counter.metrics.join(",")
        );
        return Err(NotAProfile { line: None, column: None, what });
    };
    let rows: Vec<(Vec<String>, u64)> = rows.collect();
    if let Some((row, line)) = rows.iter().find(|it| it.0.len() != header.len()) {
        let what = format!("the row has {} cells, the header {}", row.len(), header.len());
        return Err(NotAProfile { line: Some(*line), column: None, what });
    }
    let mut launches =
        Launches { counter, filter, all: vec![], at: BTreeMap::new(), others: vec![] };
    if header.iter().any(|it| it == METRIC) {
        launches.long(&header, line, &rows)?;
    } else {
        launches.wide(&header, line, &rows)?;
    }
    launches.sum()
}

fn passed_over(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with("==")
}

/// The cells of one line. No cell of a profile has a line end in it.
fn cells(line: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).buffer_capacity(512).from_reader(line.as_bytes());
    let row = reader.records().next().and_then(Result::ok).unwrap_or_default();
    row.iter().map(str::to_owned).collect()
}

fn at(line: u64, column: &str, what: impl ToString) -> NotAProfile {
    NotAProfile { line: Some(line), column: Some(column.to_owned()), what: what.to_string() }
}

fn column(header: &[String], line: u64, name: &str) -> Result<usize, NotAProfile> {
    header.iter().position(|it| it == name).ok_or_else(|| at(line, name, "is missing"))
}

/// A launch and what it moved, by metric.
struct Seen {
    kernel: String,
    line: u64,
    values: [Option<Bytes>; 2],
}

struct Launches<'a> {
    counter: &'a Counter,
    filter: &'a str,
    all: Vec<Seen>,
    at: BTreeMap<Launch, usize>,
    /// Names of kernels that the filter leaves out.
    others: Vec<String>,
}

impl Launches<'_> {
    fn long(
        &mut self,
        header: &[String],
        line: u64,
        rows: &[(Vec<String>, u64)],
    ) -> Result<(), NotAProfile> {
        let find = |name| column(header, line, name);
        let (id, kernel, metric) = (find(ID)?, find(KERNEL)?, find(METRIC)?);
        let (unit, value) = (find(UNIT)?, find(VALUE)?);
        let process = header.iter().position(|it| it == "Process ID");
        for (row, line) in rows {
            let Some(metric) = self.counter.metrics.iter().position(|it| *it == row[metric]) else {
                continue;
            };
            let process = process.map_or(String::new(), |it| row[it].clone());
            let launch = (process, row[id].clone());
            let (unit, value) = (&row[unit], &row[value]);
            let (line, kernel, column) = (*line, &row[kernel], VALUE);
            self.add(&Cell { line, launch, kernel, metric, column, unit, value })?;
        }
        self.found(line)
    }

    fn wide(
        &mut self,
        header: &[String],
        line: u64,
        rows: &[(Vec<String>, u64)],
    ) -> Result<(), NotAProfile> {
        let kernel = column(header, line, KERNEL)?;
        let known = || format!("is missing; the file has {}", metrics(header));
        let [read, write] = self.counter.metrics.map(|name| {
            let found = header.iter().position(|it| it == name);
            found.ok_or_else(|| at(line, name, known()))
        });
        let columns = [read?, write?];
        let Some(((units, line), rows)) = rows.split_first() else { return self.found(line) };
        for (row, line) in rows.iter().map(|(row, line)| (row, *line)) {
            for (metric, column) in columns.into_iter().enumerate() {
                let (unit, value) = (&units[column], &row[column]);
                let (kernel, launch) = (&row[kernel], (String::new(), line.to_string()));
                let column = self.counter.metrics[metric];
                self.add(&Cell { line, launch, kernel, metric, column, unit, value })?;
            }
        }
        self.found(*line)
    }

    fn add(&mut self, cell: &Cell) -> Result<(), NotAProfile> {
        if !cell.kernel.contains(self.filter) {
            if !self.others.iter().any(|it| it == cell.kernel) {
                self.others.push(cell.kernel.to_owned());
            }
            return Ok(());
        }
        let Counter { unit, bytes, .. } = *self.counter;
        let Some(value) = measured(cell.value, cell.unit, unit, bytes) else {
            let what = format!(
                "{:?} in {:?} is no number of {unit}s; known: digits, as 1,234 or 1.25, in {unit}, K{unit}, \
                 M{unit}, G{unit} or T{unit}",
                cell.value, cell.unit
            );
            return Err(at(cell.line, cell.column, what));
        };
        let index = *self.at.entry(cell.launch.clone()).or_insert(self.all.len());
        if index == self.all.len() {
            self.all.push(Seen {
                kernel: cell.kernel.to_owned(),
                line: cell.line,
                values: [None; 2],
            });
        }
        // A metric that stands in two sections is one number.
        let place = &mut self.all[index].values[cell.metric];
        match place {
            Some(it) if *it != value => {
                let what = format!(
                    "launch {} has two values of {}: {} and {} bytes",
                    cell.launch.1, self.counter.metrics[cell.metric], it.bytes, value.bytes
                );
                Err(at(cell.line, cell.column, what))
            }
            _ => {
                *place = Some(value);
                Ok(())
            }
        }
    }

    /// Is there anything to add up?
    fn found(&self, header: u64) -> Result<(), NotAProfile> {
        if !self.all.is_empty() {
            return Ok(());
        }
        if self.others.is_empty() {
            let what =
                format!("no row has {} below this header", self.counter.metrics.join(" or "));
            return Err(NotAProfile { line: Some(header), column: None, what });
        }
        let what = format!("no name contains {:?}; known: {}", self.filter, self.others.join("; "));
        Err(NotAProfile { line: None, column: Some(KERNEL.to_owned()), what })
    }

    fn sum(self) -> Result<Measured, NotAProfile> {
        let mut sum = Measured { bytes: 0, rounding: 0, kernels: vec![] };
        for Seen { kernel, line, values } in self.all {
            let mut bytes = 0_u128;
            for (value, name) in values.iter().zip(self.counter.metrics) {
                let Some(it) = value else {
                    let what = format!("a launch of {kernel:?} has no {name}");
                    return Err(NotAProfile { line: Some(line), column: None, what });
                };
                bytes += it.bytes;
                sum.rounding += it.rounding;
            }
            sum.bytes += bytes;
            match sum.kernels.iter_mut().find(|it| it.name == kernel) {
                Some(it) => {
                    it.launches += 1;
                    it.bytes += bytes;
                }
                None => sum.kernels.push(Kernel { name: kernel, launches: 1, bytes }),
            }
        }
        Ok(sum)
    }
}

/// The metrics of a header.
fn metrics(header: &[String]) -> String {
    let all: Vec<&str> = header.iter().map(String::as_str).filter(|it| it.contains("__")).collect();
    if all.is_empty() { "no metric".to_owned() } else { all.join(", ") }
}
