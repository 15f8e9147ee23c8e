//! The first page of the documentation, and the published error codes.

use crate::frame::Frame;
use crate::national::{BUSY, FAULT};
use askama::Template;
use yibao_domain::refusal::Code;

/// How to connect, and where the rest stands.
#[derive(Template)]
#[template(path = "docs.html")]
pub(super) struct Index {
    frame: Frame,
}

impl Index {
    pub(super) fn of(frame: Frame) -> Index {
        Index { frame }
    }
}

/// Every code that an answer may end in.
#[derive(Template)]
#[template(path = "errors.html")]
pub(super) struct Errors {
    frame: Frame,
    groups: Vec<Group>,
    faults: [(&'static str, &'static str); 2],
}

/// Codes that begin alike.
struct Group {
    family: String,
    about: &'static str,
    codes: Vec<Code>,
}

impl Errors {
    pub(super) fn of(frame: Frame) -> Errors {
        let mut groups: Vec<Group> = Vec::new();
        for code in Code::ALL {
            let family = &code.as_str()[..2];
            match groups.last_mut().filter(|group| group.family == family) {
                Some(group) => group.codes.push(*code),
                None => groups.push(Group { family: family.to_owned(), about: about(family), codes: vec![*code] }),
            }
        }
        Errors { frame, groups, faults: [FAULT, BUSY] }
    }
}

fn about(family: &str) -> &'static str {
    match family {
        "E1" => "报文本身：改正后重发",
        "E2" => "发送机构：核对机构编号与登记",
        "E3" => "重复与冲正：核对报文ID(msgid)",
        "E4" => "业务停办：按提示等待、登记或改道",
        "E5" => "人员与待遇：核对凭证、参保地与资格",
        "E6" => "记录与金额：核对就诊、结算与明细",
        _ => "其他",
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::frame;
    use super::*;

    impl Index {
        pub(in crate::pages) fn samples() -> Vec<Index> {
            vec![Index::of(frame())]
        }
    }

    impl Errors {
        pub(in crate::pages) fn samples() -> Vec<Errors> {
            vec![Errors::of(frame())]
        }
    }

    #[test]
    fn every_published_code_stands_on_the_page_with_its_meaning() {
        let text = Errors::of(frame()).render().unwrap();
        for code in Code::ALL {
            assert!(text.contains(code.as_str()) && text.contains(code.meaning()), "{}", code.as_str());
        }
        assert!(text.contains(FAULT.0) && text.contains(BUSY.0));
        assert!(Errors::of(frame()).groups.iter().all(|group| group.about != "其他"));
    }
}
