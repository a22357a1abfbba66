//! A page that needs nothing but itself: no network, no other file.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;

/// The page; scripts may be in its body.
pub(super) fn document(title: &str, style: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(style)) }
            }
            body { (body) }
        }
    };
    page.into_string() + "\n"
}

/// What scripts read, as the element `data`.
pub(super) fn data(it: &impl Serialize) -> Markup {
    let json = serde_json::to_string(it).expect("texts and numbers can be written");
    // Within a script element only `<` could end it.
    let json = json.replace('<', "\\u003c");
    html! { script #data type="application/json" { (PreEscaped(json)) } }
}
