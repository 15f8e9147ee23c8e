//! Passwords: their rule, their hash (Argon2id), and random ones, from a randomness that is given.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use std::sync::{Arc, LazyLock};
use yibao_domain::written::hexadecimal;
use yibao_store::Fault;

/// A password has at least this many characters; nothing else is asked of it.
pub const PASSWORD_LENGTH_MIN: usize = 12;
/// Longer ones are no better, and each byte is hashed.
const PASSWORD_LENGTH_MAX: usize = 200;
/// Letters and digits that nobody mixes up when reading them aloud: 32, so that five bits choose one.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789+";

/// What an unknown login is checked against, so that it takes as long as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash("nobody has this one", &[0; 16]).unwrap_or_default());

/// Fills bytes that nobody can foresee; the binary's comes from the operating system, a test's from its seed.
pub type Randomness = Arc<dyn Fn(&mut [u8]) -> Result<(), Fault> + Send + Sync>;

/// Why a password is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PasswordRefused {
    /// Too short or too long.
    #[error("密码须有{PASSWORD_LENGTH_MIN}到{PASSWORD_LENGTH_MAX}个字符，请换一个")]
    Length,
    /// The hash could not be made.
    #[error("密码未能保存，请再试一次")]
    Hash(#[from] argon2::password_hash::Error),
    /// No salt could be drawn.
    #[error("密码未能保存，请再试一次")]
    Salt(#[from] Fault),
}

/// The hash that is kept of a password (PHC string), under a salt that is drawn.
pub fn hashed(password: &str, randomness: &Randomness) -> Result<String, PasswordRefused> {
    if !(PASSWORD_LENGTH_MIN..=PASSWORD_LENGTH_MAX).contains(&password.chars().count()) {
        return Err(PasswordRefused::Length);
    }
    Ok(hash(password, &drawn::<16>(randomness)?)?)
}

fn hash(password: &str, salt: &[u8]) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password_with_salt(password.as_bytes(), salt)?.to_string())
}

/// Whether this is the password of a hash; never that of nobody.
pub(crate) fn verify(password: &str, known: Option<&str>) -> bool {
    let hash = known.unwrap_or_else(|| NOBODY.as_str());
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let is_right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    is_right && known.is_some()
}

/// A random password of 16 signs: 80 bits.
pub fn random(randomness: &Randomness) -> Result<String, Fault> {
    let signs = drawn::<16>(randomness)?.map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    Ok(signs.iter().collect())
}

/// A random secret of 256 bits.
pub(crate) fn secret(randomness: &Randomness) -> Result<String, Fault> {
    Ok(hexadecimal(&drawn::<32>(randomness)?))
}

/// A random number of 128 bits.
pub(crate) fn number(randomness: &Randomness) -> Result<String, Fault> {
    Ok(hexadecimal(&drawn::<16>(randomness)?))
}

fn drawn<const N: usize>(randomness: &Randomness) -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    randomness(&mut bytes)?;
    Ok(bytes)
}

/// Counts up from a seed: no two draws are alike, and each test draws the same.
#[cfg(test)]
pub(crate) fn counting(seed: u8) -> Randomness {
    let next = std::sync::atomic::AtomicU8::new(seed);
    Arc::new(move |bytes| {
        bytes.fill_with(|| next.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_twelve_characters_or_more_and_only_its_hash_is_kept() {
        assert!(matches!(hashed("elf zeichen", &counting(1)), Err(PasswordRefused::Length)));
        let kept = hashed("十二个字也是够长的密码呢", &counting(1)).unwrap();
        assert!(kept.starts_with("$argon2id$") && !kept.contains("密码"));
        assert!(verify("十二个字也是够长的密码呢", Some(&kept)) && !verify("别的", Some(&kept)));
        assert!(!verify("nobody has this one", None));
    }

    #[test]
    fn random_passwords_are_long_enough_and_differ() {
        let randomness = counting(1);
        let (one, other) = (random(&randomness).unwrap(), random(&randomness).unwrap());
        assert!(one.len() >= PASSWORD_LENGTH_MIN && one != other);
        assert_eq!(random(&counting(1)).unwrap(), one, "the same randomness draws the same");
    }
}
