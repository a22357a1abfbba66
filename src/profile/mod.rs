//! Bytes that a profiler counted: CSV as Nsight Compute exports it.
//!
//! Two forms are read and told apart by their header:
//!
//! - long (`ncu --csv`): a row a metric, in columns `ID`, `Kernel Name`, `Metric Name`, `Metric Unit`
//!   and `Metric Value`;
//! - wide (`ncu --csv --page raw`): a row a launch, a column a metric, and units in the row below the
//!   header.
//!
//! Lines above the header, empty lines and those that begin with `==` are passed over. Prefixes of units
//! are powers of 1000, a sector has 32 bytes. A number that is not whole bytes was rounded when it was
//! printed, and [`Measured::rounding`] says by how much at most.

mod number;
mod table;

pub use number::{Bytes, bytes};
pub use table::read;

/// What crosses between two memories, and the metrics that count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The traffic, as its metrics call it.
    pub name: &'static str,
    /// What the table of hardware calls it, where M is the memory above.
    pub traffic: &'static [&'static str],
    /// Read and written; their sum is the traffic.
    pub metrics: [&'static str; 2],
    /// The unit without a prefix.
    pub unit: &'static str,
    /// Bytes of that unit.
    pub bytes: u64,
}

/// Every counter the program knows.
pub const COUNTERS: &[Counter] = &[
    Counter {
        name: "DRAM",
        traffic: &["words between HBM and L2", "words between GDDR6X and L2"],
        metrics: ["dram__bytes_read.sum", "dram__bytes_write.sum"],
        unit: "byte",
        bytes: 1,
    },
    Counter {
        name: "L2",
        traffic: &["words between L2 and one SM"],
        metrics: ["lts__t_sectors_op_read.sum", "lts__t_sectors_op_write.sum"],
        unit: "sector",
        bytes: 32,
    },
];

/// The counter of what the table of hardware calls `traffic`.
#[must_use]
pub fn counter(traffic: &str) -> Option<&'static Counter> {
    COUNTERS.iter().find(|it| it.traffic.contains(&traffic))
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Bytes of all launches, read and written.
    pub bytes: u128,
    /// The bytes may be more or fewer by as many: the profiler printed fewer digits.
    pub rounding: u128,
    /// By kernel, in the order of their first launches.
    pub kernels: Vec<Kernel>,
}

/// The launches of one kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// Its name in the file.
    pub name: String,
    /// How often it ran.
    pub launches: u64,
    /// Bytes of all of them.
    pub bytes: u128,
}

/// The file is not what [`read`] reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{what}", column.as_ref().map_or(String::new(), |it| format!("column {it:?}: ")))]
pub struct NotAProfile {
    /// The line, from 1; `None` if it is about all of them.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<String>,
    /// What is wrong, and what is known.
    pub what: String,
}
