//! A stop that nobody had planned (突发停机), as a plan: the template for it with what the form says filled in.

use super::super::form::said;
use jiff::ToSpan;
use yibao_domain::code::Pool;
use yibao_domain::register::spelling::moment;
use yibao_domain::time::DateTime;

/// How long making good may take after the expected end, so that the plan's own end lies behind all its deadlines.
const DAYS_AFTER: i64 = 60;
/// Where nobody knows the end, it is looked for within this time.
const DAYS_UNKNOWN: i64 = 30;

/// What was declared.
#[derive(Debug)]
pub(super) struct Declared {
    pool: Pool,
    city: String,
    closes: DateTime,
    declared: DateTime,
    expected: Option<DateTime>,
    title: String,
    issuer: String,
    telephone: String,
}

impl Declared {
    /// Reads the form, or says everything that is wrong with it.
    pub(super) fn of(form: &[(String, String)], pool: &Pool, city: &str, now: DateTime) -> Result<Declared, String> {
        let mut wrong = Vec::new();
        let mut kept = |read: Result<DateTime, String>| read.map_err(|problem| wrong.push(problem)).ok();
        let closes = kept(closes(form, now));
        let expected = match said(form, "expected") {
            "" => None,
            _ => kept(expected(form, now)),
        };
        let texts = [("title", "名称"), ("issuer", "宣布单位"), ("telephone", "咨询电话")].map(|(name, label)| {
            let read =
                text(form, name, label).and_then(|text| if name == "telephone" { number(text) } else { Ok(text) });
            read.map_err(|problem| wrong.push(problem)).ok()
        });
        let (Some(closes), [Some(title), Some(issuer), Some(telephone)], true) = (closes, texts, wrong.is_empty())
        else {
            return Err(wrong.join("；"));
        };
        Ok(Declared {
            pool: pool.clone(),
            city: city.to_owned(),
            closes,
            declared: now,
            expected,
            title,
            issuer,
            telephone,
        })
    }

    /// The plan's text.
    pub(super) fn text(&self) -> String {
        let minute = |moment: DateTime| moment.strftime("%Y-%m-%d %H:%M").to_string();
        let last = self.expected.unwrap_or_else(|| self.declared.saturating_add(DAYS_UNKNOWN.days()));
        let ends = last.saturating_add(DAYS_AFTER.days());
        let template = include_str!("../../../../../plans/templates/stop.toml");
        let without_expected: String;
        let template = if self.expected.is_some() {
            template
        } else {
            let kept = template.lines().filter(|line| !line.starts_with("expected"));
            without_expected = kept.collect::<Vec<_>>().join("\n");
            &without_expected
        };
        let filled = [
            ("{id}", format!("stop-{}", self.closes.strftime("%Y%m%d-%H%M"))),
            ("{title}", self.title.clone()),
            ("{issuer}", self.issuer.clone()),
            ("{pool}", self.pool.to_string()),
            ("{city}", self.city.clone()),
            ("{declared_day}", self.declared.date().to_string()),
            ("{declared}", minute(self.declared)),
            ("{closes}", minute(self.closes)),
            ("{reopens}", minute(last)),
            ("{ends}", format!("{} 24:00", ends.date())),
            ("\"12393\"", format!("\"{}\"", self.telephone)),
        ];
        filled.iter().fold(template.to_owned(), |text, (mark, value)| text.replace(mark, value))
    }
}

fn at(form: &[(String, String)], name: &str, label: &str) -> Result<DateTime, String> {
    moment(said(form, name)).map_err(|problem| format!("“{label}”{problem}"))
}

fn closes(form: &[(String, String)], now: DateTime) -> Result<DateTime, String> {
    match at(form, "closes", "从何时起停")? {
        closes if closes > now => Err("突发停机从已过去的时刻起算；还没到的停机请编写方案后发布".to_owned()),
        closes => Ok(closes),
    }
}

fn expected(form: &[(String, String)], now: DateTime) -> Result<DateTime, String> {
    match at(form, "expected", "预计恢复")? {
        expected if expected <= now => Err("“预计恢复”应晚于现在；没有把握的请留空".to_owned()),
        expected => Ok(expected),
    }
}

fn text(form: &[(String, String)], name: &str, label: &str) -> Result<String, String> {
    match said(form, name) {
        "" => Err(format!("“{label}”为空，请补填")),
        text if text.chars().any(|c| c == '"' || c == '\\' || c.is_control()) => {
            Err(format!("“{label}”不能有英文引号、反斜杠和换行，请改写"))
        }
        text => Ok(text.to_owned()),
    }
}

fn number(telephone: String) -> Result<String, String> {
    let is_in_numbers = telephone.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    if !is_in_numbers || !(5..=15).contains(&telephone.bytes().filter(u8::is_ascii_digit).count()) {
        return Err(format!("“咨询电话”{telephone} 应为5至15位数字，可带区号和短横，如 0857-8296182；请改写"));
    }
    Ok(telephone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn form(expected: &str) -> Vec<(String, String)> {
        let fields = [
            ("closes", "2021-07-12T10:05"),
            ("expected", expected),
            ("title", "毕节市系统故障停机"),
            ("issuer", "毕节市医疗保障局"),
            ("telephone", "0857-8296182"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    fn declared(form: &[(String, String)]) -> Result<Declared, String> {
        Declared::of(form, &Pool::new("520500"), "毕节市", date(2021, 7, 12).at(10, 40, 0, 0))
    }

    #[test]
    fn what_is_declared_passes_the_checker_with_and_without_an_expected_end() {
        for expected in ["", "2021-07-12T18:00"] {
            let text = declared(&form(expected)).unwrap().text();
            let plan = yibao_policy::plan::read(&text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
            let problems = yibao_policy::plan::check(
                &plan,
                &yibao_policy::plan::national_calendar(),
                &yibao_policy::registers::built_in().fields,
            );
            assert_eq!(problems, [], "{text}");
            assert_eq!(plan.window.closes, date(2021, 7, 12).at(10, 5, 0, 0));
            assert!(plan.unplanned && plan.contacts[0].telephone == "0857-8296182");
        }
    }

    #[test]
    fn a_stop_that_is_still_to_come_and_texts_that_break_a_plan_are_refused() {
        let with = |name: &str, value: &str| {
            let mut form = form("");
            form.retain(|(known, _)| known != name);
            form.push((name.to_owned(), value.to_owned()));
            declared(&form).unwrap_err()
        };
        assert!(with("closes", "2021-07-12T10:41").contains("编写方案"));
        assert!(with("title", "a\"b").contains("引号"));
        assert!(with("telephone", "").contains("咨询电话"));
        assert!(with("telephone", "abc").contains("5至15位数字"));
        assert!(with("expected", "2021-07-12T10:00").contains("晚于现在"));
    }

    #[test]
    fn everything_that_is_wrong_with_a_form_is_said_at_once() {
        let fields = [
            ("closes", "昨天"),
            ("expected", "2021-07-12T10:00"),
            ("title", ""),
            ("issuer", "a\"b"),
            ("telephone", "1"),
        ];
        let form = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let told = declared(&form).unwrap_err();
        for part in ["从何时起停", "预计恢复", "“名称”为空", "“宣布单位”不能有", "“咨询电话”1 应为"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}
