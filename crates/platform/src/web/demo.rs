//! `GET /demo`, where this is a demonstration: where to look, and with which of its accounts.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};

use super::error::PageError;
use super::guard::Visitor;
use super::{App, layout};
use crate::demo::Demo;

/// The page.
pub async fn page(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Result<Markup, PageError> {
    let demo = app.demo.as_ref().ok_or(PageError::NotFound)?;
    let body = html! {
        p { "Everything here is made up, and only this computer can reach it." }
        (table(demo))
    };
    Ok(layout::page("Demonstration", Some(&visitor), &body))
}

/// The table of places and accounts.
pub fn table(demo: &Demo) -> Markup {
    html! {
        section.demo aria-labelledby="demo" {
            h2 id="demo" { "Demonstration" }
            div.scroll tabindex="0" role="region" aria-label="Where to look" {
                table {
                    thead { tr { th scope="col" { "Where to look" } th scope="col" { "With" } } }
                    tbody {
                        @for place in demo.places() {
                            tr {
                                th scope="row" { a href=(place.address) { (place.what) } }
                                td {
                                    @if place.is_key { "the key that was printed at the start" } @else {
                                        @for (n, word) in place.with.iter().enumerate() { @if n > 0 { " " } code { (word) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
