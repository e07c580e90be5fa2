//! `exercise.md` as HTML. Whatever HTML is in it is shown as text, and links lead to pages alone.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Harmless HTML.
pub fn to_html(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut page = String::new();
    html::push_html(&mut page, parser.map(harmless));
    page
}

fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: page_address(dest_url), title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Image { link_type, dest_url: page_address(dest_url), title, id })
        }
        // The title of the page is the exercise's.
        Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
            Event::Start(Tag::Heading { level: lower(level), id: None, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    }
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H2,
        HeadingLevel::H3 => HeadingLevel::H3,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H4,
    }
}

fn page_address(address: CowStr<'_>) -> CowStr<'_> {
    if ["https://", "http://", "mailto:", "#"].iter().any(|start| address.starts_with(start)) {
        address
    } else {
        "#".into()
    }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn html_in_the_text_is_text_and_links_run_nothing() {
        let page = to_html(
            "# Add\n\n<script>alert(1)</script>\n\na <b onclick=x>b</b> [c](javascript:alert(1)) [d](https://a.example/)",
        );
        assert!(page.starts_with("<h2>Add</h2>"), "{page}");
        assert!(!page.contains("<script") && !page.contains("<b ") && !page.contains("javascript:"), "{page}");
        assert!(page.contains("&lt;script&gt;") && page.contains(r#"<a href="https://a.example/">"#), "{page}");
    }
}
