//! Where a demonstration listens.

use anyhow::Context;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::net::TcpListener;

/// If the port is free and nothing else is asked for.
const PORT: u16 = 8180;

/// Listens at this address, or at one that is free.
pub async fn listen(asked: Option<SocketAddr>) -> anyhow::Result<TcpListener> {
    if let Some(address) = asked {
        return TcpListener::bind(address).await.with_context(|| format!("不能监听 {address}；端口是否被占用？"));
    }
    match TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("没有可用的端口"),
    }
}
