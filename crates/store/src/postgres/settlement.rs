//! Settlements and cancellations: one record moves shares, totals, account, postings and lines.

use super::encounter::read_round;
use super::ledger::must_balance;
use super::line::{Step, Value};
use super::selection::count;
use super::transaction::{PostgresTx, exactly, read_all};
use super::value::{Columns, Kept, Unreadable, column, kept};
use crate::fault::{Fault, masked};
use crate::ledger::Posting;
use crate::settlement::{
    Accumulation, Cancellation, FundShare, PastSettlement, Round, Settlement, SettlementRow, Settlements,
    settlement_columns,
};
use std::collections::{BTreeMap, HashMap};
use yibao_domain::money::Money;

/// The settlement's own row; what hangs on it is read apart.
fn read_settlement(row: &mut Columns<'_>) -> Result<Settlement, Unreadable> {
    Ok(Settlement {
        setl_id: row.take()?,
        mdtrt_id: row.take()?,
        round: row.take()?,
        restores: row.take()?,
        psn_no: row.take()?,
        fixmedins_code: row.take()?,
        msgid: row.take()?,
        insutype: row.take()?,
        psn_type: row.take()?,
        cvlserv_flag: row.take()?,
        med_type: row.take()?,
        mdtrt_cert_type: row.take()?,
        chrg_bchno: row.take()?,
        invono: row.take()?,
        setl_time: row.take()?,
        begndate: row.take()?,
        enddate: row.take()?,
        year: row.take()?,
        mid_stay: row.take()?,
        stay_number: row.take()?,
        owner: row.take()?,
        medfee_sumamt: row.fen()?,
        fulamt_ownpay_amt: row.fen()?,
        overlmt_selfpay: row.fen()?,
        preselfpay_amt: row.fen()?,
        inscp_scp_amt: row.fen()?,
        dedc_std: row.fen()?,
        crt_dedc: row.fen()?,
        act_pay_dedc: row.fen()?,
        pool_prop_selfpay: row.rate()?,
        hifp_pay: row.fen()?,
        cvlserv_pay: row.fen()?,
        hifes_pay: row.fen()?,
        hifmi_pay: row.fen()?,
        hifob_pay: row.fen()?,
        maf_pay: row.fen()?,
        oth_pay: row.fen()?,
        hosp_part_amt: row.fen()?,
        fund_pay_sumamt: row.fen()?,
        psn_part_amt: row.fen()?,
        acct_pay: row.fen()?,
        psn_cash_pay: row.fen()?,
        balc: row.fen()?,
        clr_optins: row.take()?,
        clr_way: row.take()?,
        clr_type: row.take()?,
        opter: row.take()?,
        opter_name: row.take()?,
        trace: row.take()?,
        counts_at: row.take()?,
        acct_used_flag: row.take()?,
        funds: Vec::new(),
        accumulations: Vec::new(),
        postings: Vec::new(),
    })
}

fn read_fund_share(row: &mut Columns<'_>) -> Result<(String, FundShare), Unreadable> {
    let setl_id = row.take()?;
    let share = FundShare {
        fund_pay_type: row.take()?,
        inscp_scp_amt: row.fen()?,
        crt_payb_lmt_amt: row.some_fen()?,
        fund_payamt: row.fen()?,
        setl_proc_info: row.take()?,
    };
    Ok((setl_id, share))
}

fn read_accumulation(row: &mut Columns<'_>) -> Result<(String, Accumulation), Unreadable> {
    Ok((row.take()?, Accumulation { period: row.take()?, name: row.take()?, delta: row.take()? }))
}

fn read_cancellation(row: &mut Columns<'_>) -> Result<Cancellation, Unreadable> {
    Ok(Cancellation {
        setl_id: row.take()?,
        cancellation_id: row.take()?,
        msgid: row.take()?,
        at: row.take()?,
        opter: row.take()?,
        postings: Vec::new(),
    })
}

fn read_posting(row: &mut Columns<'_>) -> Result<(String, Posting), Unreadable> {
    Ok((row.take()?, Posting { account: row.take()?, amount: row.fen()? }))
}

/// What a cancellation needs to know of the settlement.
struct Cancelled {
    psn_no: String,
    mdtrt_id: String,
    insutype: String,
    acct_pay: Money,
}

fn read_cancelled(row: &mut Columns<'_>) -> Result<Cancelled, Unreadable> {
    Ok(Cancelled { psn_no: row.take()?, mdtrt_id: row.take()?, insutype: row.take()?, acct_pay: row.fen()? })
}

impl Settlements for PostgresTx<'_> {
    fn settlement(&mut self, setl_id: &str) -> Result<Option<SettlementRow>, Fault> {
        Ok(self.whole_rows("reading settlement", setl_id, &[setl_id])?.pop())
    }

    fn rounds(&mut self, mdtrt_id: &str) -> Result<Vec<Round>, Fault> {
        if let Some(known) = self.ahead.rounds(mdtrt_id) {
            return Ok(known);
        }
        let sql = "SELECT round, setl_id, mid_stay,
                          NOT EXISTS (SELECT FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   FROM settlement WHERE mdtrt_id = $1 ORDER BY round";
        self.all("reading the rounds of encounter", mdtrt_id, sql, &[&mdtrt_id], read_round)
    }

    fn settlements_of(&mut self, mdtrt_id: &str) -> Result<Vec<SettlementRow>, Fault> {
        let rounds = self.rounds(mdtrt_id)?;
        let ids: Vec<&str> = rounds.iter().map(|round| round.setl_id.as_str()).collect();
        self.whole_rows("reading the settlements of encounter", mdtrt_id, &ids)
    }

    fn highest_deductible_standard(
        &mut self,
        psn_no: &str,
        year: i16,
        insutype: &str,
        clr_type: &str,
    ) -> Result<Option<Money>, Fault> {
        let sql = "SELECT dedc_std_fen
                   FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                   WHERE encounter.psn_no = $1 AND settlement.year = $2 AND settlement.insutype = $3
                     AND settlement.clr_type = $4
                     AND NOT EXISTS (SELECT FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   ORDER BY dedc_std_fen DESC LIMIT 1";
        let values: &[Value<'_>] = &[&psn_no, &year, &insutype, &clr_type];
        self.first("reading the deductible standards of person", &masked(psn_no), sql, values, |row| row.fen())
    }

    fn later_settlements(
        &mut self,
        psn_no: &str,
        year: i16,
        setl_id: &str,
        limit: usize,
    ) -> Result<Vec<String>, Fault> {
        // By way of the person's encounters, which are indexed; settlements of a person are not.
        let sql = "SELECT later.setl_id
                   FROM encounter JOIN settlement AS later ON later.mdtrt_id = encounter.mdtrt_id
                   WHERE encounter.psn_no = $1 AND later.year = $2
                     AND later.recorded > (SELECT recorded FROM settlement WHERE setl_id = $3)
                     AND NOT EXISTS (SELECT FROM cancellation WHERE cancellation.setl_id = later.setl_id)
                   ORDER BY later.recorded LIMIT $4";
        let limit = count(limit);
        let values: &[Value<'_>] = &[&psn_no, &year, &setl_id, &limit];
        self.all("finding settlements later than", setl_id, sql, values, |row| row.take())
    }

    fn settlements_of_person(&mut self, psn_no: &str, since_year: i16) -> Result<Vec<PastSettlement>, Fault> {
        const DOING: &str = "reading the settlements of person";
        let key = masked(psn_no);
        // By way of the person's encounters, which are indexed; settlements of a person are not.
        let settlements = concat!(
            "SELECT ",
            settlement_columns!(),
            " FROM settlement
              WHERE mdtrt_id IN (SELECT mdtrt_id FROM encounter WHERE psn_no = $1) AND year >= $2
              ORDER BY recorded"
        );
        let cancellations = "SELECT cancellation.setl_id, cancellation.recorded_at
                             FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                                            JOIN cancellation ON cancellation.setl_id = settlement.setl_id
                             WHERE encounter.psn_no = $1 AND settlement.year >= $2";
        let accumulations = "SELECT accumulation.setl_id, accumulation.period, accumulation.name, accumulation.delta
                             FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                                            JOIN accumulation ON accumulation.setl_id = settlement.setl_id
                             WHERE encounter.psn_no = $1 AND settlement.year >= $2
                             ORDER BY accumulation.setl_id, accumulation.seq";
        let questions = [settlements, cancellations, accumulations];
        let questions = questions.map(|sql| Step::Ask(sql, vec![&psn_no as Value<'_>, &since_year]));
        let mut answers = self.ask(DOING, &key, &questions)?.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        let settlements = read_all(DOING, &key, &next(), read_settlement)?;
        let cancelled = read_all(DOING, &key, &next(), |row| Ok((row.take()?, row.take()?)))?;
        let added = read_all(DOING, &key, &next(), read_accumulation)?;
        Ok(PastSettlement::gathered(settlements, cancelled, added))
    }

    fn record_settlement(&mut self, row: &Settlement, line_serials: &[String]) -> Result<(), Fault> {
        self.add_settlement(row)?;
        self.pay_from_account(row)?;
        self.settle_lines(&row.mdtrt_id, line_serials, &row.setl_id)
    }

    fn record_cancellation(&mut self, row: &Cancellation) -> Result<Money, Fault> {
        const DOING: &str = "recording the cancellation of";
        let id = row.setl_id.as_str();
        let settlement = "SELECT psn_no, mdtrt_id, insutype, acct_pay_fen FROM settlement WHERE setl_id = $1";
        let accumulations = "SELECT setl_id, period, name, delta FROM accumulation WHERE setl_id = $1";
        let of_settlement = |sql| Step::Ask(sql, vec![&id as Value<'_>]);
        let answers = self.ask(DOING, id, &[of_settlement(settlement), of_settlement(accumulations)])?;
        let [settlement, accumulations] = &answers[..] else {
            return Err(Fault::new(DOING, id, "answers are missing"));
        };
        let Some(Cancelled { psn_no, mdtrt_id, insutype, acct_pay }) =
            read_all(DOING, id, settlement, read_cancelled)?.pop()
        else {
            return Err(Fault::new(DOING, id, "no such record"));
        };
        let back: Vec<Accumulation> = read_all(DOING, id, accumulations, |row| {
            let (_, added) = read_accumulation(row)?;
            Ok(Accumulation { delta: -added.delta, ..added })
        })?;

        let sql = "INSERT INTO cancellation (setl_id, cancellation_id, psn_no, msgid, recorded_at, opter)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = kept![row.setl_id, row.cancellation_id, psn_no, row.msgid, row.at, row.opter];
        self.record(DOING, id, sql, values)?;
        self.add_to_totals(DOING, id, &psn_no, &insutype, &back)?;
        self.record_entry(&row.cancellation_id, &psn_no, &row.postings)?;
        self.free_lines(&mdtrt_id, id)?;

        let balance = if acct_pay == Money::ZERO {
            let sql = "SELECT balance_fen FROM account WHERE psn_no = $1";
            self.first(DOING, id, sql, &[&psn_no], |row| row.fen())?
        } else {
            let sql = "UPDATE account SET balance_fen = balance_fen + $2 WHERE psn_no = $1 RETURNING balance_fen";
            let balance = self.run_returning(DOING, id, sql, &[&psn_no, &acct_pay.as_fen()], |row| row.fen())?;
            Some(balance.ok_or_else(|| Fault::new(DOING, id, "the account is missing"))?)
        };
        Ok(balance.unwrap_or(Money::ZERO))
    }
}

impl PostgresTx<'_> {
    /// Settlements in the order of their rounds, with all that hangs on them, in one round trip.
    fn whole_rows(&mut self, doing: &'static str, key: &str, ids: &[&str]) -> Result<Vec<SettlementRow>, Fault> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let settlements =
            concat!("SELECT ", settlement_columns!(), " FROM settlement WHERE setl_id = ANY($1) ORDER BY round");
        let shares = "SELECT setl_id, fund_pay_type, inscp_scp_amt_fen, crt_payb_lmt_amt_fen, fund_payamt_fen,
                             setl_proc_info
                      FROM fund_share WHERE setl_id = ANY($1) ORDER BY seq";
        let accumulations = "SELECT setl_id, period, name, delta
                             FROM accumulation WHERE setl_id = ANY($1) ORDER BY seq";
        let postings = "SELECT entry, account, amount_fen
                        FROM posting
                        WHERE entry = ANY($1 || ARRAY(SELECT cancellation_id FROM cancellation WHERE setl_id = ANY($1)))
                        ORDER BY seq";
        let cancellations = "SELECT setl_id, cancellation_id, msgid, recorded_at, opter
                             FROM cancellation WHERE setl_id = ANY($1)";
        let questions = [settlements, shares, accumulations, postings, cancellations];
        let questions = questions.map(|sql| Step::Ask(sql, vec![&ids as Value<'_>]));
        let mut answers = self.ask(doing, key, &questions)?.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        let settlements = read_all(doing, key, &next(), read_settlement)?;
        let mut shares = grouped(read_all(doing, key, &next(), read_fund_share)?);
        let mut accumulations = grouped(read_all(doing, key, &next(), read_accumulation)?);
        let mut postings = grouped(read_all(doing, key, &next(), read_posting)?);
        let mut cancellations = read_all(doing, key, &next(), read_cancellation)?;
        let whole = |mut settlement: Settlement| {
            let id = &settlement.setl_id;
            settlement.funds = shares.remove(id).unwrap_or_default();
            settlement.accumulations = accumulations.remove(id).unwrap_or_default();
            settlement.postings = postings.remove(id).unwrap_or_default();
            let at = cancellations.iter().position(|cancellation| cancellation.setl_id == *id);
            let cancellation = at.map(|at| cancellations.swap_remove(at)).map(|mut cancellation| {
                cancellation.postings = postings.remove(&cancellation.cancellation_id).unwrap_or_default();
                cancellation
            });
            SettlementRow { settlement, cancellation }
        };
        Ok(settlements.into_iter().map(whole).collect())
    }

    /// The settlement with all rows that hang on it, in one statement.
    fn add_settlement(&mut self, row: &Settlement) -> Result<(), Fault> {
        must_balance(&row.setl_id, &row.postings)?;
        let sql = concat!(
            "WITH settled AS (INSERT INTO settlement (",
            settlement_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                       $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,
                       $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51)),
             shared AS (
                 INSERT INTO fund_share (setl_id, seq, psn_no, fund_pay_type, inscp_scp_amt_fen,
                                         crt_payb_lmt_amt_fen, fund_payamt_fen, setl_proc_info)
                 SELECT $1, seq - 1, $5, fund_pay_type, inscp_scp_amt_fen, crt_payb_lmt_amt_fen, fund_payamt_fen,
                        setl_proc_info
                 FROM unnest($52::text[], $53::bigint[], $54::bigint[], $55::bigint[], $56::text[]) WITH ORDINALITY
                      AS share (fund_pay_type, inscp_scp_amt_fen, crt_payb_lmt_amt_fen, fund_payamt_fen,
                                setl_proc_info, seq)),
             accumulated AS (
                 INSERT INTO accumulation (setl_id, seq, psn_no, period, name, delta)
                 SELECT $1, seq - 1, $5, period, name, delta
                 FROM unnest($57::text[], $58::text[], $59::bigint[]) WITH ORDINALITY
                      AS added (period, name, delta, seq)),
             totalled AS (
                 INSERT INTO running_total AS total (psn_no, period, insutype, name, opening, value)
                 SELECT $5, period, $8, name, 0, delta
                 FROM unnest($60::text[], $61::text[], $62::bigint[]) AS added (period, name, delta)
                 ON CONFLICT (psn_no, period, insutype, name) DO UPDATE SET value = total.value + excluded.value)
             INSERT INTO posting (entry, seq, psn_no, account, amount_fen)
             SELECT $1, seq - 1, $5, account, amount_fen
             FROM unnest($63::text[], $64::bigint[]) WITH ORDINALITY AS posted (account, amount_fen, seq)"
        );
        let mut values = kept![
            row.setl_id,
            row.mdtrt_id,
            row.round,
            row.restores,
            row.psn_no,
            row.fixmedins_code,
            row.msgid,
            row.insutype,
            row.psn_type,
            row.cvlserv_flag,
            row.med_type,
            row.mdtrt_cert_type,
            row.chrg_bchno,
            row.invono,
            row.setl_time,
            row.begndate,
            row.enddate,
            row.year,
            row.mid_stay,
            row.stay_number,
            row.owner,
            row.medfee_sumamt,
            row.fulamt_ownpay_amt,
            row.overlmt_selfpay,
            row.preselfpay_amt,
            row.inscp_scp_amt,
            row.dedc_std,
            row.crt_dedc,
            row.act_pay_dedc,
            row.pool_prop_selfpay,
            row.hifp_pay,
            row.cvlserv_pay,
            row.hifes_pay,
            row.hifmi_pay,
            row.hifob_pay,
            row.maf_pay,
            row.oth_pay,
            row.hosp_part_amt,
            row.fund_pay_sumamt,
            row.psn_part_amt,
            row.acct_pay,
            row.psn_cash_pay,
            row.balc,
            row.clr_optins,
            row.clr_way,
            row.clr_type,
            row.opter,
            row.opter_name,
            row.trace,
            row.counts_at,
            row.acct_used_flag
        ];
        let (funds, added, sums) = (&row.funds, &row.accumulations, sums(&row.accumulations));
        values.extend([
            column(funds, |share| &share.fund_pay_type),
            column(funds, |share| &share.inscp_scp_amt),
            column(funds, |share| &share.crt_payb_lmt_amt),
            column(funds, |share| &share.fund_payamt),
            column(funds, |share| &share.setl_proc_info),
            column(added, |added| &added.period),
            column(added, |added| &added.name),
            column(added, |added| &added.delta),
            column(&sums, |((period, _), _)| *period),
            column(&sums, |((_, name), _)| *name),
            column(&sums, |(_, sum)| sum),
            column(&row.postings, |posting| &posting.account),
            column(&row.postings, |posting| &posting.amount),
        ]);
        self.record("recording settlement", &row.setl_id, sql, values)
    }

    /// Adds to a person's running totals; those that are missing begin with it.
    fn add_to_totals(
        &mut self,
        doing: &'static str,
        key: &str,
        psn_no: &str,
        insutype: &str,
        added: &[Accumulation],
    ) -> Result<(), Fault> {
        let sums = sums(added);
        if sums.is_empty() {
            return Ok(());
        }
        let sql = "INSERT INTO running_total AS total (psn_no, period, insutype, name, opening, value)
                   SELECT $1, period, $2, name, 0, delta
                   FROM unnest($3::text[], $4::text[], $5::bigint[]) AS added (period, name, delta)
                   ON CONFLICT (psn_no, period, insutype, name) DO UPDATE SET value = total.value + excluded.value";
        let values = vec![
            Box::new(psn_no.to_owned()) as Kept,
            Box::new(insutype.to_owned()),
            column(&sums, |sum| sum.0.0),
            column(&sums, |sum| sum.0.1),
            column(&sums, |sum| &sum.1),
        ];
        self.record(doing, key, sql, values)
    }

    /// Without an account no row changes, with less on it than is to be paid its CHECK fails: either is a fault.
    fn pay_from_account(&mut self, row: &Settlement) -> Result<(), Fault> {
        if row.acct_pay == Money::ZERO {
            return Ok(());
        }
        let sql = exactly!("1", "UPDATE account SET balance_fen = balance_fen - $2 WHERE psn_no = $1");
        let values = kept![row.psn_no, row.acct_pay];
        self.record("paying from the account for", &row.setl_id, sql, values)
    }
}

/// Once a total: a statement may not change a row twice. In one order, as locks are taken.
fn sums(added: &[Accumulation]) -> Vec<((&String, &String), i64)> {
    let mut sums: BTreeMap<(&String, &String), i64> = BTreeMap::new();
    for Accumulation { period, name, delta } in added {
        *sums.entry((period, name)).or_default() += delta;
    }
    sums.into_iter().collect()
}

/// What belongs together, in the order in which it came.
fn grouped<T>(pairs: Vec<(String, T)>) -> HashMap<String, Vec<T>> {
    let mut groups: HashMap<String, Vec<T>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}
