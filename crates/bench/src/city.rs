//! The simulated city (模拟城市): its pharmacies, hospitals, catalogue and people, as files for `yibao load`.
//!
//! Everybody is an employee of the pool 520500 with a full personal account, so that every transaction is accepted
//! and every settlement moves an account or running totals.

use anyhow::Context;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// The pool whose book is measured.
pub(crate) const POOL: &str = "520500";
/// The county where all providers are.
pub(crate) const COUNTY: &str = "520502";
/// Retail pharmacies: as many as wake in `reopening`, and a fifth more that had no outage.
pub(crate) const PHARMACIES: u64 = 2_400;
/// Hospitals, all of the second level.
pub(crate) const HOSPITALS: u64 = 100;
/// Different drugs in the catalogue.
pub(crate) const DRUGS: u64 = 500;

/// A pharmacy's number of the national form.
pub(crate) fn pharmacy(number: u64) -> String {
    format!("P{COUNTY}{number:05}")
}

/// A hospital's number of the national form.
pub(crate) fn hospital(number: u64) -> String {
    format!("H{COUNTY}{number:05}")
}

/// A person's number (人员编号).
pub(crate) fn person(number: u64) -> String {
    format!("5205{number:010}")
}

/// A person's certificate number (证件号码), of no national kind on purpose.
pub(crate) fn certificate(number: u64) -> String {
    format!("C{number:010}")
}

/// A drug's code (医疗目录编码).
pub(crate) fn drug(number: u64) -> String {
    format!("X{number:022}")
}

/// Writes the files of a city with so many persons.
pub(crate) fn write(folder: &Path, persons: u64) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("建立目录 {}", folder.display()))?;
    let file = |name: &str, header: &str, rows: &mut dyn FnMut(&mut BufWriter<File>) -> io::Result<()>| {
        let mut whole = || {
            let mut out = BufWriter::new(File::create(folder.join(name))?);
            writeln!(out, "{header}")?;
            rows(&mut out)?;
            out.flush()
        };
        whole().with_context(|| format!("写 {name}"))
    };
    file("providers.csv", "fixmedins_code,fixmedins_name,admdvs,hosp_lv,infcode_form", &mut |out| {
        for number in 0..PHARMACIES {
            writeln!(out, "{},测量药店{number},{COUNTY},11,number", pharmacy(number))?;
        }
        (0..HOSPITALS).try_for_each(|number| writeln!(out, "{},测量医院{number},{COUNTY},5,number", hospital(number)))
    })?;
    file("catalogue.csv", "med_list_codg,hilist_name,list_type,chrgitm_lv,begndate", &mut |out| {
        (0..DRUGS).try_for_each(|number| writeln!(out, "{},测量药品{number},101,01,2015-01-01", drug(number)))
    })?;
    file("persons.csv", "psn_no,psn_cert_type,certno,psn_name,gend,brdy,naty,card_no", &mut |out| {
        (0..persons).try_for_each(|number| {
            writeln!(out, "{},99,{},测量{number},1,1980-01-01,01,", person(number), certificate(number))
        })
    })?;
    file("insurances.csv", "psn_no,insutype,psn_type,insuplc_admdvs,begndate,balc", &mut |out| {
        (0..persons).try_for_each(|number| writeln!(out, "{},310,1101,{COUNTY},2015-01-01,100000.00", person(number)))
    })
}
