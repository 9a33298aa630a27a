import TrackerSQLite
import TrackerSystem
public import TrackerValues

/// What a store cannot do: what was being done, what is wrong, and what to do about it.
public struct StoreError: ExplainedError, Hashable {
  /// What is wrong, for programs.
  public enum Reason: Hashable, Sendable {
    /// There is no file at the path.
    case noStore
    /// The file is not an SQLite database, or no store of tracker's.
    case notAStore
    /// A later program made the store.
    case newerSchema(found: Int, supported: Int)
    /// An earlier program made the store, and it cannot be changed here.
    case olderSchema(found: Int, supported: Int)
    /// The file or its folder cannot be opened or made.
    case cannotOpen
    /// The file or its folder cannot be written.
    case readOnly
    /// Another process keeps the store busy.
    case busy
    /// The disk is full, or the file may not grow.
    case full
    /// Reading or writing the disk failed.
    case inputOutput
    /// There is not enough memory.
    case outOfMemory
    /// The file was moved, replaced or deleted while it was open.
    case moved
    /// The file is damaged.
    case corrupt
    /// The file was copied while it was in use, without its log.
    case copiedWithoutLog
    /// There is no such run.
    case noSuchRun
    /// More than one run has this name.
    case ambiguousRun
    /// There is no such sweep.
    case noSuchSweep
    /// There is no such experiment.
    case noSuchExperiment(String)
    /// The experiment still holds runs.
    case experimentHoldsRuns(String)
    /// Another experiment has this name.
    case experimentExists(String)
    /// The experiment was deleted by a client, which kept its runs.
    case deletedExperiment(String)
    /// The run has no artifact of that name.
    case noSuchArtifact(run: Int64)
    /// There is no such metric, check or file.
    case notFound
    /// The run or the sweep has ended, or its process is still at work, so that nobody else can go on with it.
    case ended
    /// The run is going on.
    case running(run: Int64)
    /// A content is larger than an artifact can be.
    case tooLarge
    /// A file that is imported is neither a store nor an export.
    case notAnExport
    /// A file that is imported is not what an export writes.
    case malformed
    /// A content changed while it was read.
    case changed
    /// A statement that is wrong, or one that does more than read.
    case statement
    /// A store would be copied or imported into itself.
    case sameStore
    /// The query took longer than it may.
    case timeout
    /// Anything else that SQLite refuses.
    case other
  }

  /// What is wrong, for programs.
  public let reason: Reason
  /// What was being done and what is wrong, as a sentence without a full stop.
  public let message: String
  /// What to do about it, where the reason alone does not tell.
  public let advice: String?

  /// An error of this kind.
  public init(_ reason: Reason, _ message: String, advice: String? = nil) {
    self.reason = reason
    self.message = message
    self.advice = advice
  }

  /// What it says in words.
  public var description: String { message }

  /// What sort of trouble it is.
  public var kind: ExplainedErrorKind {
    switch reason {
    case .noStore, .noSuchRun, .ambiguousRun, .noSuchSweep, .noSuchArtifact, .noSuchExperiment,
      .notFound:
      .missing
    case .notAStore, .corrupt, .copiedWithoutLog, .newerSchema, .olderSchema, .tooLarge, .changed,
      .malformed, .notAnExport:
      .data
    case .cannotOpen, .readOnly: .cannotCreate
    case .busy, .timeout, .outOfMemory: .unavailable
    case .full, .inputOutput, .moved: .inputOutput
    case .statement, .sameStore, .ended, .running, .experimentHoldsRuns, .experimentExists,
      .deletedExperiment:
      .usage
    case .other: .software
    }
  }

  /// What SQLite said while `action` was done on the store at `path`.
  init(_ error: SQLiteError, while action: String, path: String) {
    let (reason, words, advice): (Reason, String, String?) =
      switch error.code {
      case _ where error.systemCode == EMFILE || error.systemCode == ENFILE:
        (.cannotOpen, "too many files are open", "Raise the limit (ulimit -n), or close some.")
      case _ where error.systemCode == EFBIG:
        (
          .full, "a file may not grow so large here",
          "Raise the limit (ulimit -f), or use another disk."
        )
      case _ where error.systemCode == EDQUOT:
        (.full, "your share of the disk is used up", nil)
      case SQLiteError.readOnly where error.extendedCode == SQLiteError.moved:
        (
          .moved, "the file was moved, replaced or deleted meanwhile",
          "Let a store be where it is while runs are recorded in it."
        )
      case SQLiteError.busy, SQLiteError.locked:
        (.busy, "another process keeps it busy", "Try again when the other process is done.")
      case SQLiteError.full:
        (.full, "the disk is full", nil)
      case SQLiteError.readOnly:
        (.readOnly, "it may not be written", nil)
      case SQLiteError.cannotOpen:
        (.cannotOpen, "it cannot be opened", "Check the path and the folder's permissions.")
      case SQLiteError.inputOutput:
        (.inputOutput, "the disk failed (\(error.systemWords))", nil)
      case SQLiteError.outOfMemory:
        (.outOfMemory, "there is not enough memory", "Try again when less is going on.")
      case SQLiteError.corrupt:
        (.corrupt, "the file is damaged", nil)
      case SQLiteError.error:
        // Our statements fit the schema of this version: then the schema is not what it says.
        (.corrupt, "its schema is damaged (\(error.message))", nil)
      case SQLiteError.notADatabase:
        (.notAStore, "it is not an SQLite database", nil)
      default: (.other, error.message, nil)
      }
    self.init(reason, "\(action) \(path): \(words)", advice: advice)
  }
}

extension SQLiteError {
  /// The system's words where it has some, else SQLite's.
  fileprivate var systemWords: String {
    systemCode == 0 ? message : String(cString: strerror(systemCode))
  }
}
