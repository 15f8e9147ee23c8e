//! Passwords: their rule, their hash (Argon2id), and random ones.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::LazyLock;
use yibao_store::Fault;

/// A password has at least this many characters; nothing else is asked of it.
pub const PASSWORD_LENGTH_MIN: usize = 12;
/// Longer ones are no better, and each byte is hashed.
const PASSWORD_LENGTH_MAX: usize = 200;
/// Letters and digits that nobody mixes up when reading them aloud: 32, so that five bits choose one.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";

/// What an unknown login is checked against, so that it takes as long as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this one").unwrap_or_default());

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordRefused {
    /// Too short or too long.
    #[error("密码须有{PASSWORD_LENGTH_MIN}到{PASSWORD_LENGTH_MAX}个字符，请换一个")]
    Length,
    /// The hash could not be made.
    #[error("密码未能保存，请再试一次")]
    Hash(#[from] argon2::password_hash::Error),
}

/// The hash that is kept of a password (PHC string).
pub fn hashed(password: &str) -> Result<String, PasswordRefused> {
    if !(PASSWORD_LENGTH_MIN..=PASSWORD_LENGTH_MAX).contains(&password.chars().count()) {
        return Err(PasswordRefused::Length);
    }
    Ok(hash(password)?)
}

fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// Whether this is the password of a hash; never that of nobody.
pub(crate) fn verify(password: &str, known: Option<&str>) -> bool {
    let hash = known.unwrap_or_else(|| NOBODY.as_str());
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let is_right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    is_right && known.is_some()
}

/// A random password of 16 signs: 80 bits.
pub fn random() -> Result<String, Fault> {
    let signs = drawn::<16>()?.map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    Ok(signs.iter().collect())
}

/// A random secret of 256 bits.
pub(crate) fn secret() -> Result<String, Fault> {
    Ok(drawn::<32>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn drawn<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Fault::new("drawing a secret", "random", error))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_twelve_characters_or_more_and_only_its_hash_is_kept() {
        assert!(matches!(hashed("elf zeichen"), Err(PasswordRefused::Length)));
        let kept = hashed("十二个字也是够长的密码呢").unwrap();
        assert!(kept.starts_with("$argon2id$") && !kept.contains("密码"));
        assert!(verify("十二个字也是够长的密码呢", Some(&kept)) && !verify("别的", Some(&kept)));
        assert!(!verify("nobody has this one", None));
    }

    #[test]
    fn random_passwords_are_long_enough_and_differ() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert!(one.len() >= PASSWORD_LENGTH_MIN && one != other);
    }
}
