//! `yibao user`: who may sign in to the pages.

use crate::books::Books;
use crate::clock::PlatformClock;
use crate::machine::randomness;
use crate::printed::say_line;
use crate::rules::Rules;
use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_domain::register::Role;
use yibao_engine::desks::users::{hashed, random};
use yibao_store::user::User;
use yibao_store::{Mode, Store, Tx};
use yibao_web::Clock;

const AFTER_HELP: &str = "\
账号属于一个统筹区，登录地址是 /office。医药机构的账号只看到、只办理本机构的台账；
经办机构的账号看到全统筹区。密码只保存散列值；改密码或停用账号，已有的登录随即失效。
服务运行时也可以增改账号。

例：
  yibao user add zhao --data 数据目录 --pool 520500 --provider H52050200001 --name 赵某
  yibao user add qian --data 数据目录 --pool 520500 --agency --name 钱某
  yibao user add sun --data 数据目录 --pool 520500 --role supervisor --registers 事项目录 --name 孙某
  yibao user add li --data 数据目录 --pool 530600 --rules 规则目录 --agency --name 李某        另加的统筹区，与服务时给的相同
  echo 新密码十二位以上 | yibao user password zhao --data 数据目录 --pool 520500 --password-stdin
  yibao user list --data 数据目录 --pool 520500
  yibao user close zhao --data 数据目录 --pool 520500

退出码：0 已办；2 不能办，原因写在标准错误";

/// 页面账号：新增、列出、改密码、停用
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct UserArgs {
    #[command(subcommand)]
    action: UserAction,
}

#[derive(Subcommand)]
enum UserAction {
    /// 新增账号，打印初始密码；已停用的同名账号重新启用
    Add(AddArgs),
    /// 列出账号
    List(Whose),
    /// 换一个密码
    Password(PasswordArgs),
    /// 停用账号
    Close(CloseArgs),
}

/// Whose accounts are meant: those of one pool.
#[derive(Args)]
struct Whose {
    #[command(flatten)]
    books: Books,
    #[command(flatten)]
    rules: Rules,
}

#[derive(Args)]
struct AddArgs {
    /// 登录名：小写字母、数字、-、_、.
    login: String,
    #[command(flatten)]
    whose: Whose,
    /// 姓名，随所办业务留痕
    #[arg(long)]
    name: String,
    /// 医药机构的账号：机构代码
    #[arg(long, value_name = "CODE", conflicts_with = "agency", required_unless_present_any = ["agency", "role"])]
    provider: Option<String>,
    /// 经办机构的账号
    #[arg(long, conflicts_with = "role")]
    agency: bool,
    /// 其他角色的账号：roles.tsv 里的词
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// 另加的经办事项目录，其中可有另加的角色，见 docs/registers.md
    #[arg(long, value_name = "DIR")]
    registers: Option<PathBuf>,
    /// 从标准输入读密码（首行，至少 12 个字符），不随机生成
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Args)]
struct PasswordArgs {
    /// 登录名
    login: String,
    #[command(flatten)]
    whose: Whose,
    /// 从标准输入读密码（首行，至少 12 个字符），不随机生成
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Args)]
struct CloseArgs {
    /// 登录名
    login: String,
    #[command(flatten)]
    whose: Whose,
}

/// Does what was asked and says what it did.
pub fn run(args: UserArgs) -> anyhow::Result<ExitCode> {
    let now = PlatformClock::starting(None)?.now();
    match args.action {
        UserAction::Add(args) => {
            let (store, pool) = args.whose.book()?;
            let (password, shown) = password(args.password_stdin)?;
            let role = role(&args)?;
            let user = User {
                login: args.login,
                name: args.name,
                role: role.word().to_owned(),
                fixmedins_code: args.provider.unwrap_or_default(),
                password: hashed(&password, &randomness())?,
                created_at: now,
                closed_at: None,
            };
            add(store.as_ref(), &pool, &user)?;
            say_line!("已新增账号 {}（{}）", user.login, side(&user));
            shown.iter().for_each(|password| say_line!("初始密码：{password}\n请当面交给本人，登录后自行更换。"));
        }
        UserAction::List(whose) => {
            let (store, pool) = whose.book()?;
            for user in all(store.as_ref(), &pool)? {
                let state = if user.closed_at.is_some() { "已停用" } else { "可登录" };
                say_line!("{}\t{}\t{}\t{state}", user.login, user.name, side(&user));
            }
        }
        UserAction::Password(args) => {
            let (store, pool) = args.whose.book()?;
            let (password, shown) = password(args.password_stdin)?;
            let hash = hashed(&password, &randomness())?;
            change(store.as_ref(), &pool, &args.login, |user| user.password.clone_from(&hash))?;
            say_line!("已换密码：{}", args.login);
            shown.iter().for_each(|password| say_line!("新密码：{password}"));
        }
        UserAction::Close(args) => {
            let (store, pool) = args.whose.book()?;
            change(store.as_ref(), &pool, &args.login, |user| user.closed_at = user.closed_at.or(Some(now)))?;
            say_line!("已停用账号 {}", args.login);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Adds a user of a pool. A login that is in use is left as it is.
pub fn add(store: &dyn Store, pool: &Pool, user: &User) -> anyhow::Result<()> {
    let sign = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    ensure!(
        !user.login.is_empty() && user.login.len() <= 32 && user.login.chars().all(sign),
        "登录名“{}”只能用小写字母、数字和 - _ .，至多 32 个",
        user.login
    );
    ensure!(!user.name.trim().is_empty(), "--name 须写姓名");
    let mut refused = None;
    write(store, pool, &mut |tx| {
        refused = None;
        if tx.user(&user.login)?.is_some_and(|known| known.closed_at.is_none()) {
            refused = Some(format!("账号 {} 已有；换密码用 yibao user password", user.login));
        } else if !user.fixmedins_code.is_empty() && tx.provider(&user.fixmedins_code)?.is_none() {
            refused = Some(format!("没有机构 {}；请先用 yibao load 装入机构", user.fixmedins_code));
        } else {
            tx.put_user(user)?;
        }
        Ok(())
    })?;
    refused.map_or(Ok(()), |text| bail!(text))
}

/// The role that is meant.
fn role(args: &AddArgs) -> anyhow::Result<Role> {
    let work = super::serve::work_table(args.registers.as_deref())?;
    let word = match &args.role {
        Some(word) => word.as_str(),
        None if args.agency => return Ok(Role::Agency),
        None => return Ok(Role::Provider),
    };
    let known = work.roles.iter().copied().filter(|role| role.signs_in());
    let Some(role) = known.clone().find(|role| role.word() == word) else {
        bail!("没有角色 {word}；已有 {}", known.map(Role::word).collect::<Vec<_>>().join("、"));
    };
    let of_provider = args.provider.is_some();
    ensure!(of_provider || !role.keeps_to_its_own(), "角色 {word} 只看到本机构的台账；请用 --provider 写明机构代码");
    ensure!(
        !of_provider || role.keeps_to_its_own(),
        "角色 {word} 看到全统筹区的台账，不属于一个机构；请去掉 --provider"
    );
    Ok(role)
}

/// Records a user as given, whatever was there.
pub fn put(store: &dyn Store, pool: &Pool, user: &User) -> anyhow::Result<()> {
    write(store, pool, &mut |tx| tx.put_user(user))
}

/// Every user of a pool.
fn all(store: &dyn Store, pool: &Pool) -> anyhow::Result<Vec<User>> {
    let mut users = Vec::new();
    let read = &mut |tx: &mut dyn Tx| {
        users = tx.users()?;
        Ok(())
    };
    let mut book = store.open(pool).map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    book.transact(Mode::Read, read).map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    Ok(users)
}

fn change(store: &dyn Store, pool: &Pool, login: &str, edit: impl Fn(&mut User)) -> anyhow::Result<()> {
    let mut is_known = false;
    write(store, pool, &mut |tx| {
        is_known = false;
        if let Some(mut user) = tx.user(login)? {
            is_known = true;
            edit(&mut user);
            tx.put_user(&user)?;
        }
        Ok(())
    })?;
    ensure!(is_known, "没有账号 {login}；用 yibao user list 查看");
    Ok(())
}

fn write(
    store: &dyn Store,
    pool: &Pool,
    work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), yibao_store::Fault>,
) -> anyhow::Result<()> {
    let mut book = store.open(pool).map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    book.transact(Mode::Write, work).map_err(|fault| anyhow::anyhow!(fault.chain()))
}

impl Whose {
    /// The one book that is meant.
    fn book(&self) -> anyhow::Result<(Arc<dyn Store>, Pool)> {
        let rules = self.rules.book()?;
        let store = self.books.open_existing()?;
        match self.books.pools(&rules)?.as_slice() {
            [pool] => Ok((store, pool.clone())),
            pools => {
                let codes = pools.iter().map(Pool::as_str).collect::<Vec<_>>().join("、");
                bail!("账号属于一个统筹区，请用 --pool 指明其中之一：{codes}")
            }
        }
    }
}

/// The password and, where it was drawn here, the same to be shown.
fn password(from_stdin: bool) -> anyhow::Result<(String, Option<String>)> {
    if from_stdin {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).context("从标准输入读密码")?;
        return Ok((text.lines().next().unwrap_or_default().to_owned(), None));
    }
    let drawn = random(&randomness()).map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    Ok((drawn.clone(), Some(drawn)))
}

fn side(user: &User) -> String {
    match Role::of_word(&user.role) {
        Some(Role::Provider) => format!("医药机构 {}", user.fixmedins_code),
        Some(role) => role.name().to_owned(),
        // A role of a folder that is not given here.
        None => user.role.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_added_once_named_well_and_for_a_known_provider() {
        let folder = tempfile::tempdir().unwrap();
        let pool = Pool::new("520500");
        let store = yibao_store::SqliteStore::open(folder.path(), std::slice::from_ref(&pool)).unwrap();
        let user = User {
            login: "qian".into(),
            name: "钱某".into(),
            role: "agency".into(),
            fixmedins_code: String::new(),
            password: "$argon2id$".into(),
            created_at: jiff::civil::date(2021, 7, 7).at(9, 0, 0, 0),
            closed_at: None,
        };
        add(&store, &pool, &user).unwrap();
        let refused = |user: User| add(&store, &pool, &user).unwrap_err().to_string();
        assert!(refused(user.clone()).contains("已有"));
        assert!(refused(User { login: "Qian".into(), ..user.clone() }).contains("小写字母"));
        let stranger = User { login: "sun".into(), fixmedins_code: "H1".into(), ..user.clone() };
        assert!(refused(stranger).contains("没有机构 H1"));
        change(&store, &pool, "qian", |user| user.closed_at = Some(user.created_at)).unwrap();
        add(&store, &pool, &user).unwrap();
        assert!(all(&store, &pool).unwrap()[0].closed_at.is_none());
        assert!(change(&store, &pool, "nobody", |_| {}).is_err());
    }
}
