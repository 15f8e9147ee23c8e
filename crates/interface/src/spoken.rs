//! What a refusal of the interface says to people at a counter, who know no names of fields and no numbers of transactions: the same
//! sentence in Chinese names alone.

use crate::Catalogue;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// What leads to a name of any kind.
const LEADS: [&str; 2] = ["字段", "节点"];
/// What may stand before the number of a transaction that is to be used.
const USING: [&str; 2] = ["先用", "请用"];
/// Names without a stroke that are no words of any language; others (`version`, `name`) may be what somebody means.
const PLAIN: [&str; 22] = [
    "cnt",
    "pric",
    "certno",
    "invono",
    "insutype",
    "begntime",
    "endtime",
    "begndate",
    "enddate",
    "brdy",
    "gend",
    "naty",
    "caty",
    "opter",
    "msgid",
    "infno",
    "feedetail",
    "mdtrtinfo",
    "diseinfo",
    "dscginfo",
    "druginfo",
    "drugdetail",
];

/// The names that nobody at a counter knows.
struct Names {
    /// Of fields and nodes.
    all: HashSet<&'static str>,
    /// Of them those that are told by themselves.
    plain: HashSet<&'static str>,
    /// Of transactions, by number.
    transactions: HashMap<&'static str, &'static str>,
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let all = Catalogue::national().transactions();
        let nodes = || all.iter().flat_map(|of| of.input().iter().chain(of.output()));
        let of_fields = nodes().flat_map(|node| &node.fields).map(|field| field.name.as_str());
        let named: HashSet<&str> = of_fields.chain(nodes().map(|node| node.name.as_str())).chain(["input"]).collect();
        let plain = named.iter().copied().filter(|name| name.contains('_') || PLAIN.contains(name)).collect();
        let transactions = all.iter().map(|of| (of.infno.as_str(), of.name.as_str()));
        Names { all: named, plain, transactions: transactions.collect() }
    })
}

/// The text for people: `医疗目录编码 med_list_codg XA01 不在目录内，先做目录对照(3301)` without the two.
pub fn spoken(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let word = leading(rest, |c| c.is_ascii_alphanumeric() || c == '_');
        if let Some(path) = rest.strip_prefix("/docs/") {
            rest = &path[leading(path, |c| c.is_ascii_alphanumeric() || "_/".contains(c)).len()..];
            said.push_str("文档里的代码表");
        } else if let Some(behind) = behind_names(rest) {
            rest = behind;
        } else if names().plain.contains(word)
            || (LEADS.iter().any(|lead| said.ends_with(lead)) && names().all.contains(word))
        {
            rest = without_name(&mut said, &rest[word.len()..]);
        } else if let (Some(name), true) =
            (names().transactions.get(word), USING.iter().any(|using| said.ends_with(using)))
        {
            said.push_str(&format!("“{name}”"));
            rest = &rest[word.len()..];
        } else {
            let taken = word.len().max(next.len_utf8());
            said.push_str(&rest[..taken]);
            rest = &rest[taken..];
        }
    }
    said
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    &text[..text.find(|c| !belongs(c)).unwrap_or(text.len())]
}

/// What follows a bracket that holds nothing but numbers of transactions or names of fields; `None` where there is none.
fn behind_names(text: &str) -> Option<&str> {
    let inner = text.strip_prefix(['(', '（'])?;
    let end = inner.find([')', '）'])?;
    let mut words = inner[..end].split(['、', ',', '，', '/', '或', '和']).map(str::trim);
    let close = inner[end..].chars().next().map_or(0, char::len_utf8);
    let is_name = |word: &str| names().transactions.contains_key(word) || names().plain.contains(word);
    words.all(is_name).then(|| &inner[end + close..])
}

/// Leaves a field's name out, and what leads to it; what follows.
fn without_name<'a>(said: &mut String, behind: &'a str) -> &'a str {
    if said.ends_with("节点") {
        said.truncate(said.len() - "节点".len());
        return behind;
    }
    // 字段pric(单价)
    if said.ends_with("字段") {
        said.truncate(said.len() - "字段".len());
        if let Some((chinese, behind)) = behind.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            said.push_str(&format!("“{chinese}”"));
            return behind;
        }
        return behind;
    }
    said.truncate(said.trim_end().len());
    let bare = behind.trim_start();
    if bare.len() < behind.len() && bare.starts_with(|c: char| c.is_ascii_alphanumeric() || "-\"+.".contains(c)) {
        said.push(' ');
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_in_chinese_names() {
        for (text, expected) in [
            (
                "第1行费用明细 1 的医疗目录编码 med_list_codg XA01 在 2021-07-12 不在医保目录内；请核对编码，先做目录对照(3301)",
                "第1行费用明细 1 的医疗目录编码 XA01 在 2021-07-12 不在医保目录内；请核对编码，先做目录对照",
            ),
            ("数量 cnt 为 0 而金额为 3.60", "数量为 0 而金额为 3.60"),
            ("参保人无险种(insutype)390参保记录，请核对险种", "参保人无险种390参保记录，请核对险种"),
            ("人员编号 psn_no 5 不存在；请先用1101读取人员信息", "人员编号 5 不存在；请先用“人员信息获取”读取人员信息"),
            ("节点feedetail第2行字段pric(单价)的值\"0.1234567\"小数最多6位", "第2行“单价”的值\"0.1234567\"小数最多6位"),
            ("通过国家接口（2301、2204）分批上传", "通过国家接口分批上传"),
            (
                "医疗类别 med_type 77 未开通结算；可用的医疗类别见 /docs/interface/codes/med_type",
                "医疗类别 77 未开通结算；可用的医疗类别见 文档里的代码表",
            ),
            ("请填写证件类型或人员编号 psn_no", "请填写证件类型或人员编号"),
        ] {
            assert_eq!(spoken(text), expected);
        }
    }

    #[test]
    fn plain_names_are_names_of_the_interface() {
        assert!(PLAIN.iter().all(|name| names().plain.contains(name)), "a name that is none is looked for in vain");
    }

    #[test]
    fn what_people_have_written_stays() {
        for text in [
            "发票号 2301 已登记在 TJ520500-2021-000001",
            "费用2207元，(2021)黔01号",
            "Z51.100 化学治疗",
            "请把 version 改为2",
            "无待遇",
        ] {
            assert_eq!(spoken(text), text);
        }
    }
}
