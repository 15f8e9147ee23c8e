//! Kinds of work: which registers there are, and what each is about.

use crate::words::{open_vocabulary, vocabulary, yes_or_no};

vocabulary! {
    /// What an entry is about.
    About {
        /// A person, who has to be named.
        Person = "person", "人员";
        /// A provider.
        Provider = "provider", "医药机构";
        /// A matter; a person may be named.
        Matter = "matter", "事项";
    }
}

vocabulary! {
    /// Who is responsible for an entry.
    Keeper {
        /// A provider: its own, or the one that the agency names.
        Provider = "provider", "医药机构";
        /// The agency alone.
        Agency = "agency", "经办机构";
        /// Whoever states it.
        Either = "either", "登记的一方";
    }
}

vocabulary! {
    /// What of an outage plan governs an entry; each word is a way of its own to take statements in and to count deadlines.
    Governed {
        /// The rule of the business at the time of the care.
        Care = "care", "就诊时的停办规则";
        /// A duty of the plan.
        Duty = "duty", "方案的责任";
        /// A list that the plan has made of stays.
        Worklist = "worklist", "方案的逐人清单";
        /// A supply ahead of the window.
        Supply = "supply", "方案的提前备药";
        /// The rule of the business when the papers came in, or the duty about the care they are for.
        Papers = "papers", "收件时的停办规则";
        /// No plan: ordinary work with a deadline of its own.
        Nothing = "none", "不依停机方案";
    }
}

vocabulary! {
    /// The settlement in which an entry ends.
    Settles {
        /// It ends without one.
        Nothing = "-", "不结算";
        /// A visit or purchase.
        Visit = "visit", "门诊";
        /// A stay.
        Stay = "stay", "住院";
    }
}

/// A row of `registers/kinds.tsv`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KindRow {
    /// The word that tables, plans, books and addresses use.
    pub word: &'static str,
    /// The Chinese name.
    pub name: &'static str,
    /// What an entry is about.
    pub about: About,
    /// Who is responsible for it.
    pub keeper: Keeper,
    /// What of an outage plan governs it.
    pub governed: Governed,
    /// The settlement in which it ends.
    pub settles: Settles,
    /// Its claim keys as templates, `|` between them; `-`: none beside its invoice.
    pub claims: &'static str,
    /// Until when it is to be finished where no plan says so: working days from intake; 0: no deadline of its own.
    pub days: u32,
    /// The business of a statement that does not tell one.
    pub business: &'static str,
    /// The field that says when it happened or came in.
    pub moment: &'static str,
    /// Whether the platform lists the entries itself; the pages offer only the agency to add one by hand.
    pub listed: bool,
}

impl KindRow {
    /// The heads of the columns.
    pub const COLUMNS: [&'static str; 11] =
        ["kind", "name", "about", "keeper", "governed", "settles", "claims", "days", "business", "moment", "listed"];

    /// Reads a row; the position of the first wrong cell.
    pub const fn of_cells(cells: [&'static str; 11]) -> Result<KindRow, usize> {
        let [word, name, about, keeper, governed, settles, claims, days, business, moment, listed] = cells;
        let Some(about) = About::of_word(about) else { return Err(2) };
        let Some(keeper) = Keeper::of_word(keeper) else { return Err(3) };
        let Some(governed) = Governed::of_word(governed) else { return Err(4) };
        let Some(settles) = Settles::of_word(settles) else { return Err(5) };
        let days = match days.as_bytes() {
            b"-" => 0,
            _ => match u32::from_str_radix(days, 10) {
                Ok(days) => days,
                Err(_) => return Err(7),
            },
        };
        let Some(listed) = yes_or_no(listed) else { return Err(10) };
        Ok(KindRow { word, name, about, keeper, governed, settles, claims, days, business, moment, listed })
    }

    const fn shipped(cells: [&'static str; 11]) -> KindRow {
        match KindRow::of_cells(cells) {
            Ok(row) => row,
            Err(_) => panic!("a row of registers/kinds.tsv is wrong"),
        }
    }
}

open_vocabulary! {
    /// A kind of work, and the register (台账) that keeps it.
    RegisterKind of KindRow in include_str!("../../../../registers/kinds.tsv"), {
        /// B-01.
        InpatientNotice = "inpatient_notice";
        /// B-02, B-05, B-17.
        StayConversion = "stay_conversion";
        /// P-10, P-23, P-24, B-11.
        Admission = "admission";
        /// P-05 to P-09.
        CashVisit = "cash_visit";
        /// B-10, B-18, P-11.
        DeferredDischarge = "deferred_discharge";
        /// P-05, P-07.
        Supply = "supply";
        /// P-12, P-13.
        Transfer = "transfer";
        /// P-26.
        NotEntitled = "not_entitled";
        /// P-18.
        Papers = "papers";
        /// P-20.
        Escalation = "escalation";
        /// B-22, B-24, P-28.
        Publicity = "publicity";
        /// P-28.
        Incident = "incident";
    }
}

impl RegisterKind {
    /// Its row.
    pub const fn row(self) -> &'static KindRow {
        self.0
    }

    /// Whether a statement has to name a person.
    pub fn is_about_a_person(self) -> bool {
        self.0.about == About::Person
    }

    /// Whether an outage plan governs it.
    pub fn is_of_outage(self) -> bool {
        self.0.governed != Governed::Nothing
    }

    /// Whether its entries end in a settlement, and so keep fee lines for it.
    pub fn is_settled(self) -> bool {
        self.0.settles != Settles::Nothing
    }

    /// Whether its entries are stays that end in a settlement.
    pub fn is_stay(self) -> bool {
        self.0.settles == Settles::Stay
    }
}
