//! The closed vocabularies of a plan: each value has the word that plans write and the Chinese name that people read.

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
    /// A group of persons that a rule may single out (人群). A person may belong to several.
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
    /// Values of one family exclude each other: nobody is both active and retired.
    pub fn excludes(self, other: Population) -> bool {
        use Population::*;
        let family = |population| match population {
            Active | Retired | Flexible => 1,
            Adult | StudentChild | Newborn => 2,
            RegisteredPoor => 3,
            Disabled => 4,
        };
        self != other && family(self) == family(other)
    }
}

vocabulary! {
    /// The way a business reaches the platform (渠道).
    Channel {
        Hospital = "hospital", "定点医疗机构";
        Pharmacy = "pharmacy", "定点零售药店";
        Tax = "tax", "税务征收";
        Hall = "hall", "网上服务大厅";
        Agency = "agency", "经办窗口";
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

vocabulary! {
    /// A document, field or mark that has to be there (凭据).
    Evidence {
        Invoice = "invoice", "发票";
        FeeList = "fee_list", "费用明细清单";
        Prescription = "prescription", "处方";
        DiseaseCertificate = "disease_certificate", "疾病证明书";
        DischargeSummary = "discharge_summary", "出院小结";
        IdCard = "id_card", "身份证";
        IdCardCopy = "id_card_copy", "身份证复印件";
        SocialSecurityCard = "social_security_card", "社会保障卡";
        SocialSecurityCardCopy = "social_security_card_copy", "社会保障卡复印件";
        ResidentCard = "resident_card", "居民医保证";
        HouseholdBook = "household_book", "户口簿";
        PaymentReceipt = "payment_receipt", "医保缴费凭据";
        ElectronicVoucher = "electronic_voucher", "医保电子凭证";
        Telephone = "telephone", "联系电话";
        /// The card number written on prescription and invoice (P-09).
        CardNumberOnPapers = "card_number_on_papers", "处方发票注明卡证号";
        /// The word 停机 with a stamp on prescription and invoice (P-09).
        HaltedStamp = "halted_stamp", "处方发票注明“停机”并盖章";
        IdentityCheck = "identity_check", "身份核实";
        InjuryCheck = "injury_check", "外伤伤情核查";
        Statement = "statement", "待遇状态陈述记录";
        StatementSignature = "statement_signature", "病员或亲属签名";
        Prepayment = "prepayment", "按政策预收的住院费";
        FeeRecords = "fee_records", "费用明细记账";
        PaperCertificate = "paper_certificate", "部门或乡镇、村出具的身份证明";
        AssessorResult = "assessor_result", "认定机构的认定结果";
        RegistrationSlip = "registration_slip", "手工报销登记受理单";
        ApplicationPapers = "application_papers", "业务申报资料";
        Reason = "reason", "原因记录";
        PersonChoice = "person_choice", "患者的结算选择";
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
        for value in Evidence::ALL {
            assert_eq!(Evidence::of_word(value.word()), Some(*value));
        }
        assert_eq!(Disposition::of_word("Open"), None);
    }
}
