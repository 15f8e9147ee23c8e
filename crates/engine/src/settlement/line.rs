//! Prices a fee line: finds its catalogue row on its own day and splits it.

use crate::call::{Call, Stop};
use crate::encounter::dates;
use crate::facts::details;
use crate::policies::items::Items;
use crate::policies::{Policies, items};
use yibao_domain::catalogue::{self, CatalogueRow, Class, SpecialDrug};
use yibao_domain::code::Scheme;
use yibao_domain::encounter::FeeTimes;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::provider::BenefitLevel;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::settlement::line::{
    LINE_AMOUNT_MAX, LineFacts, LineFault, LineSplit, line_fault, marked_own_paid, rounded_from, split_line,
};
use yibao_domain::settlement::rules::LineRules;
use yibao_domain::time::DateTime;
use yibao_interface::{Fields, Record};
use yibao_store::Tx;
use yibao_store::encounter::FeeLine;
use yibao_store::reference::CatalogueItem;

/// The limit price that clients know as "none".
const NO_LIMIT_PRICE: i64 = 999_999;

const COLUMNS: &[&str] = &[
    "feedetl_sn",
    "mdtrt_id",
    "psn_no",
    "chrg_bchno",
    "fee_ocur_time",
    "med_list_codg",
    "medins_list_codg",
    "det_item_fee_sumamt",
    "cnt",
    "pric",
    "hosp_appr_flag",
    "init_feedetl_sn",
    "med_type",
];

/// What the lines of an encounter have in common.
pub(crate) struct Lines<'a> {
    pub mdtrt_id: &'a str,
    pub scheme: Scheme,
    pub rules: LineRules,
    pub items: &'a Items,
    pub times: FeeTimes,
}

/// The catalogue rows of the items that an upload names.
pub(crate) fn items(tx: &mut dyn Tx, call: &Call, policies: &Policies, rows: &[Fields]) -> Result<Items, Stop> {
    let codes: Vec<&str> = rows.iter().map(|row| row.text("med_list_codg")).filter(|code| !code.is_empty()).collect();
    Ok(items::of_codes(tx, &policies.known_items, &policies.pool.pool, &codes, call.now)?)
}

/// Reads one line of an upload and prices it. `position` counts from 0 and is named in refusals.
pub(crate) fn read(
    call: &Call,
    policies: &Policies,
    lines: &Lines,
    row: &Fields,
    position: usize,
) -> Result<FeeLine, Stop> {
    let which = format!("第{}行费用明细 {}", position + 1, row.text("feedetl_sn"));
    let code = row.demand("med_list_codg")?;
    let fee_ocur_time = row.moment("fee_ocur_time")?.unwrap_or(call.now);
    crate::encounter::must_not_lie_ahead(call, "fee_ocur_time", fee_ocur_time)?;
    dates::must_lie_within(&lines.times, &which, fee_ocur_time)?;
    let (cnt, pric) = (row.demand_decimal("cnt")?, row.demand_decimal("pric")?);
    let amount = row.demand_money("det_item_fee_sumamt")?;
    must_agree(&which, cnt, pric, amount)?;
    let (item, catalogue_row) = find(call, policies, lines, code, fee_ocur_time, &which)?;
    let flag = row.text("hosp_appr_flag");
    let own_paid = marked_own_paid(Some(flag).filter(|flag| !flag.is_empty()), item.lmt_used_flag == "1");
    let facts = LineFacts::of_row(cnt, amount, catalogue_row, own_paid);
    let unpriced = FeeLine {
        mdtrt_id: lines.mdtrt_id.to_owned(),
        feedetl_sn: row.demand("feedetl_sn")?.to_owned(),
        chrg_bchno: row.text("chrg_bchno").to_owned(),
        fee_ocur_time,
        med_list_codg: code.to_owned(),
        medins_list_codg: row.text("medins_list_codg").to_owned(),
        hilist_name: item.hilist_name.clone(),
        list_type: item.list_type.clone(),
        med_chrgitm_type: if item.med_chrgitm_type.is_empty() { "14" } else { &item.med_chrgitm_type }.to_owned(),
        cnt,
        pric,
        det_item_fee_sumamt: amount,
        chrgitm_lv: catalogue_row.class.as_chrgitm_lv().to_owned(),
        pric_uplmt_amt: catalogue_row.limit_price,
        selfpay_prop: catalogue_row.self_pay_rate,
        special: catalogue_row.special.map_or("", SpecialDrug::column).to_owned(),
        hosp_appr_flag: if own_paid { "2".to_owned() } else { flag.to_owned() },
        fulamt_ownpay_amt: Money::ZERO,
        overlmt_amt: Money::ZERO,
        preselfpay_amt: Money::ZERO,
        inscp_scp_amt: Money::ZERO,
        init_feedetl_sn: row.text("init_feedetl_sn").to_owned(),
        setl_id: String::new(),
        details: details::pack(row, COLUMNS),
    };
    let split = split(&facts, &lines.rules, &which)?;
    Ok(with_split(unpriced, &split))
}

/// What is said of lines whose amount is quantity × price but for the rounding of the two: the first one, and how many more.
pub(crate) fn told_of_rounding<'a>(lines: impl IntoIterator<Item = &'a FeeLine>) -> Option<String> {
    let mut rounded = lines.into_iter().filter_map(|line| {
        let expected = rounded_from(line.cnt, line.pric, line.det_item_fee_sumamt)?;
        Some((line, expected))
    });
    let (line, expected) = rounded.next()?;
    let FeeLine { feedetl_sn, cnt, pric, det_item_fee_sumamt: amount, .. } = line;
    let more = match rounded.count() {
        0 => String::new(),
        more => format!("；另有 {more} 条同此"),
    };
    Some(format!(
        "费用明细 {feedetl_sn} 的数量 {cnt} × 单价 {pric} = {expected}，与金额 {amount} 之差在舍入误差以内，按金额受理{more}"
    ))
}

/// Splits a recorded line anew, as the settlement's care type has it.
pub(crate) fn reprice(line: &FeeLine, rules: &LineRules) -> Result<(FeeLine, LineSplit), Stop> {
    let facts = LineFacts {
        quantity: line.cnt,
        amount: line.det_item_fee_sumamt,
        class: Class::of_chrgitm_lv(&line.chrgitm_lv).expect("a recorded line has a class"),
        limit_price: line.pric_uplmt_amt,
        self_pay_rate: line.selfpay_prop,
        own_paid: line.hosp_appr_flag == "2",
        special: SpecialDrug::of_column(&line.special),
    };
    let split = split(&facts, rules, &line.feedetl_sn)?;
    Ok((with_split(line.clone(), &split), split))
}

/// A line as 2204, 2301 and the pharmacy's replies show it.
pub(crate) fn record(line: &FeeLine) -> Record {
    let shown_rate = match line.chrgitm_lv.as_str() {
        _ if line.fulamt_ownpay_amt != Money::ZERO => Decimal::ONE,
        _ => effective_rate(line),
    };
    Record::new()
        .text("feedetl_sn", &line.feedetl_sn)
        .money("det_item_fee_sumamt", line.det_item_fee_sumamt)
        .decimal("cnt", line.cnt)
        .decimal("pric", line.pric)
        .decimal("pric_uplmt_amt", line.pric_uplmt_amt.unwrap_or(Decimal::from(NO_LIMIT_PRICE)))
        .decimal("selfpay_prop", shown_rate)
        .money("fulamt_ownpay_amt", line.fulamt_ownpay_amt)
        .money("overlmt_amt", line.overlmt_amt)
        .money("preselfpay_amt", line.preselfpay_amt)
        .money("inscp_scp_amt", line.inscp_scp_amt)
        .text("chrgitm_lv", &line.chrgitm_lv)
        .text("med_chrgitm_type", &line.med_chrgitm_type)
        .text("bas_medn_flag", "0")
        .text("hi_nego_drug_flag", "0")
        .text("chld_medc_flag", "0")
        .text("list_sp_item_flag", if line.special.is_empty() { "0" } else { "1" })
        .text("lmt_used_flag", "0")
        .text("drt_reim_flag", "0")
        .null("memo")
}

/// The ratio that the split shows, where the catalogue is silent and the pool's own applies.
fn effective_rate(line: &FeeLine) -> Decimal {
    match line.selfpay_prop {
        _ if line.preselfpay_amt == Money::ZERO => Decimal::ZERO,
        Some(rate) => rate.as_decimal(),
        None => {
            let limited = line.det_item_fee_sumamt.minus(line.overlmt_amt).as_yuan();
            (line.preselfpay_amt.as_yuan() / limited).round_dp(4)
        }
    }
}

fn find<'a>(
    call: &Call,
    policies: &Policies,
    lines: &'a Lines,
    code: &str,
    fee_ocur_time: DateTime,
    which: &str,
) -> Result<(&'a CatalogueItem, &'a CatalogueRow), Stop> {
    let day = fee_ocur_time.date();
    let item = lines.items.get(code).expect("the items of all rows were asked for");
    let provider = call.provider()?;
    let stated = |text| Some(text).filter(|text: &&str| !text.is_empty());
    let level = BenefitLevel::for_limit_price(
        stated(&provider.benefit_level),
        stated(&provider.lmtpric_hosp_lv),
        stated(&provider.hosp_lv),
    );
    let Some(picked) = catalogue::pick(&item.rows, &policies.pool.pool, lines.scheme, level, day) else {
        return Err(Refusal::new(
            Code::UnknownItem,
            format!(
                "{which} 的医疗目录编码 med_list_codg {code} 在 {day} 不在医保目录内；请核对编码，先做目录对照(3301)"
            ),
        )
        .into());
    };
    let position = item.rows.iter().position(|row| std::ptr::eq(row, picked)).expect("picked from these rows");
    Ok((&item.stored[position], picked))
}

fn must_agree(which: &str, cnt: Decimal, pric: Decimal, amount: Money) -> Result<(), Stop> {
    let (code, text) = match line_fault(cnt, pric, amount) {
        None => return Ok(()),
        Some(LineFault::NegativePrice) => {
            (Code::Amount, format!("{which} 的单价 pric {pric} 为负；退费请填写负的数量 cnt"))
        }
        Some(LineFault::NoQuantity) => {
            (Code::Amount, format!("{which} 的数量 cnt 为 0 而金额为 {amount}；请填写实际数量，退费为负数"))
        }
        Some(LineFault::TooMuch) => {
            let text =
                format!("{which} 的金额 det_item_fee_sumamt {amount} 超出单条明细上限 {LINE_AMOUNT_MAX}；请核对");
            (Code::Amount, text)
        }
        Some(LineFault::Differs { expected, tolerance }) => {
            let text = format!(
                "{which} 的金额 det_item_fee_sumamt {amount} 不等于数量 {cnt} × 单价 {pric} = {expected}，\
                 超出舍入误差 {tolerance} 元；请核对后重传",
                tolerance = tolerance.normalize()
            );
            (Code::TotalsDiffer, text)
        }
        Some(LineFault::OutOfRange) => {
            (Code::Amount, format!("{which} 的数量 {cnt} × 单价 {pric} 超出金额范围；请核对"))
        }
    };
    Err(Refusal::new(code, text).into())
}

fn split(facts: &LineFacts, rules: &LineRules, which: &str) -> Result<LineSplit, Stop> {
    split_line(facts, rules)
        .ok_or_else(|| Refusal::new(Code::Amount, format!("{which} 的数量乘以限价超出金额范围；请核对数量")).into())
}

fn with_split(line: FeeLine, split: &LineSplit) -> FeeLine {
    FeeLine {
        fulamt_ownpay_amt: split.parts.own_paid,
        overlmt_amt: split.parts.over_limit,
        preselfpay_amt: split.parts.pre_paid,
        inscp_scp_amt: split.parts.in_scope,
        ..line
    }
}
