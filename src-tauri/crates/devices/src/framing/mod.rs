//! Where a message begins and ends on a line: bytes in, messages out, nothing else.

pub(crate) mod stx_etx_lrc;
