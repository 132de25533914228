//! `Content-Digest` (RFC 9530): the digest a program says of what it sends. SHA-256 alone is looked at; what else stands
//! beside it is left aside. Read and never written.

use data_encoding::BASE64;

use crate::base::digest::Sha256;

const SHA256: &str = "sha-256";

/// Reads the header; none if it names no SHA-256, or not as the RFC has it.
#[must_use]
pub fn read(text: &str) -> Option<Sha256> {
    let mut members = text.split(',').filter_map(|member| member.trim().split_once('='));
    let value = members.find(|(name, _)| *name == SHA256)?.1;
    let base64 = value.strip_prefix(':')?.strip_suffix(':')?;
    let bytes = BASE64.decode(base64.as_bytes()).ok()?;
    Some(Sha256(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_the_rfc_is_read_and_nothing_else() {
        // RFC 9530, appendix: the text `{"hello": "world"}` and a line feed.
        let said = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
        let digest = Sha256::of(&[b"{\"hello\": \"world\"}\n"]);
        assert_eq!(read(said), Some(digest));
        assert_eq!(read(&format!("sha-512=:YQ==:, {said}")), Some(digest));
        for wrong in [
            "",
            "sha-512=:YQ==:",
            "sha-256=:YQ==:",
            "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
            "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP_lF5HF9bvEF8FabDg=:",
            "SHA-256",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
