//! What the platform tells beside persons (目录、机构、字典查询): providers, the catalogue page by page with its limits and own shares,
//! the words of a dictionary. Asked once in the end, and held against what the city was made of.

use crate::city::{City, PlaceKind};
use crate::judge::Wrong;
use crate::judge::asked::{said, shortened};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use yibao_interface::Catalogue;
use yibao_store::Fault;
use yibao_store::reference::CatalogueItem;

/// Whose turns these questions are.
const TURNS: u64 = 6_999_999;
/// Rows of a page: the catalogue has several.
const PAGE: usize = 7;
/// Before all that anybody has changed.
const LONG_AGO: &str = "2000-01-01";
/// Until when a row is told to hold that has no end.
const NO_END: &str = "2099-12-31";

/// Judges what is told.
pub(super) fn judge(world: &World<'_>, city: &City, wrong: &mut Vec<Wrong>) -> Result<(), Fault> {
    if !world.office.is_undisturbed() {
        return Ok(());
    }
    let asking = Asking { world, city };
    let mut told = asking.providers()?;
    let rows = city.stock.rows(city.begins);
    let today = world.office.now().date();
    let holds = |row: &&CatalogueItem| row.begndate <= today && row.enddate.is_none_or(|end| today <= end);
    type Chosen<'a> = (&'a str, &'a str, fn(&CatalogueItem) -> Option<String>);
    let questions: [Chosen<'_>; 4] = [
        ("1312", "chrgitm_lv", |row| Some(row.chrgitm_lv.clone())),
        ("1316", "list_type", |row| Some(row.list_type.clone())),
        ("1318", "hilist_pric_uplmt_amt", |row| row.hilist_pric_uplmt_amt.map(|limit| limit.to_string())),
        ("1319", "selfpay_prop", |row| row.selfpay_prop.map(|rate| rate.as_decimal().to_string())),
    ];
    for (infno, field, of) in questions {
        let must = |rows: &mut dyn Iterator<Item = &CatalogueItem>| -> BTreeSet<String> {
            let one = |row: &CatalogueItem| {
                let until = row.enddate.map_or(NO_END.to_owned(), |end| end.to_string());
                Some(format!("{} {} {until} {}", row.med_list_codg, row.begndate, shortened(&of(row)?)))
            };
            rows.filter_map(one).collect()
        };
        told.extend(asking.catalogue(infno, field, &json!({}), &must(&mut rows.iter()))?);
        let of_today = json!({ "query_date": today.to_string() });
        told.extend(asking.catalogue(infno, field, &of_today, &must(&mut rows.iter().filter(holds)))?);
        let Some(one) = rows.get(rows.len() / 2) else { continue };
        let named = json!({ "hilist_code": one.med_list_codg });
        let mut same = rows.iter().filter(|row| row.med_list_codg == one.med_list_codg);
        told.extend(asking.catalogue(infno, field, &named, &must(&mut same))?);
    }
    told.extend(asking.narrowed(&rows)?);
    told.extend(asking.dictionary()?);
    wrong.extend(told.into_iter().map(|what| Wrong::of_book(3, what)));
    Ok(())
}

struct Asking<'a> {
    world: &'a World<'a>,
    city: &'a City,
}

impl Asking<'_> {
    fn ask(&self, infno: &str, input: &Value) -> Result<Value, Fault> {
        let turn = self.world.office.turn(TURNS);
        let answer = self.world.office.send(turn, &self.city.places[0], infno, input);
        answer.map_err(|told| Fault::new("asking", infno, told.to_string()))
    }

    /// 1201: by kind, by a part of the name, by code.
    fn providers(&self) -> Result<Vec<String>, Fault> {
        let mut told = Vec::new();
        let mut compare = |asked: Value, must: BTreeSet<(String, String, String)>| -> Result<(), Fault> {
            let answer = self.ask("1201", &json!({ "medinsinfo": asked }))?;
            let shown = answer["medinsinfo"].as_array().cloned().unwrap_or_default();
            let of =
                |row: &Value| (said(row, "fixmedins_code"), said(row, "fixmedins_name"), said(row, "fixmedins_type"));
            let is: BTreeSet<_> = shown.iter().map(of).collect();
            if is != must {
                told.push(format!("1201 of {asked} tells {is:?} and must tell {must:?}"));
            }
            Ok(())
        };
        let kind = |kind: PlaceKind| if kind == PlaceKind::Hospital { "1" } else { "2" };
        let found = |of: &str, part: &str| -> BTreeSet<_> {
            let fits = self.city.places.iter().filter(|place| kind(place.kind) == of && place.name.contains(part));
            fits.map(|place| (place.code.clone(), place.name.clone(), of.to_owned())).collect()
        };
        for of in ["1", "2"] {
            compare(json!({"fixmedins_type": of, "fixmedins_name": "", "fixmedins_code": ""}), found(of, ""))?;
            let part = json!({"fixmedins_type": of, "fixmedins_name": "药", "fixmedins_code": ""});
            compare(part, found(of, "药"))?;
        }
        for place in self.city.places.iter().step_by(3) {
            let of = kind(place.kind);
            let asked = json!({"fixmedins_type": of, "fixmedins_name": "", "fixmedins_code": place.code});
            compare(asked, BTreeSet::from([(place.code.clone(), place.name.clone(), of.to_owned())]))?;
        }
        Ok(told)
    }

    /// All pages of a question, one after the other.
    fn pages(&self, infno: &str, narrowed: &Value) -> Result<(Vec<Value>, Vec<String>), Fault> {
        let (mut rows, mut told, mut number) = (Vec::new(), Vec::new(), 1);
        loop {
            let mut data = json!({"updt_time": LONG_AGO, "page_num": number, "page_size": PAGE});
            for (name, value) in narrowed.as_object().into_iter().flatten() {
                data[name] = value.clone();
            }
            let answer = self.ask(infno, &json!({ "data": data }))?;
            let page = answer["data"].as_array().cloned().unwrap_or_default();
            let first = rows.len() + usize::from(!page.is_empty());
            let counted =
                ["startRow", "endRow", "size", "pageNum"].map(|name| answer[name].as_u64().unwrap_or_default());
            rows.extend(page.iter().cloned());
            let end = if page.is_empty() { 0 } else { rows.len() };
            let start = if page.is_empty() { 0 } else { first };
            if counted != [start, end, page.len(), number].map(|count| count as u64) {
                told.push(format!("{infno} tells of page {number} {counted:?}"));
            }
            let all = answer["recordCounts"].as_u64().unwrap_or_default();
            let is_last = rows.len() as u64 >= all;
            if answer["lastPage"] != is_last || answer["firstPage"] != (number == 1) {
                told.push(format!("{infno} tells page {number} of {all} rows as {}", answer["lastPage"]));
            }
            if is_last || page.is_empty() {
                if rows.len() as u64 != all {
                    told.push(format!("{infno} tells {} rows in all, and {all}", rows.len()));
                }
                return Ok((rows, told));
            }
            number += 1;
        }
    }

    fn catalogue(
        &self,
        infno: &str,
        field: &str,
        narrowed: &Value,
        must: &BTreeSet<String>,
    ) -> Result<Vec<String>, Fault> {
        let (rows, mut told) = self.pages(infno, narrowed)?;
        let one = |row: &Value| {
            let (code, since, until) = (said(row, "hilist_code"), said(row, "begndate"), said(row, "enddate"));
            format!("{code} {since} {until} {}", shortened(&said(row, field)))
        };
        let is: BTreeSet<String> = rows.iter().map(one).collect();
        if is != *must || is.len() != rows.len() {
            told.push(format!("{infno} of {narrowed} tells {is:?} and must tell {must:?}"));
        }
        Ok(told)
    }

    /// 1312 by kind of item, by its class, by a part of the name.
    fn narrowed(&self, rows: &[CatalogueItem]) -> Result<Vec<String>, Fault> {
        let mut told = Vec::new();
        let Some(one) = rows.first() else { return Ok(told) };
        type Named = fn(&CatalogueItem) -> &str;
        let by: [(&str, Named); 3] = [
            ("list_type", |row| &row.list_type),
            ("chrgitm_lv", |row| &row.chrgitm_lv),
            ("hilist_name", |row| &row.hilist_name),
        ];
        for (name, of) in by {
            let part: String =
                if name == "hilist_name" { of(one).chars().take(2).collect() } else { of(one).to_owned() };
            let (shown, said_of_pages) = self.pages("1312", &json!({ name: part }))?;
            told.extend(said_of_pages);
            let is: BTreeSet<(String, String, String)> = shown
                .iter()
                .map(|row| (said(row, "hilist_code"), said(row, "hilist_name"), said(row, "lmt_used_flag")))
                .collect();
            let flag = |row: &CatalogueItem| if row.lmt_used_flag == "1" { "1" } else { "0" }.to_owned();
            let fits =
                rows.iter().filter(|row| if name == "hilist_name" { of(row).contains(&part) } else { of(row) == part });
            let must: BTreeSet<_> =
                fits.map(|row| (row.med_list_codg.clone(), row.hilist_name.clone(), flag(row))).collect();
            if is != must {
                told.push(format!("1312 by {name} {part} tells {is:?} and must tell {must:?}"));
            }
        }
        Ok(told)
    }

    /// 1901.
    fn dictionary(&self) -> Result<Vec<String>, Fault> {
        let name = "insutype";
        let data = json!({"type": name, "parent_value": "", "admdvs": "", "date": LONG_AGO, "Vali_Flag": "1"});
        let answer = self.ask("1901", &json!({ "data": data }))?;
        let shown = answer["list"].as_array().cloned().unwrap_or_default();
        let is: Vec<(String, String)> = shown.iter().map(|row| (said(row, "value"), said(row, "label"))).collect();
        let table = Catalogue::national().codes(name);
        let values = table.map(|table| table.values.as_slice()).unwrap_or_default();
        let must: Vec<(String, String)> = values.iter().map(|one| (one.code.clone(), one.meaning.clone())).collect();
        Ok(Vec::from_iter((is != must).then(|| format!("1901 tells {is:?} and must tell {must:?}"))))
    }
}
