//! The few catalogue items that the tests' bills consist of, and bills.

use super::amounts::product;

/// One row of `catalogue.csv`.
pub struct Item {
    pub code: &'static str,
    pub name: &'static str,
    pub list_type: &'static str,
    pub class: &'static str,
    pub prepaid: &'static str,
    pub limit: &'static str,
    pub special: &'static str,
    /// `med_chrgitm_type`; empty for what the file does not say.
    pub charge: &'static str,
}

const fn drug(code: &'static str, name: &'static str, class: &'static str) -> Item {
    Item { code, name, list_type: "101", class, prepaid: "", limit: "", special: "", charge: "" }
}

pub static A: Item = drug("XN02BEB071A001010101001", "布洛芬片", "01");
/// Class B, the row silent about its own rate: 10 %.
pub static B: Item = drug("XJ01CRZ001B001010101002", "阿莫西林克拉维酸钾", "02");
pub static B_5: Item = Item { prepaid: "0.05", ..drug("XA02BCA125A001010101003", "奥美拉唑肠溶片", "02") };
pub static B_20: Item = Item { prepaid: "0.20", ..drug("XL04AXL019A001010101004", "来那度胺胶囊", "02") };
pub static C: Item = drug("XV06DXY001X001010101005", "营养口服液", "03");
/// Class A with a limit price of 100.00.
pub static A_LIMIT_100: Item =
    Item { limit: "100.00", ..drug("XC10AAA012A001010101006", "阿托伐他汀钙片", "01") };
/// Class B with a limit price of 10.00.
pub static B_LIMIT_10: Item =
    Item { limit: "10.00", ..drug("XC08CAA064A001010101007", "苯磺酸氨氯地平片", "02") };
/// A treatment of class A.
pub static CARE: Item = Item { list_type: "201", ..drug("001101000010000", "住院诊查费", "01") };
/// The bed of a stay.
pub static BED: Item =
    Item { list_type: "201", charge: "01", ..drug("001109000010000", "普通病房床位费", "01") };
pub static SINGLE_PAYMENT: Item =
    Item { special: "single_payment", ..drug("XL01EXS146A001010101008", "甲磺酸奥希替尼片", "02") };
/// Single-payment with a limit of 9,000.00.
pub static SINGLE_PAYMENT_LIMITED: Item =
    Item {
        special: "single_payment", limit: "9000.00", ..drug("XL01FFN052B001010101009", "纳武利尤单抗注射液", "02")
    };
pub static HIGH_VALUE: Item =
    Item { special: "high_value", ..drug("XL01FFB035B001010101010", "贝伐珠单抗注射液", "02") };

/// Every item, for the file.
pub fn all() -> [&'static Item; 12] {
    [
        &A,
        &B,
        &B_5,
        &B_20,
        &C,
        &A_LIMIT_100,
        &B_LIMIT_10,
        &CARE,
        &BED,
        &SINGLE_PAYMENT,
        &SINGLE_PAYMENT_LIMITED,
        &HIGH_VALUE,
    ]
}

/// One line of a bill.
#[derive(Clone)]
pub struct Line {
    pub item: &'static Item,
    pub quantity: String,
    pub price: String,
    pub approval: &'static str,
}

/// The lines of a bill.
#[derive(Clone, Default)]
pub struct Bill {
    pub lines: Vec<Line>,
}

impl Bill {
    /// One line of one piece.
    pub fn of(item: &'static Item, price: &str) -> Bill {
        Bill::default().and(item, price)
    }

    /// One more line of one piece.
    #[must_use]
    pub fn and(self, item: &'static Item, price: &str) -> Bill {
        self.line(item, "1", price)
    }

    /// One more line.
    #[must_use]
    pub fn line(mut self, item: &'static Item, quantity: &str, price: &str) -> Bill {
        self.lines.push(Line { item, quantity: quantity.into(), price: price.into(), approval: "1" });
        self
    }

    /// One more line that the hospital marks as not covered (`hosp_appr_flag` 2).
    #[must_use]
    pub fn disapproved(mut self, item: &'static Item, price: &str) -> Bill {
        self.lines.push(Line { item, quantity: "1".into(), price: price.into(), approval: "2" });
        self
    }

    /// The sum of the line amounts in fen.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(Line::amount).sum()
    }
}

impl Line {
    /// The line's amount in fen.
    pub fn amount(&self) -> i64 {
        product(&self.quantity, &self.price)
    }
}
