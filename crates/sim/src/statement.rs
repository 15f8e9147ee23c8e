//! The four statements (四项核对) that have to hold at the end, as everybody is told of them.

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Its number, 1 to 4.
    pub number: u8,
    /// What it is called, in Chinese.
    pub name: &'static str,
    /// What is so where it holds, in Chinese.
    pub says: &'static str,
}

/// The number of the one that a difference between the courses is against.
pub const DIFFERING: u8 = 3;

/// All of them, in their order.
pub const STATEMENTS: [Statement; 4] = [
    Statement {
        number: 1,
        name: "没有丢失",
        says: "停机期间的每次就诊，或已结算，或待报销，或公告没有规定补报，各有下落",
    },
    Statement {
        number: 2, name: "没有重复", says: "每次就诊只结算一次，金额与账单相同，没有无主的结算"
    },
    Statement {
        number: 3,
        name: "待遇不变",
        says: "另起一套账，让同样的人、同样的就诊不停机再走一遍：能补的按看病的先后计入，每笔结算、每项累计、每个账户一分不差；\
               报销的和没有规定补报的，两遍都不算，差多少列在“停机改变了什么”",
    },
    Statement {
        number: 4,
        name: "期限守住、账册完好",
        says: "借贷相等，台账逐笔对得上，收进等于办结加待办，逾期的都有标注",
    },
];

impl Statement {
    /// The one that something wrong is against: 1 to 4; what is not sound in the book itself (0) is against the last.
    pub fn of(number: u8) -> &'static Statement {
        let found = STATEMENTS.iter().find(|statement| statement.number == number);
        found.unwrap_or(&STATEMENTS[STATEMENTS.len() - 1])
    }

    /// Whether something wrong with this number is against it.
    pub fn is_against(&self, number: u8) -> bool {
        Statement::of(number) == self
    }
}
