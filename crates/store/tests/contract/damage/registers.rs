//! The errors planted in registers and runs of the backfill, by the check that has to see them.

use super::Damage;

pub const REGISTERS: &[Damage] = &[
    (
        "台账：须由另一人办理的步骤确由另一人办理",
        &[(
            "UPDATE register_event SET actor = 'clerk1' WHERE number = 'T-failed' AND seq = 2",
            "T-failed：操作记录第2条与此前须由另一人办理的步骤是同一人所办",
        )],
    ),
    (
        "台账：操作记录从登记起连续，一步一个版本，收件与登记、状态与最后一条相同",
        &[
            ("DELETE FROM register_event WHERE number = 'T-waiting'", "T-waiting：没有操作记录"),
            (
                "UPDATE register_entry SET state = 'waiting' WHERE number = 'T-settled'",
                "T-settled：状态为waiting，最后一条操作之后应为settled",
            ),
            (
                "DELETE FROM register_event WHERE number = 'T-undone' AND seq = 2",
                "T-undone：操作记录到第3条，只有2条",
            ),
            (
                "DELETE FROM register_event WHERE number = 'T-undone' AND seq = 1;
                 UPDATE register_event SET seq = seq - 1 WHERE number = 'T-undone' AND seq = 2;
                 UPDATE register_event SET seq = seq - 1 WHERE number = 'T-undone' AND seq = 3",
                "T-undone：第一条操作不是登记",
            ),
            ("UPDATE register_entry SET version = 1 WHERE number = 'T-undone'", "T-undone：版本1，操作记录3条"),
            ("UPDATE register_entry SET version = 3 WHERE number = 'T-waiting'", "T-waiting：版本3，操作记录2条"),
            ("UPDATE register_entry SET taken_by = '钱七' WHERE number = 'T-waiting'", "T-waiting：收件人、收件时间与登记不同"),
            (
                "UPDATE register_entry SET taken_at = '2021-07-10 12:00:00' WHERE number = 'T-reimbursed'",
                "T-reimbursed：收件人、收件时间与登记不同",
            ),
        ],
    ),
    (
        "台账：操作记录、明细、待遇暂停都属于在册条目",
        &[
            (
                "UPDATE register_line SET number = 'T8' WHERE number = 'T-settled'",
                "T8：费用明细所属的台账条目不存在",
            ),
            ("UPDATE register_event SET number = 'T8' WHERE number = 'T-failed'", "T8：操作记录所属的台账条目不存在"),
            ("UPDATE benefit_hold SET number = 'T8' WHERE number = 'T-held'", "T8：待遇暂停所属的台账条目不存在"),
        ],
    ),
    (
        "台账：费用明细的行号从1起连续",
        &[
            ("DELETE FROM register_line WHERE number = 'T-waiting' AND seq = 1", "T-waiting：费用明细到第2行，只有1行"),
            (
                "UPDATE register_line SET number = 'T-failed' WHERE number = 'T-waiting' AND seq = 2",
                "T-failed：费用明细到第2行，只有1行",
            ),
        ],
    ),
    (
        "台账：人员编号在册，证件号码是该人员的",
        &[
            ("UPDATE register_entry SET psn_no = 'P9' WHERE number = 'T-waiting'", "T-waiting：所记人员不存在"),
            // Moved to another person.
            ("UPDATE register_entry SET psn_no = 'P2' WHERE number = 'T-failed'", "T-failed：证件号码不是所记人员的"),
        ],
    ),
    (
        "台账：条目与其就诊同一人员、机构，已结算的同一天",
        &[
            ("UPDATE register_entry SET psn_no = 'P1' WHERE number = 'T-converted'", "T-converted：与就诊E6的人员不同"),
            ("UPDATE register_entry SET fixmedins_code = 'H2' WHERE number = 'T-stay'", "T-stay：与就诊E4的机构不同"),
            (
                "UPDATE register_entry SET care_from = '2021-07-07 12:00:00' WHERE number = 'T-settled'",
                "T-settled：与就诊E1的日期不同",
            ),
            ("UPDATE register_entry SET mdtrt_id = 'E8' WHERE number = 'T-settled'", "T-settled：所记就诊E8不存在"),
        ],
    ),
    (
        "台账：已结算的条目有一笔同一人员、机构、就诊的在册结算，退付＝该结算的基金和个人账户支付",
        &[
            ("UPDATE register_entry SET setl_id = '' WHERE number = 'T-settled'", "T-settled：所记结算不存在"),
            ("UPDATE register_entry SET setl_id = 'S2' WHERE number = 'T-settled'", "T-settled：所记结算S2已撤销"),
            // Moved to another person, and its stay with it.
            ("UPDATE register_entry SET psn_no = 'P2' WHERE number = 'T-settled'", "T-settled：与结算S1的人员不同"),
            (
                "UPDATE register_entry SET fixmedins_code = 'H2' WHERE number = 'T-settled'",
                "T-settled：与结算S1的机构不同",
            ),
            ("UPDATE register_entry SET setl_id = 'S7', psn_no = 'P3' WHERE number = 'T-settled'", "与结算S7的就诊不同"),
            (
                "UPDATE register_entry SET refunded_fen = 2000 WHERE number = 'T-settled'",
                "T-settled：退付2000分，结算S1支付2600分",
            ),
        ],
    ),
    (
        "台账：未结算的条目没有结算，未结算也未报销的没有退付",
        &[
            ("UPDATE register_entry SET setl_id = 'S2' WHERE number = 'T-undone'", "T-undone：状态waiting，却记了结算S2"),
            ("UPDATE register_entry SET refunded_fen = 5 WHERE number = 'T-refused'", "T-refused：状态refused，却记了退付5分"),
        ],
    ),
    (
        "台账：一笔结算至多是一个条目的补录（在院转自费除外）",
        &[(
            "UPDATE register_entry SET state = 'settled', setl_id = 'S1' WHERE number = 'T-waiting'",
            "S1：有2个台账条目",
        )],
    ),
    (
        "台账：报销权属于仍占用它的条目",
        &[
            ("UPDATE claim_right SET number = 'T8' WHERE number = 'T-waiting'", "T8：报销权所属的台账条目不存在"),
            ("UPDATE claim_right SET number = 'T-refused' WHERE number = 'T-waiting'", "T-refused：状态refused不应再占用"),
            ("UPDATE claim_right SET number = 'T-withdrawn' WHERE number = 'T-waiting'", "状态withdrawn不应再占用"),
            ("UPDATE claim_right SET number = 'T-outside' WHERE number = 'T-waiting'", "状态outside不应再占用"),
        ],
    ),
    (
        "台账：待遇暂停与条目同一人员，已暂停待遇的条目正好有一条存续",
        &[
            ("UPDATE benefit_hold SET psn_no = 'P2' WHERE number = 'T-held'", "T-held：待遇暂停与条目的人员不同"),
            ("UPDATE benefit_hold SET until = '2021-07-01 12:00:00' WHERE number = 'T-reported'", "的结束早于开始"),
            (
                "UPDATE benefit_hold SET until = NULL WHERE number = 'T-reported'",
                "T-reported：待遇暂停存续，条目的状态为reported",
            ),
            ("DELETE FROM benefit_hold WHERE number = 'T-held'", "T-held：状态为held，没有存续的待遇暂停"),
        ],
    ),
    (
        "批量补录：找到的条目属于其方案，结束的不多于找到的，时间有先后",
        &[
            ("UPDATE backfill_run SET settled = 3 WHERE number = 1", "批量补录1：结算3条、未通过1条，只找到3条"),
            ("UPDATE backfill_run SET finished_at = '2021-07-01 12:00:00' WHERE number = 1", "批量补录1：结束早于开始"),
            ("UPDATE backfill_run SET plan = 'nothing' WHERE number = 2", "批量补录2：找到3条，其方案没有条目"),
        ],
    ),
    (
        "台账：占用报销权的条目恰好持有其全部报销权",
        &[
            ("DELETE FROM claim_right", "T-settled：应有1项报销权，少1项"),
            ("DELETE FROM claim_right WHERE number = 'T-stay'", "T-stay：应有1项报销权，少1项"),
            // Held by another entry that is in force.
            ("UPDATE claim_right SET number = 'T-failed' WHERE number = 'T-waiting'", "T-waiting：应有1项报销权，少1项"),
            ("UPDATE claim_right SET number = 'T-failed' WHERE number = 'T-waiting'", "T-failed：应有1项报销权，多占1项"),
            // The same right under another name.
            (
                "UPDATE claim_right SET claim_key = 'invoice:X' WHERE number = 'T-waiting'",
                "T-waiting：应有1项报销权，少1项，另占不属于它的1项",
            ),
            ("INSERT INTO claim_right VALUES ('invoice:Y', 'T-outside')", "T-outside：应有0项报销权，多占1项"),
            // An entry goes to another person with its settlement; its stay's right is the first one's.
            ("UPDATE register_entry SET psn_no = 'P3' WHERE number = 'T-self_paid'", "T-self_paid：应有1项报销权，少1项"),
            ("UPDATE register_entry SET invono = 'Z' WHERE number = 'T-reimbursing'", "T-reimbursing：应有1项报销权"),
            ("UPDATE register_entry SET state = 'waiting' WHERE number = 'T-refused'", "T-refused：应有1项报销权，少1项"),
        ],
    ),
    (
        "台账：结算、退付和费用明细与操作记录所记相同",
        &[
            // Another settlement of the same stay.
            (
                "UPDATE register_entry SET setl_id = 'S5', refunded_fen = 2600 WHERE number = 'T-stay'",
                "T-stay：记着结算“S5”，操作记录的最后一次结算是“S6”",
            ),
            // A settled entry that waits again, its settlement standing.
            (
                "UPDATE register_entry SET state = 'waiting', setl_id = '', refunded_fen = 0 WHERE number = 'T-settled';
                 UPDATE register_event SET state = 'waiting' WHERE number = 'T-settled' AND seq = 2",
                "T-settled：记着结算“”，操作记录的最后一次结算是“S1”",
            ),
            (
                "UPDATE register_entry SET refunded_fen = 120000 WHERE number = 'T-reimbursed'",
                "T-reimbursed：退付1200.00元，报销时所记为12.00元",
            ),
            // The last line goes to the end of another entry's.
            (
                "UPDATE register_line SET number = 'T-settled' WHERE number = 'T-waiting' AND seq = 2",
                "T-waiting：费用明细1条30.00元，操作记录为2条60.00元",
            ),
            (
                "UPDATE register_line SET number = 'T-settled' WHERE number = 'T-waiting' AND seq = 2",
                "T-settled：费用明细合计60.00元，登记时的费用总额为30.00元",
            ),
            (
                "UPDATE register_line SET det_item_fee_sumamt_fen = 3001 WHERE number = 'T-settled'",
                "T-settled：费用明细合计30.01元，登记时的费用总额为30.00元",
            ),
        ],
    ),
    (
        "台账：条目的每一栏都是操作记录所记的",
        &[
            // Moved to another person, with its rights and all that it says of the person.
            ("UPDATE register_entry SET psn_no = 'P2' WHERE number = 'T-waiting'", "T-waiting：人员编号与操作记录所记不同"),
            ("UPDATE register_entry SET psn_no = '' WHERE number = 'T-failed'", "T-failed：人员编号与操作记录所记不同"),
            (
                "UPDATE register_entry SET psn_no = 'P2', certno = 'C-P2' WHERE number = 'T-reimbursed'",
                "T-reimbursed：证件号码、人员编号与操作记录所记不同",
            ),
            ("UPDATE register_entry SET certno = '' WHERE number = 'T-failed'", "T-failed：证件号码与操作记录所记不同"),
            ("UPDATE register_entry SET fixmedins_code = 'H2' WHERE number = 'T-waiting'", "T-waiting：医药机构与操作"),
            ("UPDATE register_entry SET fixmedins_code = 'H2' WHERE number = 'T-reimbursed'", "T-reimbursed：医药机构与"),
            (
                "UPDATE register_entry SET care_from = '2021-07-09 12:00:00' WHERE number = 'T-waiting'",
                "T-waiting：就诊时间与操作记录所记不同",
            ),
            (
                "UPDATE register_entry SET care_until = '2021-07-19 12:00:00' WHERE number = 'T-stay'",
                "T-stay：出院时间与操作记录所记不同",
            ),
            ("UPDATE register_entry SET charged_fen = 300000 WHERE number = 'T-waiting'", "T-waiting：费用总额与操作记录"),
            ("UPDATE register_entry SET charged_fen = 300000 WHERE number = 'T-settled'", "T-settled：费用总额与操作记录"),
            ("UPDATE register_entry SET invono = 'Z' WHERE number = 'T-waiting'", "T-waiting：发票号与操作记录所记不同"),
            ("UPDATE register_entry SET invono = '' WHERE number = 'T-waiting'", "T-waiting：发票号与操作记录所记不同"),
            ("UPDATE register_entry SET mdtrt_id = '' WHERE number = 'T-converted'", "T-converted：就诊ID与操作记录所记不同"),
            ("UPDATE register_entry SET plan = 'second' WHERE number = 'T-waiting'", "T-waiting：停机方案与操作记录所记不同"),
            ("UPDATE register_entry SET rule = 'other' WHERE number = 'T-waiting'", "T-waiting：所依条款与操作记录所记不同"),
            ("UPDATE register_entry SET kind = 'admission' WHERE number = 'T-waiting'", "T-waiting：登记册与操作记录所记不同"),
            (
                "UPDATE register_entry SET business = 'settlement.pharmacy' WHERE number = 'T-waiting'",
                "T-waiting：业务与操作记录所记不同",
            ),
            ("UPDATE register_entry SET admdvs = '520523' WHERE number = 'T-waiting'", "T-waiting：区划与操作记录所记不同"),
            ("UPDATE register_entry SET source = 'file' WHERE number = 'T-waiting'", "T-waiting：来源与操作记录所记不同"),
            ("UPDATE register_entry SET reason = '缺章' WHERE number = 'T-waiting'", "T-waiting：原因与操作记录所记不同"),
            ("UPDATE register_entry SET refunded_fen = 120000 WHERE number = 'T-reimbursed'", "T-reimbursed：退付与操作记录"),
            ("UPDATE register_entry SET setl_id = 'S5' WHERE number = 'T-stay'", "T-stay：结算ID与操作记录所记不同"),
            // A bill code is the issuer of a receipt, the place of care that of papers.
            (
                "UPDATE register_entry SET details = '{\"bill_code\":\"51\"}' WHERE number = 'T-waiting'",
                "T-waiting：栏目bill_code、栏目note、栏目tel与操作记录所记不同",
            ),
            (
                "UPDATE register_entry SET details = '{\"care_provider\":\"H8\",\"care_endtime\":\"2021-07-10 09:00:00\"}'
                 WHERE number = 'T-reimbursed'",
                "T-reimbursed：栏目care_provider与操作记录所记不同",
            ),
        ],
    ),
    (
        "台账：登记册、业务、状态、来源、操作都用已知的词",
        &[
            ("UPDATE register_entry SET kind = 'x' WHERE number = 'T-done'", "T-done等：kind是不认识的词"),
            ("UPDATE register_entry SET business = 'X' WHERE number = 'T-done'", "T-done等：business是不认识的词"),
            ("UPDATE register_entry SET state = 'x' WHERE number = 'T-done'", "T-done等：state是不认识的词"),
            ("UPDATE register_entry SET source = 'x' WHERE number = 'T-done'", "T-done等：source是不认识的词"),
            ("UPDATE register_event SET action = 'x' WHERE number = 'T-done'", "T-done等：action是不认识的词"),
            ("UPDATE register_event SET state = 'x' WHERE number = 'T-done'", "T-done等：state是不认识的词"),
        ],
    ),
    (
        "台账：操作记录的每一步都是该登记册允许的",
        &[
            // What was done in the middle is another thing now, or led elsewhere.
            (
                "UPDATE register_event SET action = 'refuse' WHERE number = 'T-undone' AND seq = 2",
                "T-undone：操作记录第2条不是从前一条的状态可办的",
            ),
            (
                "UPDATE register_event SET state = 'waiting' WHERE number = 'T-restored' AND seq = 2",
                "T-restored：操作记录第2条不是从前一条的状态可办的",
            ),
            // The middle of a history is cut out and the rest moved up.
            (
                "DELETE FROM register_event WHERE number = 'T-held' AND seq = 2;
                 UPDATE register_event SET seq = 2 WHERE number = 'T-held' AND seq = 3",
                "T-held：操作记录第2条不是从前一条的状态可办的",
            ),
            // Another register of the same stay.
            (
                "UPDATE register_entry SET kind = 'stay_conversion' WHERE number = 'T-done'",
                "T-done：操作记录第2条不是从前一条的状态可办的",
            ),
        ],
    ),
];
