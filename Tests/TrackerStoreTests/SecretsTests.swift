import Testing

@testable import TrackerStore

@Suite("Secrets in a command line")
struct SecretsTests {
  @Test(
    "are not kept",
    arguments: [
      (["--api-key=abc", "x"], ["--api-key=…", "x"]),
      (["--api-key", "abc", "x"], ["--api-key", "…", "x"]),
      (["API_TOKEN=abc"], ["API_TOKEN=…"]), (["--accessToken=abc"], ["--accessToken=…"]),
      (["--dbPassword", "p w"], ["--dbPassword", "…"]),
      (["--password", "--next"], ["--password", "--next"]),
      (["sh", "-c", "train --secret abc --lr 1"], ["sh", "-c", "train --secret … --lr 1"]),
      (["https://me:pw@host/a?x=1&token=t&y=2"], ["https://me:…@host/a?x=1&token=…&y=2"]),
      (["--url=postgres://me:p:w@host/db"], ["--url=postgres://me:…@host/db"]),
      (["-H", "Authorization: Bearer abc"], ["-H", "Authorization: …"]),
      (["ghp_0123456789abcdef0123"], ["…"]),
    ])
  func hidden(words: [String], kept: [String]) { #expect(Secrets.hidden(in: words) == kept) }

  @Test(
    "what only looks a little like one is kept",
    arguments: [
      ["--step-key", "batch"], ["--max-tokens", "512"], ["--tokenizer=bpe"], ["--monkey", "x"],
      ["--lr", "0.1"],
      ["--keyframes=3"], ["https://host/a?x=1"], ["a=b"], ["sk-1"], ["mailto:a@b"],
      ["--", "python", "train.py"],
    ])
  func harmless(words: [String]) { #expect(Secrets.hidden(in: words) == words) }
}
