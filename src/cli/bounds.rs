//! `iobound bounds`: what no algorithm can go below.

use super::{
    Status,
    failure::Failure,
    output::Output,
    point,
    table::{Align, digits, table, wrap},
};
use iobound::bounds::bounds;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound bounds --n 4Ki --d 128 --m 64Ki
  iobound bounds --model ViT-L --hardware A100 --json

A value is the integer above the exact bound; 0 where the formula says nothing, null (a dash)
outside the range for which it was proved.")]
pub(super) struct Args {
    #[command(flatten)]
    point: point::PointArgs,
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    let point = args.point.point()?;
    let rows = bounds(point.n()?, point.d()?, point.m()?)?;
    if out.is_json() {
        out.document(&rows);
        return Ok(Status::Holds);
    }
    out.line(format_args!("lower bounds on loads + stores at {}", point.title()));
    for line in point.about() {
        out.line(line);
    }
    out.line("");
    let mut cells = vec![["bound", "value", "unit", "standing"].map(str::to_owned).to_vec()];
    for row in &rows {
        let value = row.value.as_ref().map_or("–".to_owned(), digits);
        let standing = row.standing.to_string();
        cells.push(vec![row.id.to_owned(), value, row.unit.to_string(), standing]);
    }
    out.text(&table(&[Align::Left, Align::Right, Align::Left, Align::Left], &cells));
    for row in &rows {
        out.line(format_args!("\n{}: {}", row.id, row.source));
        out.text(&wrap(row.assumes, "  ", 96));
    }
    Ok(Status::Holds)
}
