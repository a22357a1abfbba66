//! The page of `iobound animate`, played.

use super::{SCHEMES, keep};
use crate::driver::{Browser, Scheme};
use serde_json::{Value, json};
use std::{process::Command, thread, time::Duration};
use tempfile::TempDir;

/// N = 6 in tiles of 3 rows and 2 keys, d = 2: the page, and what the command says of it.
fn page() -> (TempDir, String, Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flash2.html").display().to_string();
    let args = "animate --algorithm flash2 --n 6 --d 2 --m 40 --br 3 --bc 2 --json --out";
    let mut command = Command::new(env!("CARGO_BIN_EXE_iobound"));
    let said = command.args(args.split(' ')).arg(&path).output().unwrap();
    (folder, format!("file://{path}"), serde_json::from_slice(&said.stdout).unwrap())
}

fn text(browser: &Browser, id: &str) -> String {
    let script = "return document.getElementById(arguments[0]).textContent";
    browser.run(script, &json!([id])).as_str().unwrap().to_owned()
}

/// How many cells of an array are of a class.
fn cells(browser: &Browser, array: &str, class: &str) -> u64 {
    let script = "return document.querySelectorAll(`figure[data-array='${arguments[0]}'] .cell${arguments[1]}`).length";
    browser.run(script, &json!([array, class])).as_u64().unwrap()
}

const RIGHT: char = '\u{E014}';
const LEFT: char = '\u{E012}';
const HOME: char = '\u{E011}';
const END: char = '\u{E010}';

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn a_schedule_is_stepped_through_by_keys() {
    let (_folder, url, said) = page();
    let browser = Browser::open(&url, 1280, Scheme::Light);
    let counts = || ["loads", "stores", "held", "peak"].map(|it| text(&browser, it));
    assert_eq!(counts(), ["0", "0", "0", "0"]);
    assert_eq!((cells(&browser, "Q", ".blue"), cells(&browser, "O", ".blue")), (12, 0));
    browser.press(RIGHT);
    browser.press(RIGHT);
    assert_eq!(counts(), ["2", "0", "2", "2"]);
    assert_eq!(text(&browser, "said"), "load Q[0,1] → q[0,1]");
    assert_eq!((cells(&browser, "Q", ".red.blue"), cells(&browser, "q", ".red")), (2, 2));
    browser.press(LEFT);
    assert_eq!(counts(), ["1", "0", "1", "1"]);
    browser.press(END);
    let number = |key: &str| said[key].to_string();
    assert_eq!(counts(), [number("loads"), number("stores"), "0".to_owned(), number("peak")]);
    assert_eq!(text(&browser, "move"), format!("{0} of {0}", said["moves"]));
    assert_eq!((cells(&browser, "O", ".blue"), cells(&browser, "O", ".red")), (12, 0));
    browser.press(HOME);
    assert_eq!(counts(), ["0", "0", "0", "0"]);
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn it_plays_and_pauses_and_the_slider_jumps() {
    let (_folder, url, said) = page();
    let browser = Browser::open(&url, 1280, Scheme::Light);
    let at = || text(&browser, "move").split(' ').next().unwrap().parse::<u64>().unwrap();
    let pressed = || {
        let script = "return document.getElementById('play').getAttribute('aria-pressed')";
        browser.run(script, &json!([]))
    };
    browser.run(
        "const it = document.getElementById('at'); it.value = arguments[0]; it.dispatchEvent(new Event('input'))",
        &json!([100]),
    );
    assert_eq!((at(), pressed()), (100, json!("false")));
    for _ in 0..6 {
        browser.press('+');
    }
    browser.press(' ');
    let all = said["moves"].as_u64().unwrap();
    // It ends by itself, at the end.
    let ended = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(100));
        at() == all
    });
    assert!(ended, "{}", at());
    assert_eq!(pressed(), "false");
    browser.press('-');
    browser.click("#play");
    assert_eq!(pressed(), "true", "from the start again");
    browser.click("#play");
    let stopped = at();
    thread::sleep(Duration::from_millis(300));
    assert_eq!((at(), pressed()), (stopped, json!("false")));
}

#[test]
#[ignore = "needs Chromium and its driver; scripts/test runs it where they are"]
fn it_is_readable_at_any_width_in_light_and_dark() {
    let (_folder, url, _) = page();
    for width in [390, 1280] {
        for scheme in SCHEMES {
            let browser = Browser::open(&url, width, scheme);
            for _ in 0..30 {
                browser.press(RIGHT);
            }
            let wide = browser.run("return document.documentElement.scrollWidth", &json!([]));
            assert!(wide.as_u64().unwrap() <= width.into(), "{width} {scheme:?}: {wide} wide");
            let named = "return [...document.querySelectorAll('[role=img]')].every((it) => it.getAttribute('aria-label'))";
            assert_eq!(browser.run(named, &json!([])), true);
            keep(&browser, &format!("animation-{width}-{scheme:?}"));
            assert_eq!(browser.console(), Vec::<String>::new());
        }
    }
}
