//! `iobound list`: what there is.

use super::{
    Status,
    failure::Failure,
    output::Output,
    plan::formula,
    table::{Align, digits, table, wrap},
};
use iobound::{
    bounds::{BACKWARD, BOUNDS},
    cdag::generate::{FAMILIES, Family},
    hardware::HARDWARE,
    models::MODELS,
    schedule::{Program, poly::Slot},
    strategy::{ALGORITHMS, Algorithm, Default, Max, Member, family},
};
use serde_json::{Value, json};

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  iobound list algorithms
  iobound list hardware --json")]
pub(super) struct Args {
    /// What to list; everything if it is not said
    what: Option<What>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    Algorithms,
    Hardware,
    Models,
    Bounds,
    Families,
    Variants,
}

const ALL: [What; 6] =
    [What::Algorithms, What::Hardware, What::Models, What::Bounds, What::Families, What::Variants];

impl What {
    fn name(self) -> &'static str {
        match self {
            Self::Algorithms => "algorithms",
            Self::Hardware => "hardware",
            Self::Models => "models",
            Self::Bounds => "bounds",
            Self::Families => "families",
            Self::Variants => "variants",
        }
    }

    fn json(self) -> Value {
        match self {
            Self::Algorithms => ALGORITHMS.iter().map(algorithm).collect(),
            Self::Variants => family().map(member).collect(),
            Self::Hardware => hardware(),
            Self::Models => models(),
            Self::Bounds => BOUNDS
                .iter()
                .chain(BACKWARD)
                .map(|it| {
                    json!({"id": it.id, "unit": it.unit.to_string(), "assumes": it.assumes,
                        "source": it.source, "standing": it.standing.to_string()})
                })
                .collect(),
            Self::Families => FAMILIES
                .iter()
                .map(|it| json!({"name": it.name, "sizes": it.sizes, "about": it.about}))
                .collect(),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Algorithms => algorithms_text(),
            Self::Variants => variants_text(),
            Self::Hardware => hardware_text(),
            Self::Models => models_text(),
            Self::Bounds => {
                let row = |it: &iobound::bounds::ClosedForm| {
                    vec![it.id.to_owned(), it.unit.to_string(), it.standing.to_string()]
                };
                let rows: Vec<_> = BOUNDS.iter().chain(BACKWARD).map(row).collect();
                table(&[Align::Left; 3], &rows)
            }
            Self::Families => {
                let row = |it: &Family| {
                    vec![format!("{}:{}", it.name, it.sizes.join(",")), it.about.to_owned()]
                };
                let rows: Vec<_> = FAMILIES.iter().map(row).collect();
                table(&[Align::Left; 2], &rows)
            }
        }
    }
}

pub(super) fn run(args: &Args, out: &mut Output) -> Result<Status, Failure> {
    if out.is_json() {
        match args.what {
            Some(it) => out.document(&it.json()),
            None => {
                let all: serde_json::Map<_, _> =
                    ALL.iter().map(|it| (it.name().to_owned(), it.json())).collect();
                out.document(&all);
            }
        }
        return Ok(Status::Holds);
    }
    match args.what {
        Some(it) => out.text(&it.text()),
        None => {
            for (i, it) in ALL.iter().enumerate() {
                let line = if i == 0 { "" } else { "\n" };
                out.line(format_args!("{line}{}\n", it.name()));
                out.text(&it.text());
            }
        }
    }
    Ok(Status::Holds)
}

fn tiles(it: &Algorithm) -> Vec<String> {
    let Some(schedule) = it.schedule(Max::Kept) else { return vec![] };
    let program = &schedule.program;
    program.tiles.iter().map(|it| program.name(*it).to_owned()).collect()
}

fn algorithm(it: &Algorithm) -> Value {
    let formula = |max| it.schedule(max).and_then(formula);
    json!({"name": it.name, "about": it.about, "source": it.source, "tiles": tiles(it),
        "tiles_source": it.tiles_source, "formula": formula(Max::Kept),
        "no_max": it.no_max_text.is_some(), "no_max_formula": formula(Max::Dropped)})
}

fn algorithms_text() -> String {
    let mut text = String::new();
    for it in ALGORITHMS {
        let no_max = if it.no_max_text.is_some() { "; also --no-max" } else { "" };
        let tiles = tiles(it).join(", ");
        text += &format!("{}: {} (tiles {tiles}{no_max})\n", it.name, it.about);
        text += &format!("  {}\n", it.source);
        if let Some(it) = it.tiles_source {
            text += &format!("  its tiles: {it}\n");
        }
        if let Some(it) = it.schedule(Max::Kept).and_then(formula) {
            text += &wrap(&format!("io = {it}"), "  ", 96);
        }
    }
    text
}

fn names<'a>(program: &'a Program, slots: &'a [Slot]) -> Vec<&'a str> {
    slots.iter().map(|it| program.name(*it)).collect()
}

fn member(it: &Member) -> Value {
    let program = &it.schedule().program;
    json!({"name": it.name, "about": it.about, "source": it.source,
        "params": names(program, &program.params), "tiles": names(program, &program.tiles),
        "formula": formula(it.schedule())})
}

fn variants_text() -> String {
    let mut text = String::new();
    for it in family() {
        let program = &it.schedule().program;
        let param = |name: &str| match it.defaults.iter().find(|it| it.0 == name) {
            Some((_, Default::As(other))) => format!("{name} = {other}"),
            Some((_, Default::Of(value))) => format!("{name} = {value}"),
            None => name.to_owned(),
        };
        let params: Vec<_> = names(program, &program.params).into_iter().map(param).collect();
        let tiles = names(program, &program.tiles);
        let tiles = if tiles.is_empty() { "none".to_owned() } else { tiles.join(", ") };
        text += &wrap(&format!("{}: {}", it.name, it.about), "", 96);
        text += &format!("  params {}; tiles {tiles}\n", params.join(", "));
        text += &wrap(it.source, "  ", 96);
        if let Some(it) = formula(it.schedule()) {
            text += &wrap(&format!("io = {it}"), "  ", 96);
        }
    }
    text
}

fn hardware() -> Value {
    let level = |it: &iobound::hardware::Level| {
        json!({"name": it.name, "bytes": it.bytes, "shared_by": it.shared_by,
            "traffic": it.traffic, "source": it.source})
    };
    HARDWARE
        .iter()
        .map(|it| {
            let levels: Vec<Value> = it.levels.iter().map(level).collect();
            json!({"name": it.name, "memory": it.memory, "memory_source": it.memory_source,
                "default_level": it.default_level, "levels": levels})
        })
        .collect()
}

fn hardware_text() -> String {
    let head = ["hardware", "level", "KiB", "shared by", "what is counted"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for it in HARDWARE {
        for level in it.levels {
            let default = if level.name == it.default_level { " *" } else { "" };
            let kib = digits(level.bytes / 1024);
            let (shared_by, traffic) = (level.shared_by.to_owned(), level.traffic.to_owned());
            let name = format!("{}{default}", level.name);
            rows.push(vec![it.name.to_owned(), name, kib, shared_by, traffic]);
        }
    }
    let columns = [Align::Left, Align::Left, Align::Right, Align::Left, Align::Left];
    table(&columns, &rows) + "* taken where no --level is given; sources: --json\n"
}

fn models() -> Value {
    MODELS
        .iter()
        .map(|it| {
            json!({"name": it.name, "n": it.n, "d": it.d, "heads": it.heads,
                "kv_heads": it.kv_heads, "layers": it.layers, "causal": it.causal,
                "note": it.note, "source": it.source})
        })
        .collect()
}

fn models_text() -> String {
    let head = ["model", "N", "d", "heads", "KV heads", "layers", "mask"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for it in MODELS {
        let mut row = vec![it.name.to_owned()];
        row.extend([it.n, it.d, it.heads, it.kv_heads, it.layers].map(digits));
        row.push(if it.causal { "causal" } else { "none" }.to_owned());
        rows.push(row);
    }
    use Align::{Left, Right};
    table(&[Left, Right, Right, Right, Right, Right, Left], &rows)
        + "counts are for one head without a mask; notes and sources: --json\n"
}
