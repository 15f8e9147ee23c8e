//! The reply envelope (应答信封), in the shape that every known client reads.
//!
//! `infcode` is a number or a text as the provider's client compares it; `err_msg` fits 200 characters
//! and keeps its bracketed code; an output is embedded as the text that was kept, byte for byte.

use crate::output::quoted;
use crate::value;
use yibao_domain::refusal::Refusal;
use yibao_domain::time::DateTime;

/// How a provider's client reads `infcode`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum InfcodeForm {
    /// `0`, `-1`, as the specification has it.
    #[default]
    Number,
    /// `"0"`, `"-1"`, for clients that compare texts.
    Text,
}

/// What the reply says.
#[derive(Clone, Debug)]
pub enum Answer<'a> {
    /// Success, with the output as JSON text (`null` where there is none).
    Output(&'a str),
    /// A refusal (业务拒绝): its longer advice goes into `warn_msg`.
    Refused(&'a Refusal),
    /// A fault of ours (系统故障), with a text for the operator: sending again is safe.
    Fault(&'a str),
}

/// One reply.
#[derive(Clone, Debug)]
pub struct Reply<'a> {
    /// How this provider reads `infcode`.
    pub infcode_form: InfcodeForm,
    /// 接收方报文ID, from [`receiver_msgid`].
    pub inf_refmsgid: &'a str,
    /// 接收报文时间.
    pub refmsg_time: DateTime,
    /// 响应报文时间.
    pub respond_time: DateTime,
    /// Remarks of the checks and of the engine.
    pub remarks: &'a [String],
    /// It answers somebody who fetches a file: what is none carries a word of its own.
    pub is_download: bool,
    /// What it says.
    pub answer: Answer<'a>,
}

/// The longest `err_msg` that clients keep.
const ERR_MSG_CHARACTERS: usize = 200;

impl Reply<'_> {
    /// The reply's bytes, UTF-8 JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (infcode, err_msg, output) = match &self.answer {
            Answer::Output(output) => ("0", None, *output),
            Answer::Refused(refusal) => ("-1", Some(err_msg(refusal)), "null"),
            Answer::Fault(text) => ("-1", Some(text.chars().take(ERR_MSG_CHARACTERS).collect()), "null"),
        };
        let infcode = match self.infcode_form {
            InfcodeForm::Number => infcode.to_owned(),
            InfcodeForm::Text => quoted(infcode),
        };
        let or_null = |text: Option<String>| text.map_or_else(|| "null".to_owned(), |text| quoted(&text));
        format!(
            concat!(
                r#"{{{kind}"infcode":{infcode},"inf_refmsgid":{inf_refmsgid},"refmsg_time":"{refmsg_time}","#,
                r#""respond_time":"{respond_time}","enctype":"","signtype":"","cainfo":"","#,
                r#""warn_msg":{warn_msg},"err_msg":{err_msg},"output":{output}}}"#
            ),
            kind = if self.is_download && output == "null" { r#""type":"error","# } else { "" },
            infcode = infcode,
            inf_refmsgid = quoted(self.inf_refmsgid),
            refmsg_time = milliseconds(self.refmsg_time),
            respond_time = milliseconds(self.respond_time),
            warn_msg = or_null(self.warn_msg()),
            err_msg = or_null(err_msg),
            output = output,
        )
        .into_bytes()
    }

    fn warn_msg(&self) -> Option<String> {
        let advice = match &self.answer {
            Answer::Refused(refusal) => refusal.advice.clone(),
            _ => None,
        };
        let parts: Vec<String> = advice.into_iter().chain(self.remarks.iter().cloned()).collect();
        (!parts.is_empty()).then(|| parts.join("；"))
    }
}

/// 接收方报文ID: the receiver's division (6), yyyyMMddHHmmss, a serial of 10 digits.
pub fn receiver_msgid(division: &str, received: DateTime, serial: u64) -> String {
    format!("{division}{}{:010}", received.strftime("%Y%m%d%H%M%S"), serial % 10_000_000_000)
}

/// Whether a text is an id as [`receiver_msgid`] makes them, of one of these divisions.
pub fn is_receiver_msgid<'a>(text: &str, mut divisions: impl Iterator<Item = &'a str>) -> bool {
    let Some((division, rest)) = text.split_at_checked(6) else { return false };
    let is_figures = rest.len() == 24 && rest.bytes().all(|byte| byte.is_ascii_digit());
    is_figures && value::moment(&rest[..14]).is_some() && divisions.any(|own| own == division)
}

/// `text[E102]`, cut so that the code stays.
fn err_msg(refusal: &Refusal) -> String {
    let code = format!("[{}]", refusal.code.as_str());
    let room = ERR_MSG_CHARACTERS - code.chars().count();
    if refusal.text.chars().count() <= room {
        return format!("{}{code}", refusal.text);
    }
    let cut: String = refusal.text.chars().take(room - 1).collect();
    format!("{cut}…{code}")
}

/// yyyyMMddHHmmssSSS.
fn milliseconds(moment: DateTime) -> String {
    format!("{}{:03}", moment.strftime("%Y%m%d%H%M%S"), moment.subsec_nanosecond() / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use yibao_domain::refusal::Code;

    fn reply(form: InfcodeForm, answer: Answer<'_>, remarks: &[String]) -> String {
        let received = date(2021, 7, 13).at(23, 8, 9, 297_000_000);
        let bytes = Reply {
            infcode_form: form,
            inf_refmsgid: &receiver_msgid("520500", received, 514_555),
            refmsg_time: received,
            respond_time: date(2021, 7, 13).at(23, 8, 10, 5_000_000),
            remarks,
            is_download: false,
            answer,
        }
        .to_bytes();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_success_embeds_its_output_as_kept() {
        assert_eq!(
            reply(InfcodeForm::Number, Answer::Output(r#"{"data":{"a":8320.00}}"#), &[]),
            concat!(
                r#"{"infcode":0,"inf_refmsgid":"520500202107132308090000514555","refmsg_time":"20210713230809297","#,
                r#""respond_time":"20210713230810005","enctype":"","signtype":"","cainfo":"","warn_msg":null,"#,
                r#""err_msg":null,"output":{"data":{"a":8320.00}}}"#
            )
        );
    }

    #[test]
    fn an_id_of_ours_is_told_from_a_senders() {
        let own = receiver_msgid("520500", date(2021, 7, 13).at(23, 8, 9, 0), 514_555);
        let is_ours = |text: &str| is_receiver_msgid(text, ["510400", "520500"].into_iter());
        assert!(is_ours(&own) && is_ours(&own.replacen("520500", "510400", 1)));
        for other in [
            "H52050200001202107132308090001",
            "520500",
            "",
            &own.replacen("520500", "520100", 1),
            &own.replace("0713", "0732"),
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn infcode_is_a_text_for_clients_that_compare_texts() {
        assert!(reply(InfcodeForm::Text, Answer::Output("null"), &[]).starts_with(r#"{"infcode":"0","#));
        let refusal = Refusal::new(Code::NotFound, "就诊不存在");
        assert!(reply(InfcodeForm::Text, Answer::Refused(&refusal), &[]).starts_with(r#"{"infcode":"-1","#));
    }

    #[test]
    fn a_long_refusal_keeps_its_code_within_200_characters() {
        let refusal = Refusal::new(Code::FieldCode, "错".repeat(500)).advise("请拨打电话");
        let text = reply(InfcodeForm::Number, Answer::Refused(&refusal), &["备注".into()]);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let err_msg = value["err_msg"].as_str().unwrap();
        assert_eq!(err_msg.chars().count(), 200);
        assert!(err_msg.ends_with("[E104]"));
        assert_eq!(value["warn_msg"], "请拨打电话；备注");
        assert!(value["output"].is_null());
        assert_eq!(err_msg.chars().count(), 200);
    }

    #[test]
    fn a_fault_says_that_sending_again_is_safe_in_its_own_words() {
        let text = reply(InfcodeForm::Number, Answer::Fault("系统繁忙，可原报文重发"), &[]);
        assert!(text.contains(r#""infcode":-1"#) && text.contains("可原报文重发"));
    }
}
