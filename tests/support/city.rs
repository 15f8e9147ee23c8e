//! Writes the CSV files that `yibao load` reads.

use super::catalogue;
use super::people::{Person, Profile, gender, person};
use super::providers::Provider;
use super::vocabulary::COLUMNS;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;

/// A pool's providers and people.
pub struct City {
    providers: Vec<&'static Provider>,
    profiles: Vec<Profile>,
    year: &'static str,
    handed_out: Mutex<HashMap<&'static str, usize>>,
}

impl City {
    pub fn new(year: &'static str, providers: Vec<&'static Provider>, profiles: Vec<Profile>) -> City {
        City { providers, profiles, year, handed_out: Mutex::new(HashMap::new()) }
    }

    /// Somebody of this profile whom no test has seen yet.
    #[track_caller]
    pub fn someone(&self, key: &str) -> Person {
        let profile = self.profiles.iter().find(|profile| profile.key == key);
        let profile = profile.unwrap_or_else(|| panic!("the city has no profile {key:?}"));
        let mut handed_out = self.handed_out.lock().expect("no test panics while it holds the lock");
        let next = handed_out.entry(profile.key).or_default();
        assert!(*next < profile.copies, "the city has only {} people of profile {key:?}", profile.copies);
        *next += 1;
        person(profile, self.first(profile.key) + *next - 1)
    }

    fn first(&self, key: &str) -> usize {
        self.profiles.iter().take_while(|profile| profile.key != key).map(|profile| profile.copies).sum()
    }

    fn people(&self) -> Vec<(usize, &Profile, Person)> {
        let mut people = vec![];
        for profile in &self.profiles {
            for _ in 0..profile.copies {
                let number = people.len();
                people.push((number, profile, person(profile, number)));
            }
        }
        people
    }

    /// Every file, into `folder`.
    pub fn write(&self, folder: &Path) {
        let people = self.people();
        write(folder, "providers.csv", &self.provider_rows());
        write(folder, "catalogue.csv", &catalogue_rows());
        write(folder, "practitioners.csv", &practitioner_rows(&self.providers));
        write(folder, "1314.txt", &TCM_DISEASES.map(str::to_owned));
        write(folder, "1304.csv", &ETHNIC_DRUGS.map(str::to_owned));
        write(folder, "persons.csv", &person_rows(&people));
        write(folder, "insurances.csv", &insurance_rows(&people));
        write(folder, "attributes.csv", &attribute_rows(&people));
        write(folder, "special_diseases.csv", &disease_rows(&people));
        write(folder, "filings.csv", &["psn_no,kind,care_admdvs,fixmedins_code,begndate,enddate".to_owned()]);
        write(folder, "accumulators.csv", &accumulator_rows(&people, self.year));
    }

    fn provider_rows(&self) -> Vec<String> {
        let mut rows = vec![
            "fixmedins_code,fixmedins_name,admdvs,benefit_level,hosp_lv,dedc_hosp_lv,lmtpric_hosp_lv,gateway,paas_id,paas_secret,infcode_form,special_drug_supplier,dialect"
                .to_owned(),
        ];
        for it in &self.providers {
            rows.push(format!(
                "{},{},{},{},{},,,{},{},{},{},{},{}",
                it.code,
                it.name,
                it.admdvs,
                it.benefit_level,
                it.hosp_lv,
                it.gateway,
                it.paas_id,
                it.paas_secret,
                it.infcode_form,
                u8::from(it.supplies_special_drugs),
                it.dialect
            ));
        }
        rows
    }
}

/// A physician and a nurse at the second provider.
fn practitioner_rows(providers: &[&Provider]) -> Vec<String> {
    let mut rows = vec!["fixmedins_code,prac_psn_code,prac_psn_name,prac_psn_type,begndate,hi_dr_flag".to_owned()];
    let row = |code: &str, name: &str, kind: &str| format!("{},{code},{name},{kind},2020-01-01,1", providers[1].code);
    rows.extend((providers.len() > 1).then(|| row("D520502000123", "赵医", "1")));
    rows.extend((providers.len() > 1).then(|| row("N520502000124", "钱护", "2")));
    rows
}

/// Lines of 1314 (中医疾病目录) as they are published.
pub const TCM_DISEASES: [&str; 2] = [
    "T1\tA01\t内科\tA01.01\t肺系病\tA01.01.01\t感冒\tnull\t1\tR1\tnull\tnull\tV1\t第一版",
    "T2\tA01\t内科\tA01.01\t肺系病\tA01.01.02\t\"咳嗽\tnull\t1\tR2\tnull\tnull\tV2\t第二版",
];

/// Ethnic drugs (民族药品).
const ETHNIC_DRUGS: [&str; 3] = [
    "med_list_codg,drug_genname,ethdrug_type,vali_flag,ver,updt_time",
    "ZA1,某苗药,1,1,20210101,2021-01-01",
    "ZA2,某彝药,2,1,20210601,2021-06-01",
];

fn catalogue_rows() -> Vec<String> {
    let mut rows = vec![
        "med_list_codg,hilist_name,list_type,chrgitm_lv,selfpay_prop,hilist_pric_uplmt_amt,begndate,enddate,special,med_chrgitm_type"
            .to_owned(),
    ];
    for it in catalogue::all() {
        rows.push(format!(
            "{},{},{},{},{},{},2019-01-01,,{},{}",
            it.code, it.name, it.list_type, it.class, it.prepaid, it.limit, it.special, it.charge
        ));
    }
    rows
}

fn person_rows(people: &[(usize, &Profile, Person)]) -> Vec<String> {
    let mut rows = vec!["psn_no,psn_cert_type,certno,psn_name,gend,brdy,naty,card_no".to_owned()];
    for (number, profile, who) in people {
        rows.push(format!(
            "{},01,{},{},{},{},01,A{:08}",
            who.psn_no,
            who.certno,
            who.name,
            gender(*number),
            profile.born,
            number
        ));
    }
    rows
}

fn insurance_rows(people: &[(usize, &Profile, Person)]) -> Vec<String> {
    let mut rows = vec![
        "psn_no,insutype,psn_type,insuplc_admdvs,begndate,enddate,paused_from,emp_name,balc,continuous_years,cvlserv_flag"
            .to_owned(),
    ];
    for (_, profile, who) in people {
        let civil = u8::from(profile.insurances.iter().any(|scheme| scheme.insutype == "320"));
        for scheme in &profile.insurances {
            rows.push(format!(
                "{},{},{},{},{},{},{},测试单位,{},{},{civil}",
                who.psn_no,
                scheme.insutype,
                scheme.psn_type,
                profile.admdvs,
                scheme.from,
                scheme.until,
                scheme.paused_from,
                scheme.balance,
                profile.years
            ));
        }
    }
    rows
}

fn attribute_rows(people: &[(usize, &Profile, Person)]) -> Vec<String> {
    let mut rows = vec!["psn_no,psn_idet_type,begndate,enddate".to_owned()];
    for (_, profile, who) in people {
        rows.extend(profile.attributes.iter().map(|code| format!("{},{code},2018-01-01,", who.psn_no)));
    }
    rows
}

fn disease_rows(people: &[(usize, &Profile, Person)]) -> Vec<String> {
    let mut rows = vec!["psn_no,opsp_dise_code,opsp_dise_name,begndate,enddate".to_owned()];
    for (_, profile, who) in people {
        let row = |((code, name), day): &((&str, &str), &str)| format!("{},{code},{name},{day},", who.psn_no);
        rows.extend(profile.diseases.iter().map(row));
    }
    rows
}

fn accumulator_rows(people: &[(usize, &Profile, Person)], year: &str) -> Vec<String> {
    let columns: Vec<&str> = COLUMNS.iter().map(|(_, column)| *column).collect();
    let mut rows = vec![format!("psn_no,insutype,year,{}", columns.join(","))];
    for (_, profile, who) in people.iter().filter(|(_, profile, _)| !profile.used.is_empty()) {
        let insutype = profile.used[0].0;
        let amount =
            |total| profile.used.iter().find(|(_, used, _)| *used == total).map_or("0", |(_, _, amount)| *amount);
        let cells: Vec<&str> = COLUMNS.iter().map(|(total, _)| amount(*total)).collect();
        rows.push(format!("{},{insutype},{year},{}", who.psn_no, cells.join(",")));
    }
    rows
}

fn write(folder: &Path, file: &str, rows: &[String]) {
    std::fs::write(folder.join(file), rows.join("\n") + "\n").expect("the temporary folder takes files");
}
