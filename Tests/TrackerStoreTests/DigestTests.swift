import CTrackerHash
import Testing

@testable import TrackerStore

/// SHA-256 by whichever way this processor takes.
@Suite("SHA-256")
struct DigestTests {
  @Test(
    "gives the digests of FIPS 180-4's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func examples(text: String, digest: String) {
    #expect(Digest.hexadecimal(Array(text.utf8).withUnsafeBytes { Digest.sha256($0) }) == digest)
  }

  @Test("the processor's instructions and the portable way agree on many blocks")
  func ways() {
    let bytes = (0..<64 * 1000).map { UInt8(truncatingIfNeeded: $0 &* 197 ^ $0 >> 7) }
    var digest = TrackerSHA256()
    tracker_sha256_begin(&digest)
    var portable = digest
    tracker_sha256_update(&digest, bytes, bytes.count)
    withUnsafeMutableBytes(of: &portable.state) {
      tracker_sha256_portable(
        $0.bindMemory(to: UInt32.self).baseAddress, bytes, bytes.count / 64)
    }
    let (ours, theirs) = (digest.state, portable.state)
    #expect([ours.0, ours.1, ours.2, ours.3] == [theirs.0, theirs.1, theirs.2, theirs.3])
    #expect([ours.4, ours.5, ours.6, ours.7] == [theirs.4, theirs.5, theirs.6, theirs.7])
  }
}
