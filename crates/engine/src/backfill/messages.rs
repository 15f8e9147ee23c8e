//! The ordinary messages of a register entry (补录报文): what the provider would have sent, had the platform been open.
//!
//! Message ids are made of the entry's number, its version and the step, so that a step has its effect once and an attempt
//! after a refusal is a new one. What the register does not keep and the tables demand (department, doctor) says 停机补录.

use crate::call::{Call, Origin, Stop};
use crate::policies::Policies;
use serde_json::{Value, json};
use std::sync::Arc;
use yibao_domain::money::Money;
use yibao_domain::party::Party;
use yibao_domain::register::field::{self, Field, Text};
use yibao_domain::register::{Entry, EntryLine, StatedDiagnosis, diagnoses};
use yibao_domain::time::{DateTime, moment_text};
use yibao_interface::Envelope;
use yibao_store::person::Person;
use yibao_store::reference::Provider;

/// Stands where the tables demand what no register keeps.
const BACKFILLED: &str = "停机补录";
/// The code in such a place.
const BACKFILLED_CODE: &str = "TJBL";
/// Nobody stated an approval (无须审批).
const NO_APPROVAL: &str = "0";
/// An identity document was shown.
const BY_IDENTITY_DOCUMENT: &str = "02";

/// Makes the messages of one entry.
pub(crate) struct Messages<'a> {
    pub entry: &'a Entry,
    pub person: &'a Person,
    pub provider: Arc<Provider>,
    pub by: &'a str,
    pub now: DateTime,
}

impl Messages<'_> {
    /// The call of a step, checked against the tables like any other.
    pub fn call(&self, policies: &Policies, infno: &str, input: &Value) -> Result<Call, Stop> {
        self.call_of(policies, infno, input, self.provider.clone())
    }

    /// The same in another provider's name.
    pub fn call_of(
        &self,
        policies: &Policies,
        infno: &str,
        input: &Value,
        provider: Arc<Provider>,
    ) -> Result<Call, Stop> {
        let msgid = format!("{}-{}-{infno}", self.entry.number, self.entry.version);
        let bytes = json!({
            "infno": infno, "msgid": msgid, "mdtrtarea_admvs": provider.admdvs, "recer_sys_code": BACKFILLED_CODE,
            "infver": "V1.0", "opter_type": "3", "opter": BACKFILLED_CODE, "opter_name": self.by,
            "inf_time": moment_text(self.now), "fixmedins_code": provider.fixmedins_code, "input": input,
        })
        .to_string();
        let envelope = Envelope::parse(bytes.as_bytes())?;
        let checked = yibao_interface::check(&envelope, policies.tables)?;
        Ok(Call {
            infno: checked.transaction.infno.clone(),
            party: Party::platform(&provider.fixmedins_code),
            msgid,
            admdvs: provider.admdvs.clone(),
            provider: Some(provider),
            insuplc_admdvs: String::new(),
            opter: BACKFILLED_CODE.to_owned(),
            opter_name: self.by.to_owned(),
            input: checked.input,
            now: self.now,
            file: None,
            voucher: None,
            origin: Origin::Backfill { entry: self.entry.number.clone(), by: self.by.to_owned() },
        })
    }

    /// 2201.
    pub fn registration(&self) -> Value {
        json!({"data": {
            "psn_no": self.person.psn_no, "insutype": field::INSUTYPE.of(self.entry),
            "begntime": moment_text(self.entry.care_from), "mdtrt_cert_type": BY_IDENTITY_DOCUMENT,
            "mdtrt_cert_no": self.person.certno, "ipt_otp_no": self.entry.number, "dept_code": BACKFILLED_CODE,
            "dept_name": BACKFILLED, "caty": BACKFILLED_CODE, "atddr_no": BACKFILLED_CODE, "dr_name": BACKFILLED,
        }})
    }

    /// 2203A.
    pub fn description(&self, mdtrt_id: &str) -> Value {
        let entry = self.entry;
        let mut visit = json!({
            "mdtrt_id": mdtrt_id, "psn_no": self.person.psn_no, "med_type": field::MED_TYPE.of(entry),
            "begntime": moment_text(entry.care_from),
        });
        self.state_illness(&mut visit, entry.care_from);
        let diagnoses = self.diagnoses(entry.care_from);
        if diagnoses.is_empty() {
            return json!({ "mdtrtinfo": visit });
        }
        json!({"mdtrtinfo": visit, "diseinfo": diagnoses})
    }

    /// Disease, birth and family planning, as far as the entry states them.
    fn state_illness(&self, of: &mut Value, day: DateTime) {
        let entry = self.entry;
        let day = field::BIRCTRL_MATN_DATE.of(entry).unwrap_or(day.date()).to_string();
        let birth = field::MATN_TYPE.is_stated(entry) || field::BIRCTRL_TYPE.is_stated(entry);
        let stated = [
            ("dise_codg", field::OPSP_DISE_CODE.of(entry)),
            ("matn_type", field::MATN_TYPE.of(entry)),
            ("birctrl_type", field::BIRCTRL_TYPE.of(entry)),
            ("birctrl_matn_date", if birth { day.as_str() } else { "" }),
            ("geso_val", field::GESO_VAL.of(entry)),
            ("fetus_cnt", field::FETUS_CNT.of(entry)),
        ];
        for (name, value) in stated.into_iter().filter(|(_, value)| !value.is_empty()) {
            of[name] = json!(value);
        }
    }

    /// 2204 and 2301; `batch` is empty for a stay.
    pub fn fees(&self, mdtrt_id: &str, batch: &str, med_type: &str, lines: &[EntryLine]) -> Value {
        let rows: Vec<Value> = lines
            .iter()
            .map(|line| {
                let mut row = self.line(line);
                row["mdtrt_id"] = json!(mdtrt_id);
                row["psn_no"] = json!(self.person.psn_no);
                row["med_type"] = json!(med_type);
                row["dise_codg"] = json!(field::OPSP_DISE_CODE.of(self.entry));
                if !batch.is_empty() {
                    row["chrg_bchno"] = json!(batch);
                }
                row
            })
            .collect();
        json!({ "feedetail": rows })
    }

    fn line(&self, line: &EntryLine) -> Value {
        let item = if line.medins_list_codg.is_empty() { &line.med_list_codg } else { &line.medins_list_codg };
        let mut row = json!({
            "feedetl_sn": line.feedetl_sn, "rx_circ_flag": "0", "fee_ocur_time": moment_text(line.fee_ocur_time),
            "med_list_codg": line.med_list_codg, "medins_list_codg": item, "cnt": line.cnt.to_string(),
            "pric": line.pric.to_string(), "det_item_fee_sumamt": line.det_item_fee_sumamt.to_string(),
            "bilg_dept_codg": BACKFILLED_CODE, "bilg_dept_name": BACKFILLED, "bilg_dr_codg": BACKFILLED_CODE,
            "bilg_dr_name": BACKFILLED,
            "hosp_appr_flag": if line.hosp_appr_flag.is_empty() { NO_APPROVAL } else { &line.hosp_appr_flag },
        });
        for (name, value) in [("init_feedetl_sn", &line.init_feedetl_sn), ("prd_days", &line.prd_days)] {
            if !value.is_empty() {
                row[name] = json!(value);
            }
        }
        row
    }

    /// 2207 of a batch.
    pub fn visit_settlement(&self, mdtrt_id: &str, batch: &str, total: Money) -> Value {
        let mut input = self.settlement(mdtrt_id, total);
        input["data"]["chrg_bchno"] = json!(batch);
        input["data"]["med_type"] = json!(field::MED_TYPE.of(self.entry));
        input["data"]["insutype"] = json!(field::INSUTYPE.of(self.entry));
        input
    }

    /// 2102.
    pub fn purchase(&self, total: Money, lines: &[EntryLine]) -> Value {
        let entry = self.entry;
        let rows: Vec<Value> = lines.iter().map(|line| self.line(line)).collect();
        json!({
            "druginfo": {
                "psn_no": self.person.psn_no, "mdtrt_cert_type": BY_IDENTITY_DOCUMENT,
                "mdtrt_cert_no": self.person.certno, "begntime": moment_text(entry.care_from),
                "medfee_sumamt": total.to_string(), "insutype": field::INSUTYPE.of(entry), "invono": entry.invono,
                "acct_used_flag": self.account(), "med_type": field::MED_TYPE.of(entry),
                "dise_codg": field::OPSP_DISE_CODE.of(entry),
            },
            "drugdetail": rows,
        })
    }

    /// 2401.
    pub fn admission(&self) -> Value {
        let entry = self.entry;
        let mut stay = json!({
                "psn_no": self.person.psn_no, "insutype": field::INSUTYPE.of(entry),
                "begntime": moment_text(entry.care_from), "mdtrt_cert_type": BY_IDENTITY_DOCUMENT,
                "mdtrt_cert_no": self.person.certno, "med_type": field::MED_TYPE.of(entry),
                "ipt_no": stated(entry, field::IPT_OTP_NO), "atddr_no": BACKFILLED_CODE, "chfpdr_name": BACKFILLED,
                "adm_dept_codg": BACKFILLED_CODE, "adm_dept_name": stated(entry, field::ADM_DEPT_NAME),
                "adm_bed": BACKFILLED_CODE, "dscg_maindiag_code": stated(entry, field::DIAG_CODE),
                "dscg_maindiag_name": stated(entry, field::DIAG_NAME),
        });
        self.state_illness(&mut stay, entry.care_from);
        json!({"mdtrtinfo": stay, "diseinfo": self.diagnoses(entry.care_from)})
    }

    /// 2402.
    pub fn discharge(&self, mdtrt_id: &str, insutype: &str, endtime: DateTime) -> Value {
        let way = match field::DSCG_WAY.of(self.entry) {
            "" => "1",
            stated => stated,
        };
        let mut stay = json!({
            "mdtrt_id": mdtrt_id, "psn_no": self.person.psn_no, "insutype": insutype,
            "endtime": moment_text(endtime), "dscg_dept_codg": BACKFILLED_CODE, "dscg_dept_name": BACKFILLED,
            "dscg_way": way,
        });
        self.state_illness(&mut stay, endtime);
        let mut diagnoses = self.diagnoses(endtime);
        for row in &mut diagnoses {
            row["mdtrt_id"] = json!(mdtrt_id);
        }
        if diagnoses.is_empty() {
            diagnoses.push(json!({"mdtrt_id": mdtrt_id, "psn_no": self.person.psn_no}));
        }
        json!({"dscginfo": stay, "diseinfo": diagnoses})
    }

    /// 2304.
    pub fn stay_settlement(&self, mdtrt_id: &str, insutype: &str, total: Money) -> Value {
        let mut input = self.settlement(mdtrt_id, total);
        input["data"]["insutype"] = json!(insutype);
        input["data"]["mid_setl_flag"] = json!("0");
        input
    }

    /// 2501A of the hospital that the person left: the transfer that the entry states (P-12).
    pub fn transfer(&self) -> Value {
        json!({"refmedin": {
            "psn_no": self.person.psn_no, "insutype": field::INSUTYPE.of(self.entry),
            "begndate": self.entry.care_from.date().to_string(), "reflin_medins_no": self.provider.fixmedins_code,
            "reflin_medins_name": self.provider.fixmedins_name, "mdtrtarea_admdvs": self.provider.admdvs,
            "refl_type": "1", "refl_rea": BACKFILLED, "refl_date": self.entry.care_from.date().to_string(),
        }})
    }

    fn settlement(&self, mdtrt_id: &str, total: Money) -> Value {
        json!({"data": {
            "psn_no": self.person.psn_no, "mdtrt_cert_type": BY_IDENTITY_DOCUMENT,
            "mdtrt_cert_no": self.person.certno, "medfee_sumamt": total.to_string(), "psn_setlway": "01",
            "mdtrt_id": mdtrt_id, "acct_used_flag": self.account(), "invono": self.entry.invono,
        }})
    }

    /// Whether the personal account pays: the person paid in cash, so only where the register says it.
    fn account(&self) -> &str {
        if field::ACCT_USED_FLAG.of(self.entry) { "1" } else { "0" }
    }

    /// The main diagnosis, then the others; nothing where none is stated.
    fn diagnoses(&self, moment: DateTime) -> Vec<Value> {
        let entry = self.entry;
        // Others without a main one are not taken in.
        let main = StatedDiagnosis { code: field::DIAG_CODE.of(entry).into(), name: field::DIAG_NAME.of(entry).into() };
        let others = diagnoses(field::OTHER_DIAGS.of(entry)).unwrap_or_default();
        let all = [main].into_iter().chain(others).filter(|of| !of.code.is_empty());
        let row = |(at, of): (usize, StatedDiagnosis)| {
            json!({
                "psn_no": self.person.psn_no, "diag_type": "1", "maindiag_flag": if at == 0 { "1" } else { "0" },
                "diag_srt_no": at + 1, "diag_code": of.code,
                "diag_name": if of.name.is_empty() { BACKFILLED } else { &of.name }, "diag_dept": BACKFILLED,
                "dise_dor_no": BACKFILLED_CODE, "dise_dor_name": BACKFILLED, "diag_time": moment_text(moment),
                "vali_flag": "1",
            })
        };
        all.enumerate().map(row).collect()
    }
}

/// What the entry states, or that nothing was stated.
fn stated(entry: &Entry, field: Field<Text>) -> &str {
    match field.of(entry) {
        "" => BACKFILLED,
        text => text,
    }
}
