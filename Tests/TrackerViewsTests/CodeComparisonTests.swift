import TestGallery
import Testing
import TrackerStore

@testable import TrackerViews

@Suite("Changes of code")
struct CodeComparisonTests {
  private static let diff = """
    diff --git a/train.py b/train.py
    index e8823e1..84beadf 100644
    --- a/train.py
    +++ b/train.py
    @@ -28,3 +28,3 @@ def train():
     28
    --- a dashed line
    +++ an added one
     29
    \\ No newline at end of file
    @@ -50 +50,2 @@
    +new\r
     50
    diff --git a/a file b/a file
    new file mode 100644
    index 0000000..d00491f
    --- /dev/null
    +++ b/a file\t
    @@ -0,0 +1 @@
    +1
    diff --git a/old.py b/new.py
    similarity index 100%
    rename from old.py
    rename to new.py
    diff --git a/gone b/gone
    deleted file mode 100644
    --- a/gone
    +++ /dev/null
    @@ -1 +0,0 @@
    -x
    diff --git a/x.png b/x.png
    index d00491f..0cfbf08 100644
    Binary files a/x.png and b/x.png differ

    """

  @Test("a diff is read by file; lines that look like headers are lines")
  func parsing() {
    let files = UnifiedDiff(Self.diff).files
    #expect(files.map(\.path) == ["train.py", "a file", "new.py", "gone", "x.png"])
    #expect(files[0].changes == ["--- a dashed line", "+++ an added one", "+new\r"])
    #expect(files[0].addedCount == 2 && files[0].removedCount == 1)
    #expect(files[1].changes == ["new file mode 100644", "+1"])
    #expect(files[2].changes == ["rename from old.py"])
    #expect(files[3].changes == ["deleted file mode 100644", "-x"])
    #expect(files[4].changes == ["Binary files a/x.png and b/x.png differ"])
  }

  @Test(
    "what is no diff is read as none", arguments: ["", "\n\n", "@@ -1 +1 @@\n+x", "diff --git "])
  func noise(text: String) {
    #expect(UnifiedDiff(text).files.allSatisfy { $0.changes.isEmpty })
  }

  private func runs(_ patches: [String?]) -> ([Run], [Int64: KeptPatch]) {
    var kept: [Int64: KeptPatch] = [:]
    let runs = patches.enumerated().map { index, patch in
      var run = Gallery.run(Int64(index + 1))
      run.environment.gitDirty = patch != nil
      kept[run.id] = patch.map { .init(sha256: String($0.hashValue), text: $0) }
      return run
    }
    return (runs, kept)
  }

  @Test("two diffs differ in the lines that only one of them has")
  func differences() throws {
    let other = Self.diff.replacing("+1\n", with: "+2\n").replacing("-x\n", with: "-x\n")
    let (runs, patches) = runs([Self.diff, Self.diff, other])
    let code = CodeComparison(runs, patches)
    #expect(code.pair?.first.id == 1 && code.pair?.second.id == 3)
    let files = try #require(code.files)
    #expect(files == [.init(path: "a file", only: [["+1"], ["+2"]])])
  }

  @Test("a clean tree is an empty diff, and a lost one is unknown")
  func unknown() throws {
    let (clean, patches) = runs([nil, Self.diff])
    #expect(CodeComparison(clean, patches).files?.count == 5)
    let lost = CodeComparison(clean, [:])
    #expect(lost.files == nil && lost.unknown.map(\.id) == [2])
    #expect(CodeComparison([clean[1], clean[1]], patches).pair == nil)
  }
}
