//! The address of a server: what a URL may leave out, how a connection is set up, and what the server must be like.

use super::line::Line;
use super::trouble::Trouble;
use crate::fault::Fault;
use std::str::FromStr;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

const OPENING: &str = "连接数据库";

/// The oldest server that the platform is tested with.
const OLDEST: i32 = 150_000;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection that has been silent for so long is asked whether it still lives.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(30);
/// What was sent and not acknowledged for so long makes the connection lost.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// How every connection behaves: a lock is not waited for forever, and a process that hangs in the middle of a
/// transaction does not keep its locks. Only a transaction that says so may write: records that travel with a `BEGIN`
/// which was cancelled are refused, where they would otherwise be kept one by one.
///
/// Plans are made once a statement: the server would plan anew what takes an array at every use, which costs more than
/// running it, and every statement goes by a key whatever is bound.
const SETTINGS: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s';
                        SET default_transaction_read_only = on;
                        SET plan_cache_mode = force_generic_plan; SET jit = off";

/// A checked address.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) config: Config,
    /// Hosts and database, for faults; never the password.
    pub(super) shown: String,
}

impl Address {
    /// From a `postgres://` URL.
    pub(super) fn of(url: &str) -> Result<Address, Fault> {
        let mut config = Config::from_str(url).map_err(|error| {
            Fault::new(OPENING, "", format!("地址写错了（{error}），应为 postgres://用户:口令@主机:端口/库名"))
        })?;
        let hosts: Vec<String> = config.get_hosts().iter().map(shown_host).collect();
        let shown = format!("{}/{}", hosts.join(","), config.get_dbname().unwrap_or_default());
        if config.get_dbname().is_none() {
            return Err(Fault::new(OPENING, shown, "地址里没有库名，应为 postgres://用户:口令@主机:端口/库名"));
        }
        if config.get_ssl_mode() == SslMode::Require {
            let why = "本程序还不支持加密连接（sslmode=require），请在可信网络内连接或经由加密隧道，并去掉这个参数";
            return Err(Fault::new(OPENING, shown, why));
        }
        config.get_application_name().is_none().then(|| config.application_name("yibao"));
        config.get_connect_timeout().is_none().then(|| config.connect_timeout(CONNECT_TIMEOUT));
        config.get_tcp_user_timeout().is_none().then(|| config.tcp_user_timeout(SEND_TIMEOUT));
        if !url.contains("keepalives_idle") {
            config.keepalives_idle(KEEPALIVE_AFTER);
        }
        Ok(Address { config, shown })
    }

    /// A connection that is set up. Statements without a schema mean tables of `schema`.
    pub(super) fn connect(&self, schema: &str) -> Result<Line, Trouble> {
        let mut line = Line::open(&self.config)?;
        line.batch(&format!("{SETTINGS}; SET search_path = {schema}"))?;
        Ok(line)
    }

    /// Refuses a server on which the platform would be wrong, slow to recover or not durable.
    pub(super) fn check_server(&self, line: &mut Line) -> Result<(), Fault> {
        let sql = "SELECT current_setting('server_version_num')::integer, current_setting('server_version'),
                          current_setting('server_encoding'), current_setting('synchronous_commit'),
                          datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') AND datlocprovider <> 'i', datcollate
                   FROM pg_database WHERE datname = current_database()";
        let fault = |trouble: Trouble| trouble.fault(OPENING, &self.shown);
        let rows = line.ask(sql, &[]).map_err(fault)?;
        let row = rows.first().ok_or_else(|| fault(Trouble::lasting("the server does not tell what it is")))?;
        let read = || -> Result<(i32, String, String, String, bool, String), tokio_postgres::Error> {
            Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?, row.try_get(5)?))
        };
        let (number, version, encoding, commit, orders_bytes, collation) =
            read().map_err(|error| fault(Trouble::from(error)))?;
        let refuse = |why: String| Err(Fault::new(OPENING, &self.shown, why));
        if number < OLDEST {
            return refuse(format!("服务器的版本是{version}，需要PostgreSQL 15或更新的版本"));
        }
        if encoding != "UTF8" || !orders_bytes {
            return refuse(format!(
                "库的编码是{encoding}、排序规则是{collation}，需要UTF8和C：请用 \
                 CREATE DATABASE 库名 TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' 另建一个库"
            ));
        }
        if commit == "off" {
            return refuse("synchronous_commit 是 off，断电会丢失已答复的结算，请改为 on".to_owned());
        }
        Ok(())
    }
}

fn shown_host(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(folder) => folder.display().to_string(),
    }
}
