//! The parts of a plan, by which its entries are compared.

/// The part of a plan that an entry belongs to (方案的部分).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// 方案: its head.
    Head,
    /// 规则.
    Rule,
    /// 批次: a stage of reopening.
    Stage,
    /// 分批期限: the deadline of a rule or duty for those of a stage.
    StagedDeadline,
    /// 事件: what a reopening waits for.
    Event,
    /// 责任事项.
    Duty,
    /// 提前备药.
    Supply,
    /// 期限顺延: a legal limit that is extended.
    Extension,
    /// 宽限.
    Tolerance,
    /// 不受损: who is priced as if they had filed.
    HoldHarmless,
    /// 恢复初期: open and slow.
    Degraded,
    /// 结算冻结.
    Freeze,
    /// 待遇连续.
    Continuity,
    /// 时点清零.
    Invariant,
    /// 核对清单.
    Checklist,
    /// 业务名称: what a business is called.
    Business,
    /// 系统.
    System,
    /// 分组: whom a group stands for.
    Group,
    /// 自定凭据.
    Evidence,
    /// 自定渠道.
    Channel,
    /// 统筹区名称.
    Pool,
    /// 机构名称.
    Provider,
    /// 县区.
    County,
    /// 联系电话.
    Contact,
}

impl Part {
    /// The Chinese name, for operators.
    pub fn name(self) -> &'static str {
        match self {
            Part::Head => "方案",
            Part::Rule => "规则",
            Part::Stage => "批次",
            Part::StagedDeadline => "分批期限",
            Part::Event => "事件",
            Part::Duty => "责任事项",
            Part::Supply => "提前备药",
            Part::Extension => "期限顺延",
            Part::Tolerance => "宽限",
            Part::HoldHarmless => "待遇不受损",
            Part::Degraded => "恢复初期",
            Part::Freeze => "结算冻结",
            Part::Continuity => "待遇连续",
            Part::Invariant => "时点清零",
            Part::Checklist => "核对清单",
            Part::Business => "业务名称",
            Part::System => "系统",
            Part::Group => "分组",
            Part::Evidence => "自定凭据",
            Part::Channel => "自定渠道",
            Part::Pool => "统筹区名称",
            Part::Provider => "机构名称",
            Part::County => "县区",
            Part::Contact => "联系电话",
        }
    }

    /// A word for programs.
    pub fn word(self) -> &'static str {
        match self {
            Part::Head => "plan",
            Part::Rule => "rule",
            Part::Stage => "stage",
            Part::StagedDeadline => "staged_deadline",
            Part::Event => "event",
            Part::Duty => "duty",
            Part::Supply => "supply",
            Part::Extension => "extension",
            Part::Tolerance => "tolerance",
            Part::HoldHarmless => "hold_harmless",
            Part::Degraded => "degraded",
            Part::Freeze => "freeze",
            Part::Continuity => "continuity",
            Part::Invariant => "invariant",
            Part::Checklist => "checklist",
            Part::Business => "business",
            Part::System => "system",
            Part::Group => "group",
            Part::Evidence => "evidence",
            Part::Channel => "channel",
            Part::Pool => "pool",
            Part::Provider => "provider",
            Part::County => "county",
            Part::Contact => "contact",
        }
    }
}
