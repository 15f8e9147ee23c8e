//! Another way than the rule's (文字里的办法): advice that speaks of a deposit, an open account, cash or a claim at the agency where the
//! rule does something else with its people; lookups that are promised while queries are closed.

use super::Checker;
use super::texts::texts;
use yibao_domain::outage::{Business, Concern, Disposition, Evidence, Fallback, Pattern, Requirement, Rule};

/// An instruction in words.
struct Told {
    /// Any of these words gives it.
    words: &'static [&'static str],
    /// The dispositions that it may belong to.
    fits: fn(Disposition) -> bool,
    /// What to write instead.
    instead: &'static str,
}

/// The instructions that leave no doubt: people pay, or do not, otherwise than the rule's disposition says.
const TOLD: &[Told] = &[
    Told {
        words: &["收押金", "收取押金", "交押金", "缴押金", "交纳押金", "缴纳押金"],
        fits: |way| matches!(way, Disposition::Deposit | Disposition::AdmitOnStatement | Disposition::ConvertSelfPay),
        instead: "deposit",
    },
    Told {
        words: &["挂账"],
        fits: |way| matches!(way, Disposition::OnAccount | Disposition::DeferSettlement),
        instead: "on_account",
    },
    Told {
        words: &[
            "经办机构报销",
            "经办机构手工报销",
            "经办机构申请报销",
            "经办窗口报销",
            "经办窗口申请报销",
            "回参保地报销",
            "窗口手工报销",
        ],
        fits: Disposition::is_claimed,
        instead: "cash_claim",
    },
    Told {
        words: &[
            "全额垫付",
            "现金垫付",
            "垫付现金",
            "全额现金",
            "付现金",
            "支付现金",
            "收取现金",
            "现金收费",
            "全额结清",
        ],
        // Under these nothing, or a part, is paid at the counter.
        fits: |way| !matches!(way, Disposition::DeferSettlement | Disposition::OnAccount | Disposition::Deposit),
        instead: "cash_reenter、cash_claim",
    },
    Told {
        words: &["收治", "照常入院", "照常住院"],
        fits: |way| !matches!(way, Disposition::Refuse | Disposition::RejectRefund),
        instead: "register_later、admit_on_statement",
    },
    Told {
        words: &["回原机构补录", "回本机构补录", "原医疗机构补录", "原机构补录"],
        fits: |way| !way.is_claimed(),
        instead: "cash_reenter",
    },
];

/// What says that nothing is taken at the counter.
const NOTHING_TAKEN: &[&str] = &[
    "不收费",
    "不收取费用",
    "不收现金",
    "不收取现金",
    "不收押金",
    "不收取押金",
    "不交押金",
    "免收押金",
    "免交押金",
    "不预收",
];

/// What parts a clause from the next one.
const CLAUSE_ENDS: [char; 6] = ['，', '。', '；', '、', ',', ';'];

/// So many characters before an instruction may take it back: `不得要求患者全额结清`.
const TAKEN_BACK: usize = 8;

impl Checker<'_> {
    pub(super) fn told_ways(&mut self) {
        for rule in self.plan.rules.iter().filter(|rule| rule.businesses.iter().any(is_of_care)) {
            let ways: Vec<Disposition> =
                [rule.disposition].into_iter().chain(rule.fallbacks.iter().map(|one| one.disposition)).collect();
            self.judge_ways((rule, "advice"), &rule.advice, (&ways, &rule.evidence), rule.line);
            for Fallback { advice, disposition, evidence, line, .. } in &rule.fallbacks {
                self.judge_ways((rule, "fallback 的 advice"), advice, (&[*disposition], evidence), *line);
            }
        }
    }

    fn judge_ways(
        &mut self,
        (rule, key): (&Rule, &str),
        text: &str,
        (ways, evidence): (&[Disposition], &[Requirement]),
        line: u32,
    ) {
        self.taken_for_nothing((rule, key), text, ways, line);
        let takes_deposit =
            evidence.iter().flat_map(|one| one.any_of.iter().flatten()).any(|one| *one == Evidence::Prepayment);
        for told in TOLD.iter().filter(|told| !ways.iter().any(|way| (told.fits)(*way))) {
            let is_deposit = told.instead == Disposition::Deposit.word();
            let Some(word) = told.words.iter().find(|word| is_told(text, word)) else { continue };
            if let Some(way) = ways.first().filter(|_| !(is_deposit && takes_deposit)) {
                let text = format!(
                    "规则 {} 的 {key} 说到“{word}”，而处置方式是 {}（{}）；请核对，改写文字，或改用 {}",
                    rule.id,
                    way.word(),
                    way.name(),
                    told.instead
                );
                self.warn(line, text);
            }
        }
    }

    /// A deposit, or cash, of which the text says that nobody pays it.
    fn taken_for_nothing(&mut self, (rule, key): (&Rule, &str), text: &str, ways: &[Disposition], line: u32) {
        use Disposition::{AgencyReimburses, CashClaim, CashReenter, Deposit};
        let takes = |way: &Disposition| [AgencyReimburses, CashClaim, CashReenter, Deposit].contains(way);
        // What comes after the reopening costs nothing more, and is another matter.
        let clauses =
            text.split(CLAUSE_ENDS).filter(|clause| !["恢复", "补", "再"].iter().any(|word| clause.contains(word)));
        let said = clauses.flat_map(|clause| NOTHING_TAKEN.iter().find(|word| clause.contains(**word))).next();
        if let (Some(said), Some(way)) = (said, ways.first().filter(|_| ways.iter().all(takes))) {
            let instead = match way {
                Deposit => Disposition::DeferSettlement,
                _ => Disposition::OnAccount,
            };
            let text = format!(
                "规则 {} 的 {key} 说到“{said}”，而处置方式是 {}（{}），窗口照此收款、恢复后退款；请核对，改写文字，或改用 {}（{}）",
                rule.id,
                way.word(),
                way.name(),
                instead.word(),
                instead.name()
            );
            self.warn(line, text);
        }
    }

    /// Lookups that a text promises for the stop, while a rule closes them.
    pub(super) fn promised_lookups(&mut self) {
        let query = Business::named("query");
        let names: Vec<&Business> = self.plan.names.keys().filter(|name| name.is_within(&query)).collect();
        let closing = names.iter().find_map(|business| {
            let closers = self.closers(business, &yibao_domain::outage::Scope::default());
            closers.into_iter().next().map(|rule| (*business, rule))
        });
        let Some((business, rule)) = closing else { return };
        for told in texts(self.plan).into_iter().filter(|text| text.is_told && promises_lookup(&text.text)) {
            let text = format!(
                "{} 让人查询，而第{}行的规则 {} 停办“{}”（{business}）；请改写文字，或给查询单独写 disposition = \"open\" 的规则",
                told.what,
                rule.line,
                rule.id,
                self.plan.name_of(business)
            );
            self.warn(told.line, text);
        }
    }
}

/// Whether a pattern names care: what is paid for.
fn is_of_care(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::All => false,
        Pattern::Under(business) => {
            business.is_within(&Business::named("settlement"))
                || !matches!(Concern::of(business), Concern::Papers | Concern::Own)
        }
    }
}

/// Whether a text gives an instruction, and does not take it back.
fn is_told(text: &str, word: &str) -> bool {
    let given = |(at, _): (usize, &str)| {
        let clause = text[..at].rsplit(CLAUSE_ENDS).next().unwrap_or_default();
        let near: String = clause.chars().rev().take(TAKEN_BACK).collect();
        // 不 is part of what is forbidden or needless.
        !near.contains(['不', '免', '勿', '未', '无', '非'])
    };
    text.match_indices(word).any(given)
}

/// Whether a text tells people to look something up now: `可在平台查询`. Not: `查询暂停`, `恢复后查询`.
fn promises_lookup(text: &str) -> bool {
    let clauses = text.split(['，', '。', '；', ',', ';']);
    let promise = |clause: &str| {
        let (before, after) = clause.split_once("查询")?;
        let may = ["可", "请", "先", "照常", "须", "应"].iter().any(|word| before.contains(word));
        let not = ["恢复后", "上线后", "开通后", "停办前", "停机前", "不", "无法", "未", "咨询"];
        let stopped = ["暂停", "停止", "停办", "关闭", "业务"]
            .iter()
            .any(|word| clause.contains(word) || after.starts_with(word));
        (may && !stopped && !not.iter().any(|word| before.contains(word))).then_some(())
    };
    clauses.into_iter().any(|clause| promise(clause).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instruction_that_is_taken_back_is_none() {
        assert!(is_told("请全额垫付", "全额垫付"));
        assert!(!is_told("不得要求患者全额垫付", "全额垫付"));
        assert!(is_told("不能结算的，请全额垫付", "全额垫付"));
    }

    #[test]
    fn a_lookup_that_is_promised_is_known() {
        for text in ["可在国家平台查询参保状态", "请先查询待遇", "结果照常查询"] {
            assert!(promises_lookup(text), "{text}");
        }
        for text in ["社保业务和查询暂停，请在恢复后办理", "可在恢复后查询", "不可查询", "请停办前查询"]
        {
            assert!(!promises_lookup(text), "{text}");
        }
    }
}
