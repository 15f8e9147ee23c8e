//! The steps of the schema: the same numbers and names for every engine, each with a text of its own.

/// The steps in order, each with the name of its file and its SQL; step 1 is the first.
pub(crate) type Steps = &'static [(&'static str, &'static str)];

macro_rules! steps {
    ($folder:expr; $($name:literal)+) => {
        &[$(($name, include_str!(concat!("../../migrations/", $folder, "/", $name, ".sql")))),+]
    };
}
pub(crate) use steps;

/// The steps of a pool's book.
macro_rules! book_steps {
    ($engine:literal) => {
        $crate::migration::steps!(concat!($engine, "/book");
            "0001_person" "0002_account" "0003_encounter" "0004_settlement" "0005_cancellation" "0006_fee_line"
            "0007_posting" "0008_message" "0009_filing" "0010_mapping" "0011_sign_in" "0012_serial" "0013_load_mark"
            "0014_register" "0015_claim_right" "0016_published_plan" "0017_page_user" "0018_register_line_money")
    };
}
pub(crate) use book_steps;

/// The steps of the reference data.
macro_rules! reference_steps {
    ($engine:literal) => {
        $crate::migration::steps!(concat!($engine, "/reference"); "0001_provider" "0002_catalogue_item")
    };
}
pub(crate) use reference_steps;

#[cfg(test)]
mod tests {
    use super::Steps;
    use std::fs;
    use std::path::Path;

    #[track_caller]
    fn check_folder(steps: Steps, folder: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
        let mut files: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        let steps: Vec<String> = steps.iter().map(|(name, _)| format!("{name}.sql")).collect();
        assert_eq!(files, steps);
        for (position, step) in steps.iter().enumerate() {
            assert!(step.starts_with(&format!("{:04}_", position + 1)), "{step} is step {}", position + 1);
        }
    }

    #[test]
    fn every_migration_file_is_a_step_and_numbered_without_gaps() {
        check_folder(crate::sqlite::BOOK_STEPS, "sqlite/book");
        check_folder(crate::sqlite::REFERENCE_STEPS, "sqlite/reference");
        check_folder(crate::postgres::BOOK_STEPS, "postgres/book");
        check_folder(crate::postgres::REFERENCE_STEPS, "postgres/reference");
    }
}
