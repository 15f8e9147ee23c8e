//! The planted errors, by the check that has to see them.

use super::Damage;
use super::registers::REGISTERS;

pub const ALL: &[&[Damage]] = &[SETTLEMENTS, LEDGER, ENTRIES, PERSONS, MESSAGES, REGISTERS, DOCUMENTS];

pub const DOCUMENTS: &[Damage] = &[(
    "上传资料：逐日计数与资料一致",
    &[
        ("DELETE FROM deposit WHERE key = 'K1'", "/sale：计数1份，资料0份"),
        ("UPDATE deposit_count SET taken = 2", "/sale：计数2份，资料1份"),
        ("DELETE FROM deposit_count", "/sale：有资料而没有计数"),
    ],
)];

pub const SETTLEMENTS: &[Damage] = &[
    (
        "结算：总费用＝全自费＋超限价＋先行自付＋符合范围",
        &[("UPDATE settlement SET inscp_scp_amt_fen = 2699 WHERE setl_id = 'S1'", "S1：总费用与四项之和相差1分")],
    ),
    (
        "结算：总费用＝基金支付＋个人负担＋医院负担",
        &[("UPDATE settlement SET hosp_part_amt_fen = 5 WHERE setl_id = 'S1'", "S1：总费用与三方之和相差-5分")],
    ),
    (
        "结算：个人负担＝个人账户＋现金",
        &[("UPDATE settlement SET psn_cash_pay_fen = 401 WHERE setl_id = 'S1'", "S1：个人负担与两项之和相差-1分")],
    ),
    (
        "结算：各方负担和基金分项不为负，已付起付线不超过本次起付线",
        &[
            // The account is filled by a payment from it that is negative; everything else agrees.
            (
                "UPDATE settlement SET acct_pay_fen = -600, psn_cash_pay_fen = 1600 WHERE setl_id = 'S7';
                 UPDATE fund_share SET fund_payamt_fen = -600 WHERE setl_id = 'S7' AND fund_pay_type = '310200';
                 UPDATE posting SET amount_fen = CASE seq WHEN 1 THEN -600 WHEN 2 THEN 1600 WHEN 3 THEN -1400
                                                          ELSE -1600 END WHERE entry = 'S7' AND seq > 0;
                 UPDATE account_movement SET amount_fen = 600 WHERE entry = 'S7';
                 UPDATE account SET balance_fen = 10600 WHERE psn_no = 'P3'",
                "S7：有一方负担为负",
            ),
            (
                "INSERT INTO fund_share SELECT setl_id, seq + 5, psn_no, fund_pay_type, inscp_scp_amt_fen,
                                               crt_payb_lmt_amt_fen, -1, setl_proc_info
                 FROM fund_share WHERE setl_id = 'S1' AND seq = 0",
                "S1：基金分项第5行为负",
            ),
            ("UPDATE settlement SET act_pay_dedc_fen = 201 WHERE setl_id = 'S1'", "S1：已付起付线超过本次起付线"),
        ],
    ),
    (
        "结算：基金支付总额＝各基金栏之和＝基金分项之和",
        &[
            ("UPDATE settlement SET hifp_pay_fen = 1999 WHERE setl_id = 'S1'", "S1：基金支付总额2000分"),
            (
                "UPDATE fund_share SET fund_payamt_fen = 2001 WHERE setl_id = 'S1' AND fund_pay_type = '310100'",
                "分项之和2001分",
            ),
            ("DELETE FROM fund_share WHERE setl_id = 'S1'", "S1：基金支付总额2000分，各栏之和2000分，分项之和0分"),
        ],
    ),
    (
        "结算：各基金栏、个人账户、医院负担＝基金分项的同类合计",
        &[
            // One fund instead of another, the sum as before.
            (
                "UPDATE fund_share SET fund_pay_type = '390200' WHERE setl_id = 'S1' AND fund_pay_type = '310100'",
                "S1：基金分项与各栏相差，统筹-2000分，大病2000分",
            ),
            (
                "UPDATE fund_share SET fund_payamt_fen = CASE fund_pay_type WHEN '310100' THEN 400 ELSE 1500 END
                 WHERE setl_id = 'S6' AND fund_pay_type IN ('310100', '320100')",
                "S6：基金分项与各栏相差，统筹-1100分，公务员1100分",
            ),
            (
                "UPDATE settlement SET hifob_pay_fen = 700, maf_pay_fen = 300, hifp_pay_fen = 1000 WHERE setl_id = 'S1'",
                "统筹1000分，大额-700分，救助-300分",
            ),
            (
                "UPDATE fund_share SET fund_payamt_fen = 601 WHERE setl_id = 'S1' AND fund_pay_type = '310200'",
                "个人账户1分",
            ),
            ("DELETE FROM fund_share WHERE setl_id = 'S6' AND fund_pay_type = '999996'", "医院负担-100分"),
            (
                "UPDATE fund_share SET fund_pay_type = '999' WHERE setl_id = 'S6' AND fund_pay_type = '320100'",
                "公务员-400分，其他400分",
            ),
        ],
    ),
    (
        "结算：与就诊同一人员、机构；在册结算与就诊日期相同，就诊未撤销",
        &[
            ("UPDATE encounter SET psn_no = 'P3' WHERE mdtrt_id = 'E1'", "S1：与就诊的人员不同"),
            ("UPDATE settlement SET fixmedins_code = 'H2' WHERE setl_id = 'S2'", "S2：与就诊的机构不同"),
            ("UPDATE encounter SET state = 'cancelled' WHERE mdtrt_id = 'E1'", "S1：在册，但就诊已撤销"),
            ("UPDATE settlement SET begndate = '2021-07-07' WHERE setl_id = 'S1'", "S1：与就诊的日期不同"),
            ("UPDATE encounter SET endtime = '2021-07-13 08:00:00' WHERE mdtrt_id = 'E4'", "S6：与就诊的日期不同"),
            ("UPDATE settlement SET mdtrt_id = 'E99' WHERE setl_id = 'S7'", "S7：所记就诊不存在"),
            // Two settlements change places.
            (
                "UPDATE settlement SET mdtrt_id = CASE setl_id WHEN 'S1' THEN 'E5' ELSE 'E1' END,
                                       round = CASE setl_id WHEN 'S1' THEN 7 ELSE 8 END
                 WHERE setl_id IN ('S1', 'S7')",
                "S1：与就诊的人员不同",
            ),
        ],
    ),
    (
        "结算：轮次从1起连续；恢复的结算对应已撤销的原结算，同一原结算至多一笔在册",
        &[
            ("DELETE FROM settlement WHERE setl_id = 'S5'", "E4：结算到第2轮，只有1笔"),
            ("UPDATE settlement SET restores = 'S99' WHERE setl_id = 'S4'", "S4：所恢复的原结算S99不存在"),
            (
                "UPDATE settlement SET restores = 'S2' WHERE setl_id = 'S4'",
                "S4：所恢复的原结算S2不是同一就诊较早的结算",
            ),
            ("DELETE FROM cancellation WHERE setl_id = 'S3'", "S4：所恢复的原结算S3没有撤销"),
            (
                "UPDATE settlement SET mdtrt_id = 'E3', round = 3, restores = 'S3' WHERE setl_id = 'S7'",
                "S3：恢复后在册的结算有2笔",
            ),
        ],
    ),
    (
        "结算：每次住院至多一笔在册的出院结算",
        &[("UPDATE settlement SET mid_stay = false WHERE setl_id = 'S5'", "E4：在册的出院结算有2笔")],
    ),
    (
        "撤销：每笔撤销对应一笔结算，且只对应一笔",
        &[
            ("UPDATE cancellation SET setl_id = 'S9' WHERE setl_id = 'S2'", "S9：撤销所指的结算不存在"),
            ("UPDATE cancellation SET psn_no = 'P3' WHERE setl_id = 'S2'", "S2：撤销与结算的人员不同"),
        ],
    ),
    (
        "撤销：每笔撤销都有其报文",
        &[
            ("DELETE FROM message WHERE msgid = 'MR-S2'", "S2：没有记录撤销它的报文"),
            // A settlement is cancelled by a hand that wrote everything but the message.
            (
                "INSERT INTO cancellation SELECT 'S7', 'R-S7', 'P3', 'MR-S7', recorded_at, opter FROM cancellation
                 WHERE setl_id = 'S2'",
                "S7：没有记录撤销它的报文",
            ),
        ],
    ),
    (
        "明细：金额＝全自费＋超限价＋先行自付＋符合范围",
        &[("UPDATE fee_line SET inscp_scp_amt_fen = 2699 WHERE mdtrt_id = 'E1'", "E1/L1：金额与四项之和相差1分")],
    ),
    (
        "结算：在册结算的总费用和四项＝其费用明细之和",
        &[
            (
                "UPDATE fee_line SET det_item_fee_sumamt_fen = 3100 WHERE mdtrt_id = 'E1'",
                "S1：明细之和与总费用相差100分",
            ),
            ("UPDATE fee_line SET setl_id = NULL WHERE mdtrt_id = 'E1'", "相差-3000分"),
            ("DELETE FROM fee_line WHERE mdtrt_id = 'E4' AND feedetl_sn = 'L2'", "S6：明细之和与总费用相差-3000分"),
            // The lines of two bills of one sum change places.
            (
                "UPDATE fee_line SET mdtrt_id = 'E-' WHERE mdtrt_id = 'E1';
                 UPDATE fee_line SET mdtrt_id = 'E1', setl_id = 'S1', psn_no = 'P1' WHERE mdtrt_id = 'E5';
                 UPDATE fee_line SET mdtrt_id = 'E5', setl_id = 'S7', psn_no = 'P3' WHERE mdtrt_id = 'E-'",
                "S1：明细之和与总费用相差0分，全自费500分，符合范围-500分",
            ),
        ],
    ),
    (
        "结算：已结算明细属于同一就诊的在册结算",
        &[
            ("UPDATE fee_line SET setl_id = 'S1' WHERE mdtrt_id = 'E2'", "E2/L1：所记结算S1属于另一就诊"),
            ("UPDATE fee_line SET setl_id = 'S2' WHERE mdtrt_id = 'E2'", "E2/L1：所记结算S2已撤销"),
            ("UPDATE fee_line SET setl_id = 'S9' WHERE mdtrt_id = 'E2'", "E2/L1：所记结算S9不存在"),
        ],
    ),
];

pub const LEDGER: &[Damage] = &[
    (
        "分录：借贷平衡",
        &[("UPDATE posting SET amount_fen = amount_fen + 1 WHERE entry = 'S1' AND seq = 0", "S1：借贷相差1分")],
    ),
    (
        "分录：撤销与原结算逐科目相抵",
        &[
            ("UPDATE posting SET account = 'fund/390100' WHERE entry = 'R-S2' AND seq = 0", "S2"),
            ("UPDATE posting SET amount_fen = amount_fen * 100 WHERE entry = 'R-S2'", "S2"),
        ],
    ),
    (
        "分录：个人账户、现金、医院负担、应付和机构已收＝结算，没有其他科目",
        &[
            // Both sides a hundredfold.
            (
                "UPDATE posting SET amount_fen = amount_fen * 100 WHERE entry = 'S1'",
                "S1：分录与结算相差，个人账户59400分，现金39600分，应付机构-257400分，机构已收-39600分",
            ),
            // The cancellation's too.
            ("UPDATE posting SET amount_fen = amount_fen * 100 WHERE entry IN ('S2', 'R-S2')", "S2：分录与结算相差"),
            (
                "UPDATE posting SET amount_fen = amount_fen + CASE account WHEN 'person/cash' THEN 1 ELSE -1 END
                 WHERE entry = 'S1' AND account IN ('person/cash', 'person/account/P1')",
                "S1：分录与结算相差，个人账户-1分，现金1分",
            ),
            (
                "UPDATE posting SET account = 'person/account/P2' WHERE account = 'person/account/P1' AND entry = 'S1'",
                "S1：分录第1行的科目不属于该笔结算",
            ),
            (
                "UPDATE posting SET account = replace(account, 'H52050000001', 'H2') WHERE entry = 'S1'",
                "S1：分录与结算相差，应付机构2600分，机构已收400分",
            ),
            (
                "UPDATE posting SET account = 'provider/cash/H52050000001' WHERE entry = 'S6' AND seq = 4",
                "医院负担-100分",
            ),
        ],
    ),
    (
        "分录：每只基金的支出＝该基金的分项",
        &[
            (
                "UPDATE posting SET amount_fen = amount_fen * 100 WHERE entry = 'S1'",
                "S1：基金310100的分录与分项相差198000分",
            ),
            (
                "UPDATE posting SET account = 'fund/390100' WHERE entry = 'S1' AND account = 'fund/310100'",
                "S1：基金390100的分录与分项相差2000分",
            ),
            // Two funds of one settlement change places.
            (
                "UPDATE posting SET amount_fen = CASE seq WHEN 0 THEN 400 ELSE 1500 END
                 WHERE entry = 'S6' AND seq IN (0, 1)",
                "S6：基金310100的分录与分项相差-1100分",
            ),
            // What a fund pays of the bill is passed off as paid out to the person.
            ("UPDATE posting SET account = 'person/payable/P1' WHERE entry = 'S1' AND seq = 1", "S1：基金310100"),
        ],
    ),
    (
        "分录：另付个人的每笔金额由其前一行的基金支付",
        &[
            (
                "UPDATE posting SET amount_fen = -600 WHERE entry = 'S6' AND account = 'person/payable/P2'",
                "S6：分录第8行",
            ),
            ("UPDATE posting SET amount_fen = -amount_fen WHERE entry = 'S6' AND seq IN (7, 8)", "S6：分录第8行"),
            ("UPDATE posting SET account = 'person/cash' WHERE entry = 'S6' AND seq = 7", "S6：分录第8行"),
        ],
    ),
    (
        "累计：累计值＝结转值＋在册结算的累计",
        &[
            (
                "UPDATE running_total SET value = value + 7 WHERE psn_no = 'P1' AND name = 'pool_paid'",
                "P1/310/2021/pool_paid：累计值与历史相差7",
            ),
            ("DELETE FROM running_total WHERE psn_no = 'P1' AND name = 'pool_paid'", "累计值与历史相差-2000"),
            ("DELETE FROM accumulation WHERE setl_id = 'S1'", "相差2000"),
            (
                "UPDATE accumulation SET name = 'basic_paid' WHERE setl_id = 'S1' AND name = 'pool_paid'",
                "P1/310/2021/basic_paid：累计值与历史相差-2000",
            ),
            ("UPDATE accumulation SET delta = -delta WHERE setl_id = 'S1'", "相差4000"),
        ],
    ),
    (
        "累计明细：期间是该笔结算的年度或当日",
        &[
            // Total and history go to another year together.
            (
                "UPDATE accumulation SET period = '2020' WHERE setl_id = 'S7' AND period = '2021';
                 UPDATE running_total SET period = '2020' WHERE psn_no = 'P3' AND period = '2021'",
                "S7：累计明细第0行的期间2020不是结算的年度或当日",
            ),
            ("UPDATE settlement SET year = 2020 WHERE setl_id = 'S7'", "S7：累计明细第0行"),
        ],
    ),
];

/// Beside those that the postings of settlements show.
pub const ENTRIES: &[Damage] = &[
    (
        "凭证：每笔结算和撤销恰有一张凭证，每张凭证恰有一个来源，同类、同人、同时",
        &[
            ("DELETE FROM journal_entry WHERE entry = 'S1'", "S1：没有凭证"),
            ("DELETE FROM journal_entry WHERE entry = 'R-S2'", "R-S2：没有凭证"),
            // An entry with its postings and movement under another number.
            (
                "UPDATE journal_entry SET entry = 'S8' WHERE entry = 'S1'; UPDATE posting SET entry = 'S8' WHERE entry = 'S1';
                 UPDATE account_movement SET entry = 'S8' WHERE entry = 'S1'",
                "S1：没有凭证",
            ),
            ("UPDATE journal_entry SET source_kind = 'cancellation' WHERE entry = 'S1'", "S1：所记撤销S1不存在"),
            ("UPDATE journal_entry SET source_kind = 'settlement' WHERE entry = 'R-S2'", "R-S2：所记结算R-S2不存在"),
            ("UPDATE journal_entry SET source_kind = 'gift' WHERE entry = 'S1'", "S1：来源种类gift不是已知的种类"),
            ("UPDATE journal_entry SET source_id = 'S7' WHERE entry = 'S1'", "S1：其来源有2张凭证"),
            ("UPDATE journal_entry SET psn_no = 'P2' WHERE entry = 'S1'", "S1：与结算的人员不同"),
            ("UPDATE journal_entry SET psn_no = 'P3' WHERE entry = 'R-S2'", "R-S2：与撤销的人员不同"),
            (
                "UPDATE journal_entry SET recorded_at = '2021-07-09 12:00:01' WHERE entry = 'S1'",
                "S1：与结算的时间不同",
            ),
            (
                "UPDATE journal_entry SET recorded_at = '2021-07-09 12:00:01' WHERE entry = 'R-S2'",
                "R-S2：与撤销的时间不同",
            ),
        ],
    ),
    (
        "凭证：每张凭证都有分录，每组分录都有凭证",
        &[
            ("DELETE FROM posting WHERE entry = 'S1'", "S1：没有分录"),
            ("DELETE FROM posting WHERE entry = 'R-S2'", "R-S2：没有分录"),
            ("UPDATE posting SET entry = 'S8' WHERE entry = 'S1'", "S8：分录没有凭证"),
            ("DELETE FROM journal_entry WHERE entry = 'R-S2'", "R-S2：分录没有凭证"),
        ],
    ),
    (
        "账户：余额＝变动之和，且不为负；变动条数与账户所记相同",
        &[
            ("UPDATE account SET balance_fen = 9401 WHERE psn_no = 'P1'", "P1：余额9401分，变动之和9400分"),
            (
                "UPDATE account SET balance_fen = -1 WHERE psn_no = 'P1';
                 UPDATE account_movement SET amount_fen = -1 - 9400 WHERE psn_no = 'P1' AND number = 0",
                "P1：余额-1分",
            ),
            ("DELETE FROM account WHERE psn_no = 'P1'", "P1：余额0分，变动之和9400分"),
            // From one person to another, the sum as before.
            (
                "UPDATE account SET balance_fen = balance_fen + CASE psn_no WHEN 'P1' THEN -100 ELSE 100 END
                 WHERE psn_no IN ('P1', 'P2')",
                "P1：余额9300分，变动之和9400分",
            ),
            (
                "UPDATE account_movement SET amount_fen = amount_fen - 1 WHERE entry = 'S1'",
                "P1：余额9400分，变动之和9399分",
            ),
            // A settlement's movement and that of its cancellation vanish together.
            (
                "DELETE FROM account_movement WHERE entry IN ('S2', 'R-S2')",
                "P1：余额9400分，变动之和9400分，账户所记变动3条，实有1条",
            ),
        ],
    ),
    (
        "账户变动：第0条是装入的期初余额，只有它没有凭证",
        &[
            (
                "UPDATE account SET opening_fen = 9999 WHERE psn_no = 'P1'",
                "P1：期初9999分，期初变动10000分",
            ),
            (
                "DELETE FROM account_movement WHERE psn_no = 'P1' AND number = 0",
                "P1：期初10000分，期初变动0分",
            ),
            (
                "UPDATE account_movement SET kind = '101' WHERE psn_no = 'P1' AND number = 0",
                "P1：变动第0条不是期初结转",
            ),
        ],
    ),
    (
        "账户变动：凭证存在，金额＝凭证在个人账户科目的分录；种类是国家代码，正负相符",
        &[
            ("UPDATE account_movement SET entry = 'S8' WHERE entry = 'S1'", "S8：变动所属的凭证不存在"),
            // The balance goes along.
            (
                "UPDATE account_movement SET amount_fen = amount_fen + 100 WHERE entry = 'S1';
                 UPDATE account SET balance_fen = balance_fen + 100 WHERE psn_no = 'P1'",
                "S1：账户变动与分录相差100分",
            ),
            // From one account to another, both balances along.
            (
                "UPDATE account_movement SET psn_no = 'P3', number = 9 WHERE entry = 'S1';
                 UPDATE account SET balance_fen = balance_fen + CASE psn_no WHEN 'P1' THEN 600 ELSE -600 END,
                                    movements = movements + CASE psn_no WHEN 'P1' THEN -1 ELSE 1 END
                 WHERE psn_no IN ('P1', 'P3')",
                "S1：账户变动与分录相差600分",
            ),
            ("UPDATE account_movement SET kind = '101' WHERE entry = 'S1'", "种类101没有或不该是这个方向"),
            ("UPDATE account_movement SET kind = '999' WHERE entry = 'S1'", "种类999没有或不该是这个方向"),
        ],
    ),
    (
        "账户变动：结算支出、撤销返还的人员、金额、时间和日期＝结算的个人账户支付",
        &[
            // Postings, movement and balance agree with each other, and with nothing else.
            (
                "UPDATE posting SET amount_fen = amount_fen + CASE seq WHEN 1 THEN 100 ELSE -100 END
                 WHERE entry = 'S1' AND seq IN (1, 2);
                 UPDATE account_movement SET amount_fen = amount_fen - 100 WHERE entry = 'S1';
                 UPDATE account SET balance_fen = balance_fen - 100 WHERE psn_no = 'P1'",
                "S1：账户变动201与结算的个人账户支付相差-100分",
            ),
            ("DELETE FROM account_movement WHERE entry = 'R-S2'", "R-S2：账户变动109与结算的个人账户支付相差-600分"),
            ("UPDATE account_movement SET kind = '203' WHERE entry = 'S1'", "S1：账户变动203"),
            ("UPDATE account_movement SET day = '2021-07-01' WHERE entry = 'R-S2'", "R-S2：账户变动109"),
            ("UPDATE account_movement SET moved_at = '2021-07-01 12:00:00' WHERE entry = 'S1'", "S1：账户变动201"),
        ],
    ),
];

pub const PERSONS: &[Damage] = &[
    (
        "人员：参保、身份、慢特病、账户、累计、就诊、备案都属于在册人员",
        &[
            ("DELETE FROM person WHERE psn_no = 'P2'", "就诊E4：所属人员不存在"),
            ("UPDATE insurance SET psn_no = 'P9' WHERE psn_no = 'P1'", "参保P9/310：所属人员不存在"),
            ("UPDATE attribute SET psn_no = 'P9'", "身份P9/2303：所属人员不存在"),
            ("UPDATE special_disease SET psn_no = 'P9'", "慢特病P9/M03900：所属人员不存在"),
            ("UPDATE account SET psn_no = 'P9' WHERE psn_no = 'P1'", "账户P9：所属人员不存在"),
            ("UPDATE running_total SET psn_no = 'P9' WHERE psn_no = 'P1'", "累计P9/2021/pool_paid：所属人员不存在"),
            ("UPDATE filing SET psn_no = 'P9'", "备案F1：所属人员不存在"),
        ],
    ),
    (
        "人员：基金分项、累计明细、分录、诊断、费用明细与其结算（凭证、就诊）同一人员",
        &[
            ("UPDATE fund_share SET psn_no = 'P2' WHERE setl_id = 'S1'", "S1：基金分项第0行与结算的人员不同"),
            ("UPDATE accumulation SET psn_no = 'P2' WHERE setl_id = 'S1'", "S1：累计明细第0行与结算的人员不同"),
            ("UPDATE posting SET psn_no = 'P2' WHERE entry = 'S1'", "S1：分录第0行与凭证的人员不同"),
            ("UPDATE posting SET psn_no = 'P2' WHERE entry = 'R-S2'", "R-S2：分录第0行与凭证的人员不同"),
            ("UPDATE diagnosis SET psn_no = 'P2'", "E1：诊断1/1与就诊的人员不同"),
            ("UPDATE fee_line SET psn_no = 'P2' WHERE mdtrt_id = 'E1'", "E1：费用明细L1与就诊的人员不同"),
        ],
    ),
    (
        "备案：慢特病待遇来自本人未撤销的备案",
        &[
            ("DELETE FROM filing", "F1：慢特病待遇M03900所记备案不存在"),
            ("UPDATE special_disease SET psn_no = 'P1'", "F1：慢特病待遇M03900与备案的人员不同"),
            ("UPDATE filing SET cancelled_at = '2021-07-09 12:00:00'", "F1：慢特病待遇M03900的备案已撤销"),
        ],
    ),
];

pub const MESSAGES: &[Damage] = &[
    (
        "报文：报文的结果存在，结算都有其报文",
        &[
            ("UPDATE message SET effect = 'S6-' WHERE msgid = 'M-S1'", "M-S1：报文的结果S6-不存在"),
            ("DELETE FROM message WHERE msgid = 'M-S1'", "S1：没有记录产生它的报文"),
        ],
    ),
    (
        "报文：结果属于发送机构；结算、撤销报文的结果由该报文办理",
        &[
            (
                "UPDATE message SET party = 'provider/H2' WHERE msgid = 'M-S1'",
                "provider/H2/M-S1：报文的结果S1不是该机构的",
            ),
            (
                "UPDATE message SET party = 'platform/H2' WHERE msgid = 'M-S1'",
                "platform/H2/M-S1：报文的结果S1不是该机构的",
            ),
            (
                "UPDATE message SET party = 'provider/H2' WHERE msgid = 'M-E7'",
                "provider/H2/M-E7：报文的结果E7不是该机构的",
            ),
            ("UPDATE filing SET filed_by = 'H2'", "M-F1：报文的结果F1不是该机构的"),
            (
                "UPDATE message SET effect = 'N1' WHERE msgid = 'M-F1'; UPDATE sign_in SET fixmedins_code = 'H2'",
                "M-F1：报文的结果N1不是该机构的",
            ),
            ("UPDATE message SET effect = 'S7' WHERE msgid = 'M-S1'", "M-S1：结算S7不是该报文办理的"),
            ("UPDATE message SET effect = 'S1' WHERE msgid = 'MR-S2'", "MR-S2：结算S1不是该报文撤销的"),
        ],
    ),
    (
        "冲正：已冲正的报文不再有在册结果",
        &[
            (
                "UPDATE message_reversal SET omsgid = 'M-S1', oinfno = '2207' WHERE omsgid = 'MR-S3'",
                "M-S1：已冲正，但结算S1仍在册",
            ),
            ("UPDATE encounter SET state = 'open' WHERE mdtrt_id = 'E7'", "M-E7：已冲正，但入院E7没有撤销"),
        ],
    ),
    (
        "冲正：与原报文的结果同一人员",
        &[("UPDATE message_reversal SET psn_no = 'P3' WHERE omsgid = 'MR-S3'", "MR-S3的结果S3的人员不同")],
    ),
];
