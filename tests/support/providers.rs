//! The hospitals and pharmacies of the two test cities.

/// One row of `providers.csv`.
pub struct Provider {
    pub code: &'static str,
    pub name: &'static str,
    pub admdvs: &'static str,
    pub benefit_level: &'static str,
    pub hosp_lv: &'static str,
    pub gateway: &'static str,
    pub paas_id: &'static str,
    pub paas_secret: &'static str,
    pub infcode_form: &'static str,
    /// How its client reads replies.
    pub dialect: &'static str,
    pub supplies_special_drugs: bool,
}

const fn plain(
    code: &'static str,
    name: &'static str,
    admdvs: &'static str,
    benefit_level: &'static str,
    hosp_lv: &'static str,
) -> Provider {
    Provider {
        code,
        name,
        admdvs,
        benefit_level,
        hosp_lv,
        gateway: "none",
        paas_id: "",
        paas_secret: "",
        infcode_form: "number",
        dialect: "",
        supplies_special_drugs: false,
    }
}

const fn supplier(
    code: &'static str,
    name: &'static str,
    admdvs: &'static str,
    benefit_level: &'static str,
    hosp_lv: &'static str,
) -> Provider {
    Provider { supplies_special_drugs: true, ..plain(code, name, admdvs, benefit_level, hosp_lv) }
}

pub static BJ_L1: Provider = plain("H52050200001", "七星关区碧阳医院", "520502", "", "8");
pub static BJ_L2: Provider = plain("H52050200002", "七星关区人民医院", "520502", "2", "5");
pub static BJ_L3: Provider = plain("H52050200003", "毕节市第一人民医院", "520502", "", "2");
pub static BJ_TOWNSHIP: Provider = plain("H52050200004", "七星关区鸭池镇卫生院", "520502", "township", "11");
pub static BJ_VILLAGE: Provider = plain("H52050200005", "鸭池镇头步村卫生室", "520502", "village", "11");
/// Third level too, but in another county of the pool.
pub static BJ_L3_DAFANG: Provider = plain("H52052100001", "大方县人民医院", "520521", "3", "3");
pub static BJ_PHARMACY: Provider = plain("P52050200001", "七星关区一心大药房", "520502", "", "");
pub static PZH_L1: Provider = plain("H51040200001", "攀枝花市东区第一医院", "510402", "", "8");
pub static PZH_L2: Provider = supplier("H51040200002", "攀枝花市东区人民医院", "510402", "", "6");
pub static PZH_L3: Provider = plain("H51040200003", "攀枝花市中心医院", "510402", "3", "2");
pub static PZH_COMMUNITY: Provider = plain("H51040200004", "炳草岗社区卫生服务中心", "510402", "community", "11");
pub static PZH_PHARMACY: Provider = supplier("P51040200001", "攀枝花康贝大药房", "510402", "", "");
/// A hospital that supplies special drugs.
pub static PZH_SUPPLIER: Provider = supplier("H51040300001", "攀枝花市第二人民医院", "510403", "3", "3");

/// Reads infcode only as the text "0".
pub static BJ_TEXT: Provider =
    Provider { infcode_form: "string", ..plain("H52052300001", "金沙县中医医院", "520523", "2", "6") };
/// Signs with the x-tif headers.
pub static BJ_TIF: Provider = Provider {
    gateway: "tif",
    paas_id: "tif-jinsha-01",
    paas_secret: "s3cretOfTif",
    ..plain("H52052300002", "金沙县人民医院", "520523", "2", "5")
};
/// Signs with the _api_ headers.
pub static BJ_API: Provider = Provider {
    gateway: "api",
    paas_id: "api-zhijin-01",
    paas_secret: "s3cretOfApi",
    ..plain("H52052400001", "织金县人民医院", "520524", "2", "5")
};

/// Expects the person of 1101 as an array, as the draft of 2021 had it.
pub static BJ_DRAFT: Provider =
    Provider { dialect: "draft2021", ..plain("H52052400002", "织金县中医医院", "520524", "2", "6") };

pub fn bijie() -> Vec<&'static Provider> {
    vec![
        &BJ_L1,
        &BJ_L2,
        &BJ_L3,
        &BJ_TOWNSHIP,
        &BJ_VILLAGE,
        &BJ_L3_DAFANG,
        &BJ_PHARMACY,
        &BJ_TEXT,
        &BJ_TIF,
        &BJ_API,
        &BJ_DRAFT,
    ]
}

pub fn panzhihua() -> Vec<&'static Provider> {
    vec![&PZH_L1, &PZH_L2, &PZH_L3, &PZH_COMMUNITY, &PZH_PHARMACY, &PZH_SUPPLIER]
}
