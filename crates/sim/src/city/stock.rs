//! What is sold and done: the benefit catalogue that a city is played with, and what each kind of care takes of it.

use jiff::ToSpan;
use jiff::civil::date;
use yibao_domain::money::{Money, Rate};
use yibao_domain::time::Date;
use yibao_store::reference::CatalogueItem;

/// A row of the catalogue with its usual price.
#[derive(Clone, Debug)]
pub struct Item {
    /// 医保目录编码.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// `101` drug, `201` service, `301` material.
    pub list_type: &'static str,
    /// 收费项目等级: `01` 甲, `02` 乙, `03` 丙.
    pub class: &'static str,
    /// The own share that goes ahead, in basis points.
    pub own_share: Option<i64>,
    /// Empty, `single_payment` or `high_value`.
    pub special: &'static str,
    /// In scope only where the hospital has approved of it (限制使用标志).
    pub restricted: bool,
    /// Price of one, in fen.
    pub price: i64,
    /// The highest price that counts, in fen; none: any.
    pub limit: Option<i64>,
    /// What its row says later: from so many days after the city's time begins on.
    pub later: Option<Later>,
}

/// A row of the catalogue that takes another's place.
#[derive(Clone, Copy, Debug)]
pub struct Later {
    /// Days after the city's time begins.
    pub day: i64,
    /// 收费项目等级.
    pub class: &'static str,
    /// The own share that goes ahead, in basis points.
    pub own_share: Option<i64>,
    /// The highest price that counts, in fen; none: any.
    pub limit: Option<i64>,
}

/// What the catalogue says of an item on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Says {
    /// 收费项目等级.
    pub class: &'static str,
    /// The own share that goes ahead, in basis points.
    pub own_share: Option<i64>,
    /// The highest price that counts, in fen; none: any.
    pub limit: Option<i64>,
}

impl Item {
    /// What holds on a day of a city whose time begins then.
    pub fn on(&self, begins: Date, day: Date) -> Says {
        match self.later {
            Some(Later { day: after, class, own_share, limit }) if day >= begins.saturating_add(after.days()) => {
                Says { class, own_share, limit }
            }
            _ => Says { class: self.class, own_share: self.own_share, limit: self.limit },
        }
    }

    /// Whether a line of it is the person's own to pay, whatever its class: not approved, or restricted and nobody was asked.
    pub fn is_own_paid(&self, approval: &str) -> bool {
        approval == "2" || (approval == "0" && self.restricted)
    }

    const fn limited(self, fen: i64) -> Item {
        Item { limit: Some(fen), ..self }
    }

    const fn restricted(self) -> Item {
        Item { restricted: true, ..self }
    }

    const fn then(self, class: &'static str, own_share: Option<i64>, limit: Option<i64>) -> Item {
        Item { later: Some(Later { day: CHANGES, class, own_share, limit }), ..self }
    }
}

/// Days after the beginning of a city's time on which the catalogue changes: while much is closed.
const CHANGES: i64 = 18;

/// Everything that can be had.
#[derive(Clone, Debug)]
pub struct Stock {
    /// Drugs that anybody buys.
    pub drugs: Vec<Item>,
    /// Drugs for long diseases.
    pub long_term: Vec<Item>,
    /// Special drugs.
    pub special: Vec<Item>,
    /// Services and materials of a hospital's day.
    pub services: Vec<Item>,
    /// Operations.
    pub operations: Vec<Item>,
}

const fn item(
    code: &'static str,
    name: &'static str,
    list_type: &'static str,
    class: &'static str,
    own_share: Option<i64>,
    price: i64,
) -> Item {
    let (special, limit, later) = ("", None, None);
    Item { code, name, list_type, class, own_share, special, restricted: false, price, limit, later }
}

/// A drug whose row has ended before the city's time begins; nothing has taken its place.
pub(crate) const GONE: Item = item("XJ01DBA001A001010900077", "头孢羟氨苄片", "101", "01", None, 1_520);

impl Stock {
    /// The usual stock. Codes and prices are made up in the shape of the national ones.
    pub fn usual() -> Stock {
        Stock {
            drugs: vec![
                item("XJ01CAA040A001010900021", "阿莫西林胶囊", "101", "01", None, 1_240),
                item("XN02BEB026A001010900031", "布洛芬缓释胶囊", "101", "01", None, 1_855).then(
                    "02",
                    Some(1_000),
                    None,
                ),
                item("XR05CBA188A001010900036", "氨溴索口服溶液", "101", "01", None, 980).limited(850).then(
                    "01",
                    None,
                    Some(913),
                ),
                item("XD07ACK001F001010900019", "糠酸莫米松乳膏", "101", "02", Some(1_000), 1_687),
                item("XJ01MAZ088B002010900024", "左氧氟沙星注射液", "101", "02", Some(1_000), 3_707).restricted(),
            ],
            long_term: vec![
                item("XC08CAB001A001010900012", "氨氯地平片", "101", "01", None, 3_925),
                item("XA10BAE045A001010900003", "二甲双胍片", "101", "01", None, 2_633),
                item("XA10ABM012B002010900005", "门冬胰岛素注射液", "101", "02", Some(1_000), 9_611),
                item("XC10AAA015A001010900016", "阿托伐他汀钙片", "101", "01", None, 11_703),
                item("XL01BCK009A001010900029", "卡培他滨片", "101", "02", Some(1_000), 67_219),
            ],
            special: vec![
                Item {
                    special: "single_payment",
                    ..item("XL01EHQ001A001010900051", "安罗替尼胶囊", "101", "02", None, 960_000)
                },
                Item {
                    special: "high_value",
                    ..item("XB02BDR001B002010900055", "重组人凝血因子Ⅷ", "101", "02", None, 128_000)
                },
            ],
            services: vec![
                item("001102000010900", "住院诊查费", "201", "01", None, 1_500),
                item("001109000010900", "普通病房床位费", "201", "01", None, 4_000),
                item("001201000010900", "护理费", "201", "01", None, 2_613),
                item("002501010010900", "血常规", "201", "01", None, 2_007).then("02", Some(1_500), Some(1_800)),
                item("002203000010900", "彩色超声检查", "201", "01", None, 12_009),
                item("003402000010900", "运动疗法", "201", "02", Some(1_000), 3_511),
                item("C0301010090010900001", "静脉留置针", "301", "01", None, 1_203),
                item("004800000010900", "陪护床", "201", "03", None, 2_500),
            ],
            operations: vec![
                item("003305000010900", "阑尾切除术", "201", "01", None, 78_011),
                item("003308030000900", "冠状动脉支架置入术", "201", "02", Some(1_000), 280_007),
                item("C1402011200010900003", "人工髋关节", "301", "02", Some(2_000), 760_003),
                item("003314000010900", "单胎顺产接生", "201", "01", None, 56_009),
            ],
        }
    }

    /// All rows, as the catalogue of a city keeps them whose time begins then.
    pub fn rows(&self, begins: Date) -> Vec<CatalogueItem> {
        let all = [&self.drugs, &self.long_term, &self.special, &self.services, &self.operations];
        let gone = row(&GONE, since(), Some(begins.saturating_sub(30.days())), begins);
        all.into_iter().flatten().flat_map(|item| rows(item, begins)).chain([gone]).collect()
    }
}

/// The row of an item, and the one that takes its place.
fn rows(item: &Item, begins: Date) -> Vec<CatalogueItem> {
    let Some(later) = item.later else { return vec![row(item, since(), None, begins)] };
    let changes = begins.saturating_add(later.day.days());
    vec![row(item, since(), changes.yesterday().ok(), begins), row(item, changes, None, begins)]
}

fn row(item: &Item, begndate: Date, enddate: Option<Date>, begins: Date) -> CatalogueItem {
    let says = item.on(begins, begndate);
    CatalogueItem {
        med_list_codg: item.code.to_owned(),
        hilist_name: item.name.to_owned(),
        list_type: item.list_type.to_owned(),
        chrgitm_lv: says.class.to_owned(),
        selfpay_prop: says.own_share.map(Rate::basis_points),
        hilist_pric_uplmt_amt: says.limit.map(|fen| Money::fen(fen).as_yuan()),
        begndate,
        enddate,
        special: item.special.to_owned(),
        med_chrgitm_type: if item.list_type == "101" { "09" } else { "05" }.to_owned(),
        lmt_used_flag: if item.restricted { "1" } else { "" }.to_owned(),
        pool: String::new(),
        scheme: String::new(),
        level: String::new(),
    }
}

fn since() -> Date {
    date(2018, 1, 1)
}
