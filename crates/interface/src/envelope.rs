//! The request envelope (报文信封): who asks for what, before the transaction's own fields.
//!
//! Clients differ in everything but a few keys, so only those without which nothing can be done are
//! demanded: `infno`, `msgid`, `fixmedins_code`, `input`. The others are checked where they come. The
//! size of a body is the caller's to bound. Whether the provider exists is the engine's to know.

use crate::codes::CodeMatch;
use crate::json;
use crate::table::Catalogue;
use crate::value;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::DateTime;
use yibao_domain::written::hexadecimal;

/// One request, read but not yet held against its transaction.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// 交易编号.
    pub infno: String,
    /// 发送方报文ID: any text of 1 to 64 characters.
    pub msgid: String,
    /// 就医地医保区划, empty where the client sends none.
    pub mdtrtarea_admvs: String,
    /// 参保地医保区划; empty means local.
    pub insuplc_admdvs: String,
    /// 接收方系统代码.
    pub recer_sys_code: String,
    /// 接口版本号.
    pub infver: String,
    /// 经办人类别.
    pub opter_type: String,
    /// 经办人.
    pub opter: String,
    /// 经办人姓名: personal data, never for logs.
    pub opter_name: String,
    /// 交易时间 as the client's clock has it.
    pub inf_time: Option<DateTime>,
    /// 定点医药机构编号.
    pub fixmedins_code: String,
    /// 定点医药机构名称.
    pub fixmedins_name: String,
    /// 交易签到流水号, from 9001; answered, never demanded.
    pub sign_no: String,
    /// 设备编号.
    pub dev_no: String,
    /// 数字签名信息, as it came: few clients sign, and a server cannot demand it.
    pub cainfo: String,
    /// 签名类型.
    pub signtype: String,
    /// What was taken although it is not as the specification has it, for `warn_msg`.
    pub remarks: Vec<String>,
    pub(crate) input: Map<String, Value>,
    /// No input came at all, which most transactions cannot do without.
    pub(crate) lacks_input: bool,
}

/// Who sends a message that is no envelope, as far as it says so: for the reply, which goes by its sender.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sender {
    /// 交易编号.
    pub infno: String,
    /// 发送方报文ID.
    pub msgid: String,
    /// 定点医药机构编号.
    pub fixmedins_code: String,
}

impl Sender {
    /// Reads what of it is there; empty what is not.
    pub fn of(bytes: &[u8]) -> Sender {
        let read = json::utf8(bytes).and_then(|text| json::read(text, "报文"));
        let Ok(Value::Object(body)) = read else { return Sender::default() };
        let said = |key: &str| {
            let known = KEYS.iter().find(|(known, ..)| *known == key);
            known.and_then(|(key, name, length)| text(&body, key, name, *length).ok()).unwrap_or_default()
        };
        let fixmedins_code = fixmedins_code(&body).unwrap_or_default();
        Sender { infno: said("infno"), msgid: said("msgid"), fixmedins_code }
    }
}

/// Key, Chinese name, greatest length in characters.
const KEYS: &[(&str, &str, usize)] = &[
    ("infno", "交易编号", 6),
    ("msgid", "发送方报文ID", 64),
    ("mdtrtarea_admvs", "就医地医保区划", 6),
    ("insuplc_admdvs", "参保地医保区划", 6),
    ("recer_sys_code", "接收方系统代码", 10),
    ("infver", "接口版本号", 6),
    ("opter_type", "经办人类别", 3),
    ("opter", "经办人", 30),
    ("opter_name", "经办人姓名", 50),
    ("inf_time", "交易时间", 40),
    ("fixmedins_code", "定点医药机构编号", 12),
    ("fixmedins_name", "定点医药机构名称", usize::MAX),
    ("sign_no", "交易签到流水号", 30),
    ("dev_no", "设备编号", 100),
    ("dev_safe_info", "设备安全信息", 2000),
    ("cainfo", "数字签名信息", 1024),
    ("signtype", "签名类型", 10),
];

/// Required by the specification, omitted by some client, and not needed: a remark.
const MISSED: &[&str] = &["mdtrtarea_admvs", "infver", "opter", "opter_name", "inf_time"];

impl Envelope {
    /// Reads a body.
    pub fn parse(bytes: &[u8]) -> Result<Envelope, Refusal> {
        let text_of_body = json::utf8(bytes)?;
        let body = match json::read(text_of_body, "报文")? {
            Value::Object(body) => body,
            _ => return Err(Refusal::new(Code::Unreadable, "报文应为JSON对象{…}，请按请求信封格式重发")),
        };
        let mut remarks = Vec::new();
        if json::is_padded(text_of_body) {
            remarks.push("报文末尾有空字符(\\0)，已忽略".to_owned());
        }
        let mut texts = Vec::with_capacity(KEYS.len());
        for (key, name, length) in KEYS {
            let text = text(&body, key, name, *length)?;
            if text.is_empty() && MISSED.contains(key) {
                remarks.push(format!("信封缺少{key}({name})，已受理"));
            }
            texts.push(text);
        }
        let get = |key: &str| {
            let at = KEYS.iter().position(|(known, ..)| *known == key).expect("a key of the list");
            texts[at].clone()
        };
        let demand = |key: &str| {
            let (_, name, _) = KEYS.iter().find(|(known, ..)| *known == key).expect("a key of the list");
            Some(get(key)).filter(|text| !text.is_empty()).ok_or_else(|| missing(key, name))
        };
        let infno = demand("infno")?;
        let msgid = demand("msgid")?;
        let fixmedins_code = fixmedins_code(&body)?;
        if fixmedins_code.is_empty() {
            return Err(missing("fixmedins_code", "定点医药机构编号"));
        }
        let inf_time = match get("inf_time") {
            text if text.is_empty() => None,
            text if value::is_zero(&text) => {
                remarks.push(value::zero_for_nothing("信封inf_time", "交易时间", &text));
                None
            }
            text => Some(value::moment(&text).ok_or_else(|| {
                shape(
                    "inf_time",
                    "交易时间",
                    &format!("\"{}\"不是有效时间，应为yyyy-MM-dd HH:mm:ss", value::shown(&text)),
                )
            })?),
        };
        let opter_type = opter_type(get("opter_type"), &mut remarks);
        let input = input(&body)?;
        Ok(Envelope {
            infno,
            msgid,
            mdtrtarea_admvs: get("mdtrtarea_admvs"),
            insuplc_admdvs: get("insuplc_admdvs"),
            recer_sys_code: get("recer_sys_code"),
            infver: get("infver"),
            opter_type,
            opter: get("opter"),
            opter_name: get("opter_name"),
            inf_time,
            fixmedins_code,
            fixmedins_name: get("fixmedins_name"),
            sign_no: get("sign_no"),
            dev_no: get("dev_no"),
            cainfo: get("cainfo"),
            signtype: get("signtype"),
            remarks,
            lacks_input: input.is_none(),
            input: input.unwrap_or_default(),
        })
    }

    /// Tells the input of a file that came beside the message, in the field where others have its bytes: by what it is, so that
    /// the same message with another file is another message.
    pub fn attach(&mut self, file: &[u8]) {
        let node = self.input.entry("fsUploadIn").or_insert_with(|| Value::Object(Map::new()));
        self.lacks_input = false;
        if let Value::Object(fields) = node {
            fields.insert("in".to_owned(), Value::String(format!("sha256:{}", hexadecimal(&Sha256::digest(file)))));
        }
    }

    /// Whether the request path allows this body: a path that names a transaction has to name this one.
    pub fn agrees_with_path(&self, path: &str, catalogue: &Catalogue) -> Result<(), Refusal> {
        let Some(named) = catalogue.transaction_of_path(path) else { return Ok(()) };
        let bare = |infno: &str| infno.trim_end_matches(|char: char| char.is_ascii_alphabetic()).to_owned();
        // Clients post the A variant of a transaction to the path of the plain one.
        if bare(&named.infno) == bare(&self.infno) || self.shares_path_with(named, catalogue) {
            return Ok(());
        }
        Err(Refusal::new(
            Code::PathDiffers,
            format!("地址对应交易{}，报文infno为{}，请核对接口地址或交易编号", named.infno, value::shown(&self.infno)),
        ))
    }

    /// The sources print one path for 3202 and 3302.
    fn shares_path_with(&self, named: &crate::table::Transaction, catalogue: &Catalogue) -> bool {
        catalogue.transaction(&self.infno).is_some_and(|own| own.path.is_some() && own.path == named.path)
    }
}

/// A hospital system of Hunan and Guangdong names the institution `medins_code`.
fn fixmedins_code(body: &Map<String, Value>) -> Result<String, Refusal> {
    let named = |key: &str| text(body, key, "定点医药机构编号", 12);
    let code = named("fixmedins_code")?;
    if code.is_empty() { named("medins_code") } else { Ok(code) }
}

fn opter_type(given: String, remarks: &mut Vec<String>) -> String {
    if given.is_empty() {
        return given;
    }
    if value::is_zero(&given) {
        remarks.push(value::zero_for_nothing("信封opter_type", "经办人类别", &given));
        return String::new();
    }
    match Catalogue::national().codes("opter_type").map(|table| table.matches(&given)) {
        Some(CodeMatch::Known(code)) => code.to_owned(),
        _ => {
            remarks.push(format!("信封opter_type(经办人类别)的值\"{}\"不在代码表内，已受理", value::shown(&given)));
            given
        }
    }
}

/// The input; `None` where there is none, which is for the table of the transaction to judge.
fn input(body: &Map<String, Value>) -> Result<Option<Map<String, Value>>, Refusal> {
    let object = match find(body, "input") {
        Some(Value::String(text)) if !value::is_absent(text) => json::read(text, "input")?,
        Some(Value::String(_) | Value::Null) | None => return Ok(None),
        Some(other) => other.clone(),
    };
    match object {
        Value::Object(input) => Ok(Some(input)),
        Value::Null => Ok(None),
        _ => Err(shape("input", "交易输入", "应为JSON对象{…}或其文本")),
    }
}

fn text(body: &Map<String, Value>, key: &str, name: &str, length: usize) -> Result<String, Refusal> {
    let text = match find(body, key) {
        None | Some(Value::Null) => return Ok(String::new()),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => return Err(shape(key, name, "应为文本")),
    };
    if value::is_absent(&text) {
        return Ok(String::new());
    }
    // A signature may be wrapped into lines; what is stored or compared may not hold such characters.
    let identifies = matches!(key, "infno" | "msgid" | "fixmedins_code" | "medins_code");
    if text.contains('\0') || (identifies && text.chars().any(char::is_control)) {
        return Err(shape(key, name, "含有控制字符，请去除后重发"));
    }
    let count = text.chars().count();
    if count > length {
        return Err(shape(key, name, &format!("长{count}个字符，最多{length}个")));
    }
    Ok(text)
}

fn find<'a>(body: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    body.get(key).or_else(|| body.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value))
}

fn missing(key: &str, name: &str) -> Refusal {
    Refusal::new(Code::FieldMissing, format!("信封缺少{key}({name})，请补充后重发"))
}

fn shape(key: &str, name: &str, reason: &str) -> Refusal {
    Refusal::new(Code::FieldShape, format!("信封{key}({name}){reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{"infno":"1101","msgid":"H52050200001520210927092003361","mdtrtarea_admvs":"520502",
        "insuplc_admdvs":"","recer_sys_code":"99","dev_no":"null","dev_safe_info":"NULL","cainfo":"null",
        "signtype":"SM2","infver":"1.0.0","opter_type":"1","opter":"0053","opter_name":"测试员",
        "inf_time":"2021-09-27 09:20:03","fixmedins_code":"H52050200001","fixmedins_name":"毕节市测试医院",
        "sign_no":"null","input":{"data":{}}}"#;

    #[test]
    fn the_sample_of_the_specification_is_read_and_null_texts_are_empty() {
        let envelope = Envelope::parse(WHOLE.as_bytes()).unwrap();
        assert_eq!(envelope.infno, "1101");
        assert_eq!((envelope.sign_no.as_str(), envelope.dev_no.as_str(), envelope.cainfo.as_str()), ("", "", ""));
        assert_eq!(envelope.opter_name, "测试员");
        assert!(envelope.remarks.is_empty(), "{:?}", envelope.remarks);
    }

    #[test]
    fn clients_that_send_less_or_otherwise_are_served() {
        let small = r#"{"infno":1101,"msgid":"x","fixmedins_code":"H52050200001","input":"{\"data\":{\"a\":1}}",
            "devNo":"1","recer_admdvs":"520500","enc_type":"","serv_sign":null}"#;
        let other = small.replace("fixmedins_code", "medins_code");
        assert_eq!(Envelope::parse(other.as_bytes()).unwrap().fixmedins_code, "H52050200001");
        let envelope = Envelope::parse(small.as_bytes()).unwrap();
        assert_eq!(envelope.infno, "1101");
        assert_eq!(envelope.input["data"]["a"].to_string(), "1");
        assert!(envelope.remarks.iter().any(|remark| remark.contains("inf_time")));
        assert!(Envelope::parse(format!("\u{feff}{WHOLE}").as_bytes()).is_ok());
        let padded = Envelope::parse(format!("{WHOLE}\0").as_bytes()).unwrap();
        assert!(padded.remarks[0].contains("空字符"), "{:?}", padded.remarks);
        let inside = WHOLE.replace(r#"{"data":{}}"#, r#""{\"data\":{}}\u0000""#);
        assert!(Envelope::parse(inside.as_bytes()).is_ok());
        let signed = WHOLE.replace(r#""cainfo":"null""#, r#""cainfo":"MEUC\r\nIQ==""#);
        assert_eq!(Envelope::parse(signed.as_bytes()).unwrap().cainfo, "MEUC\r\nIQ==");
    }

    #[track_caller]
    fn check_refused(change: (&str, &str), code: Code, part: &str) {
        let refusal = Envelope::parse(WHOLE.replace(change.0, change.1).as_bytes()).unwrap_err();
        assert_eq!(refusal.code, code, "{}", refusal.text);
        assert!(refusal.text.contains(part), "{}", refusal.text);
    }

    #[test]
    fn what_nothing_can_be_done_without_is_demanded() {
        check_refused((r#""infno":"1101""#, r#""infno":"null""#), Code::FieldMissing, "infno(交易编号)");
        check_refused((r#""H52050200001520210927092003361""#, "\"\""), Code::FieldMissing, "msgid");
        check_refused((r#""fixmedins_code":"H52050200001","#, ""), Code::FieldMissing, "fixmedins_code");
        check_refused((r#"{"data":{}}"#, "[]"), Code::FieldShape, "input");
        check_refused((r#"{"data":{}}"#, r#""{\"data\":""#), Code::Unreadable, "不完整");
        check_refused(("2021-09-27 09", "2021-02-30 09"), Code::FieldShape, "inf_time");
        check_refused(("H52050200001520210927092003361", &"x".repeat(65)), Code::FieldShape, "最多64个");
        check_refused(("H52050200001520210927092003361", r"a\u0000b"), Code::FieldShape, "控制字符");
        check_refused((r#""opter":"0053""#, r#""opter":{}"#), Code::FieldShape, "应为文本");
        for body in ["", "[]", "null", "1"] {
            assert_eq!(Envelope::parse(body.as_bytes()).unwrap_err().code, Code::Unreadable, "{body}");
        }
    }

    #[test]
    fn a_path_that_names_another_transaction_is_refused() {
        let envelope = Envelope::parse(WHOLE.as_bytes()).unwrap();
        let agrees = |path: &str| envelope.agrees_with_path(path, Catalogue::national());
        assert!(agrees("/fsi/api/rsfComIfsService/callService").is_ok());
        assert!(agrees("/fsi/api/rsfComIfsService/callService/1101").is_ok());
        assert!(agrees("/fsi/api/fsiPsnInfoService/queryPsnInfo").is_ok());
        let refusal = agrees("/fsi/api/rsfComIfsService/callService/2207").unwrap_err();
        assert_eq!(refusal.code, Code::PathDiffers);
    }
}
