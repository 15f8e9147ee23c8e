//! A book that was written before there were journal entries and account movements, and what the step that brought them
//! makes of it. The SQL is what both engines read.

use crate::book::Steps;

const STEP: &str = "_journal_entry";

/// The steps before the one that brought them, and those with it.
pub(crate) fn steps(all: Steps) -> (Steps, Steps) {
    let at = all.iter().position(|(name, _)| name.ends_with(STEP)).expect("the step is there");
    (&all[..at], &all[..=at])
}

/// `S1` of `E1` stands, `S2` of `E2` was cancelled and put back as `S5`. `S3` of `E3` is a bill of nothing, `S4` of `E4` was
/// paid without the account. `P2` has an account with nothing on it.
pub(crate) fn book() -> String {
    let mut sql = String::new();
    for (psn_no, opening, balance) in [("P1", 10_000, 8_800), ("P2", 0, 0)] {
        sql += &format!(
            "INSERT INTO person (psn_no, psn_cert_type, certno, psn_name, gend, naty, card_no)
             VALUES ('{psn_no}', '01', 'C-{psn_no}', '张三', '1', '01', '');
             INSERT INTO account (psn_no, opening_fen, balance_fen) VALUES ('{psn_no}', {opening}, {balance});"
        );
    }
    for (mdtrt_id, psn_no) in [("E1", "P1"), ("E2", "P1"), ("E3", "P2"), ("E4", "P2")] {
        sql += &format!(
            "INSERT INTO encounter (mdtrt_id, psn_no, fixmedins_code, setting, state, insutype, med_type, begntime,
                 ipt_otp_no, mdtrt_cert_type, dise_codg, dise_name, dscg_maindiag_code, dscg_maindiag_name, dscg_way,
                 matn_type, birctrl_type, recorded_at, details)
             VALUES ('{mdtrt_id}', '{psn_no}', 'H1', 'outpatient', 'open', '310', '11', '2021-07-08 12:00:00',
                 '', '02', '', '', '', '', '', '', '', '2021-07-09 12:00:00', '{{}}');"
        );
    }
    sql += &settled("S1", "P1", ("E1", 1, ""), (600, 400), 9);
    sql += &settled("S2", "P1", ("E2", 1, ""), (600, 400), 9);
    sql += &settled("S3", "P2", ("E3", 1, ""), (0, 0), 9);
    sql += &settled("S4", "P2", ("E4", 1, ""), (0, 1_000), 9);
    sql += "INSERT INTO cancellation (setl_id, cancellation_id, psn_no, msgid, recorded_at, opter)
            VALUES ('S2', 'R-S2', 'P1', 'MR', '2021-07-10 12:00:00', 'OP');";
    sql += &posted("R-S2", "P1", (-600, -400));
    sql + &settled("S5", "P1", ("E2", 2, "S2"), (600, 400), 11)
}

fn settled(
    setl_id: &str,
    psn_no: &str,
    (mdtrt_id, round, restores): (&str, i64, &str),
    (account, cash): (i64, i64),
    day: i8,
) -> String {
    let bill = account + cash;
    let row = format!(
        "INSERT INTO settlement (mdtrt_id, round, restores, setl_id, psn_no, fixmedins_code, msgid, insutype, psn_type,
             cvlserv_flag, med_type, mdtrt_cert_type, chrg_bchno, invono, setl_time, begndate, enddate, year, mid_stay,
             stay_number, owner, medfee_sumamt_fen, fulamt_ownpay_amt_fen, overlmt_selfpay_fen, preselfpay_amt_fen,
             inscp_scp_amt_fen, dedc_std_fen, crt_dedc_fen, act_pay_dedc_fen, pool_prop_selfpay_bp, hifp_pay_fen,
             cvlserv_pay_fen, hifes_pay_fen, hifmi_pay_fen, hifob_pay_fen, maf_pay_fen, oth_pay_fen, hosp_part_amt_fen,
             fund_pay_sumamt_fen, psn_part_amt_fen, acct_pay_fen, psn_cash_pay_fen, balc_fen, clr_optins, clr_way,
             clr_type, opter, opter_name, trace, counts_at, acct_used_flag)
         VALUES ('{mdtrt_id}', {round}, '{restores}', '{setl_id}', '{psn_no}', 'H1', 'M-{setl_id}', '310', '1101',
             false, '11', '02', '', '', '2021-07-{day:02} 12:00:00', '2021-07-08', '2021-07-08', 2021, false, 0,
             'target', {bill}, 0, 0, 0, {bill}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {bill}, {account}, {cash}, 0,
             '520500', '1', '11', 'OP', '', '', '2021-07-{day:02} 12:00:00', '0');"
    );
    row + &posted(setl_id, psn_no, (account, cash))
}

fn posted(entry: &str, psn_no: &str, (account, cash): (i64, i64)) -> String {
    let accounts = [
        (format!("person/account/{psn_no}"), account),
        ("person/cash".into(), cash),
        ("provider/receivable/H1".into(), -account),
        ("provider/cash/H1".into(), -cash),
    ];
    let moved = accounts.iter().filter(|(_, fen)| *fen != 0).zip(0..);
    let rows = moved.map(|((account, fen), seq)| {
        format!(
            "INSERT INTO posting (entry, seq, psn_no, account, amount_fen)
             VALUES ('{entry}', {seq}, '{psn_no}', '{account}', {fen});"
        )
    });
    rows.collect()
}

/// What must be there afterwards: a question with one column, and its lines.
pub(crate) const EXPECTED: &[(&str, &[&str])] = &[
    (
        "SELECT entry || ' ' || source_kind || ' ' || source_id || ' ' || psn_no || ' ' || CAST(recorded_at AS text)
         FROM journal_entry ORDER BY entry",
        &[
            "R-S2 cancellation R-S2 P1 2021-07-10 12:00:00",
            "S1 settlement S1 P1 2021-07-09 12:00:00",
            "S2 settlement S2 P1 2021-07-09 12:00:00",
            "S4 settlement S4 P2 2021-07-09 12:00:00",
            "S5 settlement S5 P1 2021-07-11 12:00:00",
        ],
    ),
    (
        "SELECT psn_no || ' ' || number || ' ' || kind || ' ' || amount_fen || ' ' || coalesce(entry, 'none') || ' '
                || coalesce(CAST(moved_at AS text), 'unknown') || ' ' || coalesce(CAST(day AS text), 'unknown')
         FROM account_movement ORDER BY psn_no, number",
        &[
            "P1 0 113 10000 none unknown unknown",
            "P1 1 201 -600 S1 2021-07-09 12:00:00 2021-07-08",
            "P1 2 201 -600 S2 2021-07-09 12:00:00 2021-07-08",
            "P1 3 109 600 R-S2 2021-07-10 12:00:00 2021-07-08",
            "P1 4 201 -600 S5 2021-07-11 12:00:00 2021-07-08",
            "P2 0 113 0 none unknown unknown",
        ],
    ),
    ("SELECT psn_no || ' ' || balance_fen || ' ' || movements FROM account ORDER BY psn_no", &["P1 8800 4", "P2 0 0"]),
];

/// What verification asks of them, which must find nothing.
pub(crate) fn asked() -> impl Iterator<Item = &'static str> {
    let of_step = |name: &str| ["凭证", "分录", "账户"].iter().any(|subject| name.starts_with(subject));
    crate::verify::questions().filter(move |question| of_step(question.name)).map(|question| question.broken)
}
