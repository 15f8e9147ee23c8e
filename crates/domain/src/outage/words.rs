//! The closed vocabularies of a plan: each value has the word that plans write and the Chinese name that people read.

use crate::words::extensible_vocabulary;
pub(crate) use crate::words::vocabulary;

vocabulary! {
    /// What becomes of a business while its window is closed (处置方式).
    Disposition {
        /// Goes on through the outage (P-17).
        Open = "open", "照常办理";
        /// Refused, with advice on when to come and what to do meanwhile (B-06, P-19).
        Refuse = "refuse", "停办并告知";
        /// The person pays cash; the same provider re-enters and refunds after reopening (P-05 to P-09).
        CashReenter = "cash_reenter", "现金垫付、恢复后原机构补录";
        /// The person pays cash and claims at the agency (B-04, P-15).
        CashClaim = "cash_claim", "现金垫付、回经办机构报销";
        /// Papers are taken in and registered, processed after reopening (B-14 to B-16, P-18).
        RegisterLater = "register_later", "先收件登记、恢复后办理";
        /// Care goes on, settlement waits (B-10, P-11).
        DeferSettlement = "defer_settlement", "暂缓结算、恢复后通知结算";
        /// The insured stay becomes a self-paying one and is converted back (B-02, B-09).
        ConvertSelfPay = "convert_self_pay", "转自费收治、恢复后转回医保";
        /// Admitted as insured on the person's statement, with a prepayment (P-23).
        AdmitOnStatement = "admit_on_statement", "凭陈述按参保人员收治、恢复后补登记";
        /// Supplied ahead of the window (P-05, P-07).
        DispenseAhead = "dispense_ahead", "停机前提前开药";
        /// A paper certificate stands in for the check that the system cannot make (B-11).
        PaperCertificate = "paper_certificate", "凭纸质证明办理";
        /// Turned away and any money returned.
        RejectRefund = "reject_refund", "不予受理并退款";
        /// Leaves without paying; the provider keeps the account open and settles after reopening.
        OnAccount = "on_account", "挂账离院、恢复后结算";
        /// The registration is cancelled before the outage and made anew after it, instead of a conversion.
        CancelRecreate = "cancel_recreate", "停机前取消登记、恢复后重新登记";
        /// The agency reimburses by itself, without a claim.
        AgencyReimburses = "agency_reimburses", "现金垫付、经办机构主动报销";
        /// A deposit, settled both ways after reopening.
        Deposit = "deposit", "先收押金、恢复后多退少补";
        /// Cash, and the notice gives no way back for it (B-13, P-04).
        NoRoute = "no_route", "全额现金、公告未规定补报";
    }
}

impl Disposition {
    /// Whether the agency pays back what the person has paid: nothing is settled where the care was given.
    pub fn is_claimed(self) -> bool {
        matches!(self, Disposition::CashClaim | Disposition::AgencyReimburses)
    }

    /// Whether what met it is made good at the provider that gave the care.
    pub fn is_entered(self) -> bool {
        use Disposition::*;
        match self {
            Open | CashReenter | RegisterLater | DeferSettlement | ConvertSelfPay | AdmitOnStatement
            | PaperCertificate | OnAccount | CancelRecreate | Deposit => true,
            Refuse | CashClaim | DispenseAhead | RejectRefund | NoRoute | AgencyReimburses => false,
        }
    }

    /// Whether a fallback may be it: where the first way leads nowhere, the agency takes over, or nobody does. What the provider
    /// enters all the same is the rule's own disposition.
    pub fn is_fallback(self) -> bool {
        use Disposition::*;
        matches!(self, CashClaim | AgencyReimburses | RegisterLater | Refuse | RejectRefund | NoRoute)
    }

    /// Whether an entry about care that met it comes to an end: entered, paid back, or noted beside what is promised.
    pub fn ends_entries(self) -> bool {
        self.is_entered() || self.is_claimed() || self == Disposition::NoRoute
    }
}

vocabulary! {
    /// Where the care is given, seen from the person's pool (就医地).
    Place {
        /// In the pool.
        Local = "local", "统筹区内";
        /// Outside the pool, inside its province.
        InProvince = "in_province", "省内异地";
        /// In another province.
        Remote = "remote", "跨省异地";
    }
}

vocabulary! {
    /// The branch of insurance (险种) that a business draws on.
    Insurance {
        /// insutype 310.
        Employee = "employee", "职工医保";
        /// insutype 390.
        Resident = "resident", "居民医保";
        /// insutype 340.
        RetiredCadre = "retired_cadre", "离休人员医疗保障";
        /// insutype 510.
        Maternity = "maternity", "生育保险";
    }
}

vocabulary! {
    /// A population that a scope may single out (人群). A person may belong to several.
    Population {
        Active = "active", "在职";
        Retired = "retired", "退休";
        Flexible = "flexible", "灵活就业";
        Adult = "adult", "成年居民";
        StudentChild = "student_child", "学生儿童";
        Newborn = "newborn", "新生儿";
        /// 建档立卡脱贫人口 (B-11).
        RegisteredPoor = "registered_poor", "建档立卡脱贫人口";
        Disabled = "disabled", "残疾人员";
    }
}

impl Population {
    /// Every population that the records of a person tell: by scheme, person type (`psn_type`) and attributes (`psn_idet_type`).
    pub fn of(scheme: Option<crate::code::Scheme>, person_type: &str, attributes: &[String]) -> Vec<Population> {
        use crate::person::Population as Group;
        let by_scheme = scheme.map(|scheme| match Group::of(scheme, person_type) {
            Group::Active => Population::Active,
            Group::Retired => Population::Retired,
            Group::Adult => Population::Adult,
            Group::Minor => Population::StudentChild,
        });
        let by_type = match person_type {
            "1103" | "1203" => Some(Population::Flexible),
            "1401" => Some(Population::Newborn),
            _ => None,
        };
        let by_attribute = attributes.iter().filter_map(|code| match code.as_str() {
            "2302" => Some(Population::RegisteredPoor),
            "2308" => Some(Population::Disabled),
            _ => None,
        });
        by_scheme.into_iter().chain(by_type).chain(by_attribute).collect()
    }

    /// Whether a person insured in this branch may be of the group.
    pub fn is_of(self, scheme: Insurance) -> bool {
        use Population::*;
        match self {
            Active | Flexible => matches!(scheme, Insurance::Employee | Insurance::Maternity),
            Retired => matches!(scheme, Insurance::Employee | Insurance::RetiredCadre),
            Adult | StudentChild | Newborn => scheme == Insurance::Resident,
            RegisteredPoor | Disabled => true,
        }
    }

    /// Values of one family exclude each other, and those of no common scheme: nobody is both active and retired, nor
    /// an adult resident.
    pub fn excludes(self, other: Population) -> bool {
        use Population::*;
        let family = |population| match population {
            Active | Retired => 1,
            Adult | StudentChild => 2,
            RegisteredPoor => 3,
            Disabled => 4,
            Flexible => 5,
            Newborn => 6,
        };
        let apart = !Insurance::ALL.iter().any(|scheme| self.is_of(*scheme) && other.is_of(*scheme));
        self != other && (apart || family(self) == family(other))
    }
}

extensible_vocabulary! {
    /// The way a business reaches the platform (渠道): one that the platform knows, or one of a plan's own.
    Channel {
        Hospital = "hospital", "定点医疗机构", false;
        Pharmacy = "pharmacy", "定点零售药店", false;
        Tax = "tax", "税务征收", false;
        Hall = "hall", "网上服务大厅", false;
        Agency = "agency", "经办窗口", false;
    }
}

vocabulary! {
    /// Who has to act (责任方).
    Actor {
        Hospital = "hospital", "定点医疗机构";
        Pharmacy = "pharmacy", "定点零售药店";
        Provider = "provider", "定点医药机构";
        DrugSupplier = "drug_supplier", "供药机构";
        Agency = "agency", "经办机构";
        Bureau = "bureau", "市医保局";
        Tax = "tax", "税务部门";
        Insurer = "insurer", "大病保险承办公司";
        Employer = "employer", "参保单位";
        Person = "person", "参保人员";
        InformationCentre = "information_centre", "医保信息中心";
        All = "all", "各有关单位";
    }
}

vocabulary! {
    /// What kind of duty it is; registers and worklists grow from it.
    DutyKind {
        Worklist = "worklist", "逐人办理清单";
        Call = "call", "电话通知清单";
        Register = "register", "登记台账";
        Backfill = "backfill", "恢复后补录";
        Cutoff = "cutoff", "停机前办结";
        RunOff = "run_off", "原系统清算收尾";
        Order = "order", "先后次序";
        Check = "check", "合规检查";
        Monitor = "monitor", "运行监控";
        Publicity = "publicity", "公告宣传";
        Remedy = "remedy", "补救";
        Escalation = "escalation", "请示报告";
        Report = "report", "报告";
        Guide = "guide", "办理指引";
    }
}

vocabulary! {
    /// What happens to somebody who comes after a deadline (逾期处理).
    AfterDeadline {
        /// The right is gone (P-15).
        Refuse = "refuse", "逾期不再受理";
        /// It goes on a list of what is overdue, with the reason.
        Listed = "listed", "逾期列入清单说明原因";
        /// The notice is silent: decided case by case (P-20).
        ByCase = "by_case", "公告未规定，逾期个案请示";
    }
}

vocabulary! {
    /// What a deadline counts (计期单位).
    Unit {
        /// Days of the official calendar that are worked.
        WorkingDays = "working_days", "个工作日";
        Hours = "hours", "小时";
        /// Days as they come.
        CalendarDays = "calendar_days", "日";
        Months = "months", "个月";
    }
}

vocabulary! {
    /// Which reopening starts a count (起算的恢复时刻).
    Which {
        /// As it was first planned, however it was moved since.
        Planned = "planned", "原定恢复时刻";
        /// As it comes.
        Actual = "actual", "实际恢复时刻";
    }
}

vocabulary! {
    /// From when on something that is made good takes effect (生效日期).
    Effective {
        /// From the day the papers were taken in.
        Intake = "intake", "按收件日期生效";
        /// From the day it is processed.
        Processing = "processing", "按办理日期生效";
        /// From the day of the care.
        Care = "care", "按就医日期生效";
        /// From the day of birth: a newborn's enrolment.
        Birth = "birth", "按出生日期生效";
    }
}

vocabulary! {
    /// In which case a fallback takes over (备用情形).
    FallbackWhen {
        /// Admitted and discharged inside the outage (B-09).
        DischargedBeforeReopening = "discharged_before_reopening", "恢复前已出院";
        /// By the person's own choice (B-10).
        PersonChooses = "person_chooses", "本人选择";
        DeadlineMissed = "deadline_missed", "逾期未办";
        /// Settlement fails after the reopening for reasons of the system.
        SystemFailureAfterReopening = "system_failure_after_reopening", "恢复后因系统原因不能结算";
        ProviderCannot = "provider_cannot", "原机构不能办理";
        /// Found not entitled (P-26).
        NotEntitled = "not_entitled", "核实不在待遇期";
        OutsideCity = "outside_city", "市外就医";
    }
}

vocabulary! {
    /// What a late filing does not cost (不受损的待遇).
    Protection {
        Ratio = "ratio", "报销比例不降低";
        Deductible = "deductible", "起付线不提高";
        WaitingPeriod = "waiting_period", "不设等待期";
    }
}

extensible_vocabulary! {
    /// A document, field or mark that has to be there (凭据), one that the platform knows or one of a plan's own; whether people
    /// bring it.
    Evidence {
        Invoice = "invoice", "发票", true;
        FeeList = "fee_list", "费用明细清单", true;
        Prescription = "prescription", "处方", true;
        DiseaseCertificate = "disease_certificate", "疾病证明书", true;
        DischargeSummary = "discharge_summary", "出院小结", true;
        IdCard = "id_card", "身份证", true;
        IdCardCopy = "id_card_copy", "身份证复印件", true;
        SocialSecurityCard = "social_security_card", "社会保障卡", true;
        SocialSecurityCardCopy = "social_security_card_copy", "社会保障卡复印件", true;
        ResidentCard = "resident_card", "居民医保证", true;
        HouseholdBook = "household_book", "户口簿", true;
        PaymentReceipt = "payment_receipt", "医保缴费凭据", true;
        ElectronicVoucher = "electronic_voucher", "医保电子凭证", true;
        Telephone = "telephone", "联系电话", false;
        /// The card number written on prescription and invoice (P-09).
        CardNumberOnPapers = "card_number_on_papers", "处方发票注明卡证号", false;
        /// The word 停机 with a stamp on prescription and invoice (P-09).
        HaltedStamp = "halted_stamp", "处方发票注明“停机”并盖章", false;
        IdentityCheck = "identity_check", "身份核实", false;
        InjuryCheck = "injury_check", "外伤伤情核查", false;
        Statement = "statement", "待遇状态陈述记录", false;
        StatementSignature = "statement_signature", "病员或亲属签名", false;
        Prepayment = "prepayment", "按政策预收的费用", false;
        FeeRecords = "fee_records", "费用明细记账", false;
        PaperCertificate = "paper_certificate", "部门或乡镇（村）出具的身份证明", true;
        AssessorResult = "assessor_result", "认定机构的认定结果", true;
        RegistrationSlip = "registration_slip", "手工报销登记受理单", true;
        ApplicationPapers = "application_papers", "业务申报资料", true;
        Reason = "reason", "原因记录", false;
        PersonChoice = "person_choice", "患者的结算选择", false;
    }
}

impl Insurance {
    /// The branch of a national insurance code (险种类型 `insutype`).
    pub fn of_insutype(insutype: &str) -> Option<Insurance> {
        match insutype {
            "310" => Some(Insurance::Employee),
            "390" => Some(Insurance::Resident),
            "340" => Some(Insurance::RetiredCadre),
            "510" => Some(Insurance::Maternity),
            _ => None,
        }
    }
}

impl From<crate::code::Scheme> for Insurance {
    fn from(scheme: crate::code::Scheme) -> Self {
        match scheme {
            crate::code::Scheme::Employee => Insurance::Employee,
            crate::code::Scheme::Resident => Insurance::Resident,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_to_its_value() {
        for value in Disposition::ALL {
            assert_eq!(Disposition::of_word(value.word()), Some(*value));
        }
        for value in Evidence::KNOWN {
            assert_eq!(Evidence::of_word(value.word()), Some(*value));
        }
        assert_eq!(Disposition::of_word("Open"), None);
    }

    #[test]
    fn a_word_of_a_plans_own_is_its_row() {
        let one = Evidence::own("police_report", "事故认定书", "", true);
        assert_eq!(one, Evidence::own("police_report", "事故认定书", "", true));
        assert_ne!(one, Evidence::own("police_report", "事故责任认定书", "", true));
        assert_eq!((one.word(), one.name(), Evidence::of_word("police_report")), ("police_report", "事故认定书", None));
    }

    #[test]
    fn no_paper_falls_apart_where_several_are_listed() {
        let apart = Evidence::KNOWN.iter().filter(|word| word.name().contains(['、', '，', ',', ';', '；']));
        assert_eq!(apart.map(|word| word.name()).collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
