//! One subject a file: which parameters a file of each name holds, and how a day's rules are put
//! together from them.
//!
//! A subject's table is the one place where a parameter's key, shape, Chinese title and the domain field
//! that it fills stand together.

use super::figures::{FigureInForce, Tier};
use super::shapes::{
    AgePointsShape, AssistanceClassShape, BandsShape, CapShape, CoverWord, DeliveryShape, DiseasePointsShape,
    DiseaseShape, EarlyEndShape, GroupWord, KindWord, LiftShape, OwnBandsShape, ReductionShape, RepetitionShape,
    SpecialDeductibleWord, SpecialTermsShape, YearPointsShape,
};
use super::value::{
    Dated, Days, History, Levels, Months, Parameter, Percent, PlacePoints, Places, PopulationPercents, RatioTable, Yuan,
};
use super::words::{Tell, Telling};
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::Arc;
use yibao_domain::code::Scheme;
use yibao_domain::settlement::rules::{
    AccountRules, AssistanceRules, CivilServantRules, EntitlementRules, Figure, InpatientRules, LargeAmountRules,
    MaternityRules, OutpatientRules, SchemeRules, SecondTierRules, Source, SpecialDiseaseRules, SpecialDrugRules,
    TwoDiseaseRules,
};

/// The parameters of a subject, for both schemes or for one. Within a layer the scheme's own go first.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, bound = "S: Default + Deserialize<'de>")]
pub(super) struct Subject<S> {
    #[serde(default)]
    both: S,
    #[serde(default)]
    employee: S,
    #[serde(default)]
    resident: S,
}

impl<S: Default> Default for Subject<S> {
    fn default() -> Self {
        Subject { both: S::default(), employee: S::default(), resident: S::default() }
    }
}

/// The layers of a pool, nearest first, seen by one scheme on one day.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub layers: &'a [(Tier, &'a Layer)],
    pub scheme: Scheme,
    pub day: Date,
}

impl View<'_> {
    /// What the nearest layer says that has the parameter on the day.
    fn nearest<S: 'static, P: Parameter + 'static>(
        &self,
        subject: fn(&Layer) -> &Subject<S>,
        history: fn(&S) -> &History<P>,
    ) -> Option<(Tier, &Dated<P::Value>)> {
        self.layers.iter().find_map(|(tier, layer)| {
            let subject = subject(layer);
            let own = match self.scheme {
                Scheme::Employee => &subject.employee,
                Scheme::Resident => &subject.resident,
            };
            let dated = history(own).on(self.day).or_else(|| history(&subject.both).on(self.day))?;
            Some((*tier, dated))
        })
    }

    /// The value of a parameter, for the domain.
    fn figure<S: 'static, P: Parameter + 'static>(
        &self,
        subject: fn(&Layer) -> &Subject<S>,
        history: fn(&S) -> &History<P>,
        parameter: &str,
        title: &str,
    ) -> Option<Figure<P::Value>> {
        let (_, dated) = self.nearest(subject, history)?;
        let source = Source {
            parameter: parameter.to_owned(),
            title: title.to_owned(),
            tag: dated.source.clone(),
            illustrative: dated.illustrative,
        };
        dated.value.clone().map(|value| Figure { value, source: Arc::new(source) })
    }

    /// The same value, for people.
    fn told<S: 'static, P: Parameter + 'static>(
        &self,
        subject: fn(&Layer) -> &Subject<S>,
        history: fn(&S) -> &History<P>,
        names: Names,
    ) -> Option<FigureInForce> {
        let (tier, dated) = self.nearest(subject, history)?;
        let value = dated.value.as_ref()?.tell(Telling { unit: dated.unit, scheme: self.scheme });
        Some(FigureInForce {
            subject: names.subject,
            parameter: names.parameter,
            title: names.title,
            value,
            source: dated.source.clone(),
            illustrative: dated.illustrative,
            carried_back: dated.carried_back,
            tier,
            from: dated.from,
            to: dated.to,
        })
    }
}

/// How a parameter is called.
struct Names {
    subject: &'static str,
    parameter: &'static str,
    title: &'static str,
}

macro_rules! subjects {
    ($($file:ident $name:literal: $subject:ident => $rules:ident { $($key:ident: $shape:ty, $title:literal;)* })*) => {
        $(
            #[doc = concat!("Parameters of `", stringify!($file), ".toml`.")]
            #[derive(Clone, Debug, Default, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(super) struct $subject { $(#[serde(default)] $key: History<$shape>,)* }

            impl $subject {
                fn on(view: View) -> $rules {
                    $rules {
                        $($key: view.figure(
                            |layer| &layer.$file,
                            |subject| &subject.$key,
                            concat!(stringify!($file), ".", stringify!($key)),
                            $title,
                        ),)*
                    }
                }

                fn told(view: View) -> impl Iterator<Item = FigureInForce> {
                    let figures = [$(view.told(|layer| &layer.$file, |subject| &subject.$key, Names {
                        subject: $name,
                        parameter: concat!(stringify!($file), ".", stringify!($key)),
                        title: $title,
                    }),)*];
                    figures.into_iter().flatten()
                }
            }
        )*

        impl View<'_> {
            /// Every figure in force, in the order of the subjects.
            pub fn figures(self) -> Vec<FigureInForce> {
                let mut figures = Vec::new();
                $(figures.extend($subject::told(self));)*
                figures
            }
        }

        /// All parameters of one layer: the nation, a province, or a pool.
        #[derive(Clone, Debug, Default)]
        pub(super) struct Layer {
            $($file: Subject<$subject>,)*
        }

        impl Layer {
            /// Reads a subject's file into the layer. `None`: no subject has a file of this name.
            pub fn read(&mut self, file_stem: &str, text: &str) -> Option<Result<(), toml::de::Error>> {
                match file_stem {
                    $(stringify!($file) => Some(toml::from_str(text).map(|subject| self.$file = subject)),)*
                    _ => None,
                }
            }
        }
    };
}

/// What a pool offers and how lines without a rate of their own are split.
#[derive(Default)]
pub(super) struct CareRules {
    offered: Option<Figure<Vec<yibao_domain::settlement::CareKind>>>,
    class_b_pre_payment: Option<Figure<yibao_domain::money::Rate>>,
}

subjects! {
    care "医疗服务": CareSubject => CareRules {
        offered: Vec<KindWord>, "开展的医疗类别";
        class_b_pre_payment: Percent, "乙类先行自付比例";
    }
    inpatient "住院": InpatientSubject => InpatientRules {
        deductible: Levels<Yuan>, "住院起付标准";
        deductible_elsewhere: Places<Levels<Yuan>>, "异地住院起付标准";
        repetition: RepetitionShape, "多次住院起付标准递减";
        reduction: ReductionShape, "困难人员起付标准减免";
        transfer_makes_up_difference: bool, "转院补起付线差额";
        ratio: RatioTable, "住院支付比例";
        ratio_elsewhere: Places<Levels<Percent>>, "异地住院支付比例";
        points_off_elsewhere: PlacePoints, "异地住院支付比例下调";
        age_points: Vec<AgePointsShape>, "年龄提高支付比例";
        year_points: YearPointsShape, "连续缴费提高支付比例";
        disease_points: DiseasePointsShape, "病种提高支付比例";
        ratio_max: Percent, "支付比例上限";
        annual_cap: CapShape, "基本医保年度封顶线";
    }
    outpatient "普通门诊统筹": OutpatientSubject => OutpatientRules {
        ratio: RatioTable, "普通门诊统筹支付比例";
        day_cap: Levels<Yuan>, "普通门诊统筹日限额";
        year_cap: Yuan, "普通门诊统筹年度限额";
        year_deductible: Yuan, "普通门诊统筹年度起付线";
    }
    special_disease "门诊慢特病": SpecialDiseaseSubject => SpecialDiseaseRules {
        diseases: Vec<DiseaseShape>, "门诊慢特病病种";
        unmarked: GroupWord, "未标注病种的待遇";
        special_deductible: SpecialDeductibleWord, "门诊特殊疾病起付线";
        chronic_deductible: Yuan, "门诊慢性病年度起付线";
        chronic_cap: Yuan, "门诊慢性病年度限额";
        chronic_cap_several: Yuan, "多种慢性病年度限额";
    }
    two_disease "两病门诊": TwoDiseaseSubject => TwoDiseaseRules {
        ratio: Levels<Percent>, "两病门诊支付比例";
        cap_hypertension: Yuan, "高血压年度限额";
        cap_diabetes: Yuan, "糖尿病年度限额";
        cap_both: Yuan, "两病合并年度限额";
    }
    special_drug "特殊药品": SpecialDrugSubject => SpecialDrugRules {
        ratio: Percent, "特药支付比例";
        single_payment_cap: Yuan, "单行支付药品年度限额";
        high_value_pre_payment: Percent, "高值药品先行自付比例";
    }
    second_tier "居民大病保险": SecondTierSubject => SecondTierRules {
        covers: Vec<CoverWord>, "大病保险范围";
        bands: BandsShape, "大病保险起付线和分段比例";
        special: SpecialTermsShape, "大病保险困难人员倾斜";
        own_bands: OwnBandsShape, "大病保险建档立卡分段比例";
        ceiling: Yuan, "大病保险年度限额";
    }
    large_amount "职工大额医疗补助": LargeAmountSubject => LargeAmountRules {
        covers: Vec<CoverWord>, "大额补助范围";
        bands: BandsShape, "大额补助分段比例";
        common_ceiling: Yuan, "统筹与大额合计年度限额";
    }
    civil_servant "公务员医疗补助": CivilServantSubject => CivilServantRules {
        covers: Vec<CoverWord>, "公务员补助范围";
        ratio: PopulationPercents, "公务员补助比例";
    }
    assistance "医疗救助": AssistanceSubject => AssistanceRules {
        covers: Vec<CoverWord>, "医疗救助范围";
        classes: Vec<AssistanceClassShape>, "医疗救助分类、起付线和比例";
        cap: Yuan, "医疗救助年度限额";
        lift: LiftShape, "建档立卡县域内倾斜";
    }
    maternity "生育": MaternitySubject => MaternityRules {
        prenatal_ratio: Levels<Percent>, "产前检查支付比例";
        prenatal_cap_with_outpatient: Yuan, "产前检查与普通门诊合用年度限额";
        prenatal_sum: Yuan, "产前检查定额";
        early_end_sums: Vec<EarlyEndShape>, "终止妊娠产前检查定额";
        delivery_sums: DeliveryShape, "分娩定额或限额";
        delivery_ratio: Percent, "分娩支付比例";
        procedure_ratio: Percent, "计划生育手术支付比例";
    }
    account "个人账户": AccountSubject => AccountRules {
        exists: bool, "个人账户";
    }
    entitlement "待遇等待期": EntitlementSubject => EntitlementRules {
        waiting_days_outside_campaign: Days, "集中参保期外参保等待期";
        newborn_days: Days, "新生儿落地参保期限";
        waiting_months_after_gap: Months, "中断参保等待期";
        gap_months_max: Months, "中断参保宽限";
    }
}

impl View<'_> {
    /// All rules of the view's scheme on its day.
    pub fn rules(self) -> SchemeRules {
        let care = CareSubject::on(self);
        SchemeRules {
            offered: care.offered,
            class_b_pre_payment: care.class_b_pre_payment,
            inpatient: InpatientSubject::on(self),
            outpatient: OutpatientSubject::on(self),
            special_disease: SpecialDiseaseSubject::on(self),
            two_disease: TwoDiseaseSubject::on(self),
            special_drug: SpecialDrugSubject::on(self),
            second_tier: SecondTierSubject::on(self),
            large_amount: LargeAmountSubject::on(self),
            civil_servant: CivilServantSubject::on(self),
            assistance: AssistanceSubject::on(self),
            maternity: MaternitySubject::on(self),
            account: AccountSubject::on(self),
            entitlement: EntitlementSubject::on(self),
        }
    }
}
