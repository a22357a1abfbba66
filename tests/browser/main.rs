//! `reports/index.html` in a browser, as a reader uses it, against `reports/points.jsonl`.
//!
//! Ignored unless asked for (`scripts/test` asks where Chromium and its driver are). With
//! `IOBOUND_PICTURES=DIR` the pictures of the page are kept there, to be looked at.
#![expect(clippy::unwrap_used, reason = "tests")]

mod animation;
mod driver;

use driver::{Browser, Scheme};
use iobound::sweep::{Point, from_json_lines, tiles};
use serde_json::json;
use std::{collections::BTreeMap, env, fs, path::Path, thread, time::Duration};

const SCHEMES: [Scheme; 2] = [Scheme::Light, Scheme::Dark];

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn open(width: u32, scheme: Scheme) -> Browser {
    // Another page than the one that ships, to see a test fail.
    let page = env::var("IOBOUND_PAGE");
    let page = page.unwrap_or_else(|_| folder().join("reports/index.html").display().to_string());
    Browser::open(&format!("file://{page}"), width, scheme)
}

fn points() -> Vec<Point> {
    from_json_lines(&fs::read_to_string(folder().join("reports/points.jsonl")).unwrap()).unwrap()
}

/// Of the head of Llama-3-8B that the page shows first.
fn is_shown(it: &Point) -> bool {
    (it.n, it.d) == (8192, 128)
}

fn point(algorithm: &str, m: u64) -> Point {
    let found =
        points().into_iter().find(|it| is_shown(it) && it.algorithm == algorithm && it.m == m);
    found.unwrap()
}

fn dot(plot: &str, curve: &str, x: u64) -> String {
    format!("figure[data-plot='{plot}'] .dot[data-curve='{curve}'][data-x='{x}']")
}

/// What the tip of a plot says, by column; empty if there is none.
fn tip(browser: &Browser, plot: &str) -> BTreeMap<String, String> {
    let script = "const tip = document.querySelector(`figure[data-plot='${arguments[0]}'] .tip`);
        if (tip.hidden) return {};
        return Object.fromEntries([...tip.querySelectorAll('dt')].map((it) => [it.textContent, it.nextSibling.textContent]));";
    serde_json::from_value(browser.run(script, &json!([plot]))).unwrap()
}

/// What a point should say, from the file of points.
fn told(it: &Point) -> BTreeMap<String, String> {
    let bound = it.bound.as_ref().unwrap();
    let io = it.io.unwrap();
    let facts = [
        ("algorithm", it.algorithm.clone()),
        ("N", it.n.to_string()),
        ("d", it.d.to_string()),
        ("M", it.m.to_string()),
        ("bound", bound.value.to_string()),
        ("bound by", bound.id.clone()),
        ("tiles", tiles(&it.tiles)),
        ("words", io.to_string()),
        ("bytes", (2 * io).to_string()),
        ("gap", it.gap.unwrap().to_string()),
        ("made by", it.vouched.unwrap().word().to_owned()),
    ];
    facts.map(|(key, value)| (key.to_owned(), value)).into()
}

/// Without the commas between groups of digits, and the columns that points do not have.
fn plain(tip: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut tip = tip;
    tip.retain(|key, _| !["memory", "is"].contains(&key.as_str()));
    let value = |it: String| {
        if it.contains(' ') { it } else { it.replace(',', "") }
    };
    tip.into_iter().map(|(key, text)| (key, value(text))).collect()
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn it_loads_from_a_file_without_a_word_in_the_console_and_nothing_is_wider_than_the_window() {
    for width in [390, 768, 1280] {
        for scheme in SCHEMES {
            let browser = open(width, scheme);
            assert_eq!(browser.console(), Vec::<String>::new());
            let wide = browser.run("return document.documentElement.scrollWidth", &json!([]));
            assert!(wide.as_u64().unwrap() <= width.into(), "{width} {scheme:?}: {wide} wide");
            let empty = "return [...document.querySelectorAll('figure')].filter((it) => !it.querySelector('.dot')).map((it) => it.dataset.plot)";
            assert_eq!(browser.run(empty, &json!([])), json!([]));
            let outside = "return [...document.querySelectorAll('.plot > svg')].flatMap((it) => {
                const frame = it.getBoundingClientRect();
                const out = (box) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
                return [...it.querySelectorAll('text, .dot')].filter((it) => out(it.getBoundingClientRect())).map((it) => it.textContent || it.dataset.curve);
            })";
            assert_eq!(browser.run(outside, &json!([])), json!([]), "{width} {scheme:?}: cut off");
            let (paper, text) = colors(&browser);
            let dark = matches!(scheme, Scheme::Dark);
            assert_eq!((paper < 100, text > 150), (dark, dark), "{paper} {text}");
            keep(&browser, &format!("page-{width}-{scheme:?}"));
        }
    }
}

/// Keeps a picture, if somebody wants to look at it.
fn keep(browser: &Browser, name: &str) {
    if let Ok(folder) = env::var("IOBOUND_PICTURES") {
        fs::write(Path::new(&folder).join(format!("{name}.png")), browser.picture()).unwrap();
    }
}

/// How light the paper and the text are, by their red.
fn colors(browser: &Browser) -> (u64, u64) {
    let script = "const it = getComputedStyle(document.body);
        return [it.backgroundColor, it.color].map((it) => Number(it.match(/\\d+/)[0]))";
    serde_json::from_value(browser.run(script, &json!([]))).unwrap()
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn a_point_tells_its_numbers_by_hover() {
    let browser = open(1280, Scheme::Light);
    assert_eq!(tip(&browser, "gap"), BTreeMap::new());
    for (plot, algorithm, m) in [
        ("gap", "flash2", 83968),
        ("words", "hybrid", 4096),
        ("gap", "flash1", 32768),
        ("words", "flash1", 1_048_576),
    ] {
        let expected = told(&point(algorithm, m));
        browser.hover(&dot(plot, algorithm, m));
        assert_eq!(plain(tip(&browser, plot)), expected, "{plot}");
        keep(&browser, &format!("tip-{plot}-{algorithm}"));
    }
    browser.hover("h1");
    assert_eq!(tip(&browser, "words"), BTreeMap::new());
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn a_point_tells_its_numbers_by_keys() {
    let [tab, left, up, right, down, end, escape] =
        ['\u{E004}', '\u{E012}', '\u{E013}', '\u{E014}', '\u{E015}', '\u{E010}', '\u{E00C}'];
    let browser = open(1280, Scheme::Dark);
    // Tab goes from the last box before the plot over the button to the first point.
    browser.click("figure[data-plot='gap'] .log-y");
    browser.click("figure[data-plot='gap'] .log-y");
    browser.press(tab);
    browser.press(tab);
    let at = |expected: &Point| assert_eq!(plain(tip(&browser, "gap")), told(expected));
    let mut of_best: Vec<_> = points()
        .into_iter()
        .filter(|it| is_shown(it) && it.algorithm == "best" && it.io.is_some())
        .collect();
    of_best.sort_by_key(|it| it.m);
    at(&of_best[0]);
    for _ in 0..3 {
        browser.press(right);
    }
    browser.press(left);
    at(&of_best[2]);
    browser.press(down);
    browser.press(end);
    assert_eq!(tip(&browser, "gap")["algorithm"], "standard");
    browser.press(up);
    assert_eq!(tip(&browser, "gap")["algorithm"], "best");
    let said = browser.run("return document.activeElement.getAttribute('aria-label')", &json!([]));
    let words = &tip(&browser, "gap")["words"];
    assert!(said.as_str().unwrap().contains(&format!("words {words}")), "{said}");
    browser.press(escape);
    assert_eq!(tip(&browser, "gap"), BTreeMap::new());
}

/// The curves of which a plot has points.
fn drawn(browser: &Browser, plot: &str) -> Vec<String> {
    let script = "return [...new Set([...document.querySelectorAll(`figure[data-plot='${arguments[0]}'] .dot`)].map((it) => it.dataset.curve))].sort()";
    serde_json::from_value(browser.run(script, &json!([plot]))).unwrap()
}

fn switch(browser: &Browser, plot: &str, curve: &str) {
    browser.click(&format!("figure[data-plot='{plot}'] input[value='{curve}']"));
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn curves_are_switched_off_and_on() {
    let browser = open(390, Scheme::Light);
    let all = drawn(&browser, "words");
    assert_eq!(all.len(), 11, "nine algorithms, the best and the bound: {all:?}");
    let without = |off: &[&str]| {
        all.iter().filter(|it| !off.contains(&it.as_str())).cloned().collect::<Vec<_>>()
    };
    switch(&browser, "words", "flat");
    switch(&browser, "words", "best");
    assert_eq!(drawn(&browser, "words"), without(&["flat", "best"]));
    assert!(drawn(&browser, "gap").contains(&"flat".to_owned()), "each plot has its own");
    switch(&browser, "words", "best");
    assert_eq!(drawn(&browser, "words"), without(&["flat"]));
    browser.click("figure[data-plot='words'] .legend button:last-of-type");
    assert_eq!(drawn(&browser, "words"), Vec::<String>::new());
    browser.click("figure[data-plot='words'] .legend button");
    assert_eq!(drawn(&browser, "words"), all);
    assert_eq!(browser.console(), Vec::<String>::new());
}

/// Where the middle of a point is, in its picture.
fn place(browser: &Browser, dot: &str) -> (f64, f64) {
    let script = "const { e, f } = document.querySelector(arguments[0]).transform.baseVal[0].matrix; return [e, f]";
    serde_json::from_value(browser.run(script, &json!([dot]))).unwrap()
}

/// The labels of an axis, and where they are along it.
fn labels(browser: &Browser, plot: &str, axis: char) -> Vec<(String, f64)> {
    let script = "return [...document.querySelectorAll(`figure[data-plot='${arguments[0]}'] .tick-${arguments[1]}`)]
        .map((it) => [it.textContent, Number(it.getAttribute(arguments[1]))])";
    serde_json::from_value(browser.run(script, &json!([plot, axis]))).unwrap()
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn axes_are_logarithmic_or_linear() {
    let browser = open(1280, Scheme::Light);
    let ms = [16384, 65536, 262_144];
    let words = ms.map(|it| point("flash2", it).io.unwrap());
    let at = || ms.map(|it| place(&browser, &dot("words", "flash2", it)));
    // How far the second point is from the first, of the way to the third.
    let part = |it: [f64; 3]| (it[1] - it[0]) / (it[2] - it[0]);
    let near = |a: f64, b: f64| assert!((a - b).abs() < 0.01, "{a} is not {b}");
    #[expect(clippy::cast_precision_loss, reason = "a part of a picture")]
    let numbers = (ms.map(|it| it as f64), words.map(|it| it as f64));
    let log = |it: [f64; 3]| it.map(f64::ln);
    near(part(at().map(|it| it.0)), part(log(numbers.0)));
    near(part(at().map(|it| it.1)), part(log(numbers.1)));
    assert!(labels(&browser, "words", 'x').iter().any(|it| it.0 == "64Ki"));
    browser.click("figure[data-plot='words'] .log-y");
    near(part(at().map(|it| it.0)), part(log(numbers.0)));
    near(part(at().map(|it| it.1)), part(numbers.1));
    browser.click("figure[data-plot='words'] .log-x");
    near(part(at().map(|it| it.0)), part(numbers.0));
    let ticks = labels(&browser, "words", 'x');
    assert_eq!(ticks[0].0, "0");
    let steps: Vec<_> = ticks.windows(2).map(|it| it[1].1 - it[0].1).collect();
    assert!(steps.len() > 3 && steps.iter().all(|it| (it - steps[0]).abs() < 0.01), "{ticks:?}");
}

/// Words by algorithm, N and M, as the file of points has them: all that the shown head moves.
fn words_of(points: &[Point]) -> Vec<[String; 4]> {
    let row = |it: &Point| {
        let io = it.io.map(|it| it.to_string()).unwrap_or_default();
        [it.algorithm.clone(), it.n.to_string(), it.m.to_string(), io]
    };
    let mut rows: Vec<_> = points.iter().filter(|it| is_shown(it)).map(row).collect();
    rows.sort();
    rows
}

/// Four columns of rows that begin with a header.
fn columns(rows: &[Vec<String>]) -> Vec<[String; 4]> {
    let column = |name: &str| rows[0].iter().position(|it| it == name).unwrap();
    let wanted = ["algorithm", "N", "M", "words"].map(column);
    let mut found: Vec<_> = rows[1..].iter().map(|row| wanted.map(|at| row[at].clone())).collect();
    found.retain(|it| it[0] != "largest lower bound");
    found.sort();
    found
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn the_table_of_a_plot_has_every_number() {
    let browser = open(1280, Scheme::Light);
    browser.click("figure[data-plot='words'] summary");
    let script = "return [...document.querySelectorAll(`figure[data-plot='words'] tr`)].map((row) => [...row.cells].map((it) => it.textContent))";
    let read =
        || -> Vec<Vec<String>> { serde_json::from_value(browser.run(script, &json!([]))).unwrap() };
    let ungrouped = |rows: Vec<Vec<String>>| -> Vec<Vec<String>> {
        rows.into_iter()
            .map(|row| row.into_iter().map(|it| it.replace(',', "")).collect())
            .collect()
    };
    let expected = words_of(&points());
    assert!(expected.len() > 500);
    assert_eq!(columns(&ungrouped(read())), expected);
    switch(&browser, "words", "standard");
    let fewer: Vec<_> = expected.into_iter().filter(|it| it[0] != "standard").collect();
    assert_eq!(columns(&ungrouped(read())), fewer);
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn the_rows_of_a_plot_can_be_downloaded() {
    let browser = open(1280, Scheme::Light);
    let folder = tempfile::tempdir().unwrap();
    browser.download_to(folder.path());
    browser.click("figure[data-plot='words'] .csv");
    let path = folder.path().join("words-llama-3-8b.csv");
    // The browser renames a file when it is complete.
    let tries = (0..100).find(|_| {
        thread::sleep(Duration::from_millis(100));
        path.exists()
    });
    assert!(tries.is_some(), "no file after ten seconds");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    let rows: Vec<Vec<String>> =
        reader.records().map(|it| it.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(columns(&rows), words_of(&points()));
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn the_answers_are_about_what_is_chosen() {
    let browser = open(390, Scheme::Dark);
    let choose = |id: &str, value: &str| {
        let script = "const it = document.getElementById(arguments[0]); it.value = arguments[1];
            if (it.value !== arguments[1]) throw new Error(`no ${arguments[1]}`);
            it.dispatchEvent(new Event('change', { bubbles: true }));";
        browser.run(script, &json!([id, value]));
    };
    let text = |id: &str| {
        browser.run(
            "return document.getElementById(arguments[0]).textContent.replaceAll(',', '')",
            &json!([id]),
        )
    };
    choose("model", "gpt-2-medium");
    choose("memory", "49152");
    choose("algorithm", "flash1");
    let of = |algorithm: &str, m: u64| {
        let is = |it: &&Point| (it.n, it.d, it.m) == (1024, 64, m) && it.algorithm == algorithm;
        points().iter().find(is).unwrap().clone()
    };
    let (yours, best) = (of("flash1", 49152), of("best", 49152));
    let answer = text("answer-distance").as_str().unwrap().to_owned();
    let gap = |it: &Point| format!("{:.2}", it.gap.unwrap());
    for expected in [
        format!("flash1 moves {} words {} bytes", yours.io.unwrap(), 2 * yours.io.unwrap()),
        format!("At least {} words", yours.bound.as_ref().unwrap().value),
        format!("its gap is {}.", gap(&yours)),
        format!(
            "The best schedule {} moves {}: gap {}.",
            best.schedule.as_ref().unwrap(),
            best.io.unwrap(),
            gap(&best)
        ),
    ] {
        assert!(answer.contains(&expected), "{answer}: no {expected:?}");
    }
    let answer = text("answer-tiles");
    assert!(
        answer.as_str().unwrap().contains(&format!("flash1 with {}.", tiles(&yours.tiles))),
        "{answer}"
    );
    // A tile's curve is that tile.
    let m = 16384;
    browser.hover(&dot("tiles", "Bc", m));
    let tip = plain(tip(&browser, "tiles"));
    keep(&browser, "tip-tiles");
    assert_eq!(tip["size"], of("flash1", m).tiles["Bc"].to_string());
    assert_eq!(tip["words"], of("flash1", m).io.unwrap().to_string());
    choose("model", "llama-3-1-405b");
    choose("algorithm", "standard");
    let answer = text("answer-distance");
    assert!(answer.as_str().unwrap().contains("standard does not fit: it needs 131"), "{answer}");
    assert_eq!(browser.console(), Vec::<String>::new());
}
