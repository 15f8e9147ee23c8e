//! Files (文件上传、下载): 9101 takes one in, 9102 gives one out in place of the envelope.

use crate::call::{Call, Done, Stop};
use crate::calls::{archive, catalogue_file};
use crate::policies::Policies;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::sync::Arc;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::moment_text;
use yibao_interface::{Fields, Output, Record};
use yibao_store::Tx;
use yibao_store::file::StoredFile;

/// The largest file that is taken in: ten megabytes, a month's statement of the largest hospital many times over.
const BYTES_MAX: usize = 10 * 1024 * 1024;

/// 9101 (文件上传): the bytes come beside the message, or in it as an array of bytes, signed or not, or as base64.
pub(crate) fn upload(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("fsUploadIn")?;
    let bytes = match &call.file {
        Some(bytes) => bytes.to_vec(),
        None => bytes_of(fields)?,
    };
    if bytes.is_empty() {
        return Err(fields.refuse(Code::FieldMissing, "in", "，文件是空的；请核对后重新上传").into());
    }
    if bytes.len() > BYTES_MAX {
        let text = format!("文件 {} 字节，超过 {BYTES_MAX} 字节；请压缩或分成几个文件上传", bytes.len());
        return Err(Refusal::new(Code::FieldShape, text).into());
    }
    let filename = fields.text("filename");
    let stored = keep(tx, call, policies, filename, &bytes)?;
    let reply = |output: Record| {
        output
            .text("file_qury_no", &stored.file_qury_no)
            .text("filename", &stored.filename)
            .text("fixmedins_code", &stored.fixmedins_code)
            .text("dld_endtime", &moment_text(stored.ends_at))
    };
    Ok(Done::with(Output::new().member(reply)))
}

/// Keeps a file for a provider, for as long as it may be fetched.
pub(crate) fn keep(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    filename: &str,
    bytes: &[u8],
) -> Result<StoredFile, Stop> {
    tx.remove_files(archive::began_before(call.now))?;
    let serial = tx.next_serial("file")?;
    let stored = StoredFile {
        file_qury_no: format!("{}{}5{serial:08}", policies.pool.pool, call.now.strftime("%Y%m%d")),
        fixmedins_code: call.provider()?.fixmedins_code.clone(),
        filename: filename.to_owned(),
        content: BASE64_STANDARD.encode(bytes),
        created_at: call.now,
        ends_at: archive::ends_at(call.now),
    };
    tx.add_file(&stored)?;
    Ok(stored)
}

/// A provider's own file; refuses what is not there, somebody else's, or over.
pub(crate) fn own(tx: &mut dyn Tx, call: &Call, fields: &Fields) -> Result<(StoredFile, Vec<u8>), Stop> {
    let number = fields.demand("file_qury_no")?;
    let own = &call.provider()?.fixmedins_code;
    let Some(stored) = tx.file(number)?.filter(|file| file.fixmedins_code == *own) else {
        return Err(fields.refuse(Code::NotFound, "file_qury_no", "没有对应的文件；请核对，或重新上传(9101)").into());
    };
    if stored.ends_at < call.now {
        let text = format!("文件 {number} 的下载期限 {} 已过；请重新上传或重新申请", moment_text(stored.ends_at));
        return Err(Refusal::new(Code::NotFound, text).into());
    }
    let bytes = BASE64_STANDARD.decode(&stored.content);
    let bytes = bytes.map_err(|error| yibao_store::Fault::new("reading file", number, error))?;
    Ok((stored, bytes))
}

/// 9102 (文件下载): the bytes themselves.
pub(crate) fn download(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("fsDownloadIn")?;
    if let Some((name, bytes)) = catalogue_file::of_number(tx, policies, fields.text("file_qury_no"))? {
        return Ok(Done::silently().file(name, bytes));
    }
    let (stored, bytes) = own(tx, call, fields)?;
    Ok(Done::silently().file(stored.filename, bytes))
}

/// The bytes of a message's own field.
fn bytes_of(fields: &Fields) -> Result<Vec<u8>, Stop> {
    let text = fields.demand("in")?;
    if text.starts_with('[') {
        let numbers: Result<Vec<i16>, _> = serde_json::from_str(text);
        let bytes = numbers.ok().map(|numbers| numbers.into_iter().map(byte).collect::<Option<Vec<u8>>>());
        let wrong = || fields.refuse(Code::FieldShape, "in", "，数组里有不是字节的数；应为 -128 至 255 的整数");
        return bytes.flatten().ok_or_else(|| wrong().into());
    }
    let packed: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let wrong = |_| fields.refuse(Code::FieldShape, "in", "，既不是字节数组，也不是 base64；请核对文件内容");
    BASE64_STANDARD.decode(packed).map_err(|error| wrong(error).into())
}

/// Java's bytes are signed, others' are not.
fn byte(number: i16) -> Option<u8> {
    match number {
        0..=255 => u8::try_from(number).ok(),
        -128..=-1 => u8::try_from(number + 256).ok(),
        _ => None,
    }
}

impl Done {
    /// An answer that is a file.
    pub fn file(mut self, name: String, bytes: Vec<u8>) -> Self {
        self.file = Some((name, Arc::new(bytes)));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_signed_and_unsigned() {
        assert_eq!([80, -1, 255, -128].map(byte), [Some(80), Some(255), Some(255), Some(128)]);
        assert_eq!([256, -129].map(byte), [None, None]);
    }
}
