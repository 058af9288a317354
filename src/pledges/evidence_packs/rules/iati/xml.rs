//! Elements of XML, and how they are written.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::error::{Error, Result};

/// An element with what is in it.
#[derive(Debug)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Element>,
    text: Option<String>,
}

/// An element with nothing in it yet.
pub(super) fn element(name: &'static str) -> Element {
    Element { name, attributes: Vec::new(), children: Vec::new(), text: None }
}

/// An element whose text is in a narrative, in English.
pub(super) fn narrated(name: &'static str, text: &str) -> Element {
    element(name).holding([element("narrative").with("xml:lang", "en").saying(text)])
}

/// An element whose text is a name, or in the words of somebody else.
pub(super) fn quoted(name: &'static str, text: &str) -> Element {
    element(name).holding([element("narrative").saying(text)])
}

impl Element {
    pub(super) fn with(mut self, attribute: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((attribute, fit(value)));
        self
    }

    pub(super) fn holding(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    pub(super) fn saying(mut self, text: impl Into<String>) -> Self {
        self.text = Some(fit(text));
        self
    }
}

/// The text without what no XML may hold, not even escaped.
fn fit(text: impl Into<String>) -> String {
    let text: String = text.into();
    text.replace(is_no_xml, "\u{fffd}")
}

fn is_no_xml(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// The document with this element as its root.
///
/// # Errors
/// Where something is no UTF-8.
pub(super) fn document(root: &Element) -> Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let written = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    written.and_then(|()| write(&mut writer, root)).map_err(Error::internal)?;
    String::from_utf8(writer.into_inner()).map_err(Error::internal)
}

fn write(writer: &mut Writer<Vec<u8>>, element: &Element) -> std::io::Result<()> {
    let attributes = element.attributes.iter().map(|(name, value)| (*name, value.as_str()));
    let start = BytesStart::new(element.name).with_attributes(attributes);
    if element.children.is_empty() && element.text.is_none() {
        return writer.write_event(Event::Empty(start));
    }
    writer.write_event(Event::Start(start))?;
    if let Some(text) = &element.text {
        writer.write_event(Event::Text(BytesText::new(text)))?;
    }
    element.children.iter().try_for_each(|child| write(writer, child))?;
    writer.write_event(Event::End(BytesEnd::new(element.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_xml_may_hold_is_replaced() {
        let root = element("title").with("ref", "a\u{ffff}b").saying("c\u{fffe}d\u{b}e <f>\t\u{10ffff}");
        let written = document(&root).unwrap();
        let expected = "<title ref=\"a\u{fffd}b\">c\u{fffd}d\u{fffd}e &lt;f&gt;\t\u{10ffff}</title>";
        assert!(written.ends_with(expected), "{written}");
    }
}
