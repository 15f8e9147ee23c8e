//! A made-up large city, to measure with: as many persons as wanted, with insurances and running totals.
//!
//! The same number of persons gives the same rows every time. Like an export of a legacy system they come
//! only roughly in the order of the person numbers, and identity numbers in no order at all. All of it is
//! invented; the identity numbers have valid check digits, so that they are checked as real ones are.

use anyhow::Context as _;
use jiff::civil::{Date, date};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use yibao_domain::written::identity::IdNumber;

/// The benefit year of the running totals.
pub const YEAR: &str = "2021";
/// The pool that everybody is insured in.
pub const POOL: &str = "520500";
/// First day of every insurance.
pub const INSURED_SINCE: &str = "2019-01-01";
/// The most persons that are told apart by their numbers.
pub const PERSONS_MAX: u64 = 1 << 27;

/// Rows move about within so many neighbours.
const NEIGHBOURHOOD: u64 = 1 << 16;
const DIVISIONS: [&str; 8] = ["520502", "520521", "520522", "520523", "520524", "520525", "520526", "520527"];
const SURNAMES: [&str; 10] = ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周"];
const GIVEN_NAMES: [&str; 10] = ["伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "军"];

/// A person with everything that the three files say, by national field names.
#[derive(Clone, Debug)]
pub struct Citizen {
    pub psn_no: String,
    pub certno: String,
    pub psn_name: String,
    pub gend: &'static str,
    pub brdy: Date,
    pub card_no: String,
    /// `insutype` and `psn_type` of each insurance.
    pub insurances: &'static [(&'static str, &'static str)],
    pub insuplc_admdvs: &'static str,
    /// Opening balance of the personal account, in fen; only employees have one.
    pub balance_fen: Option<i64>,
    /// Name of each running total, and its value in fen or as a count.
    pub totals: Vec<(&'static str, i64)>,
}

impl Citizen {
    /// The person of this number.
    pub fn new(number: u64) -> Citizen {
        // An odd factor below a power of two: every number once, neighbours far apart.
        let scattered = number.wrapping_mul(88_172_645) % PERSONS_MAX;
        let insuplc_admdvs = DIVISIONS[at(scattered, DIVISIONS.len())];
        let (in_order, day) = (scattered / 8 % 1_000, scattered / 8_000);
        let brdy = date(1950, 1, 1).saturating_add(jiff::Span::new().days(i64::try_from(day).unwrap_or(0)));
        let short = format!("{insuplc_admdvs}{}{in_order:03}", brdy.strftime("%y%m%d"));
        let certno = IdNumber::parse(&short).expect("an old number of a day in the last century");
        let is_employee = number % 10 < 3;
        let yuan = |most: u64| i64::try_from(scattered % (most * 100)).unwrap_or(0);
        let mut totals = vec![("outpatient_paid", yuan(500)), ("outpatient_deductible_met", yuan(100))];
        if scattered.is_multiple_of(6) {
            totals.extend([("inpatient_stays", 1), ("basic_paid", yuan(30_000)), ("basic_cost", yuan(40_000))]);
        }
        Citizen {
            psn_no: format!("5205{number:016}"),
            gend: certno.gend(),
            certno: certno.as_str().to_owned(),
            psn_name: format!("{}{}", SURNAMES[at(scattered, 10)], GIVEN_NAMES[at(scattered / 10, 10)]),
            brdy,
            card_no: format!("A{number:08}"),
            insurances: if is_employee { &[("310", "1101"), ("330", "1101")] } else { &[("390", "1501")] },
            insuplc_admdvs,
            balance_fen: is_employee.then(|| yuan(9_000)),
            totals,
        }
    }
}

/// The numbers of a city's persons in the order in which a file has them; `file` makes the orders differ.
pub fn numbers(persons: u64, file: u64) -> impl Iterator<Item = u64> {
    let blocks = persons.div_ceil(NEIGHBOURHOOD);
    let moved = move |at: u64| (at % NEIGHBOURHOOD * 40_503 + file * 7_919) % NEIGHBOURHOOD;
    (0..blocks * NEIGHBOURHOOD)
        .map(move |at| at / NEIGHBOURHOOD * NEIGHBOURHOOD + moved(at))
        .filter(move |number| *number < persons)
}

/// Writes `persons.csv`, `insurances.csv` and `accumulators.csv` of a city into a folder and says how many
/// rows they have together.
pub fn write_large_city(folder: &Path, persons: u64) -> anyhow::Result<u64> {
    anyhow::ensure!(persons <= PERSONS_MAX, "至多 {PERSONS_MAX} 人");
    std::fs::create_dir_all(folder).with_context(|| format!("建立文件夹 {}", folder.display()))?;
    let mut rows = 0;
    let mut file = create(folder, "persons.csv")?;
    writeln!(file, "psn_no,psn_cert_type,certno,psn_name,gend,brdy,naty,card_no")?;
    for one in numbers(persons, 0).map(Citizen::new) {
        let Citizen { psn_no, certno, psn_name, gend, brdy, card_no, .. } = one;
        writeln!(file, "{psn_no},01,{certno},{psn_name},{gend},{brdy},01,{card_no}")?;
        rows += 1;
    }
    file.flush()?;
    let mut file = create(folder, "insurances.csv")?;
    writeln!(file, "psn_no,insutype,psn_type,insuplc_admdvs,begndate,enddate,emp_name,balc,continuous_years")?;
    for one in numbers(persons, 1).map(Citizen::new) {
        for (insutype, psn_type) in one.insurances {
            let balance = one.balance_fen.filter(|_| *insutype == "310").map(yuan).unwrap_or_default();
            let Citizen { psn_no, insuplc_admdvs, .. } = &one;
            writeln!(file, "{psn_no},{insutype},{psn_type},{insuplc_admdvs},{INSURED_SINCE},,示例单位,{balance},5")?;
            rows += 1;
        }
    }
    file.flush()?;
    let columns = ["outpatient_paid", "outpatient_deductible_met", "inpatient_stays", "basic_paid", "basic_cost"];
    let mut file = create(folder, "accumulators.csv")?;
    writeln!(file, "psn_no,insutype,year,{}", columns.join(","))?;
    for one in numbers(persons, 2).map(Citizen::new) {
        write!(file, "{},{},{YEAR}", one.psn_no, one.insurances[0].0)?;
        for column in columns {
            match one.totals.iter().find(|(name, _)| *name == column) {
                Some(("inpatient_stays", stays)) => write!(file, ",{stays}")?,
                Some((_, fen)) => write!(file, ",{}", yuan(*fen))?,
                None => write!(file, ",")?,
            }
        }
        writeln!(file)?;
        rows += 1;
    }
    file.flush()?;
    Ok(rows)
}

fn create(folder: &Path, name: &str) -> anyhow::Result<BufWriter<File>> {
    let path = folder.join(name);
    Ok(BufWriter::new(File::create(&path).with_context(|| format!("新建 {}", path.display()))?))
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn at(number: u64, length: usize) -> usize {
    usize::try_from(number % length as u64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_person_comes_once_in_each_file() {
        for file in 0..3 {
            let all: Vec<u64> = numbers(100_000, file).collect();
            assert_eq!(all.len(), 100_000);
            assert_eq!(all.iter().collect::<HashSet<_>>().len(), 100_000);
        }
        assert_ne!(numbers(1_000, 0).collect::<Vec<_>>(), numbers(1_000, 1).collect::<Vec<_>>());
    }

    #[test]
    fn identity_numbers_differ_and_say_the_birth_date() {
        let city: Vec<Citizen> = (0..20_000).map(Citizen::new).collect();
        assert_eq!(city.iter().map(|one| &one.certno).collect::<HashSet<_>>().len(), city.len());
        for one in city {
            assert_eq!(IdNumber::parse(&one.certno).unwrap().birth_date(), one.brdy);
        }
    }
}
