//! `iobound animate` in a browser: the page plays, and its counters are what the program counts.

use super::{SCHEMES, keep};
use crate::driver::{Browser, Scheme};
use assert_cmd::Command;
use serde_json::{Value, json};
use std::{path::Path, thread, time::Duration};

const SIZES: [&str; 10] =
    ["--algorithm", "flash2", "--n", "6", "--d", "2", "--m", "40", "--tile", "Br=3"];

fn iobound(command: &str, more: &[&str]) -> Value {
    let output =
        Command::cargo_bin("iobound").unwrap().arg(command).args(SIZES).args(more).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn page(folder: &Path) -> (String, Value) {
    let file = folder.join("film.html").display().to_string();
    let written = iobound("animate", &["--json", "--out", &file]);
    assert_eq!(written["file"], file);
    (format!("file://{file}"), written["moves"].clone())
}

fn number(browser: &Browser, id: &str) -> u64 {
    let text =
        browser.run("return document.getElementById(arguments[0]).textContent", &json!([id]));
    text.as_str().unwrap().split(' ').next().unwrap().parse().unwrap()
}

/// Cells of a grid that have a class.
fn cells(browser: &Browser, grid: &str, class: &str) -> u64 {
    let script = "return [...document.querySelectorAll('figure')].filter((it) => it.querySelector('b').textContent === arguments[0])
        .flatMap((it) => [...it.querySelectorAll('.' + arguments[1])]).length";
    browser.run(script, &json!([grid, class])).as_u64().unwrap()
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn the_film_ends_with_what_is_counted_and_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let (url, moves) = page(folder.path());
    let counted = iobound("count", &["--json"]);
    let browser = Browser::open(&url, 1000, Scheme::Light);
    let all = |it: &[&str]| it.iter().map(|it| number(&browser, it)).collect::<Vec<_>>();
    let start = [0, 0, 0, 0, 0];
    assert_eq!(all(&["at", "loads", "stores", "red", "peak"]), start);
    assert_eq!((cells(&browser, "Q", "blue"), cells(&browser, "O", "blue")), (12, 0));

    browser.press('\u{e010}'); // End
    let end = ["io", "loads", "stores", "peak"].map(|it| counted[it].as_u64().unwrap());
    assert_eq!(number(&browser, "at"), moves.as_u64().unwrap());
    assert_eq!(all(&["loads", "stores", "peak", "red"]), [end[1], end[2], end[3], 0]);
    assert_eq!(end[0], end[1] + end[2]);
    assert_eq!((cells(&browser, "O", "blue"), cells(&browser, "O", "red")), (12, 0));

    // One move back is a word of the last tile that is held again.
    browser.press('\u{e012}'); // left
    assert_eq!(all(&["at", "red"]), [moves.as_u64().unwrap() - 1, 1]);
    browser.press('\u{e011}'); // Home
    assert_eq!(all(&["at", "loads", "stores", "red"]), start[..4]);
    assert_eq!((cells(&browser, "Q", "blue"), cells(&browser, "O", "blue")), (12, 0));

    browser.press('\u{e014}'); // right
    let said = browser.run("return document.getElementById('said').textContent", &json!([]));
    assert_eq!(said, "load Q[0,0]");
    assert_eq!(all(&["at", "loads", "red"]), [1, 1, 1]);
    assert_eq!((cells(&browser, "Q", "red"), cells(&browser, "Q", "now")), (1, 1));

    browser.click("#play");
    thread::sleep(Duration::from_millis(700));
    browser.click("#play");
    let played = number(&browser, "at");
    assert!((2..100).contains(&played), "{played} moves at ten a second");
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn the_film_fits_its_window() {
    let folder = tempfile::tempdir().unwrap();
    let (url, _) = page(folder.path());
    for width in [390, 1280] {
        for scheme in SCHEMES {
            let browser = Browser::open(&url, width, scheme);
            browser.run("go(300)", &json!([]));
            let wide = browser.run("return document.documentElement.scrollWidth", &json!([]));
            assert!(wide.as_u64().unwrap() <= width.into(), "{width} {scheme:?}: {wide} wide");
            assert_eq!(browser.console(), Vec::<String>::new());
            keep(&browser, &format!("film-{width}-{scheme:?}"));
        }
    }
}
