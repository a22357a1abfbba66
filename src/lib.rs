//! How much slow-memory traffic attention must cause, and how far a kernel is from it.
//!
//! A schedule is data: a text over tiles, and everything else is a reading of it. Sizes are in words unless said.
//!
//! # Count an algorithm
//!
//! [`strategy`] has the algorithms and looks for tiles; [`bounds`] says what no schedule can be below.
//!
//! ```
//! use iobound::{
//!     bounds,
//!     model::{Recompute, Words},
//!     strategy::{Max, Want, choose, find},
//! };
//!
//! let (n, d, fast) = (4096, 128, Words(82 * 1024));
//! let flash2 = find("flash2")?.schedule(Max::Kept).expect("it has a maximum");
//! let choice = choose(flash2, None, &[("N", n), ("d", d)], fast, &Want::Best(vec![]))?;
//! let least = bounds::best(n, d, fast, Recompute::Forbidden)?;
//! assert_eq!(choice.totals.io(), 14_680_064);
//! assert_eq!(least.id, "pair-fresh");
//! assert!(least.value.is_some_and(|it| it <= choice.totals.io().into()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Write a schedule
//!
//! [`schedule::Program::parse`] reads the language of `traces/README.md` and refuses what is not legal at every size.
//! [`reading`] counts it, makes pebble moves and runs it; [`replay`] is the referee, who trusts none of them.
//!
//! ```
//! use iobound::{
//!     model::{Machine, Words},
//!     reading::{Pebbles, count::{LIMIT, count}},
//!     replay::{Mode, Problem, replay},
//!     attention::Shape,
//!     schedule::Program,
//! };
//!
//! let one_row_at_a_time = "iobound-schedule 1
//! param N, d;
//! in Q[N,d], K[N,d], V[N,d];
//! out O[N,d];
//! for i in 0..N by 1 {
//!   load q = Q[i..i+1, ..];
//!   l[r:1] = 0;
//!   o[r:1,e:d] = 0;
//!   for j in 0..N by 1 {
//!     load k = K[j..j+1, ..];
//!     load v = V[j..j+1, ..];
//!     s[r,c] += q[r,e] * k[c,e];
//!     s[r,c] = exp(s[r,c]);
//!     l[r] += s[r,c];
//!     o[r,e] += s[r,c] * v[c,e];
//!     free k, v, s;
//!   }
//!   o[r,e] = o[r,e] / l[r];
//!   store O[i..i+1, ..] = o;
//!   free q, l, o;
//! }
//! ";
//! let program = Program::parse(one_row_at_a_time)?;
//! let binding = program.bind(&[("N", 6), ("d", 2)])?;
//! let totals = count(&program, &binding, LIMIT)?.totals;
//! // Q and O once, K and V once a row.
//! assert_eq!(totals.io(), 2 * 6 * 2 + 2 * 6 * 6 * 2);
//!
//! // Legal, the same number of words, and what it computes is attention.
//! let problem = Problem::Attention { shape: Shape::square(6, 2)?, scaled: false };
//! let machine = Machine::strict(Words(64));
//! let moves = Pebbles::new(&program, &binding);
//! let seen = replay(&problem, &machine, Mode::Values { seed: 1 }, moves)?;
//! assert_eq!(u128::from(seen.io()), totals.io());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Check a certificate
//!
//! A lower bound is a claim with its evidence. [`check`](mod@check) accepts it or says which step fails; nothing else makes a
//! [`check::LowerBound`].
//!
//! ```
//! use iobound::{certificate::parse, check::check_attention};
//!
//! let text = b"iobound-certificate 1
//! problem attention 4096 4096 64 64 8390656 32
//! fast 4096
//! recompute allowed
//! partial off
//! bound window
//! value 251719681
//! evidence segment 61440
//! end
//! ";
//! let claim = parse(text)?;
//! let bound = check_attention(&claim)?;
//! assert_eq!(bound.id(), "window");
//!
//! // One word more is refused.
//! let more = String::from_utf8(text.to_vec())?.replace("251719681", "251719682");
//! assert!(check_attention(&parse(more.as_bytes())?).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The programs in `examples/` go on from here.
//!
//! # What may change
//!
//! Before 1.0 anything may with the second number of the version. Errors and results marked `#[non_exhaustive]` get new cases and fields
//! without that; [`replay::Rule`], [`check::Reason`] and [`schedule::FaultKind`] are not marked, so that whoever
//! judges by them is asked about a new one.

pub mod access;
pub mod attention;
pub mod bounds;
pub mod cache;
pub mod cdag;
pub mod certificate;
pub mod check;
pub mod device;
pub mod epochs;
pub mod exact;
pub mod figure2;
pub mod hardware;
pub mod model;
pub mod models;
mod names;
pub mod observe;
pub mod op;
pub mod order;
pub mod profile;
pub mod reading;
pub mod replay;
pub mod report;
pub mod schedule;
pub mod sizes;
pub mod strategy;
pub mod sweep;
pub mod trace;
pub mod trial;
pub mod value;
