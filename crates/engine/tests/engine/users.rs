//! Users of the pages beside somebody who works on the same book.

use super::failing::Failing;
use jiff::civil::date;
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_engine::desks::users::{Change, Outcome, Randomness, Users};
use yibao_store::user::User;
use yibao_store::{Mode, SqliteStore, Store};

/// Randomness from a seed: the same seed draws the same.
pub fn seeded(seed: u64) -> Randomness {
    let state = std::sync::Mutex::new(seed);
    Arc::new(move |bytes| {
        let mut state = state.lock().unwrap();
        bytes.fill_with(|| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (*state >> 33) as u8
        });
        Ok(())
    })
}

/// A hospital's account, of noon.
fn cashier(users: &Users) -> User {
    User {
        login: "yiyuan".into(),
        name: "收费员".into(),
        role: "provider".into(),
        fixmedins_code: "H52050200001".into(),
        password: users.hashed("long enough 123").unwrap(),
        created_at: date(2021, 7, 7).at(12, 0, 0, 0),
        closed_at: None,
    }
}

#[test]
fn an_account_that_is_closed_while_its_password_is_looked_at_stays_closed() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::new("520500");
    let real: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), std::slice::from_ref(&pool)).unwrap());
    let store = Failing::before(real.clone());
    let users = Users::open(store.as_ref(), std::slice::from_ref(&pool), seeded(1)).unwrap();
    let noon = date(2021, 7, 7).at(12, 0, 0, 0);
    let user = cashier(&users);
    let put = |user: &User| real.open(&pool).unwrap().transact(Mode::Write, &mut |tx| tx.put_user(user)).unwrap();
    put(&user);
    let Outcome::SignedIn(secret) = users.sign_in(&pool, "yiyuan", "long enough 123", noon).unwrap() else {
        panic!("the password signs in")
    };
    let by = users.signed_in(&pool, &secret, noon).unwrap().unwrap();
    // The account is closed after the password was looked at and before the new one is recorded.
    let (closing, of) = (real.clone(), pool.clone());
    let closed = User { closed_at: Some(noon), ..user };
    store.when(move |_, mode| {
        if mode == Mode::Write {
            closing.open(&of).unwrap().transact(Mode::Write, &mut |tx| tx.put_user(&closed)).unwrap();
        }
        false
    });
    let changed = users.change_password(&by, noon, "f1", "long enough 123", "another long one").unwrap();
    assert_eq!(changed, Change::Wrong);
    store.heal();
    for password in ["long enough 123", "another long one"] {
        assert_eq!(users.sign_in(&pool, "yiyuan", password, noon).unwrap(), Outcome::Wrong);
    }
}

#[test]
fn a_form_that_comes_twice_at_one_time_changes_the_password_once_and_both_are_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::new("520500");
    let real: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), std::slice::from_ref(&pool)).unwrap());
    let store = Failing::before(real.clone());
    let open = |store: &dyn Store, seed| Users::open(store, std::slice::from_ref(&pool), seeded(seed)).unwrap();
    let (users, beside) = (open(store.as_ref(), 1), open(real.as_ref(), 2));
    let noon = date(2021, 7, 7).at(12, 0, 0, 0);
    let user = cashier(&users);
    real.open(&pool).unwrap().transact(Mode::Write, &mut |tx| tx.put_user(&user)).unwrap();
    let Outcome::SignedIn(secret) = users.sign_in(&pool, "yiyuan", "long enough 123", noon).unwrap() else {
        panic!("the password signs in")
    };
    let by = users.signed_in(&pool, &secret, noon).unwrap().unwrap();
    // The same form is done by another process after this one has looked at the password and before it records.
    let twin = by.clone();
    store.when(move |_, mode| {
        if mode == Mode::Write {
            let told = beside.change_password(&twin, noon, "f1", "long enough 123", "another long one").unwrap();
            assert_eq!(told, Change::Changed);
        }
        false
    });
    let told = users.change_password(&by, noon, "f1", "long enough 123", "another long one").unwrap();
    assert_eq!(told, Change::Changed);
    store.heal();
    assert!(matches!(users.sign_in(&pool, "yiyuan", "another long one", noon).unwrap(), Outcome::SignedIn(_)));
}
