//! Forms as they stand on a page: what may be filled in, and what goes along untouched.

/// One form.
pub struct Form {
    action: String,
    /// Name, what stands in it, and for a choice what may be chosen.
    fields: Vec<(String, String, Option<Vec<String>>)>,
    /// What may be ticked.
    ticks: Vec<String>,
}

impl Form {
    /// The form of that address, which must be there.
    #[track_caller]
    pub fn on(document: &str, action: &str) -> Form {
        Form::find(document, action).unwrap_or_else(|| panic!("no form for {action} on\n{document}"))
    }

    /// The form of that address, if it is there.
    pub fn find(document: &str, action: &str) -> Option<Form> {
        let mark = format!("action=\"{action}\"");
        let inside = document.split("<form").skip(1).find(|form| form.split('>').next().unwrap().contains(&mark))?;
        let inside = inside.split("</form>").next().unwrap_or_default();
        let (mut fields, mut ticks) = (Vec::new(), Vec::new());
        for tag in inside.split('<') {
            let (head, rest) = tag.split_once('>').unwrap_or((tag, ""));
            let name = attribute(head, "name").unwrap_or_default();
            let value = || attribute(head, "value").unwrap_or_default();
            match head.split(' ').next().unwrap_or_default() {
                "input" if head.contains("type=\"file\"") => {}
                "input" if head.contains("type=\"checkbox\"") => ticks.push(name),
                "input" => fields.push((name, value(), None)),
                "textarea" => fields.push((name, unescaped(rest), None)),
                "select" => fields.push((name, String::new(), Some(vec![]))),
                "option" => {
                    let Some((_, chosen, Some(options))) = fields.last_mut() else { continue };
                    if head.ends_with(" selected") || options.is_empty() {
                        *chosen = value();
                    }
                    options.push(value());
                }
                _ => {}
            }
        }
        Some(Form { action: action.to_owned(), fields, ticks })
    }

    /// The form's fields with these values typed in or chosen; what the form does not have nobody can state.
    #[track_caller]
    pub fn filled(mut self, values: &[(&str, &str)]) -> Vec<(String, String)> {
        for (name, value) in values {
            if self.ticks.iter().any(|tick| tick == name) {
                self.fields.push(((*name).to_owned(), (*value).to_owned(), None));
                continue;
            }
            let field = self.fields.iter_mut().find(|(field, _, _)| field == name);
            let (_, typed, options) = field.unwrap_or_else(|| panic!("{} does not ask for {name}", self.action));
            if let Some(options) = options {
                assert!(options.iter().any(|option| option == value), "{}: {name} is one of {options:?}", self.action);
            }
            (*value).clone_into(typed);
        }
        self.fields.into_iter().map(|(name, value, _)| (name, value)).collect()
    }
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let (_, rest) = head.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split('"').next()?))
}

/// Text of a page without its escapes.
pub fn unescaped(text: &str) -> String {
    let named = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    named.replace("&#34;", "\"").replace("&#38;", "&").replace("&amp;", "&")
}
