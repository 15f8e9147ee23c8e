//! What a clerk reads on a page of the office.

use yibao_engine::desks::registers::{Outcome, Sheet, Verdict};

/// What stands between two texts.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// The value of a hidden field of the page's first form that has it.
pub fn hidden(page: &str, name: &str) -> Option<String> {
    between(page, &format!("name=\"{name}\" value=\""), "\"").map(plain)
}

/// What the page says is wrong.
pub fn alert(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("role=\"alert\"")?;
    let (_, rest) = rest.split_once('>')?;
    let ends = ["</p>\n", "</div>"].into_iter().filter_map(|end| rest.find(end));
    Some(plain(&rest[..ends.min()?]))
}

/// What became of each row of a sheet.
pub fn verdicts(page: &str) -> Vec<Verdict> {
    let table = between(page, "<table class=\"stack verdicts\">", "</table>").unwrap_or_default();
    table.split("<tr><th scope=\"row\">").skip(1).filter_map(verdict).collect()
}

fn verdict(row: &str) -> Option<Verdict> {
    let (place, rest) = row.split_once("</th>")?;
    let (_, rest) = rest.split_once("<span")?;
    let word = between(rest, "\">", "</span>")?;
    let (_, rest) = rest.split_once("</span></td><td")?;
    let text = between(rest, ">", "</td>")?;
    let number = between(text, "/office/entries/", "\"").map(str::to_owned);
    let outcome = match Outcome::WORDS.iter().position(|known| *known == word)? {
        0 => Outcome::Added,
        1 => Outcome::Changed,
        2 => Outcome::Unchanged,
        3 => Outcome::Refused(plain(text)),
        _ => Outcome::PassedOver(""),
    };
    let place = plain(place);
    let line = place.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or_default();
    Some(Verdict { sheet: Sheet::Entries, place, line, number, action: None, outcome, remarks: Vec::new() })
}

/// A piece of a page as it is read: no tags, no entities.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut pieces = html.split('<');
    text.push_str(pieces.next().unwrap_or_default());
    pieces.for_each(|piece| text.push_str(piece.split_once('>').map_or("", |(_, rest)| rest)));
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .into_iter()
        .fold(text, |text, (entity, sign)| text.replace(entity, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_is_wrong_and_under_which_number_its_form_goes() {
        let page = "<p class=\"lead closed\" role=\"alert\">费用&#60;3&#62; <b>不</b>符</p>\n<form><input type=\"hidden\" \
                    name=\"token\" value=\"t1\"><input type=\"hidden\" name=\"submission\" value=\"s1\">";
        assert_eq!(alert(page).as_deref(), Some("费用<3> 不符"));
        assert_eq!((hidden(page, "token"), hidden(page, "submission")), (Some("t1".into()), Some("s1".into())));
        assert_eq!(alert("<p>好</p>\n"), None);
    }

    #[test]
    fn each_row_of_a_sheet_has_its_verdict() {
        let page = "<table class=\"stack verdicts\"><thead><tr><th>行</th></tr></thead><tbody>\n\
            <tr><th scope=\"row\">第2行</th><td data-label=\"结果\"><span class=\"chip closed\">拒绝</span></td><td data-label=\"说明\">“看病”不对</td></tr>\n\
            <tr><th scope=\"row\">第3行</th><td><span class=\"chip open\">已登记</span></td><td>\
            <a href=\"/office/entries/T1\">已登记</a></td></tr>\n</tbody></table>";
        let [refused, added] = verdicts(page).try_into().unwrap();
        assert_eq!((refused.line, refused.outcome), (2, Outcome::Refused("“看病”不对".to_owned())));
        assert_eq!((added.line, added.outcome, added.number.as_deref()), (3, Outcome::Added, Some("T1")));
    }
}
