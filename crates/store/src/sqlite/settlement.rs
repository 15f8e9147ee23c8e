//! Settlements and cancellations: one record moves shares, totals, account, postings and lines.

use super::SqliteTx;
use super::statement::count;
use super::value::{BasisPoints, Columns, Day, Fen, Moment};
use crate::fault::{Fault, masked};
use crate::ledger::Ledger;
use crate::settlement::{
    Accumulation, Cancellation, FundShare, PastSettlement, Round, Settlement, SettlementRow, Settlements,
    settlement_columns,
};
use rusqlite::params;
use yibao_domain::money::Money;

/// The settlement's own row; what hangs on it is read apart.
fn read_settlement(row: &mut Columns<'_, '_>) -> rusqlite::Result<Settlement> {
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
        setl_time: row.moment()?,
        begndate: row.day()?,
        enddate: row.day()?,
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
        counts_at: row.moment()?,
        acct_used_flag: row.take()?,
        funds: Vec::new(),
        accumulations: Vec::new(),
        postings: Vec::new(),
    })
}

fn read_fund_share(row: &mut Columns<'_, '_>) -> rusqlite::Result<FundShare> {
    Ok(FundShare {
        fund_pay_type: row.take()?,
        inscp_scp_amt: row.fen()?,
        crt_payb_lmt_amt: row.take::<Option<Fen>>()?.map(|room| room.0),
        fund_payamt: row.fen()?,
        setl_proc_info: row.take()?,
    })
}

fn read_accumulation(row: &mut Columns<'_, '_>) -> rusqlite::Result<Accumulation> {
    Ok(Accumulation { period: row.take()?, name: row.take()?, delta: row.take()? })
}

fn read_cancellation(row: &mut Columns<'_, '_>) -> rusqlite::Result<Cancellation> {
    Ok(Cancellation {
        setl_id: row.take()?,
        cancellation_id: row.take()?,
        msgid: row.take()?,
        at: row.moment()?,
        opter: row.take()?,
        postings: Vec::new(),
    })
}

impl Settlements for SqliteTx<'_> {
    fn settlement(&mut self, setl_id: &str) -> Result<Option<SettlementRow>, Fault> {
        let sql = concat!("SELECT ", settlement_columns!(), " FROM settlement WHERE setl_id = ?1");
        let found = self.first("reading settlement", setl_id, sql, params![setl_id], read_settlement)?;
        found.map(|settlement| self.whole_row(settlement)).transpose()
    }

    fn rounds(&mut self, mdtrt_id: &str) -> Result<Vec<Round>, Fault> {
        let sql = "SELECT round, setl_id, mid_stay,
                          NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   FROM settlement WHERE mdtrt_id = ?1 ORDER BY round";
        self.all("reading the rounds of encounter", mdtrt_id, sql, params![mdtrt_id], |row| {
            Ok(Round { round: row.take()?, setl_id: row.take()?, mid_stay: row.take()?, stands: row.take()? })
        })
    }

    fn settlements_of(&mut self, mdtrt_id: &str) -> Result<Vec<SettlementRow>, Fault> {
        let sql = concat!("SELECT ", settlement_columns!(), " FROM settlement WHERE mdtrt_id = ?1 ORDER BY round");
        let found =
            self.all("reading the settlements of encounter", mdtrt_id, sql, params![mdtrt_id], read_settlement)?;
        found.into_iter().map(|settlement| self.whole_row(settlement)).collect()
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
                   WHERE encounter.psn_no = ?1 AND settlement.year = ?2 AND settlement.insutype = ?3
                     AND settlement.clr_type = ?4
                     AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                   ORDER BY dedc_std_fen DESC LIMIT 1";
        let values = params![psn_no, year, insutype, clr_type];
        self.first("reading the deductible standards of person", psn_no, sql, values, |row| row.fen())
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
                   WHERE encounter.psn_no = ?1 AND later.year = ?2
                     AND later.rowid > (SELECT rowid FROM settlement WHERE setl_id = ?3)
                     AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = later.setl_id)
                   ORDER BY later.rowid LIMIT ?4";
        let values = params![psn_no, year, setl_id, count(limit)];
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
              WHERE mdtrt_id IN (SELECT mdtrt_id FROM encounter WHERE psn_no = ?1) AND year >= ?2
              ORDER BY rowid"
        );
        let cancellations = "SELECT cancellation.setl_id, cancellation.recorded_at
                             FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                                            JOIN cancellation ON cancellation.setl_id = settlement.setl_id
                             WHERE encounter.psn_no = ?1 AND settlement.year >= ?2";
        let accumulations = "SELECT accumulation.setl_id, accumulation.period, accumulation.name, accumulation.delta
                             FROM encounter JOIN settlement ON settlement.mdtrt_id = encounter.mdtrt_id
                                            JOIN accumulation ON accumulation.setl_id = settlement.setl_id
                             WHERE encounter.psn_no = ?1 AND settlement.year >= ?2
                             ORDER BY accumulation.setl_id, accumulation.seq";
        let values = params![psn_no, since_year];
        let settlements = self.all(DOING, &key, settlements, values, read_settlement)?;
        let cancelled =
            self.all(DOING, &key, cancellations, values, |row| Ok((row.take::<String>()?, row.moment()?)))?;
        let added =
            self.all(DOING, &key, accumulations, values, |row| Ok((row.take::<String>()?, read_accumulation(row)?)))?;
        Ok(PastSettlement::gathered(settlements, cancelled, added))
    }

    fn record_settlement(&mut self, row: &Settlement, line_serials: &[String]) -> Result<(), Fault> {
        self.add_settlement(row)?;
        self.add_fund_shares(row)?;
        self.add_accumulations(row)?;
        self.pay_from_account(row)?;
        self.record_entry(&row.setl_id, &row.psn_no, &row.postings)?;
        self.settle_lines(&row.mdtrt_id, line_serials, &row.setl_id)
    }

    fn record_cancellation(&mut self, row: &Cancellation) -> Result<Money, Fault> {
        const DOING: &str = "recording the cancellation of";
        let id = row.setl_id.as_str();
        let sql = "SELECT psn_no, mdtrt_id, insutype, acct_pay_fen FROM settlement WHERE setl_id = ?1";
        let (psn_no, mdtrt_id, insutype, acct_pay): (String, String, String, Money) =
            self.the(DOING, id, sql, params![id], |row| Ok((row.take()?, row.take()?, row.take()?, row.fen()?)))?;

        let sql = "INSERT INTO cancellation (setl_id, cancellation_id, psn_no, msgid, recorded_at, opter)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = params![id, row.cancellation_id, psn_no, row.msgid, Moment(row.at), row.opter];
        self.run_on_one(DOING, id, sql, values)?;

        let sql = "UPDATE running_total SET value = value - ?5
                   WHERE psn_no = ?1 AND period = ?2 AND insutype = ?3 AND name = ?4";
        for back in self.accumulations(id)? {
            self.run_on_one(DOING, id, sql, params![psn_no, back.period, insutype, back.name, back.delta])?;
        }
        if acct_pay != Money::ZERO {
            let sql = "UPDATE account SET balance_fen = balance_fen + ?2 WHERE psn_no = ?1";
            self.run_on_one(DOING, id, sql, params![psn_no, Fen(acct_pay)])?;
        }
        self.record_entry(&row.cancellation_id, &psn_no, &row.postings)?;
        self.free_lines(&mdtrt_id, id)?;

        let sql = "SELECT balance_fen FROM account WHERE psn_no = ?1";
        let balance = self.first(DOING, id, sql, params![psn_no], |row| row.fen())?;
        Ok(balance.unwrap_or(Money::ZERO))
    }
}

impl SqliteTx<'_> {
    fn whole_row(&mut self, mut settlement: Settlement) -> Result<SettlementRow, Fault> {
        let id = settlement.setl_id.clone();
        let sql = "SELECT fund_pay_type, inscp_scp_amt_fen, crt_payb_lmt_amt_fen, fund_payamt_fen, setl_proc_info
                   FROM fund_share WHERE setl_id = ?1 ORDER BY seq";
        settlement.funds = self.all("reading the fund shares of", &id, sql, params![id], read_fund_share)?;
        settlement.accumulations = self.accumulations(&id)?;
        settlement.postings = self.postings(&id)?;
        let sql = "SELECT setl_id, cancellation_id, msgid, recorded_at, opter FROM cancellation WHERE setl_id = ?1";
        let mut cancellation = self.first("reading the cancellation of", &id, sql, params![id], read_cancellation)?;
        if let Some(cancellation) = &mut cancellation {
            cancellation.postings = self.postings(&cancellation.cancellation_id)?;
        }
        Ok(SettlementRow { settlement, cancellation })
    }

    fn accumulations(&self, setl_id: &str) -> Result<Vec<Accumulation>, Fault> {
        let sql = "SELECT period, name, delta FROM accumulation WHERE setl_id = ?1 ORDER BY seq";
        self.all("reading the accumulations of", setl_id, sql, params![setl_id], read_accumulation)
    }

    fn add_settlement(&self, row: &Settlement) -> Result<(), Fault> {
        let sql = concat!(
            "INSERT INTO settlement (",
            settlement_columns!(),
            ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                       ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39,
                       ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51)"
        );
        let values = params![
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
            Moment(row.setl_time),
            Day(row.begndate),
            Day(row.enddate),
            row.year,
            row.mid_stay,
            row.stay_number,
            row.owner,
            Fen(row.medfee_sumamt),
            Fen(row.fulamt_ownpay_amt),
            Fen(row.overlmt_selfpay),
            Fen(row.preselfpay_amt),
            Fen(row.inscp_scp_amt),
            Fen(row.dedc_std),
            Fen(row.crt_dedc),
            Fen(row.act_pay_dedc),
            BasisPoints(row.pool_prop_selfpay),
            Fen(row.hifp_pay),
            Fen(row.cvlserv_pay),
            Fen(row.hifes_pay),
            Fen(row.hifmi_pay),
            Fen(row.hifob_pay),
            Fen(row.maf_pay),
            Fen(row.oth_pay),
            Fen(row.hosp_part_amt),
            Fen(row.fund_pay_sumamt),
            Fen(row.psn_part_amt),
            Fen(row.acct_pay),
            Fen(row.psn_cash_pay),
            Fen(row.balc),
            row.clr_optins,
            row.clr_way,
            row.clr_type,
            row.opter,
            row.opter_name,
            row.trace,
            Moment(row.counts_at),
            row.acct_used_flag
        ];
        self.run_on_one("recording settlement", &row.setl_id, sql, values)
    }

    fn add_fund_shares(&self, row: &Settlement) -> Result<(), Fault> {
        let sql = "INSERT INTO fund_share (setl_id, seq, psn_no, fund_pay_type, inscp_scp_amt_fen,
                                           crt_payb_lmt_amt_fen, fund_payamt_fen, setl_proc_info)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        for (seq, share) in (0_i64..).zip(&row.funds) {
            let values = params![
                row.setl_id,
                seq,
                row.psn_no,
                share.fund_pay_type,
                Fen(share.inscp_scp_amt),
                share.crt_payb_lmt_amt.map(Fen),
                Fen(share.fund_payamt),
                share.setl_proc_info
            ];
            self.run_on_one("recording the fund shares of", &row.setl_id, sql, values)?;
        }
        Ok(())
    }

    fn add_accumulations(&self, row: &Settlement) -> Result<(), Fault> {
        const DOING: &str = "adding to the running totals for";
        let history = "INSERT INTO accumulation (setl_id, seq, psn_no, period, name, delta)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let total = "INSERT INTO running_total (psn_no, period, insutype, name, opening, value)
                     VALUES (?1, ?2, ?3, ?4, 0, ?5)
                     ON CONFLICT (psn_no, period, insutype, name) DO UPDATE SET value = value + excluded.value";
        for (seq, added) in (0_i64..).zip(&row.accumulations) {
            let values = params![row.setl_id, seq, row.psn_no, added.period, added.name, added.delta];
            self.run_on_one(DOING, &row.setl_id, history, values)?;
            let values = params![row.psn_no, added.period, row.insutype, added.name, added.delta];
            self.run_on_one(DOING, &row.setl_id, total, values)?;
        }
        Ok(())
    }

    /// Without an account, or with less on it than is to be paid, no row changes and that is a fault.
    fn pay_from_account(&self, row: &Settlement) -> Result<(), Fault> {
        if row.acct_pay == Money::ZERO {
            return Ok(());
        }
        let sql = "UPDATE account SET balance_fen = balance_fen - ?2 WHERE psn_no = ?1 AND balance_fen >= ?2";
        let values = params![row.psn_no, Fen(row.acct_pay)];
        self.run_on_one("paying from the account for", &row.setl_id, sql, values)
    }
}
