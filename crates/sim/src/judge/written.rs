//! Everything that is written of a settlement (结算各项), as it is booked, and as it has to be.

use crate::judge::actuary::{Actuary, Priced};
use crate::judge::row::Row;
use crate::life::{Event, Kind};
use crate::till;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::settlement::{Decision, Fund};

/// What is written of a settlement, in words that can be compared.
pub(super) struct Written {
    /// Whose, where, what, when.
    facts: Vec<(&'static str, String)>,
    /// Every amount, by its national name.
    pub amounts: Vec<(&'static str, Money)>,
    /// The pool's ratio.
    ratio: String,
    /// By fund, what it pays.
    funds: BTreeMap<String, Money>,
    /// By period and total, what it adds.
    accumulations: BTreeMap<String, i64>,
    /// By account of the books, debit positive.
    postings: BTreeMap<String, Money>,
    /// What is on the personal account afterwards; nothing where it is not asked.
    pub balance: Option<Money>,
}

/// Every amount of a decision, by its national name.
pub(super) fn amounts(decision: &Decision) -> Vec<(&'static str, Money)> {
    let (parts, deductible, shares) = (&decision.parts, &decision.deductible, &decision.shares);
    vec![
        ("medfee_sumamt", decision.bill()),
        ("fulamt_ownpay_amt", parts.own_paid),
        ("overlmt_selfpay", parts.over_limit),
        ("preselfpay_amt", parts.pre_paid),
        ("inscp_scp_amt", parts.in_scope),
        ("dedc_std", deductible.standard),
        ("crt_dedc", deductible.this_time),
        ("act_pay_dedc", deductible.met),
        ("hifp_pay", shares.hifp),
        ("cvlserv_pay", shares.cvlserv),
        ("hifes_pay", shares.hifes),
        ("hifmi_pay", shares.hifmi),
        ("hifob_pay", shares.hifob),
        ("maf_pay", shares.maf),
        ("oth_pay", shares.oth.plus(shares.hifdm)),
        ("hosp_part_amt", shares.hospital),
        ("fund_pay_sumamt", shares.funds()),
        ("psn_part_amt", shares.person),
        ("acct_pay", shares.account),
        ("psn_cash_pay", shares.cash),
    ]
}

impl Written {
    /// As the book has it.
    pub fn booked(row: &Row<'_>) -> Written {
        let of = &row.booked.settlement;
        let mut funds: BTreeMap<String, Money> = BTreeMap::new();
        for share in &of.funds {
            add(&mut funds, share.fund_pay_type.clone(), share.fund_payamt);
        }
        let mut postings: BTreeMap<String, Money> = BTreeMap::new();
        for posting in &of.postings {
            add(&mut postings, posting.account.clone(), posting.amount);
        }
        Written {
            facts: vec![
                ("psn_no", of.psn_no.clone()),
                ("fixmedins_code", of.fixmedins_code.clone()),
                ("insutype", of.insutype.clone()),
                ("psn_type", of.psn_type.clone()),
                ("med_type", of.med_type.clone()),
                ("begndate", of.begndate.to_string()),
                ("enddate", of.enddate.to_string()),
                ("year", of.year.to_string()),
                ("stay_number", of.stay_number.to_string()),
                ("counts_at", of.counts_at.to_string()),
                ("acct_used_flag", of.acct_used_flag.clone()),
                ("clr_type", of.clr_type.clone()),
                ("clr_way", of.clr_way.clone()),
                ("mdtrt_cert_type", of.mdtrt_cert_type.clone()),
                ("cvlserv_flag", of.cvlserv_flag.to_string()),
            ],
            amounts: vec![
                ("medfee_sumamt", of.medfee_sumamt),
                ("fulamt_ownpay_amt", of.fulamt_ownpay_amt),
                ("overlmt_selfpay", of.overlmt_selfpay),
                ("preselfpay_amt", of.preselfpay_amt),
                ("inscp_scp_amt", of.inscp_scp_amt),
                ("dedc_std", of.dedc_std),
                ("crt_dedc", of.crt_dedc),
                ("act_pay_dedc", of.act_pay_dedc),
                ("hifp_pay", of.hifp_pay),
                ("cvlserv_pay", of.cvlserv_pay),
                ("hifes_pay", of.hifes_pay),
                ("hifmi_pay", of.hifmi_pay),
                ("hifob_pay", of.hifob_pay),
                ("maf_pay", of.maf_pay),
                ("oth_pay", of.oth_pay),
                ("hosp_part_amt", of.hosp_part_amt),
                ("fund_pay_sumamt", of.fund_pay_sumamt),
                ("psn_part_amt", of.psn_part_amt),
                ("acct_pay", of.acct_pay),
                ("psn_cash_pay", of.psn_cash_pay),
            ],
            ratio: of.pool_prop_selfpay.to_string(),
            funds,
            accumulations: of
                .accumulations
                .iter()
                .map(|added| (format!("{} {}", added.period, added.name), added.delta))
                .collect(),
            postings,
            balance: Some(of.balc),
        }
    }

    /// As it has to be.
    pub fn expected(actuary: &Actuary<'_>, row: &Row<'_>, priced: &Priced, balance: Option<Money>) -> Written {
        let (event, person, decision) = (row.event, &actuary.person, &priced.decision);
        let place = &actuary.city.places[event.place].code;
        let mut funds: BTreeMap<String, Money> = BTreeMap::new();
        for payment in &decision.payments {
            add(&mut funds, payment.fund.code().to_owned(), payment.amount);
        }
        let added = decision.accumulated.iter().filter(|(_, delta)| *delta != 0);
        let added =
            added.map(|(total, delta)| (format!("{} {}", total.period_text(priced.case.day), total.name()), *delta));
        Written {
            facts: vec![
                ("psn_no", person.psn_no.clone()),
                ("fixmedins_code", place.clone()),
                ("insutype", person.scheme.insutype().to_owned()),
                ("psn_type", person.psn_type.to_owned()),
                ("med_type", till::med_type(event, actuary.special_drugs).to_owned()),
                ("begndate", event.at.date().to_string()),
                ("enddate", priced.case.day.to_string()),
                ("year", priced.case.day.year().to_string()),
                ("stay_number", priced.stay_number.to_string()),
                ("counts_at", row.counts_at.to_string()),
                ("acct_used_flag", if row.uses_account { "1" } else { "0" }.to_owned()),
                ("clr_type", clearing_type(event, actuary.special_drugs).to_owned()),
                ("clr_way", "1".to_owned()),
                ("mdtrt_cert_type", "02".to_owned()),
                ("cvlserv_flag", person.is_subsidised_on(event.at.date()).to_string()),
            ],
            amounts: amounts(decision),
            ratio: decision.ratio.to_string(),
            funds,
            accumulations: added.collect(),
            postings: postings(decision, &person.psn_no, place),
            balance,
        }
    }

    /// Whether a decision gives the same amounts.
    pub fn has_amounts_of(&self, decision: &Decision) -> bool {
        let of: BTreeMap<_, _> = amounts(decision).into_iter().collect();
        self.amounts.iter().all(|(name, amount)| of.get(name) == Some(amount))
    }

    /// Without what is only said: which stay it is, and the deductible before it is met.
    pub fn that_counts(mut self) -> Written {
        self.amounts.retain(|(name, _)| *name != "crt_dedc");
        self.facts.retain(|(name, _)| *name != "stay_number");
        self
    }

    /// What differs from what has to be.
    pub fn differences(&self, expected: &Written) -> Vec<String> {
        let mut told = Vec::new();
        let mut tell = |name: &str, is: String, must: String| {
            if is != must {
                told.push(format!("{name} is {is} and must be {must}"));
            }
        };
        for ((name, is), (_, must)) in self.facts.iter().zip(&expected.facts) {
            tell(name, is.clone(), must.clone());
        }
        for ((name, is), (_, must)) in self.amounts.iter().zip(&expected.amounts) {
            tell(name, is.to_string(), must.to_string());
        }
        tell("pool_prop_selfpay", self.ratio.clone(), expected.ratio.clone());
        by_name(&self.funds, &expected.funds, &mut tell);
        by_name(&self.accumulations, &expected.accumulations, &mut tell);
        by_name(&self.postings, &expected.postings, &mut tell);
        if let (Some(is), Some(must)) = (self.balance, expected.balance) {
            tell("balc", is.to_string(), must.to_string());
        }
        told
    }
}

/// Tells what differs under each name of two tables.
fn by_name<T: Copy + std::fmt::Debug>(
    is: &BTreeMap<String, T>,
    must: &BTreeMap<String, T>,
    tell: &mut impl FnMut(&str, String, String),
) {
    let names: std::collections::BTreeSet<&String> = is.keys().chain(must.keys()).collect();
    for name in names {
        let told = |of: Option<&T>| of.map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}"));
        tell(name, told(is.get(name)), told(must.get(name)));
    }
}

/// How care is cleared with its provider (清算类别).
fn clearing_type(event: &Event, special_drugs: bool) -> &'static str {
    match event.kind {
        Kind::Visit => "11",
        Kind::SpecialDisease { .. } | Kind::LongDiseaseDrugs { .. } => "14",
        Kind::TwoDiseases => "15",
        Kind::SpecialDrug if special_drugs => "18",
        Kind::Purchase | Kind::SpecialDrug => "41",
        Kind::Prenatal | Kind::FamilyPlanning => "53",
        Kind::Stay { .. } => "21",
    }
}

/// What a settlement posts: payers are debited, the provider is credited.
fn postings(decision: &Decision, psn_no: &str, place: &str) -> BTreeMap<String, Money> {
    let mut postings = BTreeMap::new();
    let mut post = |account: String, amount: Money| {
        if amount != Money::ZERO {
            add(&mut postings, account, amount);
        }
    };
    for payment in &decision.payments {
        let account = match payment.fund {
            Fund::PersonalAccount => format!("person/account/{psn_no}"),
            fund => format!("fund/{}", fund.code()),
        };
        post(account, payment.amount);
    }
    for payout in &decision.payouts {
        post(format!("fund/{}", payout.fund.code()), payout.amount);
        post(format!("person/payable/{psn_no}"), payout.amount.negated());
    }
    let shares = &decision.shares;
    post("person/cash".to_owned(), shares.cash);
    post(format!("provider/borne/{place}"), shares.hospital);
    post(format!("provider/receivable/{place}"), shares.funds().plus(shares.account).negated());
    post(format!("provider/cash/{place}"), shares.cash.plus(shares.hospital).negated());
    postings
}

fn add(sums: &mut BTreeMap<String, Money>, name: String, amount: Money) {
    let sum = sums.entry(name).or_insert(Money::ZERO);
    *sum = sum.plus(amount);
}
