//! What a simulated city has sent over HTTP.

use std::sync::atomic::{AtomicU64, Ordering};

/// What went over HTTP.
#[derive(Default)]
pub struct Traffic {
    /// Messages, with all their copies.
    pub messages: AtomicU64,
    /// Forms.
    pub forms: AtomicU64,
    /// Times that a process was killed.
    pub kills: AtomicU64,
}

impl Traffic {
    /// For who has asked for the simulation.
    pub fn told(&self) -> String {
        let [messages, forms, kills] =
            [&self.messages, &self.forms, &self.kills].map(|count| count.load(Ordering::Relaxed));
        format!("经 HTTP 发送报文 {messages} 笔、表单 {forms} 张，kill -9 平台 {kills} 次")
    }
}
