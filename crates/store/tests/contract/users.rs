//! What every engine promises about users of the pages.

use crate::engine::{Engine, book, check_not_taken, read, write};
use crate::rows::{HOSPITAL, july};
use yibao_store::user::{PageSession, User};

fn user(login: &str) -> User {
    User {
        login: login.into(),
        name: "赵六".into(),
        role: "provider".into(),
        fixmedins_code: HOSPITAL.into(),
        password: "$argon2id$v=19$…".into(),
        created_at: july(1),
        closed_at: None,
    }
}

pub fn a_user_is_set_up_and_changed(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.put_user(&user("zhao"))?;
        tx.put_user(&user("li"))
    });
    let changed = User { name: "钱七".into(), password: "$2".into(), closed_at: Some(july(5)), ..user("zhao") };
    write(book.as_mut(), |tx| tx.put_user(&User { created_at: july(4), ..changed.clone() }));
    read(book.as_mut(), |tx| {
        assert_eq!(tx.user("zhao")?.as_ref(), Some(&changed), "set up when it was first recorded");
        assert_eq!(tx.user("nobody")?, None);
        assert_eq!(tx.users()?, [user("li"), changed.clone()]);
        Ok(())
    });
}

pub fn a_sign_in_to_the_pages_ends_and_is_forgotten(engine: &dyn Engine) {
    let session = |digest: &str, until| PageSession {
        digest: digest.into(),
        login: "zhao".into(),
        since: july(1),
        until: july(until),
    };
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.put_user(&user("zhao"))?;
        tx.add_page_session(&session("over", 4))?;
        tx.add_page_session(&session("left", 9))?;
        tx.add_page_session(&session("stays", 9))?;
        tx.add_page_session(&session("just ends", 5))?;
        check_not_taken(tx, |tx| tx.add_page_session(&session("left", 9)), "the digest is there")?;
        let nobody = PageSession { login: "nobody".into(), ..session("other", 9) };
        check_not_taken(tx, |tx| tx.add_page_session(&nobody), "there is no such user")?;
        assert_eq!(tx.page_session("over")?, Some(session("over", 4)));
        tx.end_page_session("left", july(5))
    });
    read(book.as_mut(), |tx| {
        assert_eq!(tx.page_session("over")?, None);
        assert_eq!(tx.page_session("left")?, None);
        assert_eq!(tx.page_session("stays")?, Some(session("stays", 9)));
        assert_eq!(tx.page_session("just ends")?, Some(session("just ends", 5)));
        Ok(())
    });
}
