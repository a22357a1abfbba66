//! A headless browser, driven by `WebDriver`'s JSON over HTTP and, where that has no word for it, by
//! Chromium's own protocol.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// The key under which an element is passed, by the standard.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one tab; ends with it.
pub(crate) struct Browser {
    driver: Child,
    session: String,
}

/// A light or a dark page.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scheme {
    Light,
    Dark,
}

impl Browser {
    /// The page of `url`, `width` wide.
    pub(crate) fn open(url: &str, width: u32, scheme: Scheme) -> Self {
        let mut driver = Command::new("chromedriver");
        // The driver says on which free port it listens.
        let mut driver = driver.arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(driver.stdout.take().unwrap()).lines().map(Result::unwrap);
        let on = said.find_map(|it| Some(it.split_once("successfully on port ")?.1.to_owned()));
        let port = on.unwrap().trim_end_matches('.').to_owned();
        std::thread::spawn(move || said.for_each(drop));
        let sessions = format!("http://127.0.0.1:{port}/session");
        let mut it = Self { driver, session: sessions };
        let options = json!({ "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
        let wanted = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let made = it.post("", &json!({ "capabilities": { "alwaysMatch": wanted } }));
        it.session = format!("{}/{}", it.session, made["sessionId"].as_str().unwrap());
        it.width(width);
        let scheme = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        it.protocol("Emulation.setEmulatedMedia", &json!({ "features": features }));
        it.post("/url", &json!({ "url": url }));
        it
    }

    /// Makes the window `width` wide.
    fn width(&self, width: u32) {
        let size =
            json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.protocol("Emulation.setDeviceMetricsOverride", &size);
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let request = minreq::post(format!("{}{path}", self.session)).with_body(body.to_string());
        let answer = request.with_timeout(60).send().unwrap();
        let answer: Value = serde_json::from_str(answer.as_str().unwrap()).unwrap();
        let value = answer["value"].clone();
        assert!(value["error"].is_null(), "{path} {body}: {value}");
        value
    }

    fn protocol(&self, command: &str, params: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    /// What the body of a function of `arguments` returns.
    pub(crate) fn run(&self, body: &str, arguments: &Value) -> Value {
        self.post("/execute/sync", &json!({ "script": body, "args": arguments }))
    }

    /// The first element that `selector` selects.
    fn element(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({ "using": "css selector", "value": selector }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Clicks as a person would: what is hidden or covered cannot be clicked.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Moves the mouse to the middle of an element, scrolled into view.
    pub(crate) fn hover(&self, selector: &str) {
        self.run(
            "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })",
            &json!([selector]),
        );
        let origin = json!({ ELEMENT: self.element(selector) });
        let step =
            json!({ "type": "pointerMove", "duration": 0, "x": 0, "y": 0, "origin": origin });
        let mouse = json!({ "type": "pointer", "id": "mouse", "actions": [step] });
        self.post("/actions", &json!({ "actions": [mouse] }));
    }

    /// Presses and lets go of a key: a character, or a code point of the standard's table.
    pub(crate) fn press(&self, key: char) {
        let step = |kind: &str| json!({ "type": kind, "value": key });
        let keyboard =
            json!({ "type": "key", "id": "keys", "actions": [step("keyDown"), step("keyUp")] });
        self.post("/actions", &json!({ "actions": [keyboard] }));
    }

    /// Lines of the console since the last call.
    pub(crate) fn console(&self) -> Vec<String> {
        let lines = self.post("/se/log", &json!({ "type": "browser" }));
        lines.as_array().unwrap().iter().map(|it| it["message"].to_string()).collect()
    }

    /// Lets downloads go to `folder`.
    pub(crate) fn download_to(&self, folder: &Path) {
        let to = json!({ "behavior": "allow", "downloadPath": folder });
        self.protocol("Browser.setDownloadBehavior", &to);
    }

    /// The whole page as PNG.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let all = json!({ "captureBeyondViewport": true, "format": "png" });
        let found = self.protocol("Page.captureScreenshot", &all);
        BASE64_STANDARD.decode(found["data"].as_str().unwrap()).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser first: it is the driver's child.
        let _ = minreq::delete(self.session.as_str()).with_timeout(10).send();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
