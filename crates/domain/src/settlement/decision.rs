//! What a settlement comes to, and the identities that it keeps.

use super::line::Parts;
use super::totals::RunningTotal;
use crate::money::{Money, Rate};

/// A payer by national fund code (基金支付类型).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fund {
    /// 310100 职工基本医疗保险统筹基金.
    EmployeePool,
    /// 390100 城乡居民基本医疗保险基金.
    ResidentPool,
    /// 390200 城乡居民大病医疗保险基金.
    SeriousIllness,
    /// 330100 大额医疗费用补助基金.
    LargeAmount,
    /// 320100 公务员医疗补助基金.
    CivilServant,
    /// 610100 医疗救助基金.
    Assistance,
    /// 510100 生育基金, which has been part of the employees' pool since 2019.
    Maternity,
    /// 310200 城镇职工基本医疗保险个人账户基金: the person's own, listed beside the funds.
    PersonalAccount,
}

impl Fund {
    /// All payers.
    pub const ALL: [Fund; 8] = [
        Fund::EmployeePool,
        Fund::ResidentPool,
        Fund::SeriousIllness,
        Fund::LargeAmount,
        Fund::CivilServant,
        Fund::Assistance,
        Fund::Maternity,
        Fund::PersonalAccount,
    ];

    /// The national `fund_pay_type`.
    pub fn code(self) -> &'static str {
        match self {
            Fund::EmployeePool => "310100",
            Fund::ResidentPool => "390100",
            Fund::SeriousIllness => "390200",
            Fund::LargeAmount => "330100",
            Fund::CivilServant => "320100",
            Fund::Assistance => "610100",
            Fund::Maternity => "510100",
            Fund::PersonalAccount => "310200",
        }
    }

    /// The fund of this national code.
    pub fn of_code(code: &str) -> Option<Fund> {
        Fund::ALL.into_iter().find(|fund| fund.code() == code)
    }

    /// Its Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Fund::EmployeePool => "城镇职工基本医疗保险统筹基金",
            Fund::ResidentPool => "城乡居民基本医疗保险基金",
            Fund::SeriousIllness => "城乡居民大病医疗保险基金",
            Fund::LargeAmount => "大额医疗费用补助基金",
            Fund::CivilServant => "公务员医疗补助基金",
            Fund::Assistance => "医疗救助基金",
            Fund::Maternity => "生育基金",
            Fund::PersonalAccount => "城镇职工基本医疗保险个人账户基金",
        }
    }
}

/// What one payer pays: a row of `setldetail`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FundPayment {
    /// Who pays.
    pub fund: Fund,
    /// How much (`fund_payamt`).
    pub amount: Money,
    /// What the payment was computed on (`inscp_scp_amt`).
    pub in_scope: Money,
    /// What the payer could still have paid before this settlement (`crt_payb_lmt_amt`); `None`: no cap.
    pub room: Option<Money>,
    /// How it came about, in Chinese (`setl_proc_info`).
    pub explanation: String,
}

/// The interface's columns (`setlinfo`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shares {
    /// `hifp_pay` 基本医疗保险统筹基金.
    pub hifp: Money,
    /// `hifmi_pay` 居民大病保险.
    pub hifmi: Money,
    /// `hifob_pay` 职工大额医疗费用补助.
    pub hifob: Money,
    /// `hifes_pay` 企业补充医疗保险.
    pub hifes: Money,
    /// `hifdm_pay` 伤残人员医疗保障.
    pub hifdm: Money,
    /// `cvlserv_pay` 公务员医疗补助.
    pub cvlserv: Money,
    /// `maf_pay` 医疗救助.
    pub maf: Money,
    /// `oth_pay` 其他.
    pub oth: Money,
    /// `hosp_part_amt` 医院负担.
    pub hospital: Money,
    /// `psn_part_amt` 个人负担.
    pub person: Money,
    /// `acct_pay` 个人账户.
    pub account: Money,
    /// `psn_cash_pay` 个人现金.
    pub cash: Money,
}

impl Shares {
    /// `fund_pay_sumamt` 基金支付总额, without the personal account.
    pub fn funds(&self) -> Money {
        Money::sum([self.hifp, self.hifmi, self.hifob, self.hifes, self.hifdm, self.cvlserv, self.maf, self.oth])
    }
}

/// A sum paid out to the person outside the bill (`decisions` 46).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Payout {
    /// Who pays.
    pub fund: Fund,
    /// How much.
    pub amount: Money,
    /// What for, in Chinese.
    pub reason: String,
}

/// A figure that the decision used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FigureUse {
    /// The parameter, such as `inpatient.deductible`.
    pub parameter: String,
    /// Its Chinese name.
    pub title: String,
    /// Source tag.
    pub source: String,
    /// Only an illustration, no figure of the city's own.
    pub illustrative: bool,
}

/// The deductible's three fields (`decisions` 15).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DeductibleTaken {
    /// `dedc_std`: the unreduced standard.
    pub standard: Money,
    /// `crt_dedc`: this settlement's, after repetition, transfer and attribute rules.
    pub this_time: Money,
    /// `act_pay_dedc`: what was met of it.
    pub met: Money,
}

/// What a settlement comes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// `medfee_sumamt` and its parts.
    pub parts: Parts,
    /// The deductible.
    pub deductible: DeductibleTaken,
    /// `pool_prop_selfpay`: the pool's ratio after all additions.
    pub ratio: Rate,
    /// Who pays what, the account included, in the order of payment.
    pub payments: Vec<FundPayment>,
    /// The interface's columns.
    pub shares: Shares,
    /// Sums paid out beside the bill.
    pub payouts: Vec<Payout>,
    /// What the running totals grow by.
    pub accumulated: Vec<(RunningTotal, i64)>,
    /// The figures used, each once.
    pub figures: Vec<FigureUse>,
    /// The steps, in Chinese.
    pub trace: Vec<String>,
}

impl Decision {
    /// The bill (`medfee_sumamt`).
    pub fn bill(&self) -> Money {
        self.parts.total()
    }

    /// The figures that are only illustrations.
    pub fn illustrative(&self) -> impl Iterator<Item = &FigureUse> {
        self.figures.iter().filter(|figure| figure.illustrative)
    }

    /// What a fund pays of the bill.
    pub fn paid_by(&self, fund: Fund) -> Money {
        Money::sum(self.payments.iter().filter(|payment| payment.fund == fund).map(|payment| payment.amount))
    }

    /// The identities of a settlement (`benefits` section 11). They are our promise, so breaking one stops.
    pub(super) fn assert_identities(&self) {
        let shares = &self.shares;
        let paid = Money::sum(self.payments.iter().map(|payment| payment.amount));
        assert_eq!(self.bill(), Money::sum([shares.funds(), shares.hospital, shares.person]), "a bill has its payers");
        assert_eq!(shares.person, shares.account.plus(shares.cash), "a person pays by account or in cash");
        assert_eq!(paid, shares.funds().plus(shares.account), "every payment has its payer");
        let least = [shares.funds(), shares.hospital, shares.person, shares.account, shares.cash];
        assert!(least.iter().all(|share| *share >= Money::ZERO), "nobody pays a negative share: {shares:?}");
        assert!(self.deductible.met <= self.deductible.this_time, "no more deductible is met than is due");
    }
}
