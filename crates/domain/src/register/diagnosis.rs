//! Diagnoses as one field of a register states them: codes with their names, apart by `、`.

/// A diagnosis that is stated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatedDiagnosis {
    /// Its code, such as `Z51.100`.
    pub code: String,
    /// Its name; empty where only the code is stated.
    pub name: String,
}

/// Reads several; the first part without a code is the error. `Z51.100 化学治疗、I10.x00` are two.
pub fn diagnoses(text: &str) -> Result<Vec<StatedDiagnosis>, String> {
    let parts = text.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| one(part).ok_or_else(|| part.to_owned())).collect()
}

fn one(part: &str) -> Option<StatedDiagnosis> {
    let (code, name) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
    let of_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '*' | '+' | '-' | '/');
    let fits = code.starts_with(|c: char| c.is_ascii_alphabetic()) && code.contains(|c: char| c.is_ascii_digit());
    (fits && code.chars().all(of_code)).then(|| StatedDiagnosis { code: code.to_owned(), name: name.trim().to_owned() })
}

/// The one form in which they are kept.
pub fn diagnoses_text(diagnoses: &[StatedDiagnosis]) -> String {
    let texts = diagnoses.iter().map(|of| format!("{} {}", of.code, of.name).trim_end().to_owned());
    texts.collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_diagnoses_are_read_with_or_without_their_names_and_read_back() {
        let read = diagnoses("Z51.100 化学治疗；I10.x00,B95.600x001 金黄色 葡萄球菌").unwrap();
        let codes: Vec<&str> = read.iter().map(|of| of.code.as_str()).collect();
        assert_eq!(codes, ["Z51.100", "I10.x00", "B95.600x001"]);
        assert_eq!(read[2].name, "金黄色 葡萄球菌");
        assert_eq!(diagnoses(&diagnoses_text(&read)).unwrap(), read);
    }

    #[test]
    fn a_name_without_its_code_is_no_diagnosis() {
        assert_eq!(diagnoses("I10.x00 高血压、糖尿病"), Err("糖尿病".to_owned()));
    }
}
